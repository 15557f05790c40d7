"""What a screen is: a name, an address, a view, a place in the menu; and the guard that stands before every view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parley.store.office.access import Officer
from parley.web.roles import PUBLIC, may_do, may_see
from parley.web.served import Served

MENU: Final = ("home", "talk", "people", "move", "tell", "record", "desk")
"""The groups of the menu, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen: ``path`` as Django writes addresses, ``menu`` the group it stands in, or "" where no link leads to it."""

    name: str
    path: str
    view: Callable[..., Any]
    menu: str = ""


def served_of(request: HttpRequest) -> Served:
    """Return the desk that is served."""
    found = request.served
    assert isinstance(found, Served)
    return found


def officer_of(request: HttpRequest) -> Officer:
    """Return who asks; only behind the guard of a screen that is not public."""
    found = request.officer
    assert isinstance(found, Officer)
    return found


def may_act(officer: Officer, kind: str) -> bool:
    """Say whether one of an officer's roles is offered a kind of act."""
    return any(may_do(role, kind) for role in officer.roles)


def guarded(screen: Screen) -> Callable[..., HttpResponse]:
    """Return the view of a screen behind its guard: signed in, and in a role that may see it."""

    @wraps(screen.view)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:  # noqa: ANN401
        if screen.name not in PUBLIC:
            if request.officer is None:
                return redirect(reverse("sign_in"))
            if not may_see(request.officer.roles, screen.name):
                return refuse_page(request, "web.not_yours", 403)
        request.screen = screen
        found: HttpResponse = screen.view(request, **parts)
        return found

    return view


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Return a page made of a template; what every page needs is there without saying."""
    found: HttpResponse = render(request, template, dict(context or {}), status=status)
    return found


def refuse_page(request: HttpRequest, code: str, status: int, **facts: str | int) -> HttpResponse:
    """Return a page that says in two sentences why something is not possible and what to do."""
    return page(request, "no.html", {"code": code, "facts": facts}, status=status)
