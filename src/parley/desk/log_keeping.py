"""Keeps the log, at the neutral's desk: the founding act, the neutral's time, every genuine act, and checkpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from parley.acts import RecordClock
from parley.desk.awaited import note_missing
from parley.desk.drafting import draft_for, envelope_for
from parley.desk.errors import DeskBroken
from parley.desk.place import EVIDENCE, Place
from parley.record.checkpoint import Checkpoint, make
from parley.record.envelope import SignedAct, read_act, to_text
from parley.record.note import sign
from parley.store.base import RESTORED, Change
from parley.words import ActId, Broken

PROVES: Final = frozenset({"desk.chain_fork", "desk.split_view"})
"""Why an act that its author surely signed is turned away and kept: it contradicts the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """An act that was not taken into the log because it is not genuine: whose, which number, why."""

    party: str
    seq: int
    code: str


def enter_founding(desk: Place, note: bytes) -> ActId:
    """Begin the log of a case with its founding act, at the neutral's desk; raises DeskBroken where it is not genuine."""
    signed = read_act(note)
    check_own_keys(desk, signed)
    append_own(desk, signed, ())
    return ActId(signed.id)


def check_own_keys(desk: Place, signed: SignedAct) -> None:
    """Refuse a founding act that names another desk key or other root keys for this participant than its own."""
    body = signed.envelope.body
    named = body.get("participants") if signed.envelope.kind == "found_case" else None
    listed = named if isinstance(named, list) else []
    mine = [one for one in listed if isinstance(one, Mapping) and one.get("name") == desk.name]
    held = desk.keys.signers.get(f"{desk.name}/desk")
    if named is None or (mine and held is not None and mine[0].get("desk_key") != held.verify_key.vkey):
        raise DeskBroken("desk.foreign_founding")
    if mine and desk.own_roots and mine[0].get("roots") != list(desk.own_roots):
        raise DeskBroken("desk.foreign_founding")


def tick(desk: Place) -> None:
    """Enter the neutral's time if it moved since the last entry; anybody else's desk does nothing."""
    now = desk.now()
    if not desk.is_neutral or now <= desk.state.authority.clock or RESTORED in desk.store.facts():
        return
    deed = RecordClock(now=now)
    draft = draft_for(desk, deed, None)
    append(desk, [read_act(sign(to_text(envelope_for(desk, draft, deed, (), [])), draft.signers))], ())


def append_own(
    desk: Place,
    signed: SignedAct,
    blobs: tuple[tuple[str, bytes], ...],
    *,
    facts: Mapping[str, bytes | None] = MappingProxyType({}),
    cut: bool = False,
) -> None:
    """Append one act made here, or raise what is wrong with it."""
    for away in append(desk, [signed], blobs, facts=facts, cut=cut):
        raise DeskBroken(away.code, act=desk.size, party=away.party, seq=away.seq, signer=away.party)


def append(
    desk: Place,
    signed_acts: Sequence[SignedAct],
    blobs: tuple[tuple[str, bytes], ...],
    *,
    facts: Mapping[str, bytes | None] = MappingProxyType({}),
    cut: bool = False,
) -> tuple[TurnedAway, ...]:
    """Append the acts that are genuine and sign a checkpoint; durable on return.

    Of the rest, what its author surely signed and what contradicts the log is kept as evidence; a sealed file is kept
    only if an act of the log names it. So nobody fills this desk's disk with what nobody signed. ``facts`` are kept in the
    same step; ``cut``: what the store holds from here on gives way.
    """
    start = desk.size
    notes: list[bytes] = []
    taken: list[SignedAct] = []
    turned_away: list[TurnedAway] = []
    keep = dict(facts)
    try:
        for signed in signed_acts:
            try:
                desk.ledger.take(signed)
                notes.append(signed.note)
                taken.append(signed)
            except Broken as broken:
                said = signed.envelope
                turned_away.append(TurnedAway(party=said.party, seq=said.seq, code=broken.code))
                if broken.code in PROVES:
                    keep[f"{EVIDENCE}{signed.id}"] = signed.note
        blobs = desk.named_files(blobs, notes)
        keep |= note_missing(desk, taken, blobs)
        point = _new_checkpoint(desk) if notes else None
        checkpoints = ((point.size, point.note),) if point is not None else ()
        desk.store.write(
            Change(
                start=start,
                acts=tuple(notes),
                checkpoints=checkpoints,
                blobs=blobs,
                facts=keep,
                cut=cut and bool(notes),
            )
        )
    except BaseException:
        desk.reload()
        raise
    desk.checkpoint = point or desk.checkpoint
    desk.look_ahead()
    return tuple(turned_away)


def _new_checkpoint(desk: Place) -> Checkpoint:
    desk.ledger.fingerprint()
    signer = desk.desk_signer()
    if signer is None:
        raise DeskBroken("desk.no_key", key=f"{desk.name}/desk")
    return make(desk.origin, desk.size, desk.ledger.tree.root(), signer)
