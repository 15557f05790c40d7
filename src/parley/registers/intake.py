"""Turns the rows of a table into claims by a map of its columns, each with the cell it came from; all of them or none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from parley.registers.claims import Draft, Origin, Source, check_source, draft
from parley.registers.columns import ColumnMap
from parley.registers.errors import IntakeBroken
from parley.registers.sheets import Book, column_letters, column_number, refuse_unaccepted

Person = tuple[Draft, ...]
"""The claims that one row makes of one person."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex; raises IntakeBroken where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise IntakeBroken("intake.unreadable") from None


def people_of_book(
    book: Book,
    said: ColumnMap,
    source: Source,
    *,
    file: str = "",
    digest: str = "",
    tell: Callable[[int], None] | None = None,
) -> Iterator[Person]:
    """Yield the claims of each row under the header; raises IntakeBroken before the first where something is not accepted.

    The whole sheet is read once before anything is yielded, so that a fault in its last row stops the intake at its beginning.
    """
    check_source(source)
    sheet = book.sheet(said.sheet)
    last = -1
    wide = 0
    for row in sheet.rows():
        if row.number > said.header and any(row.cells):
            last = row.number
        wide = max(wide, len(row.cells))
    for letters in said.columns:
        if column_number(letters) >= wide:
            raise IntakeBroken("intake.map_no_column", column=letters)
    refuse_unaccepted(sheet, said.accept)
    if last < 0:
        raise IntakeBroken("intake.no_rows", sheet=sheet.number)
    columns = sorted((column_number(letters), field) for letters, field in said.columns.items())
    for count, row in enumerate(sheet.rows(), start=1):
        if row.number <= said.header:
            continue
        claims = tuple(
            draft(
                field,
                row.cells[place],
                source,
                language=said.language,
                origin=Origin(file, digest, sheet.number, row.number, column_letters(place)),
                order=said.dates,
                not_after=said.not_after,
            )
            for place, field in columns
            if place < len(row.cells) and row.cells[place].strip()
        )
        if claims:
            yield claims
        if tell is not None and count % 5000 == 0:
            tell(count)
