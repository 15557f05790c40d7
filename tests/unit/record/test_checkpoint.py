"""Checkpoints, cosignatures, receipts and spoken roots: what all three have seen, and what each can prove alone."""

import base64
from dataclasses import replace

import pytest

from parley.record.checkpoint import (
    Checkpoint,
    cosign,
    head_text,
    make,
    make_receipt,
    merge,
    read_checkpoint,
    read_receipt,
    root_words,
    verify_receipt,
    word_list,
    words_match,
)
from parley.record.envelope import read_act
from parley.record.errors import CheckpointBroken, EnvelopeBroken
from parley.record.keys import SigningKey, verify
from parley.record.log import Tree
from parley.record.note import SignatureLine, assemble, parse, sign

LOG = SigningKey.from_seed("neutral/desk", b"x" * 32)
NORTH = SigningKey.from_seed("north/desk", b"n" * 32)
SOUTH = SigningKey.from_seed("south/desk", b"s" * 32)
EAST = SigningKey.from_seed("east/desk", b"e" * 32)
WITNESSES = (NORTH.verify_key, SOUTH.verify_key)
NOON = 1_747_396_800


def log(size: int = 5) -> Tree:
    tree = Tree()
    for number in range(size):
        tree.append(b"act %d" % number)
    return tree


def head(size: int = 5) -> Checkpoint:
    return make("c1/neutral", size, log(size).root(), LOG)


def read(note: bytes) -> Checkpoint:
    return read_checkpoint(note, LOG.verify_key, WITNESSES)


def code_of(note: bytes) -> str:
    with pytest.raises(CheckpointBroken) as broken:
        read(note)
    return broken.value.code


def test_a_checkpoint_comes_back_with_its_cosigners() -> None:
    point = cosign(cosign(head(), SOUTH, NOON), NORTH, NOON + 9)
    assert read(point.note) == point
    assert point.cosigners == {"north/desk", "south/desk"}
    assert (point.origin, point.size, point.root) == ("c1/neutral", 5, log().root())
    assert [one.name for one in parse(point.note).signatures] == ["neutral/desk", "north/desk", "south/desk"]


def test_the_bytes_of_a_cosignature_are_those_of_c2sp() -> None:
    point = cosign(head(), NORTH, 1_679_315_147)
    line = parse(point.note).signatures[1]
    message = f"cosignature/v1\ntime 1679315147\n{head_text('c1/neutral', 5, log().root())}".encode()
    assert line.hash4 == NORTH.verify_key.cosigner_hash4
    assert line.signature[:8] == (1_679_315_147).to_bytes(8, "big")
    assert verify(NORTH.verify_key, message, line.signature[8:])


def test_cosigning_twice_changes_nothing() -> None:
    point = cosign(head(), NORTH, NOON)
    assert cosign(point, NORTH, NOON + 1) == point


def test_cosignatures_join_in_any_order_and_the_earliest_stays() -> None:
    north, south = cosign(head(), NORTH, NOON), cosign(head(), SOUTH, NOON)
    later = cosign(head(), NORTH, NOON + 60)
    assert merge(north, south) == merge(south, north)
    assert merge(merge(later, south), north) == merge(north, south)
    assert merge(north, north) == north
    assert read(merge(north, south).note).cosigners == {"north/desk", "south/desk"}


def test_two_heads_are_never_joined() -> None:
    other = make("c1/neutral", 5, log(6).root(), LOG)
    for second in (head(4), other, make("c2/neutral", 5, log().root(), LOG)):
        with pytest.raises(CheckpointBroken, match="other_head"):
            merge(head(), second)


@pytest.mark.parametrize("time", [-1, 2**63])
def test_times_that_cannot_be_written_are_refused(time: int) -> None:
    with pytest.raises(CheckpointBroken, match=r"checkpoint\.time"):
        cosign(head(), NORTH, time)


