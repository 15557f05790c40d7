"""What a person, or the family, is told about a list: one of four reasons, the chance, and never a place among others."""

from __future__ import annotations

from collections.abc import Iterator

from parley.briefings.phrases import phrase
from parley.composing.reasons import Cost, Reason


def why_lines(reason: Reason, cost: Cost | None, language: str) -> tuple[str, ...]:
    """Return the sentences for one person; ``cost``: what it would take to have this person go, where it was asked."""
    return tuple(_lines(reason, cost, language))


def _lines(reason: Reason, cost: Cost | None, language: str) -> Iterator[str]:
    ahead = "; ".join(f"{name}: {value}" for name, value in reason.ahead.items())
    if reason.kind == "removed":
        yield phrase("why.removed", language, by=reason.by, code=reason.code)
        return
    if reason.batch is not None:
        yield phrase("why.goes", language, batch=reason.batch)
    else:
        yield phrase("why.stays", language)
    full = "; ".join(f"{name} ({limit})" for name, limit in reason.full)
    if reason.kind == "draw":
        chance = f"{reason.chance.numerator}/{reason.chance.denominator}"
        yield phrase("why.draw", language, chance=chance, members=reason.members)
        if full:
            yield phrase("why.bounded", language, full=full)
    elif reason.kind == "bounded":
        yield phrase("why.bounded", language, full=full)
    else:
        yield phrase("why.ahead_in" if reason.chance else "why.ahead_out", language, ahead=ahead)
    if cost is not None:
        if cost.after is None:
            yield phrase("why.impossible", language)
        elif cost.stage:
            yield phrase("why.costs", language, stage=cost.stage, before=cost.before, after=cost.after)
        else:
            yield phrase("why.costs_nothing", language)
