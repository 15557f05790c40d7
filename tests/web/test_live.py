"""The live board's stream: everything is told once, nobody misses anything by losing the line, and only who may look looks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.acts import RecordPublicStatement
from parley.desk.folder import read_folder
from parley.desk.table import sit_down
from parley.store.office import open_desk_data
from parley.words import Moment, ParticipantName
from tests.cli.office import Office

CYCLES = 200  # bench/serve.py does a thousand
NOW = Moment("2025-05-16T09:00:00Z")


@pytest.fixture
def live(office: Office, tmp_path: Path) -> Iterator[Any]:
    """A stream over a neutral's desk in memory, with one officer signed in who may see the board and one who may not."""
    kept, officers = open_desk_data(str(tmp_path / "office.sqlite"))
    from parley.web.live import Live
    from parley.web.served import Served
    from parley.web.signing_in import sign_in

    desk = sit_down(now=lambda: NOW)["neutral"]
    folder = read_folder(office.desk("neutral"))
    made = Served(desk=desk, folder=folder, office=kept, officers=officers)
    people = {name: officers.add(name, roles=[role]) for name, role in (("board", "principal"), ("keys", "keeper"))}
    for one in people.values():
        officers.change(one.number, active=True)
    stream = Live(made)
    stream.tokens = {name: sign_in(made, one) for name, one in people.items()}  # type: ignore[attr-defined]
    yield stream
    kept.close()


class Browser:
    """One browser that listens to the stream, and may lose its line at any moment."""

    def __init__(self, live: Any, token: str, seen: str = "") -> None:
        self.live, self.text, self.status = live, "", 0
        headers = [(b"cookie", f"parley_neutral_in={token}; parley_language=uk".encode())]
        headers += [(b"last-event-id", seen.encode())] if seen else []
        self.scope = {"type": "http", "method": "GET", "path": "/live", "headers": headers}
        self.cut = asyncio.Event()

    async def listen(self) -> None:
        async def receive() -> dict[str, Any]:
            await self.cut.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.status = message.get("status", self.status)
            self.text += message.get("body", b"").decode()

        await self.live(self.scope, receive, send)

    @property
    def events(self) -> list[tuple[int, str, dict[str, Any]]]:
        found = []
        for block in self.text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in lines:
                found.append((int(lines.get("id", -1)), lines["event"], json.loads(lines["data"])))
        return found

    @property
    def acts(self) -> list[int]:
        return [data["act"] for _, event, data in self.events if event == "act"]


def say(live: Any, number: int) -> None:
    with live._served.working() as desk:
        said = RecordPublicStatement(speaker=ParticipantName("north"), said=NOW, source=f"evening {number}")
        desk.sign(said)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


def test_a_change_reaches_every_open_board_with_the_whole_picture(live: Any) -> None:
    async def work() -> None:
        browsers = [Browser(live, live.tokens["board"]) for _ in range(20)]
        tasks = [asyncio.ensure_future(one.listen()) for one in browsers]
        await until(lambda: all(one.events for one in browsers))
        begun = live._served.desk.size
        await asyncio.to_thread(say, live, 1)
        await until(lambda: all(one.events[-1][:2] == (begun + 1, "board") for one in browsers))
        for one in browsers:
            assert one.acts == [begun]
            assert one.events[-1][1] == "board"
            assert one.events[-1][2]["acts"] == begun + 1
            assert one.events[-1][2]["stages"][0]["title"] == "Погоджено"
            one.cut.set()
        await asyncio.gather(*tasks)
        assert live.open == 0

    run(work)


def test_reconnects_lose_no_act_and_tell_none_twice(live: Any) -> None:
    async def work() -> None:
        heard: list[int] = []
        seen, begun = str(live._served.desk.size), live._served.desk.size
        for number in range(CYCLES):
            if number % 4 == 0:
                await asyncio.to_thread(say, live, number)
            one = Browser(live, live.tokens["board"], seen)
            task = asyncio.ensure_future(one.listen())
            if number % 4 in (0, 3):
                await until(lambda one=one: bool(one.events))  # type: ignore[misc]
            else:  # cut before, while or after something was said
                await asyncio.sleep(0)
            one.cut.set()
            await task
            heard += one.acts
            seen = str(one.events[-1][0]) if one.events else seen
        last = Browser(live, live.tokens["board"], seen)
        task = asyncio.ensure_future(last.listen())
        await until(lambda: bool(last.events) and last.events[-1][0] == live._served.desk.size)
        last.cut.set()
        await task
        assert heard + last.acts == list(range(begun, live._served.desk.size))
        assert live._served.desk.size == begun + CYCLES // 4

    run(work)


@pytest.mark.parametrize("who", ["", "nobody", "keys"])
def test_attack_somebody_who_may_not_see_the_board_listens_to_it(live: Any, who: str) -> None:
    async def work() -> None:
        one = Browser(live, live.tokens.get(who, who))
        await one.listen()
        assert (one.status, one.text) == (403, "")

    run(work)


def test_a_stream_ends_with_the_sign_in_and_keeps_nobody_signed_in(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.web.live.LOOK_AGAIN", 0)

    async def work() -> None:
        one = Browser(live, live.tokens["board"])
        task = asyncio.ensure_future(one.listen())
        await until(lambda: bool(one.events))
        await asyncio.to_thread(live._served.officers.end_all, before=live._served.seconds() + 10)
        await asyncio.to_thread(say, live, 1)
        await asyncio.wait_for(task, 10)
        assert "event: ended" in one.text

    run(work)
    later = live._served.seconds() + 3 * 60 * 60
    live._served.seconds = lambda: later
    from parley.web.live import may_look

    assert not may_look(live._served, live.tokens["board"], "board")


def test_attack_a_last_event_that_never_was(live: Any) -> None:
    async def work() -> None:
        for seen in ("999999", "-1", "x", "9" * 400, "\u0663"):
            one = Browser(live, live.tokens["board"], "")
            one.scope["headers"].append((b"last-event-id", seen.encode("utf-8")))  # type: ignore[attr-defined]
            task = asyncio.ensure_future(one.listen())
            await until(lambda one=one: bool(one.events))  # type: ignore[misc]
            assert one.events[0][0] == live._served.desk.size
            one.cut.set()
            await task

    run(work)


def test_more_streams_than_the_desk_serves_are_told_to_come_later(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.web.live.MOST_STREAMS", 0)

    async def work() -> None:
        one = Browser(live, live.tokens["board"])
        await one.listen()
        assert one.status == 503

    run(work)