@pytest.mark.parametrize("origin", ["", "c1 neutral", "c1+neutral", "exchange.act/1", "cosignature/v1", "справа"])
def test_a_log_cannot_be_called_so(origin: str) -> None:
    with pytest.raises(CheckpointBroken, match="malformed"):
        make(origin, 5, log().root(), LOG)


ROOT = base64.b64encode(log().root()).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"c1/neutral\n5\n{ROOT}\nextension\n",
        f"c1/neutral\n05\n{ROOT}\n",
        f"c1/neutral\n-5\n{ROOT}\n",
        f"c1/neutral\n5.0\n{ROOT}\n",
        f"c1/neutral\n{2**53}\n{ROOT}\n",
        f"c1/neutral\n{10**30}\n{ROOT}\n",
        f"c1/neutral\n5\n{ROOT[:-2]}\n",
        "c1/neutral\n5\n" + ROOT[:-2] + chr(ord(ROOT[-2]) + 1) + "=\n",
        "c1/neutral\n5\n",
        "\n5\n" + ROOT + "\n",
    ],
)
def test_texts_that_are_no_checkpoint_are_refused(text: str) -> None:
    assert code_of(sign(text, [LOG])) == "checkpoint.malformed"


def test_bytes_that_are_no_note_are_no_checkpoint() -> None:
    assert code_of(b"") == "checkpoint.malformed"
    assert code_of(head_text("c1/neutral", 5, log().root()).encode()) == "checkpoint.malformed"


def test_attack_checkpoint_signed_by_somebody_else() -> None:
    assert code_of(make("c1/neutral", 5, log().root(), NORTH).note) == "checkpoint.not_genuine"
    twin = SigningKey.from_seed("neutral/desk", b"y" * 32)
    assert code_of(make("c1/neutral", 5, log().root(), twin).note) == "checkpoint.not_genuine"
    stripped = parse(cosign(head(), NORTH, NOON).note)
    assert code_of(assemble(stripped.text, stripped.signatures[1:])) == "checkpoint.not_genuine"


def test_attack_root_changed_under_the_signatures() -> None:
    point = cosign(head(), NORTH, NOON)
    forged = point.note.replace(ROOT.encode(), base64.b64encode(log(6).root()))
    assert code_of(forged) == "checkpoint.not_genuine"


def test_attack_stranger_among_the_cosigners() -> None:
    assert code_of(cosign(head(), EAST, NOON).note) == "checkpoint.unknown_cosigner"


def test_attack_plain_signature_passed_off_as_cosignature() -> None:
    text = head_text("c1/neutral", 5, log().root())
    assert code_of(sign(text, [LOG, NORTH])) == "checkpoint.unknown_cosigner"
    plain = NORTH.sign(text.encode())
    key = NORTH.verify_key
    note = parse(head().note)
    line = SignatureLine(key.name, key.cosigner_hash4, NOON.to_bytes(8, "big") + plain)
    assert code_of(assemble(text, [*note.signatures, line])) == "checkpoint.bad_cosignature"
    short = SignatureLine(key.name, key.cosigner_hash4, plain)
    assert code_of(assemble(text, [*note.signatures, short])) == "checkpoint.bad_cosignature"


def test_attack_time_of_a_cosignature_moved() -> None:
    note = parse(cosign(head(), NORTH, NOON).note)
    ours = note.signatures[1]
    moved = replace(ours, signature=(NOON - 3600).to_bytes(8, "big") + ours.signature[8:])
    assert code_of(assemble(note.text, [note.signatures[0], moved])) == "checkpoint.bad_cosignature"
    endless = replace(ours, signature=b"\xff" * 8 + ours.signature[8:])
    assert code_of(assemble(note.text, [note.signatures[0], endless])) == "checkpoint.time"


def test_attack_checkpoint_handed_in_as_an_act() -> None:
    with pytest.raises(EnvelopeBroken, match="version"):
        read_act(head().note)


