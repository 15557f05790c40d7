"""Tells open pages that something came from the point: a stream of events with nothing in it but how often something did.

The page then asks for its figures anew, as any page does, and whoever may not see them is told nothing.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final

from parley.web.checkin.answering import Reply
from parley.web.checkin.mounted import listen
from parley.web.live import Receive, Scope, Send, may_look, refuse, token_in
from parley.web.served import Served

PLACE: Final = "/point-news"
SCREENS: Final = ("point", "board")
MOST_STREAMS: Final = 500
TOGETHER: Final = 0.2
"""Seconds for which what comes is told as one."""
HEAD: Final = Reply(status=200, kind="text/event-stream; charset=utf-8", more={"X-Accel-Buffering": "no"})


class PointNews:
    """The application at ``/point-news``: one stream for each open page that shows the counts of the point."""

    def __init__(self, served: Served) -> None:
        """Begin; the one thread only asks who is signed in."""
        self._served = served
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="point-news")
        self._came = count(1)
        self._last = 0
        self.open = 0
        served.point.on_change.append(self._note)

    def _note(self) -> None:
        self._last = next(self._came)

    def _may(self, token: str) -> bool:
        return any(may_look(self._served, token, one) for one in SCREENS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell one browser for as long as it listens."""
        token = token_in(self._served, scope)
        loop = asyncio.get_running_loop()
        if scope["method"] != "GET" or not await loop.run_in_executor(self._threads, self._may, token):
            await refuse(send, 403)
        elif self.open >= MOST_STREAMS:
            await refuse(send, 503)
        else:
            self.open += 1
            try:
                await listen(self._served.point, receive, send, self._event, HEAD, TOGETHER)
            finally:
                self.open -= 1

    def _event(self) -> bytes:
        return f"event: came\ndata: {self._last}\n\n".encode()
