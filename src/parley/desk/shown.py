"""Says an act in words before somebody signs it: what it does, then each particular on a line of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from parley.acts import Deed
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


def shown_value(desk: Place, value: Any) -> str:  # noqa: ANN401 - any particular of any deed
    """Return one particular in words; an act is named by its number, kind and author."""
    position = desk.ledger.positions.get(ActId(value)) if isinstance(value, str) else None
    if position is not None:
        return f"act {position} ({value[:12]}, {desk.act_at(position).envelope.kind} by {desk.act_at(position).envelope.party})"
    if isinstance(value, Lines):
        return f"{value} ({len(value)})" if value.ranges else "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {shown_value(desk, item)}" for key, item in value.items()) or "none"
    if isinstance(value, tuple):
        return "; ".join(shown_value(desk, one) for one in value) or "none"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        said = {name: getattr(value, name) for name in (one.name for one in dataclasses.fields(value))}
        kept = {name: one for name, one in said.items() if one not in ("", None, False) or name == "value"}
        return ", ".join(f"{name.replace('_', ' ')} {shown_value(desk, one)}" for name, one in kept.items())
    return "none" if value is None else str(value)
