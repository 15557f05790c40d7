"""Whatever is written comes back, whatever else is refused, and nobody can change a byte unnoticed."""

import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
import rfc8785
from hypothesis import assume, example, given
from hypothesis import strategies as st

from parley.record import canonical, envelope, note
from parley.record.checkpoint import cosign, make, make_receipt, merge, read_checkpoint, read_receipt, verify_receipt
from parley.record.envelope import FIRST_LINE, Envelope, SealedRef, Seen, read_act, sign_act, to_text
from parley.record.errors import CanonicalBroken, CheckpointBroken, NoteBroken, RecordBroken
from parley.record.keys import SigningKey, VerifyKey
from parley.record.log import Frontier, Tree, leaf_hash, verify_consistency, verify_inclusion
from parley.record.verdict import check_signatures
from parley.words import ActId, Digest, Moment, ParticipantName

NORTH = SigningKey.from_seed("north/officer-7", b"n" * 32)
SOUTH = SigningKey.from_seed("south/officer-1", b"s" * 32)
LOG = SigningKey.from_seed("neutral/desk", b"x" * 32)
KEYS = {(key.verify_key.name, key.verify_key.hash4): key.verify_key for key in (NORTH, SOUTH)}

USUAL = Envelope(
    answers=(ActId("ab" * 32),),
    body={"a": 1, "b": ',"case":"c1"', "c": {"sealed": []}},
    case="c1",
    kind="suspend",
    mandate="root",
    party=ParticipantName("north"),
    prev=ActId("cd" * 32),
    sealed=(),
    seen=Seen(Digest("ab" * 32), 12, Digest("")),
    seq=2,
    time=Moment("2025-05-22T09:00:00Z"),
)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
names = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)
bodies = st.dictionaries(names, values, max_size=4)
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
rooms = st.sampled_from(["south/lists", "neutral/room-1", "east/lists"])


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    seq = draw(st.integers(1, 2**53 - 1))
    size = draw(st.integers(0, 2**53 - 1))
    sealed = st.builds(
        SealedRef,
        hexes.map(Digest),
        hexes.map(Digest),
        st.integers(1, 2**53 - 1),
        st.lists(rooms, min_size=1, max_size=3, unique=True).map(tuple),
    )
    return Envelope(
        answers=tuple(map(ActId, draw(st.lists(hexes, max_size=3, unique=True)))),
        body=draw(bodies),
        case=draw(st.from_regex(r"\A[a-z0-9][a-z0-9._-]{0,20}\Z")),
        kind=draw(st.from_regex(r"\A[a-z_]{1,40}\Z")),
        mandate=draw(st.sampled_from(["root", "desk"]) | hexes),
        party=ParticipantName(draw(st.from_regex(r"\A[a-z][a-z0-9-]{0,30}\Z"))),
        prev=ActId("" if seq == 1 else draw(hexes)),
        sealed=tuple(draw(st.lists(sealed, max_size=2))),
        seen=Seen(Digest(draw(hexes) if size else ""), size, Digest(draw(st.just("") | hexes))),
        seq=seq,
        time=Moment(draw(st.datetimes()).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")),
    )


@given(values)
def test_canonical_lines_come_back_and_are_those_of_rfc_8785(value: Any) -> None:
    line = canonical.encode(value)
    assert canonical.parse(line) == value
    assert canonical.encode(canonical.parse(line)) == line
    assert line == rfc8785.dumps(value)


@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value, ensure_ascii=False).encode()))
@example(b'{"a":1,"a":1}')
@example(b'"\\ud800"')
@example(b"[" * 5000)
@example(b"1" * 5000)
def test_any_bytes_are_canonical_or_refused(line: bytes) -> None:
    try:
        value = canonical.parse(line)
    except CanonicalBroken:
        return
    assert canonical.encode(value) == line == rfc8785.dumps(value)


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: sign_act(USUAL, [NORTH])[:-40] + tail))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        found = note.parse(data)
    except NoteBroken:
        return
    assert note.assemble(found.text, found.signatures) == data


@given(envelopes())
def test_acts_come_back(said: Envelope) -> None:
    act = read_act(sign_act(said, [NORTH, SOUTH]))
    assert act.envelope == said
    assert check_signatures(act, KEYS).signed == {"north/officer-7", "south/officer-1"}


def slowly(line: str) -> Envelope | str:
    """What the reader without the shortcut says."""
    try:
        return envelope._read_fields(canonical.parse_text(line))
    except RecordBroken as broken:
        return broken.code


def quickly(line: str) -> Envelope | str:
    """What the reader says."""
    try:
        return envelope._read_usual(line) or envelope._read_fields(canonical.parse_text(line))
    except RecordBroken as broken:
        return broken.code


PIECES = ['"', "{", "}", "[", "]", ",", ":", "\\", " ", "0", "1", "a", "é", ',"case":"', '"body":', '"sealed":[]']


@given(envelopes(), st.data())
def test_the_shortcut_for_usual_acts_reads_as_the_long_way_does(said: Envelope, data: st.DataObject) -> None:
    line = to_text(replace(said, sealed=()))[len(FIRST_LINE) : -1]
    assert envelope._read_usual(line) in (None, slowly(line))
    at = data.draw(st.integers(0, len(line)))
    cut = data.draw(st.integers(0, 3))
    changed = line[:at] + data.draw(st.sampled_from(PIECES)) + line[at + cut :]
    assert quickly(changed) == slowly(changed)


