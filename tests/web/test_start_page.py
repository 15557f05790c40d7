"""While the practice exchange is played its start page says how far it is and how long it will take."""

import math

import pytest

from parley.cli.demo import Pace
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


def test_the_time_left_is_a_guess_first_and_then_what_the_first_stages_took() -> None:
    pace = Pace(to=LAST, whole=30.0)
    assert pace.now("contact", 0.0) == (share_done("contact"), 30)
    assert pace.now("lists", 6.0)[1] == 25
    share = share_done("handover")
    assert pace.now("handover", 60 * share) == (share, 5 * math.ceil(60 * (1 - share) / 5))


def test_the_time_left_shrinks_within_a_stage_and_never_ends_before_the_story() -> None:
    pace = Pace(to=LAST, whole=30.0)
    left = [pace.now("handover", 20.0 + passed)[1] for passed in range(0, 60, 5)]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 5
    assert pace.now("handover", 500.0)[0] < 1


def test_a_desk_that_answers_already_is_linked_while_the_others_are_opened() -> None:
    shown = page({"stage": "", "desks": {}, "share": 100, "left": 5, "ready": {"neutral": "http://localhost:8441/"}})
    assert shown.count('href="http://localhost:8441/"') == 4
    assert "<progress" in shown


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
