"""What stands published in the record, its texts made again from the figures, and whether a text is one of them.

The law keeps only hashes of a communiqué. Its texts follow from its sheet and its place in the record, so this desk makes them
again, and hands out none whose hash is not the one that was signed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from parley.acts import PublishCommunique
from parley.briefings import own_words
from parley.briefings.communique import texts_of
from parley.briefings.feeds import Published
from parley.desk import Desk
from parley.desk.ledger import reload, to_act
from parley.process.state import State
from parley.record.envelope import read_act
from parley.words import ActId

MOST_PASTED: Final = 20_000
"""Letters of the longest text that is looked for: no communiqué is a tenth of it."""


def published(desk: Desk) -> tuple[Published, ...]:
    """Return everything published: joint communiqués, and each side's own, in the order of the record."""
    found = [*_joint(desk), *_own(desk.state)]
    return tuple(sorted(found, key=lambda one: one.position))


_MADE: Final[dict[ActId, Published]] = {}
"""Communiqués made again before: an act's texts never change, and anybody may ask for them."""


def _joint(desk: Desk) -> list[Published]:
    found: list[Published] = []
    for act_id in desk.state.publication.communiques:
        if act_id in _MADE:
            found.append(_MADE[act_id])
            continue
        position = desk.ledger.positions[act_id]
        before = reload(desk.store.acts(0, position)).state
        deed = to_act(read_act(next(iter(desk.store.acts(position, position + 1)))), position).deed
        assert isinstance(deed, PublishCommunique)
        texts = {
            language: text
            for language, text in texts_of(before, deed).items()
            if own_hash(text) == deed.texts.get(language)
        }
        _MADE[act_id] = Published(act=act_id, position=position, by="", at=before.authority.clock, texts=texts)
        found.append(_MADE[act_id])
    return found


def _own(state: State) -> list[Published]:
    return [
        Published(
            act=one.id,
            position=one.position,
            by=one.says.speaker,
            at=one.says.said,
            texts=own_words.own_texts(
                one.says.speaker, one.says.said, one.says.figures, practice=state.authority.practice
            ),
        )
        for one in state.publication.statements
        if own_words.is_own(one)
    ]


def own_hash(text: str) -> str:
    """Return the hash of one text as the record holds it."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a pasted text is: ``genuine`` (word for word), ``changed`` (names a sheet of this record), ``unknown``."""

    verdict: str
    language: str = ""
    entry: Published | None = None


def look_up(desk: Desk, text: str) -> Found:
    """Say whether a text is one that was published, word for word; spaces at the ends of lines do not matter."""
    wanted = _plain(text[:MOST_PASTED])
    if not wanted:
        return Found(verdict="unknown")
    entries = published(desk)
    for entry in entries:
        for language, said in entry.texts.items():
            if _plain(said) == wanted:
                return Found(verdict="genuine", language=language, entry=entry)
    for act_id, sheet in desk.state.publication.communiques.items():
        if sheet[:16] in wanted:
            return Found(verdict="changed", entry=next(one for one in entries if one.act == act_id))
    return Found(verdict="unknown")


def _plain(text: str) -> str:
    """Return a text without what copying adds: other line ends, spaces at their ends, marks of direction, a mark of order."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in text if unicodedata.category(one) != "Cf").replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in kept.strip().split("\n"))
