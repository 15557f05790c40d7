"""Who in the register may be meant by a row of a list: alike in names and birth date, or in the number."""

from __future__ import annotations

from collections.abc import Sequence

from parley.registers.claims import Claim, PersonId
from parley.registers.exporting import double_keys
from parley.registers.preflight import key_of
from parley.registers.profile import fold_name
from parley.registers.sheet import Person
from parley.store.office.base import Office, Query


def claims_by_line(office: Office, people: Sequence[Person], day: str) -> dict[str, list[tuple[Claim, ...]]]:
    """Return, by line, the claims about every person of the register who may be meant."""
    return {one.line: _meant(office, one, day) for one in people}


def _meant(office: Office, one: Person, day: str) -> list[tuple[Claim, ...]]:
    """Return the claims about whoever in the register is alike in names and birth date, or in the number."""
    key = key_of(one, day)
    number = one.fields.get("number", "")
    asked: list[dict[str, str]] = []
    if key:
        asked.append({name: one.fields[name] for name in ("surname", "given_names")})
    if number:
        asked.append({"number": number})
    candidates: dict[PersonId, None] = {}
    for where in asked:
        candidates.update(dict.fromkeys(office.find(Query(where=where), most=100)))
    keys = {key, ("number", "number", fold_name(number))} if number else {key}
    found = office.dossiers(candidates)
    return [person.claims for person in found if keys & set(double_keys(person.claims, day))]
