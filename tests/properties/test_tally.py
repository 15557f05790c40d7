"""A tally typed in at the point: whatever the table holds, it is read or refused with a code that names no cell."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import OUTCOME_CODES
from parley.handover.tally import TallyBroken, read_tally
from parley.words import Lines

CELL = st.one_of(
    st.text(max_size=8), st.sampled_from([*OUTCOME_CODES, "N1", "S2", "", "line", "outcome", '"', ";", "N1-N3"])
)
LINE = st.integers(min_value=1, max_value=40).map(lambda number: f"N{number}")


@given(st.one_of(st.text(), st.lists(st.lists(CELL, max_size=4).map(",".join), max_size=6).map("\n".join)))
def test_any_text_is_a_tally_or_is_refused(text: str) -> None:
    with suppress(TallyBroken):
        found = read_tally(text)
        assert found.unlisted or any(len(lines) for lines in found.outcomes.values())


@given(st.lists(st.tuples(LINE, st.sampled_from(OUTCOME_CODES)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_rows_does_not_matter_and_doubles_stay_visible(
    rows: list[tuple[str, str]], shuffle: object
) -> None:
    ordered = read_tally("line,outcome\n" + "\n".join(f"{line},{code}" for line, code in rows))
    other = list(rows)
    shuffle.shuffle(other)  # type: ignore[attr-defined]
    assert read_tally("outcome;line\n" + "\n".join(f"{code.lower()};{line}" for line, code in other)) == ordered
    for line, code in rows:
        assert line in set(ordered.outcomes[code])


def test_a_row_without_a_line_counts_a_person_and_nothing_else() -> None:
    found = read_tally("line,outcome\n,NOT_ON_MANIFEST\n,NOT_ON_MANIFEST\nN1,RECEIVED\n")
    assert (found.unlisted, found.outcomes) == (2, {"RECEIVED": Lines.of("N1")})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "tally.no_header"),
        ("line,result\nN1,RECEIVED\n", "tally.no_header"),
        ("line,outcome\n", "tally.no_rows"),
        ("line,outcome\nN1,VANISHED\n", "tally.outcome_unknown"),
        ("line,outcome\nsomebody,RECEIVED\n", "tally.line_malformed"),
    ],
)
def test_what_is_refused_names_the_row_never_the_cell(text: str, code: str) -> None:
    with pytest.raises(TallyBroken) as refused:
        read_tally(text)
    assert refused.value.code == code
    assert "somebody" not in str(refused.value)
