"""Groups of people between whom the policy makes no difference but the score, so that a list is a few numbers, not names.

Two units (persons or families) are in one group when every rule counts them alike: side, size, places of detention, each quota,
class and weight. In a group a higher score goes first, so equal scores form a *slice*, and those below as many as could ever go
are left out of the calculation ("dominance"); they stay in the pool and in the reserve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.composing.policy import Policy
from parley.composing.pool import Person, Pool

Unit = tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Units with the same columns of rules; ``counts`` by quota, priority, then stretchers and points (see ``Counted``)."""

    side: str
    size: int
    sites: tuple[tuple[str, int], ...]
    counts: tuple[int, ...]
    named: int
    """The number of the named exchange it belongs to, 0 for none."""
    slices: tuple[tuple[int, tuple[Unit, ...]], ...]
    """Score and units, the highest score first; each slice is whole."""
    dominated: tuple[Unit, ...]
    """Units that are never needed, because enough of the same group have a higher score."""

    @property
    def units(self) -> int:
        """How many units can be chosen."""
        return sum(len(units) for _, units in self.slices)


class Counted:
    """What each person counts for, by place: one number for each quota and priority, then stretcher, then points."""

    def __init__(self, policy: Policy) -> None:
        """Fix the places and the columns that matter."""
        self._policy = policy
        self.conditions = [
            *(quota.when for quota in policy.quotas),
            *(one.when for one in policy.priorities if one.when is not None),
            *([policy.transport.stretcher_when] if policy.transport.stretcher_when else []),
        ]
        quotas, classes = len(policy.quotas), sum(one.when is not None for one in policy.priorities)
        self.of_quota = {quota.name: at for at, quota in enumerate(policy.quotas)}
        named = [one.name for one in policy.priorities if one.when is not None]
        self.of_priority = {name: quotas + at for at, name in enumerate(named)}
        self.stretchers = quotas + classes
        self.points = len(self.conditions)
        fields = {name for condition in self.conditions for name in condition.fields}
        self._fields = tuple(sorted(fields | ({policy.points.column} if policy.points else set())))
        self._known: dict[tuple[object, ...], tuple[int, ...]] = {}

    def person(self, person: Person) -> tuple[int, ...]:
        """Return what a person counts for."""
        values = person.values
        key = tuple([values[name] for name in self._fields])
        found = self._known.get(key)
        if found is None:
            points = self._policy.points
            worth = points.of.get(str(values[points.column]), 0) if points else 0
            found = self._known[key] = (*(int(one.holds(values)) for one in self.conditions), worth)
        return found

    def unit(self, unit: Unit) -> tuple[int, ...]:
        """Return what a unit counts for: the sum of its people."""
        if len(unit) == 1:
            return self.person(unit[0])
        return tuple(sum(column) for column in zip(*(self.person(one) for one in unit), strict=True))


def score_of(unit: Unit, policy: Policy) -> int:
    """Return a unit's score: the sum of its people's whole steps."""
    total = 0
    for one in policy.priorities:
        if one.score:
            for person in unit:
                value = person.values[one.score]
                total += value // one.step if isinstance(value, int) else 0
    return total


def group(pool: Pool, policy: Policy, needed: str = "") -> tuple[Group, ...]:
    """Return the groups of a pool in a fixed order: by what they count for, never by who is in them.

    ``needed``: nobody of this person's score or above is left out, so that it can be asked what it costs to choose them.
    """
    counted = Counted(policy)
    named = {code: number for number, pair in enumerate(policy.named, start=1) for code in pair.values()}
    kept: dict[tuple[object, ...], dict[int, list[Unit]]] = {}
    for unit in pool.units:
        sites: Mapping[str, int] | tuple[tuple[str, int], ...]
        if len(unit) == 1:
            sites = ((unit[0].site, 1),)
        else:
            names = [person.site for person in unit]
            sites = tuple(sorted((name, names.count(name)) for name in set(names)))
        number = next((named[person.code] for person in unit if person.code in named), 0) if named else 0
        key = (unit[0].side, len(unit), sites, counted.unit(unit), number)
        kept.setdefault(key, {}).setdefault(score_of(unit, policy), []).append(unit)
    places = {side: sum(sizes) for side, sizes in policy.sizes.items()}
    return tuple(_group(key, kept[key], places, needed) for key in sorted(kept))


def _group(key: Sequence[object], scores: Mapping[int, list[Unit]], places: Mapping[str, int], needed: str) -> Group:
    side, size, sites, counts, named = key
    assert isinstance(side, str)
    assert isinstance(size, int)
    slices: list[tuple[int, tuple[Unit, ...]]] = []
    dominated: list[Unit] = []
    ahead = 0
    wanted = [
        score for score, units in scores.items() if needed and any(one.code == needed for unit in units for one in unit)
    ]
    for score in sorted(scores, reverse=True):
        if ahead * size >= places[side] and not (wanted and score >= wanted[0]):
            dominated += scores[score]
        else:
            slices.append((score, tuple(scores[score])))
            ahead += len(scores[score])
    return Group(
        side=side,
        size=size,
        sites=sites,  # type: ignore[arg-type]
        counts=counts,  # type: ignore[arg-type]
        named=named,  # type: ignore[arg-type]
        slices=tuple(slices),
        dominated=tuple(dominated),
    )
