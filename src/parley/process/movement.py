"""The law of movement."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_notify_route(state: State, act: Act, deed: acts.NotifyRoute) -> Refusal | None:
    raise NotImplementedError


def apply_notify_route(state: State, act: Act, deed: acts.NotifyRoute) -> State:
    raise NotImplementedError


def judge_acknowledge_route(state: State, act: Act, deed: acts.AcknowledgeRoute) -> Refusal | None:
    raise NotImplementedError


def apply_acknowledge_route(state: State, act: Act, deed: acts.AcknowledgeRoute) -> State:
    raise NotImplementedError


def judge_guarantee_safety(state: State, act: Act, deed: acts.GuaranteeSafety) -> Refusal | None:
    raise NotImplementedError


def apply_guarantee_safety(state: State, act: Act, deed: acts.GuaranteeSafety) -> State:
    raise NotImplementedError


def judge_declare_silence_window(state: State, act: Act, deed: acts.DeclareSilenceWindow) -> Refusal | None:
    raise NotImplementedError


def apply_declare_silence_window(state: State, act: Act, deed: acts.DeclareSilenceWindow) -> State:
    raise NotImplementedError


def judge_issue_manifest(state: State, act: Act, deed: acts.IssueManifest) -> Refusal | None:
    raise NotImplementedError


def apply_issue_manifest(state: State, act: Act, deed: acts.IssueManifest) -> State:
    raise NotImplementedError


def judge_embark(state: State, act: Act, deed: acts.Embark) -> Refusal | None:
    raise NotImplementedError


def apply_embark(state: State, act: Act, deed: acts.Embark) -> State:
    raise NotImplementedError


def judge_depart(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    raise NotImplementedError


def apply_depart(state: State, act: Act, deed: acts.Depart) -> State:
    raise NotImplementedError


def judge_report_incident(state: State, act: Act, deed: acts.ReportIncident) -> Refusal | None:
    raise NotImplementedError


def apply_report_incident(state: State, act: Act, deed: acts.ReportIncident) -> State:
    raise NotImplementedError


def judge_arrive(state: State, act: Act, deed: acts.Arrive) -> Refusal | None:
    raise NotImplementedError


def apply_arrive(state: State, act: Act, deed: acts.Arrive) -> State:
    raise NotImplementedError
