"""Finds people of one register who may be one, across scripts and spellings, and says why; it merges nobody.

What somebody is called is taken from the claims that stand, one of each kind. Whoever sees the pairs judges them; the judgements
are kept by the office (``parley.store.office``), never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.registers.claims import Claim, PersonId
from parley.registers.comparable import comparable
from parley.registers.explaining import Explanation, explain
from parley.registers.finding import Found, find_doubles
from parley.registers.judgements import Judgement
from parley.registers.zones import REVIEW, ZONES

COMPARED: Final[Mapping[str, str]] = {
    "full_name": "full_name",
    "surname": "surname",
    "given": "given_names",
    "patronymic": "father_name",
    "dob": "birth_date",
    "sex": "sex",
    "rank": "rank",
    "unit": "unit",
    "birthplace": "birth_place",
    "service_no": "number",
    "event_place": "event_place",
    "event_date": "event_date",
}
"""What the matching compares, and the field of the register that holds it."""
_DATES: Final = frozenset({"dob", "event_date"})


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people who may be one, the earlier entered first."""

    a: PersonId
    b: PersonId
    probability: float
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """The pairs that the matching proposes or would have reviewed, the likeliest first, and what explains each."""

    pairs: tuple[Alike, ...]
    found: Found
    columns: Mapping[str, Sequence[str]]
    row_of: Mapping[PersonId, int]

    def why(self, a: PersonId, b: PersonId) -> Explanation | None:
        """Explain one pair, or return None where one of the two was not among those compared."""
        rows = sorted(self.row_of[one] for one in (a, b) if one in self.row_of)
        return explain(self.found, self.columns, self.columns, *rows) if len(rows) == 2 else None


def spelled_alike(
    everybody: Iterable[tuple[PersonId, Sequence[Claim]]],
    *,
    judged: Iterable[Judgement] = (),
    done: Callable[[int], None] | None = None,
) -> Doubles:
    """Compare everybody with everybody; ``judged`` moves the weights, ``done`` is told how many were looked for."""
    columns: dict[str, list[str]] = {name: [] for name in COMPARED}
    people: list[PersonId] = []
    for person, claims in everybody:
        people.append(person)
        for name, field in COMPARED.items():
            first = next((one.said for one in claims if one.said.field == field and not one.withdrawn_by), None)
            columns[name].append(
                "" if first is None else first.value.rstrip("?~%") if name in _DATES else first.written
            )
    ids = [str(one) for one in people]
    found = find_doubles(comparable(columns, columns, ids, ids), judged=judged, done=done)
    rows = zip(
        found.rows_a.tolist(),
        found.rows_b.tolist(),
        found.assigned.probability.tolist(),
        found.zone.tolist(),
        strict=True,
    )
    pairs = [Alike(people[a], people[b], chance, ZONES[zone]) for a, b, chance, zone in rows if chance >= REVIEW]
    pairs.sort(key=lambda one: (-one.probability, one.a, one.b))
    return Doubles(
        pairs=tuple(pairs), found=found, columns=columns, row_of={one: row for row, one in enumerate(people)}
    )
