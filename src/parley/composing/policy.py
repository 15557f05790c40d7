"""The policy: who is preferred, how many of whom in which batch, what the roads and vehicles allow; agreed and signed by both.

It is one TOML file, and its SHA-256 is part of the agreed terms. It speaks of kinds of people, never of a person (but for agreed
named exchanges, by code), and never of anybody's value: points (such as the Dix-Hill table) only say what each side must weigh.
Every number is whole; a share is in per cent. ``docs/howto/compose-under-a-policy.md`` has a worked example.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from parley.composing.conditions import Condition, ConditionBroken, read_condition
from parley.composing.errors import ComposingBroken

COLUMNS: Final[Mapping[str, str]] = {
    "code": "code",
    "side": "word",
    "site": "word",
    "birth_date": "date",
    "sex": "word",
    "captured_on": "date",
    "medical": "word",
    "rank": "word",
    "civilian": "word",
    "family": "word",
    "veto_by": "word",
    "veto_reason": "word",
}
"""What every pool may have; others are declared under [pool]."""
DERIVED: Final[Mapping[str, str]] = {"age": "birth_date", "days_held": "captured_on"}
"""Whole numbers counted from a date column to the policy's date."""
NAMING: Final = frozenset({"code", "family", "veto_by", "veto_reason"})
"""Columns that a condition may not ask for: they would name a person."""
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}\Z")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.,()%<>=-]{0,59}\Z")
MOST: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One humanitarian class, or the score; ``earliest``: also in the earliest batches."""

    name: str
    when: Condition | None = None
    score: str = ""
    step: int = 1
    earliest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many people of a kind each side brings: in all, and in each batch in numbers or per cent."""

    name: str
    when: Condition
    sides: tuple[str, ...]
    least: int | None = None
    most: int | None = None
    batch_least: int | None = None
    batch_most: int | None = None
    batch_percent_least: int | None = None
    batch_percent_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """What each side can carry in each batch; None where nothing limits it."""

    seats: int | None = None
    fleet: int | None = None
    most_sites: int | None = None
    stretchers: int | None = None
    stretcher_when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of detention: batches in which it is closed, and the last batch that can take people from it."""

    name: str
    closed: tuple[int, ...] = ()
    last_batch: int | None = None

    def open_in(self, batch: int) -> bool:
        """Say whether people can leave it in a batch."""
        return batch not in self.closed and (self.last_batch is None or batch <= self.last_batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What each side's people weigh together: a table of words of one column, and the largest difference after any batch."""

    column: str
    of: Mapping[str, int]
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The whole policy; ``sizes``: for each side its places in each batch (exact, or the most where ``at_least`` is set)."""

    on: date
    sides: tuple[str, ...]
    sizes: Mapping[str, tuple[int, ...]]
    ratio: Mapping[str, int]
    at_least: int | None = None
    max_lead: int | None = None
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    quotas: tuple[Quota, ...] = ()
    transport: Transport = field(default_factory=Transport)
    sites: tuple[Site, ...] = ()
    points: Points | None = None
    named: tuple[Mapping[str, str], ...] = ()
    vehicle_nodes: int = 0
    """How many nodes of the search the last stage (fewest vehicles) may cost; 0: the stage is left out."""

    @property
    def batches(self) -> range:
        """The batch numbers, from 1."""
        return range(1, len(next(iter(self.sizes.values()))) + 1)

    @property
    def kinds(self) -> Mapping[str, str]:
        """Every column that a pool may have, with its kind."""
        return {**COLUMNS, **dict.fromkeys(self.words, "word"), **dict.fromkeys(self.numbers, "number")}

    @property
    def conditions(self) -> tuple[tuple[str, Condition], ...]:
        """Every condition with the key where it stands."""
        found = [(f"priority {one.name}", one.when) for one in self.priorities]
        found += [(f"quota {one.name}", one.when) for one in self.quotas]
        found.append(("transport stretcher_when", self.transport.stretcher_when))
        return tuple((key, one) for key, one in found if one is not None)

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the pool that this policy needs."""
        asked = {name for _, condition in self.conditions for name in condition.fields}
        asked |= {one.score for one in self.priorities if one.score}
        asked |= (
            {"code", "side"} | ({self.points.column} if self.points else set()) | ({"site"} if self.sites else set())
        )
        return frozenset(DERIVED.get(name, name) for name in asked)


