"""Reads XML that strangers wrote, without following what it asks for: no entities, no outside documents, no endless depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from parley.registers.errors import IntakeBroken

MOST_DEPTH: Final = 100

Start = Callable[[str, Mapping[str, str]], object]
End = Callable[[str], object]
Text = Callable[[str], object]


def walk(chunks: Iterable[bytes], start: Start, end: End, text: Text) -> None:
    """Tell each element and text of a document, in order, names as ``namespace}name``.

    Raises IntakeBroken: ``intake.unsafe_xml`` for a document type, ``intake.unreadable`` for anything that is not XML.
    """
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise IntakeBroken("intake.unsafe_xml")
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refuse(*_: object) -> NoReturn:
        raise IntakeBroken("intake.unsafe_xml")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # an encoding nobody knows is a LookupError
        raise IntakeBroken("intake.unreadable") from None


def tree(data: bytes) -> Element:
    """Return a small document as elements, names as ``namespace}name``; raises IntakeBroken as ``walk``."""
    builder = TreeBuilder()
    walk([data], lambda name, attributes: builder.start(name, dict(attributes)), builder.end, builder.data)
    found: Element = builder.close()
    return found
