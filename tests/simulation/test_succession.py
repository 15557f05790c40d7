"""A neutral fails in mid-case, and another goes on from the last checkpoint that every party has cosigned."""

from dataclasses import replace

import pytest

from parley.acts import ProposeTerms, SucceedNeutral
from parley.clauses import FixedNumbers
from parley.desk import Desk, DeskBroken
from parley.desk.ledger import to_act
from parley.desk.signing import take_signed
from parley.desk.succession import SUPERSEDED, at_succession, to_do_again
from parley.desk.table import Seat, enrol, fresh_keys, post
from parley.forms import to_body
from parley.record.bundle import Bundle, write
from parley.record.checkpoint import make
from parley.record.envelope import SignedAct, read_act, to_text
from parley.record.log import Tree, leaf_hash
from parley.record.note import sign
from parley.store.memory import MemoryStore
from parley.words import Digest, ParticipantName, Refusal
from tests.simulation.table import Table, copy_of, terms


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


def succession_at(table: Table, successor: Desk, size: int) -> SucceedNeutral:
    root = Digest(table["north"].ledger.tree.root(size).hex())
    return SucceedNeutral(
        size=size, root=root, origin="envoy/log", neutral=enrol(Seat("envoy", "neutral", "V"), successor.keys)
    )


def signed_by_both_at(table: Table, desk: str, deed: SucceedNeutral) -> bytes:
    roots = [table[name].keys.signers[f"{name}/root-{number}"] for name in ("north", "south") for number in (1, 2)]
    return sign(table[desk].text_for(deed), roots)


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


def proposed(signed: SignedAct) -> int:
    """How many north would give by the terms that an act proposes."""
    deed = to_act(signed, 0).deed
    assert isinstance(deed, ProposeTerms)
    (clause,) = deed.clauses
    assert isinstance(clause, FixedNumbers)
    return clause.gives[ParticipantName("north")]


def south_goes_silent(table: Table) -> int:
    """South's word stays out while the others go on: the last checkpoint that all have cosigned stays where it is."""
    size = table["south"].three_signed
    assert size == table["south"].size
    for number in (1, 2):
        assert not isinstance(table["north"].sign(terms(number, number)), Refusal)
        table["neutral"].receive(table["north"].bundle("neutral"))
        table["north"].receive(table["neutral"].bundle("north"))
    assert not isinstance(table["north"].sign(terms(3, 3)), Refusal)
    assert table["north"].three_signed == size
    assert table["north"].size == size + 2
    return size


def test_a_party_holds_acts_beyond_the_place_where_the_new_neutral_begins() -> None:
    """Its own act that fits goes on as it was signed; the rest is kept, named, and done again; nothing is lost."""
    table = Table()
    size = south_goes_silent(table)
    north, south = table["north"], table["south"]
    held = set(north.store.acts(size)) | {one.note for one in north.waiting}
    new = envoy(table)
    new.receive(table["neutral"].bundle(None))  # the successor too was handed more than all had cosigned
    note = signed_by_both_at(table, "south", succession_at(table, new, size))
    assert not isinstance(new.take_over(note), Refusal)
    assert new.size == size + 1
    received = north.receive(new.bundle("north"))
    kept = set(north.store.facts(SUPERSEDED).values()) | {one.note for one in north.waiting}
    assert held <= kept
    assert [proposed(one) for one in north.waiting] == [1]
    assert [proposed(one) for one in to_do_again(north)] == [2, 3]
    assert received.superseded == 2
    del table.desks["neutral"]
    table.desks["envoy"] = new
    table.post()
    again = copy_of(north)
    assert again.size == north.size
    assert len(north.state.terms.versions) == 1
    assert not isinstance(north.sign(terms(2, 2)), Refusal)
    table.post()
    assert len(south.state.terms.versions) == 2
    assert {desk.size for desk in table.desks.values()} == {new.size}
    assert len({desk.ledger.fingerprint() for desk in table.desks.values()}) == 1
    assert north.three_signed == new.size
    assert not new.state.void


