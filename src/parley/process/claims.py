"""Does the record support what was said in public? Each claim is judged when it is recorded, and the verdict stays.

"No date was agreed" is true on the day it is said and looks false once a date is agreed (domain F21); a number is true
until the next batch crosses. So a claim is set beside the record as it stands at the act that records it, and keeps that
verdict; what the record says of the same words later is another question, asked by calling ``judged`` again.

1.  A claim is supported, not supported, or cannot be told from the record. Nothing is filled in for a speaker.
2.  A number said without its side, unit, scope or count point is tried in every meaning it can have, one side at a time.
    It is supported if it holds in one of them, and the meanings are kept with the verdict (domain 3.6).
3.  That a date was agreed is judged by what all parties accepted, for any batch or for the whole.
4.  That a list was received is judged by its standing in the log: its receipt is delivery, acknowledged or not (F24).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from parley.acts import COUNT_POINTS, SCOPES, UNITS, Figure, RecordPublicStatement
from parley.process import batches, dates
from parley.process.figures import Tallies, supported
from parley.process.state import Claim, State
from parley.words import ParticipantName

SUPPORTED: Final = "supported"
NOT_SUPPORTED: Final = "not_supported"
CANNOT_BE_TOLD: Final = "cannot_be_told"


def judged(state: State, says: RecordPublicStatement) -> tuple[Claim, ...]:
    """Return each claim of a statement beside the record as this state holds it: figures first, then date and list."""
    counted: Tallies = {}
    claims = [_figure(state, figure, counted) for figure in says.figures]
    if says.date_agreed is not None:
        claims.append(_of_fact("date", said=says.date_agreed, is_so=_date_agreed(state)))
    if says.list_received is not None:
        claims.append(_of_fact("list", said=says.list_received, is_so=_list_receipted(state, says.speaker)))
    return tuple(claims)


def _of_fact(about: str, *, said: bool, is_so: bool) -> Claim:
    return Claim(about=about, said=said, record=is_so, verdict=SUPPORTED if said == is_so else NOT_SUPPORTED)


def _date_agreed(state: State) -> bool:
    return any(dates.date_of(state, batch) is not None for batch in (0, *batches.numbers(state)))


def _list_receipted(state: State, speaker: ParticipantName) -> bool:
    return any(version.counterpart == speaker for version in state.lists.versions.values())


def _figure(state: State, figure: Figure, counted: Tallies) -> Claim:
    if figure.side and figure.unit and figure.scope and figure.count_point:
        value = supported(state, figure, counted)
        verdict = CANNOT_BE_TOLD if value is None else SUPPORTED if value == figure.value else NOT_SUPPORTED
        return Claim(about="figure", said=figure, verdict=verdict, record=value)
    values = [(meaning, supported(state, meaning, counted)) for meaning in _meanings(state, figure)]
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
