"""Holds the number of rows that an officer acknowledges against the sealed file itself: nobody confirms a list unopened.

An acknowledgement says how many rows the file holds. The law sees the file's hash alone, so only the desk that received the
file can tell; a desk that has no file, or must not open it yet, has nothing to acknowledge.
"""

from __future__ import annotations

from parley.acts import AcknowledgeList
from parley.desk import Desk
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.desk.opened import open_list
from parley.desk.sealing import has_come, may_open
from parley.words import ActId


def why_not_here(desk: Desk, list_id: ActId) -> str:
    """Return the code of what keeps this desk from having opened a list; empty where the file is here."""
    version = desk.ahead.lists.versions.get(list_id)
    if version is None or version.counterpart != desk.name:
        return ""
    missing = awaited(desk)
    if not may_open(desk.state, version.position, desk.three_signed, missing):
        return "desk.sealed_until_both"
    return "" if has_come(desk.ahead, version, missing) else "desk.blob_missing"


def check_count(desk: Desk, deed: AcknowledgeList) -> None:
    """Raise unless the file is here and holds as many rows as the deed says.

    Raises DeskBroken ``desk.sealed_until_both``, ``desk.blob_missing``, ``desk.other_count``, SealBroken, CommitmentBroken.
    """
    missing = why_not_here(desk, deed.list)
    if missing:
        raise DeskBroken(missing)
    rows = len(open_list(desk, deed.list))
    if deed.count != rows:
        raise DeskBroken("desk.other_count", said=deed.count, rows=rows)
