"""Tells surname, given name and father's name apart, whatever order they were written in.

Position is the weakest witness: it decides only where nothing else does. A word is known as a given name or a patronymic by
the table of given names, as a surname by its ending or by capitals, as an initial by its point; the father's name follows the
given name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Final, Literal

from parley.registers.given_names import father_of, given_name_id, given_name_ids, has_patronymic_ending
from parley.registers.readings import readings
from parley.registers.scripts import mended, script_of

Certainty = Literal["certain", "likely", "guess"]

_SURNAME: Final = re.compile(
    "(?:enko|ko|uk|ski|cki|ska|cka|zki|ov|ev|iv|ova|eva|in|ina|ec|ak|ik|uha|ura|ula|iwin|ai|dze|wvili|ani?|in?wi?|er|man)$"
)
"""Endings of surnames as they stand in a skeleton: Ukrainian, Russian, Polish, Georgian, Armenian, German."""
_INITIALS: Final = re.compile(r"(?:\w\.-?)+\w?\.?|\w")
_WORDS: Final = re.compile(r"[^\s,;]+")
_CHILD_OF: Final = frozenset("огли оглы угли кизи кызы ogly oglu ogli kyzy qizi gizi".split())
_SON_OF: Final = frozenset("بن ابن bin ibn ben bint".split())
_MOST_WORDS: Final = 12
_CACHE: Final = 1 << 17


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """A name in its parts as written, each possibly empty, and how sure the division is.

    ``certain``: any other division would go against the table of names; ``likely``: endings or the comma say so; ``guess``:
    only the order of the words does.
    """

    surname: str
    given: str
    father: str
    certainty: Certainty


def parts_of(full: str) -> NameParts:
    """Divide a name written in one field; words beyond a surname, a given name and a father's name go to the surname."""
    before, comma, after = full.partition(",")
    if comma and before.strip() and after.strip():
        surname = " ".join(_words(before))
        rest = _divided([""], _words(after))
        given = rest.given or rest.surname
        return NameParts(surname=surname, given=given, father=rest.father, certainty="likely")
    return _divided([], _words(full))


def parts_of_columns(surname: str, given: str, father: str) -> NameParts:
    """Divide a name that came in columns; whoever filled them in is believed, unless the table of names contradicts."""
    if not surname.strip() or not given.strip():
        written = " ".join(one for one in (surname, given) if one.strip())
        if not father.strip() or len(_words(written)) != 1:
            return parts_of(f"{written} {father}".strip())
        return NameParts(surname=surname.strip(), given=given.strip(), father=father.strip(), certainty="guess")
    columns = [" ".join(surname.split()), " ".join(given.split()), " ".join(father.split())]
    best, *_ = sorted(permutations(range(3)), key=lambda order: -_fit([columns[at] for at in order], stays=order))
    chosen = [columns[at] for at in best]
    known = bool(given_name_ids(chosen[1]))
    return NameParts(surname=chosen[0], given=chosen[1], father=chosen[2], certainty="certain" if known else "likely")


def _words(text: str) -> list[str]:
    out: list[str] = []
    for word in _WORDS.findall(text)[:_MOST_WORDS]:
        if _is_initials(word):
            out += [f"{letter}." for letter in re.findall(r"\w", word)]
        elif any(map(str.isalpha, word)):
            out.append(word.strip('()"«»'))
    return out


def _is_initials(word: str) -> bool:
    return len(word) <= 8 and _INITIALS.fullmatch(word) is not None


def _divided(taken: Sequence[str], words: list[str]) -> NameParts:
    words = _joined(words)
    if not words:
        return NameParts(surname="", given="", father="", certainty="guess")
    if taken:
        words = words[:2]
        orders = [order for order in _orders(words) if not order[0]]
    else:
        orders = _orders(words)
    ranked = sorted(((_fit(order) + _place(order, words), order) for order in orders), key=lambda one: -one[0])
    score, (surname, given, father) = ranked[0]
    rival = next((other for other, order in ranked[1:] if order != [surname, given, father]), score - 2)
    certainty: Certainty = "certain" if score - rival >= 2 else "likely" if score - rival >= 0.75 else "guess"
    return NameParts(surname=surname, given=given, father=father, certainty=certainty)


def _joined(words: list[str]) -> list[str]:
    """Join words that make one part (Ахмед оглы, ibn Ali); of more than three, those that the table does not know."""
    out: list[str] = []
    for word in words:
        plain = mended(word).casefold()
        if out and (plain in _CHILD_OF or mended(out[-1]).casefold() in _SON_OF):
            out[-1] = f"{out[-1]} {word}"
        else:
            out.append(word)
    if len(out) <= 3:
        return out
    names = [word for word in out if _is_name(word)]
    if 1 <= len(names) <= 2:
        return [" ".join(word for word in out if word not in names), *names]
    return [*out[:2], " ".join(out[2:])]


def _is_name(word: str) -> bool:
    return bool(given_name_ids(word)) or father_of(word) is not None


def _orders(words: list[str]) -> list[list[str]]:
    """Every way to hand out the words as surname, given name, father's name."""
    filled = [*words, *[""] * (3 - len(words))]
    return [list(one) for one in dict.fromkeys(permutations(filled))]


def _fit(order: Sequence[str], stays: Sequence[int] = ()) -> float:
    surname, given, father = order
    kept = sum(1.5 for place, at in enumerate(stays) if place == at)
    if father and not surname and _is_initials(father):
        kept -= 1.0  # an initial alone stands beside a surname
    return kept + _as_surname(surname) + _as_given(given) + _as_father(father)


def _place(order: Sequence[str], words: Sequence[str]) -> float:
    surname, given, father = (words.index(part) if part else -1 for part in order)
    natural = 0.6 if father == given + 1 and father > 0 else 0.0
    if natural and _is_initials(order[1]) and _is_initials(order[2]):
        natural = 1.0
    first = 0.2 if surname == 0 else 0.0
    if script_of(words[0] if words else "") in {"latin", "arabic"}:
        first = 0.2 if given == 0 else 0.0
    return natural + first


@lru_cache(maxsize=_CACHE)
def _as_surname(word: str) -> float:
    if not word:
        return -2.5
    if _is_initials(word):
        return -3.0
    score = 1.0
    if father_of(word) is not None:
        score -= 1.5
    elif given_name_ids(word):
        score -= 1.0
    elif any(_SURNAME.search(one.skeleton) for one in readings(word)[:2]):
        score += 1.0
    return score + (1.0 if len(word) > 2 and word.isupper() else 0.0)


@lru_cache(maxsize=_CACHE)
def _as_given(word: str) -> float:
    if not word:
        return -1.0
    if _is_initials(word):
        return 1.5
    if father_of(word) is not None and not given_name_ids(word):
        return -1.0
    return 3.0 if given_name_id(word) else 2.5 if given_name_ids(word) else 0.0


@lru_cache(maxsize=_CACHE)
def _as_father(word: str) -> float:
    if not word:
        return 0.0
    if _is_initials(word):
        return 1.0
    if father_of(word) is not None:
        return 3.0
    first, *rest = mended(word).casefold().split() or [""]
    if rest and (rest[-1] in _CHILD_OF or first in _SON_OF):
        return 3.0
    if has_patronymic_ending(word):
        return 1.5
    return 0.2 if given_name_ids(word) else -1.0
