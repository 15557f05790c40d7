"""The handover point by clicks at a real desk: an officer makes the pack, devices come to the desk's own server, counts move."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from parley.cli.practice_desks import free_ports
from parley.web.served import Served
from parley.words import ParticipantName
from tests.web.conftest import desk_of
from tests.web.hands import AXE, Hands, browser
from tests.web.here import serving_here
from tests.web.test_at_point_in_pages import PIN, at_handover, batch_of
from tests.web.test_screens_for_everybody import BROKEN, Scheme, come_in

__all__ = ["at_handover"]
LIVE = """() => performance.getEntriesByType("resource").filter((one) => one.name.endsWith("desk/exchange")).length"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def neutral(at_handover: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the hands of the browser live in a loop of their own
    with desk_of(at_handover, "neutral", tmp_path) as served:
        yield served


def make_pack(page: Page, address: str, batch: int) -> None:
    page.goto(f"{address}/point?batch={batch}")
    page.fill("#pin", PIN)
    page.fill("#again", PIN)
    page.check("#unseated")
    page.click("button[value=pack]")
    page.wait_for_selector(".yes[role=status]")


def code_for(page: Page, address: str, batch: int, name: str) -> str:
    page.goto(f"{address}/point?batch={batch}")
    page.fill("#name", name)
    page.click("button[value=enrol]")
    page.locator("img.square").wait_for(state="visible")
    found = re.search(r"P1E:[^<\s]+", page.content())
    assert found is not None
    return found[0]


def complaints(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    return [f"{page.url} {one}" for one in page.evaluate(BROKEN)]


def test_devices_come_to_the_desk_hear_of_each_other_and_go_on_without_it(chromium: Browser, neutral: Served) -> None:
    port, batch = free_ports(1, 8750)[0], batch_of(neutral)
    lines = sorted(
        neutral.desk.state.batches.plans[batch].gives[ParticipantName("north")], key=lambda one: int(one[1:])
    )
    with serving_here(neutral, port) as address:
        officer = come_in(chromium, address, "handover_officer", "en")
        make_pack(officer, address, batch)
        first = Hands(chromium.new_context(), f"{address}/checkin/")
        second = Hands(chromium.new_context(), f"{address}/checkin/")
        for name, device in (("gate-1", first), ("gate-2", second)):
            device.ready(code_for(officer, address, batch, name))
        officer.goto(f"{address}/point?batch={batch}")
        first.types(lines[0])
        first.wait_confirmed(1)
        officer.wait_for_function("() => document.querySelector('[data-entries]')?.textContent.trim() === '1'")
        second.page.wait_for_function("() => document.querySelector('.net.reached')")
        second.types(lines[0])
        assert second.answer() == "on_other_device"
        second.wait_confirmed(1)
        time.sleep(1)
        asked = [device.page.evaluate(LIVE) for device in (first, second)]
        time.sleep(9)
        assert [device.page.evaluate(LIVE) for device in (first, second)] == asked, "a device that hears the desk asks"
        second.types(lines[1])
        first.page.wait_for_function(
            LIVE.replace(".length", f".length > {asked[0]}"), timeout=3_500
        )  # sooner than it would ask by itself
    first.page.wait_for_selector(".net:not(.reached)")
    assert first.net() == "No network. Keep going."
    first.types(lines[2])
    assert first.counts()[0] == 1
    with serving_here(neutral, port):
        first.wait_confirmed(2)
        officer.wait_for_function("() => document.querySelector('[data-entries]')?.textContent.trim() === '4'")
    assert first.mistakes == second.mistakes == []


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light"), ("ru", "light"), ("uk", "dark")])
def test_the_page_of_the_point_shuts_nobody_out(
    chromium: Browser, neutral: Served, language: str, scheme: Scheme
) -> None:
    with serving_here(neutral) as address:
        page = come_in(chromium, address, "handover_officer", language, scheme)
        found: list[str] = []
        page.goto(f"{address}/point?batch=1")
        found += complaints(page)
        make_pack(page, address, batch_of(neutral))
        found += complaints(page)
        code_for(page, address, batch_of(neutral), "gate-1")
        found += complaints(page)
        page.goto(f"{address}/board")
        found += complaints(page)
        page.context.close()
    assert not found
