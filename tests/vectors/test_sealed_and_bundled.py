"""The project's own vectors of bundles, commitments and sealed files, as another implementation would run them."""

import io
from hashlib import sha256
from pathlib import Path

import pytest

from parley.record.bundle import Record, read_stream
from parley.record.commitment import commit_rows, unpack_row_proof, unpack_rows, verify_row
from parley.record.errors import CODES, BundleBroken, CommitmentBroken, KeyBroken, SealBroken
from parley.record.keyfile import unlock, unpack_keys
from parley.record.seal import Identity, unseal_padded
from tests.vectors.renew_sealed_and_bundled import renew
from tests.vectors.vectorfile import SPEC, Vector, read_vectors

BUNDLES = read_vectors(SPEC / "bundle")
COMMITMENTS = read_vectors(SPEC / "commitment")
SEALED = read_vectors(SPEC / "seal")


def named(vector: Vector) -> str:
    return vector.name


def line_of(record: Record) -> str:
    place = "-" if record.position is None else record.position
    return f"{record.kind} {place} {record.at} {sha256(record.data).hexdigest()}"


@pytest.mark.parametrize("vector", BUNDLES, ids=named)
def test_bundle(vector: Vector) -> None:
    if vector.expect != "ok":
        with pytest.raises(BundleBroken) as broken:
            list(read_stream(io.BytesIO(vector.body)))
        assert (broken.value.code, broken.value.facts["at"]) == (vector.expect, int(vector.one("at")))
        return
    reader = read_stream(io.BytesIO(vector.body))
    assert [reader.origin, str(reader.start), str(reader.stop)] == [vector.one(f) for f in ("origin", "start", "stop")]
    assert [line_of(record) for record in reader] == vector.every("record")


def said_of(vector: Vector) -> str:
    try:
        if vector.one("body") == "rows":
            return "ok" if commit_rows(unpack_rows(vector.body)).root == vector.one("root") else "false"
        return "ok" if verify_row(vector.one("root"), unpack_row_proof(vector.body)) else "false"
    except CommitmentBroken as broken:
        return broken.code


@pytest.mark.parametrize("vector", COMMITMENTS, ids=named)
def test_commitment(vector: Vector) -> None:
    assert said_of(vector) == vector.expect


def opened(vector: Vector) -> str:
    try:
        if vector.one("body") == "keyfile":
            content = unlock(vector.body, vector.one("passphrase"))
            assert len(unpack_keys(content).signing) == 2
        else:
            content = unseal_padded(vector.body, [Identity.parse(text) for text in vector.every("identity")])
    except (SealBroken, KeyBroken) as broken:
        return broken.code
    return "ok" if sha256(content).hexdigest() == vector.one("content") else "other content"


@pytest.mark.parametrize("vector", SEALED, ids=named)
def test_sealed_file(vector: Vector) -> None:
    assert opened(vector) == vector.expect


def test_every_expected_answer_is_a_code_we_know() -> None:
    answers = {vector.expect for vector in [*BUNDLES, *COMMITMENTS, *SEALED]}
    assert answers - {"ok", "false"} <= CODES.keys()
    assert {code for code in CODES if code.startswith("bundle.")} <= answers


def test_the_vectors_are_what_the_named_command_writes(tmp_path: Path) -> None:
    for name in ("hybrid", "hybrid_wrong_key"):
        (tmp_path / "seal").mkdir(exist_ok=True)
        (tmp_path / "seal" / name).write_bytes(b"made once and kept")
    renew(tmp_path)
    for group in ("bundle", "commitment", "seal"):
        for written in (tmp_path / group).iterdir():
            kept = (SPEC / group / written.name).read_bytes()
            assert written.read_bytes() in (kept, b"made once and kept"), written.name
