"""Reads a name the ways it can have been meant, so that Serhii, Сергій and Sergij meet.

Each word of a name is read by every scheme that can have made it; a reading is the sounds that came out (``sound``) and the same with
everything left out in which schemes merely differ (``skeleton``): г and х, в and ф, й and і, doubled letters, soft signs. Equal
skeletons are the same name by that pair of readings; for the rest there is a likeness from 0 to 1. All of it is advice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from rapidfuzz.distance import Levenshtein

from parley.registers.romanisations import CYRILLIC, SCHEMES
from parley.registers.scripts import mended, script_of

NORMALISER: Final = 1
"""Goes up whenever a word may read otherwise than before; kept beside whatever was computed from readings."""

_COARSE: Final = str.maketrans({"h": "g", "f": "v", "y": "i"})
_TWICE: Final = re.compile(r"(.)\1+")
_JOTATED: Final = re.compile("i(?=[aeou])")
_CYRILLIC: Final = str.maketrans(dict(CYRILLIC))
_UKRAINIAN: Final = frozenset("іїєґ'")
_RUSSIAN: Final = frozenset("ыэъё")
_NOT_SOUND: Final = re.compile("[^a-z]")
_CACHE: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: the skeleton that is compared, the scheme that gives it, and the sounds before they were folded."""

    skeleton: str
    scheme: str
    sound: str


@lru_cache(maxsize=_CACHE)
def readings(token: str) -> tuple[Reading, ...]:
    """Return the plausible readings of one word, likeliest first, no skeleton twice; none for a word without letters."""
    word = mended(token).casefold()
    found: dict[str, Reading] = {}
    for scheme, sound in _sounds(word):
        skeleton = _folded(sound)
        if skeleton and skeleton not in found:
            found[skeleton] = Reading(skeleton, scheme, sound)
    return tuple(found.values())


def skeletons(token: str) -> frozenset[str]:
    """Return what a word may read as; two words with a common skeleton are spellings of one name."""
    return frozenset(one.skeleton for one in readings(token))


def same_reading(a: str, b: str) -> tuple[Reading, Reading] | None:
    """Return the likeliest pair of readings that agree, one of each word; None where none do."""
    others = {one.skeleton: one for one in readings(b)}
    return next(((one, others[one.skeleton]) for one in readings(a) if one.skeleton in others), None)


@lru_cache(maxsize=_CACHE)
def similarity(a: str, b: str) -> float:
    """Return how alike two words are, from 0 to 1: the best over their readings; 1 where two readings agree."""
    left, right = readings(a), readings(b)
    return max(
        (Levenshtein.normalized_similarity(one.skeleton, other.skeleton) for one in left for other in right),
        default=0.0,
    )


def fold_many(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the skeletons of each word, likeliest first; each distinct word is read once, however often it stands there."""
    once = {token: tuple(one.skeleton for one in readings(token)) for token in dict.fromkeys(tokens)}
    return [once[token] for token in tokens]


def _folded(sound: str) -> str:
    return _JOTATED.sub("", _TWICE.sub(r"\1", sound.translate(_COARSE)))


def _sounds(word: str) -> list[tuple[str, str]]:
    script = script_of(word)
    if script == "cyrillic":
        return _cyrillic(word)
    if script == "latin":
        return [
            (scheme.code, _NOT_SOUND.sub("", scheme.read(word)))
            for scheme in SCHEMES
            if scheme.never is None or not scheme.never.search(word)
        ]
    if script == "mixed":
        pieces = ["".join(letters) for _, letters in groupby(word, script_of)]
        return [("mixed", "".join(next((sound for _, sound in _sounds(piece)), "") for piece in pieces))]
    return []


def _cyrillic(word: str) -> list[tuple[str, str]]:
    letters = frozenset(word)
    ukrainian = ("uk", _spelt(word))
    out = [("ru", ukrainian[1])] if letters & _RUSSIAN and not letters & _UKRAINIAN else [ukrainian]
    if "ё" in letters:
        out.append(("ru-without-yo", _spelt(word.replace("ё", "е"))))
    if "о" in letters:
        out.append(("uk-as-ru", _spelt(re.sub("(?<!^)[йь]о", "е", re.sub("(?<=[жчшщ])о", "е", word)))))
    return out


def _spelt(word: str) -> str:
    return _NOT_SOUND.sub("", re.sub("[йь]о", "ё", word).translate(_CYRILLIC))
