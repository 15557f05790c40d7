"""A corpus of dates as people write them: no day is ever wrong, and whatever is unsure is marked."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parley.registers.partial_dates import DOUBTS, HARMLESS, PartialDate, read_date

CORPUS = Path(__file__).with_name("written_dates.csv")
DAYS = st.dates(date(1900, 1, 1), date(2025, 1, 1))
FIGURES = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "0123456789"])
SCRAPS = st.sampled_from(
    [
        *"0123456789.-/ ,?xX~_\u200f\u200b\u202e",
        "1985",
        "03",
        "21",
        "IV",
        "марта",
        "березня",
        "May",
        "آذار",
        "або",
        "до",
        "р.",
        "гг",
        "90",
    ]
)


def corpus() -> list[tuple[str, str, str, set[str]]]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [
            (row["written"], row["value"], row["precision"], set(row["doubts"].split())) for row in csv.DictReader(file)
        ]


def test_the_corpus_holds_at_least_five_hundred_written_forms() -> None:
    assert len({written for written, *_ in corpus()}) >= 500


@pytest.mark.parametrize(("written", "value", "precision", "doubts"), corpus())
def test_a_date_is_read_as_a_person_would_or_marked(written: str, value: str, precision: str, doubts: set[str]) -> None:
    found = read_date(written)
    assert found.written == written
    if value != "*":
        assert (found.value, found.precision) == (value, precision)
    if doubts == {"*"}:
        assert not found.is_sure
        assert found.doubts
    else:
        assert set(found.doubts) >= doubts
        assert doubts or not found.doubts


def test_no_day_of_the_corpus_is_wrong() -> None:
    wrong = [
        written
        for written, value, precision, _ in corpus()
        if (found := read_date(written)).is_sure
        and found.precision == "day"
        and (precision, value) != ("day", found.value)
    ]
    assert wrong == []


def test_every_doubt_is_shown_by_the_corpus_or_a_test_here() -> None:
    shown = {doubt for written, *_ in corpus() for doubt in read_date(written).doubts}
    assert set(DOUBTS) - shown == {"after_reference", "order_as_told", "too_long"}
    assert read_date("1" * 500).doubts == ("too_long",)


def test_what_the_author_says_of_his_order_is_used_and_marked() -> None:
    assert read_date("03/04/1985", order="dmy") == PartialDate(
        written="03/04/1985", value="1985-04-03", precision="day", doubts=("order_as_told",)
    )
    assert read_date("03/04/1985", order="mdy").value == "1985-03-04"
    assert read_date("21/03/1985", order="mdy").value == "1985-03-21"


def test_two_digits_of_a_year_are_one_year_only_where_one_century_is_possible() -> None:
    assert read_date("21.03.85", not_after="2025-05-16").value == "1985-03-21"
    assert read_date("21.03.85", not_after="2025-05-16").doubts == ("two_digit_year",)
    assert read_date("21.03.15", not_after="2025-05-16").value == ""
    assert read_date("21.03.15", not_after="2025-05-16").readings == ("1915-03-21", "2015-03-21")


def test_nobody_on_a_list_is_born_after_it() -> None:
    assert read_date("21.03.2031", not_after="2025-05-16").doubts == ("after_reference",)
    assert read_date("03.2031", not_after="2025-05-16").doubts == ("after_reference",)


@given(DAYS, FIGURES)
def test_every_day_written_with_dots_or_in_iso_form_is_read_back(day: date, figures: str) -> None:
    table = str.maketrans("0123456789", figures)
    for form in (f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d} 00:00:00"):
        found = read_date(form.translate(table))
        assert (found.value, found.precision, found.doubts) == (day.isoformat(), "day", ())


@given(DAYS)
def test_a_spreadsheets_number_is_never_a_day(day: date) -> None:
    number = (day - date(1899, 12, 30)).days
    found = read_date(str(number))
    assert not found.is_sure or found.precision == "year"
    if "serial_number" in found.doubts:
        assert day.isoformat() in found.readings


@given(st.one_of(st.text(max_size=60), st.lists(SCRAPS, max_size=9).map("".join)))
@example("0.0.1985")
@example("٠٣/٠٤/١٩٨٥")
def test_whatever_is_written_gets_an_answer_and_no_day_that_is_not_there(text: str) -> None:
    found = read_date(text)
    assert found.written == text
    assert set(found.doubts) <= set(DOUBTS)
    assert bool(found.value) == (found.precision != "none")
    if found.is_sure and found.precision == "day":
        numbers = [int(one) for one in re.findall(r"\d+", text)]
        year, month, day = (int(one) for one in found.value.rstrip("?~%").split("-"))
        run_together = {
            f"{year:04d}{month:02d}{day:02d}",
            f"{day:02d}{month:02d}{year:04d}",
            f"{month:02d}{day:02d}{year:04d}",
        }
        assert {year, day} <= set(numbers) or {f"{one:08d}" for one in numbers} & run_together


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1900, 2025), st.sampled_from("/- \\"))
def test_two_numbers_up_to_twelve_leave_the_day_open_unless_they_are_equal(
    first: int, second: int, year: int, sign: str
) -> None:
    found = read_date(f"{first:02d}{sign}{second:02d}{sign}{year}")
    if first == second:
        assert (found.value, found.doubts) == (f"{year}-{first:02d}-{first:02d}", ())
    else:
        assert (found.precision, found.doubts) == ("year", ("day_month_order",))
        assert len(found.readings) == 2


def test_marks_that_harm_nothing_are_few() -> None:
    assert frozenset({"hidden_characters", "order_as_told"}) == HARMLESS
