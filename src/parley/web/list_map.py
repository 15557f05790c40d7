"""The columns of a list that is handed in from a table as somebody sent it: shown as written, named by whoever hands it in.

Nothing of the file stays at the desk between two looks: the form carries the hash of the file whose columns were shown, so that
a map is never used for another file unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from parley.registers.columns import ColumnMap
from parley.registers.mapped import ForAll, SampledColumn, people_by_map, propose_map, sample_columns
from parley.registers.sheet import Person, SheetBroken, read_people
from parley.registers.sheets import MOST_COLUMNS, column_letters
from parley.words import Broken, Refusal

WANTS_A_MAP: Final = frozenset({"sheet.no_header", "sheet.column_unknown", "sheet.column_double"})
MOST_REFUSED: Final = 50
MOST_HEADER: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShown:
    """What the page shows of a file's columns: the map as it stands, the first cells, and what came of reading by it."""

    digest: str
    header: int
    columns: Sequence[SampledColumn]
    for_all: ForAll
    other: bool = False
    """Whether the form spoke of another file."""
    read: int = 0
    refused: tuple[Refusal, ...] = ()
    more: int = 0
    problem: Broken | None = None

    @property
    def unread(self) -> int:
        """How many rows cannot be handed in so."""
        return len(self.refused) + self.more


def read_list(
    path: Path, form: Mapping[str, str], taken: Collection[str]
) -> tuple[tuple[Person, ...], MapShown | None]:
    """Return the people of a list, and its columns where they were mapped or must be; nobody while a row cannot be read.

    ``taken`` are lines that already mean somebody. Raises SheetBroken, IntakeBroken for a file that no map can mend.
    """
    digest = sha256(path.read_bytes()).hexdigest()
    for_all = ForAll(category=form.get("for_all_category", "").strip(), letters=form.get("letters", "").strip())
    if form.get("digest") != digest:
        try:
            return read_people(path), None
        except SheetBroken as broken:
            if broken.code not in WANTS_A_MAP:
                raise
            said = propose_map(path)
            columns = sample_columns(path, said)
            if not columns:
                raise
        other = bool(form.get("digest"))
        return (), MapShown(digest=digest, header=said.header, columns=columns, for_all=for_all, other=other)
    said = _said(form)
    columns = sample_columns(path, said)
    try:
        found = people_by_map(path, said, for_all, taken=taken)
    except SheetBroken as broken:
        return (), MapShown(digest=digest, header=said.header, columns=columns, for_all=for_all, problem=broken)
    shown = MapShown(
        digest=digest,
        header=said.header,
        columns=columns,
        for_all=for_all,
        read=len(found.people),
        refused=found.refused[:MOST_REFUSED],
        more=max(0, len(found.refused) - MOST_REFUSED),
    )
    return (() if found.refused else found.people), shown


def _said(form: Mapping[str, str]) -> ColumnMap:
    """Return the map that stands in the form; what it names wrongly is refused where the list is read by it."""
    header = form.get("header", "").strip()
    named = ((letters, form.get(f"column_{letters}", "")) for letters in map(column_letters, range(MOST_COLUMNS)))
    return ColumnMap(
        header=min(int(header), MOST_HEADER) if header.isascii() and header.isdigit() and len(header) < 9 else 0,
        columns={letters: field for letters, field in named if field},
    )
