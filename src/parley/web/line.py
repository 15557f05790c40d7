"""Other desks call here: an ASGI application that carries their requests to the mailroom and its replies back.

It stands beside the pages, not among them: no cookie, no session, no form; who asks is known by a desk key's signature. A
request's body is read to at most one piece, in memory, and whoever sends more is cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from parley.desk.mailroom import PIECE, SIGNED, Call, Reply
from parley.record.request import MOST_HEADER

PREFIX: Final = "/sync/"
MOST_AT_ONCE: Final = 64
"""Requests that are read at one time: more wait at the door, so memory has a bound."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Line:
    """The application under ``/sync/``; ``answer`` does the work, in a thread."""

    def __init__(self, answer: Callable[[Call], Reply]) -> None:
        """Keep who answers."""
        self._answer = answer
        self._door = asyncio.Semaphore(MOST_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        async with self._door:
            body = await _body(receive)
            query = scope.get("query_string", b"").decode("latin-1")
            target = str(scope["path"]).removeprefix(PREFIX) + (f"?{query}" if query else "")
            signed = dict(scope["headers"]).get(SIGNED.encode(), b"")[: MOST_HEADER + 1].decode("latin-1")
            call = Call(method=str(scope["method"]), target=target[:1000], signed=signed, body=body)
            reply = await asyncio.to_thread(self._answer, call)
        await _send(send, reply)


async def _body(receive: Receive) -> bytes:
    """Return the body, or the first bytes beyond the largest piece: the mailroom then says that it is too long."""
    pieces = bytearray()
    while len(pieces) <= PIECE:
        message = await receive()
        pieces += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            break
    return bytes(pieces[: PIECE + 1])


async def _send(send: Send, reply: Reply) -> None:
    headers = {
        "content-type": reply.kind,
        "content-length": str(len(reply.body)),
        "x-content-type-options": "nosniff",
        **reply.headers,
    }
    named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": named})
    await send({"type": "http.response.body", "body": reply.body})
