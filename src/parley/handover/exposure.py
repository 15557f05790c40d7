"""How far one side is ahead of the other in people handed over; the law, the desk and the devices count it alike."""

from __future__ import annotations

from collections.abc import Mapping

from parley.words import ParticipantName


def leads(planned: Mapping[ParticipantName, int], handed: Mapping[ParticipantName, int]) -> dict[ParticipantName, int]:
    """Return each side's lead over what the slowest other side's people answer for, in proportion to the plan.

    Of 306 for 74, each one of the fewer answers for four of the others (domain F34). A side to which nobody answers
    has no lead. Whole numbers, rounded down (spec/checkin.md 6.2).
    """
    found: dict[ParticipantName, int] = {}
    for giving, count in handed.items():
        others = [name for name in planned if name != giving and planned[name]]
        answered = [handed[name] * planned[giving] // planned[name] for name in others]
        found[giving] = max(count - min(answered), 0) if answered else 0
    return found
