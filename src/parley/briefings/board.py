"""The live board: both sides' people through every stage, by vehicle, with what is out of order and how old each fact is.

Every number is counted from the record; a *side* is the party that gives, and no number adds the sides up. How old a fact is
goes by the neutral's time of the last act that could change it; where no such act took effect the stage has not begun. The board
names no person, so it may hang on a wall of an office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parley.acts import DELIVERED, Figure
from parley.briefings import phrases
from parley.briefings.brief import next_time, side_numbers
from parley.briefings.waiting import waits
from parley.process import batches, figures, handover, lines, movement
from parley.process.standing import standing_of
from parley.process.state import State
from parley.words import Moment, ParticipantName

STAGES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("agreed", ("agree_terms", "amend_terms", "withdraw_terms")),
    ("listed", ("hand_in_list",)),
    ("verified", ("accept_match", "propose_match", "dispute_match")),
    ("final", ("sign_final_list", "answer_substitution")),
    ("ready", ("declare_readiness",)),
    ("cleared", ("clear_legally",)),
    ("planned", ("agree_batches",)),
    ("embarked", ("embark",)),
    ("departed", ("depart",)),
    ("arrived", ("arrive",)),
    ("crossed", ("agree_group",)),
    ("handed_over", ("hand_in_book", "close_batch", "correct")),
    ("confirmed", ("confirm_identity",)),
    ("families", ("notify_family",)),
)
"""Each stage with the kinds of act that can change its numbers."""
MOST_EXCEPTIONS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One row: each side's number, and the neutral's time of the last act that could change it (empty: none yet)."""

    name: str
    sides: Mapping[ParticipantName, int | None]
    since: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One vehicle of a batch: who is on its manifest, who boarded (None: nobody was called yet), where it is."""

    batch: int
    side: ParticipantName
    vehicle: str
    listed: int
    boarded: int | None
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrder:
    """Something out of order: an alarm, an incident, people not delivered by outcome, a side's suspension, void acts."""

    what: str
    side: str
    code: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the board at one place in the log."""

    acts: int
    clock: Moment
    practice: bool
    standing: str
    stages: tuple[Stage, ...]
    vehicles: tuple[Ride, ...]
    exceptions: tuple[OutOfOrder, ...]
    waits: int
    next: tuple[int, Moment, Moment, str] | None


def board(state: State) -> Board:
    """Return the board of a state; costs about ten counts over its lines for each side."""
    return Board(
        acts=state.count,
        clock=state.authority.clock,
        practice=state.authority.practice,
        standing=standing_of(state) if state.authority.participants else "",
        stages=stages(state),
        vehicles=vehicles(state),
        exceptions=exceptions(state),
        waits=len(waits(state)),
        next=next_time(state) if state.authority.participants else None,
    )


def stages(state: State) -> tuple[Stage, ...]:
    """Return every stage with each side's number."""
    numbers = {side: _numbers(state, side) for side in state.authority.parties}
    return tuple(
        Stage(name=name, sides={side: found[name] for side, found in numbers.items()}, since=_last(state, kinds))
        for name, kinds in STAGES
    )


def _last(state: State, kinds: Iterable[str]) -> Moment:
    wanted = tuple(f"{kind}/" for kind in kinds)
    return max((at for name, at in state.times.items() if f"{name}/".startswith(wanted)), default=Moment(""))


def _numbers(state: State, side: ParticipantName) -> Mapping[str, int | None]:
    inside = side_numbers(state, side)
    planned = {line for batch in batches.numbers(state) for line in batches.planned_set(state, batch, side)}
    crossed = {
        line
        for batch in batches.numbers(state)
        for line in handover.crossed(state, batch)
        if lines.holder_of(state, line) == side
    }
    told = sum(1 for line in state.publication.notified if lines.holder_of(state, line) == side)
    return {
        "agreed": inside["agreed"],
        "listed": _count(state, side, "listed"),
        "verified": inside["verified"],
        "final": inside["final"],
        "ready": inside["ready"],
        "cleared": inside["cleared"],
        "planned": len(planned),
        "embarked": _count(state, side, "embarked"),
        "departed": _count(state, side, "departed"),
        "arrived": _count(state, side, "arrived"),
        "crossed": len(crossed),
        "handed_over": _count(state, side, "handed_over"),
        "confirmed": _count(state, side, "confirmed"),
        "families": told,
    }


