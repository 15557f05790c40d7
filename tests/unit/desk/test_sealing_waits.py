"""A list is opened when both sides' lists are fixed: offers against offers alone, so that nobody looks first and offers then."""

from parley.desk.sealing import may_open
from parley.process.state import State
from parley.scenario.player import play


def _state(text: str) -> tuple[State, int]:
    (report,) = play(text)
    assert report.ok, report.surprises
    state = report.table.state
    return state, state.count


def _offer_of_south(state: State) -> int:
    return next(
        one.position for one in state.lists.versions.values() if one.author == "south" and one.purpose == "offer"
    )


def test_attack_a_request_list_of_one_name_buys_a_look_at_the_others_offers() -> None:
    state, signed = _state(
        "south hands in an offer list for north: S1-S3\nnorth hands in a request list for south: N1\n"
    )
    assert not may_open(state, _offer_of_south(state), signed)


def test_an_offer_list_answers_an_offer_list() -> None:
    state, signed = _state(
        "south hands in an offer list for north: S1-S3\nnorth hands in an offer list for south: N1\n"
    )
    assert may_open(state, _offer_of_south(state), signed)
    assert not may_open(state, _offer_of_south(state), signed - 1)
    withheld = {one.blob for one in state.lists.versions.values() if one.author == "north"}
    assert not may_open(state, _offer_of_south(state), signed, withheld)


def test_a_request_list_is_opened_against_an_offer_list_for_a_side_may_ask_for_nobody() -> None:
    state, signed = _state(
        "south hands in a request list for north: S1-S3\nnorth hands in an offer list for south: N1\n"
    )
    (position,) = (one.position for one in state.lists.versions.values() if one.author == "south")
    assert may_open(state, position, signed)
    assert not may_open(state, position, signed - 1)


def test_where_only_one_side_gives_its_list_waits_for_no_other() -> None:
    state, signed = _state(
        "north proposes terms: 0 for 3\nsouth agrees to the terms\nsouth hands in an offer list for north: S1-S3\n"
    )
    assert may_open(state, _offer_of_south(state), signed)
