"""The law of standing."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def standing_of(state: State) -> str:
    """Return how the case stands: running, suspended, aborted or closed."""
    if state.standing.closed_until is not None:
        return "closed"
    if state.standing.aborted:
        return "aborted"
    now = state.authority.clock
    for suspension in state.standing.suspensions.values():
        if not suspension.lifted and (suspension.until is None or now < suspension.until):
            return "suspended"
    return "running"


def judge_suspend(state: State, act: Act, deed: acts.Suspend) -> Refusal | None:
    raise NotImplementedError


def apply_suspend(state: State, act: Act, deed: acts.Suspend) -> State:
    raise NotImplementedError


def judge_resume(state: State, act: Act, deed: acts.Resume) -> Refusal | None:
    raise NotImplementedError


def apply_resume(state: State, act: Act, deed: acts.Resume) -> State:
    raise NotImplementedError


def judge_abort_batch(state: State, act: Act, deed: acts.AbortBatch) -> Refusal | None:
    raise NotImplementedError


def apply_abort_batch(state: State, act: Act, deed: acts.AbortBatch) -> State:
    raise NotImplementedError


def judge_abort_exchange(state: State, act: Act, deed: acts.AbortExchange) -> Refusal | None:
    raise NotImplementedError


def apply_abort_exchange(state: State, act: Act, deed: acts.AbortExchange) -> State:
    raise NotImplementedError


def judge_set_condition(state: State, act: Act, deed: acts.SetCondition) -> Refusal | None:
    raise NotImplementedError


def apply_set_condition(state: State, act: Act, deed: acts.SetCondition) -> State:
    raise NotImplementedError


def judge_lift_condition(state: State, act: Act, deed: acts.LiftCondition) -> Refusal | None:
    raise NotImplementedError


def apply_lift_condition(state: State, act: Act, deed: acts.LiftCondition) -> State:
    raise NotImplementedError


def judge_erase(state: State, act: Act, deed: acts.Erase) -> Refusal | None:
    raise NotImplementedError


def apply_erase(state: State, act: Act, deed: acts.Erase) -> State:
    raise NotImplementedError


def judge_confirm_erasure(state: State, act: Act, deed: acts.ConfirmErasure) -> Refusal | None:
    raise NotImplementedError


def apply_confirm_erasure(state: State, act: Act, deed: acts.ConfirmErasure) -> State:
    raise NotImplementedError


def judge_close(state: State, act: Act, deed: acts.Close) -> Refusal | None:
    raise NotImplementedError


def apply_close(state: State, act: Act, deed: acts.Close) -> State:
    raise NotImplementedError
