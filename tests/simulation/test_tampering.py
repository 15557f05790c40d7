"""What a courier, a stranger or a careless keeper does to bundles and stores: nobody is accused and nothing is kept for it.

A bundle proves nothing by itself. Whatever was altered on the way must leave a desk as it was, and only what the neutral
itself signed may be held against the neutral.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest

from parley.acts import RaiseItem, RotateKeys
from parley.desk import Desk, DeskBroken, Keys
from parley.record.bundle import Bundle, read, write
from parley.record.envelope import read_act
from parley.record.errors import RecordBroken
from parley.record.keys import SigningKey
from parley.record.note import sign
from parley.store.base import RESTORED, Change
from parley.store.memory import MemoryStore
from parley.words import Broken, ParticipantName, Refusal
from tests.simulation.table import Table, copy_of, terms

A_FILE = b"age-encryption.org/v1\n" + bytes(range(256)) * 64


def kept(desk: Desk) -> tuple[tuple[bytes, ...], bytes | None, Mapping[str, bytes]]:
    return tuple(desk.store.acts()), desk.store.checkpoint(), desk.store.facts()


def other_letter(note: bytes) -> bytes:
    """The same act with a day changed in it; its signatures no longer fit."""
    return note.replace(b'"time":"2025-05-1', b'"time":"2025-05-0', 1)


def altered(data: bytes, place: int) -> bytes:
    bundle = read(data)
    acts = list(bundle.acts)
    acts[place] = other_letter(acts[place])
    return write(replace(bundle, acts=tuple(acts)))


@pytest.mark.parametrize("name", ["north", "neutral"])
def test_a_courier_alters_an_old_act_to_accuse_the_neutral(name: str) -> None:
    table = Table()
    bundle = table["neutral" if name == "north" else "south"].bundle(name)
    before = kept(table[name])
    with pytest.raises(DeskBroken) as told:
        table[name].receive(altered(bundle, 3))
    assert told.value.code == "desk.act_not_genuine"
    assert kept(table[name]) == before, "no evidence of what nobody signed"


def test_a_courier_puts_other_acts_in_the_place_of_new_ones() -> None:
    table = Table()
    table["north"].sign(terms(3, 3))
    other = table["south"]
    other.sign(terms(5, 5))
    table["neutral"].receive(table["north"].bundle("neutral"))
    bundle = read(table["neutral"].bundle("south"))
    swapped = replace(bundle, acts=(*bundle.acts[:-1], other.waiting[0].note))
    before = kept(other)
    with pytest.raises(DeskBroken) as told:
        other.receive(write(swapped))
    assert told.value.code == "desk.no_checkpoint"
    assert kept(other) == before


def test_a_second_lie_does_not_overwrite_the_proof_of_the_first() -> None:
    table = Table()
    lies = []
    for hour in (11, 12):
        second = copy_of(table["neutral"])
        table.now = f"2025-05-16T{hour}:00:00Z"
        second.tick()
        lies.append(second.bundle("north"))
    table.now = "2025-05-16T10:00:00Z"
    table["neutral"].tick()
    table["north"].receive(table["neutral"].bundle("north"))
    for number, lie in enumerate(lies, 1):
        with pytest.raises(DeskBroken) as told:
            table["north"].receive(lie)
        assert told.value.code == "desk.split_view"
        assert len(table["north"].store.facts("evidence/")) == number


def test_a_stranger_fills_the_neutral_s_disk() -> None:
    table = Table()
    north, neutral = table["north"], table["neutral"]
    north.sign(terms(3, 3))
    digest = sha256(A_FILE).hexdigest()
    note = north.waiting[0].note
    sealed = f'"sealed":[{{"blob":"{digest}","commit":"{"ab" * 32}","size":{len(A_FILE)},"to":["south/lists"]}}]'
    forged = note.replace(b'"sealed":[]', sealed.encode(), 1)
    assert read_act(forged).envelope.sealed
    bundle = read(north.bundle("neutral"))
    received = neutral.receive(write(replace(bundle, waiting=(forged,), blobs=(A_FILE,))))
    assert [one.code for one in received.turned_away] == ["desk.spoiled_signature"]
    assert received.files == 0
    assert neutral.store.blob(digest) is None
    assert not neutral.store.facts("evidence/")


def test_a_malformed_act_in_a_bundle_leaves_its_cosignatures_untaken() -> None:
    table = Table()
    table.now = "2025-05-17T09:00:00Z"
    table["neutral"].tick()
    table["north"].receive(table["neutral"].bundle("north"))
    bundle = read(table["north"].bundle("neutral"))
    before = kept(table["neutral"])
    with pytest.raises(RecordBroken):
        table["neutral"].receive(write(replace(bundle, waiting=(b"exchange.act/1\n{}\n\n",))))
    assert kept(table["neutral"]) == before


def test_a_founding_act_with_a_spoiled_signature_founds_nothing() -> None:
    table = Table()
    note = other_letter(table["neutral"].act_at(0).note)
    fresh = Desk(MemoryStore(), "neutral", table["neutral"].keys, now=table.clock)
    with pytest.raises(DeskBroken) as told:
        fresh.enter_founding(note)
    assert told.value.code == "desk.spoiled_signature"
    assert fresh.size == 0
    assert not fresh.store.facts()


def test_an_act_signed_elsewhere_with_a_stranger_s_key_is_not_kept_as_one_s_own() -> None:
    table = Table()
    north = table["north"]
    roots = tuple(SigningKey.generate(f"north/root-{number}") for number in (4, 5))
    me = north.state.authority.participants[ParticipantName("north")]
    deed = RotateKeys(roots=tuple(one.verify_key.vkey for one in roots), threshold=2, desk_key=me.desk_key)
    fakes = [SigningKey.generate(f"north/root-{number}") for number in (1, 2)]
    with pytest.raises(DeskBroken) as told:
        north.submit(sign(north.text_for(deed), [*fakes, *roots]))
    assert told.value.code == "desk.unknown_signer"
    assert not north.waiting, "it could never be logged, and would block the chain"
    honest = [north.keys.signers[f"north/root-{number}"] for number in (1, 2)]
    assert not isinstance(north.submit(sign(north.text_for(deed), [*honest, *roots])), Refusal)


@pytest.mark.parametrize("name", ["north", "neutral"])
def test_an_answer_to_what_is_not_in_the_log_is_not_signed(name: str) -> None:
    table = Table()
    before = kept(table[name])
    with pytest.raises(DeskBroken) as told:
        table[name].sign(RaiseItem(item="prisoners", title="?"), answers=["ab" * 32])
    assert told.value.code == "desk.answers_unknown"
    assert kept(table[name]) == before


def restored(table: Table, name: str) -> Desk:
    """The desk as an old backup has it, after it went on without this backup for an act."""
    old = copy_of(table[name])
    table.now = "2025-05-17T09:00:00Z"
    table["neutral"].tick()
    table.post()
    old.store.write(Change(start=old.size, facts={RESTORED: str(table[name].size).encode()}))
    return old


def test_a_neutral_restored_from_an_old_backup_signs_no_second_history() -> None:
    table = Table()
    old = restored(table, "neutral")
    table["south"].sign(terms(3, 3))
    waiting = read(table["south"].bundle("neutral"))
    size = old.size
    cut = Bundle(origin=waiting.origin, start=size, stop=size, waiting=waiting.waiting)
    old.receive(write(cut))
    assert old.size == size, "nothing is logged before its own log is back"
    with pytest.raises(DeskBroken):
        old.confirm_restored()
    old.receive(table["south"].bundle("neutral"))
    assert old.ledger.tree.root() == table["neutral"].ledger.tree.root()
    old.confirm_restored()
    table.desks["neutral"] = old
    table.post()
    assert {desk.size for desk in table.desks.values()} == {old.size}
    assert old.three_signed == old.size
    assert not table["south"].waiting


def test_a_restored_desk_is_confirmed_before_it_imported_anything() -> None:
    table = Table()
    old = copy_of(table["north"])
    old.store.write(Change(start=old.size, facts={RESTORED: str(old.size).encode()}))
    with pytest.raises(DeskBroken) as told:
        old.confirm_restored()
    assert told.value.code == "desk.restored"
    old.receive(table["neutral"].bundle("north"))
    old.confirm_restored()
    assert not isinstance(old.sign(terms(5, 5)), Refusal)


@pytest.mark.parametrize("name", ["north", "neutral"])
def test_a_desk_key_is_rotated_and_the_record_goes_on(name: str) -> None:
    table = Table()
    desk = table[name]
    fresh = SigningKey.generate(f"{name}/desk-2")
    me = desk.state.authority.participants[ParticipantName(name)]
    desk.keys.signers[fresh.verify_key.name] = fresh
    deed = RotateKeys(roots=me.roots, threshold=me.threshold, desk_key=fresh.verify_key.vkey)
    assert not isinstance(desk.sign(deed, signers=[f"{name}/root-1", f"{name}/root-2"]), Refusal)
    del desk.keys.signers[f"{name}/desk"]
    table.post()
    table.pass_to("2025-05-17T09:00:00Z")
    assert {one.size for one in table.desks.values()} == {table["neutral"].size}
    assert {one.three_signed for one in table.desks.values()} == {table["neutral"].size}
    again = Desk(desk.store, name, Keys(), now=table.clock)
    assert again.size == desk.size
    point = desk.checkpoint
    assert point is not None
    assert fresh.verify_key.name in point.note.decode()


def test_the_program_is_interrupted_while_a_bundle_is_taken() -> None:
    table = Table()
    table.now = "2025-05-17T09:00:00Z"
    table["neutral"].tick()
    north = table["north"]
    size = north.size
    real, north.store.write = north.store.write, interrupted_write  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        north.receive(table["neutral"].bundle("north"))
    north.store.write = real  # type: ignore[method-assign]
    assert north.size == size == len(list(north.store.acts()))
    north.receive(table["neutral"].bundle("north"))
    assert north.size == table["neutral"].size


def interrupted_write(_change: Change) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["south", "neutral"])
def test_hostile_bundles_are_broken_and_leave_no_trace(name: str) -> None:
    """Bytes flipped, cut, doubled and moved anywhere: a coded answer, and nothing of it is kept."""
    table = Table()
    table["north"].sign(terms(3, 3))
    table["south"].sign(terms(5, 5))
    table["neutral"].receive(table["north"].bundle("neutral"))
    data = (table["neutral"] if name == "south" else table["south"]).bundle(name)
    dice = random.Random(20250516)
    for _ in range(150):
        desk = copy_of(table[name])
        before = kept(desk)
        try:
            desk.receive(mutated(data, dice))
        except Broken:
            assert kept(desk) == before
        assert desk.size == len(list(desk.store.acts()))
        assert not desk.store.facts("evidence/")


def mutated(data: bytes, dice: random.Random) -> bytes:
    place, length = dice.randrange(len(data)), dice.randrange(1, 80)
    kind = dice.randrange(5)
    if kind == 0:
        return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]
    if kind == 1:
        return data[:place]
    if kind == 2:
        return data[:place] + data[place + length :]
    if kind == 3:
        return data[: place + length] + data[place:]
    other = dice.randrange(len(data))
    return data[:place] + data[other : other + length] + data[place + length :]
