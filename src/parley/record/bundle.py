"""One plain file that carries the record from desk to desk: on a stick, by mail, in a shared folder or over a line.

A first line, then records one after another, each a line with its kind and length followed by exactly so many bytes::

    exchange.bundle/1 neutral/log 57 59
    act 1204
    …
    checkpoint 310
    …

``57 59`` says that the first two acts are the log's entries 57 and 58 (counted from 0); acts after these still wait
for a receipt. Records of different kinds may stand in any order. Nothing is compressed, so no small file can become a
large one, and a reader needs memory for one record only. Whether anything in a bundle is genuine is not decided here.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, get_args

from parley.record.errors import BundleBroken
from parley.record.seal import MOST_BLOB

Kind = Literal["act", "checkpoint", "proof", "blob"]

VERSION = "exchange.bundle/1"
MOST_HEADER = 256
"""Bytes of the longest first line, newline included."""
MOST_RECORDS = 5_000_000
MOST_POSITION = 2**53 - 1
CAPS: dict[Kind, int] = {"act": 70 * 1024, "checkpoint": 16 * 1024, "proof": 16 * 1024, "blob": MOST_BLOB}
"""The longest record of each kind in bytes; a blob may be a sealed file of the largest size class."""

_KINDS: dict[str, Kind] = {kind: kind for kind in CAPS}
_PIECE = 1024 * 1024
_LONGEST_LINE = len("checkpoint 99999999\n")
_HEADER = re.compile(rf"{re.escape(VERSION)} ([!-~]{{1,200}}) (0|[1-9][0-9]{{0,15}}) (0|[1-9][0-9]{{0,15}})\n\Z")
_RECORD = re.compile(rf"({'|'.join(get_args(Kind))}) ([1-9][0-9]{{0,7}})\n\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: ``position`` is a logged act's place in the log, else None; ``at`` is its offset in the file."""

    kind: Kind
    data: bytes
    at: int
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A whole bundle in memory: ``acts`` are the log's entries from ``start`` up to, not including, ``stop``."""

    origin: str
    start: int
    stop: int
    acts: tuple[bytes, ...] = ()
    waiting: tuple[bytes, ...] = ()
    checkpoints: tuple[bytes, ...] = ()
    proofs: tuple[bytes, ...] = ()
    blobs: tuple[bytes, ...] = ()


class BundleReader:
    """A bundle being read from a file, record by record; made by :func:`read_stream`, can be gone through once."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the first line; raises BundleBroken."""
        self._file = file
        line = file.readline(MOST_HEADER)
        found = _HEADER.match(line.decode("latin-1"))
        if found is None:
            raise BundleBroken("bundle.header", at=0)
        self._at = len(line)
        self.origin = found[1]
        self.start, self.stop = _range(int(found[2]), int(found[3]))

    def __iter__(self) -> Iterator[Record]:
        """Yield each record; raises BundleBroken at the first byte that does not fit, ``at`` being its record."""
        position = self.start
        count = 0
        while line := self._file.readline(_LONGEST_LINE):
            at = self._at
            kind, length = _read_line(line, at)
            count += 1
            if count > MOST_RECORDS:
                raise BundleBroken("bundle.too_many", at=at, most=MOST_RECORDS)
            data = self._read(length, at)
            self._at += len(line) + length
            logged = kind == "act" and position < self.stop
            yield Record(kind=kind, data=data, at=at, position=position if logged else None)
            position += logged
        if position < self.stop:
            raise BundleBroken("bundle.range", at=self._at, missing=self.stop - position)

    def _read(self, length: int, at: int) -> bytes:
        """Read in pieces: a length that lies costs no memory, and a pipe or socket may give less than asked for."""
        data = self._file.read(min(length, _PIECE))
        if len(data) == length:
            return data
        pieces = bytearray(data)
        while data and len(pieces) < length:
            data = self._file.read(min(length - len(pieces), _PIECE))
            pieces += data
        if len(pieces) != length:
            raise BundleBroken("bundle.torn", at=at, missing=length - len(pieces))
        return bytes(pieces)


