"""Reads and writes deeds and clauses as the plain JSON of the record, strictly by their declared types.

One rule serves every kind: a field that is missing (and has no default), unknown, or of another type makes the whole
body malformed. A malformed body is never half understood.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from parley.acts import BY_KIND, Deed
from parley.clauses import BY_PATTERN, Clause
from parley.words import DAY, MOMENT, MOST_LINES, Broken, Day, Lines, LinesBroken, Moment, is_compact

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
MOST_ITEMS = 10_000
MOST_TEXT = 32_000
NOT = {str: "not_a_text_or_too_long", int: "not_a_whole_number", bool: "not_true_or_false"}
"""What is said of a value of another kind; the names that programs have for kinds are nobody's words."""


class FormBroken(Broken):
    """A body does not have the form of its kind: ``form.unknown_kind``, ``form.malformed`` with the field that is wrong."""


def to_body(deed: Deed) -> dict[str, Json]:
    """Return the JSON body of a deed; fields at their default are left out."""
    return _write_fields(deed)


def from_body(kind: str, body: Mapping[str, Json]) -> Deed:
    """Return the deed that a JSON body of this kind holds; raises FormBroken."""
    wanted = BY_KIND.get(kind)
    if wanted is None:
        raise FormBroken("form.unknown_kind", kind=kind[:40])
    try:
        deed = _read_fields(wanted, dict(body), kind)
    except LinesBroken as broken:
        raise FormBroken("form.malformed", where=kind, cause=broken.code) from broken
    assert isinstance(deed, Deed)
    if (
        _lines_named(deed) > MOST_LINES
    ):  # ranges are short to write: a few kilobytes could keep every desk busy for hours
        raise FormBroken("form.malformed", where=kind, cause="lines.too_many")
    return deed


def _lines_named(value: object) -> int:
    """Count the lines that a value names in all its parts, by the ends of their ranges."""
    if isinstance(value, Lines):
        return len(value)
    if isinstance(value, tuple):
        return sum(map(_lines_named, value))
    if isinstance(value, Mapping):
        return sum(map(_lines_named, value.values()))
    if dataclasses.is_dataclass(value):
        return _lines_named(tuple(getattr(value, name) for name in _field_names(type(value))))  # type: ignore[arg-type]
    return 0


def plain(value: object) -> Json:
    """Return any value built of dataclasses, mappings, sequences, sets, texts and integers as plain JSON, sets sorted."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Lines):
        return list(value.ranges)
    if isinstance(value, Clause):
        return {"pattern": value.pattern, **_write_fields(value)}
    if isinstance(value, Deed):
        return {"kind": value.kind, **_write_fields(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    message = f"{type(value).__name__} has no plain form"
    raise TypeError(message)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _write_fields(value: object) -> dict[str, Json]:
    assert dataclasses.is_dataclass(value)
    out: dict[str, Json] = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.default is not dataclasses.MISSING and item == field.default:
            continue
        out[field.name] = _write(item)
    return out


def _write(item: object) -> Json:
    if isinstance(item, Clause):
        return {"pattern": item.pattern, **_write_fields(item)}
    if isinstance(item, Lines):
        return list(item.ranges)
    if isinstance(item, Mapping):
        return {str(key): _write(value) for key, value in item.items()}
    if isinstance(item, tuple):
        return [_write(value) for value in item]
    if dataclasses.is_dataclass(item):
        return _write_fields(item)
    assert item is None or isinstance(item, bool | int | str)
    return item


Reader = Callable[[Json, str], Any]


@cache
def _readers(kind: type) -> Mapping[str, tuple[Reader, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            _reader(hints[field.name]),
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    }


def _read_fields(kind: type, body: Json, where: str) -> object:
    if not isinstance(body, dict):
        raise FormBroken("form.malformed", where=where, cause="not_an_object")
    readers = _readers(kind)
    for name in body:
        if name not in readers:
            raise FormBroken("form.malformed", where=f"{where}.{name[:40]}", cause="unknown_field")
    values: dict[str, Any] = {}
    for name, (read, required) in readers.items():
        if name in body:
            values[name] = read(body[name], f"{where}.{name}")
        elif required:
            raise FormBroken("form.malformed", where=f"{where}.{name}", cause="missing")
    return kind(**values)


def _reader(hint: Any) -> Reader:  # noqa: ANN401 - a type hint has no narrower type
    """Return the reader of one declared type; made once per field."""
    if hint is bool or hint is int or hint is str:
        return _of_type(hint)
    if hint is Moment or hint is Day:
        return _matching(MOMENT if hint is Moment else DAY)
    if hasattr(hint, "__supertype__"):
        return _reader(hint.__supertype__)
    if hint is Lines:
        return _lines
    if hint is Clause:
        return _clause
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (_reader(one) for one in get_args(hint) if one is not type(None))
        return lambda value, where: None if value is None else inner(value, where)
    if origin is tuple:
        return _sequence(_reader(get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        key, item = get_args(hint)
        return _mapping(_reader(key), _reader(item))
    assert isinstance(hint, type), hint
    return lambda value, where: _read_fields(hint, value, where)


def _of_type(wanted: type) -> Reader:
    def read(value: Json, where: str) -> Json:
        if type(value) is not wanted or (isinstance(value, str) and len(value) > MOST_TEXT):
            raise FormBroken("form.malformed", where=where, cause=NOT.get(wanted, "not_of_its_kind"))
        return value

    return read


def _matching(pattern: Any) -> Reader:  # noqa: ANN401 - re.Pattern is generic over text we narrow here
    def read(value: Json, where: str) -> str:
        if not isinstance(value, str) or pattern.match(value) is None:
            raise FormBroken("form.malformed", where=where, cause="not_a_time")
        return value

    return read


def _lines(value: Json, where: str) -> Lines:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise FormBroken("form.malformed", where=where, cause="not_lines")
    ranges = tuple(str(item) for item in value)
    if not is_compact(ranges):
        raise FormBroken("form.malformed", where=where, cause="lines_not_compact")
    return Lines(ranges)


def _clause(value: Json, where: str) -> Clause:
    if not isinstance(value, dict) or not isinstance(value.get("pattern"), str):
        raise FormBroken("form.malformed", where=where, cause="not_a_clause")
    kind = BY_PATTERN.get(str(value["pattern"]))
    if kind is None:
        raise FormBroken("form.malformed", where=where, cause="unknown_pattern")
    fields = {name: item for name, item in value.items() if name != "pattern"}
    clause = _read_fields(kind, fields, where)
    assert isinstance(clause, Clause)
    return clause


def _sequence(inner: Reader) -> Reader:
    def read(value: Json, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            raise FormBroken("form.malformed", where=where, cause="not_a_list")
        return tuple(inner(item, f"{where}[{number}]") for number, item in enumerate(value))

    return read


def _mapping(key: Reader, inner: Reader) -> Reader:
    def read(value: Json, where: str) -> dict[Any, Any]:
        if not isinstance(value, dict) or len(value) > MOST_ITEMS:
            raise FormBroken("form.malformed", where=where, cause="not_an_object")
        return {key(name, where): inner(item, f"{where}.{name[:40]}") for name, item in value.items()}

    return read
