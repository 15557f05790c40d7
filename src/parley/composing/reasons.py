"""Why this person goes or does not: one of four reasons, each with figures that can be checked, never a place among others.

Not in the frozen pool (who, which reason code); a class ahead took the places; the places are bounded by rules that are full in
every possible list; the draw, with the chance as a fraction. For a refusal by priority it can be asked what it would cost to have
this person go all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from parley.composing.batches import build, compose
from parley.composing.composed import Composed
from parley.composing.draw import Drawn
from parley.composing.errors import ComposingBroken
from parley.composing.infeasible import clause_of
from parley.composing.program import Row
from parley.composing.published import Published
from parley.composing.recheck import broken_clauses, families
from parley.composing.vehicles import NAME as FEWEST_VEHICLES

REASONS = ("removed", "ahead", "bounded", "draw")
LIMITING = ("quota", "stretchers", "fleet", "max_sites")
"""Clauses that can be full; that the batches themselves are full says nothing about a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One of REASONS; the batch if the person goes; the chance; rules that are always full; who removed and why."""

    kind: str
    batch: int | None = None
    chance: Fraction = Fraction(0)
    members: int = 0
    full: tuple[tuple[str, int], ...] = ()
    """Rule and its limit, for each that is full in every possible list."""
    ahead: Mapping[str, int] = field(default_factory=dict)
    """What each stage reached: the places that classes ahead took."""
    by: str = ""
    code: str = ""


def explain(composed: Composed, drawn: Drawn | None, code: str) -> Reason:
    """Return the reason for one person; raises ComposingBroken ``composing.no_such_code``."""
    gone = next((one for one in composed.pool.removed if one.code == code), None)
    if gone is not None:
        return Reason(kind="removed", by=gone.by, code=gone.reason)
    if code not in composed.people:
        raise ComposingBroken("composing.no_such_code")
    going = {one: batch for batch, _, unit in drawn.going for one in unit.people} if drawn is not None else {}
    ahead = {one.name: one.value for one in composed.staged.stages if one.name != FEWEST_VEHICLES}
    lot = composed.lot_of.get(code)
    if lot is None:
        return Reason(kind="ahead", ahead=ahead)
    chance = composed.published.lottery.chances(composed.published.program)[lot]
    members = composed.published.program.lots[lot].members
    full = _full(composed.published, lot, LIMITING)
    kind = "draw" if 0 < chance < 1 else "bounded" if not chance and full else "ahead"
    return Reason(kind=kind, batch=going.get(code), chance=chance, members=members, full=full, ahead=ahead)


def explain_panel(published: Published, drawn: Drawn, code: str) -> Reason:
    """Return the reason for one person of a panel; raises ComposingBroken ``composing.no_such_code``."""
    lot = next((at for at, units in enumerate(published.units) if any(unit.code == code for unit in units)), None)
    if lot is None:
        raise ComposingBroken("composing.no_such_code")
    chance = published.lottery.chances(published.program)[lot]
    going = {one: batch for batch, _, unit in drawn.going for one in unit.people}
    return Reason(
        kind="draw" if 0 < chance < 1 else "bounded",
        batch=going.get(code),
        chance=chance,
        members=published.program.lots[lot].members,
        full=_full(published, lot, ()),
    )


def _full(published: Published, lot: int, limiting: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return the clauses (of a panel: any but the first, the seats) that count this lot and are full in every list."""
    program, lottery = published.program, published.lottery
    group = next(at for at, one in enumerate(published.classes) if lot in one.lots)
    columns = {column for _, column in published.classes[group].batches}
    found: list[tuple[str, int]] = []
    for row in program.rows if limiting else program.rows[1:]:
        if row.high is None or (limiting and not clause_of(row).startswith(limiting)):
            continue
        counts = columns & {column for column, _ in row.terms}
        if counts and all(row.value(values) == row.high for values in lottery.lists):
            found.append((row.name, row.high))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs to have a person go: the first stage that falls, from what to what; no stage: it costs nothing."""

    stage: str
    before: int
    after: int | None
    """None: no lists exist with this person."""


def cost_of(composed: Composed, code: str) -> Cost:
    """Compose again with this person forced in, and return the first stage that falls; raises ComposingBroken."""
    if code not in composed.people:
        raise ComposingBroken("composing.no_such_code")
    model = build(composed.pool, composed.policy, needed=code)
    column = next(
        model.chosen[number, at]
        for number, group in enumerate(model.groups)
        for at, (_, units) in enumerate(group.slices)
        for unit in units
        if any(person.code == code for person in unit)
    )
    forced = model.program.with_rows([Row("forced", ((column, 1),), 1, None)])
    try:
        found = compose(model, forced)
    except ComposingBroken as broken:
        if broken.code != "composing.infeasible":
            raise
        first = composed.staged.stages[0] if composed.staged.stages else None
        return Cost(first.name if first else "", first.value if first else 0, None)
    for before, after in zip(composed.staged.stages, found.stages, strict=False):
        if after.value < before.value:
            return Cost(before.name, before.value, after.value)
    return Cost("", 0, 0)


def swap_breaks(composed: Composed, drawn: Drawn, first: str, second: str) -> tuple[str, ...]:
    """Return the clauses that break if two people change places, one going and one not or both in other batches.

    What they would change of the stages is not said here: it is a question of rules alone. Raises ComposingBroken.
    """
    if not {first, second} <= composed.people.keys():
        raise ComposingBroken("composing.no_such_code")
    where = {code: batch for batch, _, unit in drawn.going for code in unit.people}
    if first not in where and second not in where:
        raise ComposingBroken("composing.not_swappable", row="neither goes")
    changed = {**where}
    for code, other in ((first, second), (second, first)):
        changed.pop(code, None)
        if other in where:
            changed[code] = where[other]
    batches = {
        batch: [composed.people[code] for code, there in sorted(changed.items()) if there == batch]
        for batch in composed.policy.batches
    }
    return tuple(broken_clauses(composed.policy, batches, families(composed.model)))
