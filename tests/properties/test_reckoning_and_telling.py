"""What holds of joint records, debts, corrections, numbers and communiqués, whatever happened at the point."""

from collections import Counter
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from parley import acts
from parley.acts import DELIVERED, OUTCOME_CODES, Deed, Explained, Figure
from parley.briefings import numbers
from parley.briefings.brief import brief
from parley.briefings.communique import Communique, communique
from parley.briefings.waiting import waits
from parley.clauses import FixedNumbers, UnilateralPart
from parley.process import apply, figures, judge, publication, reconciliation, step
from parley.process.digest import fingerprint
from parley.process.state import State
from parley.words import ActId, Digest, LineId, Lines, ParticipantName, Refusal
from tests.properties.onward import EVERYBODY, NEUTRAL, NORTH, SOUTH, any_deed, name_of, people, planned, said

WHO = st.sampled_from(EVERYBODY)
SIDES = (NORTH, SOUTH)
OUTCOMES = st.sampled_from(["RECEIVED"] * 12 + [code for code in OUTCOME_CODES if code != "SUBSTITUTE_ACCEPTED"])


def do(state: State, who: ParticipantName, deed: Deed) -> State:
    act = said(state, who, deed, sealed=True)
    refusal = judge(state, act)
    assert refusal is None, refusal
    return step(state, act)


@st.composite
def after_the_point(draw: st.DrawFn, batches: tuple[int, ...] = (1, 2)) -> State:
    """Draw a case whose batches were counted alike by all three and closed; some people stand outside the formula."""
    state = draw(st.sampled_from([planned(), with_a_part_outside()]))
    for batch in batches:
        written: dict[str, list[LineId]] = {}
        for party in SIDES:
            for line in people(party, batch):
                written.setdefault(draw(OUTCOMES), []).append(line)
        outcomes = {code: Lines.among(lines) for code, lines in written.items()}
        book = acts.HandInBook(batch=batch, book=Digest(name_of(batch, sorted(outcomes))), outcomes=outcomes)
        for who in EVERYBODY:
            state = do(state, who, book)
        for who in EVERYBODY:
            state = do(state, who, acts.CloseBatch(batch=batch))
    return state


def with_a_part_outside() -> State:
    """Return the planned case in which 20 a side are the formula, and four of north's are given beside it."""
    state = planned()
    (version,) = state.terms.versions.values()
    clauses = (
        FixedNumbers(clause="c1", gives={NORTH: 20, SOUTH: 24}),
        UnilateralPart(clause="c2", gives={NORTH: 4}, unit="person", ground="sanitary"),
    )
    says = replace(version.says, clauses=clauses)
    lines = {
        line: replace(one, part="c2") if line in {"N1", "N2", "N13", "N14"} else one
        for line, one in state.lists.lines.items()
    }
    return replace(
        state,
        terms=replace(state.terms, versions={version.id: replace(version, says=says)}),
        lists=replace(state.lists, lines=lines),
    )


def record_of(state: State, explained: tuple[Explained, ...], batches: tuple[int, ...] = ()) -> acts.ProposeJointRecord:
    return acts.ProposeJointRecord(
        batches=batches,
        agreed={side: reconciliation.agreed_number(state, side, batches) for side in SIDES},
        counts=reconciliation.outcome_counts(state, batches),
        explained=explained,
    )


def difference(state: State, side: ParticipantName) -> int:
    counts = reconciliation.outcome_counts(state)[side]
    return reconciliation.agreed_number(state, side) - reconciliation.delivered_number(counts)


def unexplained(state: State) -> tuple[Explained, ...]:
    return tuple(Explained(side, "unexplained", count) for side in SIDES if (count := difference(state, side)) > 0)


# --- the joint record ------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=40)
def test_a_joint_record_is_taken_exactly_when_its_causes_add_up_to_the_difference(data: st.DataObject) -> None:
    state = data.draw(after_the_point())
    named = tuple(
        Explained(side, cause, count)
        for side in SIDES
        for cause in ("removed_from_list", "RELEASED_EARLIER", "unexplained")
        if (count := data.draw(st.integers(0, 4))) > 0
    )
    adds_up = all(sum(one.count for one in named if one.giving == side) == difference(state, side) for side in SIDES)
    refusal = judge(state, said(state, NEUTRAL, record_of(state, named)))
    assert (refusal is None) == adds_up
    assert refusal is None or refusal.code == "reconciliation.difference_not_named"
    assert judge(state, said(state, NORTH, record_of(state, unexplained(state)))) is None


