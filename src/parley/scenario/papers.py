"""What travels sealed with the acts of a practice scenario, where the sentence itself does not say.

Real lists hold people; practice lists hold a line id and the word "practice". To whom they are sealed is the same as in
earnest: a list to the other side, an interview to the neutral alone, a certificate to the neutral and the holder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from parley import acts
from parley.acts import Deed
from parley.process.state import State
from parley.scenario.grammar import Paper
from parley.words import LineId, Lines, ParticipantName


def list_paper(lines: Lines, to: tuple[str, ...]) -> Paper:
    """Return a practice list: one row for each line, and one that says so where there is none."""
    return Paper(rows=tuple(f"{line} practice" for line in lines) or ("nobody, practice",), to=to)


def text_paper(text: str, to: tuple[str, ...]) -> Paper:
    """Return a practice text of one row."""
    return Paper(rows=(text,), to=to)


def rooms(names: tuple[ParticipantName, ...], room: str = "papers") -> tuple[str, ...]:
    """Return the rooms of these participants."""
    return tuple(f"{name}/{room}" for name in names)


def _others(state: State, who: ParticipantName) -> tuple[ParticipantName, ...]:
    """Return everybody at the table but the author: the other parties and the neutral."""
    seated = state.authority.named("party") + state.authority.named("neutral")
    return tuple(name for name in seated if name != who)


def _to_others(words: str) -> Callable[[Any, State, ParticipantName], tuple[Paper, ...]]:
    return lambda _deed, state, who: (text_paper(words, rooms(_others(state, who))),)


def _to_neutral(words: str) -> Callable[[Any, State, ParticipantName], tuple[Paper, ...]]:
    return lambda _deed, state, _who: (text_paper(words, rooms((state.authority.neutral,))),)


def _list(deed: acts.HandInList, _state: State, _who: ParticipantName) -> tuple[Paper, ...]:
    lines = Lines.of(*(one for group in deed.groups for one in group.lines.ranges))
    return (list_paper(lines, rooms((deed.counterpart,), "lists")),)


def _texts(deed: acts.ProposeTerms, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    to = rooms(_others(state, who))
    return tuple(text_paper(f"Practice text of the terms in {language}.", to) for language in deed.languages)


def _holders(deed: Any, state: State, _who: ParticipantName) -> tuple[Paper, ...]:  # noqa: ANN401 - two deeds with lines
    known = (state.lists.lines.get(line) for line in deed.lines)
    holders = tuple(sorted({one.holder for one in known if one is not None}))
    return (text_paper("Practice certificates.", rooms((state.authority.neutral, *holders))),)


def _reply(deed: acts.ReplyToLines, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    if not any(reply.certificate for reply in deed.replies):
        return ()
    return (text_paper("Practice certificates.", rooms(_others(state, who))),)


def _answer(deed: acts.AnswerIdentityQuestion, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return _to_neutral("A practice answer.")(deed, state, who) if deed.answered else ()


def _reservation(deed: acts.SignJointRecord, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return _to_others("A practice reservation.")(deed, state, who) if deed.reservation else ()


def _cause(deed: acts.Embark, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    return _to_neutral("A practice cause.")(deed, state, who) if deed.missing else ()


def _resealed(deed: acts.Erase, state: State, _who: ParticipantName) -> tuple[Paper, ...]:
    version = state.lists.versions.get(deed.list)
    if version is None:
        return ()
    erased = state.standing.erased | set(deed.lines)
    kept = Lines.among(LineId(line) for line in version.lines if line not in erased)
    return (replace(list_paper(kept, rooms((version.counterpart,), "lists")), keeps=version.commit),)


_USUAL: Final[Mapping[type[Deed], Callable[[Any, State, ParticipantName], tuple[Paper, ...]]]] = {
    acts.ProposeTerms: _texts,
    acts.AmendTerms: _to_others("Practice text of the amendment."),
    acts.StatePosition: _to_others("A practice position."),
    acts.HandInList: _list,
    acts.ReplyToLines: _reply,
    acts.RecordInterview: _to_neutral("Practice notes of interviews."),
    acts.CertifyMedically: _holders,
    acts.ClearLegally: _holders,
    acts.AskIdentityQuestion: _to_others("A practice question."),
    acts.AnswerIdentityQuestion: _answer,
    acts.NotifyRoute: _to_others("A practice route."),
    acts.Embark: _cause,
    acts.SignJointRecord: _reservation,
    acts.Erase: _resealed,
}


def usual_papers(deed: Deed, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Return what is sealed with this deed when the sentence does not say: nothing for most."""
    make = _USUAL.get(type(deed))
    return () if make is None else make(deed, state, who)
