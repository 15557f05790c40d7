"""Post between desks over a line: nothing lost, nothing twice, nobody answered whose key the record does not name."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import RecordPublicStatement
from parley.desk import Attachment, Desk
from parley.desk import mailroom as mail
from parley.desk.mailroom import Call, Mailroom
from parley.desk.post_errors import PostBroken
from parley.desk.table import fresh_keys, sit_down
from parley.desk.visiting import Line, Refused, Working, visit, visit_folder
from parley.record.bundle import Bundle, write
from parley.record.request import Request, digest_of_body, from_header, to_header
from parley.words import Moment, ParticipantName, Refusal
from tests.cli.office import PASSPHRASE, Office
from tests.web.calling import Wire, breaks_off

NOW = Moment("2025-05-16T09:00:00Z")
NORTH = ParticipantName("north")


class Place:
    """Three desks and the neutral's mailroom."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desks = sit_down(now=lambda: NOW)
        self.at = 1_000_000
        self.room = Mailroom(self.desks["neutral"], folder / "neutral", seconds=lambda: self.at)

    def wire(self, name: str = "north", between: object = None) -> Wire:
        return Wire(self.room, self.desks[name], self.folder / name, between)  # type: ignore[arg-type]

    def at_desk(self, name: str) -> Working:
        return lambda: nullcontext(self.desks[name])

    def say(self, name: str, number: int) -> None:
        said = RecordPublicStatement(speaker=NORTH, said=NOW, source=f"evening {number}")
        assert not isinstance(self.desks[name].sign(said), Refusal)

    def word(self) -> str:
        return self.room.answer(Call(method="GET", target="nonce")).headers["parley-nonce"]

    def signed(self, method: str = "GET", target: str = "bundle?since=0", body: bytes = b"", **other: str) -> str:
        said = {"party": NORTH, "case": self.desks["neutral"].origin, "nonce": "", **other}
        said["nonce"] = said["nonce"] or self.word()
        request = Request(method=method, target=target, body=digest_of_body(body), **said)  # type: ignore[arg-type]
        return to_header(request, self.desks["north"].keys.signers["north/desk"])

    def code(self, call: Call) -> str:
        reply = self.room.answer(call)
        return str(json.loads(reply.body)["code"]) if reply.status != 200 else ""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def same_record(*desks: Desk) -> bool:
    return len({tuple(desk.store.acts()) for desk in desks}) == 1


def test_one_visit_gives_what_waits_and_takes_what_is_new(place: Place) -> None:
    for number in range(3):
        place.say("north", number)
    place.say("neutral", 9)
    done = visit(place.at_desk("north"), place.wire())
    assert (done.logged, done.turned_away) == (3, ())
    assert not place.desks["north"].waiting
    assert same_record(place.desks["north"], place.desks["neutral"])
    assert "north/desk" in set(place.desks["neutral"].checkpoint.cosigners)  # type: ignore[union-attr]


def test_a_party_that_was_away_for_a_week_catches_up_with_one_visit(place: Place) -> None:
    for number in range(60):
        place.say("neutral", number)
        if number % 7 == 0:
            place.say("north", number)
            visit(place.at_desk("north"), place.wire())
    done = visit(place.at_desk("south"), place.wire("south"))
    assert done.acts == 60 + 9
    assert same_record(place.desks["south"], place.desks["neutral"])
    again = visit(place.at_desk("south"), place.wire("south"))
    assert (again.acts, again.logged, again.rounds) == (0, 0, 1)


def test_a_second_visit_with_the_same_bundle_does_nothing(place: Place) -> None:
    place.say("north", 1)
    data = place.desks["north"].bundle("neutral")
    wire = place.wire()
    assert [wire.give(data)["logged"] for _ in range(3)] == [1, 0, 0]


def sealed(place: Place, size: int) -> None:
    """Have north sign an act with a sealed paper of so many bytes."""
    paper = Attachment.of_text({"en": "x" * size}, ("south/papers", "neutral/papers"), place.desks["north"].randomness)
    said = RecordPublicStatement(speaker=NORTH, said=NOW, source="with a paper")
    assert not isinstance(place.desks["north"].sign(said, attachments=[paper]), Refusal)


