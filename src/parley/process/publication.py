"""The law of publication."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_propose_number_sheet(state: State, act: Act, deed: acts.ProposeNumberSheet) -> Refusal | None:
    raise NotImplementedError


def apply_propose_number_sheet(state: State, act: Act, deed: acts.ProposeNumberSheet) -> State:
    raise NotImplementedError


def judge_agree_number_sheet(state: State, act: Act, deed: acts.AgreeNumberSheet) -> Refusal | None:
    raise NotImplementedError


def apply_agree_number_sheet(state: State, act: Act, deed: acts.AgreeNumberSheet) -> State:
    raise NotImplementedError


def judge_set_embargo(state: State, act: Act, deed: acts.SetEmbargo) -> Refusal | None:
    raise NotImplementedError


def apply_set_embargo(state: State, act: Act, deed: acts.SetEmbargo) -> State:
    raise NotImplementedError


def judge_publish_communique(state: State, act: Act, deed: acts.PublishCommunique) -> Refusal | None:
    raise NotImplementedError


def apply_publish_communique(state: State, act: Act, deed: acts.PublishCommunique) -> State:
    raise NotImplementedError


def judge_record_public_statement(state: State, act: Act, deed: acts.RecordPublicStatement) -> Refusal | None:
    raise NotImplementedError


def apply_record_public_statement(state: State, act: Act, deed: acts.RecordPublicStatement) -> State:
    raise NotImplementedError


def judge_notify_family(state: State, act: Act, deed: acts.NotifyFamily) -> Refusal | None:
    raise NotImplementedError


def apply_notify_family(state: State, act: Act, deed: acts.NotifyFamily) -> State:
    raise NotImplementedError