def _count(state: State, side: ParticipantName, point: str) -> int | None:
    figure = Figure(unit="person", side=side, scope="both", count_point=point, batch=0, value=0)
    return figures.supported(state, figure)


def vehicles(state: State) -> tuple[Ride, ...]:
    """Return every vehicle, in the order of batch, side and name."""
    found = [
        Ride(
            batch=one.batch,
            side=one.by,
            vehicle=one.name,
            listed=len(one.lines),
            boarded=None if one.boarded is None else len(one.boarded),
            where=_where(state, one.batch, one.by, boarded=one.boarded is not None),
        )
        for one in state.movement.vehicles.values()
    ]
    return tuple(sorted(found, key=lambda ride: (ride.batch, ride.side, ride.vehicle)))


def _where(state: State, batch: int, side: ParticipantName, *, boarded: bool) -> str:
    convoy = movement.convoy(state, batch, side)
    if handover.closed(state, batch):
        return "closed"
    if convoy.arrived is not None:
        return "arrived"
    if convoy.departed is not None:
        return "under_way"
    return "boarded" if boarded else "waiting"


def exceptions(state: State) -> tuple[OutOfOrder, ...]:
    """Return what is out of order: suspensions first, then incidents, losses, alarms and void acts."""
    found = [
        OutOfOrder(what="suspended", side=one.on, code="", count=1) for one in waits(state) if one.what == "resume"
    ]
    found += [
        OutOfOrder(what="incident", side=one.by, code=one.incident, count=len(one.lost))
        for one in state.movement.incidents
    ]
    lost: Counter[tuple[str, str]] = Counter()
    for line, outcome in handover.outcomes(state).items():
        if outcome.code not in DELIVERED:
            lost[lines.holder_of(state, line) or "", outcome.code] += 1
    found += [
        OutOfOrder(what="outcome", side=side, code=code, count=count) for (side, code), count in sorted(lost.items())
    ]
    alarms = Counter(one.code for one in state.alarms)
    found += [OutOfOrder(what="alarm", side="", code=code, count=count) for code, count in sorted(alarms.items())]
    void = Counter((one.party, one.code) for one in state.void.values())
    found += [
        OutOfOrder(what="void", side=side, code=code, count=count) for (side, code), count in sorted(void.items())
    ]
    return tuple(found[:MOST_EXCEPTIONS])


def in_words(found: Board, language: str) -> Mapping[str, Any]:
    """Return the board with its words in a language, as plain values: what a page shows and a stream sends."""
    shown = found.next
    return {
        "acts": found.acts,
        "clock": found.clock,
        "standing": found.standing,
        "waits": found.waits,
        "next": {"batch": shown[0], "opens": shown[1], "closes": shown[2], "place": shown[3]} if shown else None,
        "stages": [
            {
                "name": one.name,
                "title": phrases.phrase(f"board.stage.{one.name}", language),
                "sides": {side: _shown(value, language) for side, value in one.sides.items()},
                "since": one.since,
            }
            for one in found.stages
        ],
        "vehicles": [
            {
                "batch": one.batch,
                "side": one.side,
                "vehicle": one.vehicle,
                "listed": phrases.number(one.listed, language),
                "boarded": _shown(one.boarded, language),
                "where": phrases.phrase(f"board.where.{one.where}", language),
            }
            for one in found.vehicles
        ],
        "exceptions": [
            {
                "what": phrases.phrase(f"board.what.{one.what}", language),
                "side": one.side,
                "code": phrases.word(one.code, language),
                "count": phrases.number(one.count, language),
            }
            for one in found.exceptions
        ],
    }


def _shown(value: int | None, language: str) -> str:
    return "–" if value is None else phrases.number(value, language)
