"""The page that a family reads by its reference code: one of five plain words, a day, whom to call, what it does not mean.

Every answer has the same length and the same form, also for a code that nobody gave out: who listens on the line, or tries
codes, sees no difference by size. It holds no name, no place, no date to come, and it works without script or style.
"""

from __future__ import annotations

from html import escape
from typing import Final

from parley.acts import LANGUAGES
from parley.briefings import phrases

BYTES: Final = 2048
"""The length of every answer: what a telephone on a weak line gets in one packet or two."""
OWN_NAMES: Final = {"ar": "العربية", "en": "English", "ru": "Русский", "uk": "Українська"}


def family_page(language: str, *, asked: bool, word: str = "", since: str = "", contact: str = "") -> bytes:
    """Return the page: the question alone, or (``asked``) with what a code says; an empty word is an unknown code."""
    direction = "rtl" if language in phrases.RIGHT_TO_LEFT else "ltr"
    parts = [
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">',
        f"<title>{_say('family.title', language)}</title><main><h1>{_say('family.title', language)}</h1>",
    ]
    if asked:
        head = word or "unknown"
        parts.append(f"<h2>{_say(f'family.word.{head}', language)}</h2>")
        parts.append(f'<p><bdi dir="ltr">{escape(since)}</bdi></p>' if since else "")
        parts.append(f"<p>{_say(f'family.means.{head}', language)}</p>")
        parts.append(f"<p>{_say('family.call', language)} <bdi>{escape(contact)}</bdi></p>" if contact else "")
    parts.append(
        f'<form method="post"><label>{_say("family.code", language)} <input name="code" maxlength="64" autocomplete="off">'
        f"</label> <button>{_say('family.look', language)}</button></form>"
    )
    parts.append(
        " ".join(f'<a href="?l={one}" lang="{one}">{OWN_NAMES[one]}</a>' for one in LANGUAGES) + "</main></html>"
    )
    page = "".join(parts).encode()
    assert len(page) + 7 <= BYTES, len(page)
    return page + b"<!--" + b" " * (BYTES - len(page) - 7) + b"-->"


def _say(code: str, language: str) -> str:
    return escape(phrases.phrase(code, language))
