"""The law of standing: an exchange may stop, and may end badly, but what was finished stays finished; nothing lapses.

Exchanges were suspended overnight, broken off half-way, and buried without a word (domain 5.1, E21). Each such step
is an act with an author and a reason, and leaves the rest of the record as it was. Law of standing:

1.  A case is running, suspended, aborted, closed or ended. It is suspended while any suspension holds: not lifted,
    and its hour not reached by the neutral's clock. In which standing an act may be done is written in ``RULES``.
2.  A party or the neutral suspends, with a reason, and if it likes until a later hour. Each has one suspension at a
    time.
2a. Only who suspended resumes. A suspension without an hour lasts until then; one with an hour ends by itself.
2b. A suspension stops what is still to be begun. It undoes nothing: closed batches stay closed, books and closings of
    what has begun go on, incidents and arrivals are recorded, and interviews and certificates may run.
3.  A party or the neutral aborts one batch, with a reason, unless it is closed or aborted already. Its people are
    owed; who had crossed before is told by the books (handover 4a). Other batches are not touched.
4.  A party aborts the exchange, with a reason. Closed batches stay delivered; the rest is named as not carried out.
    There is no way back: who wants to go on founds another case, to which debts are carried.
5.  A condition is set on people or on parties: an id of its own, a custodian among the participants (or none), a day
    of review not yet past, and whether giving notice is a duty (F46). Who set it says that it is fulfilled or lifted.
5a. That it was broken anyone may record, because it is the others who notice. It raises the alarm, with who was
    custodian. An ended condition is not set or ended again. That a review is due follows from its day and
    the clock.
6.  A list's author erases people from it: which lines, on which ground, and the list sealed again without them, in
    another file (DESIGN 3). The row is gone; the commitment, the id and what was done under it stay.
6a. Each desk that held the old file confirms that it and the key are destroyed: author, counterpart, and the neutral
    that carried it. A person is erased when every version that named the line is, and all have confirmed.
7.  A case is closed when all parties and the neutral have signed its closing for the same residual day. An aborted
    one, from which a side may have gone, is closed by the neutral and one party.
7a. Not while a batch is open, or an aborted one whose convoy had left has no closing; not while a debt is neither
    settled nor carried over; not while anyone on a final list is unaccounted for; not while an erasure is
    unconfirmed.
8.  After closing, only the residual ledger goes on (the lines of ``RULES`` marked ``ALWAYS``), until the residual day
    by the neutral's clock. Then the case has ended, and every act is void but those of root keys: the keys of its
    lists are no more (DESIGN 7.10).
"""

from __future__ import annotations

from dataclasses import replace

from parley import acts
from parley.acts import ABORT_REASONS, ERASURE_GROUNDS, LIFTINGS, SUSPENSION_REASONS, Act
from parley.process import batches, handover, lines, movement, reconciliation
from parley.process.state import Condition, Erasure, Standing, State, Suspension
from parley.words import ActId, LineId, Lines, ParticipantName, Refusal, refuse

# --- what others ask --------------------------------------------------------------------------------------------------


def standing_of(state: State) -> str:
    """Return how the case stands: running, suspended, aborted, closed or ended."""
    until = state.standing.closed_until
    if until is not None:
        return "ended" if lines.today(state) > until else "closed"
    if state.standing.aborted:
        return "aborted"
    return "suspended" if any(holds(state, one) for one in state.standing.suspensions.values()) else "running"


def holds(state: State, suspension: Suspension) -> bool:
    """Say whether a suspension holds at the neutral's hour (1)."""
    if suspension.lifted:
        return False
    return suspension.until is None or state.authority.clock < suspension.until


def unconfirmed(state: State, erasure: Erasure) -> tuple[ParticipantName, ...]:
    """Return whose desks have yet to confirm an erasure (6a)."""
    _ = state
    return tuple(sorted(set(erasure.held_by) - set(erasure.confirmed_by)))


def unaccounted(state: State) -> Lines:
    """Return the people on final lists of whom nothing is said: no outcome, no debt (7a)."""
    known = handover.outcomes(state).keys() | reconciliation.debts(state).keys()
    return Lines.among(
        line
        for party in state.authority.parties
        for line in lines.frozen(state, party) or ()
        if line not in known and lines.person_of(state, line) not in known
    )


def _judge_word(word: str, allowed: tuple[str, ...]) -> Refusal | None:
    return None if word in allowed else refuse("standing.unknown_word", word=word[:40], allowed=", ".join(allowed))


def _with(state: State, standing: Standing) -> State:
    return replace(state, standing=standing)


# --- suspending -------------------------------------------------------------------------------------------------------


def judge_suspend(state: State, act: Act, deed: acts.Suspend) -> Refusal | None:
    """Judge point 2."""
    refusal = _judge_word(deed.reason, SUSPENSION_REASONS)
    if refusal is not None:
        return refusal
    if deed.until is not None and deed.until <= state.authority.clock:
        return refuse("standing.until_passed", until=deed.until, now=state.authority.clock)
    if any(one.by == act.party and holds(state, one) for one in state.standing.suspensions.values()):
        return refuse("standing.suspended_already", party=act.party)
    return None


