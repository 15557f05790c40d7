"""The age vectors of the Community Cryptography Test Vectors: files that must open, and files that must not."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from parley.record.errors import KeyBroken, SealBroken
from parley.record.keyfile import unlock
from parley.record.seal import Identity, reveal_file_key, unseal, unseal_with_file_key
from tests.vectors.vectorfile import Vector, read_vectors

SEALED = {
    "success": {"ok"},
    "header failure": {"seal.malformed"},
    "no match": {"seal.wrong_key"},
    "HMAC failure": {"seal.torn"},
    "payload failure": {"seal.torn"},
}
LOCKED = {
    "success": {"ok"},
    "header failure": {"keyfile.malformed", "keyfile.work_factor"},
    # A header without a scrypt stanza is no locked key file at all: the passphrase is not what is wrong.
    "no match": {"keyfile.wrong_passphrase", "keyfile.malformed"},
}


@pytest.fixture(scope="module")
def vectors(shared: Path) -> list[Vector]:
    return read_vectors(shared / "vectors" / "cctv_age" / "testdata")


def outcome(vector: Vector, opening: Callable[[Vector], bytes]) -> str:
    try:
        content = opening(vector)
    except (SealBroken, KeyBroken) as broken:
        return broken.code
    return "ok" if sha256(content).hexdigest() == vector.one("payload") else "other content"


def binary(vectors: list[Vector], field: str) -> list[Vector]:
    """Those not in ASCII armour, which bundles do not carry, and that are to be opened in this way."""
    return [vector for vector in vectors if vector.every(field) and not vector.every("armored")]


def by_identity(vector: Vector) -> bytes:
    return unseal(vector.body, [Identity.parse(text) for text in vector.every("identity")])


def by_passphrase(vector: Vector) -> bytes:
    return unlock(vector.body, vector.every("passphrase")[0])


def test_every_x25519_file_is_opened_or_refused_as_the_vectors_say(vectors: list[Vector]) -> None:
    chosen = [vector for vector in binary(vectors, "identity") if not vector.name.startswith("hybrid")]
    got = {vector.name: (vector.expect, outcome(vector, by_identity)) for vector in chosen}
    assert {name: pair for name, pair in got.items() if pair[1] not in SEALED[pair[0]]} == {}
    assert len(got) == 67


def test_every_hybrid_file_is_opened_or_refused_as_the_vectors_say(vectors: list[Vector]) -> None:
    chosen = [vector for vector in binary(vectors, "identity") if vector.name.startswith("hybrid")]
    got = {vector.name: (vector.expect, outcome(vector, by_identity)) for vector in chosen}
    assert {name: pair for name, pair in got.items() if pair[1] not in SEALED[pair[0]]} == {}
    assert len(got) == 18


def test_every_passphrase_file_is_opened_or_refused_as_the_vectors_say(vectors: list[Vector]) -> None:
    chosen = binary(vectors, "passphrase")
    got = {vector.name: (vector.expect, outcome(vector, by_passphrase)) for vector in chosen}
    assert {name: pair for name, pair in got.items() if pair[1] not in LOCKED[pair[0]]} == {}
    assert got["scrypt_work_factor_23"][1] == "keyfile.work_factor"
    assert got["scrypt_no_match"][1] == "keyfile.wrong_passphrase"
    assert len(got) == 25


def test_a_revealed_file_key_is_the_one_the_vectors_name_and_opens_the_file(vectors: list[Vector]) -> None:
    chosen = [vector for vector in binary(vectors, "identity") if vector.expect == "success"]
    for vector in chosen:
        identities = [Identity.parse(text) for text in vector.every("identity")]
        key = reveal_file_key(vector.body, identities)
        assert key.hex() == vector.one("file key")
        assert sha256(unseal_with_file_key(vector.body, key)).hexdigest() == vector.one("payload")
    assert len(chosen) > 10
