"""Which of the locked keys in a desk's folder sign a kind of act: officers of a mandate, or roots."""

from __future__ import annotations

from parley.desk.errors import DeskBroken
from parley.desk.folder import Folder
from parley.desk.place import Place
from parley.process.authority import ROOT_KINDS


def needed_keys(desk: Place, folder: Folder, kind: str) -> tuple[str, ...]:
    """Return the names of the keys here that would sign this kind; raises DeskBroken where there are none."""
    here = [f"{desk.name}/{name}" for name in folder.key_names]
    authority = desk.ahead.authority
    if kind in ROOT_KINDS:
        me = authority.participants.get(desk.name)
        roots = [name for name in here if "/root-" in name]
        found = roots[: me.threshold if me is not None else len(roots)]
    else:
        found = []
        mine = [one for one in authority.mandates.values() if one.party == desk.name]
        mine.sort(key=lambda one: (kind not in one.needed, bool(one.revoked), one.until <= authority.clock))
        for mandate in mine:
            found = [name for name in sorted(mandate.officers) if name in here][: max(1, mandate.needed.get(kind, 1))]
            if found:
                break
    if not found:
        raise DeskBroken("desk.no_key", key=kind)
    return tuple(found)
