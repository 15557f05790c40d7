"""Who releases next: always the side that is behind, so that neither is ever further ahead than one convoy.

Numbers of different sides are compared by the agreed ratio. The lead after each wave is counted, and a convoy larger than the
agreed largest lead is refused before anybody sets out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.composing.errors import ComposingBroken


@dataclass(frozen=True, slots=True)
class Wave:
    """One release: whose, how many people, and by how much that side is then ahead (negative: behind)."""

    side: str
    load: int
    lead: int


def waves(
    loads: Mapping[str, Sequence[int]], ratio: Mapping[str, int] | None = None, most: int | None = None
) -> tuple[Wave, ...]:
    """Return the order of release of each side's convoys; raises ComposingBroken ``composing.lead_too_large``.

    Of two that are even, the side with the larger next convoy waits; of these, the first by name begins. People are weighed
    with the other side's part of the ratio.
    """
    sides = sorted(loads)
    if len(sides) != 2:
        return tuple(Wave(side, load, 0) for side in sides for load in loads[side])
    one, other = sides
    rate = {one: (ratio or {}).get(other, 1), other: (ratio or {}).get(one, 1)}
    queue = {side: list(loads[side]) for side in sides}
    done = dict.fromkeys(sides, 0)
    found: list[Wave] = []
    while any(queue.values()):
        waiting = [side for side in sides if queue[side]]
        side = min(waiting, key=lambda name: (done[name], queue[name][0] * rate[name], name))
        load = queue[side].pop(0)
        done[side] += load * rate[side]
        lead = done[side] - done[other if side == one else one]
        if most is not None and lead > most * max(rate.values()):
            raise ComposingBroken("composing.lead_too_large", lead=lead, most=most)
        found.append(Wave(side, load, lead))
    return tuple(found)


def convoys(people: int, largest: int) -> tuple[int, ...]:
    """Return the loads of the fewest convoys of at most ``largest`` people, as even as can be."""
    count = -(-people // largest)
    return tuple((people + at) // count for at in range(count)) if count else ()
