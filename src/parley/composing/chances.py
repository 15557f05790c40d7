"""How the chances are shared: nobody's chance can be raised without lowering somebody's who has no more (leximin).

The worst-off are raised together as far as the rules allow; whoever holds the others back is fixed at that height, and the rest
rises on ("progressive filling"). It is done on sums of chances, not on lists: the rules without the demand for whole people are
a linear program, and each height comes with dual values that prove it. A lottery over whole lists that reaches these chances is
therefore leximin among all lotteries; where none reaches them, a cut that every whole list fulfils is added and it begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from parley.composing.program import Numbers, Program
from parley.composing.solving import INFINITE, Solver, add_row, loaded, solved

SCALE: Final = 10**12
"""Dual values are published as whole numbers over this one."""
LEAST_SHARE: Final = 1e-6
"""A lot is fixed at a height only if it carries at least so much of the proof of it."""


@dataclass(frozen=True, slots=True)
class Level:
    """One height: the lots that stop there, and the multipliers (over SCALE) that prove that they must.

    ``lot_duals`` of the lots that stop here, before, and later; ``row_duals`` by row: positive for the upper limit, negative for
    the lower one.
    """

    height: float
    lots: tuple[int, ...]
    lot_duals: tuple[tuple[int, int], ...]
    row_duals: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """Heights in rising order; the places of each lot and the columns of one point that reaches them all."""

    levels: tuple[Level, ...]
    places: Numbers
    point: Numbers


def fill(program: Program) -> Filled | None:
    """Return the leximin heights of the rules without the demand for whole people; nothing where no lists exist at all."""
    model = loaded(program, whole=False, exact=True)
    first, height = len(program.rows), len(program.uppers)
    model.addVar(-1.0, 2.0)
    model.changeColCost(height, 1.0)
    for lot in program.lots:
        add_row(model, (*lot.columns, height), (*[1.0] * len(lot.columns), -float(lot.members)), 0.0, INFINITE)
    members = np.array([float(lot.members) for lot in program.lots])
    fixed = np.full(len(program.lots), -1.0)
    levels: list[Level] = []
    point = np.zeros(height)
    while (fixed < 0).any():
        found = _run(model, first, members, fixed)
        if found is None:
            return None
        point = found[:height]
        level, at = _level(program, model, first, fixed, float(found[height])), float(found[height])
        levels.append(level)
        for number in level.lots:
            fixed[number] = at
            model.changeCoeff(first + number, height, 0.0)
            model.changeRowBounds(first + number, _least(members[number], at), INFINITE)
    return Filled(tuple(levels), np.maximum(fixed, 0.0) * members, point)


def _least(members: float, height: float) -> float:
    return max(0.0, float(members * height) - 1e-11)


def _run(model: Solver, first: int, members: Numbers, fixed: Numbers) -> Numbers | None:
    found = solved(model)
    for attempt in range(4):
        if found is not None:
            return found
        model.clearSolver()
        if attempt:  # rounding: every height reached before is let down by a ten thousand millionth
            for lot in np.flatnonzero(fixed >= 0):
                fixed[lot] -= 1e-10
                model.changeRowBounds(first + int(lot), _least(members[lot], fixed[lot]), INFINITE)
        found = solved(model)
    return found


def _level(program: Program, model: Solver, first: int, fixed: Numbers, height: float) -> Level:
    duals = np.array(model.getSolution().row_dual)
    of_lots = np.maximum(0.0, -duals[first:])
    members = np.array([float(lot.members) for lot in program.lots])
    shares = of_lots * members
    rising = fixed < 0
    stop = np.flatnonzero(rising & (shares > LEAST_SHARE))
    if not len(stop):
        stop = np.array([int(np.argmax(np.where(rising, shares, -1.0)))])
    low, high = program.limits
    of_rows = np.where(
        ((duals[:first] > 0) & np.isfinite(high)) | ((duals[:first] < 0) & np.isfinite(low)), duals[:first], 0
    )
    return Level(height, tuple(int(one) for one in stop), _whole(of_lots), _whole(of_rows))


def _whole(values: Numbers) -> tuple[tuple[int, int], ...]:
    return tuple((int(at), round(float(values[at]) * SCALE)) for at in np.flatnonzero(np.abs(values) * SCALE >= 1))
