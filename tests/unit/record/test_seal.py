"""Sealed files: who can open them, what their length tells, and attacks on both."""

import hmac
import random
from collections.abc import Iterator

import pytest

from parley.record import bech32
from parley.record.agefile import Stanza, assemble, hkdf, open_payload, read_header
from parley.record.errors import CODES, RecordBroken, SealBroken
from parley.record.seal import (
    LARGEST_CLASS,
    MOST_BLOB,
    SMALLEST_CLASS,
    Identity,
    Recipient,
    _stanza,
    generate_identity,
    pad,
    reveal_file_key,
    seal,
    seal_padded,
    size_class,
    unpad,
    unseal,
    unseal_padded,
    unseal_with_file_key,
)

THE_SAME = generate_identity(False, bytes)
"""Identities that are the same in every process: the tests of several processes must have the same names."""
THE_SAME_HYBRID = generate_identity(True, bytes)
KINDS = pytest.mark.parametrize("hybrid", [True, False], ids=["hybrid", "x25519"])
SMALL_ORDER_U = (
    bytes(32),
    (1).to_bytes(32, "little"),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    (2**255 - 20).to_bytes(32, "little"),
    (2**255 - 19).to_bytes(32, "little"),
    (2**255 - 18).to_bytes(32, "little"),
)


def bytes_of(seed: int) -> Iterator[bytes]:
    source = random.Random(seed)
    while True:
        yield source.randbytes(32)


def code(broken: pytest.ExceptionInfo[RecordBroken]) -> str:
    assert broken.value.code in CODES
    return broken.value.code


@KINDS
def test_each_reader_opens_the_file_alone_and_nobody_else_does(hybrid: bool) -> None:
    readers = [generate_identity(hybrid) for _ in range(3)]
    blob = seal(b"N1 and N2", [reader.recipient for reader in readers])
    for reader in readers:
        assert unseal(blob, [reader]) == b"N1 and N2"
    with pytest.raises(SealBroken) as broken:
        unseal(blob, [generate_identity(True), generate_identity(False)])
    assert code(broken) == "seal.wrong_key"


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072])
def test_content_of_any_length_around_a_chunk_comes_back(size: int) -> None:
    reader = generate_identity(hybrid=False)
    data = random.Random(size).randbytes(size)
    assert unseal(seal(data, [reader.recipient]), [reader]) == data


def test_keys_are_hybrid_unless_another_kind_is_asked_for() -> None:
    reader = generate_identity()
    assert reader.recipient.text.startswith("age1pq1")
    assert reader.text.startswith("AGE-SECRET-KEY-PQ-1")
    assert generate_identity(hybrid=False).recipient.text.startswith("age1")


@KINDS
def test_an_identity_comes_back_from_its_text(hybrid: bool) -> None:
    reader = generate_identity(hybrid)
    assert Identity.parse(reader.text) == reader
    assert Recipient(str(reader.recipient)) == reader.recipient


@KINDS
def test_a_private_key_is_not_shown_by_printing_it(hybrid: bool) -> None:
    reader = generate_identity(hybrid)
    shown = f"{reader} {reader!r}"
    assert reader.text not in shown
    assert reader.secret.hex() not in shown
    assert repr(reader.secret) not in shown


def test_a_file_is_not_sealed_to_a_strong_and_a_weak_key_together() -> None:
    with pytest.raises(SealBroken) as broken:
        seal(b"", [generate_identity(True).recipient, generate_identity(False).recipient])
    assert code(broken) == "seal.mixed_recipients"


def test_a_file_is_sealed_to_somebody_and_not_to_everybody() -> None:
    with pytest.raises(SealBroken) as broken:
        seal(b"", [])
    assert code(broken) == "seal.no_recipient"
    with pytest.raises(SealBroken) as broken:
        seal(b"", [generate_identity(False).recipient] * 33)
    assert code(broken) == "seal.too_many_recipients"


def test_thirty_two_hybrid_readers_still_fit_the_header() -> None:
    reader = generate_identity()
    blob = seal(b"x", [generate_identity().recipient, *[reader.recipient] * 31])
    assert unseal(blob, [reader]) == b"x"


def test_more_than_the_largest_class_is_not_sealed() -> None:
    with pytest.raises(SealBroken) as broken:
        seal(bytes(LARGEST_CLASS + 1), [generate_identity(False).recipient])
    assert code(broken) == "seal.too_large"


