"""Mounts the check-in page under a desk's own server: the page, its service worker, and what devices send.

It stands beside the desk's pages, not among them: no sign-in and no cookie is asked for or given, the devices sign what they
send. Its own policy of content and its own scope hold under ``/checkin/`` and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from parley.web.checkin import answering, pages
from parley.web.checkin.answering import LOCAL, MOST_STREAMS, NEWS, PING, ROOT, STREAM, Reply
from parley.web.checkin.opened import Opened

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PLACE: Final = ROOT.rstrip("/")


class CheckIn:
    """The application at ``/checkin/``."""

    def __init__(self, opened: Opened, hosts: tuple[str, ...] = ()) -> None:
        """Serve what is open; ``hosts`` are the names under which devices reach this desk."""
        self._opened = opened
        self._names = LOCAL | set(hosts)
        self._files = pages.files()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="check-in")
        self.streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one device."""
        path, query = str(scope["path"]), scope.get("query_string", b"").decode("latin-1")
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if not answering.from_here(self._names, headers.get(b"host", ""), headers.get(b"origin")):
            await _reply(send, Reply(status=421), path)
        elif scope["method"] == "GET" and path == f"{ROOT}{NEWS}":
            await self._news(query, receive, send)
        elif scope["method"] == "GET":
            await _reply(send, await self._apart(answering.look, self._files, self._opened.receiving, path), path)
        elif scope["method"] == "POST":
            body = await _whole(receive)
            if body is not None:  # else it was cut off: the device keeps it all and sends it again
                await _reply(send, await self._apart(answering.take, self._opened.receiving, path, body), path)
        else:
            await _reply(send, Reply(status=405), path)

    async def _apart(self, what: Callable[..., Reply], *about: object) -> Reply:
        """Do what waits for the disk in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, what, *about)

    async def _news(self, query: str, receive: Receive, send: Send) -> None:
        if not answering.may_hear(self._opened.receiving, query):
            await _reply(send, Reply(status=403), NEWS)
        elif self.streams >= MOST_STREAMS:
            await _reply(send, Reply(status=503), NEWS)
        else:
            self.streams += 1
            try:
                await listen(self._opened, receive, send, lambda: self._event(query), STREAM)
            finally:
                self.streams -= 1

    def _event(self, query: str) -> bytes | None:
        receiving = self._opened.receiving
        return answering.event(receiving) if receiving is not None and answering.may_hear(receiving, query) else None


async def listen(
    opened: Opened, receive: Receive, send: Send, event: Callable[[], bytes | None], head: Reply, pause: float = 0.0
) -> None:
    """Tell one browser the news until it is gone, or there is no more: each change at once, and the same again in between.

    ``event`` gives the news, None when the stream is to end; ``pause`` is for how many seconds changes are taken together.
    """
    loop, moved = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(moved.set)

    async def tell() -> None:
        headers = [
            (name.lower().encode(), value.encode())
            for name, value in head.headers("/desk/").items()
            if name != "Content-Length"
        ]
        await send({"type": "http.response.start", "status": head.status, "headers": headers})
        while True:
            moved.clear()  # before the news are made: what comes meanwhile is told next
            if (said := event()) is None:
                break
            await send({"type": "http.response.body", "body": said, "more_body": True})
            try:
                async with asyncio.timeout(PING):
                    await moved.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    opened.on_change.append(wake)
    tasks = [asyncio.ensure_future(gone()), asyncio.ensure_future(tell())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        opened.on_change.remove(wake)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _whole(receive: Receive) -> bytes | None:
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


async def _reply(send: Send, reply: Reply, path: str) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers(path).items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
