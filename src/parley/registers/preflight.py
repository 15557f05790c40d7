"""Looks through a list before it is handed in: who is there twice, came home already, is claimed dead, does not fit, or vanished.

Every finding is a code, a line and what it is about; none of them changes the list. A person claimed dead is found and stays:
the finding asks to read the claims, not to drop the line. What the register says is looked up by whoever calls; without a
register the rest is looked at all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from parley.clauses import Category, Criterion
from parley.registers.claims import Claim, custody_status, missing_minimum, span, vital_status
from parley.registers.partial_dates import read_date
from parley.registers.profile import fold_name
from parley.registers.sheet import Person
from parley.words import Fact, Refusal, refuse

STOPPING: Final = frozenset(
    {
        "preflight.double",
        "preflight.returned",
        "preflight.dead",
        "preflight.outside_category",
        "preflight.category_not_agreed",
        "preflight.vanished",
    }
)
"""Findings that somebody must have looked at before the list goes; the others only say what is not known, as often it is not."""
SURE: Final = 0.95
"""From this probability on two lines that are written unlike stop a list until somebody has looked at them."""
RETURNED: Final = frozenset({"returned", "released"})
_NAMES: Final = ("surname", "given_names", "father_name")

Fit = Literal["fits", "outside", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the list: the day of the look, the agreed categories, the last version's lines, dropped lines, claims.

    ``claims`` holds, by line, the claims about every person of the register who may be meant.
    """

    day: str
    categories: Mapping[str, Category] | None = None
    before: Iterable[str] = ()
    dropped: Iterable[str] = ()
    claims: Mapping[str, Sequence[Sequence[Claim]]] | None = None


def preflight(people: Sequence[Person], known: Known) -> list[Refusal]:
    """Return every finding, in the order of the list; lines that vanished come last."""
    found: list[Refusal] = []
    doubles, possible = _doubles(people)
    for one in people:
        if one.line in doubles:
            found.append(refuse("preflight.double", line=one.line, other=doubles[one.line]))
        elif one.line in possible:
            found.append(refuse("preflight.double_possible", line=one.line, other=possible[one.line]))
        found += _claimed(one.line, known)
        found += _category(one, known)
        found += _identity(one, known)
    here = {one.line for one in people} | set(known.dropped)
    found += [refuse("preflight.vanished", line=line) for line in known.before if line not in here]
    return found


def counts(found: Iterable[Refusal]) -> Mapping[str, int]:
    """Return how often each code was found."""
    told: dict[str, int] = {}
    for one in found:
        told[one.code] = told.get(one.code, 0) + 1
    return told


def key_of(person: Person, day: str) -> tuple[str, ...]:
    """Return what two entries of one person have alike after folding: names and birth date; empty where there is too little."""
    names = [fold_name(person.fields.get(name, "")) for name in _NAMES]
    born = read_date(person.fields.get("birth_date", ""), not_after=day)
    if not names[0] or not names[1] or not born.value:
        return ()
    return (*names, born.value)


def _doubles(people: Sequence[Person]) -> tuple[dict[str, str], dict[str, str]]:
    """Return, for each line that repeats an earlier one, that earlier line; and for each that may, the one it may repeat.

    By key, by one number, and by the matching's score, from SURE on; below it a line may be a double. So a person written in two
    alphabets is seen, too. The score is asked only about who has both names and some birth date.
    """
    from parley.registers.matching import doubles  # numpy and scipy are loaded only where they are needed

    first: dict[tuple[str, ...], str] = {}
    found: dict[str, str] = {}
    for one in people:
        number = fold_name(one.fields.get("number", ""))
        for key in (key_of(one, ""), ("number", number) if number else ()):
            if key and first.setdefault(key, one.line) != one.line:
                found.setdefault(one.line, first[key])
    possible: dict[str, str] = {}
    enough = [one for one in people if all(one.fields.get(name) for name in ("surname", "given_names", "birth_date"))]
    for pair in sorted(doubles(enough), key=lambda pair: -pair.probability):
        (found if pair.probability >= SURE else possible).setdefault(pair.second, pair.first)
    return found, possible


