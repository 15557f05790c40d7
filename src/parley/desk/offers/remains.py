"""Offers about the dead: containers, laboratory results, splitting and joining."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import Offer, few, giving_side, next_line
from parley.process.state import State
from parley.words import LineId, Lines, ParticipantName, split_line


def _record_container(state: State, who: ParticipantName) -> Deed:
    giving = giving_side(state, who)
    return acts.RecordContainer(batch=0, containers=Lines.of(next_line(state, giving)), giving=giving, labelled={})


def _container(state: State, who: ParticipantName) -> LineId:
    """Return a container that this party received and that is still whole."""
    whole = [name for name, one in state.remains.items() if one.giving != who and not one.joined_into]
    whole = [name for name in whole if not state.remains[name].split_into.ranges]
    return next(iter(whole), LineId("N1"))


def _laboratory(state: State, who: ParticipantName) -> Deed:
    return acts.RecordLaboratoryResult(container=_container(state, who), finding="several_people")


def _split_container(state: State, who: ParticipantName) -> Deed:
    container = _container(state, who)
    letters, first = split_line(
        next_line(state, state.remains[container].giving if container in state.remains else who)
    )
    return acts.SplitContainer(container=container, into=Lines.of(f"{letters}{first}-{letters}{first + 1}"))


def _join_containers(state: State, who: ParticipantName) -> Deed:
    mine = [name for name, one in state.remains.items() if one.giving != who and not one.joined_into]
    giving = state.remains[mine[0]].giving if mine else who
    return acts.JoinContainers(containers=few(mine, 2), into=next_line(state, giving))


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.RecordContainer: _record_container,
    acts.RecordLaboratoryResult: _laboratory,
    acts.SplitContainer: _split_container,
    acts.JoinContainers: _join_containers,
}
