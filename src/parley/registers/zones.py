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


CALIBRATION: Final = (0.82, 0.37)
"""Slope and rise of the log odds that make a probability mean what it says.

Particulars hang together more than the weights know (who slips once slips again), so odds come out too far from even. Measured on
practice registers of 20,000, seeds 1 and 2, medium and heavy slips together; bench/matching.py checks it on others.
"""


def calibrated(assigned: Assigned) -> Assigned:
    """Return the same with probabilities that mean what they say; their order is kept, and never stays never."""
    slope, rise = CALIBRATION
    safe = assigned.probability.clip(1e-300, 1 - 1e-16)
    log_odds = slope * (np.log(safe) - np.log1p(-safe)) + rise
    found = np.where(assigned.probability > 0, 1 / (1 + np.exp(-log_odds.clip(-700, 700))), 0.0)
    return Assigned(found, assigned.margin)


def zones(assigned: Assigned) -> NDArray[np.int8]:
    """Return the number of the zone of each pair (see ZONES)."""
    proposed = (assigned.probability >= PROPOSE) & (assigned.margin >= AHEAD)
    return np.where(proposed, 2, np.where(assigned.probability >= REVIEW, 1, 0)).astype(np.int8)
