"""Says for each particular of two records how well it agrees: the same, nearly, partly, not at all, or not written.

A particular that one of the two did not write says nothing: level 0. What the other levels are worth is not said here but
learnt (see weights.py); here is only what a clerk's slips look like: a letter, a reading, day and month exchanged, a year off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from parley.registers.comparable import NONE, Comparable, Ints, Words

Levels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Field:
    """One particular: its name and the names of its levels, level 0 first."""

    name: str
    levels: tuple[str, ...]


_NAME: Final = (
    "unwritten",
    "same",
    "short",
    "initial",
    "near",
    "likely",
    "faint",
    "other_initial",
    "differs",
    "other_name",
)
FIELDS: Final[tuple[Field, ...]] = (
    Field("surname", ("unwritten", "same", "near", "likely", "faint", "differs")),
    Field("given", _NAME),
    Field("father", _NAME),
    Field("order", ("unwritten", "kept", "exchanged")),
    Field(
        "birth",
        (
            "unwritten",
            "same",
            "swapped",
            "year_off",
            "decade_off",
            "day_near",
            "digit",
            "day_off",
            "month_off",
            "day_kept",
            "year_same",
            "year_near",
            "differs",
            "month_same_partial",
            "year_same_partial",
            "year_off_partial",
            "differs_partial",
        ),
    ),
    Field("sex", ("unwritten", "same", "differs")),
    Field("rank", ("unwritten", "same", "next", "near", "far")),
    Field("unit", ("unwritten", "same", "digit", "differs")),
    Field("birthplace", ("unwritten", "same", "near", "differs")),
    Field("event_place", ("unwritten", "same", "near", "differs")),
    Field("number", ("unwritten", "same", "tail", "digit", "differs")),
    Field("event", ("unwritten", "same_day", "week", "month", "two_months", "quarter", "half_year", "far")),
)
"""Every particular that is compared, in the order of the columns of a table of levels."""
AT: Final = {one.name: number for number, one in enumerate(FIELDS)}
OTHER_NAME: Final = _NAME.index("other_name")
"""Both given names are known to the dictionary and are two names: brothers, not one man. This is a veto."""
_UNLIKE: Final = 0xF0000
"""Where signs begin that no reading holds: a word that cannot be read is one of them, and like no other."""
_ENOUGH: Final = 0.35
"""By how much the exchanged columns must agree better than the columns as they stand."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs compared: a level for each pair and field, and whose surname and given name were compared in each other's place."""

    levels: Levels
    exchanged_a: NDArray[np.bool_]
    exchanged_b: NDArray[np.bool_]


class Likeness:
    """How alike two words are, each pair of words computed once, however many pairs of people share it."""

    def __init__(self, words: Words) -> None:
        """Keep the vocabulary; nothing is computed yet."""
        self._words = words
        self._text = [
            # A word that reads one way only is its own second reading; two words without letters are not alike.
            np.array(
                [
                    one[min(at, len(one) - 1)] if one else chr(_UNLIKE + row % 60_000)
                    for row, one in enumerate(words.skeletons)
                ],
                dtype=object,
            )
            for at in range(2)
        ]
        # The sounds that a word can begin with, one bit each: skeletons are written in 26 letters.
        self._firsts = np.array(
            [sum({1 << (ord(reading[0]) % 32) for reading in one}) for one in words.skeletons], dtype=np.int64
        )

    def same(self, a: Ints, b: Ints) -> NDArray[np.bool_]:
        """Return where two words have a reading in common; False where one is not written."""
        if not len(self._words.readings):
            return np.zeros(len(a), dtype=bool)
        left, right = self._words.readings[a], self._words.readings[b]
        out = np.zeros(len(a), dtype=bool)
        for one in range(left.shape[1]):
            for other in range(right.shape[1]):
                out |= (left[:, one] != NONE) & (left[:, one] == right[:, other])
        out &= (a != NONE) & (b != NONE)
        return out

    def first_alike(self, a: Ints, b: Ints) -> NDArray[np.bool_]:
        """Return where two words, both written, begin with the same sound in some reading."""
        alike: NDArray[np.bool_] = np.bitwise_and(self._firsts[a], self._firsts[b]) != 0
        return alike

    def of(self, a: Ints, b: Ints) -> NDArray[np.float32]:
        """Return the likeness from 0 to 1 of word pairs; 1 where a reading is common, 0 where one is not written."""
        size = len(self._words.written)
        low, high = np.minimum(a, b), np.maximum(a, b)
        pairs, back = np.unique(np.where(low == NONE, NONE, low * size + high), return_inverse=True)
        out = np.zeros(len(pairs), dtype=np.float32)
        some = np.flatnonzero(pairs != NONE)
        left, right = pairs[some] // max(size, 1), pairs[some] % max(size, 1)
        same = self.same(left, right)
        out[some[same]] = 1
        some, left, right = some[~same], left[~same], right[~same]
        best = np.zeros(len(some), dtype=np.float32)
        for one in self._text:
            for other in self._text:
                alike = cpdist(one[left], other[right], scorer=OSA.normalized_similarity, dtype=np.float32, workers=2)
                best = np.maximum(best, alike)
        out[some] = np.minimum(best, 0.99)
        return out[back]


