"""Seals what travels with an act, and says when a sealed list may be opened.

An attachment is rows: a list has one per line, a text has one row. The file is committed to row by row, padded to a size class,
and sealed to the rooms of its recipients. Where both sides hand in lists, neither is opened before both, each for the other,
stand in a checkpoint that every party has cosigned, so that nobody adapts a list to the other's (DESIGN 3; notes/record 3.5).
Offers are opened against offers alone; requests against requests or offers, since a side may have nobody to ask for. Later
versions are not held back; handed in after the other's was opened, they raise the alarm (lists 3a).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final

from parley.acts import Sealed
from parley.desk.errors import DeskBroken
from parley.process import agreed
from parley.process.state import ListVersion, State
from parley.record import attachment as attachment_file
from parley.record.commitment import Rows, commit_rows, salt_rows
from parley.record.envelope import SealedRef
from parley.record.seal import Recipient
from parley.words import Digest

ANSWERED_BY: Final = {"offer": frozenset({"offer"}), "request": frozenset({"request", "offer"})}
"""Which lists of its own a side must have fixed before it opens the other's, by the other's purpose."""
TEXT_LINE: Final = "T1"
"""The line id of a sealed text: it is no line of any list."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Rows to be sealed to rooms (``south/lists``, ``neutral/lists``)."""

    rows: Rows
    to: tuple[str, ...]

    @staticmethod
    def of_text(text: Mapping[str, str], to: tuple[str, ...], randomness: Callable[[int], bytes]) -> Attachment:
        """Return one text, in one or more languages, as an attachment."""
        return Attachment(salt_rows([(TEXT_LINE, dict(text))], randomness), to)

    def as_drafted(self) -> Sealed:
        """Return what the law may look at before the file is made: the commitment and the rooms."""
        return Sealed(Digest("0" * 64), commit_rows(self.rows).root, 0, self.to)


def seal_attachment(
    attachment: Attachment, keys: Mapping[str, str], randomness: Callable[[int], bytes]
) -> attachment_file.Attachment:
    """Commit, pad and seal to the published keys; raises DeskBroken where a room has published none, else as ``attach``."""
    missing = [room for room in attachment.to if room not in keys]
    if missing:
        raise DeskBroken("desk.no_encryption_key", room=missing[0])
    readers = {room: Recipient(keys[room]) for room in attachment.to}
    return attachment_file.attach(attachment.rows, readers, randomness)


def as_sealed(ref: SealedRef) -> Sealed:
    """Return the reference that an act carries, as the law sees it."""
    return Sealed(Digest(ref.blob), Digest(ref.commit), ref.size, tuple(ref.to))


def both_hand_in(state: State) -> bool:
    """Say whether both sides hand in lists: as long as no terms say that only one side gives, they do."""
    owed = agreed.owed(state)
    return not owed or sum(1 for _, most in owed.values() if most is None or most > 0) > 1


def files_now(state: State, version: ListVersion) -> frozenset[str]:
    """Return the digests of the files in which a list stands now: those of the last erasure from it, else its own."""
    erasures = [one.files for one in state.standing.erasures.values() if one.list == version.id]
    return frozenset(erasures[-1] if erasures else (version.blob,))


def has_come(state: State, version: ListVersion, awaited: Container[str]) -> bool:
    """Say whether a list is here: a file that never came is not made good by an erasure whose file is withheld too."""
    return not any(one in awaited for one in files_now(state, version))


def may_open(state: State, position: int, three_signed: int, awaited: Container[str] = ()) -> bool:
    """Say whether a file sealed with the act at a position may be handed out and opened.

    A file that an erasure put in a list's place waits with the list: ask for the list's position (``Place.waits_with``).
    Only lists wait. ``three_signed`` is the size of the largest checkpoint that every party has cosigned, ``awaited`` are the
    files that have not come: who withholds its own file does not get the other side's.
    """
    mine = next((one for one in state.lists.versions.values() if one.position == position), None)
    if mine is None:
        return True
    if position >= three_signed:
        return False
    if not both_hand_in(state):
        return True
    return any(
        one.position < three_signed and has_come(state, one, awaited)
        for one in state.lists.versions.values()
        if (one.author, one.counterpart) == (mine.counterpart, mine.author) and one.purpose in ANSWERED_BY[mine.purpose]
    )
