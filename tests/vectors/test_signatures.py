"""Ed25519 against the public vectors, and two libraries against each other under the house's strict rule."""

import base64
import json
from collections import Counter
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from parley.record.errors import KeyBroken
from parley.record.keys import ED25519, SMALL_ORDER, SigningKey, VerifyKey, key_hash, verify


def ours(key: bytes, message: bytes, signature: bytes) -> bool:
    """What the record room says; a key it refuses can sign nothing."""
    try:
        return verify(VerifyKey("north/officer-7", key), message, signature)
    except KeyBroken:
        return False


def theirs(key: bytes, message: bytes, signature: bytes) -> bool:
    """What another library says once the 14 encodings are refused: the whole of our rule, in its words."""
    if key in SMALL_ORDER or signature[:32] in SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_there_are_fourteen_small_order_encodings_and_no_key_may_be_one() -> None:
    assert len(SMALL_ORDER) == 14
    for raw in SMALL_ORDER:
        with pytest.raises(KeyBroken, match="small_order"):
            VerifyKey("north/root-1", raw)


def test_cctv_edge_cases_are_judged_alike_by_both_libraries(shared: Path) -> None:
    vectors = json.loads((shared / "vectors" / "cctv_ed25519" / "ed25519vectors.json").read_bytes())
    counted: Counter[tuple[bool, bool]] = Counter()
    for vector in vectors:
        told = bytes.fromhex(vector["key"]), vector["msg"].encode(), bytes.fromhex(vector["sig"])
        counted[ours(*told), theirs(*told)] += 1
    assert counted == {(True, True): 43, (False, False): 871}


def test_wycheproof(shared: Path) -> None:
    groups = json.loads((shared / "vectors" / "wycheproof" / "ed25519_test.json").read_bytes())["testGroups"]
    count = 0
    for group in groups:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            told = key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            assert ours(*told) == theirs(*told) == (case["result"] == "valid"), case["tcId"]
            count += 1
    assert count == 151


def test_rfc_8032_sign_input(shared: Path) -> None:
    lines = (shared / "vectors" / "rfc8032" / "sign.input").read_text().split("\n")
    count = 0
    for line in filter(None, lines):
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        key = SigningKey.from_seed("north/officer-7", secret[:32])
        assert key.verify_key.raw == public
        assert key.sign(message) == signed[:64]
        assert ours(public, message, signed[:64])
        assert not ours(public, message + b"!", signed[:64])
        count += 1
    assert count == 1024


def test_a_signed_note_of_another_program_holds() -> None:
    """The example of Go's sumdb/note documentation; only its key's name, with capitals, would be refused here."""
    raw = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert key_hash("PeterNeumann", ED25519, raw) == line[:4] == bytes.fromhex("c74f20a3")
    assert ours(raw, text, line[4:])
