"""The point of a desk that is served: which batch crosses there now, if any, and who is told when something comes.

Nothing is open after a start: the PIN of the pack is in nobody's file, and opens it anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from parley.handover import joining
from parley.handover.joining import Pile
from parley.web.checkin.receiving import Receiving


@dataclass(slots=True)
class Opened:
    """What is open at the point; safe to use from several threads."""

    receiving: Receiving | None = None
    on_change: list[Callable[[], None]] = field(default_factory=list)
    """Called, from any thread, after something came or another batch was opened."""
    looked: dict[int, tuple[object, object]] = field(default_factory=dict)
    """What was counted last, by batch, and of which state of the files: many pages show the same."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, receiving: Receiving) -> None:
        """Let a batch cross here from now on, in place of any other."""
        receiving.on_change.append(self.tell)
        self.receiving = receiving
        self.tell()

    def close(self) -> None:
        """Let nothing come any more; what came stays."""
        self.receiving = None
        self.tell()

    def tell(self) -> None:
        """Wake everybody who waits for news."""
        for one in tuple(self.on_change):
            one()

    def join(self, folder: Path, batch: int, books: Iterable[bytes]) -> None:
        """Lay other books beside this desk's own, whole or not at all; raises BookBroken for a file that is no book."""
        pile = joining.join([joining.read_book(one) for one in books])
        with self.lock:
            folder.mkdir(parents=True, exist_ok=True)
            place = joined_file(folder, batch)
            whole = joining.read_book(place.read_bytes()) | pile if place.exists() else pile
            part = place.with_suffix(".part")
            with part.open("wb") as file:
                file.write(whole.book())
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        self.tell()


def joined_file(folder: Path, batch: int) -> Path:
    """Return the file of the books that were joined by hand."""
    return folder / f"batch-{batch}.joined"


def files(folder: Path, batch: int) -> list[Path]:
    """Return the files of a batch's books at this desk: what its devices sent, and what was joined by hand."""
    own = folder / f"batch-{batch}.book"
    return [one for one in (own, joined_file(folder, batch)) if one.exists()]


def stamp(folder: Path, batch: int) -> tuple[tuple[str, int, int], ...]:
    """Return by what a batch's files are told from any earlier state of them."""
    return tuple((one.name, (about := one.stat()).st_mtime_ns, about.st_size) for one in files(folder, batch))


def pile(folder: Path, batch: int) -> Pile:
    """Return every line of a batch's books at this desk; raises BookBroken."""
    return joining.join([joining.read_book(one.read_bytes()) for one in files(folder, batch)])
