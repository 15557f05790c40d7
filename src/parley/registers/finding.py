"""Finds the same people on two lists, or people who stand twice on one: candidates, levels, weights, competition, zones.

The pairs are found in stretches of the second list, so that memory stays bounded however long the lists are: of each stretch
only pairs that may matter are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from parley.registers.assigning import Assigned, assign, competitors
from parley.registers.candidates import AT_MOST, Index
from parley.registers.comparable import Comparable, Ints, People
from parley.registers.judgements import Judgement, learn_from, taught_by
from parley.registers.levels import Likeness, compare
from parley.registers.weights import (
    SAMPLE,
    Floats,
    Frequencies,
    Scored,
    Weights,
    frequencies,
    learn,
    own_u,
    score,
)
from parley.registers.zones import calibrated, zones

T = TypeVar("T")

STRETCH: Final = 2_048
"""Records of b whose candidates are compared at once by one thread."""
KEPT: Final = -9.0
"""Pairs with lower log odds are dropped at once; about one in eight thousand of them is one person."""
DOUBLED: Final = 4.6
"""Log odds from which two records of one list count as one competitor: 99 in 100."""
ALIKE: Final = 2.0
"""Log odds from which a record is so like one of the other list that who else is so like it is the same, or a relative."""
BESIDE: Final = 2.2
"""Log odds, strangers left out, from which two such records count as one competitor: 9 in 10."""
SHOWN: Final = 3.0
"""What a double may add to the log odds of a record that shows less."""
DOUBLES: Final = 0.04
"""How many records of a list are a second record of somebody, before anything is learnt."""


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that may be one person, sorted by the ids of a and then of b, and what was learnt to weigh them."""

    pair: Comparable
    rows_a: Ints
    rows_b: Ints
    log_odds: Floats
    """Before competition."""
    assigned: Assigned
    zone: NDArray[np.int8]
    weights: Weights
    known: Frequencies
    same_a: Ints
    """For each record of a its competitor: records of one person share one."""
    same_b: Ints
    candidates: int
    """How many pairs were compared."""
    taught: int
    """How many judged pairs moved the weights."""


def find(
    pair: Comparable,
    *,
    threads: int = 2,
    weights: Weights | None = None,
    judged: Iterable[Judgement] = (),
    done: Callable[[int], None] | None = None,
) -> Found:
    """Find the same people on two lists.

    ``weights`` learnt before are used as they are; what people ``judged`` of these lists moves them. ``done`` is told now and
    then how many records of b are ready, for the first time when everything is learnt.
    """
    return _find(pair, threads, weights, judged, done, itself=False)


def find_doubles(
    people: Comparable,
    *,
    threads: int = 2,
    weights: Weights | None = None,
    judged: Iterable[Judgement] = (),
    done: Callable[[int], None] | None = None,
) -> Found:
    """Find people who stand twice on one list: ``people`` holds the list as a and as b. Each pair comes once, first row first.

    There is no competition: somebody may stand there three times.
    """
    return _find(people, threads, weights, judged, done, itself=True)


def _find(
    pair: Comparable,
    threads: int,
    weights: Weights | None,
    judged: Iterable[Judgement],
    done: Callable[[int], None] | None,
    *,
    itself: bool,
) -> Found:
    likeness, known = Likeness(pair.words), frequencies(pair)
    size = len(pair.b) if len(pair.a) else 0
    index = Index(pair) if size else None
    if weights is None:
        rows_a, rows_b = _sample(index, size, threads, itself=itself)
        weights = learn(
            pair, likeness, rows_a, rows_b, part=_part(size), expected=DOUBLES * size / 2 if itself else None
        )
    judged = tuple(judged)
    learnt = learn_from(pair, weights, judged) if size else weights
    if done is not None:
        done(0)

    def stretch(start: int) -> tuple[Ints, Ints, Floats, int]:
        assert index is not None
        rows_a, rows_b = _asked(index, start, min(start + STRETCH, size), itself=itself)
        scored = weigh(pair, likeness, known, learnt, rows_a, rows_b)
        kept = scored.log_odds > KEPT
        return rows_a[kept], rows_b[kept], scored.log_odds[kept], len(rows_a)

    found = []
    with ThreadPoolExecutor(threads) as pool:
        starts = range(0, size, STRETCH)
        for start, one in zip(starts, _in_order(pool, stretch, starts, threads), strict=True):
            found.append(one)
            if done is not None:
                done(min(start + STRETCH, size))
    rows_a, rows_b = (np.concatenate([np.empty(0, dtype=np.int64), *(one[at] for one in found)]) for at in (0, 1))
    log_odds = np.concatenate([np.empty(0), *(one[2] for one in found)])
    same_a, same_b = np.arange(len(pair.a)), np.arange(len(pair.b))
    if itself:
        assigned = Assigned(1 / (1 + np.exp(-log_odds)), np.full(len(log_odds), np.inf))
    else:
        same_a = competitors(len(pair.a), *_doubled(pair, "a", likeness, known, learnt, (rows_b, rows_a, log_odds)))
        same_b = competitors(len(pair.b), *_doubled(pair, "b", likeness, known, learnt, (rows_a, rows_b, log_odds)))
        assigned = assign(same_a[rows_a], same_b[rows_b], log_odds)
        alone = 1 / (1 + np.exp(-log_odds - SHOWN))
        assigned = calibrated(Assigned(np.minimum(assigned.probability, alone), assigned.margin))
    order = _by_id(pair, rows_a, rows_b)
    assigned = Assigned(assigned.probability[order], assigned.margin[order])
    return Found(
        pair=pair,
        rows_a=rows_a[order],
        rows_b=rows_b[order],
        log_odds=log_odds[order],
        assigned=assigned,
        zone=zones(assigned),
        weights=learnt,
        known=known,
        same_a=same_a,
        same_b=same_b,
        candidates=sum(one[3] for one in found),
        taught=len(taught_by(pair, judged)),
    )


