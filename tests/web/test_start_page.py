"""While the practice exchange is played its start page says how far it is and how long it will take."""

import pytest

from parley.cli.demo import seconds_left
from parley.practice.story import LAST, SHARES, STAGES, share_done
from parley.web.start_page import page


def test_every_stage_has_its_share_and_they_are_a_whole() -> None:
    assert SHARES.keys() == STAGES.keys()
    assert sum(SHARES.values()) == 100


def test_what_is_done_only_grows() -> None:
    for to in STAGES:
        done = [share_done(stage, to) for stage in list(STAGES)[: list(STAGES).index(to) + 1]]
        assert done == sorted(done)
        assert done[0] == 0
        assert done[-1] < 1


def test_no_time_is_said_before_it_can_be_known() -> None:
    assert seconds_left(0.0, 5.0) == 0
    assert seconds_left(0.5, 20.0) == 20
    assert seconds_left(share_done(LAST), 40.0) <= 5


@pytest.mark.parametrize("said", ["About 25 seconds", "25 с.", "25 ثانية"])
def test_the_page_says_it_in_every_language(said: str) -> None:
    shown = page({"stage": "batches", "desks": {}, "share": 54, "left": 25})
    assert said in shown
    assert 'value="54"' in shown
    assert "seconds" not in page({"stage": "contact", "desks": {}, "share": 2, "left": 0})


def test_a_file_that_somebody_else_wrote_does_no_harm() -> None:
    shown = page({"stage": "<b>", "desks": {}, "share": "<script>", "left": "x"})
    assert "<script" not in shown
    assert "<b>" not in shown


def test_when_the_desks_answer_there_is_nothing_left_to_wait_for() -> None:
    assert "<progress" not in page({"stage": "", "desks": {"north": "http://localhost:8441/"}, "share": 100, "left": 5})
