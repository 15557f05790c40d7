"""The law of reconciliation: what was agreed, what was delivered, where the difference went, and who is still owed.

1.  A joint record counts people inside the formula, per giving side and outcome code. It is that of some batches, all
    of them closed, or (no batch named) that of the whole exchange, when every batch is closed or aborted. Parts
    outside the formula and the dead have ledgers of their own and their own figures (``parley.process.figures``).
2.  Its counts are what the closings give, corrections included; its agreed numbers are what the record holds. For some
    batches that is the people planned for them. For the whole exchange it is the number in the terms; where the terms
    leave room, the people on the frozen final lists, but never under the floor or over the ceiling.
3.  Each side's difference, agreed minus delivered, is explained by causes, and the sum is exact. A cause is an outcome
    code, a reply code or one of ``LOSS_CAUSES``; people who came on top (``GAIN_CAUSES``) are counted below zero. What
    nobody can explain is named ``unexplained``: a difference may stay unexplained, but not unnamed (domain F13 to F15;
    2.6).
4.  A cause that is an outcome code explains no more people than the closings give that outcome. Other causes are
    claims of those who sign; that a person declined before the departure is a claim of the holder (DESIGN 7.2).
5.  It is signed by all parties and the neutral, each once, under reservation if need be (domain E18, requirement 12).
    It can be signed only while its counts are still what the record gives: after a correction, a new one is proposed.
6.  There is one record of the same batches: once signed by all, another is proposed only after its numbers changed.
7.  Owed is everybody on a frozen final list whose batch was closed without delivery, or was aborted with them in it,
    or who stood on the list when the exchange was aborted. Nobody is owed who declined at the point before the
    neutral, or who died: consent is the person's own (GC III art. 118 and its commentary), and the dead go by the law
    of remains.
8.  A debt is carried over to a later batch by the side that owes, which binds itself; it is put off to a later
    exchange (0) only by the side to which the person is owed, which alone may wait. It is settled by delivery and by
    nothing else.
9.  A correction names the statement it supersedes: the closing that gave the outcome, or the correction last in
    effect. It never edits; both stay readable. It is first a claim of its author. It takes effect on a line when the
    giving and the receiving side have both said the same; the neutral may say it too, and then it is on record as the
    neutral's finding.
10. Corrections are allowed after closing, in the residual ledger, until the residual day by the neutral's clock
    (DESIGN 7.10; domain F51); that day is kept by the law of standing for all acts alike. So are late laboratory
    results and confirmations, by the stages they belong to.
11. Which order two claims of one correction come in does not matter: the second one takes effect, whoever made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import (
    CORRECTION_REASONS,
    DELIVERED,
    GAIN_CAUSES,
    LOSS_CAUSES,
    OUTCOME_CODES,
    REPLY_CODES,
    RESERVATIONS,
    Act,
    ProposeJointRecord,
)
from parley.process import agreed, batches, figures, handover, lines
from parley.process.state import Correction, Debt, JointRecord, Outcome, State
from parley.words import ActId, LineId, ParticipantName, Refusal, refuse

NO_LONGER_OWED: Final = frozenset({"DECLINED_AT_POINT", "DIED_BEFORE_HANDOVER"})
"""Outcomes after which a person is not owed (point 7)."""
CAUSES: Final = frozenset({*OUTCOME_CODES, *REPLY_CODES, *LOSS_CAUSES, *GAIN_CAUSES}) - DELIVERED
LATER_EXCHANGE: Final = 0


# --- what the record gives -------------------------------------------------------------------------------------------


def outcome_counts(state: State, numbers: tuple[int, ...] = ()) -> Mapping[ParticipantName, Mapping[str, int]]:
    """Return how many people inside the formula had each outcome, by giving party, in these batches or in all."""
    counted: dict[ParticipantName, Counter[str]] = {party: Counter() for party in state.authority.parties}
    for line, code in _outcomes_in(state, numbers):
        giving = lines.holder_of(state, line)
        if giving in counted and figures.is_inside(state, line):
            counted[giving][code] += 1
    return {party: dict(sorted(counts.items())) for party, counts in counted.items()}


def _outcomes_in(state: State, numbers: tuple[int, ...]) -> Iterator[tuple[LineId, str]]:
    """Yield each person once with the outcome that now stands: of some batches the last among them, or of all."""
    if not numbers:
        yield from ((line, outcome.code) for line, outcome in state.handover.outcomes.items())
        return
    tallied: dict[LineId, tuple[int, str]] = {}
    for number in numbers:
        for code, people in state.handover.tallies.get(number, {}).items():
            tallied.update((line, (number, code)) for line in people)
    for line, (number, code) in tallied.items():
        now = state.handover.outcomes.get(line)
        yield line, now.code if now is not None and now.batch == number else code


def agreed_number(state: State, giving: ParticipantName, numbers: tuple[int, ...] = ()) -> int:
    """Return how many people one party was to give inside the formula, in these batches or in all (2)."""
    if numbers:
        return sum(
            1
            for number in numbers
            for line in batches.planned_set(state, number, giving)
            if figures.is_inside(state, line)
        )
    least, most = agreed.owed(state).get(giving, (0, None))
    if least == most:
        return least
    listed = sum(1 for line in lines.frozen(state, giving) or () if figures.is_inside(state, line))
    return max(least, listed if most is None else min(listed, most))


def delivered_number(counts: Mapping[str, int]) -> int:
    """Return how many of these counts are people delivered."""
    return sum(count for code, count in counts.items() if code in DELIVERED)


def joint_record(state: State, numbers: tuple[int, ...] = ()) -> JointRecord | None:
    """Return the joint record of these batches (none: of the whole exchange) that all signed and that still holds."""
    for record in reversed(tuple(state.reconciliation.records.values())):
        if record.says.batches == numbers and _signed_by_all(state, record) and not _flaw(state, record.says):
            return record
    return None


def debts(state: State) -> Mapping[LineId, Debt]:
    """Return everybody owed (7), by the line that stands for them, and those carried over that were delivered since."""
    now = handover.outcomes(state)
    found = dict(_owed(state, now))
    for line, debt in state.reconciliation.debts.items():
        outcome = now.get(line)
        if outcome is not None and outcome.code in DELIVERED:
            found[line] = replace(debt, settled=True)
    return found


def open_debts(state: State) -> Mapping[LineId, Debt]:
    """Return the debts that are neither settled nor carried over."""
    return {line: debt for line, debt in debts(state).items() if not debt.settled and debt.carried_to is None}


def _owed(state: State, now: Mapping[LineId, Outcome]) -> Iterator[tuple[LineId, Debt]]:
    for giving in state.authority.parties:
        for line in lines.frozen(state, giving) or ():
            outcome = now.get(line)
            batch = outcome.batch if outcome is not None else 0
            code = outcome.code if outcome is not None else "exchange_aborted" if state.standing.aborted else ""
            if code and code not in DELIVERED and code not in NO_LONGER_OWED:
                yield line, Debt(giving=giving, batch=batch, code=code, carried_to=_carried(state, line, batch))


def _carried(state: State, line: LineId, batch: int) -> int | None:
    """Return where a debt was carried to; a batch that has come and gone without delivery carries nothing any more."""
    carried = state.reconciliation.debts.get(line)
    if carried is None or carried.carried_to is None:
        return None
    return carried.carried_to if carried.carried_to == LATER_EXCHANGE or carried.carried_to > batch else None


# --- joint record ----------------------------------------------------------------------------------------------------


def judge_propose_joint_record(state: State, act: Act, deed: acts.ProposeJointRecord) -> Refusal | None:
    """Judge points 1 to 4 and 6."""
    flaw = _flaw(state, deed)
    if flaw is not None:
        return flaw
    if joint_record(state, deed.batches) is not None:  # 6
        return refuse("reconciliation.signed_by_all")
    return None


def apply_propose_joint_record(state: State, act: Act, deed: acts.ProposeJointRecord) -> State:
    """Put the record before all for signing; proposing is not signing."""
    record = JointRecord(id=act.id, proposed_by=act.party, says=deed)
    return _with(state, records={**state.reconciliation.records, act.id: record})


def judge_sign_joint_record(state: State, act: Act, deed: acts.SignJointRecord) -> Refusal | None:
    """Judge point 5."""
    record = state.reconciliation.records.get(deed.record)
    if record is None:
        return refuse("reconciliation.unknown_record")
    if act.party in record.signed_by:
        return refuse("reconciliation.signed_already", party=act.party)
    if deed.reservation and deed.reservation not in RESERVATIONS:
        return refuse("reconciliation.unknown_reservation", reservation=deed.reservation[:40])
    if _flaw(state, record.says) is not None:  # 5: what was true when proposed may have been corrected since
        return refuse("reconciliation.overtaken")
    if joint_record(state, record.says.batches) is not None:  # 6
        return refuse("reconciliation.signed_by_all")
    return None


def apply_sign_joint_record(state: State, act: Act, deed: acts.SignJointRecord) -> State:
    """Enter the signature with its reservation, if any."""
    record = state.reconciliation.records[deed.record]
    signed = replace(record, signed_by={**record.signed_by, act.party: deed.reservation})
    return _with(state, records={**state.reconciliation.records, deed.record: signed})


def _signed_by_all(state: State, record: JointRecord) -> bool:
    return {*state.authority.parties, state.authority.neutral} <= record.signed_by.keys()


def _flaw(state: State, says: ProposeJointRecord) -> Refusal | None:
    """Return what makes this record differ from what the log gives, or nothing (1 to 4)."""
    return (
        _flaw_in_batches(state, says.batches)
        or _flaw_in_sides(state, says)
        or _flaw_in_numbers(state, says)
        or _flaw_in_causes(state, says)
    )


def _flaw_in_batches(state: State, numbers: tuple[int, ...]) -> Refusal | None:
    if list(numbers) != sorted(set(numbers)):
        return refuse("reconciliation.batches_out_of_order")
    if not numbers and not batches.numbers(state) and not state.standing.aborted:
        return refuse("reconciliation.nothing_to_reconcile")
    waiting = [number for number in numbers if not handover.closed(state, number)]
    waiting += () if numbers else handover.unfinished(state)
    return refuse("reconciliation.batch_not_closed", batch=waiting[0]) if waiting else None


def _flaw_in_sides(state: State, says: ProposeJointRecord) -> Refusal | None:
    parties = set(state.authority.parties)
    for named in (says.agreed.keys(), says.counts.keys(), parties):
        strange = sorted(named ^ parties)
        if strange:
            return refuse("reconciliation.sides_incomplete", side=strange[0][:40])
    strangers = sorted({one.giving for one in says.explained} - parties)
    return refuse("reconciliation.sides_incomplete", side=strangers[0][:40]) if strangers else None


def _flaw_in_numbers(state: State, says: ProposeJointRecord) -> Refusal | None:
    given = outcome_counts(state, says.batches)
    for side in state.authority.parties:
        number = agreed_number(state, side, says.batches)
        if says.agreed[side] != number:
            return refuse("reconciliation.agreed_not_supported", side=side, stated=says.agreed[side], supported=number)
        for code in sorted(says.counts[side].keys() | given[side].keys()):
            stated, counted = says.counts[side].get(code, 0), given[side].get(code, 0)
            if code not in OUTCOME_CODES:
                return refuse("reconciliation.unknown_outcome", outcome=code[:40])
            if stated != counted:
                return refuse(
                    "reconciliation.count_not_supported", side=side, outcome=code, stated=stated, supported=counted
                )
    return None


def _flaw_in_causes(state: State, says: ProposeJointRecord) -> Refusal | None:
    named: dict[ParticipantName, Counter[str]] = {side: Counter() for side in state.authority.parties}
    for one in says.explained:
        if one.cause not in CAUSES:
            return refuse("reconciliation.unknown_cause", cause=one.cause[:40])
        if one.count == 0 or (one.count < 0) != (one.cause in GAIN_CAUSES):  # 3
            return refuse("reconciliation.count_malformed", cause=one.cause, count=one.count)
        named[one.giving][one.cause] += one.count
    for side, causes in named.items():
        counts = says.counts[side]
        for cause, count in causes.items():
            if cause in OUTCOME_CODES and count > counts.get(cause, 0):  # 4
                return refuse(
                    "reconciliation.cause_not_in_closings",
                    side=side,
                    cause=cause,
                    stated=count,
                    supported=counts.get(cause, 0),
                )
        difference = says.agreed[side] - delivered_number(counts)
        if causes.total() != difference:  # 3
            return refuse("reconciliation.difference_not_named", side=side, difference=difference, named=causes.total())
    return None


# --- debts -----------------------------------------------------------------------------------------------------------


def judge_carry_debts_over(state: State, act: Act, deed: acts.CarryDebtsOver) -> Refusal | None:
    """Judge point 8."""
    if not deed.lines.ranges:
        return refuse("reconciliation.no_lines")
    owed = debts(state)
    for line in deed.lines:
        debt = owed.get(lines.person_of(state, line))
        if debt is None or debt.settled:
            return refuse("reconciliation.not_owed", line=line)
        if act.party != _who_may_carry(state, line, debt, deed.to_batch):
            return refuse("reconciliation.wrong_side_carries", line=line, batch=deed.to_batch)
        if deed.to_batch != LATER_EXCHANGE and not _may_still_come(state, deed.to_batch, debt):
            return refuse("reconciliation.batch_not_open", batch=deed.to_batch)
        if debt.carried_to == deed.to_batch:
            return refuse("reconciliation.carried_already", line=line, batch=deed.to_batch)
    return None


def apply_carry_debts_over(state: State, act: Act, deed: acts.CarryDebtsOver) -> State:
    """Enter where each debt is carried to."""
    owed = debts(state)
    people = [lines.person_of(state, line) for line in deed.lines]
    carried = {line: replace(owed[line], carried_to=deed.to_batch) for line in people}
    return _with(state, debts={**state.reconciliation.debts, **carried})


def _who_may_carry(state: State, line: LineId, debt: Debt, to_batch: int) -> ParticipantName:
    known = state.lists.lines[lines.person_of(state, line)]
    return known.receiver if to_batch == LATER_EXCHANGE else debt.giving


def _may_still_come(state: State, number: int, debt: Debt) -> bool:
    ended = handover.closed(state, number) or number in state.standing.aborted_batches or bool(state.standing.aborted)
    return number > debt.batch and not ended


# --- corrections -----------------------------------------------------------------------------------------------------


def judge_correct(state: State, act: Act, deed: acts.Correct) -> Refusal | None:
    """Judge point 9; that the residual ledger is open (10) was judged before."""
    if deed.outcome not in OUTCOME_CODES:
        return refuse("reconciliation.unknown_outcome", outcome=deed.outcome[:40])
    if deed.reason not in CORRECTION_REASONS:
        return refuse("reconciliation.unknown_reason", reason=deed.reason[:40])
    if not deed.lines.ranges:
        return refuse("reconciliation.no_lines")
    said = _said(state, deed.supersedes, deed.outcome)
    for line in deed.lines:
        person = lines.person_of(state, line)
        outcome = state.handover.outcomes.get(person)
        if outcome is None:
            return refuse("reconciliation.no_outcome", line=line)
        if deed.supersedes != (outcome.corrected_by or outcome.said_by):
            return refuse("reconciliation.not_the_last_word", line=line)
        if outcome.code == deed.outcome:
            return refuse("reconciliation.nothing_to_correct", line=line, outcome=outcome.code)
        if act.party in said.get(person, ()):
            return refuse("reconciliation.corrected_already", line=line)
    return None


def apply_correct(state: State, act: Act, deed: acts.Correct) -> State:
    """Enter the claim; let it take effect on the lines on which both sides have now said the same (9, 11)."""
    correction = Correction(
        id=act.id,
        supersedes=deed.supersedes,
        by=act.party,
        lines=deed.lines,
        outcome=deed.outcome,
        reason=deed.reason,
    )
    state = _with(state, corrections=(*state.reconciliation.corrections, correction))
    said = _said(state, deed.supersedes, deed.outcome)
    outcomes = dict(state.handover.outcomes)
    for person in {lines.person_of(state, line) for line in deed.lines}:
        known = state.lists.lines.get(person)
        sides = {known.holder, known.receiver} if known is not None else set(state.authority.parties)
        if sides <= said[person]:
            outcomes[person] = replace(outcomes[person], code=deed.outcome, corrected_by=act.id)
    return replace(state, handover=replace(state.handover, outcomes=outcomes))


def _said(state: State, supersedes: ActId, outcome: str) -> Mapping[LineId, set[ParticipantName]]:
    """Return who has already said, of which person, that this outcome is right in the place of that statement."""
    said: dict[LineId, set[ParticipantName]] = {}
    for one in state.reconciliation.corrections:
        if one.supersedes == supersedes and one.outcome == outcome:
            for line in one.lines:
                said.setdefault(lines.person_of(state, line), set()).add(one.by)
    return said


def _with(state: State, **changes: object) -> State:
    return replace(state, reconciliation=replace(state.reconciliation, **changes))  # type: ignore[arg-type]
