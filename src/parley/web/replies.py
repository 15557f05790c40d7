"""Replies and objections: which lines others asked us for, what they answered of ours, what is open, and who must speak next.

Lines alone stand here, no names: names are on the page of each list. What is chosen here goes to the form of the act, and whether
it may be said is for the law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley.acts import EVIDENCE_CLASSES, OBJECTION_GROUNDS, REPLY_CODES
from parley.process import dates
from parley.process.state import Line, State
from parley.web.screens import Screen, may_act, officer_of, page, refuse_page, served_of
from parley.words import LINE, LineId, Lines, ParticipantName, split_line

PAGE: Final = 200
PENDING: Final = "PENDING"
SIDES: Final[dict[str, Callable[[Line, ParticipantName], bool]]] = {
    "of_us": lambda line, name: line.purpose == "request" and line.holder == name,
    "by_us": lambda line, name: line.purpose == "request" and line.author == name,
    "offered": lambda line, name: line.purpose == "offer" and line.receiver == name,
    "all": lambda line, name: True,  # noqa: ARG005 - whoever only watches or mediates sees the lines of everybody
}
"""Whose lines are shown: those that others asked us for, those that we asked for, those that are offered to us, or all."""


def replies(request: HttpRequest) -> HttpResponse:
    """Show the lines of one kind with what was answered and objected, narrowed by code or to what is open."""
    if request.method == "POST":
        return _onward(request)
    with served_of(request).looking() as desk:
        state, name = desk.ahead, desk.name
    sides = [one for one in SIDES if one == "all" or name in state.authority.parties]
    side = next((one for one in sides if one == request.GET.get("side")), sides[0])
    here = {line: one for line, one in state.lists.lines.items() if not one.dropped and SIDES[side](one, name)}
    codes = Counter(_code(one) for one in here.values())
    code = next((one for one in codes if one == request.GET.get("code")), "")
    objected = bool(request.GET.get("objected"))
    meant = [
        (line, one)
        for line, one in here.items()
        if (not code or _code(one) == code) and (not objected or one.objections)
    ]
    meant.sort(key=lambda row: (_code(row[1]) != PENDING, split_line(row[0])))  # what is open comes first
    shown = Paginator(meant, PAGE).get_page(request.GET.get("page", "1"))
    said = {"side": side, "code": code, "objected": "yes" if objected else ""}
    kind = {"of_us": "reply_to_lines", "by_us": "object_to_lines", "offered": "object_to_lines"}.get(side, "")
    offered = bool(kind) and may_act(officer_of(request), kind)
    refused = any(one.kind == kind for one in served_of(request).what_now().may_not)
    context = {
        "kind": kind if offered else "",
        "chooses": offered and not refused,
        "sides": sides,
        "side": side,
        "codes": sorted(codes.items(), key=lambda one: (one[0] != PENDING, -one[1], one[0])),
        "code": code,
        "objected": objected,
        "count": len(meant),
        "pages": shown,
        "rows": [(line, one, _code(one)) for line, one in shown],
        "here": urlencode({key: value for key, value in said.items() if value}),
        "due": _due(state),
        "reply_codes": REPLY_CODES,
        "grounds": OBJECTION_GROUNDS,
        "evidence": EVIDENCE_CLASSES,
        "pending": PENDING,
    }
    return page(request, "replies.html", context)


def _code(line: Line) -> str:
    return line.reply.code if line.reply is not None else PENDING


def _due(state: State) -> list[tuple[Any, Any]]:
    """Return each list that waits for its final reply, and until when that is due; nothing where no date is agreed."""
    return [
        (
            one,
            dates.deadline(state, "give_final_reply", list_=one.id)
            or dates.deadline(state, "reply_to_lines", list_=one.id),
        )
        for one in state.lists.versions.values()
        if one.purpose == "request" and not one.answered and any(_of(state, line, one.id) for line in one.lines)
    ]


def _of(state: State, line: LineId, version: str) -> bool:
    known = state.lists.lines.get(line)
    return known is not None and known.list == version


def _onward(request: HttpRequest) -> HttpResponse:
    """Lead from the lines that were chosen to the form of the act, filled in as far as it was said here."""
    chosen = [LineId(one) for one in request.POST.getlist("line")[:PAGE] if LINE.match(one)]
    said = str(Lines.among(chosen)).replace(" ", "")
    kind = request.POST.get("act", "")
    if kind == "reply_to_lines":
        code = next((one for one in REPLY_CODES if one == request.POST.get("code")), REPLY_CODES[0])
        filled = {"p_replies": f"{code} to {said}"} if chosen else {}
    elif kind == "object_to_lines":
        filled = {"p_lines": said} if chosen else {}
        for name, known in (("ground", OBJECTION_GROUNDS), ("evidence", EVIDENCE_CLASSES)):
            filled |= {f"p_{name}": one for one in known if one == request.POST.get(name)}
    else:
        return refuse_page(request, "web.bad_request", 400)
    where = reverse("act", args=[kind])
    return redirect(f"{where}?{urlencode(filled)}" if filled else where)


SCREENS: Final = (Screen(name="replies", path="replies", view=replies, menu="people"),)
