"""Which particulars of a person a register has, where each comes from in the treaty, and which never cross the boundary unasked.

Fields 1 to 11 are those of the Third Geneva Convention, article 122 (4). The minimum identity is article 17: surname, first
names, rank, birth date and a number; a prisoner is bound to give no more, so everything else may be missing. ``stays_home``: next
of kin, health and place of detention do not stand on exchanged lists (domain 11, point 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["name", "date", "code", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One particular: its kind, its number in article 122 (4) or 0, whether it stays at home."""

    kind: Kind = "text"
    article_122: int = 0
    stays_home: bool = False
    codes: frozenset[str] = frozenset()


CUSTODY: Final = ("held", "hospital", "transferred", "returned", "released", "escaped", "not_held", "missing")
"""What can be claimed of a person's custody (GC III art. 122 (5); domain 5.2)."""
VITAL: Final = ("alive", "dead")
STATUS: Final = ("pow", "civilian", "convict", "medical", "chaplain", "remains")
"""What a source says a person is in law; parties contest it (domain 1.7)."""

FIELDS: Final[Mapping[str, Field]] = {
    "full_name": Field(kind="name", article_122=1),
    "surname": Field(kind="name", article_122=1),
    "given_names": Field(kind="name", article_122=2),
    "rank": Field(article_122=3),
    "number": Field(article_122=4),
    "personal_number": Field(article_122=4),
    "unit": Field(article_122=4),
    "birth_place": Field(article_122=5),
    "birth_date": Field(kind="date", article_122=6),
    "power": Field(article_122=7),
    "father_name": Field(kind="name", article_122=8),
    "mother_maiden_name": Field(kind="name", article_122=9, stays_home=True),
    "inform": Field(article_122=10, stays_home=True),
    "mail_address": Field(article_122=11, stays_home=True),
    "sex": Field(),
    "nationality": Field(),
    "call_sign": Field(kind="name"),
    "capture_date": Field(kind="date"),
    "capture_place": Field(),
    "event_date": Field(kind="date"),
    "event_place": Field(),
    "category": Field(),
    "grade": Field(),
    "part": Field(),
    "line": Field(),
    "status": Field(kind="code", codes=frozenset(STATUS)),
    "custody": Field(kind="code", codes=frozenset(CUSTODY)),
    "custody_place": Field(stays_home=True),
    "vital": Field(kind="code", codes=frozenset(VITAL)),
    "health": Field(stays_home=True),
    "marks": Field(stays_home=True),
    "document": Field(stays_home=True),
    "phone": Field(stays_home=True),
    "note": Field(stays_home=True),
}
"""Every field of a register, by its name."""
NAMES: Final = tuple(name for name, one in FIELDS.items() if one.kind == "name")
DATES: Final = tuple(name for name, one in FIELDS.items() if one.kind == "date")
MINIMUM: Final = ("surname", "given_names", "rank", "birth_date", "number")
"""The identity of article 17; a ``personal_number`` stands for ``number``."""
