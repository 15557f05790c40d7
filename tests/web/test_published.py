"""What is published: texts made again from the record, one side's own, feeds, and whether a text that is shown is genuine."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from parley.acts import LANGUAGES, Figure
from parley.briefings.feeds import Published, atom, json_feed
from parley.briefings.numbers import number_sheet
from parley.briefings.own_words import own_communique
from parley.desk import Desk
from parley.desk.folder import open_folder, read_folder
from parley.desk.published import look_up, published
from parley.process.state import State
from parley.scenario.player import play
from parley.words import ActId, Moment, ParticipantName, Refusal
from tests.web.conftest import desk_of

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
NOW = Moment("2025-05-26T16:00:00Z")
ATOM = "{http://www.w3.org/2005/Atom}"


def played(text: str) -> State:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.table.state


@pytest.fixture(scope="module")
def north(at_the_end: Path) -> Desk:
    return open_folder(read_folder(at_the_end / "north"), unlock_with=None, now=lambda: NOW)


def test_the_texts_are_made_again_as_they_were_signed(north: Desk, at_the_end: Path) -> None:
    (one,) = published(north)
    assert set(one.texts) == set(LANGUAGES)
    for language, text in one.texts.items():
        assert text == (at_the_end / f"communique.{language}.txt").read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_finds_out_that_a_pasted_text_is_genuine(north: Desk, at_the_end: Path, language: str) -> None:
    text = (at_the_end / f"communique.{language}.txt").read_text()
    for pasted in (text, text.replace("\n", "\r\n"), "\n\n" + text.rstrip() + "   \n", "\ufeff" + text):
        found = look_up(north, pasted)
        assert (found.verdict, found.language) == ("genuine", language)


def test_attack_one_digit_of_a_communique_is_changed(north: Desk, at_the_end: Path) -> None:
    text = (at_the_end / "communique.en.txt").read_text()
    digit = next(at for at, one in enumerate(text) if one.isdigit())
    forged = text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :]
    assert look_up(north, forged).verdict == "changed"
    assert look_up(north, "An official text.").verdict == look_up(north, "").verdict == "unknown"
    assert look_up(north, "x" * 10**6).verdict == "unknown"


def entry(text: str = "A <b> & \u202e text", language: str = "en") -> Published:
    return Published(act=ActId("a" * 64), position=3, by="", at=NOW, texts={language: text})


def test_feeds_hold_the_texts_and_nothing_that_becomes_markup() -> None:
    feed = ET.fromstring(atom("case-1", [entry()], "en", "https://desk.example/public/"))  # noqa: S314
    assert feed.findtext(f"{ATOM}updated") == NOW
    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "A <b> & \u202e text"
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == f"urn:sha256:{'a' * 64}"
    said = json.loads(json_feed("case-1", [entry()], "en", "https://desk.example/public/"))
    assert said["version"].endswith("/1.1")
    assert said["items"][0]["content_text"] == "A <b> & \u202e text"
    assert json.loads(json_feed("case-1", [entry()], "uk", ""))["items"] == []


def test_feeds_of_the_same_record_have_equal_bytes(north: Desk) -> None:
    for make in (atom, json_feed):
        assert make("c", published(north), "uk", "s/") == make("c", published(north), "uk", "s/")


HOME = "given families 4 for 4\n"


def test_one_side_publishes_its_own_words_and_they_say_so() -> None:
    state = played(HOME)
    made = own_communique(state, NORTH, NOW, number_sheet(state))
    assert not isinstance(made, Refusal)
    texts, deed = made
    assert "Published by north alone" in texts["en"]
    assert "4 people" in texts["en"]
    assert (deed.speaker, deed.named, deed.source[:14]) == (NORTH, True, "own communique")
    assert len(texts) == len(LANGUAGES)


def figure(**other: object) -> Figure:
    said = {"unit": "person", "side": NORTH, "scope": "inside", "count_point": "handed_over", "batch": 0, "value": 4}
    return Figure(**{**said, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "figures", "code"),
    [
        (HOME, (), "publication.no_figures"),
        (HOME, (figure(value=5),), "publication.figure_not_supported"),
        (HOME, (figure(count_point="laboratory"),), "publication.figure_cannot_be_told"),
        (HOME + "south sets an embargo until 2030-01-01T00:00:00Z\n", (figure(),), "publication.embargo"),
        ("given closed batch\n", (figure(value=3),), "publication.family_first"),
    ],
)
def test_a_side_holds_its_own_words_back(text: str, figures: tuple[Figure, ...], code: str) -> None:
    refusal = own_communique(played(text), SOUTH, NOW, figures)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_the_other_sides_embargo_binds_only_what_is_said_jointly() -> None:
    state = played(HOME + "north sets an embargo until 2030-01-01T00:00:00Z\n")
    assert not isinstance(own_communique(state, SOUTH, NOW, (figure(),)), Refusal)


@pytest.fixture(scope="module")
def client(at_the_end: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with desk_of(at_the_end, "south", tmp_path_factory.mktemp("public")):
        yield Client(headers={"host": "localhost"})


def test_the_public_page_asks_for_a_language_and_nothing_else(client: Client, at_the_end: Path) -> None:
    assert client.get("/public").headers["location"].startswith("/language")
    client.cookies["parley_language"] = "uk"
    text = (at_the_end / "communique.ar.txt").read_text()
    assert "Справжній" in client.post("/public", {"text": text}).content.decode()
    assert "Не справжній" in client.post("/public", {"text": text.replace("1", "2", 1)}).content.decode()
    assert "Тут не оприлюднено" in client.post("/public", {"text": "<script>alert(1)</script>"}).content.decode()
    assert client.get("/numbers").status_code == 302


def test_feeds_are_served_to_anybody(client: Client) -> None:
    assert client.get("/public/feed.en.atom").headers["content-type"].startswith("application/atom+xml")
    assert len(client.get("/public/feed.ar.json").json()["items"]) == 1
    assert client.get("/public/feed.de.json").status_code == client.get("/public/feed.en.rss").status_code == 404


def test_a_press_officer_finds_the_form_filled_in_for_the_sides_own_words(client: Client) -> None:
    client.cookies["parley_language"] = "en"
    client.post("/practice/press")
    found = client.get("/numbers").content.decode()
    address = re.search(r'href="(/act/record_public_statement\?p_speaker[^"]*)"', found)
    assert address is not None
    form = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert "own communique" in form
    assert "person south inside handed_over" in form
