"""Composes batches in the plainest way: by category quotas, and within a category in the order the lines are given.

No person is preferred for a reason that is not on the page: the caller states the order (longest held first, a drawn order)
and the quotas of each batch, and gets the same batches every time. Lines that find no place are returned as left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.words import LineId


@dataclass(frozen=True, slots=True)
class Composed:
    """Lines of one giving side by batch number, and the lines that found no place."""

    batches: Mapping[int, tuple[LineId, ...]]
    left_over: tuple[LineId, ...]


def compose_in_order(lines: Sequence[tuple[LineId, str]], quotas: Mapping[int, Mapping[str, int]]) -> Composed:
    """Fill each batch's quota of each category from the lines (line, category), in order.

    ``quotas`` maps a batch number to category and count. A category that runs short leaves its places empty: the caller sees
    it by counting, and no other category takes them silently.
    """
    waiting: dict[str, list[LineId]] = {}
    for line, category in lines:
        waiting.setdefault(category, []).append(line)
    batches: dict[int, tuple[LineId, ...]] = {}
    for batch in sorted(quotas):
        chosen: list[LineId] = []
        for category, count in sorted(quotas[batch].items()):
            queue = waiting.get(category, [])
            chosen += queue[:count]
            waiting[category] = queue[count:]
        batches[batch] = tuple(chosen)
    placed = {line for chosen in batches.values() for line in chosen}
    return Composed(batches, tuple(line for line, _ in lines if line not in placed))