@pytest.mark.parametrize("broken", range(1, 9))
def test_a_line_that_breaks_at_any_request_loses_nothing(
    place: Place, broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("parley.desk.mailroom", "parley.desk.visiting"):
        monkeypatch.setattr(f"{module}.PIECE", 4096)
    sealed(place, 9000)
    place.say("neutral", 1)
    with suppress(PostBroken):
        visit(place.at_desk("north"), place.wire(between=breaks_off(broken)))
    visit(place.at_desk("north"), place.wire())
    with suppress(PostBroken):
        visit(place.at_desk("south"), place.wire("south", between=breaks_off(broken)))
    visit(place.at_desk("south"), place.wire("south"))
    visit(place.at_desk("north"), place.wire())
    assert same_record(*place.desks.values())
    south = place.desks["south"]
    assert all(south.store.blob(one.blob) is not None for _, one in south.sealed_acts())
    assert not list(place.folder.glob("*/*.part"))


def test_a_piece_goes_on_where_it_broke_and_is_not_sent_twice(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("parley.desk.mailroom", "parley.desk.visiting"):
        monkeypatch.setattr(f"{module}.PIECE", 4096)
    sealed(place, 20_000)
    data = place.desks["north"].bundle("neutral")
    pieces = -(-len(data) // 4096)
    with pytest.raises(PostBroken):
        place.wire(between=breaks_off(4)).give(data)
    wire = place.wire()
    assert wire.give(data)["logged"] == 1
    assert wire.calls == 1 + 1 + (pieces - 3)  # a fresh word, the question where to go on, the pieces left


# --- attacks ---------------------------------------------------------------------------------------------------------


def test_attack_a_recorded_request_is_sent_again(place: Place) -> None:
    call = Call(method="GET", target="bundle?since=0", signed=place.signed())
    assert place.code(call) == ""
    assert place.code(call) == "post.stale"


def test_attack_a_word_that_is_old_or_that_nobody_gave(place: Place) -> None:
    late = Call(method="GET", target="bundle?since=0", signed=place.signed())
    place.at += 301
    assert place.code(late) == "post.stale"
    for nonce in ("0" * 64, "0" * 32, "ab" * 64):
        assert place.code(Call(method="GET", target="bundle?since=0", signed=place.signed(nonce=nonce))) == "post.stale"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"target": "bundle?since=1"}, "post.unsigned"),
        ({"method": "POST", "body": b"x"}, "post.unsigned"),
        ({"body": b"something else"}, "post.unsigned"),
        ({"signed": ""}, "post.unsigned"),
        ({"signed": "A" * 5000}, "post.unsigned"),
        ({"target": "../../etc/passwd"}, "post.nothing_there"),
        ({"target": "bundle?since=-1"}, "post.nothing_there"),
        ({"method": "DELETE"}, "post.nothing_there"),
        ({"body": b"x" * (mail.PIECE + 1)}, "post.too_long"),
    ],
)
def test_attack_a_signed_request_is_used_for_something_else(
    place: Place, changed: dict[str, object], code: str
) -> None:
    said: dict[str, object] = {"method": "GET", "target": "bundle?since=0", "signed": place.signed(), **changed}
    assert place.code(Call(**said)) == code  # type: ignore[arg-type]


def test_attack_another_participants_name_over_ones_own_key(place: Place) -> None:
    call = Call(method="GET", target="bundle?since=0", signed=place.signed(party=ParticipantName("south")))
    assert place.code(call) == "post.unsigned"
    call = Call(method="GET", target="bundle?since=0", signed=place.signed(party=ParticipantName("west")))
    assert place.code(call) == "post.stranger"


def test_attack_a_stranger_whose_key_has_the_right_name(place: Place) -> None:
    place.desks["north"].keys = fresh_keys("north")
    assert place.code(Call(method="GET", target="bundle?since=0", signed=place.signed())) == "post.unsigned"
    with pytest.raises(PostBroken, match=r"post\.not_signed_in"):
        place.wire()


