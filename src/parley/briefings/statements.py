"""What was said in public, beside what the record supports: supported, not supported, or the record cannot tell.

Nothing is filled in for a speaker. Where a number was said without its unit, scope or count point, every meaning it can
have is tried: that it is true in one of them is shown together with that meaning, because most public quarrels over
numbers are two true numbers of two things (domain 3.6). A statement is set beside the record as it stands now, not as
it stood when the words were said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from parley.acts import COUNT_POINTS, SCOPES, UNITS, Figure
from parley.briefings import numbers, phrases
from parley.process import batches, dates
from parley.process.figures import supported
from parley.process.state import State, Statement
from parley.words import ParticipantName

SUPPORTED: Final = "supported"
NOT_SUPPORTED: Final = "not_supported"
CANNOT_BE_TOLD: Final = "cannot_be_told"
MOST_MEANINGS: Final = 3
"""How many meanings in which a number holds are written out; the rest follow from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing said and its verdict.

    ``about`` is ``figure``, ``date`` or ``list``. ``record`` is the value the record supports, where the figure was said
    completely; ``holds_as`` are the meanings in which an incompletely said figure is true.
    """

    about: str
    verdict: str
    said: Figure | bool
    record: int | None = None
    holds_as: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A statement with its claims, each beside the record."""

    statement: Statement
    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> str:
        """The worst verdict of its claims; a statement without a claim that can be checked cannot be told."""
        verdicts = {claim.verdict for claim in self.claims}
        return next((one for one in (NOT_SUPPORTED, CANNOT_BE_TOLD, SUPPORTED) if one in verdicts), CANNOT_BE_TOLD)


def compared(state: State, since: int = 0, *, but_not_by: ParticipantName | None = None) -> tuple[Compared, ...]:
    """Return the statements recorded from a place in the log on, oldest first; without those of one speaker if named."""
    return tuple(
        compare(state, one)
        for one in state.publication.statements
        if one.position >= since and one.says.speaker != but_not_by
    )


def compare(state: State, statement: Statement) -> Compared:
    """Return one statement with each of its claims set beside the record."""
    says = statement.says
    claims = [_figure(state, figure) for figure in says.figures]
    if says.date_agreed is not None:
        claims.append(_of_fact("date", said=says.date_agreed, is_so=_date_agreed(state)))
    if says.list_received is not None:
        claims.append(_of_fact("list", said=says.list_received, is_so=_list_receipted(state, says.speaker)))
    return Compared(statement=statement, claims=tuple(claims))


def _of_fact(about: str, *, said: bool, is_so: bool) -> Claim:
    return Claim(about=about, said=said, verdict=SUPPORTED if said == is_so else NOT_SUPPORTED)


def _date_agreed(state: State) -> bool:
    return any(dates.date_of(state, batch) is not None for batch in (0, *batches.numbers(state)))


def _list_receipted(state: State, speaker: ParticipantName) -> bool:
    """Say whether a list for this speaker stands in the log: its receipt is delivery, acknowledged or not (F24)."""
    return any(version.counterpart == speaker for version in state.lists.versions.values())


def _figure(state: State, figure: Figure) -> Claim:
    if figure.side and figure.unit and figure.scope and figure.count_point:
        value = supported(state, figure)
        verdict = CANNOT_BE_TOLD if value is None else SUPPORTED if value == figure.value else NOT_SUPPORTED
        return Claim(about="figure", said=figure, verdict=verdict, record=value)
    values = [(meaning, supported(state, meaning)) for meaning in _meanings(state, figure)]
    holds = _plainest([meaning for meaning, value in values if value == figure.value])
    if holds:
        return Claim(about="figure", said=figure, verdict=SUPPORTED, holds_as=holds)
    told = any(value is not None for _, value in values)
    return Claim(about="figure", said=figure, verdict=NOT_SUPPORTED if told else CANNOT_BE_TOLD)


def _plainest(holds: list[Figure]) -> tuple[Figure, ...]:
    """Return the meanings without those that add an outside to a number that holds inside alone: nobody is outside."""
    return tuple(one for one in holds if one.scope != "both" or replace(one, scope="inside") not in holds)


def _meanings(state: State, figure: Figure) -> Iterator[Figure]:
    """Yield every complete meaning of a figure that left something unsaid; one side at a time, never both added up."""
    sides = (figure.side,) if figure.side else state.authority.parties
    units = (figure.unit,) if figure.unit else UNITS
    points = (figure.count_point,) if figure.count_point else COUNT_POINTS
    scopes = (figure.scope,) if figure.scope else SCOPES
    for side, unit, point, scope in product(sides, units, points, scopes):
        yield replace(figure, side=side, unit=unit, count_point=point, scope=scope)


# --- in words --------------------------------------------------------------------------------------------------------


def in_words(one: Compared, language: str) -> phrases.Written:
    """Return a statement and its claims as one line of text."""
    says = one.statement.says
    claims = phrases.joined((claim_in_words(claim, language) for claim in one.claims), language)
    head = phrases.phrase("statement.head", language, speaker=says.speaker, said=says.said, source=_short(says.source))
    return phrases.Written(f"{head} {claims or phrases.phrase('statement.nothing_to_check', language)}")


def claim_in_words(claim: Claim, language: str) -> str:
    """Return what was said, the verdict, and what the record holds, as one clause."""
    verdict = phrases.phrase(f"statement.{claim.verdict}", language)
    if not isinstance(claim.said, Figure):
        what = phrases.phrase(f"statement.{claim.about}_{'yes' if claim.said else 'no'}", language)
        return f"{what}: {verdict}"
    return f"{_said(claim.said, language)}: {verdict}{_beside(claim, language)}"


def _said(figure: Figure, language: str) -> str:
    """Return a figure as it was said: its number with what was said of it and nothing more."""
    unit = f"unit.{figure.unit}"
    value = phrases.counted(unit, figure.value, language) if figure.unit else phrases.number(figure.value, language)
    words = (phrases.word(one, language) for one in (figure.count_point, figure.scope) if one)
    return ", ".join((f"{value} ({figure.side})" if figure.side else value, *words))


def _beside(claim: Claim, language: str) -> str:
    if claim.holds_as:
        shown = " / ".join(numbers.in_words(one, language).rstrip(".") for one in claim.holds_as[:MOST_MEANINGS])
        return " " + phrases.phrase("statement.holds_as", language, meanings=phrases.Written(shown))
    if claim.record is not None and claim.verdict == NOT_SUPPORTED:
        return " " + phrases.phrase("statement.record_says", language, value=phrases.number(claim.record, language))
    return ""


def _short(source: str, most: int = 60) -> str:
    return source if len(source) <= most else f"{source[: most - 1]}…"
