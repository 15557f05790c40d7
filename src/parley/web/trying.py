"""Composing while somebody waits: one composition at a time at a desk, beside the pages, and how far it is.

While one is worked on, the composer is locked: who asks for another is told who began it and when, and may watch it or stop it.

Nothing of it is written anywhere: what was tried is kept in memory, the newest few, and is gone with the program.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley.composing.composed import STEPS
from parley.composing.report import GroupChance, Report, group_chances, report
from parley.composing.trade_offs import TradeOff, trade_offs
from parley.desk.composing_batches import CaseBatches, compose_case
from parley.process.state import State
from parley.words import Broken

ALL_STEPS: Final = (*STEPS, "figures", "trade_offs")
MOST_KEPT: Final = 12


class Dropped(Exception):
    """Somebody took back what was being composed."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """One composition that was asked for: from which policy and pool, how far it is, and what came of it or why nothing did.

    ``at`` is how many acts the record had, ``since`` when it was asked for, in seconds since 1970.
    """

    who: str
    at: int
    since: int
    policy: bytes
    pool: bytes
    step: str = "waiting"
    found: CaseBatches | None = None
    figures: Report | None = None
    groups: tuple[GroupChance, ...] = ()
    trades: tuple[TradeOff, ...] = ()
    broken: Broken | None = None
    dropped: bool = False
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def over(self) -> bool:
        """Say whether nothing more will come."""
        return self.dropped or self.step in ("done", "broken")

    @property
    def place(self) -> int:
        """How many steps have begun."""
        return (
            ALL_STEPS.index(self.step) + 1
            if self.step in ALL_STEPS
            else 0
            if self.step == "waiting"
            else len(ALL_STEPS)
        )


@dataclass(slots=True)
class Trials:
    """What was tried at this desk since it was opened."""

    kept: dict[str, Trial] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Held by the one composition that is being worked on."""

    @property
    def running(self) -> Trial | None:
        """The composition that locks the composer, if there is one; memory alone knows it: no lock outlives the program."""
        return next((one for one in tuple(self.kept.values()) if not one.over), None)

    def begin(
        self,
        state: State,
        asked: Trial,
        mistake: Callable[[BaseException], None],
    ) -> Trial:
        """Let something be composed from a state of the record; returns it, or the one that is worked on and locks the composer.

        ``mistake`` is told where we contradicted ourselves.
        """
        with self.lock:
            if (running := self.running) is not None:
                return running
            while len(self.kept) >= MOST_KEPT:
                del self.kept[next(iter(self.kept))]
            threading.Thread(target=self._work, args=(asked, state, mistake), name="composing", daemon=True).start()
            self.kept[asked.name] = asked
        return asked

    def drop(self, name: str) -> None:
        """Forget a trial, or stop it: the composer is free at once; the work ends with its next step, the next waits for it."""
        with self.lock:
            found = self.kept.pop(name, None)
            if found is not None:
                found.dropped = True

    def _work(self, trial: Trial, state: State, mistake: Callable[[BaseException], None]) -> None:
        try:
            with self.turn:
                _compose(trial, state, mistake)
        finally:  # whatever ended the work, it no longer locks the composer
            if trial.step != "done":
                trial.step = "broken"


def _compose(trial: Trial, state: State, mistake: Callable[[BaseException], None]) -> None:
    def tell(step: str) -> None:
        if trial.dropped:
            raise Dropped
        trial.step = step

    try:
        found = compose_case(state, trial.policy, trial.pool, tell)
        tell("figures")
        trial.figures, trial.groups = report(found.composed, found.drawn), group_chances(found.composed)
        tell("trade_offs")
        trial.trades = trade_offs(found.composed)
        trial.found = found
        trial.step = "done"
    except Dropped:
        trial.step = "broken"
    except Broken as broken:
        trial.broken, trial.step = broken, "broken"
    except Exception as failed:  # noqa: BLE001 - the page that waits must hear of it
        mistake(failed)
        trial.broken, trial.step = Broken("web.mistake"), "broken"
