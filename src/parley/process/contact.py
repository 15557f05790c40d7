"""The law of contact."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.state import State
from parley.words import Refusal, refuse


def judge_found_case(state: State, act: Act, deed: acts.FoundCase) -> Refusal | None:
    raise NotImplementedError


def apply_found_case(state: State, act: Act, deed: acts.FoundCase) -> State:
    raise NotImplementedError


def judge_issue_mandate(state: State, act: Act, deed: acts.IssueMandate) -> Refusal | None:
    raise NotImplementedError


def apply_issue_mandate(state: State, act: Act, deed: acts.IssueMandate) -> State:
    raise NotImplementedError


def judge_revoke_mandate(state: State, act: Act, deed: acts.RevokeMandate) -> Refusal | None:
    raise NotImplementedError


def apply_revoke_mandate(state: State, act: Act, deed: acts.RevokeMandate) -> State:
    raise NotImplementedError


def judge_rotate_keys(state: State, act: Act, deed: acts.RotateKeys) -> Refusal | None:
    raise NotImplementedError


def apply_rotate_keys(state: State, act: Act, deed: acts.RotateKeys) -> State:
    raise NotImplementedError


def judge_publish_encryption_keys(state: State, act: Act, deed: acts.PublishEncryptionKeys) -> Refusal | None:
    raise NotImplementedError


def apply_publish_encryption_keys(state: State, act: Act, deed: acts.PublishEncryptionKeys) -> State:
    raise NotImplementedError


def judge_record_clock(state: State, act: Act, deed: acts.RecordClock) -> Refusal | None:
    raise NotImplementedError


def apply_record_clock(state: State, act: Act, deed: acts.RecordClock) -> State:
    raise NotImplementedError


def judge_upgrade_rules(state: State, act: Act, deed: acts.UpgradeRules) -> Refusal | None:
    raise NotImplementedError


def apply_upgrade_rules(state: State, act: Act, deed: acts.UpgradeRules) -> State:
    raise NotImplementedError


def judge_succeed_neutral(state: State, act: Act, deed: acts.SucceedNeutral) -> Refusal | None:
    raise NotImplementedError


def apply_succeed_neutral(state: State, act: Act, deed: acts.SucceedNeutral) -> State:
    raise NotImplementedError


def judge_report_fork(state: State, act: Act, deed: acts.ReportFork) -> Refusal | None:
    raise NotImplementedError


def apply_report_fork(state: State, act: Act, deed: acts.ReportFork) -> State:
    raise NotImplementedError


def judge_choose_branch(state: State, act: Act, deed: acts.ChooseBranch) -> Refusal | None:
    raise NotImplementedError


def apply_choose_branch(state: State, act: Act, deed: acts.ChooseBranch) -> State:
    raise NotImplementedError
