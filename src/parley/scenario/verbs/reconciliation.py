"""How the acts of reconciliation are said in a scenario: the joint record, debts carried over, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from parley.acts import CarryDebtsOver, Correct, Deed, Explained, ProposeJointRecord, SignJointRecord
from parley.process import lines, reconciliation
from parley.process.state import State
from parley.scenario.grammar import ScenarioBroken, Verb, Words, fit, parts_of
from parley.words import ActId, Lines, ParticipantName

Value = TypeVar("Value")

BATCHES: Final = "batches {numbers:rest}"
AGREED: Final = "agreed {numbers:counts}"
COUNTED: Final = "counted {side} {outcome} {count:int}"
LEFT_OUT: Final = "without {side}"
EXPLAINED: Final = "{side} {count:int} as {cause}"
"""The parts of a joint record; numbers that a sentence does not name are those of the record."""
MOST_COUNT: Final = 2**53


def last_of(found: Mapping[ActId, Value]) -> ActId:
    """Return the last act of its kind on record; the empty id where there is none, which the law refuses as unknown."""
    return next(reversed(tuple(found)), ActId(""))


def _propose(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    numbers: tuple[int, ...] = ()
    agreed: dict[ParticipantName, int] = {}
    counted: dict[tuple[ParticipantName, str], int] = {}
    explained: list[Explained] = []
    left_out: set[ParticipantName] = set()
    for part in parts_of(words.get("parts", "")):
        which, said = fit(part, BATCHES, AGREED, COUNTED, LEFT_OUT, EXPLAINED)
        if which == 0:
            numbers = tuple(_whole(one) for one in parts_of(said["numbers"].replace(" and ", ","), ","))
        elif which == 1:
            agreed |= said["numbers"]
        elif which == 2:
            counted[ParticipantName(said["side"]), said["outcome"]] = said["count"]
        elif which == 3:
            left_out.add(ParticipantName(said["side"]))
        else:
            explained.append(Explained(ParticipantName(said["side"]), said["cause"], said["count"]))
    sides = [side for side in state.authority.parties if side not in left_out]
    counts = {side: dict(reconciliation.outcome_counts(state, numbers)[side]) for side in sides}
    for (side, outcome), count in counted.items():
        counts.setdefault(side, {})[outcome] = count
    stated = {side: reconciliation.agreed_number(state, side, numbers) for side in sides}
    return ProposeJointRecord(batches=numbers, agreed=stated | agreed, counts=counts, explained=tuple(explained))


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ScenarioBroken("scenario.part_not_understood", text=text[:80], near=BATCHES) from None
    return max(-MOST_COUNT, min(number, MOST_COUNT))


def _sign(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    record = words.get("record", last_of(state.reconciliation.records))
    return SignJointRecord(record=record, reservation=words.get("reservation", ""))


def _carry(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return CarryDebtsOver(lines=words["lines"], to_batch=words.get("batch", reconciliation.LATER_EXCHANGE))


def _correct(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = who
    named: Lines = words["lines"]
    supersedes = words.get("statement", _statement_on(state, named))
    return Correct(supersedes=supersedes, lines=named, outcome=words["outcome"], reason=words["reason"])


def _statement_on(state: State, named: Lines) -> ActId:
    """Return the closing or correction that now holds for the first line named."""
    first = next(iter(named), None)
    outcome = None if first is None else state.handover.outcomes.get(lines.person_of(state, first))
    return ActId("") if outcome is None else outcome.corrected_by or outcome.said_by


VERBS: tuple[Verb, ...] = (
    Verb(
        "proposes the joint record [: {parts:rest}]",
        _propose,
        ProposeJointRecord,
        "neutral proposes the joint record: batches 1, 2; north 2 as NOT_PRESENTED; south 1 as unexplained",
    ),
    Verb(
        "signs the joint record [{record:label}] [under reservation of {reservation}]",
        _sign,
        SignJointRecord,
        "south signs the joint record under reservation of cause",
    ),
    Verb(
        "carries {lines:lines} over to batch {batch:int}",
        _carry,
        CarryDebtsOver,
        "north carries N3 over to batch 2",
    ),
    Verb(
        "puts {lines:lines} off to a later exchange",
        _carry,
        CarryDebtsOver,
        "south puts N3 off to a later exchange",
    ),
    Verb(
        "corrects {lines:lines} to {outcome} because of {reason} [superseding {statement:label}]",
        _correct,
        Correct,
        "north and south correct N3 to RECEIVED because of found_later",
    ),
)
