"""The one desk that this program serves: behind a lock, with its folder, the office's data and who may sign in.

Views come from several threads. Whoever looks holds the lock for as long as it reads the desk itself; a *state* is a frozen
value and may be read on afterwards. Whoever signs or takes a bundle in holds it until that is durable.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.acts import Deed
from parley.desk import Attachment, Desk
from parley.desk.folder import Folder, load_keys
from parley.desk.whatnow import WhatNow, whatnow
from parley.record.keys import Signer
from parley.store.office import Office
from parley.web.alike import Searches
from parley.web.checkin.opened import Opened
from parley.web.trying import Trials
from parley.words import Moment

if TYPE_CHECKING:
    from parley.store.office.officers import Officers
    from parley.web.postman import Postman

OFFICE_DATA: Final = "office.sqlite"
DRAFT_LIVES: Final = 30 * 60
"""Seconds for which an act that was filled in and not signed is kept, in memory only."""
MOST_DRAFTS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An act that somebody filled in and has yet to sign: exactly what "check your answers" showed."""

    officer: int
    deed: Deed
    attachments: tuple[Attachment, ...]
    texts: Mapping[str, str]
    files: tuple[str, ...]
    own_copy: bool = False
    """Keep a copy of what is sealed, readable at this desk alone: an author of a list is none of its readers."""
    until: float


@dataclass(slots=True, kw_only=True)
class Served:
    """A desk that is being served; ``seconds`` is the wall's clock in whole seconds since 1970."""

    desk: Desk
    folder: Folder
    office: Office
    officers: Officers
    hosts: tuple[str, ...] = ()
    port: int = 0
    start_token: str = ""
    seconds: Callable[[], int] = lambda: int(time.time())
    planned: dict[str, Planned] = field(default_factory=dict)
    trials: Trials = field(default_factory=Trials)
    """What was composed here for trying out, or to redo a proposal."""
    doubles: Searches = field(default_factory=Searches)
    """The last search for people of the register who may be one."""
    point: Opened = field(default_factory=Opened)
    """The handover point: which batch crosses there now."""
    challenges: dict[str, tuple[bytes, int, int]] = field(default_factory=dict)
    """Challenges for passkeys that were given out: by name the challenge, the officer (0: nobody yet), until when."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_change: list[Callable[[], None]] = field(default_factory=list)
    """Called after every change of the desk, outside the lock: what brings news to open pages."""
    postman: Postman | None = None
    """Who carries post to the neutral's desk, where somebody typed its address."""
    counted: tuple[int, Counter[str]] = field(default_factory=lambda: (0, Counter()))
    """How many acts of each stage stand in the log with effect, counted up to a place in it."""
    _now: tuple[tuple[int, int, int], WhatNow] | None = None

    @property
    def name(self) -> str:
        """Whose desk this is."""
        return str(self.folder.name)

    @contextmanager
    def looking(self) -> Iterator[Desk]:
        """Give the desk to somebody who only reads."""
        with self.lock:
            yield self.desk

    @contextmanager
    def working(self) -> Iterator[Desk]:
        """Give the desk to somebody who signs, or takes a bundle in; then tell the open pages."""
        before = (self.desk.size, len(self.desk.waiting))
        try:
            with self.lock:
                yield self.desk
        finally:
            if (self.desk.size, len(self.desk.waiting)) != before:
                for tell in self.on_change:
                    tell()

    def what_now(self) -> WhatNow:
        """Return what the law says now, asked once for each state of the desk."""
        with self.lock:
            place = (self.desk.size, len(self.desk.waiting), id(self.desk.ahead))
            if self._now is None or self._now[0] != place:
                self._now = (place, whatnow(self.desk))
            return self._now[1]

    def unlock(self, key: str, passphrase: str) -> Signer:
        """Return the signer of one key file; raises KeyBroken, DeskBroken. Nobody keeps it."""
        ring = load_keys(self.folder.path / "keys" / f"{key}.age", passphrase)
        return ring.signing[0]

    # --- acts that somebody is about to sign ---

    def plan(self, officer: int, deed: Deed, attachments: Sequence[Attachment], **shown: Any) -> str:  # noqa: ANN401
        """Keep an act between "check your answers" and the signature, and return its name."""
        name, now = secrets.token_urlsafe(16), time.monotonic()
        with self.lock:
            for old in [one for one, planned in self.planned.items() if planned.until < now]:
                del self.planned[old]
            while len(self.planned) >= MOST_DRAFTS:
                del self.planned[next(iter(self.planned))]
            self.planned[name] = Planned(
                officer=officer, deed=deed, attachments=tuple(attachments), until=now + DRAFT_LIVES, **shown
            )
        return name

    def planned_by(self, officer: int, name: str) -> Planned | None:
        """Return what this officer filled in under a name, if it is still there."""
        found = self.planned.get(name)
        return found if found is not None and found.officer == officer and found.until >= time.monotonic() else None

    def drop_plan(self, name: str) -> None:
        """Forget what was filled in."""
        with self.lock:
            self.planned.pop(name, None)


def wall_clock() -> Moment:
    """Return this machine's time, to the second."""
    return Moment(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def story_clock(last: Moment) -> Callable[[], Moment]:
    """Return the clock of a practice exchange: it goes on from the story's last hour, so that its dates are not all past."""
    began, story = time.monotonic(), datetime.fromisoformat(last)

    def now() -> Moment:
        passed = timedelta(seconds=int(time.monotonic() - began))
        return Moment((story + passed).strftime("%Y-%m-%dT%H:%M:%SZ"))

    return now


def office_place(folder: Folder, database: str) -> str:
    """Return where the office's data are: on a server where one was named, else in a file of the desk's folder."""
    return database or str(Path(folder.path) / OFFICE_DATA)
