"""Whatever an officer types for a particular is read, or refused with a code; nothing else ever happens."""

from __future__ import annotations

from contextlib import suppress
from typing import get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.acts import BY_KIND, DEEDS
from parley.cli.errors import WrongUse, WrongValue
from parley.cli.settings import read_settings
from parley.cli.values import EXAMPLES, Reader, shown_type
from parley.desk.shown import fields_of
from parley.desk.table import sit_down
from parley.words import Broken, Moment

DESK = sit_down(now=lambda: Moment("2025-05-16T09:00:00Z"))["north"]
HINTS = [(kind, one.name, get_type_hints(deed)[one.name]) for kind, deed in BY_KIND.items() for one in fields_of(deed)]
SCRAPS = st.sampled_from(
    [
        "N1", "N1-N3", "S2", "north", "south", "nobody", "12", "1,000", "-3", "as", "soldiers", "because", "of", "1:",
        "2025-05-23", "2025-05-23T09:00:00Z", ";", ",", "+", "=", "[a]", '"', "@", "@/etc/hostname", "yes", "RECEIVED",
        "for", "by", "…", "\u202e", "\x00", "9" * 30, "{", "}", "person", "inside", "batch", "part", ":",
    ]
)  # fmt: skip


@given(
    hint=st.sampled_from(HINTS),
    said=st.lists(st.one_of(st.text(max_size=30), st.lists(SCRAPS, max_size=9).map(" ".join)), min_size=1, max_size=3),
)
@settings(max_examples=400)
def test_any_words_are_read_or_refused(hint: tuple[str, str, object], said: list[str]) -> None:
    with suppress(WrongValue, Broken):
        Reader(DESK).read("--it", hint[2], said)


@pytest.mark.parametrize(("kind", "name", "hint"), HINTS, ids=lambda one: one if isinstance(one, str) else "")
def test_every_particular_can_be_typed(kind: str, name: str, hint: object) -> None:
    """No field of any deed has a type that the command line cannot read."""
    example = shown_type(hint)
    said = example.split(", or ")[0] if example.startswith(("64", "12")) else example or "words"
    instead = {
        "64 hex digits": "a" * 64,
        "12": "2",
        "yes|no": "yes",
        "enrolment.json": "",
        "en=@FILE, uk=@FILE": "en=" + "a" * 64,
    }
    said = instead.get(said, said)
    if said:
        assert Reader(DESK).read(f"--{name}", hint, [said]) is not None, kind


def test_every_deed_is_covered() -> None:
    assert {kind for kind, _, _ in HINTS} == {deed.kind for deed in DEEDS}
    assert EXAMPLES


@given(st.lists(st.text(max_size=12), max_size=6))
def test_settings_are_read_from_any_command_line_or_refused(words: list[str]) -> None:
    with suppress(WrongUse):
        assert len(read_settings(words, {})[1]) <= len(words)
