"""Reads dates as people write them, keeps what was written, and never makes up a day that is not there.

A birth date in a list may be "21.03.1985", "березень 1985", "бл. 1985", "03/04/85" or the number 31117. What stands there is
kept as written; beside it stands a value in EDTF (ISO 8601-2 in the Library of Congress profile, levels 0 and 1), how exact it
is, and every doubt by its code. The rules:

1. A day is given only where day, month and year are all written and their order is beyond doubt.
2. Dots and commas between three numbers mean day, month, year. Any other sign does not say which of two numbers up to 12 is the
   day: then only the year is given, with ``day_month_order`` and both readings.
3. A year of two digits is given only where one century alone is possible before the reference day, and is marked all the same.
4. A number that may be a spreadsheet's count of days is never turned into a date; both calendars' readings are named.
5. A day that does not exist leaves the year only. A year of another calendar is not converted.
6. Invisible characters are named. A sign that turns the direction of writing makes the reading void: reader and program would
   see different figures.

There is no clock here: ``not_after`` is the day after which nobody on this list can have been born.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from parley.registers import month_words as words

Precision = Literal["day", "month", "season", "year", "decade", "interval", "none"]
Order = Literal["", "dmy", "mdy", "ymd"]
Certainty = Literal["full", "month", "year", "coarse", "serial", "unclear", "empty"]

DOUBTS: Final = (
    "after_reference",
    "age",
    "bound",
    "day_month_order",
    "direction_turned",
    "hidden_characters",
    "impossible_day",
    "implausible_year",
    "letters_for_digits",
    "no_year",
    "not_understood",
    "number_cut",
    "order_as_told",
    "other_calendar",
    "roman_or_unknown",
    "run_together",
    "serial_number",
    "several",
    "too_long",
    "two_digit_year",
)
"""Every doubt that a written date can carry."""
HARMLESS: Final = frozenset({"hidden_characters", "order_as_told"})
"""Doubts that are worth a mark and do not make the value unsure."""
FIRST_YEAR: Final = 1850
LAST_YEAR: Final = 2100
MOST_TEXT: Final = 120
_CUT: Final = 40
_DAY_ZERO: Final = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_TURNERS: Final = frozenset("\u202d\u202e")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DOTTED: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})\Z")
_CLOCK: Final = re.compile(
    r"(?<=[0-9])[t ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?(z|[+-][0-9]{2}:?[0-9]{2}|am|pm))?\Z"
)
_NUMBER_CELL: Final = re.compile(r"([0-9]+)\.0+\Z")
_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+(?:[_'ʼ][^\W\d_]+)*|\?+|_+|[*]+|~|≈|\.\.+|…|.", re.DOTALL)
_DECADE: Final = re.compile(
    r"([0-9]{2,4})(0)[ -]?'?(s|х|е|ті|тих|ых|их|і|годы|роки)( (годов|годы|років|роки|рр|гг)\.?)?\Z|([0-9]{3})[x?_*хX]\Z"
)
_LOOKALIKES: Final = str.maketrans(
    {"o": "0", "о": "0", "l": "1", "і": "1", "i": "1", "з": "3", "б": "6", "s": "5", "b": "8", "|": "1"}
)
_LOOKS_NUMERIC: Final = re.compile(r"[0-9oоlіiзбsb|]+(?:[./-][0-9oоlіiзбsb|]+){2}\Z")
_FOLD: Final = str.maketrans(
    {
        "ё": "е",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ى": "ي",
        "’": "'",
        "ʼ": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "‑": "-",
        "،": ",",
        "٫": ".",
        "⁄": "/",
        "∕": "/",
        "·": ".",
    }
)
_SEPARATORS: Final = frozenset("./-,;:_\\ ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date as written, its value in EDTF (empty where none can be given), how exact it is, the doubts, other readings.

    ``readings`` are EDTF values that the text may mean; none of them is chosen.
    """

    written: str
    value: str = ""
    precision: Precision = "none"
    doubts: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the value may be used without asking a person."""
        return bool(self.value) and HARMLESS.issuperset(self.doubts)

    @property
    def certainty(self) -> Certainty:
        """Under which heading a profile of a list counts it."""
        if "serial_number" in self.doubts:
            return "serial"
        if not self.is_sure:
            return "unclear" if self.doubts else "empty"
        if self.value[-1] in "?~%":
            return "coarse"
        if self.precision == "day":
            return "full"
        return self.precision if self.precision in {"month", "year"} else "coarse"


def read_date(written: str, *, order: Order = "", not_after: str = "") -> PartialDate:
    """Return what a written date says; total over every text.

    ``order`` is what the author said about numeric dates; ``not_after`` a day as ``2025-05-16``. Both are claims of the
    person who imports, so a value that rests on ``order`` is marked ``order_as_told``.
    """
    iso = _ISO.match(written)
    dotted = None if iso else _DOTTED.match(written)
    if iso or dotted:  # nine cells in ten
        found = iso or dotted
        assert found is not None
        year, month, day = (found[1], found[2], found[3]) if iso else (found[3], found[2], found[1])
        if FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12 and 1 <= int(day) <= 28:
            value = f"{year}-{month}-{day}"
            doubts = ("after_reference",) if not_after and value > not_after else ()
            return PartialDate(written=written, value=value, precision="day", doubts=doubts)
    return _read(written, order, not_after)


@lru_cache(maxsize=65536)
def _read(written: str, order: Order, not_after: str) -> PartialDate:
    if len(written) > MOST_TEXT:
        return PartialDate(written=written, doubts=("too_long",))
    if _TURNERS.intersection(written):
        return PartialDate(written=written, doubts=("direction_turned",))
    text, hidden = _fold(written)
    found = _Reading(written, order, not_after).read(text)
    if hidden and "hidden_characters" not in found.doubts:
        found = replace(found, doubts=tuple(sorted({*found.doubts, "hidden_characters"})))
    return found


def _fold(written: str) -> tuple[str, bool]:
    """Return the text in lower case, plain digits and single spaces, and whether something invisible was taken out."""
    out: list[str] = []
    hidden = False
    for sign in unicodedata.normalize("NFKC", written).translate(_FOLD):
        kind = unicodedata.category(sign)
        if kind == "Nd":
            out.append(str(unicodedata.decimal(sign)))
        elif kind == "Cf":
            # The two marks of direction are ordinary in Arabic and Hebrew lists; they move nothing by themselves.
            hidden = hidden or sign not in "\u200e\u200f\u061c"
        elif kind in {"Cc", "Zl", "Zp", "Zs"}:
            out.append(" ")
        elif kind == "Cs" or (kind == "Mn" and not sign.isalpha()):
            continue
        else:
            out.append(sign.lower())
    text = "".join(out).replace("ё", "е").replace("\u0640", "").translate(_FOLD)
    return " ".join(text.split()), hidden


@dataclass(frozen=True, slots=True)
class _Part:
    """One piece of a date: a number, a month's word, an unknown place, or a sign between them."""

    kind: Literal["number", "month", "roman", "unknown", "sign"]
    text: str
    number: int = 0


