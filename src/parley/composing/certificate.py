"""Proof that nobody shifted weight between legal lists: for each height of the chances, multipliers that anybody can add up.

For any multipliers, adding up the rules bounds what those who rise together can reach while those below keep what they have (weak
duality). Nothing has to be believed: the bound is computed here in fractions from the published numbers, and wrong multipliers
only give a bound that the chances do not reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Final

from parley.composing.chances import Level
from parley.composing.errors import ComposingBroken
from parley.composing.lottery import WEIGHT, Lottery
from parley.composing.program import Program, Row

WITHIN: Final = Fraction(1, 10**6)
"""Every chance must lie so near to its proven height."""
LEAST_SHARE: Final = Fraction(1, 10**7)
"""A lot belongs to a height only if it carries at least so much of the proof."""


@dataclass(frozen=True, slots=True)
class Height:
    """A proven height: nobody can raise all of ``lots`` above ``bound`` without lowering somebody who has no more."""

    lots: tuple[int, ...]
    bound: Fraction


def measured(program: Program, lottery: Lottery) -> Lottery:
    """Return a lottery with how far its chances are from their proven heights, where the work allowed ran out before."""
    if not lottery.apart:
        return lottery
    chances = lottery.chances(program)
    heights = prove(program, replace(lottery, apart=WEIGHT))
    far = max(abs(chances[lot] - one.bound) for one in heights for lot in one.lots)
    return replace(lottery, apart=max(1, ceil(far * WEIGHT)))


def prove(program: Program, lottery: Lottery) -> tuple[Height, ...]:
    """Return the proven heights; raises ComposingBroken ``composing.failed_recheck`` where a chance is off its height.

    Off is more than WITHIN, or than what the lottery itself says (``apart``).
    """
    within = max(WITHIN, Fraction(lottery.apart, WEIGHT))
    rows = (*program.rows, *lottery.cuts)
    chances = lottery.chances(program)
    settled: dict[int, Fraction] = {}
    heights: list[Height] = []
    for number, level in enumerate(lottery.levels, start=1):
        found = bound(program, rows, level, settled)
        wrong = found is None or any(abs(chances[lot] - found) > within for lot in level.lots)
        if found is None or wrong or settled.keys() & set(level.lots):
            raise ComposingBroken("composing.failed_recheck", row=f"height {number}")
        kept = found if lottery.apart else min(chances[lot] for lot in level.lots)
        settled |= dict.fromkeys(level.lots, kept)
        heights.append(Height(level.lots, found))
    if len(settled) != len(program.lots):
        raise ComposingBroken("composing.failed_recheck", row="heights")
    return tuple(heights)


def bound(program: Program, rows: Sequence[Row], level: Level, settled: dict[int, Fraction]) -> Fraction | None:
    """Return what the multipliers of a level prove, given what earlier lots keep; nothing where they prove nothing."""
    worth = [0] * len(program.uppers)
    shared, kept = 0, Fraction(0)
    shares: dict[int, int] = {}
    for at, dual in level.lot_duals:
        lot = program.lots[at]
        if dual < 0:
            return None
        for column in lot.columns:
            worth[column] += dual
        if at in settled:
            kept += settled[at] * dual * lot.members
        else:
            shares[at] = dual * lot.members
            shared += dual * lot.members
    most = 0
    for at, dual in level.row_duals:
        limit = rows[at].high if dual > 0 else rows[at].low
        if limit is None:
            return None
        most += dual * limit
        for column, coefficient in rows[at].terms:
            worth[column] -= dual * coefficient
    most += sum(upper * max(0, left) for upper, left in zip(program.uppers, worth, strict=True))
    if any(shares.get(lot, 0) < LEAST_SHARE * shared for lot in level.lots) or not shared:
        return None
    return (most - kept) / shared
