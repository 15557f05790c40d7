"""Measures a workbook before it is unpacked in memory, notes what its reader would not see, and reads its cells.

An .xlsx is scanned as bytes, once, in pieces: how far its cells reach, how many there are, which rows are hidden, where formulas
and struck-out text stand. Only then does the reader of workbooks (calamine) get it. An .ods is read here altogether, because one
attribute in it can repeat a cell a million times.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from parley.registers.errors import IntakeBroken
from parley.registers.safe_xml import tree, walk
from parley.registers.sheets import (
    MOST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED,
    Book,
    Kind,
    Notes,
    Place,
    Row,
    Sheet,
    check_row,
    column_letters,
    column_number,
    unpacked,
    written,
)

MOST_MEMBERS: Final = 5_000
MOST_SMALL: Final = 16 * 1024 * 1024
MOST_TEXT: Final = 1 << 30
MOST_SHEETS: Final = 200
_NAME: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
_REF: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"']")
_ROW: Final = re.compile(rb"<" + _NAME + rb"row\b([^>]*)>")
_ROW_NUMBER: Final = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,9})[\"']")
_HIDDEN: Final = re.compile(rb"\b(?:hidden|zeroHeight)\s*=\s*[\"'](?:1|true)[\"']")
_FORMULA: Final = re.compile(rb"<" + _NAME + rb"c\b([^>]*)>\s*<" + _NAME + rb"f\b")
_ERROR: Final = re.compile(rb"<" + _NAME + rb"c\b([^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>")
_COLUMN: Final = re.compile(rb"<" + _NAME + rb"col\b([^>]*)>")
_SHARED: Final = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*>\s*<" + _NAME + rb"v>([0-9]{1,9})<")
_ODS_MOST_REPEAT: Final = 1_000_000


def open_workbook(path: Path) -> Book:
    """Open an .xlsx or .ods; raises IntakeBroken."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:  # noqa: BLE001 - as in sheets.unpacked
        raise IntakeBroken("intake.unreadable") from None
    with archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
            raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
        if any(one.flag_bits & 1 for one in members):
            raise IntakeBroken("intake.locked")
        names = {one.filename for one in members}
        if "content.xml" in names:
            return _open_ods(archive)
        if "xl/workbook.xml" in names:
            return _open_xlsx(path, archive, names)
    raise IntakeBroken("intake.unreadable")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    data = bytearray()
    with closing(unpacked(archive, name)) as pieces:
        for piece in pieces:
            data += piece
            if len(data) > MOST_SMALL:
                raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
    return bytes(data)


# --- .xlsx ---


@dataclass(slots=True)
class _Shared:
    """What the texts kept apart from the sheets tell: the length of each, which are too long, which hold struck-out words."""

    lengths: list[int] = field(default_factory=list)
    long: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()