@given(after_the_point(), st.sampled_from(SIDES), st.sampled_from(OUTCOME_CODES), st.sampled_from([-1, 1, 5]))
@settings(max_examples=40)
def test_no_joint_record_with_another_count_is_ever_taken(
    state: State, side: ParticipantName, code: str, by: int
) -> None:
    record = record_of(state, unexplained(state))
    counts = {party: dict(one) for party, one in record.counts.items()}
    counts[side][code] = counts[side].get(code, 0) + by
    refusal = judge(state, said(state, NORTH, replace(record, counts=counts)))
    assert refusal is not None
    assert refusal.code == "reconciliation.count_not_supported"


@given(after_the_point())
@settings(max_examples=40)
def test_the_counts_of_the_batches_are_those_of_the_whole_exchange(state: State) -> None:
    whole = reconciliation.outcome_counts(state)
    for side in SIDES:
        added = sum((Counter(reconciliation.outcome_counts(state, (batch,))[side]) for batch in (1, 2)), Counter())
        assert added == Counter(whole[side])


@given(after_the_point())
@settings(max_examples=40)
def test_everybody_on_a_final_list_is_delivered_or_owed_or_declined_or_dead(state: State) -> None:
    debts = reconciliation.debts(state)
    for side in SIDES:
        for line in people(side):
            code = state.handover.outcomes[line].code
            assert (line in debts) == (code not in DELIVERED and code not in reconciliation.NO_LONGER_OWED)
            assert line not in debts or debts[line].giving == side


# --- corrections -----------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=40)
def test_a_correction_takes_effect_with_the_second_side_whichever_comes_second(data: st.DataObject) -> None:
    start = data.draw(after_the_point(batches=(1,)))
    line = data.draw(st.sampled_from(sorted(people(NORTH, 1))))
    now = start.handover.outcomes[line]
    outcome = data.draw(st.sampled_from([code for code in OUTCOME_CODES if code != now.code]))
    deed = acts.Correct(supersedes=now.said_by, lines=Lines.of(line), outcome=outcome, reason="late_evidence")
    ends = []
    for first, second in ((NORTH, SOUTH), (SOUTH, NORTH)):
        claimed = do(do(start, first, deed), NEUTRAL, deed)
        assert claimed.handover.outcomes == start.handover.outcomes
        corrected = do(claimed, second, deed)
        assert corrected.handover.tallies == start.handover.tallies
        assert corrected.reconciliation.corrections[:2] == claimed.reconciliation.corrections
        ends.append({one: (each.code, each.batch) for one, each in corrected.handover.outcomes.items()})
    assert ends[0] == ends[1]
    assert ends[0][line] == (outcome, 1)
    assert all(ends[0][one] == (each.code, each.batch) for one, each in start.handover.outcomes.items() if one != line)


# --- numbers ---------------------------------------------------------------------------------------------------------


@given(after_the_point(), st.sampled_from(SIDES), st.sampled_from(acts.COUNT_POINTS), st.sampled_from([0, 1, 2]))
@settings(max_examples=60)
def test_inside_and_outside_are_both_and_the_batches_are_the_whole(
    state: State, side: ParticipantName, point: str, batch: int
) -> None:
    def counted(scope: str, batch: int) -> int | None:
        figure = Figure(unit="person", side=side, scope=scope, count_point=point, batch=batch, value=0)
        return figures.supported(state, figure)

    inside, outside, both = (counted(scope, batch) for scope in acts.SCOPES)
    if inside is not None and outside is not None:
        assert both == inside + outside
    parts = [counted("both", number) for number in (1, 2)]
    if point in {"final", "handed_over", "confirmed"}:
        assert counted("both", 0) == sum(part or 0 for part in parts)


@given(after_the_point())
@settings(max_examples=30)
def test_every_number_proposed_by_the_desk_is_one_the_law_takes_and_no_other_value_is(state: State) -> None:
    sheet = numbers.number_sheet(state)
    assert judge(state, said(state, NEUTRAL, acts.ProposeNumberSheet(figures=sheet))) is None
    for figure in sheet[:6]:
        wrong = replace(figure, value=figure.value + 1)
        refusal = judge(state, said(state, NEUTRAL, acts.ProposeNumberSheet(figures=(wrong,))))
        assert refusal is not None
        assert refusal.code == "publication.figure_not_supported"


