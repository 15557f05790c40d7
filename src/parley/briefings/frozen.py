"""A briefing frozen into a file: what a principal was told, up to which place in the record, with a hash over every word.

The file is one line of JSON (keys sorted, no spaces, ASCII only). Whoever holds the same record makes the same file again from
its place, so a copy found in a drawer years later is either what the record said then, or it was changed; ``differs`` says which.
It names no person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from parley.acts import LANGUAGES
from parley.briefings.brief import Brief, brief
from parley.process.state import State
from parley.words import MOMENT, Broken, Digest, Moment, ParticipantName, Refusal, refuse

TYPE: Final = "exchange.briefing/1"
MOST_FROZEN: Final = 256 * 1024
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "brief.malformed": "This is no frozen briefing, or it was changed; ask its reader for the file as it was frozen.",
        "brief.other_record": "The record here is another one than this was made from; compare the eight words of both.",
        "brief.other_words": "The record gives other words than this briefing has; ask who made it, with which version.",
    }
)
"""How a frozen briefing can fail to be one."""


class BriefBroken(Broken):
    """A file is no frozen briefing, or its words are not those that its hash is of."""

    def __init__(self, code: str) -> None:
        """Keep the code; one that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A briefing with the place of the one before it (-1: it was the first)."""

    brief: Brief
    since: int

    def __bytes__(self) -> bytes:
        """The file, one line and a line feed."""
        said = {
            "clock": self.brief.clock,
            "digest": self.brief.digest,
            "position": self.brief.position,
            "reader": self.brief.reader,
            "since": self.since + 1,
            "state": self.brief.state,
            "texts": dict(self.brief.texts),
            "type": TYPE,
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def freeze(state: State, reader: ParticipantName, before: State | None) -> Frozen:
    """Return the briefing of a state, in every language, beside the state of the last one."""
    made = brief(state, reader, before=before)
    return Frozen(brief=made, since=before.count if before is not None else -1)


def read_frozen(data: bytes) -> Frozen:
    """Read a frozen briefing; raises BriefBroken, also where a word was changed and the hash was not."""
    try:
        if len(data) > MOST_FROZEN or not data.endswith(b"\n"):
            raise BriefBroken("brief.malformed")
        said = json.loads(data)
        texts = said["texts"]
        found = Brief(
            reader=ParticipantName(_text(said["reader"])),
            position=_count(said["position"]),
            clock=Moment(_text(said["clock"])),
            state=Digest(_text(said["state"])),
            texts={language: _text(texts[language]) for language in LANGUAGES},
        )
        known = said["type"] == TYPE and said["digest"] == found.digest and set(texts) == set(LANGUAGES)
        frozen = Frozen(brief=found, since=_count(said["since"]) - 1)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BriefBroken("brief.malformed") from None
    if not known or bytes(frozen) != data or (found.clock and MOMENT.match(found.clock) is None):
        raise BriefBroken("brief.malformed")
    return frozen


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def differs(frozen: Frozen, there: State, before: State | None) -> Refusal | None:
    """Say that a frozen briefing is not what this record says at its place, or nothing.

    ``there`` is the state at the briefing's position, ``before`` the one at its ``since`` (None for a first one).
    """
    made = freeze(there, frozen.brief.reader, before)
    if made.brief.state != frozen.brief.state:
        return refuse("brief.other_record", position=frozen.brief.position)
    if bytes(made) != bytes(frozen):
        return refuse("brief.other_words", position=frozen.brief.position)
    return None
