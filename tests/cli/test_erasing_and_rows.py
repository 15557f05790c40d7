"""Lists that only their readers open, rows that are shown alone, and people who are taken out again for good."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from parley.registers.sheet import read_people
from tests.cli.office import Office, chunks, invented


@pytest.fixture
def listed(office: Office) -> Office:
    """Both sides have handed in an offer list of three people, and everybody has cosigned."""
    for name, letters in (("north", "N"), ("south", "S")):
        office.ask(name, "list", "hand-in", office.sheet(invented(letters, 1, 3)), "--purpose", "offer")
    office.post(cosigned=True)
    return office


def the_list(office: Office, party: str) -> str:
    (found,) = office.ask("neutral", "log", "--kind", "hand_in_list", "--party", party)["acts"]
    return str(found["n"])


def test_a_list_is_opened_by_its_reader_and_by_its_author(listed: Office) -> None:
    which = the_list(listed, "north")
    for name in ("south", "north", "neutral"):
        people = listed.ask(name, "list", "open", which)["people"]
        assert [one["line"] for one in people] == ["N1", "N2", "N3"]
        assert people[0]["surname"] == "Invented-N-1"


def test_a_list_opened_into_a_workbook_reads_as_it_was_handed_in(listed: Office) -> None:
    out = listed.place / "opened.xlsx"
    listed.ask("south", "list", "open", the_list(listed, "north"), "--out", str(out))
    assert list(read_people(out)) == invented("N", 1, 3)
    found = listed.do("south", "list", "open", the_list(listed, "north"), "--out", str(out), "--json")
    assert found.json["code"] == "cli.exists"


def test_nobody_opens_the_others_list_before_both_have_committed(office: Office) -> None:
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 3)), "--purpose", "offer")
    office.post(cosigned=True)
    found = office.do("south", "list", "open", the_list(office, "north"), "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.sealed_until_both")
    assert office.do("south", "list", "acknowledge", "--json").json["code"] == "desk.sealed_until_both"
    assert office.ask("north", "list", "open", the_list(office, "north"))["rows"] == 3


def test_no_name_is_in_the_record_or_in_a_bundle(listed: Office) -> None:
    for place in (listed.desk("north"), listed.desk("south"), listed.desk("neutral"), listed.stick):
        for file in place.rglob("*"):
            if file.is_file():
                assert b"Invented-N-1" not in file.read_bytes(), file


def test_a_single_row_is_shown_and_proven(listed: Office) -> None:
    proof, which = listed.stick / "row", the_list(listed, "north")
    listed.ask("north", "list", "show-row", which, "N2", "--out", str(proof))
    found = listed.ask("neutral", "list", "check-row", str(proof))
    assert found["row"]["surname"] == "Invented-N-2"
    assert b"Invented-N-1" not in proof.read_bytes()
    other = listed.do("neutral", "list", "check-row", str(proof), "--list", the_list(listed, "south"), "--json")
    assert (other.exit, other.json["ok"]) == (5, False)
    proof.write_bytes(proof.read_bytes().replace(b"Invented-N-2", b"Somebody-else"))
    assert listed.do("neutral", "list", "check-row", str(proof)).exit == 5
    proof.write_bytes(b"nothing")
    assert listed.do("neutral", "list", "check-row", str(proof), "--json").json["code"] == "commitment.proof"


def erase(office: Office, lines: str = "N2") -> None:
    office.ask("north", *chunks(f"erase lines --lines {lines} --ground person_asked"))
    office.post()
    for name in ("south", "neutral", "north"):
        office.ask(name, *chunks("erase confirm --work 10"))
    office.post()


def test_an_erased_row_is_gone_everywhere_and_the_rest_can_still_be_proven(listed: Office) -> None:
    which, old = the_list(listed, "north"), listed.stick / "old"
    listed.ask("neutral", "bundle", "export", str(old), "--to", "south", "--from", "0", "--again")
    erase(listed)
    assert listed.ask("neutral", "erase", "list")["erasures"][0]["waiting_for"] == []
    for name in ("north", "south", "neutral"):
        found = listed.ask(name, "list", "open", which)
        assert (found["rows"], found["erased"]) == (2, ["N2"])
        gone = listed.do(name, "list", "show-row", which, "N2", "--out", str(listed.place / name / "x"), "--json")
        assert gone.json["code"] == "commitment.erased"
    proof = listed.stick / "row"
    listed.ask("south", "list", "show-row", which, "N3", "--out", str(proof))
    assert listed.ask("neutral", "list", "check-row", str(proof))["row"]["surname"] == "Invented-N-3"
    assert listed.ask("south", "list", "open", the_list(listed, "south"))["rows"] == 3


def test_an_old_stick_does_not_bring_an_erased_row_back(listed: Office) -> None:
    """The bundle that held the erased list is imported once more: its file is not taken."""
    old = listed.stick / "old"
    listed.ask("neutral", "bundle", "export", str(old), "--to", "south", "--from", "0", "--again")
    erase(listed)
    before = blobs(listed.desk("south") / "record.db")
    assert listed.ask("south", "bundle", "import", str(old))["files"] <= 1
    after = blobs(listed.desk("south") / "record.db")
    erased = replaced(listed)
    assert erased
    assert not erased & after
    assert not erased & before
    fresh = listed.stick / "fresh"
    listed.ask("neutral", "bundle", "export", str(fresh), "--to", "south", "--from", "0", "--again")
    assert not any(bytes.fromhex(one) in fresh.read_bytes() for one in erased)
    assert not erased & blobs(listed.desk("neutral") / "record.db")


def test_a_key_found_on_an_old_stick_opens_nothing_new(listed: Office) -> None:
    """A copy of the desk's key file from before the erasing does not open what was sealed since."""
    old_keys = (listed.desk("south") / "keys" / "desk.age").read_bytes()
    erase(listed)
    which = the_list(listed, "north")
    assert listed.ask("south", "list", "open", which)["rows"] == 2
    (listed.desk("south") / "keys" / "desk.age").write_bytes(old_keys)
    assert listed.do("south", "list", "open", which).exit == 3


