"""A handover point for the browser tests: a desk with a key, a pack of invented people, a server, and a camera that is a file."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno

from parley.handover import enrolling, joining
from parley.handover import pack as packs
from parley.handover.enrolling import Opening
from parley.handover.entries import Certificate, Signed
from parley.handover.manifest import tag
from parley.handover.pack import Pack, Traveller
from parley.record.keys import SigningKey
from parley.web.checkin.receiving import Place, Receiving
from parley.web.checkin.serving import Server
from parley.words import LineId, Moment, ParticipantName

CASE = "neutral/log"
PIN = "bread and salt"
DESK = SigningKey.from_seed("neutral/desk", bytes(range(32)))
NORTH, SOUTH, NEUTRAL = (ParticipantName(name) for name in ("north", "south", "neutral"))
STATIONS = ("asked", "crossed")
NAMES = (
    ("Коваль Остап", "Koval Ostap"),
    ("Лісова Дарина", "Lisova Daryna"),
    ("عمر الساحلي", "Omar al-Sahili"),
    ("Зимин Пётр", "Zimin Pyotr"),
)


def now() -> Moment:
    return at(0)


def at(hours: float) -> Moment:
    return Moment((datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def pack_of(
    people: int = 20,
    *,
    batch: int = 1,
    version: int = 1,
    expires: float = 24,
    hold: int = 10,
    counter: ParticipantName = NEUTRAL,
    stations: Sequence[str] = STATIONS,
) -> Pack:
    """People N1…, S1… in turn, on two buses; every seventh on a stretcher."""
    half = (people + 1) // 2
    travellers = [
        Traveller(
            born=("1985", "1983-03-21", "", "1990-11")[number % 4],
            giving=NORTH if letter == "N" else SOUTH,
            line=LineId(f"{letter}{number + 1}"),
            names=NAMES[(number + (letter == "S") * 2) % 4],
            seat=number + 1,
            tag="stretcher" if number % 7 == 6 else "",
            vehicle=f"bus-{1 + number % 2}",
        )
        for letter, count in (("N", half), ("S", people - half))
        for number in range(count)
    ]
    return Pack(
        batch=batch, case=CASE, counter=counter, expires=at(expires), hold=hold, issued=at(expires - 24), last=stations[-1],
        parties=(NORTH, SOUTH), stations=tuple(stations), version=version, people=tuple(travellers),
    )  # fmt: skip


def locked(pack: Pack, *, desk: SigningKey = DESK, pin: str = PIN) -> bytes:
    """The pack's file; few rounds, so that tests need not wait."""
    content = packs.sign(pack, desk)
    return packs.lock(content, pin, desk.verify_key, salt=b"s" * 16, nonce=b"n" * 12, iterations=100_000)


def joined(*books: bytes) -> joining.Joined:
    pile = joining.join([joining.read_book(book) for book in books])
    return joining.look(pile, case=CASE, batch=1, now=at(1), trusted={DESK.verify_key.name: DESK.verify_key})


def card(line: str, *, version: int = 1, case: str = CASE, batch: int = 1) -> str:
    return tag(case, batch, LineId(line), version)


class Point:
    """A desk at the point whose server can be killed and started again."""

    def __init__(self, folder: Path, pack: Pack | None = None) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "batch.pack"
        self.lay(pack or pack_of())
        self.port = 0
        self.server: Server | None = None
        self.receiving: Receiving
        self.tokens = 0
        self.openings: dict[str, Opening] = {}

    def lay(self, pack: Pack) -> None:
        self.file.write_bytes(locked(pack))

    def start(self) -> None:
        place = Place(folder=self.folder / "came", pack=self.file, pin=PIN)
        self.receiving = Receiving(place, DESK.verify_key, self.admit, nonce=f"nonce-{self.tokens}")
        self.server = Server(self.receiving, port=self.port)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def kill(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/checkin/"

    def code(self, name: str, batch: int = 1) -> str:
        self.tokens += 1
        opening = enrolling.open_for(f"neutral/{name}", batch, now(), self.tokens.to_bytes(16, "big"))
        self.openings[opening.device] = opening
        return enrolling.code(CASE, opening, DESK.verify_key)

    def admit(self, line: bytes) -> Signed[Certificate]:
        asked = enrolling.read_request(line)
        given = enrolling.admit(asked, self.openings, CASE, now(), DESK, at(24))
        self.openings[asked.what.device] = replace(self.openings[asked.what.device], used=True)
        return given

    def lines(self) -> list[bytes]:
        return self.receiving.book.read_bytes().splitlines()


@contextmanager
def running(folder: Path, pack: Pack | None = None) -> Iterator[Point]:
    point = Point(folder, pack)
    point.start()
    try:
        yield point
    finally:
        point.kill()


def camera_file(path: Path, text: str, *, size: int = 480) -> Path:
    """A film in Y4M of one picture: a QR code before a light wall."""
    code = segno.make(text, error="m", micro=False)
    rows = [[bool(cell) for cell in row] for row in code.matrix_iter(scale=1, border=4)]
    step = size // len(rows)
    edge = (size - step * len(rows)) // 2
    picture = bytearray(b"\xeb" * (640 * size))
    for high in range(step * len(rows)):
        for wide, dark in enumerate(rows[high // step]):
            if dark:
                start = (edge + high) * 640 + 80 + edge + wide * step
                picture[start : start + step] = b"\x10" * step
    frame = b"FRAME\n" + bytes(picture) + b"\x80" * (640 * size // 2)
    path.write_bytes(f"YUV4MPEG2 W640 H{size} F10:1 Ip A1:1 C420\n".encode() + frame * 3)
    return path
