"""How the acts of the stage `talks` are said in a scenario."""

from __future__ import annotations

from parley import acts
from parley.acts import Deed, Delegation
from parley.process.state import State
from parley.scenario.grammar import Verb, Words
from parley.words import ActId, ParticipantName

SENT = ("head of delegation",)
"""Who sits in a delegation of which a scenario says no more."""


def _open(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    present = words.get("present", state.authority.parties)
    delegations = tuple(
        Delegation(
            participant=party,
            members=() if words.get("empty") == party else SENT,
            mandate=words.get("mandate") if words.get("bearer") == party else None,
        )
        for party in present
    )
    return acts.OpenSession(
        place=words["place"],
        host=words["host"],
        form=words.get("form", "direct"),
        press=words.get("press", "closed"),
        delegations=delegations,
    )


def _close(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.CloseSession(minutes=words.get("minutes", 60))


def _raise(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.RaiseItem(item=words["item"], title=words["title"])


def _state(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.StatePosition(item=words["item"], position=words["position"])


def _answer(words: Words, state: State, who: ParticipantName) -> Deed:
    """Answer the position named, else that of the side named, else that of another side; nobody's where none is."""
    if "named" in words:
        return acts.AnswerPosition(item=words["item"], position=words["named"], answer=words["answer"])
    item = state.talks.items.get(words["item"])
    positions = item.positions if item is not None else {}
    author = words.get("author") or next((party for party in positions if party != who), None)
    found = positions.get(ParticipantName(author)) if author is not None else None
    position = found.id if found is not None else ActId("0" * 64)
    return acts.AnswerPosition(item=words["item"], position=position, answer=words["answer"])


def _object(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.ObjectToParticipant(participant=ParticipantName(words["participant"]), ground=words["ground"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "opens a session at {place:text}, host {host:text} [, form {form}] [, press {press}] "
        "[, delegations of {present:names}] [, {empty} sends nobody] [, {bearer} shows mandate {mandate:label}]",
        _open,
        acts.OpenSession,
        'neutral opens a session at "the palace", host "the host\'s foreign minister", press open_then_closed',
    ),
    Verb("closes the session [after {minutes:int} minutes]", _close, acts.CloseSession, "neutral closes the session"),
    Verb("raises {item}: {title:text}", _raise, acts.RaiseItem, 'north raises cease-fire: "A general cease-fire"'),
    Verb("states on {item}: {position}", _state, acts.StatePosition, "north states on cease-fire: asks"),
    Verb("answers on {item}: {answer}", _answer, acts.AnswerPosition, "south answers on cease-fire: consider"),
    Verb(
        "answers {author} on {item}: {answer}",
        _answer,
        acts.AnswerPosition,
        "south answers north on cease-fire: decline",
    ),
    Verb(
        "answers {named:label} on {item}: {answer}",
        _answer,
        acts.AnswerPosition,
        "south answers [asked] on cease-fire: agree",
    ),
    Verb(
        "objects to the delegation of {participant}: {ground}",
        _object,
        acts.ObjectToParticipant,
        "south objects to the delegation of north: level",
    ),
)
