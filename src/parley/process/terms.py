"""The law of terms."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_propose_terms(state: State, act: Act, deed: acts.ProposeTerms) -> Refusal | None:
    raise NotImplementedError


def apply_propose_terms(state: State, act: Act, deed: acts.ProposeTerms) -> State:
    raise NotImplementedError


def judge_agree_terms(state: State, act: Act, deed: acts.AgreeTerms) -> Refusal | None:
    raise NotImplementedError


def apply_agree_terms(state: State, act: Act, deed: acts.AgreeTerms) -> State:
    raise NotImplementedError


def judge_withdraw_terms(state: State, act: Act, deed: acts.WithdrawTerms) -> Refusal | None:
    raise NotImplementedError


def apply_withdraw_terms(state: State, act: Act, deed: acts.WithdrawTerms) -> State:
    raise NotImplementedError


def judge_amend_terms(state: State, act: Act, deed: acts.AmendTerms) -> Refusal | None:
    raise NotImplementedError


def apply_amend_terms(state: State, act: Act, deed: acts.AmendTerms) -> State:
    raise NotImplementedError


def judge_propose_date_and_place(state: State, act: Act, deed: acts.ProposeDateAndPlace) -> Refusal | None:
    raise NotImplementedError


def apply_propose_date_and_place(state: State, act: Act, deed: acts.ProposeDateAndPlace) -> State:
    raise NotImplementedError


def judge_answer_date_and_place(state: State, act: Act, deed: acts.AnswerDateAndPlace) -> Refusal | None:
    raise NotImplementedError


def apply_answer_date_and_place(state: State, act: Act, deed: acts.AnswerDateAndPlace) -> State:
    raise NotImplementedError


def judge_establish_fact(state: State, act: Act, deed: acts.EstablishFact) -> Refusal | None:
    raise NotImplementedError


def apply_establish_fact(state: State, act: Act, deed: acts.EstablishFact) -> State:
    raise NotImplementedError


def judge_attest_row(state: State, act: Act, deed: acts.AttestRow) -> Refusal | None:
    raise NotImplementedError


def apply_attest_row(state: State, act: Act, deed: acts.AttestRow) -> State:
    raise NotImplementedError
