"""Looks through a file of people before anybody trusts it, and stores nothing: what is filled in, how sure, who is there twice.

A profile counts; it corrects nothing. What it shows of the cells are headings and places; the words in the cells stay in the
file. The possible doubles are rows that are alike, letter for letter after folding, in every name and in the birth date.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fresh
from itertools import chain, islice
from typing import Final

from parley.registers.columns import LOOK_AT, Header, find_header
from parley.registers.fields import DATES, MINIMUM, NAMES
from parley.registers.partial_dates import Order, read_date
from parley.registers.sheets import Book, Notes, Place, Sheet, column_letters

CERTAINTIES: Final = ("full", "month", "year", "coarse", "serial", "unclear", "empty")
SHOWN: Final = 20
_ARABIC_LETTERS: Final = re.compile(r"[\u0600-\u06ff]")
_MIXED: Final = re.compile(
    r"[A-Za-z\u00c0-\u024f][\u0300-\u036f'’ʼ]?[\u0400-\u052f]|[\u0400-\u052f][\u0300-\u036f'’ʼ]?[A-Za-z\u00c0-\u024f]"
)
"""Latin beside Cyrillic inside one word: a hyphen or a space between them is no fault."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff]"
)
_MARKS: Final = str.maketrans(dict.fromkeys("'’ʼ‘`´-‐‑–—. \u00a0"))
_BY_NUMBERS: Final = re.compile(r"\D*([0-9]{1,2})\D+([0-9]{1,2})\D+[0-9]{2,4}\D*\Z")


@dataclass(slots=True, kw_only=True)
class ColumnProfile:
    """What one column holds: how many cells are filled in; for dates how sure they are; what is odd, with the first places."""

    letters: str
    heading: str
    field: str
    filled: int = 0
    dates: Counter[str] = fresh(default_factory=Counter)
    doubts: Counter[str] = fresh(default_factory=Counter)
    day_first: int = 0
    """Dates whose first number is above 12, so that it must be the day."""
    month_first: int = 0
    mixed: int = 0
    unseen: int = 0
    places: dict[str, list[Place]] = fresh(default_factory=dict)

    def note(self, what: str, place: Place) -> None:
        """Remember where something odd stands, up to SHOWN places."""
        kept = self.places.setdefault(what, [])
        if len(kept) < SHOWN:
            kept.append(place)


@dataclass(slots=True, kw_only=True)
class SheetProfile:
    """What one sheet holds."""

    number: int
    name: str
    hidden: bool
    header: Header
    notes: Notes
    rows: int = 0
    columns: Sequence[ColumnProfile] = ()
    doubles: Sequence[tuple[int, ...]] = ()
    """Rows that are alike in names and birth date, at most SHOWN groups."""
    double_groups: int = 0
    double_rows: int = 0
    without_minimum: Counter[str] = fresh(default_factory=Counter)
    """How many rows lack each particular of the minimum identity for which there is a column."""


def profile_book(
    book: Book, *, order: Order = "", not_after: str = "", tell: Callable[[int], None] | None = None
) -> list[SheetProfile]:
    """Return the profile of every sheet; raises IntakeBroken. ``tell`` is called with the number of rows read, now and then."""
    return [_Looking(sheet, order, not_after, tell).look() for sheet in book.sheets]


