"""Screens of what is said: numbers and drafts for the press office, and the public page where anybody checks a text."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley.acts import LANGUAGES, Figure, RecordPublicStatement
from parley.briefings import numbers, phrases, statements
from parley.briefings.communique import Communique, draft
from parley.briefings.feeds import atom, json_feed
from parley.briefings.own_words import own_communique
from parley.desk.published import MOST_PASTED, look_up, published
from parley.process import publication
from parley.process.state import NumberSheet, State
from parley.web.acting import BEFORE
from parley.web.screens import Screen, page, refuse_page, served_of
from parley.web.served import Served, wall_clock
from parley.words import Moment, ParticipantName, Refusal

FEEDS: Final = {"atom": (atom, "application/atom+xml; charset=utf-8"), "json": (json_feed, "application/feed+json")}


def numbers_page(request: HttpRequest) -> HttpResponse:
    """Show what the record supports, the sheets, drafts, a side's own words, and what was said beside the record."""
    served, language = served_of(request), request.language
    with served.looking() as desk:
        state = desk.state
    found = numbers.number_sheet(state) if state.authority.participants else ()
    sheets = [_sheet(state, one, language) for one in reversed(tuple(state.publication.sheets.values()))]
    context = {
        "supported": _by_batch(found, language),
        "sheets": sheets[:5],
        "embargo": publication.embargo(state),
        "said": [
            (one.statement.says, statements.in_words(one, language))
            for one in reversed(statements.compared(state)[-20:])
        ],
        **_own(served, state, tuple(one for one in found if not one.batch)),
    }
    return page(request, "numbers.html", context)


def _by_batch(found: tuple[Figure, ...], language: str) -> list[tuple[str, list[str]]]:
    """Return figures in words under the batch they are of."""
    heads = {
        batch: phrases.phrase("communique.batch" if batch else "communique.whole", language, batch=batch)
        for batch in sorted({one.batch for one in found})
    }
    return [
        (head, [numbers.in_words(one, language) for one in found if one.batch == batch])
        for batch, head in heads.items()
    ]


def _sheet(state: State, sheet: NumberSheet, language: str) -> dict[str, object]:
    drafted = draft(state, sheet.id)
    return {
        "sheet": sheet,
        "figures": _by_batch(sheet.figures, language),
        "drafts": sorted(drafted.texts.items()) if isinstance(drafted, Communique) else [],
        "refusal": drafted if isinstance(drafted, Refusal) else None,
        "published": sheet.id in state.publication.communiques.values(),
    }


def _own(served: Served, state: State, found: tuple[Figure, ...]) -> dict[str, object]:
    """Return a side's own communiqué with the address of the form that records it, or why there is none now."""
    side = ParticipantName(served.name)
    if side not in state.authority.parties:
        return {}
    made = own_communique(state, side, Moment(state.authority.clock or wall_clock()), found)
    if isinstance(made, Refusal):
        return {"own_refusal": made}
    texts, deed = made
    return {"own": sorted(texts.items()), "own_address": f"{reverse('act', args=[deed.kind])}?{_typed(deed)}"}


def _typed(deed: RecordPublicStatement) -> str:
    """Return a statement as somebody would type it into the form."""
    figures = "\n".join(
        f"{one.unit} {one.side} {one.scope} {one.count_point} {one.value}"
        + (f" batch {one.batch}" if one.batch else "")
        + (f" part {one.part}" if one.part else "")
        for one in deed.figures
    )
    said = {"speaker": deed.speaker, "said": deed.said, "source": deed.source, "figures": figures}
    said |= {"voice": deed.voice, "named": "yes"}
    return urlencode({BEFORE + name: value for name, value in said.items()})


# --- the public ------------------------------------------------------------------------------------------------------


def public(request: HttpRequest) -> HttpResponse:
    """Show what was published, and say of a pasted text whether it is genuine."""
    if not request.chosen:
        return redirect(f"{reverse('language')}?{urlencode({'back': request.path})}")
    with served_of(request).looking() as desk:
        entries = published(desk)
        pasted = request.POST.get("text", "")[:MOST_PASTED] if request.method == "POST" else ""
        found = look_up(desk, pasted) if request.method == "POST" else None
    language = request.language
    shown = [(one, one.texts.get(language, "")) for one in reversed(entries) if language in one.texts]
    context = {"entries": shown, "found": found, "pasted": pasted, "languages": LANGUAGES, "kinds": tuple(FEEDS)}
    return page(request, "public.html", context)


def feed(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    """Return the feed of one language."""
    if language not in LANGUAGES or kind not in FEEDS:
        return refuse_page(request, "web.not_found", 404)
    with served_of(request).looking() as desk:
        entries, case = published(desk), desk.ledger.case
    make, content_type = FEEDS[kind]
    site = request.build_absolute_uri(reverse("public") + "/")
    return HttpResponse(make(case, entries, language, site), content_type=content_type)


SCREENS: Final = (
    Screen(name="numbers", path="numbers", view=numbers_page, menu="tell"),
    Screen(name="public", path="public", view=public, menu="tell"),
    Screen(name="feed", path="public/feed.<slug:language>.<slug:kind>", view=feed),
)
