"""How letters sound: one table for each way in which a name is written down, from passports to the habits of neighbours.

Sounds are written with single letters so that the same name gives the same string from any script: ``j`` is ж, ``w`` ш
and щ, ``q`` ч, ``c`` ц, ``h`` х, ``y`` й; the others are what they seem. Sources:
resolution 55 of the Cabinet of Ministers (2010) and the passport tables before it, BGN/PCGN 1965 and 1947, ICAO Doc 9303 part 3
section 6, GOST 7.79-2000 system B, ISO 9:1995, and the practical transcription of German, French, Polish and English newspapers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

CYRILLIC: Final[Mapping[str, str]] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ё": "yo", "ж": "j", "з": "z", "и": "i",
    "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "q", "ш": "w", "щ": "w", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "'": "", "ѣ": "e", "ѳ": "f", "ѵ": "i", "ў": "u", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ү": "u",
    "ұ": "u", "һ": "h", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "җ": "j", "ј": "y", "љ": "l", "њ": "n", "ћ": "q", "ђ": "dj",
    "џ": "dj", "ѓ": "g", "ќ": "k", "ѕ": "dz",
}  # fmt: skip
"""Cyrillic letters; the few letters of neighbours that a list may hold are read as their nearest sound."""

_PLAIN: Final = {
    "æ": "ae", "ø": "o", "å": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss", "œ": "e", "ł": "l", "ə": "a", "ŋ": "n",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of writing sounds with Latin letters.

    ``code`` names it in readings, ``title`` tells a reader in English, ``read`` turns a word in small Latin letters into sounds,
    and ``never`` matches words that this way of writing cannot have made.
    """

    code: str
    title: str
    read: Callable[[str], str]
    never: re.Pattern[str] | None


def _scheme(
    code: str, title: str, letters: Mapping[str, str], *, before: tuple[tuple[str, str, str], ...] = (), never: str = ""
) -> Scheme:
    """Make a scheme from rules and letters.

    ``before`` rewrites what depends on its neighbours: (a letter that must be there, pattern, sounds in capitals); ``letters``
    then turns what is left, longest first.
    """
    table = {**_LETTERS, **letters}
    own = frozenset("".join(table))
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=lambda key: (-len(key), key))))
    rules = tuple((guard, re.compile(rule), sounds) for guard, rule, sounds in before)
    get = table.__getitem__

    def read(word: str) -> str:
        if not word.isascii():
            word = "".join(letter if letter in own or letter.isascii() else plain(letter) for letter in word)
        for guard, rule, sounds in rules:
            if guard in word:
                word = rule.sub(sounds, word)
        return pattern.sub(lambda found: get(found[0]), word).lower()

    return Scheme(code, title, read, re.compile(never) if never else None)


def plain(letter: str) -> str:
    """Return a Latin letter without its marks, in ASCII; nothing where there is no such letter."""
    if letter in _PLAIN:
        return _PLAIN[letter]
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if "a" <= part <= "z")


_LETTERS: Final = {letter: letter for letter in "abdefgiklmnoprstuvz"} | {
    "c": "k", "h": "h", "j": "y", "q": "k", "w": "v", "x": "ks", "y": "i", "'": "",
}  # fmt: skip
_SOFT: Final = {
    "ya": "ya",
    "ye": "ye",
    "yi": "yi",
    "yo": "yo",
    "yu": "yu",
    "ia": "ya",
    "ie": "ye",
    "iu": "yu",
    "io": "yo",
}
_PASSPORT: Final = _SOFT | {
    "shch": "w", "zh": "j", "kh": "h", "ts": "c", "ch": "q", "sh": "w", "iy": "iy", "yy": "iy", "ii": "iy", "iia": "iya",
    "ay": "ay", "ey": "ey", "oy": "oy", "uy": "uy", "ai": "ay", "ei": "ey", "oi": "oy", "ui": "uy",
}  # fmt: skip
_JOT: Final = {"ja": "ya", "je": "ye", "ji": "yi", "jo": "yo", "ju": "yu", "j": "y"}
_FOREIGN: Final = r"[^a-z'-]"

