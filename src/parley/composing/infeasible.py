"""When no lists fulfil a policy: the smallest set of clauses that cannot hold together, and what would make lists possible.

Clauses are left out one by one; what can be left out without lists becoming possible does not belong to the set. For each
clause that stays, it is then asked by how much it alone would have to give way, all others kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parley.composing.errors import ComposingBroken
from parley.composing.program import Program, Row
from parley.composing.solving import loaded, set_costs, solved

SEPARATOR = " · "
BASE = "group"
"""Rows that only say what a group, a vehicle or an opened place is; they are no clause."""
CLOSED = "closed"
"""Days on which places of detention are closed: no row, but columns that are not there."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clause of the policy, and by how much it alone would have to give way; None: it alone could not make it possible.

    ``give``: side and batch (or side, or batch) and the number, for each row that would have to give.
    """

    clause: str
    give: tuple[tuple[str, int], ...] | None


class Infeasible(ComposingBroken):
    """No lists fulfil the policy; ``conflicts`` are the clauses that cannot hold together."""

    def __init__(self, found: tuple[Conflict, ...]) -> None:
        """Keep the clauses, and name them in the sentence."""
        self.conflicts = found
        super().__init__("composing.infeasible", clauses=_in_short(found))


def clause_of(row: Row) -> str:
    """Return the clause of the policy that a row comes from, without side and batch."""
    first = row.name.split(SEPARATOR)[0]
    if first.startswith((f"{BASE} ", "seats ", "site ")):
        return BASE
    return "named" if first.startswith("named ") else first


def conflicts(program: Program, opened: Program | None = None) -> tuple[Conflict, ...]:
    """Return a smallest set of clauses that cannot hold together; empty where lists are possible after all.

    ``opened``: the same with every place of detention open on every day. Where that is just as impossible, the closed days do
    not belong to the set.
    """
    if _possible(program):
        return ()
    if opened is not None:
        if not _possible(opened):
            return conflicts(opened)
        return (*conflicts(program), Conflict(CLOSED, ()))
    clauses = list(dict.fromkeys(clause_of(row) for row in program.rows if clause_of(row) != BASE))
    kept = list(clauses)
    for clause in reversed(clauses):
        fewer = [one for one in kept if one != clause]
        if not _possible(_only(program, fewer)):
            kept = fewer
    return tuple(Conflict(clause, _least_give(program, clause)) for clause in kept)


def _only(program: Program, clauses: list[str]) -> Program:
    rows = tuple(row for row in program.rows if clause_of(row) in {*clauses, BASE})
    return replace(program, rows=rows)


def _possible(program: Program) -> bool:
    if solved(loaded(program, whole=False)) is None:
        return False
    return solved(loaded(program, whole=True)) is not None


def _least_give(program: Program, clause: str) -> tuple[tuple[str, int], ...] | None:
    """Return by how much each row of one clause must be passed, least in all, so that lists become possible."""
    uppers = list(program.uppers)
    costs = [0.0] * len(uppers)
    rows: list[Row] = []
    gives: list[tuple[str, int]] = []
    for row in program.rows:
        terms = list(row.terms)
        if clause_of(row) == clause:
            room = sum(abs(value) * program.uppers[column] for column, value in row.terms)
            room += abs(row.low or row.high or 0)
            for sign, limit in ((1, row.low), (-1, row.high)):
                if limit is not None:
                    gives.append((row.name.partition(SEPARATOR)[2], len(uppers)))
                    terms.append((len(uppers), sign))
                    uppers.append(room)
                    costs.append(-1.0)
        rows.append(replace(row, terms=tuple(terms)))
    elastic = Program(tuple(uppers), tuple(rows), (), program.free, program.shape)
    model = loaded(elastic, whole=True)
    set_costs(model, np.array(costs))
    found = solved(model)
    if found is None:
        return None
    return tuple((where, round(float(found[column]))) for where, column in gives if found[column] > 0.5)


def _in_short(found: tuple[Conflict, ...]) -> str:
    shown = [
        one.clause
        if one.clause == CLOSED
        else f"{one.clause} ({'-' if one.give is None else sum(n for _, n in one.give)})"
        for one in found
    ]
    return "; ".join(shown)[:400]
