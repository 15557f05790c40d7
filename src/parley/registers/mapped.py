"""Takes a list out of a table as somebody sent it, by a map of its columns: which rows can be handed in, and why others cannot.

The rows are those of an exchanged list (see sheet): every value as written, and no column that must not cross the boundary. What
the table does not say can be said once for all its rows: the category, and the letters before a bare number of a line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from parley.registers.columns import LOOK_AT, ColumnMap, find_header, map_of
from parley.registers.fields import DATES
from parley.registers.partial_dates import PartialDate, read_date
from parley.registers.sheet import COLUMNS, MOST_CELL, MOST_ROWS, NEEDED, Person, SheetBroken
from parley.registers.sheets import STOPPING, Row, Sheet, column_letters, column_number, open_book
from parley.words import LINE, Refusal, refuse

SAMPLES: Final = 5
"""Cells that are shown of each column."""
LETTERS: Final = re.compile(r"[A-Z]{1,3}\Z")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}\Z")


@dataclass(frozen=True, slots=True)
class Sample:
    """One cell as written, its row, and, in a column of dates, what was read there."""

    row: int
    written: str
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledColumn:
    """One column: letters, heading as written, the field it is meant to hold (empty: left out), and its first filled cells."""

    letters: str
    heading: str
    field: str
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForAll:
    """What whoever hands in says for rows that do not say it: a category, and the letters that make line ``N7`` of a ``7``."""

    category: str = ""
    letters: str = ""


@dataclass(frozen=True, slots=True)
class MappedList:
    """The rows that can be handed in, and one refusal for each row that cannot; facts never hold what a cell holds."""

    people: tuple[Person, ...]
    refused: tuple[Refusal, ...]


def propose_map(path: Path) -> ColumnMap:
    """Return a map of the first visible sheet's columns, only of such as may cross the boundary; raises IntakeBroken."""
    sheet = open_book(path).sheet("")
    found = map_of("", find_header(islice(sheet.rows(), LOOK_AT)))
    return replace(found, columns={letters: field for letters, field in found.columns.items() if field in COLUMNS})


def sample_columns(path: Path, said: ColumnMap) -> tuple[SampledColumn, ...]:
    """Return every column of the first visible sheet with its first cells under the header, whether it is mapped or not."""
    heading: Sequence[str] = ()
    found: dict[int, list[Sample]] = {}
    for row in open_book(path).sheet("").rows():
        if row.number == said.header:
            heading = row.cells
        if row.number <= said.header:
            continue
        for place, cell in enumerate(row.cells):
            kept = found.setdefault(place, [])
            if cell.strip() and len(kept) < SAMPLES:
                dated = said.columns.get(column_letters(place), "") in DATES
                kept.append(Sample(row.number, cell, read_date(cell) if dated else None))
    filled = {place for place, kept in found.items() if kept} | {at for at, cell in enumerate(heading) if cell.strip()}
    return tuple(
        SampledColumn(
            letters=column_letters(place),
            heading=heading[place].strip() if place < len(heading) else "",
            field=said.columns.get(column_letters(place), ""),
            samples=found.get(place, []),
        )
        for place in sorted(filled)
    )


def people_by_map(path: Path, said: ColumnMap, for_all: ForAll, *, taken: Collection[str] = ()) -> MappedList:
    """Read a list from the first visible sheet by a map; raises SheetBroken where no row can be read so, IntakeBroken.

    Where no column holds the line, rows are counted under the header; ``taken`` are lines that already mean somebody, so that a
    count that starts again never gives one person's line to another.
    """
    sheet = open_book(path).sheet("")
    columns = _columns(said)
    if for_all.letters and LETTERS.match(for_all.letters) is None:
        raise SheetBroken("sheet.letters_malformed")
    fields = {field for _, field in columns}
    for name, given in (("surname", ""), ("category", for_all.category), ("line", for_all.letters)):
        if name not in fields and not given:
            raise SheetBroken("sheet.column_missing", field=name)
    reader = _Reader(columns, for_all, taken)
    reader.read(row for row in sheet.rows() if row.number > said.header)
    _refuse_unseen(sheet)
    if not reader.people and not reader.refused:
        raise SheetBroken("sheet.no_rows")
    return MappedList(tuple(reader.people), tuple(reader.refused))


def _columns(said: ColumnMap) -> list[tuple[int, str]]:
    """Return place and field of each column that is taken, none of them twice, none that stays at home; raises SheetBroken."""
    taken: set[str] = set()
    for letters, field in said.columns.items():
        if field not in COLUMNS:
            raise SheetBroken("sheet.column_unknown", column=letters)
        if field in taken:
            raise SheetBroken("sheet.column_double", column=letters)
        taken.add(field)
    return sorted((column_number(letters), field) for letters, field in said.columns.items())


def _refuse_unseen(sheet: Sheet) -> None:
    """Refuse what a reader of the list would not see, as for a list in the agreed form; the whole sheet must have been read."""
    for kind in STOPPING:
        if kind in sheet.notes.by_kind:
            at = sheet.notes.by_kind[kind].places[0]
            raise SheetBroken("sheet.unseen", sheet=at.sheet, row=at.row, column=at.column or "-")


class _Reader:
    """One walk over the rows under the header."""

    def __init__(self, columns: Sequence[tuple[int, str]], for_all: ForAll, taken: Collection[str]) -> None:
        self.columns, self.for_all, self.taken = columns, for_all, taken
        self.places = {field: column_letters(place) for place, field in columns}
        self.people: list[Person] = []
        self.refused: list[Refusal] = []
        self.seen: set[str] = set()
        self.counted = 0

    def read(self, rows: Iterable[Row]) -> None:
        """Take every row that is not empty; raises SheetBroken where there are more than a list may hold."""
        for row in rows:
            fields = {field: row.cells[place].strip() for place, field in self.columns if place < len(row.cells)}
            fields = {field: cell for field, cell in fields.items() if cell}
            if not fields:
                continue
            self.counted += 1
            if self.counted > MOST_ROWS:
                raise SheetBroken("sheet.too_large", most=MOST_ROWS)
            no = self._take(row.number, fields)
            if no is not None:
                self.refused.append(no)

    def _take(self, row: int, fields: dict[str, str]) -> Refusal | None:
        for field, cell in fields.items():
            if len(cell) > MOST_CELL:
                return refuse("sheet.cell_too_long", row=row, column=self.places[field])
        if self.for_all.category:
            fields.setdefault("category", self.for_all.category)
        line = self._line(fields)
        for name in NEEDED:
            if not (line if name == "line" else fields.get(name)):
                return refuse("sheet.cell_missing", row=row, column=self.places.get(name, "-"))
        if LINE.match(line) is None:
            return refuse("sheet.line_malformed", row=row)
        if "line" not in self.places and line in self.taken:
            return refuse("sheet.line_taken", row=row, line=line)
        if line in self.seen:
            return refuse("sheet.line_double", row=row)
        self.seen.add(line)
        self.people.append(Person(line, _without(fields, "line")))
        return None

    def _line(self, fields: Mapping[str, str]) -> str:
        if "line" not in self.places:
            return f"{self.for_all.letters}{self.counted}"
        line = fields.get("line", "")
        return f"{self.for_all.letters}{line}" if self.for_all.letters and _NUMBER.match(line) else line


def _without(fields: Mapping[str, str], name: str) -> Mapping[str, str]:
    return {one: cell for one, cell in fields.items() if one != name}
