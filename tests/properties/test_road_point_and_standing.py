"""What holds whatever anybody does on the road, at the point and afterwards; and that the law answers every act."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley import acts
from parley.acts import DELIVERED, Deed
from parley.process import apply, handover, judge, movement, remains, standing, step
from parley.process.digest import fingerprint
from parley.process.state import State
from parley.words import Digest, Lines, Moment, ParticipantName, Refusal
from tests.properties.onward import (
    EVERYBODY,
    NEUTRAL,
    NORTH,
    SOUTH,
    any_deed,
    book,
    closing,
    name_of,
    next_step,
    people,
    planned,
    said,
)

WHO = st.sampled_from(EVERYBODY)


def walk(data: st.DataObject, steps: int, wild: int = 10, start: State | None = None) -> list[tuple[State, State]]:
    """Play sensible steps with wild ones between them; return each state with the one before it."""
    state, seen = start or planned(), []
    for _ in range(steps):
        if data.draw(st.integers(0, 99)) < wild:
            who, deed = data.draw(WHO), data.draw(any_deed(state))
        else:
            who, deed = data.draw(next_step(state))
        after = step(state, said(state, who, deed, sealed=True))
        seen.append((state, after))
        state = after
    return seen


@given(st.data())
@settings(max_examples=60)
def test_the_law_answers_every_act_with_a_refusal_or_a_state(data: st.DataObject) -> None:
    for _, state in walk(data, 12, wild=30):
        act = said(state, data.draw(WHO), data.draw(any_deed(state)), sealed=data.draw(st.booleans()))
        refusal = judge(state, act)
        if refusal is None:
            assert fingerprint(apply(state, act)).digest
        else:
            assert isinstance(refusal, Refusal)
            assert all(isinstance(fact, str | int) for fact in refusal.facts.values())


@given(st.data())
@settings(max_examples=40)
def test_a_refused_act_changes_nothing_but_the_list_of_void_acts(data: st.DataObject) -> None:
    for before, after in walk(data, 30, wild=50):
        if len(after.void) > len(before.void):
            unchanged = replace(after, void=before.void, count=before.count, authority=before.authority)
            assert unchanged == before


@given(st.data())
@settings(max_examples=40)
def test_what_is_finished_survives_suspensions_aborts_and_whatever_comes_after(data: st.DataObject) -> None:
    for before, after in walk(data, 40, start=arrived()):
        for batch in before.handover.closings:
            assert after.handover.closings[batch] == before.handover.closings[batch]
            assert after.handover.tallies[batch] == before.handover.tallies[batch]
        for line, outcome in before.handover.outcomes.items():
            if outcome.code in DELIVERED:
                assert after.handover.outcomes[line] == outcome
        assert before.remains.keys() <= after.remains.keys()


@given(st.data())
@settings(max_examples=40)
def test_no_convoy_departs_whose_route_anybody_has_not_acknowledged(data: st.DataObject) -> None:
    for before, after in walk(data, 40):
        for key, convoy in after.movement.convoys.items():
            if convoy.departed is not None and before.movement.convoys.get(key) is None:
                batch, _, party = key.partition("/")
                route = movement.route_of(before, int(batch), ParticipantName(party))
                assert route is not None
                assert not movement.unacknowledged(before, route)


@given(st.data())
@settings(max_examples=40)
def test_no_side_is_ever_further_ahead_at_the_point_than_agreed(data: st.DataObject) -> None:
    for _, after in walk(data, 30, start=arrived()):
        for batch in (1, 2):
            if not handover.closed(after, batch):
                assert max(handover.lead(after, batch).values()) <= handover.MOST_AHEAD


@given(st.data())
@settings(max_examples=40)
def test_a_batch_closes_over_three_books_and_a_refusal_counts_only_as_the_neutral_saw_it(data: st.DataObject) -> None:
    for before, after in walk(data, 30, wild=3, start=arrived()):
        for batch in after.handover.closings.keys() - before.handover.closings.keys():
            books = handover.books_of(before, batch)
            assert set(books) == {NORTH, SOUTH, NEUTRAL}
            tally = after.handover.tallies[batch]
            assert {line for lines in tally.values() for line in lines} >= set(people(NORTH, batch))
            declined = set(tally.get("DECLINED_AT_POINT", ()))
            assert declined <= set(books[NEUTRAL].outcomes.get("DECLINED_AT_POINT", ()))


def arrived() -> State:
    state = planned()
    for party, other in ((NORTH, SOUTH), (SOUTH, NORTH)):
        state = told(
            state, party, acts.NotifyRoute(batch=1, means="road", vehicles=1, abort_at=Moment("2025-05-23T18:00:00Z"))
        )
        for who in (other, NEUTRAL):
            notice = movement.route_of(state, 1, party)
            assert notice is not None
            state = told(state, who, acts.AcknowledgeRoute(notice=notice.id))
        state = told(state, party, acts.IssueManifest(batch=1, vehicle="bus-1", lines=people(party, 1)))
        state = told(state, party, acts.Embark(batch=1, vehicle="bus-1", boarded=people(party, 1), missing={}))
        state = told(state, party, acts.Depart(batch=1, count=12))
        state = told(state, party, acts.Arrive(batch=1, count=12))
    return state


def told(state: State, who: ParticipantName, deed: Deed) -> State:
    act = said(state, who, deed, sealed=True)
    refusal = judge(state, act)
    assert refusal is None, refusal
    return step(state, act)


@given(st.data())
@settings(max_examples=25)
def test_books_in_any_order_and_closings_in_any_order_settle_the_same(data: st.DataObject) -> None:
    base = arrived()
    books = [(who, data.draw(book(1))) for who in (*EVERYBODY, data.draw(WHO))]
    orders = data.draw(st.lists(st.permutations(range(4)), min_size=2, max_size=3))
    results = []
    for order in orders:
        state = base
        for place in order:
            state = told(state, *books[place])
        results.append(state)
    assert all(one.handover.books == results[0].handover.books for one in results)
    deed = data.draw(closing(results[0], 1))
    if judge(results[0], said(results[0], NORTH, deed)) is not None:
        return
    tallies = []
    for state, signers in zip(results, permutations(EVERYBODY), strict=False):
        for who in signers:
            state = told(state, who, deed)  # noqa: PLW2901 - the state moves on
        tallies.append((state.handover.tallies, {line: one.code for line, one in state.handover.outcomes.items()}))
    assert all(one == tallies[0] for one in tallies)


@pytest.mark.parametrize("first", EVERYBODY)
def test_a_closing_is_in_force_only_with_the_last_of_three_signatures(first: ParticipantName) -> None:
    state = arrived()
    for who in EVERYBODY:
        outcomes = {"RECEIVED": Lines.of("N1-N12", "S1-S12")}
        state = told(state, who, acts.HandInBook(batch=1, book=Digest("d" * 64), outcomes=outcomes))
    rest = [who for who in EVERYBODY if who != first]
    for who in (first, rest[0]):
        state = told(state, who, acts.CloseBatch(batch=1))
        assert not handover.closed(state, 1)
        assert not state.handover.outcomes
    state = told(state, rest[1], acts.CloseBatch(batch=1))
    assert handover.closed(state, 1)
    assert {one.code for one in state.handover.outcomes.values()} == {"RECEIVED"}


@given(st.data())
@settings(max_examples=40)
def test_every_container_stays_on_record_and_points_to_what_became_of_it(data: st.DataObject) -> None:
    state = told(
        planned(), SOUTH, acts.RecordContainer(batch=0, containers=Lines.of("N901-N906"), giving=NORTH, labelled={})
    )
    counted = remains.containers(state, NORTH)
    for place in range(8):
        whole = [name for name, one in state.remains.items() if not one.split_into.ranges and not one.joined_into]
        fresh = f"N{950 + 10 * place}"
        deed: Deed = data.draw(
            st.sampled_from(
                [
                    acts.SplitContainer(container=whole[0], into=Lines.of(fresh, f"{fresh[:-1]}1")),
                    acts.JoinContainers(containers=Lines.among(whole[:2]), into=fresh),
                    acts.RecordLaboratoryResult(container=whole[-1], finding="another_person", line="S3"),
                    acts.RecordLaboratoryResult(container=whole[-1], finding="not_human"),
                ]
            )
        )
        before = state
        state = step(state, said(state, SOUTH, deed))
        assert before.remains.keys() <= state.remains.keys()
        assert remains.containers(state, NORTH) == counted
        for one in state.remains.values():
            assert all(part in state.remains for part in one.split_into)
            assert not one.joined_into or one.joined_into in state.remains
        for name, earlier in before.remains.items():
            assert state.remains[name].findings[: len(earlier.findings)] == earlier.findings


@given(st.data())
@settings(max_examples=25)
def test_a_suspension_undoes_nothing_and_lets_go_by_itself_at_its_hour(data: st.DataObject) -> None:
    state = walk(data, 25)[-1][1]
    if standing.standing_of(state) != "running":
        return
    until = Moment("2025-05-23T09:00:00Z")
    suspended = told(state, SOUTH, acts.Suspend(reason="security", until=until))
    assert standing.standing_of(suspended) == "suspended"
    for section in ("movement", "handover", "remains", "lists", "batches", "terms"):
        assert getattr(suspended, section) == getattr(state, section)
    later = replace(suspended, authority=replace(suspended.authority, clock=until))
    assert standing.standing_of(later) == "running"


def test_an_unknown_act_named_by_id_is_refused_and_not_looked_for() -> None:
    state, nothing = planned(), name_of("nothing")
    for deed, code in (
        (acts.AcknowledgeRoute(notice=nothing), "movement.no_such_notice"),
        (acts.Resume(suspension=nothing), "standing.no_such_suspension"),
        (acts.ConfirmErasure(erasure=nothing), "standing.no_such_erasure"),
        (acts.Erase(list=nothing, lines=Lines.of("N1"), ground="person_asked"), "standing.no_such_list"),
    ):
        if standing.standing_of(state) == "running" or deed.kind != "resume":
            refusal = judge(state, said(state, NORTH, deed))
            assert refusal is not None
            assert refusal.code == code
