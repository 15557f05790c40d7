"""Bundles, sticks and neighbours that mean no good, or are broken: a coded answer, and nothing half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.office import Office

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def bundle(office: Office) -> Path:
    """The neutral's bundle for the south, with an act of the north that the south has not seen."""
    office.ask("north", *["suspend", "--reason", "weather"])
    office.carry("north", "neutral")
    path = office.stick / "for-south"
    office.ask("neutral", "bundle", "export", str(path), "--to", "south")
    return path


def test_a_torn_bundle_is_not_half_taken(office: Office, bundle: Path) -> None:
    before = office.ask("south", "desk", "show")
    data = bundle.read_bytes()
    for length in (0, 10, len(data) // 2, len(data) - 1):
        bundle.write_bytes(data[:length])
        found = office.do("south", "bundle", "import", str(bundle), "--json")
        assert found.exit == 3, length
        assert found.json["code"].startswith("bundle.")
    assert office.ask("south", "desk", "show") == before


def test_a_bit_turned_over_anywhere_is_seen(office: Office, bundle: Path) -> None:
    before = office.ask("south", "desk", "show")
    data = bundle.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 23)):
        bundle.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        found = office.do("south", "bundle", "import", str(bundle), "--json")
        assert found.exit in {0, 3}, found
        after = office.ask("south", "desk", "show")
        if found.exit == 3:
            assert after == before
        else:  # it hit a cosignature's line that is not needed, or the like: then what was taken is genuine
            assert after["acts"] >= before["acts"]
            return


def test_something_else_is_no_bundle(office: Office) -> None:
    other = office.stick / "holiday.jpg"
    other.write_bytes(b"\xff\xd8\xff" + os.urandom(1000))
    assert office.do("south", "bundle", "import", str(other), "--json").json["code"] == "bundle.header"
    assert office.do("south", "bundle", "import", str(office.stick), "--json").json["code"] == "cli.not_a_file"
    assert office.do("south", "bundle", "import", str(office.stick / "nothing"), "--json").exit == 3


def test_the_same_bundle_twice_changes_nothing_the_second_time(office: Office, bundle: Path) -> None:
    assert office.ask("south", "bundle", "import", str(bundle))["acts"] > 0
    before = office.ask("south", "desk", "show")
    again = office.ask("south", "bundle", "import", str(bundle), str(bundle))
    assert (again["acts"], again["files"]) == (0, 0)
    assert office.ask("south", "desk", "show") == before


def test_a_bundle_that_begins_ahead_is_held_until_the_gap_closes(office: Office, bundle: Path) -> None:
    kept = office.ask("south", "desk", "show")["acts"]
    gap = office.ask("neutral", "desk", "show")["acts"]
    office.ask(
        "north", *["statement", "add", "--speaker", "south", "--said", "2025-05-16T12:00:00Z", "--source", "radio"]
    )
    office.carry("north", "neutral")
    late = office.stick / "late"
    size = office.ask("neutral", "desk", "show")["acts"]
    office.ask("neutral", "bundle", "export", str(late), "--to", "south", "--from", str(gap))
    found = office.ask("south", "bundle", "import", str(late))
    assert (found["code"], found["held"], found["acts"]) == ("held", 1, 0)
    assert office.ask("south", "desk", "show")["acts"] == kept
    assert any(one["about"] == "inbox" for one in office.ask("south", "doctor")["looked_at"])
    found = office.ask("south", "bundle", "import", str(bundle))
    assert (found["code"], found["held"], found["size"]) == ("done", 0, size)
    assert list((office.desk("south") / "inbox").iterdir()) == []


def test_a_held_file_that_turns_out_broken_is_put_away(office: Office, bundle: Path) -> None:
    inbox = office.desk("south") / "inbox"
    inbox.mkdir()
    (inbox / "planted.bundle").write_bytes(b"exchange.bundle/1 practice-1/neutral 0 5\n")
    assert office.ask("south", "bundle", "import", str(bundle))["held"] == 0
    assert [one.name for one in inbox.iterdir()] == ["planted.refused"]


def test_a_bundle_of_another_case_is_turned_away(office: Office, bundle: Path) -> None:
    data = bundle.read_bytes()
    bundle.write_bytes(data.replace(b"exchange.bundle/1 practice-1/", b"exchange.bundle/1 practice-2/", 1))
    assert office.do("south", "bundle", "import", str(bundle), "--json").json["code"] == "desk.other_case"


