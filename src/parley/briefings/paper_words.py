"""The words that the papers of the handover point print, in one language."""

from __future__ import annotations

from collections.abc import Mapping

from parley.acts import OUTCOME_CODES
from parley.briefings import phrases

ROOM = "paper."


def paper_words(language: str) -> Mapping[str, str]:
    """Return every printed word by its name; outcomes by their codes."""
    upper = {code.lower(): code for code in OUTCOME_CODES}
    found = {
        code.removeprefix(ROOM): entry[language]
        for code, entry in phrases.entries().items()
        if code.startswith(ROOM) and "en_next" not in entry
    }
    return {upper.get(name, name): text for name, text in found.items()}
