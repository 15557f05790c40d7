"""Invents people for practice: names from syllables of no language, and the particulars of an exchanged list.

Nobody is meant. The same seed gives the same people on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from parley.registers.sheet import Person

_FIRST: Final = ("Ba", "Da", "Fe", "Gi", "Ha", "Jo", "Ka", "Le", "Mi", "No", "Pa", "Ra", "Se", "Ti", "Vo", "Za")
_MIDDLE: Final = ("bar", "den", "fil", "gon", "lim", "mar", "nes", "por", "rik", "sol", "tan", "ver")
_LAST: Final = ("a", "an", "e", "el", "i", "im", "o", "on", "u", "ur")
_RANKS: Final = ("private", "private", "private", "corporal", "sergeant", "lieutenant", "captain")


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person as its own side knows it; ``civilian`` decides the category."""

    fields: dict[str, str]

    def on(self, line: str) -> Person:
        """Return the row of this person under a line id."""
        return Person(line, self.fields)


def invent(count: int, *, civilians: int, power: str, seed: int) -> tuple[Invented, ...]:
    """Invent ``count`` people, the first ``civilians`` of them civilians; no two are alike in every particular."""
    dice = random.Random(f"{power}/{seed}")  # noqa: S311 - invented names need no secret chance
    people: list[Invented] = []
    for number in range(count):
        civilian = number < civilians
        captured = 2022 + dice.randrange(3)
        fields = {
            "surname": _name(dice) + _name(dice).lower(),
            "given_names": _name(dice),
            "father_name": _name(dice),
            "birth_date": f"{dice.randrange(1965, 2004)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
            "power": power,
            "capture_date": f"{captured}-{dice.randrange(1, 13):02}",
            "category": "civilian" if civilian else "soldier",
        }
        if not civilian:
            fields |= {"number": f"{power[0].upper()}{number + 100_000}", "rank": dice.choice(_RANKS)}
        people.append(Invented(fields))
    return tuple(people)


def _name(dice: random.Random) -> str:
    return dice.choice(_FIRST) + dice.choice(_MIDDLE) + dice.choice(_LAST)