def _claimed(line: str, known: Known) -> list[Refusal]:
    found: list[Refusal] = []
    for claims in (known.claims or {}).get(line, ()):
        if custody_status(claims, known.day).value in RETURNED:
            found.append(refuse("preflight.returned", line=line))
        if vital_status(claims, known.day).value.startswith("dead"):
            found.append(refuse("preflight.dead", line=line))
    return list({one.code: one for one in found}.values())


def _category(one: Person, known: Known) -> list[Refusal]:
    if known.categories is None:
        return []
    name = one.fields.get("category", "")
    if name not in known.categories:
        return [refuse("preflight.category_not_agreed", line=one.line, category=name)] if known.categories else []
    category = known.categories[name]
    fits = [fit_of(one, criterion, category.reference or "", known.day) for criterion in category.criteria]
    if category.cut_off:
        fits.append(_before(one.fields.get("capture_date", ""), category.cut_off))
    facts: dict[str, Fact] = {"line": one.line, "category": name}
    if "outside" in fits:
        return [refuse("preflight.outside_category", **facts)]
    return [refuse("preflight.category_unsure", **facts)] if "unsure" in fits else []


def fit_of(one: Person, criterion: Criterion, reference: str, day: str) -> Fit:
    """Return whether a row meets one criterion on the reference day; unsure where the row does not say enough."""
    if criterion.field == "age":
        return _age(one, criterion, reference or day)
    value = one.fields.get(criterion.field, "")
    if criterion.comparison in {"before", "after"}:
        before = _before(value, criterion.value)
        return before if criterion.comparison == "before" else _turned(before, value, criterion.value)
    if not value:
        return "unsure"
    wanted = {fold_name(part) for part in criterion.value.split(",")}
    if criterion.comparison in {"is", "among"}:
        return "fits" if fold_name(value) in wanted else "outside"
    if not value.isascii() or not value.isdigit() or not criterion.value.isdigit():
        return "unsure"
    under = int(value) < int(criterion.value)
    return "fits" if under == (criterion.comparison == "under") else "outside"


def _age(one: Person, criterion: Criterion, reference: str) -> Fit:
    """Age in whole years on the reference day; a partial birth date has a youngest and an oldest reading."""
    if criterion.comparison not in {"under", "at_least"} or not criterion.value.isdigit() or not reference:
        return "unsure"
    born = read_date(one.fields.get("birth_date", ""), not_after=reference)
    days = span(born.value) if born.is_sure else ()
    if not days or born.value[-1] in "?~%":
        return "unsure"
    ages = {_years(days[0], reference), _years(days[1], reference)}
    under = {age < int(criterion.value) for age in ages}
    if len(under) > 1:
        return "unsure"
    return "fits" if under.pop() == (criterion.comparison == "under") else "outside"


def _years(born: str, day: str) -> int:
    return int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])


def _before(written: str, limit: str) -> Fit:
    found = read_date(written)
    days = span(found.value) if found.is_sure else ()
    if not days:
        return "unsure"
    if days[1] < limit:
        return "fits"
    return "outside" if days[0] >= limit else "unsure"


def _turned(before: Fit, written: str, limit: str) -> Fit:
    """Return whether a day lies after a limit, from whether it lies before it; the day itself is neither."""
    if before != "outside":
        return "outside" if before == "fits" else "unsure"
    days = span(read_date(written).value)
    return "fits" if days[0] > limit else "outside" if days[1] <= limit else "unsure"


def _identity(one: Person, known: Known) -> list[Refusal]:
    found = [refuse("preflight.minimum_missing", line=one.line, field=field) for field in missing_minimum(one.fields)]
    born = one.fields.get("birth_date", "")
    if born and not read_date(born, not_after=known.day).is_sure:
        found.append(refuse("preflight.date_unsure", line=one.line))
    return found
