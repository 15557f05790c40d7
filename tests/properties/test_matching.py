"""What must hold for any two lists: nothing depends on their order, on which is first, or on columns that are not compared."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.registers.assigning import assign
from parley.registers.comparable import COLUMNS, comparable
from parley.registers.finding import Found, find
from parley.registers.levels import Likeness, compare
from tests.unit.registers.made_people import Row, columns_of, made

texts = st.text(max_size=24) | st.sampled_from(
    ["", "Коваль", "Koval", "Іван", "И.", "محمد", "1980-02-30", "1980", "12", "\u202e", "٣", "Ал\u200bекс", "a" * 300]
)
people = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, texts)), max_size=6)


def found_in(a: list[Row], b: list[Row]) -> Found:
    left, right = columns_of(a), columns_of(b)
    return find(comparable(left, right, left["rec_id"], right["rec_id"]), threads=1)


def pairs_of(found: Found) -> dict[tuple[str, str], float]:
    rows = zip(found.rows_a.tolist(), found.rows_b.tolist(), found.assigned.probability.tolist(), strict=True)
    return {(found.pair.a.ids[a], found.pair.b.ids[b]): probability for a, b, probability in rows}


@settings(max_examples=25, deadline=None)
@given(people, people)
def test_any_text_in_any_column_is_matched_without_complaint(a: list[Row], b: list[Row]) -> None:
    numbered = [
        [{**row, "rec_id": f"{side}{at}"} for at, row in enumerate(rows)] for side, rows in (("A", a), ("B", b))
    ]
    found = pairs_of(found_in(*numbered))
    assert all(0 <= probability <= 1 for probability in found.values())


@settings(max_examples=25, deadline=None)
@given(people, people)
def test_comparing_is_symmetric(a: list[Row], b: list[Row]) -> None:
    left, right = columns_of(a), columns_of(b)
    every = [(x, y) for x in range(len(a)) for y in range(len(b))]
    rows_a, rows_b = (np.array([one[at] for one in every], dtype=np.int64) for at in (0, 1))
    forth = comparable(left, right, [str(x) for x in range(len(a))], [str(y) for y in range(len(b))])
    back = comparable(right, left, [str(y) for y in range(len(b))], [str(x) for x in range(len(a))])
    there = compare(forth, rows_a, rows_b, Likeness(forth.words)).levels
    here = compare(back, rows_b, rows_a, Likeness(back.words)).levels
    assert np.array_equal(there, here)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_the_lists_changes_nothing_that_matters(seed: int) -> None:
    a, b, _ = made(60, 12)
    before = pairs_of(found_in(a, b))
    chance = random.Random(seed)
    after = pairs_of(found_in(chance.sample(a, len(a)), chance.sample(b, len(b))))
    likely = {one for one, probability in before.items() if probability > 0.5}
    assert likely == {one for one, probability in after.items() if probability > 0.5}
    assert all(abs(before[one] - after[one]) < 0.05 for one in likely)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 5)), st.floats(-20, 20, allow_nan=False), min_size=1, max_size=30
    )
)
def test_nobody_is_two_people_at_once(odds: dict[tuple[int, int], float]) -> None:
    a, b = (np.array([one[at] for one in odds], dtype=np.int64) for at in (0, 1))
    done = assign(a, b, np.array(list(odds.values())))
    sure = done.probability > 0.9
    assert len(set(a[sure].tolist())) == int(sure.sum()) == len(set(b[sure].tolist()))
