"""The law of verification: is it the same person, do they wish to go, are they fit; and how little others learn.

1.  Only the neutral records interviews and readiness (GC III art. 109; domain F16). What a holder says of a
    prisoner's wish is its claim, made as a reply; an interview recorded by a party is refused by the role alone
    (``RULES``).
2.  An interview counts when it was private: alone, in a language the person understands. One that was not private
    stays on record, counts for nothing, and raises the alarm ``verification.not_alone``.
2a. What was said is sealed, to the neutral alone (DESIGN 7.2).
3.  A medical commission's certificates and a holder's legal clearances enter as days and lines, never as outcomes.
    The papers travel sealed, to the neutral and the holder at most. Only the neutral and the holder enter them; only
    the holder those of its courts.
3a. A paper is of a day that is not still to come, is valid from then on, and is not out of date when it is entered.
3b. Where the terms give time for objections, nobody of that side is cleared before it is over, by the neutral's clock
    (``parley.process.keeping``, 10): a clearance within it would be one that no court had time to stop.
4.  The neutral declares who is ready and who is not: two words, whatever the cause, health, court or wish, in one act
    of one shape. Whoever is ready has been interviewed in private; for "not ready" nothing is asked, lest the record
    tell why.
4a. Its last word holds, until the day it names. Nobody is both ready and not ready.
4b. At the manifest "ready" must hold on that day where the terms demand it, and so must every certificate and
    clearance on record; where the terms name a legal step, a clearance there must be (``expired``).
4c. All declarations that still hold name the same day; another day may be named for everybody declared so far, in one
    act. A day of somebody's own would tell of a certificate or a court (DESIGN 7.2).
5.  An identity question may be asked by the neutral, the holder or the receiver; it travels sealed. The holder or the
    receiver, but not who asked, answers once; the answer is sealed to the neutral, for it would teach an impostor.
6.  A match says that a request line and an offer line, of one holder and one receiver, are one person. The neutral or
    either side may propose it, sure or doubtful. A score never merges two people: proposing is not accepting, by
    nobody.
6a. Once both sides have accepted and neither disputes, the lines are joined: one person, counted once (DESIGN 7.4).
6b. A line may be said to match several others; it is joined to one. A dispute parts them again.
6c. Once a line is on a final list, no match may change who stands there: a request line there is not joined, joined
    ones are not parted. The way is a substitution.
6d. Either side may change its mind before that: who accepts lifts its own dispute, who disputes takes its acceptance
    back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parley import acts
from parley.acts import Act, Pair
from parley.process import agreed, keeping
from parley.process.lines import (
    declared_of,
    declared_ready,
    frozen_set,
    in_turn,
    is_code,
    judge_known,
    same_person,
    sealed_beyond,
    today,
)
from parley.process.state import Line, Match, Question, Readiness, State
from parley.words import ActId, Day, LineId, ParticipantName, Refusal, refuse

__all__ = ["declared_of", "same_person"]


# --- what later stages ask -------------------------------------------------------------------------------------------


def ready(state: State, line: str) -> bool:
    """Say whether this person may go on a manifest as far as the neutral and the papers are concerned, today.

    True when the neutral's last word on the person is "ready" and still holds, and no paper fails (``expired``).
    Whether the terms demand it is ``terms.readiness_required``.
    """
    return declared_ready(state, line) and not expired(state, line)


def expired(state: State, line: str) -> bool:
    """Say whether a paper of this person fails today: one is out of date, or a clearance the terms demand lacks."""
    papers = (examined_until(state, line), cleared_until(state, line))
    if any(until < today(state) for until in papers if until is not None):
        return True
    known = state.lists.lines.get(LineId(line))
    if known is None or not agreed.legal_preconditions(state, known.holder):
        return False
    return papers[1] is None or keeping.objections_until(state, line) is not None


def examined_until(state: State, line: str) -> Day | None:
    """Return the day until which the person's last medical certificate is valid; nothing where there is none."""
    return max(state.verification.examined.get(one, Day("")) for one in same_person(state, line)) or None


def cleared_until(state: State, line: str) -> Day | None:
    """Return the day until which the person's last legal clearance is valid; nothing where there is none."""
    return max(state.verification.cleared.get(one, Day("")) for one in same_person(state, line)) or None


# --- interviews, papers, readiness -----------------------------------------------------------------------------------


def judge_record_interview(state: State, act: Act, deed: acts.RecordInterview) -> Refusal | None:
    """Judge points 2, 2a and 3a."""
    refusal = judge_known(state, deed.lines)
    if refusal is not None:
        return refusal
    if not is_code(deed.language):
        return refuse("lists.not_a_code", field="language")
    if state.authority.clock and deed.day > today(state):
        return refuse("lists.day_to_come", day=deed.day)
    if not act.sealed:
        return refuse("verification.not_sealed")
    if sealed_beyond(act, (state.authority.neutral,)):  # 2a
        return refuse("verification.sealed_to_others")
    return None


