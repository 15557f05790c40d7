"""Opens a list as it stands today: its newest sealed file after any erasures, or one's own copy."""

from __future__ import annotations

from parley.desk import Desk
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.desk.own_copies import open_own, own_commitments
from parley.desk.sealing import may_open
from parley.record.commitment import Rows
from parley.words import ActId


def open_list(desk: Desk, act: ActId) -> Rows:
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
    return desk.open(newest_file(desk, act))


def newest_file(desk: Desk, act: ActId) -> ActId:
    """Return the act whose sealed file holds this list now: the last erasure from it, else the list itself."""
    erasures = [key for key, one in desk.state.standing.erasures.items() if one.list == act]
    return erasures[-1] if erasures else act
