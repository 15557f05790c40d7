"""Key files: a passphrase opens them, nothing else does, and what is dropped from them is gone."""

import unicodedata

import pytest

from parley.record.agefile import Stanza, assemble, read_header
from parley.record.errors import CODES, KeyBroken, RecordBroken
from parley.record.keyfile import MOST_BYTES, KeyRing, RoomIdentity, lock, pack_keys, unlock, unpack_keys
from parley.record.keys import SigningKey
from parley.record.seal import generate_identity, seal

QUICK = 4
"""A work factor for tests; a real file uses 15."""


def code(broken: pytest.ExceptionInfo[RecordBroken]) -> str:
    assert broken.value.code in CODES
    return broken.value.code


def ring() -> KeyRing:
    return KeyRing(
        (SigningKey.generate("north/officer-7"), SigningKey.generate("north/desk")),
        (
            RoomIdentity("north/lists", generate_identity()),
            RoomIdentity("north/lists", generate_identity()),
            RoomIdentity("north/papers", generate_identity(hybrid=False)),
        ),
    )


def test_the_passphrase_opens_what_it_locked() -> None:
    assert unlock(lock(b"keys", "four plain words here", QUICK), "four plain words here") == b"keys"


def test_the_usual_work_factor_is_fifteen() -> None:
    assert read_header(lock(b"", "words")).stanzas[0].arguments[2] == "15"


def test_another_passphrase_does_not() -> None:
    with pytest.raises(KeyBroken) as broken:
        unlock(lock(b"keys", "right", QUICK), "wrong")
    assert code(broken) == "keyfile.wrong_passphrase"


def test_a_passphrase_typed_on_another_keyboard_is_the_same() -> None:
    composed = "майже й зовсім"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert unlock(lock(b"keys", apart, QUICK), composed) == b"keys"


def test_an_empty_passphrase_is_refused_both_ways() -> None:
    with pytest.raises(KeyBroken) as broken:
        lock(b"", "", QUICK)
    assert code(broken) == "keyfile.passphrase_empty"
    with pytest.raises(KeyBroken) as broken:
        unlock(b"", "")
    assert code(broken) == "keyfile.passphrase_empty"


def test_half_a_character_from_a_terminal_is_an_answer_not_a_crash() -> None:
    with pytest.raises(KeyBroken) as broken:
        unlock(lock(b"keys", "right", QUICK), "\udcff")
    assert code(broken) == "keyfile.wrong_passphrase"


@pytest.mark.parametrize("factor", [-1, 0, 21, 64])
def test_a_work_factor_outside_the_limits_is_refused_when_locking(factor: int) -> None:
    with pytest.raises(KeyBroken) as broken:
        lock(b"", "words", factor)
    assert code(broken) == "keyfile.work_factor"


@pytest.mark.parametrize("factor", ["21", "23", "63", "99"])
def test_attack_key_file_that_would_stop_the_machine(factor: str) -> None:
    blob = assemble([Stanza(("scrypt", "A" * 22, factor), bytes(32))], b"", file_key=bytes(16), nonce=bytes(16))
    with pytest.raises(KeyBroken) as broken:
        unlock(blob, "words")
    assert code(broken) == "keyfile.work_factor"


@pytest.mark.parametrize("arguments", [("scrypt",), ("scrypt", "A" * 22), ("scrypt", "A" * 22, "04"), ("x", "y", "4")])
def test_a_stanza_that_is_not_in_its_form_is_refused(arguments: tuple[str, ...]) -> None:
    blob = assemble([Stanza(arguments, bytes(32))], b"", file_key=bytes(16), nonce=bytes(16))
    with pytest.raises(KeyBroken) as broken:
        unlock(blob, "words")
    assert code(broken) == "keyfile.malformed"


def test_a_file_sealed_to_a_reader_is_no_key_file() -> None:
    with pytest.raises(KeyBroken) as broken:
        unlock(seal(b"", [generate_identity(hybrid=False).recipient]), "words")
    assert code(broken) == "keyfile.malformed"


