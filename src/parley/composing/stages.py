"""Stage after stage: the best value of each is proven, checked again in whole numbers, and held fast for the next.

The relaxation bounds what any list can reach. Its *shape* (vehicles, places opened) is rounded by and by such that the bound is
still within reach, and then the people are settled on a *kernel*, the columns that the relaxation uses or nearly uses. Where that
meets the bound it is proven for all columns; else the shape, and at last the columns that could still help, are searched.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
import numpy.typing as npt

from parley.composing.errors import ComposingBroken
from parley.composing.program import Numbers, Program, Row
from parley.composing.solving import INFINITE, Solver, add_row, as_whole, loaded, set_columns, set_costs, solved

SAFE: Final = 1e-6
"""What rounding may hide in a bound."""
DIVE: Final = 6
"""How many columns of the shape are rounded up at once."""
DIVE_NODES: Final = 200
"""How far the shape is searched when rounding runs into a wall."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is maximised: a worth for each column that counts, in whole numbers."""

    name: str
    worth: Mapping[int, int]

    def value(self, values: Sequence[int]) -> int:
        """Return what column values reach."""
        return sum(values[column] * worth for column, worth in self.worth.items())


@dataclass(frozen=True, slots=True)
class Reached:
    """What a stage reached, and the bound that no list can pass; equal where it is proven."""

    name: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Say whether nothing better exists."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Staged:
    """Column values, and what each stage reached; ``program``: with the rows that hold the stages fast."""

    values: tuple[int, ...]
    stages: tuple[Reached, ...]
    program: Program


def solve_stages(program: Program, stages: Sequence[Stage]) -> Staged:
    """Solve stage after stage; raises ComposingBroken ``composing.infeasible``, ``composing.failed_recheck``."""
    held = program
    values: tuple[int, ...] | None = None
    reached: list[Reached] = []
    for stage in stages:
        found, bound = _best(held, stage, values)
        values = _checked(held, found)
        value = stage.value(values)
        if value != bound:
            raise ComposingBroken("composing.unproven", stage=stage.name)
        reached.append(Reached(stage.name, value, bound))
        held = held.with_rows([Row(f"stage {stage.name}", tuple(sorted(stage.worth.items())), value, None)])
    if values is None:
        values = _checked(program, _best(program, Stage("any", {}), None)[0])
    return Staged(values, tuple(reached), held)


def _checked(program: Program, found: Numbers) -> tuple[int, ...]:
    values = tuple(int(one) for one in as_whole(found))
    broken = program.broken_row(values)
    if broken:
        raise ComposingBroken("composing.failed_recheck", row=broken)
    return values


def _best(program: Program, stage: Stage, start: tuple[int, ...] | None) -> tuple[Numbers, int]:
    """Return the best columns and the proven bound of a stage."""
    worth = np.zeros(len(program.uppers))
    for column, value in stage.worth.items():
        worth[column] = value
    relaxed = loaded(program, whole=False)
    set_costs(relaxed, worth)
    point = solved(relaxed)
    if point is None:
        raise ComposingBroken("composing.infeasible", clauses="-")
    bound = math.floor(float(worth @ point) + SAFE * max(1.0, abs(float(worth @ point))))
    if start is not None and stage.value(start) >= bound:
        return np.array(start, dtype=float), bound
    costs = np.array(relaxed.getSolution().col_dual)
    if program.shape:
        dived = _dive(program, relaxed, worth, bound)
        found = None if dived is None else kernel(program, worth, point, costs, start, dived)
        if found is not None and _value(worth, found) >= bound:
            return found, bound
        shape, proven = _shape(program, worth)
        bound = min(bound, proven)
        found = kernel(program, worth, point, costs, start, shape)
    else:
        found = kernel(program, worth, point, costs, start, None)
    if found is not None and _value(worth, found) >= bound:
        return found, bound
    return _prove(program, worth, point, costs, found, bound)


def _value(worth: Numbers, found: Numbers) -> int:
    return round(float(worth @ as_whole(found)))


