"""What every store promises, in memory, in a file and on a server: the one suite that all three must pass."""

import threading
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.store import CODES, Change, InUse, MemoryStore, SqliteStore, Store, StoreBroken, open_store
from parley.store.base import act_id
from tests.contracts.conftest import Place
from tests.contracts.samples import a_step, everything, note, notes, sealed


def refused(store: Store, change: Change) -> StoreBroken:
    """Return why a change was refused, after seeing that nothing of it was kept."""
    digests = tuple(digest for digest, _ in change.blobs)
    before = everything(store, digests)
    with pytest.raises(StoreBroken) as caught:
        store.write(change)
    assert everything(store, digests) == before
    assert store.size == len(before[0])
    return caught.value


# -- keeping and reading


def test_a_new_store_holds_nothing(place: Place) -> None:
    store = place.open()
    assert store.size == 0
    assert everything(store, (sealed("list")[0],)) == ((), None, {}, (None,))
    assert store.checkpoint(0) is None


def test_what_was_written_is_read_back(place: Place) -> None:
    store = place.open()
    digest, data = sealed("request list of north")
    store.write(
        Change(start=0, acts=notes(0, 3), checkpoints=((3, b"three"),), blobs=((digest, data),), facts={"head": b"3"})
    )
    assert store.size == 3
    assert everything(store, (digest,)) == (notes(0, 3), b"three", {"head": b"3"}, (data,))


def test_what_was_written_is_there_when_the_desk_opens_again(lasting_place: Place) -> None:
    store = lasting_place.open()
    digest, _ = sealed("request list of north")
    for _ in range(3):
        store.write(a_step(store, "request list of north"))
    before = everything(store, (digest,))
    store.close()
    again = lasting_place.open()
    assert everything(again, (digest,)) == before
    assert again.size == 3
    again.write(a_step(again, "offer list of north"))
    assert again.size == 4


def test_acts_come_in_log_order_from_any_position(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 600)))
    store.write(Change(start=600, acts=notes(600, 601)))
    assert tuple(store.acts()) == notes(0, 601)
    assert tuple(store.acts(255, 258)) == notes(255, 258)
    assert tuple(store.acts(599)) == notes(599, 601)
    assert tuple(store.acts(0, 0)) == ()
    assert tuple(store.acts(601)) == ()
    assert tuple(store.acts(900, 1000)) == ()
    assert tuple(store.acts(600, 9000)) == notes(600, 601)


def test_a_change_that_cuts_takes_the_place_of_what_stood_from_there_on(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 9), checkpoints=((4, b"four"), (9, b"nine")), facts={"head": b"9"}))
    assert refused(store, Change(start=4, acts=notes(20, 21))).code == "store.gap"
    assert refused(store, Change(start=10, acts=notes(20, 21), cut=True)).code == "store.gap"
    assert refused(store, Change(start=4, acts=notes(3, 4), cut=True)).code == "store.duplicate"
    store.write(Change(start=4, acts=(*notes(20, 21), *notes(5, 6)), facts={"head": b"6"}, cut=True))
    assert store.size == 6
    assert tuple(store.acts()) == (*notes(0, 4), *notes(20, 21), *notes(5, 6))
    assert (store.checkpoint(), store.checkpoint(9)) == (b"four", None)
    store.write(Change(start=6, acts=notes(6, 7)))
    assert store.size == 7


def test_what_was_cut_stays_cut_when_the_desk_opens_again(lasting_place: Place) -> None:
    store = lasting_place.open()
    store.write(Change(start=0, acts=notes(0, 9)))
    store.write(Change(start=4, acts=notes(20, 21), cut=True))
    store.close()
    again = lasting_place.open()
    assert tuple(again.acts()) == (*notes(0, 4), *notes(20, 21))
    assert not again.facts("restored")


def test_acts_may_be_added_while_others_are_being_read(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 300)))
    reading = store.acts()
    assert next(reading) == note(0)
    store.write(Change(start=300, acts=notes(300, 310)))
    assert tuple(reading) == notes(1, 300)


def test_empty_and_large_bytes_are_kept_as_they_are(place: Place) -> None:
    store = place.open()
    big = (b"x" * 69_000, bytes(range(256)) * 4_000)
    act = b"exchange.act/1\n" + big[0] + b"\n\n\x00\xff"
    store.write(Change(start=0, acts=(act, b"\n\n"), checkpoints=((0, b""),), facts={"empty": b"", "big": big[1]}))
    assert tuple(store.acts()) == (act, b"\n\n")
    assert store.checkpoint() == b""
    assert store.facts() == {"big": big[1], "empty": b""}


# -- order


@pytest.mark.parametrize("start", [0, 1, 3, 99])
def test_an_act_that_is_not_next_is_refused(place: Place, start: int) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 2)))
    broken = refused(store, Change(start=start, acts=(note(7),)))
    assert broken.code == "store.gap"
    assert broken.facts == {"start": start, "kept": 2}