def apply_record_interview(state: State, act: Act, deed: acts.RecordInterview) -> State:
    """Note the day of a private interview; raise the alarm for one that was not."""
    if not deed.alone:  # 2
        return state.alarm("verification.not_alone", act.position, count=len(deed.lines), lines=str(deed.lines))
    interviewed = {**state.verification.interviewed, **dict.fromkeys(deed.lines, deed.day)}
    return replace(state, verification=replace(state.verification, interviewed=interviewed))


def _judge_paper(state: State, act: Act, deed: acts.CertifyMedically | acts.ClearLegally) -> Refusal | None:
    refusal = judge_known(state, deed.lines)
    if refusal is not None:
        return refusal
    holders = {state.lists.lines[line].holder for line in deed.lines}
    if act.party != state.authority.neutral and holders != {act.party}:  # 3
        return refuse("verification.not_the_holder")
    if not act.sealed:
        return refuse("verification.not_sealed")
    if len(holders) > 1 or sealed_beyond(act, (state.authority.neutral, *holders)):
        return refuse("verification.sealed_to_others")
    return _judge_days(state, deed.day, deed.valid_until)


def _judge_days(state: State, day: Day, valid_until: Day) -> Refusal | None:
    if state.authority.clock and day > today(state):  # 3a
        return refuse("lists.day_to_come", day=day)
    if valid_until < max(day, today(state)):
        return refuse("verification.out_of_date_already", valid_until=valid_until)
    return None


def judge_certify_medically(state: State, act: Act, deed: acts.CertifyMedically) -> Refusal | None:
    """Judge points 3 and 3a."""
    return _judge_paper(state, act, deed)


def apply_certify_medically(state: State, act: Act, deed: acts.CertifyMedically) -> State:
    """Note until when the certificates are valid."""
    examined = {**state.verification.examined, **dict.fromkeys(deed.lines, deed.valid_until)}
    return replace(state, verification=replace(state.verification, examined=examined))


def judge_clear_legally(state: State, act: Act, deed: acts.ClearLegally) -> Refusal | None:
    """Judge points 3 to 3b."""
    refusal = _judge_paper(state, act, deed)
    if refusal is not None:
        return refusal
    for line in deed.lines:
        until = keeping.objections_until(state, line)
        if until is not None:
            return refuse("verification.objections_open", line=line, until=until)
    return None


def apply_clear_legally(state: State, act: Act, deed: acts.ClearLegally) -> State:
    """Note until when the clearances are valid."""
    cleared = {**state.verification.cleared, **dict.fromkeys(deed.lines, deed.valid_until)}
    return replace(state, verification=replace(state.verification, cleared=cleared))


def judge_declare_readiness(state: State, act: Act, deed: acts.DeclareReadiness) -> Refusal | None:
    """Judge points 4 and 4a."""
    if not deed.ready.ranges and not deed.not_ready.ranges:
        return refuse("lists.empty")
    for lines in (deed.ready, deed.not_ready):
        refusal = judge_known(state, lines) if lines.ranges else None
        if refusal is not None:
            return refusal
    if sealed_beyond(act, (state.authority.neutral,)):  # 4: a reason sent along would tell why
        return refuse("verification.sealed_to_others")
    if deed.valid_until < today(state):
        return refuse("verification.out_of_date_already", valid_until=deed.valid_until)
    refusal = _judge_round(state, deed)
    if refusal is not None:
        return refusal
    hesitant = {one for line in deed.not_ready for one in same_person(state, line)}
    for line in deed.ready:
        if line in hesitant:  # 4a
            return refuse("verification.ready_and_not", line=line)
        if not any(one in state.verification.interviewed for one in same_person(state, line)):  # 4
            return refuse("verification.not_interviewed", line=line)
    return None


def _judge_round(state: State, deed: acts.DeclareReadiness) -> Refusal | None:
    """Refuse a day that only some of those declared would have (4c)."""
    holding = {line: one for line, one in state.verification.readiness.items() if one.valid_until >= today(state)}
    other = next((one.valid_until for one in holding.values() if one.valid_until != deed.valid_until), None)
    if other is None:
        return None
    named = {one for lines in (deed.ready, deed.not_ready) for line in lines for one in same_person(state, line)}
    left = [line for line in holding if line not in named and not state.lists.lines[line].dropped]
    return refuse("verification.another_day", until=other) if left else None


def apply_declare_readiness(state: State, act: Act, deed: acts.DeclareReadiness) -> State:
    """Enter the neutral's word on each person."""
    yes = Readiness(ready=True, valid_until=deed.valid_until, position=act.position)
    no = replace(yes, ready=False)
    said = {**state.verification.readiness, **dict.fromkeys(deed.ready, yes), **dict.fromkeys(deed.not_ready, no)}
    return replace(state, verification=replace(state.verification, readiness=said))


