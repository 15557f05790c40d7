"""The handover point typed at a desk: papers, a pack, two devices made known, their books joined, drilled, reconciled."""

import json
from pathlib import Path
from typing import Any

import pytest

from parley.handover import enrolling, pack
from parley.handover.answers import Known, Posting, entry
from parley.handover.entries import BOOK, Signed, sign_entry, sign_request
from parley.handover.pack import Pack
from parley.record.keys import SigningKey, VerifyKey
from parley.words import Digest, Moment
from tests.cli.office import Typed, typed

SECRET = {"PARLEY_PASSPHRASE_DESK": "practice", "PARLEY_PASSPHRASE_PIN": "six seven eight"}
NOON = Moment("2025-05-23T12:00:00Z")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice exchange of 40 people, played up to the handover."""
    folder = tmp_path_factory.mktemp("point") / "exchange"
    assert typed("demo", str(folder), "--people", "40", "--to", "handover", "--no-serve", "--json").exit == 0
    return folder


class Gate:
    """One device at the point, as the page is one: it asks to be known, scans, and keeps its book."""

    def __init__(self, desk: Path, name: str) -> None:
        shown = typed("handover", "enrol", name, "--json", "--desk", str(desk), environment=SECRET).json
        code = enrolling.read_code(shown["code"])
        self.key = SigningKey.from_seed(code.device, bytes([len(name) + int(name[-1])]) * 32)
        self.code, self.desk = code, desk
        self.lines: list[bytes] = []
        self.known: list[Known] = []

    def request(self, case: str) -> bytes:
        return sign_request(enrolling.request(case, 1, self.code, self.key.verify_key), self.key).line()

    def ask(self, case: str, place: Path) -> Typed:
        file = place / f"{self.key.verify_key.name.replace('/', '-')}.request"
        file.write_bytes(self.request(case))
        return typed("handover", "enrol", str(file), "--answer", "--json", "--desk", str(self.desk), environment=SECRET)

    def scan(self, carried: Pack, text: str, station: str = "crossed", **said: Any) -> Signed[Any]:
        posting = Posting(device=self.key.verify_key.name, station=station)
        last = self.known[-1][0] if self.known else Digest("")
        seen = entry(carried, self.known, posting, text, NOON, number=len(self.known) + 1, prev=last, **said)
        signed = sign_entry(seen, self.key)
        self.known.append((seen.id(), seen))
        self.lines.append(signed.line())
        return signed

    def book(self, place: Path, *more: bytes) -> Path:
        file = place / f"{self.key.verify_key.name.replace('/', '-')}.book"
        file.write_bytes(f"{BOOK}\n".encode() + b"".join((*more, *self.lines)))
        return file


@pytest.fixture(scope="module")
def carried(exchange: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    file = tmp_path_factory.mktemp("stick") / "neutral.pack"
    made = typed("handover", "pack", str(file), "--json", "--desk", str(exchange / "neutral"), environment=SECRET)
    assert made.json["people"] == 14
    content, raw = pack.unlock(file.read_bytes(), SECRET["PARLEY_PASSPHRASE_PIN"])
    return pack.read(content, VerifyKey("neutral/desk", raw).raw)


@pytest.fixture
def neutral(exchange: Path) -> Path:
    return exchange / "neutral"


def test_papers_are_the_same_bytes_each_time(neutral: Path, tmp_path: Path) -> None:
    for kind in ("manifest", "cards"):
        one, two = (
            typed("handover", kind, str(tmp_path), "--json", "--desk", str(neutral), environment=SECRET).json
            for _ in "12"
        )
        assert one == two
        assert all((tmp_path / name).read_bytes().startswith(b"%PDF") for name in one["files"])
    tags = tmp_path / "tags.csv"
    tags.write_text("line,tag\nN3,stretcher\nN3,escort\n")
    twice = typed(
        "handover", "cards", str(tmp_path), "--tags", str(tags), "--json", "--desk", str(neutral), environment=SECRET
    )
    assert twice.json["code"] == "pack.twice"


def test_the_practice_manifests_stand_in_the_record(exchange: Path, neutral: Path) -> None:
    printed = sorted((exchange / "point").glob("stage-*/*.pdf"))
    assert len(printed) == 6
    for file in printed:
        found = typed("handover", "manifest", str(file), "--check", "--json", "--desk", str(neutral))
        assert (found.exit, f"{found.json['giving']}-{found.json['vehicle']}.pdf") == (0, file.name)


def test_a_pack_holds_the_people_their_vehicles_and_a_version_that_rises_only_with_a_change(
    neutral: Path, carried: Pack, tmp_path: Path
) -> None:
    assert carried.counter == "neutral"
    assert all(one.names and one.vehicle == "bus-1" and one.seat for one in carried.people)
    again = typed("handover", "pack", str(tmp_path / "b"), "--json", "--desk", str(neutral), environment=SECRET)
    assert again.json["version"] == carried.version
    tags = tmp_path / "tags.csv"
    tags.write_text(f"line,tag\n{carried.people[0].line},stretcher\n")
    other = typed(
        "handover",
        "pack",
        str(tmp_path / "c"),
        "--tags",
        str(tags),
        "--json",
        "--desk",
        str(neutral),
        environment=SECRET,
    )
    assert other.json["version"] == carried.version + 1
    back = typed("handover", "pack", str(tmp_path / "d"), "--json", "--desk", str(neutral), environment=SECRET)
    assert back.json["version"] == carried.version + 1


def test_a_pin_that_is_too_short_and_a_batch_of_nobody_are_refused(neutral: Path, tmp_path: Path) -> None:
    short = {**SECRET, "PARLEY_PASSPHRASE_PIN": "12345"}
    found = typed("handover", "pack", str(tmp_path / "a"), "--json", "--desk", str(neutral), environment=short)
    assert found.json["code"] == "pack.pin_digits"
    short = {**SECRET, "PARLEY_PASSPHRASE_PIN": "abcde"}
    found = typed("handover", "pack", str(tmp_path / "a"), "--json", "--desk", str(neutral), environment=short)
    assert found.json["code"] == "pack.pin_short"
    found = typed(
        "handover", "pack", str(tmp_path / "a"), "--batch", "9", "--json", "--desk", str(neutral), environment=SECRET
    )
    assert found.json["code"] == "pack.nobody"
    assert not (tmp_path / "a").exists()


def test_a_day_at_the_point_from_enrolment_to_reconciliation(neutral: Path, carried: Pack, tmp_path: Path) -> None:
    one, two = Gate(neutral, "gate-1"), Gate(neutral, "gate-2")
    assert one.ask("neutral/another", tmp_path).json["code"] == "enrol.other_case"
    for gate in (one, two):
        assert gate.ask(carried.case, tmp_path).exit == 0
    assert two.ask(carried.case, tmp_path).json["code"] == "enrol.used"
    half = len(carried.people) // 2
    for person in carried.people[:half]:
        one.scan(carried, person.line.lower())
    for person in carried.people[half - 1 : -1]:
        two.scan(carried, person.line, how="gun")
    two.scan(carried, "N999", note="without a card", second="neutral/officer-2", how="typed")
    books = [one.book(tmp_path), two.book(tmp_path)]
    command = ("--json", "--desk", str(neutral))
    drilled = typed("handover", "drill", *map(str, books), *command, environment=SECRET)
    assert drilled.exit == 1
    missing = {each["item"] for each in drilled.json["findings"] if not each["right"]}
    assert missing == {"pack_on_every_device", "doubled_shown", "clocks_near"}  # nobody measured a clock
    clocks = ("--clock", "neutral/gate-1=+12", "--clock", "neutral/gate-2=-7200")
    measured = typed("handover", "drill", *map(str, books), *clocks, *command, environment=SECRET).json["findings"]
    assert next(one["detail"] for one in measured if one["item"] == "clocks_near") == "neutral/gate-2"
    assert typed("handover", "drill", *map(str, books), "--clock", "soon", *command, environment=SECRET).exit == 2
    found = typed("handover", "reconcile", *map(str, books), *command, environment=SECRET)
    assert found.json["without_book"] == ["north", "south"]
    assert (found.json["unknown"], found.json["extra"], found.json["unlisted"]["neutral"]) == ("N999", "", 1)
    assert found.json["undecided"] == found.json["unseen"]
    assert found.json["unseen"] == carried.people[-1].line
    assert len(found.json["differing"]) == len(carried.people)
    alone = typed("handover", "join", *map(str, reversed(books)), "--json", "--out", str(tmp_path / "joined"))
    assert alone.json["accepted"] == 0
    assert {each["word"] for each in alone.json["aside"]} == {"book.unknown_device"}


def test_books_alone_are_joined_on_their_own_word_or_on_the_word_of_a_key(
    neutral: Path, carried: Pack, tmp_path: Path
) -> None:
    gate = Gate(neutral, "gate-3")
    certificate = gate.ask(carried.case, tmp_path).json["certificate"].encode() + b"\n"
    for person in carried.people[:3]:
        gate.scan(carried, person.line)
    book = gate.book(tmp_path, certificate)
    alone = typed("handover", "join", str(book), str(book), "--json", "--out", str(tmp_path / "joined"))
    assert (alone.json["accepted"], alone.json["vouched"]) == (3, False)
    assert typed("handover", "join", str(tmp_path / "joined"), "--json").json["digest"] == alone.json["digest"]
    stranger = SigningKey.generate("neutral/desk").verify_key.vkey
    kept = typed("handover", "join", str(book), "--key", stranger, "--json")
    assert (kept.json["accepted"], len(kept.json["aside"])) == (0, 4)
    torn = tmp_path / "torn"
    torn.write_bytes(book.read_bytes()[:-100])
    assert typed("handover", "join", str(torn), "--json").json["aside"][0]["word"] == "book.half_line"
    torn.write_bytes(b"N17;RECEIVED\n")
    assert typed("handover", "join", str(torn), "--json").json["code"] == "book.no_book"


def test_books_of_two_batches_are_joined_only_when_it_is_said_which_is_meant(
    neutral: Path, carried: Pack, tmp_path: Path
) -> None:
    """Anybody can write lines of a case that does not exist: their number decides nothing."""
    gate = Gate(neutral, "gate-5")
    certificate = gate.ask(carried.case, tmp_path).json["certificate"].encode() + b"\n"
    gate.scan(carried, carried.people[0].line)
    book = gate.book(tmp_path, certificate)
    other = Gate(neutral, "gate-6")
    other.lines = [other.request(f"evil/{n}") for n in range(9)]
    junk = other.book(tmp_path)
    mixed = typed("handover", "join", str(book), str(junk), "--json")
    assert (mixed.exit, mixed.json["code"]) == (3, "book.mixed")
    meant = ("--case", carried.case, "--batch", "1")
    assert typed("handover", "join", str(book), str(junk), *meant, "--json").json["accepted"] == 1


def test_a_line_that_only_a_hostile_stick_writes_is_kept_aside(neutral: Path, carried: Pack, tmp_path: Path) -> None:
    gate = Gate(neutral, "gate-7")
    certificate = gate.ask(carried.case, tmp_path).json["certificate"].encode() + b"\n"
    signed = gate.scan(carried, carried.people[0].line)
    bad = json.loads(signed.line()) | {"signature": "é" + "A" * 87}
    line = json.dumps(bad, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    found = typed("handover", "join", str(gate.book(tmp_path, certificate, line)), "--json")
    assert (found.json["accepted"], [one["word"] for one in found.json["aside"]]) == (1, ["book.malformed"])


def test_an_empty_book_is_not_handed_in(exchange: Path, neutral: Path, carried: Pack, tmp_path: Path) -> None:
    gate = Gate(neutral, "gate-8")
    gate.ask(carried.case, tmp_path)
    gate.scan(carried, carried.people[0].line)
    north = ("--json", "--yes", "--desk", str(exchange / "north"))
    secret = {**SECRET, "PARLEY_PASSPHRASE_OFFICER_1": "practice", "PARLEY_PASSPHRASE_OFFICER_2": "practice"}
    found = typed("handover", "reconcile", str(gate.book(tmp_path)), "--hand-in", *north, environment=secret)
    assert found.json["code"] == "book.nothing_counts"


def test_a_device_that_never_met_its_desk_again_counts_once_people_vouch_for_it(
    neutral: Path, carried: Pack, tmp_path: Path
) -> None:
    gate = Gate(neutral, "gate-4")
    gate.scan(carried, carried.people[0].line)
    book = gate.book(tmp_path, gate.request(carried.case))
    command = ("--json", "--desk", str(neutral))
    before = typed("handover", "reconcile", str(book), *command, environment=SECRET)
    assert before.json["aside"] == 1
    request = tmp_path / "request"
    request.write_bytes(gate.request(carried.case))
    assert typed("handover", "enrol", str(request), "--vouch", *command, environment=SECRET).exit == 0
    after = typed("handover", "reconcile", str(book), *command, environment=SECRET)
    assert after.json["aside"] == 0


def test_how_the_batches_stand(neutral: Path) -> None:
    found = typed("handover", "status", "--json", "--desk", str(neutral))
    assert found.json["batches"]["1"]["status"] == "closed"
    assert found.json["batches"]["1"]["books"] == ["neutral", "north", "south"]


def test_the_batches_are_watched_until_somebody_stops_it(neutral: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    def two_seconds(seconds: float) -> None:
        looked.append(seconds)
        if len(looked) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("parley.cli.point.time.sleep", two_seconds)
    found = typed("handover", "status", "--watch", "--desk", str(neutral))
    assert found.exit == 130
    assert found.out.count("books in") == 1  # nothing changed, so it is said once
    assert looked == [2, 2, 2]


def test_people_who_ride_on_no_vehicle_yet_are_named_before_a_pack_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "early"
    assert typed("demo", str(folder), "--people", "40", "--to", "batches", "--no-serve", "--json").exit == 0
    command = (str(tmp_path / "early.pack"), "--json", "--desk", str(folder / "neutral"))
    refused = typed("handover", "pack", *command, environment=SECRET)
    assert refused.json["code"] == "pack.no_vehicle"
    assert refused.json["facts"]["count"] == 14
    assert typed("handover", "pack", *command, "--unseated", environment=SECRET).json["people"] == 14