def test_a_cosignature_prepared_before_the_record_moved_on_is_refused(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 2), checkpoints=((2, b"two"),)))
    prepared = Change(start=2, checkpoints=((2, b"two, cosigned"),), facts={"head": b"2"})
    store.write(Change(start=2, acts=notes(2, 3)))
    assert refused(store, prepared).code == "store.gap"
    store.write(replace(prepared, start=3))
    assert store.checkpoint(2) == b"two, cosigned"


def test_the_same_act_twice_is_refused(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 2)))
    broken = refused(store, Change(start=2, acts=(note(2), note(1)), facts={"head": b"4"}))
    assert (broken.code, broken.facts) == ("store.duplicate", {"act": act_id(note(1)).hex()})


def test_an_act_replayed_under_another_signature_is_the_same_act(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 2)))
    assert refused(store, Change(start=2, acts=(note(1, signer="north/officer-9"),))).code == "store.duplicate"


def test_the_same_act_twice_in_one_change_is_refused(place: Place) -> None:
    store = place.open()
    broken = refused(store, Change(start=0, acts=(note(0), note(1), note(0))))
    assert (broken.code, broken.facts) == ("store.duplicate", {"act": act_id(note(0)).hex()})


def test_an_act_without_signature_part_is_refused(place: Place) -> None:
    store = place.open()
    assert refused(store, Change(start=0, acts=(note(0), b"exchange.act/1\n{}\n"))).code == "store.not_a_note"


def test_a_blob_that_is_not_what_its_digest_says_is_refused(place: Place) -> None:
    store = place.open()
    digest, data = sealed("list")
    for wrong in (digest.upper(), "0" * 64, "", "not hex"):
        change = Change(start=0, acts=(note(0),), blobs=(sealed("other"), (wrong, data)))
        with pytest.raises(StoreBroken) as caught:
            store.write(change)
        assert caught.value.code == "store.blob_mismatch"
        assert everything(store, (sealed("other")[0],)) == ((), None, {}, (None,))


def test_two_desks_racing_for_the_next_position_never_both_win(place: Place) -> None:
    store = place.open()
    won: list[int] = []
    lost: list[str] = []

    def race(desk: int) -> None:
        for _ in range(10):
            size = store.size
            try:
                store.write(Change(start=size, acts=(note(1000 * desk + size),)))
            except StoreBroken as broken:
                lost.append(broken.code)
            else:
                won.append(size)

    desks = [threading.Thread(target=race, args=(desk,)) for desk in range(1, 6)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(won) == list(range(store.size))
    assert len(won) + len(lost) == 50
    assert set(lost) <= {"store.gap"}


# -- checkpoints, blobs, facts


def test_a_newer_checkpoint_of_a_size_takes_the_place_of_the_older(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, checkpoints=((5, b"five"), (9, b"nine"), (7, b"seven"))))
    store.write(Change(start=0, checkpoints=((5, b"five, cosigned by south"),)))
    assert store.checkpoint(5) == b"five, cosigned by south"
    assert store.checkpoint() == b"nine"
    assert store.checkpoint(6) is None


def test_a_forgotten_blob_is_gone(place: Place) -> None:
    store = place.open()
    first, second = sealed("list of south, first"), sealed("list of south, second")
    store.write(Change(start=0, blobs=(first, second)))
    store.write(Change(start=0, forget=(first[0], "ab" * 32)))
    assert store.blob(first[0]) is None
    assert store.blob(second[0]) == second[1]


def test_the_same_blob_twice_is_kept_once_and_forgotten_at_once(place: Place) -> None:
    store = place.open()
    blob = sealed("list")
    store.write(Change(start=0, blobs=(blob, blob)))
    store.write(Change(start=0, blobs=(blob,)))
    assert store.blob(blob[0]) == blob[1]
    store.write(Change(start=0, blobs=(blob,), forget=(blob[0],)))
    assert store.blob(blob[0]) is None


def test_facts_are_set_replaced_and_removed(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, facts={"head": b"1", "restored": b"7", "absent": None}))
    store.write(Change(start=0, facts={"head": b"2", "restored": None}))
    assert store.facts() == {"head": b"2"}


def test_facts_are_found_by_the_start_of_their_name_and_sorted(place: Place) -> None:
    store = place.open()
    names = ["outbox/b", "outbox/a", "outbox", "outbox0", "out%", "out_", "OUTBOX/a", "a", "~~"]
    store.write(Change(start=0, facts={name: name.encode() for name in names}))
    assert list(store.facts("outbox/")) == ["outbox/a", "outbox/b"]
    assert list(store.facts("out")) == ["out%", "out_", "outbox", "outbox/a", "outbox/b", "outbox0"]
    assert list(store.facts("out_")) == ["out_"]
    assert list(store.facts("%")) == []
    assert list(store.facts()) == sorted(names)


# -- opening and closing


