"""The vectors of RFC 8785: what our narrower profile allows is written alike, what it leaves out is refused by name."""

import json
from pathlib import Path

import pytest

from parley.record.canonical import encode, parse
from parley.record.errors import CanonicalBroken


@pytest.mark.parametrize("name", ["arrays.json", "unicode.json"])
def test_what_the_profile_allows_is_written_as_rfc_8785_says(shared: Path, name: str) -> None:
    folder = shared / "vectors" / "jcs" / "testdata"
    wanted = (folder / "output" / name).read_bytes()
    assert encode(json.loads((folder / "input" / name).read_bytes())) == wanted
    assert encode(parse(wanted)) == wanted


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("values.json", "json.number"),  # floats
        ("french.json", "json.key_not_ascii"),
        ("structures.json", "json.control_character"),  # a field called newline
        ("weird.json", "json.key_not_ascii"),
    ],
)
def test_what_the_profile_leaves_out_is_refused(shared: Path, name: str, code: str) -> None:
    folder = shared / "vectors" / "jcs" / "testdata"
    with pytest.raises(CanonicalBroken, match=code):
        encode(json.loads((folder / "input" / name).read_bytes()))
    with pytest.raises(CanonicalBroken):
        parse((folder / "output" / name).read_bytes())
