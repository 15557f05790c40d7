"""One person: every claim with its source, what contradicts what, what follows by which rule, and a history that can be undone.

Nothing is overwritten here: a claim is added, or no longer counts, and both pass by "check your answers". What is for the
neutral alone neither shows nor counts for an officer who may not see it, and its entries do not stand in the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from parley.acts import LANGUAGES
from parley.registers.claims import (
    CONFIDENCE,
    EVIDENCE,
    ROLES,
    SOURCES,
    Claim,
    ClaimId,
    Draft,
    NameForm,
    PersonId,
    Source,
    contradictions,
    custody_status,
    draft,
    legal_status,
    name_forms,
    span,
    standing,
    vital_status,
)
from parley.registers.fields import DATES, FIELDS
from parley.store.office import Entry
from parley.web.office import Register, register_of, writer_of
from parley.web.people import names_of
from parley.web.screens import Screen, page, refuse_page
from parley.words import Broken

MOST_ENTRIES: Final = 200
ASKED: Final = (
    "field",
    "written",
    "source",
    "source_name",
    "dated",
    "evidence",
    "confidence",
    "expires",
    "language",
    "role",
)
FIRST: Final = {"field": "custody", "source": "office", "evidence": "statement", "confidence": "likely"}
TOLD_BY_DAY: Final = frozenset({"custody", "custody_place", "vital", "status", "health", "note"})
"""What a source says of a person's lot, and so belongs to the day of which it says it; a name or a number belongs to no day."""
DONE: Final = ("claimed", "withdrawn", "undone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A person as the officer who asks may see him or her: the claims, and the entries of the journal that made them."""

    person: PersonId
    claims: tuple[Claim, ...]
    entries: tuple[Entry, ...]


def seen_by(register: Register, number: int) -> Seen:
    """Return a person; raises OfficeBroken where there is none."""
    person = PersonId(number)
    claims = register.told(register.office.show(person).claims)
    made = {entry for one in claims for entry in (one.entry, one.withdrawn_by) if entry}
    entries = register.office.history(person=person, most=MOST_ENTRIES)
    if not register.intermediary:
        entries = tuple(one for one in entries if {one.number, one.undoes} & made)
    return Seen(person=person, claims=claims, entries=entries)


def person(request: HttpRequest, number: int) -> HttpResponse:
    """Show one person."""
    register = register_of(request)
    return _shown(request, register, seen_by(register, number))


def _shown(
    request: HttpRequest, register: Register, seen: Seen, problem: Broken | None = None, typed: QueryDict | None = None
) -> HttpResponse:
    claims, day = seen.claims, register.day
    done = request.GET.get("done", "")
    context = {
        "number": seen.person,
        "names": names_of(standing(claims, day)),
        "statuses": [
            (name, status, status.rule.removeprefix("status."))
            for name, status in (("custody", custody_status(claims, day)), ("vital", vital_status(claims, day)))
        ],
        "legal": list(legal_status(claims, day).items()),
        "against": _side_by_side(claims, day),
        "by_script": _by_script(claims, day),
        "claims": [(one, _why_not(one, day)) for one in claims],
        "timeline": timeline(claims, day),
        "entries": [(one, _undone_here(one)) for one in seen.entries],
        "fields": tuple(FIELDS),
        "choices": {"source": SOURCES, "evidence": EVIDENCE, "confidence": CONFIDENCE, "role": ROLES[1:]},
        "languages": LANGUAGES,
        "typed": {name: (typed or FIRST).get(name, "") for name in ASKED},
        "problem": problem,
        "intermediary": register.intermediary,
        "day": day,
        "done": done if done in DONE else "",
    }
    return page(request, "person.html", context, status=409 if problem is not None else 200)


def _why_not(claim: Claim, day: str) -> str:
    """Return why a claim does not count, as a word, or nothing where it does."""
    if claim.withdrawn_by:
        return "withdrawn"
    return "" if claim.counts_on(day) else "expired"


def _undone_here(entry: Entry) -> bool:
    """Whether an entry may be taken back on one person's page: not an import, which brought others too."""
    return not entry.undone_by and entry.people <= 1 and entry.what in {"claim", "withdraw", "undo"}


def _side_by_side(claims: Sequence[Claim], day: str) -> list[tuple[str, list[Claim]]]:
    """Return the claims that contradict each other, by field."""
    here = standing(claims, day)
    fields = list(contradictions(claims, day))
    for name, status in (("custody", custody_status(claims, day)), ("vital", vital_status(claims, day))):
        if len({one.said.value for one in here if one.id in status.counted}) > 1:
            fields.append(name)
    return [(name, [one for one in here if one.said.field == name]) for name in fields]


def _by_script(claims: Sequence[Claim], day: str) -> list[tuple[str, list[NameForm]]]:
    found: dict[str, dict[NameForm, None]] = {}
    for one in name_forms(claims, day):
        found.setdefault(one.script, {})[one] = None
    return [(script, list(forms)) for script, forms in sorted(found.items())]


def timeline(claims: Sequence[Claim], day: str) -> list[tuple[str, Claim, bool]]:
    """Return what happened and what was said, by day: a date that is claimed, or the day of what a source says."""
    found: list[tuple[str, Claim, bool]] = []
    for one in standing(claims, day):
        happened = one.said.field in DATES
        when = one.said.value if happened else one.said.source.dated
        if span(when) and (happened or one.said.field in TOLD_BY_DAY):
            found.append((when, one, happened))
    return sorted(found, key=lambda item: (span(item[0]), item[1].id))


# --- writing ---


def person_claim(request: HttpRequest, number: int) -> HttpResponse:
    """Read a claim, show it once more with what was understood, and keep it when that was confirmed."""
    if request.method != "POST":
        return redirect(reverse("person", args=[number]))
    register = register_of(request)
    seen = seen_by(register, number)
    try:
        made = _draft_of(request.POST, register)
    except Broken as broken:
        return _shown(request, register, seen, broken, request.POST)
    if not request.POST.get("sure"):
        typed = {name: request.POST.get(name, "") for name in (*ASKED, "intermediary_only")}
        context = {
            "number": number,
            "draft": made,
            "typed": typed,
            "names": names_of(standing(seen.claims, register.day)),
        }
        return page(request, "person_claim.html", context)
    writer_of(request).claim(PersonId(number), [made])
    return redirect(f"{reverse('person', args=[number])}?done=claimed")


def _draft_of(said: QueryDict, register: Register) -> Draft:
    source = Source(
        kind=said.get("source", ""),
        name=_plain(said.get("source_name", ""), 300),
        dated=said.get("dated", "").strip()[:40],
        evidence=said.get("evidence", ""),
        confidence=said.get("confidence", ""),
        expires=said.get("expires", "").strip()[:40],
        intermediary_only=bool(said.get("intermediary_only")) and register.intermediary,
    )
    language = said.get("language", "")
    return draft(
        said.get("field", ""),
        _plain(said.get("written", ""), 10_001),
        source,
        language=language if language in LANGUAGES else "",
        role=said.get("role", ""),
    )


def _plain(text: str, most: int) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:most]


