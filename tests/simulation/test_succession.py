"""A neutral fails in mid-case, and another goes on from the last checkpoint that every party has cosigned."""

import pytest

from parley.acts import SucceedNeutral
from parley.desk import Desk, DeskBroken
from parley.desk.table import Seat, enrol, fresh_keys, post
from parley.record.envelope import read_act
from parley.record.note import sign
from parley.store.memory import MemoryStore
from parley.words import Digest, ParticipantName, Refusal
from tests.simulation.table import Table, terms


def succession(table: Table, successor: Desk) -> SucceedNeutral:
    point = table["north"].checkpoint
    assert point is not None
    return SucceedNeutral(
        size=point.size,
        root=Digest(point.root.hex()),
        origin="envoy/log",
        neutral=enrol(Seat("envoy", "neutral", "V"), successor.keys),
    )


def signed_by_both(table: Table, deed: SucceedNeutral) -> bytes:
    """North's desk writes the act; the root keys of both parties sign it at one table."""
    text = table["north"].text_for(deed)
    roots = [table[name].keys.signers[f"{name}/root-{number}"] for name in ("north", "south") for number in (1, 2)]
    return sign(text, roots)


def envoy(table: Table) -> Desk:
    return Desk(MemoryStore(), "envoy", fresh_keys("envoy"), now=table.clock)


def test_another_neutral_goes_on_with_the_log() -> None:
    table = Table()
    new = envoy(table)
    new.receive(table["north"].bundle(None))
    note = signed_by_both(table, succession(table, new))
    assert not isinstance(table["north"].submit(note), Refusal)
    assert not isinstance(new.take_over(note), Refusal)
    assert new.is_neutral
    del table.desks["neutral"]
    table.desks["envoy"] = new
    for name in ("north", "south"):
        table[name].receive(new.bundle(name))
    post(table.desks)
    assert table["south"].state.authority.neutral == ParticipantName("envoy")
    assert not isinstance(table["south"].sign(terms(3, 3)), Refusal)
    post(table.desks)
    assert {desk.size for desk in table.desks.values()} == {new.size}
    assert len({desk.ledger.fingerprint() for desk in table.desks.values()}) == 1
    assert table["north"].three_signed == new.size


def test_a_successor_is_put_in_with_one_side_s_roots_alone() -> None:
    table = Table()
    new = envoy(table)
    new.receive(table["north"].bundle(None))
    text = table["north"].text_for(succession(table, new))
    note = sign(text, [table["north"].keys.signers[f"north/root-{number}"] for number in (1, 2)])
    refusal = new.take_over(note)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "contact.root_missing"
    assert not new.is_neutral


def test_a_succession_from_an_older_place_than_the_last_three_signed_checkpoint() -> None:
    table = Table()
    new = envoy(table)
    new.receive(table["north"].bundle(None))
    honest = succession(table, new)
    early = SucceedNeutral(
        size=honest.size - 1,
        root=Digest(table["north"].ledger.tree.root(honest.size - 1).hex()),
        origin=honest.origin,
        neutral=honest.neutral,
    )
    with pytest.raises(DeskBroken) as told:
        table["north"].text_for(early)
    assert told.value.code == "desk.not_three_signed"


def test_a_desk_that_nobody_named_takes_over() -> None:
    table = Table()
    new, other = envoy(table), envoy(table)
    for desk in (new, other):
        desk.receive(table["north"].bundle(None))
    note = signed_by_both(table, succession(table, new))
    with pytest.raises(DeskBroken) as told:
        other.take_over(note)
    assert told.value.code == "desk.not_named_successor"
    assert read_act(note).envelope.kind == "succeed_neutral"
