"""A line between desks in one program, and the program that serves a neutral's desk in a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from parley.desk import Desk
from parley.desk.mailroom import Call, Mailroom, Reply
from parley.desk.post_errors import PostBroken
from parley.desk.visiting import Line
from parley.words import Moment

Between = Callable[[Call, Callable[[Call], Reply]], Reply]


class Wire(Line):
    """A line that ends in a mailroom of this program; ``between`` may do to a call what a hostile network does."""

    def __init__(self, room: Mailroom, desk: Desk, folder: Path, between: Between | None = None) -> None:
        super().__init__("http://neutral.example", desk, folder)
        self.room, self.between, self.calls = room, between, 0

    def _once(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        call = Call(method=method, target=target, signed=dict(headers).get("parley-request", ""), body=body)
        self.calls += 1
        reply = self.room.answer(call) if self.between is None else self.between(call, self.room.answer)
        self._word = reply.headers.get("parley-nonce", "")
        return reply.status, reply.body, reply.headers


def breaks_off(*calls: int) -> Between:
    """Return a network that breaks at the calls of these numbers, after the other desk has done its part."""
    number = 0

    def between(call: Call, answer: Callable[[Call], Reply]) -> Reply:
        nonlocal number
        number += 1
        reply = answer(call)
        if number in calls:
            raise PostBroken("post.broken_off")
        return reply

    return between


def serve(folder: Path, passphrase: str, port: int) -> None:
    """Serve the mailroom of the desk in a folder, until the process is ended."""
    import uvicorn

    from parley.desk.folder import open_folder, read_folder
    from parley.web.line import Line as Door

    def now() -> Moment:
        return Moment(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    desk = open_folder(read_folder(folder), unlock_with=lambda _key: passphrase, now=now)
    room = Mailroom(desk, folder / "post", seconds=lambda: int(time.time()))
    config = uvicorn.Config(
        Door(room.answer), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1, lifespan="off"
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
