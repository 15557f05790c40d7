"""Who waits on whom, for what, and since when: everything that stands open in the record and whose turn it is.

Computed from the state alone. "Since" is the neutral's time of the act that opened the matter; it is empty where the
neutral had entered no time by then. That somebody is waited for is a fact about the procedure and no reproach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parley.process import handover, lines, movement, reconciliation, standing, terms
from parley.process.state import State
from parley.words import Moment, ParticipantName


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Wait:
    """Something is waited for: since when, what it is (``terms``, ``reply`` …), of which batch (0: none), from whom."""

    since: Moment
    what: str
    on: ParticipantName
    batch: int = 0
    count: int = 0


def waits(state: State) -> tuple[Wait, ...]:
    """Return everything that is waited for, the oldest first; one entry for each participant and matter."""
    if not state.authority.participants:
        return ()
    found = (
        *_suspensions(state),
        *_terms(state),
        *_lists(state),
        *_final_lists(state),
        *_batches(state),
        *_movement(state),
        *_handover(state),
        *_afterwards(state),
    )
    return tuple(sorted(set(found)))


def _time(state: State, *keys: str) -> Moment:
    """Return the latest of the times at which these kinds of act last took effect; empty where none did."""
    return max((state.times.get(key, Moment("")) for key in keys), default=Moment(""))


def _missing(state: State, done: Iterable[ParticipantName]) -> tuple[ParticipantName, ...]:
    done = frozenset(done)
    return tuple(party for party in state.authority.parties if party not in done)


def _suspensions(state: State) -> Iterator[Wait]:
    for one in state.standing.suspensions.values():
        if standing.holds(state, one):
            yield Wait(on=one.by, what="resume", since=_time(state, f"suspend/{one.by}"))


def _terms(state: State) -> Iterator[Wait]:
    for version in terms.open_versions(state):
        kind = "propose_terms" if version.amends is None else "amend_terms"
        for party in _missing(state, version.agreed_by):
            yield Wait(on=party, what="terms", since=_time(state, f"{kind}/{version.proposed_by}"))
    for date in state.terms.dates.values():
        answered = (*date.accepted_by, *date.declined_by)
        if date.superseded or date.declined_by or state.authority.clock > date.says.answer_by:
            continue
        for party in _missing(state, answered):
            since = _time(state, f"propose_date_and_place/{date.proposed_by}/{date.says.batch}")
            yield Wait(on=party, what="date", since=since, batch=date.says.batch)


def _lists(state: State) -> Iterator[Wait]:
    for list_id in state.lists.latest.values():
        version = state.lists.versions[list_id]
        if version.counterpart not in version.acknowledged_by:
            yield Wait(on=version.counterpart, what="acknowledge", since=version.handed_in)
        if version.purpose != "request" or version.answered:
            continue
        open_lines = sum(1 for line in version.lines if not lines.reply_of(state, line))
        if open_lines:
            yield Wait(on=version.counterpart, what="reply", since=version.handed_in, count=open_lines)
    for one in state.lists.substitutions.values():
        if not one.answer:
            other = one.giving if one.asked_by == one.receiving else one.receiving
            yield Wait(on=other, what="substitution", since=_time(state, f"request_substitution/{one.asked_by}"))


def _final_lists(state: State) -> Iterator[Wait]:
    for final in state.lists.finals.values():
        if final.frozen is None and final.signed:
            since = min(_time(state, f"sign_final_list/{party}") for party in final.signed)
            for party in {final.giving, final.receiving} - final.signed.keys():
                yield Wait(on=party, what="final_list", since=since)


def _batches(state: State) -> Iterator[Wait]:
    for one in state.batches.compositions.values():
        if one.superseded:
            continue
        for party in _missing(state, one.agreed_by):
            yield Wait(on=party, what="batches", since=_time(state, f"compose_batches/{one.proposed_by}"))


def _movement(state: State) -> Iterator[Wait]:
    for route in state.movement.routes.values():
        if not route.replaced and movement.batch_status(state, route.says.batch) == "open":
            since = _time(state, f"notify_route/{route.by}/{route.says.batch}")
            for name in movement.unacknowledged(state, route):
                yield Wait(on=name, what="route", since=since, batch=route.says.batch)


def _handover(state: State) -> Iterator[Wait]:
    for batch in handover.unfinished(state):
        if not movement.started(state, batch):
            continue
        counters = handover.counters(state, batch)
        books = handover.books_of(state, batch)
        arrived = _time(state, *(f"arrive/{name}/{batch}" for name in counters))
        for name in counters:
            if name not in books:
                yield Wait(on=name, what="book", since=arrived, batch=batch)
        if len(books) == len(counters):
            counted = _time(state, *(f"hand_in_book/{name}/{batch}" for name in counters))
            for name in counters:
                if f"{batch}/{name}" not in state.handover.stated:
                    yield Wait(on=name, what="closing", since=counted, batch=batch)


def _afterwards(state: State) -> Iterator[Wait]:
    closed = _time(state, *(f"close_batch/{name}" for name in state.authority.participants))
    unconfirmed: dict[ParticipantName, int] = {}
    untold: dict[ParticipantName, int] = {}
    for line in handover.received(state):
        known = state.lists.lines.get(line)
        if known is None:
            continue
        identity = state.handover.identity.get(line)
        if identity is None:
            unconfirmed[known.receiver] = unconfirmed.get(known.receiver, 0) + 1
        elif identity and line not in state.publication.notified:
            untold[known.receiver] = untold.get(known.receiver, 0) + 1
    for party, count in unconfirmed.items():
        yield Wait(on=party, what="identity", since=closed, count=count)
    for party, count in untold.items():
        yield Wait(on=party, what="families", since=_time(state, f"confirm_identity/{party}"), count=count)
    yield from _papers(state)
    owed: dict[ParticipantName, int] = {}
    for debt in reconciliation.open_debts(state).values():
        owed[debt.giving] = owed.get(debt.giving, 0) + 1
    for party, count in owed.items():
        yield Wait(on=party, what="debts", since=closed, count=count)


def _papers(state: State) -> Iterator[Wait]:
    """Yield who has yet to sign the newest joint record, and to agree to the newest number sheet."""
    records = tuple(state.reconciliation.records.values())
    if records and reconciliation.joint_record(state, records[-1].says.batches) is None:
        since = _time(state, f"propose_joint_record/{records[-1].proposed_by}")
        for name in (*_missing(state, records[-1].signed_by), state.authority.neutral):
            if name not in records[-1].signed_by:
                yield Wait(on=name, what="joint_record", since=since)
    sheets = tuple(state.publication.sheets.values())
    if sheets:
        for party in _missing(state, sheets[-1].agreed_by):
            since = _time(state, f"propose_number_sheet/{sheets[-1].proposed_by}")
            yield Wait(on=party, what="number_sheet", since=since)
