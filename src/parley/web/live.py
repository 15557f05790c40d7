"""What changes, as it happens: one stream of events for every open board, and nothing lost when a line breaks.

Every event carries as its id how many acts the log had; a browser that comes back names the last one it saw, and is sent
every act since, then the whole board. So the board is right after any break, and a counter of acts misses none. The stream reads
memory and the record, which one program holds anyway; of the office's database it asks only who is signed in, in one of
two threads that let go of their connection each time: four hundred streams hold none.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from itertools import islice
from typing import Any, Final

from parley.acts import LANGUAGES
from parley.briefings.board import board, in_words
from parley.record.envelope import read_act
from parley.web.roles import may_see
from parley.web.served import Served
from parley.web.signing_in import IDLE, LONGEST, cookie_of, digest_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PLACE: Final = "/live"
SCREEN: Final = "board"
LANGUAGE_COOKIE: Final = "parley_language"
MOST_STREAMS: Final = 1_000
MOST_REMEMBERED: Final = 20_000
"""Acts whose kind is kept in memory for those who come back; older ones are read from the record."""
MOST_AT_ONCE: Final = 2_000
"""Acts told in one piece to somebody who comes back after long."""
TOGETHER: Final = 0.05
"""Seconds to wait after a change for others that come with it: a bundle of fifty acts is one picture."""
PING: Final = 15
"""Seconds after which a silent stream says that it lives."""
LOOK_AGAIN: Final = 60
"""Seconds after which a stream asks whether its officer is still signed in; that does not count as work."""

Told = tuple[int, str, str]
"""An act as a stream tells it: its place, kind and author."""


class Live:
    """The application at ``/live``; it is told of changes by the served desk."""

    def __init__(self, served: Served) -> None:
        """Begin with the desk as it stands."""
        self._served = served
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()
        self._size = served.desk.size
        self._recent: deque[Told] = deque(maxlen=MOST_REMEMBERED)
        self._pictures: dict[str, tuple[object, asyncio.Task[str]]] = {}
        self._catching_up: asyncio.Task[None] | None = None
        self._again = False
        self.open = 0
        served.on_change.append(self.changed)

    def changed(self) -> None:
        """Take note, from any thread, that the desk moved."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.ensure_future(self._catch_up())
        else:
            self._again = True

    async def _catch_up(self) -> None:
        while True:
            self._again = False
            await asyncio.sleep(TOGETHER)
            loop = asyncio.get_running_loop()
            size, new = await loop.run_in_executor(self._threads, self._new_acts, self._size)
            self._recent.extend(new)
            self._size = size
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()
            if not self._again:
                return

    # --- what the record says; in a thread ---

    def _new_acts(self, since: int) -> tuple[int, list[Told]]:
        with self._served.looking() as desk:
            start = since if since <= desk.size else 0  # a new neutral may have begun earlier
            return desk.size, self._read(start, desk.size)

    def _read(self, start: int, stop: int) -> list[Told]:
        with self._served.looking() as desk:
            notes = enumerate(desk.store.acts(start, min(stop, desk.size)), start)
            acts = ((place, read_act(note).envelope) for place, note in notes)
            return [(place, one.kind, one.party) for place, one in acts]

    def _paint(self, language: str) -> str:
        with self._served.looking() as desk:
            state = desk.state
        return json.dumps(in_words(board(state), language), ensure_ascii=False, separators=(",", ":"))

    async def _picture(self, language: str) -> str:
        """Return the board in a language, painted once for each state however many look at it."""
        at = self._moved  # a new one after each change
        kept = self._pictures.get(language)
        if kept is None or kept[0] is not at:
            loop = asyncio.get_running_loop()
            task: asyncio.Task[str] = asyncio.ensure_future(
                _awaited(loop.run_in_executor(self._threads, self._paint, language))
            )
            kept = self._pictures[language] = (at, task)
        return await asyncio.shield(kept[1])

    async def _acts_from(self, start: int) -> list[Told]:
        """Return the acts from a place on, at most so many at once."""
        if self._recent and self._recent[0][0] <= start:
            skipped = start - self._recent[0][0]
            return list(islice(self._recent, skipped, skipped + MOST_AT_ONCE))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, start, min(self._size, start + MOST_AT_ONCE))

    # --- who may look ---

    async def _may_look(self, token: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, may_look, self._served, token, SCREEN)

    # --- one stream ---

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one browser for as long as it listens."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._wake()
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        cookies = _cookies(headers.get(b"cookie", ""))
        token = token_in(self._served, scope)
        if scope["method"] != "GET" or not await self._may_look(token):
            await refuse(send, 403)
            return
        if self.open >= MOST_STREAMS:
            await refuse(send, 503)
            return
        said = cookies.get(LANGUAGE_COOKIE, "")
        language = said if said in LANGUAGES else "en"
        self.open += 1
        left = asyncio.ensure_future(gone(receive))
        telling = asyncio.ensure_future(self._tell(send, token, language, _seen(headers.get(b"last-event-id", ""))))
        try:
            await asyncio.wait({left, telling}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.open -= 1
            for task in (left, telling):
                task.cancel()
            await asyncio.gather(left, telling, return_exceptions=True)

    async def _tell(self, send: Send, token: str, language: str, seen: int | None) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        at = self._size if seen is None or seen > self._size else seen
        await write(send, f"retry: 1000\n\n{await self._board(language, at)}")
        looked = asyncio.get_running_loop().time()
        while True:
            moved = self._moved
            while at < self._size:
                told = await self._acts_from(at)
                if not told:
                    break
                at = told[-1][0] + 1
                await write(send, "".join(_act(one) for one in told))
                if at >= self._size:
                    await write(send, await self._board(language, at))
            at = min(at, self._size)
            try:
                async with asyncio.timeout(PING):  # wait_for of Python 3.11 may swallow the end of a stream
                    await moved.wait()
            except TimeoutError:
                await write(send, ": here\n\n")
            if asyncio.get_running_loop().time() - looked > LOOK_AGAIN:
                looked = asyncio.get_running_loop().time()
                if not await self._may_look(token):
                    await write(send, "event: ended\ndata: {}\n\n")
                    return

    async def _board(self, language: str, size: int) -> str:
        """Return the event that holds the whole board; ``size`` is how many acts its reader has been told of."""
        return f"id: {size}\nevent: board\ndata: {await self._picture(language)}\n\n"


STREAM_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def may_look(served: Served, token: str, screen: str) -> bool:
    """Say whether a sign-in stands whose officer may see a screen; asking keeps nobody signed in. For a stream's own threads."""
    try:
        found = served.officers.signed_in(digest_of(token)) if token else None
    finally:
        served.officers.close()
    if found is None or not found.officer.active:
        return False
    now = served.seconds()
    return now - found.seen <= IDLE and now - found.began <= LONGEST and may_see(found.officer.roles, screen)


def token_in(served: Served, scope: Scope) -> str:
    """Return what a request's sign-in cookie holds."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    return _cookies(headers.get(b"cookie", "")).get(cookie_of(served), "")


def _act(one: Told) -> str:
    place, kind, party = one
    data = json.dumps({"act": place, "kind": kind, "party": party}, separators=(",", ":"))
    return f"id: {place + 1}\nevent: act\ndata: {data}\n\n"


def _seen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: one.value for name, one in SimpleCookie(header).items()}
    except CookieError:
        return {}


async def _awaited(future: Awaitable[str]) -> str:
    return await future


async def gone(receive: Receive) -> None:
    """Wait until the browser is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def write(send: Send, text: str) -> None:
    """Send a piece of a stream."""
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def refuse(send: Send, status: int) -> None:
    """Answer with a status and nothing else."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
