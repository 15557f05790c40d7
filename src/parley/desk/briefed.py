"""Where in the record the last briefing ended, so that the next one says what changed; and the state at any such place."""

from __future__ import annotations

from typing import Final

from parley.desk import Desk
from parley.desk.errors import DeskBroken
from parley.desk.ledger import reload
from parley.process.state import State
from parley.store.base import Change

BRIEFED: Final = "briefed"
"""The fact that holds how many acts the last frozen briefing counted, and how many the one before it."""


def last_briefed(desk: Desk) -> int:
    """Return how many acts the briefing before today's counted; 0 before the first, and after the record was cut back.

    Where nothing came in since the last one was frozen, that is the one before: so freezing twice gives the same bytes.
    """
    kept = desk.store.facts(BRIEFED).get(BRIEFED, b"0 0").split()
    last, earlier = int(kept[0]), int(kept[1])
    return last if last < desk.size else earlier if last == desk.size else 0


def note_briefed(desk: Desk, position: int) -> None:
    """Remember up to which place a briefing was handed on."""
    earlier = last_briefed(desk)
    desk.store.write(Change(start=desk.size, facts={BRIEFED: f"{position} {earlier}".encode()}))


def state_at(desk: Desk, size: int) -> State:
    """Return the state after so many acts; raises DeskBroken where the record here is shorter."""
    if size == desk.size:
        return desk.state
    if not 0 <= size < desk.size:
        raise DeskBroken("desk.no_such_act", act=size)
    return reload(desk.store.acts(0, size)).state
