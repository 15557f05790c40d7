"""Joins what several counters wrote down at the handover point, so that nothing is lost and every difference shows.

Each counter keeps a book per batch: for each line, what became of that person. Books come late, twice, in parts, from
several devices, and in any order. ``join`` is therefore commutative, associative and idempotent: whoever joins
whatever arrived, in whatever order, however often, holds the same books. A line that one counter wrote twice with
different codes keeps both; nothing here decides which is right. A line that nobody ever gave counts as somebody who is
not on the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from parley.words import Digest, LineId, Lines, ParticipantName

MOST_UNKNOWN: Final = 10_000
"""How many lines that nobody gave one counter's books keep, the first by letters and number; a few are typing errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One counter's book of one batch: by outcome code, the lines it was written for; a line may stand under several.

    ``unlisted`` counts people who were brought and have no line; ``unknown`` are the lines written for somebody that
    nobody had given; ``hashes`` are those of the book's files.
    """

    outcomes: Mapping[str, Lines]
    unlisted: int = 0
    unknown: Lines = Lines()
    hashes: frozenset[Digest] = frozenset()

    @property
    def not_on_manifest(self) -> int:
        """How many people were brought without a line, or under a line that nobody gave."""
        return self.unlisted + len(self.unknown)

    def by_line(self) -> dict[LineId, frozenset[str]]:
        """Return the codes that stand for each line: more than one where the counter wrote it twice and not alike."""
        found: dict[LineId, frozenset[str]] = {}
        for code in sorted(self.outcomes):
            for line in self.outcomes[code]:
                found[line] = found.get(line, frozenset()) | {code}
        return found


Books = Mapping[ParticipantName, Book]
"""The books of one batch, by the counter that kept each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the counters' books say together: lines on which all agree, and lines on which they do not.

    ``differing`` holds for each such line what each counter wrote: no code where the line is not in its book.
    """

    agreed: Mapping[LineId, str]
    differing: Mapping[LineId, Mapping[ParticipantName, frozenset[str]]]


def join(one: Book, other: Book) -> Book:
    """Return one counter's book out of two copies or parts of it.

    The number of people without a line is the larger of the two, because the same person may stand in both.
    """
    codes = {*one.outcomes, *other.outcomes}
    return Book(
        outcomes={code: _union(one.outcomes.get(code), other.outcomes.get(code)) for code in codes},
        unlisted=max(one.unlisted, other.unlisted),
        unknown=Lines.among(islice(_union(one.unknown, other.unknown), MOST_UNKNOWN)),
        hashes=one.hashes | other.hashes,
    )


def _union(one: Lines | None, other: Lines | None) -> Lines:
    if one is None or other is None or one == other:
        return (one if other is None else other) or Lines()
    return Lines.among({*one, *other})


def join_all(one: Books, other: Books) -> Books:
    """Return the books of all counters out of two collections of them."""
    joined = dict(one)
    for counter, book in other.items():
        joined[counter] = join(joined[counter], book) if counter in joined else book
    return joined


def compare(
    books: Books,
    counters: Iterable[ParticipantName],
    expected: Iterable[LineId],
    person_of: Callable[[LineId], LineId],
) -> Comparison:
    """Say on which people the counters agree: every expected line, and every line that stands in any book.

    ``person_of`` turns a line into the one that stands for the person, so that a request line and an offer line found
    to be the same person are one. A counter without a book counts as one that wrote nothing.
    """
    names = tuple(sorted(set(counters)))
    said: dict[ParticipantName, dict[LineId, frozenset[str]]] = {name: {} for name in names}
    everybody = {person_of(line) for line in expected}
    for name in names:
        written = books[name].by_line() if name in books else {}
        for line, codes in written.items():
            person = person_of(line)
            said[name][person] = said[name].get(person, frozenset()) | codes
            everybody.add(person)
    agreed: dict[LineId, str] = {}
    differing: dict[LineId, Mapping[ParticipantName, frozenset[str]]] = {}
    for person in sorted(everybody):
        wrote = {name: said[name].get(person, frozenset()) for name in names}
        codes = frozenset(code for each in wrote.values() for code in each)
        if len(codes) == 1 and all(wrote.values()):
            (agreed[person],) = codes
        else:
            differing[person] = wrote
    return Comparison(agreed=agreed, differing=differing)


def counted(outcomes: Mapping[LineId, str]) -> dict[str, Lines]:
    """Turn outcomes by line into lines by outcome, each set in its one written form."""
    sorted_out: dict[str, list[LineId]] = {}
    for line, code in outcomes.items():
        sorted_out.setdefault(code, []).append(line)
    return {code: Lines.among(lines) for code, lines in sorted(sorted_out.items())}
