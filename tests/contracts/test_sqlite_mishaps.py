"""What can happen to a store in a file: kills, full and read-only disks, damage, old copies, other programs' files."""

import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.store import RESTORED, Change, InUse, SqliteStore, Store, StoreBroken
from tests.contracts.conftest import Place
from tests.contracts.samples import a_step, everything, note, notes, sealed

CHECKOUT = Path(__file__).resolve().parents[2]


def filled(place: Place, steps: int = 5) -> Path:
    """Keep a few steps and close; return the file."""
    store = place.open()
    for number in range(steps):
        store.write(a_step(store, f"list {number}"))
    store.close()
    return Path(place.where)


def why_not(place: Place) -> str:
    """Return the code with which a store refuses to open, or to be read whole."""
    with pytest.raises(StoreBroken) as caught:
        read_whole(place.open())
    return caught.value.code


def read_whole(store: Store) -> tuple[object, ...]:
    """Read every row, so that every sum is looked at."""
    sizes = [store.checkpoint(size) for size in range(store.size + 1)]
    found = everything(store, tuple(sealed(f"list {number}")[0] for number in range(5))), sizes
    store.close()
    return found


def by_hand(path: Path, *statements: str) -> None:
    """Change a store's tables behind its back."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# -- killed


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_confirmed_outlives_kills_cut_logs_and_turned_bits(tmp_path: Path, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "bench/crash.py", "--kills", "60", "--seed", str(seed), "--folder", tmp_path, "--json"],
        cwd=CHECKOUT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["found"]
    assert sum(kind["times"] for kind in found.values()) == 60
    assert all(kind["confirmed"] > 0 for kind in found.values())
    assert found["killed"]["intact"] == found["killed"]["times"]
    assert not any(kind.get("lost, silent") or kind.get("wrong") for kind in found.values())


def test_a_lock_left_by_a_killed_program_keeps_nobody_out(file_place: Place) -> None:
    path = filled(file_place)
    lock = path.with_name(path.name + "-lock")
    lock.write_text("pid 1\nhost elsewhere\nsince 2025-05-16T09:00:00Z\nowner north desk\n")
    assert file_place.open().size == 5


def test_another_process_is_told_who_holds_the_store(file_place: Place) -> None:
    file_place.open(owner="north desk, web")
    code = (
        "import sys; from parley.store import *\n"
        "try: open_store(sys.argv[1], 'second')\n"
        "except InUse as held: print(held)"
    )
    done = subprocess.run([sys.executable, "-c", code, file_place.where], capture_output=True, check=True, text=True)
    assert done.stdout.startswith(f"store.in_use (owner=north desk, web, pid={os.getpid()}, host=")


def test_deleting_the_lock_file_lets_no_second_writer_in(file_place: Place) -> None:
    file_place.open()
    Path(file_place.where + "-lock").unlink()
    with pytest.raises(InUse) as caught:
        file_place.open()
    assert caught.value.facts["owner"] == "unknown"


# -- old copies


def test_an_old_copy_put_back_stops_the_desk_from_signing(file_place: Place) -> None:
    path = filled(file_place)
    shutil.copy(path, path.with_name("backup"))
    filled(file_place, steps=3)
    shutil.copy(path.with_name("backup"), path)
    store = file_place.open()
    assert store.size == 5
    assert store.facts(RESTORED) == {RESTORED: b"8"}
    store.write(Change(start=5, facts={RESTORED: None}))
    store.close()
    again = file_place.open()
    assert RESTORED not in again.facts()
    assert again.size == 5


def test_an_old_cosigning_put_back_stops_the_desk_although_no_act_is_missing(file_place: Place) -> None:
    path = filled(file_place)
    shutil.copy(path, path.with_name("backup"))
    store = file_place.open()
    store.write(Change(start=5, checkpoints=((5, b"cosigned"),)))
    store.close()
    shutil.copy(path.with_name("backup"), path)
    assert file_place.open().facts(RESTORED) == {RESTORED: b"5"}


def test_a_store_begun_anew_in_place_of_a_lost_one_says_so(file_place: Place) -> None:
    filled(file_place).unlink()
    store = file_place.open()
    assert store.size == 0
    assert store.facts() == {RESTORED: b"5"}


def test_an_unreadable_mark_is_no_mark(file_place: Place) -> None:
    path = filled(file_place)
    path.with_name(path.name + "-kept").write_bytes(b"\x00" * 53)
    assert RESTORED not in file_place.open().facts()


# -- damage


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE act SET note = CAST(note || x'0a' AS BLOB) WHERE n = 2",
        "UPDATE act SET sum = zeroblob(32) WHERE n = 2",
        "UPDATE act SET n = 7 WHERE n = 4",
        "UPDATE act SET n = 9 WHERE n = 2; UPDATE act SET n = 2 WHERE n = 3; UPDATE act SET n = 3 WHERE n = 9",
        "DELETE FROM act WHERE n = 0",
        "DELETE FROM act WHERE n = 4",
        "UPDATE checkpoint SET note = x'00' WHERE size = 3",
        "UPDATE checkpoint SET size = 9 WHERE size = 3",
        "UPDATE fact SET value = x'00' WHERE name = 'head'",
        "UPDATE fact SET name = 'other' WHERE name = 'head'",
        "UPDATE blob SET data = x'00'",
        "UPDATE tail SET acts = 4",
        "UPDATE tail SET changes = 99",
        "DELETE FROM tail",
        "DROP TABLE blob",
        "CREATE TRIGGER quiet AFTER INSERT ON act BEGIN DELETE FROM act; END",
        "CREATE TABLE more (x)",
    ],
)
def test_a_row_changed_behind_the_stores_back_is_seen(file_place: Place, statement: str) -> None:
    by_hand(filled(file_place), *statement.split("; ") if "TRIGGER" not in statement else [statement])
    assert why_not(file_place) == "store.torn"


def test_a_damaged_act_is_refused_when_read_and_the_others_are_given(file_place: Place) -> None:
    by_hand(filled(file_place), "UPDATE act SET note = x'0a0a' WHERE n = 2")
    store = file_place.open()
    assert tuple(store.acts(3)) == notes(3, 5)
    reading = store.acts()
    assert (next(reading), next(reading)) == notes(0, 2)
    with pytest.raises(StoreBroken) as caught:
        next(reading)
    assert caught.value.facts == {"table": "act", "place": 2}


@pytest.mark.parametrize("seed", range(8))
def test_no_turned_bit_goes_unnoticed_unless_it_changes_nothing(file_place: Place, seed: int) -> None:
    path = filled(file_place)
    whole = path.read_bytes()
    expected = read_whole(file_place.open())
    chance = random.Random(seed)
    seen = 0
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            assert read_whole(file_place.open()) == expected
        except StoreBroken as broken:
            assert broken.code in {"store.torn", "store.foreign", "store.version", "store.read_only"}  # noqa: PT017
            seen += 1
        finally:
            file_place.close_all()
            path.with_name(path.name + "-wal").unlink(missing_ok=True)
    assert seen


@pytest.mark.parametrize("length", [0, 1])
def test_a_store_cut_to_nothing_counts_as_begun_anew(file_place: Place, length: int) -> None:
    os.truncate(filled(file_place), length)
    store = file_place.open()
    assert store.size == 0
    assert store.facts() == {RESTORED: b"5"}


@pytest.mark.parametrize("length", [100, 4095, 4096, 8192, 12_000])
def test_a_store_cut_short_is_refused(file_place: Place, length: int) -> None:
    os.truncate(filled(file_place), length)
    assert why_not(file_place) in {"store.torn", "store.foreign"}


# -- other programs' files and other versions


def test_a_file_that_is_no_store_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("To the exchange office.\n" * 100)
    place = Place(str(letter))
    assert why_not(place) == "store.foreign"
    assert letter.read_text() == "To the exchange office.\n" * 100


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    by_hand(other, "CREATE TABLE letters (x)")
    before = other.read_bytes()
    assert why_not(Place(str(other))) == "store.foreign"
    assert other.read_bytes() == before


def test_a_store_of_a_later_version_is_refused(file_place: Place) -> None:
    by_hand(filled(file_place), "PRAGMA user_version=2")
    with pytest.raises(StoreBroken) as caught:
        file_place.open()
    assert caught.value.code == "store.version"
    assert caught.value.facts == {"found": 2, "known": 1}


@pytest.mark.parametrize("where", ["no/such/folder/case.sqlite", ".", "case.sqlite/inside"])
def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path, where: str) -> None:
    (tmp_path / "case.sqlite").touch()
    assert why_not(Place(str(tmp_path / where))) == "store.address"


# -- what is left on the disk


def test_only_its_owner_may_read_a_store(file_place: Place) -> None:
    store = file_place.open()
    store.write(a_step(store, "list"))
    files = list(Path(file_place.where).parent.iterdir())
    assert len(files) == 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_forgotten_bytes_are_in_no_file_of_the_store(file_place: Place) -> None:
    store = file_place.open()
    digest, data = sealed("list of north")
    kept = sealed("list of south")
    store.write(Change(start=0, blobs=((digest, data), kept), facts={"note": b"UNMISTAKABLE"}))
    store.write(Change(start=0, forget=(digest,), facts={"note": None}))
    folder = Path(file_place.where).parent
    for _ in range(2):
        found = b"".join(file.read_bytes() for file in folder.iterdir())
        assert data[22:54] not in found
        assert b"UNMISTAKABLE" not in found
        assert kept[1][22:54] in found
        store.close()


def test_bytes_forgotten_just_before_a_kill_go_at_the_next_opening(file_place: Place) -> None:
    store = file_place.open()
    assert isinstance(store, SqliteStore)
    digest, data = sealed("list of north")
    store.write(Change(start=0, blobs=((digest, data),)))
    store._scrub = lambda: None  # type: ignore[method-assign]
    store.write(Change(start=0, forget=(digest,)))
    path, copy = Path(file_place.where), Path(file_place.where).with_name("copy")
    for ending in ("", "-wal"):
        shutil.copy(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
    assert data[22:54] in copy.with_name("copy-wal").read_bytes()
    place = Place(str(copy))
    assert place.open().blob(digest) is None
    assert not any(data[22:54] in file.read_bytes() for file in copy.parent.glob("copy*"))
    place.close_all()


def test_a_store_vacuumed_by_hand_is_the_same_store(file_place: Place) -> None:
    path = filled(file_place)
    before = read_whole(file_place.open())
    by_hand(path, "PRAGMA secure_delete=ON", "VACUUM")
    assert read_whole(file_place.open()) == before


# -- full and read-only disks


def test_a_full_disk_keeps_the_whole_change_out_and_takes_it_when_there_is_room(file_place: Place) -> None:
    store = file_place.open()
    assert isinstance(store, SqliteStore)
    store.write(a_step(store, "list 0"))
    before = everything(store)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count={pages + 2}")
    change = Change(start=1, acts=notes(1, 300), checkpoints=((300, b"300"),), facts={"head": b"300"})
    with pytest.raises(StoreBroken) as caught:
        store.write(change)
    assert caught.value.code == "store.full"
    assert everything(store) == before
    store._connection.execute("PRAGMA max_page_count=1000000")
    store.write(change)
    assert store.size == 300


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of one megabyte, where we may make one."""
    folder = Path(tempfile.mkdtemp(prefix="parley-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "parley-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk (root)")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def test_a_really_full_disk_loses_nothing_that_was_confirmed(small_disk: Path) -> None:
    place = Place(str(small_disk / "case.sqlite"))
    store = place.open()
    confirmed: list[bytes] = []
    filler = small_disk / "other people's files"
    filler.write_bytes(b"x" * 400_000)
    codes: set[str] = set()
    for seq in range(400):
        act = note(seq, signer="north/" + "x" * 4000)
        try:
            store.write(Change(start=store.size, acts=(act,), facts={"head": act}))
        except StoreBroken as broken:
            codes.add(broken.code)
            assert store.size == len(confirmed)
            assert tuple(store.acts()) == tuple(confirmed)
            if filler.exists():
                filler.unlink()
        else:
            confirmed.append(act)
    assert codes == {"store.full"}
    assert not filler.exists()
    assert len(confirmed) > 50
    store.close()
    again = place.open()
    assert tuple(again.acts()) == tuple(confirmed)
    assert again.facts() == {"head": confirmed[-1]}
    place.close_all()


def test_a_disk_that_fails_while_flushing_closes_the_store(file_place: Place) -> None:
    store = file_place.open()
    assert isinstance(store, SqliteStore)
    store.write(a_step(store, "list"))
    real = store._connection

    class Failing:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def execute(self, sql: str, values: tuple[int | str | bytes, ...] = ()) -> object:
            if sql == "COMMIT":
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"
                raise error
            return real.execute(sql, values)

    store._connection = Failing()  # type: ignore[assignment]
    for _ in range(2):
        with pytest.raises(StoreBroken) as caught:
            store.write(Change(start=1, acts=notes(1, 2)))
        assert caught.value.code == "store.device"
    store.close()
    assert file_place.open().size == 1


OPEN_AND_WRITE = """
import os, sys
from parley.store import *
if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    store = open_store(sys.argv[1], "north desk")
    store.write(Change(start=store.size, facts={"head": b"1"}))
except StoreBroken as broken: print(broken.code)
else: print("written")
"""


@pytest.fixture
def stick() -> Iterator[Path]:
    """A folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="parley-stick-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def write_as_nobody(path: Path) -> str:
    """Try to write without root's right to write everywhere; return what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_AND_WRITE, path], cwd=CHECKOUT, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def test_a_stick_that_can_be_written_is_written(stick: Path) -> None:
    assert write_as_nobody(stick / "case.sqlite") == "written"


@pytest.mark.parametrize("new", [True, False])
def test_a_read_only_stick_is_refused(stick: Path, new: bool) -> None:
    if not new:
        filled(Place(str(stick / "case.sqlite")))
    for file in stick.iterdir():
        file.chmod(0o444)
    stick.chmod(0o555)
    assert write_as_nobody(stick / "case.sqlite") == "store.read_only"


@pytest.mark.parametrize("ending", ["", "-lock", "-kept"])
def test_one_read_only_file_on_a_stick_that_can_be_written_is_refused(stick: Path, ending: str) -> None:
    path = filled(Place(str(stick / "case.sqlite")))
    for file in stick.iterdir():
        file.chmod(0o444 if file == path.with_name(path.name + ending) else 0o666)
    assert write_as_nobody(path) == "store.read_only"


def test_a_disk_that_turns_read_only_while_in_use_keeps_the_change_out(file_place: Place) -> None:
    store = file_place.open()
    assert isinstance(store, SqliteStore)
    store.write(a_step(store, "list"))
    before = everything(store)
    store._connection.execute("PRAGMA query_only=ON")
    with pytest.raises(StoreBroken) as caught:
        store.write(Change(start=1, acts=notes(1, 2)))
    assert caught.value.code == "store.read_only"
    assert everything(store) == before