def compare(pair: Comparable, rows_a: Ints, rows_b: Ints, likeness: Likeness) -> Compared:
    """Return the levels of pairs (rows_a[i] of a, rows_b[i] of b). Symmetric: a and b may change places."""
    a, b, words = pair.a, pair.b, pair.words
    out = np.zeros((len(rows_a), len(FIELDS)), dtype=np.int8)
    sur_a, giv_a = a.surname[rows_a], a.given[rows_a]
    sur_b, giv_b = b.surname[rows_b], b.given[rows_b]
    in_a, in_b = _exchanged(words, likeness, (sur_a, giv_a), (sur_b, giv_b))
    exchanged = in_a | in_b
    sur_a, giv_a = np.where(in_a, giv_a, sur_a), np.where(in_a, sur_a, giv_a)
    sur_b, giv_b = np.where(in_b, giv_b, sur_b), np.where(in_b, sur_b, giv_b)
    out[:, AT["order"]] = np.where(
        (sur_a == NONE) | (giv_a == NONE) | (sur_b == NONE) | (giv_b == NONE), 0, 1 + exchanged
    )
    out[:, AT["surname"]] = _surname(words, likeness, sur_a, sur_b)
    out[:, AT["given"]] = _name(words, likeness, giv_a, giv_b, words.given)
    out[:, AT["father"]] = _name(words, likeness, a.father[rows_a], b.father[rows_b], words.father)
    out[:, AT["birth"]] = _birth(
        (a.year[rows_a], a.month[rows_a], a.day[rows_a]), (b.year[rows_b], b.month[rows_b], b.day[rows_b])
    )
    out[:, AT["sex"]] = _step(a.sex[rows_a], b.sex[rows_b], (0,))
    out[:, AT["rank"]] = _step(a.rank[rows_a], b.rank[rows_b], (0, 1, 2))
    out[:, AT["unit"]] = _unit(a.unit[rows_a], b.unit[rows_b])
    for place in ("birthplace", "event_place"):
        out[:, AT[place]] = _place(likeness, getattr(a, place)[rows_a], getattr(b, place)[rows_b])
        out[:, AT[place]] *= _lettered(words, getattr(a, place)[rows_a]) & _lettered(words, getattr(b, place)[rows_b])
    out[:, AT["number"]] = _number(a.number[rows_a], a.digits[rows_a], b.number[rows_b], b.digits[rows_b])
    out[:, AT["event"]] = _step(a.event[rows_a], b.event[rows_b], (0, 7, 30, 60, 90, 180))
    return Compared(out, in_a, in_b)


