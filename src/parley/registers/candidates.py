"""Finds, for every record of one list, the few records of the other that could be the same person.

Not by keys that must be equal: each record is turned into many small particulars (pieces of the surname, birth month, unit,
place, pairs of these), each worth as many bits as it is rare, and the records that share most are taken. There are two indices,
one of names and one of dates, places, units and numbers, because on a long list the shared dates crowd out the names; a record's
candidates are the best by names, the best by the rest, and the best by both together.

The work for one record is bounded: it asks by its rarest particulars first and stops when their postings exceed READ_AT_MOST, so
a list of a thousand copies of one person costs no more than any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from parley.registers.comparable import NONE, Comparable, Ints, People, Words

AT_MOST: Final = 50
"""Candidates of one record."""
READ_AT_MOST: Final = 12_000
"""Postings that are read for one record in one index."""
CHUNK: Final = 512
"""Records that are asked for at once by one thread."""
_SHARES: Final = (14, 12)
"""How many of AT_MOST are the best by names, and the best by the rest; what remains goes to the best by both together."""
_CONSIDERED: Final = 400
"""Of so many, the best of each index, the sum of both is formed: nearly all others share next to nothing."""
_ABOVE: Final = 1e4
"""More bits than two records can share."""
_GRAM: Final = 0.3
"""The pieces of a word are not independent of each other: each counts for this part of its bits."""
_CONSONANTS: Final = str.maketrans("", "", "aeiou")


@dataclass(frozen=True, slots=True)
class _Features:
    """Particulars of the records of one list: which record, which particular, and how much of its bits it counts."""

    record: Ints
    particular: Ints
    weight: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What the words of the vocabulary are made of, for the index."""

    frame: Ints
    """The consonants of the likeliest reading, as a number."""
    head: Ints
    """The first three of them."""
    rows: Ints
    grams: Ints
    """Pieces of three letters: word and piece, entry by entry."""


