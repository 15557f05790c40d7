"""The neutral's word on how long the log is and what its root is, and the others' word that they saw the same.

A checkpoint (C2SP tlog-checkpoint) is a note of three lines: name of the log, number of entries, root. The neutral
signs it; each other participant that has verified it adds a cosignature (C2SP tlog-cosignature, ``cosignature/v1``).
Where all have signed, all had the same history. A receipt (C2SP tlog-proof) shows that one entry stands in the log of a
checkpoint. Eight words carry a root by voice or on paper.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Final

from parley.record.errors import CheckpointBroken, NoteBroken
from parley.record.keys import SIGNATURE_BYTES, Signer, VerifyKey, verify
from parley.record.log import HASH, leaf_hash, verify_inclusion
from parley.record.note import SignatureLine, assemble, parse, sign

PROOF: Final = "c2sp.org/tlog-proof@v1"
RESERVED: Final = frozenset(("exchange.act/1", "cosignature/v1"))
"""First lines of other things that are signed: no log may be called so."""
MOST_SIZE: Final = 2**53 - 1
MOST_TIME: Final = 2**63 - 1
MOST_PATH: Final = 64
TIME_BYTES: Final = 8
WORDS: Final = 8
WORD_BITS: Final = 11

_TEXT = re.compile(r"([!-*,-~]{1,200})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\Z")
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint whose signatures were verified when it was read or made."""

    origin: str
    size: int
    root: bytes
    note: bytes
    cosigners: frozenset[str]


def head_text(origin: str, size: int, root: bytes) -> str:
    """Return the three lines that are signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def make(origin: str, size: int, root: bytes, log_signer: Signer) -> Checkpoint:
    """Return a checkpoint signed by the log's key; raises CheckpointBroken for an origin that cannot be written."""
    text = head_text(origin, size, root)
    _read_head(text)
    return Checkpoint(origin, size, root, sign(text, [log_signer]), frozenset())


def cosign(checkpoint: Checkpoint, signer: Signer, time: int) -> Checkpoint:
    """Return the checkpoint with one more cosignature; ``time`` in seconds since 1970.

    The caller has verified the checkpoint against its own copy and keeps it in the same step. Raises CheckpointBroken.
    """
    if not 0 <= time <= MOST_TIME:
        raise CheckpointBroken("checkpoint.time")
    text = head_text(checkpoint.origin, checkpoint.size, checkpoint.root)
    key = signer.verify_key
    if key.name in checkpoint.cosigners:
        return checkpoint
    signature = time.to_bytes(TIME_BYTES, "big") + signer.sign(_cosigned(time, text))
    log_line, *others = parse(checkpoint.note).signatures
    return _joined(checkpoint, log_line, [*others, SignatureLine(key.name, key.cosigner_hash4, signature)])


def read_checkpoint(note: bytes, log_key: VerifyKey, witnesses: Iterable[VerifyKey]) -> Checkpoint:
    """Read and verify a checkpoint: the log's signature must be there, every other line a known witness's cosignature.

    Raises CheckpointBroken.
    """
    try:
        found = parse(note)
    except NoteBroken:
        raise CheckpointBroken("checkpoint.malformed") from None
    origin, size, root = _read_head(found.text)
    message = found.text.encode()
    first, *others = found.signatures
    if (first.name, first.hash4) != (log_key.name, log_key.hash4) or not verify(log_key, message, first.signature):
        raise CheckpointBroken("checkpoint.not_genuine")
    known = {(key.name, key.cosigner_hash4): key for key in witnesses}
    for line in others:
        _check_cosignature(line, known, found.text)
    if len({line.name for line in others}) != len(others):
        raise CheckpointBroken("checkpoint.malformed")
    return Checkpoint(origin, size, root, note, frozenset(line.name for line in others))


def merge(first: Checkpoint, second: Checkpoint) -> Checkpoint:
    """Join the cosignatures of two copies of one checkpoint, the earliest of each cosigner; the order does not matter.

    Raises CheckpointBroken ``checkpoint.other_head``.
    """
    if (first.origin, first.size, first.root) != (second.origin, second.size, second.root):
        raise CheckpointBroken("checkpoint.other_head")
    (one_log, *some), (other_log, *more) = parse(first.note).signatures, parse(second.note).signatures
    earliest: dict[str, SignatureLine] = {}
    for line in sorted((*some, *more), key=lambda line: (line.signature, line.hash4)):  # time stands first in them
        earliest.setdefault(line.name, line)
    log_line = min(one_log, other_log, key=lambda line: line.signature)
    return _joined(first, log_line, earliest.values())