def person_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let a claim no longer count, after it was shown once more; it stays visible."""
    if request.method != "POST":
        return redirect(reverse("person", args=[number]))
    register = register_of(request)
    said = request.POST.get("claim", "")
    here = {str(one.id): one for one in seen_by(register, number).claims}
    if said not in here or here[said].withdrawn_by:
        return refuse_page(request, "web.not_found", 404)
    if not request.POST.get("sure"):
        return page(request, "person_withdraw.html", {"number": number, "claim": here[said]})
    writer_of(request).withdraw([ClaimId(int(said))])
    return redirect(f"{reverse('person', args=[number])}?done=withdrawn")


def person_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an entry of this person's history back; that too can be undone."""
    if request.method != "POST":
        return redirect(reverse("person", args=[number]))
    register = register_of(request)
    seen = seen_by(register, number)
    here: dict[str, Any] = {str(one.number): one for one in seen.entries}
    said = request.POST.get("entry", "")
    if said not in here or here[said].people > 1:
        return refuse_page(request, "web.not_found", 404)
    try:
        writer_of(request).undo(int(said))
    except Broken as broken:
        return _shown(request, register, seen, broken)
    return redirect(f"{reverse('person', args=[number])}?done=undone")


SCREENS: Final = (
    Screen(name="person", path="people/<int:number>", view=person),
    Screen(name="person_claim", path="people/<int:number>/claim", view=person_claim),
    Screen(name="person_withdraw", path="people/<int:number>/withdraw", view=person_withdraw),
    Screen(name="person_undo", path="people/<int:number>/undo", view=person_undo),
)
