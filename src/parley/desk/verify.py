"""Checks a whole record that came as a file: is every act in it what it claims to be, given root keys from elsewhere?

The same rules as at a desk (``ledger``, ``spec/record.md`` sections 6, 7 and 9), for records too long to keep in memory and too
long for one processor. The file is read once, in pieces. Several processes check one piece each: form, signatures, the
chains within the piece, who had a mandate for what. One process reads ahead only for the few acts that change keys,
mandates or the clock, so that each piece begins with the right ones; it trusts their signatures until the piece is checked.
Then it joins the pieces in order: chains across pieces, acts answered, roots seen, and the tree at last.

Voidness by other rules than those of keys and mandates is not judged here; a ledger does that.
"""

from __future__ import annotations

import gc
import os
import re
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import accumulate
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from parley.acts import SucceedNeutral
from parley.desk.errors import DeskBroken
from parley.desk.ledger import brought_keys, check_chain, check_signers, to_act
from parley.process import apply, judge
from parley.process.authority import (
    DESK_KINDS,
    ROOT_KINDS,
    Authority,
    Head,
    KeyTable,
    author_signed,
    judge_signers,
    known_keys,
)
from parley.process.state import State
from parley.record.bundle import BundleReader, Record, read_stream
from parley.record.checkpoint import read_checkpoint
from parley.record.envelope import SignedAct, read_act
from parley.record.errors import BundleBroken
from parley.record.keys import VerifyKey, verify
from parley.record.log import HASH, leaf_hash, node_hash
from parley.words import Broken, Digest, ParticipantName, Refusal

PIECE: Final = 512
"""Acts in one piece."""
PIECE_BYTES: Final = 4 << 20
AHEAD: Final = 3
"""Pieces that wait for each process."""
FEW: Final = 4 * PIECE
"""Below so many acts one process is quicker than starting several."""
MOST_CHECKPOINTS: Final = 10_000
MOST_SHOWN: Final = 1_000
"""Acts without authority that are named one by one; beyond, they are counted."""
AUTHORITY_KINDS: Final = ROOT_KINDS | DESK_KINDS
_OF_AUTHORITY: Final = re.compile(rf',"kind":"(?:{"|".join(sorted(AUTHORITY_KINDS))})"'.encode())
"""Stands in every act of these kinds, and perhaps in others, in what they quote."""
_SIZE: Final = re.compile(rb"[!-~]{1,200}\n([1-9][0-9]{0,15})\n")


@dataclass(frozen=True, slots=True)
class Roots:
    """The root keys of one participant, as an outsider got them: role, threshold, keys."""

    role: str
    threshold: int
    vkeys: frozenset[str]


