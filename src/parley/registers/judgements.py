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
    teaches nothing. The order of judgements does not matter.
    """
    row_a = {one: row for row, one in enumerate(pair.a.ids)}
    row_b = {one: row for row, one in enumerate(pair.b.ids)}
    here = [one for one in judgements if one.id_a in row_a and one.id_b in row_b and one.verdict != "unsure"]
    if not here:
        return weights
    rows_a = np.array([row_a[one.id_a] for one in here], dtype=np.int64)
    rows_b = np.array([row_b[one.id_b] for one in here], dtype=np.int64)
    same = np.array([one.verdict == "same" for one in here])
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
