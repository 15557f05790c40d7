"""What one participant's desk has: its store, its keys, and its own copy of the record as far as it was verified.

The other modules of this room work on a place: they sign, log, send and receive. Nothing here signs or sends anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from parley.desk.errors import DeskBroken, SplitView
from parley.desk.ledger import Ledger, reload, to_act
from parley.process import step
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS
from parley.process.state import State
from parley.record.checkpoint import Checkpoint, read_checkpoint
from parley.record.envelope import SealedRef, SignedAct, read_act
from parley.record.keys import Signer, VerifyKey
from parley.record.seal import Identity
from parley.store.base import RESTORED, Store
from parley.words import ActId, Moment, ParticipantName

WAITING: Final = "waiting/"
EVIDENCE: Final = "evidence/"
FORKED: Final = "forked"
THREE_SIGNED: Final = "three_signed"
HANDED: Final = "handed/"
IMPORTED: Final = f"{RESTORED}/imported"
"""Stands after a restore once a bundle came in whose checkpoint covers everything that was once confirmed."""
LONGEST_SIZE: Final = 17


@dataclass(slots=True, kw_only=True)
class Keys:
    """The unlocked keys of a desk: signers by name, and identities by room."""

    signers: dict[str, Signer] = field(default_factory=dict)
    identities: dict[str, list[Identity]] = field(default_factory=dict)

    def opening(self, rooms: Iterable[str]) -> list[Identity]:
        """Return the identities that may open a file sealed to these rooms."""
        return [identity for room in rooms for identity in self.identities.get(room, ())]


class Place:
    """A store, unlocked keys, and the record as verified here; ``now`` is the clock on the wall, which only informs."""

    def __init__(
        self,
        store: Store,
        name: str,
        keys: Keys,
        *,
        now: Callable[[], Moment],
        randomness: Callable[[int], bytes] = secrets.token_bytes,
        own_roots: Sequence[str] = (),
    ) -> None:
        """Load what the store keeps and verify its root against the last checkpoint; raises StoreBroken, DeskBroken.

        ``own_roots`` are this participant's root keys as vkeys; where given, a founding act that names others is not taken.
        """
        self.store = store
        self.name = ParticipantName(name)
        self.keys = keys
        self.now = now
        self.randomness = randomness
        self.own_roots = own_roots
        self.watch: Callable[[int, int], None] = lambda _done, _all: None
        self.ledger = Ledger()
        self.checkpoint: Checkpoint | None = None
        self.reload()

    def reload(self) -> None:
        """Read again what the store keeps, after a failure or at the start; raises StoreBroken, DeskBroken."""
        newest = self.store.checkpoint()
        self.ledger = reload(self.store.acts(), sizes=self._sizes_to_remember(newest))
        self.checkpoint = self.read_checkpoint(newest) if newest is not None else None
        if self.checkpoint is not None and self.checkpoint.size <= self.ledger.size:
            self.check_root(self.checkpoint)
        self.queue = [read_act(note) for note in self.store.facts(WAITING).values()]
        self.look_ahead()

    def _sizes_to_remember(self, newest: bytes | None) -> set[int]:
        return set() if newest is None else {int(newest.split(b"\n", 2)[1])}

    def look_ahead(self) -> None:
        """Fold what waits here onto the state of the log, into the state in which this desk's next act is judged."""
        state = self.ledger.state
        for signed in self.queue:
            state = step(state, to_act(signed, state.count))
        self.ahead: State = state

    @property
    def state(self) -> State:
        """The state of the log as verified here; what counts."""
        return self.ledger.state

    @property
    def size(self) -> int:
        """The number of acts in the log as kept here."""
        return self.ledger.size

    @property
    def is_neutral(self) -> bool:
        """Whether this desk keeps the log."""
        return bool(self.state.authority.participants) and self.state.authority.neutral == self.name

    @property
    def waiting(self) -> tuple[SignedAct, ...]:
        """Own acts that are signed and have no receipt yet."""
        return tuple(self.queue)

    @property
    def three_signed(self) -> int:
        """The size of the largest checkpoint known to carry every party's cosignature."""
        return int(self.store.facts(THREE_SIGNED).get(THREE_SIGNED, b"0"))

    @property
    def origin(self) -> str:
        """The name of the log, first line of its checkpoints."""
        return self.state.authority.origin

    def act_at(self, position: int) -> SignedAct:
        """Return the act at a position of the log; raises DeskBroken."""
        for note in self.store.acts(position, position + 1):
            return read_act(note)
        raise DeskBroken("desk.no_such_act", act=position)

    def find(self, act_id: str) -> SignedAct:
        """Return a logged act by its id; raises DeskBroken."""
        position = self.ledger.positions.get(ActId(act_id))
        if position is None:
            raise DeskBroken("desk.no_such_act", act=act_id[:16])
        return self.act_at(position)

    def desk_signer(self) -> Signer | None:
        """Return the desk key that the record names for this participant, if it is unlocked here."""
        me = self.state.authority.participants.get(self.name)
        if me is None:
            return self.keys.signers.get(f"{self.name}/desk")
        key = VerifyKey.parse(me.desk_key)
        held = self.keys.signers.get(key.name)
        return held if held is not None and held.verify_key == key else None

    def who_signs(self, kind: str, signers: Sequence[str] | None) -> tuple[str, Sequence[str]]:
        """Return the mandate and the names that sign: those given, or as many as the kind needs of those unlocked.

        A practice desk at which an attacker sits puts its own choice in the place of this one.
        """
        if kind in ROOT_KINDS:
            roots = [name for name in sorted(self.keys.signers) if "/root-" in name]
            return ROOT, roots if signers is None else signers
        if kind in DESK_KINDS and signers is None:
            signer = self.desk_signer()
            return DESK, [signer.verify_key.name] if signer is not None else []
        mine = [one for one in self.ahead.authority.mandates.values() if one.party == self.name]
        mine.sort(key=lambda one: (kind not in one.needed, bool(one.revoked), one.until <= self.ahead.authority.clock))
        if signers is not None:
            fitting = [one for one in mine if set(signers) <= one.officers.keys()] or mine
            return (fitting[0].id if fitting else ""), signers
        for mandate in mine:
            unlocked = [name for name in sorted(mandate.officers) if name in self.keys.signers]
            if unlocked:
                return mandate.id, unlocked[: max(1, mandate.needed.get(kind, 1))]
        return "", ()

    def read_checkpoint(self, note: bytes) -> Checkpoint:
        """Read a checkpoint with the desk keys as they were at its size; they change when a participant rotates them."""
        _, claimed, *_ = *note.split(b"\n", 2), b""
        size = int(claimed) if len(claimed) < LONGEST_SIZE and claimed.isdigit() else self.size
        authority = self.ledger.authority_at(size)
        log_key = VerifyKey.parse(authority.participants[authority.neutral].desk_key)
        witnesses = [
            VerifyKey.parse(one.desk_key) for name, one in authority.participants.items() if name != authority.neutral
        ]
        return read_checkpoint(note, log_key, witnesses)

    def of_this_log(self, note: bytes) -> bool:
        """Say whether a checkpoint is of the log's present neutral; those of one that was succeeded are history."""
        return note.split(b"\n", 1)[0] == self.origin.encode()

    def check_root(self, point: Checkpoint, *, new_from: int | None = None) -> None:
        """Hold a signed checkpoint against this copy, of which acts from ``new_from`` on came in the same bundle.

        Where it covers only what was kept before, its other root is proof. Where it covers what just came, the bundle may
        have been altered on the way: then these acts have no checkpoint, and nobody is accused.
        """
        if self.ledger.tree.root(point.size) != point.root:
            if new_from is not None and point.size > new_from:
                raise DeskBroken("desk.no_checkpoint", acts=self.size - new_from)
            raise SplitView(point.note, size=point.size)

    def sealed_acts(self) -> Iterable[tuple[int, SealedRef]]:
        """Yield every sealed file that an act of the log names, with the act's position."""
        for position, note in enumerate(self.store.acts()):
            if b',"sealed":[],"seen":' in note:
                continue
            for sealed in read_act(note).envelope.sealed:
                yield position, sealed

    def named_files(self, blobs: Iterable[tuple[str, bytes]], new: Iterable[bytes]) -> tuple[tuple[str, bytes], ...]:
        """Return the sealed files that an act of the log or one of these new ones names; others are left out.

        So is a file that an erasure replaced: who destroyed it does not take it back from an old stick.
        """
        arrived = tuple(blobs)
        if not arrived:
            return ()
        named = {sealed.blob for note in new for sealed in read_act(note).envelope.sealed}
        if any(digest not in named for digest, _ in arrived):
            named |= {sealed.blob for _, sealed in self.sealed_acts()}
        named -= self.replaced_files()
        return tuple((digest, blob) for digest, blob in arrived if digest in named)

    def waits_with(self, act: ActId) -> int:
        """Return the position at which it is asked whether a file of an act may be opened.

        Of a list sealed anew by an erasure it is the list's: else one erased line would carry it past the other side's.
        """
        erasure = self.state.standing.erasures.get(act)
        return self.ledger.positions[act if erasure is None else erasure.list]

    def replaced_files(self) -> frozenset[str]:
        """Return the digests of sealed lists in whose place an erasure put others; they are neither taken nor given."""
        now: dict[ActId, set[str]] = {}
        gone: set[str] = set()
        for one in self.state.standing.erasures.values():
            gone |= now.get(one.list, {self.state.lists.versions[one.list].blob})
            now[one.list] = set(one.files)
        return frozenset(gone)


def digest_of(blob: bytes) -> str:
    """Return the SHA-256 of a sealed file in hex."""
    return sha256(blob).hexdigest()


def seconds(moment: Moment) -> int:
    """Return seconds since 1970 for a moment in UTC."""
    return int(datetime.fromisoformat(moment).timestamp())