def parse_roots(text: str) -> Mapping[ParticipantName, Roots]:
    """Read lines ``participant role threshold vkey vkey …``; raises DeskBroken ``verify.roots``."""
    found: dict[ParticipantName, Roots] = {}
    for line in filter(str.strip, text.splitlines()):
        name, *rest = line.split()
        if len(rest) < 3 or not rest[1].isdecimal() or name in found:
            raise DeskBroken("verify.roots")
        found[ParticipantName(name)] = Roots(rest[0], int(rest[1]), frozenset(rest[2:]))
    if not found:
        raise DeskBroken("verify.roots")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A genuine record: what its largest checkpoint covers and who signed it, and what was found besides."""

    size: int
    root: Digest
    cosigned: tuple[str, ...]
    """Participants whose desk keys signed the largest checkpoint, the neutral last."""
    acts: int
    """Logged acts in the file; those at or beyond ``size`` are genuine, but no checkpoint here covers them."""
    lacking: tuple[tuple[int, Refusal], ...]
    """Acts without authority, so without effect: position and why; at most MOST_SHOWN."""
    lacking_count: int
    unfit_successions: tuple[int, ...]
    """Successions of the neutral in effect that name another root than the log has at that size."""
    authority: Authority
    """Who may sign what at the end."""
    waiting: int = 0
    receipts: int = 0
    files: int = 0


def verify_bundle(
    source: Path | BinaryIO, roots: Mapping[ParticipantName, Roots], *, workers: int | None = None
) -> Verified:
    """Verify the record in a bundle that begins with act 0; raises DeskBroken ``verify.not_genuine``, OSError.

    ``workers`` is the number of processes (None: one for each processor). Memory: about 80 bytes for each act, and some
    twenty megabytes for each process.
    """
    with ExitStack() as stack:
        file = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        try:
            reader = read_stream(file)
        except BundleBroken as broken:
            _not_genuine("bundle", broken.code)
        if reader.start != 0:
            _not_genuine("bundle", "desk.bundle_ahead")
        count = workers or os.cpu_count() or 1
        pool = None
        if count > 1 and reader.stop > FEW:
            # A plain copy of this process would hold its threads' locks and its memory.
            methods = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
            if methods.get_start_method() == "forkserver":
                methods.set_forkserver_preload([__name__])
            # Checking makes no cycles of objects, so there is nothing for the collector to find.
            pool = stack.enter_context(ProcessPoolExecutor(count, mp_context=methods, initializer=gc.disable))
        return _Verification(roots, pool, AHEAD * count).run(reader)


# --- one piece, checked in a process of its own ---


@dataclass(frozen=True, slots=True)
class Piece:
    """Acts in a row: where they begin, their notes and how long each is, the case, and who may sign what where they begin.

    The notes are one string of bytes, because many small ones take longer on their way to another process.
    """

    start: int
    notes: bytes
    lengths: array[int]
    case: str
    authority: Authority
    steps: Mapping[int, tuple[Authority, Refusal | None]]
    """What the acts here of those kinds that change authority make of it, or why nothing, as read ahead."""


@dataclass(slots=True)
class Findings:
    """What one piece says of itself, and what only the whole can tell of it."""

    case: str = ""
    leaves: bytearray = field(default_factory=bytearray)
    ids: bytearray = field(default_factory=bytearray)
    firsts: dict[ParticipantName, tuple[int, SignedAct]] = field(default_factory=dict)
    """The first act of each author here, which must follow the author's head before this piece."""
    heads: dict[ParticipantName, Head] = field(default_factory=dict)
    answered: list[tuple[int, bytes]] = field(default_factory=list)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    """Size and root that were seen, and the first act here that did."""
    lacking: list[tuple[int, Refusal]] = field(default_factory=list)
    successions: list[tuple[int, int, str]] = field(default_factory=list)
    flaw: tuple[int, str] | None = None


def fold(authority: Authority, signed: SignedAct, position: int) -> tuple[Authority, Refusal | None]:
    """Return the authority after an act of those kinds that change it, and why it changed nothing, if it did not.

    Chains are not advanced. What the law asks of such an act beyond this section of the state does not exist (contact 12).
    """
    act = to_act(signed, position)
    state = State(authority=authority, count=position)
    refusal = judge(state, act)
    return (authority, refusal) if refusal is not None else (apply(state, act).authority, None)


class _Keys:
    """The table of known keys, made anew only when participants or mandates changed."""

    def __init__(self) -> None:
        self._of: Authority | None = None
        self._table: KeyTable = {}

    def of(self, authority: Authority) -> KeyTable:
        kept = self._of
        if kept is None or kept.participants != authority.participants or kept.mandates != authority.mandates:
            self._table = known_keys(authority)
        self._of = authority
        return self._table


_KEYS: Final = _Keys()
"""One process checks many pieces, and keys seldom change between them."""


def check_piece(piece: Piece) -> Findings:
    """Check everything about some acts that can be told from them and the authority where they begin."""
    found = Findings(case=piece.case)
    authority, known = piece.authority, _KEYS.of(piece.authority)
    judged: dict[tuple[str, str, str, tuple[str, ...]], Refusal | None] = {}
    heads: dict[ParticipantName, SignedAct] = {}
    here: set[str] = set()
    end = 0
    for position, length in enumerate(piece.lengths, start=piece.start):
        note = piece.notes[end : end + length]
        end += length
        try:
            signed = read_act(note)
            _check_act(signed, position, known, found, heads, here)
        except Broken as broken:
            found.flaw = (position, broken.code)
            break
        said = signed.envelope
        if said.kind in AUTHORITY_KINDS:
            after, refusal = piece.steps[position]
            if refusal is None:
                authority, judged = after, {}
                known = _KEYS.of(authority)
                if said.kind == SucceedNeutral.kind:
                    found.successions.append((position, _size_named(signed), str(said.body["root"])))
        else:
            signers = tuple([line.name for line in signed.signatures])
            question = (said.party, said.kind, said.mandate, signers)
            if question not in judged:
                judged[question] = judge_signers(authority, said.party, said.kind, said.mandate, frozenset(signers))
            refusal = judged[question]
        if refusal is not None:
            found.lacking.append((position, refusal))
        here.add(signed.id)
        found.ids += bytes.fromhex(signed.id)
        found.leaves += leaf_hash(note)
        heads[said.party] = signed
    found.heads = {party: Head(last.envelope.seq, last.id) for party, last in heads.items()}
    return found


