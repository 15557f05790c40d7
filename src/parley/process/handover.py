"""The law of handover."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_hand_in_book(state: State, act: Act, deed: acts.HandInBook) -> Refusal | None:
    raise NotImplementedError


def apply_hand_in_book(state: State, act: Act, deed: acts.HandInBook) -> State:
    raise NotImplementedError


def judge_agree_group(state: State, act: Act, deed: acts.AgreeGroup) -> Refusal | None:
    raise NotImplementedError


def apply_agree_group(state: State, act: Act, deed: acts.AgreeGroup) -> State:
    raise NotImplementedError


def judge_close_batch(state: State, act: Act, deed: acts.CloseBatch) -> Refusal | None:
    raise NotImplementedError


def apply_close_batch(state: State, act: Act, deed: acts.CloseBatch) -> State:
    raise NotImplementedError


def judge_confirm_identity(state: State, act: Act, deed: acts.ConfirmIdentity) -> Refusal | None:
    raise NotImplementedError


def apply_confirm_identity(state: State, act: Act, deed: acts.ConfirmIdentity) -> State:
    raise NotImplementedError


def judge_hand_over_effects(state: State, act: Act, deed: acts.HandOverEffects) -> Refusal | None:
    raise NotImplementedError


def apply_hand_over_effects(state: State, act: Act, deed: acts.HandOverEffects) -> State:
    raise NotImplementedError
