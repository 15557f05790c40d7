"""The few values everyone in the house may use: who is meant, which line of a list, and the three kinds of no.

A *Refusal* is the rules saying no; it is a value and ordinary work. *Broken* means that bytes, a signature, a file or a
device are not what they claim to be; it is an exception with a next step. A bug of ours is an ``assert``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

ParticipantName = NewType("ParticipantName", str)
"""A party, the neutral or another participant, as the founding act names it: ``north``."""
OfficerName = NewType("OfficerName", str)
"""A role id, never a person's name: ``north/officer-7``."""
ActId = NewType("ActId", str)
"""64 lower-case hex digits: SHA-256 of the signed text of an act."""
LineId = NewType("LineId", str)
"""The opaque id that an author gives one line of a list, once per case: ``N17``."""
Digest = NewType("Digest", str)
"""64 lower-case hex digits of a SHA-256, or the empty string for none."""
Moment = NewType("Moment", str)
"""A second in UTC, ``2025-05-23T09:00:00Z``; compares as text."""
Day = NewType("Day", str)
"""A calendar day, ``2025-05-23``; compares as text."""

Fact = str | int

LINE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")
MOMENT = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\Z")
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
CODE = re.compile(r"(?=.{1,80}\Z)[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,40})*\Z")
MOST_LINES = 200_000


def is_real(time: str) -> bool:
    """Say whether a moment or a day in its form is one that the calendar has: ``2025-02-31`` is none."""
    try:
        datetime.fromisoformat(time)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rules say no: ``code`` is ``stage.cause``, ``facts`` fill the sentence in each language."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def refuse(code: str, **facts: Fact) -> Refusal:
    """Return a refusal with its facts as keywords."""
    return Refusal(code, facts)


def first_of(*refusals: Refusal | None) -> Refusal | None:
    """Return the first refusal among several answers, or nothing if all are silent."""
    return next((one for one in refusals if one is not None), None)


class Broken(Exception):
    """Something is not what it claims to be: ``code`` is ``room.cause``; ``facts`` never hold personal data."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep the code and the facts; the sentence is made where it is shown."""
        self.code = code
        self.facts: Mapping[str, Fact] = facts
        super().__init__(code, dict(facts))

    def __str__(self) -> str:
        """Return the code and facts for a log; officers read the sentence from the phrases instead."""
        shown = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({shown})" if shown else self.code


class LinesBroken(Broken):
    """A compact range of lines is malformed (``lines.malformed``) or names too many (``lines.too_many``)."""


def split_line(line: str) -> tuple[str, int]:
    """Return the author's letters and the number of a line id; raises LinesBroken."""
    found = LINE.match(line)
    if found is None:
        raise LinesBroken("lines.malformed", text=line[:40])
    return found[1], int(found[2])


def bounds(ranges: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield letters, first and last number of each range in the order written; raises LinesBroken."""
    count = 0
    for text in ranges:
        first, dash, last = text.partition("-")
        letters, low = split_line(first)
        if dash:
            other, high = split_line(last)
            if other != letters or high <= low:
                raise LinesBroken("lines.malformed", text=text[:40])
        else:
            high = low
        count += high - low + 1
        if count > MOST_LINES:
            raise LinesBroken("lines.too_many", most=MOST_LINES)
        yield letters, low, high


def expand(ranges: Iterable[str]) -> Iterator[LineId]:
    """Yield each line of compact ranges (``N1-N3``, ``N7``) in the order written; raises LinesBroken."""
    for letters, low, high in bounds(ranges):
        for number in range(low, high + 1):
            yield LineId(f"{letters}{number}")


def is_compact(ranges: Iterable[str]) -> bool:
    """Say whether ranges are in their one compact form: sorted, and none touches the next; raises LinesBroken.

    It looks at the ends alone: a hostile act of a few kilobytes can name a hundred million lines.
    """
    before = ("", 0, -1)
    for letters, low, high in bounds(ranges):
        if letters < before[0] or (letters == before[0] and low <= before[2] + 1):
            return False
        before = (letters, low, high)
    return True


def compact(lines: Iterable[LineId]) -> tuple[str, ...]:
    """Return the one compact form of a set of lines: sorted by letters and number, joined where they touch."""
    numbered = sorted({split_line(line) for line in lines})
    out: list[str] = []
    start = 0
    for index in range(1, len(numbered) + 1):
        if index < len(numbered) and numbered[index] == (numbered[index - 1][0], numbered[index - 1][1] + 1):
            continue
        letters, low = numbered[start]
        high = numbered[index - 1][1]
        out.append(f"{letters}{low}" if low == high else f"{letters}{low}-{letters}{high}")
        start = index
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Lines:
    """A set of lines in compact ranges, in its one written form: ``Lines.of("N1", "N2")`` is ``N1-N2``."""

    ranges: tuple[str, ...] = ()

    @staticmethod
    def of(*lines: str) -> Lines:
        """Make the compact form of lines or ranges given in any order; raises LinesBroken."""
        return Lines(compact(expand(lines)))

    @staticmethod
    def among(lines: Iterable[LineId]) -> Lines:
        """Make the compact form of single lines; raises LinesBroken."""
        return Lines(compact(lines))

    def __iter__(self) -> Iterator[LineId]:
        """Yield each line, sorted."""
        return expand(self.ranges)

    def __len__(self) -> int:
        """Count the lines."""
        return sum(high - low + 1 for _, low, high in bounds(self.ranges))

    def __str__(self) -> str:
        """Write the ranges as an officer would: ``N1-N3, N7``."""
        return ", ".join(self.ranges)
