"""The numbers that may be said: each counted from the record, each with its unit, side, scope and count point.

``supported`` is the law's own count (``parley.process.figures``): what the record cannot tell has no number here, and
a person, a body and a container are never added to one another. ``number_sheet`` proposes every figure worth saying.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from parley.acts import Figure
from parley.briefings import phrases
from parley.process import agreed, batches, publication
from parley.process.figures import supported
from parley.process.state import State
from parley.words import ParticipantName

__all__ = ["in_words", "number_sheet", "supported"]

SAID: Final = (
    ("person", "agreed"),
    ("person", "final"),
    ("person", "handed_over"),
    ("person", "confirmed"),
    ("container", "agreed"),
    ("container", "handed_over"),
    ("body", "agreed"),
    ("body", "laboratory"),
)
"""Units and count points of a number sheet, in the order in which they are said."""


def number_sheet(state: State) -> tuple[Figure, ...]:
    """Return the figures that the record supports now: the whole exchange first, then each batch, sides by name.

    Of an exchange with very many batches only the first ones are named singly, because a sheet has its limit.
    """
    found = (
        figure
        for batch in (0, *batches.numbers(state))
        for side in state.authority.parties
        for unit, point in SAID
        for figure in _of_scopes(state, Figure(unit=unit, side=side, scope="", count_point=point, batch=batch, value=0))
    )
    return tuple(islice(found, publication.MOST_FIGURES))


def _of_scopes(state: State, blank: Figure) -> Iterator[Figure]:
    """Yield a figure inside the formula; where people or remains go outside it, also that, its parts, and both."""
    inside = _counted(state, replace(blank, scope="inside"))
    if inside is not None and (inside.value or _nobody_came(state, inside)):
        yield inside
    outside = _counted(state, replace(blank, scope="outside"))
    if outside is None or not outside.value:
        return
    yield outside
    for part in _parts(state, blank.side):
        of_part = _counted(state, replace(blank, scope="outside", part=part))
        if of_part is not None and of_part.value not in (0, outside.value):
            yield of_part
    both = _counted(state, replace(blank, scope="both"))
    if both is not None:
        yield both


def _counted(state: State, figure: Figure) -> Figure | None:
    value = supported(state, figure)
    return None if value is None else replace(figure, value=value)


def _nobody_came(state: State, figure: Figure) -> bool:
    """Say whether a nought is worth saying: people were agreed, nothing more is to come, and nobody was handed over."""
    return figure.unit == "person" and figure.count_point == "handed_over" and publication.complete(state)


def _parts(state: State, side: ParticipantName) -> tuple[str, ...]:
    return tuple(sorted(name for name, one in agreed.parts_outside(state).items() if one.gives.get(side)))


def in_words(figure: Figure, language: str, side: str = "") -> str:
    """Return a figure as one sentence; ``side`` is how to call the giving side, its name in the record if empty."""
    return phrases.phrase(
        "communique.part" if figure.part else "communique.figure",
        language,
        side=side or figure.side,
        value=phrases.counted(f"unit.{figure.unit}", figure.value, language),
        point=phrases.word(figure.count_point, language),
        scope=phrases.word(figure.scope, language),
        part=figure.part,
    )
