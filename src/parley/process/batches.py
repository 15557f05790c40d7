"""The law of batches."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> Refusal | None:
    raise NotImplementedError


def apply_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> State:
    raise NotImplementedError


def judge_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> Refusal | None:
    raise NotImplementedError


def apply_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> State:
    raise NotImplementedError


def judge_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> Refusal | None:
    raise NotImplementedError


def apply_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> State:
    raise NotImplementedError


def judge_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> Refusal | None:
    raise NotImplementedError


def apply_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> State:
    raise NotImplementedError