def apply_suspend(state: State, act: Act, deed: acts.Suspend) -> State:
    """Enter the suspension; nothing else changes (2b)."""
    suspension = Suspension(by=act.party, reason=deed.reason, until=deed.until)
    suspensions = {**state.standing.suspensions, act.id: suspension}
    return _with(state, replace(state.standing, suspensions=suspensions))


def judge_resume(state: State, act: Act, deed: acts.Resume) -> Refusal | None:
    """Judge point 2a."""
    found = state.standing.suspensions.get(deed.suspension)
    if found is None:
        return refuse("standing.no_such_suspension")
    if found.by != act.party:
        return refuse("standing.not_your_suspension", party=found.by)
    if not holds(state, found):
        return refuse("standing.resumed_already")
    return None


def apply_resume(state: State, act: Act, deed: acts.Resume) -> State:
    """Lift the suspension; another's may still hold."""
    _ = act
    lifted = replace(state.standing.suspensions[deed.suspension], lifted=True)
    suspensions = {**state.standing.suspensions, deed.suspension: lifted}
    return _with(state, replace(state.standing, suspensions=suspensions))


# --- aborting ---------------------------------------------------------------------------------------------------------


def judge_abort_batch(state: State, act: Act, deed: acts.AbortBatch) -> Refusal | None:
    """Judge point 3."""
    _ = act
    match movement.batch_status(state, deed.batch):
        case "unknown":
            return refuse("standing.no_such_batch", batch=deed.batch)
        case "closed":
            return refuse("standing.batch_closed", batch=deed.batch)
        case "aborted":
            return refuse("standing.batch_aborted", batch=deed.batch)
    return _judge_word(deed.reason, ABORT_REASONS)


def apply_abort_batch(state: State, act: Act, deed: acts.AbortBatch) -> State:
    """Enter the abort; that its people are owed follows from it (handover 4a)."""
    _ = act
    aborted = {**state.standing.aborted_batches, deed.batch: deed.reason}
    return _with(state, replace(state.standing, aborted_batches=aborted))


def judge_abort_exchange(state: State, act: Act, deed: acts.AbortExchange) -> Refusal | None:
    """Judge point 4; that it runs or is suspended was judged before."""
    _ = state, act
    return _judge_word(deed.reason, ABORT_REASONS)


def apply_abort_exchange(state: State, act: Act, deed: acts.AbortExchange) -> State:
    """Enter the abort; closed batches and their outcomes stay (4)."""
    _ = act
    return _with(state, replace(state.standing, aborted=deed.reason))


# --- conditions -------------------------------------------------------------------------------------------------------


def judge_set_condition(state: State, act: Act, deed: acts.SetCondition) -> Refusal | None:
    """Judge point 5."""
    _ = act
    if not lines.is_code(deed.condition):
        return refuse("standing.condition_name", condition=deed.condition[:40])
    if deed.condition in state.standing.conditions:
        return refuse("standing.condition_exists", condition=deed.condition)
    if deed.custodian and deed.custodian not in state.authority.participants:
        return refuse("standing.unknown_custodian", custodian=deed.custodian[:40])
    if deed.review < lines.today(state):
        return refuse("standing.review_passed", review=deed.review, today=lines.today(state))
    for line in deed.about:
        if line not in state.lists.lines:
            return refuse("standing.unknown_line", line=line)
    return None


def apply_set_condition(state: State, act: Act, deed: acts.SetCondition) -> State:
    """Enter the condition with who set it."""
    conditions = {**state.standing.conditions, deed.condition: Condition(by=act.party, says=deed)}
    return _with(state, replace(state.standing, conditions=conditions))


def judge_lift_condition(state: State, act: Act, deed: acts.LiftCondition) -> Refusal | None:
    """Judge points 5 and 5a."""
    refusal = _judge_word(deed.how, LIFTINGS)
    if refusal is not None:
        return refusal
    found = state.standing.conditions.get(deed.condition)
    if found is None:
        return refuse("standing.no_such_condition", condition=deed.condition[:40])
    if found.ended:
        return refuse("standing.condition_over", condition=deed.condition, how=found.ended)
    if deed.how != "broken" and found.by != act.party:
        return refuse("standing.not_your_condition", condition=deed.condition, party=found.by)
    return None


def apply_lift_condition(state: State, act: Act, deed: acts.LiftCondition) -> State:
    """Enter how the condition ended; a broken one alarms all (5a)."""
    found = state.standing.conditions[deed.condition]
    conditions = {**state.standing.conditions, deed.condition: replace(found, ended=deed.how)}
    after = _with(state, replace(state.standing, conditions=conditions))
    if deed.how != "broken":
        return after
    return after.alarm(
        "standing.condition_broken",
        act.position,
        by=act.party,
        condition=deed.condition,
        custodian=found.says.custodian,
        notice_was_due=int(found.says.notice),
    )


