"""Matches two plain files of people, without a case and without storing anything, and writes down which pairs may be one person.

A file is csv, tsv or parquet with a column ``rec_id`` and any of the columns of comparable.py. Other columns are not read at all,
least of all ``person_id``, which practice files carry: whoever reads the answers has not found them.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from parley.registers.comparable import COLUMNS, comparable
from parley.registers.finding import Found, find, weigh
from parley.registers.judgements import Judgement
from parley.registers.levels import FIELDS, Likeness, compare
from parley.registers.sheets import open_book
from parley.registers.zones import ZONES
from parley.words import Broken, Fact

ID: Final = "rec_id"
HEADER: Final = ("id_a", "id_b", "probability", "zone", "reasons")
"""The columns of the answer."""
MOST_RECORDS: Final = 2_000_000
LONGEST_ID: Final = 200
_TABLES: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "matches.no_ids": "File {file} has no column rec_id; name the column of its record numbers so.",
        "matches.id_missing": "File {file}, row {row} has no rec_id; give every record one.",
        "matches.id_twice": "File {file}, row {row} repeats a rec_id; give every record its own.",
        "matches.id_unclear": "File {file}, row {row}: rec_id is too long or holds signs that cannot be seen; write it plainly.",
        "matches.unreadable": "File {file} cannot be read as csv or parquet; save it again.",
        "matches.too_many": "File {file} has more than {most} records; split it.",
        "matches.no_such_record": "File {file} has no record of this rec_id; look it up.",
    }
)
"""Every way two files can be unfit for matching; facts name file and row, never a cell."""


class MatchBroken(Broken):
    """A file that cannot be matched."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


@dataclass(frozen=True, slots=True)
class Listed:
    """One file as read: the ids, and the columns that are compared, as written."""

    ids: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """One row of the answer."""

    id_a: str
    id_b: str
    probability: float
    zone: str
    reasons: str


def read_list(path: Path, name: str) -> Listed:
    """Read one file; ``name`` (A or B) is what refusals call it. Raises MatchBroken, IntakeBroken, OSError."""
    columns = _from_parquet(path, name) if path.suffix.lower() == ".parquet" else _from_table(path, name)
    if ID not in columns:
        raise MatchBroken("matches.no_ids", file=name)
    ids = columns.pop(ID)
    seen: set[str] = set()
    for row, one in enumerate(ids, start=1):
        if not one.strip():
            raise MatchBroken("matches.id_missing", file=name, row=row)
        if len(one) > LONGEST_ID or any(unicodedata.category(sign)[0] == "C" for sign in one):
            raise MatchBroken("matches.id_unclear", file=name, row=row)
        if one in seen:
            raise MatchBroken("matches.id_twice", file=name, row=row)
        seen.add(one)
    return Listed(tuple(ids), columns)


def _from_table(path: Path, name: str) -> dict[str, list[str]]:
    if path.suffix.lower() not in _TABLES:
        raise MatchBroken("matches.unreadable", file=name)
    if path.stat().st_size == 0:
        return {ID: []}
    try:
        rows = open_book(path).sheets[0].rows()
        header = [cell.strip() for cell in next(iter(rows)).cells]
        where = {one: place for place, one in enumerate(header) if one == ID or one in COLUMNS}
        columns: dict[str, list[str]] = {one: [] for one in where}
        for count, row in enumerate(rows):
            if count >= MOST_RECORDS:
                raise MatchBroken("matches.too_many", file=name, most=MOST_RECORDS)
            if any(row.cells):
                for one, place in where.items():
                    columns[one].append(str(row.cells[place]) if place < len(row.cells) else "")
    except StopIteration:
        return {ID: []}
    return columns


def _from_parquet(path: Path, name: str) -> dict[str, list[str]]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > MOST_RECORDS:
            raise MatchBroken("matches.too_many", file=name, most=MOST_RECORDS)
        wanted = [one for one in file.schema_arrow.names if one == ID or one in COLUMNS]
        table = file.read(columns=wanted)
        return {one: pc.fill_null(table[one].cast(pa.string()), "").to_pylist() for one in wanted}
    except pa.ArrowException:
        raise MatchBroken("matches.unreadable", file=name) from None


def match_lists(
    a: Listed,
    b: Listed,
    *,
    threads: int = 2,
    judged: Iterable[Judgement] = (),
    done: Callable[[int], None] | None = None,
) -> Found:
    """Find the same people in two lists as read; what people ``judged`` of them moves the weights."""
    return find(comparable(a.columns, b.columns, a.ids, b.ids), threads=threads, judged=judged, done=done)


def matches(found: Found, zone: str) -> Iterator[Match]:
    """Yield the pairs of one zone, or of all (``all``), sorted by the ids of a and b, each with its reasons."""
    rows = np.arange(len(found.zone)) if zone == "all" else np.flatnonzero(found.zone == ZONES.index(zone))
    likeness = Likeness(found.pair.words)
    for start in range(0, len(rows), 50_000):
        some = rows[start : start + 50_000]
        rows_a, rows_b = found.rows_a[some], found.rows_b[some]
        levels = compare(found.pair, rows_a, rows_b, likeness).levels
        scored = weigh(found.pair, likeness, found.known, found.weights, rows_a, rows_b)
        table = zip(some.tolist(), levels.tolist(), scored.bits.tolist(), scored.others.tolist(), strict=True)
        for row, level, bits, others in table:
            yield Match(
                id_a=found.pair.a.ids[found.rows_a[row]],
                id_b=found.pair.b.ids[found.rows_b[row]],
                probability=float(found.assigned.probability[row]),
                zone=ZONES[found.zone[row]],
                reasons=_reasons(level, bits, others, float(found.assigned.margin[row])),
            )


def _reasons(levels: Sequence[int], bits: Sequence[float], others: float, margin: float) -> str:
    """What spoke most, for or against, in bits: ``surname same +11.2; birth swapped +9.1; others -2.0; ahead +14.0``."""
    said = [
        (abs(worth), f"{field.name} {field.levels[level]} {worth:+.1f}")
        for field, level, worth in zip(FIELDS, levels, bits, strict=True)
        if level and abs(worth) >= 0.05
    ]
    out = [text for _, text in sorted(said, key=lambda one: -one[0])]
    if others <= -0.05:
        out.append(f"others {others:+.1f}")
    if abs(margin) < 99:
        out.append(f"ahead {margin:+.1f}")
    return "; ".join(out)


def as_csv(found: Iterable[Match]) -> Iterator[bytes]:
    """Yield the answer as csv (UTF-8, lines end with a line feed), header first."""
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\n")
    out.writerow(HEADER)
    for count, one in enumerate(found):
        out.writerow([one.id_a, one.id_b, f"{one.probability:.9f}", one.zone, one.reasons])
        if count % 5000 == 4999:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def row_of(listed: Listed, one: str, name: str) -> int:
    """Return the row of a record; raises MatchBroken ``matches.no_such_record``."""
    try:
        return listed.ids.index(one)
    except ValueError:
        raise MatchBroken("matches.no_such_record", file=name) from None
