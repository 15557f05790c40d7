"""One participant's working place: the only spot where clock, keys, store and law meet.

A desk keeps its own copy of the record, signs its officers' acts, takes bundles in and gives bundles out. The neutral's desk
also keeps the log: it appends what arrives, and signs checkpoints; the others verify each checkpoint against their own copy,
keep it, and cosign it in the same step. What is signed but not yet in the log *waits*: it has no effect before its receipt.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from parley.acts import Act, Deed, HandInList, RecordClock, SucceedNeutral
from parley.desk.errors import DeskBroken, SplitView
from parley.desk.ledger import Ledger, brought_keys, reload, to_act
from parley.desk.sealing import Attachment, as_sealed, may_open, seal_attachment
from parley.forms import to_body
from parley.process import judge, step
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS, known_keys
from parley.process.contact import RULES_VERSION
from parley.process.state import State
from parley.record.attachment import open_attachment
from parley.record.bundle import Bundle, read, write
from parley.record.checkpoint import Checkpoint, cosign, make, make_receipt, merge, read_checkpoint
from parley.record.commitment import Row, Rows
from parley.record.envelope import Envelope, SealedRef, Seen, SignedAct, read_act, to_text
from parley.record.errors import CheckpointBroken
from parley.record.keys import Signer, VerifyKey
from parley.record.log import Tree, leaf_hash
from parley.record.note import sign
from parley.record.seal import Identity
from parley.record.verdict import check_signatures
from parley.store.base import RESTORED, Change, Store
from parley.words import ActId, Broken, Digest, Moment, ParticipantName, Refusal

__all__ = ["Attachment", "Desk", "DeskBroken", "Received", "Row"]

WAITING: Final = "waiting/"
EVIDENCE: Final = "evidence/"
FORKED: Final = "forked"
AFTER_A_FORK: Final = frozenset({"choose_branch", "report_fork"})
"""What a desk whose own chain is forked may still sign: the proof of it, and the way out."""
THREE_SIGNED: Final = "three_signed"
HANDED: Final = "handed/"
IMPORTED: Final = f"{RESTORED}/imported"
"""Stands after a restore once a bundle came in whose checkpoint covers everything that was once confirmed."""
LONGEST_SIZE: Final = 17
PROVES: Final = frozenset({"desk.chain_fork", "desk.split_view"})
"""Why an act that its author surely signed is turned away and kept: it contradicts the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """An act that was not taken into the log because it is not genuine: whose, which number, why."""

    party: str
    seq: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an import did: acts taken, acts logged by the neutral, acts turned away, sealed files, differences found."""

    acts: int = 0
    logged: int = 0
    turned_away: tuple[TurnedAway, ...] = ()
    files: int = 0
    size: int = 0
    cosigned_by: tuple[str, ...] = ()
    states_differ: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class Keys:
    """The unlocked keys of a desk: signers by name, and identities by room."""

    signers: dict[str, Signer] = field(default_factory=dict)
    identities: dict[str, list[Identity]] = field(default_factory=dict)

    def opening(self, rooms: Iterable[str]) -> list[Identity]:
        """Return the identities that may open a file sealed to these rooms."""
        return [identity for room in rooms for identity in self.identities.get(room, ())]


class Desk:
    """One participant's desk over one store; ``now`` is the clock on its wall, which only informs."""

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
        self._reload()

    # --- what is known ---

    def _reload(self) -> None:
        newest = self.store.checkpoint()
        self.ledger = reload(self.store.acts(), sizes=self._sizes_to_remember(newest))
        self.checkpoint = self._read_checkpoint(newest) if newest is not None else None
        if self.checkpoint is not None and self.checkpoint.size <= self.ledger.size:
            self._check_root(self.checkpoint)
        self._waiting = [read_act(note) for note in self.store.facts(WAITING).values()]
        self._look_ahead()

    def _sizes_to_remember(self, newest: bytes | None) -> set[int]:
        return set() if newest is None else {int(newest.split(b"\n", 2)[1])}

    def _look_ahead(self) -> None:
        state = self.ledger.state
        for signed in self._waiting:
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
        return tuple(self._waiting)

    @property
    def three_signed(self) -> int:
        """The size of the largest checkpoint known to carry every party's cosignature."""
        return int(self.store.facts(THREE_SIGNED).get(THREE_SIGNED, b"0"))

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

    # --- signing ---

    def judge(
        self, deed: Deed, *, signers: Sequence[str] | None = None, attachments: Sequence[Attachment] = ()
    ) -> Refusal | None:
        """Say why this desk's officers may not do this now, own waiting acts counted, or nothing."""
        draft = self._draft(deed, signers)
        sealed = tuple(one.as_drafted() for one in attachments)
        return judge(self.ahead, self._as_act(draft, deed, sealed))

    def sign(
        self,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        attachments: Sequence[Attachment] = (),
        answers: Sequence[str] = (),
        anyway: bool = False,
    ) -> ActId | Refusal:
        """Judge a deed, sign it and keep it as waiting (the neutral logs it at once); durable when this returns.

        ``anyway`` signs what the law refuses: it will be void, and stays in the log. Raises DeskBroken where this desk must
        not or cannot sign.
        """
        self._may_sign(deed)
        self._check_answers(answers)
        self.tick()
        draft = self._draft(deed, signers)
        prepared = [seal_attachment(one, self.ahead.encryption_keys, self.randomness) for one in attachments]
        refusal = judge(self.ahead, self._as_act(draft, deed, tuple(as_sealed(one.ref) for one in prepared)))
        if refusal is not None and not anyway:
            return refusal
        envelope = self._envelope(draft, deed, answers, [one.ref for one in prepared])
        note = sign(to_text(envelope), draft.signers)
        signed = read_act(note)
        blobs = tuple((str(one.ref.blob), one.blob) for one in prepared)
        if self.is_neutral or not self.state.authority.participants:
            self._log_own(signed, blobs)
        else:
            self._keep_waiting(signed, blobs)
        return ActId(signed.id)

    def _check_answers(self, answers: Sequence[str]) -> None:
        """Refuse to answer what is not there: the neutral could not log it, and nothing after it in this chain."""
        mine = {one.id for one in self._waiting}
        if any(ActId(one) not in self.ledger.positions and one not in mine for one in answers):
            raise DeskBroken("desk.answers_unknown", act=self.ahead.count)

    def _may_sign(self, deed: Deed) -> None:
        facts = self.store.facts()
        if RESTORED in facts:
            raise DeskBroken("desk.restored")
        if FORKED in facts and deed.kind not in AFTER_A_FORK:
            raise DeskBroken("desk.forked")
        if self.state.authority.rules > RULES_VERSION:
            raise DeskBroken("desk.rules_unknown", rules=self.state.authority.rules)
        self._check_succession(deed)

    def _draft(self, deed: Deed, signers: Sequence[str] | None) -> _Draft:
        mandate, names = self._choose(deed.kind, signers)
        try:
            chosen = tuple(self.keys.signers[name] for name in names)
        except KeyError as missing:
            raise DeskBroken("desk.no_key", key=str(missing.args[0])) from None
        if not chosen:
            raise DeskBroken("desk.no_key", key=deed.kind)
        return _Draft(mandate, chosen)

    def _choose(self, kind: str, signers: Sequence[str] | None) -> tuple[str, Sequence[str]]:
        """Return the mandate and the names that sign: those given, or as many as the kind needs of those unlocked."""
        if kind in ROOT_KINDS:
            roots = [name for name in sorted(self.keys.signers) if "/root-" in name]
            return ROOT, roots if signers is None else signers
        if kind in DESK_KINDS and signers is None:
            signer = self._desk_signer()
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

    def _as_act(self, draft: _Draft, deed: Deed, sealed: tuple[object, ...]) -> Act:
        head = self.ahead.authority.heads.get(self.name)
        return Act(
            id=ActId("0" * 64),
            position=self.ahead.count,
            party=self.name,
            seq=head.seq + 1 if head is not None else 1,
            mandate=draft.mandate,
            signers=frozenset(one.verify_key.name for one in draft.signers),
            deed=deed,
            sealed=sealed,  # type: ignore[arg-type]
        )

    def _envelope(self, draft: _Draft, deed: Deed, answers: Sequence[str], sealed: list[SealedRef]) -> Envelope:
        head = self.ahead.authority.heads.get(self.name)
        return Envelope(
            answers=tuple(ActId(one) for one in answers),
            body=to_body(deed),
            case=self.ledger.case,
            kind=deed.kind,
            mandate=draft.mandate,
            party=self.name,
            prev=head.id if head is not None else ActId(""),
            sealed=tuple(sealed),
            seen=self._seen(),
            seq=head.seq + 1 if head is not None else 1,
            time=self.now(),
        )

    def _seen(self) -> Seen:
        point = self.checkpoint
        if point is None or point.size > self.size:
            return Seen(root=Digest(""), size=0, state=Digest(""))
        state = self.ledger.fingerprint_at(point.size) or Digest("")
        return Seen(root=Digest(point.root.hex()), size=point.size, state=state)

    def _keep_waiting(self, signed: SignedAct, blobs: tuple[tuple[str, bytes], ...]) -> None:
        name = f"{WAITING}{signed.envelope.seq:08}"
        self.store.write(Change(start=self.size, blobs=blobs, facts={name: signed.note}))
        self._waiting.append(signed)
        self.ahead = step(self.ahead, to_act(signed, self.ahead.count))

    def text_for(self, deed: Deed) -> str:
        """Return the text of an act that root keys of several participants will sign at one table; see ``submit``."""
        self._may_sign(deed)
        return to_text(self._envelope(_Draft(ROOT, ()), deed, (), []))

    def submit(self, note: bytes) -> ActId | Refusal:
        """Take one's own act that was signed elsewhere, as if it had been signed here; raises DeskBroken, RecordBroken."""
        signed = read_act(note)
        act = to_act(signed, self.ahead.count)
        if signed.envelope.party != self.name:
            raise DeskBroken("desk.unknown_signer", act=self.ahead.count, signer=signed.envelope.party)
        self._may_sign(act.deed)
        head = self.ahead.authority.heads.get(self.name)
        self._check_answers(signed.envelope.answers)
        self._check_signatures(signed, act)
        if (signed.envelope.seq, signed.envelope.prev) != ((head.seq + 1, head.id) if head is not None else (1, "")):
            raise DeskBroken("desk.chain_gap", party=self.name, seq=signed.envelope.seq)
        refusal = judge(self.ahead, act)
        if refusal is not None:
            return refusal
        if self.is_neutral:
            self._log_own(signed, ())
        else:
            self._keep_waiting(signed, ())
        return ActId(signed.id)

    def _check_signatures(self, signed: SignedAct, act: Act) -> None:
        """Refuse an act whose signatures do not hold: it could never be logged, nor anything after it in this chain."""
        keys = {**brought_keys(act, first=False), **known_keys(self.ahead.authority)}
        verdict = check_signatures(signed, keys)
        if verdict.spoiled:
            raise DeskBroken("desk.spoiled_signature", act=act.position, signer=verdict.spoiled[0])
        if verdict.unknown:
            raise DeskBroken("desk.unknown_signer", act=act.position, signer=verdict.unknown[0])

    # --- founding ---

    def enter_founding(self, note: bytes) -> ActId:
        """Begin the log of a case with its founding act, at the neutral's desk; raises DeskBroken where it is not genuine."""
        signed = read_act(note)
        self._check_own_keys(signed)
        self._log_own(signed, ())
        return ActId(signed.id)

    def _check_own_keys(self, signed: SignedAct) -> None:
        """Refuse a founding act that names another desk key or other root keys for this participant than its own."""
        body = signed.envelope.body
        named = body.get("participants") if signed.envelope.kind == "found_case" else None
        listed = named if isinstance(named, list) else []
        mine = [one for one in listed if isinstance(one, Mapping) and one.get("name") == self.name]
        held = self.keys.signers.get(f"{self.name}/desk")
        if named is None or (mine and held is not None and mine[0].get("desk_key") != held.verify_key.vkey):
            raise DeskBroken("desk.foreign_founding")
        if mine and self.own_roots and mine[0].get("roots") != list(self.own_roots):
            raise DeskBroken("desk.foreign_founding")

    # --- succession ---

    def take_over(self, note: bytes) -> ActId | Refusal:
        """Go on with the log as its new neutral, by the act with which the parties' roots put this desk in that place.

        Raises DeskBroken where the act does not name this desk's key, or does not begin where the last checkpoint that
        every party has cosigned ends.
        """
        signed = read_act(note)
        deed = to_act(signed, self.size).deed
        held = self.keys.signers.get(f"{self.name}/desk")
        if not isinstance(deed, SucceedNeutral) or held is None or deed.neutral.desk_key != held.verify_key.vkey:
            raise DeskBroken("desk.not_named_successor")
        self._check_succession(deed)
        if self.size != deed.size:
            raise DeskBroken("desk.not_three_signed", size=deed.size)
        refusal = judge(self.state, self.ledger.check(signed))
        if refusal is not None:
            return refusal
        self._log_own(signed, ())
        return ActId(signed.id)

    def _check_succession(self, deed: Deed) -> None:
        """Refuse a succession that does not begin where the last checkpoint cosigned by every party ends (contact 9)."""
        if isinstance(deed, SucceedNeutral) and deed.size <= self.size:
            same = deed.root == self.ledger.tree.root(deed.size).hex()
            if not same or deed.size != self.three_signed:
                raise DeskBroken("desk.not_three_signed", size=deed.size)

    def _names_successor(self, bundle: Bundle) -> bool:
        """Say whether a bundle of another log goes on with this one: it holds the act that put its neutral in place."""
        for note in bundle.acts[max(0, self.size - bundle.start) :]:
            deed = to_act(read_act(note), self.size).deed
            if isinstance(deed, SucceedNeutral) and deed.origin == bundle.origin:
                return True
        return False

    # --- the neutral's log ---

    def tick(self) -> None:
        """Enter the neutral's time if it moved since the last entry; anybody else's desk does nothing."""
        now = self.now()
        if not self.is_neutral or now <= self.state.authority.clock or RESTORED in self.store.facts():
            return
        deed = RecordClock(now=now)
        draft = self._draft(deed, None)
        self._log([read_act(sign(to_text(self._envelope(draft, deed, (), [])), draft.signers))], ())

    def _log_own(self, signed: SignedAct, blobs: tuple[tuple[str, bytes], ...]) -> None:
        """Append one act made here, or raise what is wrong with it."""
        for away in self._log([signed], blobs):
            raise DeskBroken(away.code, act=self.size, party=away.party, seq=away.seq, signer=away.party)

    def _log(self, signed_acts: Sequence[SignedAct], blobs: tuple[tuple[str, bytes], ...]) -> tuple[TurnedAway, ...]:
        """Append the acts that are genuine and sign a checkpoint; durable on return.

        Of the rest, what its author surely signed and what contradicts the log is kept as evidence; a sealed file is kept
        only if an act of the log names it. So nobody fills this desk's disk with what nobody signed.
        """
        start = self.size
        notes: list[bytes] = []
        turned_away: list[TurnedAway] = []
        facts: dict[str, bytes | None] = {}
        try:
            for signed in signed_acts:
                try:
                    self.ledger.take(signed)
                    notes.append(signed.note)
                except Broken as broken:
                    said = signed.envelope
                    turned_away.append(TurnedAway(party=said.party, seq=said.seq, code=broken.code))
                    if broken.code in PROVES:
                        facts[f"{EVIDENCE}{signed.id}"] = signed.note
            blobs = self._named(blobs, notes)
            point = self._new_checkpoint() if notes else None
            checkpoints = ((point.size, point.note),) if point is not None else ()
            self.store.write(Change(start=start, acts=tuple(notes), checkpoints=checkpoints, blobs=blobs, facts=facts))
        except BaseException:
            self._reload()
            raise
        self.checkpoint = point or self.checkpoint
        self._look_ahead()
        return tuple(turned_away)

    def _new_checkpoint(self) -> Checkpoint:
        self.ledger.fingerprint()
        signer = self._desk_signer()
        if signer is None:
            raise DeskBroken("desk.no_key", key=f"{self.name}/desk")
        return make(self._origin(), self.size, self.ledger.tree.root(), signer)

    def _desk_signer(self) -> Signer | None:
        """Return the desk key that the record names for this participant, if it is unlocked here."""
        me = self.state.authority.participants.get(self.name)
        if me is None:
            return self.keys.signers.get(f"{self.name}/desk")
        key = VerifyKey.parse(me.desk_key)
        held = self.keys.signers.get(key.name)
        return held if held is not None and held.verify_key == key else None

    def _origin(self) -> str:
        return self.state.authority.origin

    # --- bundles out ---

    def bundle(self, to: str | None = None, *, since: int = 0, again: bool = False) -> bytes:
        """Return the bundle for a participant (None: for an outsider, without sealed files).

        From the neutral: the log from position ``since``, the newest checkpoints, and the sealed files that this participant
        may have by now and was not handed yet (``again``: all of them). From anyone else: what waits, with its files, and
        the newest checkpoint with one's own cosignature.
        """
        if not self.state.authority.participants:
            raise DeskBroken("desk.no_case")
        since = min(since, self.size)
        checkpoints = [self.checkpoint.note] if self.checkpoint is not None else []
        three = self.three_signed
        if three and self.checkpoint is not None and three != self.checkpoint.size:
            note = self.store.checkpoint(three)
            checkpoints += [note] if note is not None and self._of_this_log(note) else []
        waiting = () if self.is_neutral else tuple(one.note for one in self._waiting)
        digests = self._files_for(to, again=again) if self.is_neutral else self._files_waiting()
        blobs = [blob for blob in (self.store.blob(one) for one in digests) if blob is not None]
        if to is not None and self.is_neutral and digests:
            self.store.write(Change(start=self.size, facts={f"{HANDED}{to}/{one}": b"1" for one in digests}))
        return write(
            Bundle(
                origin=self._origin(),
                start=since,
                stop=self.size,
                acts=tuple(self.store.acts(since)),
                waiting=waiting,
                checkpoints=tuple(checkpoints),
                blobs=tuple(blobs),
            )
        )

    def _files_waiting(self) -> list[str]:
        return [one.blob for signed in self._waiting for one in signed.envelope.sealed]

    def _files_for(self, to: str | None, *, again: bool) -> list[str]:
        if to is None:
            return []
        handed = {name.rsplit("/", 1)[1] for name in self.store.facts(f"{HANDED}{to}/")} if not again else set()
        gone = self.replaced_files()
        out: list[str] = []
        for position, sealed in self._sealed_acts():
            if sealed.blob in handed | gone or not any(room.startswith(f"{to}/") for room in sealed.to):
                continue
            if may_open(self.state, position, self.three_signed):
                out.append(sealed.blob)
        return out

    def _sealed_acts(self) -> Iterable[tuple[int, SealedRef]]:
        for position, note in enumerate(self.store.acts()):
            if b',"sealed":[],"seen":' in note:
                continue
            for sealed in read_act(note).envelope.sealed:
                yield position, sealed

    def receipt(self, act_id: str) -> bytes:
        """Return the proof that an act stands in the log: its place, the path and the checkpoint; raises DeskBroken."""
        position = self.ledger.positions.get(ActId(act_id))
        point = self.checkpoint
        if position is None or point is None or position >= point.size:
            raise DeskBroken("desk.no_such_act", act=act_id[:16])
        return make_receipt(position, self.ledger.tree.inclusion(position, point.size), point)

    # --- bundles in ---

    def receive(self, data: bytes) -> Received:
        """Take a bundle in: verified whole before anything is written; the same bundle twice does nothing the second time.

        Raises BundleBroken, RecordBroken, DeskBroken or StoreBroken, and then nothing of it was taken.
        """
        bundle = read(data)
        same_log = not self.state.authority.participants or bundle.origin == self._origin()
        if not same_log and not self._names_successor(bundle):
            raise DeskBroken("desk.other_case")
        restored = RESTORED in self.store.facts()
        try:
            if self.is_neutral and not restored:  # a restored neutral gets its own log back from the others first
                return self._receive_as_neutral(bundle)
            return self._receive_as_party(bundle, restored=restored)
        except BaseException as broken:
            self._reload()
            if isinstance(broken, SplitView):
                evidence = {f"{EVIDENCE}{digest_of(broken.proof)}": broken.proof}
                self.store.write(Change(start=self.size, facts=dict(evidence)))
            raise

    def _check_overlap(self, bundle: Bundle) -> list[bytes]:
        """Return the logged acts that are new here; those kept already must be the same, byte for byte."""
        if bundle.start > self.size:
            raise DeskBroken("desk.bundle_ahead", begins=bundle.start, kept=self.size)
        kept = self.store.acts(bundle.start, min(bundle.stop, self.size))
        for number, (ours, theirs) in enumerate(zip(kept, bundle.acts, strict=False)):
            if ours != theirs:
                raise self._contradiction(bundle, bundle.start + number)
        return list(bundle.acts[max(0, self.size - bundle.start) :])

    def _contradiction(self, bundle: Bundle, place: int) -> DeskBroken:
        """Return what is wrong with a bundle that shows another act at a place, or acts where the log has none.

        Only a checkpoint that the neutral signed over that other history proves a split view; without one, whoever
        carried the bundle may have altered it, and nobody is accused.
        """
        other = Tree()
        for note in (*self.store.acts(0, bundle.start), *bundle.acts):
            other.append_hash(leaf_hash(note))
        for note in filter(self._of_this_log, bundle.checkpoints):
            try:
                point = self._read_checkpoint(note)
            except CheckpointBroken:
                continue
            if place < point.size <= bundle.stop and other.root(point.size) == point.root:
                return SplitView(point.note, act=place)
        if place == 0:
            return DeskBroken("desk.other_case")
        return DeskBroken("desk.no_checkpoint", acts=bundle.stop - place)

    def _receive_as_party(self, bundle: Bundle, *, restored: bool) -> Received:
        new = [read_act(note) for note in self._check_overlap(bundle)]
        start = self.size
        if start == 0:
            if not new:
                raise DeskBroken("desk.no_case")
            self._check_own_keys(new[0])
        differ = self._take_all(new)
        point = self._newest_checkpoint(bundle, start)
        if self.size > start and (point is None or point.size < self.size):
            raise DeskBroken("desk.no_checkpoint", acts=self.size - start)
        self._waiting, facts = self._settle_waiting()
        if FORKED in self.store.facts() and FORKED not in facts and self._branch_chosen(new, start):
            facts[FORKED] = None
        checkpoints: list[tuple[int, bytes]] = []
        if point is not None:
            self.ledger.fingerprint()
            point = self._cosign(point)
            checkpoints.append((point.size, point.note))
            self.checkpoint = point
            if restored and point.size >= self._once_confirmed():
                facts[IMPORTED] = b"1"
        facts |= self._three_signed_fact(bundle, checkpoints)
        blobs = self._named(self._arrived(bundle), [one.note for one in new])
        self.store.write(
            Change(
                start=start,
                acts=tuple(one.note for one in new),
                checkpoints=tuple(checkpoints),
                blobs=tuple(blobs),
                facts=facts,
            )
        )
        self._look_ahead()
        return Received(
            acts=len(new),
            files=len(blobs),
            size=self.size,
            cosigned_by=tuple(sorted(point.cosigners)) if point is not None else (),
            states_differ=differ,
        )

    def _take_all(self, new: Sequence[SignedAct]) -> tuple[int, ...]:
        """Let acts count, and return the positions of those whose author derived another state than this desk did."""
        wanted = {one.envelope.seen.size for one in new if one.envelope.seen.state}
        differ: list[int] = []
        for number, signed in enumerate(new, start=1):
            self.watch(number, len(new))
            if self.size in wanted:
                self.ledger.fingerprint()
            act = self.ledger.take(signed)
            seen = signed.envelope.seen
            ours = self.ledger.fingerprint_at(seen.size)
            if seen.state and ours is not None and ours != seen.state:
                differ.append(act.position)
        return tuple(differ)

    def _read_checkpoint(self, note: bytes) -> Checkpoint:
        """Read a checkpoint with the desk keys as they were at its size; they change when a participant rotates them."""
        _, claimed, *_ = *note.split(b"\n", 2), b""
        size = int(claimed) if len(claimed) < LONGEST_SIZE and claimed.isdigit() else self.size
        authority = self.ledger.authority_at(size)
        log_key = VerifyKey.parse(authority.participants[authority.neutral].desk_key)
        witnesses = [
            VerifyKey.parse(one.desk_key) for name, one in authority.participants.items() if name != authority.neutral
        ]
        return read_checkpoint(note, log_key, witnesses)

    def _of_this_log(self, note: bytes) -> bool:
        """Say whether a checkpoint is of the log's present neutral; those of one that was succeeded are history."""
        return note.split(b"\n", 1)[0] == self._origin().encode()

    def _check_root(self, point: Checkpoint, *, new_from: int | None = None) -> None:
        """Hold a signed checkpoint against this copy, of which acts from ``new_from`` on came in the same bundle.

        Where it covers only what was kept before, its other root is proof. Where it covers what just came, the bundle may
        have been altered on the way: then these acts have no checkpoint, and nobody is accused.
        """
        if self.ledger.tree.root(point.size) != point.root:
            if new_from is not None and point.size > new_from:
                raise DeskBroken("desk.no_checkpoint", acts=self.size - new_from)
            raise SplitView(point.note, size=point.size)

    def _newest_checkpoint(self, bundle: Bundle, start: int) -> Checkpoint | None:
        """Return the newest checkpoint of the bundle that this copy can be held against; every one is held against it."""
        newest: Checkpoint | None = None
        for note in filter(self._of_this_log, bundle.checkpoints):
            point = self._read_checkpoint(note)
            if point.size > self.size:
                continue
            self._check_root(point, new_from=start)
            newest = point if newest is None or point.size > newest.size else newest
            if newest.size == point.size and newest is not point:
                newest = merge(newest, point)
        kept = self.checkpoint
        if newest is None or (kept is not None and newest.size < kept.size and start == self.size):
            return None
        return merge(newest, kept) if kept is not None and kept.size == newest.size else newest

    def _cosign(self, point: Checkpoint) -> Checkpoint:
        signer = self._desk_signer()
        if self.name not in self.ledger.state.authority.participants or self.is_neutral:
            return point  # who only reads has no word to give, and the neutral has given it
        if signer is None or self.name in {name.split("/")[0] for name in point.cosigners}:
            return point
        return cosign(point, signer, seconds(self.now()))

    def _three_signed_fact(self, bundle: Bundle, kept: list[tuple[int, bytes]]) -> dict[str, bytes | None]:
        """Remember the largest checkpoint that every party has cosigned, with its note."""
        parties = set(self.ledger.state.authority.parties)
        best = self.three_signed
        facts: dict[str, bytes | None] = {}
        for note in filter(self._of_this_log, [*bundle.checkpoints, *(note for _, note in kept)]):
            point = self._read_checkpoint(note)
            signed = {name.split("/")[0] for name in point.cosigners}
            if point.size > best and point.size <= self.size and parties <= signed:
                best = point.size
                facts = {THREE_SIGNED: str(best).encode()}
                if all(size != point.size for size, _ in kept):
                    kept.append((point.size, point.note))
        return facts

    def _settle_waiting(self) -> tuple[list[SignedAct], dict[str, bytes | None]]:
        """Drop from what waits the acts that have their receipt; keep proof where the log holds another with that number.

        What was signed after such an act builds on the branch that lost, and is kept as proof with it: it could never be logged.
        """
        head = self.state.authority.heads.get(self.name)
        facts: dict[str, bytes | None] = {}
        still: list[SignedAct] = []
        for signed in self._waiting:
            name = f"{WAITING}{signed.envelope.seq:08}"
            if ActId(signed.id) in self.ledger.positions:
                facts[name] = None
            elif FORKED in facts or (head is not None and signed.envelope.seq <= head.seq):
                facts |= {name: None, f"{EVIDENCE}{signed.id}": signed.note, FORKED: str(signed.envelope.seq).encode()}
            else:
                still.append(signed)
        return still, facts

    def _branch_chosen(self, new: Sequence[SignedAct], start: int) -> bool:
        """Say whether this participant's root keys, among acts just taken from ``start`` on, named the branch that stands."""
        return any(
            one.envelope.kind == "choose_branch" and one.envelope.party == self.name and place not in self.state.void
            for place, one in enumerate(new, start)
        )

    def _arrived(self, bundle: Bundle) -> tuple[tuple[str, bytes], ...]:
        return tuple((digest_of(blob), blob) for blob in bundle.blobs)

    def _named(self, blobs: Iterable[tuple[str, bytes]], new: Iterable[bytes]) -> tuple[tuple[str, bytes], ...]:
        """Return the sealed files that an act of the log or one of these new ones names; others are left out.

        So is a file that an erasure replaced: who destroyed it does not take it back from an old stick.
        """
        arrived = tuple(blobs)
        if not arrived:
            return ()
        named = {sealed.blob for note in new for sealed in read_act(note).envelope.sealed}
        if any(digest not in named for digest, _ in arrived):
            named |= {sealed.blob for _, sealed in self._sealed_acts()}
        named -= self.replaced_files()
        return tuple((digest, blob) for digest, blob in arrived if digest in named)

    def _receive_as_neutral(self, bundle: Bundle) -> Received:
        if self._check_overlap(bundle):
            raise self._contradiction(bundle, self.size)
        before = self.size
        unknown = [read_act(note) for note in bundle.waiting]
        unknown = [one for one in unknown if ActId(one.id) not in self.ledger.positions]
        arrived = self._arrived(bundle)
        self._check_files_came(unknown, {digest for digest, _ in arrived})
        cosigned = self._take_cosignatures(bundle)
        if unknown:
            self.tick()
        files = self._named(arrived, [one.note for one in unknown])
        turned_away = self._log(unknown, files) if unknown else ()
        if files and not unknown:
            self.store.write(Change(start=self.size, blobs=files))
        return Received(
            logged=self.size - before,
            turned_away=turned_away,
            files=len(files) if not turned_away else len(self._named(files, ())),
            size=self.size,
            cosigned_by=cosigned,
        )

    def _check_files_came(self, unknown: Sequence[SignedAct], came: Collection[str]) -> None:
        """Take no act whose sealed file was lost on the way: once the act has its receipt, nobody sends the file again."""
        for signed in unknown:
            for sealed in signed.envelope.sealed:
                if sealed.blob not in came and self.store.blob(sealed.blob) is None:
                    raise DeskBroken("desk.blob_missing")

    def _take_cosignatures(self, bundle: Bundle) -> tuple[str, ...]:
        """Join the cosignatures that came in to the checkpoints kept here."""
        kept: list[tuple[int, bytes]] = []
        for note in filter(self._of_this_log, bundle.checkpoints):
            point = self._read_checkpoint(note)
            if point.size > self.size:
                raise SplitView(point.note, size=point.size)
            self._check_root(point)
            ours = self.store.checkpoint(point.size)
            joined = merge(self._read_checkpoint(ours), point) if ours is not None else point
            kept.append((joined.size, joined.note))
            if self.checkpoint is not None and joined.size == self.checkpoint.size:
                self.checkpoint = joined
        facts = self._three_signed_fact(bundle, kept)
        if kept:
            self.store.write(Change(start=self.size, checkpoints=tuple(kept), facts=facts))
        return tuple(sorted(self.checkpoint.cosigners)) if self.checkpoint is not None else ()

    # --- sealed files ---

    def open(self, act_id: str, number: int = 0) -> Rows:
        """Open a sealed file of an act that is addressed here, and hold it against its commitment.

        Raises DeskBroken (not addressed, not arrived, sealed until both sides have committed), SealBroken (another file,
        torn), CommitmentBroken ``commitment.mismatch``: the ground for an objection.
        """
        signed = self.find(act_id)
        sealed = signed.envelope.sealed[number] if number < len(signed.envelope.sealed) else None
        if sealed is None:
            raise DeskBroken("desk.blob_missing")
        identities = self.keys.opening(sealed.to)
        if not identities:
            raise DeskBroken("desk.not_addressed")
        own = signed.envelope.party == self.name
        position = self.ledger.positions[ActId(act_id)]
        listed = signed.envelope.kind == HandInList.kind
        if listed and not own and not may_open(self.state, position, self.three_signed):
            raise DeskBroken("desk.sealed_until_both")
        blob = self.store.blob(sealed.blob)
        if blob is None:
            raise DeskBroken("desk.blob_missing")
        return open_attachment(sealed, blob, identities)

    def forget(self, digests: Iterable[str]) -> None:
        """Destroy sealed files kept here; who destroys the key that opened them is the keeper of the key file."""
        self.store.write(Change(start=self.size, forget=tuple(digests)))

    def replaced_files(self) -> frozenset[str]:
        """Return the digests of sealed lists in whose place an erasure put others; they are neither taken nor given."""
        now: dict[ActId, set[str]] = {}
        gone: set[str] = set()
        for one in self.state.standing.erasures.values():
            gone |= now.get(one.list, {self.state.lists.versions[one.list].blob})
            now[one.list] = set(one.files)
        return frozenset(gone)

    # --- after a restore ---

    def confirm_restored(self) -> None:
        """Lift the ban on signing after a restore, on the officer's word that nothing newer is in the post.

        Raises DeskBroken until a bundle was imported after the restore whose checkpoint covers everything that this desk
        once had confirmed.
        """
        if IMPORTED not in self.store.facts(RESTORED):
            raise DeskBroken("desk.restored")
        self.store.write(Change(start=self.size, facts={RESTORED: None, IMPORTED: None}))

    def _once_confirmed(self) -> int:
        return max(1, int(self.store.facts(RESTORED).get(RESTORED, b"0") or b"0"))


@dataclass(frozen=True, slots=True)
class _Draft:
    """Who is about to sign, and under which mandate."""

    mandate: str
    signers: tuple[Signer, ...]


def digest_of(blob: bytes) -> str:
    """Return the SHA-256 of a sealed file in hex."""
    return sha256(blob).hexdigest()


def seconds(moment: Moment) -> int:
    """Return seconds since 1970 for a moment in UTC."""
    return int(datetime.fromisoformat(moment).timestamp())