def _open_xlsx(path: Path, archive: zipfile.ZipFile, names: set[str]) -> Book:
    import python_calamine

    shared = _shared_texts(archive, "xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else _Shared()
    struck = _struck_styles(_small(archive, "xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
    listed = _sheets_listed(archive, names)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        known = book.sheet_names
    except python_calamine.PasswordError:
        raise IntakeBroken("intake.locked") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise IntakeBroken("intake.unreadable") from None
    sheets: list[Sheet] = []
    for number, (name, member, hidden) in enumerate(listed, start=1):
        if name not in known:
            raise IntakeBroken("intake.damaged", sheet=number, row=1)
        notes = Notes()
        if hidden:
            notes.add("hidden", Place(number, 1))
        scan = _Scan(number, notes, shared, struck)
        with closing(unpacked(archive, member)) as pieces:
            for piece in _whole_rows(pieces):
                scan.take(piece)
        scan.finish()
        sheets.append(
            Sheet(number=number, name=name, hidden=hidden, notes=notes, rows=_XlsxRows(book, name, number, notes))
        )
    return Book(kind="xlsx", encoding=None, sheets=tuple(sheets))


@dataclass(frozen=True, slots=True)
class _XlsxRows:
    """Reads the rows of one sheet, each time it is asked; merged cells are noted on the way."""

    book: object
    name: str
    number: int
    notes: Notes

    def __call__(self) -> Iterator[Row]:
        import python_calamine

        assert isinstance(self.book, python_calamine.CalamineWorkbook)
        try:
            sheet = self.book.get_sheet_by_name(self.name)
            merged = sheet.merged_cell_ranges or []
            if "merged" not in self.notes.by_kind:
                for (row, column), _ in merged:
                    self.notes.add("merged", Place(self.number, row + 1, column_letters(column)))
            if sheet.start is None:
                return
            # The rows above the first filled cell come along, the columns before it do not; a test holds the reader to that.
            before = [""] * sheet.start[1]
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                texts = before + [cell if type(cell) is str else written(cell) for cell in cells]
                check_row(self.number, number, texts)
                yield Row(number, texts)
        except (python_calamine.CalamineError, ValueError, OverflowError):
            raise IntakeBroken("intake.damaged", sheet=self.number, row=1) from None


def _sheets_listed(archive: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str, bool]]:
    """Return name, member and whether hidden, of every sheet of cells in the order of the workbook."""
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for one in tree(_small(archive, "xl/_rels/workbook.xml.rels")):
            if one.get("Type", "").endswith("/worksheet") and one.get("TargetMode") != "External":
                target = one.get("Target", "")
                joined = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                targets[one.get("Id", "")] = joined
    found: list[tuple[str, str, bool]] = []
    for one in tree(_small(archive, "xl/workbook.xml")).iter():
        if one.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for name, value in one.attrib.items() if name.rpartition("}")[2] == "id"), "")
        if targets.get(link) in names:
            found.append((one.get("name", ""), targets[link], one.get("state", "visible") != "visible"))
    if not found or len(found) > MOST_SHEETS:
        raise IntakeBroken("intake.unreadable")
    return found


def _struck_styles(data: bytes) -> frozenset[int]:
    """Return the styles of cells whose font is struck out."""
    root = tree(data)
    local = {name: [one for one in root if one.tag.rpartition("}")[2] == name] for name in ("fonts", "cellXfs")}
    fonts = [
        number
        for number, font in enumerate(one for fonts in local["fonts"] for one in fonts)
        if any(part.tag.rpartition("}")[2] == "strike" and part.get("val", "1") not in {"0", "false"} for part in font)
    ]
    styles = (one for group in local["cellXfs"] for one in group)
    return frozenset(number for number, one in enumerate(styles) if one.get("fontId") in {str(font) for font in fonts})


def _shared_texts(archive: zipfile.ZipFile, member: str) -> _Shared:
    """Measure the shared texts by their bytes of XML, an upper bound of what they become."""
    found = _Shared()
    long: set[int] = set()
    struck: set[int] = set()
    rest = b""
    with closing(unpacked(archive, member)) as pieces:
        for piece in pieces:
            parts = re.split(rb"</(?:[A-Za-z_][\w.-]*:)?si\s*>|<(?:[A-Za-z_][\w.-]*:)?si\s*/>", rest + piece)
            rest = parts.pop()
            if len(rest) > MOST_UNPACKED // 4:
                raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
            for part in parts:
                number = len(found.lengths)
                found.lengths.append(len(part))
                if len(part) > 2 * MOST_CELL and sum(map(len, re.findall(rb">([^<]*)<", part))) > 4 * MOST_CELL:
                    long.add(number)
                if b"strike" in part and re.search(rb"<" + _NAME + rb"strike\b(?![^>]*val=[\"'](?:0|false))", part):
                    struck.add(number)
            if len(found.lengths) > MOST_CELLS:
                raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
    found.long, found.struck = frozenset(long), frozenset(struck)
    return found


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Cut a sheet into pieces that end with a row, so that no tag is seen in two halves."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        end = whole.rfind(b"row>") + 4
        if end < 4:
            if len(whole) > 64 << 20:
                raise IntakeBroken("intake.bomb", most=MOST_UNPACKED)
            rest = whole
            continue
        yield whole[:end]
        rest = whole[end:]
    yield rest


