"""What may be done now and why not the rest, asked along a whole scenario at each desk."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.acts import BY_KIND
from parley.cli.answer import sentence_of
from parley.desk import Desk
from parley.desk.offers import offers
from parley.desk.table import post, sit_down
from parley.desk.whatnow import WhatNow, whatnow
from parley.process import RULES
from parley.process.state import State
from parley.words import Moment, ParticipantName, Refusal

START = Moment("2025-05-16T09:00:00Z")


def ask(desk: Desk) -> tuple[set[str], dict[str, str]]:
    now = whatnow(desk)
    return {one.kind for one in now.may}, {one.kind: one.refusal.code for one in now.may_not}


def follow(desks: dict[str, Desk], who: str, kind: str) -> None:
    """Do what whatnow offers."""
    now = whatnow(desks[who])
    offer = next(one.offer for one in now.may if one.kind == kind)
    from parley.desk import Attachment
    from parley.desk.enclosing import rooms_for
    from parley.record.commitment import salt_rows

    desk = desks[who]
    rooms = rooms_for(desk.ahead, desk.name, offer)
    lines = [str(line) for group in getattr(offer, "groups", ()) for line in group.lines] or ["T1"]
    rows = salt_rows([(line, {"practice": "row"}) for line in lines])
    result = desk.sign(offer, attachments=[Attachment(rows, rooms)] if rooms else [])
    assert not isinstance(result, Refusal), (who, kind, result)
    post(desks)


def test_whatnow_is_complete_and_explains_every_no() -> None:
    desks = sit_down(now=lambda: START)
    for desk in desks.values():
        now = whatnow(desk)
        assert len(now.may) + len(now.may_not) == len(RULES)
        for one in now.may_not:
            for language in ("en", "uk", "ru", "ar"):
                assert sentence_of(one.refusal, language).next, one


def test_whatnow_leads_two_sides_from_terms_to_the_final_lists_and_on() -> None:
    """Each step does what whatnow itself offers; samples of what it says stand between."""
    desks = sit_down(now=lambda: START)
    may, not_yet = ask(desks["north"])
    assert "propose_terms" in may
    assert not_yet["sign_final_list"] == "terms.none_in_force"
    assert not_yet["record_interview"] == "process.wrong_role"
    follow(desks, "north", "propose_terms")
    assert "agree_terms" in ask(desks["south"])[0]
    assert ask(desks["north"])[1]["agree_terms"] == "terms.already_agreed"
    follow(desks, "south", "agree_terms")
    assert ask(desks["south"])[1]["agree_terms"] == "terms.already_agreed"
    for name in ("north", "south"):
        follow(desks, name, "hand_in_list")
        follow(desks, name, "hand_in_list")
    for name in ("north", "south"):
        for _ in range(2):
            follow(desks, name, "acknowledge_list")
        assert ask(desks[name])[1]["acknowledge_list"] == "lists.acknowledged_already"
        follow(desks, name, "reply_to_lines")
        follow(desks, name, "give_final_reply")
    assert "propose_match" in ask(desks["neutral"])[0]
    follow(desks, "neutral", "record_interview")
    follow(desks, "neutral", "declare_readiness")
    for name in ("north", "south", "south", "north"):
        follow(desks, name, "sign_final_list")
    may, not_yet = ask(desks["north"])
    assert "compose_batches" in may
    assert not_yet["notify_route"] == "movement.no_such_batch"
    follow(desks, "north", "compose_batches")
    for name in ("north", "south"):
        follow(desks, name, "agree_batches")
    for name in ("north", "south"):
        follow(desks, name, "notify_route")
    assert ask(desks["north"])[1]["depart"] == "movement.no_date_agreed"
    assert "acknowledge_route" in ask(desks["neutral"])[0]
    for name in ("north", "south"):
        follow(desks, name, "issue_manifest")
        follow(desks, name, "embark")
    for name in ("north", "south", "neutral"):
        follow(desks, name, "hand_in_book")
    for name in ("north", "south", "neutral"):
        follow(desks, name, "close_batch")
    for name in ("north", "south"):
        follow(desks, name, "confirm_identity")
        follow(desks, name, "notify_family")
    follow(desks, "neutral", "propose_joint_record")
    for name in ("north", "south", "neutral"):
        follow(desks, name, "sign_joint_record")
    follow(desks, "neutral", "propose_number_sheet")
    for name in ("north", "south"):
        follow(desks, name, "agree_number_sheet")
    for name in ("north", "south", "neutral"):
        follow(desks, name, "close")
    may, not_yet = ask(desks["north"])
    assert not_yet["propose_terms"] == "process.closed"
    assert "record_public_statement" in may
    assert not desks["neutral"].state.void


def test_before_there_is_a_case_nothing_may_be_done_but_to_found_one() -> None:
    found = offers(State(), ParticipantName("north"))
    assert found.keys() == BY_KIND.keys()


@given(st.sampled_from(["north", "south", "neutral", "nobody", ""]))
@settings(max_examples=5)
def test_offers_are_made_to_anybody(name: str) -> None:
    assert offers(State(), ParticipantName(name)).keys() == BY_KIND.keys()


def test_a_suspended_case_says_so_for_everything_that_must_wait() -> None:
    desks = sit_down(now=lambda: START)
    follow(desks, "south", "suspend")
    _, not_yet = ask(desks["north"])
    assert not_yet["propose_terms"] == not_yet["hand_in_list"] == "process.suspended"
    assert "resume" in ask(desks["south"])[0]
    assert isinstance(whatnow(desks["neutral"]), WhatNow)
