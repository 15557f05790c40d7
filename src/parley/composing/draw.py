"""The draw: from a committed lottery and a chance that nobody chose alone to the people who go, as anybody can redo it.

``spec/draw.md`` is the rule, with an example done by hand. A list is chosen by its weight with rejection sampling; inside a lot
the people stand in the order of their hashes; who stands behind the places is the reserve, in this order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parley.composing.errors import ComposingBroken
from parley.composing.lottery import WEIGHT
from parley.composing.published import Published, Unit, packed, table

DRAW: Final = "parley.draw/1"
LEAST_DICE: Final = 50
"""Fifty dice hold more than 128 bits of chance."""
HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Chance:
    """Where the chance came from: its kind, the lines that go into the seed, and what draw.json says of it."""

    kind: str
    lines: tuple[str, ...]
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The outcome: seed, which list, who goes in which batch (unit by unit), and the reserve by lot, first in line first."""

    commitment: str
    chance: Chance
    seed: str
    chosen: int
    going: tuple[tuple[int, int, Unit], ...]
    """Batch, lot and unit, sorted by batch and code."""
    reserve: tuple[tuple[int, int, Unit], ...]
    """Lot, rank in the reserve (1 is next) and unit."""


def undrawn() -> Chance:
    """Return no chance at all: lists for trying out, which whoever made the pool could have steered."""
    return Chance("none", ("none",), {"kind": "none"})


def revealed(commitments: Mapping[str, str], reveals: Mapping[str, str]) -> Chance:
    """Return the chance of seeds to which all committed before any was revealed; raises ComposingBroken."""
    missing = sorted(commitments.keys() ^ reveals.keys())
    if missing or len(reveals) < 2:
        raise ComposingBroken("draw.too_few", name=missing[0][:40] if missing else "another")
    for name, seed in sorted(reveals.items()):
        if len(seed) != 64 or not set(seed) <= HEX or _sha(bytes.fromhex(seed)) != commitments[name]:
            raise ComposingBroken("draw.reveal_wrong", name=name[:40])
    lines = tuple(f"{name} {seed}" for name, seed in sorted(reveals.items()))
    return Chance("reveals", lines, {"commitments": dict(commitments), "kind": "reveals", "reveals": dict(reveals)})


def dice(throws: Sequence[int]) -> Chance:
    """Return the chance of dice read aloud before both sides; raises ComposingBroken."""
    if len(throws) < LEAST_DICE or not all(1 <= one <= 6 for one in throws):
        raise ComposingBroken("draw.dice_wrong", least=LEAST_DICE)
    shown = "".join(str(one) for one in throws)
    return Chance("dice", (f"dice {shown}",), {"kind": "dice", "throws": shown})


def beacon(data: bytes, wanted: int) -> Chance:
    """Return the chance of a public beacon's round, named beforehand, from its JSON file; raises ComposingBroken.

    The file is taken on trust (DESIGN 7.16): no signature is verified here, and draw.json says so.
    """
    try:
        said = json.loads(data)
        found, randomness = said["round"], said["randomness"]
    except (ValueError, KeyError, TypeError):
        raise ComposingBroken("draw.files_missing", file="beacon") from None
    if found != wanted or type(found) is not int:
        raise ComposingBroken("draw.beacon_wrong", found=str(found)[:40], wanted=wanted)
    if not isinstance(randomness, str) or len(randomness) != 64 or not set(randomness) <= HEX:
        raise ComposingBroken("draw.files_missing", file="beacon")
    told = {"kind": "beacon", "randomness": randomness, "round": wanted, "trusted": "taken on trust"}
    return Chance("beacon", (f"beacon {wanted} {randomness}",), told)


def read_chance(said: Any) -> Chance:  # noqa: ANN401 - JSON
    """Return the chance that a draw.json tells of; raises ComposingBroken ``draw.files_missing`` and what each kind raises."""
    try:
        told = said["chance"]
        match told["kind"]:
            case "none":
                return undrawn()
            case "reveals":
                return revealed(dict(told["commitments"]), dict(told["reveals"]))
            case "dice":
                return dice([int(one) for one in told["throws"]])
            case "beacon":
                return beacon(json.dumps(told).encode(), told["round"])
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise ComposingBroken("draw.files_missing", file="draw.json")