def test_attack_signature_of_an_act_under_a_checkpoint_and_back() -> None:
    """The first line keeps them apart: bytes of one kind never verify as the other."""
    text = head_text("c1/neutral", 5, log().root())
    cosigned = parse(cosign(head(), NORTH, NOON).note).signatures[1]
    assert not verify(NORTH.verify_key, text.encode(), cosigned.signature[8:])
    act_like = f"cosignature/v1\ntime {NOON}\n{text}"
    with pytest.raises(EnvelopeBroken, match="version"):
        read_act(sign(act_like, [NORTH]))


def test_a_receipt_proves_one_act_alone() -> None:
    tree, point = log(), cosign(head(), NORTH, NOON)
    for index in range(5):
        receipt = read_receipt(make_receipt(index, tree.inclusion(index), point))
        assert (receipt.index, receipt.checkpoint) == (index, point.note)
        held = read(receipt.checkpoint)
        assert verify_receipt(b"act %d" % index, receipt, held)
        assert not verify_receipt(b"act %d" % (index + 1), receipt, held)
        assert not verify_receipt(b"act %d" % index, replace(receipt, index=(index + 1) % 5), held)


def test_a_receipt_of_the_only_act_has_no_path() -> None:
    point = head(1)
    receipt = read_receipt(make_receipt(0, log(1).inclusion(0), point))
    assert receipt.path == ()
    assert verify_receipt(b"act 0", receipt, read(receipt.checkpoint))


def test_a_receipt_beyond_its_checkpoint_is_refused() -> None:
    receipt = read_receipt(make_receipt(5, log().inclusion(4), head()))
    with pytest.raises(CheckpointBroken, match=r"receipt\.index"):
        verify_receipt(b"act 4", receipt, head())


RECEIPT = make_receipt(3, log().inclusion(3), head())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        RECEIPT.replace(b"@v1", b"@v2"),
        RECEIPT.replace(b"index 3", b"index 03"),
        RECEIPT.replace(b"index 3", b"index -3"),
        RECEIPT.replace(b"index 3\n", b""),
        RECEIPT.replace(b"index 3", b"extra YQ==\nindex 3"),
        RECEIPT.replace(b"index 3\n", b"index 3\n!\n"),
        RECEIPT.replace(b"index 3\n", b"index 3\nYQ==\n"),
        RECEIPT.replace(b"index 3\n", b"index 3\n" + ROOT.encode() + b"\n" + (ROOT.encode() + b"\n") * 64),
        RECEIPT.replace(b"index 3", "index \u0663".encode()),
        RECEIPT[: RECEIPT.index(b"\n\n")],
    ],
)
def test_malformed_receipts_are_refused(data: bytes) -> None:
    with pytest.raises(CheckpointBroken, match=r"receipt\.malformed"):
        read_receipt(data)


def test_there_are_2048_different_words_of_five_letters() -> None:
    words = word_list()
    assert len(set(words)) == len(words) == 2048
    assert {len(word) for word in words} == {5}
    assert list(words) == sorted(words)


def test_a_root_is_read_out_as_eight_words() -> None:
    assert root_words(bytes(32)) == (word_list()[0],) * 8
    assert root_words(b"\xff" * 32) == (word_list()[-1],) * 8
    said = root_words(log().root())
    assert words_match([word.upper() + " " for word in said], log().root())
    assert not words_match(said, log(6).root())
    assert not words_match(said[:7], log().root())
    assert not words_match((*said[:7], "hello"), log().root())


def test_each_of_the_first_88_bits_is_heard() -> None:
    root = log().root()
    for bit in range(88):
        changed = bytearray(root)
        changed[bit // 8] ^= 0x80 >> bit % 8
        assert not words_match(root_words(bytes(changed)), root)


def test_a_root_of_another_length_has_no_words() -> None:
    with pytest.raises(CheckpointBroken, match=r"words\.root"):
        root_words(b"short")
