"""An officer's hands on the check-in page: what one does on it, in a real browser, written as one would say it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web.point import PIN

CHROMIUM = which("chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
LANGUAGES = ("en", "uk", "ru", "ar")


@contextmanager
def browser(camera: Path | None = None) -> Iterator[Browser]:
    """Debian's Chromium; with a film in place of its camera where one is given."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium (apt-get install chromium)")
    eye = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    eye += [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=[*eye, "--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def browser_with_a_battery(folder: Path) -> Iterator[tuple[Browser, subprocess.Popen[str]]]:
    """Chromium with its storage in a folder, and its process, which may be killed as an empty battery does."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium (apt-get install chromium)")
    words = [CHROMIUM, "--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0"]
    words += [f"--user-data-dir={folder}", "about:blank"]
    with (
        subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process,
        sync_playwright() as play,
    ):
        assert process.stderr is not None
        listening = next(line for line in process.stderr if "DevTools listening on" in line)
        try:
            yield play.chromium.connect_over_cdp(listening.split()[-1]), process
        finally:
            process.kill()


class Hands:
    """One device in one officer's hands; ``page`` is its open tab."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.mistakes: list[str] = []
        self.page: Page
        self.open()

    def open(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda mistake: self.mistakes.append(str(mistake)))
        self.page.goto(self.address)

    def enrol(self, code: str) -> None:
        self.page.fill("#code", code)
        self.page.click("form button.main")
        self.page.wait_for_selector("#pin")

    def unlock(self, pin: str = PIN) -> None:
        self.page.fill("#pin", pin)
        self.page.click("form button.main")
        self.page.wait_for_selector("main:not([data-screen=unlock])")

    def post(self, station: str = "crossed", vehicle: str = "", officer: str = "officer-3") -> None:
        self.page.check(f"input[value={station}]")
        self.page.select_option("#vehicle", vehicle)
        self.page.fill("#officer", officer)
        self.page.click("form button.main")
        self.page.wait_for_selector("#reference")

    def ready(self, code: str, station: str = "crossed", vehicle: str = "") -> None:
        self.enrol(code)
        self.unlock()
        self.post(station, vehicle)

    def types(self, text: str) -> str:
        """Type a reference and return the word that is shown large, as its code."""
        self.page.eval_on_selector("#answer", "panel => { delete panel.dataset.answer; }")
        self.page.fill("#reference", text)
        self.page.keyboard.press("Enter")
        return self.answer()

    def answer(self) -> str:
        self.page.wait_for_selector("#answer[data-answer]")
        found = self.page.get_attribute("#answer", "data-answer")
        assert found is not None
        return found

    def go(self, screen: str) -> None:
        place = ("scan", "outcome", "groups", "paper", "book").index(screen)
        self.page.click(f"nav button:nth-child({place + 1})")
        self.page.wait_for_selector(f"main[data-screen={screen}]")

    def speak(self, language: str) -> None:
        self.page.select_option("header select", language)
        self.page.wait_for_selector(f"html[lang={language}] main h1")

    def counts(self) -> tuple[int, int, int]:
        """How many entries are saved here, sent, confirmed."""
        numbers = self.page.eval_on_selector_all(".counts bdi", "all => all.map(one => Number(one.textContent))")
        saved, sent, confirmed = numbers
        return saved, sent, confirmed

    def wait_confirmed(self, count: int) -> None:
        self.page.wait_for_function(
            "count => document.querySelectorAll('.counts bdi')[2]?.textContent === String(count)", arg=count
        )

    def net(self) -> str:
        return self.page.inner_text(".net")

    def book(self) -> bytes:
        """Save the book to a file, as an officer does, and read it."""
        self.go("book")
        with self.page.expect_download() as found:
            self.page.click("main button.main")
        kept = Path(found.value.path()).read_bytes()
        self.go("scan")
        return kept

    def entries(self) -> list[dict[str, Any]]:
        """What stands in the browser's database, in order of the running number."""
        rows: list[dict[str, Any]] = self.page.evaluate(
            """() => new Promise((done) => {
                const asked = indexedDB.open("parley-checkin");
                asked.onsuccess = () => {
                    const all = asked.result.transaction("entries").objectStore("entries").getAll();
                    all.onsuccess = () => { asked.result.close(); done(all.result); };
                };
            })"""
        )
        return sorted((row for row in rows if row.get("own")), key=lambda row: int(row["number"]))

    def faults(self) -> list[str]:
        """What axe-core finds wrong with the screen for people who see, hear or move otherwise."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        assert found["passes"], "axe-core looked at nothing"
        return [
            f"{one['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
