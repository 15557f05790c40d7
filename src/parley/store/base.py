"""Where a desk keeps its copy of the record: what every store promises, and how a store says that it cannot.

Promises, the same for memory, SQLite and PostgreSQL (``tests/contracts`` holds all three to them):

1. A change is kept whole or not at all, and is on the disk when ``write`` returns. Nothing may be called sent before
   that.
2. A change names the position of its first act. Who is not at the end of the record is refused, so a chain cannot
   fork here and "compare with the last checkpoint, keep, then sign" is one step. Only a change that says ``cut`` takes
   the place of what stands from there on: a new neutral begins where all had cosigned.
3. What is read is what was written, or ``store.torn`` is raised: each row carries a SHA-256 over its place and its
   bytes.
4. One desk writes at a time. The second one is told who holds the store.
5. Forgetting a blob destroys its bytes in the store's own files as far as a program can. What backups, a copied stick
   or the spare blocks of a solid-state disk still hold dies with the key that sealed it.
6. A store that finds acts missing which it had confirmed says so by the fact ``restored``: the desk then refuses to
   sign until it has imported a checkpoint that contains its own last act.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Protocol

from parley.words import Broken, Fact

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "store.address": "No store can be here; give a file in an existing folder, or postgresql://…#schema.",
        "store.blob_mismatch": "A sealed file is not what its digest says; ask its sender for it again.",
        "store.closed": "The store has been closed; open it again.",
        "store.device": "The disk failed while keeping or reading; close the desk, check the disk, open it again.",
        "store.duplicate": "This act is kept already; nothing was written, and nothing more is needed.",
        "store.foreign": "This is no store, or its first bytes are damaged; give another place.",
        "store.full": "The disk is full; nothing was written. Make room and repeat the step.",
        "store.gap": "The record has moved on since this step was prepared; nothing was written. Repeat the step.",
        "store.gone": "The server cannot be reached; open again and see if the last step was kept.",
        "store.in_use": "Another program has this store open; close it there first.",
        "store.no_driver": "PostgreSQL needs one more part; install parley[postgres].",
        "store.not_a_note": "An act has no blank line before its signatures; ask its sender for it again.",
        "store.read_only": "Nothing can be written here; move the store, or give this user the right to write.",
        "store.torn": "The store is damaged; keep it as evidence and restore from the others' bundles.",
        "store.unsafe_server": "The server confirms before it has written; set its fsync and full_page_writes to on.",
        "store.version": "Another version of Parley made this store; open it with that one and export a bundle.",
    }
)
"""Every way a store can fail, with one English sentence that ends in the next step."""

RESTORED: Final = "restored"
"""The fact that stands while a desk must not sign; its value is the number of acts once confirmed, in digits."""

FACT_NAME: Final = re.compile(r"[!-~]{1,200}\Z")
FORM: Final = 1
"""The version of the tables; it changes when an older program could no longer read them."""


class StoreBroken(Broken):
    """A store cannot keep or cannot give back; facts hold digests, counts and places, never personal data."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class InUse(StoreBroken):
    """Another program holds the store (``store.in_use``); its facts ``owner``, ``pid``, ``host``, ``since`` say who."""

    def __init__(self, **facts: Fact) -> None:
        """Keep what is known of the holder."""
        super().__init__("store.in_use", **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a desk, kept whole or not at all.

    ``start`` is the number of acts kept before, also where no act is added. ``acts`` are whole notes in log order.
    ``checkpoints`` are (size, note); a newer note of a size takes the place of the older. ``blobs`` are (SHA-256 in
    hex, sealed bytes); a blob that is kept already stays. ``forget`` destroys blobs, after ``blobs`` were added; a
    digest that is not kept is passed over. ``facts`` are small and the desk's own (``outbox/<act id>``); None removes.
    ``cut`` drops the acts from ``start`` on and the checkpoints of more acts than that, before anything is added.
    """

    start: int
    acts: tuple[bytes, ...] = ()
    checkpoints: tuple[tuple[int, bytes], ...] = ()
    blobs: tuple[tuple[str, bytes], ...] = ()
    forget: tuple[str, ...] = ()
    facts: Mapping[str, bytes | None] = field(default_factory=dict)
    cut: bool = False

    def __post_init__(self) -> None:
        """Stop our own slips: sizes below zero and facts without a plain name."""
        assert self.start >= 0
        assert all(size >= 0 for size, _ in self.checkpoints)
        assert all(FACT_NAME.match(name) for name in self.facts)


class Store(Protocol):
    """One participant's copy of one case."""

    @property
    def size(self) -> int:
        """The number of acts kept."""
        ...

    def write(self, change: Change) -> None:
        """Keep the whole change, durably, before returning.

        Raises StoreBroken, after which nothing of it is kept: ``store.gap`` (start is not size), ``store.duplicate``,
        ``store.not_a_note``, ``store.blob_mismatch``, ``store.full``, ``store.read_only``, ``store.torn``,
        ``store.closed``. Only after ``store.device`` and ``store.gone`` it is open whether the change was kept, whole
        or not at all: the store takes nothing more and must be opened again to see.
        """
        ...

    def acts(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the notes at positions start to stop (excluded; all that are kept now where None), in log order."""
        ...

    def checkpoint(self, size: int | None = None) -> bytes | None:
        """Return the note kept for this size, or the one of the greatest size; None where there is none."""
        ...

    def blob(self, digest: str) -> bytes | None:
        """Return the sealed bytes with this SHA-256 in hex, None where they are not kept or were forgotten."""
        ...

    def facts(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return the facts whose names start with prefix, sorted by name."""
        ...

    def close(self) -> None:
        """Let the next program in; a second call does nothing, anything else raises ``store.closed`` from now on."""
        ...


def act_id(note: bytes) -> bytes:
    """Return the 32 bytes of an act's id, SHA-256 of the text before the signatures; raises ``store.not_a_note``.

    The text ends at the last blank line (C2SP signed-note). So one act with other signatures is the same act.
    """
    end = note.rfind(b"\n\n")
    if end < 0:
        raise StoreBroken("store.not_a_note")
    return hashlib.sha256(note[: end + 1]).digest()


def check_sum(table: str, place: int | str, data: bytes) -> bytes:
    """Return the SHA-256 that is kept beside each row; it covers table and place, so no row can stand for another."""
    return hashlib.sha256(f"{table} {place}\n".encode() + data).digest()


def confirm_sum(table: str, place: int | str, data: object, kept: object) -> bytes:
    """Return the bytes of a row whose sum is right; raises ``store.torn`` with its table and place."""
    if not isinstance(data, bytes) or check_sum(table, place, data) != kept:
        raise StoreBroken("store.torn", table=table, place=place)
    return data


def confirm_blob(digest: str, data: object) -> bytes:
    """Return sealed bytes that have this SHA-256; raises ``store.torn``."""
    if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != digest:
        raise StoreBroken("store.torn", table="blob", place=digest)
    return data


def examine(change: Change, size: int) -> tuple[bytes, ...]:
    """Return the ids of the acts of a change that may follow on ``size`` acts; raises StoreBroken."""
    if change.start > size or (change.start < size and not change.cut):
        raise StoreBroken("store.gap", start=change.start, kept=size)
    ids = tuple(act_id(note) for note in change.acts)
    for earlier, later in pairwise(sorted(ids)):
        if earlier == later:
            raise StoreBroken("store.duplicate", act=later.hex())
    for digest, data in change.blobs:
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreBroken("store.blob_mismatch", blob=digest)
    return ids


def bounds(start: int, stop: int | None, size: int) -> tuple[int, int]:
    """Return the positions that exist between start and stop."""
    assert start >= 0
    return start, size if stop is None else min(stop, size)


def after(prefix: str) -> str:
    """Return a text that sorts behind every fact name with this prefix: names are ASCII."""
    return prefix + "\x7f"
