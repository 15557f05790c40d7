"""Each clause that can be agreed names who holds the sides to it, by an act and a code that there are."""

from __future__ import annotations

from parley.acts import BY_KIND
from parley.briefings.account import account
from parley.briefings.phrases import codes, entries
from parley.clauses import CLAUSES
from parley.desk.errors import CODES
from parley.process.keeping import JUDGED, NOT_JUDGED
from parley.scenario.player import play
from parley.words import ParticipantName
from tests.spec.refusals import codes_in_source


def test_every_clause_is_held_to_or_says_why_no_act_can_break_it() -> None:
    assert set(JUDGED) == set(CLAUSES)
    assert {clause for clause, judged in JUDGED.items() if not judged} == set(NOT_JUDGED)


def test_what_is_missing_to_the_floor_shows_as_owed() -> None:
    (report,) = play(
        "north proposes terms: at least 3 a side, at most 5 a side\n"
        "south agrees to the terms\n"
        "south hands in an offer list for north: S1-S4\n"
        "north and south sign the final list from south to north: S1-S2\n"
    )
    assert report.ok
    side = account(report.table.state).sides[ParticipantName("south")]
    assert (side.agreed, side.final, side.difference) == (3, 2, 3)


def test_every_code_is_a_refusal_an_alarm_or_a_desks_own() -> None:
    for judged in JUDGED.values():
        for one in judged:
            assert one.act in {*BY_KIND, "any"}, one
            known = (
                CODES.keys()
                if one.by == "the desk"
                else codes_in_source() | {code for code in codes() if code in entries()}
            )
            assert one.code in known, one
