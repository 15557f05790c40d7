"""What the record adds up to, side by side, and how it is told."""

import json

import pytest

from parley.briefings.account import NO_DATE, Account, account
from parley.forms import plain
from parley.process.state import State
from parley.scenario.player import play


def after(text: str) -> Account:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.account


def test_an_empty_record_adds_up_to_nothing() -> None:
    empty = account(State())
    assert (empty.acts, empty.date, empty.sides, empty.joint_record) == (0, NO_DATE, {}, "none")


def test_it_is_plain_json() -> None:
    told = plain(after("given closed batch"))
    assert json.loads(json.dumps(told)) == told


def test_each_side_is_counted_for_itself() -> None:
    told = after("given closed batch 5 for 4")
    north, south = told.sides["north"], told.sides["south"]  # type: ignore[index]
    assert (north.agreed, north.listed, north.final, north.embarked, north.inside.delivered) == (5, 5, 5, 5, 5)
    assert (south.agreed, south.listed, south.final, south.embarked, south.inside.delivered) == (4, 4, 4, 4, 4)
    assert (north.difference, north.unexplained, north.to_come, north.debts.open) == (0, 0, 0, 0)


def test_what_is_agreed_and_not_yet_delivered_is_to_come_and_not_unexplained() -> None:
    north = after("given final lists").sides["north"]  # type: ignore[index]
    assert (north.difference, north.to_come, north.unexplained) == (3, 3, 0)


def test_what_never_comes_is_owed_and_named() -> None:
    told = after("given batches\nnorth aborts the exchange because of breach_of_terms")
    north = told.sides["north"]  # type: ignore[index]
    assert told.standing == "aborted"
    assert north.debts.open == 3
    assert north.to_come == 0
    assert north.unexplained + sum(north.explained.values()) == north.difference == 3


PROPOSED = """given terms
north proposes a date from 2025-05-23T08:00:00Z to 2025-05-23T18:00:00Z at "the bridge", answer by 2025-05-20T12:00:00Z
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("given terms", NO_DATE),
        (PROPOSED, f"{NO_DATE} (open)"),
        (f"{PROPOSED}south declines the date", f"{NO_DATE} (declined)"),
        (f"{PROPOSED}clock 2025-05-21T00:00:00Z", f"{NO_DATE} (expired)"),
        (f"{PROPOSED}south accepts the date", "2025-05-23T08:00:00Z to 2025-05-23T18:00:00Z, the bridge"),
    ],
)
def test_a_date_is_agreed_by_all_or_it_is_no_date(text: str, words: str) -> None:
    assert after(text).date == words


def test_batches_with_a_date_are_named_beside_those_without() -> None:
    assert after("given date 4 for 4 in 2 batches").date == f"agreed for batch 1; {NO_DATE} for batch 2"
    assert after("given closed batch").date == "agreed for batch 1"


def test_conditions_stay_open_until_they_end() -> None:
    begun = (
        "given lists\nnorth sets the condition stay_abroad on N1-N2 in the custody of neutral, "
        "for review on 2025-12-31 with notice as a duty"
    )
    assert after(begun).conditions["stay_abroad"].status == "open"
    ended = after(f"{begun}\nsouth ends the condition stay_abroad as broken").conditions["stay_abroad"]
    assert (ended.status, ended.about, ended.custodian) == ("broken", 2, "neutral")


def test_void_acts_are_listed_with_their_refusal() -> None:
    told = after("north anyway agrees to the terms ! terms.unknown")
    assert [(one.party, one.kind, one.code) for one in told.void] == [("north", "agree_terms", "terms.unknown")]


def test_answers_are_counted_by_code_and_silence_is_pending() -> None:
    told = after("north hands in a request list for south: N1-N5\nsouth replies NOT_HELD to N1; DEAD to N2-N3")
    south = told.sides["south"]  # type: ignore[index]
    assert south.requested == 5
    assert dict(south.replied) == {"DEAD": 2, "NOT_HELD": 1, "PENDING": 2}


def test_a_statement_stands_beside_what_the_record_holds() -> None:
    told = after(
        'given terms\nneutral records what south said in "evening news": south 3 people inside agreed; '
        "a date was agreed"
    )
    (spoken,) = told.statements
    assert spoken.verdict == "not_supported"
    assert [(claim.said, claim.record, claim.verdict) for claim in spoken.claims] == [
        ("3", "3", "supported"),
        ("yes", "no", "not_supported"),
    ]


def test_a_joint_record_of_some_batches_is_told_as_one_of_these() -> None:
    begun = "given closed batch\nneutral proposes the joint record: batches 1"
    assert after(begun).joint_record == "proposed for batch 1"
    signed = f"{begun}\nnorth, south and neutral sign the joint record"
    assert after(signed).joint_record == "signed for batch 1"
    whole = f"{signed}\nneutral proposes the joint record"
    assert after(whole).joint_record == "proposed"
    assert after(f"{whole}\nnorth, south and neutral sign the joint record").joint_record == "signed"


def test_containers_that_one_counter_did_not_record_are_named() -> None:
    told = after(
        "given closed batch\nnorth records containers N101-N102 of north for batch 1\n"
        "south records containers N101 of north for batch 1"
    )
    assert told.batches[1].containers_missed == {"south": "N102"}