def _joined(head: Checkpoint, log_line: SignatureLine, others: Iterable[SignatureLine]) -> Checkpoint:
    """Write a checkpoint in its one order, log first and then by name; raises CheckpointBroken beyond 16 lines."""
    lines = [log_line, *sorted(others, key=lambda line: line.name)]
    try:
        note = assemble(head_text(head.origin, head.size, head.root), lines)
    except NoteBroken:
        raise CheckpointBroken("checkpoint.malformed") from None
    return Checkpoint(head.origin, head.size, head.root, note, frozenset(line.name for line in lines[1:]))


def _check_cosignature(line: SignatureLine, known: dict[tuple[str, bytes], VerifyKey], text: str) -> None:
    key = known.get((line.name, line.hash4))
    if key is None:
        raise CheckpointBroken("checkpoint.unknown_cosigner", signer=line.name)
    if len(line.signature) != TIME_BYTES + SIGNATURE_BYTES:
        raise CheckpointBroken("checkpoint.bad_cosignature", signer=line.name)
    time = int.from_bytes(line.signature[:TIME_BYTES], "big")
    if time > MOST_TIME:
        raise CheckpointBroken("checkpoint.time")
    if not verify(key, _cosigned(time, text), line.signature[TIME_BYTES:]):
        raise CheckpointBroken("checkpoint.bad_cosignature", signer=line.name)


def _cosigned(time: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _read_head(text: str) -> tuple[str, int, bytes]:
    found = _TEXT.match(text)
    if found is None or found[1] in RESERVED or int(found[2]) > MOST_SIZE:
        raise CheckpointBroken("checkpoint.malformed")
    root = _read_hash(found[3], "checkpoint.malformed")
    return found[1], int(found[2]), root


def _read_hash(text: str, code: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointBroken(code) from None
    if len(data) != HASH or base64.b64encode(data).decode() != text:  # stray bits in the last letter
        raise CheckpointBroken(code)
    return data


# --- receipts ---


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as read: the entry's place, the path to the root, and the checkpoint's note."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes


def make_receipt(index: int, path: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """Return the receipt of the entry at ``index`` in the log of a checkpoint."""
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in path)
    return f"{PROOF}\nindex {index}\n{hashes}\n".encode() + checkpoint.note


def read_receipt(data: bytes) -> Receipt:
    """Read a receipt without checking it; raises CheckpointBroken ``receipt.malformed``.

    The optional line ``extra`` of C2SP is refused: nothing vouches for it.
    """
    head, gap, note = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise CheckpointBroken("receipt.malformed") from None
    found = _INDEX.match(lines[0]) if lines else None
    if first != PROOF or found is None or not gap or len(lines) > MOST_PATH + 1:
        raise CheckpointBroken("receipt.malformed")
    path = tuple(_read_hash(line, "receipt.malformed") for line in lines[1:])
    return Receipt(int(found[1]), path, note)


def verify_receipt(entry: bytes, receipt: Receipt, checkpoint: Checkpoint) -> bool:
    """Say whether an entry (the whole note of an act) stands where its receipt says; raises ``receipt.index``.

    ``checkpoint`` is what ``read_checkpoint`` made of the receipt's own, so that its signatures are known to hold.
    """
    if receipt.index >= checkpoint.size:
        raise CheckpointBroken("receipt.index", index=receipt.index, size=checkpoint.size)
    return verify_inclusion(receipt.index, checkpoint.size, leaf_hash(entry), receipt.path, checkpoint.root)


# --- a root by voice ---


@cache
def word_list() -> tuple[str, ...]:
    """Return the 2,048 words: the first 2,048 of consonant, vowel, consonant, vowel, consonant in alphabetical order.

    Three vowels and twelve consonants that speakers of English, Ukrainian, Russian and Arabic all tell apart; which
    consonant may stand where keeps coarse words of these languages out.
    """
    every = ("".join(parts) for parts in product("bdklmrst", "aiu", "bfglmrsz", "aiu", "lnrs"))
    return tuple(islice(every, 1 << WORD_BITS))


def root_words(root: bytes) -> tuple[str, ...]:
    """Return the first 88 bits of a root as eight words; raises CheckpointBroken ``words.root``."""
    if len(root) != HASH:
        raise CheckpointBroken("words.root")
    bits = int.from_bytes(root[: WORDS * WORD_BITS // 8], "big")
    words = word_list()
    return tuple(words[bits >> WORD_BITS * place & (1 << WORD_BITS) - 1] for place in reversed(range(WORDS)))


def words_match(words: Sequence[str], root: bytes) -> bool:
    """Say whether eight words, in any letter case, are those of the root; raises CheckpointBroken ``words.root``."""
    return tuple(one.strip().lower() for one in words) == root_words(root)