def test_people_are_erased_in_two_steps(listed: Office) -> None:
    erase(listed, "N1")
    erase(listed, "N3")
    for name in ("north", "south", "neutral"):
        found = listed.ask(name, "list", "open", the_list(listed, "north"))
        assert (found["rows"], found["erased"]) == (1, ["N1", "N3"])
    again = chunks("erase lines --lines N1 --ground person_asked")
    assert listed.refused("north", *again) == "standing.erased_already"


def test_keys_are_not_destroyed_while_a_list_could_not_be_read_any_more(office: Office) -> None:
    office.ask("north", "list", "hand-in", office.sheet(invented("N", 1, 3)), "--purpose", "offer")
    office.post(cosigned=True)
    office.ask("north", *chunks("erase lines --lines N2 --ground entered_in_error"))
    office.post()
    found = office.do("south", *chunks("erase confirm --work 10 --json"))
    assert (found.exit, found.json["code"]) == (3, "desk.sealed_until_both")
    assert office.ask("south", *chunks("erase confirm --work 10 --lose-unread"))["kind"] == "confirm_erasure"


def test_a_dry_run_destroys_nothing(listed: Office) -> None:
    listed.ask("north", *chunks("erase lines --lines N2 --ground person_asked"))
    listed.post()
    keys = (listed.desk("south") / "keys" / "desk.age").read_bytes()
    assert listed.ask("south", *chunks("erase confirm --dry-run"))["code"] == "dry_run"
    assert (listed.desk("south") / "keys" / "desk.age").read_bytes() == keys


def blobs(path: Path) -> set[str]:
    """Return the digests of the sealed files kept in a record."""
    import sqlite3

    with closing(sqlite3.connect(path)) as connection:
        return {bytes(one).hex() for (one,) in connection.execute("SELECT id FROM blob")}


def replaced(office: Office) -> set[str]:
    """Return the digests of the files that erasures replaced."""
    from parley.desk import Desk, Keys
    from parley.store import open_store
    from parley.words import Moment

    store = open_store(str(office.desk("south") / "record.db"), "test")
    try:
        return set(Desk(store, "south", Keys(), now=lambda: Moment("2025-05-16T09:00:00Z")).replaced_files())
    finally:
        store.close()
