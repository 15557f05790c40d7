"""Brings the check-in page to devices and takes what they send: a small server of one desk, for one batch at the point.

It serves on this machine (``localhost``, where browsers allow camera and offline use) or, with a certificate that the
devices trust, on the local network. It asks nobody anything.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from parley.web.checkin import answering, pages
from parley.web.checkin.answering import LOCAL, MOST_BODY, MOST_STREAMS, NEWS, PING, ROOT, STREAM, Reply
from parley.web.checkin.receiving import Receiving

__all__ = ["ROOT", "Handler", "Server"]
_ENDLESS: Final = frozenset({"Content-Length"})


class Server(ThreadingHTTPServer):
    """One batch's page and its desk's side, until ``shutdown``."""

    daemon_threads = True

    def __init__(self, receiving: Receiving, host: str = "localhost", port: int = 0) -> None:
        """Listen; port 0 takes any free one. Raises OSError where the port is taken."""
        self.receiving = receiving
        self.files = pages.files()
        self.names = LOCAL | {host}
        self.closing = threading.Event()
        self.streams = threading.BoundedSemaphore(MOST_STREAMS)
        self.connections: set[Any] = set()
        super().__init__((host, port), Handler)

    def encrypt(self, certificate: Path, key: Path) -> None:
        """Serve over TLS from now on; raises OSError or ssl.SSLError for files that are no certificate and key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def server_close(self) -> None:
        """Stop listening, end every stream of news, and answer nothing more on connections that are open."""
        self.closing.set()
        self.receiving.tell()
        super().server_close()
        for one in tuple(self.connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Remember the connection for as long as it is open."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Forget a connection that is over."""
        self.connections.discard(request)
        super().shutdown_request(request)

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
        """Answer with a file of the page, with the desk's greeting, or with news for as long as the device listens."""
        asked = urlsplit(self.path)
        if not self._from_here():
            return self._send(Reply(status=421))
        if asked.path == f"{ROOT}{NEWS}":
            return self._tell(asked.query)
        return self._send(answering.look(self.server.files, self.server.receiving, asked.path))

    def do_POST(self) -> None:
        """Take what a device sends."""
        length = self.headers.get("Content-Length", "")
        if not self._from_here():
            return self._send(Reply(status=421))
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True
            return self._send(Reply(status=413))
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # cut off in the middle: the device keeps it all and sends it again
            self.close_connection = True
            return None
        return self._send(answering.take(self.server.receiving, urlsplit(self.path).path, body))

    def _from_here(self) -> bool:
        return answering.from_here(self.server.names, self.headers.get("Host", ""), self.headers.get("Origin"))

    def _send(self, reply: Reply) -> None:
        self._head(reply)
        self.wfile.write(reply.body)

    def _head(self, reply: Reply, without: frozenset[str] = frozenset()) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers(self.path).items():
            if name not in without:
                self.send_header(name, value)
        self.end_headers()

    def _tell(self, query: str) -> None:
        """Say what is new whenever something came, until the device is gone or the server closes."""
        receiving = self.server.receiving
        self.close_connection = True
        if not answering.may_hear(receiving, query):
            return self._send(Reply(status=403))
        if not self.server.streams.acquire(blocking=False):
            return self._send(Reply(status=503))
        moved = threading.Event()
        receiving.on_change.append(moved.set)
        try:
            self._head(STREAM, _ENDLESS)
            while not self.server.closing.is_set():
                moved.clear()
                self.wfile.write(answering.event(receiving))
                moved.wait(PING)
        finally:
            receiving.on_change.remove(moved.set)
            self.server.streams.release()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the name is the library's
        """Write nothing."""
