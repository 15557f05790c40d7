"""How the acts of any stage are said in a scenario: stopping, aborting, conditions, erasing, closing."""

from __future__ import annotations

from typing import Final

from parley import acts
from parley.acts import Deed
from parley.process import standing
from parley.process.state import State
from parley.scenario.grammar import Paper, Verb, Words
from parley.scenario.papers import usual_papers
from parley.words import ActId, ParticipantName

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there: what "the suspension" is where nobody suspended."""


def _suspend(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.Suspend(reason=words["reason"], until=words.get("until"))


def _resume(words: Words, state: State, who: ParticipantName) -> Deed:
    if "suspension" in words:
        return acts.Resume(suspension=words["suspension"])
    found = list(state.standing.suspensions.items())
    own = [key for key, one in found if one.by == who and standing.holds(state, one)]
    return acts.Resume(suspension=own[-1] if own else found[-1][0] if found else NOBODYS)


def _abort_batch(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.AbortBatch(batch=words["batch"], reason=words["reason"])


def _abort_exchange(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.AbortExchange(reason=words["reason"])


def _set_condition(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.SetCondition(
        condition=words["condition"],
        about=words["about"],
        custodian=words.get("custodian", ""),
        review=words["review"],
        notice=words.get("notice") == "duty",
    )


def _end_condition(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.LiftCondition(condition=words["condition"], how=words["how"])


def _erase(words: Words, state: State, who: ParticipantName) -> Deed:
    if "list" in words:
        return acts.Erase(list=words["list"], lines=words["lines"], ground=words["ground"])
    own = [one.id for one in state.lists.versions.values() if one.author == who]
    return acts.Erase(list=own[-1] if own else NOBODYS, lines=words["lines"], ground=words["ground"])


def _resealed(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Enclose the list again without these lines, unless the sentence says that it is left out."""
    return () if words.get("sealing") == "unsealed" else usual_papers(_erase(words, state, who), state, who)


def _confirm_erasure(words: Words, state: State, who: ParticipantName) -> Deed:
    if "erasure" in words:
        return acts.ConfirmErasure(erasure=words["erasure"])
    found = list(state.standing.erasures.items())
    fresh = [key for key, one in found if who not in one.confirmed_by]
    return acts.ConfirmErasure(erasure=fresh[-1] if fresh else found[-1][0] if found else NOBODYS)


def _close(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.Close(residual_until=words["residual_until"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "suspends the exchange because of {reason} [until {until:moment}]",
        _suspend,
        acts.Suspend,
        "south suspends the exchange because of security until 2025-05-24T08:00:00Z",
    ),
    Verb(
        "resumes the exchange [{suspension:label}]",
        _resume,
        acts.Resume,
        "south resumes the exchange",
    ),
    Verb(
        "aborts batch {batch:int} because of {reason}",
        _abort_batch,
        acts.AbortBatch,
        "north aborts batch 2 because of security",
    ),
    Verb(
        "aborts the exchange because of {reason}",
        _abort_exchange,
        acts.AbortExchange,
        "north aborts the exchange because of breach_of_terms",
    ),
    Verb(
        "sets the condition {condition} on {about:lines} [in the custody of {custodian}] , for review on {review:day} "
        "[with notice as a {notice:duty|courtesy}]",
        _set_condition,
        acts.SetCondition,
        "north sets the condition stay_abroad on N1-N2 in the custody of neutral, for review on 2025-12-31 "
        "with notice as a duty",
    ),
    Verb(
        "ends the condition {condition} as {how}",
        _end_condition,
        acts.LiftCondition,
        "south ends the condition stay_abroad as broken",
    ),
    Verb(
        "erases {lines:lines} [from the list {list:label}] because of {ground} [{sealing:unsealed|resealed}]",
        _erase,
        acts.Erase,
        "north erases N2 because of person_asked",
        _resealed,
    ),
    Verb(
        "confirms the erasure [{erasure:label}]",
        _confirm_erasure,
        acts.ConfirmErasure,
        "south confirms the erasure",
    ),
    Verb(
        "closes the case with the residual ledger open until {residual_until:day}",
        _close,
        acts.Close,
        "north, south and neutral close the case with the residual ledger open until 2026-12-31",
    ),
)
