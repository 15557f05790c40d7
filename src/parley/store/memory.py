"""A store that forgets everything when the program ends: for tests, rehearsals and demonstrations."""

import threading
from collections.abc import Iterator, Mapping

from parley.store.base import Change, StoreBroken, act_id, bounds, examine


class MemoryStore:
    """Keeps a case in the program's own memory, under the same promises except that of outliving the program."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open = True
        self._acts: list[bytes] = []
        self._ids: set[bytes] = set()
        self._checkpoints: dict[int, bytes] = {}
        self._blobs: dict[str, bytes] = {}
        self._facts: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        """The number of acts kept."""
        self._need_open()
        return len(self._acts)

    def write(self, change: Change) -> None:
        """Keep the whole change; everything that can be refused is refused before the first part is kept."""
        with self._guard:
            self._need_open()
            ids = examine(change, len(self._acts))
            gone = {act_id(note) for note in self._acts[change.start :]} if change.cut else set()
            for digest in ids:
                if digest in self._ids and digest not in gone:
                    raise StoreBroken("store.duplicate", act=digest.hex())
            if change.cut:
                del self._acts[change.start :]
                self._ids -= gone
                self._checkpoints = {size: one for size, one in self._checkpoints.items() if size <= change.start}
            self._acts.extend(change.acts)
            self._ids.update(ids)
            self._checkpoints.update(change.checkpoints)
            self._blobs.update(change.blobs)
            for blob in change.forget:
                self._blobs.pop(blob, None)
            for name, value in change.facts.items():
                if value is None:
                    self._facts.pop(name, None)
                else:
                    self._facts[name] = value

    def acts(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the notes at positions start to stop, in log order."""
        self._need_open()
        return self._walk(*bounds(start, stop, len(self._acts)))

    def _walk(self, first: int, last: int) -> Iterator[bytes]:
        for position in range(first, last):
            self._need_open()
            yield self._acts[position]

    def checkpoint(self, size: int | None = None) -> bytes | None:
        """Return the note kept for this size, or the one of the greatest size."""
        with self._guard:
            self._need_open()
            wanted = max(self._checkpoints, default=0) if size is None else size
            return self._checkpoints.get(wanted)

    def blob(self, digest: str) -> bytes | None:
        """Return the sealed bytes with this SHA-256 in hex."""
        self._need_open()
        return self._blobs.get(digest)

    def facts(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return the facts whose names start with prefix, sorted by name."""
        with self._guard:
            self._need_open()
            return {name: self._facts[name] for name in sorted(self._facts) if name.startswith(prefix)}

    def close(self) -> None:
        """Drop everything."""
        self._open = False
        for kept in (self._acts, self._ids, self._checkpoints, self._blobs, self._facts):
            kept.clear()

    def _need_open(self) -> None:
        if not self._open:
            raise StoreBroken("store.closed")
