"""Takes the pictures of docs/pictures/checkin-*.png: every screen of the check-in page, with invented people.

Renew them with ``python -m tests.web.pictures``, and look at them.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.web.hands import Hands, browser
from tests.web.point import NEUTRAL, card, pack_of, running

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 400, "height": 760}


def main(languages: Sequence[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    stations = ("arrived", "asked", "crossed")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), pack_of(40, hold=3, counter=NEUTRAL, stations=stations)) as point,
        browser() as chromium,
    ):
        for place, language in enumerate(languages):
            context = chromium.new_context(viewport=SIZE, color_scheme="light", device_scale_factor=1)
            hands = Hands(context, point.address)
            hands.speak(language)
            _walk(hands, language, point.code(f"gate-{place + 1}"))
            context.close()


def _walk(hands: Hands, language: str, code: str) -> None:
    def take(name: str) -> None:
        hands.page.wait_for_timeout(250)
        hands.page.screenshot(path=FOLDER / f"checkin-{name}-{language}.png", full_page=True)

    take("begin")
    hands.enrol(code)
    take("unlock")
    hands.unlock()
    take("posting")
    hands.post()
    hands.context.set_offline(True)
    answers = (("N3", "ok"), ("N3", "already_here"), ("N99", "not_on_manifest"), ("https://example.org", "not_a_card"))
    for text, word in answers:
        hands.types(text)
        take(f"scan-{word}")
    assert [hands.types(line) for line in ("N7", "N8", "N9")] == ["ok", "ok", "hold"]
    take("scan-hold")
    hands.types(card("S2"))
    hands.page.click("#answer .deeds button:nth-last-child(2)")
    hands.page.wait_for_selector("#outcome")
    hands.page.select_option("#outcome", "DECLINED_AT_POINT")
    hands.page.dispatch_event("#outcome", "input")
    take("outcome")
    for screen in ("groups", "paper", "book"):
        hands.go(screen)
        take(screen)
    hands.go("scan")
    hands.page.click("main > .row:last-child button:first-child")
    hands.post("asked")
    hands.types("S3")
    take("scan-asked")


if __name__ == "__main__":
    main(sys.argv[1:] or ("ar", "en", "ru", "uk"))
