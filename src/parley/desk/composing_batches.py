"""Composes a case's batches under a policy, from what the record says of each person, and redoes what another desk proposed.

The pool is everybody on the frozen final lists who has not gone yet; the record knows of each line its side, category and grade,
so every desk can redo such a composition. Where the policy asks for more (places, dates, families), a pool file with the same
lines is handed over to whoever shall redo it. The chance is the seeds that all committed to and revealed (the law of batches, 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parley.acts import BatchPlan
from parley.composing.composed import Composed, compose_under
from parley.composing.draw import Chance, Drawn, draw, revealed, undrawn
from parley.composing.errors import ComposingBroken
from parley.composing.policy import Policy, read_policy
from parley.composing.published import digest, table
from parley.desk.place import Place
from parley.process.batches import begun, can_go, numbers, seeds_of
from parley.process.state import State
from parley.words import ActId, Digest, LineId, Lines, ParticipantName

CIVILIAN = "civilian"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBatches:
    """What a policy and the draw make of a case's final lists; the chance is of kind ``none`` before all seeds are revealed."""

    composed: Composed
    drawn: Drawn
    plans: tuple[BatchPlan, ...]
    policy: Digest
    pool: bytes
    from_record: bool
    """Whether the pool is what the record itself knows, and no file."""


def pool_of(state: State, policy: Policy) -> bytes:
    """Return the pool that the record itself knows: code, side, rank (the grade), civilian, and category if the policy has it."""
    columns = ["code", "side", "rank", CIVILIAN, *(name for name in ("category",) if name in policy.words)]
    rows: list[tuple[str, ...]] = []
    for side in policy.sides:
        for line in sorted(can_go(state, ParticipantName(side))):
            known = state.lists.lines[line]
            civilian = "yes" if known.category == CIVILIAN else "no"
            rows.append((line, side, known.grade, civilian, known.category)[: len(columns)])
    return table(columns, rows)


def compose_case(
    state: State, policy_toml: bytes, pool_csv: bytes = b"", tell: Callable[[str], None] = lambda _step: None
) -> CaseBatches:
    """Compose and draw; raises ComposingBroken, also ``composing.other_lines`` where a pool file holds other people.

    The same record, policy and pool give the same plans at every desk. ``tell`` hears of each step (``composed.STEPS``).
    """
    policy = read_policy(policy_toml)
    data = pool_csv or pool_of(state, policy)
    composed = compose_under(data, policy_toml, tell)
    _check_lines(state, composed)
    drawn = draw(composed.published, composed.commitment, chance_of(state))
    first = sum(begun(state, number) for number in numbers(state))
    gives: dict[int, dict[ParticipantName, list[LineId]]] = {}
    for batch, _, unit in drawn.going:
        for code in unit.people:
            side = ParticipantName(composed.people[code].side)
            gives.setdefault(first + batch, {}).setdefault(side, []).append(LineId(code))
    plans = tuple(
        BatchPlan(number, {side: Lines.among(lines) for side, lines in sorted(gives[number].items())})
        for number in sorted(gives)
    )
    return CaseBatches(
        composed=composed,
        drawn=drawn,
        plans=plans,
        policy=Digest(digest(policy_toml)),
        pool=data,
        from_record=not pool_csv,
    )


def chance_of(state: State) -> Chance:
    """Return the chance of everybody's seeds; none before all are revealed."""
    seeds = seeds_of(state)
    if seeds is None:
        return undrawn()
    commitments = {str(name): str(state.batches.commitments[name]) for name in seeds}
    return revealed(commitments, {str(name): seed for name, seed in seeds.items()})


def check_by_redoing(desk: Place, composition: ActId, policy_toml: bytes, pool_csv: bytes = b"") -> CaseBatches:
    """Redo a proposed composition; raises ComposingBroken ``composing.other_policy``, ``composing.redo_differs``."""
    if desk.find(composition).envelope.body["policy"] != digest(policy_toml):
        raise ComposingBroken("composing.other_policy")
    found = compose_case(desk.state, policy_toml, pool_csv)
    check_same(desk, composition, found)
    return found


def check_same(desk: Place, composition: ActId, found: CaseBatches) -> None:
    """Compare what was composed here with what is proposed; raises as ``check_by_redoing`` does."""
    if desk.find(composition).envelope.body["policy"] != found.policy:
        raise ComposingBroken("composing.other_policy")
    proposed = desk.state.batches.compositions[composition]
    own = {one.batch: dict(one.gives) for one in found.plans}
    theirs = {one.batch: dict(one.gives) for one in proposed.plans}
    for number in sorted(own.keys() | theirs.keys()):
        if own.get(number) != theirs.get(number):
            raise ComposingBroken("composing.redo_differs", batch=number)


def check_still(state: State, found: CaseBatches) -> None:
    """Look whether the record still has the people, grades and seeds of a composition; raises ComposingBroken.

    ``composing.other_lines``: other people can go now. ``composing.moved_on``: what is known of them, or the chance, is another.
    """
    _check_lines(state, found.composed)
    known = pool_of(state, found.composed.policy) if found.from_record else found.pool
    if chance_of(state) != found.drawn.chance or known != found.pool:
        raise ComposingBroken("composing.moved_on")


def _check_lines(state: State, composed: Composed) -> None:
    for side in composed.policy.sides:
        there = {one.code for one in composed.pool.people if one.side == side}
        there |= {one.code for one in composed.pool.removed if one.side == side}
        other = there ^ can_go(state, ParticipantName(side))
        if other:
            raise ComposingBroken("composing.other_lines", line=min(other))
