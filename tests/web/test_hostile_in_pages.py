"""What an enemy tries at the pages: forged forms, other people's drafts, foreign hosts, names that bite, uploads without end."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parley.web.guards import POLICY
from parley.web.served import Served
from parley.web.serving import Gate
from parley.web.settings import MOST_UPLOAD
from tests.web.conftest import browser, come_in
from tests.web.test_acting_in_pages import fill

BITING = "<script>alert(1)</script>\u202eevil\u2066=cmd|'/c calc'!A1"


def test_a_form_from_another_site_is_not_taken(north: Served) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.cookies["parley_language"] = "en"
    answer = client.post("/practice/keeper")
    assert answer.status_code == 403
    assert "Traceback" not in answer.content.decode()
    assert not north.officers.everybody()


@pytest.mark.usefixtures("north")
def test_another_name_for_this_machine_is_not_answered() -> None:
    """A page of another site that rebinds its own name to this machine gets nothing."""
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
        answer = browser().get("/sign-in", headers={"host": host})
        assert answer.status_code == 400
        assert b"<form" not in answer.content


@pytest.mark.usefixtures("north")
def test_every_answer_carries_the_strict_policy() -> None:
    client = come_in("auditor")
    for address in ("/", "/record", "/nothing-here", "/act/suspend", "/static/x/parley.css"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("north")
def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    client = come_in("auditor")
    for address in ("/", "/talks", "/terms", "/lists", "/batches", "/movement", "/reconciliation", "/record", "/audit"):
        page = client.get(address).content.decode()
        assert "style=" not in page
        assert " onclick" not in page
        assert page.count("<script") == page.count("<script src=")
        assert "http://" not in page
        assert "https://" not in page


def test_nobody_signs_what_another_filled_in(north: Served) -> None:
    mine, other = come_in("delegation"), come_in("principal")
    draft = fill(mine, "suspend", reason="consultation")
    assert other.get(draft).status_code == 404
    assert other.post(draft, {"passphrase": "practice"}).status_code == 404
    assert not north.desk.waiting


def test_no_form_reads_a_file_of_the_desk_s_machine(north: Served) -> None:
    client = come_in("delegation")
    settings = north.folder.path / "parley.toml"
    for value in (f"@{settings}", "@/etc/passwd"):
        answer = client.post("/act/set_condition", {"p_condition": "x", "p_about": value, "p_review": "2025-06-01"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "root:" not in page
        assert "letters" not in page


def test_names_that_bite_are_shown_and_do_nothing(north: Served) -> None:
    client = come_in("delegation")
    answer = client.post("/act/raise_item", {"p_item": "x", "p_title": BITING})
    page = (
        answer.content.decode()
        if answer.status_code != 302
        else client.get(answer.headers["Location"]).content.decode()
    )
    assert "<script>alert" not in page
    assert "\u202e" not in page.replace("value=", "").split("</h1>")[-1] or answer.status_code != 302
    row = f"line,surname,given_names,birth_date,category\nN1,{BITING.replace(',', '')},John,1990-01-01,soldier\n"
    office = come_in("exchange_office")
    upload = SimpleUploadedFile("<img src=x>.csv", row.encode())
    answer = office.post(
        "/lists/hand-in", {"purpose": "request", "counterpart": "south", "list": upload, "anyway": "yes"}
    )
    page = (
        answer.content.decode()
        if answer.status_code != 302
        else office.get(answer.headers["Location"]).content.decode()
    )
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert north.desk.size


def test_an_officer_s_name_that_bites_is_only_text(north: Served) -> None:
    keeper = come_in("keeper")
    keeper.post("/officers", {"name": BITING[:50], "roles": ["auditor"]})
    page = keeper.get("/officers").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert len(north.officers.everybody()) == 2


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 100, b"PK\x03\x04broken", b"\xff\xfe" * 50, b"line\n", b"line,surname\nN1"]
)
def test_spoiled_spreadsheets_are_told_in_words(north: Served, data: bytes) -> None:
    office = come_in("exchange_office")
    for name in ("list.xlsx", "list.csv", "list.ods", "list"):
        answer = office.post(
            "/lists/hand-in", {"purpose": "offer", "counterpart": "south", "list": SimpleUploadedFile(name, data)}
        )
        assert answer.status_code in (200, 409), (name, answer.status_code)
        assert "Traceback" not in answer.content.decode()
    assert not north.planned


@pytest.mark.parametrize("data", [b"", b"exchange.bundle/1 x 0 1\n", b"\x00" * 1000])
def test_bundles_that_are_none_change_nothing(north: Served, data: bytes) -> None:
    before = north.desk.size
    answer = come_in("keeper").post("/bundles", {"bundle": SimpleUploadedFile("x.bundle", data)})
    assert answer.status_code == 409 or not data
    assert north.desk.size == before


ADDRESSES = ["/lists/../../etc", "/record/99999999999", "/record?before=-1", "/record/replay?at=9e9", "/begun/x"]


@pytest.mark.usefixtures("north")
@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_make_no_sense_are_told_in_words(address: str) -> None:
    answer = come_in("exchange_office").get(address)
    assert answer.status_code < 500
    assert "Traceback" not in answer.content.decode()


def ask(gate: Gate, headers: list[tuple[bytes, bytes]], pieces: list[bytes]) -> tuple[int, int]:
    """Send a request through the gate; return the status, and how many bytes were taken before it ended."""
    sent: list[MutableMapping[str, Any]] = []
    taken = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal taken
        piece = pieces.pop(0) if pieces else b""
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        await gate({"type": "http", "path": "/lists/hand-in", "headers": headers, "method": "POST"}, receive, send)

    asyncio.run(run())
    return int(sent[0]["status"]), taken


async def reads_all(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_an_upload_that_says_how_large_it_is_is_turned_away_unread() -> None:
    size = str(MOST_UPLOAD + 1).encode()
    assert ask(Gate(pages=reads_all), [(b"content-length", size)], [b"x" * 100]) == (413, 0)


def test_an_upload_without_end_is_cut_off_at_its_cap() -> None:
    piece = b"x" * (1 << 20)
    status, taken = ask(Gate(pages=reads_all), [(b"transfer-encoding", b"chunked")], [piece] * 80)
    assert status == 413
    assert taken <= MOST_UPLOAD + (1 << 20)


def test_a_mistake_of_ours_shows_no_trace_and_no_value(north: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    client = come_in("auditor")

    def breaks() -> None:
        raise ValueError("secret value")

    monkeypatch.setattr(type(north), "what_now", lambda _self: breaks())
    answer = client.get("/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "secret value" not in text
    assert "Traceback" not in text
    assert "Parley" in text
