"""Says, before anybody signs, what an act would set off: an agreement undone, a batch frozen, a count that all will look at.

No rule forbids such an act, and that is why it has to be said. The law itself is asked: the act is folded into the state
ahead, and every alarm that it raises there is told. What others sign meanwhile may change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parley.acts import Deed
from parley.desk.drafting import Draft, as_act
from parley.desk.place import Place
from parley.desk.sealing import Attachment
from parley.process import judge, step
from parley.process.state import Alarm


def alarms_of(
    desk: Place,
    deed: Deed,
    *,
    signers: Iterable[str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> tuple[Alarm, ...]:
    """Return the alarms that this deed would raise in the state ahead; none where the law refuses it.

    ``signers`` are names of keys, unlocked or not; left out, those who would sign.
    """
    mandate, names = desk.who_signs(deed.kind, None if signers is None else tuple(signers))
    act = as_act(desk, Draft(mandate, ()), deed, tuple(one.as_drafted() for one in attachments))
    act = replace(act, signers=frozenset(names))
    if judge(desk.ahead, act) is not None:
        return ()
    return step(desk.ahead, act).alarms[len(desk.ahead.alarms) :]
