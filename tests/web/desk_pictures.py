"""Takes the pictures of docs/pictures/desk-*.png: the screens of a desk after a practice exchange of invented people.

Renew them with ``python -m tests.web.desk_pictures`` (those of the composer or of the register
alone: ``… composer``, ``… people``), and look at them.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, ViewportSize

from tests.web.conftest import play, propose
from tests.web.hands import browser
from tests.web.pictures import FOLDER
from tests.web.test_composer_in_a_browser import compose
from tests.web.test_list_map import ROWS, table
from tests.web.test_screens_for_everybody import Scheme
from tests.web.three_desks import serving

SIZE: ViewportSize = {"width": 1120, "height": 760}
SCREENS = (
    ("north", "exchange_office", ("terms", "lists", "batches", "movement", "reconciliation", "bundles")),
    ("north", "auditor", ("talks", "record/replay", "audit", "health", "record/30")),
    ("north", "keeper", ("officers",)),
)
TOLD = (
    ("neutral", "intermediary", "en", "board", "board-en"),
    ("neutral", "intermediary", "ar", "board", "board-ar"),
    ("north", "principal", "en", "briefing", "briefing-en"),
    ("north", "family_desk", "en", "codes", "families-en"),
    ("north", "press", "en", "numbers", "numbers-en"),
    ("north", "press", "ar", "public", "public-ar"),
    ("north", "registrar", "en", "help", "help-en"),
    ("north", "registrar", "ar", "help", "help-ar"),
)
REGISTER: tuple[tuple[str, Scheme, str], ...] = (
    ("en", "light", "people-en"),
    ("en", "dark", "people-en-dark"),
    ("ar", "light", "people-ar"),
)
COMPOSED: tuple[tuple[str, Scheme, str], ...] = (("en", "light", ""), ("en", "dark", "-dark"), ("ar", "light", ""))
TASKS = (("north", "delegation", "ar"), ("north", "delegation", "ru"), ("north", "delegation", "uk"))


def main(arguments: Sequence[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not {"composer", "people"} & set(arguments):
        after_the_exchange()
    if "people" not in arguments:
        composed()
    if "composer" not in arguments:
        registered()


def registered() -> None:
    """The people of an office's register, and one person of whom sources say different things."""
    with tempfile.TemporaryDirectory() as folder:
        exchange = play(Path(folder) / "exchange", "lists")
        with serving(exchange, ("neutral", "north")) as at, browser() as chromium:
            for language, scheme, name in REGISTER:
                page = come_in(chromium, at["north"], "registrar", language, scheme)
                page.goto(f"{at['north']}/people?sort=name")
                page.focus("a[data-row]")
                page.screenshot(path=FOLDER / f"desk-{name}.png")
                page.goto(f"{at['north']}/people/1")
                take(page, name.replace("people", "person"))
                page.goto(f"{at['north']}/doubles")
                page.click("main form .button")
                page.wait_for_selector("#learn", timeout=60_000)
                take(page, name.replace("people", "doubles"))
                page.click("#waiting ~ p a.button")
                page.locator("img.waterfall").evaluate("one => one.decode()")
                take(page, name.replace("people", "double"))
                page.goto(f"{at['north']}/replies")
                take(page, name.replace("people", "replies"))
                page.goto(f"{at['north']}/lists/hand-in")
                messy = FilePayload(name="list.csv", mimeType="text/csv", buffer=table(*ROWS))
                page.set_input_files("#list", [messy])
                page.click("main form .button")
                page.wait_for_selector("#header")
                take(page, name.replace("people", "list-map"))
                page.context.close()


def after_the_exchange() -> None:
    with tempfile.TemporaryDirectory() as folder:
        exchange = play(Path(folder) / "exchange", "publication")
        with serving(exchange, ("neutral", "north")) as at, browser() as chromium:
            for desk, role, names in SCREENS:
                page = come_in(chromium, at[desk], role, "en", doors=role == "exchange_office")
                for name in names:
                    page.goto(f"{at[desk]}/{name}")
                    take(page, name.replace("/", "-"))
                page.context.close()
            for desk, role, language in TASKS:
                page = come_in(chromium, at[desk], role, language)
                take(page, f"tasks-{language}")
                page.context.close()
            for desk, role, language, where, name in TOLD:
                page = come_in(chromium, at[desk], role, language)
                page.goto(f"{at[desk]}/{where}")
                take(page, name)
                page.context.close()
            sign(chromium, at["north"])


def composed() -> None:
    """The composer, over lists that are final and a proposal that nobody has agreed to."""
    with tempfile.TemporaryDirectory() as folder:
        exchange = propose(Path(folder) / "exchange")
        policy = (exchange / "policy.toml").read_bytes()
        with serving(exchange, ("neutral", "north")) as at, browser() as chromium:
            for language, scheme, ending in COMPOSED:
                page = come_in(chromium, at["north"], "exchange_office", language, scheme)
                compose(page, at["north"], policy)
                take(page, f"composition-{language}{ending}")
                page.context.close()


def come_in(
    chromium: Browser, address: str, role: str, language: str, scheme: Scheme = "light", *, doors: bool = False
) -> Page:
    page = chromium.new_context(viewport=SIZE, color_scheme=scheme, device_scale_factor=1).new_page()
    page.goto(address)
    if doors:
        take(page, "language")
    page.click(f"button[lang={language}]")
    if doors:
        take(page, "sign-in")
    page.click(f'form[action="/practice/{role}"] button')
    return page


def sign(chromium: Browser, address: str) -> None:
    """The steps of one act: the task list, the form, check your answers, done."""
    page = come_in(chromium, address, "delegation", "en")
    take(page, "tasks-en")
    page.click('a[href="/act/suspend"]')
    page.select_option("#f-reason", "consultation")
    take(page, "act")
    page.click("main form .button")
    take(page, "check")
    page.fill("#passphrase", "practice")
    page.click(".signing .button")
    take(page, "signed")
    page.context.close()


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(150)
    page.screenshot(path=FOLDER / f"desk-{name}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1:])
