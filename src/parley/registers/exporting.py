"""Writes people out as a table: exactly those that were asked for, every value with where it came from beside it.

Where claims contradict each other all values stand in the cell. What may be told to the neutral alone is left out unless asked
for. No cell can become a formula: in a workbook every cell is text; in a .csv a cell that a spreadsheet would compute begins
with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from parley.registers.claims import Claim, PersonId, custody_status, standing, vital_status
from parley.registers.columns import headings_in
from parley.registers.fields import FIELDS
from parley.registers.profile import fold_name
from parley.registers.sheet import COLUMNS

BETWEEN: Final = " | "
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST_CELL: Final = 32_000
"""Signs that a cell of a workbook can hold, with some to spare."""

Person = tuple[PersonId, Sequence[Claim]]


def table(people: Callable[[], Iterable[Person]], day: str, *, intermediary: bool = False) -> Iterator[list[str]]:
    """Yield the header and one row for each person. ``people`` is asked twice: for which fields there are, then for the rows."""
    used = {
        one.said.field
        for _, claims in people()
        for one in standing(claims, day)
        if intermediary or not one.said.source.intermediary_only
    }
    fields = [name for name in FIELDS if name in used and name not in {"custody", "vital"}]
    yield ["person", *fields, "custody", "vital", *(f"{name} source" for name in [*fields, "custody", "vital"])]
    for number, claims in people():
        told = [one for one in claims if intermediary or not one.said.source.intermediary_only]
        here = standing(told, day)
        cells = [_values(here, name) for name in fields]
        statuses = [custody_status(told, day).value, vital_status(told, day).value]
        sources = [_sources(here, name) for name in [*fields, "custody", "vital"]]
        yield [str(number), *cells, *statuses, *sources]


def _values(claims: Iterable[Claim], field: str) -> str:
    return BETWEEN.join(dict.fromkeys(one.said.written for one in claims if one.said.field == field))


def _sources(claims: Iterable[Claim], field: str) -> str:
    return BETWEEN.join(dict.fromkeys(source_of(one) for one in claims if one.said.field == field))


def source_of(claim: Claim) -> str:
    """Return who says so in one line: kind, name, day, file and cell, the number of the claim."""
    source = claim.said.source
    parts = (source.kind, source.name, source.dated, str(claim.said.origin), f"claim {claim.id}")
    return ", ".join(part for part in parts if part)


def harmless_cell(text: str) -> str:
    """Return a cell for a .csv that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_COMPUTED) else text


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> int:
    """Write a table as .csv in UTF-8 with a mark, so that spreadsheets read it right; return how many rows under the header."""
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for count, row in enumerate(rows):  # noqa: B007 - counted for the answer
            writer.writerow([harmless_cell(cell) for cell in row])
    return max(count, 0)


def write_xlsx(path: Path, rows: Iterable[Sequence[str]], *, name: str = "people", right_to_left: bool = False) -> int:
    """Write a table as a workbook with every cell as text; return how many rows under the header."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
    )
    count = -1
    try:
        sheet = book.add_worksheet(name)
        if right_to_left:
            sheet.right_to_left()
        bold = book.add_format({"bold": True, "num_format": "@"})
        plain = book.add_format({"num_format": "@"})
        for count, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(count, column, cell[:MOST_CELL], plain if count else bold)
        sheet.freeze_panes(1, 0)
    finally:
        book.close()
    return max(count, 0)


def template_header(language: str) -> list[str]:
    """Return the headings of an exchanged list in a language; what stays home has no column there."""
    headings: Mapping[str, str] = headings_in(language)
    return [headings[name][0].upper() + headings[name][1:] for name in COLUMNS]


def write_template(path: Path, language: str) -> None:
    """Write an empty list to fill in, every cell of it set to text so that no date is turned into a number."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    try:
        sheet = book.add_worksheet("list")
        if language == "ar":
            sheet.right_to_left()
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True})
        sheet.set_column(0, len(COLUMNS) - 1, 20, text)
        for column, heading in enumerate(template_header(language)):
            sheet.write_string(0, column, heading, head)
        sheet.freeze_panes(1, 0)
    finally:
        book.close()


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Return a table as the text of a .csv, for tests and for pipes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([harmless_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def double_keys(claims: Sequence[Claim], day: str) -> list[tuple[str, ...]]:
    """Return what two entries of one person have alike after folding: each pairing of names and birth dates, and each number."""
    here = standing(claims, day)

    def folded(field: str) -> list[str]:
        return [fold_name(one.said.written) for one in here if one.said.field == field][:4]

    names = [
        (surname, given, father)
        for surname in folded("surname")
        for given in folded("given_names")
        for father in folded("father_name") or [""]
    ]
    names += [
        ("".join(sorted(map(fold_name, one.said.written.split()))), "", "")
        for one in here
        if one.said.field == "full_name"
    ]
    born = [one.said.value for one in here if one.said.field == "birth_date" and one.said.value]
    keys: list[tuple[str, ...]] = [(*name, day_of) for name in names for day_of in born]
    keys += [("number", field, number) for field in ("number", "personal_number") for number in folded(field) if number]
    return list(dict.fromkeys(keys))
