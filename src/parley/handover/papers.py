"""Prints what the point needs when no screen works: manifests, cards, rosters, tags for those who are carried, tally sheets.

Everything is A4 and black. The same pack gives the same bytes on every machine (fixed date, fonts of the house, a fixed mask for
the QR codes), so a paper's hash can stand in the record. A card shows the minimum: line, names, vehicle, seat, and one word where
somebody must be carried; no kin, nothing else on health (domain 5.3). The words of a language come from the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from parley.handover.errors import PaperBroken
from parley.handover.manifest import Manifest, tag
from parley.handover.pack import Pack, Traveller
from parley.handover.typesetting import typeset
from parley.words import Digest, Lines

PAPERS: Final = ("manifest", "cards", "roster", "medical", "effects", "tally")
"""Every kind of paper: one manifest, roster and tally sheet for each vehicle, one card and effects statement for each person."""
MASK: Final = 3
"""One QR mask for all: trying the eight of them would take five times as long, and scanners do not care."""
QUIET: Final = 4
"""Empty modules around a QR code (ISO/IEC 18004)."""
TALLIED: Final = ("RECEIVED", "NOT_PRESENTED", "DECLINED_AT_POINT", "IDENTITY_NOT_CONFIRMED", "REJECTED_BY_RECEIVER")
"""The outcomes that have a column on the tally sheet; the others are written out."""
BLANK_ROWS: Final = 5
"""Empty rows at the end of a tally sheet, for people who are on no manifest."""

Words = Mapping[str, str]
"""The printed words of one language, by their names in the phrases (``paper.*`` without the room)."""


def paper(
    kind: str,
    pack: Pack,
    words: Words,
    language: str,
    *,
    vehicle: str = "",
    giving: str = "",
    salt: str = "",
    rtl: bool = False,
) -> bytes:
    """Return one kind of paper as PDF, for one vehicle and giving side or (empty) for all.

    ``salt`` is printed at the foot: a paper whose hash goes on record has one, or a guessed name could be tried against the
    hash. Raises PaperBroken where nobody is on the paper.
    """
    assert kind in PAPERS, kind
    people = [
        one
        for one in pack.people
        if vehicle in ("", one.vehicle) and giving in ("", one.giving) and (kind != "medical" or one.tag)
    ]
    if not people:
        raise PaperBroken("paper.nobody")
    data: dict[str, Any] = {
        "kind": kind,
        "words": dict(words),
        "language": language,
        "rtl": rtl,
        "case": pack.case,
        "batch": pack.batch,
        "version": pack.version,
        "issued": pack.issued[:10],
        "salt": salt,
        "columns": list(TALLIED),
        "blank": BLANK_ROWS,
        "vehicles": [
            _vehicle(pack, by, name, of, coded=kind in ("cards", "medical")) for (by, name), of in _by_vehicle(people)
        ],
    }
    return typeset("papers.typ", data, pack.issued, package=__package__)


def digest(made: bytes) -> Digest:
    """Return the hash of a paper, as it can stand in the record."""
    return Digest(sha256(made).hexdigest())


def qr_svg(text: str) -> bytes:
    """Return a QR code (level M, fixed mask, quiet zone inside) as an SVG of one path."""
    import segno

    code = segno.make_qr(text, error="m", mask=MASK, boost_error=False)
    size = code.symbol_size(border=QUIET)[0]
    runs = []
    for y, row in enumerate(code.matrix, start=QUIET):
        start = -1
        for x, dark in enumerate((*row, 0)):
            if dark and start < 0:
                start = x
            elif not dark and start >= 0:
                runs.append(f"M{start + QUIET} {y}h{x - start}v1H{start + QUIET}z")
                start = -1
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{"".join(runs)}"/></svg>'
    return svg.encode()


def manifest_of(pack: Pack, giving: str, vehicle: str, people: Iterable[Traveller]) -> Manifest:
    """Return the manifest, as data, of a vehicle in a pack."""
    lines = Lines.among(one.line for one in people)
    side = next(one for one in pack.parties if one == giving)
    return Manifest(case=pack.case, batch=pack.batch, giving=side, vehicle=vehicle, lines=lines)


def _by_vehicle(people: Iterable[Traveller]) -> list[tuple[tuple[str, str], list[Traveller]]]:
    """Return the people by giving side and vehicle, each in the order of seats, then lines as in the pack."""
    found: dict[tuple[str, str], list[Traveller]] = {}
    for one in people:
        found.setdefault((one.giving, one.vehicle), []).append(one)
    return [(key, sorted(found[key], key=lambda one: one.seat)) for key in sorted(found)]


def _vehicle(pack: Pack, giving: str, name: str, people: list[Traveller], *, coded: bool) -> dict[str, Any]:
    every = [one for one in pack.people if (one.giving, one.vehicle) == (giving, name)]
    return {
        "giving": giving,
        "name": name,
        "count": len(people),
        "digest": manifest_of(pack, giving, name, every).digest(),
        "people": [_person(pack, one, coded=coded) for one in people],
    }


def _person(pack: Pack, one: Traveller, *, coded: bool) -> dict[str, Any]:
    text = tag(pack.case, pack.batch, one.line, pack.version)
    return {
        "line": one.line,
        "names": list(one.names),
        "born": one.born,
        "seat": one.seat,
        "tag": one.tag,
        "text": text,
        "code": qr_svg(text).decode() if coded else "",
    }
