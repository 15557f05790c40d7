"""PostgreSQL for an office's data, with a few connections kept open: opening one costs more than most pages.

Each request runs in a thread of its own, so Django opens a connection for it and closes it. Here a closed connection is
laid aside, up to ``MOST_IDLE`` of them, and the next request takes it up. Nothing of one request is left on it: it is laid aside
only outside a transaction and without an error. ``base`` is the engine that Django loads by this package's name.
"""

from __future__ import annotations

import threading
from typing import Any, Final

MOST_IDLE: Final = 4
"""Connections that wait for the next request; however many requests come at once, no more are kept than these."""

_IDLE: Final[dict[str, list[Any]]] = {}
_LOCK: Final = threading.Lock()


def take(alias: str) -> Any:  # noqa: ANN401 - psycopg's connection
    """Return a connection that waits for an office's data, or None."""
    with _LOCK:
        shelf = _IDLE.get(alias)
        return shelf.pop() if shelf else None


def lay_aside(alias: str, connection: Any) -> bool:  # noqa: ANN401
    """Keep a connection for the next request, and say whether there was room."""
    with _LOCK:
        shelf = _IDLE.setdefault(alias, [])
        if len(shelf) >= MOST_IDLE:
            return False
        shelf.append(connection)
        return True


def waiting(alias: str) -> int:
    """Return how many connections wait."""
    with _LOCK:
        return len(_IDLE.get(alias, ()))


def let_go(alias: str) -> None:
    """Close every connection that waits for an office's data."""
    with _LOCK:
        left = _IDLE.pop(alias, [])
    for one in left:
        one.close()
