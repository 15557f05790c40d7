"""Learns from the two lists themselves how many bits each agreement is worth for "the same person"; nobody tells it who is who.

The method is that of Fellegi and Sunter (1969): for each level of each particular, how often it comes about between two records
of one person (m), and how often between two strangers (u). u is counted on random pairs, and for an agreement on a rare value it
is that value's own frequency; m is found by expectation and maximisation over the candidates.

Not all others are strangers. Brothers share surname, father and birthplace by nature, twins the birth date too, namesakes the
whole name, comrades unit and day: between them agreement on those particulars is worth nothing. So a pair is weighed against each
kind of others (OTHERS) with the particulars which that kind shares left out; how frequent each kind is, is learnt with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parley.registers.comparable import NONE, Comparable, Ints
from parley.registers.levels import AT, FIELDS, OTHER_NAME, Levels, Likeness, compare

Bits = NDArray[np.float32]
Floats = NDArray[np.float64]

OTHERS: Final[Mapping[str, frozenset[str]]] = {
    "strangers": frozenset(),
    "siblings": frozenset({"surname", "father", "birthplace"}),
    "twins": frozenset({"surname", "father", "birthplace", "birth"}),
    "namesakes": frozenset({"surname", "given", "father", "sex", "order"}),
    "kin": frozenset({"surname", "birthplace"}),
    "comrades": frozenset({"unit", "event_place", "event"}),
}
"""The kinds of two people who are not one, with the particulars that such two share as if they were."""
ROUNDS: Final = 25
SETTLED: Final = 3
"""The round after which plain strangers are left out."""
SAME_NUMBER: Final = 1
"""The level at which two service numbers are written in full and are one."""
DOUBT: Final = -2.0
"""The most log odds that two different given names have with one personal number: enough to be looked at, never proposed."""
FIRMNESS: Final = 30.0
"""How many pairs the first guess of m weighs as: it keeps a level that hardly ever comes up from running away."""
SAMPLE: Final = 250_000
"""Random pairs on which u is counted; m is learnt on about twice as many candidates."""
_RARE: Final[Mapping[str, tuple[int, ...]]] = {
    "surname": (1,),
    "given": (1, 2),
    "father": (1, 2),
    "rank": (1,),
    "unit": (1,),
    "birthplace": (1,),
    "event_place": (1,),
}
"""Particulars of which a rare value is worth more, and the levels that mean "the same value"."""
_GUESS: Final[Mapping[str, tuple[float, ...]]] = {
    "surname": (0, 0.8, 0.1, 0.05, 0.02, 0.03),
    "given": (0, 0.85, 0.03, 0.03, 0.04, 0.02, 0.01, 0.002, 0.015, 0.003),
    "father": (0, 0.85, 0.01, 0.03, 0.05, 0.02, 0.01, 0.005, 0.02, 0.005),
    "order": (0, 0.97, 0.03),
    "birth": (0, 0.8, 0.03, 0.03, 0.01, 0.02, 0.03, 0.02, 0.01, 0.01, 0.005, 0.005, 0.01, 0.5, 0.9, 0.07, 0.03),
    "sex": (0, 0.99, 0.01),
    "rank": (0, 0.7, 0.2, 0.05, 0.05),
    "unit": (0, 0.85, 0.07, 0.08),
    "birthplace": (0, 0.8, 0.1, 0.1),
    "event_place": (0, 0.8, 0.1, 0.1),
    "number": (0, 0.7, 0.2, 0.05, 0.05),
    "event": (0, 0.2, 0.3, 0.3, 0.1, 0.04, 0.03, 0.03),
}
"""What a clerk would guess of two records of one person before anything is counted; learning starts here."""
_APART: Final[Mapping[str, tuple[float, ...]]] = {
    "surname": (0, 0.001, 0.001, 0.003, 0.03, 0.965),
    "given": (0, 0.02, 0.0002, 0.005, 0.0025, 0.0025, 0.005, 0.03, 0.145, 0.79),
    "father": (0, 0.025, 0.0002, 0.005, 0.005, 0.005, 0.03, 0.03, 0.1, 0.8),
    "order": (0, 0.99, 0.01),
    "birth": (0, 0.0001, *(0.0003,) * 4, 0.001, 0.001, 0.0003, 0.0025, 0.025, 0.11, 0.86, 0.002, 0.03, 0.06, 0.91),
    "sex": (0, 0.85, 0.15),
    "rank": (0, 0.2, 0.2, 0.15, 0.45),
    "unit": (0, 0.01, 0.1, 0.89),
    "birthplace": (0, 0.01, 0.01, 0.98),
    "event_place": (0, 0.01, 0.01, 0.98),
    "number": (0, 0.0001, 0.0001, 0.0001, 0.9997),
    "event": (0, 0.001, 0.01, 0.04, 0.05, 0.05, 0.13, 0.72),
}
"""The same guess of two strangers."""
LEAST: Final = 0.01
"""Fewer pairs are never expected."""
GUESSED_MATCHES: Final = 3.0
"""How many pairs of one person the guess of their number weighs as."""
GUESSED: Final = 1_000.0
"""How many pairs of strangers, and how many values of a particular, the guess weighs as: a list of ten cannot tell how rare a
name is, a list of ten thousand needs no guess."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: m and u for each level of each field, and how frequent each kind of others is."""

    m: tuple[Floats, ...]
    u: tuple[Floats, ...]
    others: Mapping[str, float]
    """Pairs of each kind for one pair of the same person."""
    matches: float
    """Expected pairs of the same person among all pairs."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How frequent each value of a particular is, over both lists: looked up by the number of the value of list a."""

    of: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs with their bits for each field, and what all of it makes of them."""

    bits: Bits
    """Pairs by fields: log2(m/u); 0 where nothing is written."""
    prior: float
    """Bits against any two people being the same, before anything is compared."""
    others: Bits
    """Bits taken away because siblings, namesakes or comrades share what agrees here; 0 or less."""
    log_odds: Floats
    """Natural logarithm of the odds for "the same person", rivals not yet considered.

    -inf where both given names are known and differ; with one personal number, DOUBT at most.
    """
    log_odds_near: Floats
    """The same where strangers are out of the question: against siblings, namesakes and comrades only."""


def values_of(pair: Comparable, name: str, rows: Ints, *, side: str) -> Ints:
    """Return the numbers by which the frequency of a value is looked up: names by the dictionary, words by their reading."""
    people = pair.a if side == "a" else pair.b
    raw: Ints = getattr(people, name)[rows]
    if name in {"rank", "unit"}:
        return raw
    if not len(pair.words.written):
        return np.full(len(raw), NONE, dtype=np.int64)
    read = np.where(raw == NONE, NONE, pair.words.readings[raw, 0])
    if name not in {"given", "father"}:
        return read
    known = np.where(raw == NONE, NONE, getattr(pair.words, name)[raw, 0])
    # Names of the dictionary and mere readings are two number ranges: the first are shifted out of the way of the second.
    return np.where(known != NONE, known, np.where(read == NONE, NONE, read + 1_000_000))


def frequencies(pair: Comparable) -> Frequencies:
    """Count how frequent each value is in both lists together."""
    found = {}
    for name in _RARE:
        size_a, size_b = np.arange(len(pair.a)), np.arange(len(pair.b))
        values = np.concatenate([values_of(pair, name, size_a, side="a"), values_of(pair, name, size_b, side="b")])
        values = values[values != NONE]
        known, counts = np.unique(values, return_counts=True)
        # The chance that two strangers have the same value is about the share of a value: it stands for those not seen.
        share = (counts + GUESSED * _APART[name][1]) / (len(values) + GUESSED)
        found[name] = np.stack([known.astype(np.float64), share])
    return Frequencies(found)


def _rarity(table: Floats, values: Ints) -> Floats:
    """The frequency of each value; 1 where it is not known."""
    if not table.shape[1]:
        return np.ones(len(values))
    at = np.searchsorted(table[0], values).clip(max=table.shape[1] - 1)
    return np.where(table[0][at] == values, table[1][at], 1.0)


def own_u(pair: Comparable, known: Frequencies, levels: Levels, rows_a: Ints, rows_b: Ints) -> dict[str, Floats]:
    """Return for each field of _RARE log2(u) of the value agreed on; NaN where the field does not agree."""
    out = {}
    for name, agreeing in _RARE.items():
        agrees = np.isin(levels[:, AT[name]], agreeing)
        own = np.full(len(levels), np.nan)
        values_a = values_of(pair, name, rows_a[agrees], side="a")
        values_b = values_of(pair, name, rows_b[agrees], side="b")
        table = known.of[name]
        # Two spellings of one value may be counted apart: together they are as frequent as both.
        apart = values_a != values_b
        own[agrees] = np.log2((_rarity(table, values_a) + np.where(apart, _rarity(table, values_b), 0)).clip(1e-6, 1))
        out[name] = own
    return out


def count_u(pair: Comparable, likeness: Likeness) -> tuple[Floats, ...]:
    """Count on random pairs how often each level comes about between any two records.

    The pairs are drawn by walking both lists in steps that have no common divisor with their lengths: no chance, always the same.
    """
    size = min(SAMPLE, len(pair.a) * len(pair.b))
    steps = np.arange(size, dtype=np.int64)
    rows_a = steps % max(len(pair.a), 1)
    rows_b = (steps * 7919 + steps // max(len(pair.a), 1) * 104_729 + 13) % max(len(pair.b), 1)
    if pair.a.ids == pair.b.ids:  # a list held against itself: a record is no stranger to itself
        rows_a, rows_b = rows_a[rows_a != rows_b], rows_b[rows_a != rows_b]
    levels = compare(pair, rows_a, rows_b, likeness).levels
    out = []
    for number, field in enumerate(FIELDS):
        counts = np.bincount(levels[:, number], minlength=len(field.levels)).astype(np.float64)
        counts[0] = 0
        out.append(shares(counts + GUESSED * shares(np.array(_APART[field.name]), field.name), field.name))
    return tuple(out)


def shares(counts: Floats, name: str) -> Floats:
    """Return the counts of a field's levels as shares; full and partial birth dates are two questions."""
    out = np.ones(len(counts))
    groups = [slice(1, 13), slice(13, len(counts))] if name == "birth" else [slice(1, len(counts))]
    for group in groups:
        out[group] = counts[group] / max(counts[group].sum(), 1e-12)
    return out.clip(1e-7, 1)


