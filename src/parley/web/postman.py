"""Carries post between a served desk and the neutral's, again and again, to the one address that the operator typed.

It calls when something was signed here, and else every few seconds. A line that breaks is noted and tried again; what the desk
itself finds broken is noted too, for the health page. Nobody's key is needed but the desk's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley.desk.visiting import Line, visit
from parley.web.served import Served
from parley.words import Broken

POST: Final = "post"


@dataclass(slots=True, kw_only=True)
class Postman:
    """One line to the neutral's desk; ``last`` is when it last went well, in seconds since 1970, ``trouble`` why not since."""

    served: Served
    where: str
    every: float
    last: int = 0
    trouble: Broken | None = None
    _called: threading.Event = field(default_factory=threading.Event)
    _stopped: bool = False

    def start(self) -> Callable[[], None]:
        """Begin, and return what ends it; raises PostBroken for an address that is none."""
        Line(self.where, self.served.desk, self.served.folder.path / POST)
        self.served.on_change.append(self._called.set)
        thread = threading.Thread(target=self._go, name="postman", daemon=True)
        thread.start()

        def stop() -> None:
            self._stopped = True
            self._called.set()
            thread.join(timeout=5)

        return stop

    def _go(self) -> None:
        while not self._stopped:
            self._called.clear()
            self.once()
            self._called.wait(self.every)

    def once(self) -> None:
        """Call at the neutral's desk once."""
        try:
            line = Line(self.where, self.served.desk, self.served.folder.path / POST)
            visit(self.served.working, line)
        except Broken as trouble:
            self.trouble = trouble
        else:
            self.last, self.trouble = self.served.seconds(), None