def test_a_desk_that_went_back_finds_the_same_when_it_is_opened_again() -> None:
    table = Table()
    size = south_goes_silent(table)
    north, new = table["north"], envoy(table)
    new.receive(table["south"].bundle(None))
    note = signed_by_both_at(table, "south", succession_at(table, new, size))
    assert not isinstance(new.take_over(note), Refusal)
    north.receive(new.bundle("north"))
    opened = Desk(north.store, "north", north.keys, now=table.clock)
    assert (opened.size, opened.ledger.fingerprint()) == (north.size, north.ledger.fingerprint())
    assert opened.waiting == north.waiting
    assert opened.receive(new.bundle("north")).acts == 0


def test_a_new_neutral_is_put_where_acts_that_all_had_cosigned_would_go() -> None:
    """A forger with everybody's old log, but no root keys, takes nothing away; nor do roots, below what all cosigned."""
    table = Table()
    north, new = table["north"], envoy(table)
    size = north.three_signed - 1
    new.receive(north.bundle(None))
    text = table["north"].text_for(succession_at(table, new, size + 1))
    said = read_act(sign(text, [new.keys.signers["envoy/desk"]])).envelope
    early = to_text(replace(said, body=to_body(succession_at(table, new, size)), **at_succession(north, size)))
    roots = [table[name].keys.signers[f"{name}/root-{number}"] for name in ("north", "south") for number in (1, 2)]
    before = tuple(north.store.acts())
    for signers in (roots, roots[:2]):
        acts = (*before[:size], sign(early, signers))
        bundle = write(Bundle(origin="envoy/log", start=0, stop=size + 1, acts=acts))
        with pytest.raises(DeskBroken) as told:
            table["south"].receive(bundle)
        assert told.value.code == "desk.not_three_signed"
        assert tuple(table["south"].store.acts()) == before


def test_a_forged_succession_takes_no_act_from_a_desk() -> None:
    """At the right place, with a log and a checkpoint of its own, but with the roots of one side only."""
    table = Table()
    size = south_goes_silent(table)
    north, new = table["north"], envoy(table)
    deed = succession_at(table, new, size)
    note = sign(table["south"].text_for(deed), [north.keys.signers[f"north/root-{number}"] for number in (1, 2)])
    acts = (*north.store.acts(0, size), note)
    tree = Tree()
    for one in acts:
        tree.append_hash(leaf_hash(one))
    point = make(deed.origin, size + 1, tree.root(), new.keys.signers["envoy/desk"])
    before = (tuple(north.store.acts()), north.waiting, dict(north.store.facts()))
    with pytest.raises(DeskBroken):
        north.receive(write(Bundle(origin=deed.origin, start=0, stop=size + 1, acts=acts, checkpoints=(point.note,))))
    assert (tuple(north.store.acts()), north.waiting, dict(north.store.facts())) == before
    assert north.size == len(before[0])


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


def test_a_void_succession_in_the_old_log_does_not_keep_out_the_genuine_one() -> None:
    """Signed by north's roots alone it is void, but logged; the genuine one names the same new log."""
    table = Table()
    north, south, neutral = table["north"], table["south"], table["neutral"]
    new = envoy(table)
    new.receive(neutral.bundle(None))
    alone = sign(
        north.text_for(succession(table, new)), [north.keys.signers[f"north/root-{number}"] for number in (1, 2)]
    )
    take_signed(north, read_act(alone), ())  # whoever means harm keeps it, whatever the law says
    table.post()
    table.post()
    assert [one.code for one in neutral.state.void.values()] == ["contact.root_missing"]
    size = south_goes_silent(table)
    new = Desk(MemoryStore(), "envoy", new.keys, now=table.clock)
    new.receive(south.bundle(None))
    assert not isinstance(new.take_over(signed_by_both_at(table, "south", succession_at(table, new, size))), Refusal)
    north.receive(new.bundle("north"))
    assert north.state.authority.neutral == "envoy"
    assert north.size == new.size
