"""The choice to be made, in whole numbers: how many people of each group go in which batch, and every rule as a row.

It knows no solver. Columns hold whole numbers from nought to their upper limit; a row says between which limits a sum of
columns must stay. A *lot* is a set of people whom the policy cannot tell apart: its places are the sum of its columns, and the
chance of each of its members is the expected number of places divided by the members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: ``low <= sum(coefficient * column) <= high``; None where a side is open. ``name`` is for people."""

    name: str
    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None

    def value(self, values: Sequence[int]) -> int:
        """Return the sum for a list of column values."""
        return sum(values[column] * coefficient for column, coefficient in self.terms)

    def holds(self, values: Sequence[int]) -> bool:
        """Say whether the rule is kept."""
        found = self.value(values)
        return (self.low is None or found >= self.low) and (self.high is None or found <= self.high)


@dataclass(frozen=True, slots=True)
class Lot:
    """People whom the policy cannot tell apart: how many, and the columns that count how many of them go."""

    members: int
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """Columns by their upper limits (nought is the lower one), rows, and lots."""

    uppers: tuple[int, ...]
    rows: tuple[Row, ...]
    lots: tuple[Lot, ...] = ()
    free: frozenset[int] = field(default=frozenset())
    """Columns that come out whole by themselves, so that a solver need not insist."""
    shape: frozenset[int] = field(default=frozenset())
    """Few columns that decide much (vehicles, places opened): a solver settles them first."""

    def with_rows(self, rows: Iterable[Row]) -> Program:
        """Return the same choice under more rows."""
        return Program(self.uppers, (*self.rows, *rows), self.lots, self.free, self.shape)

    def broken_row(self, values: Sequence[int]) -> str:
        """Return the name of the first rule that these column values break, or nothing."""
        for column, (value, upper) in enumerate(zip(values, self.uppers, strict=True)):
            if not 0 <= value <= upper:
                return f"limits of column {column}"
        return next((row.name for row in self.rows if not row.holds(values)), "")

    @cached_property
    def entries(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Numbers]:
        """The matrix as row numbers, column numbers and coefficients."""
        rows = [number for number, row in enumerate(self.rows) for _ in row.terms]
        columns = [column for row in self.rows for column, _ in row.terms]
        values = [float(coefficient) for row in self.rows for _, coefficient in row.terms]
        return np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32), np.array(values)

    @cached_property
    def limits(self) -> tuple[Numbers, Numbers]:
        """Lower and upper limits of the rows, infinite where open."""
        low = np.array([-np.inf if row.low is None else float(row.low) for row in self.rows])
        high = np.array([np.inf if row.high is None else float(row.high) for row in self.rows])
        return low, high

    @cached_property
    def ceilings(self) -> Numbers:
        """The upper limits of the columns as an array."""
        return np.array(self.uppers, dtype=float)

    def sums(self, values: Numbers) -> Numbers:
        """Return each row's sum."""
        rows, columns, coefficients = self.entries
        return np.bincount(rows, coefficients * values[columns], minlength=len(self.rows)).astype(float)

    @cached_property
    def lot_entries(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Which column counts for which lot: lot numbers, column numbers."""
        lots = [number for number, lot in enumerate(self.lots) for _ in lot.columns]
        columns = [column for lot in self.lots for column in lot.columns]
        return np.array(lots, dtype=np.int32), np.array(columns, dtype=np.int32)

    def places(self, values: Numbers) -> Numbers:
        """Return how many members of each lot go."""
        lots, columns = self.lot_entries
        return np.bincount(lots, values[columns], minlength=len(self.lots)).astype(float)
