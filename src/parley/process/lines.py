"""What the record knows of each line: who holds the person, what was answered, whether it is on a final list.

A *line* stands for one person on one list, by an id that says nothing about them. These are the questions that every
later stage asks of lines; ``parley.process.lists`` holds the law by which they came about, and offers them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from parley.acts import Act, Deed
from parley.process.dates import overdue
from parley.process.state import ListVersion, Readiness, State
from parley.words import CODE, MOST_LINES, ActId, Day, LineId, Lines, ParticipantName, Refusal, refuse

NO_REPLY: Final = "NO_REPLY"
"""What a line counts as when its holder did not answer in time: derived, never said (domain 5.2)."""
VANISHED: Final = "vanished"
"""Why a line is off its list when a new version left it out without a word (domain F10)."""
RELEASING: Final = frozenset({"HELD_WILL_RELEASE", "LEGAL_CLEARANCE_PENDING"})
"""Replies that allow a place on a final list; a clearance may still come before the convoy leaves."""
CLAIMED: Final = frozenset({"PERSON_DECLINES", "UNFIT_TO_TRAVEL"})
"""Replies by which a holder speaks for the person; the neutral's finding that they are ready outweighs them."""

AnyDeed = TypeVar("AnyDeed", bound=Deed)


def in_turn(
    state: State, act: Act, deed: AnyDeed, checks: Iterable[Callable[[State, Act, AnyDeed], Refusal | None]]
) -> Refusal | None:
    """Ask each check in turn and return the first refusal."""
    for check in checks:
        refusal = check(state, act, deed)
        if refusal is not None:
            return refusal
    return None


# --- whose, and who --------------------------------------------------------------------------------------------------


def person_of(state: State, line: str) -> LineId:
    """Return the one line that stands for this person: the holder's offer line where a match joins one, else itself."""
    known = state.lists.lines.get(LineId(line))
    if known is None or known.joined is None or known.purpose == "offer":
        return LineId(line)
    return known.joined


def holder_of(state: State, line: str) -> ParticipantName | None:
    """Return the party said to hold the person of this line; nothing for a line that nobody ever gave."""
    known = state.lists.lines.get(LineId(line))
    return None if known is None else known.holder


def giving_lines(state: State, giving: ParticipantName) -> Lines:
    """Return the people one party holds by any list, each once, without those that were taken off."""
    return Lines.among(
        {
            person_of(state, line)
            for line, known in state.lists.lines.items()
            if known.holder == giving and not known.dropped
        }
    )


def list_key(author: ParticipantName, counterpart: ParticipantName, purpose: str) -> str:
    """Return the key of one list through all its versions."""
    return f"{author}/{counterpart}/{purpose}"


def latest_version(
    state: State, author: ParticipantName, counterpart: ParticipantName, purpose: str
) -> ListVersion | None:
    """Return the last version of a list; nothing before the first."""
    found = state.lists.latest.get(list_key(author, counterpart, purpose))
    return None if found is None else state.lists.versions[found]


def most_lines(state: State) -> int:
    """Return how many lines one author may ever give in a case: no set of lines grows past what a copy can read."""
    return MOST_LINES // max(len(state.authority.parties), 1)


def today(state: State) -> Day:
    """Return the day by the neutral's clock; the empty day before its first entry, which no day is before."""
    return Day(state.authority.clock[:10])


# --- replies ---------------------------------------------------------------------------------------------------------


def reply_of(state: State, line: str) -> str:
    """Return the reply code of a line; ``NO_REPLY`` once the time for an answer is over, nothing while it is open.

    An offered line needs no reply: to offer is to say that one holds and will release.
    """
    known = state.lists.lines.get(LineId(line))
    if known is None:
        return ""
    if known.reply is not None:
        return known.reply.code
    if known.purpose == "offer":
        return "HELD_WILL_RELEASE"
    return NO_REPLY if _time_is_over(state, known.list) else ""


