"""Is it fair, without a name: who could go and who goes by class, region and time held; chances; the lead of either side.

A cell that would tell of a few people is not shown, and neither is the one from which it could be counted back. The page that
shows these figures is in ``briefings.fairness_page``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from parley.composing.composed import Composed
from parley.composing.draw import Drawn
from parley.composing.lottery import WEIGHT
from parley.composing.policy import Policy
from parley.composing.pool import Person
from parley.composing.waves import Wave, convoys, waves

FEWEST = 5
"""A cell of fewer people (but not nobody) is not shown."""
HALF_YEAR = 183


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a table: what it counts, how many could go, how many go; None where a cell is too small to be shown."""

    what: str
    eligible: int | None
    going: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChance:
    """The mean chance of a group of one side before the draw; None where the group is too small to be shown."""

    side: str
    what: str
    chance: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every figure of the report; ``composition``: for each side and batch the people of each class."""

    sizes: Mapping[str, tuple[int, ...]]
    composition: Mapping[str, Mapping[str, tuple[int | None, ...]]]
    shares: Mapping[str, tuple[Share, ...]]
    chances: tuple[tuple[Fraction, int | None], ...]
    """Each chance with how many people have it."""
    apart: float
    """How far the chances are at most from the fairest, where that is not proven to be nought."""
    lead: tuple[Wave, ...]
    stages: tuple[tuple[str, int, int], ...]
    removed: tuple[tuple[str, int | None], ...]


def report(composed: Composed, drawn: Drawn) -> Report:
    """Return the figures of one draw."""
    policy = composed.policy
    where = {code: batch for batch, _, unit in drawn.going for code in unit.people}
    people = list(composed.pool.people)
    sides = {side: [one for one in people if one.side == side] for side in policy.sides}
    classes = _classes(policy)
    composition = {
        side: {name: _hidden(_by_batch(own, where, policy.batches, holds)) for name, holds in classes.items()}
        for side, own in sides.items()
    }
    tables = {f"class · {side}": _shares(own, where, classes) for side, own in sides.items()}
    for side, own in sides.items():
        for word in policy.words:
            names = sorted({str(one.values[word]) for one in own})
            tests = {name or "-": _is(word, name) for name in names}
            tables[f"{word} · {side}"] = _shares(own, where, tests)
        if any("days_held" in one.values for one in own):
            tables[f"half-years held · {side}"] = _shares(own, where, _held(own))
    return Report(
        sizes={side: _by_batch(own, where, policy.batches, lambda _: True) for side, own in sides.items()},
        composition=composition,
        shares=tables,
        chances=_chances(composed),
        apart=composed.published.lottery.apart / WEIGHT,
        lead=_lead(composed, where),
        stages=tuple((one.name, one.value, one.bound) for one in composed.staged.stages),
        removed=_removed(composed),
    )


def group_chances(composed: Composed) -> tuple[GroupChance, ...]:
    """Return, for each side, the mean chance of everybody, of each class of the policy, and of each word of the pool.

    Chances, not outcomes: what the draw gave is luck, what it could have given is what the policy decided.
    """
    lots = composed.published.lottery.chances(composed.published.program)
    chance = {code: lots[lot] for code, lot in composed.lot_of.items()}
    policy = composed.policy
    found: list[GroupChance] = []
    for side in policy.sides:
        own = [one for one in composed.pool.people if one.side == side]
        tables: list[dict[str, Callable[[Mapping[str, int | str | None]], bool]]] = [_classes(policy)]
        tables += [
            {f"{word}: {name or '-'}": _is(word, name) for name in sorted({str(one.values[word]) for one in own})}
            for word in policy.words
        ]
        found.append(_mean(side, "*", own, chance, shown=True))
        for tests in tables:
            insides = {name: [one for one in own if holds(one.values)] for name, holds in tests.items()}
            hidden = _hidden([len(inside) for inside in insides.values()])
            for (name, inside), count in zip(insides.items(), hidden, strict=True):
                if inside:
                    found.append(_mean(side, name, inside, chance, shown=count is not None))
    return tuple(found)


def _mean(
    side: str, what: str, people: Sequence[Person], chance: Mapping[str, Fraction], *, shown: bool
) -> GroupChance:
    total = sum((chance.get(one.code, Fraction(0)) for one in people), Fraction(0))
    mean = total / len(people) if people and shown else None
    return GroupChance(side=side, what=what, chance=mean)


def _classes(policy: Policy) -> dict[str, Callable[[Mapping[str, int | str | None]], bool]]:
    return {
        key.split(" ", 1)[1]: condition.holds
        for key, condition in policy.conditions
        if key.startswith(("quota", "priority"))
    }


def _by_batch(
    people: Sequence[Person],
    where: Mapping[str, int],
    batches: Iterable[int],
    holds: Callable[[Mapping[str, int | str | None]], bool],
) -> tuple[int, ...]:
    return tuple(sum(where.get(one.code) == batch and holds(one.values) for one in people) for batch in batches)


def _shares(
    people: Sequence[Person],
    where: Mapping[str, int],
    tests: Mapping[str, Callable[[Mapping[str, int | str | None]], bool]],
) -> tuple[Share, ...]:
    rows: list[tuple[str, int, int]] = []
    for name, holds in tests.items():
        inside = [one for one in people if holds(one.values)]
        rows.append((name, len(inside), sum(one.code in where for one in inside)))
    eligible, going = _hidden([row[1] for row in rows]), _hidden([row[2] for row in rows])
    return tuple(Share(row[0], could, goes) for row, could, goes in zip(rows, eligible, going, strict=True))


def _hidden(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Hide small cells; where one alone is hidden, the next smallest too, since a total would give it away."""
    hidden = {at for at, count in enumerate(counts) if 0 < count < FEWEST}
    if len(hidden) == 1:
        others = sorted((count, at) for at, count in enumerate(counts) if at not in hidden and count)
        hidden |= {at for _, at in others[:1]}
    return tuple(None if at in hidden else count for at, count in enumerate(counts))


