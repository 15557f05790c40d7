"""What the order of the stages costs: each later stage put first, and what it and all the others would reach then.

The policy says which stage counts before which. Whoever agrees to it may ask what that order takes from the later stages; nothing
here changes the order, and the vehicles, which come last and decide about nobody, are not asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parley.composing.composed import Composed
from parley.composing.stages import solve_stages


@dataclass(frozen=True, slots=True)
class TradeOff:
    """What every stage would reach if ``first`` came before the others."""

    first: str
    values: Mapping[str, int]


def trade_offs(composed: Composed) -> tuple[TradeOff, ...]:
    """Return, for each stage that would reach more if it came first, what that would give and take; raises ComposingBroken."""
    stages = composed.model.stages
    now = {one.name: one.value for one in composed.staged.stages}
    found: list[TradeOff] = []
    for stage in stages[1:]:
        others = [one for one in stages if one.name != stage.name]
        solved = solve_stages(composed.model.program, [stage, *others])
        values = {one.name: one.value for one in solved.stages}
        if values[stage.name] > now[stage.name]:
            found.append(TradeOff(stage.name, {name: values[name] for name in now if name in values}))
    return tuple(found)
