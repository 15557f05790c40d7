"""The project's own vectors of lines, notes, acts, checkpoints, receipts and words, as another implementation would."""

import pytest

from parley.record.canonical import encode, parse
from parley.record.checkpoint import (
    read_checkpoint,
    read_receipt,
    root_words,
    verify_receipt,
    word_list,
    words_match,
)
from parley.record.envelope import read_act
from parley.record.errors import CODES, RecordBroken
from parley.record.keys import VerifyKey
from parley.record.log import leaf_hash
from parley.record.note import parse as parse_note
from parley.record.verdict import check_signatures
from tests.vectors.renew_record import renew
from tests.vectors.vectorfile import SPEC, Vector, read_vectors

VECTORS = read_vectors(SPEC / "record")


def outcome(vector: Vector) -> str:
    """What the record room says of the body: ok, false or the code of what is broken."""
    try:
        return "ok" if READERS[vector.name.split("_")[0]](vector) else "false"
    except RecordBroken as broken:
        return broken.code


def canonical(vector: Vector) -> bool:
    return encode(parse(vector.body)) == vector.body


def note(vector: Vector) -> bool:
    return [line.name for line in parse_note(vector.body).signatures] == vector.every("signer")


def act(vector: Vector) -> bool:
    found = read_act(vector.body)
    keys = [VerifyKey.parse(vkey) for vkey in vector.every("key")]
    verdict = check_signatures(found, {(key.name, key.hash4): key for key in keys})
    return (
        found.id == vector.one("id")
        and verdict.signed == set(vector.every("signed"))
        and list(verdict.unknown) == vector.every("unknown")
        and list(verdict.spoiled) == vector.every("spoiled")
    )


def checkpoint(vector: Vector) -> bool:
    witnesses = [VerifyKey.parse(vkey) for vkey in vector.every("witness")]
    found = read_checkpoint(vector.body, VerifyKey.parse(vector.one("log")), witnesses)
    assert [found.origin, str(found.size), found.root.hex()] == [vector.one(f) for f in ("origin", "size", "root")]
    return found.cosigners == set(vector.every("cosigner"))


def receipt(vector: Vector) -> bool:
    found = read_receipt(vector.body)
    witnesses = [VerifyKey.parse(vkey) for vkey in vector.every("witness")]
    point = read_checkpoint(found.checkpoint, VerifyKey.parse(vector.one("log")), witnesses)
    entry = vector.one("entry").encode()
    assert leaf_hash(entry).hex() == vector.one("leaf")
    return verify_receipt(entry, found, point)


def words(vector: Vector) -> bool:
    if vector.name == "words_list":
        return vector.body.decode().split() == list(word_list())
    root, spoken = bytes.fromhex(vector.one("root")), vector.body.decode().split()
    return list(root_words(root)) == spoken and words_match(spoken, root)


READERS = {
    "canonical": canonical,
    "note": note,
    "act": act,
    "checkpoint": checkpoint,
    "receipt": receipt,
    "words": words,
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    assert outcome(vector) == vector.expect


def test_the_files_are_those_that_the_module_writes() -> None:
    made = renew()
    assert {path.name: path.read_bytes() for path in (SPEC / "record").iterdir()} == {
        path.name: data for path, data in made.items()
    }


def test_every_vector_expects_ok_false_or_a_known_code() -> None:
    assert {vector.expect for vector in VECTORS} <= {"ok", "false", *CODES}