def _is(word: str, name: str) -> Callable[[Mapping[str, int | str | None]], bool]:
    return lambda values: values[word] == name


def _held(people: Sequence[Person]) -> dict[str, Callable[[Mapping[str, int | str | None]], bool]]:
    longest = max((int(one.values["days_held"] or 0) for one in people), default=0) // HALF_YEAR
    return {str(step): _between(step) for step in range(longest + 1)}


def _between(step: int) -> Callable[[Mapping[str, int | str | None]], bool]:
    def held(values: Mapping[str, int | str | None]) -> bool:
        days = values["days_held"]
        return isinstance(days, int) and days // HALF_YEAR == step

    return held


def _chances(composed: Composed) -> tuple[tuple[Fraction, int | None], ...]:
    counts: dict[Fraction, int] = {}
    chances = composed.published.lottery.chances(composed.published.program)
    for chance, units in zip(chances, composed.published.units, strict=True):
        shown = chance.limit_denominator(10**6)
        counts[shown] = counts.get(shown, 0) + sum(len(unit.people) for unit in units)
    dominated = sum(len(unit) for group in composed.model.groups for unit in group.dominated)
    counts[Fraction(0)] = counts.get(Fraction(0), 0) + dominated
    kinds = sorted(counts)
    return tuple(zip(kinds, _hidden([counts[chance] for chance in kinds]), strict=True))


def _lead(composed: Composed, where: Mapping[str, int]) -> tuple[Wave, ...]:
    """Return the order of release over all batches, convoy by convoy, with the lead after each."""
    policy = composed.policy
    largest = policy.transport.seats or policy.max_lead or max(max(sizes) for sizes in policy.sizes.values())
    loads: dict[str, tuple[int, ...]] = dict.fromkeys(policy.sides, ())
    for batch in policy.batches:
        for side in policy.sides:
            size = sum(there == batch and composed.people[code].side == side for code, there in where.items())
            loads[side] += convoys(size, largest)
    return waves(loads, policy.ratio, policy.max_lead)


def _removed(composed: Composed) -> tuple[tuple[str, int | None], ...]:
    counts: dict[str, int] = {}
    for one in composed.pool.removed:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return tuple((reason, None if counts[reason] < FEWEST else counts[reason]) for reason in sorted(counts))
