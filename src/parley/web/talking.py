"""Talks and terms: sessions, agenda, positions, proposals side by side, differences between versions, the calendar."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from icalendar import Calendar, Event

from parley.briefings import phrases
from parley.briefings.clause_words import clause_in_words
from parley.desk import Desk, DeskBroken
from parley.desk.sealing import TEXT_LINE
from parley.process import batches, dates
from parley.process.agreed import owed
from parley.process.state import DateProposal, State, TermsVersion
from parley.process.talks import settled
from parley.process.terms import open_versions
from parley.record.commitment import Row
from parley.record.errors import RecordBroken
from parley.web.screens import Screen, page, refuse_page, served_of
from parley.words import ActId, Moment


def sealed_texts(desk: Desk, act: ActId) -> tuple[dict[str, str], str]:
    """Return the texts that travel sealed with an act, by language, and the code of what keeps them shut here, if anything."""
    try:
        number = len(desk.find(act).envelope.sealed)
        found: dict[str, str] = {}
        for one in range(number):
            for row in desk.open(act, one):
                if isinstance(row, Row) and row.line == TEXT_LINE:
                    found |= {str(name): str(text) for name, text in row.values.items()}
    except (DeskBroken, RecordBroken) as broken:
        return {}, broken.code
    return found, ""


# --- talks ---


def talks(request: HttpRequest) -> HttpResponse:
    """Show the sessions, the agenda with each party's position and the answers, and what was objected to."""
    with served_of(request).looking() as desk:
        state = desk.ahead
        texts = {
            one.id: sealed_texts(desk, one.id)[0]
            for item in state.talks.items.values()
            for one in item.positions.values()
            if one.id in desk.ledger.positions
        }
        times = {one.id: _time_of(desk, one.opened) for one in state.talks.sessions}
    items = [
        {
            "name": name,
            "item": item,
            "settled": settled(state, name),
            "positions": [
                (
                    party,
                    item.positions.get(party),
                    texts.get(item.positions[party].id, {}) if party in item.positions else {},
                )
                for party in state.authority.parties
            ],
        }
        for name, item in state.talks.items.items()
    ]
    context = {
        "sessions": [(one, times.get(one.id, "")) for one in reversed(state.talks.sessions)],
        "items": items,
        "parties": state.authority.parties,
        "objections": state.talks.objections,
        "dates": _dates(state),
        "name": desk.name,
    }
    return page(request, "talks.html", context)


def _time_of(desk: Desk, position: int) -> Moment:
    """Return the author's time of an act; it only informs."""
    return Moment(desk.act_at(position).envelope.time) if position < desk.size else Moment("")


def _dates(state: State) -> list[tuple[DateProposal, str]]:
    said = []
    for one in state.terms.dates.values():
        agreed = dates.date_of(state, one.says.batch)
        status = (
            "agreed"
            if agreed is not None and agreed.id == one.id
            else "superseded"
            if one.superseded
            else "declined"
            if one.declined_by
            else "expired"
            if state.authority.clock > one.says.answer_by
            else "open"
        )
        said.append((one, status))
    return said[::-1]


def calendar(request: HttpRequest) -> HttpResponse:
    """Hand out sessions held and windows agreed as a calendar file: neutral titles, no names."""
    served, language = served_of(request), request.language
    with served.looking() as desk:
        state = desk.ahead
        held = [(one, _time_of(desk, one.opened)) for one in state.talks.sessions]
    made = Calendar()
    made.add("prodid", "-//Parley//Desk//EN")
    made.add("version", "2.0")
    for session, began in held:
        if began:
            start = datetime.fromisoformat(began)
            title = phrases.phrase("web.session", language)
            made.add_component(_event(session.id, title, start, start + timedelta(minutes=session.minutes or 60)))
    for batch in (0, *batches.numbers(state)):
        found = dates.date_of(state, batch)
        if found is not None:
            which = phrases.phrase("communique.batch" if batch else "communique.whole", language, batch=batch)
            name = f"{phrases.phrase('web.window', language)}: {which}"
            opens, closes = (datetime.fromisoformat(one) for one in (found.says.opens, found.says.closes))
            made.add_component(_event(found.id, name, opens, closes))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="parley-{served.name}.ics"'
    return response


