"""Offers about interviews, papers, readiness, identity questions and matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import FAR, Offer, few, newest, today_or_first
from parley.process import lines, lists
from parley.process.state import State
from parley.words import Lines, ParticipantName


def _to_see(state: State, who: ParticipantName) -> Lines:
    """Return people whose papers somebody may want to enter: those the speaker holds, or anybody for the neutral."""
    mine = who in state.authority.parties
    people = [
        lines.person_of(state, line)
        for line, one in state.lists.lines.items()
        if not one.dropped and (not mine or one.holder == who)
    ]
    seen = state.verification.interviewed
    fresh = [line for line in people if line not in seen]
    return few(fresh or people)


def _interview(state: State, who: ParticipantName) -> Deed:
    return acts.RecordInterview(lines=_to_see(state, who), day=today_or_first(state), alone=True, language="en")


def _certify(state: State, who: ParticipantName) -> Deed:
    return acts.CertifyMedically(lines=_to_see(state, who), day=today_or_first(state), valid_until=FAR)


def _clear(state: State, who: ParticipantName) -> Deed:
    return acts.ClearLegally(lines=_to_see(state, who), day=today_or_first(state), valid_until=FAR)


def _declare(state: State, who: ParticipantName) -> Deed:
    _ = who
    seen = [line for line in state.verification.interviewed if not lines.declared_ready(state, line)]
    return acts.DeclareReadiness(
        ready=few(seen or state.verification.interviewed or _to_see(state, who), 0), not_ready=Lines(), valid_until=FAR
    )


def _ask_question(state: State, who: ParticipantName) -> Deed:
    due = lists.questions_due(state, state.lists.lines)
    return acts.AskIdentityQuestion(lines=few(due or _to_see(state, who)))


def _answer_question(state: State, who: ParticipantName) -> Deed:
    waiting = [key for key, one in state.verification.questions.items() if one.answered is None]
    fresh = [key for key in waiting if state.verification.questions[key].asked_by != who]
    return acts.AnswerIdentityQuestion(question=newest(fresh or waiting or state.verification.questions), answered=True)


def _match(state: State, who: ParticipantName, *, of_others: bool) -> acts.Pair:
    """Return a pair proposed that this participant has not answered; else any request line with any offer line."""
    for match in state.verification.matches.values():
        if of_others and who not in (*match.accepted_by, *match.disputed_by):
            return match.pair
    free = {line: one for line, one in state.lists.lines.items() if not one.joined and not one.dropped}
    offered = {(one.holder, one.receiver): line for line, one in free.items() if one.purpose == "offer"}
    tried = {one.pair for one in state.verification.matches.values()}
    for line, one in free.items():
        other = offered.get((one.holder, one.receiver)) if one.purpose == "request" else None
        if other is not None and (of_others or acts.Pair(line, other) not in tried):
            return acts.Pair(line, other)
    return acts.Pair("N1", "S1")


def _propose_match(state: State, who: ParticipantName) -> Deed:
    return acts.ProposeMatch(pairs=(_match(state, who, of_others=False),), grade="doubtful")


def _accept_match(state: State, who: ParticipantName) -> Deed:
    return acts.AcceptMatch(pairs=(_match(state, who, of_others=True),))


def _dispute_match(state: State, who: ParticipantName) -> Deed:
    return acts.DisputeMatch(pairs=(_match(state, who, of_others=True),), ground="no_reason_given")


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.RecordInterview: _interview,
    acts.CertifyMedically: _certify,
    acts.ClearLegally: _clear,
    acts.DeclareReadiness: _declare,
    acts.AskIdentityQuestion: _ask_question,
    acts.AnswerIdentityQuestion: _answer_question,
    acts.ProposeMatch: _propose_match,
    acts.AcceptMatch: _accept_match,
    acts.DisputeMatch: _dispute_match,
}
