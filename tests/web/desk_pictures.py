"""Takes the pictures of docs/pictures/desk-*.png: the screens of a desk after a practice exchange of invented people.

Renew them with ``python -m tests.web.desk_pictures``, and look at them.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.conftest import play
from tests.web.hands import browser
from tests.web.pictures import FOLDER
from tests.web.three_desks import serving

SIZE: ViewportSize = {"width": 1120, "height": 760}
SCREENS = (
    ("north", "exchange_office", ("terms", "lists", "batches", "movement", "reconciliation", "bundles")),
    ("north", "auditor", ("talks", "record/replay", "audit", "health", "record/30")),
    ("north", "keeper", ("officers",)),
)
TASKS = (("north", "delegation", "ar"), ("north", "delegation", "ru"), ("north", "delegation", "uk"))


def main(arguments: Sequence[str]) -> None:
    _ = arguments
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        exchange = play(Path(folder) / "exchange", "publication")
        with serving(exchange, ("neutral", "north")) as at, browser() as chromium:
            for desk, role, names in SCREENS:
                page = come_in(chromium, at[desk], role, "en")
                for name in names:
                    page.goto(f"{at[desk]}/{name}")
                    take(page, name.replace("/", "-"))
                page.context.close()
            for desk, role, language in TASKS:
                page = come_in(chromium, at[desk], role, language)
                take(page, f"tasks-{language}")
                page.context.close()
            sign(chromium, at["north"])


def come_in(chromium: Browser, address: str, role: str, language: str) -> Page:
    page = chromium.new_context(viewport=SIZE, color_scheme="light", device_scale_factor=1).new_page()
    page.goto(address)
    if (language, role) == ("en", "exchange_office"):
        take(page, "language")
    page.click(f"button[lang={language}]")
    if (language, role) == ("en", "exchange_office"):
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
