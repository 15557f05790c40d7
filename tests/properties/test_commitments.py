"""Whatever is committed to can be opened row by row, nothing else can, and mishandled files are refused."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.record.canonical import Json
from parley.record.commitment import (
    PROOF,
    ROWS,
    Row,
    commit,
    commit_rows,
    erase_rows,
    pack_row_proof,
    pack_rows,
    salt_rows,
    unpack_row_proof,
    unpack_rows,
    verify_row,
)
from parley.record.errors import CommitmentBroken
from tests.properties.test_sealed_and_bundled import mutated

MUTATIONS = 1500
PLAIN = st.characters(exclude_categories=["Cc", "Cs"])
TEXT = st.text(PLAIN, max_size=12)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
LISTS: st.SearchStrategy[tuple[Row, ...]] = st.dictionaries(
    st.integers(1, 999).map(lambda number: f"N{number}"),
    st.dictionaries(NAMES, VALUES, max_size=3),
    min_size=1,
    max_size=9,
).map(lambda rows: salt_rows(rows.items()))


@given(LISTS)
def test_every_list_comes_back_from_its_file(rows: tuple[Row, ...]) -> None:
    assert unpack_rows(pack_rows(rows)) == rows


@given(LISTS, st.data())
def test_every_row_opens_and_proves_itself_and_no_other(rows: tuple[Row, ...], data: st.DataObject) -> None:
    commitment = commit_rows(rows)
    index = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.integers(0, len(rows) - 1))
    proof = unpack_row_proof(pack_row_proof(commitment.prove_row(index)))
    assert verify_row(commitment.root, proof)
    swapped = replace(proof, row=rows[other].committed, salt=rows[other].salt)
    assert verify_row(commitment.root, swapped) == (index == other)


@given(LISTS, st.data())
def test_erasing_keeps_the_root_and_drops_the_content(rows: tuple[Row, ...], data: st.DataObject) -> None:
    lines = data.draw(st.sets(st.sampled_from([row.line for row in rows])))
    left = unpack_rows(pack_rows(erase_rows(rows, lines)))
    assert commit_rows(left).root == commit_rows(rows).root
    assert [row for row in left if isinstance(row, Row)] == [row for row in rows if row.line not in lines]
    packed = pack_rows(left)
    assert not any(row.salt.hex().encode() in packed for row in rows if row.line in lines)


@given(LISTS, st.data())
def test_any_change_of_row_salt_or_order_changes_the_root(rows: tuple[Row, ...], data: st.DataObject) -> None:
    root = commit_rows(rows).root
    index = data.draw(st.integers(0, len(rows) - 1))
    salt = data.draw(st.binary(min_size=32, max_size=32))
    changed = [*rows[:index], replace(rows[index], salt=salt), *rows[index + 1 :]]
    assert (commit_rows(changed).root == root) == (salt == rows[index].salt)
    order = data.draw(st.permutations(rows))
    assert (commit_rows(order).root == root) == (tuple(order) == rows)


@given(st.lists(st.tuples(st.binary(max_size=20), st.binary(min_size=32, max_size=32)), min_size=1, max_size=20))
def test_rows_of_any_bytes_can_be_committed_to(pairs: list[tuple[bytes, bytes]]) -> None:
    rows, salts = [row for row, _ in pairs], [salt for _, salt in pairs]
    if len(set(salts)) < len(salts):
        return
    commitment = commit(rows, salts)
    assert all(verify_row(commitment.root, commitment.prove_row(index)) for index in range(len(rows)))


@given(st.binary(max_size=300))
def test_any_bytes_as_rows_or_proof_are_one_form_or_refused(data: bytes) -> None:
    for candidate in (data, ROWS + data, ROWS + data + b"\n"):
        try:
            assert pack_rows(unpack_rows(candidate)) == candidate
        except CommitmentBroken:
            continue
    for candidate in (data, PROOF + data, PROOF + data + b"\n"):
        try:
            assert pack_row_proof(unpack_row_proof(candidate)) == candidate
        except CommitmentBroken:
            continue


@settings(max_examples=20)
@given(LISTS, st.integers(0, 2**32))
def test_fuzz_mishandled_files_of_rows_are_one_form_or_refused(rows: tuple[Row, ...], seed: int) -> None:
    source = random.Random(seed)
    packed = pack_rows(erase_rows(rows, [rows[0].line]) if len(rows) > 1 else rows)
    for _ in range(MUTATIONS // 20):
        changed = mutated(packed, source)
        try:
            assert pack_rows(unpack_rows(changed)) == changed
        except CommitmentBroken:
            continue


def test_fuzz_mishandled_proofs_hold_for_the_same_row_or_not_at_all() -> None:
    source = random.Random(20250527)
    rows = salt_rows((f"N{number}", {"name": "Петро", "n": number}) for number in range(1, 12))
    commitment = commit_rows(rows)
    for _ in range(MUTATIONS * 2):
        honest = commitment.prove_row(source.randrange(len(rows)))
        changed = mutated(pack_row_proof(honest), source)
        try:
            proof = unpack_row_proof(changed)
        except CommitmentBroken:
            continue
        assert pack_row_proof(proof) == changed
        if verify_row(commitment.root, proof):
            assert (proof.row, proof.salt, proof.path) == (honest.row, honest.salt, honest.path)
