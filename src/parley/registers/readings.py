"""Reads a name the ways it can have been meant, so that Serhii, Сергій and Sergij meet.

Each word is read by every scheme that can have made it; a reading is the sounds that came out (``sound``) and the same with
everything left out in which schemes merely differ (``skeleton``): г and х, в and ф, й and і, doubled letters, soft signs. Equal
skeletons are the same name by that pair of readings; for the rest there is a likeness from 0 to 1. All of it is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from parley.registers.abjads import heard, may_be_short_for, read_abjad, without_vowels
from parley.registers.romanisations import ARABIC_NAMES, CYRILLIC, SCHEMES
from parley.registers.scripts import mended, script_of

NORMALISER: Final = 1
"""Goes up whenever a word may read otherwise than before; kept beside whatever was computed from readings."""

MOST_LETTERS: Final = 80
"""No more of one word is read; a longer one is not a name but a mishap or an attack."""

_COARSE: Final = str.maketrans({"h": "g", "f": "v", "y": "i"})
_TWICE: Final = re.compile(r"(.)\1+")
_JOTATED: Final = re.compile("i(?=[aeou])")
_CYRILLIC: Final = str.maketrans(dict(CYRILLIC))
_UKRAINIAN: Final = frozenset("іїєґ'")
_RUSSIAN: Final = frozenset("ыэъё")
_SOFTENED_O: Final = re.compile("[йь]о")
_AS_RUSSIAN_WRITES_E: Final = re.compile("(?<!^)[йь]о|(?<=[жчшщ])о")
_NOT_SOUND: Final = re.compile("[^a-z]")
_CACHE: Final = 1 << 17

_WEIGHTS: Final = (0.4, 0.4, 0.2)
"""What skeleton, sounds and consonants count in the likeness of two readings."""
_WEIGHTS_OF_ABJADS: Final = (0.35, 0.3, 0.35)

Forms = tuple[str, str, str]


class Reading(NamedTuple):
    """One way to read a word: the skeleton that is compared, the scheme that gives it, and the sounds before they were folded."""

    skeleton: str
    scheme: str
    sound: str


@lru_cache(maxsize=_CACHE)
def readings(token: str) -> tuple[Reading, ...]:
    """Return the plausible readings of one word, likeliest first, no skeleton twice.

    Schemes are those of romanisations.TITLES. A word without letters, or in a script that no table reads, has no reading.
    """
    found: dict[str, Reading] = {}
    for scheme, sound in _sounds(_word(token)):
        skeleton = _folded(sound)
        if skeleton and skeleton not in found:
            found[skeleton] = Reading(skeleton, scheme, sound)
    return tuple(found.values())


def skeletons(token: str) -> frozenset[str]:
    """Return what a word may read as; two words with a common skeleton are spellings of one name."""
    return frozenset(one.skeleton for one in readings(token))


def consonants(token: str) -> frozenset[str]:
    """Return the consonants a word may have for an Arabic or Hebrew ear: what to look for across those scripts."""
    return frozenset(third for _, _, third in _forms(token, abjad=True)) - {""}


def same_reading(a: str, b: str) -> tuple[Reading, Reading] | None:
    """Return the likeliest pair of readings that agree, one of each word; None where none do.

    Between Arabic or Hebrew letters and others the two agree where the one is the other with nothing but short vowels left out.
    """
    if _in_abjad(a) != _in_abjad(b):
        short, full = (a, b) if _in_abjad(a) else (b, a)
        found = next(
            (
                (one, other)
                for one in _heard(short)
                for other in _heard(full)
                if may_be_short_for(one.skeleton, other.skeleton)
            ),
            None,
        )
        return found if found is None or short == a else (found[1], found[0])
    others = {one.skeleton: one for one in readings(b)}
    return next(((one, others[one.skeleton]) for one in readings(a) if one.skeleton in others), None)


@lru_cache(maxsize=_CACHE)
def similarity(a: str, b: str) -> float:
    """Return how alike two words are, from 0 to 1: the best over their readings; symmetric, 1 for the same sounds."""
    abjad = _in_abjad(a) or _in_abjad(b)
    weights = _WEIGHTS_OF_ABJADS if abjad else _WEIGHTS
    left, right = _forms(a, abjad=abjad), _forms(b, abjad=abjad)
    return max((_likeness(one, other, weights) for one in left for other in right), default=0.0)


def similarities(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """Return ``similarity`` of each word of the one list with each of the other, as a table of (left, right), in one go."""
    table = np.zeros((len(left), len(right)), dtype=np.float32)
    across = [_in_abjad(word) for word in right]
    for abjad in (False, True):
        rows = [row for row, word in enumerate(left) if _in_abjad(word) == abjad]
        for other in (False, True):
            columns = [column for column, found in enumerate(across) if found == other]
            if rows and columns:
                table[np.ix_(rows, columns)] = _table(
                    [_forms(left[row], abjad=abjad or other) for row in rows],
                    [_forms(right[column], abjad=abjad or other) for column in columns],
                    _WEIGHTS_OF_ABJADS if abjad or other else _WEIGHTS,
                )
    return table


def fold_many(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the skeletons of each word, likeliest first; each distinct word is read once, however often it stands there."""
    once = {token: tuple(one.skeleton for one in readings(token)) for token in dict.fromkeys(tokens)}
    return [once[token] for token in tokens]


