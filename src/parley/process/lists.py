"""The law of lists: who is asked for, who is offered, what the holder answers, and who went missing in between.

1.  A *request list* names people whom its author looks for and says the counterpart holds; an *offer list* names
    people whom its author holds and would give (domain 3.2). Both sides call it "the list"; here the two are never
    mixed.
1a. Lists need no agreed terms: who is sought and who is held may be told at any time (GC III art. 122 (7)). Only the
    final list needs terms (``parley.process.final_lists``).
2.  A list is handed in with exactly one sealed file, committed to row by row, for the list room of the counterpart
    and, if the author wishes, of the neutral; for nobody else (DESIGN 7.3). What is in the rows is not judged here:
    no code can be.
3.  Each author numbers the versions of each of its lists 1, 2, 3. The same list is not handed in twice, nor is a file
    or a commitment that is already in the record, be it another's.
3a. Who hands in a version after having opened the other side's list of the same purpose (its acknowledgement says so)
    may have written it to fit. It stands, and raises the alarm ``lists.after_opening``.
4.  A line id begins with its author's letters, stands once on one list, and means one person for the whole case. It
    is never given again once its line was taken off with a reason (DESIGN 7.4). Category, grade and part are codes,
    and only a claim.
4a. One author gives at most its share of the lines that a copy can read: an endless list is no list.
5.  A new version names the lines it leaves out, each with a reason. Lines that vanish without one are not refused,
    because the version is a fact that both must see; they raise the alarm ``lists.lines_vanished``
    (domain F10). A line that vanished may come back, one that was taken off with a reason may not.
5a. An agreed match ends when one of its lines is taken off.
6.  After the freeze a version may add lines, but it neither leaves out nor changes one that is on a final list: only
    a substitution does (domain F11).
7.  Whom a list is addressed to acknowledges it, once, with the number of rows found. Another number than the record's
    is an alarm, ``lists.count_differs``; the acknowledgement stands, for it answers "we never received it" (F24).
7a. A list handed in after the time limit of the terms stands too: better late than never (``parley.process.dates``,
    4).
8.  Only the holder replies to a line: of the other's requests, or of its own offers where something has changed. Each
    line once per act, one code of domain 5.2, with what that code asks for: HELD_WITHHELD a reason (two of them are
    lawful, GC III art. 119), NOT_IN_SCOPE the rule that excludes, DUPLICATE_OF the other line, RELEASED_EARLIER a day
    that is not still to come, TRANSFERRED to whom; DEAD may carry a certificate, and then it is attached (art. 120).
8a. A new reply takes the place of the old one and answers the objections to it; the log keeps both.
8b. PERSON_DECLINES is the holder's claim. It is never consent or its refusal: only the neutral records those (F16).
8c. IDENTITY_UNCLEAR promises a question; without it the replies cannot be closed.
8d. A reply that speaks against a line already frozen changes no final list; it raises the alarm
    ``lists.frozen_line_denied``.
8e. A code says nothing in words that it was not asked for: why a person declines or is ill has no place in the record
    (DESIGN 7.2, 7.9).
9.  The final reply closes the replies to a list. What is not answered then, or by the time limit of the terms, counts
    as ``NO_REPLY``, which nobody says and everybody can derive (``lists.reply_of``). Events that must be told at any
    time (art. 122 (5): death, release, transfer, escape) and a late release may still be replied; nothing else.
9a. The events of art. 122 (5) are replied also while the exchange is suspended, and after it was aborted.
10. The side that is to receive objects to a reply or to an offered line, with a ground and a class of evidence, once
    per reply and ground; not to a frozen line. An objection parks the line for the two sides to talk; it undoes
    nothing. Who is in or out is not for it to say where the choice is another's (``parley.process.keeping``, 3a).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import Act, Reply
from parley.process import keeping
from parley.process.final_lists import (
    apply_answer_substitution,
    apply_request_substitution,
    apply_sign_final_list,
    judge_answer_substitution,
    judge_request_substitution,
    judge_sign_final_list,
)
from parley.process.lines import (
    NO_REPLY,
    RELEASING,
    VANISHED,
    frozen,
    frozen_set,
    giving_lines,
    holder_of,
    in_turn,
    is_code,
    judge_known,
    latest_version,
    list_key,
    most_lines,
    person_of,
    questions_due,
    reply_of,
    today,
    unanswered,
)
from parley.process.state import Line, ListVersion, State
from parley.words import LineId, Lines, Moment, ParticipantName, Refusal, refuse, split_line

__all__ = [
    "NO_REPLY",
    "apply_answer_substitution",
    "apply_request_substitution",
    "apply_sign_final_list",
    "frozen",
    "frozen_set",
    "giving_lines",
    "holder_of",
    "judge_answer_substitution",
    "judge_request_substitution",
    "judge_sign_final_list",
    "latest_version",
    "person_of",
    "questions_due",
    "reply_of",
    "unanswered",
]

EVENTS: Final = frozenset({"DEAD", "RELEASED_EARLIER", "TRANSFERRED", "ESCAPED"})
"""What GC III art. 122 (5) wants told at any time, also while the exchange is suspended or after it was aborted."""
AT_ANY_TIME: Final = EVENTS | {"HELD_WILL_RELEASE"}
"""What may be replied after the final reply: these events, and a release that comes late."""


def _previous(state: State, act: Act, deed: acts.HandInList) -> ListVersion | None:
    return latest_version(state, act.party, deed.counterpart, deed.purpose)


# --- hand in ---------------------------------------------------------------------------------------------------------


def judge_hand_in_list(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    """Judge points 1 to 6 in their order."""
    checks = (_judge_address, _judge_file, _judge_version, _judge_letters, _judge_groups, _judge_drops, _judge_late)
    return in_turn(state, act, deed, checks)


def _judge_address(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    if deed.purpose not in acts.LIST_PURPOSES:  # 1
        return refuse("lists.unknown_word", field="purpose")
    if deed.counterpart not in state.authority.parties or deed.counterpart == act.party:
        return refuse("lists.unknown_party", field="counterpart")
    return None


def _judge_file(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    if len(act.sealed) != 1 or not act.sealed[0].commit:  # 2
        return refuse("lists.not_sealed")
    to = frozenset(act.sealed[0].to)
    if to - {f"{state.authority.neutral}/lists"} != {f"{deed.counterpart}/lists"}:
        return refuse("lists.sealed_to_others", counterpart=deed.counterpart)
    return None


def _judge_version(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    (file,) = act.sealed
    if any(file.commit == one.commit or file.blob == one.blob for one in state.lists.versions.values()):  # 3
        return refuse("lists.handed_in_twice", version=deed.version)
    previous = _previous(state, act, deed)
    given = previous.version if previous is not None else 0
    if previous is not None and deed.version == given and _named(deed) == set(previous.lines):
        return refuse("lists.handed_in_twice", version=deed.version)
    if deed.version != given + 1:
        return refuse("lists.wrong_version", version=deed.version, expected=given + 1)
    return None


def _named(deed: acts.HandInList) -> set[LineId]:
    return {line for group in deed.groups for line in group.lines}


def _judge_groups(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    if not deed.groups and not deed.dropped:
        return refuse("lists.empty")
    known = state.lists.lines
    left = most_lines(state) - sum(1 for line in known.values() if line.author == act.party)
    seen: set[LineId] = set()
    for group in deed.groups:
        if not group.lines.ranges:
            return refuse("lists.empty")
        for field, word in (("category", group.category), ("grade", group.grade), ("part", group.part)):
            if word and not is_code(word):  # 4
                return refuse("lists.not_a_code", field=field)
        for line in group.lines:
            refusal = _judge_line(known.get(line), act, deed, line)
            if refusal is not None:
                return refusal
            if line in seen:
                return refuse("lists.line_twice", line=line)
            seen.add(line)
            left -= line not in known
            if left < 0:  # 4a
                return refuse("lists.too_many_lines", most=most_lines(state))
    return None


def _judge_line(old: Line | None, act: Act, deed: acts.HandInList, line: LineId) -> Refusal | None:
    if old is None:
        return None
    same_list = (old.purpose, old.holder) == (deed.purpose, _holder(act, deed)) and deed.counterpart in (
        old.holder,
        old.receiver,
    )
    if not same_list or old.dropped not in ("", VANISHED):  # 4, 5
        return refuse("lists.line_reused", line=line)
    return None


def _judge_letters(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    own = state.authority.participants[act.party].letters
    for group in deed.groups:
        for text in group.lines.ranges:
            if split_line(text.partition("-")[0])[0] != own:  # 4
                return refuse("lists.foreign_letters", letters=own)
    return None


def _judge_drops(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    previous = _previous(state, act, deed)
    before = set(previous.lines) if previous is not None else set()
    kept = _named(deed)
    seen: set[LineId] = set()
    for dropped in deed.dropped:
        if dropped.reason not in acts.DROP_REASONS:  # 5
            return refuse("lists.unknown_word", field="reason")
        if not dropped.lines.ranges:
            return refuse("lists.empty")
        for line in dropped.lines:
            if line not in before:
                return refuse("lists.not_on_previous_version", line=line)
            if line in kept or line in seen:
                return refuse("lists.dropped_and_kept", line=line)
            seen.add(line)
    return None


def _judge_late(state: State, act: Act, deed: acts.HandInList) -> Refusal | None:
    holder = _holder(act, deed)
    fixed = frozen_set(state, holder)
    if not fixed:
        return None
    claims = {line: (group.category, group.grade, group.part) for group in deed.groups for line in group.lines}
    previous = _previous(state, act, deed)
    for line in previous.lines if previous is not None else ():
        known = state.lists.lines[line]
        if line in fixed and claims.get(line) != (known.category, known.grade, known.part):  # 6
            return refuse("lists.late_after_freeze", line=line)
    return None


def _holder(act: Act, deed: acts.HandInList) -> ParticipantName:
    return act.party if deed.purpose == "offer" else deed.counterpart


def apply_hand_in_list(state: State, act: Act, deed: acts.HandInList) -> State:
    """Enter the version, its lines, what it drops, and raise the alarm for what vanished."""
    previous = _previous(state, act, deed)
    kept = _named(deed)
    gone = {line: one.reason for one in deed.dropped for line in one.lines}
    vanished = [line for line in (previous.lines if previous else ()) if line not in kept and line not in gone]
    lines = _take_off(
        _enter(state.lists.lines, act, deed, state.authority.clock), {**gone, **dict.fromkeys(vanished, VANISHED)}
    )
    version = ListVersion(
        id=act.id,
        author=act.party,
        counterpart=deed.counterpart,
        purpose=deed.purpose,
        version=deed.version,
        lines=Lines.among(kept),
        commit=act.sealed[0].commit,
        blob=act.sealed[0].blob,
        position=act.position,
        handed_in=state.authority.clock,
    )
    key = list_key(act.party, deed.counterpart, deed.purpose)
    after = replace(
        state,
        lists=replace(
            state.lists,
            versions={**state.lists.versions, act.id: version},
            latest={**state.lists.latest, key: act.id},
            lines=lines,
        ),
    )
    if _has_opened(state, act, deed):  # 3a
        after = after.alarm(
            "lists.after_opening", act.position, party=act.party, purpose=deed.purpose, version=deed.version
        )
    if not vanished:
        return after
    return after.alarm(  # 5
        "lists.lines_vanished",
        act.position,
        party=act.party,
        purpose=deed.purpose,
        version=deed.version,
        count=len(vanished),
        lines=str(Lines.among(vanished)),
    )


def _has_opened(state: State, act: Act, deed: acts.HandInList) -> bool:
    """Say whether the author acknowledged a list of this purpose that the counterpart handed in for it."""
    theirs = (deed.counterpart, act.party, deed.purpose)
    return any(
        act.party in one.acknowledged_by and (one.author, one.counterpart, one.purpose) == theirs
        for one in state.lists.versions.values()
    )


def _enter(known: Mapping[LineId, Line], act: Act, deed: acts.HandInList, now: Moment) -> dict[LineId, Line]:
    lines = dict(known)
    offered = deed.purpose == "offer"
    for group in deed.groups:
        for line in group.lines:
            old = lines.get(line) or Line(
                author=act.party,
                purpose=deed.purpose,
                holder=act.party if offered else deed.counterpart,
                receiver=deed.counterpart if offered else act.party,
                category="",
                list=act.id,
                named=now,
            )
            lines[line] = replace(
                old, category=group.category, grade=group.grade, part=group.part, list=act.id, dropped=""
            )
    return lines


def _take_off(lines: dict[LineId, Line], gone: Mapping[LineId, str]) -> dict[LineId, Line]:
    for line, reason in gone.items():
        joined = lines[line].joined
        if joined is not None:  # 5a
            lines[joined] = replace(lines[joined], joined=None)
        lines[line] = replace(lines[line], dropped=reason, joined=None)
    return lines


# --- acknowledge -----------------------------------------------------------------------------------------------------


def judge_acknowledge_list(state: State, act: Act, deed: acts.AcknowledgeList) -> Refusal | None:
    """Judge point 7."""
    version = state.lists.versions.get(deed.list)
    if version is None:
        return refuse("lists.no_such_list")
    if act.party != version.counterpart:
        return refuse("lists.not_addressed", counterpart=version.counterpart)
    if act.party in version.acknowledged_by:
        return refuse("lists.acknowledged_already")
    if deed.count < 0:
        return refuse("lists.impossible_count", count=deed.count)
    return None


def apply_acknowledge_list(state: State, act: Act, deed: acts.AcknowledgeList) -> State:
    """Note the receipt; raise the alarm where the file holds another number of rows than the act names lines."""
    version = state.lists.versions[deed.list]
    noted = replace(version, acknowledged_by=(*version.acknowledged_by, act.party))
    after = _with_version(state, noted)
    listed = len(version.lines)
    if deed.count != listed:  # 7
        return after.alarm("lists.count_differs", act.position, party=act.party, listed=listed, counted=deed.count)
    return after


def _with_version(state: State, version: ListVersion) -> State:
    return replace(state, lists=replace(state.lists, versions={**state.lists.versions, version.id: version}))


# --- reply -----------------------------------------------------------------------------------------------------------


def told_at_any_time(state: State, act: Act, deed: acts.ReplyToLines) -> bool:
    """Say whether these replies tell only of events that no suspension may keep back (9a)."""
    _ = state, act
    return bool(deed.replies) and all(reply.code in EVENTS for reply in deed.replies)


def judge_reply_to_lines(state: State, act: Act, deed: acts.ReplyToLines) -> Refusal | None:
    """Judge points 8 and 9: for each reply its lines, then its code, then what the code asks for."""
    if not deed.replies:
        return refuse("lists.empty")
    seen: set[LineId] = set()
    for reply in deed.replies:
        if reply.code not in acts.REPLY_CODES:
            return refuse("lists.unknown_word", field="code")
        for field in ("reason", "line", "to"):  # 8e
            if getattr(reply, field) and ASKED.get(reply.code) != field:
                return refuse("lists.unknown_word", field=field)
        refusal = judge_known(state, reply.lines)
        if refusal is None:
            refusal = _judge_reply(state, act, reply, seen)
        if refusal is None and reply.code in DEMANDS:
            refusal = DEMANDS[reply.code](state, act, reply)
        if refusal is not None:
            return refusal
        seen.update(reply.lines)
    return None


def _judge_reply(state: State, act: Act, reply: Reply, seen: set[LineId]) -> Refusal | None:
    for line in reply.lines:
        known = state.lists.lines[line]
        if known.holder != act.party:  # 8
            return refuse("lists.reply_by_wrong_party", line=line, holder=known.holder)
        if line in seen:
            return refuse("lists.line_twice", line=line)
        if state.lists.versions[known.list].answered and reply.code not in AT_ANY_TIME:  # 9
            return refuse("lists.answered_finally", line=line)
    return None


def _needs_reason(state: State, act: Act, reply: Reply) -> Refusal | None:
    return None if reply.reason in acts.WITHHELD_REASONS else refuse("lists.reason_needed")


def _needs_rule(state: State, act: Act, reply: Reply) -> Refusal | None:
    return None if is_code(reply.reason) else refuse("lists.rule_needed")


def _needs_day(state: State, act: Act, reply: Reply) -> Refusal | None:
    if reply.day is None:
        return refuse("lists.day_needed")
    if state.authority.clock and reply.day > today(state):
        return refuse("lists.day_to_come", day=reply.day)
    return None


def _needs_destination(state: State, act: Act, reply: Reply) -> Refusal | None:
    return None if is_code(reply.to) else refuse("lists.destination_needed")


def _needs_paper(state: State, act: Act, reply: Reply) -> Refusal | None:
    return refuse("lists.certificate_not_attached") if reply.certificate and not act.sealed else None


def _needs_other_line(state: State, act: Act, reply: Reply) -> Refusal | None:
    other = state.lists.lines.get(LineId(reply.line))
    if other is None or other.dropped or other.holder != act.party or LineId(reply.line) in set(reply.lines):
        return refuse("lists.other_line_needed")
    if other.reply is not None and other.reply.code == "DUPLICATE_OF":  # else two lines could each be "the other one"
        return refuse("lists.other_line_needed")
    return None


DEMANDS: Final[Mapping[str, Callable[[State, Act, Reply], Refusal | None]]] = {
    "HELD_WITHHELD": _needs_reason,
    "NOT_IN_SCOPE": _needs_rule,
    "RELEASED_EARLIER": _needs_day,
    "TRANSFERRED": _needs_destination,
    "DEAD": _needs_paper,
    "DUPLICATE_OF": _needs_other_line,
}
"""What a reply code asks for; a code that is not named here asks for nothing."""
ASKED: Final[Mapping[str, str]] = {
    "HELD_WITHHELD": "reason",
    "NOT_IN_SCOPE": "reason",
    "TRANSFERRED": "to",
    "DUPLICATE_OF": "line",
}
"""The one field of words that a reply code may fill (8e)."""


def apply_reply_to_lines(state: State, act: Act, deed: acts.ReplyToLines) -> State:
    """Enter the replies; each line keeps only the particulars, its objections are answered."""
    lines = dict(state.lists.lines)
    denied: list[LineId] = []
    fixed = frozen_set(state, act.party)
    for reply in deed.replies:
        said = replace(reply, lines=Lines())  # the line itself says which
        for line in reply.lines:
            lines[line] = replace(lines[line], reply=said, objections=())  # 8a
            if line in fixed and reply.code not in RELEASING:
                denied.append(line)
    after = replace(state, lists=replace(state.lists, lines=lines))
    if denied:  # 8d
        named = str(Lines.among(denied))
        return after.alarm("lists.frozen_line_denied", act.position, party=act.party, count=len(denied), lines=named)
    return after


# --- object and close ------------------------------------------------------------------------------------------------


def judge_object_to_lines(state: State, act: Act, deed: acts.ObjectToLines) -> Refusal | None:
    """Judge point 10."""
    if deed.ground not in acts.OBJECTION_GROUNDS:
        return refuse("lists.unknown_word", field="ground")
    if deed.evidence not in acts.EVIDENCE_CLASSES:
        return refuse("lists.unknown_word", field="evidence")
    refusal = judge_known(state, deed.lines)
    return _judge_objection(state, act, deed) if refusal is None else refusal


def _judge_objection(state: State, act: Act, deed: acts.ObjectToLines) -> Refusal | None:
    fixed: dict[ParticipantName, frozenset[LineId]] = {}
    for line in deed.lines:
        known = state.lists.lines[line]
        if known.receiver != act.party:
            return refuse("lists.objection_by_wrong_party", line=line, receiver=known.receiver)
        if known.holder not in fixed:
            fixed[known.holder] = frozen_set(state, known.holder)
        if line in fixed[known.holder]:
            return refuse("lists.late_after_freeze", line=line)
        if reply_of(state, line) == "":
            return refuse("lists.nothing_to_object_to", line=line)
        if any((by, ground) == (act.party, deed.ground) for by, ground, _ in known.objections):
            return refuse("lists.objected_already", line=line)
        refusal = keeping.judge_objection(state, act.party, line, deed.ground)
        if refusal is not None:
            return refusal
    return None


def apply_object_to_lines(state: State, act: Act, deed: acts.ObjectToLines) -> State:
    """Park the lines with the objection."""
    lines = dict(state.lists.lines)
    for line in deed.lines:
        objections = (*lines[line].objections, (act.party, deed.ground, deed.evidence))
        lines[line] = replace(lines[line], objections=objections)
    return replace(state, lists=replace(state.lists, lines=lines))


def judge_give_final_reply(state: State, act: Act, deed: acts.GiveFinalReply) -> Refusal | None:
    """Judge points 8c and 9."""
    version = state.lists.versions.get(deed.list)
    if version is None:
        return refuse("lists.no_such_list")
    if version.purpose != "request":
        return refuse("lists.not_a_request")
    if version.counterpart != act.party:
        return refuse("lists.not_addressed", counterpart=version.counterpart)
    newest = latest_version(state, version.author, version.counterpart, version.purpose)
    if newest is not None and newest.id != version.id:
        return refuse("lists.superseded_version", version=version.version, newest=newest.version)
    if version.answered:
        return refuse("lists.answered_already")
    due = questions_due(state, version.lines)
    if due.ranges:  # 8c
        return refuse("lists.question_not_asked", lines=str(due))
    return None


def apply_give_final_reply(state: State, act: Act, deed: acts.GiveFinalReply) -> State:
    """Close the replies to this version."""
    return _with_version(state, replace(state.lists.versions[deed.list], answered=True))