SCHEMES: Final[tuple[Scheme, ...]] = (
    _scheme(
        "kmu-55",
        "Ukrainian, by resolution 55 of 2010 (passports since)",
        _PASSPORT | {"zgh": "zg", "h": "g"},
        never=rf"[jwxq']|c(?!h)|{_FOREIGN}",
    ),
    _scheme(
        "icao",
        "Russian, by ICAO 9303 (passports since 2010)",
        _PASSPORT | {"h": "g"},
        never=rf"[jwxq']|c(?!h)|(?<![kscz])h|{_FOREIGN}",
    ),
    _scheme("bgn", "Ukrainian or Russian, by BGN/PCGN", _PASSPORT | {"h": "g"}, never=rf"[jwxq]|c(?!h)|{_FOREIGN}"),
    _scheme(
        "passport",
        "Ukrainian or Russian, by older passports",
        _PASSPORT | {"h": "g", "x": "ks", "j": "y", "ja": "ya", "ju": "yu"},
        never=rf"[wq]|c(?!h)|{_FOREIGN}",
    ),
    _scheme(
        "gost-7.79",
        "Russian, by GOST 7.79-2000 system B",
        _SOFT
        | {
            "shh": "w",
            "zh": "j",
            "ch": "q",
            "sh": "w",
            "cz": "c",
            "c": "c",
            "x": "h",
            "j": "y",
            "y'": "i",
            "e'": "e",
            "yh": "i",
            "ij": "iy",
            "yj": "iy",
            "aj": "ay",
            "ej": "ey",
            "oj": "oy",
        },
        never=rf"[qw]|kh|(?<![sczyh])h(?!h)|{_FOREIGN}",
    ),
    _scheme(
        "iso-9",
        "Cyrillic, by ISO 9 or the scholars' transliteration",
        _JOT
        | {
            "šč": "w",
            "ŝ": "w",
            "š": "w",
            "č": "q",
            "ž": "j",
            "c": "c",
            "h": "h",
            "ch": "h",
            "x": "h",
            "è": "e",
            "ė": "e",
            "û": "yu",
            "â": "ya",
            "ë": "yo",
            "ê": "ye",
            "ě": "ye",
            "ì": "i",
            "ï": "yi",
            "ć": "q",
            "đ": "dj",
            "ij": "iy",
            "yj": "iy",
        },
        never=r"[qw]",
    ),
    _scheme(
        "german",
        "by ear in German",
        _JOT
        | {
            "schtsch": "w",
            "tsch": "q",
            "dsch": "dj",
            "sch": "w",
            "ch": "h",
            "tz": "c",
            "w": "v",
            "z": "c",
            "ei": "ay",
            "ai": "ay",
            "eu": "oy",
            "äu": "oy",
            "ie": "i",
            "ä": "e",
            "ö": "e",
            "ü": "yu",
            "ß": "s",
            "ph": "f",
            "ck": "k",
            "qu": "kv",
            "th": "t",
            "ah": "a",
            "eh": "e",
            "oh": "o",
            "uh": "u",
            "ih": "i",
            "öh": "e",
            "chs": "ks",
        },
    ),
    _scheme(
        "french",
        "by ear in French",
        {
            "chtch": "w",
            "tch": "q",
            "ch": "w",
            "dj": "dj",
            "j": "j",
            "kh": "h",
            "ts": "c",
            "iou": "yu",
            "ïou": "yu",
            "you": "yu",
            "ou": "u",
            "ia": "ya",
            "ya": "ya",
            "ie": "ye",
            "ï": "y",
            "eau": "o",
            "au": "o",
            "ai": "e",
            "oi": "ua",
            "gn": "n",
            "qu": "k",
            "ph": "f",
            "th": "t",
            "h": "",
            "ç": "s",
            "eu": "e",
            "œ": "e",
            "gu": "g",
        },
        before=(
            ("c", "c(?=[eiyéèê])", "S"),
            ("g", "g(?=[eiyéèê])", "J"),
            ("n", "ine$", "IN"),
            ("e", "e$", ""),
            ("f", "ff$", "F"),
        ),
    ),
    _scheme(
        "polish",
        "by ear in Polish",
        _JOT
        | {
            "szcz": "w",
            "sz": "w",
            "cz": "q",
            "rz": "j",
            "ż": "j",
            "ź": "z",
            "ś": "s",
            "ć": "q",
            "ł": "l",
            "ch": "h",
            "c": "c",
            "w": "v",
            "ó": "u",
            "ą": "on",
            "ę": "en",
            "ń": "n",
            "dż": "dj",
            "dź": "dz",
            "ia": "ya",
            "ie": "ye",
            "io": "yo",
            "iu": "yu",
        },
    ),
    _scheme(
        "english",
        "by ear in English",
        _SOFT
        | {
            "sch": "w",
            "sh": "w",
            "tch": "q",
            "ch": "q",
            "ck": "k",
            "ph": "f",
            "th": "t",
            "j": "dj",
            "ee": "i",
            "ea": "i",
            "oo": "u",
            "ou": "u",
            "w": "u",
            "qu": "kv",
            "x": "ks",
            "gh": "g",
            "kh": "h",
            "zh": "j",
            "wh": "u",
            "ow": "ou",
            "aw": "o",
            "ew": "yu",
            "ay": "ey",
            "ai": "ey",
            "igh": "ay",
        },
        before=(("c", "c(?=[eiy])", "S"), ("e", "(?<=[bcdfghklmnprstvz])e$", ""), ("y", "y$", "I")),
    ),
)
"""In the order of their likelihood on the lists of the case; the first that gives a skeleton names it."""

ARABIC_NAMES: Final = _scheme(
    "arabic-names",
    "Arabic, by ear or by the scholars' transliteration",
    {
        "kh": "h", "gh": "g", "sh": "w", "ch": "w", "dh": "d", "th": "t", "ou": "u", "oo": "u", "ee": "i", "ei": "i", "aa": "a",
        "j": "g", "dj": "g", "w": "u", "ay": "ai", "ḥ": "h", "ṣ": "s", "ḍ": "d", "ṭ": "t", "ẓ": "z", "ġ": "g", "ǧ": "g",
        "š": "w", "ḫ": "h", "ṯ": "t", "ḏ": "d", "ā": "a", "ī": "i", "ū": "u",
    },
    before=(("h", "(?<=[ae])h$", ""), ("l", "^(?:al|el)[- ]", "")),
)  # fmt: skip
"""How Arabic names stand in Latin letters; tried only where the other name is in Arabic or Hebrew letters."""

TITLES: Final[Mapping[str, str]] = {
    "cyrillic": "in Cyrillic letters that Ukrainian and Russian read alike",
    "uk": "in Ukrainian",
    "ru": "in Russian",
    "ru-without-yo": "in Russian, ё written as е",
    "uk-as-ru": "in Ukrainian, as a Russian clerk spells it",
    "mixed": "in letters of several scripts",
    "arabic": "in Arabic letters",
    "arabic-without-article": "in Arabic letters, without the article",
    "hebrew": "in Hebrew letters",
} | {scheme.code: scheme.title for scheme in (*SCHEMES, ARABIC_NAMES)}
"""What each scheme of a reading is called in English."""
