"""Offers about the joint record, debts and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import NOBODYS, Offer, few, newest
from parley.process import lines, reconciliation
from parley.process.state import State
from parley.words import Lines, ParticipantName


def _propose_record(state: State, who: ParticipantName) -> Deed:
    """Offer what the record gives: each number as counted, each difference under its outcome code, else unexplained."""
    _ = who
    counts = reconciliation.outcome_counts(state)
    named = {party: reconciliation.agreed_number(state, party) for party in state.authority.parties}
    explained: list[acts.Explained] = []
    for party, by_code in counts.items():
        for code, count in by_code.items():
            if code not in acts.DELIVERED:
                explained.append(acts.Explained(party, code, count))
        rest = named[party] - sum(by_code.values())
        if rest:
            explained.append(acts.Explained(party, "unexplained" if rest > 0 else "added", rest))
    return acts.ProposeJointRecord(batches=(), agreed=named, counts=counts, explained=tuple(explained))


def _sign_record(state: State, who: ParticipantName) -> Deed:
    records = state.reconciliation.records.values()
    fresh = [one.id for one in records if who not in one.signed_by]
    return acts.SignJointRecord(record=newest(fresh or state.reconciliation.records))


def _carry_over(state: State, who: ParticipantName) -> Deed:
    owed = reconciliation.open_debts(state)
    mine = [line for line, debt in owed.items() if who in (debt.giving, lines.holder_of(state, line))] or list(owed)
    return acts.CarryDebtsOver(lines=few(mine, 0), to_batch=0)


def _correct(state: State, who: ParticipantName) -> Deed:
    """Offer to correct the last outcome that concerns one's own people."""
    for line, outcome in reversed(tuple(state.handover.outcomes.items())):
        known = state.lists.lines.get(line)
        if known is not None and who in (known.holder, known.receiver, state.authority.neutral):
            other = "NOT_PRESENTED" if outcome.code == "RECEIVED" else "RECEIVED"
            return acts.Correct(
                supersedes=outcome.said_by, lines=Lines.of(line), outcome=other, reason="entered_in_error"
            )
    return acts.Correct(supersedes=NOBODYS, lines=Lines(), outcome="RECEIVED", reason="entered_in_error")


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.ProposeJointRecord: _propose_record,
    acts.SignJointRecord: _sign_record,
    acts.CarryDebtsOver: _carry_over,
    acts.Correct: _correct,
}