def _event(name: str, title: str, start: datetime, end: datetime) -> Event:
    event = Event()
    event.add("uid", f"{name[:32]}@parley")
    event.add("dtstamp", start)
    event.add("dtstart", start)
    event.add("dtend", max(start, end))
    event.add("summary", title)
    return event


# --- terms ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version of the terms as it stands on the page; ``compared`` marks each clause as kept, new, or gone since ``base``."""

    version: TermsVersion
    number: int
    status: str
    compared: tuple[tuple[str, str], ...]
    base: int


def terms(request: HttpRequest) -> HttpResponse:
    """Show every version of the terms in words, the newest first, each beside what it differs in from the one before."""
    language = request.language
    with served_of(request).looking() as desk:
        state = desk.ahead
        logged = set(desk.ledger.positions)
    versions = list(state.terms.versions.values())
    numbers = {one.id: number for number, one in enumerate(versions, start=1)}
    shown = []
    for number, one in enumerate(versions, start=1):
        base = state.terms.versions.get(one.amends) if one.amends else (versions[number - 2] if number > 1 else None)
        shown.append(
            Shown(
                version=one,
                number=number,
                status=_status(state, one),
                compared=_compared(base, one, language),
                base=numbers[base.id] if base is not None else 0,
            )
        )
    open_ids = {one.id for one in open_versions(state)}
    context = {
        "versions": shown[::-1],
        "logged": logged,
        "open": open_ids,
        "parties": state.authority.parties,
        "owed": [(party, *numbers_owed) for party, numbers_owed in owed(state).items()],
        "dates": _dates(state),
        "name": desk.name,
    }
    return page(request, "terms.html", context)


def _status(state: State, one: TermsVersion) -> str:
    return "in_force" if state.terms.in_force == one.id else one.closed or ("agreed" if one.agreed else "open")


def _compared(base: TermsVersion | None, one: TermsVersion, language: str) -> tuple[tuple[str, str], ...]:
    """Return each clause in words with ``same``, ``new`` or ``gone``, in the order of the newer version."""
    new = [clause_in_words(clause, language) for clause in one.says.clauses]
    if base is None:
        return tuple(("same", text) for text in new)
    old = [clause_in_words(clause, language) for clause in base.says.clauses]
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        found += [("gone", text) for text in old[a:b]] if tag != "equal" else []
        found += [("same" if tag == "equal" else "new", text) for text in new[c:d]]
    return tuple(found)


def terms_text(request: HttpRequest, act: str) -> HttpResponse:
    """Show the authentic texts of one version, side by side, with the lines in which they differ from the version before."""
    with served_of(request).looking() as desk:
        state = desk.ahead
        version = state.terms.versions.get(ActId(act))
        if version is None or act not in desk.ledger.positions:
            return refuse_page(request, "web.not_found", 404)
        texts, shut = sealed_texts(desk, ActId(act))
        versions = list(state.terms.versions.values())
        before = versions[versions.index(version) - 1] if versions.index(version) else None
        old = sealed_texts(desk, before.id)[0] if before is not None else {}
    clauses = [clause_in_words(clause, request.language) for clause in version.says.clauses]
    context = {
        "version": version,
        "clauses": clauses,
        "texts": [(language, _lines_compared(old, text, language)) for language, text in sorted(texts.items())],
        "shut": shut,
        "prevailing": version.says.prevailing,
    }
    return page(request, "terms_text.html", context)


def _lines_compared(old: Mapping[str, str], text: str, language: str) -> list[tuple[str, str]]:
    before, now = old.get(language, text).splitlines(), text.splitlines()
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=before, b=now, autojunk=False).get_opcodes():
        found += [("gone", line) for line in before[a:b]] if tag != "equal" else []
        found += [("same" if tag == "equal" else "new", line) for line in now[c:d]]
    return found


SCREENS: Final = (
    Screen(name="talks", path="talks", view=talks, menu="talk"),
    Screen(name="calendar", path="talks/calendar.ics", view=calendar),
    Screen(name="terms", path="terms", view=terms, menu="talk"),
    Screen(name="terms_text", path="terms/<slug:act>", view=terms_text),
)
