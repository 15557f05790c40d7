"""When no lists fulfil a policy: the smallest set of clauses that cannot hold together, and what would make lists possible.

Clauses are left out one by one; what can be left out without lists becoming possible does not belong to the set. For each
clause that stays, it is then asked by how much it alone would have to give way, all others kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parley.composing.program import Program, Row
from parley.composing.solving import loaded, set_costs, solved

SEPARATOR = " · "
BASE = "group"
"""Rows that only say what a group is; they are no clause."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clause of the policy, and by how much it alone would have to give way; None: it alone could not make it possible."""

    clause: str
    give: int | None


def clause_of(row: Row) -> str:
    """Return the clause of the policy that a row comes from, without side and batch."""
    first = row.name.split(SEPARATOR)[0]
    for several in ("seats", "site", BASE, "named"):
        if first.startswith(several + " "):
            return several
    return first


def conflicts(program: Program) -> tuple[Conflict, ...]:
    """Return a smallest set of clauses that cannot hold together; empty where lists are possible after all."""
    if _possible(program):
        return ()
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


def _least_give(program: Program, clause: str) -> int | None:
    """Return the least total by which the rows of one clause must be passed so that lists become possible."""
    uppers = list(program.uppers)
    costs = [0.0] * len(uppers)
    rows: list[Row] = []
    for row in program.rows:
        terms = list(row.terms)
        if clause_of(row) == clause:
            room = sum(abs(value) * program.uppers[column] for column, value in row.terms) + abs(
                row.low or row.high or 0
            )
            for sign, limit in ((1, row.low), (-1, row.high)):
                if limit is not None:
                    terms.append((len(uppers), sign))
                    uppers.append(room)
                    costs.append(-1.0)
        rows.append(replace(row, terms=tuple(terms)))
    elastic = Program(tuple(uppers), tuple(rows), (), program.free, program.shape)
    model = loaded(elastic, whole=True)
    set_costs(model, np.array(costs))
    found = solved(model)
    return None if found is None else round(-float(np.array(costs) @ found))


def in_words(found: tuple[Conflict, ...]) -> str:
    """Return the clauses with what each would have to give, for the sentence of ``composing.infeasible``."""
    return "; ".join(f"{one.clause} ({'-' if one.give is None else one.give})" for one in found)[:400]
