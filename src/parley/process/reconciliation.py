"""The law of reconciliation."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_propose_joint_record(state: State, act: Act, deed: acts.ProposeJointRecord) -> Refusal | None:
    raise NotImplementedError


def apply_propose_joint_record(state: State, act: Act, deed: acts.ProposeJointRecord) -> State:
    raise NotImplementedError


def judge_sign_joint_record(state: State, act: Act, deed: acts.SignJointRecord) -> Refusal | None:
    raise NotImplementedError


def apply_sign_joint_record(state: State, act: Act, deed: acts.SignJointRecord) -> State:
    raise NotImplementedError


def judge_carry_debts_over(state: State, act: Act, deed: acts.CarryDebtsOver) -> Refusal | None:
    raise NotImplementedError


def apply_carry_debts_over(state: State, act: Act, deed: acts.CarryDebtsOver) -> State:
    raise NotImplementedError


def judge_correct(state: State, act: Act, deed: acts.Correct) -> Refusal | None:
    raise NotImplementedError


def apply_correct(state: State, act: Act, deed: acts.Correct) -> State:
    raise NotImplementedError