def _range(start: int, stop: int) -> tuple[int, int]:
    if not start <= stop <= MOST_POSITION:
        raise BundleBroken("bundle.header", at=0)
    if stop - start > MOST_RECORDS:
        raise BundleBroken("bundle.too_many", at=0, most=MOST_RECORDS)
    return start, stop


def _read_line(line: bytes, at: int) -> tuple[Kind, int]:
    found = _RECORD.match(line.decode("latin-1"))
    if found is None:
        # A line cut short by the end of the file is a tear; anything else is not a bundle's line.
        whole = line.endswith(b"\n") or len(line) == _LONGEST_LINE
        raise BundleBroken("bundle.record" if whole else "bundle.torn", at=at)
    kind = _KINDS[found[1]]
    length = int(found[2])
    if length > CAPS[kind]:
        raise BundleBroken("bundle.too_long", at=at, most=CAPS[kind])
    return kind, length


def read_stream(file: BinaryIO) -> BundleReader:
    """Begin to read a bundle from a buffered binary file; raises BundleBroken ``bundle.header``.

    The result has ``origin``, ``start`` and ``stop``, and yields its records. Going through it needs memory for one
    record, at most 64 MiB and some; a record is yielded only when all its bytes are there.
    """
    return BundleReader(file)


def read(data: bytes) -> Bundle:
    """Return a whole bundle; raises BundleBroken with the offset ``at`` of the record that is wrong."""
    reader = read_stream(io.BytesIO(data))
    found: dict[str, list[bytes]] = {"act": [], "waiting": [], "checkpoint": [], "proof": [], "blob": []}
    for record in reader:
        waits = record.kind == "act" and record.position is None
        found["waiting" if waits else record.kind].append(record.data)
    return Bundle(
        origin=reader.origin,
        start=reader.start,
        stop=reader.stop,
        acts=tuple(found["act"]),
        waiting=tuple(found["waiting"]),
        checkpoints=tuple(found["checkpoint"]),
        proofs=tuple(found["proof"]),
        blobs=tuple(found["blob"]),
    )


def write_header(origin: str, start: int, stop: int) -> bytes:
    """Return the first line, for writing a bundle piece by piece; raises BundleBroken ``bundle.header``."""
    _range(start, stop)
    line = f"{VERSION} {origin} {start} {stop}\n"
    if _HEADER.match(line) is None or len(line) > MOST_HEADER:
        raise BundleBroken("bundle.header", at=0)
    return line.encode("ascii")


def write_record(kind: Kind, data: bytes) -> bytes:
    """Return one record; raises BundleBroken ``bundle.too_long``, and ``bundle.record`` for an empty one."""
    if len(data) > CAPS[kind]:
        raise BundleBroken("bundle.too_long", most=CAPS[kind])
    if not data:
        raise BundleBroken("bundle.record")
    return f"{kind} {len(data)}\n".encode("ascii") + data


def write(bundle: Bundle) -> bytes:
    """Return the file: logged acts, checkpoints, proofs, blobs, waiting acts; raises BundleBroken, as reading would."""
    if len(bundle.acts) != bundle.stop - bundle.start:
        raise BundleBroken("bundle.range", acts=len(bundle.acts))
    records: list[tuple[Kind, tuple[bytes, ...]]] = [
        ("act", bundle.acts),
        ("checkpoint", bundle.checkpoints),
        ("proof", bundle.proofs),
        ("blob", bundle.blobs),
        ("act", bundle.waiting),
    ]
    if sum(len(group) for _, group in records) > MOST_RECORDS:
        raise BundleBroken("bundle.too_many", most=MOST_RECORDS)
    head = write_header(bundle.origin, bundle.start, bundle.stop)
    return head + b"".join(write_record(kind, data) for kind, group in records for data in group)
