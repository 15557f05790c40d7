"""Reads names in Arabic and Hebrew letters, which leave out most vowels, and makes others comparable with them.

A name is brought to the letters that an Arabic clerk would hear: p is written b, v is f, e is i, o is u. An Arabic spelling
has all the consonants of such a form and some of its vowels; short ones are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_ARABIC: Final = {
    "ا": "a", "آ": "a", "أ": "a", "ٱ": "a", "إ": "i", "ب": "b", "پ": "b", "ت": "t", "ث": "t", "ج": "g", "چ": "q",
    "ح": "h", "خ": "h", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "ژ": "j", "س": "s", "ش": "w", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ڤ": "f", "ق": "k", "ك": "k", "ک": "k", "گ": "g", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "ہ": "h", "ھ": "h", "و": "u", "ؤ": "u", "ي": "i", "ی": "i", "ئ": "i", "ې": "i", "ے": "i",
    "ى": "a", "ة": "a", "ۀ": "a",
}  # fmt: skip
_HEBREW: Final = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "u", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
    "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "פ": "f", "ף": "f", "צ": "ts", "ץ": "ts",
    "ק": "k", "ר": "r", "ש": "w", "ת": "t",
}  # fmt: skip
_HEARD: Final = str.maketrans({"p": "b", "v": "f", "e": "i", "o": "u", "y": "i", "j": "g", "c": "ts"})
_TWICE: Final = re.compile(r"(.)\1+")
_VOWELS: Final = re.compile("[aeiou]")
_SHORT: Final = frozenset("aiu")


def read_abjad(word: str) -> Iterator[tuple[str, str]]:
    """Yield (scheme, heard form) of a word in Arabic or Hebrew letters: with the article and, where it has one, without."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKC", word) if letter.isalpha() and letter != "ـ")
    hebrew = any(letter in _HEBREW for letter in letters)
    yield "hebrew" if hebrew else "arabic", _spelt(letters)
    if letters.startswith("ال") and len(letters) > 4:
        yield "arabic-without-article", _spelt(letters[2:])


def heard(sounds: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Turn (scheme, sounds) as romanisations.py writes them into heard forms."""
    for scheme, sound in sounds:
        yield scheme, _TWICE.sub(r"\1", sound.replace("dj", "g").translate(_HEARD))


def without_vowels(form: str) -> str:
    """Return the consonants of a heard form, of a skeleton or of sounds."""
    return _VOWELS.sub("", form)


def may_be_short_for(written: str, full: str) -> bool:
    """Return whether a heard form can be an abjad's spelling of a fuller one: nothing but short vowels left out.

    Forms of one or two letters can be short for too much, and are not.
    """
    if len(written) < 3:
        return False
    at = 0
    for letter in full:
        if at < len(written) and written[at] == letter:
            at += 1
        elif letter not in _SHORT:
            return False
    return at == len(written)


def _spelt(letters: str) -> str:
    sound = "".join(_ARABIC.get(letter) or _HEBREW.get(letter, "") for letter in letters)
    return _TWICE.sub(r"\1", sound.replace("tw", "q"))
