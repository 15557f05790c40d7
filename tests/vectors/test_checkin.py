"""Every vector of checking people across, against the package: the page on the devices runs the same files."""

import json
from base64 import b64decode
from itertools import permutations
from typing import Any

import pytest

from parley.handover import answers, enrolling, joining, pack
from parley.handover.answers import Posting
from parley.handover.entries import Entry, Request, plain, read_line, sign_entry, sign_request
from parley.handover.errors import BookBroken, EnrolBroken, PackBroken
from parley.handover.exposure import leads
from parley.handover.manifest import ManifestBroken, tag
from parley.record.keys import SigningKey, VerifyKey
from parley.words import LineId, ParticipantName
from tests.vectors.renew_checkin import FOLDER, MADE, text_of

WRONG = {
    "not_a_card": "manifest.not_a_tag",
    "other_case": "manifest.another_case",
    "mistyped": "manifest.mistyped",
}


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def cases(name: str, key: str = "cases") -> list[Any]:
    return [pytest.param(one, id=one.get("name", "")) for one in vectors(name)[key]]


def entry(body: dict[str, Any]) -> Entry:
    return Entry(**(body | {"answers": tuple(body["answers"])}))


@pytest.mark.parametrize("name", [name for name in MADE if name != "packs"])
def test_what_is_committed_is_what_the_package_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(name)


@pytest.mark.parametrize("one", cases("cards"))
def test_what_a_card_says(one: dict[str, Any]) -> None:
    if one["wrong"]:
        with pytest.raises(ManifestBroken) as caught:
            answers.read_text(one["text"], one["case"])
        assert caught.value.code == WRONG[one["wrong"]]
    else:
        card = answers.read_text(one["text"], one["case"])
        assert (card.line, card.batch, card.version) == (one["line"], one["batch"], one["version"])


@pytest.mark.parametrize("one", cases("cards", "printed"))
def test_what_is_printed_on_a_card(one: dict[str, Any]) -> None:
    assert tag(one["case"], one["batch"], LineId(one["line"]), one["version"]) == one["text"]


@pytest.mark.parametrize("one", cases("answers"))
def test_what_a_scan_answers(one: dict[str, Any]) -> None:
    known = [(each["id"], entry(each["entry"])) for each in one["known"]]
    every = vectors("answers")
    carried = pack.read(every["content"].encode(), b64decode(every["key"]))
    for order in (known, known[::-1]):
        found = answers.answer(carried, order, Posting(**one["posting"]), one["text"], one["time"])
        assert list(found.words) == one["words"]
        assert (found.line or "", found.outcome) == (one["line"], one["outcome"])


@pytest.mark.parametrize("one", cases("leads"))
def test_how_far_a_side_is_ahead(one: dict[str, Any]) -> None:
    planned, handed = ({ParticipantName(k): v for k, v in one[name].items()} for name in ("planned", "handed"))
    assert leads(planned, handed) == one["leads"]


def test_entries_their_texts_ids_and_lines() -> None:
    every = vectors("entries")
    for one in every["cases"]:
        written = entry(one["entry"])
        gate = SigningKey.from_seed(written.device, bytes.fromhex(every["seed"]))
        assert gate.verify_key.raw == b64decode(every["key"])
        assert (written.text().decode(), written.id()) == (one["text"], one["id"])
        assert sign_entry(written, gate).line().decode() == one["line"]
        assert read_line(one["line"].rstrip("\n").encode()).what == written
    for one in every["plain"]:
        assert plain(one["text"]) == one["plain"]


@pytest.mark.parametrize("one", cases("entries", "malformed"))
def test_lines_in_no_form(one: dict[str, Any]) -> None:
    with pytest.raises(BookBroken, match=r"book\.malformed"):
        read_line(one["line"].encode())


@pytest.mark.parametrize("one", cases("packs"))
def test_packs_open_or_say_why_not(one: dict[str, Any]) -> None:
    def opened() -> bytes:
        content, raw = pack.unlock(one["file"].encode(), one["pin"])
        if enrolling.key_letters(VerifyKey("any", raw)) != vectors("packs")["key"]:
            raise PackBroken("pack.other_key")
        pack.read(content, raw)
        return content

    if one["code"]:
        with pytest.raises(PackBroken) as caught:
            opened()
        assert caught.value.code == one["code"]
    else:
        assert opened().decode() == one["content"]


@pytest.mark.parametrize("one", cases("enrolment"))
def test_what_an_enrolment_code_says(one: dict[str, Any]) -> None:
    if one["code"]:
        with pytest.raises(EnrolBroken) as caught:
            enrolling.read_code(one["text"])
        assert caught.value.code == one["code"]
    else:
        read = enrolling.read_code(one["text"])
        assert {name: getattr(read, name) for name in one["says"]} == one["says"]


def test_a_device_asks_and_its_desk_answers_as_written() -> None:
    every = vectors("enrolment")
    code = enrolling.read_code(every["cases"][0]["text"])
    gate = SigningKey.from_seed(code.device, bytes.fromhex(every["seed"]))
    asked = sign_request(enrolling.request(every["case"], 1, code, gate.verify_key), gate)
    assert asked.line().decode() == every["request"]
    assert isinstance(asked.what, Request)


@pytest.mark.parametrize("one", cases("enrolment", "openings"))
def test_a_desk_takes_a_device_once_and_in_time(one: dict[str, Any]) -> None:
    every = vectors("enrolment")
    opening = enrolling.Opening(**(every["opening"] | {"used": one["used"]}))
    desk = SigningKey.from_seed("neutral/desk", bytes.fromhex(every["desk_seed"]))

    def admitted() -> str:
        asked = enrolling.read_request(one["line"].encode())
        given = enrolling.admit(asked, {opening.device: opening}, every["case"], one["now"], desk, every["until"])
        assert given.signed_by(desk.verify_key)
        return given.line().decode()

    if one["code"]:
        with pytest.raises(EnrolBroken) as caught:
            admitted()
        assert caught.value.code == one["code"]
    elif one["now"] == "2025-05-23T05:00:00Z":
        assert admitted() == every["certificate"]
    else:
        assert admitted()


@pytest.mark.parametrize("one", cases("books"))
def test_books_join_in_any_order_and_say_what_is_odd(one: dict[str, Any]) -> None:
    every = vectors("books")
    trusted = {name: VerifyKey(name, b64decode(raw)) for name, raw in every["trusted"].items()}
    for order in permutations(one["books"]):
        pile = joining.join(joining.read_book(each.encode()) for each in order)
        found = joining.look(pile, case=every["case"], batch=every["batch"], now=every["time"], trusted=trusted)
        assert [name for name, _ in found.accepted] == one["accepted"]
        assert [{"word": each.word, "line": each.line.decode()} for each in found.aside] == one["aside"]
        assert [{"word": each.word, **dict(each.about)} for each in found.shown] == one["shown"]
        tallies = {
            who: {"lines": {k: list(v) for k, v in t.outcomes.items()}, "unlisted": t.unlisted}
            for who, t in found.tallies().items()
        }
        assert tallies == one["tallies"]
