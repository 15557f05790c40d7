"""The law of verification."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_record_interview(state: State, act: Act, deed: acts.RecordInterview) -> Refusal | None:
    raise NotImplementedError


def apply_record_interview(state: State, act: Act, deed: acts.RecordInterview) -> State:
    raise NotImplementedError


def judge_certify_medically(state: State, act: Act, deed: acts.CertifyMedically) -> Refusal | None:
    raise NotImplementedError


def apply_certify_medically(state: State, act: Act, deed: acts.CertifyMedically) -> State:
    raise NotImplementedError


def judge_clear_legally(state: State, act: Act, deed: acts.ClearLegally) -> Refusal | None:
    raise NotImplementedError


def apply_clear_legally(state: State, act: Act, deed: acts.ClearLegally) -> State:
    raise NotImplementedError


def judge_declare_readiness(state: State, act: Act, deed: acts.DeclareReadiness) -> Refusal | None:
    raise NotImplementedError


def apply_declare_readiness(state: State, act: Act, deed: acts.DeclareReadiness) -> State:
    raise NotImplementedError


def judge_ask_identity_question(state: State, act: Act, deed: acts.AskIdentityQuestion) -> Refusal | None:
    raise NotImplementedError


def apply_ask_identity_question(state: State, act: Act, deed: acts.AskIdentityQuestion) -> State:
    raise NotImplementedError


def judge_answer_identity_question(state: State, act: Act, deed: acts.AnswerIdentityQuestion) -> Refusal | None:
    raise NotImplementedError


def apply_answer_identity_question(state: State, act: Act, deed: acts.AnswerIdentityQuestion) -> State:
    raise NotImplementedError


def judge_propose_match(state: State, act: Act, deed: acts.ProposeMatch) -> Refusal | None:
    raise NotImplementedError


def apply_propose_match(state: State, act: Act, deed: acts.ProposeMatch) -> State:
    raise NotImplementedError


def judge_accept_match(state: State, act: Act, deed: acts.AcceptMatch) -> Refusal | None:
    raise NotImplementedError


def apply_accept_match(state: State, act: Act, deed: acts.AcceptMatch) -> State:
    raise NotImplementedError


def judge_dispute_match(state: State, act: Act, deed: acts.DisputeMatch) -> Refusal | None:
    raise NotImplementedError


def apply_dispute_match(state: State, act: Act, deed: acts.DisputeMatch) -> State:
    raise NotImplementedError
