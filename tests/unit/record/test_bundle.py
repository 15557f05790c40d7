"""Bundles: what goes in comes out, tears are found where they are, and no bundle can use up the memory."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

import pytest

from parley.record import bundle as bundle_module
from parley.record.bundle import CAPS, MOST_RECORDS, Bundle, Kind, read, read_stream, write, write_header, write_record
from parley.record.errors import CODES, BundleBroken

EXAMPLE = Bundle(
    origin="neutral/log",
    start=57,
    stop=59,
    acts=(b"act fifty-seven\n", b"act fifty-eight\n"),
    waiting=(b"act without receipt\n",),
    checkpoints=(b"neutral/log\n59\n",),
    proofs=(b"proof",),
    blobs=(b"\x00\xff\nact 4\n", b"blob"),
)
TEXT = (
    b"exchange.bundle/1 neutral/log 57 59\n"
    b"act 16\nact fifty-seven\n"
    b"act 16\nact fifty-eight\n"
    b"checkpoint 15\nneutral/log\n59\n"
    b"proof 5\nproof"
    b"blob 9\n\x00\xff\nact 4\n"
    b"blob 4\nblob"
    b"act 20\nact without receipt\n"
)


def broken_by(data: bytes) -> BundleBroken:
    with pytest.raises(BundleBroken) as broken:
        read(data)
    assert broken.value.code in CODES
    return broken.value


def test_a_bundle_is_written_as_the_specification_shows_it() -> None:
    assert write(EXAMPLE) == TEXT
    assert read(TEXT) == EXAMPLE


def test_an_empty_bundle_is_a_first_line() -> None:
    assert write(Bundle(origin="neutral/log", start=0, stop=0)) == b"exchange.bundle/1 neutral/log 0 0\n"


def test_records_may_stand_in_any_order() -> None:
    shuffled = (
        b"exchange.bundle/1 neutral/log 57 59\n"
        b"blob 9\n\x00\xff\nact 4\n"
        b"act 16\nact fifty-seven\n"
        b"proof 5\nproof"
        b"act 16\nact fifty-eight\n"
        b"act 20\nact without receipt\n"
        b"blob 4\nblob"
        b"checkpoint 15\nneutral/log\n59\n"
    )
    assert read(shuffled) == EXAMPLE


def test_the_stream_says_where_each_record_stands_in_file_and_log() -> None:
    reader = read_stream(io.BytesIO(TEXT))
    assert (reader.origin, reader.start, reader.stop) == ("neutral/log", 57, 59)
    records = list(reader)
    assert [(record.kind, record.position) for record in records] == [
        ("act", 57),
        ("act", 58),
        ("checkpoint", None),
        ("proof", None),
        ("blob", None),
        ("blob", None),
        ("act", None),
    ]
    for record in records:
        assert TEXT[record.at :].startswith(f"{record.kind} {len(record.data)}\n".encode() + record.data)


def test_a_bundle_cut_at_any_byte_is_refused_unless_only_what_waits_is_missing() -> None:
    whole = {len(TEXT)}
    for record in read_stream(io.BytesIO(TEXT)):
        whole.add(record.at)
    for end in range(len(TEXT)):
        head = TEXT[:end]
        if end in whole and end >= TEXT.index(b"checkpoint"):
            assert read(head).acts == EXAMPLE.acts
        else:
            broken = broken_by(head)
            assert broken.code in {"bundle.header", "bundle.torn", "bundle.range"}
            assert broken.facts["at"] in whole | {0}


def test_a_tear_is_named_with_the_offset_of_its_record() -> None:
    cut = TEXT[: TEXT.index(b"act fifty-eight") + 4]
    assert broken_by(cut).facts == {"at": TEXT.index(b"act 16\nact fifty-eight"), "missing": 12}


def test_fewer_acts_than_the_first_line_says_are_noticed() -> None:
    broken = broken_by(TEXT.replace(b"57 59", b"57 70"))
    assert (broken.code, broken.facts["missing"]) == ("bundle.range", 10)
    with pytest.raises(BundleBroken) as unwritten:
        write(replace(EXAMPLE, stop=60))
    assert unwritten.value.code == "bundle.range"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"exchange.bundle/1 neutral/log 57 59",
        b"exchange.bundle/2 neutral/log 0 0\n",
        b"exchange.act/1\n",
        b"exchange.bundle/1 neutral/log 0\n",
        b"exchange.bundle/1 neutral/log 0 0 \n",
        b"exchange.bundle/1  neutral/log 0 0\n",
        b"exchange.bundle/1 neutral/log 0 0\r\n",
        b"exchange.bundle/1 neutral log 0 0\n",
        b"exchange.bundle/1 neutral/l\xc3\xb6g 0 0\n",
        b"exchange.bundle/1 neutral/log 00 0\n",
        b"exchange.bundle/1 neutral/log -1 0\n",
        b"exchange.bundle/1 neutral/log +0 0\n",
        b"exchange.bundle/1 neutral/log 2 1\n",
        b"exchange.bundle/1 neutral/log 0 1e3\n",
        b"exchange.bundle/1 neutral/log \xd9\xa0 0\n",
        b"exchange.bundle/1 neutral/log 9007199254740992 9007199254740992\n",
        b"exchange.bundle/1 " + b"x" * 201 + b" 0 0\n",
        b"exchange.bundle/1 " + b"x" * 300,
        b"\xef\xbb\xbfexchange.bundle/1 neutral/log 0 0\n",
    ],
)
def test_a_first_line_that_is_not_in_its_form_is_refused(line: bytes) -> None:
    assert broken_by(line).code == "bundle.header"


def test_attack_first_line_that_promises_more_acts_than_a_case_can_have() -> None:
    assert broken_by(b"exchange.bundle/1 neutral/log 0 9007199254740991\n").code == "bundle.too_many"


@pytest.mark.parametrize(
    "line",
    [
        b"act 0\n",
        b"act 01\nx",
        b"act -1\nx",
        b"act +1\nx",
        b"act 1 \nx",
        b"act  1\nx",
        b"act 1\r\nx",
        b" act 1\nx",
        b"Act 1\nx",
        b"acts 1\nx",
        b"file 1\nx",
        b"act\n",
        b"act \xd9\xa1\nx",
        b"act 999999999\n",
        b"act 99999999999999999999999999999999\n",
        b"\n",
        b"checkpoint 999999999999999999",
        b"\x00" * 30,
    ],
)
def test_a_record_line_that_is_not_in_its_form_is_refused(line: bytes) -> None:
    head = b"exchange.bundle/1 neutral/log 0 0\n"
    broken = broken_by(head + line)
    assert (broken.code, broken.facts) == ("bundle.record", {"at": len(head)})


@pytest.mark.parametrize("kind", list(CAPS))
def test_a_record_longer_than_its_kind_allows_is_refused_before_it_is_read(kind: Kind) -> None:
    head = b"exchange.bundle/1 neutral/log 0 0\n"
    broken = broken_by(head + f"{kind} {CAPS[kind] + 1}\n".encode())
    assert (broken.code, broken.facts["at"]) == ("bundle.too_long", len(head))
    assert broken_by(head + f"{kind} {CAPS[kind]}\n".encode()).code == "bundle.torn"
    with pytest.raises(BundleBroken) as unwritten:
        write_record(kind, bytes(CAPS[kind] + 1))
    assert unwritten.value.code == "bundle.too_long"


def test_an_empty_record_is_not_written() -> None:
    with pytest.raises(BundleBroken) as broken:
        write_record("blob", b"")
    assert broken.value.code == "bundle.record"


@pytest.mark.parametrize(
    ("origin", "start", "stop"), [("", 0, 0), ("a b", 0, 0), ("ö", 0, 0), ("x", 3, 2), ("x", -1, 0)]
)
def test_a_first_line_that_could_not_be_read_is_not_written(origin: str, start: int, stop: int) -> None:
    with pytest.raises(BundleBroken) as broken:
        write_header(origin, start, stop)
    assert broken.value.code == "bundle.header"


def test_the_longest_first_line_fits() -> None:
    line = write_header("x" * 200, 2**53 - 1, 2**53 - 1)
    assert read(line).start == 2**53 - 1


def test_attack_bundle_of_endless_records(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_RECORDS == 5_000_000
    monkeypatch.setattr(bundle_module, "MOST_RECORDS", 10)
    head = b"exchange.bundle/1 neutral/log 0 0\n"
    assert len(read(head + b"proof 1\nx" * 10).proofs) == 10
    assert broken_by(head + b"proof 1\nx" * 11).code == "bundle.too_many"
    with pytest.raises(BundleBroken) as broken:
        write(Bundle(origin="x", start=0, stop=0, proofs=(b"x",) * 11))
    assert broken.value.code == "bundle.too_many"


class Pouring(io.RawIOBase):
    """A file that is made while it is read, and that gives at most ``most`` bytes at a time, as a socket does."""

    def __init__(self, pieces: Iterator[bytes], most: int) -> None:
        self._pieces = pieces
        self._most = most
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        if not self._left:
            self._left = next(self._pieces, b"")
        piece = self._left[: min(self._most, len(view))]
        self._left = self._left[len(piece) :]
        view[: len(piece)] = piece
        return len(piece)


def pouring(pieces: Iterator[bytes], most: int = 2**20) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(Pouring(pieces, most), 8192))


def test_a_line_that_gives_few_bytes_at_a_time_brings_the_whole_bundle() -> None:
    reader = read_stream(pouring(iter([TEXT]), most=3))
    assert [record.data for record in reader][:2] == list(EXAMPLE.acts)


def test_going_through_a_large_bundle_needs_memory_for_one_record() -> None:
    mebibyte = bytes(2**20)

    def pieces() -> Iterator[bytes]:
        yield b"exchange.bundle/1 neutral/log 0 0\n"
        for _ in range(64):
            yield b"blob %d\n" % (2 * len(mebibyte))
            yield mebibyte
            yield mebibyte

    tracemalloc.start()
    try:
        count = sum(len(record.data) for record in read_stream(pouring(pieces())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 128 * 2**20
    assert peak < 12 * 2**20


def test_attack_length_that_lies_costs_no_memory() -> None:
    tracemalloc.start()
    try:
        broken = broken_by(b"exchange.bundle/1 neutral/log 0 0\nblob %d\nx" % CAPS["blob"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert broken.code == "bundle.torn"
    assert peak < 4 * 2**20


def test_attack_first_line_without_an_end() -> None:
    def pieces() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(BundleBroken) as broken:
        read_stream(pouring(pieces()))
    assert broken.value.code == "bundle.header"
