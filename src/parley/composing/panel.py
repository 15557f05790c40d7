"""A panel drawn from volunteers under quotas: the smallest case of a lottery, read from two plain tables.

``categories.csv`` (category, feature, min, max) states the quotas; ``respondents.csv`` has one row for each person and one column
for each category. Persons with equal rows are one lot. A person's code is the number of the row: ``P1`` is the first.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from parley.composing.certificate import measured, prove
from parley.composing.errors import ComposingBroken
from parley.composing.lottery import leximin
from parley.composing.program import Lot, Program, Row
from parley.composing.published import Class, Published, Unit, digest

QUOTAS = ("category", "feature", "min", "max")


@dataclass(frozen=True, slots=True)
class Panel:
    """The program of a panel, and the codes of each lot's members in the order of the table."""

    program: Program
    members: tuple[tuple[str, ...], ...]


def read_panel(categories: bytes, respondents: bytes, seats: int) -> Panel:
    """Return the panel of two tables; raises ComposingBroken, which names file, row and column."""
    quotas = _quotas(_table(categories, "categories.csv"))
    people = _table(respondents, "respondents.csv")
    header, rows = people[0], people[1:]
    if not 0 < seats <= len(rows):
        raise ComposingBroken("panel.seats", seats=seats, people=len(rows))
    named = {category for category, *_ in quotas}
    missing = sorted(named - set(header))
    if missing:
        raise ComposingBroken("pool.column_missing", column=missing[0])
    known = {(category, feature) for category, feature, *_ in quotas}
    lots: dict[tuple[str, ...], list[str]] = {}
    for number, row in enumerate(rows, start=1):
        for column, feature in zip(header, row, strict=True):
            if column in named and (column, feature) not in known:
                raise ComposingBroken("panel.unknown_feature", row=number + 1, column=column)
        lots.setdefault(tuple(row), []).append(f"P{number}")
    program = _program(header, list(lots), [len(one) for one in lots.values()], quotas, seats)
    return Panel(program, tuple(tuple(one) for one in lots.values()))


def publish_panel(categories: bytes, respondents: bytes, seats: int) -> Published:
    """Return the whole lottery of a panel, proven; raises ComposingBroken."""
    panel = read_panel(categories, respondents, seats)
    lottery = measured(panel.program, leximin(panel.program))
    prove(panel.program, lottery)
    return Published(
        program=panel.program,
        units=tuple(tuple(Unit(code, (code,)) for code in group) for group in panel.members),
        classes=tuple(Class((lot,), ((1, lot),)) for lot in range(len(panel.members))),
        lottery=lottery,
        files={"categories.csv": digest(categories), "respondents.csv": digest(respondents)},
    )


def _program(
    header: Sequence[str],
    kinds: Sequence[tuple[str, ...]],
    counts: Sequence[int],
    quotas: Sequence[tuple[str, str, int, int]],
    seats: int,
) -> Program:
    rows = [Row("seats", tuple((lot, 1) for lot in range(len(kinds))), seats, seats)]
    for category, feature, low, high in quotas:
        column = header.index(category)
        terms = tuple((lot, 1) for lot, kind in enumerate(kinds) if kind[column] == feature)
        rows.append(Row(f"{category}={feature}", terms, low, high))
    return Program(tuple(counts), tuple(rows), tuple(Lot(count, (lot,)) for lot, count in enumerate(counts)))


def _table(data: bytes, name: str) -> list[list[str]]:
    try:
        rows = [row for row in csv.reader(data.decode("utf-8-sig").splitlines(keepends=True), strict=True) if row]
    except (UnicodeDecodeError, csv.Error):
        raise ComposingBroken("panel.file_malformed", file=name, row=1, wanted="text_in_utf8") from None
    if len(rows) < 2:
        raise ComposingBroken("pool.no_rows")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ComposingBroken("panel.file_malformed", file=name, row=number, wanted=", ".join(rows[0])[:80])
    double = [column for column in rows[0] if rows[0].count(column) > 1]
    if double:
        raise ComposingBroken("pool.column_double", column=double[0][:40])
    return rows


def _quotas(table: list[list[str]]) -> list[tuple[str, str, int, int]]:
    if tuple(table[0]) != QUOTAS:
        raise ComposingBroken("panel.file_malformed", file="categories.csv", row=1, wanted=", ".join(QUOTAS))
    found: list[tuple[str, str, int, int]] = []
    for number, (category, feature, low, high) in enumerate(table[1:], start=2):
        if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in (low, high)):
            raise ComposingBroken("panel.file_malformed", file="categories.csv", row=number, wanted=", ".join(QUOTAS))
        if int(low) > int(high) or (category, feature) in {one[:2] for one in found}:
            raise ComposingBroken("panel.quota_contradiction", row=number, category=category[:40])
        found.append((category, feature, int(low), int(high)))
    return found
