"""Where the record is kept: in memory, in one file, or on a PostgreSQL server, under the same promises."""

from parley.store.base import CODES, RESTORED, Change, InUse, Store, StoreBroken
from parley.store.memory import MemoryStore
from parley.store.sqlite import SqliteStore

__all__ = ["CODES", "RESTORED", "Change", "InUse", "MemoryStore", "SqliteStore", "Store", "StoreBroken", "open_store"]

SERVER = ("postgresql://", "postgres://")


def open_store(where: str, owner: str) -> Store:
    """Open or make the store at ``where``: ``memory:``, a file, or ``postgresql://…/database#schema``.

    The schema is ``parley`` where none is named; each case has its own. ``owner`` is told to whoever finds the store in
    use: a desk and program (``north desk, web``), never a person. Raises StoreBroken and InUse.
    """
    if where == "memory:":
        return MemoryStore()
    if where.startswith(SERVER):
        from parley.store.postgres import PostgresStore

        dsn, _, schema = where.partition("#")
        return PostgresStore(dsn, schema or "parley", owner=owner)
    return SqliteStore(where, owner=owner)
