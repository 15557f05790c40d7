"""Takes people from FollowTheMoney JSON and gives them back: the form in which investigators exchange entities.

Each line of a file is one entity (or the file is one list of them); only those of the schema Person are taken. Every value
becomes a claim of its own, so that several names and birth dates stay several. Statuses have no property there and are not
exported.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from parley.registers.claims import MOST_WRITTEN, Claim, Draft, Origin, PersonId, Source, draft, standing
from parley.registers.errors import IntakeBroken

MOST_ENTITIES: Final = 1_000_000
PROPERTIES: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("full_name", ""),
    "alias": ("full_name", "alias"),
    "weakAlias": ("call_sign", "call_sign"),
    "previousName": ("full_name", "former"),
    "firstName": ("given_names", ""),
    "lastName": ("surname", ""),
    "fatherName": ("father_name", ""),
    "motherName": ("mother_maiden_name", ""),
    "birthDate": ("birth_date", ""),
    "birthPlace": ("birth_place", ""),
    "nationality": ("nationality", ""),
    "gender": ("sex", ""),
    "position": ("rank", ""),
    "idNumber": ("number", ""),
    "passportNumber": ("document", ""),
    "address": ("mail_address", ""),
    "phone": ("phone", ""),
    "notes": ("note", ""),
}
"""Each property of a Person that has a field here, with the role of the name."""
_BACK: Final = {(field, role): name for name, (field, role) in PROPERTIES.items()}


def people_of_ftm(text: str, source: Source, *, file: str = "", digest: str = "") -> Iterator[tuple[Draft, ...]]:
    """Yield the claims of each Person; raises IntakeBroken ``intake.entities_malformed`` with the number of the entity."""
    for number, entity in enumerate(_entities(text), start=1):
        if not isinstance(entity, dict) or not isinstance(entity.get("schema"), str):
            raise IntakeBroken("intake.entities_malformed", row=number)
        if entity["schema"] != "Person":
            continue
        properties = entity.get("properties")
        if not isinstance(properties, dict):
            raise IntakeBroken("intake.entities_malformed", row=number)
        claims = tuple(
            draft(field, value, source, role=role, origin=Origin(file, digest, 1, number, ""))
            for name, (field, role) in PROPERTIES.items()
            for value in _texts(properties.get(name, []), number)
        )
        if claims:
            yield claims


def _entities(text: str) -> Iterator[Any]:
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        yield from _parsed(text.lstrip("\ufeff"), 1)
        return
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        if number > MOST_ENTITIES:
            raise IntakeBroken("intake.too_many_rows", sheet=1, most=MOST_ENTITIES)
        if line.strip():
            yield _parsed(line, number)


def _parsed(text: str, number: int) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise IntakeBroken("intake.entities_malformed", row=number) from None


def _texts(values: object, number: int) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    texts = [one for one in listed if isinstance(one, str) and len(one) <= MOST_WRITTEN]
    if len(texts) != len(listed):
        raise IntakeBroken("intake.entities_malformed", row=number)
    return [one for one in texts if one.strip()]


def ftm_of(
    people: Iterable[tuple[PersonId, Sequence[Claim]]], day: str, *, intermediary: bool = False
) -> Iterator[str]:
    """Yield one line of JSON for each person: values as written, birth dates in EDTF where they are sure enough to have one."""
    for number, claims in people:
        properties: dict[str, list[str]] = {}
        for one in standing(claims, day):
            said = one.said
            name = _BACK.get((said.field, said.role)) or _BACK.get((said.field, ""))
            if name is None or (said.source.intermediary_only and not intermediary):
                continue
            value = said.value.rstrip("?~%") if said.field == "birth_date" else said.written
            if value and value not in properties.setdefault(name, []):
                properties[name].append(value)
        if "name" not in properties and (properties.get("lastName") or properties.get("firstName")):
            properties["name"] = [" ".join([*properties.get("firstName", [])[:1], *properties.get("lastName", [])[:1]])]
        kept = {name: found for name, found in properties.items() if found}
        yield json.dumps({"id": f"parley-{number}", "schema": "Person", "properties": kept}, ensure_ascii=False)