class Index:
    """Both indices of two lists, to be asked for the candidates of any stretch of b."""

    def __init__(self, pair: Comparable) -> None:
        """Build both indices; nothing is asked yet."""
        pieces = _pieces(pair.words)
        self._indices = [
            _index(of(pair.a, pair.words, pieces), of(pair.b, pair.words, pieces), len(pair.a), len(pair.b))
            for of in (_names, _rest)
        ]

    def ask(self, start: int, end: int, at_most: int = AT_MOST) -> tuple[Ints, Ints]:
        """Return candidate pairs (rows of a, rows of b) for the records start to end of b, sorted by b and then a.

        At most ``at_most`` of a for each of b; the same pairs however the records of b are stretched.
        """
        found = [_best(self._indices, at, min(at + CHUNK, end), at_most) for at in range(start, end, CHUNK)] or [
            (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        ]
        return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def _best(indices: list[tuple[Any, Any]], start: int, end: int, at_most: int) -> tuple[Ints, Ints]:
    asked = [_considered((questions[start:end] @ index).tocsr()) for questions, index in indices]
    both = (asked[0] + asked[1]).tocsr()
    for scores, share in zip(asked, _SHARES, strict=True):
        # The best of one index are put above everything: they are kept whatever the other index says of them.
        edge = _edges(scores, max(1, share * at_most // AT_MOST))
        above = scores.data >= np.repeat(edge, np.diff(scores.indptr))
        scores.data = np.where(above, _ABOVE, 0).astype(np.float32)
        scores.eliminate_zeros()
        both = (both + scores).tocsr()
    both.sort_indices()
    edge = np.repeat(_edges(both, at_most), np.diff(both.indptr))
    rows = np.repeat(np.arange(end - start), np.diff(both.indptr))
    # Of equals at the edge those are taken that stand first on the list, so that the choice is always the same.
    level = both.data == edge
    room = at_most - np.bincount(rows[both.data > edge], minlength=end - start)
    before = np.cumsum(level) - level
    first = (
        before[both.indptr[:-1].clip(max=max(len(before) - 1, 0))] if len(before) else np.zeros(end - start, dtype=int)
    )
    taken = (both.data > edge) | (level & (before - first[rows] < room[rows]))
    return both.indices[taken].astype(np.int64), rows[taken] + start


def _considered(scores: Any) -> Any:  # noqa: ANN401 - scipy ships no types
    """The best of each row, and what equals the last of them; sorted, so that sums are formed quickly."""
    kept = scores.data >= np.repeat(_edges(scores, _CONSIDERED), np.diff(scores.indptr))
    ends = np.concatenate([[0], np.cumsum(kept)])[scores.indptr]
    out = sparse.csr_matrix((scores.data[kept], scores.indices[kept], ends), shape=scores.shape)
    out.sort_indices()
    return out


def _edges(scores: Any, share: int) -> NDArray[np.float32]:  # noqa: ANN401 - scipy ships no types
    """The ``share``-th best score of each row, or the lowest where there are fewer."""
    data, ends = scores.data, scores.indptr.tolist()
    out = np.zeros(len(ends) - 1, dtype=np.float32)
    for row, (begin, end) in enumerate(pairwise(ends)):
        if end - begin > share:
            out[row] = np.partition(data[begin:end], end - begin - share)[end - begin - share]
    return out


def _index(a: _Features, b: _Features, size_a: int, size_b: int) -> tuple[Any, Any]:
    """Return (questions of b, index of a): their product is the bits that two records share."""
    known, columns = np.unique(a.particular, return_inverse=True)
    where = np.searchsorted(known, b.particular).clip(max=max(len(known) - 1, 0))
    there = known[where] == b.particular if len(known) else np.zeros(len(b.particular), dtype=bool)
    postings = np.bincount(columns, minlength=len(known))
    in_b = np.bincount(where[there], minlength=len(known))
    bits = np.log2((size_a + size_b + 1) / np.maximum(postings + in_b, 1)).astype(np.float32).clip(min=0)
    index = sparse.csr_matrix(
        (bits[columns] * a.weight, (columns, a.record)), shape=(len(known), size_a), dtype=np.float32
    )
    records, particulars = b.record[there], where[there]
    order = np.lexsort((postings[particulars], records))
    records, particulars = records[order], particulars[order]
    read = np.cumsum(postings[particulars])
    first = np.concatenate([[True], records[1:] != records[:-1]]) if len(records) else np.zeros(0, dtype=bool)
    before = (read - postings[particulars])[first]
    spent = read - np.repeat(before, np.diff(np.append(np.flatnonzero(first), len(records))))
    kept = spent <= READ_AT_MOST
    questions = sparse.csr_matrix(
        (np.ones(int(kept.sum()), dtype=np.float32), (records[kept], particulars[kept])), shape=(size_b, len(known))
    )
    return questions, index


def _pieces(words: Words) -> _Pieces:
    frames: dict[str, int] = {}
    grams: dict[str, int] = {}
    frame, head, rows, cols = [], [], [], []
    for number, readings in enumerate(words.skeletons):
        bones = (readings[0] if readings else "").translate(_CONSONANTS)
        frame.append(frames.setdefault(bones, len(frames)) if bones else NONE)
        head.append(frames.setdefault(bones[:3], len(frames)) if bones else NONE)
        found = dict.fromkeys(chain.from_iterable(_grams(one) for one in readings[:2]))
        rows += [number] * len(found)
        cols += [grams.setdefault(gram, len(grams)) for gram in found]
    return _Pieces(*(np.array(one, dtype=np.int64) for one in (frame, head, rows, cols)))


def _grams(skeleton: str) -> Iterator[str]:
    closed = f"^{skeleton}$"
    return (closed[at : at + 3] for at in range(len(closed) - 2))


def _of(table: Ints, rows: Ints) -> Ints:
    """``table[rows]``, NONE where the row is NONE."""
    return np.where(rows == NONE, NONE, table[rows]) if len(table) else np.full(len(rows), NONE, dtype=np.int64)


class _Gathered:
    """Collects particulars; a particular of several values is there only where all of them are."""

    def __init__(self) -> None:
        self.parts: list[tuple[Ints, Ints, float]] = []

    def add(self, kind: int, weight: float, *values: Ints, records: Ints | None = None) -> None:
        there = np.logical_and.reduce([value != NONE for value in values])
        mixed = np.full(int(there.sum()), kind, dtype=np.uint64)
        for value in values:
            mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) ^ (value[there].astype(np.uint64) + np.uint64(0x632BE5AB))
            mixed ^= mixed >> np.uint64(29)
        rows = np.flatnonzero(there) if records is None else records[there]
        self.parts.append((rows, mixed.astype(np.int64), weight))

    def features(self) -> _Features:
        rows = np.concatenate([one[0] for one in self.parts])
        marks = np.concatenate([one[1] for one in self.parts])
        weights = np.concatenate([np.full(len(one[0]), one[2], dtype=np.float32) for one in self.parts])
        order = np.lexsort((marks, rows))
        rows, marks, weights = rows[order], marks[order], weights[order]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (rows[1:] != rows[:-1]) | (marks[1:] != marks[:-1])
        return _Features(rows[new], marks[new], weights[new])


def _names(people: People, words: Words, pieces: _Pieces) -> _Features:
    out = _Gathered()
    given, father = _of(words.given[:, 0], people.given), _of(words.father[:, 0], people.father)
    frame, head = _of(pieces.frame, people.surname), _of(pieces.head, people.surname)
    starts = np.searchsorted(pieces.rows, np.arange(len(words.written) + 1))
    # A name that no dictionary knows may stand in the wrong column: both columns go into one index.
    for column, among in ((people.surname, None), (people.given, given == NONE)):
        rows = np.flatnonzero((column != NONE) if among is None else (column != NONE) & among)
        for reading in range(words.readings.shape[1]):
            out.add(1, 1.0, words.readings[column[rows], reading], records=rows)
        many = starts[column[rows] + 1] - starts[column[rows]]
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        out.add(2, _GRAM, pieces.grams[np.repeat(starts[column[rows]], many) + offsets], records=np.repeat(rows, many))
        out.add(3, 0.5, pieces.frame[column[rows]], records=rows)
    out.add(4, 0.6, head, given)
    out.add(5, 0.8, given, father)
    out.add(6, 0.6, head, father)
    out.add(7, 0.3, frame, father)
    out.add(8, 0.3, frame, given)
    return out.features()


def _rest(people: People, words: Words, pieces: _Pieces) -> _Features:
    out = _Gathered()
    given, father = _of(words.given[:, 0], people.given), _of(words.father[:, 0], people.father)
    head = _of(pieces.head, people.surname)
    born, event_place = _of(pieces.frame, people.birthplace), _of(pieces.frame, people.event_place)
    year, month, day = people.year, people.month, people.day
    out.add(1, 0.5, year, month, day)
    full = (month != NONE) & (day != NONE)
    low, high = (np.where(full, one(month, day), NONE) for one in (np.minimum, np.maximum))
    out.add(2, 0.4, year, low, high)
    out.add(3, 0.3, year, month)
    out.add(4, 0.3, month, day)
    out.add(5, 0.3, year, day)
    for kind, other in ((6, given), (7, father), (8, head), (9, born), (10, people.unit), (11, event_place)):
        out.add(kind, 0.4, year, other)
    for kind, other in ((12, given), (13, head), (14, born), (15, event_place)):
        out.add(kind, 0.5, people.unit, other)
    for kind, other in ((16, given), (17, head), (18, event_place), (19, father)):
        out.add(kind, 0.5, born, other)
    # Two offices write the day of one event a few weeks apart: each is filed under its own span and the next.
    for shift in (0, 1):
        span = np.where(people.event == NONE, NONE, people.event // 30 + shift)
        for kind, other in ((20, given), (21, head), (22, people.unit), (23, event_place), (24, year), (25, born)):
            out.add(kind, 0.35, span, other)
    for kind, other in ((26, given), (27, head), (28, father)):
        out.add(kind, 0.5, event_place, other)
    for kind, length in ((29, 4), (30, 6)):
        out.add(kind, 0.8, np.where(people.digits >= length, people.number % 10**length, NONE))
    return out.features()
