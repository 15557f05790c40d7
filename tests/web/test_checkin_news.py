"""News for devices at a point without a desk's pages: told at once, to certified devices alone, and ended with the server."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from json import loads
from pathlib import Path
from typing import Any

import pytest

from parley.handover import enrolling
from parley.handover.entries import sign_request
from parley.record import canonical
from parley.record.canonical import Json
from parley.record.keys import SigningKey
from tests.web.point import CASE, Point, running

GATE = SigningKey.from_seed("neutral/gate-1", bytes(range(32)))
OTHER = SigningKey.from_seed("neutral/gate-2", bytes(range(1, 33)))


@pytest.fixture
def point(tmp_path: Path) -> Iterator[Point]:
    with running(tmp_path / "point") as found:
        yield found


def enrol(point: Point, name: str, key: SigningKey) -> str:
    code = enrolling.read_code(point.code(name))
    line = sign_request(enrolling.request(CASE, 1, code, key.verify_key), key).line()
    return str(point.receiving.enrol(line)["certificate"])


def exchange(point: Point, key: SigningKey, device: str) -> dict[str, Any]:
    asking: dict[str, Json] = {"after": 0, "device": device, "nonce": point.receiving.nonce}
    signature = key.sign(b"parley.asking/1\n" + canonical.encode(asking) + b"\n")
    line = canonical.encode({"asking": asking, "signature": b64encode(signature).decode()})
    return point.receiving.exchange(line + b"\n")


@contextmanager
def listening(point: Point, key: str) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("localhost", point.port, timeout=8)) as line:
        line.request("GET", f"/checkin/desk/news?key={key}")
        with line.getresponse() as stream:
            yield stream


def status(point: Point, key: str) -> int:
    with listening(point, key) as stream:
        return stream.status


def hear(stream: HTTPResponse) -> dict[str, int]:
    assert stream.readline() == b"event: news\n"
    said = loads(stream.readline().removeprefix(b"data: "))
    assert stream.readline() == b"\n"
    return dict(said)


def test_a_certified_device_is_told_at_once_that_something_came_and_the_stream_ends_with_the_server(
    point: Point,
) -> None:
    enrol(point, "gate-1", GATE)
    news = exchange(point, GATE, "neutral/gate-1")["news"]
    with listening(point, news) as stream:
        assert (stream.status, stream.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        assert hear(stream) == {"after": 0, "version": 1}
        enrol(point, "gate-2", OTHER)
        assert hear(stream) == {"after": 0, "version": 1}
        point.kill()
        assert stream.read() == b""


def test_attack_somebody_who_is_no_device_of_this_desk_listens(point: Point) -> None:
    assert "news" not in exchange(point, OTHER, "neutral/gate-2")
    assert {status(point, key) for key in ("", "guess", "%00", "%C3%A9")} == {403}


def test_after_a_new_start_the_old_word_opens_nothing(point: Point) -> None:
    enrol(point, "gate-1", GATE)
    old = exchange(point, GATE, "neutral/gate-1")["news"]
    point.kill()
    point.start()
    assert status(point, old) == 403
    assert exchange(point, GATE, "neutral/gate-1")["news"] != old
