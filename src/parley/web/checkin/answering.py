"""What the desk answers a device at the point, whichever server carries it: the page's files, and the desk's side of a batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from parley.web.checkin import pages
from parley.web.checkin.receiving import Receiving

ROOT: Final = "/checkin/"
NEWS: Final = "desk/news"
MOST_BODY: Final = 8 * 1024 * 1024
MOST_STREAMS: Final = 200
PING: Final = 10.0
"""Seconds after which a stream says the same again, so that the page knows that the line lives."""
HEADERS: Final = {
    "Content-Security-Policy": pages.POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer: ``more`` are its own headers, besides those that every answer has."""

    status: int
    body: bytes = b""
    kind: str = "text/plain"
    more: Mapping[str, str] = field(default_factory=dict)

    def headers(self, path: str) -> dict[str, str]:
        """Return all its headers; what the desk says is never kept by a browser."""
        kept = "no-store" if "/desk/" in path else "no-cache"
        told = HEADERS | {"Cache-Control": kept, "Content-Type": self.kind, "Content-Length": str(len(self.body))}
        return told | dict(self.more)


def from_here(names: Collection[str], host: str, origin: str | None) -> bool:
    """Say whether a request names this server, and comes from its own page: no other site may speak to it."""
    named = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return named in names and (origin is None or urlsplit(origin).netloc == host)


def look(files: Mapping[str, bytes], receiving: Receiving | None, path: str) -> Reply:
    """Answer a question: with a file of the page, or with the desk's greeting; None receives nothing yet."""
    if path in ("/", ROOT.rstrip("/")):
        return Reply(status=302, more={"Location": ROOT})
    name = path.removeprefix(ROOT) if path.startswith(ROOT) else None
    if name == "desk/greeting":
        return Reply(status=503) if receiving is None else _said(receiving.greeting())
    file = files.get(name or "index.html") if name is not None else None
    if file is None:
        return Reply(status=404)
    return Reply(status=200, body=file, kind=pages.kind(name or "index.html"))


def take(receiving: Receiving | None, path: str, body: bytes) -> Reply:
    """Take what a device sends; where nothing is open at this desk the device keeps it and sends it again."""
    what = path.removeprefix(ROOT)
    if what not in ("desk/enrol", "desk/exchange", "desk/pack"):
        return Reply(status=404)
    if receiving is None:
        return Reply(status=503)
    match what:
        case "desk/enrol":
            return _said(receiving.enrol(body))
        case "desk/exchange":
            return _said(receiving.exchange(body))
        case _:
            pack = receiving.pack(body)
            return Reply(status=200 if pack else 403, body=pack or b"", kind="application/octet-stream")


def may_hear(receiving: Receiving | None, query: str) -> bool:
    """Say whether a device may hear the news: it gives the key that an exchange told it."""
    return receiving is not None and receiving.knows(parse_qs(query).get("key", [""])[0])


def event(receiving: Receiving) -> bytes:
    """Return what a stream tells: how many entries came, and which pack is the newest; no word on anybody."""
    return f"event: news\ndata: {json.dumps(receiving.news())}\n\n".encode()


STREAM: Final = Reply(status=200, kind="text/event-stream; charset=utf-8", more={"X-Accel-Buffering": "no"})


def _said(answer: dict[str, Any]) -> Reply:
    return Reply(status=200, body=json.dumps(answer, ensure_ascii=False).encode(), kind="application/json")
