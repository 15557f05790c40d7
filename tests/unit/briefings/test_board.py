"""The live board: every stage by side, vehicles, what is out of order, how old each fact is; nobody named."""

import json
import re

import pytest

from parley.acts import LANGUAGES
from parley.briefings.board import STAGES, Board, board, exceptions, in_words
from parley.process import RULES
from parley.process.state import State
from parley.scenario.player import play
from parley.words import ParticipantName

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
SHORT = """
given groups 3 for 3
north, south and neutral hand in the book for batch 1: RECEIVED N1-N2, S1-S3; NOT_PRESENTED N3
north, south and neutral close batch 1
"""


def played(text: str) -> State:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.table.state


def row(found: Board, name: str) -> dict[str, int | None]:
    sides = next(one.sides for one in found.stages if one.name == name)
    return {str(side): count for side, count in sides.items()}


def test_each_side_has_a_number_at_every_stage() -> None:
    found = board(played(SHORT))
    assert row(found, "final") == {NORTH: 3, SOUTH: 3}
    assert row(found, "crossed") == {NORTH: 3, SOUTH: 3}
    assert row(found, "handed_over") == {NORTH: 2, SOUTH: 3}
    assert row(found, "confirmed") == row(found, "families") == {NORTH: 0, SOUTH: 0}


def test_every_stage_names_acts_of_the_law() -> None:
    kinds = {rule.deed.kind for rule in RULES}
    assert {kind for _, several in STAGES for kind in several} <= kinds


def test_a_fact_is_as_old_as_the_last_act_that_could_change_it() -> None:
    state = played(SHORT + "clock 2025-05-20T00:00:00Z\nsouth confirms the identity of N1\n")
    since = {one.name: one.since for one in board(state).stages}
    assert since["confirmed"] == "2025-05-20T00:00:00Z"
    assert since["handed_over"] < since["confirmed"]
    assert since["families"] == ""


def test_what_is_out_of_order_stands_on_the_board() -> None:
    found = exceptions(played(SHORT))
    assert ("outcome", "north", "NOT_PRESENTED", 1) in {(one.what, one.side, one.code, one.count) for one in found}
    suspended = exceptions(
        played("given batches 4 for 4 in 2 batches\nsouth suspends the exchange because of security\n")
    )
    assert [(one.what, one.side) for one in suspended][:1] == [("suspended", "south")]


def test_each_vehicle_shows_who_boarded_and_where_it_is() -> None:
    rides = board(played(SHORT)).vehicles
    assert {(one.side, one.listed, one.boarded, one.where) for one in rides} == {
        (NORTH, 3, 3, "closed"),
        (SOUTH, 3, 3, "closed"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_is_said_in_every_language_and_names_nobody(language: str) -> None:
    said = json.dumps(in_words(board(played(SHORT)), language), ensure_ascii=False)
    assert not re.search(r"\b[NS][0-9]+\b", said)


def test_before_a_case_the_board_is_empty() -> None:
    assert board(State()).stages[0].sides == {}
