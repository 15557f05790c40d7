"""The files of a lottery: what is committed to, what proves it, and what was drawn; the same bytes every time.

Formats in ``spec/draw.md``. All numbers are whole; objects have sorted keys and no spaces, one file is one line.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parley.composing.chances import SCALE, Level
from parley.composing.errors import ComposingBroken
from parley.composing.lottery import WEIGHT, Lottery
from parley.composing.program import Lot, Program, Row

LOTTERY: Final = "parley.lottery/1"
CERTIFICATE: Final = "parley.certificate/1"


@dataclass(frozen=True, slots=True)
class Unit:
    """Who is drawn together: a person, or an inseparable family under the code of its first member."""

    code: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """Lots that differ in nothing but their score: which lots, and which column counts who goes in which batch."""

    lots: tuple[int, ...]
    batches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A whole lottery: program, units of each lot, classes, lists with weights, and the digests of the files it came from."""

    program: Program
    units: tuple[tuple[Unit, ...], ...]
    classes: tuple[Class, ...]
    lottery: Lottery
    files: Mapping[str, str]


def digest(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def packed(value: object) -> bytes:
    """Return one line of JSON with sorted keys, no spaces, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def groups_csv(units: Sequence[Sequence[Unit]]) -> bytes:
    """Return who belongs to which unit and lot: code, unit, lot; sorted by lot and unit."""
    return table(
        ("code", "unit", "lot"),
        ((code, unit.code, lot) for lot, group in enumerate(units) for unit in group for code in unit.people),
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV with a header; cells of ours never need quotes."""
    lines = [",".join(columns), *(",".join(str(cell) for cell in row) for row in rows)]
    return "\n".join(lines).encode() + b"\n"


def lottery_json(published: Published) -> bytes:
    """Return the file that is committed to."""
    program = published.program
    return packed(
        {
            "classes": [{"batches": one.batches, "lots": one.lots} for one in published.classes],
            "files": {**published.files, "groups.csv": digest(groups_csv(published.units))},
            "format": LOTTERY,
            "lists": [
                {"values": [(at, value) for at, value in enumerate(values) if value], "weight": weight}
                for values, weight in zip(published.lottery.lists, published.lottery.weights, strict=True)
            ],
            "lots": [{"columns": one.columns, "members": one.members} for one in program.lots],
            "rows": [_row(row) for row in program.rows],
            "total": WEIGHT,
            "uppers": program.uppers,
        }
    )


def _row(row: Row) -> dict[str, Any]:
    return {"high": row.high, "low": row.low, "name": row.name, "terms": row.terms}


def certificate_json(
    lottery: Lottery, commitment: str, stages: Sequence[Mapping[str, Any]], versions: Mapping[str, str]
) -> bytes:
    """Return the file that proves the lottery of this commitment; ``stages``: name, value and bound of each."""
    levels = [{"lot_duals": one.lot_duals, "lots": one.lots, "row_duals": one.row_duals} for one in lottery.levels]
    return packed(
        {
            "cuts": [_row(row) for row in lottery.cuts],
            "format": CERTIFICATE,
            "levels": levels,
            "lottery": commitment,
            "scale": SCALE,
            "stages": list(stages),
            "versions": dict(versions),
        }
        | ({"apart": lottery.apart} if lottery.apart else {})
    )


def read_lottery(lottery: bytes, groups: bytes, certificate: bytes) -> Published:
    """Return a lottery from its files; raises ComposingBroken ``draw.files_missing``, ``draw.changed``."""
    try:
        said, proof = json.loads(lottery), json.loads(certificate)
        if said["format"] != LOTTERY or proof["format"] != CERTIFICATE:
            raise ComposingBroken("draw.files_missing", file="lottery.json")
        if proof["lottery"] != digest(lottery):
            raise ComposingBroken("draw.changed", file="lottery.json")
        if said["files"]["groups.csv"] != digest(groups):
            raise ComposingBroken("draw.changed", file="groups.csv")
        return _read(said, proof, groups)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise ComposingBroken("draw.files_missing", file="lottery.json") from None


def _read(said: Any, proof: Any, groups: bytes) -> Published:  # noqa: ANN401 - JSON
    program = Program(
        tuple(said["uppers"]),
        tuple(_read_row(row) for row in said["rows"]),
        tuple(Lot(one["members"], tuple(one["columns"])) for one in said["lots"]),
    )
    lists: list[tuple[int, ...]] = []
    for one in said["lists"]:
        values = [0] * len(program.uppers)
        for at, value in one["values"]:
            values[at] = value
        lists.append(tuple(values))
    levels = tuple(
        Level(0.0, tuple(one["lots"]), _pairs(one["lot_duals"]), _pairs(one["row_duals"])) for one in proof["levels"]
    )
    cuts = tuple(_read_row(row) for row in proof["cuts"])
    apart = int(proof.get("apart", 0))
    units: list[dict[str, list[str]]] = [{} for _ in program.lots]
    for code, unit, lot in list(csv.reader(groups.decode().splitlines()))[1:]:
        units[int(lot)].setdefault(unit, []).append(code)
    return Published(
        program=program,
        units=tuple(tuple(Unit(code, tuple(people)) for code, people in one.items()) for one in units),
        classes=tuple(Class(tuple(one["lots"]), _pairs(one["batches"])) for one in said["classes"]),
        lottery=Lottery(tuple(lists), tuple(one["weight"] for one in said["lists"]), levels, cuts, apart),
        files=said["files"],
    )


def _read_row(row: Any) -> Row:  # noqa: ANN401 - JSON
    return Row(str(row["name"]), _pairs(row["terms"]), row["low"], row["high"])


def _pairs(pairs: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401 - JSON
    return tuple((int(one), int(other)) for one, other in pairs)
