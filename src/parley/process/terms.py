"""How terms come into force: proposed, agreed to by all, amended, undone; and what the neutral establishes under them.

What terms say once they hold is in ``agreed``; dates and deadlines are in ``dates``; whether clauses make sense is in
``clauses_law``. This module is the law of the acts. Sources: domain 4 (grammar), F19 to F23 and F56, DESIGN 7.1 and
7.9.

1.  Terms are clauses with numbers, the unit that is counted and the point at which it is counted; a number without
    these means two things to two sides (domain F37).
1a. The prose travels sealed, with its commitment in the act: one text for each authentic language. Every other party
    must be able to open it. Terms without languages are structured only, and then nothing prevails over the clauses.
1b. The language that prevails is one of those named; none named means that all texts are equally authentic.
1c. What the prose says cannot be judged here: the law judges on the record alone. The desk shows clauses and text
    side by side before an officer signs (F22).
1d. Proposing needs no session: texts are also carried between sessions by the neutral.
1e. Who agrees to or proposes terms under a mandate for so many people may not bind its side to more, by whatever
    pattern: floor, tranches, pool or all for all (F31, F56). What has no ceiling is beyond every such limit.
2.  A party stands behind one open text at a time. Who proposes stands behind the proposal; who proposes again or
    agrees to another's leaves the earlier one: an own proposal is superseded, an agreement to somebody else's falls
    away.
2a. Agreeing names the text by its id, so an old text replayed after a new one meets "superseded", never agreement.
3.  Terms are in force when all parties stand behind them. There is no other way, and the neutral has no vote.
3a. A new proposal undoes an agreement in force: whoever changes the ratio must win the other side again. An agreement
    and a new proposal that cross on the way so have one outcome in both orders: nothing is agreed. All are alarmed.
3b. That ends when a final list is frozen: from there people rest on the terms, and only an amendment can change them.
3c. Whoever would change terms and keep them meanwhile amends: the old hold until all agree to the new. An amendment
    whose base no longer holds is superseded with it. It keeps unit, count point, languages and day of effect.
3d. An amendment cannot go below what has been delivered already, and has to change something.
3e. Signatures on a final list that is not yet frozen fall when the terms under it change: nobody signed it under the
    new.
4.  Withdrawing takes back one's own proposal, or one's agreement, while not all have agreed. Of a withdrawal and the
    last agreement that cross, the first in the log holds: some act must be the one that binds.
5.  A conditional clause waits for its fact. Only the neutral establishes it, once, as one of the answers that the
    clause names; if it was wrong, the parties amend. Facts survive an amendment that leaves their clause as it was.
6.  A row may be opened before the neutral, who says for a category, a named place, or the cut-off of all for all
    whether it fits. The commitment must be that of the list which holds the line, so nobody proves a row of another
    list. What follows from the finding, and to how many a place is bound, is in ``parley.process.keeping`` (5, 11).
7.  Where side deals were excluded (domain 2.1, F32), a reply that keeps people back for another deal, or that tells of
    their release since the agreement, raises an alarm. The reply stands: to refuse it would only hide what it tells.
8.  Announcing early (F23) needs no rule here: what may be said in public follows from ``publicity`` and is judged
    there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import COUNT_POINTS, FINDINGS, Act
from parley.clauses import Category, Clause, Conditional, GeneralAllForAll, NamedSlot
from parley.process.agreed import (
    batches_named,
    branch,
    categories,
    choosers,
    clauses,
    commissions,
    cut_off,
    daily_quota,
    days_earned,
    delivered,
    in_force,
    legal_preconditions,
    most_ahead,
    named_slots,
    no_side_deals,
    owed,
    owed_under,
    parity,
    parts_outside,
    pools,
    publicity,
    rates,
    readiness_required,
    remainder,
    remains_owed,
    residual_duty,
    scope,
    stays,
    tranche,
    weights,
)
from parley.process.clauses_law import COUNTED, id_of, judge_clauses
from parley.process.dates import (
    apply_answer_date_and_place,
    apply_propose_date_and_place,
    date_of,
    date_status,
    deadline,
    hours_after,
    judge_answer_date_and_place,
    judge_propose_date_and_place,
    note_time,
    overdue,
)
from parley.process.keeping import attested_key, judge_binding
from parley.process.lines import same_person
from parley.process.state import State, TermsVersion
from parley.words import ActId, LineId, Moment, ParticipantName, Refusal, first_of, refuse

__all__ = [
    "apply_answer_date_and_place",
    "apply_propose_date_and_place",
    "batches_named",
    "branch",
    "categories",
    "choosers",
    "clauses",
    "commissions",
    "cut_off",
    "daily_quota",
    "date_of",
    "date_status",
    "days_earned",
    "deadline",
    "delivered",
    "in_force",
    "judge_answer_date_and_place",
    "judge_propose_date_and_place",
    "legal_preconditions",
    "most_ahead",
    "named_slots",
    "no_side_deals",
    "overdue",
    "owed",
    "parity",
    "parts_outside",
    "pools",
    "publicity",
    "rates",
    "readiness_required",
    "remainder",
    "remains_owed",
    "residual_duty",
    "scope",
    "stays",
    "tranche",
    "weights",
]

LANGUAGE: Final = re.compile(r"[a-z]{2,3}\Z")
MOST_LANGUAGES: Final = 12
ATTESTABLE: Final = (Category, NamedSlot, GeneralAllForAll)
"""The clauses under which a row may be opened before the neutral."""
CLOSED: Final = {"withdrawn": "terms.withdrawn", "superseded": "terms.superseded", "undone": "terms.undone"}
"""Why a text cannot be agreed to any more, by what became of it."""


def open_versions(state: State) -> tuple[TermsVersion, ...]:
    """Return the proposals and amendments that can still be agreed to, in the order proposed."""
    found = [one for one in state.terms.versions.values() if not one.agreed and not one.closed]
    return tuple(sorted(found, key=lambda one: one.position))


def judge_propose_terms(state: State, act: Act, deed: acts.ProposeTerms) -> Refusal | None:
    """Say why these terms may not be proposed, or nothing (1, 3b)."""
    if state.terms.in_force is not None and _people_rest_on_terms(state):
        return refuse("terms.lists_rest_on_them", terms=state.terms.in_force[:8])  # 3b
    if deed.unit not in COUNTED:
        return refuse("terms.unknown_word", word=deed.unit[:40], allowed=", ".join(COUNTED))
    if deed.count_point not in COUNT_POINTS:
        return refuse("terms.unknown_word", word=deed.count_point[:40], allowed=", ".join(COUNT_POINTS))
    if deed.effect is not None and hours_after(Moment(f"{deed.effect}T00:00:00Z"), 0) is None:
        return refuse("terms.impossible_day", day=deed.effect)
    return first_of(_judge_languages(deed), _judge_texts(state, act, deed), _judge_clauses(state, act, deed.clauses))


def _people_rest_on_terms(state: State) -> bool:
    return any(final.frozen is not None for final in state.lists.finals.values())


def _judge_languages(deed: acts.ProposeTerms) -> Refusal | None:
    named = deed.languages
    odd = len(set(named)) != len(named) or len(named) > MOST_LANGUAGES or not all(map(LANGUAGE.match, named))
    if odd:
        return refuse("terms.languages_unclear", languages=", ".join(named)[:80])
    if deed.prevailing and deed.prevailing not in named:
        return refuse("terms.prevailing_unclear", language=deed.prevailing[:40])  # 1b
    return None


def _judge_texts(state: State, act: Act, says: acts.ProposeTerms) -> Refusal | None:
    """Say whose copy of the sealed text is missing (1a)."""
    if not says.languages:
        return None
    if not act.sealed:
        return refuse("terms.text_missing", languages=", ".join(says.languages))
    rooms = {room for sealed in act.sealed for room in sealed.to}
    for party in state.authority.parties:
        if party != act.party and not any(room.startswith(f"{party}/") for room in rooms):
            return refuse("terms.text_not_for_all", party=party)
    return None


def _judge_clauses(state: State, act: Act, proposed: tuple[Clause, ...]) -> Refusal | None:
    refusal = judge_clauses(proposed, state.authority.parties, state.authority.neutral)
    return _judge_limit(state, act, proposed) if refusal is None else refusal  # only what makes sense can be summed


def _judge_limit(state: State, act: Act, proposed: tuple[Clause, ...]) -> Refusal | None:
    """Say whether the act binds a side to more people than its mandate allows (1e)."""
    mandate = state.authority.mandates.get(ActId(act.mandate))
    if mandate is None or not mandate.most_persons:
        return None
    for party in state.authority.parties:
        _, most = owed_under(proposed, party, state.terms.facts)
        if most is None or most > mandate.most_persons:
            asked = "∞" if most is None else most
            return refuse("contact.beyond_mandate_persons", most=mandate.most_persons, asked=asked)
    return None


def apply_propose_terms(state: State, act: Act, deed: acts.ProposeTerms) -> State:
    """Enter the proposal with its author behind it; an agreement in force is undone (2, 3a)."""
    undone = state.terms.in_force
    if undone is not None:
        state = _undo(state, undone).alarm("terms.agreement_undone", act.position, party=act.party, terms=undone[:8])
    version = TermsVersion(id=act.id, proposed_by=act.party, says=deed, position=act.position, agreed_by=(act.party,))
    return _with(_leave_others(state, act.party), version)


def _with(state: State, version: TermsVersion) -> State:
    return replace(state, terms=replace(state.terms, versions={**state.terms.versions, version.id: version}))


def _leave_others(state: State, party: ParticipantName) -> State:
    """Return the state in which a party stands behind no open text (2)."""
    for one in open_versions(state):
        if one.proposed_by == party:
            state = _with(state, replace(one, closed="superseded"))
        elif party in one.agreed_by:
            state = _with(state, replace(one, agreed_by=tuple(name for name in one.agreed_by if name != party)))
    return state


def _undo(state: State, undone: ActId) -> State:
    """Return the state without terms in force, and without what hung on them: dates, facts, findings (3a, 3e)."""
    dates = {key: replace(one, superseded=True) for key, one in state.terms.dates.items()}
    version = replace(state.terms.versions[undone], closed="undone")
    terms = replace(state.terms, in_force=None, dates=dates, facts={}, attested={})
    return _drop_hanging(_with(replace(state, terms=terms), version), undone)


def _drop_hanging(state: State, base: ActId) -> State:
    """Return the state without open amendments of terms that no longer hold or half-signed final lists (3c, 3e)."""
    for one in open_versions(state):
        if one.amends == base:
            state = _with(state, replace(one, closed="superseded"))
    finals = {key: final for key, final in state.lists.finals.items() if final.frozen is not None}
    return replace(state, lists=replace(state.lists, finals=finals))


def judge_agree_terms(state: State, act: Act, deed: acts.AgreeTerms) -> Refusal | None:
    """Say why these terms cannot be agreed to, or nothing (2a)."""
    refusal = _judge_open(state, deed.terms)
    if refusal is not None:
        return refusal
    version = state.terms.versions[deed.terms]
    if act.party in version.agreed_by:
        return refuse("terms.already_agreed", terms=deed.terms[:8])
    return _judge_limit(state, act, version.says.clauses)


def _judge_open(state: State, named: ActId) -> Refusal | None:
    version = state.terms.versions.get(named)
    if version is None:
        return refuse("terms.unknown", terms=named[:8])
    if version.closed:
        return refuse(CLOSED[version.closed], terms=named[:8])  # 2a
    if version.agreed:
        return refuse("terms.already_agreed", terms=named[:8])
    return None


def apply_agree_terms(state: State, act: Act, deed: acts.AgreeTerms) -> State:
    """Note the agreement; with the last party's the terms come into force (3)."""
    state = _leave_others(state, act.party)
    version = state.terms.versions[deed.terms]
    version = replace(version, agreed_by=tuple(sorted({*version.agreed_by, act.party})))
    if set(state.authority.parties) <= set(version.agreed_by):
        return _come_into_force(state, version)
    return _with(state, version)