class _Looking:
    """One walk over one sheet."""

    def __init__(self, sheet: Sheet, order: Order, not_after: str, tell: Callable[[int], None] | None) -> None:
        self.sheet, self.order, self.not_after, self.tell = sheet, order, not_after, tell
        # Unpacking a sheet is most of the work, so it is done once: its first rows are looked at, then counted with the rest.
        self.read = sheet.rows()
        self.first = list(islice(self.read, LOOK_AT))
        self.header = find_header(self.first)
        self.columns: dict[int, ColumnProfile] = {}
        self.keys: dict[int, list[int] | int] = {}
        self.missing: Counter[str] = Counter()
        self.by_heading = {one.letters: one for one in self.header.columns}
        fields = self.header.fields
        self.names = [place for place, name in fields.items() if name in NAMES and name != "call_sign"]
        self.birth = next((place for place, name in fields.items() if name == "birth_date"), None)
        self.minimum = {place: name for place, name in fields.items() if name in MINIMUM}

    def look(self) -> SheetProfile:
        """Read every row once."""
        rows = 0
        for row in chain(self.first, self.read):
            if row.number <= self.header.row:
                continue
            if not any(row.cells):
                continue
            rows += 1
            self._row(row.number, row.cells)
            if self.tell is not None and rows % 5000 == 0:
                self.tell(rows)
        groups = [tuple(one) for one in self.keys.values() if isinstance(one, list)]
        return SheetProfile(
            number=self.sheet.number,
            name=self.sheet.name,
            hidden=self.sheet.hidden,
            header=self.header,
            notes=self.sheet.notes,
            rows=rows,
            columns=[self.columns[place] for place in sorted(self.columns)],
            doubles=groups[:SHOWN],
            double_groups=len(groups),
            double_rows=sum(map(len, groups)),
            without_minimum=self.missing,
        )

    def _row(self, number: int, cells: Sequence[str]) -> None:
        for place, cell in enumerate(cells):
            if not cell:
                continue
            column = self.columns.get(place) or self._column(place)
            column.filled += 1
            if column.field in DATES:
                self._date(column, number, cell)
            elif not cell.isascii():
                if column.field in NAMES and _MIXED.search(cell):
                    column.mixed += 1
                    column.note("mixed", Place(self.sheet.number, number, column.letters))
                if _UNSEEN.search(cell):
                    column.unseen += 1
                    column.note("unseen", Place(self.sheet.number, number, column.letters))
        for place, name in self.minimum.items():
            if place >= len(cells) or not cells[place]:
                self.missing[name] += 1
        self._double(number, cells)

    def _column(self, place: int) -> ColumnProfile:
        letters = column_letters(place)
        known = self.by_heading.get(letters)
        column = ColumnProfile(
            letters=letters, heading=known.heading if known else "", field=known.field if known else ""
        )
        self.columns[place] = column
        return column

    def _date(self, column: ColumnProfile, number: int, cell: str) -> None:
        found = read_date(cell, order=self.order, not_after=self.not_after)
        certainty = found.certainty
        column.dates[certainty] += 1
        if found.doubts:
            column.doubts.update(found.doubts)
            column.note(
                certainty if certainty in {"serial", "unclear"} else found.doubts[0],
                Place(self.sheet.number, number, column.letters),
            )
        if "." not in cell and (numbers := _BY_NUMBERS.match(cell)):
            column.day_first += int(numbers[1]) > 12 >= int(numbers[2])
            column.month_first += int(numbers[2]) > 12 >= int(numbers[1])

    def _double(self, number: int, cells: Sequence[str]) -> None:
        if not self.names:
            return
        names = "".join(fold_name(cells[place]) for place in self.names if place < len(cells))
        born = cells[self.birth] if self.birth is not None and self.birth < len(cells) else ""
        if not names or (self.birth is not None and not born):
            return
        # The hash alone is kept: a hundred thousand keys would be most of the memory.
        key = hash((names, read_date(born).value or born))
        before = self.keys.setdefault(key, number)
        if before == number:
            return
        if isinstance(before, list):
            before.append(number)
        else:
            self.keys[key] = [before, number]


def fold_name(text: str) -> str:
    """Return a name for exact comparison: lower case, composed, without apostrophes, hyphens, dots and spaces."""
    if not text.isalpha():
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_MARKS)
    return text.lower().replace("ё", "е")


def as_data(profiles: Sequence[SheetProfile]) -> list[Mapping[str, object]]:
    """Return profiles as plain data for programs."""
    return [
        {
            "sheet": one.number,
            "name": one.name,
            "hidden": one.hidden,
            "header": one.header.row,
            "rows": one.rows,
            "columns": [_column_data(column, one.rows) for column in one.columns],
            "map": {column.letters: column.field for column in one.header.columns if column.field},
            "notes": {
                note.kind: {"count": note.count, "places": [shown(place) for place in note.places]}
                for note in one.notes.by_kind.values()
            },
            "doubles": {
                "groups": one.double_groups,
                "rows": one.double_rows,
                "first": [list(group[:SHOWN]) for group in one.doubles],
            },
            "without_minimum": dict(one.without_minimum),
        }
        for one in profiles
    ]


def _column_data(column: ColumnProfile, rows: int) -> Mapping[str, object]:
    data: dict[str, object] = {
        "column": column.letters,
        "heading": column.heading,
        "field": column.field,
        "filled": column.filled,
        "empty": rows - column.filled,
    }
    if column.field in DATES:
        counts = {name: column.dates[name] for name in CERTAINTIES}
        counts["empty"] += rows - column.filled
        data |= {
            "dates": counts,
            "doubts": dict(sorted(column.doubts.items())),
            "day_first": column.day_first,
            "month_first": column.month_first,
        }
    if column.mixed or column.unseen:
        data |= {"mixed_scripts": column.mixed, "unseen": column.unseen}
    if column.places:
        data["places"] = {what: [shown(place) for place in places] for what, places in sorted(column.places.items())}
    return data


def shown(place: Place) -> str:
    """Return a place as people write it: ``2!F17`` is sheet 2, column F, row 17."""
    return f"{place.sheet}!{place.column}{place.row}"