@given(st.data())
@settings(max_examples=30)
def test_no_communique_is_published_while_a_family_it_counts_has_not_been_told(data: st.DataObject) -> None:
    state = data.draw(after_the_point(batches=(1,)))
    figure = Figure(unit="person", side=NORTH, scope="both", count_point="handed_over", batch=1, value=0)
    sheet = acts.ProposeNumberSheet(figures=(replace(figure, value=numbers.supported(state, figure) or 0),))
    state = do(state, NEUTRAL, sheet)
    (sheet_id,) = state.publication.sheets
    for side in SIDES:
        state = do(state, side, acts.AgreeNumberSheet(sheet=sheet_id))
    came = [line for line in people(NORTH, 1) if state.handover.outcomes[line].code in DELIVERED]
    doubted = data.draw(st.sets(st.sampled_from(came))) if came else set()
    told = set(came) - doubted - (data.draw(st.sets(st.sampled_from(came))) if came else set())
    if came:
        confirmed = Lines.among(set(came) - doubted)
        state = do(state, SOUTH, acts.ConfirmIdentity(confirmed=confirmed, not_confirmed=Lines.among(doubted)))
    if told:
        state = do(state, SOUTH, acts.NotifyFamily(lines=Lines.among(told)))
    built = communique(state, sheet_id, status="agreed")
    if told | doubted == set(came):
        assert isinstance(built, Communique)
        assert judge(state, said(state, NEUTRAL, built.deed())) is None
    else:
        assert isinstance(built, Refusal)
        assert built.code == "publication.family_first"


# --- any act, and any state ------------------------------------------------------------------------------------------

KINDS = (
    acts.ProposeJointRecord, acts.SignJointRecord, acts.CarryDebtsOver, acts.Correct, acts.ProposeNumberSheet,
    acts.AgreeNumberSheet, acts.SetEmbargo, acts.PublishCommunique, acts.RecordPublicStatement, acts.NotifyFamily,
)  # fmt: skip
"""What may come after the point."""


@given(st.data())
@settings(max_examples=80)
def test_the_law_answers_every_act_of_reckoning_and_telling(data: st.DataObject) -> None:
    state = data.draw(after_the_point(batches=(1,)))
    known = [
        *state.reconciliation.records, *state.publication.sheets, state.handover.outcomes[LineId("N1")].said_by,
        name_of("nothing"),
    ]  # fmt: skip
    words = [
        *acts.LOSS_CAUSES[:2], *acts.GAIN_CAUSES[:1], *acts.RESERVATIONS[:2], *acts.CORRECTION_REASONS[:2], *acts.UNITS,
        *acts.STATUS_WORDS, *acts.SCOPES, *acts.COUNT_POINTS, *acts.LANGUAGES, *SIDES, "c1",
    ]  # fmt: skip
    for _ in range(6):
        act = said(state, data.draw(WHO), data.draw(any_deed(state, KINDS, known, words)))
        refusal = judge(state, act)
        if refusal is None:
            assert fingerprint(apply(state, act)).digest
        else:
            assert all(isinstance(fact, str | int) for fact in refusal.facts.values())
        state = step(state, act)
    assert waits(state) == waits(state)
    assert brief(state, NORTH, languages=("en", "ar")).digest == brief(state, NORTH, languages=("en", "ar")).digest
    assert publication.status_reached(state) in acts.STATUS_WORDS


@given(after_the_point())
@settings(max_examples=20)
def test_signing_in_any_order_gives_the_same_joint_record(state: State) -> None:
    proposed = do(state, NEUTRAL, record_of(state, unexplained(state)))
    (record,) = proposed.reconciliation.records
    ends = []
    for order in ((NORTH, SOUTH, NEUTRAL), (NEUTRAL, SOUTH, NORTH)):
        signed = proposed
        for who in order:
            assert reconciliation.joint_record(signed) is None
            signed = do(signed, who, acts.SignJointRecord(record=record))
        ends.append(reconciliation.joint_record(signed))
    assert ends[0] == ends[1]
    assert ends[0] is not None


def test_no_figure_means_both_sides_at_once() -> None:
    for unit, point in product(acts.UNITS, acts.COUNT_POINTS):
        figure = Figure(unit=unit, side=ParticipantName(""), scope="both", count_point=point, batch=0, value=0)
        assert figures.supported(planned(), figure) is None
        assert figures.supported(planned(), replace(figure, side=NEUTRAL)) is None


def test_an_unknown_act_id_is_a_refusal_everywhere() -> None:
    state, nothing = planned(), ActId("f" * 64)
    for deed, code in (
        (acts.SignJointRecord(record=nothing), "reconciliation.unknown_record"),
        (acts.AgreeNumberSheet(sheet=nothing), "publication.unknown_sheet"),
        (acts.PublishCommunique(sheet=nothing, status="agreed", texts={}), "publication.unknown_sheet"),
    ):
        refusal = judge(state, said(state, NORTH, deed))
        assert refusal is not None
        assert refusal.code == code