def _come_into_force(state: State, version: TermsVersion) -> State:
    base = state.terms.versions.get(version.amends) if version.amends is not None else None
    if base is None:
        agreed_at, facts, attested = state.authority.clock, {}, {}
    else:
        agreed_at = base.agreed_at  # clocks run on (dates, 3a)
        kept = {id_of(one) for one in version.says.clauses if one in base.says.clauses}
        facts = {clause: answer for clause, answer in state.terms.facts.items() if clause in kept}  # 5
        attested = {key: found for key, found in state.terms.attested.items() if key.rpartition("/")[2] in kept}
        state = _drop_hanging(_with(state, replace(base, closed="superseded")), base.id)
    state = _with(state, replace(version, agreed=True, agreed_at=agreed_at))
    return replace(state, terms=replace(state.terms, in_force=version.id, facts=facts, attested=attested))


def judge_withdraw_terms(state: State, act: Act, deed: acts.WithdrawTerms) -> Refusal | None:
    """Say why there is nothing to take back, or nothing (4)."""
    refusal = _judge_open(state, deed.terms)
    if refusal is not None:
        return refusal
    if act.party not in state.terms.versions[deed.terms].agreed_by:
        return refuse("terms.not_behind_them", terms=deed.terms[:8])
    return None


def apply_withdraw_terms(state: State, act: Act, deed: acts.WithdrawTerms) -> State:
    """Take back a proposal, or an agreement to another's."""
    version = state.terms.versions[deed.terms]
    if version.proposed_by == act.party:
        return _with(state, replace(version, closed="withdrawn"))
    return _leave_others(state, act.party)


