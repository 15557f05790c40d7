"""Opens the tables that people send, whatever was done to them, and hands out their rows as text with the place of each cell.

Workbooks (.xlsx, .ods) and plain text (.csv, .tsv) are read; nothing in them is computed, followed or executed. Before a workbook
is unpacked it is measured, so that a small file which unpacks to a mountain, a cell a million columns away, or one long text
repeated a million times ends in an answer and not in a dead machine. What a reader of the table would not see (formulas, hidden
rows, columns and sheets, merged cells, strike-through, broken cells) is noted with its place; whoever imports says which of these
are acceptable.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from parley.registers.encodings import KNOWN, SAMPLE, Encoding, detect
from parley.registers.errors import IntakeBroken

MOST_BYTES: Final = 256 * 1024 * 1024
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_COLUMNS: Final = 512
MOST_ROWS: Final = 1_000_000
MOST_CELLS: Final = 8_000_000
MOST_CELL: Final = 10_000
NOTED_PLACES: Final = 20

Kind = Literal["formula", "hidden", "merged", "struck", "error", "digits", "encoding"]
KINDS: Final[tuple[Kind, ...]] = ("formula", "hidden", "merged", "struck", "error", "digits", "encoding")
STOPPING: Final[frozenset[Kind]] = frozenset({"formula", "hidden", "merged", "struck", "error"})
"""What must be accepted by name before a table with it is imported."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A cell: the sheet's number from 1, the row from 1, the column's letters (empty for a whole row)."""

    sheet: int
    row: int
    column: str = ""


@dataclass(slots=True)
class Note:
    """Something about a table that a reader would not see: how often, and the first places."""

    kind: Kind
    count: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, place: Place) -> None:
        """Count one more, and remember where, up to NOTED_PLACES."""
        self.count += 1
        if len(self.places) < NOTED_PLACES:
            self.places.append(place)


@dataclass(slots=True)
class Notes:
    """The notes of one sheet, by kind."""

    by_kind: dict[Kind, Note] = field(default_factory=dict)

    def add(self, kind: Kind, place: Place) -> None:
        """Note one place."""
        self.by_kind.setdefault(kind, Note(kind)).add(place)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, from 1, and its cells as text."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a file. ``notes`` are complete once all ``rows`` were read."""

    number: int
    name: str
    hidden: bool
    notes: Notes
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A file of tables: its kind, its encoding where it is plain text, and its sheets."""

    kind: str
    encoding: Encoding | None
    sheets: tuple[Sheet, ...]

    def sheet(self, wanted: str) -> Sheet:
        """Return a sheet by number or name, the first that is not hidden for ``""``; raises IntakeBroken."""
        for one in self.sheets:
            if (not wanted and not one.hidden) or wanted in (str(one.number), one.name):
                return one
        raise IntakeBroken("intake.no_such_sheet", count=len(self.sheets))


def open_book(path: Path, *, encoding: str = "") -> Book:
    """Open a file of tables; raises IntakeBroken. ``encoding`` is told for plain text whose encoding cannot be found out."""
    from parley.registers import workbooks

    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(SAMPLE + 4)
    except (OSError, ValueError):
        raise IntakeBroken("intake.unreadable") from None
    if size > MOST_BYTES:
        raise IntakeBroken("intake.too_large", most=MOST_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return workbooks.open_workbook(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # the old binary form; a locked .xlsx has it too
        raise IntakeBroken("intake.locked" if b"E\0n\0c\0r\0y\0p\0t\0" in head else "intake.unreadable")
    if path.suffix.lower() not in {".csv", ".tsv", ".txt", ".tab"}:
        raise IntakeBroken("intake.unreadable")
    return _open_text(path, head, encoding)


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0: ``A``, ``Z``, ``AA``."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number from 0 of a column's letters in capitals; far beyond any table for a word that is none."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 7:
        return 1 << 40
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def written(cell: object) -> str:
    """Return a workbook's cell as text: whole numbers without a decimal point, days in ISO form."""
    if type(cell) is str:
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def check_row(sheet: int, number: int, cells: Sequence[str]) -> None:
    """Look at the size of one row; raises IntakeBroken with sheet, row and column."""
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        column = column_letters(len(cells) - 1)
        raise IntakeBroken("intake.too_many_columns", sheet=sheet, row=number, column=column, most=MOST_COLUMNS)
    if sum(map(len, cells)) > MOST_CELL:
        for place, cell in enumerate(cells):
            if len(cell) > MOST_CELL:
                column = column_letters(place)
                raise IntakeBroken("intake.cell_too_long", sheet=sheet, row=number, column=column, most=MOST_CELL)


