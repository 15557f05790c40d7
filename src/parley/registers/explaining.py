"""Says why two records may be one person: each particular as both wrote it, the reading that agrees, its bits, the rivals.

All of it is data; the words for it, in the reader's language, and the picture are made elsewhere (briefings/match_words.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from parley.registers.comparable import people_word
from parley.registers.finding import Found, weigh
from parley.registers.given_names import given_name_ids
from parley.registers.levels import AT, FIELDS, OTHER_NAME, Likeness, compare
from parley.registers.readings import same_reading
from parley.registers.weights import OTHERS
from parley.registers.zones import ZONES

COLUMN: Final[Mapping[str, str]] = {
    "father": "patronymic",
    "birth": "dob",
    "number": "service_no",
    "event": "event_date",
}
"""The column of a list that a field was read from, where it is called otherwise."""
MOST_RIVALS: Final = 5
_NAMES: Final = ("surname", "given", "father")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The reading in which two words agree: how each was read, and what came out."""

    scheme_a: str
    scheme_b: str
    reading: str
    name: str = ""
    """The name of the dictionary that both stand for, where it was the dictionary that saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One particular: what each side wrote, how well it agrees, and what that is worth."""

    field: str
    level: str
    bits: float
    written_a: str
    written_b: str
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another pair that one of the two records could belong to."""

    id_a: str
    id_b: str
    probability: float
    same_person: bool
    """The records of the same list are taken for one person: a double, not a rival."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why two records may be one person. ``prior``, the steps, ``others`` and ``competition`` add up to ``total``, in bits."""

    id_a: str
    id_b: str
    probability: float
    zone: str
    veto: bool
    """Two different given names, both known: never proposed as one person, whatever else agrees."""
    prior: float
    steps: tuple[Step, ...]
    others: float
    """What is taken away because relatives, namesakes or comrades share what agrees here."""
    other: str
    """The kind of others that takes away the most; empty where strangers do."""
    competition: float
    """What rivals take away, or the lack of rivals gives, with the calibration (zones.py)."""
    total: float
    rivals: tuple[Rival, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the explanation as plain data, for JSON."""
        return asdict(self)


def explain(
    found: Found,
    columns_a: Mapping[str, Sequence[str]],
    columns_b: Mapping[str, Sequence[str]],
    row_a: int,
    row_b: int,
) -> Explanation:
    """Explain one pair of rows, be it among the pairs found or not; the columns are the lists as they were read."""
    pair = found.pair
    rows_a, rows_b = np.array([row_a]), np.array([row_b])
    likeness = Likeness(pair.words)
    compared = compare(pair, rows_a, rows_b, likeness)
    scored = weigh(pair, likeness, found.known, found.weights, rows_a, rows_b)
    levels, bits = compared.levels[0], scored.bits[0]
    at = np.flatnonzero((found.rows_a == row_a) & (found.rows_b == row_b))
    veto = int(levels[AT["given"]]) == OTHER_NAME
    probability = float(found.assigned.probability[at[0]]) if len(at) else 0.0
    before = scored.prior + float(bits.sum()) + float(scored.others[0])
    after = _bits(probability) if len(at) and probability > 0 else before
    words_a = {name: people_word(pair, "a", name, row_a) for name in (*_NAMES, "birthplace", "event_place")}
    words_b = {name: people_word(pair, "b", name, row_b) for name in (*_NAMES, "birthplace", "event_place")}
    for exchanged, words in ((compared.exchanged_a[0], words_a), (compared.exchanged_b[0], words_b)):
        if exchanged:
            words["surname"], words["given"] = words["given"], words["surname"]
    steps = []
    for field in FIELDS:
        level = int(levels[AT[field.name]])
        if level and (field.name != "order" or level == 2):
            steps.append(
                Step(
                    field=field.name,
                    level=field.levels[level],
                    bits=round(float(bits[AT[field.name]]), 3),
                    written_a=_written(columns_a, row_a, field.name, words_a.get(field.name)),
                    written_b=_written(columns_b, row_b, field.name, words_b.get(field.name)),
                    agreed=_agreed(words_a.get(field.name, ""), words_b.get(field.name, ""), field.name),
                )
            )
    return Explanation(
        id_a=pair.a.ids[row_a],
        id_b=pair.b.ids[row_b],
        probability=probability,
        zone=ZONES[int(found.zone[at[0]])] if len(at) else "reject",
        veto=veto,
        prior=round(scored.prior, 3),
        steps=tuple(steps),
        others=round(float(scored.others[0]), 3),
        other=_strongest(found, bits) if scored.others[0] < -0.5 else "",
        competition=round(after - before, 3),
        total=round(after, 3),
        rivals=_rivals(found, row_a, row_b),
    )


def _bits(probability: float) -> float:
    safe = min(max(probability, 1e-15), 1 - 1e-15)
    return float(np.log2(safe / (1 - safe)))


def _strongest(found: Found, bits: np.ndarray[Any, np.dtype[np.float32]]) -> str:
    total = float(bits.sum())
    odds = {
        kind: np.log2(found.weights.others[kind]) - total + sum(float(bits[AT[name]]) for name in shared)
        for kind, shared in OTHERS.items()
        if kind != "strangers"
    }
    return max(odds, key=lambda kind: odds[kind])


def _written(columns: Mapping[str, Sequence[str]], row: int, field: str, word: str | None) -> str:
    """What stands in the list: for a name that was found in another column, or inside a full name, the word itself."""
    name = COLUMN.get(field, field)
    raw = columns[name][row] if name in columns else ""
    if word is None or not word or " ".join(raw.casefold().split()).strip(".,;:") == word:
        return raw.strip()
    elsewhere = [columns[one][row] for one in ("surname", "given", "patronymic") if one in columns]
    full = columns["full_name"][row].split() if "full_name" in columns else []
    return next((one.strip() for one in (*elsewhere, *full) if one.casefold().strip(" .,;:") == word), word)


def _agreed(a: str, b: str, field: str) -> Agreed | None:
    if not a or not b:
        return None
    found = same_reading(a, b)
    if found is not None:
        return Agreed(scheme_a=found[0].scheme, scheme_b=found[1].scheme, reading=found[0].skeleton)
    both = given_name_ids(a) & given_name_ids(b) if field == "given" else frozenset()
    return Agreed(scheme_a="", scheme_b="", reading="", name=min(both)) if both else None


def _rivals(found: Found, row_a: int, row_b: int) -> tuple[Rival, ...]:
    one_side = (found.rows_a == row_a) ^ (found.rows_b == row_b)
    best = sorted(np.flatnonzero(one_side).tolist(), key=lambda at: (-found.log_odds[at], at))[:MOST_RIVALS]
    return tuple(
        Rival(
            id_a=found.pair.a.ids[found.rows_a[at]],
            id_b=found.pair.b.ids[found.rows_b[at]],
            probability=float(found.assigned.probability[at]),
            same_person=bool(
                found.same_a[found.rows_a[at]] == found.same_a[row_a]
                and found.same_b[found.rows_b[at]] == found.same_b[row_b]
            ),
        )
        for at in best
    )