def test_attack_an_acts_signature_is_no_signature_of_a_request(place: Place) -> None:
    from base64 import b64encode

    note = place.desks["neutral"].act_at(0).note
    assert from_header(b64encode(note).decode()) is None


def test_another_case_is_told_so(place: Place) -> None:
    assert place.code(Call(method="GET", target="bundle?since=0", signed=place.signed(case="x/y"))) == "post.other_case"


def test_attack_pieces_out_of_place_too_many_bytes_or_another_whole(place: Place) -> None:
    def send(body: bytes, at: int, of: int, whole: str) -> tuple[str, object]:
        target = f"bundle?at={at}&of={of}&whole={whole}"
        call = Call(method="POST", target=target, body=body, signed=place.signed("POST", target, body))
        reply = place.room.answer(call)
        said = json.loads(reply.body)
        return str(said.get("code", "")), said.get("facts", said)

    whole = sha256(b"abcdef").hexdigest()
    assert send(b"abc", 3, 6, whole) == ("post.pieces", {"have": 0})
    assert send(b"abc", 0, 6, whole) == ("", {"have": 3})
    assert send(b"abc", 0, 6, whole) == ("post.pieces", {"have": 3})
    assert send(b"xyz", 3, 6, whole) == ("post.pieces", {"have": 0})
    assert send(b"abc", 0, 6, whole)[0] == ""
    assert send(b"def", 3, 6, whole)[0] == "bundle.header"
    assert send(b"abc", 0, (1 << 28) + 1, whole)[0] == "post.too_long"
    assert send(b"abcd", 0, 3, whole)[0] == "post.nothing_there"
    assert place.desks["neutral"].size == place.desks["north"].size


def test_attack_many_bundles_begun_and_none_finished_keep_one_piece(place: Place) -> None:
    for number in range(5):
        target = f"bundle?at=0&of=100&whole={sha256(bytes([number])).hexdigest()}"
        place.room.answer(Call(method="POST", target=target, body=b"abc", signed=place.signed("POST", target, b"abc")))
    assert len(list((place.folder / "neutral").iterdir())) == 1


def test_attack_a_hostile_bundle_over_the_line_is_refused_as_from_a_stick(place: Place) -> None:
    place.say("north", 1)
    data = bytearray(place.desks["north"].bundle("neutral"))
    data[-200] ^= 1
    before = place.desks["neutral"].size
    with suppress(Refused):  # a spoiled form is refused whole; an act whose signature is spoiled is turned away
        assert place.wire().give(bytes(data))["turned_away"]
    assert place.desks["neutral"].size == before
    foreign = write(Bundle(origin="another/log", start=0, stop=0))
    with pytest.raises(Refused, match=r"desk\.other_case"):
        place.wire().give(foreign)


def test_attack_a_false_neutral_hands_out_what_is_no_bundle_of_the_case(place: Place) -> None:
    place.room = Mailroom(sit_down(now=lambda: NOW)["neutral"], place.folder / "other", seconds=lambda: place.at)
    with pytest.raises((Refused, PostBroken)):
        visit(place.at_desk("south"), place.wire("south"))


def test_a_desk_that_is_no_neutrals_hands_nothing_out(place: Place) -> None:
    room = Mailroom(place.desks["south"], place.folder / "south", seconds=lambda: place.at)
    word = room.answer(Call(method="GET", target="nonce")).headers["parley-nonce"]
    call = Call(method="GET", target="bundle?since=0", signed=place.signed(nonce=word))
    assert json.loads(room.answer(call).body)["code"] == "desk.not_neutral"


def test_nobody_gets_a_file_sealed_to_others(place: Place) -> None:
    paper = Attachment.of_text({"en": "for the neutral alone"}, ("neutral/papers",), place.desks["north"].randomness)
    said = RecordPublicStatement(speaker=NORTH, said=NOW, source="with a paper")
    place.desks["north"].sign(said, attachments=[paper])
    visit(place.at_desk("north"), place.wire())
    assert visit(place.at_desk("south"), place.wire("south")).files == 0


