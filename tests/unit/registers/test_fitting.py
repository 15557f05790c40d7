"""A row is held against a clause by what it says for certain; what it leaves open refuses nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.clauses import Criterion
from parley.registers.fitting import DOES_NOT_FIT, FITS, UNTOLD, captured_before, days_of, fit

UNDER_25 = (Criterion("age", "under", "25"),)
ON = "2025-06-02"


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("2000-06-02", DOES_NOT_FIT),  # 25 on that very day
        ("2000-06-03", FITS),
        ("2000", UNTOLD),
        ("2000-06", UNTOLD),
        ("2001", FITS),
        ("1999", DOES_NOT_FIT),
        ("03.06.2000", FITS),
        ("06.2000", UNTOLD),
        ("about 2000", UNTOLD),
        ("2000-02-30", UNTOLD),
        ("", UNTOLD),
    ],
)
def test_under_twenty_five_on_a_day(born: str, found: str) -> None:
    assert fit({"birth_date": born}, UNDER_25, ON) == found


@pytest.mark.parametrize(
    ("captured", "found"),
    [
        ("2025-05-31", FITS),
        ("2025-06-01", DOES_NOT_FIT),
        ("2025-06", DOES_NOT_FIT),
        ("2025", UNTOLD),
        ("2024", FITS),
        ("near the river", UNTOLD),
    ],
)
def test_captured_before_the_cut_off(captured: str, found: str) -> None:
    assert captured_before({"capture_date": captured}, "2025-06-01") == found


def test_words_of_a_language_never_contradict_a_code() -> None:
    officer = (Criterion("rank", "is", "officer"),)
    assert fit({"rank": "капітан"}, officer, ON) == UNTOLD
    assert fit({"rank": "officer"}, officer, ON) == FITS
    assert fit({"grade": "private"}, (Criterion("grade", "among", "captain,major"),), ON) == DOES_NOT_FIT


def test_one_criterion_contradicted_is_enough() -> None:
    both = (*UNDER_25, Criterion("sex", "is", "female"))
    assert fit({"birth_date": "1980"}, both, ON) == DOES_NOT_FIT
    assert fit({"birth_date": "2005"}, both, ON) == UNTOLD


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_a_year_alone_never_says_more_than_the_day_would(captured: date, cut_off: date) -> None:
    exact = captured_before({"capture_date": captured.isoformat()}, cut_off.isoformat())
    assert exact == (FITS if captured < cut_off else DOES_NOT_FIT)
    for vague in (str(captured.year), captured.isoformat()[:7]):
        assert captured_before({"capture_date": vague}, cut_off.isoformat()) in (exact, UNTOLD)


@given(st.text(max_size=40))
def test_whatever_is_written_in_a_cell_is_read_or_not_read(written: str) -> None:
    days = days_of(written)
    assert days is None or days[0] <= days[1]
    assert fit({"birth_date": written}, UNDER_25, ON) in (FITS, DOES_NOT_FIT, UNTOLD)
