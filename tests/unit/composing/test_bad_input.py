"""What is wrong with a policy or a pool is said with its code and its place, and never with what a cell holds."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.composing.composed import compose_under
from parley.composing.conditions import ConditionBroken, read_condition
from parley.composing.errors import ComposingBroken
from parley.composing.policy import read_policy
from parley.composing.pool import read_pool

EXAMPLES = Path(__file__).resolve().parents[3] / "examples/composing"
POLICY = (EXAMPLES / "policy.toml").read_text(encoding="utf-8")
POOL = (EXAMPLES / "pool.csv").read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("policy.not_toml", 'when = "age < 25"', 'when = "age < 25'),
        ("policy.unknown_key", "fleet = 3", "flete = 3"),
        ("policy.missing", "batches = [12, 9, 9]", ""),
        ("policy.wrong_kind", "fleet = 3", 'fleet = "3"'),
        ("policy.float", "step = 180", "step = 180.5"),
        ("policy.out_of_range", "closed = [2]", "closed = [4]"),
        ("policy.predicate", "age < 25", "age < twenty"),
        ("policy.unknown_field", "age < 25", "shoe_size < 25"),
        ("policy.unknown_field", 'score = "days_held"', 'score = "rank"'),
        ("policy.names_a_person", "age < 25", "code == 'N-01'"),
        ("policy.names_a_person", "age < 25", "region == 'N-01'"),
        ("policy.contradiction", "min = 2\nmax = 6", "min = 7\nmax = 6"),
        ("policy.contradiction", "min = 3", "min = 31"),
        ("policy.contradiction", 'name = "mill"', 'name = "hill"'),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(code: str, old: str, new: str) -> None:
    assert old in POLICY
    changed = POLICY.replace(old, new, 1)
    with pytest.raises(ComposingBroken) as no:
        read_pool(POOL.encode(), read_policy(changed.encode()))
    assert no.value.code == code
    assert no.value.facts.get("line", no.value.facts.get("key")) is not None
    if code in ("policy.float", "policy.unknown_field", "policy.out_of_range"):
        assert no.value.facts["line"] == line_of(changed, new)


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("pool.no_rows", POOL.partition("\n")[2], ""),
        ("pool.column_unknown", "region\n", "shoe_size\n"),
        ("pool.column_missing", "birth_date", "region_of_birth"),
        ("pool.column_double", "medical,rank", "medical,medical"),
        ("pool.code_malformed", "N-05,", "N 05,"),
        ("pool.code_double", "N-05,", "N-04,"),
        ("pool.value_wrong", "2003-08-15", "2003-08-35"),
        ("pool.value_wrong", "2003-08-15", "15.8.2003"),
        ("pool.side_unknown", "N-05,north", "N-05,east"),
        ("pool.site_unknown", "N-05,north,mill", "N-05,north,cave"),
        ("pool.date_in_future", "2003-08-15", "2025-05-23"),
        ("pool.veto_without_reason", "north,proceedings", "north,"),
        ("pool.named_missing", "N-07,", "N-97,"),
    ],
)
def test_a_wrong_pool_is_refused_with_its_place_and_nothing_of_its_people(code: str, old: str, new: str) -> None:
    policy = POLICY.replace("[pool]\nwords = [", '[pool]\nwords = ["region_of_birth", ')
    changed = POOL.replace(old, new, 1)
    assert changed != POOL
    with pytest.raises(ComposingBroken) as no:
        read_pool(changed.encode(), read_policy(policy.encode()))
    assert no.value.code == code
    if old.startswith(("N-05,", "2003-08-15")):
        assert no.value.facts["row"] == 6
    shown = " ".join(str(value) for value in no.value.facts.values())
    assert not [cell for cell in ("2003", "35", "15.8", "cave", "N-0") if cell in shown]


def test_a_pool_in_another_encoding_is_no_table() -> None:
    with pytest.raises(ComposingBroken, match=r"pool\.unreadable"):
        read_pool(POOL.encode("utf-16"), read_policy(POLICY.encode()))


def test_a_convoy_larger_than_the_agreed_lead_is_refused_before_anybody_sets_out() -> None:
    from parley.composing.waves import waves

    with pytest.raises(ComposingBroken, match=r"composing\.lead_too_large"):
        waves({"north": (45, 10), "south": (45, 10)}, most=44)
    assert max(abs(one.lead) for one in waves({"north": (45, 10), "south": (45, 10)}, most=45)) == 45


def test_the_clauses_that_cannot_hold_together_are_few_and_say_what_each_must_give() -> None:
    with pytest.raises(ComposingBroken) as no:
        compose_under(POOL.encode(), POLICY.replace("fleet = 3", "fleet = 1").encode())
    found = {one.clause: dict(one.give or ()) for one in no.value.conflicts}  # type: ignore[attr-defined]
    assert found.keys() == {"batches", "fleet"}
    assert found["fleet"] == {"north · 1": 1, "south · 1": 1}
    given = POLICY.replace("fleet = 3", "fleet = 2")
    assert compose_under(POOL.encode(), given.encode()).staged.values


def test_closed_days_are_named_when_they_alone_leave_nobody_to_go() -> None:
    shut = POLICY
    for name in ("hill", "shore", "mill"):
        shut = shut.replace(f'name = "{name}"', f'name = "{name}"\nclosed = [1]', 1)
    shut = shut.replace("closed = [2]  ", "#", 1)
    with pytest.raises(ComposingBroken) as no:
        compose_under(POOL.encode(), shut.encode())
    assert [one.clause for one in no.value.conflicts] == ["batches", "closed"]  # type: ignore[attr-defined]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_a_policy_do_more_than_be_refused(data: bytes) -> None:
    with suppress(ComposingBroken):
        read_policy(data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(POLICY) - 1), st.integers(0, 12), st.text(max_size=5))
def test_a_policy_damaged_anywhere_is_read_or_refused(at: int, length: int, inserted: str) -> None:
    with suppress(ComposingBroken):
        read_policy((POLICY[:at] + inserted + POLICY[at + length :]).encode())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(POOL) - 1), st.integers(0, 12), st.text(max_size=5))
def test_a_pool_damaged_anywhere_is_read_or_refused(at: int, length: int, inserted: str) -> None:
    policy = read_policy(POLICY.encode())
    with suppress(ComposingBroken):
        read_pool((POOL[:at] + inserted + POOL[at + length :]).encode("utf-8", "surrogatepass"), policy)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["age", "sex", "(", ")", "not", "and", "or", "in", ",", "<", "==", "25", "'f'", "1e5", "__x__"]
        ),
        max_size=12,
    )
)
def test_no_words_make_a_condition_do_more_than_compare(words: list[str]) -> None:
    with suppress(ConditionBroken):
        assert read_condition(" ".join(words)).holds({"age": 24, "sex": "f"}) in (True, False)


def test_what_is_not_known_fulfils_no_condition_and_not_its_opposite() -> None:
    unknown = {"age": None, "sex": ""}
    assert not read_condition("age < 25").holds(unknown)
    assert not read_condition("not age < 25").holds(unknown)
    assert read_condition("age < 25 or sex == ''").holds(unknown)
