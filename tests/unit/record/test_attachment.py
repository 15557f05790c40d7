"""A sealed list from one side to the other: what arrives is what was promised, or the neutral can see who lied."""

from dataclasses import replace
from hashlib import sha256

import pytest

from parley.record.attachment import attach, erase_from_attachment, judge_attachment, open_attachment
from parley.record.commitment import ErasedRow, Row, commit_rows, pack_rows, salt_rows
from parley.record.errors import CommitmentBroken, SealBroken
from parley.record.keyfile import KeyRing, RoomIdentity, lock, pack_keys, unlock, unpack_keys
from parley.record.seal import generate_identity, reveal_file_key, seal_padded
from parley.words import Digest

SOUTH = generate_identity()
NEUTRAL = generate_identity()
READERS = {"south/lists": SOUTH.recipient, "neutral/lists": NEUTRAL.recipient}
ROWS = salt_rows((f"N{number}", {"name": f"Person {number}"}) for number in range(1, 41))


def test_the_readers_open_the_list_that_the_act_names() -> None:
    sent = attach(ROWS, READERS)
    assert sent.ref.to == ("neutral/lists", "south/lists")
    assert sent.ref.commit == commit_rows(ROWS).root
    assert sent.ref.size == len(sent.blob)
    for reader in (SOUTH, NEUTRAL):
        assert open_attachment(sent.ref, sent.blob, [reader]) == ROWS


def test_nobody_else_does() -> None:
    sent = attach(ROWS, READERS)
    with pytest.raises(SealBroken) as broken:
        open_attachment(sent.ref, sent.blob, [generate_identity()])
    assert broken.value.code == "seal.wrong_key"


def test_the_sealed_file_does_not_tell_forty_lines_from_seventy() -> None:
    more = salt_rows((f"N{number}", {"name": f"Person {number}"}) for number in range(1, 71))
    assert len(attach(ROWS, READERS).blob) == len(attach(more, READERS).blob)


def test_attack_list_substituted_after_its_act_was_logged() -> None:
    sent = attach(ROWS, READERS)
    other = attach(salt_rows([("N1", {"name": "Somebody else"})]), READERS)
    with pytest.raises(SealBroken) as broken:
        open_attachment(sent.ref, other.blob, [SOUTH])
    assert broken.value.code == "seal.other_file"


def test_attack_rows_other_than_those_committed_to() -> None:
    """The reader objects and reveals the file key; the neutral computes the same answer without any private key."""
    promised = commit_rows(ROWS).root
    sent = attach(ROWS[:-1], READERS)
    lying = replace(sent.ref, commit=promised)
    with pytest.raises(CommitmentBroken) as broken:
        open_attachment(lying, sent.blob, [SOUTH])
    assert broken.value.code == "commitment.mismatch"
    with pytest.raises(CommitmentBroken) as judged:
        judge_attachment(lying, sent.blob, reveal_file_key(sent.blob, [SOUTH]))
    assert judged.value.code == "commitment.mismatch"


def test_attack_false_objection_to_an_honest_list() -> None:
    sent = attach(ROWS, READERS)
    assert judge_attachment(sent.ref, sent.blob, reveal_file_key(sent.blob, [SOUTH])) == ROWS
    with pytest.raises(SealBroken) as broken:
        judge_attachment(sent.ref, sent.blob, bytes(16))
    assert broken.value.code == "seal.torn"


def test_attack_file_that_is_not_rows_at_all() -> None:
    blob = seal_padded(b"nothing of the kind", [SOUTH.recipient])
    sent = attach(ROWS, READERS)
    lying = replace(sent.ref, blob=Digest(sha256(blob).hexdigest()), size=len(blob))
    with pytest.raises(CommitmentBroken) as broken:
        open_attachment(lying, blob, [SOUTH])
    assert broken.value.code == "commitment.header"


def test_a_person_is_erased_without_breaking_the_record() -> None:
    """Re-seal the rest to a fresh key, drop the old one: the act still stands, every old copy is noise."""
    sent = attach(ROWS, READERS)
    fresh = generate_identity()
    ring = KeyRing((), (RoomIdentity("south/lists", SOUTH),))
    again = erase_from_attachment(ROWS, ["N7"], {"south/lists": fresh.recipient})
    ring = KeyRing((), (*ring.without(SOUTH.recipient).identities, RoomIdentity("south/lists", fresh)))
    stored = lock(pack_keys(ring.signing, ring.identities), "words", 1)
    kept = unpack_keys(unlock(stored, "words")).of_room("south/lists")

    assert again.ref.commit == sent.ref.commit
    rows = open_attachment(again.ref, again.blob, kept)
    assert [row.line for row in rows if isinstance(row, ErasedRow)] == ["N7"]
    assert [row for row in rows if isinstance(row, Row)] == [row for row in ROWS if row.line != "N7"]
    assert b"Person 7" not in pack_rows(rows)
    with pytest.raises(SealBroken) as broken:
        open_attachment(sent.ref, sent.blob, kept)
    assert broken.value.code == "seal.wrong_key"
