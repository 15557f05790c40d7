"""Signs an act by officers who come one after the other: the first signs its text, the desk keeps it, the next adds a signature.

The text that is signed has its place in this desk's chain. If the desk signs another act in between, the kept one fits no
longer: the first officer has to sign it again (``desk.begun_overtaken``). What is kept is no act: nobody else hears of it
before the last signature it needs.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from parley.acts import Deed
from parley.desk.drafting import Draft, envelope_for
from parley.desk.errors import DeskBroken
from parley.desk.ledger import to_act
from parley.desk.log_keeping import tick
from parley.desk.place import Place
from parley.desk.rows_and_terms import check_rows
from parley.desk.sealing import Attachment, seal_attachment
from parley.desk.signing import check_before_signing, judge_deed_as, take_signed
from parley.forms import from_body
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS
from parley.record.envelope import SignedAct, read_act, to_text
from parley.record.errors import RecordBroken
from parley.record.keys import Signer
from parley.record.note import sign
from parley.store.base import Change
from parley.words import ActId, Refusal

BEGUN: Final = "begun/"
"""Facts of a desk: acts that some officers have signed and others still have to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Under which mandate a kind of act is signed, how many must sign, and who may; officers are named ``north/officer-1``."""

    mandate: str
    count: int
    may: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An act that waits for further signatures here: what it does, who signed it, how many more it needs."""

    name: str
    signed: SignedAct
    deed: Deed
    signers: tuple[str, ...]
    needed: Needed
    overtaken: bool

    @property
    def missing(self) -> int:
        """How many signatures are still missing."""
        return max(0, self.needed.count - len(self.signers))


def needed_for(desk: Place, kind: str, signer: str = "") -> Needed:
    """Return who has to sign a kind of act; ``signer`` chooses the mandate of that officer. Raises DeskBroken."""
    authority = desk.ahead.authority
    me = authority.participants.get(desk.name)
    if kind in ROOT_KINDS:
        count = me.threshold if me is not None else 1
        roots = [vkey.split("+", 1)[0] for vkey in me.roots] if me is not None else []
        return Needed(mandate=ROOT, count=count, may=frozenset(roots))
    if kind in DESK_KINDS:
        return Needed(mandate=DESK, count=1, may=frozenset({f"{desk.name}/desk"}))
    mine = [one for one in authority.mandates.values() if one.party == desk.name]
    if signer:
        mine = [one for one in mine if signer in one.officers]
    mine.sort(key=lambda one: (kind not in one.needed, bool(one.revoked), one.until <= authority.clock))
    if not mine:
        raise DeskBroken("desk.no_key", key=kind)
    found = mine[0]
    return Needed(mandate=found.id, count=max(1, found.needed.get(kind, 1)), may=frozenset(found.officers))


def would_sign(needed: Needed, signer: str) -> tuple[str, ...]:
    """Return enough officers for a kind, this one among them: who would have signed in the end."""
    others = sorted(needed.may - {signer})
    return (signer, *others[: needed.count - 1]) if signer else tuple(others[: needed.count])


def judge_planned(
    desk: Place, deed: Deed, *, signer: str = "", attachments: Sequence[Attachment] = ()
) -> Refusal | None:
    """Ask the law about a deed as if everybody it needs had signed it; no key has to be unlocked for a question."""
    needed = needed_for(desk, deed.kind, signer)
    return judge_deed_as(desk, deed, needed.mandate, would_sign(needed, signer), attachments)


def begin(
    desk: Place,
    deed: Deed,
    signers: Sequence[Signer],
    *,
    attachments: Sequence[Attachment] = (),
    answers: Sequence[str] = (),
) -> ActId | Begun | Refusal:
    """Sign a deed with the keys that are unlocked now; done if they are enough, else kept until the others come.

    Raises DeskBroken where the desk must not sign, or a signer is no officer of the mandate.
    """
    check_before_signing(desk, deed, answers)
    names = [one.verify_key.name for one in signers]
    needed = needed_for(desk, deed.kind, names[0])
    if not set(names) <= needed.may:
        raise DeskBroken("desk.no_key", key=deed.kind)
    tick(desk)
    refusal = judge_planned(desk, deed, signer=names[0], attachments=attachments)
    if refusal is not None:
        return refusal
    check_rows(desk, deed)
    prepared = [seal_attachment(one, desk.ahead.encryption_keys, desk.randomness) for one in attachments]
    envelope = envelope_for(desk, Draft(needed.mandate, ()), deed, answers, [one.ref for one in prepared])
    signed = read_act(sign(to_text(envelope), tuple(signers)))
    blobs = tuple((str(one.ref.blob), one.blob) for one in prepared)
    if len(names) >= needed.count:
        return take_signed(desk, signed, blobs)
    name = f"{BEGUN}{signed.id[:32]}"
    desk.store.write(Change(start=desk.size, blobs=blobs, facts={name: _pack(signed, [digest for digest, _ in blobs])}))
    return find_begun(desk, name)


