"""Puts another neutral in the place of one that fell out: where its log begins, and what becomes of acts beyond that place.

The new log begins where the last checkpoint that every party has cosigned ends. A desk that holds acts beyond goes back to
that place when it sees the succession. Nothing is lost: what goes is kept as *superseded*. Of one's own acts those that still
fit go to the new neutral as they were signed; they are never signed anew under their old number, which would be a fork. The
others name what the new log does not hold, and are to be done again by their officers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parley.acts import Deed, SucceedNeutral
from parley.desk.awaited import AWAITED, awaited
from parley.desk.errors import DeskBroken
from parley.desk.ledger import reload, to_act
from parley.desk.log_keeping import append_own
from parley.desk.place import WAITING, Place
from parley.process import judge
from parley.record.bundle import Bundle
from parley.record.envelope import Seen, SignedAct, read_act
from parley.words import ActId, Digest, Refusal

SUPERSEDED: Final = "superseded/"
"""Facts: acts beyond the place where a new neutral began, and the fallen one's last checkpoint."""
_KIND: Final = b',"kind":"succeed_neutral",'

Facts = dict[str, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBack:
    """What a desk gave up when it went back to ``size``: the facts that keep it, and its own acts among it, in order."""

    size: int
    facts: Facts
    own: tuple[SignedAct, ...]


def take_over(desk: Place, note: bytes) -> ActId | Refusal:
    """Go on with the log as its new neutral, by the act with which the parties' roots put this desk in that place.

    Raises DeskBroken where the act does not name this desk's key, or does not begin where the last checkpoint that
    every party has cosigned ends.
    """
    signed = read_act(note)
    deed = to_act(signed, desk.size).deed
    held = desk.keys.signers.get(f"{desk.name}/desk")
    if not isinstance(deed, SucceedNeutral) or held is None or deed.neutral.desk_key != held.verify_key.vkey:
        raise DeskBroken("desk.not_named_successor")
    check_succession(desk, deed)
    if desk.size < deed.size:
        raise DeskBroken("desk.not_three_signed", size=deed.size)
    try:
        back = set_back(desk, deed.size) if desk.size > deed.size else None
        refusal = judge(desk.state, desk.ledger.check(signed))
        if refusal is None:
            append_own(desk, signed, (), facts=back.facts if back is not None else {}, cut=back is not None)
    except BaseException:
        desk.reload()
        raise
    if refusal is not None:
        desk.reload()
        return refusal
    return ActId(signed.id)


def check_succession(desk: Place, deed: Deed) -> None:
    """Refuse a succession that does not begin where the last checkpoint cosigned by every party ends (contact 9)."""
    if isinstance(deed, SucceedNeutral) and deed.size <= desk.size:
        same = deed.root == desk.ledger.tree.root(deed.size).hex()
        if not same or deed.size != desk.three_signed:
            raise DeskBroken("desk.not_three_signed", size=deed.size)


def places_of_succession(bundle: Bundle) -> list[int]:
    """Return where a bundle of another log may go on from this one: the places of acts that name its neutral, void or not."""
    found = []
    for place, note in enumerate(bundle.acts, bundle.start):
        if _KIND in note:
            deed = to_act(read_act(note), place).deed
            if isinstance(deed, SucceedNeutral) and deed.origin == bundle.origin:
                found.append(place)
    return found


def go_back_for(desk: Place, bundle: Bundle, places: Sequence[int]) -> SetBack | None:
    """Go back, in memory, to where a succession begins; nothing where this copy has not come so far, or has taken it already.

    An act at one of these places that this desk holds already, in effect or void, is not what the other log begins with.
    Raises DeskBroken where the act is not genuine, not allowed, or begins before what this desk knows all to have cosigned.
    """
    new = [
        place
        for place in places
        if place >= bundle.start and bundle.acts[place - bundle.start] not in desk.store.acts(place, place + 1)
    ]
    for place in new:
        if place > desk.size:
            return None
        try:
            return _go_back_to(desk, bundle, place)
        except DeskBroken:
            if place == new[-1]:
                raise
            desk.reload()
    return None


def _go_back_to(desk: Place, bundle: Bundle, place: int) -> SetBack:
    kept = desk.store.acts(bundle.start, place)
    if any(ours != theirs for ours, theirs in zip(kept, bundle.acts, strict=False)):
        raise DeskBroken("desk.other_case")
    if place < desk.three_signed:
        raise DeskBroken("desk.not_three_signed", size=place)
    back = set_back(desk, place)
    signed = read_act(bundle.acts[place - bundle.start])
    act = desk.ledger.check(signed)
    deed = act.deed
    assert isinstance(deed, SucceedNeutral)
    if deed.size != place or deed.root != desk.ledger.tree.root().hex() or judge(desk.state, act) is not None:
        raise DeskBroken("desk.not_three_signed", size=place)
    return back


def at_succession(desk: Place, size: int) -> dict[str, Any]:
    """Return what an act says of its place in this desk's chain where the log ends after ``size`` acts."""
    ledger = reload(desk.store.acts(0, size), sizes={size})
    head = ledger.state.authority.heads.get(desk.name)
    seen = Seen(root=Digest(ledger.tree.root().hex()), size=size, state=ledger.fingerprint())
    return {
        "seq": head.seq + 1 if head is not None else 1,
        "prev": head.id if head is not None else ActId(""),
        "seen": seen,
    }


def set_back(desk: Place, size: int) -> SetBack:
    """Let only the first acts of the log count, in memory; what goes is in the answer, for one change of the store."""
    gone = [(place, read_act(note)) for place, note in enumerate(desk.store.acts(size), size)]
    facts: Facts = {f"{SUPERSEDED}{place:08}/{signed.id}": signed.note for place, signed in gone}
    if desk.checkpoint is not None and desk.checkpoint.size > size:
        facts[f"{SUPERSEDED}checkpoint/{desk.checkpoint.size:08}"] = desk.checkpoint.note
    dropped = {signed.id for _, signed in gone}
    facts |= {f"{AWAITED}{digest}": None for digest, act in awaited(desk).items() if act in dropped}
    own = tuple(signed for _, signed in gone if signed.envelope.party == desk.name) + desk.waiting
    desk.ledger = reload(desk.store.acts(0, size), sizes={size})
    kept = desk.store.checkpoint(size)
    desk.checkpoint = desk.read_checkpoint(kept) if kept is not None else None
    desk.queue = []
    desk.look_ahead()
    return SetBack(size=size, facts=facts, own=own)


def requeue(desk: Place, back: SetBack) -> tuple[list[SignedAct], Facts]:
    """Return those own acts that go on as they were signed, and the facts that keep these and the others.

    An act fits while it is the next of its chain, and names nothing that the new log does not hold. What no longer fits, and
    all that was signed after it, is superseded: to be done again.
    """
    head = desk.state.authority.heads.get(desk.name)
    seq, prev = (head.seq, head.id) if head is not None else (0, ActId(""))
    still: list[SignedAct] = []
    facts: Facts = {f"{WAITING}{one.envelope.seq:08}": None for one in back.own}
    known: set[str] = set()
    for signed in back.own:
        said = signed.envelope
        if ActId(signed.id) in desk.ledger.positions:
            continue
        answered = all(one in desk.ledger.positions or one in known for one in said.answers)
        if (said.seq, said.prev) == (seq + 1, prev) and said.seen.size <= back.size and answered:
            still.append(signed)
            known.add(signed.id)
            seq, prev = said.seq, ActId(signed.id)
            facts[f"{WAITING}{said.seq:08}"] = signed.note
        else:
            facts[f"{SUPERSEDED}own/{said.seq:08}/{signed.id}"] = signed.note
    return still, facts


def to_do_again(desk: Place) -> Sequence[SignedAct]:
    """Return this desk's own acts that a succession superseded and that were not logged since, in order."""
    notes: Iterable[bytes] = desk.store.facts(f"{SUPERSEDED}own/").values()
    return tuple(one for one in map(read_act, notes) if ActId(one.id) not in desk.ledger.positions)
