"""Families by code: five words, a day, whom to call; nobody's name, nothing hard, and no way to learn which codes exist."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.acts import LANGUAGES
from parley.briefings import phrases
from parley.briefings.family_page import BYTES, family_page
from parley.desk.family_codes import ALPHABET, FILE, WORDS, FamilyBroken, FamilyCodes, judge, plain_code
from parley.process.state import State
from parley.scenario.player import play
from parley.web.families import ALL, EACH, Families
from parley.words import Day, Refusal
from tests.cli.office import Office

TODAY = Day("2025-05-26")
HOME = "given closed batch\nsouth confirms the identity of N1-N2\nsouth notifies the families of N1\n"


def played(text: str) -> State:
    (report,) = play(text)
    assert report.ok, report.surprises
    return report.table.state


def fresh(kept: FamilyCodes, state: State, line: str = "") -> str:
    made = kept.make(state, line, TODAY)
    assert isinstance(made, str)
    return made


def ask(app: Families, code: str, *, language: str = "en", address: str = "192.0.2.1", method: str = "POST") -> str:
    sent: list[Any] = []
    scope = {"type": "http", "method": method, "query_string": f"l={language}".encode(), "client": (address, 1)}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": f"code={code}".encode(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 200
    return str(sent[1]["body"].decode())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.web.families.AFTER", 0.0)


def test_a_code_says_its_word_its_day_and_whom_to_call(tmp_path: Path) -> None:
    kept, state = FamilyCodes(tmp_path), played(HOME)
    code = fresh(kept, state, "N1")
    kept.set_contact("+000 000, 9-18")
    assert kept.set(state, code, "returned", TODAY) is None
    page = ask(Families(kept), code.lower().replace("-", " "))
    assert "Returned" in page
    assert TODAY in page
    assert "+000 000, 9-18" in page
    assert "says nothing about health" in page
    assert FamilyCodes(tmp_path).ask(code) == kept.ask(code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_the_same_length_and_form_in_every_language(language: str) -> None:
    pages = [family_page(language, asked=True, word=word, since=TODAY, contact="x" * 120) for word in WORDS]
    pages += [family_page(language, asked=True), family_page(language, asked=True, word="wait", contact="+0")]
    pages += [family_page(language, asked=False)]
    assert {len(page) for page in pages} == {BYTES}
    assert all(b"<script" not in page and b"<style" not in page for page in pages)


def test_attack_an_unknown_code_cannot_be_told_from_a_known_one_by_anything_but_its_words(tmp_path: Path) -> None:
    kept = FamilyCodes(tmp_path)
    code = fresh(kept, State())
    app = Families(kept)
    known, unknown = ask(app, code), ask(app, "0000-0000-0000")
    assert len(known.encode()) == len(unknown.encode()) == BYTES
    assert re.sub(r">[^<]*<", "><", unknown).split("<!--")[0] in re.sub(
        r"<p><bdi[^/]*/bdi></p>", "", re.sub(r">[^<]*<", "><", known)
    )
    assert "says nothing about the person" in unknown


def test_attack_guessing_codes_from_one_address_or_from_many(tmp_path: Path) -> None:
    now = [0.0]
    app = Families(FamilyCodes(tmp_path), clock=lambda: now[0])
    told = ["Wait a minute" in ask(app, f"{number}") for number in range(EACH + 3)]
    assert told == [False] * EACH + [True] * 3
    now[0] = 61.0
    assert "Wait a minute" not in ask(app, "1")
    for _ in range(ALL):
        app._count("", ALL)
    assert "Wait a minute" in ask(app, "1", address="192.0.2.77")


def test_nothing_hard_is_ever_said_by_a_code() -> None:
    assert WORDS == ("received", "searching", "reported", "confirmed", "returned")
    hard = re.compile(
        r"dead|died|death|wound|injur|\bill\b|hospital|загин|помер|ранен|поранен|умер|погиб|وفاة|جريح", re.IGNORECASE
    )
    for code, entry in phrases.entries().items():
        if code.startswith(("family.word", "family.means", "family.title")):
            assert not any(hard.search(text) for text in entry.values()), code


def test_a_family_reads_of_a_return_only_after_it_was_notified() -> None:
    state = played(HOME)
    assert judge(state, "N1", "returned") is None
    for line in ("N2", "N3", ""):
        refusal = judge(state, line, "returned")
        assert refusal is not None
        assert refusal.code == "family.not_notified"
    assert judge(state, "N2", "confirmed") is None
    word = judge(state, "N1", "dead")
    assert word is not None
    assert word.code == "family.unknown_word"


def test_of_the_dead_a_code_says_nothing_new() -> None:
    state = played(
        "given closed batch\n"
        "north records containers N101 of north for batch 1, labelled N101 as N2\n"
        "south records the laboratory result of N101: confirmed\n"
    )
    for word in WORDS:
        refusal = judge(state, "N2", word)
        assert refusal is not None
        assert refusal.code == "family.by_voice_only"


def test_a_code_of_no_line_of_the_record_is_not_made(tmp_path: Path) -> None:
    kept = FamilyCodes(tmp_path)
    for line in ("N999", "Ivan Petrenko", "n1"):
        made = kept.make(played(HOME), line, TODAY)
        assert isinstance(made, Refusal)
        assert made.code == "family.unknown_line"
    refusal = kept.set_contact("x" * 121)
    assert refusal is not None
    assert refusal.code == "family.contact_too_long"


def test_attack_who_copies_the_file_reads_no_code_in_it(tmp_path: Path) -> None:
    kept = FamilyCodes(tmp_path)
    code = fresh(kept, State())
    data = (tmp_path / FILE).read_text()
    assert plain_code(code) not in data
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_code_that_was_taken_back_is_as_unknown_as_any(tmp_path: Path) -> None:
    kept = FamilyCodes(tmp_path)
    code = fresh(kept, State())
    kept.revoke(code)
    assert kept.ask(code) is None
    for _ in range(2):
        with pytest.raises(FamilyBroken, match=r"family\.unknown_code"):
            kept.revoke(code)
    with pytest.raises(FamilyBroken, match=r"family\.unknown_code"):
        kept.set(State(), code, "searching", TODAY)


@pytest.mark.parametrize(
    "damage", [b"{}\n", b"rubbish\n", b'{"key":"x","line":"","since":"","word":"dead"}\n', b"[]\n"]
)
def test_a_damaged_file_is_told_and_nothing_is_shown(tmp_path: Path, damage: bytes) -> None:
    FamilyCodes(tmp_path)
    with (tmp_path / FILE).open("ab") as file:
        file.write(damage)
    with pytest.raises(FamilyBroken, match=r"family\.damaged"):
        FamilyCodes(tmp_path)


@given(st.text(alphabet=ALPHABET, min_size=12, max_size=12))
def test_a_code_survives_being_read_out_and_typed(code: str) -> None:
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} ".replace("0", "O").replace("1", "l")
    assert plain_code(typed) == code


def test_the_family_desk_types_it(office: Office) -> None:
    made = office.ask("north", "family", "code")["family_code"]
    office.ask("north", "family", "contact", "+000")
    office.ask("north", "family", "set", made, "searching")
    assert office.ask("north", "family", "codes")["codes"][0]["word"] == "searching"
    assert office.refused("north", "family", "set", made, "returned") == "family.not_notified"
    assert office.refused("north", "family", "code", "--line", "N7") == "family.unknown_line"
    office.ask("north", "family", "revoke", made)
