"""How the chances are shared: nobody's chance can be raised without lowering somebody's who has no more (leximin).

The worst-off are raised together as far as the rules allow; whoever cannot rise further stops at that height, and the rest
rises on ("progressive filling"). It is done on sums of chances, not on lists: the rules without the demand for whole people are
a linear program, and each height comes with dual values that prove it. A lottery over whole lists that reaches these chances is
therefore leximin among all lotteries; where none reaches them, a cut that every whole list fulfils is added and it begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from parley.composing.program import Numbers, Program
from parley.composing.solving import INFINITE, add_row, loaded, solved

SCALE: Final = 10**12
"""Dual values are published as whole numbers over this one."""
RISE: Final = 0.01
"""How far a lot is tried to rise above the common height."""
STILL: Final = 1e-8
"""A rise so small is none."""


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
    filling = _Filling(program)
    levels: list[Level] = []
    while filling.rising.any():
        height = filling.raise_all()
        if height is None:
            return None
        levels.append(filling.stop(height))
    return Filled(tuple(levels), np.maximum(filling.heights, 0.0) * filling.members, filling.point)


class _Filling:
    """One linear program for all heights: ``places - members * (common height + own rise) >= members * height settled``."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.members = np.array([float(lot.members) for lot in program.lots])
        self.heights = np.full(len(program.lots), -1.0)
        self.point = np.zeros(len(program.uppers))
        self._columns, self._rows = len(program.uppers), len(program.rows)
        self._model = loaded(program, whole=False, exact=True)
        self._model.addVar(0.0, 2.0)
        for number, lot in enumerate(program.lots):
            self._model.addVar(0.0, 0.0)
            columns = (*lot.columns, self._columns, self._columns + 1 + number)
            add_row(
                self._model,
                columns,
                (*[1.0] * len(lot.columns), -float(lot.members), -float(lot.members)),
                0.0,
                INFINITE,
            )

    @property
    def rising(self) -> npt.NDArray[np.bool_]:
        """Which lots are not settled."""
        return self.heights < 0

    def _solve(self, least: float, most: float, worth: float, own: npt.NDArray[np.bool_]) -> Numbers | None:
        """Maximise the common height between limits and the own rises of some lots; return the columns."""
        model, lots = self._model, len(self.members)
        numbers = np.arange(self._columns + 1, self._columns + 1 + lots, dtype=np.int32)
        model.changeColBounds(self._columns, least, most)
        model.changeColCost(self._columns, worth)
        model.changeColsBounds(lots, numbers, np.zeros(lots), np.where(own, RISE, 0.0))
        model.changeColsCost(lots, numbers, own.astype(float))
        found = solved(model)
        for attempt in range(4):
            if found is not None:
                break
            model.clearSolver()
            if attempt:  # rounding: what was settled is let down by a ten thousand millionth
                self._settle(np.flatnonzero(~self.rising), 1e-10)
            found = solved(model)
        if found is not None:
            self.point = found[: self._columns]
        return found

    def _settle(self, lots: npt.NDArray[np.int64], less: float) -> None:
        for lot in lots:
            self.heights[lot] = max(0.0, self.heights[lot] - less)
            least = max(0.0, float(self.members[lot] * self.heights[lot]) - 1e-11)
            self._model.changeRowBounds(self._rows + int(lot), least, INFINITE)

    def raise_all(self) -> float | None:
        """Return the greatest height that all rising lots can have together."""
        found = self._solve(0.0, 2.0, 1.0, np.zeros(len(self.members), dtype=bool))
        return None if found is None else float(found[self._columns])

    def stop(self, height: float) -> Level:
        """Settle the lots that cannot rise above a height, whichever they are, and return the proof of it."""
        kept = max(0.0, height - 1e-12)
        stuck = self.rising
        for _ in range(len(self.members)):
            found = self._solve(kept, kept, 0.0, stuck)
            assert found is not None
            rises = found[self._columns + 1 :]
            if float(rises.sum()) <= STILL * max(1, int(stuck.sum())):
                break
            left = stuck & (rises <= STILL)
            if not left.any():  # all can rise a little: rounding; those that rise least stop
                left = stuck & (rises <= rises[stuck].min())
                stuck = left
                break
            stuck = left
        duals = np.array(self._model.getSolution().row_dual)
        lots = np.flatnonzero(stuck)
        for lot in lots:
            self._model.changeCoeff(self._rows + int(lot), self._columns, 0.0)
            self._model.changeCoeff(self._rows + int(lot), self._columns + 1 + int(lot), 0.0)
        self.heights[lots] = height
        self._settle(lots, 0.0)
        low, high = self.program.limits
        of_rows = duals[: self._rows]
        used = ((of_rows > 0) & np.isfinite(high)) | ((of_rows < 0) & np.isfinite(low))
        of_lots = np.maximum(0.0, -duals[self._rows :])
        return Level(height, tuple(int(one) for one in lots), _whole(of_lots), _whole(np.where(used, of_rows, 0.0)))


def _whole(values: Numbers) -> tuple[tuple[int, int], ...]:
    return tuple((int(at), round(float(values[at]) * SCALE)) for at in np.flatnonzero(np.abs(values) * SCALE >= 1))
