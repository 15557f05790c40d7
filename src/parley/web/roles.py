"""Who may see which screen, and do which acts: one table for each, after the list of users that the design begins with.

A role says what an officer is shown. What may be signed is for the law and the officer's mandate to say; a role here can
only narrow it. Names of people stand only on the screens of those who have to work with names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley.acts import BY_KIND
from parley.process import RULE_OF

PARTY_ROLES: Final = (
    "exchange_office",
    "registrar",
    "delegation",
    "principal",
    "medical",
    "handover_officer",
    "convoy_leader",
    "press",
    "family_desk",
    "auditor",
    "keeper",
)
NEUTRAL_ROLES: Final = ("intermediary", "medical", "handover_officer", "press", "family_desk", "auditor", "keeper")
ROLES: Final = tuple(dict.fromkeys((*PARTY_ROLES, *NEUTRAL_ROLES)))

EVERY_ROLE: Final = frozenset(ROLES)
OFFICE: Final = frozenset({"exchange_office", "intermediary"})
NAMING: Final = OFFICE | {"registrar"}
"""Who works with the register of the desk's own office."""
WATCHING: Final = frozenset({"auditor"})
TALKING: Final = frozenset({"delegation", "intermediary"})

PUBLIC: Final[frozenset[str]] = frozenset(
    {
        "language",
        "sign_in",
        "start",
        "invitation",
        "practice_in",
        "static",
        "passkey_options",
        "passkey_in",
        "help",
        "public",
        "feed",
    }
)
"""Screens that are shown to somebody who has not signed in."""

MAY_SEE: Final[Mapping[str, frozenset[str]]] = {
    "home": EVERY_ROLE,
    "sign_out": EVERY_ROLE,
    "account": EVERY_ROLE,
    "passkey_offer": EVERY_ROLE,
    "passkey_keep": EVERY_ROLE,
    "act": EVERY_ROLE - WATCHING,
    "draft": EVERY_ROLE - WATCHING,
    "begun": EVERY_ROLE - WATCHING,
    "talks": TALKING | WATCHING | {"principal"},
    "calendar": TALKING | WATCHING | {"principal"},
    "terms": TALKING | OFFICE | WATCHING | {"principal"},
    "terms_text": TALKING | OFFICE | WATCHING | {"principal"},
    "lists": OFFICE | WATCHING | {"registrar"},
    "list": OFFICE | WATCHING | {"registrar"},
    "replies": OFFICE | WATCHING | {"registrar"},
    "list_handing": OFFICE | {"registrar"},
    "people": NAMING,
    "people_file": NAMING,
    "people_view": NAMING,
    "doubles": NAMING,
    "double": NAMING,
    "double_undo": NAMING,
    "double_picture": NAMING,
    "person": NAMING,
    "person_claim": NAMING,
    "person_withdraw": NAMING,
    "person_undo": NAMING,
    "batches": OFFICE | WATCHING | {"principal", "delegation"},
    "composer": OFFICE | {"principal", "delegation"},
    "composition": OFFICE | {"principal", "delegation"},
    "composition_why": OFFICE | {"principal", "delegation"},
    "composition_file": OFFICE | {"principal", "delegation"},
    "movement": OFFICE | WATCHING | {"convoy_leader", "handover_officer", "principal"},
    "point": OFFICE | WATCHING | {"handover_officer"},
    "point_file": OFFICE | {"handover_officer"},
    "reconciliation": OFFICE | WATCHING | {"principal", "handover_officer"},
    "families": frozenset({"family_desk"}),
    "numbers": OFFICE | WATCHING | {"press", "principal"},
    "board": OFFICE | WATCHING | {"principal", "delegation", "handover_officer"},
    "briefing": WATCHING | {"principal", "delegation", "intermediary"},
    "briefing_file": WATCHING | {"principal", "delegation", "intermediary"},
    "record": EVERY_ROLE - {"convoy_leader", "keeper"},
    "record_act": EVERY_ROLE - {"convoy_leader", "keeper"},
    "replay": EVERY_ROLE - {"convoy_leader", "keeper"},
    "audit": WATCHING | {"intermediary"},
    "health": frozenset({"keeper", "intermediary", "auditor"}),
    "officers": frozenset({"keeper"}),
    "officer_change": frozenset({"keeper"}),
    "bundles": OFFICE | {"keeper"},
    "bundle_out": OFFICE | {"keeper"},
}
"""Screens by name, and the roles that may open them; what is in no row nobody may open."""

_STAGES: Final[Mapping[str, frozenset[str]]] = {
    "exchange_office": frozenset(
        {"lists", "verification", "batches", "movement", "reconciliation", "remains", "standing"}
    ),
    "registrar": frozenset({"lists", "remains"}),
    "delegation": frozenset({"talks", "terms", "standing"}),
    "principal": frozenset(),
    "intermediary": frozenset(one.stage for one in RULE_OF.values()),
    "medical": frozenset(),
    "handover_officer": frozenset({"handover"}),
    "convoy_leader": frozenset(),
    "press": frozenset({"publication"}),
    "family_desk": frozenset(),
    "auditor": frozenset(),
    "keeper": frozenset({"contact"}),
}
_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "principal": frozenset(
        {"agree_terms", "agree_batches", "sign_joint_record", "suspend", "resume", "abort_exchange"}
    ),
    "medical": frozenset({"certify_medically"}),
    "convoy_leader": frozenset({"embark", "depart", "arrive", "report_incident"}),
    "handover_officer": frozenset({"report_incident", "arrive"}),
    "family_desk": frozenset({"notify_family"}),
}
_NOT: Final[Mapping[str, frozenset[str]]] = {"press": frozenset({"notify_family"})}


def may_do(role: str, kind: str) -> bool:
    """Say whether somebody in this role is offered this kind of act."""
    stage = RULE_OF[BY_KIND[kind]].stage
    return kind in _KINDS.get(role, ()) or (stage in _STAGES[role] and kind not in _NOT.get(role, ()))


def may_see(roles: frozenset[str], screen: str) -> bool:
    """Say whether somebody with these roles may open a screen."""
    return screen in PUBLIC or bool(roles & MAY_SEE.get(screen, frozenset()))
