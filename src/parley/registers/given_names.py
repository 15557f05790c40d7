"""Knows that Микола, Николай and Коля are one given name, and whose child Миколайович is.

The table is given_names.toml, written for this project: Ukrainian and Russian pairs, other full forms, fond forms, Latin
forms that no romanisation gives, and the commonest Arabic names. A form that belongs to several names (Саша, Слава, Женя)
names none of them.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from parley.registers.readings import readings
from parley.registers.scripts import mended

_PATRONYMIC: Final = re.compile("(?:[oei]?v(?:iq|na)|iniqna|iqna|iq)$")
"""The endings -ович, -евич, -йович, -ич, -івна, -ївна, -овна, -евна, -ична, -инична as they stand in a skeleton."""
_VOWELS: Final = "aeiou"
_CACHE: Final = 1 << 17
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Table:
    written: Mapping[str, frozenset[str]]
    sounds: Mapping[str, frozenset[str]]
    skeletons: Mapping[str, frozenset[str]]
    fathers: Mapping[str, frozenset[str]]


@lru_cache(maxsize=_CACHE)
def given_name_ids(token: str) -> frozenset[str]:
    """Return every given name that a word can stand for, by how it is written or else by how it reads; empty where unknown."""
    table = _table()
    found = table.written.get(_plainly(token))
    if found is not None:
        return found
    read = readings(token)
    found = next((table.sounds[one.sound] for one in read if one.sound in table.sounds), None)
    return found or next((table.skeletons[one.skeleton] for one in read if one.skeleton in table.skeletons), _NONE)


def given_name_id(token: str) -> str | None:
    """Return the given name a word stands for, such as ``mykola``; None where the table knows none or more than one."""
    found = given_name_ids(token)
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=_CACHE)
def father_of(patronymic: str) -> str | None:
    """Return the id of the father's given name; None for what is no patronymic, and where the name is not in the table."""
    fathers = _table().fathers
    for one in readings(patronymic):
        stem = _PATRONYMIC.sub("", one.skeleton)
        found = fathers.get(_stem(stem), _NONE) if stem != one.skeleton else _NONE
        if len(found) == 1:
            return next(iter(found))
    return None


def has_patronymic_ending(token: str) -> bool:
    """Return whether a word ends as patronymics end, known father or not; surnames such as Попович do as well."""
    found = readings(token)
    return bool(found) and any(_PATRONYMIC.search(one.skeleton) and len(one.skeleton) > 4 for one in found)


@cache
def _table() -> _Table:
    source = tomllib.loads(files(__package__).joinpath("given_names.toml").read_text(encoding="utf-8"))
    written: dict[str, set[str]] = defaultdict(set)
    sounds: dict[str, set[str]] = defaultdict(set)
    skeletons: dict[str, set[str]] = defaultdict(set)
    fathers: dict[str, set[str]] = defaultdict(set)
    for group in source.values():
        for name, forms in group.items():
            full = [forms["uk"], forms["ru"], *forms.get("also", "").split()]
            others = [*forms.get("short", "").split(), *forms.get("ar", "").split()]
            for form in (*full, *others, *forms.get("latin", "").split()):
                written[_plainly(form)].add(name)
            for form in (*full, *forms.get("short", "").split()):
                for one in readings(form):
                    sounds[one.sound].add(name)
                    skeletons[one.skeleton].add(name)
    for name, forms in source["male"].items():
        for form in (*forms["uk"].split(), *forms["ru"].split(), *forms.get("father", "").split()):
            fathers[_stem(readings(form)[0].skeleton)].add(name)
    return _Table(*(_frozen(one.items()) for one in (written, sounds, skeletons, fathers)))


def _frozen(items: Iterable[tuple[str, set[str]]]) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(names) for key, names in items}


def _plainly(form: str) -> str:
    return mended(form).casefold().strip(".").replace("ё", "е")


def _stem(skeleton: str) -> str:
    return skeleton.rstrip(_VOWELS) or skeleton
