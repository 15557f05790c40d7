"""The one door to the solver (HiGHS): one thread, a fixed seed, no time limit where something must be proven.

Nothing that comes out of here is believed: lists are checked again row by row in whole numbers, and bounds are computed again
from the dual values in fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import highspy
import numpy as np
import numpy.typing as npt
from highspy._core import _Highs as Solver

from parley.composing.errors import ComposingBroken
from parley.composing.program import Numbers, Program

__all__ = ["INFINITE", "Solver", "add_row", "as_whole", "loaded", "set_columns", "set_costs", "solved", "solver"]

INFINITE: Final = highspy.kHighsInf
SEED: Final = 1


def solver(*, exact: bool = False) -> Solver:
    """Return a silent solver with one thread; ``exact``: the tightest tolerances it offers."""
    found = Solver()  # not highspy.Highs: that one prints its licence where our answer should stand
    found.setOptionValue("output_flag", False)
    found.setOptionValue("threads", 1)
    found.setOptionValue("random_seed", SEED)
    if exact:
        found.setOptionValue("primal_feasibility_tolerance", 1e-10)
        found.setOptionValue("dual_feasibility_tolerance", 1e-10)
    return found


def loaded(program: Program, *, whole: bool, exact: bool = False, shape_only: bool = False) -> Solver:
    """Return a solver that holds a program, to be maximised; in whole numbers or not, or (``shape_only``) in the shape alone."""
    found = solver(exact=exact)
    rows, columns, values = program.entries
    model = highspy.HighsLp()
    model.num_col_ = len(program.uppers)
    model.num_row_ = len(program.rows)
    model.col_cost_ = np.zeros(len(program.uppers))
    model.col_lower_ = np.zeros(len(program.uppers))
    model.col_upper_ = program.ceilings
    model.row_lower_, model.row_upper_ = program.limits
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(rows, np.arange(len(program.rows) + 1)).astype(np.int32)
    model.a_matrix_.index_ = columns
    model.a_matrix_.value_ = values
    if whole:
        integer, continuous = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        whole_ones = program.shape if shape_only else frozenset(range(len(program.uppers))) - program.free
        model.integrality_ = [integer if one in whole_ones else continuous for one in range(len(program.uppers))]
        found.setOptionValue("mip_rel_gap", 0.0)
        found.setOptionValue("mip_abs_gap", 0.99 if not exact else 1e-9)
    model.sense_ = highspy.ObjSense.kMaximize
    found.passModel(model)
    return found


def add_row(model: Solver, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
    """Add one row to a solver's model."""
    indices = np.array(columns, dtype=np.int32)
    model.addRow(low, high, len(indices), indices, np.array(values, dtype=float))


def set_columns(model: Solver, low: Numbers, high: Numbers) -> None:
    """Set the limits of the first columns."""
    numbers = np.arange(len(low), dtype=np.int32)
    model.changeColsBounds(len(low), numbers, np.ascontiguousarray(low), np.ascontiguousarray(high))


def set_costs(model: Solver, costs: Numbers) -> None:
    """Set what is maximised over the first columns."""
    numbers = np.arange(len(costs), dtype=np.int32)
    model.changeColsCost(len(costs), numbers, np.ascontiguousarray(costs, dtype=float))


def solved(model: Solver) -> Numbers | None:
    """Run to the proven optimum and return the columns; nothing where no values fulfil the rows."""
    model.run()
    status = model.getModelStatus()
    if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit):
        return np.array(model.getSolution().col_value)
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    raise ComposingBroken("composing.unproven", stage=str(status).rsplit(".", 1)[-1])


def as_whole(values: Numbers) -> npt.NDArray[np.int64]:
    """Return the nearest whole numbers."""
    return np.rint(values).astype(np.int64)
