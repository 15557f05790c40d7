"""Lets rivals compete: one person stands once on a list, so a record that is surely one man is less likely to be another.

Each pair's odds are set against those of its rivals, and theirs against those of their own rivals, until nothing moves: the
marginals of a one-to-one matching by belief propagation (Bayati, Shah and Sharma 2008; here with the choice of "nobody"). Two
records of one list that are themselves the same person are no rivals: they are one competitor, and what one of them shows
counts for the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parley.registers.comparable import Ints
from parley.registers.weights import Floats

ROUNDS: Final = 12
RAISED: Final = 2.0
"""The most by which the log odds of all pairs are raised."""
RAISES: Final = 10
"""How often the interval of the rise is halved."""
NO_RIVAL: Final = 99.0
"""The margin in bits of a pair without rivals."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What competition makes of each pair: its probability, and how many bits it is ahead of its best rival."""

    probability: Floats
    margin: Floats


def competitors(size: int, first: Ints, second: Ints) -> Ints:
    """Return for each of ``size`` records of one list the number of its competitor, records of one person sharing one.

    The pairs (first[i], second[i]) are the records found to be the same person.
    """
    of = list(range(size))

    def root(one: int) -> int:
        while of[one] != one:
            of[one] = of[of[one]]
            one = of[one]
        return one

    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        of[high] = low
    return np.array([root(one) for one in range(size)], dtype=np.int64)


def assign(a: Ints, b: Ints, log_odds: Floats) -> Assigned:
    """Return what competition makes of pairs of competitors (a[i], b[i]) with the odds they have before; -inf is never.

    A pair of competitors that stands there several times (as records) competes once, with its best odds.
    """
    if not len(a):
        return Assigned(np.empty(0), np.empty(0))
    wide = int(b.max()) + 1
    keys, edge = np.unique(a * wide + b, return_inverse=True)
    best = np.full(len(keys), -np.inf)
    np.maximum.at(best, edge, log_odds)
    _, left = np.unique(keys // wide, return_inverse=True)
    _, right = np.unique(keys % wide, return_inverse=True)
    # Competition takes from the weaker rival; who has no rival gets back what it took, since as many people are on both lists as
    # before: the odds of all are raised until the expected number of pairs is what it was.
    expected = min(float((1 / (1 + np.exp(-best))).sum()), float(left.max() + 1), float(right.max() + 1))
    low, high = 0.0, RAISED
    for _ in range(RAISES):
        middle = (low + high) / 2
        low, high = (middle, high) if _marginals(left, right, best + middle).sum() < expected else (low, middle)
    probability = _marginals(left, right, best + low)
    margin = np.minimum(best - _best_rival(left, best), best - _best_rival(right, best)) / np.log(2)
    out = np.where(np.isneginf(log_odds), 0.0, probability[edge])
    return Assigned(
        out, np.nan_to_num(margin[edge], nan=0.0, posinf=NO_RIVAL, neginf=-NO_RIVAL).clip(-NO_RIVAL, NO_RIVAL)
    )


def _marginals(left: NDArray[np.intp], right: NDArray[np.intp], log_odds: Floats) -> Floats:
    odds = np.exp(np.clip(log_odds, -60, 60))
    to_right = to_left = odds
    for _ in range(ROUNDS):
        to_right, to_left = odds / _others(left, to_left), odds / _others(right, to_right)
    return odds / (odds + _others(left, to_left) * _others(right, to_right))


def _others(group: NDArray[np.intp], messages: Floats) -> Floats:
    """1 and the sum of the messages of everybody else in the group."""
    totals = np.bincount(group, weights=messages)
    return 1 + np.maximum(totals[group] - messages, 0)


def _best_rival(group: NDArray[np.intp], best: Floats) -> Floats:
    """The best of everybody else in the group; -inf for who is alone."""
    order = np.lexsort((-best, group))
    groups = group[order]
    first = np.concatenate([[True], groups[1:] != groups[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    second = np.where(start + 1 < len(order), start + 1, start)
    has_second = (groups[second] == groups) & (second != start)
    top = best[order][start]
    next_best = np.where(has_second, best[order][second], -np.inf)
    out = np.empty(len(best))
    out[order] = np.where(first, next_best, top)
    return out