def _likeness(one: Forms, other: Forms, weights: tuple[float, float, float]) -> float:
    return sum(
        weight * Levenshtein.normalized_similarity(mine, yours)
        for weight, mine, yours in zip(weights, one, other, strict=True)
    )


def _table(
    left: list[tuple[Forms, ...]], right: list[tuple[Forms, ...]], weights: tuple[float, float, float]
) -> NDArray[np.float32]:
    """The best over all pairs of readings: one column for each reading of the right, then the best column of each word."""
    table = np.zeros((len(left), len(right)), dtype=np.float32)
    read = [column for column, forms in enumerate(right) if forms]
    flat = [form for forms in right for form in forms]
    starts = np.cumsum([0, *(len(right[column]) for column in read)])[:-1]
    for turn in range(max(map(len, left), default=0) if flat else 0):
        rows = [row for row, forms in enumerate(left) if len(forms) > turn]
        found = np.zeros((len(rows), len(flat)), dtype=np.float32)
        for at, weight in enumerate(weights):
            mine, yours = [left[row][turn][at] for row in rows], [form[at] for form in flat]
            found += np.float32(weight) * cdist(mine, yours, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
        best = np.maximum.reduceat(found, starts, axis=1)
        where = np.ix_(rows, read)
        table[where] = np.maximum(table[where], best)
    return table


@lru_cache(maxsize=_CACHE)
def _forms(token: str, *, abjad: bool) -> tuple[Forms, ...]:
    """What is compared of each reading: skeleton, sounds, consonants; for an abjad heard form, the same folded, consonants."""
    if abjad:
        return tuple((one.skeleton, one.sound, without_vowels(one.skeleton)) for one in _heard(token))
    return tuple((one.skeleton, one.sound, without_vowels(one.skeleton)) for one in readings(token))


@lru_cache(maxsize=_CACHE)
def _heard(token: str) -> tuple[Reading, ...]:
    """The readings of a word as an Arabic clerk hears them; ``skeleton`` is the heard form."""
    word = _word(token)
    script = script_of(word)
    sounds = _sounds(word)
    if script == "latin":
        sounds = [(ARABIC_NAMES.code, _NOT_SOUND.sub("", ARABIC_NAMES.read(word))), *sounds]
    found: dict[str, Reading] = {}
    for scheme, form in sounds if script in {"arabic", "hebrew"} else heard(sounds):
        if form and form not in found:
            found[form] = Reading(form, scheme, _folded(form))
    return tuple(found.values())


def _word(token: str) -> str:
    return mended(token[:MOST_LETTERS]).casefold()


def _in_abjad(token: str) -> bool:
    return not token.isascii() and script_of(token) in {"arabic", "hebrew"}


def _folded(sound: str) -> str:
    return _TWICE.sub(r"\1", _JOTATED.sub("", _TWICE.sub(r"\1", sound.translate(_COARSE))))


def _sounds(word: str) -> list[tuple[str, str]]:
    """Every (scheme, sounds) of a mended word in small letters."""
    script = script_of(word)
    if script == "latin":
        fitting = (scheme for scheme in SCHEMES if scheme.never is None or not scheme.never.search(word))
        return [(scheme.code, _NOT_SOUND.sub("", scheme.read(word))) for scheme in fitting]
    if script == "cyrillic":
        return list(_cyrillic(word))
    if script in {"arabic", "hebrew"}:
        return list(read_abjad(word))
    if script == "mixed":
        pieces = ["".join(letters) for _, letters in groupby(word, script_of)]
        return [("mixed", "".join(next((sound for _, sound in _sounds(piece)), "") for piece in pieces))]
    return []


def _cyrillic(word: str) -> Iterator[tuple[str, str]]:
    ukrainian, russian = not _UKRAINIAN.isdisjoint(word), not _RUSSIAN.isdisjoint(word)
    yield "cyrillic" if ukrainian == russian else "uk" if ukrainian else "ru", _spelt(word)
    if "ё" in word:
        yield "ru-without-yo", _spelt(word.replace("ё", "е"))
    if "о" in word and not russian:
        yield "uk-as-ru", _spelt(_AS_RUSSIAN_WRITES_E.sub("е", word))


def _spelt(word: str) -> str:
    return _NOT_SOUND.sub("", _SOFTENED_O.sub("ё", word).translate(_CYRILLIC))
