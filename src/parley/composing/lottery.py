"""The lottery: legal lists, each with a weight, such that every person's chance is what fairness says.

The chances come first (``chances``); here they are taken apart into lists of whole people. Lists are peeled off the point of
chances one after the other, each obeying every rule; then the weights are set once more so that the chances fit best, and are
made whole numbers that add up to a million million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import Final

import numpy as np
import numpy.typing as npt

from parley.composing.chances import Filled, Level, fill
from parley.composing.errors import ComposingBroken
from parley.composing.program import Numbers, Program, Row
from parley.composing.solving import (
    INFINITE,
    Solver,
    as_whole,
    loaded,
    set_columns,
    set_costs,
    solved,
    solver,
)

WEIGHT: Final = 10**12
"""What the weights of all lists add up to."""
NEAR: Final = 2e-8
"""A chance counts as reached when it is so near to what fairness asks."""
REACHED: Final = 1e-6
"""The largest distance of any chance from its proven height that is published."""
TINY: Final = 1e-9
SURE: Final = 1e-7
"""A chance so near to nought or one is nought or one, and its lot needs no search."""
MOST_LISTS: Final = 20_000
MOST_PRICED: Final = 120
"""Lists sought one after the other; beyond, the lottery keeps those it has, and says how far it is from what is fairest."""
MOST_CUTS: Final = 200
MOST_SCALE: Final = 1000
"""Up to here the common denominator of a cut is looked for."""

Places = tuple[int, ...]
Face = tuple[Numbers, Numbers, tuple[Numbers, Numbers]]
"""Lower and upper limits of the columns, and those of the rows."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """Lists (column values) with their weights, and the levels that prove the chances; ``cuts`` are rows of whole lists.

    ``apart`` (over WEIGHT) is nought where the chances are proven the fairest possible. Otherwise the work allowed ran out, and
    no chance is farther than that from the height that bounds it (see ``certificate.measured``).
    """

    lists: tuple[Places, ...]
    weights: tuple[int, ...]
    levels: tuple[Level, ...]
    cuts: tuple[Row, ...] = ()
    apart: int = 0

    def chances(self, program: Program) -> tuple[Fraction, ...]:
        """Return the chance of a member of each lot, exactly."""
        return tuple(
            Fraction(
                sum(
                    weight * sum(values[column] for column in lot.columns)
                    for values, weight in zip(self.lists, self.weights, strict=True)
                ),
                WEIGHT * lot.members,
            )
            for lot in program.lots
        )


def leximin(program: Program, start: Places | None = None) -> Lottery:
    """Return a lottery whose chances are leximin over all lotteries of legal lists; raises ComposingBroken.

    ``start`` is a legal list, where one is known. Every list is checked against every row in whole numbers before it is used.
    Work is bounded by MOST_PRICED, a count and not a time, so that it ends alike on every machine; what is reached then is legal
    and comes as near to the fairest chances as these lists allow, and ``apart`` is not nought.
    """
    cuts: list[Row] = []
    priced = 0
    lists: dict[Places, None] = dict.fromkeys([] if start is None else [start])
    while len(cuts) <= MOST_CUTS:
        filled = fill(program.with_rows(cuts))
        if filled is None:
            raise ComposingBroken("composing.infeasible", clauses="-")
        pricing = Pricing(program, filled, start)
        if not program.shape:
            lists |= dict.fromkeys(peel(program, filled, pricing))
        if not lists:
            some = pricing.best(np.zeros(len(program.uppers)))
            if some is None:
                pricing.let_go()
                some = pricing.best(np.zeros(len(program.uppers)))
            if some is None:
                raise ComposingBroken("composing.infeasible", clauses="-")
            lists[some] = None
        weights = _weigh(program, list(lists), filled)
        if weights is None:
            before = len(lists)
            cut = _price(program, lists, filled, pricing, len(cuts), before + MOST_PRICED - priced)
            priced += len(lists) - before
            if cut is not None:
                cuts.append(cut)
                continue
            weights = _weigh(program, list(lists), filled, near=REACHED)
            if weights is None and priced < MOST_PRICED:
                raise ComposingBroken("composing.unproven", stage="lottery")
        far = weights is None
        weights = weights or _weigh(program, list(lists), filled, near=INFINITE)
        assert weights is not None
        kept = [(one, weight) for one, weight in zip(lists, weights, strict=True) if weight]
        kept.sort(key=lambda one: (-one[1], one[0]))
        for one, _ in kept:
            broken = program.broken_row(one)
            if broken:
                raise ComposingBroken("composing.failed_recheck", row=broken)
        lists_kept, weights_kept = tuple(one for one, _ in kept), tuple(weight for _, weight in kept)
        return Lottery(lists_kept, weights_kept, filled.levels, tuple(cuts), WEIGHT if far else 0)
    raise ComposingBroken("composing.unproven", stage="lottery")


class Pricing:
    """The whole-number program, kept warm: the best legal list for given worths of columns.

    Lots whose chance is surely nought or one are held there, which leaves little to search; that is right as long as whole lists
    reach these chances at all. Where they do not, ``let_go`` searches everything, since only then a cut is true of every list.
    """

    def __init__(self, program: Program, filled: Filled, start: Places | None = None) -> None:
        """Load the program once; ``start`` is a list whose shape is tried first."""
        self.program = program
        self.start = start
        self.sure = True
        self._model = loaded(program, whole=True, exact=True)
        self._relaxed = loaded(program, whole=False)
        self._low, self._high = np.zeros(len(program.uppers)), program.ceilings.copy()
        for level in filled.levels:
            for lot in level.lots:
                for column in program.lots[lot].columns:
                    if level.height < SURE:
                        self._high[column] = 0.0
                    elif level.height > 1 - SURE:
                        self._low[column] = self._high[column]

    def let_go(self) -> None:
        """Search all lists from now on."""
        self.sure = False
        self._low, self._high = np.zeros(len(self.program.uppers)), self.program.ceilings.copy()

    def best(self, worth: Numbers) -> Places | None:
        """Return the legal list of most worth, proven; nothing where there is no legal list."""
        set_columns(self._model, self._low, self._high)
        _set_rows(self._model, *self.program.limits)
        self._model.setOptionValue("mip_rel_gap", 0.0)
        self._model.setOptionValue("mip_max_improving_sols", 2**31 - 1)
        return self._solve(worth)

    def offers(self, worth: Numbers, face: Face) -> Iterator[Places | None]:
        """Yield a good list found quickly (near the point, or of a known shape), and then the best of all, proven."""
        if self.start is None:
            yield self.within(worth, *face)
        else:
            low, high = self._low.copy(), self._high.copy()
            shape = sorted(self.program.shape)
            low[shape] = high[shape] = np.array(self.start, dtype=float)[shape]
            yield self.within(worth, low, high, self.program.limits)
        yield self.best(worth)

    def within(self, worth: Numbers, low: Numbers, high: Numbers, rows: tuple[Numbers, Numbers]) -> Places | None:
        """Return a good legal list inside a box and narrower rows, nothing where none is found there.

        The relaxation is asked first: most of its columns are whole already, and only the others are searched.
        """
        set_columns(self._relaxed, low, high)
        _set_rows(self._relaxed, *rows)
        set_costs(self._relaxed, worth)
        found = solved(self._relaxed)
        if found is None:
            return None
        _set_rows(self._model, *rows)
        self._model.setOptionValue("mip_rel_gap", 0.3)
        self._model.setOptionValue("mip_max_improving_sols", 1)
        broken = np.abs(found - np.rint(found)) > 1e-6
        if not broken.any():
            return tuple(int(one) for one in as_whole(found))
        distance = np.abs(np.array(self._relaxed.getSolution().col_dual))
        distance[broken] = -1.0
        nearest = np.argsort(distance, kind="stable")[: max(120, 3 * int(broken.sum()))]
        free = np.zeros(len(low), dtype=bool)
        free[nearest] = True
        free &= low < high
        set_columns(self._model, np.where(free, low, np.rint(found)), np.where(free, high, np.rint(found)))
        whole = self._solve(worth)
        if whole is not None:
            return whole
        set_columns(self._model, low, high)
        return self._solve(worth)

    def _solve(self, worth: Numbers) -> Places | None:
        set_costs(self._model, worth)
        found = solved(self._model)
        return None if found is None else tuple(int(one) for one in as_whole(found))


def _set_rows(model: Solver, low: Numbers, high: Numbers) -> None:
    for row, (least, most) in enumerate(zip(low, high, strict=True)):
        model.changeRowBounds(row, float(least), float(most))


def peel(program: Program, filled: Filled, pricing: Pricing) -> list[Places]:
    """Take lists off the point of chances (Birkhoff): each lies on the smallest face that holds what is left.

    A list takes each column's part down or up to the next whole number, and keeps at their limit the rows that are there.
    """
    remains = filled.point.copy()
    floors, ceilings = np.floor(remains + TINY), np.ceil(remains - TINY)
    low, high = program.limits
    mass = 1.0
    found: list[Places] = []
    while mass > TINY and len(found) < MOST_LISTS:
        left = np.clip(remains / mass, floors, ceilings)
        near = min(1e-3, TINY + TINY / mass)  # what was rounded before weighs more, the less is left
        least, most, rows = _face(program, left, near)
        part = np.clip(left - floors, 1e-7, 1 - 1e-7)
        worth = np.log(part / (1 - part)) + _jitter(len(found), len(left))
        worth[least == most] = 0.0
        one = pricing.within(worth, least, most, rows)
        if one is None:
            break
        values = np.array(one, dtype=float)
        take = _most_to_take(left, values, floors, ceilings)
        take = min(take, _most_to_take(program.sums(left), program.sums(values), low, high))
        if take < 1e-12:
            break
        found.append(one)
        remains -= mass * take * values
        mass *= 1 - take
    return found


def _face(program: Program, point: Numbers, near: float) -> Face:
    """Return the next whole numbers below and above a point, and the rows, closed where the point is at their limit."""
    low, high = program.limits
    sums = program.sums(point)
    rows = np.where(sums >= high - near, high, low), np.where(sums <= low + near, low, high)
    return np.floor(point + near), np.ceil(point - near), rows


def _most_to_take(left: Numbers, values: Numbers, floors: Numbers, ceilings: Numbers) -> float:
    """Return the largest weight of a list such that what is left stays between the limits."""
    up = (values > floors + 0.5) & np.isfinite(floors)
    down = (values < ceilings - 0.5) & np.isfinite(ceilings)
    parts = [np.ones(1)]
    if up.any():
        parts.append((left[up] - floors[up]) / (values[up] - floors[up]))
    if down.any():
        parts.append((ceilings[down] - left[down]) / (ceilings[down] - values[down]))
    return float(min(part.min() for part in parts))


def _jitter(turn: int, count: int) -> Numbers:
    """Return small numbers that differ by column and turn, the same on every machine."""
    stream = hashlib.shake_256(f"parley.peel {turn}".encode()).digest(2 * count)
    raw: npt.NDArray[np.uint16] = np.frombuffer(stream, dtype="<u2")
    return (raw.astype(float) / 65536 - 0.5) * 0.17


def _master(program: Program, filled: Filled, lists: Sequence[Places], *, sure: bool = True) -> Solver:
    """Return the program that weighs lists so that chances differ least from what fairness asks.

    ``sure``: lots whose chance is surely nought or one need no weighing, because every list treats them so.
    """
    model = solver(exact=True)
    wanted = _shares(program, filled.places)[_open(program, filled, sure=sure)]
    count = len(wanted)
    empty = np.array([], dtype=np.int32)
    for at in wanted:
        model.addRow(float(at), float(at), 0, empty, np.array([]))
    model.addRow(1.0, 1.0, 0, empty, np.array([]))
    for number in range(count):
        for sign in (1.0, -1.0):
            model.addCol(1.0, 0.0, INFINITE, 1, np.array([number], dtype=np.int32), np.array([sign]))
    for one in lists:
        add_list(model, program, one, filled, sure=sure)
    return model


def _shares(program: Program, places: Numbers) -> Numbers:
    shares: Numbers = places / np.array([float(lot.members) for lot in program.lots])
    return shares


def _open(program: Program, filled: Filled, *, sure: bool) -> npt.NDArray[np.int64]:
    """Return the lots that are weighed: all, or (``sure``) those whose chance is neither surely nought nor surely one."""
    chances = _shares(program, filled.places)
    if not sure:
        return np.arange(len(chances))
    return np.flatnonzero((chances >= SURE) & (chances <= 1 - SURE))


def add_list(model: Solver, program: Program, one: Places, filled: Filled, *, sure: bool) -> None:
    """Add a list to the weighing program."""
    shares = _shares(program, program.places(np.array(one, dtype=float)))[_open(program, filled, sure=sure)]
    places = np.append(np.flatnonzero(shares), len(shares)).astype(np.int32)
    model.addCol(0.0, 0.0, INFINITE, len(places), places, np.append(shares, 1.0)[places])


def _weigh(
    program: Program, lists: Sequence[Places], filled: Filled, *, near: float = NEAR, model: Solver | None = None
) -> list[int] | None:
    """Return whole weights that add up to WEIGHT; nothing where some chance misses its height by more than ``near``."""
    if not lists:
        return None
    model = model or _master(program, filled, lists)
    found = solved(model)
    if found is None:
        return None
    raw = np.maximum(found[len(found) - len(lists) :], 0.0)
    if raw.sum() <= 0:
        return None
    raw /= raw.sum()
    reached = _shares(program, program.places(raw @ np.array(lists, dtype=float)))
    if np.abs(reached - _shares(program, filled.places)).max() > near:
        return None
    return _as_weights(raw)


def _as_weights(raw: Numbers) -> list[int]:
    """Return whole numbers in proportion that add up to WEIGHT: the largest remainders are rounded up."""
    exact = [Fraction(float(one)) for one in raw]
    total = sum(exact)
    scaled = [one * WEIGHT / total for one in exact]
    weights = [int(one) for one in scaled]
    order = sorted(range(len(raw)), key=lambda at: (weights[at] - scaled[at], at))
    for at in order[: WEIGHT - sum(weights)]:
        weights[at] += 1
    return weights


def _price(
    program: Program, lists: dict[Places, None], filled: Filled, pricing: Pricing, number: int, most: int
) -> Row | None:
    """Add lists until the chances are reached or there are ``most`` (nothing), or return a cut that proves them out of reach."""
    model = _master(program, filled, list(lists), sure=pricing.sure)
    weighed = _open(program, filled, sure=pricing.sure)
    lot_numbers, columns = program.lot_entries
    box = _face(program, filled.point, TINY)
    while len(lists) < most:
        solved(model)
        if _weigh(program, list(lists), filled, model=model) is not None:
            return None
        duals = np.array(model.getSolution().row_dual)
        worth = np.zeros(len(program.uppers))
        of_lots = np.zeros(len(program.lots))
        of_lots[weighed] = duals[: len(weighed)]
        np.add.at(worth, columns, _shares(program, of_lots)[lot_numbers])
        better = next(
            (
                one
                for one in pricing.offers(worth, box)
                if one is not None and one not in lists and float(worth @ np.array(one)) > -duals[len(weighed)] + 1e-9
            ),
            None,
        )
        if better is not None:
            lists[better] = None
            add_list(model, program, better, filled, sure=pricing.sure)
        elif pricing.sure:
            pricing.let_go()
            model = _master(program, filled, list(lists), sure=False)
            weighed = _open(program, filled, sure=False)
        else:
            return _cut(worth, filled, pricing, number)
    return None


def _in_whole_numbers(parts: Numbers) -> Numbers:
    """Return small whole numbers in the same proportion where there are any, for a cut of thirds must not cut at 0.333333."""
    for scale in range(1, MOST_SCALE):
        if np.abs(parts * scale - np.rint(parts * scale)).max() < SURE * scale:
            return np.asarray(np.rint(parts * scale), dtype=np.float64)
    return np.asarray(np.rint(parts * 10**6), dtype=np.float64)


def _cut(worth: Numbers, filled: Filled, pricing: Pricing, number: int) -> Row | None:
    """Return the row that all whole lists fulfil and the point of chances does not, in whole numbers."""
    whole = _in_whole_numbers(worth / np.abs(worth).max())
    best = pricing.best(whole)
    assert best is not None
    limit = round(float(whole @ np.array(best)))
    if float(whole @ filled.point) <= limit + 1e-7:
        return None
    terms = tuple((int(at), int(whole[at])) for at in np.flatnonzero(whole))
    common = gcd(limit, *(value for _, value in terms))
    row = Row(f"cut {number + 1}", terms, None, limit)
    return replace(row, terms=tuple((at, value // common) for at, value in terms), high=limit // common)