def learn(
    pair: Comparable, likeness: Likeness, rows_a: Ints, rows_b: Ints, *, part: int = 1, expected: float | None = None
) -> Weights:
    """Learn weights from the lists themselves, on candidates (rows_a[i], rows_b[i]).

    The candidates are one ``part``-th of all; ``expected`` is a first guess of how many pairs are one person.
    """
    # On two lists somebody is expected to stand on both; on one list it may well be that nobody stands there twice.
    matches = max(1.0, 0.3 * min(len(pair.a), len(pair.b))) if expected is None else max(expected, LEAST)
    least = min(matches, 1.0)
    every = len(pair.a) * len(pair.b)
    kinds = {"siblings": 0.05, "twins": 0.01, "namesakes": 0.05, "kin": 0.05, "comrades": 0.05}
    start = Weights(
        m=tuple(shares(np.array(_GUESS[field.name]), field.name) for field in FIELDS),
        u=count_u(pair, likeness),
        others={"strangers": max(every / matches, 1.0), **kinds},
        matches=matches,
    )
    levels = compare(pair, rows_a, rows_b, likeness).levels
    own = own_u(pair, frequencies(pair), levels, rows_a, rows_b)
    weights = start
    for turn in range(ROUNDS):
        weights = _round(weights, start, levels, own, part, every, least)
        if turn == SETTLED:
            # Pairs that are plainly strangers teach nothing more, and they are nearly all.
            odds = against(weights, field_bits(weights, levels, own))
            some = odds["strangers"] / (1 + sum(odds.values())) < 0.9999
            levels, own = levels[some], {name: one[some] for name, one in own.items()}
    return weights


