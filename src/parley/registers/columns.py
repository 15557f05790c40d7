"""Finds the row that names the columns under whatever stands above it, and proposes which column holds which particular.

A proposal is only that: it is shown, written into a small file (``map.toml``) that a person reads and changes, and the import
follows the file. Headings are compared folded (lower case, no signs, no apostrophes) with a table in four languages.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from parley.registers.errors import IntakeBroken
from parley.registers.fields import FIELDS
from parley.registers.partial_dates import Order
from parley.registers.sheets import KINDS, Row, column_letters, column_number

LOOK_AT: Final = 40
"""Rows from the top among which the header is looked for."""
ENOUGH: Final = 2
"""Columns that must be recognised before a row counts as a header."""
_LETTERS: Final = re.compile(r"[A-Z]{1,3}\Z")
_ARABIC: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ـ": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the header: its letters, its heading as written, the field proposed, and how that was found."""

    letters: str
    heading: str
    field: str = ""
    found_by: Literal["", "heading", "beginning"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The row that names the columns (0 where none was found) and its columns."""

    row: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> Mapping[int, str]:
        """The field of each mapped column, columns counted from 0."""
        return {column_number(one.letters): one.field for one in self.columns if one.field}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What the importer decided: sheet, header row, a field for each column, how dates are written, what is accepted."""

    sheet: str = ""
    header: int = 1
    columns: Mapping[str, str]
    dates: Order = ""
    not_after: str = ""
    accept: frozenset[str] = frozenset()
    language: str = ""
    """The language of the names as far as the importer knows: uk, ru, ar, …"""


def find_header(rows: Iterable[Row]) -> Header:
    """Return the header among the first rows of a sheet: the one with the most known headings, the uppermost of equals."""
    best = Header(row=0, columns=())
    most = ENOUGH - 1
    for _, row in zip(range(LOOK_AT), rows, strict=False):
        columns = _columns(row.cells)
        known = len({one.field for one in columns if one.field})
        if known > most:
            best, most = Header(row=row.number, columns=columns), known
    return best


def _columns(cells: Sequence[str]) -> tuple[Column, ...]:
    """Name the field of each heading; a field is given to one column only, whole headings first."""
    taken: set[str] = set()
    found: dict[int, tuple[str, Literal["heading", "beginning"]]] = {}
    for how in ("heading", "beginning"):
        for place, cell in enumerate(cells):
            field = _field(cell, beginning=how == "beginning") if place not in found else ""
            if field and field not in taken:
                found[place] = (field, how)
                taken.add(field)
    return tuple(
        Column(
            letters=column_letters(place),
            heading=cell.strip()[:120],
            field=found[place][0] if place in found else "",
            found_by=found[place][1] if place in found else "",
        )
        for place, cell in enumerate(cells)
        if cell.strip()
    )


def fold_heading(text: str) -> str:
    """Return a heading in lower case, without signs and apostrophes, single spaces between words."""
    text = unicodedata.normalize("NFKC", text[:200]).lower().replace("ё", "е").translate(_ARABIC)
    text = re.sub(r"['ʼ’‘`´\u064b-\u0652\u200b-\u200f\u2066-\u2069\ufeff]", "", text)
    return " ".join(re.sub(r"[^\w]+|_+", " ", text).split())


def _field(cell: str, *, beginning: bool) -> str:
    folded = fold_heading(cell)
    if not folded or len(folded) > 80:
        return ""
    if not beginning:
        return folded.replace(" ", "_") if folded.replace(" ", "_") in FIELDS else _headings().get(folded, "")
    longest = max((one for one in _headings() if len(one) > 2 and folded.startswith(f"{one} ")), key=len, default="")
    return _headings().get(longest, "")


@cache
def _headings() -> Mapping[str, str]:
    table = tomllib.loads((resources.files(__package__) / "headings.toml").read_text(encoding="utf-8"))
    return {
        fold_heading(one): field
        for field, by_language in table.items()
        for some in by_language.values()
        for one in some
    }


@cache
def headings_in(language: str) -> Mapping[str, str]:
    """Return the first heading of each field in a language, as templates of lists show them."""
    table = tomllib.loads((resources.files(__package__) / "headings.toml").read_text(encoding="utf-8"))
    return {field: by_language[language][0] for field, by_language in table.items()}


def write_map(sheet: str, header: Header) -> str:
    """Return a ``map.toml`` that says what was proposed, every column with its heading beside it."""
    lines = [
        "# Which column holds which particular; `parley register fields` names them. An empty name leaves a column out.",
        f"sheet = {_quoted(sheet)}",
        f"header = {header.row}",
        'dates = ""      # dmy, mdy or ymd, if you know how dates with slashes were written',
        'not_after = ""  # the day of the list, as 2025-05-16: then years of two digits can be read',
        f"accept = []     # of {', '.join(KINDS[:5])}: what you have looked at",
        'language = ""   # the language of the names, if it is one: uk, ru, ar, en',
        "",
        "[columns]",
        *(f"{one.letters} = {_quoted(one.field)}  # {_comment(one.heading)}" for one in header.columns),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return (
        '"' + "".join(f"\\u{ord(sign):04x}" if sign in '"\\' or not sign.isprintable() else sign for sign in text) + '"'
    )


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def read_map(text: str) -> ColumnMap:
    """Return the map that a ``map.toml`` says; raises IntakeBroken with the place in it."""
    try:
        said: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise IntakeBroken("intake.map_malformed", place="the file") from None
    known = {
        "sheet": str,
        "header": int,
        "dates": str,
        "not_after": str,
        "accept": list,
        "language": str,
        "columns": dict,
    }
    for name, value in said.items():
        if name not in known or type(value) is not known[name]:
            raise IntakeBroken("intake.map_malformed", place=name[:40])
    columns = said.get("columns", {})
    for letters, field in columns.items():
        if _LETTERS.match(letters) is None or not isinstance(field, str):
            raise IntakeBroken("intake.map_malformed", place=f"columns.{letters[:10]}")
        if field and field not in FIELDS:
            raise IntakeBroken("intake.map_unknown_field", field=field[:40])
    if not any(columns.values()):
        raise IntakeBroken("intake.map_malformed", place="columns")
    accept = said.get("accept", [])
    if not set(map(str, accept)) <= set(KINDS):
        raise IntakeBroken("intake.map_malformed", place="accept")
    if said.get("dates", "") not in {"", "dmy", "mdy", "ymd"}:
        raise IntakeBroken("intake.map_malformed", place="dates")
    not_after = said.get("not_after", "")
    if not_after and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", not_after) is None:
        raise IntakeBroken("intake.map_malformed", place="not_after")
    if said.get("header", 1) < 0:
        raise IntakeBroken("intake.map_malformed", place="header")
    return ColumnMap(
        sheet=said.get("sheet", ""),
        header=said.get("header", 1),
        columns={letters: field for letters, field in columns.items() if field},
        dates=said.get("dates", ""),
        not_after=not_after,
        accept=frozenset(map(str, accept)),
        language=said.get("language", "")[:10],
    )


def map_of(sheet: str, header: Header) -> ColumnMap:
    """Return the proposal as a map, for whoever takes it as it is."""
    return ColumnMap(
        sheet=sheet, header=header.row, columns={one.letters: one.field for one in header.columns if one.field}
    )
