"""How the acts of the lists are said in a scenario: hand in, acknowledge, reply, object, sign, replace."""

from __future__ import annotations

from typing import Final

from parley.acts import (
    AcknowledgeList,
    AnswerSubstitution,
    Deed,
    Dropped,
    GiveFinalReply,
    HandInList,
    LineGroup,
    ObjectToLines,
    Reply,
    ReplyToLines,
    RequestSubstitution,
    SignFinalList,
)
from parley.process.lists import latest_version
from parley.process.state import State
from parley.scenario.grammar import Paper, Verb, Words, fit, parts_of
from parley.scenario.verbs.terms import NOBODYS
from parley.words import ActId, Lines, ParticipantName

CATEGORY: Final = "soldiers"
"""The category of a line where the sentence names none."""
GROUP: Final = "lists {lines:lines} [as {category}] [grade {grade}] [part {part}]"
WITHOUT: Final = "without {lines:lines} as {reason}"
REPLY: Final = (
    "replies {code} to {lines:lines} [because {reason}] [being {line}] [on {day:day}] [given to {to}] "
    "[with a {certificate:certificate|paper}]"
)


def _hand_in(words: Words, state: State, who: ParticipantName) -> Deed:
    counterpart = ParticipantName(words["counterpart"])
    previous = latest_version(state, who, counterpart, words["purpose"])
    groups: list[LineGroup] = []
    dropped: list[Dropped] = []
    for part in parts_of(words["groups"]):
        if part.startswith("without "):
            _, said = fit(part, WITHOUT)
            dropped.append(Dropped(said["lines"], said["reason"]))
            continue
        _, said = fit(f"lists {part}", GROUP)
        category, grade = said.get("category", CATEGORY), said.get("grade", "")
        groups.append(LineGroup(lines=said["lines"], category=category, grade=grade, part=said.get("part", "")))
    return HandInList(
        purpose=words["purpose"],
        counterpart=counterpart,
        version=words.get("version", previous.version + 1 if previous is not None else 1),
        groups=tuple(groups),
        dropped=tuple(dropped),
    )


def _to_room(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Seal practice rows to the rooms named in the sentence, be they right or wrong."""
    return (Paper(rows=(f"a list of {who} at {state.count}",), to=tuple(sorted(parts_of(words["rooms"], "+")))),)


def _unsealed(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return ()


def _list_meant(words: Words, state: State, addressed: ParticipantName) -> ActId:
    """Return the list that a sentence names, else the newest one handed in to the speaker."""
    if "list" in words:
        return ActId(words["list"])
    found = [key for key in state.lists.latest.values() if state.lists.versions[key].counterpart == addressed]
    if "purpose" in words:
        found = [key for key in found if state.lists.versions[key].purpose == words["purpose"]]
    return max(found, key=lambda key: state.lists.versions[key].position, default=NOBODYS)


def _acknowledge(words: Words, state: State, who: ParticipantName) -> Deed:
    meant = _list_meant(words, state, who)
    there = state.lists.versions.get(meant)
    count = words.get("count", len(there.lines) if there is not None else 0)
    return AcknowledgeList(list=meant, count=count)


def _reply(words: Words, state: State, who: ParticipantName) -> Deed:
    replies: list[Reply] = []
    for part in parts_of(words["replies"]):
        _, said = fit(f"replies {part}", REPLY)
        particulars = {name: said[name] for name in ("reason", "line", "day", "to") if name in said}
        replies.append(Reply(lines=said["lines"], code=said["code"], certificate="certificate" in said, **particulars))
    return ReplyToLines(replies=tuple(replies))


def _certificates(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    if " with a " not in words["replies"]:
        return ()
    return (Paper(rows=("a certificate of death",), to=(f"{state.authority.other(who)}/papers",)),)


def _reply_unattached(words: Words, state: State, who: ParticipantName) -> Deed:
    return ReplyToLines(replies=(Reply(lines=words["lines"], code="DEAD", certificate=True),))


def _object(words: Words, state: State, who: ParticipantName) -> Deed:
    return ObjectToLines(lines=words["lines"], ground=words["ground"], evidence=words.get("evidence", "none"))


def _final_reply(words: Words, state: State, who: ParticipantName) -> Deed:
    return GiveFinalReply(list=_list_meant({"purpose": "request", **words}, state, who))


def _sign(words: Words, state: State, who: ParticipantName) -> Deed:
    return SignFinalList(
        giving=ParticipantName(words["giving"]),
        receiving=ParticipantName(words["receiving"]),
        lines=words["lines"],
        under_reservation="reservation" in words,
    )


def _ask(words: Words, state: State, who: ParticipantName) -> Deed:
    return RequestSubstitution(out=words["out"], into=words.get("into", Lines()), reason=words["reason"])


def _answer(words: Words, state: State, who: ParticipantName) -> Deed:
    waiting = (NOBODYS, *(key for key, one in state.lists.substitutions.items() if not one.answer))
    return AnswerSubstitution(request=ActId(words.get("request", waiting[-1])), answer=words["answer"])


VERBS: tuple[Verb, ...] = (
    Verb(
        "hands in {article:a|an} {purpose} list for {counterpart} [version {version:int}]: {groups:rest}",
        _hand_in,
        HandInList,
        "north hands in a request list for south: N1-N40 as soldiers; N41 as civilians part c3; without N7 as returned",
    ),
    Verb(
        "hands in {article:a|an} {purpose} list for {counterpart} openly: {groups:rest}",
        _hand_in,
        HandInList,
        "north hands in an offer list for south openly: N1-N3",
        sealed=_unsealed,
    ),
    Verb(
        "hands in {article:a|an} {purpose} list for {counterpart} sealed to {rooms}: {groups:rest}",
        _hand_in,
        HandInList,
        "north hands in a request list for south sealed to south/lists+neutral/lists: N1-N3",
        sealed=_to_room,
    ),
    Verb(
        "acknowledges the [{purpose}] list [{list:label}] [with {count:int} rows]",
        _acknowledge,
        AcknowledgeList,
        "south acknowledges the request list with 40 rows",
    ),
    Verb(
        "replies {replies:rest}",
        _reply,
        ReplyToLines,
        "south replies HELD_WILL_RELEASE to N1-N3; HELD_WITHHELD to N4 because sentence; DUPLICATE_OF to N5 being N6; "
        "RELEASED_EARLIER to N7 on 2025-05-01; TRANSFERRED to N8 given to third_state; DEAD to N9 with a certificate",
        sealed=_certificates,
    ),
    Verb(
        "claims a certificate of death for {lines:lines}",
        _reply_unattached,
        ReplyToLines,
        "south claims a certificate of death for N9",
        sealed=_unsealed,
    ),
    Verb(
        "objects to {lines:lines} on the ground {ground} [with evidence {evidence}]",
        _object,
        ObjectToLines,
        "north objects to N4 on the ground held_by_evidence with evidence video",
    ),
    Verb(
        "gives the final reply [to the list {list:label}]",
        _final_reply,
        GiveFinalReply,
        "south gives the final reply",
    ),
    Verb(
        "signs the final list from {giving} to {receiving}: {lines:lines} [{reservation:under|with} reservation]",
        _sign,
        SignFinalList,
        "north signs the final list from south to north: S1-S3 under reservation",
    ),
    Verb(
        "asks to replace {out:lines} by {into:lines} because {reason}",
        _ask,
        RequestSubstitution,
        "south asks to replace S2 by S9 because not_ready",
    ),
    Verb(
        "answers the substitution with {answer} [{request:label}]",
        _answer,
        AnswerSubstitution,
        "north answers the substitution with accept",
    ),
)