class _Reading:
    """One attempt at one text."""

    def __init__(self, written: str, order: Order, not_after: str) -> None:
        self.written = written
        self.order = order
        self.not_after = not_after

    # -- results

    def _none(self, *doubts: str, readings: Iterable[str] = ()) -> PartialDate:
        return PartialDate(
            written=self.written, doubts=tuple(sorted(set(doubts))), readings=tuple(dict.fromkeys(readings))
        )

    def _known(
        self, value: str, precision: Precision, *doubts: str, readings: Iterable[str] = (), mark: str = ""
    ) -> PartialDate:
        """A value with its doubts; a year that no one on a list can have is marked, one of another calendar not given."""
        year = int(value[:4]) if value[:4].isdigit() else FIRST_YEAR
        marks = set(doubts)
        if 1300 <= year <= 1500:
            return self._none(*marks, "other_calendar")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            marks.add("implausible_year")
        if self.not_after and value[:4].isdigit() and value.split("/", maxsplit=1)[0] > self.not_after[: len(value)]:
            marks.add("after_reference")
        return PartialDate(
            written=self.written,
            value=value + mark,
            precision=precision,
            doubts=tuple(sorted(marks)),
            readings=tuple(dict.fromkeys(readings)),
        )

    # -- the way of a text

    def read(self, text: str) -> PartialDate:
        """Return what the folded text says."""
        bare = text.strip(" .,;:")
        if not bare or text.replace(" ", "_") in words.UNKNOWN or bare.replace(" ", "_") in words.UNKNOWN:
            return self._none()
        text = _NUMBER_CELL.sub(r"\1", _CLOCK.sub("", bare))
        if text.isdigit():
            return self._digits(text)
        decade = _DECADE.match(text)
        if decade is not None:
            return self._decade(decade)
        if (
            _LOOKS_NUMERIC.match(text)
            and not re.fullmatch(r"[0-9./-]+", text)
            and not re.search(r"[./-][iі]{1,3}[./-]", text)
        ):
            mended = self.read(text.translate(_LOOKALIKES))
            return self._none(
                "letters_for_digits", readings=[mended.value, *mended.readings] if mended.value else mended.readings
            )
        return self._words(text)

    def _digits(self, text: str) -> PartialDate:
        """A cell of digits alone: a year, a day run together, a spreadsheet's number, or nothing."""
        number = int(text)
        if len(text) == 4 and (FIRST_YEAR <= number <= LAST_YEAR or 1300 <= number <= 1500):
            return self._known(text, "year")
        if len(text) == 8:
            if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR and 0 <= int(text[4:6]) <= 12:
                return self._numeric([text[:4], text[4:6], text[6:]], "")
            if FIRST_YEAR <= int(text[4:]) <= LAST_YEAR:
                return self._numeric([text[:2], text[2:4], text[4:]], "")
            return self._none("not_understood")
        if len(text) == 6:
            readings = (
                [f"{text[:4]}-{text[4:]}"]
                if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR and 1 <= int(text[4:]) <= 12
                else []
            )
            for century in self._centuries(text[4:]):
                readings += [one for one in (_day(century, int(text[2:4]), int(text[:2])),) if one]
            return self._none("run_together", "two_digit_year", readings=readings)
        if len(text) in {4, 5} and number <= 73_050:
            return self._none("serial_number", readings=serial_readings(number))
        if len(text) == 2:
            return self._none("two_digit_year", "age", readings=[str(one) for one in self._centuries(text)])
        return self._none("not_understood")

    def _decade(self, found: re.Match[str]) -> PartialDate:
        digits = found[6] or found[1]
        if len(digits) == 3:
            return self._known(f"{digits}X", "decade")
        if found[6] is None and len(digits) == 4:  # 19800s
            return self._none("not_understood")
        return self._none("not_understood", "two_digit_year")

    def _words(self, text: str) -> PartialDate:
        """A text with words and signs: take off what says nothing, note what makes it less exact, read the rest."""
        for marker in words.HIJRI:
            if re.search(rf"(?<![^\W\d_]){re.escape(marker)}(?![^\W\d_])", text):
                return self._none("other_calendar")
        pieces = list(_TOKEN.findall(_joined_months(text)))
        ranged = self._range(pieces)
        if ranged is not None:
            return ranged
        about = unsure = False
        season = 0
        rest: list[str] = []
        for place, piece in enumerate(pieces):
            if piece in words.ABOUT:
                about = True
            elif piece in words.UNSURE and (piece != "?" or _is_last(pieces, place)):
                unsure = True
            elif piece in words.SEASONS:
                season = words.SEASONS[piece]
            elif piece not in words.NOISE and piece not in "()[]\"«»'":
                rest.append(piece)
        if words.AGE.intersection(pieces) and not any(len(one) == 4 and one.isdigit() for one in rest):
            return self._none("age")
        mark = "%" if about and unsure else "~" if about else "?" if unsure else ""
        found = self._parts(_trim(rest))
        if season and found.precision == "year" and found.value:
            found = replace(found, value=f"{found.value}-{season}", precision="season")
        elif season:
            return self._none("not_understood")
        return replace(found, value=found.value + mark) if mark and found.value else found

    def _range(self, pieces: Sequence[str]) -> PartialDate | None:
        """Two dates in one cell: an interval of years, a bound, or two readings between which nobody chose."""
        meat = [one for one in pieces if one != " " and one not in words.NOISE]
        if len(meat) >= 2 and meat[0] in words.BEFORE | words.AFTER and meat[0] not in words.FROM:
            inner = self.read(" ".join(meat[1:])) if not set(meat[2:]) & {"-", "/"} or len(meat) > 3 else None
            if inner is not None and inner.is_sure and inner.precision in {"day", "month", "year"}:
                value = f"../{inner.value}" if meat[0] in words.BEFORE else f"{inner.value}/.."
                return PartialDate(written=self.written, value=value, precision="interval", doubts=("bound",))
            return self._none("bound", "not_understood")
        glue = words.OR | words.AND | words.TO
        at = next((place for place, one in enumerate(pieces) if one in glue and 0 < place < len(pieces) - 1), None)
        if at is not None:
            left = [one for one in pieces[:at] if one not in words.BETWEEN | words.FROM]
            first, second = self.read("".join(left).strip()), self.read("".join(pieces[at + 1 :]).strip())
            return self._two(first, second, chosen=pieces[at] in words.OR)
        years = [one for one in meat if one.isdigit()]
        signs = [one for one in meat if not one.isdigit()]
        if len(years) == 2 and len(years[0]) == 4 and signs and set(signs) <= {"-", "/", "..", "…", "."}:
            if len(years[1]) == 4:
                return self._two(self.read(years[0]), self.read(years[1]), chosen=False)
            if (
                len(years[1]) == 2
                and int(years[1]) > 12
                and signs in (["-"], ["/"])
                and int(years[1]) > int(years[0][2:])
            ):
                return self._two(self.read(years[0]), self.read(years[0][:2] + years[1]), chosen=False)
        full = [one for one in re.split(r" *[/;,] +| +[/;,-] *| {2,}|(?<=[0-9]{4}) +", "".join(pieces)) if one]
        if len(full) == 2 and all(
            re.fullmatch(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}", one) for one in full
        ):
            return self._two(self.read(full[0]), self.read(full[1]), chosen=True)
        return None

    def _two(self, first: PartialDate, second: PartialDate, *, chosen: bool) -> PartialDate:
        if not (first.is_sure and second.is_sure):
            return self._none("several", readings=[*first.readings, first.value, second.value, *second.readings])
        both = (first.value, second.value)
        if first.value == second.value:
            return replace(first, written=self.written)
        same = first.precision == second.precision == "year"
        if same and first.value < second.value and (not chosen or int(second.value) == int(first.value) + 1):
            return self._known(f"{first.value}/{second.value}", "interval", readings=both if chosen else ())
        return self._none("several", readings=both)

    # -- numbers, months and signs in a row

    def _parts(self, pieces: Sequence[str]) -> PartialDate:
        if not pieces:
            return self._none("not_understood")
        parts: list[_Part] = []
        for piece in pieces:
            part = _part(piece, parts)
            if part is None:
                return self._none("not_understood")
            parts.append(part)
        signs = "".join(one.text for one in parts if one.kind == "sign")
        kept = [one for one in parts if one.kind != "sign"]
        kept = _without_second_name(kept)
        if any(one.kind in {"month", "roman"} for one in kept):
            return self._with_month(kept)
        if not kept or len(kept) > 3:
            return self._none("several" if len(kept) >= 6 else "not_understood")
        if len(kept) == 1:
            return self._digits(kept[0].text) if kept[0].kind == "number" else self._none("not_understood")
        return self._numeric([one.text if one.kind == "number" else "" for one in kept], signs)

    def _with_month(self, parts: Sequence[_Part]) -> PartialDate:
        """Exactly one month by name or Roman figure, with a year, with or without a day."""
        months = [one for one in parts if one.kind in {"month", "roman"}]
        rest = [one for one in parts if one.kind not in {"month", "roman"}]
        if len(months) != 1 or len(rest) > 2:
            return self._none("several")
        month = months[0].number
        years = [one for one in rest if one.kind == "number" and len(one.text) == 4]
        days = [one for one in rest if one not in years]
        if len(years) == 1 and len(days) <= 1:
            year = years[0].text
            if not days or days[0].kind == "unknown" or days[0].text in {"0", "00"}:
                return self._known(f"{year}-{month:02d}", "month")
            found = self._day(year, month, days[0].text)
            if months[0].kind == "roman" and months[0].text == "x":  # may stand for "unknown"
                return self._known(year, "year", "roman_or_unknown", readings=[found.value] if found.value else [])
            return found
        if len(rest) == 2 and not years and all(one.kind == "number" and len(one.text) <= 2 for one in rest):
            first, second = rest
            readings = [
                value for century in self._centuries(second.text) if (value := _day(century, month, int(first.text)))
            ]
            return self._short_year(readings)
        return self._none("no_year" if not years else "not_understood")

    def _numeric(self, texts: Sequence[str], signs: str) -> PartialDate:
        """Two or three numbers; an empty text is a place that was left open (``??``, ``XX``, ``--``)."""
        places = ["" if text.strip("0") == "" else text for text in texts]
        if any(len(text) > 4 or len(text) == 3 for text in places):
            return self._none("not_understood")
        if len(places) == 2:
            return self._month_and_year(places, signs)
        if len(places[0]) == 4 and all(len(one) <= 2 for one in places[1:]):
            return self._year_first(*places)
        if len(places[2]) == 4 and all(len(one) <= 2 for one in places[:2]):
            return self._year_last(*places, dotted=(bool(signs) and set(signs) <= set(".,")) or signs == ". .")
        if all(len(one) <= 2 for one in places):
            return self._three_short(places, dotted=bool(signs) and set(signs) <= set(".,"))
        return self._none("not_understood")

    def _month_and_year(self, places: Sequence[str], signs: str) -> PartialDate:
        first, second = places
        year, month = (first, second) if len(first) == 4 else (second, first)
        if len(year) != 4 or len(month) > 2:
            return self._none("no_year" if len(year) < 4 else "not_understood")
        if not month:
            return self._known(year, "year")
        if int(month) > 12:
            return self._known(year, "year", "not_understood")
        # A spreadsheet shows the number 1985.10 as 1985.1: whether January or October was typed cannot be seen.
        cut = year == first and month == "1" and signs == "."
        if cut:
            return self._known(year, "year", "number_cut", readings=[f"{year}-01", f"{year}-10"])
        return self._known(f"{year}-{int(month):02d}", "month")

    def _year_first(self, year: str, month: str, day: str) -> PartialDate:
        if not month:
            return self._known(year, "year") if not day else self._known(year, "year", "not_understood")
        if int(month) > 12:
            swapped = _day(int(year), int(day or 0), int(month))
            return self._known(
                year, "year", "day_month_order" if swapped else "impossible_day", readings=[swapped] if swapped else []
            )
        if not day:
            return self._known(f"{year}-{int(month):02d}", "month")
        return self._day(year, int(month), day)

    def _year_last(self, first: str, second: str, year: str, *, dotted: bool) -> PartialDate:
        if not first or not second:  # one place left open: which one is the month is only sure by dots, or above 12
            if not first and not second:
                return self._known(year, "year")
            given = int(first or second)
            if first and not second:
                return self._known(year, "year", "not_understood")
            if given > 12:
                return self._known(year, "year", "impossible_day")
            if not dotted and self.order != "dmy":  # ??/03/1985 may be the third of some month
                return self._known(year, "year", "day_month_order", readings=[f"{year}-{given:02d}"])
            return self._known(f"{year}-{given:02d}", "month")
        one, two = int(first), int(second)
        as_dmy, as_mdy = _day(int(year), two, one), _day(int(year), one, two)
        if dotted or self.order == "dmy":
            if as_dmy:
                told = () if dotted or one > 12 or one == two else ("order_as_told",)
                return self._known(as_dmy, "day", *told)
            doubt = "day_month_order" if as_mdy else "impossible_day"
            return self._known(year, "year", doubt, readings=[as_mdy] if as_mdy else [])
        if self.order == "mdy" and as_mdy:
            return self._known(as_mdy, "day", *(() if two > 12 or one == two else ("order_as_told",)))
        readings = list(dict.fromkeys(one for one in (as_dmy, as_mdy) if one))
        if len(readings) == 1 and (as_dmy == as_mdy or max(one, two) > 12):
            return self._known(readings[0], "day")
        if not readings:
            return self._known(year, "year", "impossible_day")
        return self._known(year, "year", "day_month_order", readings=readings)

    def _three_short(self, places: Sequence[str], *, dotted: bool) -> PartialDate:
        if not all(places):
            return self._none("two_digit_year", "not_understood")
        one, two, three = places
        orders = [(three, two, one)]
        if not dotted:
            orders += [(three, one, two), (one, two, three)]
        readings = [
            value
            for year, month, day in orders
            for century in self._centuries(year)
            if (value := _day(century, int(month), int(day)))
        ]
        return self._short_year(readings)

    def _short_year(self, readings: Iterable[str]) -> PartialDate:
        readings = tuple(dict.fromkeys(readings))
        if len(readings) == 1 and self.not_after:
            return self._known(readings[0], "day", "two_digit_year", readings=readings)
        return self._none("two_digit_year", *(() if readings else ("impossible_day",)), readings=readings)

    def _centuries(self, digits: str) -> list[int]:
        """The years that two digits may mean; without a reference day every century stays open."""
        years = [1900 + int(digits), 2000 + int(digits)]
        last = int(self.not_after[:4]) if self.not_after else LAST_YEAR
        return [one for one in years if one <= last]

    def _day(self, year: str, month: int, day: str) -> PartialDate:
        value = _day(int(year), month, int(day)) if len(day) <= 2 else ""
        return self._known(value, "day") if value else self._known(year, "year", "impossible_day")


