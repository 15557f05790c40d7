"""The family desk's screen: whose families are to be told, codes given out, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from parley.desk.family_codes import WORDS, FamilyBroken, FamilyCodes
from parley.process import handover, lines
from parley.process.state import State
from parley.web.screens import Screen, page, served_of
from parley.web.served import Served, wall_clock
from parley.words import Broken, Day, LineId, Refusal


@cache
def _codes_in(folder: Path) -> FamilyCodes:
    return FamilyCodes(folder)


def codes_of(served: Served) -> FamilyCodes:
    """Return the codes of this desk: one keeper of the file for the pages and for those who ask."""
    return _codes_in(served.folder.path)


def families(request: HttpRequest) -> HttpResponse:
    """Show who is to be told and what codes say; give a code out, let it say another word, take it back."""
    served = served_of(request)
    codes = codes_of(served)
    with served.looking() as desk:
        state = desk.state
    fresh, refusal, done = "", None, False
    if request.method == "POST":
        try:
            with served.lock:
                fresh, refusal = _do(codes, state, request.POST)
            done = refusal is None
        except FamilyBroken as broken:
            refusal = broken
    context = {
        "words": WORDS,
        "given": codes.given,
        "contact": codes.contact,
        "fresh": fresh,
        "refusal": refusal,
        "done": done and not fresh,
        "to_tell": _to_tell(state, served.name),
    }
    return page(request, "families.html", context, status=409 if refusal is not None else 200)


def _do(codes: FamilyCodes, state: State, said: Mapping[str, Any]) -> tuple[str, Refusal | Broken | None]:
    today = Day(wall_clock()[:10])
    match said.get("do"):
        case "make":
            made = codes.make(state, said.get("line", "").strip(), today)
            return ("", made) if isinstance(made, Refusal) else (made, None)
        case "set":
            return "", codes.set(state, said.get("code", ""), said.get("word", ""), today)
        case "revoke":
            codes.revoke(said.get("code", ""))
        case "contact":
            return "", codes.set_contact(said.get("contact", ""))
    return "", None


def _to_tell(state: State, name: str) -> tuple[LineId, ...]:
    """Return whom this side received and confirmed, and whose families the record does not call notified."""
    found = (line for line in handover.received(state) if state.handover.identity.get(line))
    mine = (line for line in found if (known := state.lists.lines.get(line)) and known.receiver == name)
    return lines_in_order(line for line in mine if lines.person_of(state, line) not in state.publication.notified)


def lines_in_order(several: Any) -> tuple[LineId, ...]:  # noqa: ANN401
    """Return lines by their letters and numbers."""
    return tuple(
        sorted(several, key=lambda one: (one.rstrip("0123456789"), int(one.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))))
    )


SCREENS: Final = (Screen(name="families", path="codes", view=families, menu="people"),)
