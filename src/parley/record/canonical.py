"""One value, one line: the strict form of JSON in which everything that is signed here is written.

The profile is RFC 8785 (JCS) with everything left out on which two programs could disagree: field names are ASCII and
sorted, numbers are whole and smaller than 2^53 in size, no floats, no duplicate fields, no control characters, no half
characters, at most 32 levels and 64 KiB. A line is accepted only if ``encode(parse(line)) == line``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from parley.record.errors import CanonicalBroken

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What can stand in the record. ``parse`` returns plain ``dict`` and ``list``."""

MOST_BYTES = 64 * 1024
MOST_LEVELS = 32
MOST_INTEGER = 2**53 - 1

_LONGEST_INTEGER = len(str(-MOST_INTEGER))
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKETS = re.compile(r"[][{}]")
_NOT_ALLOWED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ABOVE_ASCII_CONTROLS = re.compile("[\x7f-\x9f]")


def _integer(digits: str) -> int:
    """Read a whole number; its length is looked at first because ``int`` is slow, or refuses, for very long ones."""
    if len(digits) <= _LONGEST_INTEGER and -MOST_INTEGER <= (number := int(digits)) <= MOST_INTEGER:
        return number
    raise CanonicalBroken("json.number")


def _no_number(_text: str) -> NoReturn:
    raise CanonicalBroken("json.number")


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise CanonicalBroken("json.duplicate_key")
    return fields


_READER = json.JSONDecoder(parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)
_CAREFUL_READER = json.JSONDecoder(
    parse_int=_integer, parse_float=_no_number, parse_constant=_no_number, object_pairs_hook=_no_duplicates
)
_WRITER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def encode(value: Json) -> bytes:
    """Return the one line for a value, without a newline; raises CanonicalBroken if the value has none."""
    _check_value(value, 0)
    line = _WRITER.encode(value).encode()
    if len(line) > MOST_BYTES:
        raise CanonicalBroken("json.too_long", bytes=len(line), most=MOST_BYTES)
    return line


def parse(line: bytes) -> Json:
    """Return the value of a canonical line; raises CanonicalBroken, and nothing else, for any other bytes."""
    if len(line) > MOST_BYTES:
        raise CanonicalBroken("json.too_long", bytes=len(line), most=MOST_BYTES)
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise CanonicalBroken("json.not_text", at=error.start) from None
    value: Json = parse_text(text)
    return value


def parse_text(text: str) -> Any:  # noqa: ANN401  (callers look at every field anyway; Json would only add casts)
    """Do what ``parse`` does for a line that is already decoded from UTF-8; the caller has looked at its length."""
    _check_depth(text)
    value = _read(_READER, text)
    # Writing it again compares every byte at once: order of fields, spaces, escapes, leading zeros, and doubled fields.
    if _WRITER.encode(value) != text:
        _read(_CAREFUL_READER, text)
        raise CanonicalBroken("json.not_canonical")
    # What is written back unchanged and still not allowed: escaped controls, controls above ASCII's, non-ASCII names.
    if "\\" in text and any(escaped not in '"\\' for escaped in _ESCAPE.findall(text)):
        raise CanonicalBroken("json.control_character")
    if text.isascii():
        if "\x7f" in text:
            raise CanonicalBroken("json.control_character")
    else:
        if _ABOVE_ASCII_CONTROLS.search(text):
            raise CanonicalBroken("json.control_character")
        _check_names(value)
    return value


def _read(reader: json.JSONDecoder, text: str) -> Any:  # noqa: ANN401
    try:
        return reader.decode(text)
    except (ValueError, RecursionError):
        raise CanonicalBroken("json.malformed") from None


def _check_depth(text: str) -> None:
    """Refuse nesting beyond the cap before the parser recurses into it."""
    if text.count("{") + text.count("[") <= MOST_LEVELS:  # cannot be deeper than it has brackets
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MOST_LEVELS:
            raise CanonicalBroken("json.too_deep", most=MOST_LEVELS)


def _check_names(value: object) -> None:
    """Refuse field names that are not ASCII, anywhere in a parsed value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.isascii():
                raise CanonicalBroken("json.key_not_ascii")
            _check_names(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_names(inner)


def _check_value(value: object, level: int) -> None:
    """Refuse a value of ours that the profile cannot write."""
    if isinstance(value, str):
        if _NOT_ALLOWED.search(value):
            raise CanonicalBroken("json.control_character")
    elif isinstance(value, int):  # true and false are whole numbers to Python and harmless here
        if not -MOST_INTEGER <= value <= MOST_INTEGER:
            raise CanonicalBroken("json.number")
    elif isinstance(value, dict | list | tuple):
        if level == MOST_LEVELS:
            raise CanonicalBroken("json.too_deep", most=MOST_LEVELS)
        if isinstance(value, dict):
            for name in value:
                if not (isinstance(name, str) and name.isascii()):
                    raise CanonicalBroken("json.key_not_ascii")
                _check_value(name, level)
            value = value.values()
        for inner in value:
            _check_value(inner, level + 1)
    elif isinstance(value, float):
        raise CanonicalBroken("json.number")
    elif value is not None:
        raise CanonicalBroken("json.type", type=type(value).__name__)
