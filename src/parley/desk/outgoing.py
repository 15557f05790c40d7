"""Gives bundles out: the log and its sealed files from the neutral, what waits from everybody else; and receipts."""

from __future__ import annotations

from collections.abc import Iterable

from parley.desk.awaited import ASKED, asked_again, asking, awaited, own_files
from parley.desk.errors import DeskBroken
from parley.desk.place import HANDED, Place
from parley.desk.sealing import may_open
from parley.record.bundle import Bundle, write
from parley.record.checkpoint import make_receipt
from parley.store.base import Change
from parley.words import ActId


def make_bundle(desk: Place, to: str | None = None, *, since: int = 0, again: bool = False) -> bytes:
    """Return the bundle for a participant (None: for an outsider, without sealed files).

    From the neutral: the log from position ``since``, the newest checkpoints, and the sealed files that this participant
    may have by now and was not handed yet (``again``: all of them). From anyone else: what waits, with its files, the
    files that were asked for again, and the newest checkpoint with one's own cosignature.
    """
    if not desk.state.authority.participants:
        raise DeskBroken("desk.no_case")
    since = min(since, desk.size)
    checkpoints = [desk.checkpoint.note] if desk.checkpoint is not None else []
    three = desk.three_signed
    if three and desk.checkpoint is not None and three != desk.checkpoint.size:
        note = desk.store.checkpoint(three)
        checkpoints += [note] if note is not None and desk.of_this_log(note) else []
    waiting = () if desk.is_neutral else tuple(one.note for one in desk.queue)
    digests = _files_for(desk, to, again=again) if desk.is_neutral else _files_waiting(desk, to, again=again)
    found = {one: blob for one in digests if (blob := desk.store.blob(one)) is not None}
    if to is not None and found:
        _note_sent(desk, to, found)
    questions = asking(desk, to) if to is not None else ()
    return write(
        Bundle(
            origin=desk.origin,
            start=since,
            stop=desk.size,
            acts=tuple(desk.store.acts(since)),
            waiting=waiting,
            checkpoints=tuple(checkpoints),
            blobs=(*found.values(), *questions),
        )
    )


def _note_sent(desk: Place, to: str, sent: Iterable[str]) -> None:
    if desk.is_neutral:
        facts: dict[str, bytes | None] = {f"{HANDED}{to}/{one}": b"1" for one in sent}
    else:
        asked = set(asked_again(desk))
        facts = {f"{ASKED}{one}": None for one in sent if one in asked}
    if facts:
        desk.store.write(Change(start=desk.size, facts=facts))


def _files_waiting(desk: Place, to: str | None, *, again: bool) -> list[str]:
    """Return the files of what waits, and those of one's own that were asked for again (``again``: all that are kept)."""
    waiting: list[str] = [one.blob for signed in desk.queue for one in signed.envelope.sealed]
    if to is None:
        return waiting
    every = {one.blob for _, one in desk.sealed_acts()} if again else set(asked_again(desk))
    return waiting + (own_files(desk, every) if every else [])


def _files_for(desk: Place, to: str | None, *, again: bool) -> list[str]:
    if to is None:
        return []
    handed = {name.rsplit("/", 1)[1] for name in desk.store.facts(f"{HANDED}{to}/")} if not again else set()
    gone = desk.replaced_files()
    missing = awaited(desk)
    lists = {desk.ledger.positions[act]: desk.waits_with(act) for act in desk.state.standing.erasures}
    named_at: dict[str, int] = {}
    out: list[str] = []
    for position, sealed in desk.sealed_acts():
        # Whoever names another's file in an act of its own gets it no sooner than the act that named it first allows.
        place = named_at.setdefault(sealed.blob, lists.get(position, position))
        if sealed.blob in handed | gone or not any(room.startswith(f"{to}/") for room in sealed.to):
            continue
        if may_open(desk.state, place, desk.three_signed, missing):
            out.append(sealed.blob)
    return out


def receipt_of(desk: Place, act_id: str) -> bytes:
    """Return the proof that an act stands in the log: its place, the path and the checkpoint; raises DeskBroken."""
    position = desk.ledger.positions.get(ActId(act_id))
    point = desk.checkpoint
    if position is None or point is None or position >= point.size:
        raise DeskBroken("desk.no_such_act", act=act_id[:16])
    return make_receipt(position, desk.ledger.tree.inclusion(position, point.size), point)