@pytest.mark.parametrize("piece", PIECES)
def test_the_shortcut_is_exact_for_a_change_at_every_place(piece: str) -> None:
    line = to_text(USUAL)[len(FIRST_LINE) : -1]
    assert envelope._read_usual(line) == slowly(line) == USUAL
    for at in range(len(line) + 1):
        for changed in (line[:at] + piece + line[at:], line[:at] + piece + line[at + 1 :]):
            assert quickly(changed) == slowly(changed)


@given(envelopes(), st.data())
def test_attack_any_byte_of_an_act_changed(said: Envelope, data: st.DataObject) -> None:
    whole = sign_act(said, [NORTH, SOUTH])
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != whole[at])
    try:
        act = read_act(whole[:at] + bytes([byte]) + whole[at + 1 :])
    except RecordBroken:
        return
    verdict = check_signatures(act, KEYS)
    assert verdict.signed < {"north/officer-7", "south/officer-1"}
    assert leaf_hash(act.note) != leaf_hash(whole)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_every_log_proves_its_entries_and_its_growth(entries: list[bytes], data: st.DataObject) -> None:
    tree, frontier = Tree(), Frontier()
    for entry in entries:
        tree.append(entry)
        frontier.append_hash(leaf_hash(entry))
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    assert frontier.root() == tree.root()
    assert verify_inclusion(index, size, leaf_hash(entries[index]), tree.inclusion(index, size), tree.root(size))
    assert verify_consistency(size, tree.size, tree.root(size), tree.root(), tree.consistency(size))


@given(
    st.integers(1, 2**40), st.integers(1, 2**40), st.lists(st.binary(min_size=32, max_size=32), max_size=45), st.data()
)
def test_no_made_up_path_proves_anything(old: int, new: int, path: list[bytes], data: st.DataObject) -> None:
    root, other = data.draw(st.binary(min_size=32, max_size=32)), b"\x01" * 32
    assume(root != other and root not in path)
    assert not verify_consistency(old, new, root, other, path)
    assert not verify_inclusion(old - 1, new, root, path, other) or (old == new == 1 and not path)


@given(st.permutations(["north", "south", "east"]), st.lists(st.integers(0, 2**63 - 1), min_size=6, max_size=6))
def test_cosignatures_join_alike_on_every_way(order: list[str], times: list[int]) -> None:
    keys = {name: SigningKey.from_seed(f"{name}/desk", name.encode().ljust(32)) for name in order}
    bare = make("c1/neutral", 3, b"\x07" * 32, LOG)
    copies = [cosign(bare, keys[name], time) for name, time in zip(order * 2, times, strict=True)]
    joined = set()
    for some in list(permutations(copies))[::97]:
        whole = bare
        for one in some:
            whole = merge(whole, one) if len(some) % 2 else merge(one, whole)
        joined.add(whole.note)
    assert len(joined) == 1
    witnesses = [key.verify_key for key in keys.values()]
    assert read_checkpoint(joined.pop(), LOG.verify_key, witnesses).cosigners == {f"{name}/desk" for name in order}


POINT = cosign(make("c1/neutral", 2, Tree().root(), LOG), NORTH, 1_747_396_800)


@given(st.integers(0, len(POINT.note) - 1), st.integers(0, 255))
def test_attack_any_byte_of_a_checkpoint_changed(at: int, byte: int) -> None:
    assume(POINT.note[at] != byte)
    with pytest.raises(CheckpointBroken):
        read_checkpoint(POINT.note[:at] + bytes([byte]) + POINT.note[at + 1 :], LOG.verify_key, [NORTH.verify_key])


def receipt_of_five() -> tuple[bytes, bytes]:
    tree = Tree()
    for number in range(5):
        tree.append(b"act %d" % number)
    return b"act 3", make_receipt(3, tree.inclusion(3), make("c1/neutral", 5, tree.root(), LOG))


ENTRY, RECEIPT = receipt_of_five()


@given(st.integers(0, len(RECEIPT) - 1), st.integers(0, 255))
def test_attack_any_byte_of_a_receipt_changed(at: int, byte: int) -> None:
    assume(RECEIPT[at] != byte)
    try:
        receipt = read_receipt(RECEIPT[:at] + bytes([byte]) + RECEIPT[at + 1 :])
        held = verify_receipt(ENTRY, receipt, read_checkpoint(receipt.checkpoint, LOG.verify_key, []))
    except CheckpointBroken:
        return
    assert not held


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda tail: RECEIPT[:90] + tail))
def test_any_bytes_are_a_receipt_or_refused(data: bytes) -> None:
    try:
        receipt = read_receipt(data)
    except CheckpointBroken:
        return
    assert make_receipt(receipt.index, receipt.path, replace(POINT, note=receipt.checkpoint)) == data


@given(st.text(max_size=120) | st.binary(min_size=33, max_size=33).map(lambda raw: f"a+00000000+{raw.hex()[:44]}"))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        key = VerifyKey.parse(text)
    except RecordBroken:
        return
    assert key.vkey == text
