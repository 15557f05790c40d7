"""Three desks of one practice exchange, each its own program and port, and officers who click at them."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, FilePayload, Page

from parley.cli.practice_desks import free_ports

PATIENCE = 40.0


@contextmanager
def serving(
    folder: Path, names: tuple[str, ...] = ("neutral", "north", "south"), *, database: str = ""
) -> Iterator[dict[str, str]]:
    """Serve the desks of an exchange, and yield their addresses; the parties carry post every second.

    ``database`` is where the busiest of them, the neutral, keeps its office's data; empty: in a file, as the others do.
    """
    addresses = {
        name: f"http://localhost:{port}" for name, port in zip(names, free_ports(len(names), 8600), strict=True)
    }
    programs: list[subprocess.Popen[str]] = []
    try:
        for name, address in addresses.items():
            words = [sys.executable, "-m", "parley.web", "--desk", str(folder / name)]
            words += ["--port", address.rpartition(":")[2], "--passphrase-on-stdin"]
            if name != "neutral":
                words += ["--sync", addresses["neutral"].replace("localhost", "127.0.0.1"), "--every", "1"]
            elif database:
                words += ["--database", database]
            program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            assert program.stdin is not None
            program.stdin.write("practice\n")
            program.stdin.close()
            programs.append(program)
        for address in addresses.values():
            wait_for(address)
        yield addresses
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait(timeout=10)


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(URLError, OSError), urlopen(f"{address}/language", timeout=5):  # noqa: S310 - this machine's own
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


class Officer:
    """One officer at one desk, in a browser of their own."""

    def __init__(self, browser: Browser, address: str, role: str, language: str = "en") -> None:
        self.address = address
        self.mistakes: list[str] = []
        self.page: Page = browser.new_context().new_page()
        self.page.on("pageerror", lambda error: self.mistakes.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url))
        self.page.goto(address)
        self.page.click(f"button[lang={language}]")
        self.page.click(f'form[action="/practice/{role}"] button')

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.mistakes.append(url)

    def home(self) -> tuple[int, int]:
        """Open the task list, and return how many acts the record has and how many wait."""
        self.page.goto(f"{self.address}/")
        shown = self.page.locator("[data-acts]")
        return int(shown.get_attribute("data-acts") or 0), int(shown.get_attribute("data-waiting") or 0)

    def does(self, kind: str, *, text: str = "", tally: str = "", **said: str) -> None:
        """Click an act on the task list, fill its form in, check, and sign it; both officers are at the table if two must."""
        until = time.monotonic() + PATIENCE
        while True:
            self.home()
            button = self.page.locator(f'.tasks a[href="/act/{kind}"]')
            if button.count():
                button.first.click()
                self._fill(text, tally, said)
                if "/draft/" in self.page.url:
                    break
                why = self.page.locator("[role=alert]").inner_text()
            else:
                why = f"no button for {kind}: {self.page.locator('main').inner_text()}"
            if time.monotonic() > until:
                raise AssertionError(f"{kind} at {self.address}: {why}")
            time.sleep(0.5)
        self.sign()

    def _fill(self, text: str, tally: str, said: dict[str, str]) -> None:
        for name, value in said.items():
            field = self.page.locator(f"#f-{name}")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        if text:
            self.page.fill("#t-en", text)
        if tally:
            file = FilePayload(name="tally.csv", mimeType="text/csv", buffer=tally.encode())
            self.page.set_input_files("#tally", [file])
        self.page.click("main form .button")

    def sign(self) -> None:
        """Sign what "check your answers" shows."""
        self.page.fill("#passphrase", "practice")
        if self.page.locator("#other").count():
            self.page.click("main details summary")
            self.page.select_option("#other", index=1)
            self.page.fill("#other_passphrase", "practice")
        self.page.click(".signing .button")
        assert "?done=" in self.page.url, self.page.locator("main").inner_text()

    def hands_in(self, purpose: str, rows: str) -> None:
        """Hand a list in from a spreadsheet."""
        self.page.goto(f"{self.address}/lists")
        self.page.click('a[href="/lists/hand-in"]')
        file = FilePayload(name="list.csv", mimeType="text/csv", buffer=rows.encode())
        self.page.set_input_files("#list", [file])
        self.page.select_option("#purpose", purpose)
        self.page.click("main form .button")
        if "/draft/" not in self.page.url:
            self.page.set_input_files("#list", [file])
            self.page.check("#anyway")
            self.page.click("main form .button")
        assert "/draft/" in self.page.url, self.page.locator("main").inner_text()
        self.sign()

    def clock(self) -> str:
        """The neutral's clock as the page shows it."""
        self.home()
        found = re.search(r"datetime=\"([^\"]+)\"", self.page.content())
        assert found is not None
        return found[1]


def settle(*officers: Officer) -> int:
    """Wait until nothing waits at any desk and all have the same record; return how many acts it has."""
    until, seen = time.monotonic() + PATIENCE, [(0, 0)]
    while time.monotonic() < until:
        seen = [one.home() for one in officers]
        if len({size for size, _ in seen}) == 1 and not any(waiting for _, waiting in seen):
            return seen[0][0]
        time.sleep(0.4)
    raise AssertionError(f"the desks do not agree: {seen}")
