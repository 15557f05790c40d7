"""Which act an officer means by a number of the log, by an act's id, or by the first digits of its id."""

from __future__ import annotations

import re

from parley.desk.errors import NotUnderstood
from parley.desk.place import Place
from parley.words import ActId


def act_meant(desk: Place, text: str) -> ActId:
    """Return the act meant by its number in the log (``12``, ``#12``), its id, or the first digits of its id.

    Raises NotUnderstood ``cli.no_such_act``; a whole id that is in no log is returned as it stands.
    """
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        if int(number) >= desk.size:
            raise NotUnderstood("cli.no_such_act", text=text[:20])
        return desk.act_at(int(number)).id
    wanted = text.lower()
    if re.fullmatch(r"[0-9a-f]{4,64}", wanted):
        known = [*desk.ledger.positions, *(one.id for one in desk.waiting)]
        found = [one for one in known if one.startswith(wanted)]
        if len(found) == 1:
            return ActId(found[0])
        if len(wanted) == 64:
            return ActId(wanted)
    raise NotUnderstood("cli.no_such_act", text=text[:20])
