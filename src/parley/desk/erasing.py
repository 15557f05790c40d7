"""How a person is taken out of a sealed list: sealed anew without the row, and every old copy and key destroyed.

The author seals the list again without the rows; the commitment stays, so every other row can still be proven. Then each desk
that held the old file makes a new key for its list room, seals to it what it may still read, forgets the old files, destroys
the old key, and only then says so in an act. A file on an old stick is then a file without a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parley.acts import Erase, PublishEncryptionKeys
from parley.desk import Attachment, Desk
from parley.desk.enclosing import rooms_for
from parley.desk.errors import DeskBroken
from parley.desk.folder import load_keys, save_keys
from parley.desk.opened import open_list
from parley.desk.own_copies import forget_own, keep_own, own_commitments
from parley.process.standing import standing_of
from parley.record.commitment import Rows, erase_rows
from parley.record.errors import RecordBroken
from parley.record.keyfile import KeyRing, RoomIdentity
from parley.record.seal import generate_identity
from parley.words import ActId, Lines


def without(desk: Desk, list_id: ActId, lines: Lines) -> Rows:
    """Return the rows of one's own list with these lines erased; raises DeskBroken, CommitmentBroken."""
    return erase_rows(open_list(desk, list_id), set(lines))


def resealed(desk: Desk, deed: Erase) -> Attachment:
    """Return the list without the erased rows, for the rooms that had the old one; raises DeskBroken, CommitmentBroken."""
    return Attachment(without(desk, deed.list, deed.lines), rooms_for(desk.ahead, desk.name, deed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What a desk did before it confirmed: files forgotten, lists kept under the new key, lists it could not keep."""

    forgotten: int
    kept: int
    lost: int


def new_room_key(desk: Desk, key_file: Path, passphrase: str, work_factor: int) -> PublishEncryptionKeys:
    """Make a new key for the list room, keep it beside the old one, and return the deed that publishes it.

    Nothing is destroyed yet: if the program stops here, everything can still be read.
    """
    room = f"{desk.name}/lists"
    fresh = generate_identity(randomness=desk.randomness)
    ring = load_keys(key_file, passphrase)
    identities = (*ring.identities, RoomIdentity(room, fresh))
    save_keys(key_file, KeyRing(ring.signing, identities), passphrase, work_factor=work_factor)
    desk.keys.identities.setdefault(room, []).append(fresh)
    return PublishEncryptionKeys(keys={room: fresh.recipient.text})


def destroy_old(desk: Desk, key_file: Path, passphrase: str, work_factor: int, *, lose: bool = False) -> Destroyed:
    """Seal to the newest key what may still be read, forget the replaced files, and destroy the older keys of the list room.

    Raises DeskBroken, and then has destroyed nothing, while a list that is addressed here may not be opened yet or has not
    arrived: it could never be read again. With ``lose`` it is given up; its author can hand it in anew.
    """
    room = f"{desk.name}/lists"
    newest = desk.keys.identities[room][-1]
    kept, lost = _readable(desk, lose=lose)
    for rows in kept.values():
        keep_own(desk, rows, newest.recipient)
    there = [one for one in desk.replaced_files() if desk.store.blob(one) is not None]
    desk.forget(there)
    ring = load_keys(key_file, passphrase)
    for entry in ring.identities:
        if entry.room == room and entry.identity.recipient != newest.recipient:
            ring = ring.without(entry.identity.recipient)
    save_keys(key_file, ring, passphrase, work_factor=work_factor)
    desk.keys.identities[room] = [newest]
    return Destroyed(forgotten=len(there), kept=len(kept), lost=lost)


def keys_left(desk: Desk) -> bool:
    """Say whether the case is closed and sealed files or own copies of lists are still kept here."""
    if standing_of(desk.state) not in ("closed", "ended"):
        return False
    return bool(own_commitments(desk)) or any(desk.store.blob(one.blob) is not None for _, one in desk.sealed_acts())


def destroy_at_closing(desk: Desk, key_file: Path, passphrase: str, work_factor: int) -> Destroyed:
    """Destroy every key of this desk's rooms and every sealed file kept here, once the case is closed.

    The record stays whole: acts, commitments, counts. Raises DeskBroken ``desk.not_closed`` before, and then nothing is gone.
    """
    if standing_of(desk.state) not in ("closed", "ended"):
        raise DeskBroken("desk.not_closed")
    there = sorted({one.blob for _, one in desk.sealed_acts() if desk.store.blob(one.blob) is not None})
    desk.forget(there)
    own = own_commitments(desk)
    for commit in own:
        forget_own(desk, commit)
    ring = load_keys(key_file, passphrase)
    save_keys(key_file, KeyRing(ring.signing, ()), passphrase, work_factor=work_factor)
    desk.keys.identities.clear()
    return Destroyed(forgotten=len(there) + len(own), kept=0, lost=0)


def _readable(desk: Desk, *, lose: bool) -> tuple[dict[ActId, Rows], int]:
    """Return the rows of each list that this desk may read, without everybody erased, and how many lists are given up."""
    kept: dict[ActId, Rows] = {}
    lost = 0
    for act, version in desk.state.lists.versions.items():
        if desk.name not in {version.author, version.counterpart, desk.state.authority.neutral}:
            continue
        try:
            rows = open_list(desk, act)
        except (DeskBroken, RecordBroken) as broken:
            if isinstance(broken, DeskBroken) and not lose and version.author != desk.name:
                raise
            lost += 1
            continue
        erased = {line for one in desk.state.standing.erasures.values() if one.list == act for line in one.lines}
        kept[act] = erase_rows(rows, erased & {row.line for row in rows})
    return kept, lost