def _round(
    weights: Weights, start: Weights, levels: Levels, own: Mapping[str, Floats], part: int, every: int, least: float
) -> Weights:
    bits = field_bits(weights, levels, own)
    found = against(weights, bits)
    everyone = np.sum([*found.values()], axis=0) + 1
    same: Floats = 1 / everyone
    # Vetoed pairs are nobody's match, but they are how the lists tell how many siblings there are.
    same[levels[:, AT["given"]] == OTHER_NAME] = 0
    total = max(float(same.sum()) * part, least)
    # What one pair says of how frequent pairs are is set beside the first guess.
    total = (total * total + GUESSED_MATCHES * start.matches) / (total + GUESSED_MATCHES)
    m = []
    for number, field in enumerate(FIELDS):
        counts = np.bincount(levels[:, number], weights=same, minlength=len(field.levels))
        counts[0] = 0
        m.append(shares(counts + FIRMNESS * start.m[number] * (np.arange(len(counts)) > 0), field.name))
    others = {name: float((odds / everyone).sum()) * part / max(total, 1.0) for name, odds in found.items()}
    others = {name: max(share, 1e-4) for name, share in others.items()}
    others["strangers"] = max(every, 1) / total
    return Weights(tuple(m), weights.u, others, total)


def field_bits(weights: Weights, levels: Levels, own: Mapping[str, Floats]) -> Bits:
    """Return log2(m/u) for each pair and field; an agreement on a value uses that value's own frequency."""
    out = np.zeros(levels.shape, dtype=np.float32)
    for number, field in enumerate(FIELDS):
        ratio = np.log2(weights.m[number] / weights.u[number])
        ratio[0] = 0
        bits = ratio[levels[:, number]]
        if field.name in own:
            log_m = np.log2(weights.m[number])[levels[:, number]]
            rare = own[field.name]
            bits = np.where(np.isnan(rare), bits, log_m - rare)
        out[:, number] = bits
    return out


