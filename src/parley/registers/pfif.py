"""Takes people from PFIF 1.4, the form in which open services exchange records of missing people, and their notes.

A note that somebody is believed alive, missing or dead becomes a claim of its author's day; it is a statement, never a fact.
Notes stand inside a person or beside it. PFIF is for open tracing: nothing is ever exported in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from parley.registers.claims import Draft, Origin, Source, draft, span
from parley.registers.errors import IntakeBroken
from parley.registers.safe_xml import tree

SPACES: Final = tuple(f"http://zesty.ca/pfif/1.{minor}" for minor in (4, 3, 2))
MOST_BYTES: Final = 64 * 1024 * 1024
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "full_name": ("full_name", ""),
    "family_name": ("surname", ""),
    "given_name": ("given_names", ""),
    "alternate_names": ("full_name", "alias"),
    "sex": ("sex", ""),
    "date_of_birth": ("birth_date", ""),
    "description": ("note", ""),
}
STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    "believed_alive": ("vital", "alive"),
    "believed_dead": ("vital", "dead"),
    "believed_missing": ("custody", "missing"),
}


def people_of_pfif(data: bytes, *, name: str = "", file: str = "", digest: str = "") -> Iterator[tuple[Draft, ...]]:
    """Yield the claims of each person of a document; raises IntakeBroken."""
    if len(data) > MOST_BYTES:
        raise IntakeBroken("intake.too_large", most=MOST_BYTES)
    root = tree(data)
    space = next((one for one in SPACES if root.tag == f"{one}}}pfif"), "")
    if not space:
        raise IntakeBroken("intake.unreadable")
    loose: dict[str, list[Element]] = {}
    for note in (one for one in root if one.tag == f"{space}}}note"):
        loose.setdefault(_text(note, space, "person_record_id"), []).append(note)
    for number, person in enumerate((one for one in root if one.tag == f"{space}}}person"), start=1):
        record = _text(person, space, "person_record_id")
        if not record:
            raise IntakeBroken("intake.entities_malformed", row=number)
        origin = Origin(file, digest, 1, number, "")
        source = Source(
            kind="open_tracing", name=name, dated=_day(_text(person, space, "source_date")), evidence="statement"
        )
        claims = [
            draft(field, line, source, role=role, origin=origin)
            for tag, (field, role) in FIELDS.items()
            for line in _lines(_text(person, space, tag), several=tag == "alternate_names")
        ]
        notes = [one for one in person if one.tag == f"{space}}}note"] + loose.get(record, [])
        claims += [one for note in notes for one in _status(note, space, source, origin)]
        if claims:
            yield tuple(claims)


def _status(note: Element, space: str, source: Source, origin: Origin) -> Iterator[Draft]:
    said = STATUSES.get(_text(note, space, "status"))
    if said is not None:
        yield draft(*said, replace(source, dated=_day(_text(note, space, "source_date"))), origin=origin)


def _text(element: Element, space: str, tag: str) -> str:
    found = next((one for one in element if one.tag == f"{space}}}{tag}"), None)
    return (found.text or "").strip()[:10_000] if found is not None else ""


def _lines(text: str, *, several: bool) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()] if several else [text] if text else []


def _day(text: str) -> str:
    return text[:10] if span(text[:10]) else ""
