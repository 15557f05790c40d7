"""A store in one schema of a PostgreSQL server: for a busy neutral with many cases and viewers.

The same tables as in SQLite, one schema for each case. The server holds the writer's lock (an advisory lock of the
session), so it ends with the connection, however the program ends. A server that confirms before it has written
(``fsync=off``) is refused. The server's own archives, replicas and backups are beyond this program: what was
forgotten here lives on there until they are renewed, and dies with the key that sealed it.
"""

import hashlib
import os
import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

from parley.store.base import (
    FORM,
    Change,
    InUse,
    StoreBroken,
    after,
    bounds,
    check_sum,
    confirm_blob,
    confirm_sum,
    examine,
)

try:
    import psycopg
    from psycopg import errors
    from psycopg.sql import SQL, Identifier
except ImportError as missing:
    raise StoreBroken("store.no_driver") from missing

SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
PAGE_OF_ACTS: Final = 256

TABLES: Final = """
CREATE TABLE act (
  n bigint PRIMARY KEY CHECK (n >= 0),
  id bytea NOT NULL UNIQUE CHECK (length(id) = 32),
  sum bytea NOT NULL CHECK (length(sum) = 32),
  note bytea NOT NULL
);
CREATE TABLE blob (id bytea PRIMARY KEY CHECK (length(id) = 32), data bytea NOT NULL);
ALTER TABLE blob ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE checkpoint (
  size bigint PRIMARY KEY CHECK (size >= 0),
  sum bytea NOT NULL CHECK (length(sum) = 32),
  note bytea NOT NULL
);
CREATE TABLE fact (
  name text COLLATE "C" PRIMARY KEY,
  sum bytea NOT NULL CHECK (length(sum) = 32),
  value bytea NOT NULL
);
CREATE TABLE holder (one integer PRIMARY KEY CHECK (one = 1), owner text, pid bigint, host text, since text);
CREATE TABLE tail (
  one integer PRIMARY KEY CHECK (one = 1),
  form bigint NOT NULL,
  changes bigint NOT NULL,
  acts bigint NOT NULL,
  sum bytea NOT NULL CHECK (length(sum) = 32),
  scrub boolean NOT NULL
);
"""

# What psycopg's exceptions mean for a store; the first that fits counts.
MEANINGS: Final[Sequence[tuple[type[psycopg.Error], str]]] = (
    (errors.DiskFull, "store.full"),
    (errors.ReadOnlySqlTransaction, "store.read_only"),
    (errors.InsufficientPrivilege, "store.read_only"),
    (errors.DataCorrupted, "store.torn"),
    (errors.IndexCorrupted, "store.torn"),
    (errors.UndefinedTable, "store.foreign"),
    (errors.UndefinedColumn, "store.foreign"),
    (errors.IoError, "store.device"),
    (psycopg.ProgrammingError, "store.address"),
    (psycopg.OperationalError, "store.gone"),
    (psycopg.InternalError, "store.torn"),
)

Row = tuple[Any, ...]


