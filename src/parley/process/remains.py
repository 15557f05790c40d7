"""The law of remains."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_record_container(state: State, act: Act, deed: acts.RecordContainer) -> Refusal | None:
    raise NotImplementedError


def apply_record_container(state: State, act: Act, deed: acts.RecordContainer) -> State:
    raise NotImplementedError


def judge_record_laboratory_result(state: State, act: Act, deed: acts.RecordLaboratoryResult) -> Refusal | None:
    raise NotImplementedError


def apply_record_laboratory_result(state: State, act: Act, deed: acts.RecordLaboratoryResult) -> State:
    raise NotImplementedError


def judge_split_container(state: State, act: Act, deed: acts.SplitContainer) -> Refusal | None:
    raise NotImplementedError


def apply_split_container(state: State, act: Act, deed: acts.SplitContainer) -> State:
    raise NotImplementedError


def judge_join_containers(state: State, act: Act, deed: acts.JoinContainers) -> Refusal | None:
    raise NotImplementedError


def apply_join_containers(state: State, act: Act, deed: acts.JoinContainers) -> State:
    raise NotImplementedError
