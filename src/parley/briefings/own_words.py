"""One side's own communiqué: figures that the record supports, in four languages, said by that side alone and headed so.

Nobody else has to agree, and nothing of it is law: it is a public statement, recorded as one (``parley.process.publication``,
points 10 to 12). A desk holds it back where its own embargo runs, and where families of those counted were not told yet. The
texts follow from the recorded figures alone, so that anybody can make them again and see whether a text is genuine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from parley.acts import LANGUAGES, Figure, RecordPublicStatement
from parley.briefings import numbers, phrases
from parley.process import figures, publication
from parley.process.state import NumberSheet, State, Statement
from parley.words import ActId, LineId, Moment, ParticipantName, Refusal, refuse

OWN: Final = "own communique"
"""How the source of a side's own communiqué begins in the record; the beginning of its hash follows."""
VOICE: Final = "press_service"


def own_texts(side: ParticipantName, said: Moment, of: Sequence[Figure], *, practice: bool) -> Mapping[str, str]:
    """Return the texts that a side's own figures give, and nothing else goes into them."""
    return {language: _text(side, said, of, language, practice=practice) for language in LANGUAGES}


def own_communique(
    state: State, side: ParticipantName, said: Moment, of: Sequence[Figure]
) -> tuple[Mapping[str, str], RecordPublicStatement] | Refusal:
    """Return the texts with the deed that records them, or why this side should not publish them now."""
    refusal = may_say(state, side, of)
    if refusal is not None:
        return refusal
    texts = own_texts(side, said, of, practice=state.authority.practice)
    source = f"{OWN} {digest_of(texts)[:16]}"
    deed = RecordPublicStatement(speaker=side, said=said, source=source, figures=tuple(of), voice=VOICE, named=True)
    return texts, deed


def may_say(state: State, side: ParticipantName, of: Sequence[Figure]) -> Refusal | None:
    """Say why a side should not say these figures now, or nothing."""
    if not of:
        return refuse("publication.no_figures")
    for figure in of:
        value = figures.supported(state, figure)
        facts = {"side": figure.side, "unit": figure.unit, "count_point": figure.count_point}
        if value is None:
            return refuse("publication.figure_cannot_be_told", **facts)
        if value != figure.value:
            return refuse("publication.figure_not_supported", **facts, stated=figure.value, supported=value)
    until = state.publication.embargoes.get(side)
    if until is not None and state.authority.clock < until:
        return refuse("publication.embargo", until=until, now=state.authority.clock)
    sheet = NumberSheet(id=ActId(""), proposed_by=side, figures=tuple(of))
    mine = [line for line in publication.waiting_families(state, sheet) if _received_by(state, line, side)]
    return refuse("publication.family_first", waiting=len(mine)) if mine else None


def _received_by(state: State, line: str, side: ParticipantName) -> bool:
    known = state.lists.lines.get(LineId(line))
    return known is not None and known.receiver == side


def digest_of(texts: Mapping[str, str]) -> str:
    """Return the hash over the texts in the order of their languages' codes."""
    return sha256("".join(f"{language}\n{texts[language]}\n" for language in sorted(texts)).encode()).hexdigest()


def is_own(statement: Statement) -> bool:
    """Say whether a recorded statement is its speaker's own communiqué, recorded by itself."""
    says = statement.says
    return says.source.startswith(f"{OWN} ") and statement.recorded_by == says.speaker


def _text(side: ParticipantName, said: Moment, of: Sequence[Figure], language: str, *, practice: bool) -> str:
    lines = [phrases.phrase("communique.practice", language), ""] if practice else []
    lines += [
        phrases.phrase("own.title", language, side=side),
        phrases.phrase("own.alone", language, side=side, said=said),
    ]
    for batch in sorted({figure.batch for figure in of}):
        lines += ["", phrases.phrase("communique.batch" if batch else "communique.whole", language, batch=batch)]
        in_order = sorted((one for one in of if one.batch == batch), key=lambda one: one.side)
        lines += [f"- {numbers.in_words(figure, language, '')}" for figure in in_order]
    return "\n".join([*lines, "", phrases.phrase("communique.method", language), ""])
