"""What may I do now, and for everything else: why not? The law asked about the most plausible next step of each kind.

For each kind of act there is one *offer*: the deed that an officer most likely means here (the open proposal, the unanswered
lines, the next batch). ``whatnow`` asks the law about every offer, with officers of the desk's mandate as signers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parley import acts
from parley.acts import Act, Deed, Sealed
from parley.clauses import Category, Conditional, FixedNumbers, ResidualDuty
from parley.desk import FORKED, Desk
from parley.desk.enclosing import rooms_for
from parley.process import (
    RULES,
    Rule,
    agreed,
    batches,
    figures,
    handover,
    judge,
    lines,
    lists,
    movement,
    publication,
    reconciliation,
    standing,
    talks,
    terms,
)
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS, Authority
from parley.process.state import State
from parley.record.keys import VerifyKey
from parley.store import RESTORED
from parley.words import ActId, Day, Digest, LineId, Lines, Moment, ParticipantName, Refusal, refuse, split_line

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there: what "the proposal" is where there is none."""
NO_FILE: Final = Digest("0" * 64)
A_FILE: Final = Digest("f" * 64)
FAR: Final = Day("2100-01-01")
LONG: Final = Moment("2100-01-01T00:00:00Z")
LONGER: Final = Moment("2100-01-02T00:00:00Z")

Offer = Callable[[State, ParticipantName], Deed]


@dataclass(frozen=True, slots=True)
class MayDo:
    """Something that may be done now: its kind and the offer that the law allows."""

    kind: str
    offer: Deed


@dataclass(frozen=True, slots=True)
class MayNot:
    """Something that may not be done now, and why."""

    kind: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class WhatNow:
    """What this desk's officers may do now and, for all other acts of the law, why not.

    ``must_not_sign`` is the code of what keeps the desk itself from signing, whatever the law says: restored, forked.
    """

    may: tuple[MayDo, ...]
    may_not: tuple[MayNot, ...]
    must_not_sign: str = ""


def whatnow(desk: Desk) -> WhatNow:
    """Ask the law about each kind of act in the state ahead: the log, and what waits here for its receipt."""
    state, who = desk.ahead, desk.name
    candidates = offers(state, who)
    may: list[MayDo] = []
    may_not: list[MayNot] = []
    for rule in RULES:
        kind = rule.deed.kind
        refusal = _wrong_role(state, who, rule) or judge(state, _as_act(state, who, candidates[kind]))
        if refusal is None:
            may.append(MayDo(kind, candidates[kind]))
        else:
            may_not.append(MayNot(kind, refusal))
    facts = desk.store.facts()
    banned = "desk.restored" if RESTORED in facts else "desk.forked" if FORKED in facts else ""
    return WhatNow(tuple(may), tuple(may_not), banned)


def _wrong_role(state: State, who: ParticipantName, rule: Rule) -> Refusal | None:
    """Name the role first: that a mandate does not hold what it never could is the lesser reason."""
    mine = state.authority.participants.get(who)
    if mine is None or mine.role in rule.by:
        return None
    return refuse("process.wrong_role", role=mine.role, kind=rule.deed.kind)


def offers(state: State, party: ParticipantName) -> Mapping[str, Deed]:
    """Return, for every kind of act, the deed that this participant most plausibly means now."""
    return {deed.kind: _OFFERS[deed](state, party) for deed in acts.DEEDS}


def _as_act(state: State, who: ParticipantName, deed: Deed) -> Act:
    head = state.authority.heads.get(who)
    mandate, signers = _signers(state.authority, who, deed)
    rooms = rooms_for(state, who, deed)
    commit = A_FILE
    if isinstance(deed, acts.Erase) and deed.list in state.lists.versions:
        commit = state.lists.versions[deed.list].commit
    return Act(
        id=NOBODYS,
        position=state.count,
        party=who,
        seq=head.seq + 1 if head is not None else 1,
        mandate=mandate,
        signers=frozenset(signers),
        deed=deed,
        sealed=(Sealed(NO_FILE, commit, 0, rooms),) if rooms else (),
    )


def _signers(authority: Authority, who: ParticipantName, deed: Deed) -> tuple[str, Iterable[str]]:
    """Return who would sign: all root keys, the desk key, or as many officers of a fitting mandate as the kind needs."""
    kind = deed.kind
    if kind in ROOT_KINDS:
        everybody = kind in {"upgrade_rules", "succeed_neutral", "found_case"}
        named = authority.participants.values() if everybody else [authority.participants.get(who)]
        return ROOT, [VerifyKey.parse(vkey).name for one in named if one is not None for vkey in one.roots]
    if kind in DESK_KINDS:
        return DESK, [f"{who}/desk"]
    mine = [one for one in authority.mandates.values() if one.party == who]
    mine.sort(key=lambda one: (kind not in one.needed, bool(one.revoked), one.until <= authority.clock))
    if not mine:
        return "", ()
    return mine[0].id, sorted(mine[0].officers)[: mine[0].needed.get(kind, 1)]