def refuse_unaccepted(sheet: Sheet, accepted: Iterable[str]) -> None:
    """Raise IntakeBroken ``intake.not_accepted`` for the first kind of thing noted in a sheet that nobody accepted."""
    for kind in KINDS:
        note = sheet.notes.by_kind.get(kind)
        if note is not None and kind in STOPPING and kind not in accepted:
            at = note.places[0]
            facts: Mapping[str, str | int] = {"sheet": at.sheet, "row": at.row, "column": at.column or "-"}
            raise IntakeBroken("intake.not_accepted", kind=kind, count=note.count, **facts)


# --- plain text ---


def _open_text(path: Path, head: bytes, told: str) -> Book:
    if told and told.lower() not in KNOWN:
        raise IntakeBroken("intake.encoding_unclear")
    encoding = Encoding(told.lower(), "told") if told else detect(head)
    notes = Notes()
    if encoding.known_by == "guessed":
        notes.add("encoding", Place(1, 1))
    delimiter = "\t" if path.suffix.lower() in {".tsv", ".tab"} else _delimiter(head, encoding.name)

    def rows() -> Iterator[Row]:
        csv.field_size_limit(MOST_BYTES)  # the check of each row names the cell; the file's size bounds the memory
        last = 0
        try:
            with path.open(encoding=encoding.name, newline="") as file:
                for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                    last = number
                    if number > MOST_ROWS:
                        raise IntakeBroken("intake.too_many_rows", sheet=1, most=MOST_ROWS)
                    check_row(1, number, cells)
                    yield Row(number, cells)
        except (csv.Error, UnicodeError):
            raise IntakeBroken("intake.damaged", sheet=1, row=last + 1) from None
        except OSError:
            raise IntakeBroken("intake.unreadable") from None

    return Book(
        kind="tsv" if delimiter == "\t" else "csv",
        encoding=encoding,
        sheets=(Sheet(number=1, name=path.stem, hidden=False, notes=notes, rows=rows),),
    )


def _delimiter(head: bytes, encoding: str) -> str:
    """Return the sign that parts the most lines into the same number of columns."""
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff")
    best, chosen = (0, 0), ","
    for sign in (",", ";", "\t", "|"):
        try:
            sample = [row for _, row in zip(range(50), csv.reader(io.StringIO(text), delimiter=sign), strict=False)]
        except csv.Error:
            continue
        widths = [len(row) for row in sample if any(row)]
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) if common > 1 else 0, common)
        if score > best:
            best, chosen = score, sign
    return chosen


# --- unpacking ---


def unpacked(archive: zipfile.ZipFile, name: str) -> Generator[bytes]:
    """Yield a member of an archive in pieces of 4 MiB; raises IntakeBroken where it is damaged or grows too large."""
    total = 0
    try:
        with archive.open(name) as member:
            while piece := member.read(1 << 22):
                total += len(piece)
                if total > MOST_UNPACKED:
                    break
                yield piece
    except Exception:  # noqa: BLE001 - a forged archive breaks zipfile in many ways, all of them mean the same
        raise IntakeBroken("intake.unreadable") from None
    if total > MOST_UNPACKED:
        raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
