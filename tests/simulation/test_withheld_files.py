"""Sealed files that do not come with their acts: withheld by a party, lost on the way, asked for by a stranger."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import ERASURE_GROUNDS, AcknowledgeList, AgreeTerms, Erase, HandInList, LineGroup, Suspend
from parley.desk import Attachment, DeskBroken
from parley.desk.awaited import VERSION, asked_by, awaited
from parley.desk.drafting import Draft, envelope_for
from parley.desk.opened import open_list
from parley.desk.signing import take_signed
from parley.process.authority import ROOT
from parley.record.bundle import read, write
from parley.record.commitment import erase_rows, salt_rows
from parley.record.envelope import read_act, to_text
from parley.record.note import sign
from parley.words import ActId, Lines, ParticipantName, Refusal
from tests.simulation.table import Table, terms


def one_line_list(table: Table, author: str, other: str) -> bytes:
    """Hand in a list of one person, and return the bundle that carries it to the neutral."""
    line = f"{author[0].upper()}1"
    rows = Attachment(salt_rows([(line, {"surname": "Badena"})]), (f"{other}/lists",))
    groups = (LineGroup(lines=Lines.of(line), category="soldier"),)
    deed = HandInList(purpose="request", counterpart=ParticipantName(other), version=1, groups=groups)
    assert not isinstance(table[author].sign(deed, attachments=[rows]), Refusal)
    return table[author].bundle("neutral")


def list_of(table: Table, author: str) -> ActId:
    return next(key for key, one in table["neutral"].state.lists.versions.items() if one.author == author)


def test_a_party_withholds_one_file() -> None:
    """Its act counts, but it reads nobody's list, and nobody acknowledges its own, until the file has come."""
    table = Table()
    assert not isinstance(table["north"].sign(terms(1, 1)), Refusal)
    table.post()
    proposal = next(iter(table["south"].state.terms.versions))
    assert not isinstance(table["south"].sign(AgreeTerms(terms=proposal)), Refusal)
    table.post()
    neutral, north, south = (table[name] for name in ("neutral", "north", "south"))
    neutral.receive(one_line_list(table, "north", "south"))
    whole = read(one_line_list(table, "south", "north"))
    spoiled = bytes([whole.blobs[0][0] ^ 1]) + whole.blobs[0][1:]
    assert neutral.receive(write(replace(whole, blobs=(spoiled,)))).logged == 1
    assert list(awaited(neutral).values()) == [list_of(table, "south")]
    for _ in range(2):  # carried by hand, so that south's answers to being asked are lost each time
        for desk in (north, south):
            desk.receive(neutral.bundle(desk.name))
            neutral.receive(write(replace(read(desk.bundle("neutral")), blobs=())))
    assert neutral.three_signed > neutral.ledger.positions[list_of(table, "south")]
    assert list_of(table, "north") in awaited(south).values()
    for reader, author in ((north, "south"), (south, "north")):
        with pytest.raises(DeskBroken, match="blob_missing"):
            reader.open(list_of(table, author))
        with pytest.raises(DeskBroken, match="blob_missing"):
            reader.sign(AcknowledgeList(list=list_of(table, author), count=1))
    table.post()
    assert not awaited(neutral)
    assert not awaited(north)
    assert not awaited(south)
    for reader, author in ((north, "south"), (south, "north")):
        assert len(reader.open(list_of(table, author))) == 1
        assert not isinstance(reader.sign(AcknowledgeList(list=list_of(table, author), count=1)), Refusal)


def hand_in_two(table: Table, author: str, other: str) -> Attachment:
    """Hand in a list of two people, and return what was sealed."""
    letters = author[0].upper()
    rows = Attachment(salt_rows([(f"{letters}{one}", {"surname": "Badena"}) for one in (1, 2)]), (f"{other}/lists",))
    groups = (LineGroup(lines=Lines.of(f"{letters}1-{letters}2"), category="soldier"),)
    deed = HandInList(purpose="request", counterpart=ParticipantName(other), version=1, groups=groups)
    assert not isinstance(table[author].sign(deed, attachments=[rows]), Refusal)
    return rows


def erase_second(table: Table, author: str, rows: Attachment) -> ActId:
    """Erase the second line of an author's list, the rest sealed again for the same rooms."""
    deed = Erase(list=list_of(table, author), lines=Lines.of(f"{author[0].upper()}2"), ground=ERASURE_GROUNDS[0])
    left = Attachment(erase_rows(rows.rows, set(deed.lines)), rows.to)
    erased = table[author].sign(deed, attachments=[left])
    assert not isinstance(erased, Refusal)
    return erased


def carry(table: Table, *, without_files_from: str = "") -> None:
    """Carry everything to and fro three times, except one desk's sealed files."""
    neutral = table["neutral"]
    for _ in range(3):
        for name in ("north", "south"):
            table[name].receive(neutral.bundle(name))
            out = table[name].bundle("neutral")
            neutral.receive(write(replace(read(out), blobs=())) if name == without_files_from else out)


