"""The pool: who may be chosen at all, after vetoes and objections are taken out with their reasons, frozen by a commitment.

A pool is a table of pseudonymous codes; names stay with the side that holds them. People who must go together (a family) are one
unit. The commitment to the frozen pool is the SHA-256 of its rows, sorted by code.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from parley.composing.conditions import Value
from parley.composing.errors import ComposingBroken
from parley.composing.policy import CODE, Policy
from parley.composing.published import table

MOST_CELL: Final = 80
REASON: Final = CODE


@dataclass(frozen=True, slots=True)
class Person:
    """One row: code, side, site, and the values that conditions ask for."""

    code: str
    side: str
    site: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Removed:
    """Who was taken out before the pool was frozen: by whom, for which reason code."""

    code: str
    side: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The frozen pool: units (people who go together, sorted by their first code), who was taken out, the commitment."""

    units: tuple[tuple[Person, ...], ...]
    removed: tuple[Removed, ...]
    commitment: str

    @property
    def people(self) -> Iterable[Person]:
        """Everybody in the pool."""
        return (person for unit in self.units for person in unit)


def read_pool(data: bytes, policy: Policy) -> Pool:
    """Return the pool of a CSV file under a policy; raises ComposingBroken with row and column, never what a cell holds."""
    header, rows = _table(data)
    _check_header(header, policy)
    kinds = policy.kinds
    place = {column: at for at, column in enumerate(header)}
    sites = {site.name for site in policy.sites}
    seen: set[str] = set()
    people: list[tuple[Person, str]] = []
    removed: list[Removed] = []
    frozen: dict[str, tuple[str, ...]] = {}
    dates: dict[str, tuple[int | None, int | None]] = {}
    torn: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header) or any(len(cell) > MOST_CELL or "\0" in cell for cell in row):
            raise ComposingBroken("pool.value_wrong", row=number, column="-", wanted="short_cells")
        code = row[place["code"]]
        if not CODE.match(code):
            raise ComposingBroken("pool.code_malformed", row=number)
        if code in seen:
            raise ComposingBroken("pool.code_double", row=number)
        seen.add(code)
        side, site = row[place["side"]], row[place["site"]] if "site" in place else ""
        if side not in policy.sides:
            raise ComposingBroken("pool.side_unknown", row=number)
        if sites and site not in sites:
            raise ComposingBroken("pool.site_unknown", row=number)
        values = _values(row, place, kinds, policy.on, number, dates)
        vetoed = row[place["veto_by"]] if "veto_by" in place else ""
        if vetoed:
            reason = row[place["veto_reason"]] if "veto_reason" in place else ""
            if not REASON.match(reason) or not REASON.match(vetoed):
                raise ComposingBroken("pool.veto_without_reason", row=number)
            removed.append(Removed(code, side, vetoed, reason))
            torn.add((side, str(values.get("family") or code)))
            continue
        people.append((Person(code, side, site, values), str(values.get("family") or "")))
        frozen[code] = tuple(row)
    _check_words(policy, seen)
    people = _whole_families(people, torn, removed)
    _check_named(policy, people)
    if not people:
        raise ComposingBroken("pool.no_rows")
    commitment = hashlib.sha256(
        table(header, [frozen[code] for code in sorted(one.code for one, _ in people)])
    ).hexdigest()
    return Pool(units=_units(people), removed=tuple(sorted(removed, key=lambda one: one.code)), commitment=commitment)


def _values(
    row: Sequence[str],
    place: Mapping[str, int],
    kinds: Mapping[str, str],
    on: date,
    number: int,
    dates: dict[str, tuple[int | None, int | None]],
) -> dict[str, Value]:
    """Return what conditions may ask of one row; dates become ages and days held. ``dates`` remembers what was counted."""
    values: dict[str, Value] = {}
    for column, at in place.items():
        cell, kind = row[at], kinds[column]
        if kind == "number":
            if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 10):
                raise ComposingBroken("pool.value_wrong", row=number, column=column, wanted="whole_number")
            values[column] = int(cell) if cell else None
        elif kind == "date":
            if cell not in dates:
                dates[cell] = _counted(cell, on, number, column)
            values["age" if column == "birth_date" else "days_held"] = dates[cell][column != "birth_date"]
        else:
            values[column] = cell
    return values


def _table(data: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        rows = [row for row in csv.reader(data.decode("utf-8-sig").splitlines(), strict=True) if row]
    except (UnicodeDecodeError, csv.Error):
        raise ComposingBroken("pool.unreadable") from None
    if len(rows) < 2:
        raise ComposingBroken("pool.no_rows")
    return rows[0], rows[1:]


def _check_header(header: list[str], policy: Policy) -> None:
    for column in header:
        if header.count(column) > 1:
            raise ComposingBroken("pool.column_double", column=column[:40])
        if column not in policy.kinds:
            raise ComposingBroken("pool.column_unknown", column=column[:40])
    missing = sorted(policy.columns - set(header))
    if missing:
        raise ComposingBroken("pool.column_missing", column=missing[0])


def _counted(cell: str, on: date, row: int, column: str) -> tuple[int | None, int | None]:
    """Return full years and days from a date to the policy's; nothing where the date is partly or not at all known."""
    parts = cell.split("-")
    if not cell:
        return None, None
    if not all(part.isascii() and part.isdigit() for part in parts) or [len(one) for one in parts] not in (
        [4],
        [4, 2],
        [4, 2, 2],
    ):
        raise ComposingBroken("pool.value_wrong", row=row, column=column, wanted="date_or_part")
    try:
        first = date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    except ValueError:
        raise ComposingBroken("pool.value_wrong", row=row, column=column, wanted="calendar_day") from None
    if first > on:
        raise ComposingBroken("pool.date_in_future", row=row, column=column)
    if len(parts) < 3:
        return None, None
    return on.year - first.year - ((on.month, on.day) < (first.month, first.day)), (on - first).days


def _check_words(policy: Policy, codes: set[str]) -> None:
    """Refuse a condition that compares with somebody's code: it would be written for one person."""
    for key, condition in policy.conditions:
        if condition.words & codes:
            raise ComposingBroken("policy.names_a_person", key=key, line=0)


def _check_named(policy: Policy, people: list[tuple[Person, str]]) -> None:
    sides = {person.code: person.side for person, _ in people}
    for number, pair in enumerate(policy.named, start=1):
        if any(sides.get(code) != side for side, code in pair.items()):
            raise ComposingBroken("pool.named_missing", entry=number)


def _whole_families(
    people: list[tuple[Person, str]], torn: set[tuple[str, str]], removed: list[Removed]
) -> list[tuple[Person, str]]:
    """Take out whoever would have to go without a member of the family: an inseparable family goes whole or stays whole."""
    kept: list[tuple[Person, str]] = []
    for person, family in people:
        if family and (person.side, family) in torn:
            removed.append(Removed(person.code, person.side, "family", "family-not-whole"))
        else:
            kept.append((person, family))
    return kept


def _units(people: list[tuple[Person, str]]) -> tuple[tuple[Person, ...], ...]:
    families: dict[tuple[str, str], list[Person]] = {}
    for person, family in people:
        families.setdefault((person.side, f"family {family}" if family else person.code), []).append(person)
    units = [tuple(sorted(one, key=lambda person: person.code)) for one in families.values()]
    return tuple(sorted(units, key=lambda unit: unit[0].code))