# --- identity questions ----------------------------------------------------------------------------------------------


def judge_ask_identity_question(state: State, act: Act, deed: acts.AskIdentityQuestion) -> Refusal | None:
    """Judge point 5 for who asks."""
    refusal = judge_known(state, deed.lines)
    if refusal is not None:
        return refusal
    if act.party != state.authority.neutral:
        for line in deed.lines:
            if act.party not in _sides(state.lists.lines[line]):
                return refuse("verification.not_your_line", line=line)
    if not act.sealed:
        return refuse("verification.not_sealed")
    return None


def _sides(line: Line) -> tuple[ParticipantName, ParticipantName]:
    return line.holder, line.receiver


def apply_ask_identity_question(state: State, act: Act, deed: acts.AskIdentityQuestion) -> State:
    """Enter the question."""
    return _with_question(state, act.id, Question(asked_by=act.party, lines=deed.lines))


def _with_question(state: State, question_id: ActId, question: Question) -> State:
    questions = {**state.verification.questions, question_id: question}
    return replace(state, verification=replace(state.verification, questions=questions))


def judge_answer_identity_question(state: State, act: Act, deed: acts.AnswerIdentityQuestion) -> Refusal | None:
    """Judge point 5 for who answers."""
    question = state.verification.questions.get(deed.question)
    if question is None:
        return refuse("verification.no_such_question")
    if question.answered is not None:
        return refuse("verification.answered_already")
    if act.party == question.asked_by:
        return refuse("verification.own_question")
    for line in question.lines:
        if act.party not in _sides(state.lists.lines[line]):
            return refuse("verification.not_your_line", line=line)
    if deed.answered and not act.sealed:
        return refuse("verification.not_sealed")
    if sealed_beyond(act, (state.authority.neutral,)):
        return refuse("verification.sealed_to_others")
    return None


def apply_answer_identity_question(state: State, act: Act, deed: acts.AnswerIdentityQuestion) -> State:
    """Note that the question was answered, or could not be."""
    question = replace(state.verification.questions[deed.question], answered=deed.answered)
    return _with_question(state, deed.question, question)


# --- matches ---------------------------------------------------------------------------------------------------------


def match_key(pair: Pair) -> str:
    """Return the key of a match in the state: ``N3=S7``, the request line first."""
    return f"{pair.request}={pair.offer}"


def judge_propose_match(state: State, act: Act, deed: acts.ProposeMatch) -> Refusal | None:
    """Judge point 6."""
    if deed.grade not in acts.MATCH_GRADES:
        return refuse("lists.unknown_word", field="grade")
    refusal = _judge_pairs(state, act, deed.pairs)
    if refusal is not None:
        return refusal
    for pair in deed.pairs:
        old = state.verification.matches.get(match_key(pair))
        if old is not None and old.grade == deed.grade and not old.disputed_by and not _once_joined(state, old):
            return refuse("verification.proposed_already", request=pair.request, offer=pair.offer)
    return _judge_joinable(state, deed.pairs)


def _judge_pairs(state: State, act: Act, pairs: tuple[Pair, ...]) -> Refusal | None:
    """Judge what every deed about matches needs: pairs of known lines of one person's two sides, each line once."""
    if not pairs:
        return refuse("lists.empty")
    seen: set[str] = set()
    for pair in pairs:
        for line in (pair.request, pair.offer):
            if line in seen:
                return refuse("lists.line_twice", line=line[:40])
            seen.add(line)
        refusal = _judge_pair(state, act, pair)
        if refusal is not None:
            return refusal
    return None


def _judge_pair(state: State, act: Act, pair: Pair) -> Refusal | None:
    known: list[Line] = []
    for line, purpose in ((pair.request, "request"), (pair.offer, "offer")):
        one = state.lists.lines.get(LineId(line))
        if one is None:
            return refuse("lists.unknown_line", line=line[:40])
        if one.dropped:
            return refuse("lists.line_dropped", line=line, reason=one.dropped)
        if one.purpose != purpose:  # 6
            return refuse("verification.wrong_purpose", line=line, purpose=purpose)
        known.append(one)
    if _sides(known[0]) != _sides(known[1]):
        return refuse("verification.different_sides", request=pair.request, offer=pair.offer)
    if act.party != state.authority.neutral and act.party not in _sides(known[0]):
        return refuse("verification.not_your_line", line=pair.request)
    return None


