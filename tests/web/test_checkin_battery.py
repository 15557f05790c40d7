"""A device whose battery goes out: the browser is killed in the middle of its work, and every answer shown is still there."""

from pathlib import Path

from tests.web.hands import Hands, browser_with_a_battery
from tests.web.point import Point, joined, running


def test_a_battery_that_goes_out_takes_no_entry_along(tmp_path: Path) -> None:
    folder = tmp_path / "device"
    with running(tmp_path / "desk") as point:
        _two_lives(point, folder)


def _two_lives(point: Point, folder: Path) -> None:
    with browser_with_a_battery(folder) as (chromium, process):
        hands = Hands(chromium.contexts[0], point.address)
        hands.ready(point.code("gate-1"))
        point.kill()
        for number in range(1, 8):
            hands.types(f"N{number}")
        process.kill()  # in the moment after the seventh answer was shown
        process.wait()
    point.start()
    with browser_with_a_battery(folder) as (chromium, _):
        again = Hands(chromium.contexts[0], point.address)
        again.unlock()
        again.wait_confirmed(7)
        assert again.types("N8") == "ok"
        again.wait_confirmed(8)
    found = joined(point.receiving.book.read_bytes())
    assert [one.line for _, one in found.accepted] == [f"N{number}" for number in range(1, 9)]
    assert not found.shown