def test_a_history_that_was_told_differently_is_proof_and_not_taken(office: Office, empowered: Office) -> None:
    """The neutral shows the south another log than the north: the first bundle that crosses proves it."""
    twin = empowered.copy(office.place / "twin")
    office.ask("neutral", *["suspend", "--reason", "weather"])
    twin.ask("neutral", *["suspend", "--reason", "security"])
    office.carry("neutral", "south")
    lie = office.stick / "lie"
    twin.ask("neutral", "bundle", "export", str(lie), "--to", "south", "--from", "0")
    found = office.do("south", "bundle", "import", str(lie), "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.split_view")


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_stick_that_is_write_protected(office: Office) -> None:
    office.stick.chmod(0o500)
    try:
        found = office.do("north", "bundle", "export", str(office.stick / "x"), "--json")
    finally:
        office.stick.chmod(0o700)
    assert (found.exit, found.json["code"]) == (3, "cli.cannot_write")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where nobody may write")
def test_a_place_where_nobody_may_write(office: Office) -> None:
    found = office.do("north", "bundle", "export", "/proc/parley.bundle", "--json")
    assert (found.exit, found.json["code"]) == (3, "cli.cannot_write")


def test_a_stick_that_was_pulled_out(office: Office) -> None:
    office.ask("north", "list", "hand-in", _sheet(office), "--purpose", "offer")
    office.ask("south", "list", "hand-in", _sheet(office, "S"), "--purpose", "offer")
    office.post(cosigned=True)
    office.ask("north", "list", "hand-in", _sheet(office, count=2), "--purpose", "request")
    office.carry("north", "neutral")
    shutil.rmtree(office.stick)
    found = office.do("neutral", "bundle", "export", str(office.stick / "x"), "--to", "south", "--json")
    assert (found.exit, found.json["code"]) == (3, "cli.cannot_write")
    office.stick.mkdir()
    assert office.ask("neutral", "bundle", "export", str(office.stick / "x"), "--to", "south")["bytes"] > 0


def _sheet(office: Office, letters: str = "N", count: int = 3) -> str:
    from tests.cli.office import invented

    return office.sheet(invented(letters, 1 if count == 3 else 11, count))


def test_a_second_program_is_told_who_holds_the_desk(office: Office) -> None:
    from parley.store import open_store

    held = open_store(str(office.desk("north") / "record.db"), "north desk, web")
    try:
        command = [sys.executable, "-m", "parley", "--desk", str(office.desk("north")), "whatnow", "--json"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        held.close()
    assert found.returncode == 4
    assert '"store.in_use"' in found.stdout
    assert "north desk, web" in found.stdout


def test_a_record_that_was_damaged_on_the_disk_is_not_used(office: Office) -> None:
    path = office.desk("north") / "record.db"
    office.ask("north", "log")
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 97):
        data[at] ^= 0x55
    path.write_bytes(bytes(data))
    assert office.do("north", "whatnow", "--json").exit == 3
    found = office.do("north", "doctor", "--json")
    assert found.exit == 3
    assert {one["about"] for one in found.json["looked_at"] if one["state"] == "broken"} == {"record"}


def test_a_desk_put_back_from_a_backup_does_not_sign_until_it_knows_more(office: Office, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(office.desk("north"), backup)
    office.ask("north", *["suspend", "--reason", "weather"])
    office.post()
    for name in ("record.db", "record.db-wal"):
        (office.desk("north") / name).unlink(missing_ok=True)
        if (backup / name).exists():
            shutil.copy(backup / name, office.desk("north") / name)
    found = office.do("north", *["suspend", "--reason", "security", "--json"])
    assert (found.exit, found.json["code"]) == (3, "desk.restored")
    assert office.ask("north", "whatnow")["must_not_sign"] == "desk.restored"
    assert office.do("north", "restore", "confirm", "--json").exit == 3
    office.stick.joinpath("all").unlink(missing_ok=True)
    office.ask("neutral", "bundle", "export", str(office.stick / "all"), "--to", "north", "--from", "0")
    office.ask("north", "bundle", "import", str(office.stick / "all"))
    office.ask("north", "restore", "confirm")
    assert office.refused("north", *["suspend", "--reason", "security"]) == "standing.suspended_already"


def test_a_founding_act_without_ones_own_keys_is_not_signed(office: Office, tmp_path: Path) -> None:
    """An impostor seats itself under the north's name: the north's own desk refuses to sign its place away."""
    fake = Office(tmp_path / "fake")
    fake.place.mkdir()
    fake.stick.mkdir()
    fake.secret.write_text("x\n")
    fake.ask("north", *["desk", "init", "--name", "north", "--role", "party", "--letters", "N", "--work", "10"])
    enrolments = [str(fake.desk("north") / "enrolment.json")]
    enrolments += [str(office.desk(name) / "enrolment.json") for name in ("south", "neutral")]
    draft = str(office.stick / "draft")
    words = [word for one in enrolments for word in ("--enrolment", one)]
    office.ask("south", "case", "found", "--case", "c-2", *words, "--out", draft)
    found = office.do("north", "case", "sign", draft, "--json")
    assert (found.exit, found.json["code"]) == (3, "desk.foreign_founding")
