"""Says an act in words before somebody signs it: what it does, then each particular on a line of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from parley.acts import Deed
from parley.briefings.phrases import entries, phrase
from parley.briefings.rulebook import about
from parley.desk.place import Place
from parley.words import ActId, Lines


def fields_of(deed: type[Deed]) -> tuple[dataclasses.Field[Any], ...]:
    """Return the particulars of a deed, in order."""
    return dataclasses.fields(deed)  # type: ignore[arg-type]


def shown_deed(desk: Place, deed: Deed) -> list[str]:
    """Return a deed in words: what it does, then each particular on a line of its own."""
    lines = [about(type(deed))]
    for one in fields_of(type(deed)):
        value = getattr(deed, one.name)
        lines.append(f"  {one.name.replace('_', ' '):<12} {shown_value(desk, value)}".rstrip())
    return lines


def shown_value(desk: Place, value: Any, language: str = "") -> str:  # noqa: ANN401 - any particular of any deed
    """Return one particular in words; an act is named by its number, kind and author.

    With a language, the record's own words (codes, yes and no, nobody) are said in it; without, as the record writes them.
    """
    position = desk.ledger.positions.get(ActId(value)) if isinstance(value, str) else None
    if position is not None:
        return _act(desk, position, str(value), language)
    if isinstance(value, Lines):
        return f"{value} ({len(value)})" if value.ranges else _word("nobody", language)
    if isinstance(value, bool):
        return _word("yes" if value else "no", language)
    if isinstance(value, Mapping):
        parts = [f"{_word(str(key), language)} {shown_value(desk, item, language)}" for key, item in value.items()]
        return "; ".join(parts) or _word("none", language)
    if isinstance(value, tuple):
        return "; ".join(shown_value(desk, one, language) for one in value) or _word("none", language)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        said = {name: getattr(value, name) for name in (one.name for one in dataclasses.fields(value))}
        kept = {name: one for name, one in said.items() if one not in ("", None, False) or name == "value"}
        return ", ".join(f"{_label(name, language)} {shown_value(desk, one, language)}" for name, one in kept.items())
    if value is None:
        return _word("none", language)
    return _word(value, language) if isinstance(value, str) else str(value)


def _act(desk: Place, position: int, act: str, language: str) -> str:
    said = desk.act_at(position).envelope
    if not language:
        return f"act {position} ({act[:12]}, {said.kind} by {said.party})"
    kind = phrase(f"deed.{said.kind}", language) if f"deed.{said.kind}" in entries() else said.kind
    return f"{phrase('web.act_number', language, place=position)} ({act[:12]}, {kind}, {said.party})"


def _word(text: str, language: str) -> str:
    """Return a word of the record in a language where the phrases know it."""
    for code in (f"choice.{text}", f"word.{text}"):
        if language and code in entries():
            return phrase(code, language)
    return text


def _label(name: str, language: str) -> str:
    known = f"field.{name}"
    return phrase(known, language) if language and known in entries() else name.replace("_", " ")
