"""Tells in which script a name is written, and finds letters that look right but are not.

A list typed by many hands holds Latin letters inside Cyrillic words, invisible characters pasted along, and signs that
turn the direction of writing. What was written is never changed: this module names what it found, and makes a mended copy that
serves comparison only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Script = Literal["cyrillic", "latin", "arabic", "hebrew", "mixed", "other", "none"]

_LATIN_TO_CYRILLIC: Final = dict(
    zip("ABCEHIKMOPTXYaceiopxyïëkmt", "АВСЕНІКМОРТХУасеіорхуїёкмт", strict=True),
)
"""Latin letters that a reader takes for Cyrillic."""
_CYRILLIC_TO_LATIN: Final = dict(zip("АВСЕНІЈКМОРЅТХУаеіјорсѕхуї", "ABCEHIJKMOPSTXYaeijopcsxyï", strict=True))
_DIGITS: Final[Mapping[str, Mapping[str, str]]] = {
    "cyrillic": {"0": "о", "3": "з", "6": "б"},
    "latin": {"0": "o", "1": "l", "5": "s"},
}
"""Figures that a scanner reads for letters; taken for letters only inside a word, between letters or at its end."""

_APOSTROPHES: Final = "'’ʼ‘`´ʹʺ′‛\u02bb\u02be\u02bf\u055a\uff07\"“”„"
_TO_APOSTROPHE: Final = dict.fromkeys(map(ord, _APOSTROPHES), "'")
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN_MARKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0\ufe0e\ufe0f")
_WORD: Final = re.compile(r"[^\W_]+(?:[^\W_]|[\u0300-\u036f'])*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in a text that a reader cannot see: what kind, where (characters from the start), and which characters."""

    code: Literal["unseen", "direction", "lookalike", "digit"]
    at: int
    written: str
    meant: str


def script_of(token: str) -> Script:
    """Return the script of a word's letters; ``mixed`` for letters of more than one, ``none`` where there is no letter."""
    if token.isascii():
        return "latin" if any(map(str.isalpha, token)) else "none"
    found = {_script_of_letter(letter) for letter in token if letter.isalpha()}
    if not found:
        return "none"
    return found.pop() if len(found) == 1 else "mixed"


def findings(text: str) -> tuple[Finding, ...]:
    """Return everything in a text that its reader cannot see, in the order in which it stands there."""
    found = [*_unseen(text), *(one for word in _WORD.finditer(text) for one in _foreign_letters(word[0], word.start()))]
    return tuple(sorted(found, key=lambda one: one.at))


def mended(text: str) -> str:
    """Return a copy for comparison only: composed (NFKC), unseen characters out, one apostrophe, lookalikes replaced.

    Mending twice is mending once. Letter case is kept.
    """
    if text.isascii() and text.isalpha():
        return text
    clean = unicodedata.normalize("NFKC", text.translate(_TO_APOSTROPHE))
    clean = "".join(
        " " if letter.isspace() else letter for letter in clean if not _is_unseen(letter) or letter.isspace()
    )
    clean = unicodedata.normalize("NFKC", clean.translate(_TO_APOSTROPHE))
    return unicodedata.normalize("NFKC", _WORD.sub(_mend_word, clean))


def _mend_word(match: re.Match[str]) -> str:
    word = match[0]
    if word.isalpha() and script_of(word) != "mixed":
        return word
    letters = list(word)
    for one in _foreign_letters(word, 0):
        letters[one.at] = one.meant
    return "".join(letters)


def _script_of_letter(letter: str) -> Script:
    if letter.isascii():
        return "latin"
    code = ord(letter)
    if 0x0400 <= code <= 0x052F or 0x1C80 <= code <= 0x1C8F or 0x2DE0 <= code <= 0x2DFF or 0xA640 <= code <= 0xA69F:
        return "cyrillic"
    if code <= 0x024F or 0x1E00 <= code <= 0x1EFF or 0x0250 <= code <= 0x02FF:
        return "latin"
    if 0x0600 <= code <= 0x06FF or 0x0750 <= code <= 0x077F or 0x08A0 <= code <= 0x08FF or 0xFB50 <= code <= 0xFEFC:
        return "arabic"
    if 0x0590 <= code <= 0x05FF or 0xFB1D <= code <= 0xFB4F:
        return "hebrew"
    return "other"


def _is_unseen(letter: str) -> bool:
    return letter in _UNSEEN_MARKS or unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cs", "Cn"}


def _unseen(text: str) -> Iterator[Finding]:
    for at, letter in enumerate(text):
        if letter in _BIDI:
            yield Finding(code="direction", at=at, written=letter, meant="")
        elif _is_unseen(letter) and letter not in "\t\n\r":
            yield Finding(code="unseen", at=at, written=letter, meant="")


def _foreign_letters(word: str, start: int) -> Iterator[Finding]:
    """Yield letters of the other script and figures that stand for letters; nothing where one of them has no lookalike."""
    scripts = [_script_of_letter(letter) if letter.isalpha() else "none" for letter in word]
    cyrillic, latin = scripts.count("cyrillic"), scripts.count("latin")
    if not cyrillic + latin or len(word) < 2:
        return
    own, table = ("cyrillic", _LATIN_TO_CYRILLIC) if cyrillic >= latin else ("latin", _CYRILLIC_TO_LATIN)
    foreign = {"cyrillic": "latin", "latin": "cyrillic"}[own]
    strangers = [at for at, script in enumerate(scripts) if script == foreign]
    if all(word[at] in table for at in strangers):
        for at in strangers:
            yield Finding(code="lookalike", at=start + at, written=word[at], meant=table[word[at]])
    if cyrillic + latin < 2 or any(letter.isdigit() and letter not in _DIGITS[own] for letter in word):
        return
    for at, letter in enumerate(word):
        if letter in _DIGITS[own] and at > 0:
            yield Finding(code="digit", at=start + at, written=letter, meant=_DIGITS[own][letter])
