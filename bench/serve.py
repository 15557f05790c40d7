"""One neutral's desk in a browser: 400 live boards, 50 devices that post, 50 people who turn pages; on SQLite and PostgreSQL.

A practice exchange is played; its neutral's desk is served by a program of its own. Then, all over real sockets on this machine:

- live: viewers hold their streams open while two parties sign acts, and devices of each party carry what waits to the neutral,
  every one at its own rhythm and none knowing of the others: what one brings twice must count once. Measured is the time from the
  first request that carries an act to the moment at which each viewer has the board that counts it.
- reconnects: viewers lose their line at random moments and come back with the number of the last event they saw; each must
  hear of every act once.
- pages: people who ask for the record, 200 acts on a page, and think five seconds in between; once quiet, once with everything
  above going on.
- connections: how many the server holds to the office's database while all streams are open and nothing else happens.

``--quick`` is a tenth of everything. Ends with 1 if an act was lost, doubled, or not heard of.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parley.acts import RecordPublicStatement
from parley.desk import Desk
from parley.desk.folder import Folder, open_folder, read_folder
from parley.desk.mailroom import PIECE
from parley.desk.post_errors import PostBroken
from parley.desk.visiting import Line, visit
from parley.practice.exchange import Exchange
from parley.practice.story import tell
from parley.record.bundle import Bundle, write
from parley.store import Change, open_store
from parley.words import Moment, ParticipantName, Refusal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

HOST = "127.0.0.1"
PARTIES = ("north", "south")
SIGN_EVERY = 0.25
"""Seconds between two acts of one party: eight acts in a second, all together."""
CARRY_EVERY = 5.0
"""Seconds between two visits of one device."""
THINK = 5.0
LATE = 10.0


def now() -> Moment:
    return Moment(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))


# --- the desk that is served -----------------------------------------------------------------------------------------


def on_server(folder: Path, dsn: str) -> None:
    """Move a neutral's record to a server: its acts, checkpoints and facts (no sealed files; nobody asks for them here)."""
    settings = folder / "parley.toml"
    kept = open_store(str(folder / "record.db"), owner="neutral")
    moved = open_store(f"{dsn}#bench_record", owner="neutral")
    acts = tuple(kept.acts())
    points = [(size, note) for size in range(1, len(acts) + 1) if (note := kept.checkpoint(size)) is not None]
    moved.write(Change(start=0, acts=acts, checkpoints=tuple(points[-5:]), facts=dict(kept.facts())))
    kept.close()
    moved.close()
    settings.write_text(settings.read_text().replace('"record.db"', f'"{dsn}#bench_record"'))


@contextlib.contextmanager
def served(folder: Path, port: int, database: str) -> Iterator[int]:
    """Serve a desk in a program of its own; yields its process number."""
    words = [sys.executable, "-m", "parley.web", "--desk", str(folder), "--port", str(port), "--passphrase-on-stdin"]
    words += ["--database", f"{database}#bench_office"] if database else []
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as program:
        assert program.stdin is not None
        program.stdin.write(b"practice\n")
        program.stdin.close()
        try:
            wait_for(port)
            yield program.pid
        finally:
            program.terminate()


def wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            asyncio.run(ask(port, "GET", "/sign-in"))
            return
        time.sleep(0.1)
    sys.exit("the server did not start")


async def ask(port: int, method: str, path: str, cookie: str = "", body: str = "") -> tuple[bytes, bytes]:
    """Ask for one page over a line of its own, and return head and body."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: parley_language=en; {cookie}\r\n"
    )
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
    writer.write(f"{head}\r\n{body}".encode())
    data = await reader.read(-1)
    writer.close()
    top, _, rest = data.partition(b"\r\n\r\n")
    return top, rest


async def signed_in(port: int, role: str) -> str:
    """Sign in at the practice desk, and return the cookie."""
    top, page = await ask(port, "GET", "/sign-in")
    form = re.search(rb"set-cookie: (parley_neutral_form=[^;]+)", top, re.IGNORECASE)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form is not None
    assert token is not None
    body = f"csrfmiddlewaretoken={token[1].decode()}"
    top, _ = await ask(port, "POST", f"/practice/{role}", form[1].decode(), body)
    found = re.search(rb"set-cookie: (parley_neutral_in=[^;]+)", top, re.IGNORECASE)
    assert found is not None, top
    return found[1].decode()


# --- those who post --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Party:
    """One party's acts as they are signed, and when each was first carried."""

    name: str
    desk: Desk
    notes: list[bytes] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    first: dict[str, float] = field(default_factory=dict)
    confirmed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sign(self, number: int) -> None:
        said = RecordPublicStatement(speaker=ParticipantName(self.name), said=now(), source=f"evening {number}")
        done = self.desk.sign(said)
        assert not isinstance(done, Refusal), done
        with self.lock:
            self.notes.append(self.desk.waiting[-1].note)
            self.signed.append(str(done))

    def bundle(self) -> tuple[bytes, int]:
        """Return what no device knows to be confirmed, and a little more: as a stick would carry it."""
        with self.lock:
            start, stop = max(0, self.confirmed - 3), len(self.notes)
            waiting = tuple(self.notes[start:stop])
            sent = time.perf_counter()
            for act in self.signed[start:stop]:
                self.first.setdefault(act, sent)
        size = self.desk.size
        return write(Bundle(origin=self.desk.origin, start=size, stop=size, waiting=waiting)), stop