class _Scan:
    """Walks over the bytes of one sheet: bounds first, then what is to be noted."""

    def __init__(self, sheet: int, notes: Notes, shared: _Shared, struck: frozenset[int]) -> None:
        self.sheet = sheet
        self.notes = notes
        self.shared = shared
        styles = b"|".join(b"%d" % one for one in sorted(struck))
        self.struck = (
            re.compile(rb"<" + _NAME + rb"c\b([^>]*\bs\s*=\s*[\"'](?:" + styles + rb")[\"'][^>]*)>") if styles else None
        )
        self.cells = self.rows = self.furthest_row = self.furthest_column = 0
        self.used: Counter[int] = Counter()

    def take(self, piece: bytes) -> None:
        """Look at a piece of whole rows; raises IntakeBroken."""
        if piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in piece[:4096]:
            raise IntakeBroken("intake.unsafe_xml")
        refs = _REF.findall(piece)
        self.cells += piece.count(b"<v>") + piece.count(b":v>") + piece.count(b"<is>") + piece.count(b":is>")
        if refs:
            columns = {letters: column_number(letters.decode()) for letters in {letters for letters, _ in refs}}
            widest = max(columns.values())
            rows = max(map(int, {row for _, row in refs}))
            if widest >= MOST_COLUMNS or rows > MOST_ROWS:
                self._too_far(refs, columns)
            self.furthest_column = max(self.furthest_column, widest + 1)
            self.furthest_row = max(self.furthest_row, rows)
        if b"idden" in piece or piece.count(b"<c") + piece.count(b":c") > len(refs):
            self._rows(piece)
        else:  # every cell says where it stands, and that was looked at above
            self.rows = self.furthest_row
        if self.furthest_row * max(self.furthest_column, 1) > MOST_CELLS or self.cells > MOST_CELLS:
            raise IntakeBroken("intake.too_many_cells", sheet=self.sheet, most=MOST_CELLS)
        if b"<f" in piece or b":f" in piece:
            self._note("formula", _FORMULA.finditer(piece))
        if b'"e"' in piece or b"'e'" in piece:
            self._note("error", _ERROR.finditer(piece))
        if self.struck is not None:
            self._note("struck", self.struck.finditer(piece))
        for column in _COLUMN.finditer(piece) if b"hidden" in piece else ():
            if _HIDDEN.search(column[1]):
                first = re.search(rb"\bmin\s*=\s*[\"']([0-9]{1,6})[\"']", column[1])
                self.notes.add("hidden", Place(self.sheet, 1, column_letters(int(first[1]) - 1) if first else ""))
        self._shared(piece)

    def _rows(self, piece: bytes) -> None:
        """Count rows, note the hidden ones, and measure those whose cells do not say where they stand."""
        begun, start = 0, 0
        for found in _ROW.finditer(piece):
            self._measure(piece, start, found.start())
            start, begun = found.end(), begun + 1
            self.rows += 1
            number = _ROW_NUMBER.search(found[1])
            here = int(number[1]) if number else self.rows
            self.rows = max(self.rows, here)
            if here > MOST_ROWS or self.rows > MOST_ROWS:
                raise IntakeBroken("intake.too_many_rows", sheet=self.sheet, most=MOST_ROWS)
            if b"idden" in found[1] and _HIDDEN.search(found[1]):
                self.notes.add("hidden", Place(self.sheet, here))
        self._measure(piece, start, len(piece))
        self.furthest_row = max(self.furthest_row, self.rows)

    def _measure(self, piece: bytes, start: int, end: int) -> None:
        if end - start < 4 * MOST_COLUMNS:  # the shortest cell, <c/>, has four bytes
            return
        many = piece.count(b"<c", start, end) + piece.count(b":c", start, end)
        if many > 2 * MOST_COLUMNS:
            column = column_letters(many - 1)
            raise IntakeBroken(
                "intake.too_many_columns", sheet=self.sheet, row=max(self.rows, 1), column=column, most=MOST_COLUMNS
            )

    def _too_far(self, refs: Sequence[tuple[bytes, bytes]], columns: Mapping[bytes, int]) -> None:
        for letters, row in refs:
            if columns[letters] >= MOST_COLUMNS:
                column = letters.decode().upper()
                raise IntakeBroken(
                    "intake.too_many_columns", sheet=self.sheet, row=int(row), column=column, most=MOST_COLUMNS
                )
        raise IntakeBroken("intake.too_many_rows", sheet=self.sheet, most=MOST_ROWS)

    def _note(self, kind: Kind, found: Iterator[re.Match[bytes]]) -> None:
        for one in found:
            ref = _REF.search(one[1])
            place = Place(self.sheet, int(ref[2]), ref[1].decode().upper()) if ref else Place(self.sheet, self.rows)
            self.notes.add(kind, place)

    def _shared(self, piece: bytes) -> None:
        """Find the cells whose shared text is too long or struck out, and weigh what the shared texts become in memory."""
        shared = self.shared
        if shared.long or shared.struck:
            for one in re.finditer(rb"<" + _NAME + rb"c\b([^>]*)>\s*<" + _NAME + rb"v>([0-9]{1,9})<", piece):
                number = int(one[2])
                if not re.search(rb"\bt\s*=\s*[\"']s[\"']", one[1]) or number not in shared.long | shared.struck:
                    continue
                ref = _REF.search(one[1])
                row, column = (int(ref[2]), ref[1].decode().upper()) if ref else (self.rows, "A")
                if number in shared.long:
                    raise IntakeBroken("intake.cell_too_long", sheet=self.sheet, row=row, column=column, most=MOST_CELL)
                self.notes.add("struck", Place(self.sheet, row, column))
        if shared.lengths and self.cells * max(shared.lengths) > MOST_TEXT:
            self.used.update(int(one) for one in _SHARED.findall(piece))

    def finish(self) -> None:
        """Weigh the texts; raises IntakeBroken where the sheet would not fit in memory."""
        lengths = self.shared.lengths
        weight = sum(count * lengths[number] for number, count in self.used.items() if number < len(lengths))
        if weight > MOST_TEXT:
            raise IntakeBroken("intake.bomb", most=MOST_TEXT)


