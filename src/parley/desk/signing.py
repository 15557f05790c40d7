"""Signs acts at a desk: asks the law first, then signs, then keeps what was signed before anybody hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from parley.acts import BY_KIND, AcknowledgeList, Act, Deed, IssueMandate, PublishCommunique, Sealed, SucceedNeutral
from parley.briefings.communique import other_texts
from parley.desk.awaited import awaited
from parley.desk.drafting import Draft, as_act, draft_for, envelope_for
from parley.desk.errors import DeskBroken
from parley.desk.ledger import brought_keys, to_act
from parley.desk.log_keeping import append_own, tick
from parley.desk.place import FORKED, WAITING, Place
from parley.desk.rows_and_terms import check_rows
from parley.desk.sealing import Attachment, as_sealed, has_come, may_open, seal_attachment
from parley.desk.succession import at_succession, check_succession
from parley.process import judge, step
from parley.process.authority import ROOT, known_keys
from parley.process.contact import RULES_VERSION
from parley.record.envelope import SignedAct, read_act, to_text
from parley.record.note import sign
from parley.record.verdict import check_signatures
from parley.store.base import RESTORED, Change
from parley.words import ActId, Refusal, refuse

AFTER_A_FORK: Final = frozenset({"choose_branch", "report_fork"})
"""What a desk whose own chain is forked may still sign: the proof of it, and the way out."""


def judge_deed(
    desk: Place, deed: Deed, *, signers: Sequence[str] | None = None, attachments: Sequence[Attachment] = ()
) -> Refusal | None:
    """Say why this desk's officers may not do this now, own waiting acts counted, or nothing."""
    draft = draft_for(desk, deed, signers)
    names = [one.verify_key.name for one in draft.signers]
    return judge_deed_as(desk, deed, draft.mandate, names, attachments)


def judge_deed_as(
    desk: Place,
    deed: Deed,
    mandate: str,
    names: Iterable[str],
    attachments: Sequence[Attachment],
    *,
    sealed: Sequence[Sealed] | None = None,
) -> Refusal | None:
    """Ask the law about a deed as signed by these officers; ``sealed`` where its files are made already."""
    drafted = tuple(one.as_drafted() for one in attachments) if sealed is None else tuple(sealed)
    act = replace(as_act(desk, Draft(mandate, ()), deed, drafted), signers=frozenset(names))
    refusal = _grants_unknown(deed) or judge(desk.ahead, act)
    if refusal is None:
        _check_texts(desk, deed)
    return refusal


def check_before_signing(desk: Place, deed: Deed, answers: Sequence[str]) -> None:
    """Raise what keeps this desk from signing this at all, whatever the law says."""
    _check_may_sign(desk, deed)
    _check_answers(desk, answers)


def take_signed(desk: Place, signed: SignedAct, blobs: tuple[tuple[str, bytes], ...]) -> ActId:
    """Keep an act that has all its signatures: the neutral logs it at once, anybody else keeps it as waiting."""
    if desk.is_neutral or not desk.state.authority.participants:
        append_own(desk, signed, blobs)
    else:
        _keep_waiting(desk, signed, blobs)
    return ActId(signed.id)


