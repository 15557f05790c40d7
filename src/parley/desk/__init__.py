"""One participant's working place: the only spot where clock, keys, store and law meet.

A desk keeps its own copy of the record, signs its officers' acts, takes bundles in and gives bundles out. The neutral's desk
also keeps the log: it appends what arrives, and signs checkpoints; the others verify each checkpoint against their own copy,
keep it, and cosign it in the same step. What is signed but not yet in the log *waits*: it has no effect before its receipt.

What a desk has stands in ``place``; each thing that it does, in a module of its own: ``signing`` (with ``drafting``),
``log_keeping``, ``outgoing``, ``incoming``, ``succession``. The Desk below is their front door.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parley.acts import Deed
from parley.desk.awaited import ASKED, AWAITED
from parley.desk.errors import DeskBroken
from parley.desk.incoming import Received, receive
from parley.desk.log_keeping import TurnedAway, enter_founding, tick
from parley.desk.opened import open_file
from parley.desk.outgoing import make_bundle, receipt_of
from parley.desk.place import EVIDENCE, FORKED, HANDED, IMPORTED, WAITING, Keys, Place, digest_of
from parley.desk.sealing import Attachment
from parley.desk.signing import judge_deed, sign_deed, submit, text_for
from parley.desk.succession import take_over
from parley.record.commitment import Row, Rows
from parley.store.base import RESTORED, Change
from parley.words import ActId, Refusal

__all__ = [
    "EVIDENCE",
    "FORKED",
    "HANDED",
    "WAITING",
    "Attachment",
    "Desk",
    "DeskBroken",
    "Keys",
    "Received",
    "Row",
    "TurnedAway",
    "digest_of",
]


class Desk(Place):
    """One participant's desk over one store."""

    # --- signing ---

    def judge(
        self, deed: Deed, *, signers: Sequence[str] | None = None, attachments: Sequence[Attachment] = ()
    ) -> Refusal | None:
        """Say why this desk's officers may not do this now, own waiting acts counted, or nothing."""
        return judge_deed(self, deed, signers=signers, attachments=attachments)

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
        return sign_deed(self, deed, signers=signers, attachments=attachments, answers=answers, anyway=anyway)

    def text_for(self, deed: Deed) -> str:
        """Return the text of an act that root keys of several participants will sign at one table; see ``submit``."""
        return text_for(self, deed)

    def submit(self, note: bytes) -> ActId | Refusal:
        """Take one's own act that was signed elsewhere, as if it had been signed here; raises DeskBroken, RecordBroken."""
        return submit(self, note)

    # --- the log, and who keeps it ---

    def enter_founding(self, note: bytes) -> ActId:
        """Begin the log of a case with its founding act, at the neutral's desk; raises DeskBroken where it is not genuine."""
        return enter_founding(self, note)

    def take_over(self, note: bytes) -> ActId | Refusal:
        """Go on with the log as its new neutral, by the act with which the parties' roots put this desk in that place.

        Raises DeskBroken where the act does not name this desk's key, or does not begin where the last checkpoint that
        every party has cosigned ends.
        """
        return take_over(self, note)

    def tick(self) -> None:
        """Enter the neutral's time if it moved since the last entry; anybody else's desk does nothing."""
        tick(self)

    # --- bundles ---

    def bundle(self, to: str | None = None, *, since: int = 0, again: bool = False) -> bytes:
        """Return the bundle for a participant (None: for an outsider, without sealed files).

        From the neutral: the log from position ``since``, the newest checkpoints, and the sealed files that this participant
        may have by now and was not handed yet (``again``: all of them). From anyone else: what waits, with its files, and
        the newest checkpoint with one's own cosignature.
        """
        return make_bundle(self, to, since=since, again=again)

    def receive(self, data: bytes) -> Received:
        """Take a bundle in: verified whole before anything is written; the same bundle twice does nothing the second time.

        Raises BundleBroken, RecordBroken, DeskBroken or StoreBroken, and then nothing of it was taken.
        """
        return receive(self, data)

    def receipt(self, act_id: str) -> bytes:
        """Return the proof that an act stands in the log: its place, the path and the checkpoint; raises DeskBroken."""
        return receipt_of(self, act_id)

    # --- sealed files ---

    def open(self, act_id: str, number: int = 0) -> Rows:
        """Open a sealed file of an act that is addressed here, and hold it against its commitment.

        Raises DeskBroken (not addressed, not arrived, sealed until both sides have committed), SealBroken (another file,
        torn), CommitmentBroken ``commitment.mismatch``: the ground for an objection.
        """
        return open_file(self, act_id, number)

    def forget(self, digests: Iterable[str]) -> None:
        """Destroy sealed files kept here; who destroys the key that opened them is the keeper of the key file."""
        gone = tuple(digests)
        kept = self.store.facts()
        names = [f"{prefix}{digest}" for prefix in (AWAITED, ASKED) for digest in gone]
        facts = {name: None for name in names if name in kept}
        self.store.write(Change(start=self.size, forget=gone, facts=facts))

    # --- after a restore ---

    def confirm_restored(self) -> None:
        """Lift the ban on signing after a restore, on the officer's word that nothing newer is in the post.

        Raises DeskBroken until a bundle was imported after the restore whose checkpoint covers everything that this desk
        once had confirmed.
        """
        if IMPORTED not in self.store.facts(RESTORED):
            raise DeskBroken("desk.restored")
        self.store.write(Change(start=self.size, facts={RESTORED: None, IMPORTED: None}))