def read_policy(data: bytes) -> Policy:
    """Return the policy of a TOML file; raises ComposingBroken with the key and the line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ComposingBroken("policy.not_toml", line=1) from None
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        found = re.search(r"line (\d+)", str(wrong))
        raise ComposingBroken("policy.not_toml", line=int(found[1]) if found else text.count("\n") + 1) from None
    return _Table(said, text, ()).policy()


class _Table:
    """One table of the file: takes its keys one by one, and knows the line of each for what is wrong with it."""

    def __init__(self, said: Mapping[str, Any], text: str, path: tuple[str | int, ...]) -> None:
        self.said = dict(said)
        self.text = text
        self.path = path
        self.asked: set[str] = set()

    def no(self, code: str, key: str, **facts: str | int) -> ComposingBroken:
        shown = ".".join(str(part) for part in (*self.path, key) if part != "")
        return ComposingBroken(code, key=shown[:80], line=_line_of(self.text, self.path, key), **facts)

    def take(self, key: str, kind: type, wanted: str, *, needed: bool = False) -> Any:  # noqa: ANN401 - as TOML has it
        self.asked.add(key)
        if key not in self.said:
            if needed:
                raise self.no("policy.missing", key)
            return None
        value = self.said[key]
        if kind is int and type(value) is float:
            raise self.no("policy.float", key)
        if type(value) is not kind:
            raise self.no("policy.wrong_kind", key, wanted=wanted)
        return value

    def number(self, key: str, least: int = 0, most: int = MOST, *, needed: bool = False) -> int | None:
        value = self.take(key, int, "whole_number", needed=needed)
        if value is not None and not least <= value <= most:
            raise self.no("policy.out_of_range", key, wanted=f"{least}–{most}")
        return None if value is None else int(value)

    def numbers(self, key: str, least: int = 0, most: int = MOST, *, needed: bool = False) -> tuple[int, ...]:
        found = self.take(key, list, "whole_numbers", needed=needed) or []
        for one in found:
            if type(one) is float:
                raise self.no("policy.float", key)
            if type(one) is not int:
                raise self.no("policy.wrong_kind", key, wanted="whole_numbers")
            if not least <= one <= most:
                raise self.no("policy.out_of_range", key, wanted=f"{least}–{most}")
        return tuple(found)

    def text_of(self, key: str, form: re.Pattern[str] = NAME, *, needed: bool = False) -> str:
        value = self.take(key, str, "short_text", needed=needed)
        if value is not None and not form.match(value):
            raise self.no("policy.wrong_kind", key, wanted="short_text")
        return value or ""

    def texts(self, key: str, form: re.Pattern[str] = NAME, *, needed: bool = False) -> tuple[str, ...]:
        found = self.take(key, list, "short_texts", needed=needed) or []
        if any(type(one) is not str or not form.match(one) for one in found):
            raise self.no("policy.wrong_kind", key, wanted="short_texts")
        if len(set(found)) < len(found):
            raise self.no("policy.contradiction", key)
        return tuple(found)

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool, "true_or_false"))

    def condition(self, key: str, *, needed: bool = False) -> Condition | None:
        value = self.take(key, str, "a_condition", needed=needed)
        if value is None:
            return None
        try:
            found = read_condition(value)
        except ConditionBroken as broken:
            raise self.no("policy.predicate", key, at=broken.at) from None
        if NAMING & set(found.fields):
            raise self.no("policy.names_a_person", key)
        return found

    def table(self, key: str) -> _Table:
        return _Table(self.take(key, dict, "a_table") or {}, self.text, (*self.path, key))

    def tables(self, key: str) -> list[_Table]:
        found = self.take(key, list, "tables") or []
        if any(type(one) is not dict for one in found):
            raise self.no("policy.wrong_kind", key, wanted="tables")
        return [_Table(one, self.text, (*self.path, key, number)) for number, one in enumerate(found, start=1)]

    def done(self) -> None:
        unknown = sorted(self.said.keys() - self.asked)
        if unknown:
            raise self.no("policy.unknown_key", unknown[0])

    # --- the parts of a policy ---

    def policy(self) -> Policy:
        on = self.take("date", date, "a_date", needed=True)
        exchange, pool = self.table("exchange"), self.table("pool")
        sides = exchange.texts("sides", CODE, needed=True)
        if not 1 <= len(sides) <= 2:
            raise exchange.no("policy.out_of_range", "sides", wanted="1–2")
        sizes, ratio = exchange.sizes(sides)
        own = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
        words, numbers = pool.texts("words", own), pool.texts("numbers", own)
        for key, names in (("words", words), ("numbers", numbers)):
            if set(names) & (COLUMNS.keys() | DERIVED.keys()) or (set(words) & set(numbers)):
                raise pool.no("policy.contradiction", key)
        lottery = self.table("lottery")
        found = Policy(
            on=on,
            sides=sides,
            sizes=sizes,
            ratio=ratio,
            at_least=exchange.number("at_least", 1),
            max_lead=exchange.number("max_lead"),
            words=words,
            numbers=numbers,
            priorities=tuple(one.priority() for one in self.tables("priority")),
            quotas=tuple(one.quota(sides) for one in self.tables("quota")),
            transport=self.table("transport").transport(),
            sites=tuple(one.site(len(sizes[sides[0]])) for one in self.tables("site")),
            points=self.table("points").points() if "points" in self.said else None,
            named=tuple(one.named(sides) for one in self.tables("named")),
            vehicle_nodes=lottery.number("vehicle_nodes") or 0,
        )
        for one in (exchange, pool, lottery, self):
            one.done()
        self._check(found)
        return found

    def sizes(self, sides: Sequence[str]) -> tuple[dict[str, tuple[int, ...]], dict[str, int]]:
        base = self.numbers("batches", 1, needed=True)
        if not 1 <= len(base) <= 60:
            raise self.no("policy.out_of_range", "batches", wanted="1–60")
        rates = self.numbers("ratio", 1, 1000) or (1,) * len(sides)
        if len(rates) != len(sides):
            raise self.no("policy.contradiction", "ratio")
        own = self.table("of")
        sizes = {side: tuple(one * rate for one in base) for side, rate in zip(sides, rates, strict=True)}
        for side in sides:
            if side in own.said:
                sizes[side] = own.numbers(side)
                if len(sizes[side]) != len(base):
                    raise own.no("policy.contradiction", side)
        own.done()
        return sizes, dict(zip(sides, rates, strict=True))

    def priority(self) -> Priority:
        found = Priority(
            name=self.text_of("name", needed=True),
            when=self.condition("when"),
            score=self.text_of("score", re.compile(r"[a-z][a-z0-9_]{0,39}\Z")),
            step=self.number("step", 1) or 1,
            earliest=self.flag("earliest"),
        )
        if (found.when is None) == (not found.score):
            raise self.no("policy.contradiction", "score" if found.score else "name")
        self.done()
        return found

    def quota(self, sides: Sequence[str]) -> Quota:
        when = self.condition("when", needed=True)
        assert when is not None
        chosen = self.texts("sides", CODE) or tuple(sides)
        if set(chosen) - set(sides):
            raise self.no("policy.contradiction", "sides")
        percents = [self.number(key, 0, 100) for key in ("batch_percent_min", "batch_percent_max")]
        found = Quota(
            name=self.text_of("name", needed=True),
            when=when,
            sides=chosen,
            least=self.number("min"),
            most=self.number("max"),
            batch_least=self.number("batch_min"),
            batch_most=self.number("batch_max"),
            batch_percent_least=percents[0],
            batch_percent_most=percents[1],
        )
        pairs = (
            ("min", found.least, found.most),
            ("batch_min", found.batch_least, found.batch_most),
            ("batch_percent_min", found.batch_percent_least, found.batch_percent_most),
        )
        for key, least, most in pairs:
            if least is not None and most is not None and least > most:
                raise self.no("policy.contradiction", key)
        self.done()
        return found

    def transport(self) -> Transport:
        found = Transport(
            seats=self.number("seats", 1),
            fleet=self.number("fleet", 1),
            most_sites=self.number("max_sites", 1),
            stretchers=self.number("stretchers"),
            stretcher_when=self.condition("stretcher_when"),
        )
        if (found.stretchers is None) != (found.stretcher_when is None):
            raise self.no("policy.missing", "stretchers" if found.stretchers is None else "stretcher_when")
        if found.fleet is not None and found.seats is None:
            raise self.no("policy.missing", "seats")
        self.done()
        return found

    def site(self, batches: int) -> Site:
        closed, last = self.numbers("closed", 1, batches), self.number("last_batch", 1, batches)
        found = Site(name=self.text_of("name", CODE, needed=True), closed=closed, last_batch=last)
        self.done()
        return found

    def points(self) -> Points:
        table = self.table("of")
        weights = {key: table.number(key, 0, 10_000) or 0 for key in table.said}
        balance = self.number("balance", needed=True)
        column = self.text_of("column", re.compile(r"[a-z][a-z0-9_]{0,39}\Z"), needed=True)
        self.done()
        return Points(column=column, of=weights, balance=balance or 0)

    def named(self, sides: Sequence[str]) -> Mapping[str, str]:
        found = {side: self.text_of(side, CODE, needed=True) for side in sides}
        self.done()
        return found

    def _check(self, policy: Policy) -> None:
        """Check what only the whole shows: columns that exist, names that stand once, quotas that fit the batches."""
        kinds = {**policy.kinds, **dict.fromkeys(DERIVED, "number")}
        for key, condition in policy.conditions:
            for name in condition.fields:
                if name not in kinds:
                    raise ComposingBroken("policy.unknown_field", key=key, line=_line_with(self.text, condition.text))
        for number, one in enumerate(policy.priorities, start=1):
            if one.score and kinds.get(one.score) != "number":
                place = _line_of(self.text, ("priority", number), "score")
                raise ComposingBroken("policy.unknown_field", key=f"priority {one.name}", line=place)
        if policy.points and kinds.get(policy.points.column) != "word":
            place = _line_of(self.text, ("points",), "column")
            raise ComposingBroken("policy.unknown_field", key="points.column", line=place)
        for names, key in (
            ([one.name for one in policy.priorities], "priority"),
            ([one.name for one in policy.quotas], "quota"),
            ([one.name for one in policy.sites], "site"),
            ([code for one in policy.named for code in one.values()], "named"),
        ):
            if len(set(names)) < len(names):
                raise self.no("policy.contradiction", key)
        for number, quota in enumerate(policy.quotas, start=1):
            for side in quota.sides:
                total = sum(policy.sizes[side])
                batches = quota.batch_most * len(policy.sizes[side]) if quota.batch_most is not None else total
                if (quota.least or 0) > min(total, batches) or (
                    quota.most is not None and (quota.batch_least or 0) * len(policy.sizes[side]) > quota.most
                ):
                    place = _line_of(self.text, ("quota", number), "min")
                    raise ComposingBroken("policy.contradiction", key=f"quota {quota.name}", line=place)


def _line_of(text: str, path: tuple[str | int, ...], key: str) -> int:
    """Return the line of a key, or of the table where it should stand; 1 where nothing is found."""
    number = next((part for part in path if isinstance(part, int)), 0)
    names = [str(part) for part in path if isinstance(part, str)]
    inside, seen, at = not names, 0, 1
    for line, content in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", content)
        if head and "=" not in content.split("]")[0]:
            same = head[1].replace(" ", "") == ".".join(names)
            seen += same
            inside = same and (not number or seen == number)
            if head[1].replace(" ", "") == ".".join([*names, key]):
                return line
            if inside:
                at = line
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", content):
            return line
    return at


def _line_with(text: str, part: str) -> int:
    return next((line for line, one in enumerate(text.splitlines(), start=1) if part in one), 1)
