"""Every screen and its address: the tables of the modules, put together, each view behind its guard."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from django.urls import path

from parley.web import (
    acting,
    at_point,
    composer,
    doors,
    doubles,
    family_desk,
    helping,
    home,
    keeping,
    listing,
    moving,
    passkeys,
    people,
    person,
    publishing,
    replies,
    static_files,
    talking,
    telling,
)
from parley.web.screens import Screen, guarded

MODULES: Final[tuple[ModuleType, ...]] = (
    home,
    acting,
    talking,
    people,
    person,
    doubles,
    listing,
    replies,
    composer,
    moving,
    at_point,
    telling,
    publishing,
    family_desk,
    keeping,
    passkeys,
    doors,
    helping,
    static_files,
)
SCREENS: Final[tuple[Screen, ...]] = tuple(screen for module in MODULES for screen in module.SCREENS)

urlpatterns = [path(one.path, guarded(one), name=one.name) for one in SCREENS]
handler400 = "parley.web.guards.bad_request"
handler403 = "parley.web.guards.forged"
handler404 = "parley.web.guards.not_found"
handler500 = "parley.web.guards.mistake"
