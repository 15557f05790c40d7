"""Opens one desk and serves its pages on this machine until somebody stops it.

Requests pass a gate first: it counts bytes, so that no upload grows beyond its cap before anybody looks at it, and hands
addresses that are no pages (streams, bundles) to those who serve them without Django. Ctrl-C ends open streams after a second.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parley.desk import Desk
from parley.desk.folder import Folder, open_folder, read_folder
from parley.desk.mailroom import Call, Mailroom, Reply
from parley.store.office import open_desk_data
from parley.web import point_news
from parley.web.checkin import mounted
from parley.web.checkin.answering import MOST_BODY
from parley.web.composing_news import PLACE, News
from parley.web.families import Families
from parley.web.family_desk import codes_of
from parley.web.line import Line
from parley.web.live import Live
from parley.web.postman import Postman
from parley.web.served import Served, office_place, story_clock, wall_clock
from parley.web.settings import MOST_UPLOAD, dress

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PORT: Final = 8440
GRACE: Final = 1
"""Seconds that open streams get when the server stops: without an end to them Ctrl-C would wait for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be served: which desk, on which port, where its office's data are, who unlocks the desk key."""

    folder: Path
    port: int = PORT
    bind: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    database: str = ""
    passphrase: str | None = None
    sync: str = ""
    every: float = 10.0


@dataclass(slots=True)
class TooLarge(Exception):
    """A request grew beyond its cap."""


@dataclass(slots=True, kw_only=True)
class Gate:
    """The gate before the pages: counts bytes, and knows the way to what is no page.

    ``ways`` are servers by the beginning of their addresses; ``caps`` the most bytes that a request to an address may have.
    """

    pages: App
    ways: Mapping[str, App] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, count what comes."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path = str(scope["path"])
        app = next((one for start, one in self.ways.items() if path.startswith(start)), self.pages)
        cap = next((most for start, most in self.caps.items() if path.startswith(start)), MOST_UPLOAD)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > cap:
            await _turn_away(send)
            return
        came, begun = 0, False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > cap:
                raise TooLarge
            return message

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, counted, noted)
        except TooLarge:
            if not begun:
                await _turn_away(send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _turn_away(send: Send) -> None:
    """Say in four languages that a file is too large; nothing of it was looked at."""
    from parley.briefings import phrases

    text = "\n".join(phrases.sentence("web.too_large", {}, language).why for language in ("ar", "en", "ru", "uk"))
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


@contextlib.contextmanager
def opened(wanted: Wanted) -> Iterator[Served]:
    """Open the desk and the office's data, and close both afterwards; raises DeskBroken, StoreBroken, OfficeBroken, KeyBroken."""
    folder = read_folder(wanted.folder)
    desk = _open_desk(folder, wanted.passphrase)
    try:
        office, officers = open_desk_data(office_place(folder, wanted.database))
        hosts = tuple(one for one in wanted.hosts if one)
        served = Served(desk=desk, folder=folder, office=office, officers=officers, hosts=hosts, port=wanted.port)
        if not officers.everybody() and not folder.practice:
            served.start_token = secrets.token_urlsafe(24)
        dress(served)
        try:
            yield served
        finally:
            office.close()
    finally:
        desk.store.close()


def _open_desk(folder: Folder, passphrase: str | None) -> Desk:
    """Open the desk, its own key unlocked if the passphrase is at hand: without it pages can be read and acts be prepared."""
    ask = None if passphrase is None else lambda _key: passphrase
    desk = open_folder(folder, unlock_with=ask, now=wall_clock)
    if folder.practice:
        desk.now = story_clock(desk.state.authority.clock or wall_clock())
    return desk


def application(served: Served) -> Gate:
    """Return what answers requests for a desk."""
    import django.core.asgi

    mailroom = Mailroom(served.desk, served.folder.path / "post", seconds=served.seconds, lock=served.lock)

    def answer(call: Call) -> Reply:
        with served.working():
            return mailroom.answer(call)

    ways: dict[str, App] = {
        "/sync/": Line(answer),
        "/live": Live(served),
        PLACE: News(served),
        point_news.PLACE: point_news.PointNews(served),
        mounted.PLACE: mounted.CheckIn(served.point, served.hosts),
        "/family": Families(codes_of(served)),
    }
    return Gate(pages=django.core.asgi.get_asgi_application(), ways=ways, caps={mounted.PLACE: MOST_BODY})


def serve(wanted: Wanted) -> None:
    """Serve until stopped."""
    import uvicorn

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    with opened(wanted) as served, posting(served, wanted):
        config = uvicorn.Config(
            application(served),
            host=wanted.bind,
            port=wanted.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
        _announce(served, wanted)
        uvicorn.Server(config).run()


@contextlib.contextmanager
def posting(served: Served, wanted: Wanted) -> Iterator[None]:
    """Carry post to the neutral's desk meanwhile, if its address was typed."""
    if not wanted.sync:
        yield
        return
    served.postman = Postman(served=served, where=wanted.sync, every=wanted.every)
    stop = served.postman.start()
    try:
        yield
    finally:
        stop()


def _announce(served: Served, wanted: Wanted) -> None:
    place = f"http://localhost:{wanted.port}/"
    lines = [f"{served.name}'s desk: {place}", "Stop: Ctrl-C"]
    if served.start_token:
        lines.insert(
            1, f"First start, for whoever keeps this desk (works once): {place}start?token={served.start_token}"
        )
    if wanted.passphrase is None:
        lines.append("The desk key is locked: pages can be read, nothing can be received or opened.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