def test_a_party_withholds_its_file_and_then_erases_a_line_of_the_list_and_withholds_that_file_too() -> None:
    """What an erasure replaces is asked for no more; the file in its place is, and until it comes nobody's list is read."""
    table = Table()
    hand_in_two(table, "north", "south")
    rows = hand_in_two(table, "south", "north")
    carry(table, without_files_from="south")
    erased = erase_second(table, "south", rows)
    carry(table, without_files_from="south")
    assert not table["neutral"].state.void
    assert list(awaited(table["neutral"]).values()) == [erased]
    with pytest.raises(DeskBroken, match="blob_missing"):
        table["south"].open(list_of(table, "north"))
    with pytest.raises(DeskBroken, match="blob_missing"):
        table["north"].sign(AcknowledgeList(list=list_of(table, "south"), count=2))
    carry(table)
    assert not awaited(table["neutral"])
    assert len(table["south"].open(list_of(table, "north"))) == 2
    assert len(open_list(table["north"], list_of(table, "south"))) == 2


def test_a_list_sealed_anew_by_an_erasure_waits_like_the_list() -> None:
    table = Table()
    rows = hand_in_two(table, "north", "south")
    carry(table)
    erased = erase_second(table, "north", rows)
    carry(table)
    with pytest.raises(DeskBroken, match="sealed_until_both"):
        table["south"].open(erased)
    (file,) = table["neutral"].state.standing.erasures[erased].files
    assert table["south"].store.blob(file) is None
    hand_in_two(table, "south", "north")
    carry(table)
    assert len(table["south"].open(erased)) == 2


def test_a_party_names_the_other_sides_waiting_file_in_an_act_of_its_own() -> None:
    """A file goes out when the act that named it first allows it, whoever names it again."""
    table = Table()
    hand_in_two(table, "north", "south")
    carry(table)
    south, neutral = table["south"], table["neutral"]
    ((_, file),) = neutral.sealed_acts()
    said = envelope_for(south, Draft(ROOT, ()), Suspend(reason="talks"), (), [file])
    take_signed(south, read_act(sign(to_text(said), [south.keys.signers["south/root-1"]])), ())
    carry(table)
    assert len(list(neutral.sealed_acts())) == 2
    assert south.store.blob(file.blob) is None
    hand_in_two(table, "south", "north")
    carry(table)
    assert len(south.open(list_of(table, "north"))) == 2


def test_a_file_lost_on_the_way_from_the_neutral_is_asked_for_again() -> None:
    table = Table()
    for author, other in (("north", "south"), ("south", "north")):
        table["neutral"].receive(one_line_list(table, author, other))
    for _ in range(3):  # everything arrives but the files
        for name in ("north", "south"):
            table[name].receive(write(replace(read(table["neutral"].bundle(name)), blobs=())))
            table["neutral"].receive(write(replace(read(table[name].bundle("neutral")), blobs=())))
    assert len(awaited(table["north"])) == 1
    table.post()
    assert not awaited(table["north"])
    assert len(table["north"].open(list_of(table, "south"))) == 1


def test_whoever_carries_the_bundles_asks_for_files_that_are_not_there_or_not_this_desk_s() -> None:
    table = Table()
    table["neutral"].receive(one_line_list(table, "north", "south"))
    foreign = next(sealed.blob for _, sealed in table["neutral"].sealed_acts())
    for digest in (foreign, "ab" * 32):
        forged = f"{VERSION} neutral\n{digest}\n".encode()
        table["south"].receive(write(replace(read(table["neutral"].bundle("south")), blobs=(forged,))))
        assert asked_by(read(table["south"].bundle("neutral")).blobs) == []
        assert read(table["south"].bundle("neutral")).blobs == ()


QUESTIONS = st.text(alphabet="0123456789abcdef\n ", max_size=200).map(lambda said: f"{VERSION} {said}".encode())


@given(st.binary(max_size=200) | QUESTIONS)
def test_no_text_is_taken_for_a_question_unless_it_has_its_form(blob: bytes) -> None:
    for who, digests in asked_by([blob]):
        assert blob.decode() == "\n".join([f"{VERSION} {who}", *digests, ""])


def test_a_thousand_texts_that_ask_make_a_desk_look_once(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table()
    table.post()
    north = table["north"]
    looked: list[int] = []

    def own_files(_: object, digests: set[str]) -> list[str]:
        looked.append(len(digests))
        return []

    monkeypatch.setattr("parley.desk.awaited.own_files", own_files)
    bundle = read(table["neutral"].bundle("north"))
    texts = tuple(f"{VERSION} neutral\n{number:064x}\n".encode() for number in range(1_000))
    north.receive(write(replace(bundle, blobs=texts)))
    assert looked == [1_000]
