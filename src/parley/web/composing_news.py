"""Tells an open page how far a composition is: a short stream of events, which ends when the work does.

It reads memory alone; the office's database is asked once who is signed in, in a thread that lets go of its connection.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from parley.web.live import STREAM_HEADERS, Receive, Scope, Send, gone, may_look, refuse, token_in, write
from parley.web.served import Served
from parley.web.trying import ALL_STEPS, Trial

PLACE: Final = "/composing-news/"
SCREEN: Final = "composition"
LOOK: Final = 0.1
"""Seconds between two looks at how far the work is."""
PING: Final = 15.0
MOST_STREAMS: Final = 50


class News:
    """The application under ``/composing-news/``: one stream of events for each open page that waits for a composition."""

    def __init__(self, served: Served) -> None:
        """Begin; threads only ask who is signed in."""
        self._served = served
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="composing-news")
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell one browser of each step until there are no more."""
        trial = self._served.trials.kept.get(str(scope["path"]).removeprefix(PLACE))
        token = token_in(self._served, scope)
        loop = asyncio.get_running_loop()
        if scope["method"] != "GET" or not await loop.run_in_executor(
            self._threads, may_look, self._served, token, SCREEN
        ):
            await refuse(send, 403)
        elif trial is None:
            await refuse(send, 404)
        elif self.open >= MOST_STREAMS:
            await refuse(send, 503)
        else:
            await self._listen(trial, receive, send)

    async def _listen(self, trial: Trial, receive: Receive, send: Send) -> None:
        self.open += 1
        tasks = [asyncio.ensure_future(gone(receive)), asyncio.ensure_future(_tell(trial, send))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.open -= 1
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _tell(trial: Trial, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
    told, silent = "", 0.0
    while True:
        now = news(trial)
        if (said := json.dumps(now)) != told:
            told, silent = said, 0.0
            await write(send, f"event: step\ndata: {said}\n\n")
        if now["over"]:
            break
        await asyncio.sleep(LOOK)
        silent += LOOK
        if silent >= PING:
            silent = 0.0
            await write(send, ": here\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def news(trial: Trial) -> Mapping[str, str | int | bool]:
    """Return how far a trial is, as its page is told."""
    return {"step": trial.step, "place": trial.place, "of": len(ALL_STEPS), "over": trial.over}
