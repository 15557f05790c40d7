"""Takes bundles in: verified whole before anything is written, as the neutral or as one who reads the neutral's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.desk.awaited import note_missing, take_asking
from parley.desk.errors import DeskBroken, SplitView
from parley.desk.log_keeping import TurnedAway, append, check_own_keys, tick
from parley.desk.place import EVIDENCE, FORKED, IMPORTED, THREE_SIGNED, WAITING, Place, digest_of, seconds
from parley.desk.succession import SetBack, go_back_for, places_of_succession, requeue, to_do_again
from parley.process.authority import known_keys
from parley.record.bundle import Bundle, read
from parley.record.checkpoint import Checkpoint, cosign, merge
from parley.record.envelope import SignedAct, read_act
from parley.record.errors import BundleBroken, CheckpointBroken
from parley.record.log import Tree, leaf_hash
from parley.record.verdict import check_signatures
from parley.store.base import RESTORED, Change
from parley.words import ActId, Broken

MOST_BUNDLE: Final = 1 << 28
"""Bytes of the largest bundle that a desk takes: all of it is in memory until it is verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an import did: acts taken, acts logged by the neutral, acts turned away, sealed files, differences found.

    ``superseded`` counts one's own acts that a succession left behind and that are to be done again.
    """

    acts: int = 0
    logged: int = 0
    turned_away: tuple[TurnedAway, ...] = ()
    files: int = 0
    size: int = 0
    cosigned_by: tuple[str, ...] = ()
    states_differ: tuple[int, ...] = ()
    superseded: int = 0


def receive(desk: Place, data: bytes) -> Received:
    """Take a bundle in: verified whole before anything is written; the same bundle twice does nothing the second time.

    Raises BundleBroken, RecordBroken, DeskBroken or StoreBroken, and then nothing of it was taken.
    """
    if len(data) > MOST_BUNDLE:
        raise BundleBroken("bundle.too_long", at=0, most=MOST_BUNDLE)
    bundle = read(data)
    same_log = not desk.state.authority.participants or bundle.origin == desk.origin
    places = [] if same_log else places_of_succession(bundle)
    if not same_log and not places:
        raise DeskBroken("desk.other_case")
    restored = RESTORED in desk.store.facts()
    try:
        if desk.is_neutral and not restored:  # a restored neutral gets its own log back from the others first
            return _receive_as_neutral(desk, bundle)
        back = go_back_for(desk, bundle, places) if places else None
        return _receive_as_party(desk, bundle, restored=restored, back=back)
    except BaseException as broken:
        desk.reload()
        if isinstance(broken, SplitView):
            evidence = {f"{EVIDENCE}{digest_of(broken.proof)}": broken.proof}
            desk.store.write(Change(start=desk.size, facts=dict(evidence)))
        raise


def _check_overlap(desk: Place, bundle: Bundle) -> list[bytes]:
    """Return the logged acts that are new here; those kept already must be the same, byte for byte."""
    if bundle.start > desk.size:
        raise DeskBroken("desk.bundle_ahead", begins=bundle.start, kept=desk.size)
    kept = desk.store.acts(bundle.start, min(bundle.stop, desk.size))
    for number, (ours, theirs) in enumerate(zip(kept, bundle.acts, strict=False)):
        if ours != theirs:
            raise _contradiction(desk, bundle, bundle.start + number)
    return list(bundle.acts[max(0, desk.size - bundle.start) :])


def _contradiction(desk: Place, bundle: Bundle, place: int) -> DeskBroken:
    """Return what is wrong with a bundle that shows another act at a place, or acts where the log has none.

    Only a checkpoint that the neutral signed over that other history proves a split view; without one, whoever
    carried the bundle may have altered it, and nobody is accused.
    """
    other = Tree()
    for note in (*desk.store.acts(0, bundle.start), *bundle.acts):
        other.append_hash(leaf_hash(note))
    for note in filter(desk.of_this_log, bundle.checkpoints):
        try:
            point = desk.read_checkpoint(note)
        except CheckpointBroken:
            continue
        if place < point.size <= bundle.stop and other.root(point.size) == point.root:
            return SplitView(point.note, act=place)
    cause = _flaw_in(desk, bundle.acts[place - bundle.start])
    if cause:
        return DeskBroken("desk.act_not_genuine", act=place, cause=cause)
    if place == 0:
        return DeskBroken("desk.other_case")
    return DeskBroken("desk.no_checkpoint", acts=bundle.stop - place)


def _flaw_in(desk: Place, note: bytes) -> str:
    """Return why an act that contradicts the copy kept here is not genuine, as a code; empty where its author signed it."""
    try:
        signed = read_act(note)
        verdict = check_signatures(signed, known_keys(desk.ledger.state.authority))
    except Broken as broken:
        return broken.code
    if verdict.spoiled:
        return "desk.spoiled_signature"
    return (
        "" if verdict.signed or not verdict.unknown or signed.envelope.kind == "found_case" else "desk.unknown_signer"
    )


def _receive_as_party(desk: Place, bundle: Bundle, *, restored: bool, back: SetBack | None) -> Received:
    new = [read_act(note) for note in _check_overlap(desk, bundle)]
    start = desk.size
    if start == 0:
        if not new:
            raise DeskBroken("desk.no_case")
        check_own_keys(desk, new[0])
    differ = _take_all(desk, new)
    point = _newest_checkpoint(desk, bundle, start)
    if desk.size > start and (point is None or point.size < desk.size):
        raise DeskBroken("desk.no_checkpoint", acts=desk.size - start)
    desk.queue, facts = _settle_waiting(desk) if back is None else requeue(desk, back)
    facts |= back.facts if back is not None else {}
    if FORKED in desk.store.facts() and FORKED not in facts and _branch_chosen(desk, new, start):
        facts[FORKED] = None
    checkpoints: list[tuple[int, bytes]] = []
    if point is not None:
        desk.ledger.fingerprint()
        point = _cosign(desk, point)
        checkpoints.append((point.size, point.note))
        desk.checkpoint = point
        if restored and point.size >= _once_confirmed(desk):
            facts[IMPORTED] = b"1"
    facts |= _three_signed_fact(desk, bundle, checkpoints)
    blobs = desk.named_files(_arrived(bundle), [one.note for one in new])
    facts |= take_asking(desk, bundle) | note_missing(desk, new, blobs)
    desk.store.write(
        Change(
            start=start,
            acts=tuple(one.note for one in new),
            checkpoints=tuple(checkpoints),
            blobs=tuple(blobs),
            facts=facts,
            cut=back is not None,
        )
    )
    desk.look_ahead()
    return Received(
        acts=len(new),
        files=len(blobs),
        size=desk.size,
        cosigned_by=tuple(sorted(point.cosigners)) if point is not None else (),
        states_differ=differ,
        superseded=len(to_do_again(desk)) if back is not None else 0,
    )


def _take_all(desk: Place, new: Sequence[SignedAct]) -> tuple[int, ...]:
    """Let acts count, and return the positions of those whose author derived another state than this desk did."""
    wanted = {one.envelope.seen.size for one in new if one.envelope.seen.state}
    differ: list[int] = []
    for number, signed in enumerate(new, start=1):
        desk.watch(number, len(new))
        if desk.size in wanted:
            desk.ledger.fingerprint()
        act = desk.ledger.take(signed)
        seen = signed.envelope.seen
        ours = desk.ledger.fingerprint_at(seen.size)
        if seen.state and ours is not None and ours != seen.state:
            differ.append(act.position)
    return tuple(differ)


def _newest_checkpoint(desk: Place, bundle: Bundle, start: int) -> Checkpoint | None:
    """Return the newest checkpoint of the bundle that this copy can be held against; every one is held against it."""
    newest: Checkpoint | None = None
    for note in filter(desk.of_this_log, bundle.checkpoints):
        point = desk.read_checkpoint(note)
        if point.size > desk.size:
            continue
        desk.check_root(point, new_from=start)
        newest = point if newest is None or point.size > newest.size else newest
        if newest.size == point.size and newest is not point:
            newest = merge(newest, point)
    kept = desk.checkpoint
    if newest is None or (kept is not None and newest.size < kept.size and start == desk.size):
        return None
    return merge(newest, kept) if kept is not None and kept.size == newest.size else newest


def _cosign(desk: Place, point: Checkpoint) -> Checkpoint:
    signer = desk.desk_signer()
    if desk.name not in desk.ledger.state.authority.participants or desk.is_neutral:
        return point  # who only reads has no word to give, and the neutral has given it
    if signer is None or desk.name in {name.split("/")[0] for name in point.cosigners}:
        return point
    return cosign(point, signer, seconds(desk.now()))


def _three_signed_fact(desk: Place, bundle: Bundle, kept: list[tuple[int, bytes]]) -> dict[str, bytes | None]:
    """Remember the largest checkpoint that every party has cosigned, with its note."""
    parties = set(desk.ledger.state.authority.parties)
    best = desk.three_signed
    facts: dict[str, bytes | None] = {}
    for note in filter(desk.of_this_log, [*bundle.checkpoints, *(note for _, note in kept)]):
        point = desk.read_checkpoint(note)
        signed = {name.split("/")[0] for name in point.cosigners}
        if point.size > best and point.size <= desk.size and parties <= signed:
            best = point.size
            facts = {THREE_SIGNED: str(best).encode()}
            if all(size != point.size for size, _ in kept):
                kept.append((point.size, point.note))
    return facts


def _settle_waiting(desk: Place) -> tuple[list[SignedAct], dict[str, bytes | None]]:
    """Drop from what waits the acts that have their receipt; keep proof where the log holds another with that number.

    What was signed after such an act builds on the branch that lost, and is kept as proof with it: it could never be logged.
    """
    head = desk.state.authority.heads.get(desk.name)
    facts: dict[str, bytes | None] = {}
    still: list[SignedAct] = []
    for signed in desk.queue:
        name = f"{WAITING}{signed.envelope.seq:08}"
        if ActId(signed.id) in desk.ledger.positions:
            facts[name] = None
        elif FORKED in facts or (head is not None and signed.envelope.seq <= head.seq):
            facts |= {name: None, f"{EVIDENCE}{signed.id}": signed.note, FORKED: str(signed.envelope.seq).encode()}
        else:
            still.append(signed)
    return still, facts


def _branch_chosen(desk: Place, new: Sequence[SignedAct], start: int) -> bool:
    """Say whether this participant's root keys, among acts just taken from ``start`` on, named the branch that stands."""
    return any(
        one.envelope.kind == "choose_branch" and one.envelope.party == desk.name and place not in desk.state.void
        for place, one in enumerate(new, start)
    )


