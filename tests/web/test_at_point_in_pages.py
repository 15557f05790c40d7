"""The handover point in a desk's pages: pack, devices, papers and books, for those whose role it is and nobody else."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parley.desk import point as desk_point
from parley.handover import enrolling, joining
from parley.handover import pack as packs
from parley.handover.entries import sign_request
from parley.practice.exchange import Exchange
from parley.practice.story import tell
from parley.record.keys import SigningKey
from parley.web import at_point
from parley.web.checkin.mounted import CheckIn
from parley.web.point_news import PointNews
from parley.web.served import Served, wall_clock
from tests.web.conftest import PEOPLE, browser, come_in, desk_of

PIN = "bread and salt"
KEY = SigningKey.from_seed("neutral/gate-1", bytes(range(32)))


@pytest.fixture(scope="module")
def at_handover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three desks when the first day's people have crossed, with their packs and books."""
    folder = tmp_path_factory.mktemp("played") / "handover"
    folder.mkdir()
    tell(Exchange(folder=folder, per_side=PEOPLE, seed=7, tell=lambda *_: None), "handover")
    return folder


@pytest.fixture
def neutral(at_handover: Path, tmp_path: Path) -> Iterator[Served]:
    with desk_of(at_handover, "neutral", tmp_path) as served:
        yield served


def batch_of(served: Served) -> int:
    return max(one for one in (1, 2, 3) if one in served.desk.state.batches.plans)


def make(client: Client, served: Served, **more: Any) -> Any:
    said = {"do": "pack", "batch": batch_of(served), "pin": PIN, "again": PIN, "hours": "24", "unseated": "yes", **more}
    return client.post("/point", said)


def books(exchange: Path, stage: int = 1) -> list[bytes]:
    found = sorted((exchange / "point" / f"stage-{stage}").glob("*.book"))
    assert len(found) >= 3
    return [one.read_bytes() for one in found]