# --- .ods ---

_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


@dataclass(slots=True)
class _OdsTable:
    """One table while it is read."""

    number: int
    name: str
    notes: Notes = field(default_factory=Notes)
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    cells: int = 0


class _OdsReader:
    """Reads a whole .ods, row by row: values as they are shown to programs, not to eyes (ISO days, plain numbers)."""

    def __init__(self) -> None:
        self.tables: list[_OdsTable] = []
        self.struck: set[str] = set()
        self.hidden_tables: set[str] = set()
        self.style = ""
        self.row: list[str] = []
        self.row_number = self.row_repeat = self.gap = 0
        self.cell: list[str] | None = None
        self.about: Mapping[str, str] = {}
        self.depth = 0
        self.aside = 0
        """Depth inside a comment, which is no part of its cell."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if self.aside or name == _OFFICE + "annotation":
            self.aside += 1
        elif name == _STYLE + "style":
            self.style = attributes.get(_STYLE + "name", "")
        elif name == _STYLE + "text-properties" and self.style:
            if attributes.get(_STYLE + "text-line-through-style", "none") != "none":
                self.struck.add(self.style)
        elif name == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
            self.hidden_tables.add(self.style)
        elif name == _TABLE + "table":
            self._begin_table(attributes)
        elif name == _TABLE + "table-row" and self.tables:
            self._begin_row(attributes)
        elif name == _TABLE + "table-column" and self.tables:
            if attributes.get(_TABLE + "visibility", "visible") != "visible":
                self.tables[-1].notes.add("hidden", Place(len(self.tables), 1))
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and self.tables:
            self.cell, self.about = [], attributes
        elif self.cell is not None and name == _TEXT + "s":
            self.cell.append(" ")
        elif self.cell is not None and name == _TEXT + "p" and self.cell:
            self.cell.append("\n")

    def text(self, data: str) -> None:
        """Take text."""
        if self.cell is not None and not self.aside:
            self.cell.append(data)

    def end(self, name: str) -> None:
        """End an element."""
        if self.aside:
            self.aside -= 1
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and self.cell is not None:
            self._end_cell(name.endswith("covered-table-cell"))
        elif name == _TABLE + "table-row" and self.tables:
            self._end_row()
        elif name == _STYLE + "style":
            self.style = ""

    def _begin_table(self, attributes: Mapping[str, str]) -> None:
        if len(self.tables) >= MOST_SHEETS:
            raise IntakeBroken("intake.unreadable")
        table = _OdsTable(len(self.tables) + 1, attributes.get(_TABLE + "name", ""))
        if attributes.get(_TABLE + "style-name", "") in self.hidden_tables:
            table.hidden = True
            table.notes.add("hidden", Place(table.number, 1))
        self.tables.append(table)
        self.row_number = 0

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self.row, self.gap = [], 0
        self.row_repeat = _repeat(attributes, "number-rows-repeated")
        self.row_number += 1
        if attributes.get(_TABLE + "visibility", "visible") != "visible":
            self.tables[-1].notes.add("hidden", Place(len(self.tables), self.row_number))

    def _end_cell(self, covered: bool) -> None:
        table = self.tables[-1]
        value = "" if covered else self._value()
        repeat = _repeat(self.about, "number-columns-repeated")
        self.cell = None
        if not value:
            self.gap = min(self.gap + repeat, _ODS_MOST_REPEAT)
            return
        first = len(self.row) + self.gap
        place = Place(table.number, self.row_number, column_letters(first))
        if first + repeat > MOST_COLUMNS:
            column = column_letters(first + repeat - 1)
            raise IntakeBroken(
                "intake.too_many_columns", sheet=table.number, row=self.row_number, column=column, most=MOST_COLUMNS
            )
        if len(value) > MOST_CELL:
            raise IntakeBroken(
                "intake.cell_too_long", sheet=table.number, row=self.row_number, column=place.column, most=MOST_CELL
            )
        if _TABLE + "formula" in self.about:
            table.notes.add("formula", place)
        if (
            self.about.get(_TABLE + "number-columns-spanned", "1") != "1"
            or self.about.get(_TABLE + "number-rows-spanned", "1") != "1"
        ):
            table.notes.add("merged", place)
        if self.about.get(_TABLE + "style-name", "") in self.struck:
            table.notes.add("struck", place)
        self.row += [""] * self.gap + [value] * repeat
        self.gap = 0

    def _value(self) -> str:
        assert self.cell is not None
        match self.about.get(_OFFICE + "value-type", "string"):
            case "float" | "currency" | "percentage":
                text = self.about.get(_OFFICE + "value", "")
                return re.sub(r"\A(-?[0-9]+)\.0+\Z", r"\1", text)
            case "date":
                return re.sub(r"T00:00:00(\.0+)?\Z", "", self.about.get(_OFFICE + "date-value", "")).replace("T", " ")
            case "boolean":
                return self.about.get(_OFFICE + "boolean-value", "")
            case _:
                return "".join(self.cell)

    def _end_row(self) -> None:
        table = self.tables[-1]
        if self.row:
            table.cells += len(self.row) * self.row_repeat
            if self.row_number + self.row_repeat - 1 > MOST_ROWS:
                raise IntakeBroken("intake.too_many_rows", sheet=table.number, most=MOST_ROWS)
            if table.cells > MOST_CELLS:
                raise IntakeBroken("intake.too_many_cells", sheet=table.number, most=MOST_CELLS)
            row = tuple(self.row)
            table.rows += [Row(self.row_number + more, row) for more in range(self.row_repeat)]
        self.row_number = min(self.row_number + self.row_repeat - 1, 1 << 40)


def _repeat(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(_TABLE + name, "1")
    return max(1, min(int(text), 1 << 30)) if text.isascii() and text.isdigit() and len(text) < 12 else 1


def _open_ods(archive: zipfile.ZipFile) -> Book:
    reader = _OdsReader()
    if b"encryption-data" in (
        _small(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    ):
        raise IntakeBroken("intake.locked")
    with closing(unpacked(archive, "content.xml")) as pieces:
        walk(pieces, reader.start, reader.end, reader.text)
    if not reader.tables:
        raise IntakeBroken("intake.unreadable")
    return Book(
        kind="ods",
        encoding=None,
        sheets=tuple(
            Sheet(number=one.number, name=one.name, hidden=one.hidden, notes=one.notes, rows=_Kept(one.rows))
            for one in reader.tables
        ),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows that were read already."""

    rows: Sequence[Row]

    def __call__(self) -> Iterator[Row]:
        return iter(self.rows)
