"""To whom the papers that travel with an act are sealed, where nobody says otherwise.

The law says who may not read a paper and whose copy must not be missing; this is the shortest list of rooms that fits it.
One's own room is added where the law allows, so that a desk can read again what it sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from parley import acts
from parley.acts import Deed
from parley.process.state import State
from parley.words import LineId, Lines, ParticipantName

Rooms = tuple[str, ...]


def rooms_for(state: State, who: ParticipantName, deed: Deed) -> Rooms:
    """Return the rooms to which the papers of this deed are sealed; empty where nothing travels with it."""
    chosen = _ROOMS.get(type(deed))
    return chosen(state, who, deed) if chosen is not None and state.authority.participants else ()


def _papers(names: Iterable[str]) -> Rooms:
    return tuple(sorted(f"{name}/papers" for name in set(names)))


def _lists(names: Iterable[str]) -> Rooms:
    return tuple(sorted(f"{name}/lists" for name in set(names)))


def _all_parties(state: State, who: ParticipantName, deed: Any) -> Rooms:  # noqa: ANN401, ARG001
    return _papers(state.authority.parties)


def _everybody(state: State, who: ParticipantName, deed: Any) -> Rooms:  # noqa: ANN401, ARG001
    return _papers((*state.authority.parties, state.authority.neutral))


def _neutral(state: State, who: ParticipantName, deed: Any) -> Rooms:  # noqa: ANN401, ARG001
    return _papers((state.authority.neutral,))


def _to_readers_of_list(state: State, who: ParticipantName, deed: acts.HandInList) -> Rooms:  # noqa: ARG001
    return _lists((deed.counterpart, state.authority.neutral))


def _to_readers_of_erased(state: State, who: ParticipantName, deed: acts.Erase) -> Rooms:  # noqa: ARG001
    version = state.lists.versions.get(deed.list)
    readers = (version.counterpart,) if version is not None else ()
    return _lists((*readers, state.authority.neutral))


def _to_sides_of_lines(state: State, who: ParticipantName, deed: Any) -> Rooms:  # noqa: ANN401
    """Seal to holder and receiver of the lines named, and to the asker."""
    lines: Lines = deed.lines
    known = [state.lists.lines[LineId(line)] for line in lines if line in state.lists.lines]
    return _papers({who, *(one.holder for one in known), *(one.receiver for one in known)})


def _to_authors(state: State, who: ParticipantName, deed: acts.ReplyToLines) -> Rooms:
    lines = [line for reply in deed.replies for line in reply.lines if line in state.lists.lines]
    return _papers({who, *(state.lists.lines[line].author for line in lines)})


_ROOMS: Final[Mapping[type[Deed], Callable[[State, ParticipantName, Any], Rooms]]] = {
    acts.StatePosition: _all_parties,
    acts.ProposeTerms: _all_parties,
    acts.AmendTerms: _all_parties,
    acts.HandInList: _to_readers_of_list,
    acts.ReplyToLines: _to_authors,
    acts.ObjectToLines: _to_sides_of_lines,
    acts.RecordInterview: _neutral,
    acts.CertifyMedically: _neutral,
    acts.ClearLegally: _neutral,
    acts.AskIdentityQuestion: _to_sides_of_lines,
    acts.AnswerIdentityQuestion: _neutral,
    acts.NotifyRoute: _everybody,
    acts.SignJointRecord: _everybody,
    acts.Erase: _to_readers_of_erased,
}
