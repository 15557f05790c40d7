"""How long one person is in hand: from Enter to the large answer on the check-in page, with thousands of entries known.

``bench/checkin.py`` prints milliseconds, the middle and the slowest of so many scans, on this machine and with its CPU slowed
down six times, which is near a cheap telephone of 2019. Needs Debian's chromium. The people are invented.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.web.hands import Hands, browser
from tests.web.point import pack_of, running

ASK = """(line) => new Promise((done) => {
    const field = document.querySelector("#reference");
    const panel = document.querySelector("#answer");
    const started = performance.now();
    new MutationObserver((_, watcher) => { watcher.disconnect(); done(performance.now() - started); })
        .observe(panel, { childList: true });
    field.value = line;
    field.form.requestSubmit();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--scans", type=int, default=40)
    said = parser.parse_args()
    print(f"{'entries known':>14} {'processor':>10} {'middle ms':>10} {'slowest ms':>11}")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), pack_of(said.people, hold=said.people)) as point,
        browser() as chromium,
    ):
        hands = Hands(chromium.new_context(), point.address)
        hands.ready(point.code("gate-1"))
        point.kill()
        console = hands.context.new_cdp_session(hands.page)
        lines = iter([f"{letter}{number}" for number in range(1, said.people // 2 + 1) for letter in "NS"])
        known = 0
        for wanted in (0, said.people - 4 * said.scans):
            while known < wanted:
                hands.page.evaluate(ASK, next(lines))
                known += 1
            for slower in (1, 6):
                console.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                times = [hands.page.evaluate(ASK, next(lines)) for _ in range(said.scans)]
                console.send("Emulation.setCPUThrottlingRate", {"rate": 1})
                print(f"{known:>14} {f'1/{slower}':>10} {statistics.median(times):>10.0f} {max(times):>11.0f}")
                known += said.scans


if __name__ == "__main__":
    main()
