"""The law of talks."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_open_session(state: State, act: Act, deed: acts.OpenSession) -> Refusal | None:
    raise NotImplementedError


def apply_open_session(state: State, act: Act, deed: acts.OpenSession) -> State:
    raise NotImplementedError


def judge_close_session(state: State, act: Act, deed: acts.CloseSession) -> Refusal | None:
    raise NotImplementedError


def apply_close_session(state: State, act: Act, deed: acts.CloseSession) -> State:
    raise NotImplementedError


def judge_raise_item(state: State, act: Act, deed: acts.RaiseItem) -> Refusal | None:
    raise NotImplementedError


def apply_raise_item(state: State, act: Act, deed: acts.RaiseItem) -> State:
    raise NotImplementedError


def judge_state_position(state: State, act: Act, deed: acts.StatePosition) -> Refusal | None:
    raise NotImplementedError


def apply_state_position(state: State, act: Act, deed: acts.StatePosition) -> State:
    raise NotImplementedError


def judge_answer_position(state: State, act: Act, deed: acts.AnswerPosition) -> Refusal | None:
    raise NotImplementedError


def apply_answer_position(state: State, act: Act, deed: acts.AnswerPosition) -> State:
    raise NotImplementedError


def judge_object_to_participant(state: State, act: Act, deed: acts.ObjectToParticipant) -> Refusal | None:
    raise NotImplementedError


def apply_object_to_participant(state: State, act: Act, deed: acts.ObjectToParticipant) -> State:
    raise NotImplementedError
