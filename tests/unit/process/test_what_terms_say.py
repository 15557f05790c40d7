"""Every way an exchange was ever agreed can be said, comes into force, and answers the later stages' questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.clauses import CLAUSES
from parley.process import terms
from parley.process.state import Outcome, State
from parley.scenario.player import play
from parley.words import LineId, ParticipantName

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
YOUNG = "category young means age under 25 on 2025-06-02, captured before 2025-06-01, certified by neutral"
WOUNDED = "category wounded means health is serious on 2025-06-02, captured before 2025-06-01, certified by medical"
WOMEN = "category women means sex is female on 2025-01-19, captured before 2023-10-08, certified by neutral"


def agreed(said: str, *later: str) -> State:
    """Play terms that north proposes and south agrees to, and what comes later."""
    (report,) = play("\n".join([f"north proposes terms: {said}", "south agrees to the terms", *later]))
    assert report.ok, report.surprises
    return report.table.state


GRAMMAR = {
    "fixed N:N": "1,000 for 1,000; no date",
    "N:M": "1,700 for 1,200",
    "floor and ceiling": "at least 1,000 a side, at most 1,500 a side, 1,200 expected",
    "category all-for-all": f"all for all of category young; {YOUNG}",
    "general all-for-all": "all for all, captured before 2020-11-10, status combatants, held according to both_lists",
    "ratio": f"ratio: 30 of north for 1 of south of category women, 3 of north for 1 of south; {WOMEN}",
    "weights": "weights general 60, captain 6, private 1, remainder in privates",
    "candidate pool": "150 for 50; 150 out of 300 of north, chosen by north",
    "chooser clause": "1,027 for 1; 550 of north chosen by north",
    "tranches": "tranches 390 a side then 307 a side then 303 a side, parity in each batch",
    "incentive": "50 for 150; each 10 more of north add 1 day, at most 5 days",
    "daily quota": "north 41, south 115 a day, with carrying over",
    "named persons": "a named place first for one of north",
    "conditional": "depending on fate: alive, south gives 50 persons or dead, south gives 50 bodies",
    "third-country stay": "200 for 55; 5 of south stay in a third country with east until 2026-09-01, with notice",
    "unilateral part": "869 for 700; outside the formula: north gives 104 persons, goodwill",
    "remains": "remains: 6,000 for 6,000 bodies, corrected after the laboratory",
    "standing commission": f"3 for 3; commission medical may add 100 of category wounded; {WOUNDED}",
    "no side deals": "3 for 3; no side deals",
    "residual duty": "3 for 3; anyone found later is freed",
    "legal precondition": "3 for 3; for each of north first court_objections, objections within 48 hours",
    "publicity": "3 for 3; publicity of numbers: after_completion; publicity of names: never",
    "clock": "3 for 3; issue_manifest 24 hours before batch_opens; hand_in_list 7 days after terms_agreed",
    "readiness": "3 for 3; nobody goes unless declared ready",
}
"""One line for each row of the grammar of agreed terms (domain, section 4)."""

OWED = {
    "fixed N:N": ((1000, 1000), (1000, 1000)),
    "N:M": ((1700, 1700), (1200, 1200)),
    "floor and ceiling": ((1000, 1500), (1000, 1500)),
    "category all-for-all": ((0, None), (0, None)),
    "general all-for-all": ((0, None), (0, None)),
    "ratio": ((0, None), (0, None)),
    "weights": ((0, None), (0, None)),
    "candidate pool": ((150, 150), (50, 50)),
    "chooser clause": ((1027, 1027), (1, 1)),
    "tranches": ((1000, 1000), (1000, 1000)),
    "incentive": ((50, 100), (150, 150)),
    "daily quota": ((0, None), (0, None)),
    "named persons": ((1, 1), (0, 0)),
    "conditional": ((0, 0), (0, 50)),
    "third-country stay": ((200, 200), (55, 55)),
    "unilateral part": ((869, 869), (700, 700)),
    "remains": ((0, 0), (0, 0)),
    "standing commission": ((3, 103), (3, 103)),
}


def test_the_table_has_every_pattern_there_is() -> None:
    patterns = {type(clause) for said in GRAMMAR.values() for clause in _clauses(agreed(said))}
    assert patterns == set(CLAUSES)


def _clauses(state: State) -> tuple[object, ...]:
    says = terms.in_force(state)
    assert says is not None
    return says.clauses


@pytest.mark.parametrize(("row", "owed"), OWED.items(), ids=OWED)
def test_how_many_each_side_owes_inside_the_formula(row: str, owed: tuple[object, object]) -> None:
    assert terms.owed(agreed(GRAMMAR[row])) == {NORTH: owed[0], SOUTH: owed[1]}


def test_parts_are_added_up_where_no_total_is_named_and_kept_within_it_where_one_is() -> None:
    parts = (
        f"20 for 20 of category wounded; 5 of north chosen by south; a named place first for one of north; {WOUNDED}"
    )
    assert terms.owed(agreed(parts)) == {NORTH: (26, 26), SOUTH: (20, 20)}
    assert terms.owed(agreed(f"100 for 20; {parts}")) == {NORTH: (100, 100), SOUTH: (20, 20)}


def test_all_for_all_beside_fixed_numbers_adds_people_whom_nobody_has_counted() -> None:
    assert terms.owed(agreed(f"10 for 10; all for all of category young; {YOUNG}"))[NORTH] == (10, None)


def test_a_ceiling_caps_all_for_all() -> None:
    capped = agreed(f"at least 5 a side, at most 9 a side; all for all of category young; {YOUNG}")
    assert terms.owed(capped)[NORTH] == (5, 9)


def test_a_conditional_owes_people_or_bodies_once_the_neutral_has_established_the_fact() -> None:
    alive = agreed(GRAMMAR["conditional"], "neutral establishes on c1: alive")
    dead = agreed(GRAMMAR["conditional"], "neutral establishes on c1: dead")
    assert terms.owed(alive)[SOUTH] == (50, 50)
    assert terms.remains_owed(alive) == {}
    assert terms.owed(dead)[SOUTH] == (0, 0)
    assert terms.remains_owed(dead) == {SOUTH: {"body": 50}}
    found = terms.branch(dead, "c1")
    assert found is not None
    assert found.unit == "body"


def test_facts_survive_an_amendment_that_leaves_their_clause_alone_and_no_other() -> None:
    said = f"3 for 3; {GRAMMAR['conditional']}"
    established = "neutral establishes on c2: alive"
    same = f"north amends the terms: 4 for 4; {GRAMMAR['conditional']}"
    kept = agreed(said, established, same, "south agrees to the terms")
    assert terms.owed(kept)[SOUTH] == (54, 54)
    other = GRAMMAR["conditional"].replace("50 persons", "60 persons")
    changed = agreed(said, established, f"north amends the terms: 4 for 4; {other}", "south agrees to the terms")
    assert terms.owed(changed)[SOUTH] == (4, 64)


def test_parts_outside_the_formula_keep_their_own_ledger() -> None:
    state = agreed(f"{GRAMMAR['unilateral part']}; {GRAMMAR['remains']}")
    assert set(terms.parts_outside(state)) == {"c2", "c3"}
    assert terms.remains_owed(state) == {NORTH: {"body": 6000}, SOUTH: {"body": 6000}}


def test_tranches_name_each_batch_and_no_more() -> None:
    state = agreed(GRAMMAR["tranches"])
    assert terms.batches_named(state) == 3
    assert terms.tranche(state, 2) == {NORTH: 307, SOUTH: 307}
    assert terms.tranche(state, 0) is None
    assert terms.tranche(state, 4) is None
    assert terms.parity(state) == "each"
    assert terms.most_ahead(state) is None
    assert terms.most_ahead(agreed("3 for 3; parity in sum, at most 2 ahead")) == 2


def test_lists_are_confined_to_categories_only_where_every_number_names_one() -> None:
    assert terms.scope(agreed(GRAMMAR["category all-for-all"])) == frozenset({"young"})
    assert terms.scope(agreed(f"all for all of category young; 3 for 3; {YOUNG}")) is None
    assert terms.scope(agreed(GRAMMAR["general all-for-all"])) is None
    assert terms.scope(agreed(GRAMMAR["ratio"])) is None


def test_the_other_questions_get_what_was_agreed() -> None:
    assert terms.weights(agreed(GRAMMAR["weights"])) == {"general": 60, "captain": 6, "private": 1}
    assert terms.remainder(agreed(GRAMMAR["weights"])) == "lowest_grade"
    quota = terms.daily_quota(agreed(GRAMMAR["daily quota"]))
    assert quota is not None
    assert quota.carry_over
    assert [one.places for one in terms.pools(agreed(GRAMMAR["candidate pool"]), NORTH)] == [150]
    assert [one.count for one in terms.choosers(agreed(GRAMMAR["chooser clause"]), NORTH)] == [550]
    assert [one.slot for one in terms.named_slots(agreed(GRAMMAR["named persons"]), NORTH)] == ["first"]
    assert [one.custodian for one in terms.stays(agreed(GRAMMAR["third-country stay"]))] == ["east"]
    assert [one.most for one in terms.commissions(agreed(GRAMMAR["standing commission"]))] == [100]
    assert terms.no_side_deals(agreed(GRAMMAR["no side deals"]))
    assert terms.residual_duty(agreed(GRAMMAR["residual duty"]))
    assert terms.readiness_required(agreed(GRAMMAR["readiness"]))
    steps = agreed(GRAMMAR["legal precondition"])
    assert [one.objection_hours for one in terms.legal_preconditions(steps, NORTH)] == [48]
    assert terms.legal_preconditions(steps, SOUTH) == ()
    assert terms.publicity(agreed(GRAMMAR["publicity"]))["names"].rule == "never"
    assert terms.cut_off(agreed(GRAMMAR["general all-for-all"])) == "2020-11-10"
    assert set(terms.categories(agreed(GRAMMAR["category all-for-all"]))) == {"young"}
    assert len(terms.rates(agreed(GRAMMAR["ratio"]))) == 2


def test_without_terms_in_force_every_question_gets_the_empty_answer() -> None:
    state = State()
    assert terms.in_force(state) is None
    assert terms.owed(state) == {}
    assert terms.weights(state) is None
    assert terms.scope(state) is None
    assert terms.tranche(state, 1) is None
    assert terms.parity(state) == "none"
    assert terms.date_of(state, 1) is None
    assert terms.date_status(state, 1) == "none proposed"
    assert terms.deadline(state, "hand_in_list") is None
    assert not terms.readiness_required(state)


DATE = (
    'north proposes a date from 2025-05-23T08:00:00Z to 2025-05-23T18:00:00Z at "the bridge", '
    "answer by 2025-05-20T12:00:00Z"
)


def test_names_are_due_a_day_before_the_batch_opens_and_no_sooner_known_than_its_date() -> None:
    assert terms.deadline(agreed(GRAMMAR["clock"]), "issue_manifest", batch=1) is None
    dated = agreed(GRAMMAR["clock"], f"{DATE}, batch 1", "south accepts the date")
    assert terms.deadline(dated, "issue_manifest", batch=1) == "2025-05-22T08:00:00Z"
    assert terms.deadline(dated, "issue_manifest", batch=2) is None
    assert terms.deadline(dated, "hand_in_list") == "2025-05-23T09:00:00Z"


def test_a_date_for_the_whole_exchange_serves_every_batch_until_one_has_its_own() -> None:
    state = agreed("3 for 3", DATE, "south accepts the date")
    assert terms.date_status(state, 2) == "agreed"
    second = f"{DATE}, batch 2".replace("05-23", "05-25")
    own = agreed("3 for 3", DATE, "south accepts the date", second, "south accepts the date of batch 2")
    assert (found := terms.date_of(own, 2)) is not None
    assert found.says.opens == "2025-05-25T08:00:00Z"
    assert (whole := terms.date_of(own, 1)) is not None
    assert whole.says.opens == "2025-05-23T08:00:00Z"


def test_more_people_delivered_put_off_the_end_by_the_days_they_earned() -> None:
    state = agreed(
        "at least 1 a side; each 1 more of north add 1 day, at most 2 days; close_batch 60 days after terms_agreed",
        "north hands in an offer list for south: N1-N9",
    )
    for delivered, end in ((0, "07-15"), (1, "07-15"), (2, "07-16"), (3, "07-17"), (9, "07-17")):
        received = {LineId(f"N{number + 1}"): Outcome(code="RECEIVED", batch=1) for number in range(delivered)}
        later = replace(state, handover=replace(state.handover, outcomes=received))
        assert terms.delivered(later, NORTH) == delivered
        assert terms.deadline(later, "close_batch", batch=1) == f"2025-{end}T09:00:00Z"
