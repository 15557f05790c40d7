"""Draws how fair a composition is: bars with the number at their end, in SVG that stands inside any page.

A hidden cell is hatched, and no colour carries a meaning. No style stands in a picture: a page with a strict policy of content
shows it too, and a page may give the classes ``bar``, ``none`` and ``axis`` colours of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Final

from parley.composing.report import GroupChance
from parley.composing.waves import Wave

HIDDEN: Final = "<5"
_WIDE: Final = 640
_BAR: Final = 22
_LONGEST: Final = 300
MOST_LABELS: Final = 10
"""So many convoys can carry their numbers in the picture; more would write over one another, and the table has them."""


def cell(count: int | None) -> str:
    """Return a number, or that it is too small to be shown."""
    return HIDDEN if count is None else str(count)


def composition_picture(sizes: Sequence[int], classes: Mapping[str, Sequence[int | None]]) -> str:
    """Return, for each batch, how many people go and how many of each class."""
    rows: list[tuple[str, int | None]] = []
    for at, size in enumerate(sizes):
        rows.append((f"{at + 1}", size))
        rows += [(f"{at + 1} · {name}"[:40], counts[at]) for name, counts in classes.items()]
    return _bars(rows)


def chances_picture(chances: Sequence[tuple[Fraction, int | None]]) -> str:
    """Return how many people have each chance."""
    return _bars([(f"{float(one):.4f} ({one.numerator}/{one.denominator})"[:40], count) for one, count in chances])


def groups_picture(groups: Sequence[GroupChance]) -> str:
    """Return the mean chance of each group of a side, as a share of certainty."""
    parts: list[str] = []
    said: list[str] = []
    for at, one in enumerate(groups):
        share = "–" if one.chance is None else f"{float(one.chance) * 100:.1f} %"
        length = 8 if one.chance is None else round(_LONGEST * float(one.chance))
        parts += _bar(at, f"{one.side} · {one.what}"[:40], length, share, hidden=one.chance is None)
        said.append(f"{one.side} · {one.what}: {share}")
    return _svg(_BAR * max(1, len(groups)), parts, ", ".join(said))


def lead_picture(lead: Sequence[Wave]) -> str:
    """Bars above the line where the first side is ahead, below it where the other is; side, load and lead stand at each."""
    most = max((abs(one.lead) for one in lead), default=0) or 1
    width = (_WIDE - 20) / max(1, len(lead))
    first = min((one.side for one in lead), default="")
    parts = [f'<line class="axis" x1="0" x2="{_WIDE}" y1="80" y2="80" stroke="#111"/>']
    shown = len(lead) <= MOST_LABELS
    for at, one in enumerate(lead):
        ahead = one.lead if one.side == first else -one.lead
        height = round(50 * abs(ahead) / most)
        left, top = 10 + at * width, 80 - height if ahead > 0 else 80
        wide = max(1.0, width - 2)
        parts.append(_rect(left, top, wide, height))
        if shown:
            parts.append(f'<text x="{left:.1f}" y="{top - 4 if ahead > 0 else top + height + 14}">{abs(ahead)}</text>')
            parts.append(f'<text x="{left:.1f}" y="154">{escape(one.side[:8])} {one.load}</text>')
    return _svg(162, parts, ", ".join(f"{one.side} {one.load}: {one.lead}" for one in lead))


def _svg(height: int, parts: Sequence[str], label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}" '
        f'role="img" aria-label="{escape(label)}" direction="ltr" font-family="sans-serif" font-size="13" '
        f'class="picture">{"".join(parts)}</svg>'
    )


def _rect(left: float, top: int, width: float, height: int, *, hidden: bool = False) -> str:
    look = 'class="none" fill="#fff" stroke="#4a6a8a" stroke-dasharray="3"' if hidden else 'class="bar" fill="#4a6a8a"'
    return f'<rect {look} x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height}"/>'


def _bar(at: int, name: str, length: int, said: str, *, hidden: bool) -> list[str]:
    top = at * _BAR
    return [
        f'<text x="0" y="{top + 16}">{escape(name)}</text>',
        _rect(270, top + 4, length, _BAR - 8, hidden=hidden),
        f'<text x="{276 + length}" y="{top + 16}">{escape(said)}</text>',
    ]


def _bars(rows: Sequence[tuple[str, int | None]]) -> str:
    most = max((count or 0 for _, count in rows), default=0) or 1
    parts: list[str] = []
    for at, (name, count) in enumerate(rows):
        length = 8 if count is None else round(_LONGEST * count / most)
        parts += _bar(at, name, length, cell(count), hidden=count is None)
    return _svg(_BAR * max(1, len(rows)), parts, ", ".join(f"{name}: {cell(count)}" for name, count in rows))
