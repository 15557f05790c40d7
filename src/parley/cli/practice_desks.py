"""Serves a practice exchange: a start page at once, then a program, a port, keys and a database of its own for each desk."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from parley.cli.errors import CliBroken
from parley.practice.exchange import PASSPHRASE

FIRST_PORT: Final = 8440
TRIES: Final = 200
TOLD: Final = "serving.json"
PATIENCE: Final = 60.0
EVERY: Final = 5.0
NEUTRAL: Final = "neutral"


@dataclass(slots=True)
class PracticeDesks:
    """The programs that serve one practice exchange in a folder."""

    folder: Path
    ports: list[int]
    programs: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where to look first."""
        return f"http://localhost:{self.ports[0]}/"

    def open(self) -> None:
        """Serve the start page, before anything is played; from now on also a closed terminal ends everything in order."""
        end_in_order()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tell("", {})
        self._begin(["parley.web.start_page", str(self.folder), str(self.ports[0])])

    def tell(
        self, stage: str, desks: dict[str, str], share: float = 0.0, left: int = 0, ready: dict[str, str] | None = None
    ) -> None:
        """Let the start page say what is played, which part is done and how many seconds are left; or where the desks are.

        ``ready``: desks that answer already while others are still being opened.
        """
        beside = self.folder / f"{TOLD}.new"
        told = {"stage": stage, "desks": desks, "share": round(100 * share), "left": left, "ready": ready or {}}
        beside.write_text(json.dumps(told), encoding="utf-8")
        beside.replace(self.folder / TOLD)

    def serve(self, names: Sequence[str]) -> dict[str, str]:
        """Serve each desk, the neutral's first; the others call there. Returns their addresses when all of them answer."""
        ordered = sorted(names, key=lambda name: (name != NEUTRAL, name))
        found = {name: f"http://localhost:{port}/" for name, port in zip(ordered, self.ports[1:], strict=False)}
        for name, port in zip(ordered, self.ports[1:], strict=False):
            words = ["parley.web", "--desk", str(self.folder / name), "--port", str(port), "--passphrase-on-stdin"]
            if name != NEUTRAL and NEUTRAL in found:
                words += ["--sync", found[NEUTRAL].replace("localhost", "127.0.0.1"), "--every", str(EVERY)]
            self._begin(words, PASSPHRASE)
        ready: dict[str, str] = {}
        for name, address in found.items():
            self._wait_for(address)
            ready[name] = address
            self.tell("", {}, 1.0, 5, dict(sorted(ready.items())))
        desks = dict(sorted(found.items()))
        self.tell("", desks)
        return desks

    def _begin(self, words: Sequence[str], passphrase: str = "") -> None:
        program = subprocess.Popen(  # noqa: S603 - this very program's pages
            [sys.executable, "-m", *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert program.stdin is not None
        program.stdin.write(f"{passphrase}\n")
        program.stdin.close()
        self.programs.append(program)

    def _wait_for(self, address: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and all(one.poll() is None for one in self.programs):
            with suppress(URLError, OSError), urlopen(f"{address}language", timeout=5):  # noqa: S310 - this machine's own
                return
            time.sleep(0.1)
        raise CliBroken("cli.not_served")

    def wait(self) -> None:
        """Wait until somebody presses Ctrl-C, or a program stops by itself."""
        with suppress(KeyboardInterrupt):
            while all(one.poll() is None for one in self.programs):
                time.sleep(0.3)

    def close(self) -> None:
        """Stop everything."""
        for one in self.programs:
            one.terminate()
        for one in self.programs:
            with suppress(subprocess.TimeoutExpired):
                one.wait(timeout=5)
            if one.poll() is None:
                one.kill()
        with suppress(OSError):
            (self.folder / TOLD).unlink(missing_ok=True)


def end_in_order() -> None:
    """Take the signals that end a program as Ctrl-C, so that the programs it started end with it."""
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, _as_interrupted)


def _as_interrupted(number: int, frame: object) -> None:
    _ = number, frame
    raise KeyboardInterrupt


def free_ports(count: int, first: int = FIRST_PORT) -> list[int]:
    """Return ports of this machine that nobody uses; raises CliBroken where there are too few."""
    found: list[int] = []
    for port in range(first, first + TRIES):
        with socket.socket() as door, suppress(OSError):
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was closed just now is free
            door.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise CliBroken("cli.not_served")
