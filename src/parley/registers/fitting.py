"""Does a row of a list fit what a clause says of people: old enough, captured in time, of the rank that was meant?

It reads what is written and says no more than that allows. A date may be a year or a month alone: it is then every day in it,
and where some of these days would fit and others not, the row does not tell. Words in the parties' languages are never
compared with the codes of a clause; only codes are. No score, no guess (DESIGN 1.5).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from parley.clauses import Criterion

FITS, DOES_NOT_FIT, UNTOLD = "fits", "does_not_fit", "untold"
COLUMN_OF: Final[Mapping[str, str]] = {"age": "birth_date", "born": "birth_date", "captured": "capture_date"}
"""The column of a list that a clause's field speaks of, where the two are called differently."""
CODED: Final = frozenset({"category", "grade"})
"""Columns that hold codes of the record and not words of a language."""
WRITTEN: Final = (
    re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?\Z"),
    re.compile(r"(?:(?:(?P<day>[0-9]{1,2})\.)?(?P<month>[0-9]{1,2})\.)?(?P<year>[0-9]{4})\Z"),
)
"""How days are read: 2025-05-16, 2025-05, 2025; 16.05.2025, 05.2025. Anything else tells no day."""


def fit(fields: Mapping[str, str], criteria: Iterable[Criterion], reference: str) -> str:
    """Return ``fits``, ``does_not_fit`` where one criterion is contradicted for certain, else ``untold``."""
    found = [_meets(fields, one, reference) for one in criteria]
    if False in found:
        return DOES_NOT_FIT
    return UNTOLD if None in found else FITS


def captured_before(fields: Mapping[str, str], cut_off: str) -> str:
    """Return whether a row tells a capture before the day of the cut-off: ``fits``, ``does_not_fit`` or ``untold``."""
    return {True: FITS, False: DOES_NOT_FIT, None: UNTOLD}[_earlier(fields.get("capture_date", ""), cut_off)]


def _meets(fields: Mapping[str, str], criterion: Criterion, reference: str) -> bool | None:
    column = COLUMN_OF.get(criterion.field, criterion.field)
    written = fields.get(column, "")
    match criterion.comparison:
        case "before":
            return _earlier(written, criterion.value)
        case "after":
            return _later(written, criterion.value)
        case "is" | "among":
            return _same(written, criterion.value.split(","), code=column in CODED)
        case _:
            lowest, highest = _number(written, reference, age=criterion.field == "age")
            return _compared(criterion.comparison, lowest, highest, int(criterion.value))


def _same(written: str, values: Iterable[str], *, code: bool) -> bool | None:
    if written and written in values:
        return True
    return False if written and code else None


def _compared(comparison: str, lowest: int | None, highest: int | None, value: int) -> bool | None:
    if lowest is None or highest is None:
        return None
    under = True if highest < value else False if lowest >= value else None
    if under is None:
        return None
    return under if comparison == "under" else not under


def _number(written: str, reference: str, *, age: bool) -> tuple[int | None, int | None]:
    """Return the least and the greatest number that a cell allows: an age on the day of reference, or what it says."""
    if not age:
        number = int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None
        return number, number
    days = days_of(written)
    on = days_of(reference)
    if days is None or on is None:
        return None, None
    return _years(days[1], on[0]), _years(days[0], on[0])


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _earlier(written: str, than: str) -> bool | None:
    days, limit = days_of(written), days_of(than)
    if days is None or limit is None:
        return None
    return True if days[1] < limit[0] else False if days[0] >= limit[0] else None


def _later(written: str, than: str) -> bool | None:
    days, limit = days_of(written), days_of(than)
    if days is None or limit is None:
        return None
    return True if days[0] > limit[0] else False if days[1] <= limit[0] else None


def days_of(written: str) -> tuple[date, date] | None:
    """Return the first and the last day that a written date can mean; nothing where it tells none."""
    found = next((match for form in WRITTEN if (match := form.match(written.strip()))), None)
    if found is None:
        return None
    year, month, day = (int(found[name]) if found[name] else 0 for name in ("year", "month", "day"))
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
