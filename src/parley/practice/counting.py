"""The point of the practice exchange: packs carried there, two devices for each counter, books carried home, one device lost.

Every device opens its pack with a PIN, is made known by a code, scans cards and signs what it saw with a clock of its own, as the
check-in page does. What is written stands in ``point/stage-…`` of the exchange's folder: packs and books to try the commands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from parley import acts
from parley.desk import Desk, point
from parley.handover import enrolling, joining, pack, reckoning
from parley.handover.answers import Posting, Seen, entry
from parley.handover.entries import BOOK, TWO_OFFICERS, sign_entry, sign_request
from parley.handover.manifest import tag
from parley.handover.pack import Pack
from parley.practice.exchange import Exchange
from parley.record.keys import SigningKey
from parley.words import Digest, LineId, Moment

PIN: Final = "practice only"
GATES: Final = ("gate-1", "gate-2")
OFF: Final = {"gate-1": -95, "gate-2": 6_900}
"""Seconds by which the devices' clocks are wrong: two hours apart, and nothing depends on it."""
LOST: Final = (1, "neutral/gate-2")
"""The stage and the device that is lost with the last people it saw."""
LOST_PEOPLE: Final = 3
WRONG: Final = (2, "south")
"""The stage and the counter whose officer writes somebody down as not presented who did cross."""


@dataclass(slots=True)
class Device:
    """One device: its key, what it carries, and its book."""

    key: SigningKey
    pack: Pack
    seen: Seen
    lines: list[bytes] = field(default_factory=list)
    last: Digest = field(default_factory=lambda: Digest(""))
    number: int = 0

    @property
    def name(self) -> str:
        """The device's name, ``neutral/gate-2``."""
        return self.key.verify_key.name

    def book(self) -> bytes:
        """Return the book as the page saves it."""
        return f"{BOOK}\n".encode() + b"".join(self.lines)

    def write(self, text: str, at: Moment, **said: str | int) -> None:
        """Scan a card, or type a line, and sign what was seen."""
        posting = Posting(device=self.name, station=self.pack.last)
        seen = entry(self.pack, self.seen, posting, text, at, number=self.number + 1, prev=self.last, **said)
        self.number, self.last = seen.number, seen.id()
        self.seen.add(self.last, seen)
        self.lines.append(sign_entry(seen, self.key).line())


class Point:
    """The handover point of one stage."""

    def __init__(self, exchange: Exchange, stage: int) -> None:
        """Make packs and make the devices known, the evening before."""
        self.exchange, self.stage = exchange, stage
        self.folder = exchange.folder / "point" / f"stage-{stage}"
        self.folder.mkdir(parents=True)
        self.devices = {name: self._ready(desk) for name, desk in exchange.desks.items()}
        self.misread: LineId | None = None

    def _ready(self, desk: Desk) -> tuple[Device, ...]:
        now, signer = self.exchange.clock.now(), point.signer_of(desk)
        salt, nonce = desk.randomness(pack.SALT_BYTES), desk.randomness(pack.NONCE_BYTES)
        content = pack.sign(point.pack_for(desk, self.stage, now, carried=True), signer)
        # A practice pack takes the fewest rounds: it protects nobody.
        rounds = pack.LEAST_ITERATIONS
        file = pack.lock(content, PIN, signer.verify_key, salt=salt, nonce=nonce, iterations=rounds)
        self.save(f"{desk.name}.pack", file)
        found = []
        for gate in GATES:
            _, shown = point.open_enrolment(desk, gate, self.stage, now)
            code = enrolling.read_code(shown)
            key = SigningKey.generate(code.device, desk.randomness)
            carried = pack.open_pack(file, PIN, signer.verify_key)
            asked = sign_request(enrolling.request(carried.case, carried.batch, code, key.verify_key), key)
            given = point.admit(desk, asked.line(), now)
            found.append(Device(key, carried, Seen(carried), [given.line()]))
        return tuple(found)

    def cross(self, group: int, lines: Iterable[LineId]) -> None:
        """Scan the people of a group at each counter, on the device whose turn it is; the network is away."""
        for counter, devices in self.devices.items():
            device = devices[group % len(devices)]
            for place, line in enumerate(lines):
                card = tag(device.pack.case, self.stage, line, device.pack.version)
                at = self._moment(device, 60 * group + 5 * place)
                if (self.stage, counter) == WRONG and self.misread is None:
                    self.misread = line
                    device.write(card, at, outcome="NOT_PRESENTED", officer=f"{counter}/officer-1")
                else:
                    device.write(card, at, group=group, officer=f"{counter}/officer-1")

    def not_over(self, lost: Mapping[LineId, str]) -> None:
        """Type what became of those who did not cross, at each counter; two officers where the law asks for them."""
        for counter, devices in self.devices.items():
            device = devices[0]
            for line, code in lost.items():
                two = {"second": f"{counter}/officer-2", "note": "as seen by both"} if code in TWO_OFFICERS else {}
                at = self._moment(device, 3_600)
                device.write(line, at, how="typed", outcome=code, officer=f"{counter}/officer-1", **two)

    def bring_home(self) -> dict[str, joining.Joined]:
        """Carry the books home and let each counter hand in its own; returns what each joined."""
        found = {}
        for counter, devices in self.devices.items():
            books = [self._carried(device) for device in devices]
            desk = self.exchange.desks[counter]
            pile = joining.join(joining.read_book(book) for book in (*books, *books[:1]))
            found[counter] = point.look(desk, pile, self.stage, self._evening())
            tally = found[counter].tallies()[desk.name]
            own = reckoning.book_of(tally)
            digest = reckoning.digest(pile)
            deed = acts.HandInBook(batch=self.stage, book=digest, outcomes=own.outcomes, unlisted=own.unlisted)
            self.exchange.do(counter, deed)
        return found

    def reckon(self) -> reckoning.Reckoning:
        """Join the books of all three at the neutral's desk and set them beside the plan."""
        files = sorted(self.folder.glob("*.book"))
        pile = joining.join(joining.read_book(file.read_bytes()) for file in files)
        desk = self.exchange.desks["neutral"]
        lost = (LOST[1],) if LOST[0] == self.stage else ()
        return point.reckon(desk, point.look(desk, pile, self.stage, self._evening()), self.stage, lost)

    def _carried(self, device: Device) -> bytes:
        """Return what came home of a device: of the lost one, a copy made before the last people crossed."""
        book = device.book()
        if (self.stage, device.name) == LOST:
            kept = device.lines[: max(1, len(device.lines) - LOST_PEOPLE)]
            book = f"{BOOK}\n".encode() + b"".join(kept)
        self.save(f"{device.name.replace('/', '-')}.book", book)
        return book

    def _moment(self, device: Device, seconds: int) -> Moment:
        at = self.exchange.clock.at + timedelta(seconds=seconds + OFF[device.name.partition("/")[2]])
        return Moment(at.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _evening(self) -> Moment:
        return enrolling.later(self.exchange.clock.now(), 24)

    def save(self, name: str, data: bytes) -> Path:
        """Write a file into the folder of this stage, to try the commands on."""
        file = self.folder / name
        file.write_bytes(data)
        return file
