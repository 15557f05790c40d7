"""Invents people for practice: names from syllables of no language, written down by two offices that slip as offices do.

Nobody is meant. The same seed gives the same people on every machine. Each person is written twice: as the own side writes it,
and as the holder's office does, in its own letters, with its own slips. So the lists of a practice exchange must be matched as
real ones are.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.registers.sheet import Person

_FIRST: Final = ("Ba", "Da", "Fe", "Gi", "Ha", "Jo", "Ka", "Le", "Mi", "No", "Pa", "Ra", "Se", "Ti", "Vo", "Za")
_MIDDLE: Final = ("bar", "den", "fil", "gon", "lim", "mar", "nes", "por", "rik", "sol", "tan", "ver")
_LAST: Final = ("a", "an", "e", "el", "i", "im", "o", "on", "u", "ur")
_CYRILLIC: Final = str.maketrans("abdefghijklmnoprstuvz", "абдефгхийклмнопрстувз")
_RANKS: Final = ("private", "private", "private", "corporal", "sergeant", "lieutenant", "captain")
_RANKS_IN_CYRILLIC: Final = {
    "private": "рядовой",
    "corporal": "младший сержант",
    "sergeant": "сержант",
    "lieutenant": "лейтенант",
    "captain": "капитан",
}
LETTERS: Final[Mapping[str, str]] = {"north": "latin", "south": "cyrillic"}
"""The letters that each side's office writes in; Latin where none are named."""
_NAMES: Final = ("surname", "given_names", "father_name")
_GIVEN: Final = 120
"""How many given names there are: enough people share one."""
_BROTHERS: Final = 40
"""One in so many is the brother of whoever was invented before."""


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person: as its own side knows it, and as the holder wrote it down."""

    own: Mapping[str, str]
    held: Mapping[str, str]

    def sought(self, line: str) -> Person:
        """Return the row on the request list of the own side."""
        return Person(line, self.own)

    def offered(self, line: str) -> Person:
        """Return the row on the offer list of the holder."""
        return Person(line, self.held)


def invent(count: int, *, civilians: int, power: str, holder: str, seed: int) -> tuple[Invented, ...]:
    """Invent ``count`` people, the first ``civilians`` of them civilians; no two are alike in every particular."""
    dice = random.Random(f"{power}/{seed}")  # noqa: S311 - invented names need no secret chance
    given = [_name(dice) for _ in range(_GIVEN)]
    people: list[Invented] = []
    before: Mapping[str, str] = {}
    for number in range(count):
        captured = 2022 + dice.randrange(3)
        fields = {
            "surname": _name(dice) + dice.choice(_MIDDLE),
            "given_names": dice.choice(given),
            "father_name": dice.choice(given),
            "birth_date": f"{dice.randrange(1965, 2004)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
            "power": power,
            "capture_date": f"{captured}-{dice.randrange(1, 13):02}",
            "category": "civilian" if number < civilians else "soldier",
        }
        if before and dice.randrange(_BROTHERS) == 0:
            fields |= {name: before[name] for name in ("surname", "father_name")}
        if number >= civilians:
            fields |= {"number": f"{power[0].upper()}{number + 100_000}", "rank": dice.choice(_RANKS)}
        people.append(Invented(_written(fields, power), _written(_slipped(fields, dice), holder)))
        before = fields
    return tuple(people)


def _slipped(true: Mapping[str, str], dice: random.Random) -> dict[str, str]:
    """What a clerk made of it: a letter too few, day and month exchanged, a year off, a name left out or in the wrong column."""
    fields = dict(true)
    year, month, day = fields["birth_date"].split("-")
    slip = dice.random()
    if slip < 0.05 and int(day) <= 12:
        fields["birth_date"] = f"{year}-{day}-{month}"
    elif slip < 0.09:
        fields["birth_date"] = f"{int(year) + 1}-{month}-{day}"
    elif slip < 0.15:
        fields["birth_date"] = year
    if dice.random() < 0.1:
        at = dice.randrange(1, len(fields["surname"]))
        fields["surname"] = fields["surname"][:at] + fields["surname"][at + 1 :]
    slip = dice.random()
    if slip < 0.05:
        fields["given_names"] = fields["given_names"][0] + "."
    elif slip < 0.08:
        fields["surname"], fields["given_names"] = fields["given_names"], fields["surname"]
    if dice.random() < 0.2:
        del fields["father_name"]
    if dice.random() < 0.6:
        fields.pop("number", None)
    return fields


def _written(fields: Mapping[str, str], office: str) -> dict[str, str]:
    """The same in the letters of an office, and its dates in its own order."""
    if LETTERS.get(office) != "cyrillic":
        return dict(fields)
    out = {
        name: value.lower().translate(_CYRILLIC).title() if name in _NAMES else value for name, value in fields.items()
    }
    if "rank" in out:
        out["rank"] = _RANKS_IN_CYRILLIC[out["rank"]]
    out["birth_date"] = ".".join(reversed(out["birth_date"].split("-")))
    return out


def _name(dice: random.Random) -> str:
    return dice.choice(_FIRST) + dice.choice(_MIDDLE) + dice.choice(_LAST)
