"""What can be asked of the register page by page, as plain values: who is meant, in which order, and from where on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from parley.registers.claims import PersonId

Sort = Literal["entry", "newest", "name", "birth_date", "number"]
SORTS: Final[tuple[Sort, ...]] = ("entry", "newest", "name", "birth_date", "number")
SORTED_BY: Final[dict[str, tuple[str, ...]]] = {
    "name": ("surname", "full_name"),
    "birth_date": ("birth_date",),
    "number": ("number", "personal_number"),
}
SEARCHED: Final = (
    "surname",
    "given_names",
    "father_name",
    "full_name",
    "call_sign",
    "number",
    "personal_number",
    "line",
)
"""The fields in which words are looked for, anywhere in them: names in any script, and references."""
NARROWED: Final = ("power", "category", "status", "custody", "vital")
"""The fields by whose values the register can be narrowed."""
MOST_WORDS: Final = 6
NO_KEY: Final = "\U0010ffff"
"""Behind every key: where those stand who have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browse:
    """Who is meant and in which order: the one question behind the table, its count and its export."""

    text: str = ""
    where: tuple[tuple[str, str], ...] = ()
    """Fields of NARROWED with the value that somebody claims."""
    contradicted: bool = False
    """Only people of whom two different values of one particular are claimed in one script."""
    doubted: bool = False
    """Only people with a claim that was not understood, or not surely: somebody has to look."""
    sort: Sort = "entry"
    day: str = ""
    """Claims that expired before this day do not count."""
    intermediary: bool = False
    """Whether claims for the neutral alone are looked at."""

    @property
    def narrows(self) -> bool:
        """Whether fewer than everybody are meant."""
        return bool(self.text.split() or self.where or self.contradicted or self.doubted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One page of people, and the key behind which the next begins (none at the end)."""

    people: tuple[PersonId, ...]
    after: tuple[str, int] | None