def test_a_huge_file_is_no_key_file() -> None:
    with pytest.raises(KeyBroken) as broken:
        unlock(bytes(MOST_BYTES + 1), "words")
    assert code(broken) == "keyfile.malformed"


def test_attack_every_byte_of_a_key_file_flipped() -> None:
    blob = lock(b"keys", "words", 1)
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(KeyBroken) as broken:
            unlock(bytes(changed), "words")
        assert code(broken).startswith("keyfile.")


def test_keys_come_back_from_the_locked_file() -> None:
    keys = ring()
    blob = lock(pack_keys(keys.signing, keys.identities), "words", QUICK)
    assert unpack_keys(unlock(blob, "words")) == keys


def test_the_file_is_one_line_per_key() -> None:
    key = SigningKey.from_seed("north/officer-7", bytes(32))
    identity = RoomIdentity("north/lists", generate_identity(hybrid=True))
    text = pack_keys([key], [identity]).decode()
    assert text == f"PARLEY-KEY north/officer-7 {'A' * 43}=\nPARLEY-AGE north/lists {identity.identity.text}\n"


def test_a_room_keeps_its_old_identity_until_it_is_dropped() -> None:
    keys = ring()
    old, new = keys.of_room("north/lists")
    blob = seal(b"rows", [old.recipient])
    left = keys.without(old.recipient)
    assert left.of_room("north/lists") == (new,)
    assert left.signing == keys.signing
    assert old.text.encode() not in pack_keys(left.signing, left.identities)
    assert seal(b"rows", [new.recipient]) != blob


def test_two_signing_keys_of_one_name_are_refused() -> None:
    with pytest.raises(KeyBroken) as broken:
        pack_keys([SigningKey.generate("north/desk"), SigningKey.generate("north/desk")])
    assert code(broken) == "keyfile.duplicate"
    identity = RoomIdentity("north/lists", generate_identity())
    with pytest.raises(KeyBroken) as broken:
        KeyRing((), (identity, identity))
    assert code(broken) == "keyfile.duplicate"


GOOD = pack_keys([SigningKey.from_seed("north/desk", bytes(32))])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"# comment",
        b"PARLEY-KEY north/desk",
        b"PARLEY-KEY north/desk AAAA",
        b"PARLEY-KEY north/desk " + b"A" * 43,
        b"PARLEY-KEY north/desk " + b"A" * 42 + b"B=",
        b"PARLEY-KEY north/desk " + b"?" * 44,
        b"PARLEY-KEY  " + b"A" * 43 + b"=",
        b"PARLEY-KEY North " + b"A" * 43 + b"=",
        b"PARLEY-KEY north/desk " + b"A" * 43 + b"= ",
        b"PARLEY-AGE north/lists AGE-SECRET-KEY-1QQQQ",
        b"PARLEY-AGE north/lists " + generate_identity(True, bytes).text.lower().encode(),
        b"PARLEY-AGE nor?h " + generate_identity(True, bytes).text.encode(),
        b"parley-key north/desk " + b"A" * 43 + b"=",
        b"PARLEY-KEY north/d\xc3\xa9sk " + b"A" * 43 + b"=",
        b"PARLEY-KEY north/d\xffsk " + b"A" * 43 + b"=",
    ],
)
def test_a_line_that_is_no_key_is_named_by_number_and_never_shown(line: bytes) -> None:
    other = pack_keys([SigningKey.generate("north/officer-7")])
    with pytest.raises(KeyBroken) as broken:
        unpack_keys(other + line + b"\n")
    assert code(broken) == "keyfile.line"
    assert broken.value.facts == {"line": 2}


def test_a_file_cut_in_the_middle_of_its_last_line_is_refused() -> None:
    with pytest.raises(KeyBroken) as broken:
        unpack_keys(GOOD[:-1])
    assert code(broken) == "keyfile.line"
    assert unpack_keys(b"") == KeyRing()
