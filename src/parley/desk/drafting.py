"""Prepares what is about to be signed: who signs, under which mandate, in which place of the chain, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parley.acts import Act, Deed
from parley.desk.errors import DeskBroken
from parley.desk.place import Place
from parley.forms import to_body
from parley.record.envelope import Envelope, SealedRef, Seen
from parley.record.keys import Signer
from parley.words import ActId, Digest


@dataclass(frozen=True, slots=True)
class Draft:
    """Who is about to sign, and under which mandate."""

    mandate: str
    signers: tuple[Signer, ...]


def draft_for(desk: Place, deed: Deed, signers: Sequence[str] | None) -> Draft:
    """Return who signs a deed: the named keys, else as many as it needs; raises DeskBroken ``desk.no_key``."""
    mandate, names = desk.who_signs(deed.kind, signers)
    try:
        chosen = tuple(desk.keys.signers[name] for name in names)
    except KeyError as missing:
        raise DeskBroken("desk.no_key", key=str(missing.args[0])) from None
    if not chosen:
        raise DeskBroken("desk.no_key", key=deed.kind)
    return Draft(mandate, chosen)


def as_act(desk: Place, draft: Draft, deed: Deed, sealed: tuple[object, ...]) -> Act:
    """Return the act that the law is asked about before anybody signs it; it has no id yet."""
    head = desk.ahead.authority.heads.get(desk.name)
    return Act(
        id=ActId("0" * 64),
        position=desk.ahead.count,
        party=desk.name,
        seq=head.seq + 1 if head is not None else 1,
        mandate=draft.mandate,
        signers=frozenset(one.verify_key.name for one in draft.signers),
        deed=deed,
        sealed=sealed,  # type: ignore[arg-type]
    )


def envelope_for(desk: Place, draft: Draft, deed: Deed, answers: Sequence[str], sealed: list[SealedRef]) -> Envelope:
    """Return what will be signed: the deed in its place behind this desk's last act, waiting ones counted."""
    head = desk.ahead.authority.heads.get(desk.name)
    return Envelope(
        answers=tuple(ActId(one) for one in answers),
        body=to_body(deed),
        case=desk.ledger.case,
        kind=deed.kind,
        mandate=draft.mandate,
        party=desk.name,
        prev=head.id if head is not None else ActId(""),
        sealed=tuple(sealed),
        seen=what_was_seen(desk),
        seq=head.seq + 1 if head is not None else 1,
        time=desk.now(),
    )


def what_was_seen(desk: Place) -> Seen:
    """Return how much of the log this desk has verified, for the next act to say; nothing before the first checkpoint."""
    point = desk.checkpoint
    if point is None or point.size > desk.size:
        return Seen(root=Digest(""), size=0, state=Digest(""))
    state = desk.ledger.fingerprint_at(point.size) or Digest("")
    return Seen(root=Digest(point.root.hex()), size=point.size, state=state)
