"""Keeps an office's data in a database through Django's models, and hands out plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from django.db import DatabaseError, connections, transaction
from django.db.utils import OperationalError

from parley.registers.claims import Claim, ClaimId, Draft, Origin, PersonId, Source
from parley.registers.fields import DATES
from parley.registers.profile import fold_name
from parley.store.office.base import Dossier, Entry, Judged, OfficeBroken, Query, Review
from parley.store.office.browsing import Browsing
from parley.store.office.models import ClaimRow, JournalEntry, JudgedRow, PersonRow, SourceFile, SourceNote, Withdrawal
from parley.store.office.pooled import let_go
from parley.words import Moment

AT_ONCE: Final = 500
PEOPLE_AT_ONCE: Final = 2_000
MOST_FOLDED: Final = 500
MANY: Final = 2_000
"""Claims of one entry from which on a database is told to count anew."""
_TABLES: Final[dict[str, Any]] = {"person": PersonRow, "claim": ClaimRow, "judged": JudgedRow}


class KeptOffice:
    """An office's data behind one of Django's connections; see ``base.Office`` for what is promised."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def close(self) -> None:
        """Let go of the database."""
        connections[self._alias].close()
        let_go(self._alias)
        connections.settings.pop(self._alias, None)

    # -- adding

    def add(self, people: Iterable[Sequence[Draft]], *, what: str, who: str, at: Moment) -> Entry:
        """Add people with their claims as one entry, in pieces, so that memory stays small."""
        with self._writing():
            entry = self._entry(what, who, at)
            known = _Known(self._alias)
            source = iter(people)
            total = claims = 0
            while piece := list(islice(source, PEOPLE_AT_ONCE)):
                rows = self._all(PersonRow).bulk_create([PersonRow(entry=entry) for _ in piece], batch_size=AT_ONCE)
                made = [
                    _row(person, said, known, entry)
                    for person, drafts in zip(rows, piece, strict=True)
                    for said in drafts
                ]
                self._all(ClaimRow).bulk_create(made, batch_size=AT_ONCE)
                total, claims = total + len(piece), claims + len(made)
            if claims >= MANY:
                self._let_the_server_count()
            return self._counted(entry, total, claims)

    def _let_the_server_count(self) -> None:
        """Have a server look at what was filled in before anybody asks it: by itself it does so later, and finds slow ways."""
        connection = connections[self._alias]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE office_claim, office_person")

    def claim(self, person: PersonId, drafts: Sequence[Draft], *, who: str, at: Moment) -> Entry:
        """Add claims about a person who is here."""
        with self._writing():
            row = self._person(person)
            entry = self._entry("claim", who, at)
            known = _Known(self._alias)
            self._all(ClaimRow).bulk_create([_row(row, said, known, entry) for said in drafts])
            return self._counted(entry, 1, len(drafts))

    def withdraw(self, claims: Sequence[ClaimId], *, who: str, at: Moment) -> Entry:
        """Withdraw claims."""
        with self._writing():
            rows = {row.pk: row for row in self._all(ClaimRow).filter(pk__in=claims, withdrawn_by=None)}
            for one in claims:
                if one not in rows:
                    raise OfficeBroken("office.no_such_claim", claim=one)
            entry = self._entry("withdraw", who, at)
            self._withdraw("claim", list(rows), entry)
            return self._counted(entry, len({row.person_id for row in rows.values()}), len(rows))

    # -- finding

    def find(self, query: Query, *, most: int = 0) -> tuple[PersonId, ...]:
        """Return who is meant."""
        with self._reading():
            people = self._all(PersonRow).filter(withdrawn_by=None)
            standing = self._all(ClaimRow).filter(withdrawn_by=None)
            for word in query.text.split()[:10]:
                people = people.filter(pk__in=standing.filter(folded__contains=_folded(word)).values("person_id"))
            for field, value in sorted(query.where.items()):
                fits = {"value__startswith": value} if field in DATES else {"folded": _folded(value)}
                people = people.filter(pk__in=standing.filter(field=field, **fits).values("person_id"))
            found = people.order_by("pk").values_list("pk", flat=True)
            return tuple(PersonId(one) for one in (found[:most] if most else found))

    def show(self, person: PersonId) -> Dossier:
        """Return one person."""
        with self._reading():
            self._person(person)
        return next(self.dossiers([person]))

    def dossiers(self, people: Iterable[PersonId]) -> Iterator[Dossier]:
        """Yield many people, a piece at a time."""
        source = iter(people)
        while piece := list(islice(source, AT_ONCE)):
            with self._reading():
                claims: dict[int, list[Claim]] = {one: [] for one in piece}
                rows = self._all(ClaimRow).filter(person_id__in=piece).select_related("source", "file").order_by("pk")
                for row in rows:
                    claims[row.person_id].append(_claim(row))
            yield from (Dossier(person=one, claims=tuple(claims[one])) for one in piece)

    def browsing(self) -> Browsing:
        """Return what looks through the register page by page."""
        return Browsing(alias=self._alias, reading=self._reading)

    # -- the journal

    def history(self, *, person: PersonId | None = None, most: int = 50) -> tuple[Entry, ...]:
        """Return the newest entries."""
        with self._reading():
            rows = self._all(JournalEntry)
            if person is not None:
                here = self._all(ClaimRow).filter(person_id=person)
                touched = {row for pair in here.values_list("entry_id", "withdrawn_by_id") for row in pair if row}
                gone = self._all(Withdrawal).filter(kind="claim", row__in=here.values("pk"))
                rows = rows.filter(pk__in=touched | set(gone.values_list("entry_id", flat=True)))
            return tuple(_journal(row) for row in rows.order_by("-pk")[:most])

    def undo(self, entry: int, *, who: str, at: Moment) -> Entry:
        """Take back an entry."""
        with self._writing():
            target = self._all(JournalEntry).filter(pk=entry).first()
            if target is None:
                raise OfficeBroken("office.no_such_entry", entry=entry)
            if target.undone_by_id:
                raise OfficeBroken("office.undone_already", entry=entry, by=target.undone_by_id)
            done = self._entry("undo", who, at, undoes=target)
            self._set(target, done, on=False)
            return self._counted(done, target.people, target.claims)

    def _set(self, entry: JournalEntry, by: JournalEntry, *, on: bool) -> None:
        """Put an entry in force or out of it; an undoing out of force puts its target back."""
        if entry.undoes_id:
            self._set(self._all(JournalEntry).get(pk=entry.undoes_id), by, on=not on)
        elif on:
            for kind, table in _TABLES.items():
                self._all(table).filter(entry=entry).update(withdrawn_by=None)
                again = self._all(Withdrawal).filter(entry=entry, kind=kind).values("row")
                self._free(kind, entry, self._all(table).filter(pk__in=again).exclude(withdrawn_by=None))
                self._all(table).filter(pk__in=again).update(withdrawn_by=entry)
        else:
            self._nothing_built_upon(entry)
            for kind, table in _TABLES.items():
                self._all(table).filter(entry=entry).update(withdrawn_by=by)
                gone = self._all(Withdrawal).filter(entry=entry, kind=kind).values("row")
                self._all(table).filter(pk__in=gone, withdrawn_by=entry).update(withdrawn_by=None)
        entry.undone_by = None if on else by
        entry.save(using=self._alias, update_fields=["undone_by"])

    def _nothing_built_upon(self, entry: JournalEntry) -> None:
        """Look for later work on what this entry added; raises OfficeBroken with the entry that must be undone first."""
        for table in _TABLES.values():
            later = self._all(table).filter(entry=entry).exclude(withdrawn_by=None).order_by("-withdrawn_by_id").first()
            if later is not None:
                raise OfficeBroken("office.built_upon", entry=entry.pk, by=later.withdrawn_by_id)
        people = self._all(PersonRow).filter(entry=entry).values("pk")
        claims = self._all(ClaimRow).filter(person_id__in=people, withdrawn_by=None).exclude(entry=entry)
        newest = claims.order_by("-entry_id").first()
        if newest is not None:
            raise OfficeBroken("office.built_upon", entry=entry.pk, by=newest.entry_id)

    def _free(self, kind: str, entry: JournalEntry, taken: Any) -> None:  # noqa: ANN401 - a query set
        """Refuse to withdraw again what somebody else has withdrawn since."""
        other = taken.first()
        if other is not None:
            assert kind in _TABLES
            raise OfficeBroken("office.built_upon", entry=entry.pk, by=other.withdrawn_by_id)

    # -- judgements

    def judge(self, judged: Judged) -> Entry:
        """Keep a verdict, in the place of the reviewer's earlier one; whether it was blind is found out here."""
        id_a, id_b = sorted((judged.id_a, judged.id_b))
        with self._writing():
            pair = self._all(JudgedRow).filter(id_a=id_a, id_b=id_b, withdrawn_by=None)
            mine = list(pair.filter(reviewer=judged.reviewer).values_list("pk", flat=True))
            blind = not mine and pair.exists()
            entry = self._entry("judge", judged.reviewer, judged.at)
            self._withdraw("judged", mine, entry)
            row = JudgedRow(
                id_a=id_a,
                id_b=id_b,
                verdict=judged.verdict,
                reviewer=judged.reviewer,
                at=judged.at,
                blind=blind,
                entry=entry,
            )
            row.save(using=self._alias, force_insert=True)
            return self._counted(entry, 0, 0)

    def judgements(self) -> tuple[Judged, ...]:
        """Return every verdict that stands."""
        with self._reading():
            return tuple(_judged(row) for row in self._all(JudgedRow).filter(withdrawn_by=None).order_by("pk"))

    def reviews(self, reviewer: str) -> tuple[Review, ...]:
        """Return the judged pairs as this reviewer may see them."""
        pairs: dict[tuple[str, str], list[Judged]] = {}
        for one in self.judgements():
            pairs.setdefault((one.id_a, one.id_b), []).append(one)
        found: list[Review] = []
        for (id_a, id_b), some in pairs.items():
            own = next((one.verdict for one in some if one.reviewer == reviewer), None)
            others = tuple(one for one in some if one.reviewer != reviewer) if own is not None else ()
            found.append(Review(id_a=id_a, id_b=id_b, own=own, others=others, waiting=own is None))
        return tuple(found)

    # -- behind the door

    def _all(self, table: Any) -> Any:  # noqa: ANN401 - Django's managers have no types
        return table.objects.using(self._alias)

    def _person(self, person: PersonId) -> PersonRow:
        found: PersonRow | None = self._all(PersonRow).filter(pk=person).first()
        if found is None:
            raise OfficeBroken("office.no_such_person", person=person)
        return found

    def _entry(self, what: str, who: str, at: Moment, undoes: JournalEntry | None = None) -> JournalEntry:
        row = JournalEntry(what=what[:200], who=who[:200], at=at, undoes=undoes)
        row.save(using=self._alias, force_insert=True)
        return row

    def _counted(self, entry: JournalEntry, people: int, claims: int) -> Entry:
        entry.people, entry.claims = people, claims
        entry.save(using=self._alias, update_fields=["people", "claims"])
        return _journal(entry)

    def _withdraw(self, kind: str, rows: Sequence[int], entry: JournalEntry) -> None:
        self._all(_TABLES[kind]).filter(pk__in=rows).update(withdrawn_by=entry)
        self._all(Withdrawal).bulk_create([Withdrawal(entry=entry, kind=kind, row=row) for row in rows])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._reading(), transaction.atomic(using=self._alias):
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            busy = "locked" in str(error) or "lock timeout" in str(error)
            raise OfficeBroken("office.busy" if busy else "office.unreadable") from None
        except DatabaseError:
            raise OfficeBroken("office.unreadable") from None


