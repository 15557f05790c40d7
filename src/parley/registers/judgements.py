"""What people decided of two records, with who and when; a score never decides, but it may learn from those who do.

Learning adds what was judged to what the lists themselves taught, as if so many more pairs had been seen: a few judgements
move the weights a little, many move them far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from parley.registers.comparable import Comparable
from parley.registers.levels import FIELDS, Likeness, compare
from parley.registers.weights import OTHERS, Weights, against, field_bits, frequencies, own_u, shares
from parley.words import Moment

Verdict = Literal["same", "different", "unsure"]
TAUGHT: Final = 200.0
"""How many judged pairs weigh as much as all that the lists taught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One person's decision about two records."""

    id_a: str
    id_b: str
    verdict: Verdict
    reviewer: str
    at: Moment


def learn_from(pair: Comparable, weights: Weights, judgements: Iterable[Judgement]) -> Weights:
    """Return the weights as they are after people judged pairs of these lists; pairs of other records teach nothing here.

    "Same" teaches how one person is written twice; "different" teaches how many siblings and namesakes there are; "unsure"
    teaches nothing (see taught_by). The order of judgements does not matter.
    """
    here = taught_by(pair, judgements)
    if not here:
        return weights
    rows_a, rows_b = (np.array([one[at] for one in here], dtype=np.int64) for at in (0, 1))
    same = np.array(list(here.values()))
    levels = compare(pair, rows_a, rows_b, Likeness(pair.words)).levels
    m = []
    for number, field in enumerate(FIELDS):
        counts = np.bincount(levels[same, number], minlength=len(field.levels)).astype(np.float64)
        counts[0] = 0
        m.append(shares(counts + TAUGHT * weights.m[number] * (np.arange(len(counts)) > 0), field.name))
    own = own_u(pair, frequencies(pair), levels, rows_a, rows_b)
    odds = against(weights, field_bits(weights, levels, own))
    every = sum(odds.values())
    others = {
        kind: weights.others[kind]
        + (0.0 if kind == "strangers" else float((odds[kind] / every)[~same].sum()) / max(weights.matches, 1.0))
        for kind in OTHERS
    }
    return replace(weights, m=tuple(m), others=others)


def taught_by(pair: Comparable, judgements: Iterable[Judgement]) -> dict[tuple[int, int], bool]:
    """Return the judged pairs of these lists, as rows of a and b, each with whether it is one person; sorted.

    A pair counts once, however many reviewers agree on it, and not at all where they differ. Judgements are kept with the smaller
    id first, so both ways round are tried; where both lists know both ids, nobody can say which pair was meant.
    """
    row_a = {one: row for row, one in enumerate(pair.a.ids)}
    row_b = {one: row for row, one in enumerate(pair.b.ids)}
    itself = pair.a is pair.b or pair.a.ids == pair.b.ids
    said: dict[tuple[int, int], set[str]] = {}
    for one in judgements:
        ways = ((one.id_a, one.id_b), (one.id_b, one.id_a))
        found = sorted((row_a[first], row_b[second]) for first, second in ways if first in row_a and second in row_b)
        if one.verdict != "unsure" and (len(found) == 1 or (found and itself)):
            said.setdefault(found[0], set()).add(one.verdict)
    return {rows: verdicts == {"same"} for rows, verdicts in sorted(said.items()) if len(verdicts) == 1}
