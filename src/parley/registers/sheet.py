"""Reads a list of people from a spreadsheet, and writes one: a line id and the minimum fields that cross the boundary.

The columns are those of the exchanged list (domain 11, point 5): names, birth date, father's name, number, rank, unit, Power,
capture, category, and the part of the terms. Next of kin, health and place of detention have no column here and are refused, so
that they cannot cross by mistake. Every value is read as text, exactly as written; nothing is computed, guessed or executed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.registers.sheets import STOPPING, open_book
from parley.words import LINE, Broken

COLUMNS: Final = (
    "line",
    "surname",
    "given_names",
    "father_name",
    "birth_date",
    "number",
    "rank",
    "unit",
    "power",
    "capture_date",
    "capture_place",
    "category",
    "grade",
    "part",
)
"""The columns of an exchanged list, in the order in which they are written."""
NEEDED: Final = ("line", "surname", "category")
MOST_ROWS: Final = 200_000
MOST_CELL: Final = 500


class SheetBroken(Broken):
    """A spreadsheet cannot be taken as a list; facts name the row and the column, never what the cell holds."""


CODES: Final[Mapping[str, str]] = {
    "sheet.missing": "There is no such file; look at its name and its folder.",
    "sheet.unseen": "Sheet {sheet}, row {row}, column {column} holds a formula, or what is hidden, merged or struck.",
    "sheet.too_large": "This file is too large for one list; split the list.",
    "sheet.no_header": "The first row does not name the columns; it must hold at least line, surname and category.",
    "sheet.column_unknown": "This column must not cross the boundary, or is misspelt; remove it or rename it.",
    "sheet.column_double": "This column stands there twice; remove one of the two.",
    "sheet.line_malformed": "This line id is malformed; write letters and a number, such as N17.",
    "sheet.line_double": "This line id stands on two rows; each line is given once.",
    "sheet.cell_missing": "This cell must not be empty; fill it in.",
    "sheet.cell_too_long": "This cell holds too much text; shorten it.",
    "sheet.column_missing": "No column was named for {field}; name one, or say it for all rows.",
    "sheet.letters_malformed": "The letters before a number are one to three capitals, such as N.",
    "sheet.line_taken": "Row {row} would become line {line}, which already means somebody; name the column of the lines.",
    "sheet.no_rows": "There is no row under the header; nothing was taken.",
}
"""Every way a spreadsheet can be refused, with one English sentence that ends in the next step."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a list: its line and the fields that are filled in, as written."""

    line: str
    fields: Mapping[str, str]


def read_people(path: Path) -> tuple[Person, ...]:
    """Read a list from the first visible sheet of .xlsx, .ods, .csv or .tsv; raises SheetBroken, IntakeBroken.

    Plain text is read in whatever encoding and with whatever sign between its columns a spreadsheet saved it.
    What a reader of the list would not see (formulas, hidden, merged or struck cells) is refused with its place.
    """
    if not path.is_file():
        raise SheetBroken("sheet.missing")
    sheet = open_book(path).sheet("")
    people = people_of(row.cells for row in sheet.rows())
    for kind in STOPPING:
        if kind in sheet.notes.by_kind:
            at = sheet.notes.by_kind[kind].places[0]
            raise SheetBroken("sheet.unseen", sheet=at.sheet, row=at.row, column=at.column or "-")
    return people


def people_of(rows: Iterable[Sequence[str]]) -> tuple[Person, ...]:
    """Return the people of a table whose first row names the columns; raises SheetBroken."""
    table = iter(rows)
    header = _header(next(table, ()))
    people: list[Person] = []
    seen: set[str] = set()
    for number, row in enumerate(table, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(people) == MOST_ROWS:
            raise SheetBroken("sheet.too_large", most=MOST_ROWS)
        person = _person(header, cells, number)
        if person.line in seen:
            raise SheetBroken("sheet.line_double", row=number)
        seen.add(person.line)
        people.append(person)
    if not people:
        raise SheetBroken("sheet.no_rows")
    return tuple(people)


def _header(row: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().lower().replace(" ", "_") for cell in row)
    while names and not names[-1]:
        names = names[:-1]
    for number, name in enumerate(names, start=1):
        if name not in COLUMNS:
            raise SheetBroken("sheet.column_unknown" if set(NEEDED) <= set(names) else "sheet.no_header", column=number)
        if names.index(name) != number - 1:
            raise SheetBroken("sheet.column_double", column=number)
    if not set(NEEDED) <= set(names):
        raise SheetBroken("sheet.no_header", column=1)
    return names


def _person(header: Sequence[str], cells: Sequence[str], number: int) -> Person:
    for column, cell in enumerate(cells, start=1):
        if len(cell) > MOST_CELL:
            raise SheetBroken("sheet.cell_too_long", row=number, column=column)
        if cell and column > len(header):
            raise SheetBroken("sheet.column_unknown", row=number, column=column)
    fields = {name: cell for name, cell in zip(header, cells, strict=False) if cell}
    for name in NEEDED:
        if name not in fields:
            raise SheetBroken("sheet.cell_missing", row=number, column=header.index(name) + 1)
    line = fields.pop("line")
    if LINE.match(line) is None:
        raise SheetBroken("sheet.line_malformed", row=number)
    return Person(line, fields)


def write_people(path: Path, people: Iterable[Person]) -> None:
    """Write a list as a workbook with every cell as text, so that no program turns a number into a date."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    try:
        sheet = book.add_worksheet("list")
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name)
        for number, person in enumerate(people, start=1):
            sheet.write_string(number, 0, person.line)
            for column, name in enumerate(COLUMNS[1:], start=1):
                if name in person.fields:
                    sheet.write_string(number, column, person.fields[name])
    finally:
        book.close()