class _Known:
    """Sources and files that are in the database already, so that an import writes each once."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._sources: dict[Source, SourceNote] = {}
        self._files: dict[tuple[str, str], SourceFile] = {}

    def source(self, said: Source) -> SourceNote:
        if said not in self._sources:
            row, _ = SourceNote.objects.using(self._alias).get_or_create(
                kind=said.kind,
                name=said.name[:300],
                dated=said.dated,
                evidence=said.evidence,
                confidence=said.confidence,
                expires=said.expires,
                intermediary_only=said.intermediary_only,
            )
            self._sources[said] = row
        return self._sources[said]

    def file(self, origin: Origin) -> SourceFile | None:
        if not origin.file:
            return None
        key = (origin.file[:300], origin.digest)
        if key not in self._files:
            self._files[key], _ = SourceFile.objects.using(self._alias).get_or_create(name=key[0], digest=key[1])
        return self._files[key]


def _folded(text: str) -> str:
    return fold_name(text)[:MOST_FOLDED]


def _row(person: PersonRow, said: Draft, known: _Known, entry: JournalEntry) -> ClaimRow:
    # A database cannot keep the sign with number zero; what a person wrote has none.
    return ClaimRow(
        person=person,
        field=said.field,
        written=said.written.replace("\0", "\ufffd"),
        value=said.value.replace("\0", "\ufffd"),
        folded=_folded(said.value or said.written).replace("\0", ""),
        doubts=" ".join(said.doubts),
        language=said.language,
        script=said.script,
        role=said.role,
        source=known.source(said.source),
        file=known.file(said.origin),
        sheet=said.origin.sheet,
        row=said.origin.row,
        column=said.origin.column,
        entry=entry,
    )


def _claim(row: Any) -> Claim:  # noqa: ANN401 - a row of Django's has no types
    source = Source(
        kind=row.source.kind,
        name=row.source.name,
        dated=row.source.dated,
        evidence=row.source.evidence,
        confidence=row.source.confidence,
        expires=row.source.expires,
        intermediary_only=row.source.intermediary_only,
    )
    origin = Origin()
    if row.file_id:
        origin = Origin(row.file.name, row.file.digest, row.sheet, row.row, row.column)
    said = Draft(
        field=row.field,
        written=row.written,
        source=source,
        value=row.value,
        doubts=tuple(row.doubts.split()),
        language=row.language,
        script=row.script,
        role=row.role,
        origin=origin,
    )
    return Claim(
        id=ClaimId(row.pk),
        person=PersonId(row.person_id),
        said=said,
        entry=row.entry_id,
        withdrawn_by=row.withdrawn_by_id or 0,
    )


def _journal(row: Any) -> Entry:  # noqa: ANN401
    return Entry(
        number=row.pk,
        what=row.what,
        who=row.who,
        at=Moment(row.at),
        people=row.people,
        claims=row.claims,
        undoes=row.undoes_id or 0,
        undone_by=row.undone_by_id or 0,
    )


def _judged(row: Any) -> Judged:  # noqa: ANN401
    return Judged(
        id_a=row.id_a,
        id_b=row.id_b,
        verdict=row.verdict,
        reviewer=row.reviewer,
        at=Moment(row.at),
        blind=row.blind,
    )