def _arrived(bundle: Bundle) -> tuple[tuple[str, bytes], ...]:
    return tuple((digest_of(blob), blob) for blob in bundle.blobs)


def _receive_as_neutral(desk: Place, bundle: Bundle) -> Received:
    if _check_overlap(desk, bundle):
        raise _contradiction(desk, bundle, desk.size)
    before = desk.size
    unknown = [read_act(note) for note in bundle.waiting]
    unknown = [one for one in unknown if ActId(one.id) not in desk.ledger.positions]
    arrived = _arrived(bundle)
    cosigned = _take_cosignatures(desk, bundle)
    if unknown:
        tick(desk)
    files = desk.named_files(arrived, [one.note for one in unknown])
    turned_away = append(desk, unknown, files) if unknown else ()
    facts = take_asking(desk, bundle)
    if not unknown:
        facts |= note_missing(desk, (), files)
    if facts or (files and not unknown):
        desk.store.write(Change(start=desk.size, blobs=() if unknown else files, facts=facts))
    return Received(
        logged=desk.size - before,
        turned_away=turned_away,
        files=len(files) if not turned_away else len(desk.named_files(files, ())),
        size=desk.size,
        cosigned_by=cosigned,
    )


def _take_cosignatures(desk: Place, bundle: Bundle) -> tuple[str, ...]:
    """Join the cosignatures that came in to the checkpoints kept here."""
    kept: list[tuple[int, bytes]] = []
    for note in filter(desk.of_this_log, bundle.checkpoints):
        point = desk.read_checkpoint(note)
        if point.size > desk.size:
            raise SplitView(point.note, size=point.size)
        desk.check_root(point)
        ours = desk.store.checkpoint(point.size)
        joined = merge(desk.read_checkpoint(ours), point) if ours is not None else point
        kept.append((joined.size, joined.note))
        if desk.checkpoint is not None and joined.size == desk.checkpoint.size:
            desk.checkpoint = joined
    facts = _three_signed_fact(desk, bundle, kept)
    if kept:
        desk.store.write(Change(start=desk.size, checkpoints=tuple(kept), facts=facts))
    return tuple(sorted(desk.checkpoint.cosigners)) if desk.checkpoint is not None else ()


def _once_confirmed(desk: Place) -> int:
    return max(1, int(desk.store.facts(RESTORED).get(RESTORED, b"0") or b"0"))
