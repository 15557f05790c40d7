"""Holds a list against the register, the agreed terms and its last version before it is handed in, and says what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parley.cli.answer import Table, sentence_of
from parley.cli.at_desk import now
from parley.cli.register import office_at
from parley.cli.settings import Settings
from parley.desk import Desk
from parley.process.agreed import categories
from parley.registers.claims import Claim
from parley.registers.preflight import Known, preflight
from parley.registers.sheet import Person
from parley.store.office import open_office
from parley.store.office.alike import claims_by_line
from parley.words import LineId, Lines, Refusal

SHOWN = 200


def look_over(
    desk: Desk, settings: Settings, people: Sequence[Person], before: Lines, dropped: Sequence[LineId]
) -> list[Refusal]:
    """Return what stands against handing in these people; the register is asked where there is one."""
    day = (desk.state.authority.clock or now())[:10]
    known = Known(
        day=day,
        categories=categories(desk.ahead),
        before=tuple(before),
        dropped=tuple(dropped),
        claims=_claims_by_line(settings, people, day),
    )
    return preflight(people, known)


def said(found: Sequence[Refusal], settings: Settings) -> list[str | Table]:
    """Return the findings as lines: the code, and why, each code's next step once."""
    lines: list[str | Table] = []
    steps: dict[str, str] = {}
    for one in found[:SHOWN]:
        why, after = sentence_of(one, settings.language)
        lines.append(f"  {one.code}: {why}")
        steps[one.code] = after
    if len(found) > SHOWN:
        lines.append(f"  … {len(found) - SHOWN}")
    return [*lines, *(f"  {code} → {after}" for code, after in steps.items())]


def as_data(found: Sequence[Refusal]) -> list[dict[str, str | int]]:
    """Return the findings for programs."""
    return [{"code": one.code, **one.facts} for one in found]


def _claims_by_line(
    settings: Settings, people: Sequence[Person], day: str
) -> dict[str, list[tuple[Claim, ...]]] | None:
    where = office_at(settings, "")
    if "://" not in where and not Path(where).exists():
        return None
    office = open_office(where)
    try:
        return claims_by_line(office, people, day)
    finally:
        office.close()
