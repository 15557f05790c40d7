"""Screens that tell: the live board, and the briefing of a principal."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from parley.briefings.board import board, in_words
from parley.briefings.brief import brief
from parley.briefings.brief_page import brief_pages
from parley.briefings.frozen import freeze
from parley.desk.briefed import last_briefed, note_briefed, state_at
from parley.web.at_point import with_books
from parley.web.screens import Screen, page, served_of


def board_page(request: HttpRequest) -> HttpResponse:
    """Show both sides through every stage; the script keeps it true while it is open."""
    served = served_of(request)
    with served.looking() as desk:
        state = desk.state
    context = {
        "board": in_words(board(state), request.language),
        "sides": state.authority.parties,
        "seen": with_books(served),
    }
    return page(request, "board.html", context)


def briefing(request: HttpRequest) -> HttpResponse:
    """Show the one page as the record stands now, beside where the last frozen one ended."""
    served = served_of(request)
    with served.looking() as desk:
        if not desk.state.authority.participants:
            return page(request, "briefing.html", {"founded": False})
        since = last_briefed(desk)
        made = brief(desk.state, desk.name, before=state_at(desk, since) if since else None)
    lines = made.texts[request.language].splitlines()
    numbered = [line.partition(". ")[2] for line in lines if line[:1].isdigit() and ". " in line[:4]]
    heads = [line for line in lines if line and line.partition(". ")[2] not in numbered]
    context = {
        "founded": True,
        "heads": heads,
        "lines": numbered,
        "digest": made.digest,
        "languages": sorted(made.texts),
    }
    return page(request, "briefing.html", context)


def frozen_briefing(request: HttpRequest, language: str) -> HttpResponse:
    """Freeze the briefing and hand out its paper in a language, or the file to check it by."""
    served = served_of(request)
    with served.working() as desk:
        since = last_briefed(desk)
        frozen = freeze(desk.state, desk.name, state_at(desk, since) if since else None)
        if request.method == "POST":
            note_briefed(desk, frozen.brief.position)
    if language == "check":
        return _file(bytes(frozen), "application/json", f"brief-{frozen.brief.position}.json")
    pages = brief_pages(frozen.brief)
    chosen = language if language in pages else request.language
    return _file(pages[chosen], "application/pdf", f"brief-{frozen.brief.position}.{chosen}.pdf")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


SCREENS: Final = (
    Screen(name="board", path="board", view=board_page, menu="tell"),
    Screen(name="briefing", path="briefing", view=briefing, menu="tell"),
    Screen(name="briefing_file", path="briefing/<slug:language>", view=frozen_briefing),
)
