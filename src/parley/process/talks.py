"""How the two sides sit down and what is said there: sessions, items, positions and the answers to them.

Nothing said in talks binds anybody: what binds is terms. The record of talks is there so that later nobody says "we
were never asked" or "you had agreed". Sources: domain 5.1 (E0, E1), F23, F31; DESIGN 7.9. The law of talks:

1.  A session has a place, a host and a form (direct, in two rooms, through one who travels, by picture, in writing),
    and is open to the press, closed, or opened before the press and then closed. One session is open at a time.
1a. Each party has a delegation in it; other participants may have one. Members are named as their principals have
    made them public, or by their role. Who opens the session says who sat there; the others may object.
1b. A delegation may show its mandate. It must be that participant's own and in force at the opening; whether it was
    wide enough is judged act by act, not here.
1c. Either side or the neutral opens and closes; a session that one side alone could keep open would hold the other
    there.
2.  Items are raised in a session, each under an id of its own. The title is a topic, never a person.
3.  Positions are stated in a session: a party asks, offers, supports, opposes or reserves; the words travel sealed. A
    new position of the same party takes the place of its earlier one, and the answers to that fall: they were to
    other words.
4.  A position is answered by name, so no answer slips over to words that its author had not seen. Nobody answers its
    own.
4a. Answers are agree, decline, consider, reserve. "Will be considered" is an answer, and no agreement. An answer may
    be given after the session (that is what considering is for) and changed until the item is settled.
5.  An item is settled when all other parties agree to one position. From then nothing more is stated or answered on
    it; who wants it otherwise raises a new item. A declined item is not settled.
5a. Settling an item brings no terms into force: terms need texts, numbers and signatures of their own.
6.  A delegation's level, mandate, composition or absence may be objected to, once per ground. The objection stands on
    the record and stops nothing: whether a signature is good follows from mandates alone (F31, "a decorative
    delegation").
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import DELEGATION_OBJECTIONS, POSITION_ANSWERS, POSITIONS, PRESS, SESSION_FORMS, Act
from parley.process.state import Item, Position, Session, State
from parley.words import Refusal, first_of, refuse

ITEM: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
MOST_TEXT: Final = 200
MOST_MEMBERS: Final = 100
MOST_MINUTES: Final = 10_000


def open_session(state: State) -> Session | None:
    """Return the session that is open, or nothing."""
    return next((one for one in state.talks.sessions if not one.closed), None)


def settled(state: State, item: str) -> bool:
    """Say whether all other parties have agreed to some party's position on an item (5)."""
    found = state.talks.items.get(item)
    if found is None:
        return False
    parties = set(state.authority.parties)
    return any(
        all(position.answers.get(other) == "agree" for other in parties - {party})
        for party, position in found.positions.items()
    )


def _judge_word(word: str, allowed: tuple[str, ...]) -> Refusal | None:
    return None if word in allowed else refuse("talks.unknown_word", word=word[:40], allowed=", ".join(allowed))


def _judge_text(field: str, text: str) -> Refusal | None:
    if text.strip() and len(text) <= MOST_TEXT:
        return None
    return refuse("talks.text_missing", field=field, most=MOST_TEXT)


def judge_open_session(state: State, act: Act, deed: acts.OpenSession) -> Refusal | None:
    """Say why the session cannot be opened so, or nothing (1, 1a)."""
    _ = act
    current = open_session(state)
    if current is not None:
        return refuse("talks.session_open", place=current.place)
    refusal = first_of(
        _judge_text("place", deed.place),
        _judge_text("host", deed.host),
        _judge_word(deed.form, SESSION_FORMS),
        _judge_word(deed.press, PRESS),
        *(_judge_delegation(state, delegation) for delegation in deed.delegations),
    )
    if refusal is not None:
        return refusal
    present = [delegation.participant for delegation in deed.delegations]
    for participant in present:
        if present.count(participant) > 1:
            return refuse("talks.delegation_twice", party=participant)
    for party in state.authority.parties:
        if party not in present:
            return refuse("talks.party_missing", party=party)
    return None


def _judge_delegation(state: State, delegation: acts.Delegation) -> Refusal | None:
    party = delegation.participant
    if party not in state.authority.participants:
        return refuse("talks.unknown_participant", party=party[:40])
    members = delegation.members
    if not members or len(members) > MOST_MEMBERS:
        return refuse("talks.nobody_sent", party=party, most=MOST_MEMBERS)
    if delegation.mandate is not None:
        mandate, now = state.authority.mandates.get(delegation.mandate), state.authority.clock
        theirs = mandate is not None and mandate.party == party and not mandate.revoked
        if mandate is None or not theirs or not mandate.not_before <= now < mandate.until:
            return refuse("talks.mandate_not_in_force", party=party)  # 1b
    return first_of(*(_judge_text("members", member) for member in members))


