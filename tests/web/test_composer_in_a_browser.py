"""The composer in a real browser: composing while the page waits, asking, agreeing by clicks; nobody is shut out of its pages."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.web.hands import AXE, browser
from tests.web.test_screens_for_everybody import BROKEN, Scheme, come_in
from tests.web.three_desks import serving


@pytest.fixture(scope="module")
def served(proposed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    place = copytree(proposed, tmp_path_factory.mktemp("served") / "exchange")
    with serving(place, ("neutral", "north")) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def compose(page: Page, address: str, policy: bytes) -> None:
    page.goto(f"{address}/compose")
    page.set_input_files("#policy", [FilePayload(name="policy.toml", mimeType="text/plain", buffer=policy)])
    page.click("main form .button")
    page.wait_for_url("**/compose/*")
    page.wait_for_selector("#ask, [role=alert]", timeout=120_000)  # the solver takes what the machine gives


def complaints(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    return [f"{page.url} {one}" for one in page.evaluate(BROKEN)]


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light"), ("ru", "light"), ("uk", "dark")])
def test_the_composer_shuts_nobody_out(
    chromium: Browser, served: dict[str, str], proposed: Path, language: str, scheme: Scheme
) -> None:
    page = come_in(chromium, served["north"], "exchange_office", language, scheme)
    policy = (proposed / "policy.toml").read_bytes()
    compose(page, served["north"], policy)
    found = complaints(page)
    page.goto(f"{served['north']}/compose")
    found += complaints(page)
    compose(page, served["north"], policy + b'[[quota]]\nname = "x"\nwhen = "civilian == \'yes\'"\nmin = 12\n')
    found += complaints(page)
    page.context.close()
    assert not found


def test_composing_asking_and_agreeing_by_clicks(chromium: Browser, served: dict[str, str], proposed: Path) -> None:
    page = chromium.new_context().new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    page.goto(served["north"])
    page.click("button[lang=en]")
    page.click('form[action="/practice/exchange_office"] button')
    compose(page, served["north"], (proposed / "policy.toml").read_bytes())
    lists = page.request.get(f"{page.url}/files/lists.csv").text()
    page.fill("#why-line", lists.splitlines()[1].partition(",")[0])
    page.click("form:has(#why-line) .button")
    assert page.locator("[role=status]").inner_text()
    page.click("form:has([value^=agree]) .button")
    page.fill("#passphrase", "practice")
    if page.locator("#other").count():
        page.click("main details summary")
        page.select_option("#other", index=1)
        page.fill("#other_passphrase", "practice")
    page.click(".signing .button")
    assert "?done=" in page.url
    assert mistakes == []
    page.context.close()
