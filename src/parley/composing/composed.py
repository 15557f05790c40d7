"""From a pool and a policy to a lottery that can be published: read, compose, check, share the chances, prove them.

Fairness comes before vehicles: the lottery runs over every list that the stages of the policy leave equally good, and the fewest
vehicles are said beside it, so that no bus decides about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from parley.composing.batches import Model, build, compose
from parley.composing.certificate import Height, measured, prove
from parley.composing.errors import ComposingBroken
from parley.composing.infeasible import Infeasible, conflicts
from parley.composing.lottery import leximin
from parley.composing.policy import Policy, Site, read_policy
from parley.composing.pool import Person, Pool, read_pool
from parley.composing.published import Class, Published, Unit, certificate_json, digest, lottery_json
from parley.composing.recheck import recheck
from parley.composing.stages import Staged


@dataclass(frozen=True)
class Composed:
    """Everything that was made of a pool and a policy."""

    policy: Policy
    pool: Pool
    model: Model
    staged: Staged
    published: Published
    heights: tuple[Height, ...]

    @cached_property
    def commitment(self) -> str:
        """The SHA-256 of the lottery's file, which is published before anybody reveals a seed."""
        return digest(lottery_json(self.published))

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody in the pool by code."""
        return {person.code: person for person in self.pool.people}

    @cached_property
    def lot_of(self) -> Mapping[str, int]:
        """The lot of each person who takes part in the lottery."""
        return {code: lot for lot, units in enumerate(self.published.units) for unit in units for code in unit.people}

    def certificate(self, versions: Mapping[str, str]) -> bytes:
        """Return the certificate's file."""
        stages = [{"bound": one.bound, "name": one.name, "value": one.value} for one in self.staged.stages]
        return certificate_json(self.published.lottery, self.commitment, stages, versions)


STEPS = ("reading", "stages", "chances", "proof")
"""What composing does, in order; whoever waits is told at the beginning of each."""


def compose_under(pool_csv: bytes, policy_toml: bytes, tell: Callable[[str], None] = lambda _step: None) -> Composed:
    """Compose; raises ComposingBroken. Where nothing fulfils the policy, it says which clauses cannot hold together.

    ``tell`` is called with each of STEPS as it begins; what it raises ends the work.
    """
    tell("reading")
    policy = read_policy(policy_toml)
    pool = read_pool(pool_csv, policy)
    model = build(pool, policy)
    tell("stages")
    try:
        staged = compose(model)
    except ComposingBroken as broken:
        if broken.code != "composing.infeasible":
            raise
        opened = build(pool, replace(policy, sites=tuple(Site(name=one.name) for one in policy.sites)))
        raise Infeasible(conflicts(model.program, opened.program if policy.sites else None)) from None
    recheck(model, staged.values)
    tell("chances")
    lottery = measured(staged.program, leximin(staged.program, staged.values))
    for values in lottery.lists:
        recheck(model, values)
    published = Published(
        program=staged.program,
        units=_units(model),
        classes=_classes(model),
        lottery=lottery,
        files={"policy.toml": digest(policy_toml), "pool.csv": digest(pool_csv), "frozen pool": pool.commitment},
    )
    tell("proof")
    return Composed(policy, pool, model, staged, published, prove(staged.program, lottery))


def with_lottery(pool_csv: bytes, policy_toml: bytes, published: Published) -> Composed:
    """Return what a committed lottery was made of, without sharing the chances anew; raises ComposingBroken.

    The stages are solved again: their values are equal everywhere, and the committed lists are the ones that are drawn from.
    """
    policy = read_policy(policy_toml)
    pool = read_pool(pool_csv, policy)
    model = build(pool, policy)
    if _units(model) != published.units:
        raise ComposingBroken("draw.changed", file="groups.csv")
    return Composed(policy, pool, model, compose(model), published, prove(published.program, published.lottery))


def _units(model: Model) -> tuple[tuple[Unit, ...], ...]:
    return tuple(
        tuple(Unit(unit[0].code, tuple(person.code for person in unit)) for unit in units)
        for group in model.groups
        for _, units in group.slices
    )


def _classes(model: Model) -> tuple[Class, ...]:
    found: list[Class] = []
    first = 0
    for number, group in enumerate(model.groups):
        lots = tuple(range(first, first + len(group.slices)))
        first += len(group.slices)
        batches = tuple(
            (batch, model.places[number, batch]) for batch in model.policy.batches if (number, batch) in model.places
        )
        found.append(Class(lots, batches))
    return tuple(found)