# --- what is meant ----------------------------------------------------------------------------------------------------


def _other(state: State, who: ParticipantName) -> ParticipantName:
    return next((name for name in state.authority.parties if name != who), ParticipantName(""))


def _giving(state: State, who: ParticipantName) -> ParticipantName:
    return who if who in state.authority.parties else next(iter(state.authority.parties), who)


def _newest(found: Iterable[ActId]) -> ActId:
    return next(reversed(tuple(found)), NOBODYS)


def _day(state: State) -> Day:
    return lines.today(state) or Day("2000-01-01")


def _few(found: Iterable[str], most: int = 1) -> Lines:
    """Return the first few of some lines, by number."""
    chosen = sorted({LineId(one) for one in found}, key=split_line)
    return Lines.among(chosen[:most] if most else chosen)


def _batch(state: State, who: ParticipantName) -> int:
    """Return the batch that is most likely meant: the first that is neither closed nor done with."""
    open_ones = [one for one in batches.numbers(state) if movement.batch_status(state, one) in ("open", "frozen")]
    mine = [one for one in open_ones if who in (*movement.concerned(state, one), state.authority.neutral)]
    return next(iter(mine or open_ones or list(batches.numbers(state))), 1)


def _people(state: State, batch: int, who: ParticipantName) -> Lines:
    planned = batches.plan(state, batch)
    return planned.gives.get(who, Lines()) if planned is not None else Lines()


# --- contact ----------------------------------------------------------------------------------------------------------