def judge_amend_terms(state: State, act: Act, deed: acts.AmendTerms) -> Refusal | None:
    """Say why the terms in force may not be amended so, or nothing (3c, 3d)."""
    if deed.terms not in state.terms.versions:
        return refuse("terms.unknown", terms=deed.terms[:8])
    if deed.terms != state.terms.in_force:
        return refuse("terms.not_in_force", terms=deed.terms[:8])
    base = state.terms.versions[deed.terms].says
    if deed.clauses == base.clauses:
        return refuse("terms.nothing_changed", terms=deed.terms[:8])
    refusal = first_of(_judge_texts(state, act, base), _judge_clauses(state, act, deed.clauses))
    if refusal is not None:
        return refusal
    for party in state.authority.parties:
        _, most = owed_under(deed.clauses, party, state.terms.facts)
        done = delivered(state, party)
        if most is not None and done > most:
            return refuse("terms.below_delivered", party=party, most=most, delivered=done)
    return None


def apply_amend_terms(state: State, act: Act, deed: acts.AmendTerms) -> State:
    """Enter the amendment with its author behind it; the terms in force stay so (3c)."""
    says = replace(state.terms.versions[deed.terms].says, clauses=deed.clauses)
    version = TermsVersion(
        id=act.id,
        proposed_by=act.party,
        says=says,
        position=act.position,
        amends=deed.terms,
        agreed_by=(act.party,),
    )
    return _with(_leave_others(state, act.party), version)


