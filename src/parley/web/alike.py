"""Looks through the register for people who may be one, beside the pages: one search at a time, kept in memory alone.

What is for the neutral alone is not compared, so no pair tells anybody what they may not see. What people decide about a pair
is kept by the office; the pairs themselves are gone with the program, and a new search finds them again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from parley.registers.claims import Claim, PersonId
from parley.registers.doubles import Doubles, spelled_alike
from parley.registers.judgements import Judgement
from parley.store.office import Office, Query
from parley.words import Moment

STEPS: Final = ("reading", "comparing", "done", "broken")


@dataclass(slots=True, kw_only=True)
class Search:
    """One search: who began it and when, how far it is, and what it found."""

    who: str
    at: Moment
    learn: bool
    step: str = "reading"
    done: int = 0
    size: int = 0
    found: Doubles | None = None

    @property
    def over(self) -> bool:
        """Say whether nothing more will come."""
        return self.step in ("done", "broken")


@dataclass(slots=True)
class Searches:
    """The last search for doubles at this desk, if there was one since it was opened."""

    last: Search | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(
        self, office: Office, asked: Search, mistake: Callable[[BaseException], None], rest: Callable[[], None]
    ) -> Search:
        """Begin a search, or return the one that is under way.

        ``mistake`` is told where we contradicted ourselves; ``rest`` lets go of the thread's connection to the office's data.
        """
        with self.lock:
            if self.last is not None and not self.last.over:
                return self.last
            self.last = asked
        threading.Thread(target=_work, args=(office, asked, mistake, rest), name="doubles", daemon=True).start()
        return asked


def _work(office: Office, search: Search, mistake: Callable[[BaseException], None], rest: Callable[[], None]) -> None:
    def tell(done: int) -> None:
        search.step, search.done = "comparing", done

    try:
        everybody = office.find(Query())
        search.size = len(everybody)
        found = spelled_alike(_claims(office, everybody, search), judged=_judged(office, search), done=tell)
        rest()
        search.found, search.step = found, "done"
    except Exception as failed:  # noqa: BLE001 - the page that waits must hear of it
        mistake(failed)
    finally:
        if search.found is None:
            rest()
            search.step = "broken"


def _claims(
    office: Office, everybody: Sequence[PersonId], search: Search
) -> Iterator[tuple[PersonId, Sequence[Claim]]]:
    for number, one in enumerate(office.dossiers(everybody), start=1):
        search.done = number
        yield one.person, [claim for claim in one.claims if not claim.said.source.intermediary_only]


def _judged(office: Office, search: Search) -> tuple[Judgement, ...]:
    return tuple(
        Judgement(id_a=one.id_a, id_b=one.id_b, verdict=one.verdict, reviewer=one.reviewer, at=one.at)
        for one in (office.judgements() if search.learn else ())
    )
