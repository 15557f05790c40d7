"""Every answer is checked again, person by person, by code that knows the policy but no solver and no groups' columns.

It counts people, not numbers of a program: whoever made a mistake in building the program cannot hide it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from parley.composing.batches import Model
from parley.composing.errors import ComposingBroken
from parley.composing.policy import Policy, Quota
from parley.composing.pool import Person

Batches = Mapping[int, Sequence[Person]]


def placed(model: Model, values: Sequence[int]) -> dict[int, list[Person]]:
    """Return the people of each batch for column values: in each slice the first units by code, batch by batch."""
    found: dict[int, list[Person]] = {batch: [] for batch in model.policy.batches}
    for number, group in enumerate(model.groups):
        queue = [
            unit for at, (_, units) in enumerate(group.slices) for unit in units[: values[model.chosen[number, at]]]
        ]
        for batch in model.policy.batches:
            column = model.places.get((number, batch))
            count = values[column] if column is not None else 0
            for unit in queue[:count]:
                found[batch] += unit
            queue = queue[count:]
        if queue:
            raise ComposingBroken("composing.failed_recheck", row=f"group {number}")
    return found


def recheck(model: Model, values: Sequence[int]) -> None:
    """Check one list against the policy; raises ComposingBroken ``composing.failed_recheck``."""
    found = placed(model, values)
    for clause in broken_clauses(model.policy, found, families(model)):
        raise ComposingBroken("composing.failed_recheck", row=clause)


def families(model: Model) -> Mapping[str, tuple[str, ...]]:
    """Return for each person whose unit has several people the codes of all of them."""
    units = (unit for group in model.groups for _, slice_ in group.slices for unit in slice_ if len(unit) > 1)
    return {person.code: tuple(one.code for one in unit) for unit in units for person in unit}


def broken_clauses(policy: Policy, batches: Batches, families: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """Yield each clause of the policy that these people break."""
    where = {person.code: batch for batch, people in batches.items() for person in people}
    if len(where) != sum(len(people) for people in batches.values()):
        yield "somebody goes twice"
    for code, together in families.items():
        if {where.get(one) for one in together} != {where.get(code)}:
            yield "family"
            break
    sides = {
        side: {batch: [one for one in batches[batch] if one.side == side] for batch in batches} for side in policy.sides
    }
    for side, own in sides.items():
        yield from _sizes(policy, side, own)
        for quota in policy.quotas:
            if side in quota.sides and not _quota_kept(quota, policy.sizes[side], own):
                yield f"quota {quota.name} · {side}"
        yield from _transport(policy, side, own)
    yield from _shared(policy, sides, where)


def _sizes(policy: Policy, side: str, own: Batches) -> Iterable[str]:
    for batch, size in zip(policy.batches, policy.sizes[side], strict=True):
        if len(own[batch]) > size or (policy.at_least is None and len(own[batch]) != size):
            yield f"batches · {side} · {batch}"
    if policy.at_least is not None and sum(len(one) for one in own.values()) < policy.at_least * policy.ratio[side]:
        yield f"at_least · {side}"


def _quota_kept(quota: Quota, sizes: Sequence[int], own: Batches) -> bool:
    counts = [sum(quota.when.holds(one.values) for one in own[batch]) for batch in own]
    total = sum(counts)
    kept = (quota.least is None or total >= quota.least) and (quota.most is None or total <= quota.most)
    for count, size in zip(counts, sizes, strict=True):
        kept &= quota.batch_least is None or count >= quota.batch_least
        kept &= quota.batch_most is None or count <= quota.batch_most
        kept &= quota.batch_percent_least is None or 100 * count >= quota.batch_percent_least * size
        kept &= quota.batch_percent_most is None or 100 * count <= quota.batch_percent_most * size
    return kept


def _transport(policy: Policy, side: str, own: Batches) -> Iterable[str]:
    transport = policy.transport
    sites = {site.name: site for site in policy.sites}
    for batch, people in own.items():
        at: dict[str, int] = {}
        for person in people:
            at[person.site] = at.get(person.site, 0) + 1
        if any(name in sites and not sites[name].open_in(batch) for name in at):
            yield f"site · {side} · {batch}"
        if transport.most_sites is not None and len(at) > transport.most_sites:
            yield f"max_sites · {side} · {batch}"
        seats, lying = transport.seats, transport.stretcher_when
        runs = sum(-(-count // seats) for count in at.values()) if seats is not None else 0
        if transport.fleet is not None and runs > transport.fleet:
            yield f"fleet · {side} · {batch}"
        stretchers = sum(lying.holds(one.values) for one in people) if lying is not None else 0
        if transport.stretchers is not None and stretchers > transport.stretchers:
            yield f"stretchers · {side} · {batch}"


def _shared(policy: Policy, sides: Mapping[str, Batches], where: Mapping[str, int]) -> Iterable[str]:
    for number, pair in enumerate(policy.named, start=1):
        if len(policy.sides) == 2 and len({where.get(code) for code in pair.values()}) > 1:
            yield f"named {number}"
    if policy.points is None or len(policy.sides) < 2:
        return
    points = policy.points
    one, other = (
        list(
            accumulate(
                sum(points.of.get(str(who.values[points.column]), 0) for who in sides[side][batch])
                for batch in sides[side]
            )
        )
        for side in policy.sides
    )
    for batch, first, second in zip(policy.batches, one, other, strict=True):
        if abs(first - second) > points.balance:
            yield f"points · {batch}"