def serial_readings(number: int) -> tuple[str, ...]:
    """Return the days that a spreadsheet's number would show in its two calendars (from 1900, and from 1904)."""
    if not 1 <= number <= 2_000_000:
        return ()
    return tuple((zero + timedelta(days=number)).isoformat() for zero in _DAY_ZERO.values())


def _day(year: int, month: int, day: int) -> str:
    """Return the day in ISO form, or nothing where the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}"


def _joined_months(text: str) -> str:
    for first in ("كانون", "تشرين"):
        for second in ("الثاني", "ثاني", "الاول", "اول"):
            text = text.replace(f"{first} {second}", f"{first}_{second}")
    return text


def _is_last(pieces: Sequence[str], place: int) -> bool:
    return all(one in " .)]" for one in pieces[place + 1 :]) and any(
        len(one) == 4 and one.isdigit() for one in pieces[:place]
    )


def _trim(pieces: Sequence[str]) -> list[str]:
    """Take signs from both ends; several signs in a row stay, and are judged together."""
    left = list(pieces)
    while left and left[0] in _SEPARATORS:
        left.pop(0)
    while left and left[-1] in _SEPARATORS:
        left.pop()
    return left


def _part(piece: str, before: Sequence[_Part]) -> _Part | None:
    if piece.isdigit():
        return _Part("number", piece, int(piece)) if len(piece) <= 8 else None
    if piece in words.MONTHS:
        return _Part("month", piece, words.MONTHS[piece])
    latin = piece.translate(words.ROMAN_LETTERS)
    if set(latin) <= {"x", "?", "_", "*", "д", "м", "d", "m"} and len(piece) >= 2 and latin not in words.ROMAN:
        return _Part("unknown", piece)
    if latin in words.ROMAN and any(one.kind in {"number", "unknown"} for one in before):
        return _Part("roman", latin, words.ROMAN[latin])
    if piece in _SEPARATORS:
        return _Part("sign", piece if piece != " " else "")
    if piece in {"?", "x", "*"}:
        return _Part("unknown", piece)
    return None


def _without_second_name(parts: list[_Part]) -> list[_Part]:
    """Arabic papers name a month twice (آذار/مارس): keep one where both are the same month."""
    months = [one for one in parts if one.kind == "month"]
    if len(months) == 2 and months[0].number == months[1].number:
        parts.remove(months[1])
    return parts
