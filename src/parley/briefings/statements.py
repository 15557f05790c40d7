"""What was said in public, beside what the record supports: supported, not supported, or the record cannot tell.

The verdict shown is that of the day a statement was recorded, and it stays. Where the record of today would say otherwise
of the same words, that stands beside it as "now": a date agreed on Friday does not make a liar of who said on Monday that
there was none. Where a number was said without its unit, scope or count point, the meanings in which it is true are shown
with it, because most public quarrels over numbers are two true numbers of two things (domain 3.6).

Beside the record stand the sides themselves: a claim is *confirmed* by a side whose named voice said the same, and
*contradicted* by one whose named voice said otherwise. An unnamed source confirms nothing, however often it is quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """A statement with its claims: as judged when it was recorded, and (``now``) as the record stands today.

    ``confirmed_by`` are the sides whose named voices said all of it, ``contradicted_by`` those that said otherwise of any.
    """

    statement: Statement
    claims: tuple[Claim, ...]
    now: tuple[Claim, ...]
    confirmed_by: tuple[ParticipantName, ...] = ()
    contradicted_by: tuple[ParticipantName, ...] = ()

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
    confirmed, contradicted = _sides_on(state, statement)
    return Compared(
        statement=statement,
        claims=statement.claims,
        now=claims.judged(state, statement.says),
        confirmed_by=confirmed,
        contradicted_by=contradicted,
    )


def _sides_on(state: State, statement: Statement) -> tuple[tuple[ParticipantName, ...], tuple[ParticipantName, ...]]:
    """Return which sides said the same by a named voice, all of it, and which said otherwise of some of it."""
    said = _as_said(statement.claims)
    if not said:
        return (), ()
    heard: dict[ParticipantName, dict[object, set[object]]] = {}
    for other in state.publication.statements:
        if other.says.named:
            for about, value in _as_said(other.claims).items():
                heard.setdefault(other.says.speaker, {}).setdefault(about, set()).update(value)
    sides = sorted(heard)
    confirmed = tuple(
        side for side in sides if all(value <= heard[side].get(about, set()) for about, value in said.items())
    )
    contradicted = tuple(
        side for side in sides if any(heard[side].get(about, value) - value for about, value in said.items())
    )
    return confirmed, contradicted


def _as_said(several: Iterable[Claim]) -> dict[object, set[object]]:
    """Return what was claimed, by what it is about: a figure without its value, a date, a list."""
    found: dict[object, set[object]] = {}
    for claim in several:
        figure = claim.said if isinstance(claim.said, Figure) else None
        about: object = replace(figure, value=0) if figure is not None else claim.about
        found.setdefault(about, set()).add(figure.value if figure is not None else claim.said)
    return found


# --- in words --------------------------------------------------------------------------------------------------------


def in_words(one: Compared, language: str) -> phrases.Written:
    """Return a statement and its claims as one line of text."""
    says = one.statement.says
    pairs = zip(one.claims, one.now, strict=True)
    told = phrases.joined((claim_in_words(claim, language, now) for claim, now in pairs), language)
    head = phrases.phrase(
        "statement.head", language, speaker=says.speaker, said=says.said, source=source_in_words(one, language)
    )
    tail = "".join(f" [{part}]" for part in sides_in_words(one, language))
    return phrases.Written(f"{head} {told or phrases.phrase('statement.nothing_to_check', language)}{tail}")


def source_in_words(one: Compared, language: str) -> phrases.Written:
    """Return who said it and where: the office of a named voice, or that the source is unnamed; the outlet; the source."""
    says = one.statement.says
    parts = [_short(says.voice)] if says.voice else []
    parts += [phrases.phrase("statement.unnamed", language)] if says.named is False else []
    parts += [phrases.phrase("statement.through", language, outlet=_short(says.outlet))] if says.outlet else []
    parts += [_short(says.source)]
    parts += [phrases.phrase("statement.of_item", language, item=_short(says.item))] if says.item else []
    return phrases.Written(
        ("، " if language == "ar" else ", ").join(phrases.harmless(part, language) for part in parts)
    )


def sides_in_words(one: Compared, language: str) -> tuple[str, ...]:
    """Return who confirmed it and who contradicted it, as clauses; nothing where no side has spoken of it by name."""
    found: list[str] = []
    if len(one.confirmed_by) > 1:
        found.append(phrases.phrase("statement.confirmed_by_both", language, sides=_sides(one.confirmed_by, language)))
    elif one.confirmed_by:
        found.append(phrases.phrase("statement.confirmed_by_one", language, side=one.confirmed_by[0]))
    if one.contradicted_by:
        found.append(phrases.phrase("statement.contradicted_by", language, sides=_sides(one.contradicted_by, language)))
    return tuple(found)


def _sides(sides: tuple[ParticipantName, ...], language: str) -> phrases.Written:
    return phrases.Written(
        ("، " if language == "ar" else ", ").join(phrases.harmless(side, language) for side in sides)
    )


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