def device(
    party: Party, port: int, folder: Path, until: threading.Event, posts: list[float], rhythm: random.Random
) -> None:
    """Carry what waits, again and again; one line broken is one visit missed."""
    line = Line(f"http://{HOST}:{port}/", party.desk, folder)
    until.wait(rhythm.uniform(0, CARRY_EVERY))
    while not until.is_set():
        data, stop = party.bundle()
        assert len(data) < PIECE
        began = time.perf_counter()
        with contextlib.suppress(PostBroken):
            line.give(data)
            posts.append(time.perf_counter() - began)
            with party.lock:
                party.confirmed = max(party.confirmed, stop)
        until.wait(rhythm.uniform(0.5, 1.5) * CARRY_EVERY)


# --- those who look --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Viewer:
    """One open board: when it counted how many acts, and which acts it was told of."""

    port: int
    cookie: str
    counted: list[tuple[int, float]] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    seen: int = -1
    status: int = 0

    async def look(self) -> None:
        """Listen until the line is cut."""
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=1 << 22)
        last = f"Last-Event-ID: {self.seen}\r\n" if self.seen >= 0 else ""
        writer.write(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n{last}\r\n".encode())
        try:
            self.status = int((await reader.readline()).split()[1])
            number, kind = -1, b""
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"event: "):
                    kind = line[7:].strip()
                elif line.startswith(b"data: "):
                    self.seen = number
                    if kind == b"act":
                        self.told.append(number - 1)
                    else:
                        self.counted.append((number, time.perf_counter()))
        finally:
            writer.close()


async def looking(viewers: list[Viewer]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.ensure_future(one.look()) for one in viewers]
    for _ in range(600):
        if all(one.counted for one in viewers):
            return tasks
        await asyncio.sleep(0.1)
    sys.exit(f"{sum(1 for one in viewers if not one.counted)} streams of {len(viewers)} never began")


async def cut(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def at_hand(desk: Desk) -> contextlib.nullcontext[Desk]:
    return contextlib.nullcontext(desk)


async def reconnecting(viewer: Viewer, times: int, dice: random.Random) -> None:
    """Lose the line so many times, at random moments: while it opens, while it is told, while it waits."""
    for _ in range(times):
        with contextlib.suppress(TimeoutError, OSError, ValueError, IndexError):
            async with asyncio.timeout(dice.choice((0.002, 0.02, 0.1, 0.3))):
                await viewer.look()


async def turning_pages(port: int, cookie: str, until: asyncio.Event, waits: list[float], dice: random.Random) -> None:
    await asyncio.sleep(dice.uniform(0, THINK))
    while not until.is_set():
        began = time.perf_counter()
        top, _ = await ask(port, "GET", "/record", cookie)
        assert b" 200 " in top.splitlines()[0], top[:200]
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(dice.expovariate(1 / THINK))


# --- one measurement -------------------------------------------------------------------------------------------------


def shown(name: str, values: list[float], unit: str = "ms") -> str:
    ordered = sorted(values)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] * 1000
    middle = statistics.median(ordered) * 1000
    return f"{name:<46}{len(values):>8} {middle:>8.0f} {late:>8.0f} {ordered[-1] * 1000:>8.0f} {unit}"


def connections(pid: int, folder: Path, dsn: str) -> int:
    """Count what the server holds of the office's database: connections, or on SQLite open files."""
    if dsn:
        import psycopg

        with psycopg.connect(dsn) as line:
            found = line.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
            assert found is not None
            return int(found[0])
    held = [one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir() if one.exists()]
    return sum(1 for one in held if one == folder / "office.sqlite")


async def measure(port: int, pid: int, folder: Path, dsn: str, parties: list[Party], scale: argparse.Namespace) -> bool:
    dice = random.Random(7)
    cookies = [await signed_in(port, "intermediary") for _ in range(5)]
    users = [cookies[number % len(cookies)] for number in range(scale.users)]

    waits: list[float] = []
    done = asyncio.Event()
    pages = [asyncio.ensure_future(turning_pages(port, one, done, waits, dice)) for one in users]
    await asyncio.sleep(scale.seconds)
    done.set()
    await asyncio.gather(*pages)
    print(shown(f"page of 200 acts, {scale.users} people, nothing else", waits))

    viewers = [Viewer(port, cookies[number % len(cookies)]) for number in range(scale.viewers)]
    tasks = await looking(viewers)
    await asyncio.sleep(3)
    held = connections(pid, folder, dsn)
    what = "connections to PostgreSQL, the record's own among them" if dsn else "open files of the office's database"
    print(f"{scale.viewers} open streams at rest: {held} {what}")
    begun = max(viewers[0].counted)[0]

    until, posts = threading.Event(), list[float]()
    spool = folder.parent / "spool"
    devices = [
        threading.Thread(
            target=device, args=(parties[number % 2], port, spool / str(number), until, posts, random.Random(number))
        )
        for number in range(scale.devices)
    ]
    spool.mkdir(exist_ok=True)
    signer = threading.Thread(target=signing, args=(parties, until))
    for thread in (*devices, signer):
        thread.start()
    broken = Viewer(port, cookies[0], seen=begun)
    again = asyncio.ensure_future(reconnecting(broken, scale.reconnects, dice))
    waits, done = [], asyncio.Event()
    pages = [asyncio.ensure_future(turning_pages(port, one, done, waits, dice)) for one in users]
    await asyncio.sleep(scale.seconds)
    await again
    done.set()
    until.set()
    await asyncio.gather(*pages)
    for thread in (*devices, signer):
        await asyncio.to_thread(thread.join)
    for party in (*parties, parties[0]):  # what the last devices did not carry any more; the first then has it all
        line = Line(f"http://{HOST}:{port}/", party.desk, spool / "last")
        await asyncio.to_thread(visit, functools.partial(at_hand, party.desk), line)
    await asyncio.sleep(2)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            await broken.look()
    await cut(tasks)
    return report(parties, viewers, broken, begun, posts, waits, scale)


