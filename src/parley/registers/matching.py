"""Finds the people who stand on two lists of an exchange, and those who stand on one of them twice, however they are written.

The lists are those that cross the boundary (sheet.py). What is found has a probability and a zone (zones.py) and merges nobody:
it is proposed, and people judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.registers.comparable import comparable
from parley.registers.finding import Found, find, find_doubles
from parley.registers.partial_dates import read_date
from parley.registers.sheet import Person
from parley.registers.zones import REVIEW, ZONES, Zone

FIELD_OF: Final[Mapping[str, str]] = {
    "surname": "surname",
    "given": "given_names",
    "patronymic": "father_name",
    "dob": "birth_date",
    "rank": "rank",
    "unit": "unit",
    "service_no": "number",
    "event_place": "capture_place",
    "event_date": "capture_date",
}
"""What is compared, and the column of a list that holds it."""
_DATES: Final = frozenset({"dob", "event_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Two lines that may be one person."""

    first: str
    second: str
    probability: float
    zone: Zone


def match_people(
    requested: Sequence[Person], offered: Sequence[Person], *, done: Callable[[int], None] | None = None
) -> tuple[Alike, ...]:
    """Return the pairs (request line, offer line) to propose or to look at, sorted by both lines."""
    first, second = _columns(requested), _columns(offered)
    return _alike(find(comparable(first, second, _lines(requested), _lines(offered)), done=done))


def doubles(people: Sequence[Person]) -> tuple[Alike, ...]:
    """Return the pairs of lines of one list that may be one person, the line that stands earlier first."""
    columns, lines = _columns(people), _lines(people)
    return _alike(find_doubles(comparable(columns, columns, lines, lines)))


def _alike(found: Found) -> tuple[Alike, ...]:
    table = zip(
        found.rows_a.tolist(), found.rows_b.tolist(), found.assigned.probability.tolist(), found.zone, strict=True
    )
    pair = found.pair
    return tuple(
        Alike(first=pair.a.ids[a], second=pair.b.ids[b], probability=chance, zone=ZONES[int(zone)])
        for a, b, chance, zone in table
        if chance >= REVIEW
    )


def _lines(people: Sequence[Person]) -> list[str]:
    return [one.line for one in people]


def _columns(people: Sequence[Person]) -> dict[str, list[str]]:
    return {
        name: [
            _plain_date(one.fields.get(field, "")) if name in _DATES else one.fields.get(field, "") for one in people
        ]
        for name, field in FIELD_OF.items()
    }


def _plain_date(written: str) -> str:
    """Year, month and day as far as they are sure; a date that can be read in two ways, or is about another, is none."""
    found = read_date(written) if written else None
    return found.value if found is not None and found.is_sure and found.value[-1:] not in "?~%" else ""
