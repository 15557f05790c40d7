"""Sealed files that do not come with their acts: withheld by a party, lost on the way, asked for by a stranger."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import AcknowledgeList, AgreeTerms, HandInList, LineGroup
from parley.desk import Attachment, DeskBroken
from parley.desk.awaited import VERSION, asked_by, awaited
from parley.record.bundle import read, write
from parley.record.commitment import salt_rows
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
