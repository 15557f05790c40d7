"""How the acts of verification are said in a scenario: interviews, papers, readiness, identity questions, matches."""

from __future__ import annotations

from collections.abc import Callable

from parley.acts import (
    AcceptMatch,
    AnswerIdentityQuestion,
    AskIdentityQuestion,
    CertifyMedically,
    ClearLegally,
    DeclareReadiness,
    Deed,
    DisputeMatch,
    Pair,
    ProposeMatch,
    RecordInterview,
)
from parley.process.lines import today
from parley.process.state import State
from parley.scenario.grammar import Paper, ScenarioBroken, Verb, Words, parts_of
from parley.scenario.verbs.terms import NOBODYS
from parley.words import ActId, Day, ParticipantName

Sealing = Callable[[Words, State, ParticipantName], tuple[Paper, ...]]


def _to_neutral(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return (Paper(rows=("what stays between the person and the neutral",), to=(f"{state.authority.neutral}/papers",)),)


def _to_all(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    rooms = tuple(sorted(f"{name}/papers" for name in state.authority.parties))
    return (Paper(rows=("what one side should not read",), to=rooms),)


def _to_other(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return (
        Paper(rows=("an identity question",), to=tuple(f"{n}/papers" for n in state.authority.parties if n != who)),
    )


def _unsealed(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return ()


def _day(words: Words, state: State) -> Day:
    return Day(words.get("day", today(state)))


def _interview(words: Words, state: State, who: ParticipantName) -> Deed:
    return RecordInterview(
        lines=words["lines"],
        day=_day(words, state),
        alone="watched" not in words,
        language=words.get("language", "uk"),
    )


def _certify(words: Words, state: State, who: ParticipantName) -> Deed:
    return CertifyMedically(lines=words["lines"], day=_day(words, state), valid_until=words["until"])


def _clear(words: Words, state: State, who: ParticipantName) -> Deed:
    return ClearLegally(lines=words["lines"], day=_day(words, state), valid_until=words["until"])


def _declare(words: Words, state: State, who: ParticipantName) -> Deed:
    return DeclareReadiness(ready=words["ready"], not_ready=words["not_ready"], valid_until=words["until"])


def _ask(words: Words, state: State, who: ParticipantName) -> Deed:
    return AskIdentityQuestion(lines=words["lines"])


def _question(words: Words, state: State) -> ActId:
    asked = (NOBODYS, *state.verification.questions)
    return ActId(words.get("question", asked[-1]))


def _answer(words: Words, state: State, who: ParticipantName) -> Deed:
    return AnswerIdentityQuestion(question=_question(words, state), answered=True)


def _leave_open(words: Words, state: State, who: ParticipantName) -> Deed:
    return AnswerIdentityQuestion(question=_question(words, state), answered=False)


def _pairs(words: Words) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    for part in parts_of(words["pairs"], ","):
        request, equals, offer = part.partition("=")
        if not equals:
            raise ScenarioBroken("scenario.part_not_understood", text=part[:80], near="N1=S1")
        pairs.append(Pair(request.strip(), offer.strip()))
    return tuple(pairs)


def _propose(words: Words, state: State, who: ParticipantName) -> Deed:
    return ProposeMatch(pairs=_pairs(words), grade=words["grade"])


def _accept(words: Words, state: State, who: ParticipantName) -> Deed:
    return AcceptMatch(pairs=_pairs(words))


def _dispute(words: Words, state: State, who: ParticipantName) -> Deed:
    return DisputeMatch(pairs=_pairs(words), ground=words["ground"])


def _said_three_ways(
    template: str,
    make: Callable[[Words, State, ParticipantName], Deed],
    deed: type[Deed],
    example: str,
    sealed: Sealing,
) -> tuple[Verb, ...]:
    """Return the verb as it should be sealed, and as a careless officer might say it: openly, or sealed to all."""
    return (
        Verb(template, make, deed, example, sealed),
        Verb(f"{template} openly", make, deed, f"{example} openly", _unsealed),
        Verb(f"{template} sealed to both sides", make, deed, f"{example} sealed to both sides", _to_all),
    )


VERBS: tuple[Verb, ...] = (
    *_said_three_ways(
        "interviews {lines:lines} [on {day:day}] [in {language}] [{watched:watched|overheard}]",
        _interview,
        RecordInterview,
        "neutral interviews N1-N40 on 2025-05-20 in uk",
        _to_neutral,
    ),
    *_said_three_ways(
        "certifies {lines:lines} medically [on {day:day}] until {until:day}",
        _certify,
        CertifyMedically,
        "neutral certifies S1-S3 medically until 2025-06-20",
        _to_neutral,
    ),
    *_said_three_ways(
        "clears {lines:lines} legally [on {day:day}] until {until:day}",
        _clear,
        ClearLegally,
        "south clears S1-S3 legally until 2025-06-20",
        _to_neutral,
    ),
    Verb(
        "declares ready {ready:lines} and not ready {not_ready:lines} until {until:day}",
        _declare,
        DeclareReadiness,
        "neutral declares ready S1, S3 and not ready S2 until 2025-06-01",
    ),
    Verb(
        "asks an identity question about {lines:lines}",
        _ask,
        AskIdentityQuestion,
        "south asks an identity question about N4",
        _to_other,
    ),
    Verb(
        "asks an identity question about {lines:lines} openly",
        _ask,
        AskIdentityQuestion,
        "south asks an identity question about N4 openly",
        _unsealed,
    ),
    *_said_three_ways(
        "answers the identity question [{question:label}]",
        _answer,
        AnswerIdentityQuestion,
        "north answers the identity question",
        _to_neutral,
    ),
    Verb(
        "leaves the identity question open [{question:label}]",
        _leave_open,
        AnswerIdentityQuestion,
        "north leaves the identity question open",
        _unsealed,
    ),
    Verb(
        "proposes a {grade} match: {pairs:rest}", _propose, ProposeMatch, "neutral proposes a sure match: N1=S4, N2=S9"
    ),
    Verb("accepts the match: {pairs:rest}", _accept, AcceptMatch, "north accepts the match: N1=S4"),
    Verb(
        "disputes the match on the ground {ground}: {pairs:rest}",
        _dispute,
        DisputeMatch,
        "south disputes the match on the ground particulars_differ: N2=S9",
    ),
)
