"""A desk's own copy of the lists it handed in, because a list is sealed to its readers and its author is none of them.

Without it an author could neither show a single row of its list nor seal the list anew without some people. The copy is
sealed to the desk's own room, kept in the store beside the others' files, never in a bundle, and forgotten like them.
"""

from __future__ import annotations

from typing import Final

from parley.desk.errors import DeskBroken
from parley.desk.place import Place, digest_of
from parley.record.commitment import Rows, commit_rows, pack_rows, unpack_rows
from parley.record.seal import Recipient, seal_padded, unseal_padded
from parley.store.base import Change
from parley.words import Digest

OWN: Final = "own/"
"""The facts that name, by commitment, the blob of one's own copy."""


def keep_own(desk: Place, rows: Rows, recipient: Recipient) -> Digest:
    """Keep a copy of these rows, sealed to one of one's own keys; returns the commitment under which it is found."""
    commit = commit_rows(rows).root
    blob = seal_padded(pack_rows(rows), [recipient], desk.randomness)
    digest = digest_of(blob)
    before = desk.store.facts(OWN + commit).get(OWN + commit)
    forget = (before.decode(),) if before is not None else ()
    facts = {OWN + commit: digest.encode()}
    desk.store.write(Change(start=desk.size, blobs=((digest, blob),), facts=facts, forget=forget))
    return commit


def open_own(desk: Place, commit: str) -> Rows:
    """Open one's own copy; raises DeskBroken ``desk.blob_missing``, ``desk.not_addressed``, ``desk.commitment_differs``."""
    digest = desk.store.facts(OWN + commit).get(OWN + commit)
    blob = desk.store.blob(digest.decode()) if digest is not None else None
    if blob is None:
        raise DeskBroken("desk.blob_missing")
    identities = [
        one for room, ring in desk.keys.identities.items() if room.startswith(f"{desk.name}/") for one in ring
    ]
    if not identities:
        raise DeskBroken("desk.not_addressed")
    rows = unpack_rows(unseal_padded(blob, identities))
    if commit_rows(rows).root != commit:
        raise DeskBroken("desk.commitment_differs")
    return rows


def own_commitments(desk: Place) -> tuple[str, ...]:
    """Return the commitments of every list of which there is an own copy."""
    return tuple(name.removeprefix(OWN) for name in desk.store.facts(OWN))


def forget_own(desk: Place, commit: str) -> None:
    """Destroy one's own copy of a list; who destroys the key is the keeper of the key file."""
    digest = desk.store.facts(OWN + commit).get(OWN + commit)
    if digest is not None:
        desk.store.write(Change(start=desk.size, facts={OWN + commit: None}, forget=(digest.decode(),)))
