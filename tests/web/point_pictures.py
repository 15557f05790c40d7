"""Takes the pictures of docs/pictures/desk-point-*.png and desk-composer-locked-*.png; renew them and look at them.

``python -m tests.web.point_pictures``
"""

import os
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

from parley.desk.composing_batches import compose_case
from parley.web import trying
from tests.web.conftest import desk_of, play, propose
from tests.web.desk_pictures import COMPOSED, come_in, take
from tests.web.hands import browser
from tests.web.here import serving_here
from tests.web.three_desks import serving


def main() -> None:
    at_the_point()
    locked()


def at_the_point() -> None:
    """The handover point at the neutral's desk, on the first day: the three books joined, a pack made, a code for a device."""
    with tempfile.TemporaryDirectory() as folder:
        exchange = play(Path(folder) / "exchange", "handover")
        books = sorted((exchange / "point" / "stage-1").glob("*.book"))
        with serving(exchange, ("neutral",)) as at, browser() as chromium:
            for language, scheme, ending in COMPOSED:
                page = come_in(chromium, at["neutral"], "handover_officer", language, scheme)
                page.goto(f"{at['neutral']}/point?batch=1")
                page.set_input_files("#books", books)
                page.click("button[value=join]")
                for name in ("pin", "again"):
                    page.fill(f"#{name}", "bread and salt")
                page.check("#unseated")
                page.click("button[value=pack]")
                page.fill("#name", f"gate-{language}")
                page.click("button[value=enrol]")
                page.locator("code, .code").first.wait_for()
                take(page, f"point-{language}{ending}")
                page.context.close()


def locked() -> None:
    """The composer while somebody composes: composing waits here until the pictures are taken."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    let = threading.Event()

    def wait(*about: object) -> object:
        let.wait(60)
        return compose_case(*about)  # type: ignore[arg-type]

    with patch.object(trying, "compose_case", wait), tempfile.TemporaryDirectory() as folder:
        exchange = propose(Path(folder) / "exchange")
        with desk_of(exchange, "north", Path(folder)) as served, serving_here(served) as at, browser() as chromium:
            first = come_in(chromium, at, "exchange_office", "en")
            first.goto(f"{at}/compose")
            first.set_input_files("#policy", exchange / "policy.toml")
            first.click("main form .button")
            for language, scheme, ending in COMPOSED:
                page = come_in(chromium, at, "principal", language, scheme)
                page.goto(f"{at}/compose")
                take(page, f"composer-locked-{language}{ending}")
                page.context.close()
            let.set()


if __name__ == "__main__":
    main()
