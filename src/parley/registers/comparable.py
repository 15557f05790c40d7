"""Turns two lists of people into columns of numbers, so that millions of pairs can be compared in seconds.

Every word of a name, every place, is kept once with all its readings (see readings.py); a record holds only the number of the
word. Nothing is decided here: a date that is not a date is no date, a word that no dictionary knows is a word without a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parley.registers.given_names import father_of, given_name_ids
from parley.registers.name_parts import parts_of, parts_of_columns
from parley.registers.ranks import rank_of
from parley.registers.readings import fold_many

Ints = NDArray[np.int64]
NONE: Final = -1
"""The number that stands for "not written" or "not known"."""
READINGS: Final = 4
"""How many readings of one word are compared, the likeliest first."""
COLUMNS: Final = (
    "full_name",
    "surname",
    "given",
    "patronymic",
    "dob",
    "sex",
    "rank",
    "unit",
    "birthplace",
    "service_no",
    "event_place",
    "event_date",
)
"""The columns that are compared, as they may be called in a list; every other column is ignored."""
MEANINGS: Final = 4
"""How many given names one word may stand for: Слава is short for several."""
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LONGEST: Final = 120
"""A word or place longer than this is cut before it is read: nobody is called so, and a cell may hold a megabyte."""
_SEXES: Final = {"m": 0, "м": 0, "ч": 0, "male": 0, "f": 1, "ж": 1, "female": 1}


@dataclass(frozen=True, slots=True)
class Words:
    """Every word that stands in either list, with what it reads as and whose name it is."""

    written: tuple[str, ...]
    skeletons: tuple[tuple[str, ...], ...]
    readings: Ints
    """Words by READINGS: the number of each skeleton, NONE where there are fewer."""
    given: Ints
    """Words by MEANINGS: the numbers of the given names that the dictionary knows this word as, NONE where there are fewer."""
    father: Ints
    """The same for a patronymic: the number of the father's given name, in one column."""
    letters: Ints
    """How many letters the likeliest reading has; 1 is an initial."""