def sign_deed(
    desk: Place,
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
    _check_may_sign(desk, deed)
    _check_answers(desk, answers)
    tick(desk)
    draft = draft_for(desk, deed, signers)
    prepared = [seal_attachment(one, desk.ahead.encryption_keys, desk.randomness) for one in attachments]
    sealed = tuple(as_sealed(one.ref) for one in prepared)
    refusal = _grants_unknown(deed) or judge(desk.ahead, as_act(desk, draft, deed, sealed))
    if refusal is not None and not anyway:
        return refusal
    if not anyway:
        _check_texts(desk, deed)
        check_rows(desk, deed)
    envelope = envelope_for(desk, draft, deed, answers, [one.ref for one in prepared])
    note = sign(to_text(envelope), draft.signers)
    signed = read_act(note)
    blobs = tuple((str(one.ref.blob), one.blob) for one in prepared)
    return take_signed(desk, signed, blobs)


def text_for(desk: Place, deed: Deed) -> str:
    """Return the text of an act that root keys of several participants will sign at one table; see ``submit``.

    A succession takes its place where the new log begins. A desk that has signed other acts beyond, or has some waiting,
    gives two acts one number so; better have it written at the desk of a party that has none.
    """
    _check_may_sign(desk, deed)
    said = envelope_for(desk, Draft(ROOT, ()), deed, (), [])
    return to_text(replace(said, **at_succession(desk, deed.size)) if isinstance(deed, SucceedNeutral) else said)


def submit(desk: Place, note: bytes) -> ActId | Refusal:
    """Take one's own act that was signed elsewhere, as if it had been signed here; raises DeskBroken, RecordBroken."""
    signed = read_act(note)
    act = to_act(signed, desk.ahead.count)
    if signed.envelope.party != desk.name:
        raise DeskBroken("desk.unknown_signer", act=desk.ahead.count, signer=signed.envelope.party)
    _check_may_sign(desk, act.deed)
    head = desk.ahead.authority.heads.get(desk.name)
    _check_answers(desk, signed.envelope.answers)
    _check_signatures(desk, signed, act)
    if (signed.envelope.seq, signed.envelope.prev) != ((head.seq + 1, head.id) if head is not None else (1, "")):
        raise DeskBroken("desk.chain_gap", party=desk.name, seq=signed.envelope.seq)
    refusal = _grants_unknown(act.deed) or judge(desk.ahead, act)
    if refusal is not None:
        return refusal
    check_rows(desk, act.deed)
    if desk.is_neutral:
        append_own(desk, signed, ())
    else:
        _keep_waiting(desk, signed, ())
    return ActId(signed.id)


def _check_answers(desk: Place, answers: Sequence[str]) -> None:
    """Refuse to answer what is not there: the neutral could not log it, and nothing after it in this chain."""
    mine = {one.id for one in desk.queue}
    if any(ActId(one) not in desk.ledger.positions and one not in mine for one in answers):
        raise DeskBroken("desk.answers_unknown", act=desk.ahead.count)


def _check_may_sign(desk: Place, deed: Deed) -> None:
    facts = desk.store.facts()
    if RESTORED in facts:
        raise DeskBroken("desk.restored")
    if FORKED in facts and deed.kind not in AFTER_A_FORK:
        raise DeskBroken("desk.forked")
    if desk.state.authority.rules > RULES_VERSION:
        raise DeskBroken("desk.rules_unknown", rules=desk.state.authority.rules)
    check_succession(desk, deed)
    _check_list_came(desk, deed)


def _grants_unknown(deed: Deed) -> Refusal | None:
    """Refuse to write a mandate for a kind of act that does not exist: the law would let it pass, and it would be a slip."""
    if not isinstance(deed, IssueMandate):
        return None
    unknown = [kind for grant in deed.grants for kind in grant.kinds if kind not in BY_KIND]
    return refuse("contact.kind_not_grantable", kind=unknown[0][:40]) if unknown else None


def _check_texts(desk: Place, deed: Deed) -> None:
    """Sign no communiqué whose text, in any language, is another than the agreed figures give: the law sees hashes only."""
    if isinstance(deed, PublishCommunique) and (languages := other_texts(desk.ahead, deed)):
        raise DeskBroken("desk.communique_differs", languages=", ".join(languages))


def _check_list_came(desk: Place, deed: Deed) -> None:
    """Acknowledge no list whose sealed file is due here and has not come: it may have been withheld.

    Before both sides' lists stand in a checkpoint that all cosigned no file is due; then an acknowledgement speaks of the
    act and its number of lines alone, as the law has it.
    """
    if isinstance(deed, AcknowledgeList):
        version = desk.ahead.lists.versions.get(deed.list)
        if version is None or has_come(desk.ahead, version, awaited(desk)):
            return
        if may_open(desk.state, version.position, desk.three_signed):
            raise DeskBroken("desk.blob_missing")


def _keep_waiting(desk: Place, signed: SignedAct, blobs: tuple[tuple[str, bytes], ...]) -> None:
    name = f"{WAITING}{signed.envelope.seq:08}"
    desk.store.write(Change(start=desk.size, blobs=blobs, facts={name: signed.note}))
    desk.queue.append(signed)
    desk.ahead = step(desk.ahead, to_act(signed, desk.ahead.count))


def _check_signatures(desk: Place, signed: SignedAct, act: Act) -> None:
    """Refuse an act whose signatures do not hold: it could never be logged, nor anything after it in this chain."""
    keys = {**brought_keys(act, first=False), **known_keys(desk.ahead.authority)}
    verdict = check_signatures(signed, keys)
    if verdict.spoiled:
        raise DeskBroken("desk.spoiled_signature", act=act.position, signer=verdict.spoiled[0])
    if verdict.unknown:
        raise DeskBroken("desk.unknown_signer", act=act.position, signer=verdict.unknown[0])