def judge_establish_fact(state: State, act: Act, deed: acts.EstablishFact) -> Refusal | None:
    """Say why this fact cannot be established, or nothing (5)."""
    _ = act
    if in_force(state) is None:
        return refuse("terms.none_in_force")
    clause = next((one for one in clauses(state, Conditional) if one.clause == deed.clause), None)
    if clause is None:
        return refuse("terms.not_conditional", clause=deed.clause[:40])
    if deed.clause in state.terms.facts:
        return refuse("terms.fact_established", clause=deed.clause, branch=state.terms.facts[deed.clause])
    answers = [one.answer for one in clause.branches]
    if deed.branch not in answers:
        return refuse("terms.unknown_word", word=deed.branch[:40], allowed=", ".join(answers))
    return None


def apply_establish_fact(state: State, act: Act, deed: acts.EstablishFact) -> State:
    """Note which branch holds."""
    _ = act
    return replace(state, terms=replace(state.terms, facts={**state.terms.facts, deed.clause: deed.branch}))


def watch(before: State, after: State, act: Act) -> State:
    """Return the state after any allowed act with what the terms make noteworthy of it: its time, delay, side deals."""
    after = note_time(before, after, act)
    if not isinstance(act.deed, acts.ReplyToLines) or not no_side_deals(before):
        return after
    agreed_at = before.terms.versions[before.terms.in_force or ActId("")].agreed_at
    for reply in act.deed.replies:
        freed = reply.code == "RELEASED_EARLIER" and reply.day is not None and reply.day > agreed_at[:10]
        if freed or (reply.code == "HELD_WITHHELD" and reply.reason == "reserved_for_another_deal"):
            lines = str(reply.lines)[:80]
            return after.alarm("terms.side_deal", act.position, party=act.party, lines=lines)  # 7
    return after


def judge_attest_row(state: State, act: Act, deed: acts.AttestRow) -> Refusal | None:
    """Say why this row cannot be attested, or nothing (6)."""
    _ = act
    says = in_force(state)
    if says is None:
        return refuse("terms.none_in_force")
    if deed.clause not in {id_of(one) for one in says.clauses if isinstance(one, ATTESTABLE)}:
        return refuse("terms.not_attestable", clause=deed.clause[:40])
    if deed.finding not in FINDINGS:
        return refuse("terms.unknown_word", word=deed.finding[:40], allowed=", ".join(FINDINGS))
    line = state.lists.lines.get(LineId(deed.line))
    version = state.lists.versions.get(line.list) if line is not None else None
    if version is None:
        return refuse("terms.unknown_line", line=deed.line[:40])
    if deed.root != version.commit:
        return refuse("terms.other_commitment", line=deed.line)
    return judge_binding(state, LineId(deed.line), deed.clause, deed.finding)


def apply_attest_row(state: State, act: Act, deed: acts.AttestRow) -> State:
    """Note what the neutral found of the row under this clause; a later finding takes the place of an earlier one."""
    _ = act
    before = {attested_key(one, deed.clause) for one in same_person(state, deed.line)}
    attested = {key: found for key, found in state.terms.attested.items() if key not in before}
    attested[attested_key(deed.line, deed.clause)] = deed.finding
    return replace(state, terms=replace(state.terms, attested=attested))