# --- erasing ----------------------------------------------------------------------------------------------------------


def judge_erase(state: State, act: Act, deed: acts.Erase) -> Refusal | None:
    """Judge point 6."""
    version = state.lists.versions.get(deed.list)
    if version is None:
        return refuse("standing.no_such_list")
    if version.author != act.party:
        return refuse("standing.not_your_list", party=version.author)
    if not deed.lines.ranges:
        return refuse("standing.nobody_named")
    refusal = _judge_word(deed.ground, ERASURE_GROUNDS)
    if refusal is not None:
        return refusal
    there, gone = set(version.lines), _gone_from(state, deed.list)
    for line in deed.lines:
        if line not in there:
            return refuse("standing.not_in_list", line=line)
        if line in gone:
            return refuse("standing.erased_already", line=line)
    if not any(sealed.blob != version.blob and sealed.commit == version.commit for sealed in act.sealed):
        return refuse("standing.not_resealed")
    return None


def _gone_from(state: State, list_id: ActId) -> set[LineId]:
    return {line for one in state.standing.erasures.values() if one.list == list_id for line in one.lines}


def apply_erase(state: State, act: Act, deed: acts.Erase) -> State:
    """Enter the erasure and who has to confirm it (6a)."""
    version = state.lists.versions[deed.list]
    held_by = tuple(sorted({version.author, version.counterpart, state.authority.neutral}))
    files = tuple(sealed.blob for sealed in act.sealed if sealed.commit == version.commit)
    erasure = Erasure(by=act.party, list=deed.list, lines=deed.lines, ground=deed.ground, files=files, held_by=held_by)
    return _with(state, replace(state.standing, erasures={**state.standing.erasures, act.id: erasure}))


def judge_confirm_erasure(state: State, act: Act, deed: acts.ConfirmErasure) -> Refusal | None:
    """Judge point 6a."""
    erasure = state.standing.erasures.get(deed.erasure)
    if erasure is None:
        return refuse("standing.no_such_erasure")
    if act.party not in erasure.held_by:
        return refuse("standing.file_not_held", party=act.party)
    if act.party in erasure.confirmed_by:
        return refuse("standing.confirmed_already", party=act.party)
    return None


def apply_confirm_erasure(state: State, act: Act, deed: acts.ConfirmErasure) -> State:
    """Enter the confirmation; with the last one, people are erased whom no other version still names (6a)."""
    erasure = state.standing.erasures[deed.erasure]
    confirmed = replace(erasure, confirmed_by=tuple(sorted((*erasure.confirmed_by, act.party))))
    erasures = {**state.standing.erasures, deed.erasure: confirmed}
    gone: dict[ActId, set[LineId]] = {}
    for one in erasures.values():
        if not unconfirmed(state, one):
            gone.setdefault(one.list, set()).update(one.lines)
    named = frozenset(erasure.lines)
    left = {
        line
        for version in state.lists.versions.values()
        for line in named.intersection(version.lines).difference(gone.get(version.id, ()))
    }
    erased = state.standing.erased | (named - left)
    return _with(state, replace(state.standing, erasures=erasures, erased=erased))


# --- closing ----------------------------------------------------------------------------------------------------------


def judge_close(state: State, act: Act, deed: acts.Close) -> Refusal | None:
    """Judge points 7 and 7a."""
    today = lines.today(state)
    if deed.residual_until < today:
        return refuse("standing.residual_passed", residual_until=deed.residual_until, today=today)
    unfinished = handover.unfinished(state)
    if unfinished:
        return refuse("standing.batch_open", batch=unfinished[0], planned=len(batches.numbers(state)))
    owed = reconciliation.open_debts(state)
    if owed:
        return refuse("standing.debts_open", count=len(owed))
    missing = unaccounted(state)
    if missing.ranges:
        return refuse("standing.people_unaccounted", count=len(missing))
    for erasure in state.standing.erasures.values():
        waiting = unconfirmed(state, erasure)
        if waiting:
            return refuse("standing.erasure_unconfirmed", by=", ".join(waiting))
    if state.standing.closing.get(act.party) == deed.residual_until:
        return refuse("standing.closing_signed", party=act.party)
    return None


def apply_close(state: State, act: Act, deed: acts.Close) -> State:
    """Enter the signature; with the last one needed the case is closed (7)."""
    closing = {**state.standing.closing, act.party: deed.residual_until}
    alike = {name for name, day in closing.items() if day == deed.residual_until}
    parties, neutral = set(state.authority.parties), state.authority.neutral
    enough = parties <= alike or (bool(state.standing.aborted) and bool(parties & alike))
    until = deed.residual_until if neutral in alike and enough else None
    return _with(state, replace(state.standing, closing=closing, closed_until=until))
