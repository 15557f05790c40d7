"""The words of a condition, such as ``age < 25 and sex == 'f'``: read once, asked of each person, never executed.

A condition compares columns of the pool with whole numbers or quoted words: ``== != < <= > >=``, ``in ('a', 'b')``, ``and``,
``or``, ``not``, brackets. ``age`` and ``days_held`` are counted to the policy's date. What is not known (an empty cell, a birth
date of which only the year is written) makes a comparison unknown, and an unknown condition is not fulfilled.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Value = int | str | None
Known = bool | None
Test = Callable[[Mapping[str, Value]], Known]

TOKEN: Final = re.compile(
    r"\s*(?:([a-z_][a-z0-9_]{0,40})|([0-9]{1,9})(?![0-9a-z_.])|'([^'\n]{0,80})'|(==|!=|<=|>=|<|>|\(|\)|,))"
)
OPERATORS: Final[Mapping[str, Callable[[int | str, int | str], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MOST_TEXT: Final = 1000
MOST_DEPTH: Final = 20
KEYWORDS: Final = frozenset({"and", "or", "not", "in"})


class ConditionBroken(Exception):
    """The text is no condition; ``at`` is the character (from 1) where reading stopped."""

    def __init__(self, at: int) -> None:
        """Keep the place."""
        self.at = at
        super().__init__(at)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, the columns it asks for, the words it compares with, and its test."""

    text: str
    fields: tuple[str, ...]
    words: frozenset[str]
    test: Test

    def holds(self, person: Mapping[str, Value]) -> bool:
        """Say whether a person surely fulfils it."""
        return self.test(person) is True


def read_condition(text: str) -> Condition:
    """Return a condition; raises ConditionBroken with the place."""
    if len(text) > MOST_TEXT:
        raise ConditionBroken(MOST_TEXT)
    reader = _Reader(text)
    test = reader.either(0)
    if reader.kind:
        raise ConditionBroken(reader.at + 1)
    return Condition(text, tuple(sorted(reader.fields)), frozenset(reader.words), test)


class _Reader:
    """Reads a condition from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fields: set[str] = set()
        self.words: set[str] = set()
        self.at = self.next_at = 0
        self.kind = self.word = ""
        self.step()

    def step(self) -> str:
        """Go to the next word and return the one before."""
        before = self.word
        self.at = self.next_at
        found = TOKEN.match(self.text, self.at)
        if found is None:
            if self.text[self.at :].strip():
                raise ConditionBroken(self.at + 1)
            self.kind = self.word = ""
            return before
        self.at, self.next_at = found.start(found.lastindex or 0), found.end()
        self.kind = ("name", "number", "word", "sign")[(found.lastindex or 1) - 1]
        self.word = found[found.lastindex or 0]
        if self.kind == "name" and self.word in KEYWORDS:
            self.kind = "keyword"
        return before

    def take(self, kind: str, word: str = "") -> str:
        if self.kind != kind or (word and self.word != word):
            raise ConditionBroken(self.at + 1)
        return self.step()

    def either(self, depth: int) -> Test:
        parts = [self.both(depth)]
        while (self.kind, self.word) == ("keyword", "or"):
            self.step()
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else lambda person: _any(part(person) for part in parts)

    def both(self, depth: int) -> Test:
        parts = [self.one(depth)]
        while (self.kind, self.word) == ("keyword", "and"):
            self.step()
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else lambda person: _all(part(person) for part in parts)

    def one(self, depth: int) -> Test:
        if depth > MOST_DEPTH:
            raise ConditionBroken(self.at + 1)
        if (self.kind, self.word) == ("keyword", "not"):
            self.step()
            inner = self.one(depth + 1)
            return lambda person: None if (found := inner(person)) is None else not found
        if (self.kind, self.word) == ("sign", "("):
            self.step()
            inner = self.either(depth + 1)
            self.take("sign", ")")
            return inner
        return self.comparison()

    def comparison(self) -> Test:
        field = self.take("name")
        self.fields.add(field)
        if (self.kind, self.word) == ("keyword", "in"):
            self.step()
            self.take("sign", "(")
            among = [self.value()]
            while (self.kind, self.word) == ("sign", ","):
                self.step()
                among.append(self.value())
            self.take("sign", ")")
            return lambda person: None if (found := person[field]) is None else found in among
        if self.kind != "sign" or self.word not in OPERATORS:
            raise ConditionBroken(self.at + 1)
        compare = OPERATORS[self.step()]
        wanted = self.value()

        def test(person: Mapping[str, Value]) -> Known:
            found = person[field]
            return None if found is None or type(found) is not type(wanted) else compare(found, wanted)

        return test

    def value(self) -> int | str:
        if self.kind == "number":
            return int(self.step())
        word = self.take("word")
        self.words.add(word)
        return word


def _all(parts: object) -> Known:
    found = list(parts)  # type: ignore[call-overload]
    return False if False in found else None if None in found else True


def _any(parts: object) -> Known:
    found = list(parts)  # type: ignore[call-overload]
    return True if True in found else None if None in found else False