def _dive(program: Program, model: Solver, worth: Numbers, bound: int) -> Numbers | None:
    """Return columns whose shape is whole and that still reach the bound, by rounding a few at a time; else nothing."""
    used = np.flatnonzero(worth)
    add_row(model, [int(one) for one in used], [float(one) for one in worth[used]], bound - SAFE, INFINITE)
    shape = np.array(sorted(program.shape))
    costs = np.zeros(len(program.uppers))
    costs[shape] = -1.0  # few vehicles and places: the relaxation gathers people instead of spreading them
    set_costs(model, costs)
    low, high = np.zeros(len(program.uppers)), program.ceilings.copy()
    steps = [(low, high)]
    point = solved(model)
    while point is not None:
        parts = point[shape] - np.floor(point[shape] + SAFE)
        broken = np.flatnonzero(parts > SAFE)
        if not len(broken):
            return point
        largest = shape[broken[np.argsort(-parts[broken], kind="stable")]]
        for columns, up in ((largest[:DIVE], True), (largest[:1], True), (largest[:1], False)):
            tried_low, tried_high = low.copy(), high.copy()
            if up:
                tried_low[columns] = np.ceil(point[columns] - SAFE)
            else:
                tried_high[columns] = np.floor(point[columns] + SAFE)
            set_columns(model, tried_low, tried_high)
            found = solved(model)
            if found is not None:
                low, high, point = tried_low, tried_high, found
                steps.append((low, high))
                break
        else:
            return _back(model, shape, steps[len(steps) // 2])
    return None


def _back(model: Solver, shape: npt.NDArray[np.int64], limits: tuple[Numbers, Numbers]) -> Numbers | None:
    """Go half of the way back and search the shape from there, as whole numbers; nothing where none is found."""
    set_columns(model, *limits)
    kind = np.full(len(shape), highspy.HighsVarType.kInteger)
    model.changeColsIntegrality(len(shape), shape.astype(np.int32), kind)
    model.setOptionValue("mip_max_improving_sols", 1)
    model.setOptionValue("mip_max_nodes", DIVE_NODES)
    model.run()
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.array(model.getSolution().col_value)


def _shape(program: Program, worth: Numbers) -> tuple[Numbers, int]:
    """Return the best columns where only the shape must be whole, and the bound that this proves for whole lists."""
    model = loaded(program, whole=True, shape_only=True)
    set_costs(model, worth)
    found = solved(model)
    if found is None:
        raise ComposingBroken("composing.infeasible", clauses="-")
    bound = model.getInfo().mip_dual_bound
    return found, math.floor(bound + SAFE * max(1.0, abs(bound)))


def kernel(
    program: Program,
    worth: Numbers,
    point: Numbers,
    costs: Numbers,
    start: tuple[int, ...] | None,
    shape: Numbers | None,
) -> Numbers | None:
    """Return the best list among columns that the relaxation uses or nearly uses; nothing where there is none.

    With a ``shape``, what it settles stays settled.
    """
    model = loaded(program, whole=True)
    set_costs(model, worth)
    used = point > 1e-9
    distance = np.where(used, -1.0, np.abs(costs))
    order = np.argsort(distance, kind="stable")
    free = np.zeros(len(point), dtype=bool)
    free[order[: int(used.sum()) + max(200, len(point) // 10)]] = True
    free[sorted(program.shape)] = True
    low, high = np.zeros(len(point)), np.where(free, program.ceilings, 0.0)
    if shape is not None:
        high[shape > 1e-9] = program.ceilings[shape > 1e-9]
        settled = sorted(program.shape)
        low[settled] = high[settled] = np.rint(shape[settled])
    elif start is not None:
        high[np.array(start) > 0] = program.ceilings[np.array(start) > 0]
    set_columns(model, low, high)
    return solved(model)


def start_from(model: Solver, start: tuple[int, ...] | None) -> None:
    """Give the search a list in hand to begin with."""
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = [float(one) for one in start]
        model.setSolution(solution)


def _prove(
    program: Program, worth: Numbers, point: Numbers, costs: Numbers, found: Numbers | None, bound: int
) -> tuple[Numbers, int]:
    """Search the columns that could still help until nothing better is left."""
    low, high = np.zeros(len(point)), program.ceilings.copy()
    if found is not None:
        room = float(worth @ point) - _value(worth, found) - 1 + SAFE * max(1.0, abs(bound))
        at_low, at_high = point < 1e-9, point > program.ceilings - 1e-9
        high[at_low & (costs < -room)] = 0.0
        low[at_high & (costs > room)] = program.ceilings[at_high & (costs > room)]
        low, high = _with(found, low, high)
    model = loaded(program, whole=True)
    set_costs(model, worth)
    set_columns(model, low, high)
    if found is not None:
        start_from(model, tuple(int(one) for one in as_whole(found)))
    best = solved(model)
    if best is None:
        if found is None:
            raise ComposingBroken("composing.infeasible", clauses="-")
        return found, _value(worth, found)
    return best, _value(worth, best)


def _with(found: Numbers, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Return limits that do not shut out the list in hand: it is the one to beat."""
    whole = as_whole(found).astype(float)
    return np.minimum(low, whole), np.maximum(high, whole)
