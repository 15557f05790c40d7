"""Brings the check-in page to devices and takes what they send: a small server of one desk, for one batch at the point.

It serves on this machine (``localhost``, where browsers allow camera and offline use) or, with a certificate that the
devices trust, on the local network. It asks nobody anything.
"""

from __future__ import annotations

import json
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from parley.web.checkin import pages
from parley.web.checkin.receiving import Receiving

ROOT: Final = "/checkin/"
MOST_BODY: Final = 8 * 1024 * 1024
HEADERS: Final = {
    "Content-Security-Policy": pages.POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Server(ThreadingHTTPServer):
    """One batch's page and its desk's side, until ``shutdown``."""

    daemon_threads = True

    def __init__(self, receiving: Receiving, host: str = "localhost", port: int = 0) -> None:
        """Listen; port 0 takes any free one. Raises OSError where the port is taken."""
        self.receiving = receiving
        self.files = pages.files()
        self.names = LOCAL | {host}
        super().__init__((host, port), Handler)

    def encrypt(self, certificate: Path, key: Path) -> None:
        """Serve over TLS from now on; raises OSError or ssl.SSLError for files that are no certificate and key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing: a device that went out of reach in the middle of a word is the usual case here."""


class Handler(BaseHTTPRequestHandler):
    """Answers one device; writes no log, because what devices ask is nobody's business."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "parley"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Answer with a file of the page, or with the desk's greeting."""
        path = urlsplit(self.path).path
        if not self._from_here():
            return self._send(421, b"", "text/plain")
        if path == "/":
            return self._send(302, b"", "text/plain", Location=ROOT)
        name = path.removeprefix(ROOT) if path.startswith(ROOT) else None
        if name == "desk/greeting":
            return self._say(self.server.receiving.greeting())
        file = self.server.files.get(name or "index.html") if name is not None else None
        if file is None:
            return self._send(404, b"", "text/plain")
        return self._send(200, file, pages.kind(name or "index.html"))

    def do_POST(self) -> None:
        """Take what a device sends."""
        path = urlsplit(self.path).path
        length = self.headers.get("Content-Length", "")
        if not self._from_here():
            return self._send(421, b"", "text/plain")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True
            return self._send(413, b"", "text/plain")
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # cut off in the middle: the device keeps it all and sends it again
            self.close_connection = True
            return None
        receiving = self.server.receiving
        match path.removeprefix(ROOT):
            case "desk/enrol":
                return self._say(receiving.enrol(body))
            case "desk/exchange":
                return self._say(receiving.exchange(body))
            case "desk/pack":
                pack = receiving.pack(body)
                return self._send(200 if pack else 403, pack or b"", "application/octet-stream")
        return self._send(404, b"", "text/plain")

    def _from_here(self) -> bool:
        """Say whether the request names this server, and comes from its own page: no other site may speak to it."""
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin")
        named = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return named in self.server.names and (origin is None or urlsplit(origin).netloc == host)

    def _say(self, answer: dict[str, Any]) -> None:
        self._send(200, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        desk = "/desk/" in self.path
        told = HEADERS | {"Cache-Control": "no-store" if desk else "no-cache", "Content-Type": kind}
        for name, value in (told | headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the name is the library's
        """Write nothing."""
