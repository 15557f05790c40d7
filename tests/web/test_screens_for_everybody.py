"""Every screen by axe-core in four languages, light, dark and printed; and the whole of it by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.web.hands import AXE, browser
from tests.web.three_desks import serving

Scheme = Literal["light", "dark"]
BROKEN = """() => axe.run(document, {resultTypes: ["violations"]}).then(
  (found) => found.violations.map((one) =>
    one.id + ": " + one.nodes.slice(0, 2).map((node) => node.html.slice(0, 150)).join(" | ")))"""
CONTRAST = BROKEN.replace("resultTypes", 'runOnly: ["color-contrast"], resultTypes')
ROLES = (
    *(("north", role) for role in ("exchange_office", "keeper", "auditor", "family_desk", "delegation", "principal")),
    ("neutral", "intermediary"),
)


@pytest.fixture(scope="module")
def served(at_the_end: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    place = copytree(at_the_end, tmp_path_factory.mktemp("served") / "exchange")
    with serving(place, ("neutral", "north")) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def come_in(chromium: Browser, address: str, role: str, language: str, scheme: Scheme = "light") -> Page:
    page = chromium.new_context(bypass_csp=True, color_scheme=scheme).new_page()
    page.goto(address)
    page.click(f"button[lang={language}]")
    page.click(f'form[action="/practice/{role}"] button')
    return page


def screens(page: Page) -> list[str]:
    """Every address in the menu, a form of an act, one list, one act of the record."""
    found = [one.get_attribute("href") or "" for one in page.query_selector_all(".menu a")]
    found += [one.get_attribute("href") or "" for one in page.query_selector_all(".tasks a")[:3]]
    found += ["/people/1", "/people/2"] if "/people" in found else []
    return [*found, "/help", "/record/3", "/nothing-here"]


def complaints(page: Page, address: str, where: str) -> list[str]:
    page.goto(f"{address}{where}")
    page.evaluate(AXE.read_text())
    return [f"{where} {one}" for one in page.evaluate(BROKEN)]


def complaints_of_colours(page: Page, where: str) -> list[str]:
    """The same page in the dark and on paper: only colours differ, and what is hidden there."""
    found: list[str] = []
    page.emulate_media(color_scheme="dark")
    found += [f"{where} dark {one}" for one in page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="light", media="print")
    found += [f"{where} printed {one}" for one in page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="light", media="screen")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_no_screen_shuts_anybody_out_in_light_in_the_dark_or_on_paper(
    chromium: Browser, served: dict[str, str], language: str
) -> None:
    found: list[str] = []
    looked: set[tuple[str, str]] = set()
    for desk, role in ROLES:
        page = come_in(chromium, served[desk], role, language)
        for where in screens(page):
            if where != "/" and (desk, where) in looked:
                continue
            looked.add((desk, where))
            found += complaints(page, served[desk], where)
            found += complaints_of_colours(page, where)
        page.context.close()
    assert not found


def test_no_page_asks_anything_of_another_computer(chromium: Browser, served: dict[str, str]) -> None:
    """Every screen of every menu, and no other name leads anywhere; what the browser asks for is written down."""
    asked: list[str] = []
    ours = tuple(f"{one}/" for one in served.values())
    for desk, role in (("north", "exchange_office"), ("neutral", "intermediary"), ("north", "keeper")):
        page = come_in(chromium, served[desk], role, "uk")
        page.context.route(lambda url: not url.startswith((*ours, "data:")), lambda route: route.abort())
        page.on("request", lambda one: asked.append(one.url))
        for where in screens(page):
            page.goto(f"{served[desk]}{where}", wait_until="domcontentloaded")
        page.context.close()
    assert len(asked) > 50
    assert [one for one in asked if not one.startswith((*ours, "data:"))] == []


def test_the_doors_shut_nobody_out(chromium: Browser, served: dict[str, str]) -> None:
    page = chromium.new_context(bypass_csp=True).new_page()
    found = complaints(page, served["north"], "/language")
    page.click("button[lang=ar]")
    found += complaints(page, served["north"], "/sign-in")
    page.context.close()
    assert not found


def test_in_arabic_everything_runs_from_the_right(chromium: Browser, served: dict[str, str]) -> None:
    page = come_in(chromium, served["north"], "auditor", "ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    time = page.locator("time").first
    assert time.evaluate("one => getComputedStyle(one.parentElement).direction") == "ltr"
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_the_register_shuts_nobody_out(chromium: Browser, served: dict[str, str], language: str) -> None:
    """The people table narrowed and empty, a person of whom sources disagree, and "check your answers"."""
    page = come_in(chromium, served["north"], "registrar", language)
    found: list[str] = []
    for where in ("/people", "/people?contradicted=yes&sort=name", "/people?find=qqqq", "/people/1"):
        found += complaints(page, served["north"], where) + complaints_of_colours(page, where)
    page.fill("#c-written", "held")
    page.click('form[action="/people/1/claim"] .button')
    page.evaluate(AXE.read_text())
    found += page.evaluate(BROKEN)
    page.goto(f"{served['north']}/people/1")
    page.click('form[action="/people/1/withdraw"] button >> nth=0')
    page.evaluate(AXE.read_text())
    found += page.evaluate(BROKEN)
    page.context.close()
    assert not found


def test_the_people_table_by_keyboard_alone(chromium: Browser, served: dict[str, str]) -> None:
    page = come_in(chromium, served["north"], "registrar", "en")
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(f"{served['north']}/people")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    name = page.locator("a[data-row]").nth(1).inner_text()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people?find=*")
    page.goto(f"{served['north']}/people?sort=newest")
    rows = page.locator("a[data-row]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == rows.nth(1).inner_text()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == rows.last.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
    assert page.locator("#add").count() == 1
    assert mistakes == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_pair_is_judged_and_taken_back_by_keyboard_alone(
    chromium: Browser, served: dict[str, str], language: str
) -> None:
    page = come_in(chromium, served["north"], "registrar", language)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(f"{served['north']}/doubles")
    page.click("main form .button")
    page.wait_for_selector("#learn", timeout=60_000)  # the search is over when another can be begun
    found = complaints(page, served["north"], "/doubles") + complaints(page, served["north"], "/doubles/1/2")
    found += complaints_of_colours(page, "/doubles/1/2")
    assert page.evaluate("document.querySelector('img.waterfall').naturalWidth") > 0
    page.keyboard.press("u")
    page.wait_for_url("**?done=*")
    page.goto(f"{served['north']}/doubles/1/2")
    assert page.locator("p.card strong").count() == 1
    page.keyboard.press("n")
    page.wait_for_url("**?done=*")
    page.keyboard.press("z")
    page.wait_for_url(lambda where: "done=" not in where)
    page.goto(f"{served['north']}/doubles/1/2")
    assert page.locator("p.card strong").count() == 1  # the first verdict stands again
    page.context.close()
    assert mistakes == []
    assert not found


def test_an_act_by_keyboard_alone(chromium: Browser, served: dict[str, str]) -> None:
    page = come_in(chromium, served["north"], "delegation", "en")

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    tab_to('a[href="/act/suspend"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/act/suspend")
    tab_to("#f-reason")
    page.keyboard.press("ArrowDown")
    tab_to("main form .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/draft/*")
    tab_to("#passphrase")
    page.keyboard.type("practice")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?done=*")
    page.context.close()