@dataclass(frozen=True, slots=True)
class People:
    """One list as columns of numbers, one entry for each record; NONE where nothing is written."""

    ids: tuple[str, ...]
    surname: Ints
    given: Ints
    father: Ints
    birthplace: Ints
    event_place: Ints
    year: Ints
    month: Ints
    day: Ints
    event: Ints
    """The day of the event, counted from the year 1."""
    sex: Ints
    rank: Ints
    unit: Ints
    """The number of the unit; its words differ too much from hand to hand to be compared."""
    number: Ints
    """The digits of the service number as one number."""
    digits: Ints
    """How many digits of the service number are written."""

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two lists made comparable: one vocabulary, two tables."""

    words: Words
    a: People
    b: People


def comparable(
    a: Mapping[str, Sequence[str]], b: Mapping[str, Sequence[str]], ids_a: Sequence[str], ids_b: Sequence[str]
) -> Comparable:
    """Read two lists, given as columns by name (see COLUMNS; a missing column is empty), into one vocabulary and two tables."""
    vocabulary: dict[str, int] = {}
    left, right = (_people(columns, ids, vocabulary) for columns, ids in ((a, ids_a), (b, ids_b)))
    fathers = frozenset(np.concatenate([left.father, right.father]).tolist())
    return Comparable(_words(tuple(vocabulary), fathers), left, right)


def _words(written: tuple[str, ...], fathers: frozenset[int]) -> Words:
    folded = tuple(one[:READINGS] for one in fold_many(written))
    skeletons: dict[str, int] = {}
    readings = np.full((len(written), READINGS), NONE, dtype=np.int64)
    for row, one in enumerate(folded):
        for column, skeleton in enumerate(one):
            readings[row, column] = skeletons.setdefault(skeleton, len(skeletons))
    names: dict[str, int] = {}
    return Words(
        written=written,
        skeletons=folded,
        readings=readings,
        given=_named(written, given_name_ids, MEANINGS, names),
        father=_named([word if row in fathers else "" for row, word in enumerate(written)], _fathers, 1, names),
        letters=np.array([len(one[0]) if one else 0 for one in folded], dtype=np.int64),
    )


def _fathers(word: str) -> frozenset[str]:
    found = father_of(word)
    return frozenset() if found is None else frozenset({found})


def _named(written: Sequence[str], known: Callable[[str], frozenset[str]], many: int, names: dict[str, int]) -> Ints:
    out = np.full((len(written), many), NONE, dtype=np.int64)
    for row, word in enumerate(written):
        for column, name in enumerate(sorted(known(word))[:many]):
            out[row, column] = names.setdefault(name, len(names))
    return out


def _people(columns: Mapping[str, Sequence[str]], ids: Sequence[str], vocabulary: dict[str, int]) -> People:
    size = len(ids)

    def column(name: str) -> Sequence[str]:
        return columns.get(name) or [""] * size

    def number_of(word: str) -> int:
        clean = _clean(word)
        return vocabulary.setdefault(clean, len(vocabulary)) if clean else NONE

    names = _name_columns(column)
    known: dict[str, int] = {}

    def numbered(words: Iterable[str]) -> Ints:
        out = []
        for word in words:
            if word not in known:
                known[word] = number_of(word)
            out.append(known[word])
        return np.array(out, dtype=np.int64)

    births = _each(column("dob"), _partial_date, 3)
    numbers = _each(column("service_no"), _digits, 2)
    return People(
        ids=tuple(ids),
        surname=numbered(names[0]),
        given=numbered(names[1]),
        father=numbered(names[2]),
        birthplace=numbered(column("birthplace")),
        event_place=numbered(column("event_place")),
        year=births[:, 0],
        month=births[:, 1],
        day=births[:, 2],
        event=_each(column("event_date"), _event, 1)[:, 0],
        sex=_each(column("sex"), lambda text: (_SEXES.get(text.strip().casefold(), NONE),), 1)[:, 0],
        rank=_each(column("rank"), lambda text: (rank_of(text) if text else NONE,), 1)[:, 0],
        unit=_each(column("unit"), _unit, 1)[:, 0],
        number=numbers[:, 0],
        digits=numbers[:, 1],
    )


def _name_columns(column: Callable[[str], Sequence[str]]) -> tuple[list[str], list[str], list[str]]:
    out: tuple[list[str], list[str], list[str]] = ([], [], [])
    rows = zip(column("surname"), column("given"), column("patronymic"), column("full_name"), strict=True)
    for surname, given, father, full in rows:
        parts = _parts(surname, given, father, full)
        for where, part in zip(out, parts, strict=True):
            where.append(part)
    return out


def _parts(surname: str, given: str, father: str, full: str) -> tuple[str, str, str]:
    if not surname and not given:
        parts = parts_of(full[: 4 * _LONGEST])
        return parts.surname, parts.given, parts.father or father
    if given_name_ids(given) and not given_name_ids(surname) and father_of(given) is None:
        return surname, given, father  # the quick way for the most: the table of names agrees with the columns
    parts = parts_of_columns(surname[:_LONGEST], given[:_LONGEST], father[:_LONGEST])
    return parts.surname, parts.given, parts.father


def _clean(word: str) -> str:
    short = unicodedata.normalize("NFC", word[:_LONGEST]).casefold().strip(" \t.,;:")
    return " ".join(short.split())


def _each(texts: Sequence[str], read: Callable[[str], tuple[int, ...]], width: int) -> Ints:
    once: dict[str, tuple[int, ...]] = {}
    for text in texts:
        if text not in once:
            once[text] = read(text)
    return np.array([once[text] for text in texts], dtype=np.int64).reshape(-1, width)


def _partial_date(text: str) -> tuple[int, int, int]:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return NONE, NONE, NONE
    year, month, day = (int(part) if part else NONE for part in found.groups())
    if (month != NONE and not 1 <= month <= 12) or (day != NONE and not 1 <= day <= 31):
        return year, NONE, NONE
    return year, month, day


def _event(text: str) -> tuple[int]:
    try:
        return (date.fromisoformat(text.strip()).toordinal(),)
    except ValueError:
        return (NONE,)


def _unit(text: str) -> tuple[int]:
    found = re.search(r"[0-9]{1,6}", text[:_LONGEST])
    return (int(found.group()) if found else NONE,)


def _digits(text: str) -> tuple[int, int]:
    digits = "".join(re.findall("[0-9]", text[:_LONGEST]))[-18:]
    return (int(digits), len(digits)) if digits else (NONE, 0)


def people_word(pair: Comparable, side: str, name: str, row: int) -> str:
    """Return the word that was compared for a name or place of one record, in small letters; empty where none is written."""
    number = int(getattr(pair.a if side == "a" else pair.b, name)[row])
    return "" if number == NONE else pair.words.written[number]