def against(weights: Weights, bits: Bits) -> dict[str, Floats]:
    """Return for each kind of others: the odds that the pair is of that kind, against its being one person."""
    out = {}
    total = bits.sum(axis=1, dtype=np.float64)
    for kind, shared in OTHERS.items():
        columns = [AT[name] for name in sorted(shared)]
        rest = total - bits[:, columns].sum(axis=1, dtype=np.float64)
        out[kind] = weights.others[kind] * np.exp2(np.clip(-rest, -200, 200))
    return out


def score(weights: Weights, levels: Levels, own: Mapping[str, Floats]) -> Scored:
    """Weigh compared pairs."""
    bits = field_bits(weights, levels, own)
    found = against(weights, bits)
    near = sum(odds for kind, odds in found.items() if kind != "strangers")
    veto = levels[:, AT["given"]] == OTHER_NAME
    log_odds, log_odds_near = (-np.log(np.maximum(odds, 1e-60)) for odds in (near + found["strangers"], near))
    # A personal number is nobody else's: with the same one, a clerk may have written another's name. A person looks at it.
    numbered = veto & (levels[:, AT["number"]] == SAME_NUMBER)
    log_odds[veto] = np.where(numbered[veto], np.minimum(log_odds[veto], DOUBT), -np.inf)
    log_odds_near[veto] = -np.inf
    prior = -float(np.log2(weights.others["strangers"]))
    others = (np.log2(found["strangers"]) - np.log2(near + found["strangers"])).astype(np.float32)
    return Scored(bits, prior, others, log_odds, log_odds_near)
