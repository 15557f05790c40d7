"""The compact form of a set of lines: one set, one form; and telling it apart costs no more than reading it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.forms import FormBroken, from_body
from parley.words import LineId, Lines, LinesBroken, expand, is_compact

lines = st.frozensets(
    st.builds(
        lambda letters, number: LineId(f"{letters}{number}"), st.sampled_from(["N", "S", "SX"]), st.integers(1, 40)
    )
)
ranges = st.lists(
    st.builds(
        lambda letters, low, more: f"{letters}{low}" + (f"-{letters}{low + more}" if more else ""),
        st.sampled_from(["N", "S", "SX"]),
        st.integers(1, 12),
        st.integers(0, 3),
    ),
    max_size=4,
).map(tuple)


@given(lines)
def test_one_set_has_one_form(chosen: frozenset[LineId]) -> None:
    form = Lines.among(chosen)
    assert is_compact(form.ranges)
    assert set(form) == chosen
    assert len(form) == len(chosen)
    assert Lines.of(*form.ranges) == form


@given(ranges)
def test_a_form_is_compact_exactly_when_making_it_compact_changes_nothing(written: tuple[str, ...]) -> None:
    assert is_compact(written) == (Lines.of(*written).ranges == written)


@given(st.lists(st.text(alphabet="NS0123456789-x ", max_size=8), max_size=4).map(tuple))
def test_what_is_no_line_is_said_to_be_none(written: tuple[str, ...]) -> None:
    ours = said_of(lambda: is_compact(written))
    theirs = said_of(lambda: Lines.among(expand(written)).ranges == written)
    # Once two ranges are out of order the answer is no, whatever stands behind them.
    assert ours == theirs or (ours is False and theirs == "lines.malformed")


def said_of(question: Callable[[], bool]) -> bool | str:
    try:
        return question()
    except LinesBroken as broken:
        return broken.code


def test_attack_an_act_that_names_a_hundred_million_lines() -> None:
    starts = range(1, 9_000_000, 200_000)
    groups = [{"lines": [f"N{start}-N{start + 199_998}"], "category": "a"} for start in starts] * 40
    body: Any = {"purpose": "request", "counterpart": "south", "version": 1, "groups": groups}
    with pytest.raises(FormBroken) as broken:
        from_body("hand_in_list", body)
    assert broken.value.facts["cause"] == "lines.too_many"


def test_attack_one_set_of_lines_without_end() -> None:
    body: Any = {"lines": ["N1-N200001"], "day": "2025-05-16", "alone": True, "language": "uk"}
    with pytest.raises(FormBroken) as broken:
        from_body("record_interview", body)
    assert broken.value.facts["cause"] == "lines.too_many"
