"""Which batches does an act dispose of? A mandate limited to some batches signs for no other, by whatever act.

Some deeds name their batch; others name what names it: a composition, a route notice, a joint record, a debt. Where a deed
is about the whole exchange, it reaches batch 0 too, which no limited mandate holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parley import acts
from parley.acts import Act, BatchPlan, Figure
from parley.process import batches, handover, reconciliation
from parley.process.state import State
from parley.words import ActId, Lines, Refusal, refuse

WHOLE = 0
"""The number under which acts speak of the whole exchange."""


def judge_reach(state: State, act: Act) -> Refusal | None:
    """Refuse an act that disposes of a batch beyond those its mandate names; a mandate that names none may all."""
    mandate = state.authority.mandates.get(ActId(act.mandate))
    if mandate is None or not mandate.batches:
        return None
    beyond = sorted(batches_of(state, act) - set(mandate.batches))
    return refuse("contact.beyond_mandate_batches", batch=beyond[0]) if beyond else None


def batches_of(state: State, act: Act) -> set[int]:
    """Return the batches that an act disposes of; none for an act that is about no batch, or names what is not there."""
    match act.deed:
        case acts.ComposeBatches(batches=plans):
            return _planned(state, plans)
        case acts.AgreeBatches(composition=named):
            composition = state.batches.compositions.get(named)
            return set() if composition is None else _planned(state, composition.plans)
        case acts.RequestSubstitution(out=out):
            return _going_in(state, out)
        case acts.AnswerSubstitution(request=named):
            request = state.lists.substitutions.get(named)
            return set() if request is None else _going_in(state, request.out)
        case acts.AnswerDateAndPlace(proposal=named):
            proposal = state.terms.dates.get(named)
            return set() if proposal is None else {proposal.says.batch}
        case acts.AcknowledgeRoute(notice=named):
            route = state.movement.routes.get(named)
            return set() if route is None else {route.says.batch}
        case acts.CarryDebtsOver(lines=lines, to_batch=to_batch):
            return {to_batch, *_owed_from(state, lines)}
        case acts.Correct(lines=lines):
            return set(_handled_in(state, lines))
        case acts.ProposeJointRecord(batches=numbers):
            return _of_record(state, numbers)
        case acts.SignJointRecord(record=named):
            record = state.reconciliation.records.get(named)
            return set() if record is None else _of_record(state, record.says.batches)
        case acts.ProposeNumberSheet(figures=figures):
            return _of_figures(figures)
        case acts.AgreeNumberSheet(sheet=named):
            sheet = state.publication.sheets.get(named)
            return set() if sheet is None else _of_figures(sheet.figures)
        case acts.PublishCommunique(sheet=named):
            sheet = state.publication.sheets.get(named)
            return set() if sheet is None else _of_figures(sheet.figures)
    named_batch = getattr(act.deed, "batch", None)
    return {named_batch} if isinstance(named_batch, int) else set()


def _planned(state: State, plans: Iterable[BatchPlan]) -> set[int]:
    """Return the batches planned, and those that the new plans would put out of force: all that have not begun."""
    to_come = {number for number in batches.numbers(state) if not batches.begun(state, number)}
    return to_come | {plan.batch for plan in plans}


def _going_in(state: State, lines: Lines) -> set[int]:
    people = frozenset(lines)
    return {number for number in batches.numbers(state) if not people.isdisjoint(batches.planned_set(state, number))}


def _of_figures(figures: Iterable[Figure]) -> set[int]:
    return {figure.batch for figure in figures}


def _of_record(state: State, numbers: tuple[int, ...]) -> set[int]:
    return set(numbers) if numbers else {WHOLE, *batches.numbers(state)}


def _owed_from(state: State, lines: Lines) -> Iterator[int]:
    debts = reconciliation.debts(state)
    return (debts[line].batch for line in lines if line in debts)


def _handled_in(state: State, lines: Lines) -> Iterator[int]:
    outcomes = (handover.outcome_of(state, line) for line in lines)
    return (outcome.batch for outcome in outcomes if outcome is not None)
