"""What an officer most likely means here: the other side, the open batch, the newest proposal, the next free line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from parley.acts import Deed
from parley.process import batches, handover, lines, movement
from parley.process.state import State
from parley.words import ActId, Day, Digest, LineId, Lines, Moment, ParticipantName, split_line

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there: what "the proposal" is where there is none."""
NO_FILE: Final = Digest("0" * 64)
A_FILE: Final = Digest("f" * 64)
FAR: Final = Day("2100-01-01")
LONG: Final = Moment("2100-01-01T00:00:00Z")
LONGER: Final = Moment("2100-01-02T00:00:00Z")

Offer = Callable[[State, ParticipantName], Deed]


def other_party(state: State, who: ParticipantName) -> ParticipantName:
    """Return the other party, seen from this one."""
    return next((name for name in state.authority.parties if name != who), ParticipantName(""))


def giving_side(state: State, who: ParticipantName) -> ParticipantName:
    """Return the party whose people are meant: this one, or the first where a neutral asks."""
    return who if who in state.authority.parties else next(iter(state.authority.parties), who)


def newest(found: Iterable[ActId]) -> ActId:
    """Return the newest of some acts, or nobody's."""
    return next(reversed(tuple(found)), NOBODYS)


def today_or_first(state: State) -> Day:
    """Return the day by the neutral's clock."""
    return lines.today(state) or Day("2000-01-01")


def few(found: Iterable[str], most: int = 1) -> Lines:
    """Return the first few of some lines, by number."""
    chosen = sorted({LineId(one) for one in found}, key=split_line)
    return Lines.among(chosen[:most] if most else chosen)


def batch_meant(state: State, who: ParticipantName) -> int:
    """Return the batch that is most likely meant: the first that is neither closed nor done with."""
    open_ones = [one for one in batches.numbers(state) if movement.batch_status(state, one) in ("open", "frozen")]
    mine = [one for one in open_ones if who in (*movement.concerned(state, one), state.authority.neutral)]
    return next(iter(mine or open_ones or list(batches.numbers(state))), 1)


def planned_people(state: State, batch: int, who: ParticipantName) -> Lines:
    """Return whom this party gives in a batch."""
    planned = batches.plan(state, batch)
    return planned.gives.get(who, Lines()) if planned is not None else Lines()


def next_line(state: State, who: ParticipantName) -> str:
    """Return the first free line with this participant's letters."""
    mine = state.authority.participants.get(who)
    letters = mine.letters if mine is not None else "N"
    numbers = [split_line(line)[1] for line in (*state.lists.lines, *state.remains) if split_line(line)[0] == letters]
    return f"{letters}{max(numbers, default=0) + 1}"


def received_by(state: State, who: ParticipantName) -> list[LineId]:
    """Return the people whom this party received."""
    return [
        line
        for line in handover.received(state)
        if (known := state.lists.lines.get(line)) is not None and known.receiver == who
    ]
