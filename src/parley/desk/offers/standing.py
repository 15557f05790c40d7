"""Offers for any stage: suspending, aborting, conditions, erasures, closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import FAR, NOBODYS, Offer, batch_meant, few, newest, today_or_first
from parley.process import standing
from parley.process.state import State
from parley.words import Lines, ParticipantName


def _suspend(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.Suspend(reason="no_reason_given")


def _resume(state: State, who: ParticipantName) -> Deed:
    suspensions = state.standing.suspensions
    mine = [key for key, one in suspensions.items() if one.by == who and standing.holds(state, one)]
    return acts.Resume(suspension=newest(mine or suspensions))


def _abort_batch(state: State, who: ParticipantName) -> Deed:
    return acts.AbortBatch(batch=batch_meant(state, who), reason="no_reason_given")


def _abort_exchange(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.AbortExchange(reason="no_reason_given")


def _set_condition(state: State, who: ParticipantName) -> Deed:
    _ = who
    name = f"condition_{len(state.standing.conditions) + 1}"
    return acts.SetCondition(condition=name, about=Lines(), custodian="", review=today_or_first(state), notice=False)


def _lift_condition(state: State, who: ParticipantName) -> Deed:
    holding = [name for name, one in state.standing.conditions.items() if not one.ended]
    mine = [name for name in holding if state.standing.conditions[name].by == who]
    return acts.LiftCondition(condition=(mine or holding or ["condition_1"])[-1], how="lifted" if mine else "broken")


def _erase(state: State, who: ParticipantName) -> Deed:
    mine = [one for one in state.lists.versions.values() if one.author == who]
    gone = {line for one in state.standing.erasures.values() for line in one.lines}
    meant = mine[-1] if mine else None
    left = [line for line in meant.lines if line not in gone] if meant is not None else []
    return acts.Erase(list=meant.id if meant else NOBODYS, lines=few(left), ground="entered_in_error")


def _confirm_erasure(state: State, who: ParticipantName) -> Deed:
    erasures = state.standing.erasures
    fresh = [key for key, one in erasures.items() if who in standing.unconfirmed(state, one)]
    return acts.ConfirmErasure(erasure=newest(fresh or erasures))


def _close(state: State, who: ParticipantName) -> Deed:
    stated = [day for name, day in state.standing.closing.items() if name != who]
    return acts.Close(residual_until=stated[-1] if stated else FAR)


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.Suspend: _suspend,
    acts.Resume: _resume,
    acts.AbortBatch: _abort_batch,
    acts.AbortExchange: _abort_exchange,
    acts.SetCondition: _set_condition,
    acts.LiftCondition: _lift_condition,
    acts.Erase: _erase,
    acts.ConfirmErasure: _confirm_erasure,
    acts.Close: _close,
}
