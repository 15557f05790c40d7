"""The law of verification."""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import Act
from parley.process.lines import today
from parley.process.state import Readiness, State
from parley.words import Day, LineId, Refusal, refuse


def ready(state: State, line: str) -> bool:
    """Say whether this person may go on a manifest as far as the neutral and the papers are concerned, today.

    True when the neutral's last word on the person is "ready" and still holds, and no medical certificate or legal
    clearance on record for the person is out of date. Whether the terms demand it is ``terms.readiness_required``.
    """
    declared = declared_of(state, line)
    return declared is not None and declared.ready and declared.valid_until >= today(state) and not expired(state, line)


def declared_of(state: State, line: str) -> Readiness | None:
    """Return the neutral's last declaration on a person, by whichever of the person's lines it was made."""
    found = [one for each in same_person(state, line) if (one := state.verification.readiness.get(each)) is not None]
    return max(found, key=lambda one: one.position, default=None)


def expired(state: State, line: str) -> bool:
    """Say whether a medical certificate or a legal clearance on record for this person is out of date today."""
    return any(until < today(state) for until in (examined_until(state, line), cleared_until(state, line)) if until)


def examined_until(state: State, line: str) -> Day | None:
    """Return the day until which the person's last medical certificate is valid; nothing where there is none."""
    return max((state.verification.examined.get(one, Day("")) for one in same_person(state, line))) or None


def cleared_until(state: State, line: str) -> Day | None:
    """Return the day until which the person's last legal clearance is valid; nothing where there is none."""
    return max((state.verification.cleared.get(one, Day("")) for one in same_person(state, line))) or None


def same_person(state: State, line: str) -> tuple[LineId, ...]:
    """Return this line and the line that an agreed match joined to it, if any."""
    known = state.lists.lines.get(LineId(line))
    return (LineId(line),) if known is None or known.joined is None else (LineId(line), known.joined)


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
