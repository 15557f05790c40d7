"""The tree of hashes over a list of entries: one root stands for all of them, and short proofs show what it holds.

RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ entry), a node SHA-256(0x01 ‖ left ‖ right). The neutral keeps one such
tree per case over whole notes; a sealed list is committed to by the same tree over salted rows. The empty tree proves
nothing: an old size of 0 is refused in a consistency proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from parley.record.errors import LogBroken

HASH: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours."""
    return sha256(b"\1" + left + right).digest()


def _split(count: int) -> int:
    """Return the largest power of two smaller than count (RFC 6962, 2.1); count is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


class Tree:
    """All hashes of a growing tree: ``_levels[k][i]`` is the root over entries i·2^k to (i+1)·2^k, where complete."""

    def __init__(self) -> None:
        """Start empty."""
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._levels[0])

    def append(self, entry: bytes) -> None:
        """Add an entry by its bytes."""
        self.append_hash(leaf_hash(entry))

    def append_hash(self, leaf: bytes) -> None:
        """Add an entry by its leaf hash; raises LogBroken ``log.hash``."""
        if len(leaf) != HASH:
            raise LogBroken("log.hash")
        level = 0
        self._levels[0].append(leaf)
        while len(self._levels[level]) % 2 == 0:
            if level + 1 == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            self._levels[level + 1].append(node_hash(row[-2], row[-1]))
            level += 1

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first ``size`` entries (all where None); raises LogBroken ``log.size``."""
        size = self.size if size is None else size
        self._check(size)
        return self._over(0, size)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the path from an entry to the root over ``size`` entries; raises LogBroken."""
        size = self.size if size is None else size
        self._check(size)
        if not 0 <= index < size:
            raise LogBroken("log.index", index=index, size=size)
        path: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the first ``old`` entries begin the first ``size``; raises LogBroken ``log.size``."""
        size = self.size if size is None else size
        self._check(size)
        if not 0 < old <= size:
            raise LogBroken("log.size", size=old)
        path: list[bytes] = []
        low, high, whole = 0, size, True
        while old < high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._over(low, high))
        return path[::-1]

    def _check(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise LogBroken("log.size", size=size)

    def _over(self, low: int, high: int) -> bytes:
        """Return the hash over entries low to high: read where it is complete, joined from the right where not."""
        count = high - low
        if count == 0:
            return EMPTY_ROOT
        right: bytes | None = None
        while count:
            width = count & -count
            high -= width
            left = self._levels[width.bit_length() - 1][high // width]
            right = left if right is None else node_hash(left, right)
            count -= width
        assert right is not None
        return right


class Frontier:
    """A tree that only grows and tells its root: it keeps one hash per level, so a million entries cost a kilobyte."""

    def __init__(self) -> None:
        """Start empty."""
        self._edge: list[bytes] = []
        self.size = 0

    def append_hash(self, leaf: bytes) -> None:
        """Add an entry by its leaf hash."""
        count = self.size
        while count & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            count >>= 1
        self._edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over everything so far."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = node_hash(left, root)
        return root


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the path leads from a leaf hash at ``index`` to the root over ``size`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != HASH for one in (leaf, *path)):
        return False
    place, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(other, found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, other)
        place >>= 1
        last >>= 1
    return last == 0 and found == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether the tree with ``old_root`` begins the tree with ``root`` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size or any(len(one) != HASH for one in path):
        return False
    if old == size:
        return not path and old_root == root
    if not path:
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    found_old = found = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found = node_hash(other, found_old), node_hash(other, found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, other)
        place >>= 1
        last >>= 1
    return last == 0 and found_old == old_root and found == root