def test_a_file_beyond_the_cap_is_not_even_looked_at() -> None:
    with pytest.raises(SealBroken) as broken:
        unseal(bytes(MOST_BLOB + 1), [generate_identity(False)])
    assert code(broken) == "seal.too_large"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1",
        "age",
        "age1qqqqqq",
        THE_SAME.text,
        THE_SAME.recipient.text.upper(),
        THE_SAME.recipient.text[:-1] + "?",
        THE_SAME_HYBRID.recipient.text.replace("age1pq1", "age1"),
        bech32.encode("age", b"\x09" * 31),
        bech32.encode("age", b"\x09" * 33),
        bech32.encode("bge", b"\x09" * 32),
        bech32.encode("age1pq", bytes(1184) + b"\x09" * 31),
        bech32.encode("age1pq", b"\xff" * 1184 + b"\x09" * 32),
        "age1" + "q" * 5000,
        "äge1qqqqqq",
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(SealBroken) as broken:
        Recipient(text)
    assert code(broken) == "seal.recipient"


@pytest.mark.parametrize("point", SMALL_ORDER_U, ids=lambda point: point.hex()[:8])
def test_attack_public_key_to_which_everybody_knows_the_secret(point: bytes) -> None:
    with pytest.raises(SealBroken):
        Recipient(bech32.encode("age", point))
    with pytest.raises(SealBroken):
        Recipient(bech32.encode("age1pq", generate_identity().recipient.raw[:1184] + point))


@pytest.mark.parametrize(
    "text",
    [
        "",
        THE_SAME.recipient.text,
        THE_SAME.text.lower(),
        THE_SAME_HYBRID.text[:-1] + "Q",
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-pq-", bytes(64)).upper(),
    ],
)
def test_what_is_no_private_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(SealBroken) as broken:
        Identity.parse(text)
    assert code(broken) == "seal.identity"
    assert broken.value.facts == {}


def test_bech32_has_one_text_for_one_key_and_notices_each_changed_letter() -> None:
    text = generate_identity(False).recipient.text
    for place in range(len(text)):
        for letter in "qp1z":
            if text[place] != letter:
                assert bech32.decode(text[:place] + letter + text[place + 1 :]) is None


def test_bech32_examples_of_bip_173() -> None:
    assert bech32.decode("A12UEL5L") == ("a", b"")
    assert bech32.decode("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w") is not None
    assert bech32.decode("split1checkupstagehandshakeupstreamerranterredcaperred2y9e2w") is None
    assert bech32.decode("A1g7sgd8") is None


@KINDS
def test_attack_every_byte_of_a_sealed_file_flipped(hybrid: bool) -> None:
    reader = generate_identity(hybrid)
    data = b"the list as it was handed in"
    blob = seal(data, [reader.recipient])
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(SealBroken) as broken:
            unseal(bytes(changed), [reader])
        assert code(broken) in {"seal.malformed", "seal.wrong_key", "seal.torn"}


def test_attack_file_cut_short_at_every_byte() -> None:
    reader = generate_identity(False)
    blob = seal(b"x" * 50, [reader.recipient])
    for end in range(len(blob)):
        with pytest.raises(SealBroken):
            unseal(blob[:end], [reader])


def test_attack_chunks_of_a_long_file_dropped_doubled_or_swapped() -> None:
    reader = generate_identity(False)
    blob = seal(random.Random(1).randbytes(3 * 65536), [reader.recipient])
    head = read_header(blob).length + 16
    size = 65536 + 16
    one, two, three = (blob[head + size * n : head + size * (n + 1)] for n in range(3))
    for chunks in ([one, two], [one, three], [two, one, three], [one, two, three, three], [three], []):
        with pytest.raises(SealBroken) as broken:
            unseal(blob[:head] + b"".join(chunks), [reader])
        assert code(broken) == "seal.torn"


def test_attack_two_readers_are_given_two_different_file_keys() -> None:
    """One file must not open to two lists: the seal over the header holds under one file key only."""
    honest, victim = generate_identity(False), generate_identity(False)
    draw = bytes_of(7)
    keys = (b"A" * 16, b"B" * 16)
    stanzas = [
        _stanza(reader.recipient, key, lambda _: next(draw)) for reader, key in zip((honest, victim), keys, strict=True)
    ]
    blob = assemble(stanzas, b"list for one", file_key=keys[0], nonce=bytes(16))
    assert unseal(blob, [honest]) == b"list for one"
    with pytest.raises(SealBroken) as broken:
        unseal(blob, [victim])
    assert code(broken) == "seal.torn"
    assert broken.value.facts == {"at": "header"}


def test_attack_reader_taken_out_of_the_header() -> None:
    readers = [generate_identity(False), generate_identity(False)]
    blob = seal(b"x", [reader.recipient for reader in readers])
    header = read_header(blob)
    key = reveal_file_key(blob, readers)
    shorter = assemble(header.stanzas[:1], b"x", file_key=key, nonce=bytes(16))
    stolen = shorter[: read_header(shorter).length - 44] + blob[header.length - 44 :]
    with pytest.raises(SealBroken) as broken:
        unseal(stolen, readers)
    assert code(broken) == "seal.torn"