def _found(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.FoundCase(origin="neutral/log", participants=(), rules=1, practice=state.authority.practice)


def _issue(state: State, who: ParticipantName) -> Deed:
    key = state.authority.participants.get(who)
    mine = [one for one in state.authority.mandates.values() if one.party == who]
    officers = tuple(mine[-1].officers.values()) if mine else (_an_officer(who, key is not None),)
    grants = (acts.Grant(("record_public_statement",), 1),)
    return acts.IssueMandate(
        officers=officers, grants=grants, not_before=Moment(_day(state) + "T00:00:00Z"), until=LONGER
    )


def _an_officer(who: ParticipantName, known: bool) -> str:
    """Return a made-up key, so that the law can be asked before there is a real one; nobody can sign with it."""
    return VerifyKey(f"{who}/officer-1", bytes([88]) + bytes([102]) * 31).vkey if known else ""


def _revoke(state: State, who: ParticipantName) -> Deed:
    standing_ones = [one.id for one in state.authority.mandates.values() if one.party == who and not one.revoked]
    return acts.RevokeMandate(mandate=_newest(standing_ones), reason="replaced")


def _rotate(state: State, who: ParticipantName) -> Deed:
    mine = state.authority.participants.get(who)
    if mine is None:
        return acts.RotateKeys(roots=(), threshold=1, desk_key="")
    return acts.RotateKeys(roots=mine.roots, threshold=mine.threshold, desk_key=mine.desk_key)


def _publish_keys(state: State, who: ParticipantName) -> Deed:
    mine = {room: key for room, key in state.encryption_keys.items() if room.startswith(f"{who}/")}
    return acts.PublishEncryptionKeys(keys=mine or {f"{who}/lists": "age1"})


def _clock(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.RecordClock(now=state.authority.clock or Moment("2000-01-01T00:00:00Z"))


def _upgrade(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.UpgradeRules(rules=state.authority.rules + 1)


def _succeed(state: State, who: ParticipantName) -> Deed:
    _ = who
    fallen = next((one for one in state.authority.participants.values() if one.role == "neutral"), None)
    new = acts.Enrolled(
        ParticipantName(fallen.name if fallen else ""),
        "neutral",
        fallen.letters if fallen else "",
        fallen.roots if fallen else (),
        fallen.threshold if fallen else 1,
        fallen.desk_key if fallen else "",
    )
    return acts.SucceedNeutral(size=state.count, root=A_FILE, origin=state.authority.origin, neutral=new)


def _report_fork(state: State, who: ParticipantName) -> Deed:
    return acts.ReportFork(participant=_other(state, who), notes=())


def _choose_branch(state: State, who: ParticipantName) -> Deed:
    head = state.authority.heads.get(who)
    return acts.ChooseBranch(head=head.id if head is not None else NOBODYS)


# --- talks and terms --------------------------------------------------------------------------------------------------


def _open_session(state: State, who: ParticipantName) -> Deed:
    _ = who
    present = tuple(acts.Delegation(party, ("head of delegation",)) for party in state.authority.parties)
    return acts.OpenSession(place="…", host="…", form="direct", press="closed", delegations=present)


def _close_session(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.CloseSession(minutes=60)


def _raise_item(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.RaiseItem(item=f"item_{len(state.talks.items) + 1}", title="…")


def _open_items(state: State) -> list[str]:
    return [name for name in state.talks.items if not talks.settled(state, name)]


def _state_position(state: State, who: ParticipantName) -> Deed:
    _ = who
    items = _open_items(state) or list(state.talks.items)
    return acts.StatePosition(item=items[-1] if items else "item_1", position="asks")


def _answer_position(state: State, who: ParticipantName) -> Deed:
    for name in reversed(_open_items(state)):
        for author, position in state.talks.items[name].positions.items():
            if author != who and who not in position.answers:
                return acts.AnswerPosition(item=name, position=position.id, answer="consider")
    items = _open_items(state) or list(state.talks.items)
    return acts.AnswerPosition(item=items[-1] if items else "item_1", position=NOBODYS, answer="consider")


def _object_to_participant(state: State, who: ParticipantName) -> Deed:
    other = _other(state, who)
    known = {(by, about, ground) for by, about, ground in state.talks.objections}
    ground = next((one for one in acts.DELEGATION_OBJECTIONS if (who, other, one) not in known), "level")
    return acts.ObjectToParticipant(participant=other, ground=ground)


def _propose_terms(state: State, who: ParticipantName) -> Deed:
    _ = who
    gives = dict.fromkeys(state.authority.parties, 1)
    clause = FixedNumbers(clause="c1", gives=gives)
    return acts.ProposeTerms(clauses=(clause,), unit="person", count_point="handed_over", languages=(), prevailing="")


def _agree_terms(state: State, who: ParticipantName) -> Deed:
    open_ones = terms.open_versions(state)
    fitting = [one.id for one in open_ones if who not in one.agreed_by] or [one.id for one in open_ones]
    return acts.AgreeTerms(terms=_newest(fitting) if fitting else state.terms.in_force or NOBODYS)


def _withdraw_terms(state: State, who: ParticipantName) -> Deed:
    fitting = [one.id for one in terms.open_versions(state) if who in one.agreed_by]
    return acts.WithdrawTerms(terms=_newest(fitting) if fitting else state.terms.in_force or NOBODYS)


def _amend_terms(state: State, who: ParticipantName) -> Deed:
    says = agreed.in_force(state)
    fresh = _propose_terms(state, who)
    assert isinstance(fresh, acts.ProposeTerms)
    clauses = (*says.clauses, ResidualDuty(clause="added")) if says is not None else fresh.clauses
    return acts.AmendTerms(terms=state.terms.in_force or NOBODYS, clauses=clauses)


def _propose_date(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who) if batches.numbers(state) else 0
    return acts.ProposeDateAndPlace(batch=batch, opens=LONG, closes=LONGER, place="…", answer_by=LONG)


def _answer_date(state: State, who: ParticipantName) -> Deed:
    proposed = state.terms.dates.values()
    fresh = [one.id for one in proposed if who not in (*one.accepted_by, *one.declined_by) and not one.superseded]
    return acts.AnswerDateAndPlace(proposal=_newest(fresh or [one.id for one in proposed]), answer="accept")


def _establish(state: State, who: ParticipantName) -> Deed:
    _ = who
    waiting = [one for one in agreed.clauses(state, Conditional) if one.clause not in state.terms.facts]
    if not waiting:
        return acts.EstablishFact(clause="c1", branch="alive")
    return acts.EstablishFact(clause=waiting[0].clause, branch=waiting[0].branches[0].answer)


def _attest(state: State, who: ParticipantName) -> Deed:
    _ = who
    clause = next((one.clause for one in agreed.clauses(state, Category)), "c1")
    line = next((line for line, one in state.lists.lines.items() if not one.dropped), None)
    version = state.lists.versions.get(state.lists.lines[line].list) if line is not None else None
    root = version.commit if version is not None else NO_FILE
    return acts.AttestRow(line=line or "N1", clause=clause, root=root, finding="fits")


# --- lists ------------------------------------------------------------------------------------------------------------


def _next_line(state: State, who: ParticipantName) -> str:
    mine = state.authority.participants.get(who)
    letters = mine.letters if mine is not None else "N"
    numbers = [split_line(line)[1] for line in (*state.lists.lines, *state.remains) if split_line(line)[0] == letters]
    return f"{letters}{max(numbers, default=0) + 1}"


def _hand_in_list(state: State, who: ParticipantName) -> Deed:
    other = _other(state, who)
    missing = [one for one in acts.LIST_PURPOSES if lists.latest_version(state, who, other, one) is None]
    purpose = missing[0] if missing else acts.LIST_PURPOSES[0]
    previous = lists.latest_version(state, who, other, purpose)
    kept = previous.lines.ranges if previous is not None else ()
    group = acts.LineGroup(lines=Lines.of(*kept, _next_line(state, who)), category="soldiers")
    version = previous.version + 1 if previous is not None else 1
    return acts.HandInList(purpose=purpose, counterpart=other, version=version, groups=(group,))


def _addressed(state: State, who: ParticipantName, purpose: str = "") -> list[Any]:
    found = [state.lists.versions[key] for key in state.lists.latest.values()]
    return sorted((one for one in found if one.counterpart == who and purpose in ("", one.purpose)), key=_position)


def _position(one: Any) -> int:  # noqa: ANN401 - whatever knows its place in the log
    return int(one.position)


def _acknowledge_list(state: State, who: ParticipantName) -> Deed:
    found = sorted((one for one in state.lists.versions.values() if one.counterpart == who), key=_position)
    fresh = [one for one in found if who not in one.acknowledged_by] or found
    return acts.AcknowledgeList(list=fresh[0].id if fresh else NOBODYS, count=len(fresh[0].lines) if fresh else 0)


def _unanswered(state: State, who: ParticipantName) -> Iterator[LineId]:
    for line, one in state.lists.lines.items():
        if one.holder == who and one.purpose == "request" and one.reply is None and not one.dropped:
            yield line


def _reply(state: State, who: ParticipantName) -> Deed:
    held = list(_unanswered(state, who)) or [line for line, one in state.lists.lines.items() if one.holder == who][:1]
    return acts.ReplyToLines(replies=(acts.Reply(lines=_few(held, 0), code="HELD_WILL_RELEASE"),))


def _object_to_lines(state: State, who: ParticipantName) -> Deed:
    fixed = lists.frozen_set(state, _other(state, who))
    mine = [line for line, one in state.lists.lines.items() if one.receiver == who and line not in fixed]
    denied = [line for line in mine if lists.reply_of(state, line) not in ("", *lines.RELEASING)]
    return acts.ObjectToLines(lines=_few(denied or mine), ground="held_by_evidence", evidence="none")


def _final_reply(state: State, who: ParticipantName) -> Deed:
    found = _addressed(state, who, "request")
    fresh = [one.id for one in found if not one.answered]
    return acts.GiveFinalReply(list=_newest(fresh or [one.id for one in found]))


def _sign_final_list(state: State, who: ParticipantName) -> Deed:
    """Offer what another party signed and this one did not; else one's own people who may go, as many as are owed."""
    for final in state.lists.finals.values():
        theirs = [signed for name, signed in final.signed.items() if name != who]
        if theirs and final.signed.get(who) != theirs[-1] and final.frozen is None:
            return acts.SignFinalList(giving=final.giving, receiving=final.receiving, lines=theirs[-1])
    parties = state.authority.parties
    open_ones = [one for one in parties if lines.frozen(state, one) is None and not _signed(state, who, one)]
    giving = who if who in open_ones or not open_ones else open_ones[0]
    going = [line for line in lines.giving_lines(state, giving) if lists.reply_of(state, line) in lines.RELEASING]
    least, most = agreed.owed(state).get(giving, (0, None))
    wanted = max(least, 1) if most is None else most
    return acts.SignFinalList(giving=giving, receiving=_other(state, giving), lines=_few(going, wanted))


def _signed(state: State, who: ParticipantName, giving: ParticipantName) -> bool:
    return any(final.giving == giving and who in final.signed for final in state.lists.finals.values())


def _request_substitution(state: State, who: ParticipantName) -> Deed:
    giving = _giving(state, who)
    going = lines.frozen(state, giving) or Lines()
    placed = lists.frozen_set(state, giving)
    spare = [line for line in lines.giving_lines(state, giving) if line not in placed]
    return acts.RequestSubstitution(out=_few(going), into=_few(spare), reason="not_ready")


def _answer_substitution(state: State, who: ParticipantName) -> Deed:
    waiting = [key for key, one in state.lists.substitutions.items() if not one.answer]
    fresh = [key for key in waiting if state.lists.substitutions[key].asked_by != who]
    return acts.AnswerSubstitution(request=_newest(fresh or waiting or state.lists.substitutions), answer="accept")


# --- verification -----------------------------------------------------------------------------------------------------


def _to_see(state: State, who: ParticipantName) -> Lines:
    """Return people whose papers somebody may want to enter: those the speaker holds, or anybody for the neutral."""
    mine = who in state.authority.parties
    people = [
        lines.person_of(state, line)
        for line, one in state.lists.lines.items()
        if not one.dropped and (not mine or one.holder == who)
    ]
    seen = state.verification.interviewed
    fresh = [line for line in people if line not in seen]
    return _few(fresh or people)


def _interview(state: State, who: ParticipantName) -> Deed:
    return acts.RecordInterview(lines=_to_see(state, who), day=_day(state), alone=True, language="en")


def _certify(state: State, who: ParticipantName) -> Deed:
    return acts.CertifyMedically(lines=_to_see(state, who), day=_day(state), valid_until=FAR)


def _clear(state: State, who: ParticipantName) -> Deed:
    return acts.ClearLegally(lines=_to_see(state, who), day=_day(state), valid_until=FAR)


def _declare(state: State, who: ParticipantName) -> Deed:
    _ = who
    seen = [line for line in state.verification.interviewed if not lines.declared_ready(state, line)]
    return acts.DeclareReadiness(
        ready=_few(seen or state.verification.interviewed or _to_see(state, who), 0), not_ready=Lines(), valid_until=FAR
    )


def _ask_question(state: State, who: ParticipantName) -> Deed:
    due = lists.questions_due(state, state.lists.lines)
    return acts.AskIdentityQuestion(lines=_few(due or _to_see(state, who)))


def _answer_question(state: State, who: ParticipantName) -> Deed:
    waiting = [key for key, one in state.verification.questions.items() if one.answered is None]
    fresh = [key for key in waiting if state.verification.questions[key].asked_by != who]
    return acts.AnswerIdentityQuestion(
        question=_newest(fresh or waiting or state.verification.questions), answered=True
    )


def _match(state: State, who: ParticipantName, *, of_others: bool) -> acts.Pair:
    """Return a pair proposed that this participant has not answered; else any request line with any offer line."""
    for match in state.verification.matches.values():
        if of_others and who not in (*match.accepted_by, *match.disputed_by):
            return match.pair
    free = {line: one for line, one in state.lists.lines.items() if not one.joined and not one.dropped}
    offered = {(one.holder, one.receiver): line for line, one in free.items() if one.purpose == "offer"}
    tried = {one.pair for one in state.verification.matches.values()}
    for line, one in free.items():
        other = offered.get((one.holder, one.receiver)) if one.purpose == "request" else None
        if other is not None and (of_others or acts.Pair(line, other) not in tried):
            return acts.Pair(line, other)
    return acts.Pair("N1", "S1")


def _propose_match(state: State, who: ParticipantName) -> Deed:
    return acts.ProposeMatch(pairs=(_match(state, who, of_others=False),), grade="doubtful")


def _accept_match(state: State, who: ParticipantName) -> Deed:
    return acts.AcceptMatch(pairs=(_match(state, who, of_others=True),))


def _dispute_match(state: State, who: ParticipantName) -> Deed:
    return acts.DisputeMatch(pairs=(_match(state, who, of_others=True),), ground="no_reason_given")


# --- batches ----------------------------------------------------------------------------------------------------------


def _commit_seed(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.CommitSeed(commitment=A_FILE)


def _reveal_seed(state: State, who: ParticipantName) -> Deed:
    """Offer nothing that fits: the seed is a secret of the officer who committed to it."""
    _ = state, who
    return acts.RevealSeed(seed="")


def _compose(state: State, who: ParticipantName) -> Deed:
    """Offer one batch with everybody on the final lists, or one for each tranche that the terms name."""
    _ = who
    going = {party: list(lines.frozen(state, party) or ()) for party in state.authority.parties}
    sizes = [agreed.tranche(state, number) for number in range(1, agreed.batches_named(state) + 1)]
    plans: list[acts.BatchPlan] = []
    for number, size in enumerate([*filter(None, sizes)], start=1):
        gives = {party: Lines.among(people[: size.get(party, 0)]) for party, people in going.items()}
        going = {party: people[size.get(party, 0) :] for party, people in going.items()}
        plans.append(acts.BatchPlan(number, gives))
    if not plans:
        plans = [acts.BatchPlan(1, {party: Lines.among(people) for party, people in going.items()})]
    return acts.ComposeBatches(batches=tuple(plans), policy=Digest(""))


def _agree_batches(state: State, who: ParticipantName) -> Deed:
    found = [one for one in state.batches.compositions.values() if not one.superseded]
    fresh = [one.id for one in found if who not in one.agreed_by]
    return acts.AgreeBatches(composition=_newest(fresh or state.batches.compositions))


# --- movement ---------------------------------------------------------------------------------------------------------


def _notify_route(state: State, who: ParticipantName) -> Deed:
    return acts.NotifyRoute(batch=_batch(state, who), means="road", vehicles=1, abort_at=LONG)


def _acknowledge_route(state: State, who: ParticipantName) -> Deed:
    found = [one for one in state.movement.routes.values() if not one.replaced]
    fresh = [one.id for one in found if who in movement.unacknowledged(state, one)]
    return acts.AcknowledgeRoute(notice=_newest(fresh or state.movement.routes))


def _guarantee(state: State, who: ParticipantName) -> Deed:
    return acts.GuaranteeSafety(batch=_batch(state, who), opens=Moment(f"{_day(state)}T00:00:00Z"), closes=LONG)


def _silence(state: State, who: ParticipantName) -> Deed:
    return acts.DeclareSilenceWindow(batch=_batch(state, who), opens=Moment(f"{_day(state)}T00:00:00Z"), closes=LONG)


def _issue_manifest(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who)
    seated = {line for one in movement.vehicles(state, batch, who) for line in one.lines}
    number = len(movement.vehicles(state, batch, who)) + 1
    waiting = [line for line in _people(state, batch, who) if line not in seated]
    return acts.IssueManifest(batch=batch, vehicle=f"bus-{number}", lines=Lines.among(waiting))


def _embark(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who)
    for vehicle in movement.vehicles(state, batch, who):
        if vehicle.boarded is None:
            return acts.Embark(batch=batch, vehicle=vehicle.name, boarded=vehicle.lines, missing={})
    return acts.Embark(batch=batch, vehicle="bus-1", boarded=_people(state, batch, who), missing={})


def _depart(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who)
    return acts.Depart(batch=batch, count=sum(1 for _ in movement.boarded(state, batch, who)))


def _incident(state: State, who: ParticipantName) -> Deed:
    return acts.ReportIncident(batch=_batch(state, who), incident="delay")


def _arrive(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who)
    return acts.Arrive(batch=batch, count=movement.convoy(state, batch, who).departed or 0)


# --- handover ---------------------------------------------------------------------------------------------------------


def _hand_in_book(state: State, who: ParticipantName) -> Deed:
    batch = _batch(state, who)
    planned = Lines.among(sorted(batches.planned_set(state, batch), key=split_line))
    return acts.HandInBook(batch=batch, book=A_FILE, outcomes={"RECEIVED": planned} if planned.ranges else {})


def _agree_group(state: State, who: ParticipantName) -> Deed:
    """Offer the group that another side signed, else the next few from each side who have boarded."""
    batch = _batch(state, who)
    mine = f"{batch}/"
    for key, group in state.handover.groups.items():
        theirs = [signed for name, signed in group.signed.items() if name != who]
        if key.startswith(mine) and theirs and group.signed.get(who) != theirs[-1]:
            return acts.AgreeGroup(batch=batch, group=int(key.removeprefix(mine)), lines=theirs[-1])
    over = handover.crossed(state, batch)
    next_ones: list[LineId] = []
    for party in movement.concerned(state, batch):
        waiting = [line for line in movement.boarded(state, batch, party) if line not in over]
        next_ones += sorted(waiting, key=split_line)[:5]
    number = 1 + sum(1 for key in state.handover.groups if key.startswith(mine))
    return acts.AgreeGroup(batch=batch, group=number, lines=Lines.among(next_ones))


def _close_batch(state: State, who: ParticipantName) -> Deed:
    """Offer the closing that another counter signed; else one that leaves every difference unexplained."""
    batch = _batch(state, who)
    if batches.plan(state, batch) is None:
        return acts.CloseBatch(batch=batch)
    for key, stated in state.handover.stated.items():
        if key.startswith(f"{batch}/") and key != f"{batch}/{who}":
            return stated
    differing = handover.comparison(state, batch).differing
    differences = (acts.Difference(Lines.among(differing), "DEFERRED", "unexplained"),) if differing else ()
    books = handover.books_of(state, batch).values()
    counts = {book.unlisted for book in books}
    most = max(counts, default=0)
    return acts.CloseBatch(
        batch=batch, differences=differences, unlisted=most, unlisted_cause="unexplained" if len(counts) > 1 else ""
    )


def _received_by(state: State, who: ParticipantName) -> list[LineId]:
    return [
        line
        for line in handover.received(state)
        if (known := state.lists.lines.get(line)) is not None and known.receiver == who
    ]


def _confirm_identity(state: State, who: ParticipantName) -> Deed:
    mine = _received_by(state, who)
    fresh = [line for line in mine if line not in state.handover.identity]
    return acts.ConfirmIdentity(confirmed=_few(fresh or mine, 0))


def _effects(state: State, who: ParticipantName) -> Deed:
    return acts.HandOverEffects(lines=_few(_received_by(state, who)), packets=1, state="handed_over")


# --- remains ----------------------------------------------------------------------------------------------------------


def _record_container(state: State, who: ParticipantName) -> Deed:
    giving = _giving(state, who)
    return acts.RecordContainer(batch=0, containers=Lines.of(_next_line(state, giving)), giving=giving, labelled={})


def _container(state: State, who: ParticipantName) -> LineId:
    """Return a container that this party received and that is still whole."""
    whole = [name for name, one in state.remains.items() if one.giving != who and not one.joined_into]
    whole = [name for name in whole if not state.remains[name].split_into.ranges]
    return next(iter(whole), LineId("N1"))


def _laboratory(state: State, who: ParticipantName) -> Deed:
    return acts.RecordLaboratoryResult(container=_container(state, who), finding="several_people")


def _split_container(state: State, who: ParticipantName) -> Deed:
    container = _container(state, who)
    letters, first = split_line(
        _next_line(state, state.remains[container].giving if container in state.remains else who)
    )
    return acts.SplitContainer(container=container, into=Lines.of(f"{letters}{first}-{letters}{first + 1}"))


def _join_containers(state: State, who: ParticipantName) -> Deed:
    mine = [name for name, one in state.remains.items() if one.giving != who and not one.joined_into]
    giving = state.remains[mine[0]].giving if mine else who
    return acts.JoinContainers(containers=_few(mine, 2), into=_next_line(state, giving))


# --- reconciliation ---------------------------------------------------------------------------------------------------


def _propose_record(state: State, who: ParticipantName) -> Deed:
    """Offer what the record gives: each number as counted, each difference under its outcome code, else unexplained."""
    _ = who
    counts = reconciliation.outcome_counts(state)
    named = {party: reconciliation.agreed_number(state, party) for party in state.authority.parties}
    explained: list[acts.Explained] = []
    for party, by_code in counts.items():
        for code, count in by_code.items():
            if code not in acts.DELIVERED:
                explained.append(acts.Explained(party, code, count))
        rest = named[party] - sum(by_code.values())
        if rest:
            explained.append(acts.Explained(party, "unexplained" if rest > 0 else "added", rest))
    return acts.ProposeJointRecord(batches=(), agreed=named, counts=counts, explained=tuple(explained))


def _sign_record(state: State, who: ParticipantName) -> Deed:
    records = state.reconciliation.records.values()
    fresh = [one.id for one in records if who not in one.signed_by]
    return acts.SignJointRecord(record=_newest(fresh or state.reconciliation.records))


def _carry_over(state: State, who: ParticipantName) -> Deed:
    owed = reconciliation.open_debts(state)
    mine = [line for line, debt in owed.items() if who in (debt.giving, lines.holder_of(state, line))] or list(owed)
    return acts.CarryDebtsOver(lines=_few(mine, 0), to_batch=0)


def _correct(state: State, who: ParticipantName) -> Deed:
    """Offer to correct the last outcome that concerns one's own people."""
    for line, outcome in reversed(tuple(state.handover.outcomes.items())):
        known = state.lists.lines.get(line)
        if known is not None and who in (known.holder, known.receiver, state.authority.neutral):
            other = "NOT_PRESENTED" if outcome.code == "RECEIVED" else "RECEIVED"
            return acts.Correct(
                supersedes=outcome.said_by, lines=Lines.of(line), outcome=other, reason="entered_in_error"
            )
    return acts.Correct(supersedes=NOBODYS, lines=Lines(), outcome="RECEIVED", reason="entered_in_error")


# --- publication ------------------------------------------------------------------------------------------------------


def _propose_sheet(state: State, who: ParticipantName) -> Deed:
    """Offer, for each side, the furthest number inside the formula that the record supports."""
    _ = who
    found: list[acts.Figure] = []
    for party in state.authority.parties:
        for point in ("handed_over", "final", "agreed"):
            asked = acts.Figure(unit="person", side=party, scope="inside", count_point=point, batch=0, value=0)
            value = figures.supported(state, asked)
            if value:
                found.append(
                    acts.Figure(unit="person", side=party, scope="inside", count_point=point, batch=0, value=value)
                )
                break
    return acts.ProposeNumberSheet(figures=tuple(found))


def _agree_sheet(state: State, who: ParticipantName) -> Deed:
    sheets = state.publication.sheets
    fresh = [key for key, one in sheets.items() if who not in one.agreed_by]
    return acts.AgreeNumberSheet(sheet=_newest(fresh or sheets))


def _embargo(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.SetEmbargo(until=LONG)


def _communique(state: State, who: ParticipantName) -> Deed:
    _ = who
    sheet = publication.agreed_sheet(state)
    says = agreed.in_force(state)
    languages = (says.languages if says is not None else ()) or ("en",)
    return acts.PublishCommunique(
        sheet=sheet.id if sheet is not None else _newest(state.publication.sheets),
        status=publication.status_reached(state),
        texts=dict.fromkeys(languages, A_FILE),
    )


def _public_statement(state: State, who: ParticipantName) -> Deed:
    speaker = _other(state, who)
    return acts.RecordPublicStatement(speaker=speaker, said=state.authority.clock or LONG, source="…")


def _notify_family(state: State, who: ParticipantName) -> Deed:
    confirmed = [line for line in _received_by(state, who) if state.handover.identity.get(line)]
    fresh = [line for line in confirmed if line not in state.publication.notified]
    return acts.NotifyFamily(lines=_few(fresh or confirmed or _received_by(state, who), 0))


# --- any stage --------------------------------------------------------------------------------------------------------


def _suspend(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.Suspend(reason="no_reason_given")


def _resume(state: State, who: ParticipantName) -> Deed:
    suspensions = state.standing.suspensions
    mine = [key for key, one in suspensions.items() if one.by == who and standing.holds(state, one)]
    return acts.Resume(suspension=_newest(mine or suspensions))


def _abort_batch(state: State, who: ParticipantName) -> Deed:
    return acts.AbortBatch(batch=_batch(state, who), reason="no_reason_given")


def _abort_exchange(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.AbortExchange(reason="no_reason_given")


def _set_condition(state: State, who: ParticipantName) -> Deed:
    _ = who
    name = f"condition_{len(state.standing.conditions) + 1}"
    return acts.SetCondition(condition=name, about=Lines(), custodian="", review=_day(state), notice=False)


def _lift_condition(state: State, who: ParticipantName) -> Deed:
    holding = [name for name, one in state.standing.conditions.items() if not one.ended]
    mine = [name for name in holding if state.standing.conditions[name].by == who]
    return acts.LiftCondition(condition=(mine or holding or ["condition_1"])[-1], how="lifted" if mine else "broken")


def _erase(state: State, who: ParticipantName) -> Deed:
    mine = [one for one in state.lists.versions.values() if one.author == who]
    gone = {line for one in state.standing.erasures.values() for line in one.lines}
    meant = mine[-1] if mine else None
    left = [line for line in meant.lines if line not in gone] if meant is not None else []
    return acts.Erase(list=meant.id if meant else NOBODYS, lines=_few(left), ground="entered_in_error")


def _confirm_erasure(state: State, who: ParticipantName) -> Deed:
    erasures = state.standing.erasures
    fresh = [key for key, one in erasures.items() if who in standing.unconfirmed(state, one)]
    return acts.ConfirmErasure(erasure=_newest(fresh or erasures))


def _close(state: State, who: ParticipantName) -> Deed:
    stated = [day for name, day in state.standing.closing.items() if name != who]
    return acts.Close(residual_until=stated[-1] if stated else FAR)


_OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.FoundCase: _found,
    acts.IssueMandate: _issue,
    acts.RevokeMandate: _revoke,
    acts.RotateKeys: _rotate,
    acts.PublishEncryptionKeys: _publish_keys,
    acts.RecordClock: _clock,
    acts.UpgradeRules: _upgrade,
    acts.SucceedNeutral: _succeed,
    acts.ReportFork: _report_fork,
    acts.ChooseBranch: _choose_branch,
    acts.OpenSession: _open_session,
    acts.CloseSession: _close_session,
    acts.RaiseItem: _raise_item,
    acts.StatePosition: _state_position,
    acts.AnswerPosition: _answer_position,
    acts.ObjectToParticipant: _object_to_participant,
    acts.ProposeTerms: _propose_terms,
    acts.AgreeTerms: _agree_terms,
    acts.WithdrawTerms: _withdraw_terms,
    acts.AmendTerms: _amend_terms,
    acts.ProposeDateAndPlace: _propose_date,
    acts.AnswerDateAndPlace: _answer_date,
    acts.EstablishFact: _establish,
    acts.AttestRow: _attest,
    acts.HandInList: _hand_in_list,
    acts.AcknowledgeList: _acknowledge_list,
    acts.ReplyToLines: _reply,
    acts.ObjectToLines: _object_to_lines,
    acts.GiveFinalReply: _final_reply,
    acts.SignFinalList: _sign_final_list,
    acts.RequestSubstitution: _request_substitution,
    acts.AnswerSubstitution: _answer_substitution,
    acts.RecordInterview: _interview,
    acts.CertifyMedically: _certify,
    acts.ClearLegally: _clear,
    acts.DeclareReadiness: _declare,
    acts.AskIdentityQuestion: _ask_question,
    acts.AnswerIdentityQuestion: _answer_question,
    acts.ProposeMatch: _propose_match,
    acts.AcceptMatch: _accept_match,
    acts.DisputeMatch: _dispute_match,
    acts.CommitSeed: _commit_seed,
    acts.RevealSeed: _reveal_seed,
    acts.ComposeBatches: _compose,
    acts.AgreeBatches: _agree_batches,
    acts.NotifyRoute: _notify_route,
    acts.AcknowledgeRoute: _acknowledge_route,
    acts.GuaranteeSafety: _guarantee,
    acts.DeclareSilenceWindow: _silence,
    acts.IssueManifest: _issue_manifest,
    acts.Embark: _embark,
    acts.Depart: _depart,
    acts.ReportIncident: _incident,
    acts.Arrive: _arrive,
    acts.HandInBook: _hand_in_book,
    acts.AgreeGroup: _agree_group,
    acts.CloseBatch: _close_batch,
    acts.ConfirmIdentity: _confirm_identity,
    acts.HandOverEffects: _effects,
    acts.RecordContainer: _record_container,
    acts.RecordLaboratoryResult: _laboratory,
    acts.SplitContainer: _split_container,
    acts.JoinContainers: _join_containers,
    acts.ProposeJointRecord: _propose_record,
    acts.SignJointRecord: _sign_record,
    acts.CarryDebtsOver: _carry_over,
    acts.Correct: _correct,
    acts.ProposeNumberSheet: _propose_sheet,
    acts.AgreeNumberSheet: _agree_sheet,
    acts.SetEmbargo: _embargo,
    acts.PublishCommunique: _communique,
    acts.RecordPublicStatement: _public_statement,
    acts.NotifyFamily: _notify_family,
    acts.Suspend: _suspend,
    acts.Resume: _resume,
    acts.AbortBatch: _abort_batch,
    acts.AbortExchange: _abort_exchange,
    acts.SetCondition: _set_condition,
    acts.LiftCondition: _lift_condition,
    acts.Erase: _erase,
    acts.ConfirmErasure: _confirm_erasure,
    acts.Close: _close,
}
