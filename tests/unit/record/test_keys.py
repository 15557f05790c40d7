"""Keys have a name, one printable form, and one strict rule for what they signed."""

import pytest

from parley.record.errors import KeyBroken
from parley.record.keys import SMALL_ORDER, SigningKey, VerifyKey, verify

KEY = SigningKey.from_seed("north/officer-7", bytes(range(32)))


def test_a_key_comes_back_from_its_printed_form() -> None:
    printed = KEY.verify_key.vkey
    assert printed.startswith(f"north/officer-7+{KEY.verify_key.hash4.hex()}+A")
    assert VerifyKey.parse(printed) == KEY.verify_key


def test_a_fresh_key_takes_its_seed_from_the_source_it_is_given() -> None:
    assert SigningKey.generate("north/root-1", lambda size: b"\x07" * size) == SigningKey.from_seed(
        "north/root-1", b"\x07" * 32
    )
    assert SigningKey.generate("north/root-1") != SigningKey.generate("north/root-1")


def test_a_seed_is_never_shown() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


def test_one_key_has_another_check_number_as_cosigner() -> None:
    assert KEY.verify_key.hash4 != KEY.verify_key.cosigner_hash4


@pytest.mark.parametrize(
    "name", ["", "North", "north officer", "north+1", "північ", "a" * 65, "north\n", "north/officer-7\n"]
)
def test_names_outside_the_form_are_refused(name: str) -> None:
    with pytest.raises(KeyBroken, match=r"key\.name"):
        VerifyKey(name, KEY.verify_key.raw)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_keys_and_seeds_of_other_lengths_are_refused(size: int) -> None:
    with pytest.raises(KeyBroken, match=r"key\.length"):
        VerifyKey("north/root-1", bytes(size))
    with pytest.raises(KeyBroken, match=r"key\.length"):
        SigningKey.from_seed("north/root-1", bytes(size))
    with pytest.raises(KeyBroken, match=r"key\.length"):
        SigningKey(KEY.verify_key, bytes(size))


def test_a_seed_of_another_key_is_refused() -> None:
    with pytest.raises(KeyBroken, match=r"key\.mismatch"):
        SigningKey(KEY.verify_key, bytes(32))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda vkey: vkey.replace("officer-7", "officer-8"), "key.mismatch"),
        (lambda vkey: vkey.replace("+", " "), "key.malformed"),
        (lambda vkey: vkey.upper(), "key.malformed"),
        (lambda vkey: vkey + "=", "key.malformed"),
        (lambda vkey: vkey[:-1], "key.malformed"),
        (lambda vkey: vkey + "\n", "key.malformed"),
        (lambda vkey: vkey.replace("+A", "+B"), "key.malformed"),
        (lambda vkey: vkey[:-1] + ("A" if vkey[-1] != "A" else "B"), "key.mismatch"),
        (lambda _: "", "key.malformed"),
    ],
)
def test_damaged_printed_keys_are_refused(change: object, code: str) -> None:
    assert callable(change)
    with pytest.raises(KeyBroken) as broken:
        VerifyKey.parse(change(KEY.verify_key.vkey))
    assert broken.value.code == code


def test_a_signature_holds_for_its_bytes_and_its_key_only() -> None:
    signature = KEY.sign(b"text\n")
    assert verify(KEY.verify_key, b"text\n", signature)
    assert not verify(KEY.verify_key, b"text", signature)
    assert not verify(SigningKey.from_seed("north/officer-7", bytes(32)).verify_key, b"text\n", signature)
    assert not verify(KEY.verify_key, b"text\n", signature[:63])
    assert not verify(KEY.verify_key, b"text\n", signature + b"\0")
    assert not verify(KEY.verify_key, b"", b"")


def test_attack_signature_with_a_small_order_r() -> None:
    signature = KEY.sign(b"text\n")
    for encoding in SMALL_ORDER:
        assert not verify(KEY.verify_key, b"text\n", encoding + signature[32:])


def test_attack_signature_with_the_group_order_added_to_s() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = KEY.sign(b"text\n")
    twin = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not verify(KEY.verify_key, b"text\n", signature[:32] + twin)