def _exchanged(
    words: Words, likeness: Likeness, a: tuple[Ints, Ints], b: tuple[Ints, Ints]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a's, and where b's, surname and given name agree better in each other's place with those of the other record."""
    (sur_a, giv_a), (sur_b, giv_b) = a, b
    in_a, in_b = np.zeros(len(sur_a), dtype=bool), np.zeros(len(sur_a), dtype=bool)
    written = (sur_a != NONE) & (giv_a != NONE) & (sur_b != NONE) & (giv_b != NONE)
    # Two given names that the dictionary knows stand where they belong, unless a surname may be a given name, too.
    sure = _is_known(words.given, giv_a) & _is_known(words.given, giv_b)
    either = _is_known(words.given, sur_a) | _is_known(words.given, sur_b)
    some = np.flatnonzero(written & (~sure | (either & ~_same_name(words.given, giv_a, giv_b))))
    a_s, a_g, b_s, b_g = sur_a[some], giv_a[some], sur_b[some], giv_b[some]
    straight = likeness.of(a_s, b_s) + _given_likeness(words, likeness, a_g, b_g)
    first = likeness.of(a_s, b_g) + _given_likeness(words, likeness, a_g, b_s)
    second = likeness.of(a_g, b_s) + _given_likeness(words, likeness, a_s, b_g)
    better = np.maximum(first, second) > straight + _ENOUGH
    # Where both ways are as good, the words decide, not which list is called a.
    tie = np.flatnonzero(np.abs(first - second) < 1e-6)
    for row in tie.tolist():
        of_a, of_b = ((words.written[one[row]], words.written[other[row]]) for one, other in ((a_s, b_g), (b_s, a_g)))
        second[row] = first[row] + (1 if sorted(of_a) > sorted(of_b) else -1)
    in_a[some], in_b[some] = better & (second > first), better & (second <= first)
    return in_a, in_b


def _given_likeness(words: Words, likeness: Likeness, a: Ints, b: Ints) -> NDArray[np.float32]:
    initials = ((words.letters[a] == 1) | (words.letters[b] == 1)) & likeness.first_alike(a, b)
    found = np.where(_same_name(words.given, a, b), 1, likeness.of(a, b))
    return np.where(initials, np.float32(0.8), found).astype(np.float32)


def _is_known(names: Ints, rows: Ints) -> NDArray[np.bool_]:
    """Where a word is a name that the dictionary knows."""
    return (rows != NONE) & (names[rows, 0] != NONE) if len(names) else np.zeros(len(rows), dtype=bool)


def _same_name(names: Ints, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Where two words can stand for one name of the dictionary: Коля and Николай, Слава and Ярослав."""
    out = np.zeros(len(a), dtype=bool)
    if len(names):
        left, right = names[a], names[b]
        for one in range(names.shape[1]):
            for other in range(names.shape[1]):
                out |= (left[:, one] != NONE) & (left[:, one] == right[:, other])
    out &= (a != NONE) & (b != NONE)
    return out


def _surname(words: Words, likeness: Likeness, a: Ints, b: Ints) -> Levels:
    alike = likeness.of(a, b)
    levels = np.select([alike == 1, alike >= 0.83, alike >= 0.7, alike >= 0.55], [1, 2, 3, 4], 5)
    # An initial in the place of a surname says no more than its letter.
    short = (
        np.zeros(len(a), dtype=bool) if not len(words.letters) else (words.letters[a] <= 1) | (words.letters[b] <= 1)
    )
    return np.where((a == NONE) | (b == NONE) | short, 0, levels).astype(np.int8)


def _name(words: Words, likeness: Likeness, a: Ints, b: Ints, names: Ints) -> Levels:
    """Levels of a given name, or of a patronymic, by the dictionary first, then by letters."""
    out = np.zeros(len(a), dtype=np.int8)
    written = (a != NONE) & (b != NONE)
    some = np.flatnonzero(written & _lettered(words, a) & _lettered(words, b))
    left, right = a[some], b[some]
    both = _is_known(names, left) & _is_known(names, right)
    one_name = both & _same_name(names, left, right)
    initial = (words.letters[left] <= 1) | (words.letters[right] <= 1)
    first = np.zeros(len(some), dtype=bool)
    first[initial] = likeness.first_alike(left[initial], right[initial])
    alike = likeness.of(left, right)
    out[some] = np.select(
        [
            initial & first,
            initial,
            alike == 1,
            one_name & (alike >= 0.4),
            one_name,
            both,
            alike >= 0.75,
            alike >= 0.6,
            alike >= 0.45,
        ],
        [3, 7, 1, 1, 2, OTHER_NAME, 4, 5, 6],
        8,
    )
    return out


def _birth(a: tuple[Ints, Ints, Ints], b: tuple[Ints, Ints, Ints]) -> Levels:
    (ya, ma, da), (yb, mb, db) = a, b
    apart = np.abs(ya - yb)
    full = (da != NONE) & (db != NONE)
    month_day = (ma == mb) & (da == db)
    same_month = (apart == 0) & (ma == mb)
    day_apart = np.abs(da - db)
    # Days counted roughly: enough to see the last of one month and the first of the next as neighbours.
    days = np.abs((ya * 365 + ma * 30.4 + da) - (yb * 365 + mb * 30.4 + db))
    one_digit = _digits_apart(ya * 10000 + ma * 100 + da, yb * 10000 + mb * 100 + db, 8) == 1
    partial_month = (ma != NONE) & (mb != NONE)
    return np.select(
        [
            (ya == NONE) | (yb == NONE),
            full & (apart == 0) & month_day,
            full & (apart == 0) & (ma == db) & (da == mb),
            full & (apart == 1) & month_day,
            full & (apart == 10) & month_day,
            full & (days <= 3.5),
            full & one_digit & ~(apart > 0),
            full & same_month & (day_apart > 0),
            full & (apart == 0) & (da == db),
            full & month_day,
            full & (apart == 0),
            full & (apart <= 2),
            full,
            partial_month & same_month,
            (apart == 0) & ~(partial_month & (ma != mb)),
            apart <= 1,
        ],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        16,
    ).astype(np.int8)


def _digits_apart(a: Ints, b: Ints, digits: int) -> Ints:
    out = np.zeros(len(a), dtype=np.int64)
    for _ in range(digits):
        out += (a % 10) != (b % 10)
        a, b = a // 10, b // 10
    return out


def _step(a: Ints, b: Ints, edges: tuple[int, ...]) -> Levels:
    """Level 1 up to the first edge apart, 2 up to the second, and so on; level 0 where one is not written."""
    level = 1 + np.searchsorted(np.array(edges), np.abs(a - b), side="left")
    return np.where((a == NONE) | (b == NONE), 0, level).astype(np.int8)


def _unit(a: Ints, b: Ints) -> Levels:
    apart = np.abs(a - b)
    digit = ((_digits_apart(a, b, 6) == 1) & ((a > 9) | (b > 9))) | (apart == 1) | (apart == 10)
    return np.where((a == NONE) | (b == NONE), 0, np.where(a == b, 1, np.where(digit, 2, 3))).astype(np.int8)


def _lettered(words: Words, rows: Ints) -> NDArray[np.bool_]:
    """Where a word can be read at all: figures and scripts without a reading say nothing."""
    return words.letters[rows] > 0 if len(words.letters) else np.zeros(len(rows), dtype=bool)


def _place(likeness: Likeness, a: Ints, b: Ints) -> Levels:
    alike = likeness.of(a, b)
    return np.where((a == NONE) | (b == NONE), 0, np.where(alike == 1, 1, np.where(alike >= 0.7, 2, 3))).astype(np.int8)


def _number(a: Ints, digits_a: Ints, b: Ints, digits_b: Ints) -> Levels:
    short = np.minimum(digits_a, digits_b)
    scale = 10 ** np.maximum(short, 1)
    tail = (a % scale == b % scale) & (short >= 3)
    digit = (_digits_apart(a, b, 18) == 1) & (digits_a == digits_b) & (short >= 4)
    return np.select(
        [(a == NONE) | (b == NONE) | (short < 3), tail & (digits_a == digits_b), tail, digit], [0, 1, 2, 3], 4
    ).astype(np.int8)