class PostgresStore:
    """One case in one schema; safe to share between threads of one process. Opening raises StoreBroken and InUse."""

    def __init__(self, dsn: str, schema: str, *, owner: str = "unknown") -> None:
        if not SCHEMA.match(schema) or schema.startswith("pg_"):
            raise StoreBroken("store.address", schema=schema[:80])
        self._schema = schema
        self._guard = threading.RLock()
        self._failed: str | None = None
        self._size = 0
        self._scrub_due = False
        with self._meant():
            self._connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10)
        try:
            with self._meant():
                self._prepare(owner)
        except BaseException:
            self._connection.close()
            raise

    # -- opening

    def _prepare(self, owner: str) -> None:
        self._connection.execute("SET synchronous_commit = on")
        self._connection.execute("SET default_transaction_isolation = 'read committed'")
        # Plain words throughout: the schema's name holds nothing that would need quoting.
        self._connection.execute("SELECT set_config('search_path', %s, false)", (self._schema,))
        for setting in ("fsync", "full_page_writes"):
            if self._row("SELECT current_setting(%s)", setting) != ("on",):
                raise StoreBroken("store.unsafe_server", setting=setting)
        self._take_lock()
        with self._connection.transaction():
            self._make_or_recognise()
            since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self._connection.execute("DELETE FROM holder")
            self._connection.execute(
                "INSERT INTO holder VALUES (1, %s, %s, %s, %s)", (owner, os.getpid(), socket.gethostname(), since)
            )
        self._look_for_damage()
        self._scrub()

    def _take_lock(self) -> None:
        key = int.from_bytes(hashlib.sha256(f"parley store {self._schema}".encode()).digest()[:8], signed=True)
        if self._row("SELECT pg_try_advisory_lock(%s)", key) == (True,):
            return
        holder: Row | None = None
        with suppress(psycopg.Error):
            holder = self._row("SELECT owner, pid, host, since FROM holder")
        owner, pid, host, since = holder or ("unknown", 0, "unknown", "unknown")
        raise InUse(owner=owner, pid=pid, host=host, since=since)

    def _make_or_recognise(self) -> None:
        present = self._connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace"
            " WHERE s.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
            (self._schema,),
        )
        names = {name for (name,) in present}
        if not names:
            schema = Identifier(self._schema)
            self._connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
            self._connection.execute(TABLES)
            self._connection.execute(
                "INSERT INTO tail VALUES (1, %s, 0, 0, %s, false)", (FORM, check_sum("tail", 0, b"0"))
            )
        elif self._row("SELECT has_schema_privilege(%s, 'USAGE')", self._schema) != (True,):
            raise StoreBroken("store.read_only")
        elif not names >= {"act", "blob", "checkpoint", "fact", "holder", "tail"}:
            raise StoreBroken("store.foreign")
        (form,) = self._row("SELECT form FROM tail") or (0,)
        if form != FORM:
            raise StoreBroken("store.version", found=form, known=FORM)

    def _look_for_damage(self) -> None:
        """Raise ``store.torn`` unless no act is missing and every small row has its sum."""
        _, self._size = self._read_tail()
        (self._scrub_due,) = self._row("SELECT scrub FROM tail") or (False,)
        count, last = self._row("SELECT count(*), coalesce(max(n), -1) FROM act") or (0, -1)
        if count != self._size or last != self._size - 1:
            raise StoreBroken("store.torn", table="act", kept=count, expected=self._size)
        for name, kept, value in self._rows("SELECT name, sum, value FROM fact"):
            confirm_sum("fact", name, value, kept)
        for size, kept, note in self._rows("SELECT size, sum, note FROM checkpoint"):
            confirm_sum("checkpoint", size, note, kept)

    def _read_tail(self) -> tuple[int, int]:
        row = self._row("SELECT changes, acts, sum FROM tail FOR UPDATE")
        if row is None or check_sum("tail", row[0], str(row[1]).encode()) != row[2]:
            raise StoreBroken("store.torn", table="tail")
        return row[0], row[1]

    # -- the five functions

    @property
    def size(self) -> int:
        """The number of acts kept."""
        self._need_open()
        return self._size

    def write(self, change: Change) -> None:
        """Keep the whole change, confirmed by the server as flushed to its disk, before returning."""
        with self._guard:
            self._need_open()
            try:
                with self._meant(), self._connection.transaction():
                    changes, size = self._read_tail()
                    self._size = size
                    self._put(change, examine(change, size), changes + 1)
            except errors.UniqueViolation as error:
                raise StoreBroken("store.duplicate", act=self._kept_already(change)) from error
            self._size = change.start + len(change.acts)
            self._scrub_due |= bool(change.forget)
            self._scrub()

    def acts(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the notes at positions start to stop, in log order; other calls may come in between."""
        self._need_open()
        return self._walk(*bounds(start, stop, self._size))

    def checkpoint(self, size: int | None = None) -> bytes | None:
        """Return the note kept for this size, or the one of the greatest size."""
        rows = self._rows(
            "SELECT size, sum, note FROM checkpoint WHERE size = coalesce(%s, (SELECT max(size) FROM checkpoint))", size
        )
        return confirm_sum("checkpoint", rows[0][0], rows[0][2], rows[0][1]) if rows else None

    def blob(self, digest: str) -> bytes | None:
        """Return the sealed bytes with this SHA-256 in hex."""
        rows = self._rows("SELECT data FROM blob WHERE id = %s", bytes.fromhex(digest))
        return confirm_blob(digest, rows[0][0]) if rows else None

    def facts(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return the facts whose names start with prefix, sorted by name."""
        rows = self._rows(
            "SELECT name, sum, value FROM fact WHERE name >= %s AND name < %s ORDER BY name", prefix, after(prefix)
        )
        return {name: confirm_sum("fact", name, value, kept) for name, kept, value in rows}

    def close(self) -> None:
        """Let the next program in."""
        with self._guard:
            self._failed = "store.closed"
            with suppress(psycopg.Error):  # the server may take a moment to end the session that holds the lock
                self._connection.rollback()
                self._connection.execute("SELECT pg_advisory_unlock_all()")
                self._connection.commit()
            self._connection.close()

    # -- keeping

    def _put(self, change: Change, ids: tuple[bytes, ...], changes: int) -> None:
        # One journey to the server for all of it; what it refuses is raised when the pipeline ends.
        with self._connection.pipeline(), self._connection.cursor() as cursor:
            put = cursor.executemany
            if change.cut:
                put("DELETE FROM act WHERE n >= %s", [(change.start,)])
                put("DELETE FROM checkpoint WHERE size > %s", [(change.start,)])
            notes = enumerate(zip(ids, change.acts, strict=True), change.start)
            put(
                "INSERT INTO act VALUES (%s, %s, %s, %s)",
                [(n, digest, check_sum("act", n, note), note) for n, (digest, note) in notes],
            )
            put(
                "INSERT INTO checkpoint VALUES (%s, %s, %s)"
                " ON CONFLICT (size) DO UPDATE SET sum = excluded.sum, note = excluded.note",
                [(size, check_sum("checkpoint", size, note), note) for size, note in change.checkpoints],
            )
            put(
                "INSERT INTO blob VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(bytes.fromhex(digest), data) for digest, data in change.blobs],
            )
            put("DELETE FROM blob WHERE id = %s", [(bytes.fromhex(digest),) for digest in change.forget])
            put("DELETE FROM fact WHERE name = %s", [(name,) for name in change.facts])
            put(
                "INSERT INTO fact VALUES (%s, %s, %s)",
                [
                    (name, check_sum("fact", name, data), data)
                    for name, data in change.facts.items()
                    if data is not None
                ],
            )
            acts = change.start + len(ids)
            cursor.execute(
                "UPDATE tail SET changes = %s, acts = %s, sum = %s, scrub = scrub OR %s",
                (changes, acts, check_sum("tail", changes, str(acts).encode()), bool(change.forget)),
            )

    def _scrub(self) -> None:
        """Have the table of blobs written anew, so that forgotten bytes do not live on in its old pages.

        Tried again at the next change or opening where the server did not let us.
        """
        if self._scrub_due:
            with suppress(psycopg.Error):
                self._connection.execute("VACUUM (FULL) blob")
                self._connection.execute("UPDATE tail SET scrub = false")
                self._scrub_due = False

    def _kept_already(self, change: Change) -> str:
        for digest in examine(change, change.start):
            if self._rows("SELECT 1 FROM act WHERE id = %s", digest):
                return digest.hex()
        return "unknown"

    # -- reading

    def _walk(self, first: int, last: int) -> Iterator[bytes]:
        for page in range(first, last, PAGE_OF_ACTS):
            end = min(page + PAGE_OF_ACTS, last)
            rows = self._rows("SELECT n, sum, note FROM act WHERE n >= %s AND n < %s ORDER BY n", page, end)
            if len(rows) != end - page:
                raise StoreBroken("store.torn", table="act", place=page)
            for n, kept, note in rows:
                yield confirm_sum("act", n, note, kept)

    def _row(self, query: LiteralString, *values: object) -> Row | None:
        return self._connection.execute(query, values or None).fetchone()

    def _rows(self, query: LiteralString, *values: object) -> list[Row]:
        with self._guard:
            self._need_open()
            with self._meant():
                return self._connection.execute(query, values or None, binary=True).fetchall()

    def _need_open(self) -> None:
        if self._failed is not None:
            raise StoreBroken(self._failed)

    # -- what the server's errors mean

    @contextmanager
    def _meant(self) -> Iterator[None]:
        """Tell in the store's words what went wrong; after a failure of server or device nothing more is taken."""
        try:
            yield
        except errors.UniqueViolation:
            raise
        except psycopg.Error as error:
            code = next((code for kind, code in MEANINGS if isinstance(error, kind)), "store.torn")
            if code in {"store.gone", "store.device"}:
                self._failed = code
            raise StoreBroken(code, state=error.sqlstate or "none") from error