def _check_act(
    signed: SignedAct,
    position: int,
    known: KeyTable,
    found: Findings,
    heads: Mapping[ParticipantName, SignedAct],
    here: set[str],
) -> None:
    """Check one act as far as this piece tells, and note what the whole must tell; raises DeskBroken."""
    said = signed.envelope
    found.case = found.case or said.case
    if said.case != found.case:
        raise DeskBroken("desk.other_case")
    if not position or said.kind == "rotate_keys":
        check_signers(signed, position, known, brought_keys(to_act(signed, position), first=not position))
    elif not (_all_hold(signed, known) and author_signed(said.party, signed.signatures, known)):
        check_signers(signed, position, known, {})  # says what is wrong
    last = heads.get(said.party)
    if last is None:
        found.firsts[said.party] = (position, signed)
    elif said.seq != last.envelope.seq + 1 or said.prev != last.id:
        check_chain(signed, Head(last.envelope.seq, last.id))
    if said.answers:
        found.answered += [(position, bytes.fromhex(one)) for one in said.answers if one not in here]
    seen = said.seen
    if seen.size > position:
        raise DeskBroken("desk.chain_gap", act=position, seen=seen.size)
    if seen.size:
        found.seen.setdefault((seen.size, seen.root), position)


def _all_hold(signed: SignedAct, known: KeyTable) -> bool:
    """Say whether every signature is by a known key and good; a quicker ``check_signers`` for a million acts."""
    for line in signed.signatures:
        key = known.get((line.name, line.hash4))
        if key is None or not verify(key, signed.message, line.signature):
            return False
    return True


def _size_named(signed: SignedAct) -> int:
    size = signed.envelope.body["size"]
    assert isinstance(size, int)
    return size


# --- the whole ---


class Ids:
    """The ids of all acts, 32 bytes each, and a table of places to find them by; a set would take four times as much."""

    def __init__(self) -> None:
        """Start empty."""
        self._ids = bytearray()
        self._places = array("I", bytes(4 << 12))

    def extend(self, ids: bytes | bytearray) -> None:
        """Add ids that stand one behind the other."""
        first = len(self._ids) // HASH
        self._ids += ids
        last = len(self._ids) // HASH
        if last * 2 > len(self._places):
            self._places = array("I", bytes(4 * 4 * len(self._places)))
            first = 0
        for place in range(first, last):
            one = bytes(self._ids[place * HASH : (place + 1) * HASH])
            self._places[self._slot(one)] = place + 1

    def __contains__(self, one: bytes) -> bool:
        """Say whether this id was added."""
        return self._places[self._slot(one)] != 0

    def _slot(self, one: bytes) -> int:
        """Return where this id stands or would stand; ``hash`` is keyed, so nobody can prepare ids that crowd together."""
        places, ids = self._places, self._ids
        slot = hash(one) & (len(places) - 1)
        while (place := places[slot]) and ids[(place - 1) * HASH : place * HASH] != one:
            slot = (slot + 1) & (len(places) - 1)
        return slot


