"""Finds out in which encoding a plain text file was written, and says so: a wrong guess turns every name into another.

A byte order mark or valid UTF-8 settles it. Else the file was written by an older program: each candidate reading is scored by
how often its letters are used in Ukrainian, Russian, Arabic or Western texts and by how capitals stand in words, and the best
one is taken only where it wins clearly.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.registers.errors import IntakeBroken

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLDER: Final = (
    "cp1251",
    "koi8-u",
    "windows-1256",
    "cp866",
    "iso8859-5",
    "mac-cyrillic",
    "iso8859-6",
    "cp1252",
    "cp1250",
)
KNOWN: Final = frozenset({"utf-8", *(name for _, name in MARKS), "utf-16-le", "utf-16-be", *OLDER})
SAMPLE: Final = 1 << 18
_CLEAR: Final = 0.15
"""By how much the best reading must win, per letter."""
_ENOUGH: Final = 6
"""Letters outside ASCII without which nothing is guessed."""
_CYRILLIC: Final = "оаинетсрвклмудпяызьбгчйхжшюцщєіїґэъфё"
_ARABIC: Final = "المينوترةدبسعهحقفكجشطخصزغضثءذظأإىئؤآ"
_WORDS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name of an encoding and how it is known: ``mark``, ``valid`` (as UTF-8), ``guessed`` or ``told``."""

    name: str
    known_by: str


def detect(data: bytes) -> Encoding:
    """Return the encoding of the beginning of a file (the first 256 KiB); raises IntakeBroken ``intake.encoding_unclear``."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return Encoding(name, "mark")
    if 0 in data[:4096]:
        for name in ("utf-16-le", "utf-16-be"):
            text = data[: 4096 if len(data) > 4096 else len(data) // 2 * 2].decode(name, errors="replace")
            if sum(_is_ordinary(sign) for sign in text) > 0.98 * len(text):
                return Encoding(name, "guessed")
        raise IntakeBroken("intake.unreadable")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[:SAMPLE], final=len(data) <= SAMPLE)
    except UnicodeDecodeError:
        return Encoding(_likeliest(data[:SAMPLE]), "guessed")
    return Encoding("utf-8", "valid")


def _is_ordinary(sign: str) -> bool:
    return sign in "\t\n\r" or (
        sign.isprintable() and (sign.isascii() or _alphabet(sign) != "other" or sign in "№–—’“”")
    )


def _likeliest(data: bytes) -> str:
    scores = sorted(((_score(data, name), name) for name in OLDER), reverse=True)
    (best, name), (second, _) = scores[0], scores[1]
    if best < 0 or best - second < _CLEAR:
        raise IntakeBroken("intake.encoding_unclear")
    return name


def _score(data: bytes, name: str) -> float:
    """Return how much a reading looks like words, per letter outside ASCII; far below zero where bytes have no meaning."""
    text = data.decode(name, errors="replace")
    letters = weight = 0.0
    for word in _WORDS.findall(text)[:20_000]:
        foreign = [letter for letter in word if not letter.isascii()]
        if not foreign:
            continue
        letters += len(foreign)
        kinds = {_alphabet(letter) for letter in word}
        if len(kinds) > 1:
            weight -= 1.5 * len(word)
            continue
        weight += sum(_USE.get(letter.lower(), -1.5) for letter in foreign)
        if not (word.islower() or word.isupper() or word.istitle()) and word.lower() != word.upper():
            weight -= 0.7 * len(word)
    strange = sum(
        1
        for sign in text
        if not sign.isascii() and not sign.isalnum() and sign not in "«»—–№’“”…،؛؟\u00a0\u200c\u200f\u200e"
    )
    return (weight - 2 * strange) / (letters + strange) if letters >= _ENOUGH else -9.0


def _uses() -> Mapping[str, float]:
    """Return a weight for each letter: 1 for the commonest of its alphabet, falling to 0 for the rarest."""
    found: dict[str, float] = {}
    for letters in (_CYRILLIC, _ARABIC):
        found |= {letter: 1.0 - place / len(letters) for place, letter in enumerate(letters)}
    # Western letters with marks: known, but rare even where they are at home.
    found |= dict.fromkeys("éèáíóúàâêîôûçñäöüßłśćżźńąęščžřýěůťďň", 0.25)
    return found


_USE: Final = _uses()


def _alphabet(letter: str) -> str:
    code = ord(letter)
    if code < 0x250:
        return "latin"
    return "cyrillic" if 0x400 <= code < 0x530 else "arabic" if 0x600 <= code < 0x700 else "other"
