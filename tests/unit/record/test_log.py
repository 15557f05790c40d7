"""The log proves what it holds and that it only grew; nothing else can be proven of it."""

import pytest

from parley.record.errors import LogBroken
from parley.record.log import EMPTY_ROOT, Frontier, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion

SIZES = range(1, 34)


def leaf(number: int) -> bytes:
    return leaf_hash(b"act %d" % number)


def tree(size: int) -> Tree:
    made = Tree()
    for number in range(size):
        made.append_hash(leaf(number))
    return made


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


def test_roots_of_every_earlier_size_stay_known() -> None:
    whole, frontier = tree(33), Frontier()
    for size in SIZES:
        frontier.append_hash(leaf(size - 1))
        assert whole.root(size) == tree(size).root() == frontier.root() == plain_root([leaf(n) for n in range(size)])
        assert frontier.size == size


def test_every_entry_is_proven_in_every_size_and_in_no_other_place() -> None:
    whole = tree(33)
    for size in SIZES:
        root = whole.root(size)
        for index in range(size):
            path = whole.inclusion(index, size)
            assert verify_inclusion(index, size, leaf(index), path, root)
            assert not verify_inclusion(index, size, leaf(index + 1), path, root)
            assert not verify_inclusion(index, size, leaf(index), [*path, root], root)
            assert not any(
                verify_inclusion(other, size, leaf(index), path, root) for other in range(size) if other != index
            )


def test_every_log_is_proven_to_begin_every_later_one() -> None:
    whole = tree(33)
    for new in SIZES:
        for old in range(1, new + 1):
            path = whole.consistency(old, new)
            assert verify_consistency(old, new, whole.root(old), whole.root(new), path)
            if old < new:
                assert not verify_consistency(old, new, whole.root(new), whole.root(new), path)
                assert not verify_consistency(old, new, whole.root(old), whole.root(old), path)
                assert not verify_consistency(old, new, whole.root(old), whole.root(new), path[:-1])
                assert not verify_consistency(old, new, whole.root(old), whole.root(new), [*path, path[0]])


def test_attack_entry_exchanged_after_the_checkpoint() -> None:
    honest, forged = tree(20), tree(7)
    forged.append(b"another act")
    for number in range(8, 24):
        forged.append_hash(leaf(number))
    for old in range(8, 21):
        path = forged.consistency(old, 24)
        assert not verify_consistency(old, 24, honest.root(old), forged.root(24), path)


def test_attack_empty_log_as_proof_of_any_history() -> None:
    whole = tree(3)
    assert not verify_consistency(0, 3, EMPTY_ROOT, whole.root(), [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(LogBroken, match=r"log\.size"):
        whole.consistency(0, 3)


def test_what_the_log_does_not_hold_is_not_answered() -> None:
    whole = tree(3)
    for asked in (lambda: whole.root(4), lambda: whole.root(-1), lambda: whole.consistency(3, 4)):
        with pytest.raises(LogBroken, match=r"log\.size"):
            asked()
    for index in (-1, 3):
        with pytest.raises(LogBroken, match=r"log\.index"):
            whole.inclusion(index)
    assert not verify_inclusion(3, 3, leaf(2), whole.inclusion(2), whole.root())


def test_hashes_of_another_length_are_refused() -> None:
    with pytest.raises(LogBroken, match=r"log\.hash"):
        Tree().append_hash(b"short")
    whole = tree(3)
    path = whole.inclusion(0)
    assert not verify_inclusion(0, 3, leaf(0)[:31], path, whole.root())
    assert not verify_inclusion(0, 3, leaf(0), [path[0][:31], *path[1:]], whole.root())
    assert not verify_consistency(2, 3, whole.root(2), whole.root(3), [b"short"])
