"""Days that no calendar has are refused wherever an act names one, save where a checker knows only the form."""

import pytest

from parley.acts import DeclareReadiness, Reply, ReplyToLines, SetEmbargo, Suspend
from parley.process.calendar import judge_times
from parley.scenario.player import play
from parley.words import Day, Lines, Moment, is_real


@pytest.mark.parametrize("time", ["2025-02-29", "2025-02-31T09:00:00Z", "2025-06-31", "1900-02-29", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_not_real(time: str) -> None:
    assert not is_real(time)


@pytest.mark.parametrize("time", ["2024-02-29", "2000-02-29T23:59:59Z", "9999-12-31"])
def test_a_leap_day_is_real(time: str) -> None:
    assert is_real(time)


def test_impossible_times_are_found_at_every_place_of_a_deed() -> None:
    wrong = "2025-02-31"
    assert judge_times(SetEmbargo(until=Moment(f"{wrong}T00:00:00Z"))) is not None
    assert judge_times(DeclareReadiness(ready=Lines(), not_ready=Lines(), valid_until=Day(wrong))) is not None
    assert judge_times(Suspend(reason="security", until=Moment(f"{wrong}T00:00:00Z"))) is not None
    assert judge_times(Suspend(reason="security")) is None
    reply = Reply(lines=Lines.of("N1"), code="RELEASED_EARLIER", day=Day(wrong))
    assert judge_times(ReplyToLines(replies=(reply,))) is not None
    assert judge_times(ReplyToLines(replies=())) is None


def test_an_impossible_clock_counts_as_text_so_that_package_and_checker_agree() -> None:
    (report,) = play("clock 2025-06-31T09:00:00Z\nnorth proposes 3 for 3\nexpect void 0\n")
    assert report.ok, report.surprises
    state = report.table.state
    assert state.authority.clock == "2025-06-31T09:00:00Z"
