"""The check-in page served by a real desk: one program that knows devices by typed names, and the file for a stick."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from parley.desk import point as at_point
from parley.desk.folder import open_folder, read_folder
from parley.handover import joining
from parley.handover import pack as packs
from parley.web.checkin.receiving import Place, Receiving
from tests.cli.office import PASSPHRASE, Office
from tests.web.hands import Hands, browser
from tests.web.point import DESK, PIN, at, locked, now, pack_of


def test_a_desk_serves_the_page_and_keeps_what_devices_saw(office: Office, tmp_path: Path) -> None:
    folder = read_folder(office.desk("neutral"))
    desk = open_folder(folder, unlock_with=lambda _key: PASSPHRASE, now=now)
    signer = at_point.signer_of(desk)
    case = desk.origin
    desk.store.close()
    made = pack_of()
    fields = {
        name: getattr(made, name) for name in ("batch", "counter", "expires", "hold", "issued", "last", "parties")
    }
    mine = packs.Pack(case=case, stations=made.stations, version=1, people=made.people, **fields)
    file = tmp_path / "batch-1.pack"
    key = signer.verify_key
    file.write_bytes(
        packs.lock(packs.sign(mine, signer), PIN, key, salt=b"s" * 16, nonce=b"n" * 12, iterations=100_000)
    )

    words = [
        sys.executable,
        "-m",
        "parley.web.checkin",
        "serve",
        "--desk",
        str(folder.path),
        "--pack",
        str(file),
        "--port",
        "0",
    ]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(f"{PASSPHRASE}\n{PIN}\ngate-1\n")
            program.stdin.flush()
            address = next(line for line in program.stdout if "/checkin/" in line).split()[-1]
            code = next(line for line in program.stdout if line.startswith("P1E:")).strip()
            with browser() as chromium:
                hands = Hands(chromium.new_context(), address)
                hands.ready(code)
                assert hands.types("N1") == "ok"
                hands.wait_confirmed(1)
        finally:
            program.terminate()
    pile = joining.read_book((folder.path / "point" / "batch-1.book").read_bytes())
    found = joining.look(pile, case=case, batch=1, now=at(1), trusted={key.name: key})
    assert [one.line for _, one in found.accepted] == ["N1"]


def test_the_file_for_a_stick(office: Office, tmp_path: Path) -> None:
    pack = tmp_path / "batch-1.pack"
    out = tmp_path / "check-in.html"
    pack.write_bytes(b"Dear officer,\n")
    letter = office.do("neutral", "handover", "single-file", "--pack", str(pack), "--out", str(out), "--json")
    assert (letter.exit, letter.json["code"], out.exists()) == (3, "pack.malformed", False)
    pack.write_bytes(locked(pack_of(2)))
    said = office.ask("neutral", "handover", "single-file", "--pack", str(pack), "--out", str(out))
    assert said["bytes"] == out.stat().st_size
    assert "parley.pack/1" in out.read_text("utf-8")
    again = office.do("neutral", "handover", "single-file", "--pack", str(pack), "--out", str(out), "--json")
    assert again.json["code"] == "cli.exists"


def test_serving_in_a_dry_run_starts_nothing(office: Office) -> None:
    assert office.ask("neutral", "handover", "serve", "--pack", "none", "--dry-run")["dry_run"] is True


def test_a_pack_that_is_none_is_said_before_anything_is_served(office: Office, tmp_path: Path) -> None:
    pack = tmp_path / "batch-1.pack"
    pack.write_bytes(b"a letter")
    said = office.do("neutral", "handover", "serve", "--pack", str(pack), "--json")
    assert said.json["code"] == "pack.malformed"


def test_a_full_disk_leaves_no_half_line_and_what_is_sent_again_is_kept(tmp_path: Path) -> None:
    """The disk takes the first bytes of a line and no more, as a full one does: RLIMIT_FSIZE makes this program's so."""
    resource = pytest.importorskip("resource")
    (tmp_path / "batch-1.pack").write_bytes(locked(pack_of(2)))
    place = Place(folder=tmp_path / "point", pack=tmp_path / "batch-1.pack", pin=PIN)
    receiving = Receiving(place, DESK.verify_key, lambda _: pytest.fail("nobody asks to be known"), nonce="x")
    receiving._append(receiving.book, [b"first"])
    before = receiving.book.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 9, limits[1]))
        with pytest.raises(OSError, match="large"):
            receiving._append(receiving.book, [b"second, and longer"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, kept)
    assert receiving.book.read_bytes() == before
    receiving._append(receiving.book, [b"second, and longer"])
    assert receiving.book.read_bytes() == before + b"second, and longer\n"
