"""Families ask here: an ASGI application with one small page, no sign-in, no cookie, no database and no script.

Every answer comes after the same short time and with the same length, whatever was asked; a code travels in the body, so that it
stands in no log of addresses. Who asks too often is told to wait, in a page of the same form.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qs

from parley.acts import LANGUAGES
from parley.briefings.family_page import family_page
from parley.desk.family_codes import FamilyCodes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PLACE: Final = "/family"
MOST_BODY: Final = 1024
AFTER: Final = 0.1
"""Seconds after which every answer comes."""
EACH: Final = 10
"""Questions a minute from one address."""
ALL: Final = 600
"""Questions a minute from everybody together: at this rate a thousand codes are guessed once in three million years."""
MINUTE: Final = 60.0
MOST_ADDRESSES: Final = 10_000
_HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class Families:
    """The application at ``/family``."""

    def __init__(self, codes: FamilyCodes, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Answer from these codes."""
        self._codes, self._clock = codes, clock
        self._asked: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question."""
        begun = asyncio.get_running_loop().time()
        body = await _body(receive) if scope["method"] == "POST" else b""
        said = scope.get("query_string", b"")[-2:].decode("latin-1")
        language = said if said in LANGUAGES else "en"
        address = str((scope.get("client") or ("",))[0])
        page = self._page(scope["method"], address, body, language)
        await asyncio.sleep(max(0.0, begun + AFTER - asyncio.get_running_loop().time()))
        headers = [*_HEADERS, (b"content-length", str(len(page)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page if scope["method"] != "HEAD" else b""})

    def _page(self, method: str, address: str, body: bytes, language: str) -> bytes:
        if method != "POST":
            return family_page(language, asked=False)
        allowed = self._allowed(address)
        found = self._codes.ask(_code(body))
        if not allowed:
            return family_page(language, asked=True, word="wait", contact=self._codes.contact)
        word, since = (found.word, found.since) if found is not None else ("", "")
        return family_page(language, asked=True, word=word, since=since, contact=self._codes.contact)

    def _allowed(self, address: str) -> bool:
        """Count a question, and say whether its address, and everybody together, stay within their minute."""
        return self._count("", ALL) & self._count(f"a{address}", EACH)

    def _count(self, who: str, most: int) -> bool:
        now = self._clock()
        begun, asked = self._asked.pop(who, (now, 0))
        begun, asked = (now, 1) if now - begun > MINUTE else (begun, asked + 1)
        self._asked[who] = begun, asked
        while len(self._asked) > MOST_ADDRESSES:
            self._asked.popitem(last=False)
        return asked <= most


def _code(body: bytes) -> str:
    try:
        return parse_qs(body.decode("utf-8"), max_num_fields=4).get("code", [""])[0]
    except ValueError:
        return ""


async def _body(receive: Receive) -> bytes:
    pieces = bytearray()
    while True:
        message = await receive()
        if len(pieces) <= MOST_BODY:
            pieces += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(pieces[:MOST_BODY])