def apply_open_session(state: State, act: Act, deed: acts.OpenSession) -> State:
    """Open the session."""
    session = Session(
        id=act.id,
        place=deed.place,
        host=deed.host,
        form=deed.form,
        press=deed.press,
        delegations=deed.delegations,
        opened=act.position,
    )
    return replace(state, talks=replace(state.talks, sessions=(*state.talks.sessions, session)))


def judge_close_session(state: State, act: Act, deed: acts.CloseSession) -> Refusal | None:
    """Say why no session can be closed, or nothing (1c)."""
    _ = act
    if open_session(state) is None:
        return refuse("talks.no_open_session")
    if not 0 <= deed.minutes <= MOST_MINUTES:
        return refuse("talks.minutes_impossible", minutes=deed.minutes, most=MOST_MINUTES)
    return None


def apply_close_session(state: State, act: Act, deed: acts.CloseSession) -> State:
    """Close the open session."""
    sessions = tuple(
        one if one.closed else replace(one, closed=act.position, minutes=deed.minutes) for one in state.talks.sessions
    )
    return replace(state, talks=replace(state.talks, sessions=sessions))


def judge_raise_item(state: State, act: Act, deed: acts.RaiseItem) -> Refusal | None:
    """Say why the item cannot be raised, or nothing (2)."""
    _ = act
    if open_session(state) is None:
        return refuse("talks.no_open_session")
    if ITEM.match(deed.item) is None:
        return refuse("talks.item_unclear", item=deed.item[:40])
    if deed.item in state.talks.items:
        return refuse("talks.item_known", item=deed.item)
    return _judge_text("title", deed.title)


def apply_raise_item(state: State, act: Act, deed: acts.RaiseItem) -> State:
    """Put the item on the agenda."""
    return _with_item(state, deed.item, Item(title=deed.title, raised_by=act.party))


def _with_item(state: State, name: str, item: Item) -> State:
    return replace(state, talks=replace(state.talks, items={**state.talks.items, name: item}))


def _judge_item(state: State, item: str) -> Refusal | None:
    if item not in state.talks.items:
        return refuse("talks.unknown_item", item=item[:40])
    return refuse("talks.item_settled", item=item) if settled(state, item) else None  # 5


def judge_state_position(state: State, act: Act, deed: acts.StatePosition) -> Refusal | None:
    """Say why this position cannot be stated, or nothing (3)."""
    _ = act
    if open_session(state) is None:
        return refuse("talks.no_open_session")
    return first_of(_judge_item(state, deed.item), _judge_word(deed.position, POSITIONS))


def apply_state_position(state: State, act: Act, deed: acts.StatePosition) -> State:
    """Put the position in the place of the party's earlier one; answers to that fall (3)."""
    item = state.talks.items[deed.item]
    positions = {**item.positions, act.party: Position(id=act.id, says=deed.position)}
    return _with_item(state, deed.item, replace(item, positions=positions))


def judge_answer_position(state: State, act: Act, deed: acts.AnswerPosition) -> Refusal | None:
    """Say why this answer cannot be given, or nothing (4, 4a)."""
    refusal = first_of(_judge_item(state, deed.item), _judge_word(deed.answer, POSITION_ANSWERS))
    if refusal is not None:
        return refusal
    positions = state.talks.items[deed.item].positions
    author = next((party for party, position in positions.items() if position.id == deed.position), None)
    if author is None:
        return refuse("talks.no_such_position", item=deed.item)
    return refuse("talks.own_position", item=deed.item) if author == act.party else None


def apply_answer_position(state: State, act: Act, deed: acts.AnswerPosition) -> State:
    """Note the answer; a later answer takes the place of an earlier one (4a)."""
    item = state.talks.items[deed.item]
    positions = {
        party: replace(position, answers={**position.answers, act.party: deed.answer})
        if position.id == deed.position
        else position
        for party, position in item.positions.items()
    }
    return _with_item(state, deed.item, replace(item, positions=positions))


def judge_object_to_participant(state: State, act: Act, deed: acts.ObjectToParticipant) -> Refusal | None:
    """Say why this objection cannot be made, or nothing (6)."""
    if deed.participant not in state.authority.participants:
        return refuse("talks.unknown_participant", party=deed.participant[:40])
    if deed.participant == act.party:
        return refuse("talks.own_delegation")
    refusal = _judge_word(deed.ground, DELEGATION_OBJECTIONS)
    if refusal is None and (act.party, deed.participant, deed.ground) in state.talks.objections:
        return refuse("talks.objected_already", party=deed.participant, ground=deed.ground)
    return refusal


def apply_object_to_participant(state: State, act: Act, deed: acts.ObjectToParticipant) -> State:
    """Put the objection on the record; it stops nothing (6)."""
    objections = (*state.talks.objections, (act.party, deed.participant, deed.ground))
    return replace(state, talks=replace(state.talks, objections=objections))
