"""Every sentence the house says, in four languages, looked up by its code.

The sentences stand in the files beside this one, one file per stage of the law or room of the house. A code that is
refused or broken has a *why* and a *next* in each language: why it is not possible, and what to do about it. Other
phrases have a text only, or the plural forms that their language needs. A phrase that is missing in a language is a
bug of ours, and a test finds it; a *fact* may come from an opponent, so it never brings control characters or a
change of writing direction into a sentence.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from parley.acts import LANGUAGES
from parley.words import Broken, Fact, Refusal

PLURALS: Final[Mapping[str, tuple[str, ...]]] = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "en": ("one", "other"),
    "ru": ("one", "few", "many"),
    "uk": ("one", "few", "many"),
}
"""The plural forms of whole numbers in each language (Unicode CLDR, plural rules)."""
RIGHT_TO_LEFT: Final = frozenset({"ar"})
ISOLATE: Final = ("\u2068", "\u2069")
"""First strong isolate and its end: what stands between cannot reorder the sentence around it."""
TRANSLATED_FACTS: Final = frozenset({"cause", "count_point", "outcome", "reached", "scope", "status", "unit", "wanted"})
"""Facts whose values are words of the record, shown in the reader's language where the phrases know them."""

Entry = Mapping[str, str]


class Sentence(NamedTuple):
    """Why something is not possible, and what to do next."""

    why: str
    next: str


class Written(str):
    """A text made of phrases: it may stand in a blank of another phrase as it is."""

    __slots__ = ()


def sentence(code: str, facts: Mapping[str, Fact], language: str) -> Sentence:
    """Return the two sentences of a refusal's or broken thing's code; a KeyError is a bug of ours."""
    entry = _entries()[code]
    return Sentence(_fill(entry[language], facts, language), _fill(entry[f"{language}_next"], facts, language))


def explain(no: Refusal | Broken, language: str) -> Sentence:
    """Return the two sentences of a refusal or of a broken thing."""
    return sentence(no.code, no.facts, language)


def phrase(code: str, language: str, /, **facts: Fact) -> Written:
    """Return a phrase with its blanks filled; a KeyError is a bug of ours."""
    return Written(_fill(_entries()[code][language], facts, language))


def joined(parts: Iterable[str], language: str) -> Written:
    """Return several phrases one after the other, with the semicolon of the language between them."""
    return Written(("\u061b " if language == "ar" else "; ").join(parts))


def word(text: str, language: str) -> str:
    """Return a word of the record in a language (``NOT_PRESENTED``, ``inside``); one the phrases do not know stays."""
    entry = _entries().get(f"word.{text}")
    return text if entry is None else entry[language]


def counted(code: str, count: int, language: str) -> Written:
    """Return a number with its noun in the right plural form: ``1 особа``, ``2 особи``, ``5 осіб``."""
    entry = _entries()[code]
    return Written(entry[f"{language}_{plural(language, count)}"].replace("{count}", number(count, language)))


def number(count: int, language: str) -> Written:
    """Return a whole number in Western digits, grouped as the language groups them."""
    return Written(f"{count:,}".replace(",", {"ru": "\u00a0", "uk": "\u00a0"}.get(language, ",")))


def plural(language: str, count: int) -> str:
    """Return the name of the plural form that a whole number takes in a language (CLDR)."""
    count = abs(count)
    tens, hundreds = count % 10, count % 100
    if language == "en":
        return "one" if count == 1 else "other"
    if language in {"ru", "uk"}:
        if tens == 1 and hundreds != 11:
            return "one"
        return "few" if tens in range(2, 5) and hundreds not in range(12, 15) else "many"
    assert language == "ar", language
    if count < 3:
        return ("zero", "one", "two")[count]
    return "few" if hundreds in range(3, 11) else "many" if hundreds >= 11 else "other"


def codes() -> frozenset[str]:
    """Return every code that has a why and a next."""
    return frozenset(code for code, entry in _entries().items() if "en_next" in entry)


def entries() -> Mapping[str, Entry]:
    """Return every phrase as written, by code."""
    return _entries()


@cache
def _entries() -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            _gather(found, "", tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    return found


def _gather(found: dict[str, Entry], code: str, table: Mapping[str, Any], file: str) -> None:
    """Add every phrase below a table: a table of texts is a phrase, a table of tables a step on the way."""
    if table and all(isinstance(value, str) for value in table.values()):
        assert code not in found, f"{file} gives {code} a second time"
        found[code] = table
        return
    for name, inner in table.items():
        assert isinstance(inner, dict), f"{file}: {code}.{name} is neither a phrase nor a table of phrases"
        _gather(found, f"{code}.{name}" if code else name, inner, file)


class _Facts(dict[str, str]):
    """Facts ready for a sentence; one that is missing shows as an ellipsis, because a reader is waiting."""

    def __missing__(self, name: str) -> str:
        return "…"


def _fill(template: str, facts: Mapping[str, Fact], language: str) -> str:
    shown = _Facts({name: _show(name, fact, language) for name, fact in facts.items()})
    return template.format_map(shown) if "{" in template else template


def _show(name: str, fact: Fact, language: str) -> str:
    if isinstance(fact, int | Written):
        return str(fact)
    return harmless(word(fact, language) if name in TRANSLATED_FACTS else fact, language)


def harmless(text: str, language: str) -> str:
    """Return a text from elsewhere that can neither break nor turn a sentence; phrases (Written) stay as they are."""
    if isinstance(text, Written):
        return text
    clean = "".join("\ufffd" if unicodedata.category(one) in {"Cc", "Cf", "Cs"} else one for one in text)
    return clean.join(ISOLATE) if language in RIGHT_TO_LEFT else clean


assert set(PLURALS) == set(LANGUAGES)
