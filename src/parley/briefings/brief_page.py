"""The frozen briefing on paper: one page in each language, with the hash over all words at its foot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from parley.briefings import phrases
from parley.briefings.brief import Brief
from parley.handover.typesetting import typeset

_NUMBERED: Final = re.compile(r"[0-9]+\. ")


def brief_pages(made: Brief) -> Mapping[str, bytes]:
    """Return the PDF of a briefing in each of its languages; the same briefing gives the same bytes."""
    return {language: _page(made, language) for language in made.texts}


def _page(made: Brief, language: str) -> bytes:
    lines = [line for line in made.texts[language].splitlines() if line]
    numbered = [_NUMBERED.sub("", line, count=1) for line in lines if _NUMBERED.match(line)]
    *banner, title, as_of = [line for line in lines if not _NUMBERED.match(line)]
    data = {
        "language": language,
        "rtl": language in phrases.RIGHT_TO_LEFT,
        "banner": " ".join(banner),
        "title": title,
        "as_of": as_of,
        "lines": numbered,
        "footer": phrases.phrase("brief.footer", language, position=made.position, digest=made.digest),
    }
    return typeset("brief.typ", data, made.clock, package=__package__)