def test_a_closed_store_says_so(place: Place) -> None:
    store = place.open()
    store.write(Change(start=0, acts=notes(0, 3)))
    reading = store.acts()
    next(reading)
    store.close()
    store.close()
    for attempt in (
        lambda: store.size,
        lambda: store.write(Change(start=0)),
        store.acts,
        store.checkpoint,
        lambda: store.blob("ab" * 32),
        store.facts,
    ):
        with pytest.raises(StoreBroken) as caught:
            attempt()
        assert caught.value.code == "store.closed"
    # One page of acts may have been fetched before.
    assert set(reading if place.survives else ()) <= set(notes(1, 3))


def test_a_second_program_is_told_who_holds_the_store(lasting_place: Place) -> None:
    store = lasting_place.open(owner="north desk, web")
    with pytest.raises(InUse) as caught:
        lasting_place.open(owner="north desk, command line")
    facts = caught.value.facts
    assert caught.value.code == "store.in_use"
    assert facts["owner"] == "north desk, web"
    assert isinstance(facts["pid"], int)
    assert facts["pid"] > 1
    assert facts["host"] != "unknown"
    assert str(facts["since"]).endswith("Z")
    store.write(Change(start=0, acts=notes(0, 1)))
    store.close()
    assert lasting_place.open().size == 1


def test_a_place_is_told_by_how_it_is_written(file_place: Place) -> None:
    memory = open_store("memory:", "north desk")
    assert isinstance(memory, MemoryStore)
    assert isinstance(file_place.open(), SqliteStore)


def test_every_way_to_fail_has_a_sentence_with_a_next_step() -> None:
    for code, sentence in CODES.items():
        assert code.startswith("store.")
        assert sentence.endswith(".")
        assert ";" in sentence or ". " in sentence


# -- any history at all

DIGESTS = [sealed(f"list {number}") for number in range(4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One drawn step: ``off`` is how far its start is from the right one, ``reopen`` if the desk restarts after."""

    off: int
    seqs: list[int]
    checkpoints: list[tuple[int, bytes]]
    blobs: list[tuple[str, bytes]]
    forget: list[str]
    facts: dict[str, bytes | None]
    reopen: bool

    def change(self, size: int, base: int) -> Change:
        return Change(
            start=max(0, size + self.off),
            acts=tuple(note(base * 100 + seq) for seq in self.seqs),
            checkpoints=tuple(self.checkpoints),
            blobs=tuple(self.blobs),
            forget=tuple(self.forget),
            facts=self.facts,
        )


STEPS = st.builds(
    Step,
    off=st.sampled_from([0, 0, 0, 0, 1, -1]),
    seqs=st.lists(st.integers(0, 12), max_size=3),
    checkpoints=st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=4)), max_size=2),
    blobs=st.lists(st.sampled_from(DIGESTS), max_size=2),
    forget=st.lists(st.sampled_from([digest for digest, _ in DIGESTS]), max_size=2),
    facts=st.dictionaries(st.sampled_from(["head", "outbox/1", "outbox/2"]), st.none() | st.binary(max_size=4)),
    reopen=st.booleans(),
)


class Expected:
    """What a store must hold, kept in the plainest way there is."""

    def __init__(self) -> None:
        self.acts: list[bytes] = []
        self.checkpoints: dict[int, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.facts: dict[str, bytes] = {}

    def refusal(self, change: Change) -> str | None:
        if change.start != len(self.acts):
            return "store.gap"
        seen = [act_id(act) for act in (*self.acts, *change.acts)]
        return "store.duplicate" if len(set(seen)) < len(seen) else None

    def write(self, change: Change) -> None:
        self.acts += change.acts
        self.checkpoints |= dict(change.checkpoints)
        self.blobs |= dict(change.blobs)
        self.blobs = {digest: data for digest, data in self.blobs.items() if digest not in change.forget}
        merged = self.facts | dict(change.facts)
        self.facts = {name: value for name, value in merged.items() if value is not None}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=st.lists(STEPS, max_size=8))
def test_any_history_leaves_exactly_what_the_changes_say(place: Place, history: list[Step]) -> None:
    store, expected = place.open(), Expected()
    base = store.size  # acts of earlier examples stay; this example's acts come after them
    expected.acts = list(store.acts())
    expected.facts = dict(store.facts())
    expected.checkpoints = {size: found for size in range(10) if (found := store.checkpoint(size)) is not None}
    expected.blobs = {digest: data for digest, data in DIGESTS if store.blob(digest)}
    for step in history:
        change = step.change(store.size, base)
        code = expected.refusal(change)
        if code is None:
            store.write(change)
            expected.write(change)
        else:
            with pytest.raises(StoreBroken) as caught:
                store.write(change)
            assert caught.value.code == code
        if step.reopen and place.survives:
            store.close()
            store = place.open()
        assert list(store.acts()) == expected.acts
        assert store.facts() == dict(sorted(expected.facts.items()))
        assert {s: store.checkpoint(s) for s in range(10)} == {s: expected.checkpoints.get(s) for s in range(10)}
        assert [store.blob(digest) for digest, _ in DIGESTS] == [expected.blobs.get(digest) for digest, _ in DIGESTS]
    store.close()