def begun(desk: Place) -> tuple[Begun, ...]:
    """Return everything that waits here for further signatures."""
    return tuple(find_begun(desk, name) for name in desk.store.facts(BEGUN))


def find_begun(desk: Place, name: str) -> Begun:
    """Return one act that waits for further signatures; raises DeskBroken ``desk.no_such_begun``."""
    data = desk.store.facts(BEGUN).get(name)
    if data is None:
        raise DeskBroken("desk.no_such_begun")
    signed, _ = _unpack(data)
    said = signed.envelope
    names = tuple(line.name for line in signed.signatures)
    head = desk.ahead.authority.heads.get(desk.name)
    place = (head.seq + 1, head.id) if head is not None else (1, "")
    return Begun(
        name=name,
        signed=signed,
        deed=from_body(said.kind, dict(said.body)),  # type: ignore[arg-type]
        signers=names,
        needed=needed_for(desk, said.kind, names[0]),
        overtaken=(said.seq, said.prev) != place,
    )


def add_signature(desk: Place, name: str, signer: Signer) -> ActId | Begun | Refusal:
    """Add an officer's signature to what another began; done if it is the last that was missing.

    Raises DeskBroken: ``desk.begun_overtaken``, ``desk.no_key`` for somebody who has signed already or may not.
    """
    found = find_begun(desk, name)
    if found.overtaken:
        raise DeskBroken("desk.begun_overtaken")
    own = signer.verify_key.name
    if own not in found.needed.may or own in found.signers:
        raise DeskBroken("desk.no_key", key=found.deed.kind)
    check_before_signing(desk, found.deed, found.signed.envelope.answers)
    text, _, lines = found.signed.note.partition(b"\n\n")
    fresh = sign(text.decode() + "\n", (signer,)).partition(b"\n\n")[2]
    signed = read_act(text + b"\n\n" + lines + fresh)
    _, digests = _unpack(desk.store.facts(BEGUN)[name])
    if len(found.signers) + 1 < found.needed.count:
        desk.store.write(Change(start=desk.size, facts={name: _pack(signed, digests)}))
        return find_begun(desk, name)
    act = to_act(signed, desk.ahead.count)
    refusal = judge_deed_as(desk, act.deed, act.mandate, act.signers, (), sealed=act.sealed)
    if refusal is not None:
        return refusal
    check_rows(desk, act.deed)
    done = take_signed(desk, signed, _kept_blobs(desk, digests))
    desk.store.write(Change(start=desk.size, facts={name: None}))
    return done


def drop(desk: Place, name: str) -> None:
    """Take back what waits for further signatures: nothing was sent, and its sealed files are destroyed."""
    data = desk.store.facts(BEGUN).get(name)
    if data is not None:
        desk.store.write(Change(start=desk.size, forget=tuple(_unpack(data)[1]), facts={name: None}))


def _kept_blobs(desk: Place, digests: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    found = [(digest, desk.store.blob(digest)) for digest in digests]
    if any(data is None for _, data in found):
        raise DeskBroken("desk.blob_missing")
    return tuple((digest, data) for digest, data in found if data is not None)


def _pack(signed: SignedAct, digests: Sequence[str]) -> bytes:
    return json.dumps({"note": b64encode(signed.note).decode(), "blobs": list(digests)}, sort_keys=True).encode()


def _unpack(data: bytes) -> tuple[SignedAct, list[str]]:
    with suppress(ValueError, KeyError, TypeError, RecordBroken):
        found = json.loads(data)
        return read_act(b64decode(found["note"])), [str(one) for one in found["blobs"]]
    raise DeskBroken("desk.no_such_begun")
