"""Is it allowed? The law of an exchange on one page: every act, its stage, who may do it, and when.

Read ``RULES`` first. Each line names a deed, its stage, the roles that may do it, the standings of the case in which it may
be done, and the two functions of the stage's module: one judges, one applies. ``judge`` asks them; ``step`` folds one act
into the state; ``replay`` folds a whole log. Nothing here looks at a clock, a file or a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from parley import acts
from parley.acts import Act, Deed
from parley.process import (
    batches,
    contact,
    handover,
    lists,
    movement,
    publication,
    reconciliation,
    remains,
    standing,
    talks,
    terms,
    verification,
)
from parley.process.authority import ROOT_KINDS, advance, judge_signatures
from parley.process.calendar import judge_times
from parley.process.reach import judge_reach
from parley.process.state import State, Void
from parley.words import Refusal, refuse

PARTIES: Final = ("party",)
NEUTRAL: Final = ("neutral",)
BOTH: Final = ("party", "neutral")
RECEIVING: Final = ("party", "neutral", "custodian")
"""Who may have people in custody after the handover: the other side, or whom the terms name for a stay (keeping 9)."""
EVERYONE: Final = ("party", "neutral", "custodian", "witness", "auditor")

RUNNING: Final = ("running",)
UNDERWAY: Final = ("running", "suspended")
AFTERWARDS: Final = ("running", "suspended", "aborted")
ALWAYS: Final = ("running", "suspended", "aborted", "closed")


@dataclass(frozen=True, slots=True)
class Rule:
    """One act of the law: the deed, its stage, the roles that may do it, in which standing of the case, judge and apply.

    ``or_if`` says when it may be done in a suspended or aborted case all the same: for work that is on the road, and for
    events that must be told at any time.
    """

    deed: type[Deed]
    stage: str
    by: tuple[str, ...]
    when: tuple[str, ...]
    judge: Callable[[State, Act, Any], Refusal | None]
    apply: Callable[[State, Act, Any], State]
    or_if: Callable[[State, Act, Any], bool] | None = None

    @property
    def standings(self) -> str:
        """The standings in which the act may be done, in words."""
        return ", ".join(self.when) + ("; also suspended or aborted for what cannot wait" if self.or_if else "")


# fmt: off
RULES: Final[tuple[Rule, ...]] = (
    Rule(acts.FoundCase, "contact", NEUTRAL, ALWAYS, contact.judge_found_case, contact.apply_found_case),
    Rule(acts.IssueMandate, "contact", EVERYONE, ALWAYS, contact.judge_issue_mandate, contact.apply_issue_mandate),
    Rule(acts.RevokeMandate, "contact", EVERYONE, ALWAYS, contact.judge_revoke_mandate, contact.apply_revoke_mandate),
    Rule(acts.RotateKeys, "contact", EVERYONE, ALWAYS, contact.judge_rotate_keys, contact.apply_rotate_keys),
    Rule(acts.PublishEncryptionKeys, "contact", EVERYONE, ALWAYS, contact.judge_publish_encryption_keys, contact.apply_publish_encryption_keys),
    Rule(acts.RecordClock, "contact", NEUTRAL, ALWAYS, contact.judge_record_clock, contact.apply_record_clock),
    Rule(acts.UpgradeRules, "contact", EVERYONE, ALWAYS, contact.judge_upgrade_rules, contact.apply_upgrade_rules),
    Rule(acts.SucceedNeutral, "contact", PARTIES, ALWAYS, contact.judge_succeed_neutral, contact.apply_succeed_neutral),
    Rule(acts.ReportFork, "contact", EVERYONE, ALWAYS, contact.judge_report_fork, contact.apply_report_fork),
    Rule(acts.ChooseBranch, "contact", EVERYONE, ALWAYS, contact.judge_choose_branch, contact.apply_choose_branch),
    Rule(acts.OpenSession, "talks", BOTH, RUNNING, talks.judge_open_session, talks.apply_open_session),
    Rule(acts.CloseSession, "talks", BOTH, RUNNING, talks.judge_close_session, talks.apply_close_session),
    Rule(acts.RaiseItem, "talks", BOTH, RUNNING, talks.judge_raise_item, talks.apply_raise_item),
    Rule(acts.StatePosition, "talks", PARTIES, RUNNING, talks.judge_state_position, talks.apply_state_position),
    Rule(acts.AnswerPosition, "talks", PARTIES, RUNNING, talks.judge_answer_position, talks.apply_answer_position),
    Rule(acts.ObjectToParticipant, "talks", PARTIES, RUNNING, talks.judge_object_to_participant, talks.apply_object_to_participant),
    Rule(acts.ProposeTerms, "terms", PARTIES, RUNNING, terms.judge_propose_terms, terms.apply_propose_terms),
    Rule(acts.AgreeTerms, "terms", PARTIES, RUNNING, terms.judge_agree_terms, terms.apply_agree_terms),
    Rule(acts.WithdrawTerms, "terms", PARTIES, RUNNING, terms.judge_withdraw_terms, terms.apply_withdraw_terms),
    Rule(acts.AmendTerms, "terms", PARTIES, RUNNING, terms.judge_amend_terms, terms.apply_amend_terms),
    Rule(acts.ProposeDateAndPlace, "terms", BOTH, RUNNING, terms.judge_propose_date_and_place, terms.apply_propose_date_and_place),
    Rule(acts.AnswerDateAndPlace, "terms", PARTIES, RUNNING, terms.judge_answer_date_and_place, terms.apply_answer_date_and_place),
    Rule(acts.EstablishFact, "terms", NEUTRAL, RUNNING, terms.judge_establish_fact, terms.apply_establish_fact),
    Rule(acts.AttestRow, "terms", NEUTRAL, UNDERWAY, terms.judge_attest_row, terms.apply_attest_row),
    Rule(acts.HandInList, "lists", PARTIES, RUNNING, lists.judge_hand_in_list, lists.apply_hand_in_list),
    Rule(acts.AcknowledgeList, "lists", PARTIES, RUNNING, lists.judge_acknowledge_list, lists.apply_acknowledge_list),
    Rule(acts.ReplyToLines, "lists", PARTIES, RUNNING, lists.judge_reply_to_lines, lists.apply_reply_to_lines, lists.told_at_any_time),
    Rule(acts.ObjectToLines, "lists", PARTIES, RUNNING, lists.judge_object_to_lines, lists.apply_object_to_lines),
    Rule(acts.GiveFinalReply, "lists", PARTIES, RUNNING, lists.judge_give_final_reply, lists.apply_give_final_reply),
    Rule(acts.SignFinalList, "lists", BOTH, RUNNING, lists.judge_sign_final_list, lists.apply_sign_final_list),
    Rule(acts.RequestSubstitution, "lists", PARTIES, RUNNING, lists.judge_request_substitution, lists.apply_request_substitution),
    Rule(acts.AnswerSubstitution, "lists", PARTIES, RUNNING, lists.judge_answer_substitution, lists.apply_answer_substitution),
    Rule(acts.RecordInterview, "verification", NEUTRAL, UNDERWAY, verification.judge_record_interview, verification.apply_record_interview),
    Rule(acts.CertifyMedically, "verification", BOTH, UNDERWAY, verification.judge_certify_medically, verification.apply_certify_medically),
    Rule(acts.ClearLegally, "verification", PARTIES, UNDERWAY, verification.judge_clear_legally, verification.apply_clear_legally),
    Rule(acts.DeclareReadiness, "verification", NEUTRAL, UNDERWAY, verification.judge_declare_readiness, verification.apply_declare_readiness),
    Rule(acts.AskIdentityQuestion, "verification", BOTH, RUNNING, verification.judge_ask_identity_question, verification.apply_ask_identity_question),
    Rule(acts.AnswerIdentityQuestion, "verification", PARTIES, RUNNING, verification.judge_answer_identity_question, verification.apply_answer_identity_question),
    Rule(acts.ProposeMatch, "verification", BOTH, RUNNING, verification.judge_propose_match, verification.apply_propose_match),
    Rule(acts.AcceptMatch, "verification", PARTIES, RUNNING, verification.judge_accept_match, verification.apply_accept_match),
    Rule(acts.DisputeMatch, "verification", PARTIES, RUNNING, verification.judge_dispute_match, verification.apply_dispute_match),
    Rule(acts.CommitSeed, "batches", BOTH, RUNNING, batches.judge_commit_seed, batches.apply_commit_seed),
    Rule(acts.RevealSeed, "batches", BOTH, RUNNING, batches.judge_reveal_seed, batches.apply_reveal_seed),
    Rule(acts.ComposeBatches, "batches", PARTIES, RUNNING, batches.judge_compose_batches, batches.apply_compose_batches),
    Rule(acts.AgreeBatches, "batches", PARTIES, RUNNING, batches.judge_agree_batches, batches.apply_agree_batches),
    Rule(acts.NotifyRoute, "movement", PARTIES, RUNNING, movement.judge_notify_route, movement.apply_notify_route, movement.on_the_road),
    Rule(acts.AcknowledgeRoute, "movement", BOTH, RUNNING, movement.judge_acknowledge_route, movement.apply_acknowledge_route, movement.on_the_road),
    Rule(acts.GuaranteeSafety, "movement", PARTIES, RUNNING, movement.judge_guarantee_safety, movement.apply_guarantee_safety, movement.on_the_road),
    Rule(acts.DeclareSilenceWindow, "movement", PARTIES, RUNNING, movement.judge_declare_silence_window, movement.apply_declare_silence_window, movement.on_the_road),
    Rule(acts.IssueManifest, "movement", PARTIES, RUNNING, movement.judge_issue_manifest, movement.apply_issue_manifest),
    Rule(acts.PrintManifests, "movement", PARTIES, RUNNING, movement.judge_print_manifests, movement.apply_print_manifests),
    Rule(acts.Embark, "movement", PARTIES, RUNNING, movement.judge_embark, movement.apply_embark),
    Rule(acts.Depart, "movement", PARTIES, RUNNING, movement.judge_depart, movement.apply_depart),
    Rule(acts.ReportIncident, "movement", BOTH, AFTERWARDS, movement.judge_report_incident, movement.apply_report_incident),
    Rule(acts.Arrive, "movement", PARTIES, AFTERWARDS, movement.judge_arrive, movement.apply_arrive),
    Rule(acts.HandInBook, "handover", BOTH, AFTERWARDS, handover.judge_hand_in_book, handover.apply_hand_in_book),
    Rule(acts.AgreeGroup, "handover", PARTIES, RUNNING, handover.judge_agree_group, handover.apply_agree_group),
    Rule(acts.CloseBatch, "handover", BOTH, AFTERWARDS, handover.judge_close_batch, handover.apply_close_batch),
    Rule(acts.ConfirmIdentity, "handover", RECEIVING, ALWAYS, handover.judge_confirm_identity, handover.apply_confirm_identity),
    Rule(acts.HandOverEffects, "handover", PARTIES, ALWAYS, handover.judge_hand_over_effects, handover.apply_hand_over_effects),
    Rule(acts.RecordContainer, "remains", BOTH, AFTERWARDS, remains.judge_record_container, remains.apply_record_container),
    Rule(acts.RecordLaboratoryResult, "remains", PARTIES, ALWAYS, remains.judge_record_laboratory_result, remains.apply_record_laboratory_result),
    Rule(acts.SplitContainer, "remains", PARTIES, ALWAYS, remains.judge_split_container, remains.apply_split_container),
    Rule(acts.JoinContainers, "remains", PARTIES, ALWAYS, remains.judge_join_containers, remains.apply_join_containers),
    Rule(acts.ProposeJointRecord, "reconciliation", BOTH, AFTERWARDS, reconciliation.judge_propose_joint_record, reconciliation.apply_propose_joint_record),
    Rule(acts.SignJointRecord, "reconciliation", BOTH, AFTERWARDS, reconciliation.judge_sign_joint_record, reconciliation.apply_sign_joint_record),
    Rule(acts.CarryDebtsOver, "reconciliation", PARTIES, AFTERWARDS, reconciliation.judge_carry_debts_over, reconciliation.apply_carry_debts_over),
    Rule(acts.Correct, "reconciliation", BOTH, ALWAYS, reconciliation.judge_correct, reconciliation.apply_correct),
    Rule(acts.ProposeNumberSheet, "publication", BOTH, AFTERWARDS, publication.judge_propose_number_sheet, publication.apply_propose_number_sheet),
    Rule(acts.AgreeNumberSheet, "publication", PARTIES, AFTERWARDS, publication.judge_agree_number_sheet, publication.apply_agree_number_sheet),
    Rule(acts.SetEmbargo, "publication", BOTH, AFTERWARDS, publication.judge_set_embargo, publication.apply_set_embargo),
    Rule(acts.PublishCommunique, "publication", BOTH, AFTERWARDS, publication.judge_publish_communique, publication.apply_publish_communique),
    Rule(acts.RecordPublicStatement, "publication", BOTH, ALWAYS, publication.judge_record_public_statement, publication.apply_record_public_statement),
    Rule(acts.NotifyFamily, "publication", PARTIES, ALWAYS, publication.judge_notify_family, publication.apply_notify_family),
    Rule(acts.Suspend, "standing", BOTH, UNDERWAY, standing.judge_suspend, standing.apply_suspend),
    Rule(acts.Resume, "standing", BOTH, UNDERWAY, standing.judge_resume, standing.apply_resume),
    Rule(acts.AbortBatch, "standing", BOTH, UNDERWAY, standing.judge_abort_batch, standing.apply_abort_batch),
    Rule(acts.AbortExchange, "standing", PARTIES, UNDERWAY, standing.judge_abort_exchange, standing.apply_abort_exchange),
    Rule(acts.SetCondition, "standing", BOTH, AFTERWARDS, standing.judge_set_condition, standing.apply_set_condition),
    Rule(acts.LiftCondition, "standing", BOTH, ALWAYS, standing.judge_lift_condition, standing.apply_lift_condition),
    Rule(acts.Erase, "standing", PARTIES, ALWAYS, standing.judge_erase, standing.apply_erase),
    Rule(acts.ConfirmErasure, "standing", BOTH, ALWAYS, standing.judge_confirm_erasure, standing.apply_confirm_erasure),
    Rule(acts.Close, "standing", BOTH, AFTERWARDS, standing.judge_close, standing.apply_close),
)
# fmt: on

RULE_OF: Final[Mapping[type[Deed], Rule]] = {rule.deed: rule for rule in RULES}
STAGES: Final[tuple[str, ...]] = tuple(dict.fromkeys(rule.stage for rule in RULES))


@dataclass(frozen=True, slots=True)
class Unreadable(Deed):
    """A genuine act whose body is no deed of these rules: it is logged, and void."""

    claimed: str
    flaw: Refusal


def judge(state: State, act: Act) -> Refusal | None:
    """Say why this act is not allowed in this state, or nothing if it is. Pure; safe to ask of any act."""
    deed = act.deed
    if isinstance(deed, Unreadable):
        return deed.flaw
    rule = RULE_OF[type(deed)]
    founding = isinstance(deed, acts.FoundCase)
    if not state.authority.participants and not founding:
        return refuse("process.not_founded")
    if not founding:
        refusal = judge_signatures(state.authority, act) or judge_reach(state, act)
        if refusal is None:
            refusal = _judge_standing(state, act, rule)
        if refusal is not None:
            return refusal
    return rule.judge(state, act, deed) or judge_times(deed)


def _judge_standing(state: State, act: Act, rule: Rule) -> Refusal | None:
    role = state.authority.participants[act.party].role
    if role not in rule.by:
        return refuse("process.wrong_role", role=role, kind=act.deed.kind)
    if act.party in state.authority.forks and rule.when != ALWAYS:
        return refuse("contact.chain_forked", party=act.party)
    if act.deed.kind in ROOT_KINDS:  # at any time: whose keys count must be known without the rest of the law
        return None
    now = standing.standing_of(state)
    if now == "ended":
        return refuse("process.ended", kind=act.deed.kind)
    excepted = now in AFTERWARDS and rule.or_if is not None and rule.or_if(state, act, act.deed)
    if now not in rule.when and not excepted:
        return refuse(f"process.{now}", kind=act.deed.kind)
    return None


def apply(state: State, act: Act) -> State:
    """Return the state after an allowed act; assumes that ``judge`` was asked."""
    return RULE_OF[type(act.deed)].apply(state, act, act.deed)


def step(state: State, act: Act) -> State:
    """Return the state after one logged act, allowed or not; a refused act stays as void and changes nothing else."""
    refusal = judge(state, act)
    if refusal is None:
        after = terms.watch(state, apply(state, act), act)
    else:
        kind = act.deed.claimed if isinstance(act.deed, Unreadable) else act.deed.kind
        void = Void(party=act.party, kind=kind, code=refusal.code, facts=refusal.facts)
        after = replace(state, void={**state.void, act.position: void})
    return replace(after, count=act.position + 1, authority=advance(after.authority, act))


def replay(log: Iterable[Act], state: State | None = None) -> State:
    """Fold a whole log, or its continuation from a state."""
    state = State() if state is None else state
    for act in log:
        state = step(state, act)
    return state


def states(log: Iterable[Act], state: State | None = None) -> Iterator[tuple[Act, State]]:
    """Yield each act with the state after it."""
    state = State() if state is None else state
    for act in log:
        state = step(state, act)
        yield act, state
