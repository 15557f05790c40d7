"""How a page reaches the register of its own desk's office: whoever looks only reads, whoever writes is named as the author.

The register is the one that ``parley register`` keeps: ``office.sqlite`` in the desk's folder, or the server that was named when
the pages were started. Each desk has its own; nothing of it ever stands in the record or at another desk. Which role may open
a page of it stands in ``roles.MAY_SEE``: those who work with names, and nobody else.

    register = register_of(request)          reading: find, show, dossiers, history, judgements, reviews; the day; what it tells
    writer_of(request).claim(person, …)      writing: the officer's name and the hour are put in here, and nowhere else
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from django.http import HttpRequest

from parley.registers.claims import Claim, ClaimId, Draft, PersonId
from parley.store.office import Dossier, Entry, Judged, Office, Query, Review
from parley.store.office.base import Verdict
from parley.web.screens import officer_of, served_of
from parley.words import Moment

if TYPE_CHECKING:
    from parley.store.office.browsing import Browsing

HEARS_INTERMEDIARY: Final = frozenset({"registrar", "intermediary"})
"""Roles that see what may be told to the neutral alone: who hands it to the neutral, and the neutral (GC IV art. 137)."""


class Reading(Protocol):
    """What a page may ask of the office's register: nothing here changes it."""

    def find(self, query: Query, *, most: int = 0) -> tuple[PersonId, ...]:
        """Return who is meant."""

    def show(self, person: PersonId) -> Dossier:
        """Return one person; raises OfficeBroken."""

    def dossiers(self, people: Iterable[PersonId]) -> Iterator[Dossier]:
        """Yield many people in the order given."""

    def browsing(self) -> Browsing:
        """Return what looks through the register page by page."""

    def history(self, *, person: PersonId | None = None, most: int = 50) -> tuple[Entry, ...]:
        """Return the newest entries of the journal."""

    def judgements(self) -> tuple[Judged, ...]:
        """Return every verdict that stands."""

    def reviews(self, reviewer: str) -> tuple[Review, ...]:
        """Return the judged pairs as this reviewer may see them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The register as the officer who asks may see it, on a day."""

    office: Reading
    day: str
    intermediary: bool
    """Whether this officer may see what is for the neutral alone."""

    def told(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Return those claims that this officer may see; statuses are to be derived from these alone."""
        return tuple(one for one in claims if self.intermediary or not one.said.source.intermediary_only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Whoever writes into the register from a page: every entry of the journal names this officer and this hour."""

    office: Office
    who: str
    at: Moment

    def add(self, people: Iterable[Sequence[Draft]], what: str) -> Entry:
        """Add people, all or none."""
        return self.office.add(people, what=what, who=self.who, at=self.at)

    def claim(self, person: PersonId, drafts: Sequence[Draft]) -> Entry:
        """Add claims about a person who is here."""
        return self.office.claim(person, drafts, who=self.who, at=self.at)

    def withdraw(self, claims: Sequence[ClaimId]) -> Entry:
        """Withdraw claims."""
        return self.office.withdraw(claims, who=self.who, at=self.at)

    def undo(self, entry: int) -> Entry:
        """Take an entry of the journal back."""
        return self.office.undo(entry, who=self.who, at=self.at)

    def judge(self, id_a: str, id_b: str, verdict: Verdict) -> Entry:
        """Keep what this officer decided about a pair."""
        return self.office.judge(Judged(id_a=id_a, id_b=id_b, verdict=verdict, reviewer=self.who, at=self.at))


def register_of(request: HttpRequest) -> Register:
    """Return the register for whoever asks; only behind the guard of a screen that is not public. Costs no query."""
    served = served_of(request)
    hears = bool(officer_of(request).roles & HEARS_INTERMEDIARY)
    return Register(office=served.office, day=served.desk.now()[:10], intermediary=hears)


def writer_of(request: HttpRequest) -> Writer:
    """Return what writes into the register in the name of whoever asks."""
    served = served_of(request)
    return Writer(office=served.office, who=officer_of(request).name, at=served.desk.now())
