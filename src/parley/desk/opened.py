"""Opens a list as it stands today: its newest sealed file after any erasures, or one's own copy."""

from __future__ import annotations

from parley.acts import Erase, HandInList
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.desk.own_copies import open_own, own_commitments
from parley.desk.place import Place
from parley.desk.sealing import may_open
from parley.record.attachment import open_attachment
from parley.record.commitment import Rows
from parley.words import ActId


def open_list(desk: Place, act: ActId) -> Rows:
    """Open a list that is addressed here or that this desk handed in; raises DeskBroken, SealBroken, CommitmentBroken.

    An own copy comes first: an author has nothing else, and a desk that changed its keys has kept what it may still read.
    Where people were erased, the file that was sealed in place of the old one is opened: their rows are gone.
    """
    version = desk.state.lists.versions.get(act)
    if version is None:
        raise DeskBroken("desk.no_such_act", act=act[:16])
    if version.author != desk.name and not may_open(desk.state, version.position, desk.three_signed, awaited(desk)):
        raise DeskBroken("desk.sealed_until_both")
    if version.commit in own_commitments(desk):
        return open_own(desk, version.commit)
    return open_file(desk, newest_file(desk, act))


def newest_file(desk: Place, act: ActId) -> ActId:
    """Return the act whose sealed file holds this list now: the last erasure from it, else the list itself."""
    erasures = [key for key, one in desk.state.standing.erasures.items() if one.list == act]
    return erasures[-1] if erasures else act


def open_file(desk: Place, act_id: str, number: int = 0) -> Rows:
    """Open a sealed file of an act that is addressed here, and hold it against its commitment.

    Raises DeskBroken (not addressed, not arrived, sealed until both sides have committed), SealBroken (another file, torn),
    CommitmentBroken ``commitment.mismatch``: the ground for an objection.
    """
    signed = desk.find(act_id)
    sealed = signed.envelope.sealed[number] if number < len(signed.envelope.sealed) else None
    if sealed is None:
        raise DeskBroken("desk.blob_missing")
    identities = desk.keys.opening(sealed.to)
    if not identities:
        raise DeskBroken("desk.not_addressed")
    own = signed.envelope.party == desk.name
    listed = signed.envelope.kind in {HandInList.kind, Erase.kind}
    place = desk.waits_with(ActId(act_id))
    if listed and not own and not may_open(desk.state, place, desk.three_signed, awaited(desk)):
        raise DeskBroken("desk.sealed_until_both")
    blob = desk.store.blob(sealed.blob)
    if blob is None:
        raise DeskBroken("desk.blob_missing")
    return open_attachment(sealed, blob, identities)