def test_in_a_dispute_the_neutral_opens_the_file_with_its_key_alone() -> None:
    reader = generate_identity()
    blob = seal_padded(b"exchange.rows/1\n", [reader.recipient])
    key = reveal_file_key(blob, [reader])
    assert unpad(unseal_with_file_key(blob, key)) == b"exchange.rows/1\n"
    with pytest.raises(SealBroken) as broken:
        unseal_with_file_key(blob, bytes(16))
    assert code(broken) == "seal.torn"
    with pytest.raises(SealBroken) as broken:
        unseal_with_file_key(blob, bytes(15))
    assert code(broken) == "seal.malformed"


def test_attack_passphrase_stanza_beside_a_reader() -> None:
    reader = generate_identity(False)
    blob = seal(b"x", [reader.recipient])
    key = reveal_file_key(blob, [reader])
    beside = Stanza(("scrypt", "A" * 22, "10"), bytes(32))
    mixed = assemble([*read_header(blob).stanzas, beside], b"x", file_key=key, nonce=bytes(16))
    with pytest.raises(SealBroken) as broken:
        unseal(mixed, [reader])
    assert code(broken) == "seal.malformed"


def test_attack_header_of_endless_stanzas() -> None:
    blob = b"age-encryption.org/v1\n" + b"-> x\n\n" * 40
    with pytest.raises(SealBroken) as broken:
        read_header(blob)
    assert code(broken) == "seal.too_many_recipients"
    with pytest.raises(SealBroken) as broken:
        read_header(b"age-encryption.org/v1\n" + b"-> x\n" + b"A" * 64 + (b"\n" + b"A" * 64) * 2000)
    assert code(broken) == "seal.malformed"


def test_a_stanza_whose_body_fills_its_last_line_ends_in_an_empty_one() -> None:
    stanza = Stanza(("grease", "x"), bytes(48))
    assert stanza.encode() == b"-> grease x\n" + b"A" * 64 + b"\n\n"
    blob = assemble([stanza], b"x", file_key=b"k" * 16, nonce=bytes(16))
    header = read_header(blob)
    assert header.stanzas == (stanza,)
    assert open_payload(header, blob, b"k" * 16) == b"x"


def test_the_mac_covers_the_header_up_to_the_three_hyphens() -> None:
    blob = assemble([Stanza(("x",), b"")], b"", file_key=b"k" * 16, nonce=bytes(16))
    header = read_header(blob)
    assert header.signed == b"age-encryption.org/v1\n-> x\n\n---"
    assert header.mac == hmac.digest(hkdf(b"k" * 16, salt=b"", info=b"header"), header.signed, "sha256")


def test_the_same_draws_give_the_same_file_for_x25519_readers() -> None:
    reader = generate_identity(False, lambda n: bytes(range(n)))
    draws = [bytes_of(3), bytes_of(3)]
    one, two = (seal(b"x", [reader.recipient], lambda n, draw=draw: next(draw)[:n]) for draw in draws)  # type: ignore[misc]
    assert one == two


@pytest.mark.parametrize(
    ("length", "size"),
    [
        (0, 4096),
        (4095, 4096),
        (4096, 8192),
        (8191, 8192),
        (100_000, 131_072),
        (LARGEST_CLASS // 2, LARGEST_CLASS),
        (LARGEST_CLASS - 1, LARGEST_CLASS),
    ],
)
def test_padded_sizes_are_powers_of_two_with_room_for_the_mark(length: int, size: int) -> None:
    assert size_class(length) == size


def test_too_much_for_the_largest_class_is_refused() -> None:
    with pytest.raises(SealBroken) as broken:
        size_class(LARGEST_CLASS)
    assert code(broken) == "seal.too_large"


def test_lists_of_like_size_cannot_be_told_apart_by_their_length() -> None:
    reader = generate_identity().recipient
    lengths = {len(seal_padded(bytes(size), [reader])) for size in (0, 1, 500, SMALLEST_CLASS - 1)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\x80",
        bytes(4096),
        b"x" * 4096,
        b"x\x80" + bytes(4093),
        b"x\x80" + bytes(4095),
        b"x\x81" + bytes(4094),
        pad(b"x") + bytes(4096),
        b"x\x80" + bytes(4093) + b"\x01",
    ],
)
def test_attack_padding_that_this_program_would_not_write(padded: bytes) -> None:
    with pytest.raises(SealBroken) as broken:
        unpad(padded)
    assert code(broken) == "seal.padding"


def test_content_may_itself_end_in_the_mark_and_zeros() -> None:
    for data in (b"\x80", b"\x80\x00", bytes(10), b"x\x80" + bytes(4094)):
        assert unpad(pad(data)) == data


def test_an_unpadded_file_is_refused_where_an_attachment_is_expected() -> None:
    reader = generate_identity(False)
    with pytest.raises(SealBroken) as broken:
        unseal_padded(seal(b"exchange.rows/1\n", [reader.recipient]), [reader])
    assert code(broken) == "seal.padding"
