"""A list on its way: rows packed, padded and sealed to their readers, and the entry in the act that pins it.

The act names the file by its SHA-256 and length, its rows by their commitment, its readers by their rooms. So whoever
changes the file, the rows or the readers is found out by computation, and the record still holds no name.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from parley.record.commitment import ErasedRow, Row, Rows, commit_rows, erase_rows, pack_rows, unpack_rows
from parley.record.envelope import SealedRef
from parley.record.errors import CommitmentBroken, SealBroken
from parley.record.seal import Identity, Recipient, seal_padded, unpad, unseal_padded, unseal_with_file_key
from parley.words import Digest


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the act says (``ref``) and the sealed file that travels beside it (``blob``)."""

    ref: SealedRef
    blob: bytes


def attach(
    rows: Sequence[Row | ErasedRow],
    readers: Mapping[str, Recipient],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> Attachment:
    """Seal rows to the rooms that may read them: ``{"south/lists": recipient}``.

    Raises CommitmentBroken for rows that cannot be committed to, SealBroken for readers that cannot be sealed to.
    """
    blob = seal_padded(pack_rows(rows), [readers[room] for room in sorted(readers)], randomness)
    ref = SealedRef(
        blob=Digest(sha256(blob).hexdigest()),
        commit=commit_rows(rows).root,
        size=len(blob),
        to=tuple(sorted(readers)),
    )
    return Attachment(ref, blob)


def open_attachment(ref: SealedRef, blob: bytes, identities: Sequence[Identity]) -> Rows:
    """Open the file that an act names and hold it against what the act promised.

    Raises SealBroken ``seal.other_file`` before anything is opened; then as :func:`parley.record.seal.unseal`;
    CommitmentBroken ``commitment.mismatch`` where the rows are not those committed to: the ground for an objection.
    """
    _same_file(ref, blob)
    return _promised(ref, unseal_padded(blob, identities))


def judge_attachment(ref: SealedRef, blob: bytes, file_key: bytes) -> Rows:
    """Do what :func:`open_attachment` does with a file key that a reader revealed: the neutral's view of a dispute."""
    _same_file(ref, blob)
    return _promised(ref, unpad(unseal_with_file_key(blob, file_key)))


def erase_from_attachment(
    rows: Sequence[Row | ErasedRow],
    lines: Collection[str],
    readers: Mapping[str, Recipient],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> Attachment:
    """Seal a list anew without the content of these lines; its commitment stays what it was.

    ``readers`` must be fresh keys: people are erased once the old identities are destroyed (:meth:`KeyRing.without`).
    Raises CommitmentBroken ``commitment.no_such_line``, and as :func:`attach`.
    """
    return attach(erase_rows(rows, lines), readers, randomness)


def _same_file(ref: SealedRef, blob: bytes) -> None:
    if len(blob) != ref.size or sha256(blob).hexdigest() != ref.blob:
        raise SealBroken("seal.other_file")


def _promised(ref: SealedRef, data: bytes) -> Rows:
    rows = unpack_rows(data)
    if commit_rows(rows).root != ref.commit:
        raise CommitmentBroken("commitment.mismatch")
    return rows
