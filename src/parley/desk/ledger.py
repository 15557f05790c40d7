"""The record as one desk has verified it: every act checked before it counts, the state folded as it grows.

A ledger takes acts one by one. An act that is not genuine (signature, chain, case, what it says it saw) raises DeskBroken and
changes nothing. An act that is genuine but not allowed is taken, and is void in the state. The neutral admits acts by the
same check, so that no desk ever refuses what the neutral has logged in good faith.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from parley.acts import Act, FoundCase, RotateKeys, Sealed
from parley.desk.errors import DeskBroken
from parley.forms import FormBroken, from_body
from parley.process import Unreadable, step
from parley.process.authority import Authority, Head, KeyTable, author_signed, known_keys
from parley.process.digest import Fingerprint, fingerprint
from parley.process.state import State
from parley.record.envelope import SignedAct, read_act
from parley.record.errors import KeyBroken
from parley.record.keys import VerifyKey
from parley.record.log import Tree, leaf_hash
from parley.record.verdict import check_signatures
from parley.words import ActId, Digest, ParticipantName, refuse


def to_act(signed: SignedAct, position: int) -> Act:
    """Return the act as the law judges it; a body that is no deed becomes one that the law refuses."""
    said = signed.envelope
    try:
        deed = from_body(said.kind, dict(said.body))  # type: ignore[arg-type]
    except FormBroken as broken:
        deed = Unreadable(said.kind, refuse(broken.code, **broken.facts))
    return Act(
        id=ActId(signed.id),
        position=position,
        party=ParticipantName(said.party),
        seq=said.seq,
        mandate=said.mandate,
        signers=frozenset(line.name for line in signed.signatures),
        deed=deed,
        answers=tuple(ActId(one) for one in said.answers),
        sealed=tuple(Sealed(Digest(one.blob), Digest(one.commit), one.size, tuple(one.to)) for one in said.sealed),
    )


def brought_keys(act: Act, *, first: bool) -> KeyTable:
    """Return the keys that an act brings itself: those of the founding act, and the new ones of a rotation."""
    vkeys: list[str] = []
    if first and isinstance(act.deed, FoundCase):
        for one in act.deed.participants:
            vkeys += [*one.roots, one.desk_key]
    elif isinstance(act.deed, RotateKeys):
        vkeys += [*act.deed.roots, act.deed.desk_key]
    keys: list[VerifyKey] = []
    for vkey in vkeys:
        with suppress(KeyBroken):  # the law refuses the act for it
            keys.append(VerifyKey.parse(vkey))
    return {(key.name, key.hash4): key for key in keys}


def check_signers(signed: SignedAct, position: int, known: KeyTable, brought: KeyTable) -> None:
    """Check that every signature is good and by a known key, one of them the author's own; raises DeskBroken."""
    verdict = check_signatures(signed, {**brought, **known} if brought else known)
    if verdict.spoiled:
        raise DeskBroken("desk.spoiled_signature", act=position, signer=verdict.spoiled[0])
    if verdict.unknown or not verdict.signed:
        raise DeskBroken("desk.unknown_signer", act=position, signer="".join(verdict.unknown[:1]))
    if not author_signed(signed.envelope.party, signed.signatures, known if position else brought):
        raise DeskBroken("desk.unknown_signer", act=position, signer=signed.signatures[0].name)


def check_chain(signed: SignedAct, head: Head | None) -> None:
    """Check that an act follows the head of its author's chain (None: is its first); raises DeskBroken."""
    said = signed.envelope
    seq, prev = (head.seq + 1, head.id) if head is not None else (1, ActId(""))
    if said.seq > seq:
        raise DeskBroken("desk.chain_gap", party=said.party, seq=said.seq, expected=seq)
    if said.seq < seq or said.prev != prev:
        raise DeskBroken("desk.chain_fork", party=said.party, seq=said.seq)


@dataclass(slots=True)
class Ledger:
    """Acts, tree, state and keys, all at the same place in the log."""

    state: State = field(default_factory=State)
    tree: Tree = field(default_factory=Tree)
    case: str = ""
    positions: dict[ActId, int] = field(default_factory=dict)
    _keys: KeyTable = field(default_factory=dict)
    _keys_of: Authority | None = None
    _prints: dict[int, Digest] = field(default_factory=dict)
    _last_print: Fingerprint | None = None
    _eras: list[tuple[int, Authority]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Count the acts."""
        return self.state.count

    def keys(self) -> KeyTable:
        """Return the keys whose signatures the log may carry here; made anew only when they changed."""
        authority, kept = self.state.authority, self._keys_of
        same = kept is not None and kept.participants is authority.participants and kept.mandates is authority.mandates
        if not same:
            self._keys, self._keys_of = known_keys(authority), authority
        return self._keys

    def authority_at(self, size: int) -> Authority:
        """Return who took part with which keys after ``size`` acts (mandates and clock are not those of then)."""
        return next((one for begins, one in reversed(self._eras) if begins <= size), self.state.authority)

    def fingerprint(self) -> Digest:
        """Return the digest of the state here, and remember it for this size."""
        found = self._prints.get(self.size)
        if found is None:
            self._last_print = fingerprint(self.state, self._last_print)
            self._prints[self.size] = found = self._last_print.digest
        return found

    def fingerprint_at(self, size: int) -> Digest | None:
        """Return the digest of the state after ``size`` acts if it was asked for when it stood there, else None."""
        return self._prints.get(size)

    def check(self, signed: SignedAct) -> Act:
        """Check that this is the next genuine act of its author; raises DeskBroken."""
        act = to_act(signed, self.size)
        said = signed.envelope
        if self.case and said.case != self.case:
            raise DeskBroken("desk.other_case")
        brought, known = brought_keys(act, first=self.size == 0), self.keys()
        check_signers(signed, self.size, known, brought)
        check_chain(signed, self.state.authority.heads.get(said.party))
        for answered in act.answers:
            if answered not in self.positions:
                raise DeskBroken("desk.answers_unknown", act=self.size)
        seen = said.seen
        if seen.size > self.size:
            raise DeskBroken("desk.chain_gap", act=self.size, seen=seen.size)
        if seen.size and self.tree.root(seen.size).hex() != seen.root:
            raise DeskBroken("desk.split_view", act=self.size, size=seen.size)
        return act

    def take(self, signed: SignedAct) -> Act:
        """Check an act and let it count; raises as ``check`` and then has changed nothing."""
        act = self.check(signed)
        self.add(signed, act)
        return act

    def add(self, signed: SignedAct, act: Act) -> None:
        """Let an act count that was checked before, here or when it was kept."""
        self.case = self.case or signed.envelope.case
        before = self.state.authority.participants
        self.state = step(self.state, act)
        if self.state.authority.participants is not before:
            self._eras.append((self.size, self.state.authority))
        self.tree.append_hash(leaf_hash(signed.note))
        self.positions[act.id] = act.position


def reload(notes: Iterable[bytes], sizes: Iterable[int] = ()) -> Ledger:
    """Fold acts that were verified when they were kept; signatures are not verified again, the tree's root is."""
    ledger, wanted = Ledger(), set(sizes)
    for note in notes:
        signed = read_act(note)
        ledger.add(signed, to_act(signed, ledger.size))
        if ledger.size in wanted:
            ledger.fingerprint()
    return ledger
