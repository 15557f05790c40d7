"""Numbers that quarrelled in public, set beside the record: two true numbers of two things are both told as true."""

from parley.acts import Figure
from parley.briefings import numbers, statements
from parley.process.state import State
from parley.scenario.player import play
from parley.words import ParticipantName

WITH_WOUNDED = """
north proposes terms: 4 for 4; outside the formula: north 2 person, sanitary
south agrees to the terms
north hands in an offer list for south: N1-N4; N5-N6 part c2
south hands in an offer list for north: S1-S4
south and north acknowledge the offer list
north and south sign the final list from north to south: N1-N6
north and south sign the final list from south to north: S1-S4
north composes the batches: batch 1 north N1-N6; south S1-S4
north and south agree to the batches
north, south and neutral hand in the book for batch 1: RECEIVED N1-N6, S1-S4
north, south and neutral close batch 1
"""


def played(text: str) -> State:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.table.state


def figure(value: int, side: str = "north", scope: str = "inside", point: str = "handed_over") -> Figure:
    return Figure(unit="person", side=ParticipantName(side), scope=scope, count_point=point, batch=0, value=value)


def verdicts(state: State) -> list[str]:
    return [one.verdict for one in statements.compared(state)]


def test_both_were_right_one_side_counted_the_wounded_outside_the_formula() -> None:
    state = played(
        WITH_WOUNDED
        + 'south records what north said in "ministry": north 4 people\n'
        + 'north records what south said in "headquarters": north 6 people\n'
        + 'north records what south said in "channel": north 5 people\n'
    )
    assert verdicts(state) == ["supported", "supported", "not_supported"]
    said_by_north, said_by_south, _ = statements.compared(state)
    assert figure(4) in said_by_north.claims[0].holds_as
    assert figure(6, scope="both") in said_by_south.claims[0].holds_as
    assert figure(6, scope="inside") not in said_by_south.claims[0].holds_as


def test_the_number_sheet_reproduces_both_statements() -> None:
    sheet = numbers.number_sheet(played(WITH_WOUNDED))
    assert {figure(4), figure(2, scope="outside"), figure(6, scope="both"), figure(4, "south")} <= set(sheet)
    assert figure(6, "south", scope="both") not in sheet


def test_both_sides_added_up_is_supported_by_neither() -> None:
    state = played(WITH_WOUNDED + 'north records what south said in "agency": unsaid 10 people\n')
    assert verdicts(state) == ["not_supported"]


def test_bodies_cannot_be_told_before_the_laboratory_and_containers_can() -> None:
    state = played(
        "given terms\n"
        "south records containers N101-N103 of north\n"
        'north records what south said in "agency": north 3 bodies inside handed_over\n'
        'north records what south said in "agency": north 3 containers inside handed_over\n'
    )
    assert verdicts(state) == ["cannot_be_told", "supported"]


def test_they_did_not_come_though_no_date_was_agreed() -> None:
    state = played(
        "given final lists\n"
        'south records what north said in "briefing": a date was agreed; a list was received\n'
        'north records what south said in "briefing": no date was agreed; no list was received\n'
    )
    first, second = statements.compared(state)
    assert [claim.verdict for claim in first.claims] == ["not_supported", "supported"]
    assert [claim.verdict for claim in second.claims] == ["supported", "not_supported"]


def test_a_statement_without_a_checkable_claim_cannot_be_told() -> None:
    state = played('given terms\nsouth records what north said in "interview"\n')
    assert verdicts(state) == ["cannot_be_told"]
    (one,) = statements.compared(state)
    assert "nothing that could be checked" in statements.in_words(one, "en")


def test_an_attribution_beside_the_true_number_in_every_language() -> None:
    state = played(WITH_WOUNDED + 'north records what south said in "agency": north 7 people inside handed_over\n')
    (one,) = statements.compared(state)
    assert statements.in_words(one, "en").endswith("not supported by the record (record: 4)")
    assert "(за журналом: 4)" in statements.in_words(one, "uk")
    assert "(по журналу: 4)" in statements.in_words(one, "ru")
    assert "(في السجل: 4)" in statements.in_words(one, "ar")


def test_true_when_said_is_shown_as_true_with_what_the_record_says_now() -> None:
    state = played(
        "given terms\n"
        'south records what north said in "briefing": no date was agreed\n'
        "north proposes a date from 2025-05-23T06:00:00Z to 2025-05-23T18:00:00Z "
        'at "the crossing", answer by 2025-05-22T18:00:00Z\n'
        "south accepts the date\n"
    )
    (one,) = statements.compared(state)
    assert (one.verdict, one.verdict_now) == ("supported", "not_supported")
    said = statements.in_words(one, "en")
    assert said.endswith("that no date was agreed: supported by the record (now: not supported by the record)")
    for language, now in (("uk", "тепер"), ("ru", "теперь"), ("ar", "الآن")):
        assert f"({now}: " in statements.in_words(one, language)


def test_forty_numbers_with_nothing_said_of_them_are_counted_once_for_all() -> None:
    numbers_said = "; ".join(f"unsaid {value}" for value in range(40))
    state = played(f'given terms\nsouth records what north said in "list": {numbers_said}\n')
    (one,) = statements.compared(state)
    assert len(one.claims) == 40