class CompactTree:
    """The tree of ``record.log`` for a million leaves: the same hashes, 64 bytes for each leaf instead of 200."""

    def __init__(self) -> None:
        """Start empty."""
        self._rows: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._rows[0]) // HASH

    def extend(self, leaves: bytes | bytearray) -> None:
        """Add leaves that stand one behind the other, row by row."""
        added = leaves
        for level in range(64):
            if level == len(self._rows):
                self._rows.append(bytearray())
            row = self._rows[level]
            begin = len(row) // (2 * HASH) * (2 * HASH)
            row += added
            end = len(row) // (2 * HASH) * (2 * HASH)
            if begin == end:
                return
            pairs = bytes(row[begin:end])
            added = bytearray().join(
                node_hash(pairs[at : at + HASH], pairs[at + HASH : at + 2 * HASH])
                for at in range(0, len(pairs), 2 * HASH)
            )

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves; there are as many, and at least one."""
        assert 0 < size <= self.size
        root = b""
        for level, row in enumerate(self._rows):
            if size >> level & 1:
                at = ((size >> level) - 1) * HASH
                left = bytes(row[at : at + HASH])
                root = node_hash(left, root) if root else left
        return root


class _Verification:
    """One run over one bundle."""

    def __init__(self, roots: Mapping[ParticipantName, Roots], pool: ProcessPoolExecutor | None, ahead: int) -> None:
        self.roots = roots
        self.pool = pool
        self.ahead = ahead
        self.pending: deque[tuple[Piece, Future[Findings]]] = deque()
        self.authority = Authority()
        """Who may sign what after the last act read ahead: signatures not checked yet, chains as far as joined."""
        self.eras: list[tuple[int, Authority]] = []
        self.case = ""
        self.heads: dict[ParticipantName, Head] = {}
        self.ids = Ids()
        self.tree = CompactTree()
        self.lacking: list[tuple[int, Refusal]] = []
        self.lacking_count = 0
        self.successions: list[tuple[int, int, str]] = []
        self.checkpoints: list[bytes] = []
        self.counts = {"act": 0, "proof": 0, "blob": 0}

    def run(self, reader: BundleReader) -> Verified:
        """Read, check, join, and conclude; raises DeskBroken."""
        try:
            start = 0
            for notes in _pieces(self._logged(reader)):
                self._begin(start, notes)
                start += len(notes)
        except BundleBroken as broken:
            self._join_down_to(0)  # whatever stands before the tear is told first
            _not_genuine("bundle", broken.code)
        self._join_down_to(0)
        return self._conclude(reader.origin)

    def _logged(self, records: Iterable[Record]) -> Iterator[bytes]:
        """Yield the logged acts, and put the rest aside."""
        for record in records:
            if record.position is not None:
                yield record.data
            elif record.kind == "checkpoint":
                self.checkpoints.append(record.data)
                if len(self.checkpoints) > MOST_CHECKPOINTS:
                    _not_genuine("bundle", "bundle.too_many")
            else:
                self.counts[record.kind] += 1

    def _begin(self, start: int, notes: tuple[bytes, ...]) -> None:
        """Have a piece checked, and read ahead what it does to authority."""
        if _about_heads(notes[0]):  # stands alone
            self._join_down_to(0)
            self.authority = replace(self.authority, heads=dict(self.heads))
        begin, steps = self.authority, dict[int, tuple[Authority, Refusal | None]]()
        joined, lengths = b"".join(notes), array("I", map(len, notes))
        ends = list(accumulate(lengths))
        places = dict.fromkeys(bisect_right(ends, found.start()) for found in _OF_AUTHORITY.finditer(joined))
        for place in places:
            position = start + place
            try:
                signed = read_act(notes[place])
            except Broken:
                break  # the check of the piece says so
            if signed.envelope.kind not in AUTHORITY_KINDS:
                continue
            before = self.authority
            steps[position] = fold(before, signed, position)
            self.authority = steps[position][0]
            if self.authority.participants is not before.participants:
                self.eras.append((position + 1, self.authority))
        piece = Piece(start, joined, lengths, self.case, begin, steps)
        if self.pool is None:
            self._join(piece, check_piece(piece))
            return
        self.pending.append((piece, self.pool.submit(check_piece, piece)))
        self._join_down_to(self.ahead)

    def _join_down_to(self, left: int) -> None:
        while len(self.pending) > left:
            piece, future = self.pending.popleft()
            self._join(piece, future.result())

    def _join(self, piece: Piece, found: Findings) -> None:
        """Check what only the whole can tell of a piece, and add it; raises DeskBroken for the first act that is wrong."""
        flaws = [found.flaw] if found.flaw is not None else []
        for party, (position, signed) in found.firsts.items():
            try:
                check_chain(signed, self.heads.get(party))
            except DeskBroken as broken:
                flaws.append((position, broken.code))
        flaws += [(position, "desk.answers_unknown") for position, one in found.answered if one not in self.ids]
        if self.case and found.case != self.case:
            flaws.append((piece.start, "desk.other_case"))
        founded = [one for begins, one in self.eras if begins == 1]
        if piece.start == 0 and (not founded or _roots_of(founded[0]) != self.roots):
            flaws.append((0, "desk.foreign_founding"))
        self.tree.extend(found.leaves)
        flaws += [
            (position, "desk.split_view")
            for (size, root), position in found.seen.items()
            if size > self.tree.size or self.tree.root(size).hex() != root
        ]
        if flaws:
            position, cause = min(flaws)
            _not_genuine(f"act {position}", cause)
        self.case = found.case
        self.ids.extend(found.ids)
        self.heads |= found.heads
        self.lacking_count += len(found.lacking)
        self.lacking += found.lacking[: MOST_SHOWN - len(self.lacking)]
        self.successions += found.successions

    def _conclude(self, origin: str) -> Verified:
        """Hold the checkpoints against the log; raises DeskBroken."""
        if not self.tree.size:
            _not_genuine("bundle", "desk.no_case")
        if origin != self.authority.origin:
            _not_genuine("bundle", "desk.other_case")
        signed: dict[int, set[str]] = {}
        for note in self.checkpoints:
            size, names = self._check_checkpoint(note)
            signed.setdefault(size, set()).update(names)
        if not signed:
            _not_genuine("bundle", "desk.no_checkpoint")
        size = max(signed)
        neutral = self._authority_at(size).neutral
        return Verified(
            size=size,
            root=Digest(self.tree.root(size).hex()),
            cosigned=(*sorted(signed[size] - {neutral}), neutral),
            acts=self.tree.size,
            lacking=tuple(self.lacking),
            lacking_count=self.lacking_count,
            unfit_successions=tuple(
                position for position, size, root in self.successions if self.tree.root(size).hex() != root
            ),
            authority=replace(self.authority, heads=self.heads),
            waiting=self.counts["act"],
            receipts=self.counts["proof"],
            files=self.counts["blob"],
        )

    def _authority_at(self, size: int) -> Authority:
        return next(one for begins, one in reversed(self.eras) if begins <= size)

    def _check_checkpoint(self, note: bytes) -> tuple[int, set[str]]:
        """Return the size of a checkpoint and whose desk keys signed it; raises DeskBroken."""
        found = _SIZE.match(note)
        size = int(found[1]) if found is not None else 0
        if not 0 < size <= self.tree.size:  # beyond it, acts are missing
            _not_genuine(f"checkpoint {size}", "bundle.range" if size else "checkpoint.malformed")
        then = self._authority_at(size)
        desks = {name: VerifyKey.parse(one.desk_key) for name, one in then.participants.items()}
        neutral = desks.pop(then.neutral)
        try:
            point = read_checkpoint(note, neutral, desks.values())
        except Broken as broken:
            _not_genuine(f"checkpoint {size}", broken.code)
        if (point.origin, point.root) != (then.origin, self.tree.root(size)):
            _not_genuine(f"checkpoint {size}", "desk.split_view")
        return size, {name.partition("/")[0] for name in point.cosigners}


def _roots_of(authority: Authority) -> Mapping[ParticipantName, Roots]:
    return {name: Roots(one.role, one.threshold, frozenset(one.roots)) for name, one in authority.participants.items()}


def _about_heads(note: bytes) -> bool:
    return b',"kind":"choose_branch"' in note or b',"kind":"report_fork"' in note


def _pieces(notes: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Yield acts in pieces of some size; an act that is judged by how far chains have come stands alone."""
    piece: list[bytes] = []
    size = 0
    for note in notes:
        alone = _about_heads(note)
        if piece and (alone or len(piece) == PIECE or size > PIECE_BYTES):
            yield tuple(piece)
            piece, size = [], 0
        piece.append(note)
        size += len(note)
        if alone:
            yield tuple(piece)
            piece, size = [], 0
    if piece:
        yield tuple(piece)


def _not_genuine(where: str, cause: str) -> NoReturn:
    raise DeskBroken("verify.not_genuine", where=where, cause=cause)
