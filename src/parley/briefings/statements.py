"""What was said in public, beside what the record supports: supported, not supported, or the record cannot tell.

The verdict shown is that of the day a statement was recorded, and it stays. Where the record of today would say otherwise
of the same words, that stands beside it as "now": a date agreed on Friday does not make a liar of who said on Monday that
there was none. Where a number was said without its unit, scope or count point, the meanings in which it is true are shown
with it, because most public quarrels over numbers are two true numbers of two things (domain 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley.acts import Figure
from parley.briefings import numbers, phrases
from parley.process import claims
from parley.process.claims import CANNOT_BE_TOLD, NOT_SUPPORTED, SUPPORTED
from parley.process.state import Claim, State, Statement
from parley.words import ParticipantName

MOST_MEANINGS: Final = 3
"""How many meanings in which a number holds are written out; the rest follow from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A statement with its claims: as judged when it was recorded, and (``now``) as the record stands today."""

    statement: Statement
    claims: tuple[Claim, ...]
    now: tuple[Claim, ...]

    @property
    def verdict(self) -> str:
        """The worst verdict of its claims when recorded; where no claim can be checked, the record cannot tell."""
        return _worst(self.claims)

    @property
    def verdict_now(self) -> str:
        """The worst verdict that the same words would have today."""
        return _worst(self.now)


def _worst(several: tuple[Claim, ...]) -> str:
    verdicts = {claim.verdict for claim in several}
    return next((one for one in (NOT_SUPPORTED, CANNOT_BE_TOLD, SUPPORTED) if one in verdicts), CANNOT_BE_TOLD)


def compared(state: State, since: int = 0, *, but_not_by: ParticipantName | None = None) -> tuple[Compared, ...]:
    """Return the statements recorded from a place in the log on, oldest first; without those of one speaker if named."""
    return tuple(
        compare(state, one)
        for one in state.publication.statements
        if one.position >= since and one.says.speaker != but_not_by
    )


def compare(state: State, statement: Statement) -> Compared:
    """Return one statement with each of its claims as judged when recorded, and as the record stands now."""
    return Compared(statement=statement, claims=statement.claims, now=claims.judged(state, statement.says))


# --- in words --------------------------------------------------------------------------------------------------------


def in_words(one: Compared, language: str) -> phrases.Written:
    """Return a statement and its claims as one line of text."""
    says = one.statement.says
    pairs = zip(one.claims, one.now, strict=True)
    told = phrases.joined((claim_in_words(claim, language, now) for claim, now in pairs), language)
    head = phrases.phrase("statement.head", language, speaker=says.speaker, said=says.said, source=_short(says.source))
    return phrases.Written(f"{head} {told or phrases.phrase('statement.nothing_to_check', language)}")


def claim_in_words(claim: Claim, language: str, now: Claim | None = None) -> str:
    """Return what was said, the verdict, and what the record held, as one clause; the verdict of today if it differs."""
    said = _judged(claim, language)
    if now is None or now.verdict == claim.verdict:
        return said
    today = phrases.Written(phrases.phrase(f"statement.{now.verdict}", language) + _beside(now, language))
    return f"{said} {phrases.phrase('statement.now', language, verdict=today)}"


def _judged(claim: Claim, language: str) -> str:
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
    if type(claim.record) is int and claim.verdict == NOT_SUPPORTED:
        return " " + phrases.phrase("statement.record_says", language, value=phrases.number(claim.record, language))
    return ""


def _short(source: str, most: int = 60) -> str:
    return source if len(source) <= most else f"{source[: most - 1]}…"