def _judge_joinable(state: State, pairs: Iterable[Pair]) -> Refusal | None:
    fixed = {name: frozen_set(state, name) for name in state.authority.parties}
    for pair in pairs:
        request, offer = LineId(pair.request), LineId(pair.offer)
        for line in (request, offer):
            if state.lists.lines[line].joined is not None:  # 6b
                return refuse("verification.joined_already", line=line)
        if request in fixed[state.lists.lines[request].holder]:  # 6c
            return refuse("lists.late_after_freeze", line=request)
    return None


def _once_joined(state: State, match: Match) -> bool:
    """Say whether both sides had accepted: a line that vanished and came back has to be matched anew."""
    return set(_sides(state.lists.lines[LineId(match.pair.request)])) <= set(match.accepted_by)


def apply_propose_match(state: State, act: Act, deed: acts.ProposeMatch) -> State:
    """Enter the proposals; one of another grade takes the place of the old, and everybody looks again."""
    new = {match_key(pair): Match(pair=pair, grade=deed.grade, proposed_by=act.party) for pair in deed.pairs}
    return replace(state, verification=replace(state.verification, matches={**state.verification.matches, **new}))


def judge_accept_match(state: State, act: Act, deed: acts.AcceptMatch) -> Refusal | None:
    """Judge points 6a to 6d."""
    return in_turn(state, act, deed, (_judge_answer, _judge_acceptance))


def _judge_answer(state: State, act: Act, deed: acts.AcceptMatch | acts.DisputeMatch) -> Refusal | None:
    refusal = _judge_pairs(state, act, deed.pairs)
    if refusal is not None:
        return refusal
    for pair in deed.pairs:
        if match_key(pair) not in state.verification.matches:
            return refuse("verification.not_proposed", request=pair.request, offer=pair.offer)
    return None


def _judge_acceptance(state: State, act: Act, deed: acts.AcceptMatch) -> Refusal | None:
    for pair in deed.pairs:
        if act.party in state.verification.matches[match_key(pair)].accepted_by:
            return refuse("verification.accepted_already", request=pair.request, offer=pair.offer)
    return _judge_joinable(state, deed.pairs)


def apply_accept_match(state: State, act: Act, deed: acts.AcceptMatch) -> State:
    """Note the acceptance, and join what both sides now accept."""
    matches, lines = dict(state.verification.matches), dict(state.lists.lines)
    for pair in deed.pairs:
        old = matches[match_key(pair)]
        disputed = tuple(one for one in old.disputed_by if one != act.party)  # 6d
        match = replace(old, accepted_by=(*old.accepted_by, act.party), disputed_by=disputed)
        matches[match_key(pair)] = match
        request, offer = LineId(pair.request), LineId(pair.offer)
        if set(_sides(lines[request])) <= set(match.accepted_by) and not match.disputed_by:  # 6a
            lines[request] = replace(lines[request], joined=offer)
            lines[offer] = replace(lines[offer], joined=request)
    return _with_matches(state, matches, lines)


def _with_matches(state: State, matches: dict[str, Match], lines: dict[LineId, Line]) -> State:
    return replace(
        state,
        verification=replace(state.verification, matches=matches),
        lists=replace(state.lists, lines=lines),
    )


def judge_dispute_match(state: State, act: Act, deed: acts.DisputeMatch) -> Refusal | None:
    """Judge points 6b to 6d."""
    if deed.ground not in acts.DISPUTE_GROUNDS:
        return refuse("lists.unknown_word", field="ground")
    return in_turn(state, act, deed, (_judge_answer, _judge_dispute))


def _judge_dispute(state: State, act: Act, deed: acts.DisputeMatch) -> Refusal | None:
    fixed: frozenset[LineId] = frozenset().union(*(frozen_set(state, name) for name in state.authority.parties))
    for pair in deed.pairs:
        if act.party in state.verification.matches[match_key(pair)].disputed_by:
            return refuse("verification.disputed_already", request=pair.request, offer=pair.offer)
        joined = state.lists.lines[LineId(pair.request)].joined == LineId(pair.offer)
        if joined and LineId(pair.offer) in fixed:  # 6c
            return refuse("lists.late_after_freeze", line=pair.offer)
    return None


def apply_dispute_match(state: State, act: Act, deed: acts.DisputeMatch) -> State:
    """Note the dispute, and part what was joined."""
    matches, lines = dict(state.verification.matches), dict(state.lists.lines)
    for pair in deed.pairs:
        old = matches[match_key(pair)]
        accepted = tuple(one for one in old.accepted_by if one != act.party)  # 6d
        matches[match_key(pair)] = replace(old, accepted_by=accepted, disputed_by=(*old.disputed_by, act.party))
        request, offer = LineId(pair.request), LineId(pair.offer)
        if lines[request].joined == offer:  # 6b
            lines[request] = replace(lines[request], joined=None)
            lines[offer] = replace(lines[offer], joined=None)
    return _with_matches(state, matches, lines)
