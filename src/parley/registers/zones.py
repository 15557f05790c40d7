"""Sorts matches into three zones: proposed to both sides, kept for a person to look at, or left out.

A zone is advice. Nothing merges two records and nobody is released because of a number: people judge what is proposed, too.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from parley.registers.assigning import Assigned

Zone = Literal["propose", "review", "reject"]
ZONES: Final[tuple[Zone, ...]] = ("reject", "review", "propose")
"""Zones by their number."""
PROPOSE: Final = 0.9
"""From this probability on a pair is proposed. Fixed: it does not depend on the lists, so that two offices get the same zones."""
REVIEW: Final = 0.05
"""From this probability on a pair is worth a reviewer's time."""
AHEAD: Final = 3.0
"""A pair less than this many bits ahead of its best rival is never proposed, however probable: a person chooses."""


def zones(assigned: Assigned) -> NDArray[np.int8]:
    """Return the number of the zone of each pair (see ZONES)."""
    proposed = (assigned.probability >= PROPOSE) & (assigned.margin >= AHEAD)
    return np.where(proposed, 2, np.where(assigned.probability >= REVIEW, 1, 0)).astype(np.int8)
