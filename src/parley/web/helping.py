"""Help: the first steps, what a page that says no means, who sees what, and the words of the field in the reader's language."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from parley.web.doors import choose_first, roles_here
from parley.web.roles import may_see
from parley.web.screens import Screen, page, served_of

STEPS: Final = ("help.begin_1", "help.begin_2", "help.begin_3", "help.begin_4")
WORDS: Final = (
    "act",
    "record",
    "receipt",
    "line",
    "reply",
    "objection",
    "final_list",
    "substitution",
    "seed",
    "batch",
    "mandate",
    "bundle",
    "confirmed",
    "debt",
    "suspension",
)


def help_page(request: HttpRequest) -> HttpResponse:
    """Show the help; somebody who has not signed in may read it too, so it tells of no desk but its roles."""
    from parley.web.urls import SCREENS

    if (first := choose_first(request)) is not None:
        return first
    shown = [one.name for one in SCREENS if one.menu]
    roles = [
        (role, [name for name in shown if may_see(frozenset({role}), name)]) for role in roles_here(served_of(request))
    ]
    return page(request, "help.html", {"steps": STEPS, "words": WORDS, "roles": roles})


SCREENS: Final = (Screen(name="help", path="help", view=help_page, menu="desk"),)
