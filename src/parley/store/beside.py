"""The two small files beside a store's own: who is writing in it now, and how much has ever been confirmed.

The *lock* is held by the operating system (``flock``) and vanishes with the process that holds it, however that ends;
the text inside only tells who it is. It is never deleted, because a deleted lock file can be locked twice.

The *mark* holds two numbers, written after each confirmed change: how many changes and how many acts. It is not
flushed to the disk, so it may lag behind the store but never runs ahead. A store that is behind its mark has lost
what it had confirmed: someone put an old copy back, or the disk gave back less than it took. Such a desk could sign
two different acts with one number without knowing, which others must take for a fork.
"""

import errno
import fcntl
import os
import re
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from parley.store.base import InUse, StoreBroken

LOCK_LINE = re.compile(r"(pid|host|since|owner) (.{0,200})")
MARK = re.compile(rb"parley kept ([0-9]{20}) ([0-9]{20})\n")


def file_broken(error: OSError) -> StoreBroken:
    """Tell what the operating system's error means for a store."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreBroken("store.full")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return StoreBroken("store.read_only")
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}:
        return StoreBroken("store.address")
    return StoreBroken("store.device", error=errno.errorcode.get(error.errno or 0, "unknown"))


def open_beside(path: Path) -> int:
    """Open a file for reading and writing that only its owner may read, making it where needed; raises StoreBroken."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise file_broken(error) from error


def flush_folder(folder: Path) -> None:
    """Make the names of new files durable; raises StoreBroken."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise file_broken(error) from error


class WriterLock:
    """Held from construction until ``release`` or the end of the process; raises InUse where somebody else holds it."""

    def __init__(self, path: Path, owner: str) -> None:
        self._handle = open_beside(path)
        try:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InUse(**read_holder(os.pread(self._handle, 1024, 0))) from error
            self._tell(owner)
        except OSError as error:
            os.close(self._handle)
            raise file_broken(error) from error
        except BaseException:
            os.close(self._handle)
            raise

    def _tell(self, owner: str) -> None:
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = f"pid {os.getpid()}\nhost {socket.gethostname()}\nsince {since}\nowner {owner}\n"
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text.encode(), 0)

    def release(self) -> None:
        """Let the next program in."""
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
        os.close(self._handle)


def read_holder(text: bytes) -> dict[str, str | int]:
    """Read what the holder of a lock says of itself, ``unknown`` where it had no time to."""
    said = dict(LOCK_LINE.findall(text.decode(errors="replace")))
    pid = said.get("pid", "")
    return {
        "owner": said.get("owner", "unknown"),
        "pid": int(pid) if re.fullmatch(r"[0-9]{1,10}", pid) else 0,
        "host": said.get("host", "unknown"),
        "since": said.get("since", "unknown"),
    }


class Mark:
    """How many changes and acts this store has ever confirmed."""

    def __init__(self, path: Path) -> None:
        self._handle = open_beside(path)
        try:
            found = MARK.fullmatch(os.pread(self._handle, 64, 0))
            # An unreadable mark is none: a new one may have been cut off by a power failure before its first byte.
            self.changes, self.acts = (int(found[1]), int(found[2])) if found else (0, 0)
            if found is None:
                self.set(0, 0)
                os.fsync(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise file_broken(error) from error

    def set(self, changes: int, acts: int) -> None:
        """Note what has been confirmed; raises OSError."""
        self.changes, self.acts = changes, acts
        os.pwrite(self._handle, b"parley kept %020d %020d\n" % (changes, acts), 0)

    def close(self) -> None:
        """Let go of the file; it stays for the next time."""
        os.close(self._handle)
