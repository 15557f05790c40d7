"""Finds the people who stand on two lists, where both wrote every particular alike.

This is the plain match on exact line data: the same surname, given names, father's name and birth date, letter for letter. Who
is written differently is not found here, and two people written alike are not told apart: such a line is left to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.registers.sheet import Person

KEY: Final = ("surname", "given_names", "father_name", "birth_date")
"""The fields that must all be filled in and alike."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a comparison of a request list with an offer list found: pairs of lines, and lines with several rivals."""

    pairs: tuple[tuple[str, str], ...]
    rivals: tuple[str, ...]


def match_exactly(requested: Iterable[Person], offered: Iterable[Person]) -> Matched:
    """Return pairs (request line, offer line) that are alike in every field of KEY and have no rival on either list."""
    left, right = _by_key(requested), _by_key(offered)
    pairs: list[tuple[str, str]] = []
    rivals: list[str] = []
    for key, lines in left.items():
        others = right.get(key, [])
        if len(lines) == 1 and len(others) == 1:
            pairs.append((lines[0], others[0]))
        elif others:
            rivals += [*lines, *others]
    return Matched(tuple(sorted(pairs)), tuple(sorted(rivals)))


def _by_key(people: Iterable[Person]) -> dict[tuple[str, ...], list[str]]:
    out: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for person in people:
        key = tuple(person.fields.get(name, "") for name in KEY)
        if all(key):
            out[key].append(person.line)
    return out