def ask(served: Served, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What a device hears at the mounted page."""
    said: list[Any] = []

    async def one() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        told = [(name.encode(), value.encode()) for name, value in ({"host": "localhost:1"} | headers).items()]
        path_, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": path_, "query_string": query.encode(), "headers": told}
        await CheckIn(served.point, served.hosts)(scope, receive, send)

    asyncio.run(one())
    head = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], head, b"".join(one.get("body", b"") for one in said[1:])


def test_an_officer_makes_a_pack_and_the_page_is_open(neutral: Served) -> None:
    assert ask(neutral, "GET", "/checkin/desk/greeting")[0] == 503
    answer = make(come_in("handover_officer"), neutral)
    assert answer.status_code == 200, answer.content.decode()
    batch = batch_of(neutral)
    file = neutral.folder.path / "point" / f"batch-{batch}.pack"
    signer = desk_point.signer_of(neutral.desk)
    opened = packs.open_pack(file.read_bytes(), PIN, signer.verify_key)
    assert (opened.batch, opened.counter) == (batch, "neutral")
    assert desk_point.pack_holds(neutral.desk, batch) == opened.expires
    status, _, said = ask(neutral, "GET", "/checkin/desk/greeting")
    assert (status, json.loads(said)["batch"]) == (200, batch)


def test_a_device_is_made_known_once_and_its_book_lies_where_the_command_keeps_it(neutral: Served) -> None:
    client = come_in("handover_officer")
    make(client, neutral)
    batch = batch_of(neutral)
    page = client.post("/point", {"do": "enrol", "batch": batch, "name": "gate-1"}).content.decode()
    assert "data:image/svg+xml" in page
    (opening,) = (one for one in desk_point.openings(neutral.desk).values() if one.device == "neutral/gate-1")
    until = datetime.fromtimestamp(opening.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert f'<time datetime="{until}">' in page
    code = enrolling.read_code(page[page.index("P1E:") :].partition("<")[0])
    assert "P1E:" not in client.get(f"/point?batch={batch}").content.decode()
    request = enrolling.request(neutral.desk.origin, batch, code, KEY.verify_key)
    line = sign_request(request, KEY).line()
    _, _, said = ask(neutral, "POST", "/checkin/desk/enrol", line)
    certificate = json.loads(said)["certificate"]
    assert json.loads(ask(neutral, "POST", "/checkin/desk/enrol", line)[2]) == {"code": "enrol.used"}
    book = neutral.folder.path / "point" / f"batch-{batch}.book"
    assert certificate.encode() in book.read_bytes()
    with neutral.looking() as desk:
        assert "neutral/gate-1" in desk_point.devices(desk, batch)
    assert "neutral/gate-1" in client.get(f"/point?batch={batch}").content.decode()


def test_the_papers_come_as_files(neutral: Served) -> None:
    client = come_in("handover_officer", "uk")
    batch = batch_of(neutral)
    for kind in ("manifest", "cards", "roster", "effects", "tally"):
        answer = client.post(f"/point/{batch}/{kind}")
        assert answer.status_code == 200, answer.content.decode()
        assert answer.content.startswith(b"%PDF")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{kind}-{batch}.pdf"'
    assert client.post(f"/point/{batch}/medical").status_code == 409
    assert client.get(f"/point/{batch}/cards").status_code == 302


def test_the_pack_and_the_single_file_can_be_carried(neutral: Served) -> None:
    client = come_in("handover_officer")
    batch = batch_of(neutral)
    assert client.post(f"/point/{batch}/pack").status_code == 404
    make(client, neutral)
    locked = client.post(f"/point/{batch}/pack").content
    assert locked.startswith(b"parley.pack/1\n")
    assert locked in client.post(f"/point/{batch}/page").content


def test_three_books_in_any_order_and_twice_are_counted_once(neutral: Served, at_handover: Path) -> None:
    client = come_in("handover_officer")
    several = books(at_handover)
    for some in (several[::-1], several, several[:1]):
        files = [SimpleUploadedFile(f"{number}.book", one) for number, one in enumerate(some)]
        assert client.post("/point", {"do": "join", "batch": 1, "books": files}).status_code == 302
    pile = joining.join(joining.read_book(one) for one in several)
    with neutral.looking() as desk:
        joined = desk_point.look(desk, pile, 1, wall_clock())
    seen = at_point.seen(neutral, 1)
    assert len(seen.counters) == 3
    assert seen.counters == tuple((who, len(one.outcomes), one.unlisted) for who, one in joined.tallies().items())
    text = client.get("/point?batch=1").content.decode()
    assert all(f'data-counter="{who}"' in text for who in ("north", "south", "neutral"))
    whole = client.post("/point/1/book").content
    assert joining.read_book(whole).lines >= pile.lines
    assert "data-counter" in come_in("intermediary").get("/board").content.decode()


def test_a_file_that_is_no_book_is_refused_and_nothing_of_the_others_is_taken(
    neutral: Served, at_handover: Path
) -> None:
    files = [SimpleUploadedFile("a", books(at_handover)[0]), SimpleUploadedFile("b", b"a letter")]
    answer = come_in("handover_officer").post("/point", {"do": "join", "batch": 1, "books": files})
    assert answer.status_code == 409
    assert "book.no_book" in answer.content.decode()
    assert not (neutral.folder.path / "point" / "batch-1.joined").exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"pin": "short", "again": "short"}, "pack.pin_short"),
        ({"again": "another pin"}, "web.pins_differ"),
        ({"tags": SimpleUploadedFile("t.csv", b"line,tag\nN1,well\n")}, "pack.tag_table"),
        ({"tags": SimpleUploadedFile("t.csv", b"line,tag\nN1,escort\nN1,escort\n")}, "pack.twice"),
        ({"do": "open", "pin": "not this one"}, "pack.pin"),
        ({"do": "enrol", "name": "Gate 1!"}, "enrol.name"),
        ({"do": "admit", "line": "nothing"}, "enrol.malformed"),
    ],
)
def test_what_is_wrong_is_said_by_code_and_nothing_opens(neutral: Served, said: dict[str, Any], code: str) -> None:
    client = come_in("handover_officer")
    make(client, neutral)
    neutral.point.close()
    answer = make(client, neutral, **said)
    assert answer.status_code == 409
    assert code in answer.content.decode()
    assert neutral.point.receiving is None


def test_after_a_start_the_pin_opens_what_was_made(neutral: Served) -> None:
    client = come_in("handover_officer")
    make(client, neutral)
    assert client.post("/point", {"do": "close", "batch": batch_of(neutral)}).status_code == 302
    assert ask(neutral, "GET", "/checkin/desk/greeting")[0] == 503
    assert client.post("/point", {"do": "open", "batch": batch_of(neutral), "pin": PIN}).status_code == 302
    assert ask(neutral, "GET", "/checkin/desk/greeting")[0] == 200


@pytest.mark.parametrize("role", ["auditor", "press", "medical", "family_desk", "keeper"])
def test_attack_another_role_makes_a_pack_or_fetches_papers(neutral: Served, role: str) -> None:
    client = come_in(role)
    assert make(client, neutral).status_code == 403
    assert client.post("/point/1/cards").status_code == 403
    assert neutral.point.receiving is None


def test_attack_a_form_from_elsewhere_opens_nothing(neutral: Served) -> None:
    client = browser(enforce_csrf_checks=True)
    client.cookies.update(come_in("handover_officer").cookies)
    assert make(client, neutral).status_code == 403
    assert client.post("/point/1/cards").status_code == 403
    assert neutral.point.receiving is None


def test_the_mounted_page_has_its_own_policy_and_scope(neutral: Served) -> None:
    status, head, body = ask(neutral, "GET", "/checkin/")
    assert (status, head["content-type"]) == (200, "text/html; charset=utf-8")
    assert "wasm-unsafe-eval" in head["content-security-policy"]
    assert "camera=(self)" in head["permissions-policy"]
    assert b"main_installed.js" in body
    _, head, body = ask(neutral, "GET", "/checkin/worker.js")
    assert b'"js/news.js"' in body
    assert "service-worker-allowed" not in head
    assert "set-cookie" not in head
    assert ask(neutral, "GET", "/checkin")[1]["location"] == "/checkin/"
    assert ask(neutral, "GET", "/checkin/../parley.toml")[0] == 404
    assert "wasm" not in come_in("handover_officer").get("/point").headers["Content-Security-Policy"]


def test_attack_another_site_speaks_to_the_mounted_page(neutral: Served) -> None:
    make(come_in("handover_officer"), neutral)
    assert ask(neutral, "GET", "/checkin/desk/greeting", host="evil.example")[0] == 421
    assert ask(neutral, "POST", "/checkin/desk/exchange", b"{}\n", origin="http://evil.example")[0] == 421
    assert ask(neutral, "GET", "/checkin/desk/news?key=guess")[0] == 403
    assert ask(neutral, "GET", "/checkin/desk/news")[0] == 403


def test_who_may_not_see_the_counts_hears_nothing_of_them(neutral: Served) -> None:
    def status_for(client: Client) -> int:
        said: list[Any] = []

        async def listen() -> None:
            async def receive() -> dict[str, Any]:
                await asyncio.sleep(0.3)
                return {"type": "http.disconnect"}

            async def send(message: Any) -> None:
                said.append(message)

            cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
            scope = {"type": "http", "method": "GET", "path": "/point-news", "headers": [(b"cookie", cookie.encode())]}
            await PointNews(neutral)(scope, receive, send)

        asyncio.run(listen())
        return int(said[0]["status"])

    assert status_for(come_in("handover_officer")) == 200
    assert status_for(come_in("press")) == 403
    assert status_for(browser()) == 403
