"""Offers about sessions, the agenda and positions, and about terms, dates and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.clauses import Category, Conditional, FixedNumbers, ResidualDuty
from parley.desk.offers.meant import LONG, LONGER, NO_FILE, NOBODYS, Offer, batch_meant, newest, other_party
from parley.process import agreed, batches, talks, terms
from parley.process.state import State
from parley.words import ParticipantName


def _open_session(state: State, who: ParticipantName) -> Deed:
    _ = who
    present = tuple(acts.Delegation(party, ("head of delegation",)) for party in state.authority.parties)
    return acts.OpenSession(place="…", host="…", form="direct", press="closed", delegations=present)


def _close_session(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.CloseSession(minutes=60)


def _raise_item(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.RaiseItem(item=f"item_{len(state.talks.items) + 1}", title="…")


def _open_items(state: State) -> list[str]:
    return [name for name in state.talks.items if not talks.settled(state, name)]


def _state_position(state: State, who: ParticipantName) -> Deed:
    _ = who
    items = _open_items(state) or list(state.talks.items)
    return acts.StatePosition(item=items[-1] if items else "item_1", position="asks")


def _answer_position(state: State, who: ParticipantName) -> Deed:
    for name in reversed(_open_items(state)):
        for author, position in state.talks.items[name].positions.items():
            if author != who and who not in position.answers:
                return acts.AnswerPosition(item=name, position=position.id, answer="consider")
    items = _open_items(state) or list(state.talks.items)
    return acts.AnswerPosition(item=items[-1] if items else "item_1", position=NOBODYS, answer="consider")


def _object_to_participant(state: State, who: ParticipantName) -> Deed:
    other = other_party(state, who)
    known = {(by, about, ground) for by, about, ground in state.talks.objections}
    ground = next((one for one in acts.DELEGATION_OBJECTIONS if (who, other, one) not in known), "level")
    return acts.ObjectToParticipant(participant=other, ground=ground)


def _propose_terms(state: State, who: ParticipantName) -> Deed:
    _ = who
    gives = dict.fromkeys(state.authority.parties, 1)
    clause = FixedNumbers(clause="c1", gives=gives)
    return acts.ProposeTerms(clauses=(clause,), unit="person", count_point="handed_over", languages=(), prevailing="")


def _agree_terms(state: State, who: ParticipantName) -> Deed:
    open_ones = terms.open_versions(state)
    fitting = [one.id for one in open_ones if who not in one.agreed_by] or [one.id for one in open_ones]
    return acts.AgreeTerms(terms=newest(fitting) if fitting else state.terms.in_force or NOBODYS)


def _withdraw_terms(state: State, who: ParticipantName) -> Deed:
    fitting = [one.id for one in terms.open_versions(state) if who in one.agreed_by]
    return acts.WithdrawTerms(terms=newest(fitting) if fitting else state.terms.in_force or NOBODYS)


def _amend_terms(state: State, who: ParticipantName) -> Deed:
    says = agreed.in_force(state)
    fresh = _propose_terms(state, who)
    assert isinstance(fresh, acts.ProposeTerms)
    clauses = (*says.clauses, ResidualDuty(clause="added")) if says is not None else fresh.clauses
    return acts.AmendTerms(terms=state.terms.in_force or NOBODYS, clauses=clauses)


def _propose_date(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who) if batches.numbers(state) else 0
    return acts.ProposeDateAndPlace(batch=batch, opens=LONG, closes=LONGER, place="…", answer_by=LONG)


def _answer_date(state: State, who: ParticipantName) -> Deed:
    proposed = state.terms.dates.values()
    fresh = [one.id for one in proposed if who not in (*one.accepted_by, *one.declined_by) and not one.superseded]
    return acts.AnswerDateAndPlace(proposal=newest(fresh or [one.id for one in proposed]), answer="accept")


def _establish(state: State, who: ParticipantName) -> Deed:
    _ = who
    waiting = [one for one in agreed.clauses(state, Conditional) if one.clause not in state.terms.facts]
    if not waiting:
        return acts.EstablishFact(clause="c1", branch="alive")
    return acts.EstablishFact(clause=waiting[0].clause, branch=waiting[0].branches[0].answer)


def _attest(state: State, who: ParticipantName) -> Deed:
    _ = who
    clause = next((one.clause for one in agreed.clauses(state, Category)), "c1")
    line = next((line for line, one in state.lists.lines.items() if not one.dropped), None)
    version = state.lists.versions.get(state.lists.lines[line].list) if line is not None else None
    root = version.commit if version is not None else NO_FILE
    return acts.AttestRow(line=line or "N1", clause=clause, root=root, finding="fits")


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.OpenSession: _open_session,
    acts.CloseSession: _close_session,
    acts.RaiseItem: _raise_item,
    acts.StatePosition: _state_position,
    acts.AnswerPosition: _answer_position,
    acts.ObjectToParticipant: _object_to_participant,
    acts.ProposeTerms: _propose_terms,
    acts.AgreeTerms: _agree_terms,
    acts.WithdrawTerms: _withdraw_terms,
    acts.AmendTerms: _amend_terms,
    acts.ProposeDateAndPlace: _propose_date,
    acts.AnswerDateAndPlace: _answer_date,
    acts.EstablishFact: _establish,
    acts.AttestRow: _attest,
}
