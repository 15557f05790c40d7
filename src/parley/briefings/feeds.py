"""What was published, as feeds that news programs read: Atom (RFC 4287) and JSON Feed 1.1, made of texts and nothing else.

Entries are named by the act that published them, so a feed that moves to another address keeps them. Both feeds follow from
the record alone: the same record gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from parley.briefings import phrases
from parley.words import ActId, Moment

MOST_ENTRIES: Final = 100
NEVER: Final = Moment("1970-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One text that was published: by which act, at which place, in whose name (empty: jointly), when, in each language."""

    act: ActId
    position: int
    by: str
    at: Moment
    texts: Mapping[str, str]


def title_of(one: Published, language: str) -> str:
    """Return an entry's heading."""
    if one.by:
        return phrases.phrase("own.title", language, side=one.by)
    return phrases.phrase("communique.title", language)


def atom(case: str, entries: Sequence[Published], language: str, site: str) -> bytes:
    """Return the Atom feed of one language; ``site`` is the address under which it is served, ending in a slash."""
    newest = max((one.at for one in entries), default=NEVER)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<title>{escape(phrases.phrase('feed.title', language, case=case))}</title>",
        f"<id>urn:parley:{escape(case)}:{language}</id><updated>{newest}</updated>",
        f'<link rel="self" href={quoteattr(f"{site}feed.{language}.atom")}/>',
    ]
    for one in _shown(entries, language):
        author = one.by or phrases.phrase("feed.jointly", language)
        parts.append(
            f"<entry><id>urn:sha256:{one.act}</id><title>{escape(title_of(one, language))}</title>"
            f"<updated>{one.at}</updated><published>{one.at}</published><author><name>{escape(author)}</name></author>"
            f'<content type="text">{escape(one.texts[language])}</content></entry>'
        )
    return "\n".join([*parts, "</feed>", ""]).encode()


def json_feed(case: str, entries: Sequence[Published], language: str, site: str) -> bytes:
    """Return the JSON Feed of one language."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": phrases.phrase("feed.title", language, case=case),
        "feed_url": f"{site}feed.{language}.json",
        "home_page_url": site,
        "language": language,
        "items": [
            {
                "id": f"urn:sha256:{one.act}",
                "title": title_of(one, language),
                "content_text": one.texts[language],
                "date_published": one.at,
                "language": language,
                "authors": [{"name": one.by or phrases.phrase("feed.jointly", language)}],
            }
            for one in _shown(entries, language)
        ],
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _shown(entries: Sequence[Published], language: str) -> list[Published]:
    """Return the newest entries that exist in a language, newest first."""
    found = sorted((one for one in entries if language in one.texts), key=lambda one: -one.position)
    return found[:MOST_ENTRIES]