@given(st.text(max_size=300))
def test_any_header_is_a_request_or_none(header: str) -> None:
    assert from_header(header) is None


@cache
def one_room() -> Mailroom:
    return Mailroom(sit_down(now=lambda: NOW)["neutral"], Path(mkdtemp()), seconds=lambda: 7)


@given(st.sampled_from(["GET", "POST"]), st.text(max_size=80), st.binary(max_size=40))
def test_any_call_is_answered(method: str, target: str, body: bytes) -> None:
    assert one_room().answer(Call(method=method, target=target, body=body)).status in {200, 401, 404, 413}


@pytest.mark.parametrize("address", ["ftp://x/", "http://", "https://name:word@x/", "http://x:99999/", "http://x/?a=b"])
def test_what_is_no_address_is_refused(place: Place, address: str) -> None:
    with pytest.raises(PostBroken, match=r"post\.address"):
        Line(address, place.desks["north"], place.folder / "north")


# --- through a folder ------------------------------------------------------------------------------------------------


def test_a_shared_folder_carries_the_same_bundles(place: Place) -> None:
    shared = place.folder / "shared"
    shared.mkdir()
    neutral, north, south = (place.desks[name] for name in ("neutral", "north", "south"))
    place.say("north", 1)
    place.say("south", 2)
    for _ in range(2):
        for desk in (north, south):
            visit_folder(desk, shared, [("neutral", desk.size)])
        visit_folder(neutral, shared, [("north", 0), ("south", 0)])
    for desk in (north, south):
        visit_folder(desk, shared, [("neutral", desk.size)])
    assert same_record(neutral, north, south)
    assert not north.waiting


def test_attack_rubbish_in_the_shared_folder_is_set_aside_and_stops_nobody(place: Place) -> None:
    shared = place.folder / "shared"
    shared.mkdir()
    (shared / "a-to-neutral-0.bundle").write_bytes(b"rubbish")
    (shared / "b-to-neutral-0.bundle").symlink_to("/etc/hostname")
    place.say("north", 1)
    visit_folder(place.desks["north"], shared, [("neutral", 0)])
    done = visit_folder(place.desks["neutral"], shared, [])
    assert (done.logged, done.refused) == (1, ("bundle.header",))
    with pytest.raises(PostBroken, match=r"post\.folder"):
        visit_folder(place.desks["north"], place.folder / "nowhere", [])


# --- two programs ----------------------------------------------------------------------------------------------------


@pytest.fixture
def neutral_program(office: Office) -> Iterator[str]:
    """The neutral's desk served by a program of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "tests.web.calling", str(office.desk("neutral")), PASSPHRASE, str(port)]
    program = subprocess.Popen(words)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        program.terminate()
        program.wait(10)


def test_two_programs_exchange_what_was_typed_at_one_of_them(office: Office, neutral_program: str) -> None:
    said = ("statement", "add", "--speaker", "south", "--said", NOW, "--source", "evening")
    office.ask("north", *said, "--text", "en=a quotation", "--seal-to", "south/papers,neutral/papers")
    first = office.ask("north", "sync", neutral_program)
    assert (first["waiting"], first["turned_away"]) == (0, [])
    assert first["logged"] in {1, 2}  # the statement, and the neutral's time if it moved
    theirs = office.ask("south", "sync", neutral_program)
    assert theirs["files"] == 1
    assert theirs["size"] == first["size"]
    assert office.ask("south", "words")["words"] == office.ask("north", "words")["words"]
    again = office.do("north", "sync", neutral_program, "--every", "1", "--times", "2", "--json")
    assert [json.loads(line)["logged"] for line in again.out.splitlines()] == [0, 0]


def test_a_neutral_that_does_not_answer_is_told_in_words(office: Office) -> None:
    said = office.do("north", "sync", "http://127.0.0.1:9/", "--json")
    assert (said.exit, said.json["code"]) == (3, "post.unreachable")
    assert "Nothing was lost" in said.json["next"]
