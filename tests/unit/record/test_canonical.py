"""One value has one line, and any other line is refused with the reason."""

import sys

import pytest

from parley.record.canonical import MOST_BYTES, MOST_LEVELS, Json, encode, parse
from parley.record.errors import CanonicalBroken

LARGEST = 2**53 - 1


def code_of(line: bytes) -> str:
    with pytest.raises(CanonicalBroken) as broken:
        parse(line)
    return broken.value.code


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"null",
        b'""',
        b'{"a":1,"b":[true,false,null],"c":{"d":"e"}}',
        b'{"A":1,"B":2,"a":3}',
        b'"a \\" and a \\\\ and a \\\\n"',
        '"Істанбул, إسطنبول, \U0001f54a"'.encode(),
        b"%d" % LARGEST,
        b"-%d" % LARGEST,
        b"[" * MOST_LEVELS + b"]" * MOST_LEVELS,
        b'["' + b"[" * 100 + b'"]',
        b"[" + b",".join([b"[]"] * 100) + b"]",
    ],
)
def test_canonical_lines_come_back_byte_for_byte(line: bytes) -> None:
    assert encode(parse(line)) == line


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "json.malformed"),
        (b"{", "json.malformed"),
        (b"{'a':1}", "json.malformed"),
        (b"[1,]", "json.malformed"),
        (b"01", "json.malformed"),
        (b"1 2", "json.malformed"),
        (b'"a\nb"', "json.malformed"),
        (b'\xef\xbb\xbf"a"', "json.malformed"),
        (b'"\xff"', "json.not_text"),
        (b'"\xed\xa0\x80"', "json.not_text"),
        (b" {}", "json.not_canonical"),
        (b"{}\n", "json.not_canonical"),
        (b'{"a": 1}', "json.not_canonical"),
        (b'{"b":1,"a":2}', "json.not_canonical"),
        (b'"\\u0041"', "json.not_canonical"),
        (b'"\\/"', "json.not_canonical"),
        (b'"\\ud800"', "json.not_canonical"),
        (b'"\\ud83d\\udd4a"', "json.not_canonical"),
        (b"-0", "json.not_canonical"),
        (b'{"a":1,"a":1}', "json.duplicate_key"),
        (b'{"a":1,"a":2}', "json.duplicate_key"),
        (b'[{"x":{"a":1,"\\u0061":2}}]', "json.duplicate_key"),
        (b"1.0", "json.number"),
        (b"1e3", "json.number"),
        (b"NaN", "json.number"),
        (b"-Infinity", "json.number"),
        (b"%d" % (LARGEST + 1), "json.number"),
        (b"-%d" % (LARGEST + 1), "json.number"),
        (b"9" * 60_000, "json.number"),
        (b'"\\n"', "json.control_character"),
        (b'"\\u0000"', "json.control_character"),
        (b'"\x7f"', "json.control_character"),
        ('"\x85"'.encode(), "json.control_character"),
        ('{"a":"ї\x7f"}'.encode(), "json.control_character"),
        ('{"ключ":1}'.encode(), "json.key_not_ascii"),
        ('[[{"a":[{"é":1}]}]]'.encode(), "json.key_not_ascii"),
        (b"[" * (MOST_LEVELS + 1) + b"]" * (MOST_LEVELS + 1), "json.too_deep"),
        (b"[" * 60_000, "json.too_deep"),
        (b'{"a":' * 10_000, "json.too_deep"),
        (b'"' + b"a" * MOST_BYTES + b'"', "json.too_long"),
    ],
)
def test_any_other_line_is_refused_with_its_reason(line: bytes, code: str) -> None:
    assert code_of(line) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "json.number"),
        (LARGEST + 1, "json.number"),
        ("a\nb", "json.control_character"),
        ("\ud800", "json.control_character"),
        ({"ключ": 1}, "json.key_not_ascii"),
        ({1: 1}, "json.key_not_ascii"),
        ({"a\x00": 1}, "json.control_character"),
        ({"a": b"bytes"}, "json.type"),
        ({"a": {1, 2}}, "json.type"),
        ("a" * MOST_BYTES, "json.too_long"),
    ],
)
def test_values_without_a_line_are_refused(value: Json, code: str) -> None:
    with pytest.raises(CanonicalBroken) as broken:
        encode(value)
    assert broken.value.code == code


def test_a_value_that_holds_itself_is_refused() -> None:
    ring: list[Json] = []
    ring.append(ring)
    with pytest.raises(CanonicalBroken, match="too_deep"):
        encode(ring)


def test_attack_deep_nesting_behind_a_quote_does_not_exhaust_the_stack() -> None:
    line = b'["' + b'\\"' * 3 + b'",' + b"[" * (sys.getrecursionlimit() * 3)
    assert code_of(line) == "json.too_deep"


def test_tuples_are_written_as_lists() -> None:
    assert encode({"b": (1, "x"), "a": ()}) == b'{"a":[],"b":[1,"x"]}'
