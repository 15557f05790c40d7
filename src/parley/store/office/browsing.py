"""Looks through the register page by page: who is meant, in which order, and from where on; the same question for every export.

Words are looked for in names, numbers and lines alone, folded, through an index that holds all that is needed. A page goes on
behind the last key of the one before: it costs the same at the end of the register as at its beginning. Whoever has no such
particular comes after all who have one, so nobody is lost by sorting. Nobody is ever left out as dead.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import StrIndex

from parley.registers.claims import PersonId
from parley.registers.profile import fold_name
from parley.store.office.browse import MOST_WORDS, NARROWED, NO_KEY, SEARCHED, SORTED_BY, Browse, Stretch
from parley.store.office.models import ClaimRow, PersonRow, SourceNote


@dataclass(slots=True, kw_only=True)
class Browsing:
    """The register behind one of Django's connections, for looking through; ``reading`` turns troubles into OfficeBroken."""

    alias: str
    reading: Callable[[], AbstractContextManager[None]]

    def stretch(self, asked: Browse, *, after: tuple[str, int] | None = None, most: int = 200) -> Stretch:
        """Return the people of one page."""
        with self.reading():
            found = list(islice(self._keys(asked, after, most + 1), most + 1))
        last = found[most - 1] if len(found) > most else None
        return Stretch(people=tuple(PersonId(one) for _, one in found[:most]), after=last)

    def count(self, asked: Browse, most: int) -> int:
        """Return how many are meant, counted up to ``most`` where that is not 0."""
        with self.reading():
            people = self._people(asked).values("pk")
            return int((people[:most] if most else people).count())

    def key_of(self, asked: Browse, person: PersonId) -> tuple[str, int]:
        """Return the key behind which the page after this person begins."""
        if asked.sort not in SORTED_BY:
            return "", person
        with self.reading():
            rows = (
                self._claims(asked).filter(person_id=person, field__in=SORTED_BY[asked.sort]).order_by("folded", "pk")
            )
            first = rows.values_list("folded", flat=True).first()
        return (NO_KEY if first is None else str(first)), person

    def everybody(self, asked: Browse) -> Iterator[PersonId]:
        """Yield all who are meant, in order."""
        after: tuple[str, int] | None = None
        while True:
            piece = self.stretch(asked, after=after, most=5_000)
            yield from piece.people
            if piece.after is None:
                return
            after = piece.after

    def values(self, name: str, *, intermediary: bool, day: str, most: int = 30) -> tuple[str, ...]:
        """Return the different values that are claimed of a field, folded, at most so many."""
        with self.reading():
            rows = self._claims(Browse(day=day, intermediary=intermediary)).filter(field=name)
            return tuple(rows.order_by("folded").values_list("folded", flat=True).distinct()[:most])

    # -- behind the door

    def _all(self, table: Any) -> Any:  # noqa: ANN401 - Django's managers have no types
        return table.objects.using(self.alias)

    def _claims(self, asked: Browse) -> Any:  # noqa: ANN401
        """The claims that count and may be seen."""
        rows = self._all(ClaimRow).filter(withdrawn_by=None)
        unseen = Q(expires__gt="", expires__lt=asked.day)
        if not asked.intermediary:
            unseen |= Q(intermediary_only=True)
        hidden = list(self._all(SourceNote).filter(unseen).values_list("pk", flat=True))
        return rows.exclude(source_id__in=hidden) if hidden else rows

    def _people(self, asked: Browse) -> Any:  # noqa: ANN401
        people, claims = self._all(PersonRow).filter(withdrawn_by=None), self._claims(asked)
        for word in asked.text.split()[:MOST_WORDS]:
            folded = fold_name(word)
            if folded:
                here = claims.filter(field__in=SEARCHED).annotate(at=StrIndex("folded", Value(folded))).filter(at__gt=0)
                people = people.filter(pk__in=here.values("person_id"))
        for name, value in asked.where:
            assert name in NARROWED, name
            people = people.filter(pk__in=claims.filter(field=name, folded=fold_name(value)).values("person_id"))
        if asked.doubted:
            people = people.filter(pk__in=claims.exclude(doubts="").values("person_id"))
        if asked.contradicted:
            several = claims.filter(role__in=("", "documents")).values("person_id", "field", "script")
            several = several.annotate(many=Count("value", distinct=True)).filter(many__gt=1)
            disputed = claims.filter(field__in=("vital", "custody")).values("person_id", "field")
            disputed = disputed.annotate(many=Count("value", distinct=True)).filter(many__gt=1)
            people = people.filter(Q(pk__in=several.values("person_id")) | Q(pk__in=disputed.values("person_id")))
        return people

    def _keys(self, asked: Browse, after: tuple[str, int] | None, most: int) -> Iterator[tuple[str, int]]:
        if asked.sort not in SORTED_BY:
            yield from self._by_number(asked, after, most)
            return
        fields, claims, people = SORTED_BY[asked.sort], self._claims(asked), self._people(asked)
        if after is None or after[0] != NO_KEY:
            yield from heapq.merge(
                *(self._by_claim(claims, people, one, fields, after, most, asked.narrows) for one in fields)
            )
        rest = people.exclude(Exists(claims.filter(person_id=OuterRef("pk"), field__in=fields))).order_by("pk")
        if after is not None and after[0] == NO_KEY:
            rest = rest.filter(pk__gt=after[1])
        yield from ((NO_KEY, one) for one in rest.values_list("pk", flat=True)[:most])

    def _by_number(self, asked: Browse, after: tuple[str, int] | None, most: int) -> Iterator[tuple[str, int]]:
        people = self._people(asked)
        newest = asked.sort == "newest"
        if after is not None:
            people = people.filter(pk__lt=after[1]) if newest else people.filter(pk__gt=after[1])
        yield from (("", one) for one in people.order_by("-pk" if newest else "pk").values_list("pk", flat=True)[:most])

    def _by_claim(
        self,
        claims: Any,  # noqa: ANN401
        people: Any,  # noqa: ANN401
        name: str,
        fields: tuple[str, ...],
        after: tuple[str, int] | None,
        most: int,
        narrowed: bool,
    ) -> Iterator[tuple[str, int]]:
        """Yield keys by one field, from the index; a person stands only under the first of his or her keys."""
        rows = claims.filter(field=name)
        if after is not None:
            rows = rows.filter(
                Q(folded=after[0], person_id__gt=after[1]) | Q(folded__gt=after[0]), folded__gte=after[0]
            )
        sooner = claims.filter(person_id=OuterRef("person_id"), field__in=fields).filter(
            Q(folded__lt=OuterRef("folded")) | Q(folded=OuterRef("folded"), pk__lt=OuterRef("pk"))
        )
        among = rows.filter(person_id__in=people.values("pk")) if narrowed else rows.filter(person__withdrawn_by=None)
        found = among.exclude(Exists(sooner)).order_by("folded", "person_id")
        yield from ((one[0], one[1]) for one in found.values_list("folded", "person_id")[:most])