def signing(parties: list[Party], until: threading.Event) -> None:
    number = 0
    while not until.wait(SIGN_EVERY):
        for party in parties:
            party.sign(number)
        number += 1


def report(
    parties: list[Party],
    viewers: list[Viewer],
    broken: Viewer,
    begun: int,
    posts: list[float],
    waits: list[float],
    scale: argparse.Namespace,
) -> bool:
    """Print what was measured, and say whether nothing was lost, doubled or unheard of."""
    log = parties[0].desk
    logged = [act.id for act in (log.act_at(place) for place in range(begun, log.size))]
    signed = [one for party in parties for one in party.signed]
    lost, doubled = set(signed) - set(logged), len(logged) - len(set(logged))
    places = {str(act): begun + place for place, act in enumerate(logged)}
    late: list[float] = []
    for party in parties:
        for act, sent in party.first.items():
            for viewer in viewers:
                came = next((at for count, at in viewer.counted if count > places[act]), None)
                late.append(came - sent if came is not None else LATE)
    print(shown(f"page of 200 acts, {scale.users} people, with all below", waits))
    print(shown(f"posting a bundle, {scale.devices} devices", posts))
    print(shown(f"from posting to each of {len(viewers)} boards", late))
    wanted = list(range(begun, log.size))
    unheard = sum(1 for viewer in viewers if viewer.told != wanted)
    print(
        f"{len(signed)} acts signed, {len(logged)} logged with the neutral's hours; {len(lost)} lost, {doubled} doubled; "
        f"{unheard} of {len(viewers)} viewers missed one or heard one twice"
    )
    whole = broken.told == wanted
    print(f"{scale.reconnects} reconnects: {'every act heard once' if whole else 'SOME ACT WAS MISSED OR TOLD TWICE'}")
    return not lost and not doubled and not unheard and whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=400)
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--reconnects", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--quick", action="store_true")
    scale = parser.parse_args()
    if scale.quick:
        scale.viewers, scale.devices, scale.users, scale.reconnects, scale.seconds = 40, 5, 5, 100, 10
    print(
        f"python bench/serve.py   (Python {platform.python_version()}, {os.cpu_count()} cores, one machine for all)\n"
    )
    place = Path(tempfile.mkdtemp(prefix="parley-serve-"))
    fine = True
    try:
        folder = place / "exchange"
        folder.mkdir()
        tell(Exchange(folder=folder, per_side=scale.people // 2, seed=1, tell=lambda *_: None), "publication")
        kinds = ("sqlite", "postgresql") if scale.database == "both" else (scale.database,)
        for port, kind in enumerate(kinds, 8931):
            shutil.copytree(folder, place / kind)
            fine = run(place / kind, kind, port, scale) and fine
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0 if fine else 1


def run(folder: Path, kind: str, port: int, scale: argparse.Namespace) -> bool:
    with contextlib.ExitStack() as stack:
        dsn = ""
        if kind == "postgresql":
            from tests.contracts.server import Server, find_programs

            programs = find_programs()
            if programs is None:
                print("postgresql: not installed on this machine; left out")
                return True
            dsn = stack.enter_context(Server(programs)).dsn
            on_server(folder / "neutral", dsn)
        desks: list[tuple[str, Folder]] = [(name, read_folder(folder / name)) for name in PARTIES]
        parties = []
        for name, one in desks:
            desk = open_folder(one, unlock_with=lambda _: "practice", files=("desk", "officer-1"), now=now)
            stack.callback(desk.store.close)
            parties.append(Party(name, desk))
        pid = stack.enter_context(served(folder / "neutral", port, dsn))
        print(f"{kind}: {parties[0].desk.size} acts of {scale.people} people before it begins")
        print(f"{'':<46}{'count':>8} {'median':>8} {'p95':>8} {'most':>8}")
        fine = asyncio.run(measure(port, pid, folder / "neutral", dsn, parties, scale))
        print()
        return fine


if __name__ == "__main__":
    sys.exit(main())