def _time_is_over(state: State, list_id: ActId) -> bool:
    if state.lists.versions[list_id].answered:
        return True
    return any(overdue(state, act, list_=list_id) for act in ("reply_to_lines", "give_final_reply"))


def unanswered(state: State, list_id: ActId) -> Lines:
    """Return the lines of one list version that count as ``NO_REPLY``; none while there is still time."""
    version = state.lists.versions.get(list_id)
    if version is None or version.purpose != "request" or not _time_is_over(state, list_id):
        return Lines()
    known = state.lists.lines
    return Lines.among(line for line in version.lines if known[line].reply is None and not known[line].dropped)


def questions_due(state: State, lines: Iterable[LineId]) -> Lines:
    """Return which of these lines were answered IDENTITY_UNCLEAR while their holder has asked no question yet."""
    unclear = {
        line: known
        for line in lines
        if (known := state.lists.lines.get(line)) is not None
        and known.reply is not None
        and known.reply.code == "IDENTITY_UNCLEAR"
    }
    if not unclear:
        return Lines()
    questions = state.verification.questions.values()
    asked = {(question.asked_by, line) for question in questions for line in question.lines}
    return Lines.among(line for line, known in unclear.items() if (known.holder, line) not in asked)


# --- readiness -------------------------------------------------------------------------------------------------------


def same_person(state: State, line: str) -> tuple[LineId, ...]:
    """Return this line and the line that an agreed match joined to it, if any."""
    known = state.lists.lines.get(LineId(line))
    return (LineId(line),) if known is None or known.joined is None else (LineId(line), known.joined)


def declared_of(state: State, line: str) -> Readiness | None:
    """Return the neutral's last declaration on a person, by whichever of the person's lines it was made."""
    found = [one for each in same_person(state, line) if (one := state.verification.readiness.get(each)) is not None]
    return max(found, key=lambda one: one.position, default=None)


def declared_ready(state: State, line: str) -> bool:
    """Say whether the neutral's last word on a person is "ready" and still holds today."""
    declared = declared_of(state, line)
    return declared is not None and declared.ready and declared.valid_until >= today(state)


# --- final lists -----------------------------------------------------------------------------------------------------


def final_key(giving: ParticipantName, receiving: ParticipantName) -> str:
    """Return the key of a final list in the state."""
    return f"{giving}/{receiving}"


def frozen(state: State, giving: ParticipantName) -> Lines | None:
    """Return the people on the final lists of one giving party, substitutions included; nothing before the freeze."""
    found = [
        final.frozen for final in state.lists.finals.values() if final.giving == giving and final.frozen is not None
    ]
    if len(found) < 2:
        return found[0] if found else None
    return Lines.among(line for lines in found for line in lines)


def frozen_set(state: State, giving: ParticipantName) -> frozenset[LineId]:
    """Return the same people as a set to look lines up in; empty before the freeze."""
    return frozenset(frozen(state, giving) or Lines())


# --- checks that several stages share --------------------------------------------------------------------------------


def judge_known(state: State, lines: Lines) -> Refusal | None:
    """Refuse an empty set, a line that nobody gave, and a line that is off its list."""
    if not lines.ranges:
        return refuse("lists.empty")
    for line in lines:
        known = state.lists.lines.get(line)
        if known is None:
            return refuse("lists.unknown_line", line=line)
        if known.dropped:
            return refuse("lists.line_dropped", line=line, reason=known.dropped)
    return None


def is_code(text: str) -> bool:
    """Say whether a word may stand in the record as a code: small letters, digits, no room for a name."""
    return CODE.match(text) is not None


def sealed_beyond(act: Act, recipients: Iterable[ParticipantName]) -> bool:
    """Say whether an attachment of this act is sealed to any room of a participant other than these."""
    allowed = tuple(f"{name}/" for name in recipients)
    return any(not room.startswith(allowed) for sealed in act.sealed for room in sealed.to)
