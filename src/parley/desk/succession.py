"""Puts another neutral in the place of one that fell out: where its log begins, and who may go on with it."""

from __future__ import annotations

from parley.acts import Deed, SucceedNeutral
from parley.desk.errors import DeskBroken
from parley.desk.ledger import to_act
from parley.desk.log_keeping import append_own
from parley.desk.place import Place
from parley.process import judge
from parley.record.bundle import Bundle
from parley.record.envelope import read_act
from parley.words import ActId, Refusal


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
    if desk.size != deed.size:
        raise DeskBroken("desk.not_three_signed", size=deed.size)
    refusal = judge(desk.state, desk.ledger.check(signed))
    if refusal is not None:
        return refusal
    append_own(desk, signed, ())
    return ActId(signed.id)


def check_succession(desk: Place, deed: Deed) -> None:
    """Refuse a succession that does not begin where the last checkpoint cosigned by every party ends (contact 9)."""
    if isinstance(deed, SucceedNeutral) and deed.size <= desk.size:
        same = deed.root == desk.ledger.tree.root(deed.size).hex()
        if not same or deed.size != desk.three_signed:
            raise DeskBroken("desk.not_three_signed", size=deed.size)


def names_successor(desk: Place, bundle: Bundle) -> bool:
    """Say whether a bundle of another log goes on with this one: it holds the act that put its neutral in place."""
    for note in bundle.acts[max(0, desk.size - bundle.start) :]:
        deed = to_act(read_act(note), desk.size).deed
        if isinstance(deed, SucceedNeutral) and deed.origin == bundle.origin:
            return True
    return False