def seed_of(commitment: str, chance: Chance) -> str:
    """Return the seed: SHA-256 of format, commitment and the lines of the chance, each on its own line."""
    return _sha("\n".join((DRAW, commitment, *chance.lines)).encode())


def uniform(seed: str, label: str, count: int) -> int:
    """Return a whole number below ``count``, each as likely as the other: what would favour some is thrown away."""
    turn = 0
    while True:
        value = int(_sha(f"{seed}\n{label}\n{turn}".encode()), 16)
        if value < (1 << 256) - (1 << 256) % count:
            return value % count
        turn += 1


def in_order(seed: str, units: Sequence[Unit]) -> list[Unit]:
    """Return units in the order of their hashes."""
    return sorted(units, key=lambda unit: (_sha(f"{seed}\nperson\n{unit.code}".encode()), unit.code))


def draw(published: Published, commitment: str, chance: Chance) -> Drawn:
    """Draw a list and the people; the same input gives the same people on every machine."""
    seed = seed_of(commitment, chance)
    left = uniform(seed, "list", WEIGHT)
    chosen = 0
    for chosen, weight in enumerate(published.lottery.weights):  # noqa: B007 - the number is what is wanted
        if left < weight:
            break
        left -= weight
    values = published.lottery.lists[chosen]
    going: list[tuple[int, int, Unit]] = []
    reserve: list[tuple[int, int, Unit]] = []
    for one in published.classes:
        picked: list[tuple[int, Unit]] = []
        for lot in one.lots:
            places = sum(values[column] for column in published.program.lots[lot].columns)
            order = in_order(seed, published.units[lot])
            picked += [(lot, unit) for unit in order[:places]]
            reserve += [(lot, rank, unit) for rank, unit in enumerate(order[places:], start=1)]
        lot_of = {unit.code: lot for lot, unit in picked}
        queue = in_order(seed, [unit for _, unit in picked])
        for batch, column in one.batches:
            going += [(batch, lot_of[unit.code], unit) for unit in queue[: values[column]]]
            queue = queue[values[column] :]
    going.sort(key=lambda row: (row[0], row[2].code))
    reserve.sort(key=lambda row: (row[0], row[1]))
    return Drawn(
        commitment=commitment, chance=chance, seed=seed, chosen=chosen, going=tuple(going), reserve=tuple(reserve)
    )


def draw_json(drawn: Drawn) -> bytes:
    """Return the file that tells how it was drawn."""
    return packed(
        {
            "chance": dict(drawn.chance.said),
            "commitment": drawn.commitment,
            "format": DRAW,
            "list": drawn.chosen,
            "seed": drawn.seed,
        }
    )


def lists_csv(drawn: Drawn) -> bytes:
    """Return who goes: code, batch, lot; sorted by batch and unit."""
    rows = ((code, batch, lot) for batch, lot, unit in drawn.going for code in unit.people)
    return table(("code", "batch", "lot"), rows)


def reserve_csv(drawn: Drawn) -> bytes:
    """Return who is next when somebody refuses, dies or is vetoed late: code, lot, rank."""
    rows = ((code, lot, rank) for lot, rank, unit in drawn.reserve for code in unit.people)
    return table(("code", "lot", "rank"), rows)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def rfc3797(sources: Sequence[Sequence[int]], pool: int, wanted: int) -> tuple[int, ...]:
    """Return the numbers (from 1) that RFC 3797 selects from a pool by public numbers: for small draws read on paper.

    Each source's numbers are sorted and written with full stops, each source ends in a stroke (RFC 3797, section 4).
    """
    key = b"".join("".join(f"{one}." for one in sorted(source)).encode() + b"/" for source in sources)
    left = list(range(1, pool + 1))
    chosen: list[int] = []
    for turn in range(wanted):
        mark = turn.to_bytes(2, "big")
        value = int(hashlib.md5(mark + key + mark, usedforsecurity=False).hexdigest(), 16)
        chosen.append(left.pop(value % len(left)))
    return tuple(chosen)
