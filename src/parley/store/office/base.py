"""What an office's data promise to whoever uses them, in plain values: nothing of the database shows through.

Nothing is ever changed or deleted by work: a claim is added, or withdrawn, by an entry of the journal. So every entry can be
undone, also after years, and the undoing is an entry too, which can be undone. One entry is written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, Protocol

from parley.registers.claims import Claim, ClaimId, Draft, PersonId
from parley.words import Broken, Fact, Moment

if TYPE_CHECKING:
    from parley.store.office.browsing import Browsing

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "office.unreadable": "The office's data cannot be opened here; check the place, or restore it from its backup.",
        "office.newer": "The office's data were written by a newer Parley; use that version, or a newer one.",
        "office.busy": "Another program is writing the office's data; wait until it is done and try again.",
        "office.officer_known": "There is an officer of this name already; choose another name.",
        "office.no_such_person": "The register has no person {person}; look with `parley register find`.",
        "office.no_such_claim": "The register has no claim {claim} that still stands; look with `parley register show`.",
        "office.no_such_entry": "The journal has no entry {entry}; look with `parley register history`.",
        "office.undone_already": "Entry {entry} was undone already, by entry {by}; to have it back, undo entry {by}.",
        "office.built_upon": "Entry {entry} cannot be undone alone, entry {by} builds on it; undo entry {by} first.",
    }
)
"""Every way an office's data can fail, with one English sentence."""

Verdict = Literal["same", "different", "unsure"]
VERDICTS: Final[tuple[Verdict, ...]] = ("same", "different", "unsure")


class OfficeBroken(Broken):
    """The office's data cannot do what was asked; facts hold numbers of entries, people and claims, never what they say."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal: what was done, by which role, when, how much; what it undoes, and what undid it."""

    number: int
    what: str
    who: str
    at: Moment
    people: int = 0
    claims: int = 0
    undoes: int = 0
    undone_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A person with every claim, also the withdrawn ones."""

    person: PersonId
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Who is meant: all words of ``text`` stand in some name or number; every field of ``where`` has such a value.

    A value of ``where`` fits a date by its beginning (``1985``), everything else folded and whole. Empty means everybody.
    """

    text: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one reviewer decided about one pair of records: never merged, never averaged, kept with who and when."""

    id_a: str
    id_b: str
    verdict: Verdict
    reviewer: str
    at: Moment
    blind: bool = False
    """Whether the reviewer decided without having seen another's verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A pair as one reviewer may see it: the verdicts of others stay hidden until he or she has decided."""

    id_a: str
    id_b: str
    own: Verdict | None
    others: tuple[Judged, ...]
    waiting: bool
    """Whether somebody else has decided and this reviewer has not: the second, blind look is due."""


class Office(Protocol):
    """An exchange office's data. Every method that changes something returns the journal's entry; all raise OfficeBroken."""

    def add(self, people: Iterable[Sequence[Draft]], *, what: str, who: str, at: Moment) -> Entry:
        """Add people, each with claims, as one entry; nothing is kept where the source of people breaks off."""

    def claim(self, person: PersonId, drafts: Sequence[Draft], *, who: str, at: Moment) -> Entry:
        """Add claims about a person who is here."""

    def withdraw(self, claims: Sequence[ClaimId], *, who: str, at: Moment) -> Entry:
        """Withdraw claims: they stay, and no longer count."""

    def find(self, query: Query, *, most: int = 0) -> tuple[PersonId, ...]:
        """Return who is meant, in the order of entry, at most ``most`` where that is not 0. Nobody is ever left out as dead."""

    def show(self, person: PersonId) -> Dossier:
        """Return one person."""

    def dossiers(self, people: Iterable[PersonId]) -> Iterator[Dossier]:
        """Yield many people in the order given."""

    def browsing(self) -> Browsing:
        """Return what looks through the register page by page."""

    def history(self, *, person: PersonId | None = None, most: int = 50) -> tuple[Entry, ...]:
        """Return the newest entries of the journal, newest first; of one person where named."""

    def undo(self, entry: int, *, who: str, at: Moment) -> Entry:
        """Take back an entry; undoing an undoing brings it back."""

    def judge(self, judged: Judged) -> Entry:
        """Keep what a reviewer decided; a later verdict of the same reviewer takes the place of the earlier one."""

    def judgements(self) -> tuple[Judged, ...]:
        """Return every verdict that stands, for learning and for statistics."""

    def reviews(self, reviewer: str) -> tuple[Review, ...]:
        """Return the judged pairs as this reviewer may see them."""

    def close(self) -> None:
        """Let go of the database."""
