"""What a desk does for the devices at the point when they reach it: knows them, gives them the pack, takes what they saw.

Every line that comes is kept before it is confirmed, byte for byte and once, in the order in which it came: what counts in
``batch-N.book``, what cannot be counted in ``batch-N.aside``. A device may send the same lines any number of times. Forms
and rules: spec/checkin.md, sections 4, 5 and 7.
"""

from __future__ import annotations

import os
import threading
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from parley.handover import enrolling
from parley.handover.entries import BOOK, Certificate, Entry, Request, Signed, read_line
from parley.handover.errors import BookBroken, HandoverBroken
from parley.handover.pack import Pack, open_pack
from parley.record import canonical
from parley.record.errors import CanonicalBroken
from parley.record.keys import VerifyKey, verify
from parley.words import Digest

ASKING: Final = "parley.asking/1"
MOST_OTHERS: Final = 2_000
"""How many entries of other devices one answer carries; the device asks again for the rest."""

Admit = Callable[[bytes], Signed[Certificate]]
"""Certifies the device whose request this is, once; raises EnrolBroken."""
Told = tuple[str, bytes, "Line | None"]
"""A line that came, why it stands aside (empty where it counts), and what it says."""
Line = Signed[Entry] | Signed[Certificate] | Signed[Request]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the desk's side of the point lies: the pack's file and its PIN, and the folder of what came."""

    folder: Path
    pack: Path
    pin: str = field(repr=False)


class Receiving:
    """The desk's side of one batch at the point; safe to use from several threads."""

    def __init__(self, place: Place, key: VerifyKey, admit: Admit, nonce: str) -> None:
        """Open the pack and read what came so far; raises HandoverBroken. ``nonce`` is fresh for each start."""
        self._place, self._key, self._admit, self.nonce = place, key, admit, nonce
        self._lock = threading.Lock()
        self._news = token_urlsafe(16)
        self.on_change: list[Callable[[], None]] = []
        """Called, from any thread, after something came: what brings news to open pages."""
        self._seen: tuple[int, int] = (0, 0)
        self._pack, self._file = self._open()
        self._seen_lines: set[bytes] = set()
        self._certificates: dict[str, list[Signed[Certificate]]] = {}
        self._entries: list[tuple[Digest, Entry, bytes]] = []
        self._aside: set[bytes] = set()
        place.folder.mkdir(parents=True, exist_ok=True)
        self._read_back()

    @property
    def book(self) -> Path:
        """The file of every line that counts."""
        return self._place.folder / f"batch-{self._pack.batch}.book"

    @property
    def batch(self) -> int:
        """Which batch crosses."""
        return self._pack.batch

    @property
    def aside(self) -> Path:
        """The file of every line that cannot be counted."""
        return self._place.folder / f"batch-{self._pack.batch}.aside"

    def greeting(self) -> dict[str, Any]:
        """Return which desk this is; no name of a person, and nothing that opens a pack."""
        pack = self._newest()
        key = b64encode(self._key.raw).decode()
        return {"batch": pack.batch, "case": pack.case, "key": key, "nonce": self.nonce, "version": pack.version}

    def enrol(self, body: bytes) -> dict[str, Any]:
        """Answer a device's request with its certificate, or with the code for why not."""
        before = len(self._seen_lines)
        try:
            return self._enrol(body)
        finally:
            if len(self._seen_lines) != before:
                self.tell()

    def _enrol(self, body: bytes) -> dict[str, Any]:
        try:
            asked = enrolling.read_request(body)
            with self._lock:
                certificate = self._admit(body)
                lines = [asked.line().rstrip(b"\n"), certificate.line().rstrip(b"\n")]
                self._append(self.book, [line for line in lines if line not in self._seen_lines])
                self._learn(lines[0], asked)
                self._learn(lines[1], certificate)
        except HandoverBroken as broken:
            return {"code": broken.code}
        return {"certificate": lines[1].decode(), "desk": self._key.name}

    def pack(self, body: bytes) -> bytes | None:
        """Return the locked pack to a device that is certified here and asked for it, else nothing."""
        self._newest()
        return self._file if self._asked(body.split(b"\n")[0]) is not None else None

    def exchange(self, body: bytes) -> dict[str, Any]:
        """Take what a device sends and answer what is confirmed, what stands aside, and what the other devices saw.

        ``body``: the device's asking, then lines of its book. Confirmed is only what lies on the disk.
        """
        before = (len(self._seen_lines), len(self._aside))
        try:
            return self._exchange(body)
        finally:
            if (len(self._seen_lines), len(self._aside)) != before:
                self.tell()

    def _exchange(self, body: bytes) -> dict[str, Any]:
        first, *lines = body.split(b"\n")
        scrap = lines.pop() if lines else b""
        with self._lock:
            # Who speaks comes before what was seen: an entry counts by the certificate that came with it.
            heads = [line for line in lines if not line.startswith(b'{"entry"')]
            told = [
                *self._keep([self._take(line) for line in heads if line and line != BOOK.encode()]),
                *self._keep([self._take(line) for line in lines if line.startswith(b'{"entry"')]),
                *self._keep([("book.half_line", scrap, None)] if scrap else []),
            ]
            asking = self._asked(first)
            answer: dict[str, Any] = {
                "aside": [word for word, _, _ in told if word],
                "confirmed": [
                    read.what.id()
                    for word, _, read in told
                    if not word and read is not None and isinstance(read.what, Entry)
                ],
                "others": [],
            }
            if asking is None:
                return answer
            told_more = {"news": self._news} | self._others(asking["device"], asking["after"])
            return answer | told_more | self._own(asking["device"])

    def knows(self, key: str) -> bool:
        """Say whether this is the key that certified devices are told, by which they may hear the news."""
        return compare_digest(key.encode(), self._news.encode())

    def news(self) -> dict[str, int]:
        """Return how many entries came so far, and the version of the newest pack."""
        return {"after": len(self._entries), "version": self._newest().version}

    def tell(self) -> None:
        """Wake everybody who waits for news."""
        for one in tuple(self.on_change):
            one()

    def _keep(self, told: Sequence[Told]) -> Sequence[Told]:
        """Write to the disk what is new of the lines that were looked at, then take it to heart."""
        self._append(self.book, [line for word, line, _ in told if not word and line not in self._seen_lines])
        self._append(self.aside, [line for word, line, _ in told if word and line not in self._aside])
        for word, line, read in told:
            if word:
                self._aside.add(line)
            elif read is not None:
                self._learn(line, read)
        return told

    def _others(self, device: str, after: int) -> dict[str, Any]:
        """Return entries of the other devices that came after the place the device knows."""
        start = after if 0 <= after <= len(self._entries) else 0
        end = min(start + MOST_OTHERS, len(self._entries))
        others = [line.decode() for _, entry, line in self._entries[start:end] if entry.device != device]
        certified = [
            one.line().decode().rstrip("\n")
            for name, several in sorted(self._certificates.items())
            for one in several
            if name != device
        ]
        return {"after": end, "certificates": certified, "others": others}

    def _own(self, device: str) -> dict[str, Any]:
        certificates = self._certificates.get(device, [])
        return {"certificate": certificates[-1].line().decode().rstrip("\n")} if certificates else {}

    def _take(self, line: bytes) -> Told:
        """Look at one line: the word for why it stands aside, or none."""
        try:
            read = read_line(line)
        except BookBroken as broken:
            return (broken.code, line, None)
        if read.what.case != self._pack.case:
            return ("book.other_case", line, None)
        if read.what.batch != self._pack.batch:
            return ("book.other_batch", line, None)
        return (self._why_not(read), line, read)

    def _why_not(self, read: Line) -> str:
        match read.what:
            case Request():
                return ""
            case Certificate():
                ours = read.by == self._key.name and read.signed_by(self._key)
                return "" if ours else "book.unknown_device"
            case Entry(device=device):
                known = self._certificates.get(device, [])
                if not known:
                    return "book.unknown_device"
                return "" if any(read.signed_by(one.what.verify_key()) for one in known) else "book.signature"

    def _learn(self, line: bytes, read: Line) -> None:
        if line in self._seen_lines:
            return
        self._seen_lines.add(line)
        match read.what:
            case Certificate(device=device) as what:
                self._certificates.setdefault(device, []).append(Signed(what, read.signature, read.by))
            case Entry() as what:
                self._entries.append((what.id(), what, line))
            case Request():
                pass

    def _asked(self, line: bytes) -> dict[str, Any] | None:
        """Return what a certified device asks in its signed first line, or nothing for anybody else's."""
        try:
            whole = canonical.parse(line)
        except CanonicalBroken:
            return None
        match whole:
            case {"asking": {"after": int(after), "device": str(device), "nonce": self.nonce}, "signature": str(said)}:
                asking: dict[str, Any] = {"after": after, "device": device, "nonce": self.nonce}
            case _:
                return None
        signed = f"{ASKING}\n".encode() + canonical.encode(asking) + b"\n"
        for certificate in self._certificates.get(device, []):
            if verify(certificate.what.verify_key(), signed, _bytes(said)):
                return asking
        return None

    def _read_back(self) -> None:
        """Read the files of an earlier start; what a cut of power left half of stays in the file, on a line of its own."""
        for path in (self.book, self.aside):
            if path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n"):
                self._append(path, [b""])
        lines = self.book.read_bytes().split(b"\n")[1:] if self.book.exists() else []
        for line in lines:
            try:
                read = read_line(line)
            except BookBroken:
                continue
            self._learn(line, read)
        self._aside = set(self.aside.read_bytes().split(b"\n")) if self.aside.exists() else set()

    def _append(self, path: Path, lines: Sequence[bytes]) -> None:
        """Write whole lines behind what is there, and wait until the disk has them."""
        if not lines:
            return
        before = path.stat().st_size if path.exists() else 0
        whole = (b"" if before else f"{BOOK}\n".encode()) + b"".join(line + b"\n" for line in dict.fromkeys(lines))
        try:
            with path.open("ab", buffering=0) as file:
                while whole:
                    whole = whole[file.write(whole) :]
                os.fsync(file.fileno())
        except OSError:
            if path.exists():
                os.truncate(path, before)  # half a line would swallow the next one
            raise

    def _open(self) -> tuple[Pack, bytes]:
        status = self._place.pack.stat()
        file = self._place.pack.read_bytes()
        pack = open_pack(file, self._place.pin, self._key)
        self._seen = (status.st_mtime_ns, status.st_size)
        return pack, file

    def _newest(self) -> Pack:
        """Return the pack, read again when another version was laid in its place; one that cannot be opened waits."""
        try:
            status = self._place.pack.stat()
            if (status.st_mtime_ns, status.st_size) != self._seen:
                pack, file = self._open()
                if (pack.case, pack.batch) == (self._pack.case, self._pack.batch):
                    self._pack, self._file = pack, file
        except (OSError, HandoverBroken):
            pass
        return self._pack


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
