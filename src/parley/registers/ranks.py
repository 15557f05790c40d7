"""Knows the ranks of armed forces in several languages, lowest first, so that "старшина" and "chief sergeant" can be compared.

Ranks are compared as steps of one ladder, because two offices translate a rank to its neighbour more often than to itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LADDER: Final[tuple[tuple[str, ...], ...]] = (
    ("солдат", "рядовий", "рядовой", "матрос", "soldier", "private", "sailor", "جندي", "recruit", "рекрут"),
    (
        "старший солдат",
        "ефрейтор",
        "старший матрос",
        "senior soldier",
        "private first class",
        "lance corporal",
        "جندي أول",
    ),
    (
        "молодший сержант",
        "младший сержант",
        "junior sergeant",
        "старшина 2 статті",
        "старшина 2 статьи",
        "corporal",
        "عريف",
    ),
    ("сержант", "sergeant", "старшина 1 статті", "старшина 1 статьи", "رقيب"),
    ("старший сержант", "senior sergeant", "sergeant first class", "головний старшина", "главный старшина", "رقيب أول"),
    ("головний сержант", "старшина", "chief sergeant", "master sergeant", "first sergeant", "مساعد"),
    ("штаб-сержант", "прапорщик", "staff sergeant", "warrant officer", "ensign", "мічман", "мичман", "مساعد أول"),
    ("майстер-сержант", "старший прапорщик", "senior warrant officer", "старший мічман", "старший мичман"),
    ("молодший лейтенант", "младший лейтенант", "junior lieutenant", "second lieutenant", "ملازم"),
    ("лейтенант", "lieutenant", "ملازم أول"),
    ("старший лейтенант", "senior lieutenant", "first lieutenant"),
    ("капітан", "капитан", "captain", "капітан-лейтенант", "капитан-лейтенант", "نقيب"),
    ("майор", "major", "капітан 3 рангу", "капитан 3 ранга", "رائد"),
    ("підполковник", "подполковник", "lieutenant colonel", "капітан 2 рангу", "капитан 2 ранга", "مقدم"),
    ("полковник", "colonel", "капітан 1 рангу", "капитан 1 ранга", "عقيد"),
    ("бригадний генерал", "генерал-майор", "brigadier general", "major general", "عميد", "لواء"),
    ("генерал", "генерал-лейтенант", "генерал-полковник", "general", "lieutenant general", "فريق"),
)
"""The steps, each with the words that name it; the words of one step are no promise that two armies mean the same by them."""

_STEPS: Final = {word: step for step, words in enumerate(LADDER) for word in words}
_SHORT: Final = (
    (re.compile(r"\b(?:ст|sr|snr)\b\.?"), "старший"),
    (re.compile(r"\b(?:мол|мл|jr)\b\.?"), "молодший"),
    (re.compile(r"\b(?:серж|с-т|sgt)\b\.?"), "сержант"),
    (re.compile(r"\b(?:лейт|л-т|lt)\b\.?"), "лейтенант"),
    (re.compile(r"\b(?:ряд)\b\.?"), "рядовой"),
    (re.compile(r"\b(?:кап|к-н|capt)\b\.?"), "капитан"),
)


@lru_cache(maxsize=4096)
def rank_of(text: str) -> int:
    """Return the step of the ladder that a written rank stands for, counted from 0; -1 for a rank that is not known."""
    word = " ".join(text[:80].casefold().split())
    if word in _STEPS:
        return _STEPS[word]
    for short, full in _SHORT:
        word = short.sub(full, word)
    return _STEPS.get(" ".join(word.split()), -1)