def weigh(
    pair: Comparable, likeness: Likeness, known: Frequencies, weights: Weights, rows_a: Ints, rows_b: Ints
) -> Scored:
    """Compare and weigh pairs of rows."""
    levels = compare(pair, rows_a, rows_b, likeness).levels
    return score(weights, levels, own_u(pair, known, levels, rows_a, rows_b))


def _part(size: int) -> int:
    """Every how many-th stretch of b is learnt from."""
    return max(1, -(-size * AT_MOST // (2 * SAMPLE)))


def _sample(index: Index | None, size: int, threads: int, *, itself: bool) -> tuple[Ints, Ints]:
    """Candidates to learn from: those of short stretches of b, evenly spread."""
    short = 64
    found: list[tuple[Ints, Ints]] = []
    if index is not None:
        asked = index  # for the pool: that there is one is known here
        with ThreadPoolExecutor(threads) as pool:
            starts = range(0, size, short * _part(size))
            found += _in_order(
                pool, lambda start: _asked(asked, start, min(start + short, size), itself=itself), starts, threads
            )
    rows_a, rows_b = (np.concatenate([np.empty(0, dtype=np.int64), *(one[at] for one in found)]) for at in (0, 1))
    return rows_a, rows_b


def _asked(index: Index, start: int, end: int, *, itself: bool) -> tuple[Ints, Ints]:
    rows_a, rows_b = index.ask(start, end, AT_MOST + itself)
    if not itself:
        return rows_a, rows_b
    once = rows_a < rows_b
    return rows_a[once], rows_b[once]


def _in_order(pool: ThreadPoolExecutor, work: Callable[[int], T], starts: Iterable[int], ahead: int) -> Iterator[T]:
    """Do the work for each start in the pool, results in order, never more than a few ahead of what was taken."""
    waiting: deque[Future[T]] = deque()
    try:
        for start in starts:
            waiting.append(pool.submit(work, start))
            if len(waiting) > 2 * ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for one in waiting:  # interrupted: what has not begun does not begin
            one.cancel()


def _doubled(
    pair: Comparable,
    side: Literal["a", "b"],
    likeness: Likeness,
    known: Frequencies,
    weights: Weights,
    found: tuple[Ints, Ints, Floats],
) -> tuple[Ints, Ints]:
    """Pairs of records of one side that are one person, sought only among those like one record of the other side."""
    other, own, log_odds = found
    people = pair.a if side == "a" else pair.b
    alone = Comparable(pair.words, people, people)
    # A second record of somebody is rarer than a record of somebody on the other list.
    rarer = max(float(np.log(max(weights.matches, 1.0) / max(DOUBLES * len(people), 1.0))), 0.0)
    out = []
    for like, near in ((-ALIKE, False), (ALIKE, True)):
        likely = log_odds > like
        first, second = _sharing(other[likely], own[likely])
        scored = weigh(alone, likeness, known, weights, first, second)
        odds, least = (scored.log_odds_near, BESIDE) if near else (scored.log_odds, DOUBLED)
        same = odds - rarer > least
        out.append((first[same], second[same]))
    return np.concatenate([one[0] for one in out]), np.concatenate([one[1] for one in out])


def _sharing(other: Ints, own: Ints) -> tuple[Ints, Ints]:
    """Every two of ``own`` that stand beside the same of ``other``, smaller first, each pair once; of many only neighbours."""
    order = np.lexsort((own, other))
    other, own = other[order], own[order]
    pairs = [
        np.stack([own[:-step], own[step:]], axis=1)[other[:-step] == other[step:]]
        for step in range(1, min(6, len(own)))
    ]
    if not pairs:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    unique = np.unique(np.concatenate(pairs), axis=0)
    return unique[:, 0], unique[:, 1]


def _by_id(pair: Comparable, rows_a: Ints, rows_b: Ints) -> Ints:
    return np.lexsort((_order(pair.b)[rows_b], _order(pair.a)[rows_a]))


def _order(people: People) -> Ints:
    """The place of each record when the list is sorted by id."""
    out = np.empty(len(people), dtype=np.int64)
    out[sorted(range(len(people)), key=people.ids.__getitem__)] = np.arange(len(people))
    return out
