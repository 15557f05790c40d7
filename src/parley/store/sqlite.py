"""A store in one file of a desk's own disk or stick, by SQLite: the usual place of a case.

A commit is in the write-ahead log and flushed to the disk before ``write`` returns (WAL, synchronous=FULL). SQLite
holds the file for this program alone (``locking_mode=EXCLUSIVE``), so no other program can keep an old page open
while a blob is being destroyed, and no shared memory file is needed, which sticks and network folders do badly.
Damage is looked for at each opening (the structure of the whole file, the sums of all small rows) and at each reading
(the sum of the row).

Beside ``case.sqlite`` stand ``-wal`` (SQLite's, part of the data: always copy both, or neither while closed),
``-lock`` and ``-kept`` (see ``beside``).
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from parley.store.base import (
    FORM,
    RESTORED,
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
from parley.store.beside import Mark, WriterLock, file_broken, flush_folder, open_beside

APPLICATION: Final = 0x5061726C  # "Parl", so that no other program's database is taken for a store
PAGE_OF_ACTS: Final = 256
MOST_WAL_BYTES: Final = 8 << 20

TABLES: Final = (
    """CREATE TABLE act (
  n INTEGER PRIMARY KEY CHECK (n >= 0),
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  sum BLOB NOT NULL CHECK (length(sum) = 32),
  note BLOB NOT NULL
) STRICT""",
    """CREATE TABLE blob (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  data BLOB NOT NULL
) STRICT""",
    """CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY CHECK (size >= 0),
  sum BLOB NOT NULL CHECK (length(sum) = 32),
  note BLOB NOT NULL
) STRICT""",
    """CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  sum BLOB NOT NULL CHECK (length(sum) = 32),
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE tail (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  changes INTEGER NOT NULL,
  acts INTEGER NOT NULL,
  sum BLOB NOT NULL CHECK (length(sum) = 32)
) STRICT""",
)

# What must be so for our promises, and is read back because SQLite passes over a setting that it cannot have.
SETTINGS: Final = (
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("temp_store", "MEMORY", 2),  # no sealed byte in a temporary file
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
    ("journal_size_limit", str(MOST_WAL_BYTES), MOST_WAL_BYTES),
)


class SqliteStore:
    """One case in one file; safe to share between threads of one process. Opening raises StoreBroken and InUse."""

    def __init__(self, path: str | Path, *, owner: str) -> None:
        self._path = Path(path)
        self._guard = threading.RLock()
        self._failed: str | None = None
        self._size = self._changes = 0
        self._scrub_due = True  # a program that was killed may have left forgotten bytes in the -wal file
        with ExitStack() as undo:
            self._lock = WriterLock(self._beside("-lock"), owner)
            undo.callback(self._lock.release)
            try:
                self._connection = self._connect()
                undo.callback(self._connection.close)
                self._prepare()
                self._look_for_damage()
                self._mark = Mark(self._beside("-kept"))
                undo.callback(self._mark.close)
                self._scrub()
                self._look_for_loss()
            except sqlite3.Error as error:
                raise self._meaning(error) from error
            undo.pop_all()

    # -- opening

    def _beside(self, ending: str) -> Path:
        return self._path.with_name(self._path.name + ending)

    def _connect(self) -> sqlite3.Connection:
        open_and_close(self._path)
        return sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=0)

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # before the first look, or SQLite shares memory
        new = self._recognise()
        for name, wanted, answer in SETTINGS:
            self._connection.execute(f"PRAGMA {name}={wanted}").fetchall()
            if self._connection.execute(f"PRAGMA {name}").fetchone() != (answer,):
                raise StoreBroken("store.device", setting=name)
        self._connection.execute("BEGIN IMMEDIATE")  # says now, not at the first act, if the place is read-only
        try:
            if new:
                self._make()
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _recognise(self) -> bool:
        """Tell whether the file is still empty; raises StoreBroken, the file untouched, if it is no store of ours."""
        tables = {sql for (sql,) in self._connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
        application = self._one_number("PRAGMA application_id")
        form = self._one_number("PRAGMA user_version")
        if not tables and not application and not form:
            return True
        if application != APPLICATION:
            raise StoreBroken("store.foreign")
        if form != FORM:
            raise StoreBroken("store.version", found=form, known=FORM)
        if tables != set(TABLES):
            raise StoreBroken("store.torn", table="sqlite_schema")
        return False

    def _make(self) -> None:
        for sql in TABLES:
            self._connection.execute(sql)
        self._connection.execute(f"PRAGMA application_id={APPLICATION}")
        self._connection.execute(f"PRAGMA user_version={FORM}")
        self._connection.execute("INSERT INTO tail VALUES (1, 0, 0, ?)", (check_sum("tail", 0, b"0"),))
        flush_folder(self._path.absolute().parent)

    def _one_number(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def _look_for_damage(self) -> None:
        """Raise ``store.torn`` unless the file's structure holds, no act is missing and every small row has its sum."""
        if self._connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StoreBroken("store.torn", table="any")
        self._changes, self._size = self._read_tail()
        count, last = self._connection.execute("SELECT count(*), ifnull(max(n), -1) FROM act").fetchone()
        if count != self._size or last != self._size - 1:
            raise StoreBroken("store.torn", table="act", kept=count, expected=self._size)
        for name, kept, value in self._connection.execute("SELECT name, sum, value FROM fact"):
            confirm_sum("fact", name, value, kept)
        for size, kept, note in self._connection.execute("SELECT size, sum, note FROM checkpoint"):
            confirm_sum("checkpoint", size, note, kept)

    def _read_tail(self) -> tuple[int, int]:
        row = self._connection.execute("SELECT changes, acts, sum FROM tail").fetchone()
        if row is None or check_sum("tail", row[0], str(row[1]).encode()) != row[2]:
            raise StoreBroken("store.torn", table="tail")
        return int(row[0]), int(row[1])

    def _look_for_loss(self) -> None:
        """Set the fact ``restored`` where this file holds less than was once confirmed."""
        if self._changes >= self._mark.changes:
            return
        once = max(self._mark.acts, self._size)
        self._changes = self._mark.changes
        self._keep(Change(start=self._size, facts={RESTORED: b"%d" % once}), behind=True)

    # -- the five functions

    @property
    def size(self) -> int:
        """The number of acts kept."""
        self._need_open()
        return self._size

    def write(self, change: Change) -> None:
        """Keep the whole change, flushed to the disk, before returning."""
        with self._guard:
            self._need_open()
            self._keep(change)

    def acts(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the notes at positions start to stop, in log order; other calls may come in between."""
        self._need_open()
        return self._walk(*bounds(start, stop, self._size))

    def checkpoint(self, size: int | None = None) -> bytes | None:
        """Return the note kept for this size, or the one of the greatest size."""
        rows = self._rows(
            "SELECT size, sum, note FROM checkpoint WHERE size = ifnull(?, (SELECT max(size) FROM checkpoint))", (size,)
        )
        return confirm_sum("checkpoint", rows[0][0], rows[0][2], rows[0][1]) if rows else None

    def blob(self, digest: str) -> bytes | None:
        """Return the sealed bytes with this SHA-256 in hex."""
        rows = self._rows("SELECT data FROM blob WHERE id = ?", (bytes.fromhex(digest),))
        return confirm_blob(digest, rows[0][0]) if rows else None

    def facts(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return the facts whose names start with prefix, sorted by name."""
        rows = self._rows(
            "SELECT name, sum, value FROM fact WHERE name >= ? AND name < ? ORDER BY name", (prefix, after(prefix))
        )
        return {name: confirm_sum("fact", name, value, kept) for name, kept, value in rows}

    def close(self) -> None:
        """Fold the -wal file into the store and let the next program in."""
        with self._guard:
            if self._failed == "store.closed":
                return
            with suppress(sqlite3.Error):
                self._scrub()
            self._failed = "store.closed"
            try:
                self._connection.close()
            finally:
                self._mark.close()
                self._lock.release()

    # -- keeping

    def _keep(self, change: Change, *, behind: bool = False) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            changes, size = self._read_tail()
            # Read, not remembered: a Ctrl-C between the commit and our note of it must not make the next step fail.
            self._changes = max(changes, self._changes) if behind else changes
            self._size = size
            self._put(change, examine(change, size))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            if (broken := self._meaning(error, change)).code == "store.full":
                self._scrub_due = True  # the -wal file may be what fills the disk
                self._scrub()
            raise broken from error
        except BaseException:
            self._roll_back()
            raise
        self._changes += 1
        self._size = change.start + len(change.acts)
        # The change is kept; a mark or a scrub that fails now must not make it look as if it were not.
        with suppress(OSError):
            self._mark.set(self._changes, self._size)
        self._scrub_due |= bool(change.forget)
        self._scrub()

    def _put(self, change: Change, ids: tuple[bytes, ...]) -> None:
        put = self._connection.executemany
        if change.cut:
            put("DELETE FROM act WHERE n >= ?", [(change.start,)])
            put("DELETE FROM checkpoint WHERE size > ?", [(change.start,)])
        notes = enumerate(zip(ids, change.acts, strict=True), change.start)
        put(
            "INSERT INTO act VALUES (?, ?, ?, ?)",
            [(n, digest, check_sum("act", n, note), note) for n, (digest, note) in notes],
        )
        put(
            "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)",
            [(size, check_sum("checkpoint", size, note), note) for size, note in change.checkpoints],
        )
        put(
            "INSERT OR IGNORE INTO blob VALUES (?, ?)", [(bytes.fromhex(digest), data) for digest, data in change.blobs]
        )
        put("DELETE FROM blob WHERE id = ?", [(bytes.fromhex(digest),) for digest in change.forget])
        put("DELETE FROM fact WHERE name = ?", [(name,) for name in change.facts])
        put(
            "INSERT INTO fact VALUES (?, ?, ?)",
            [
                (name, check_sum("fact", name, value), value)
                for name, value in change.facts.items()
                if value is not None
            ],
        )
        changes, acts = self._changes + 1, change.start + len(ids)
        self._connection.execute(
            "UPDATE tail SET changes = ?, acts = ?, sum = ?", (changes, acts, check_sum("tail", changes, b"%d" % acts))
        )

    def _scrub(self) -> None:
        """Move the -wal file into the store and cut it to nothing, so that forgotten bytes do not live on in it.

        Tried again at the next change and at closing where the disk did not let us.
        """
        if self._scrub_due:
            with suppress(sqlite3.OperationalError):
                (busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._scrub_due = bool(busy)

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    # -- reading

    def _walk(self, first: int, last: int) -> Iterator[bytes]:
        for page in range(first, last, PAGE_OF_ACTS):
            end = min(page + PAGE_OF_ACTS, last)
            rows = self._rows("SELECT n, sum, note FROM act WHERE n >= ? AND n < ? ORDER BY n", (page, end))
            if len(rows) != end - page:
                raise StoreBroken("store.torn", table="act", place=page)
            for n, kept, note in rows:
                yield confirm_sum("act", n, note, kept)

    def _rows(self, sql: str, values: tuple[str | int | bytes | None, ...]) -> list[tuple[Any, ...]]:
        with self._guard:
            self._need_open()
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._meaning(error) from error

    def _need_open(self) -> None:
        if self._failed is not None:
            raise StoreBroken(self._failed)

    # -- what SQLite's errors mean

    def _meaning(self, error: sqlite3.Error, change: Change | None = None) -> StoreBroken:
        """Tell in the store's words what went wrong; after a failure of the device nothing more is taken."""
        code = getattr(error, "sqlite_errorcode", 0)
        primary = code & 0xFF
        if code == sqlite3.SQLITE_CONSTRAINT_UNIQUE and change is not None:
            return StoreBroken("store.duplicate", act=self._kept_already(change))
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return InUse(owner="unknown", pid=0, host="unknown", since="unknown")
        if primary == sqlite3.SQLITE_FULL:
            return StoreBroken("store.full")
        if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
            return StoreBroken("store.read_only")
        if primary in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL}:
            # A failed flush may have dropped pages that the next flush calls written; only a new opening tells.
            self._failed = "store.device"
            return StoreBroken("store.device", error=getattr(error, "sqlite_errorname", "unknown"))
        if primary == sqlite3.SQLITE_NOTADB:
            return StoreBroken("store.foreign")
        # Everything else, also "no such column", means that the file no longer says what we wrote.
        return StoreBroken("store.torn", table="any")

    def _kept_already(self, change: Change) -> str:
        for digest in examine(change, change.start):
            if self._connection.execute("SELECT 1 FROM act WHERE id = ?", (digest,)).fetchone():
                return digest.hex()
        return "unknown"


def open_and_close(path: Path) -> None:
    """Make the file where needed, readable by its owner only (SQLite gives its -wal file the same rights)."""
    new = not path.exists()
    handle = open_beside(path)
    try:
        if new:
            os.fsync(handle)
    except OSError as error:
        raise file_broken(error) from error
    finally:
        os.close(handle)
