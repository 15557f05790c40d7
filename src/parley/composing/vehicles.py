"""The last stage: as few vehicles and opened places as the lists of the other stages allow, within an agreed amount of work.

What every list of the stages before must take from each place is found first; so many vehicles must go there in all, whatever the
batches. Then each side's vehicles are settled by themselves, the other side's people being free to be parts: the sum of what the
sides need at least is a bound for both together. How far the answer is from this bound is printed, never hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np

from parley.composing.program import Numbers, Program, Row
from parley.composing.solving import Solver, as_whole, loaded, set_columns, set_costs, solved
from parley.composing.stages import SAFE, Reached, Staged, kernel, start_from

NAME = "fewest vehicles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One side's shape: its vehicles by site and batch, its opened places, and what each column takes from each site."""

    vehicles: Mapping[tuple[str, int], int]
    opened: Mapping[tuple[str, int], int]
    taken: Mapping[str, tuple[tuple[int, int], ...]]
    sizes: tuple[int, ...]
    seats: int

    @property
    def shape(self) -> frozenset[int]:
        """Every column of vehicles and opened places."""
        return frozenset((*self.vehicles.values(), *self.opened.values()))


def fewest_vehicles(staged: Staged, roads: tuple[Road, ...], nodes: int) -> Staged:
    """Return lists of the same stages with fewer vehicles and places, and how few could do at most."""
    held = staged.program
    closer = held.with_rows(_needed(held, roads))
    shape = sorted(held.shape)
    best = staged.values
    bound = 0
    settled: dict[int, float] = {}
    for road in roads:
        found, least = _settle(closer, road, best, nodes)
        bound += least
        settled |= {column: float(round(found[column])) for column in road.shape}
    tried = _people(closer, settled)
    if (
        tried is None
    ):  # each side's best does not go with the other's: take the first side's, and settle the second again
        first = {column: settled[column] for column in roads[0].shape}
        for road in roads[1:]:
            found, _ = _settle(closer, road, best, nodes, first)
            first |= {column: float(round(found[column])) for column in road.shape}
        tried = _people(closer, first)
    if tried is not None and held.broken_row(tried) == "" and _count(tried, shape) < _count(best, shape):
        best = tried
    reached = Reached(NAME, -_count(best, shape), -bound)
    return Staged(best, (*staged.stages, reached), held)


def _count(values: tuple[int, ...], shape: list[int]) -> int:
    return sum(values[column] for column in shape)


def _needed(program: Program, roads: tuple[Road, ...]) -> Iterator[Row]:
    """Yield rows that every whole list fulfils and the relaxation alone does not see: vehicles by batch and by site."""
    model = loaded(program, whole=False)
    for road in roads:
        for batch, size in enumerate(road.sizes, start=1):
            terms = tuple((column, 1) for (_, there), column in road.vehicles.items() if there == batch)
            if terms:
                yield Row(f"vehicles of batch {batch}", terms, -(-size // road.seats), None)
        for site, taken in road.taken.items():
            costs = np.zeros(len(program.uppers))
            for column, count in taken:
                costs[column] = -count
            set_costs(model, costs)
            found = solved(model)
            if found is None:
                continue
            least = math.ceil(-float(costs @ found) - SAFE * len(taken))
            terms = tuple((column, 1) for (name, _), column in road.vehicles.items() if name == site)
            if least > 0 and terms:
                yield Row(f"vehicles of site {site}", terms, -(-least // road.seats), None)


def _settle(
    program: Program,
    road: Road,
    best: tuple[int, ...],
    nodes: int,
    fixed: Mapping[int, float] | None = None,
) -> tuple[Numbers, int]:
    """Return the best columns for one side's shape in whole numbers, and how few it can be at least."""
    worth = np.zeros(len(program.uppers))
    worth[sorted(road.shape)] = -1.0
    model = loaded(replace(program, shape=road.shape), whole=True, shape_only=True)
    set_costs(model, worth)
    if fixed:
        low, high = np.zeros(len(worth)), program.ceilings.copy()
        for column, value in fixed.items():
            low[column] = high[column] = value
        set_columns(model, low, high)
    else:
        start_from(model, best)
    model.setOptionValue("mip_max_nodes", nodes)
    model.run()
    info = model.getInfo()
    least = math.ceil(-info.mip_dual_bound - SAFE * 10)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return np.array(best, dtype=float), least
    return np.array(model.getSolution().col_value), least


def _people(program: Program, settled: Mapping[int, float]) -> tuple[int, ...] | None:
    """Return whole people for a settled shape; nothing where there are none."""
    point = np.zeros(len(program.uppers))
    low, high = np.zeros(len(point)), program.ceilings.copy()
    for column, value in settled.items():
        low[column] = high[column] = value
    relaxed: Solver = loaded(program, whole=False)
    set_columns(relaxed, low, high)
    found = solved(relaxed)
    if found is None:
        return None
    whole = kernel(program, np.zeros(len(point)), found, np.array(relaxed.getSolution().col_dual), None, found)
    return None if whole is None else tuple(int(one) for one in as_whole(whole))
