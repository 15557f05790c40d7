"""The law of lists."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.lines import (
    NO_REPLY,
    frozen,
    frozen_set,
    giving_lines,
    held_back,
    holder_of,
    person_of,
    questions_due,
    reply_of,
    unanswered,
)
from parley.process.state import State
from parley.words import Refusal, refuse

__all__ = [
    "NO_REPLY",
    "frozen",
    "frozen_set",
    "giving_lines",
    "held_back",
    "holder_of",
    "person_of",
    "questions_due",
    "reply_of",
    "unanswered",
]


def judge_hand_in_list(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    raise NotImplementedError


def apply_hand_in_list(state: State, act: Act, deed: acts.HandInList) -> State:
    raise NotImplementedError


def judge_acknowledge_list(state: State, act: Act, deed: acts.AcknowledgeList) -> Refusal | None:
    raise NotImplementedError


def apply_acknowledge_list(state: State, act: Act, deed: acts.AcknowledgeList) -> State:
    raise NotImplementedError


def judge_reply_to_lines(state: State, act: Act, deed: acts.ReplyToLines) -> Refusal | None:
    raise NotImplementedError


def apply_reply_to_lines(state: State, act: Act, deed: acts.ReplyToLines) -> State:
    raise NotImplementedError


def judge_object_to_lines(state: State, act: Act, deed: acts.ObjectToLines) -> Refusal | None:
    raise NotImplementedError


def apply_object_to_lines(state: State, act: Act, deed: acts.ObjectToLines) -> State:
    raise NotImplementedError


def judge_give_final_reply(state: State, act: Act, deed: acts.GiveFinalReply) -> Refusal | None:
    raise NotImplementedError


def apply_give_final_reply(state: State, act: Act, deed: acts.GiveFinalReply) -> State:
    raise NotImplementedError


def judge_sign_final_list(state: State, act: Act, deed: acts.SignFinalList) -> Refusal | None:
    raise NotImplementedError


def apply_sign_final_list(state: State, act: Act, deed: acts.SignFinalList) -> State:
    raise NotImplementedError


def judge_request_substitution(state: State, act: Act, deed: acts.RequestSubstitution) -> Refusal | None:
    raise NotImplementedError


def apply_request_substitution(state: State, act: Act, deed: acts.RequestSubstitution) -> State:
    raise NotImplementedError


def judge_answer_substitution(state: State, act: Act, deed: acts.AnswerSubstitution) -> Refusal | None:
    raise NotImplementedError


def apply_answer_substitution(state: State, act: Act, deed: acts.AnswerSubstitution) -> State:
    raise NotImplementedError
