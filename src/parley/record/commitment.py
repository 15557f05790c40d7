"""A promise about a list that shows nothing of it: later one row can be opened and proven, the others stay closed.

Each row gets 32 random bytes, its *salt*; its leaf is SHA-256(0x00 ‖ salt ‖ row), and the commitment is the RFC 6962
root over the leaves in order. Without the salt nobody can test a guessed name against a leaf. The sealed file holds
rows and salts, one row a line::

    exchange.rows / 1
    {"line": "N1", "row": {"name": "…"}, "salt": "<64 hex>"}
    {"leaf": "<64 hex>", "line": "N2"}

The row that is committed to is the canonical line ``{"line":"N1","row":{…}}``, so no row can be shown under another
line's id. The last line above is an *erased* row: its content and salt are gone, its leaf keeps the root what it was.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from parley.record.canonical import Json, encode, parse
from parley.record.errors import CanonicalBroken, CommitmentBroken
from parley.record.log import Tree, leaf_hash, verify_inclusion
from parley.words import LINE, Digest, LineId

ROWS = b"exchange.rows/1\n"
PROOF = b"exchange.row/1\n"
SALT = 32
HASH = 32
MOST_ROWS = 200_000
MOST_ROW = 60 * 1024
"""Bytes of the longest row, so that its line in the file and its proof both stay canonical lines of at most 64 KiB."""
SALT_FIELD = len(',"salt":""') + 2 * SALT
MOST_PATH = 18
"""Hashes in the longest proof: 2^18 is more than 200,000."""

_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProof:
    """One row, opened: its place among ``total`` rows, its bytes and salt, and the hashes that lead to the root."""

    index: int
    total: int
    row: bytes
    salt: bytes = field(repr=False)
    path: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """The root of a list, with what is needed to open single rows of it."""

    root: Digest
    total: int
    _tree: Tree = field(repr=False, compare=False)
    _opened: tuple[tuple[bytes, bytes] | None, ...] = field(repr=False, compare=False)
    _lines: tuple[LineId, ...] = field(default=(), repr=False, compare=False)

    def prove_row(self, index: int) -> RowProof:
        """Open the row at ``index``, counted from 0; raises CommitmentBroken ``commitment.index`` or ``….erased``."""
        if not 0 <= index < self.total:
            raise CommitmentBroken("commitment.index", index=index, total=self.total)
        opened = self._opened[index]
        if opened is None:
            raise CommitmentBroken("commitment.erased", index=index)
        path = tuple(self._tree.inclusion(index, self.total))
        return RowProof(index=index, total=self.total, row=opened[0], salt=opened[1], path=path)

    def prove_line(self, line: str) -> RowProof:
        """Open the row of one line; raises CommitmentBroken ``commitment.no_such_line`` or ``….erased``."""
        if line not in self._lines:
            raise CommitmentBroken("commitment.no_such_line", line=line[:40])
        return self.prove_row(self._lines.index(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list as it is sealed: the author's id for it, what it says, and its salt."""

    line: LineId
    values: Mapping[str, Json]
    salt: bytes = field(repr=False)

    @property
    def committed(self) -> bytes:
        """The canonical bytes that are committed to; raises CommitmentBroken ``commitment.row``."""
        return _row_bytes(self.line, self.values)


@dataclass(frozen=True, slots=True)
class ErasedRow:
    """What is left of a line after erasing: its id, which the record knows anyway, and its salted leaf."""

    line: LineId
    leaf: bytes


Rows = tuple[Row | ErasedRow, ...]


def commit(rows: Sequence[bytes], salts: Sequence[bytes]) -> Commitment:
    """Commit to rows of any bytes, one fresh salt each; raises CommitmentBroken."""
    if len(rows) != len(salts):
        raise CommitmentBroken("commitment.salts", rows=len(rows), salts=len(salts))
    return _commit([(leaf_hash(salt + row), (row, salt)) for row, salt in zip(rows, salts, strict=True)])


def commit_rows(rows: Sequence[Row | ErasedRow]) -> Commitment:
    """Commit to the rows of a list, erased ones included; raises CommitmentBroken."""
    _distinct_lines(rows)
    leaves: list[tuple[bytes, tuple[bytes, bytes] | None]] = []
    for row in rows:
        if isinstance(row, ErasedRow):
            leaves.append((row.leaf, None))
        else:
            leaves.append((leaf_hash(row.salt + row.committed), (row.committed, row.salt)))
    return _commit(leaves, tuple(row.line for row in rows))


def _commit(leaves: Sequence[tuple[bytes, tuple[bytes, bytes] | None]], lines: tuple[LineId, ...] = ()) -> Commitment:
    if not leaves:
        raise CommitmentBroken("commitment.no_rows")
    if len(leaves) > MOST_ROWS:
        raise CommitmentBroken("commitment.too_many_rows", most=MOST_ROWS)
    salts = [opened[1] for _, opened in leaves if opened is not None]
    if len(set(salts)) != len(salts) or any(len(salt) != SALT for salt in salts):
        raise CommitmentBroken("commitment.salts", rows=len(leaves))
    tree = Tree()
    for leaf, _ in leaves:
        tree.append_hash(leaf)
    opened = tuple(opened for _, opened in leaves)
    return Commitment(root=Digest(tree.root().hex()), total=len(leaves), _tree=tree, _opened=opened, _lines=lines)


def verify_row(root: str, proof: RowProof) -> bool:
    """Say whether this row stands in the list with this root (64 hex digits), at its place if ``total`` is right.

    A root does not hold the number of rows (RFC 6962 keeps it in the tree head). Where place or number matter, compare
    ``proof.total`` with the number of lines that the act states. The line id is in the row and proven with it.
    """
    if _HEX.match(root) is None or len(proof.salt) != SALT or len(proof.path) > MOST_PATH:
        return False
    if not 0 <= proof.index < proof.total <= MOST_ROWS or any(len(node) != HASH for node in proof.path):
        return False
    leaf = leaf_hash(proof.salt + proof.row)
    return verify_inclusion(proof.index, proof.total, leaf, proof.path, bytes.fromhex(root))


def salt_rows(
    rows: Iterable[tuple[str, Mapping[str, Json]]], randomness: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[Row, ...]:
    """Give each line and its values a fresh salt; ``randomness`` is asked for 32 bytes per row."""
    return tuple(Row(line=LineId(line), values=values, salt=randomness(SALT)) for line, values in rows)


def erase_rows(rows: Sequence[Row | ErasedRow], lines: Collection[str]) -> Rows:
    """Return the list with these lines erased, its root unchanged; raises CommitmentBroken for a line not in it.

    What was sealed before must be sealed anew to a fresh key and the old key destroyed: only then is it erased.
    """
    absent = set(lines) - {row.line for row in rows}
    if absent:
        raise CommitmentBroken("commitment.no_such_line", line=min(absent)[:40])
    return tuple(
        ErasedRow(row.line, leaf_hash(row.salt + row.committed)) if isinstance(row, Row) and row.line in lines else row
        for row in rows
    )


def pack_rows(rows: Sequence[Row | ErasedRow]) -> bytes:
    """Return the file of a list, to be padded and sealed; raises CommitmentBroken."""
    _check_number(len(rows))
    _distinct_lines(rows)
    out = bytearray(ROWS)
    for row in rows:
        if isinstance(row, ErasedRow):
            out += encode({"leaf": row.leaf.hex(), "line": row.line})
        else:
            # The committed bytes are the beginning of the line: "salt" sorts after "line" and "row".
            out += row.committed[:-1] + b',"salt":"' + row.salt.hex().encode("ascii") + b'"}'
        out += b"\n"
    return bytes(out)


def unpack_rows(data: bytes) -> Rows:
    """Read the file of a list; raises CommitmentBroken with the ``row`` counted from 1, never with what it holds."""
    if not data.startswith(ROWS):
        raise CommitmentBroken("commitment.header")
    if not data.endswith(b"\n"):
        raise CommitmentBroken("commitment.row", row=0)
    _check_number(data.count(b"\n") - 1)
    lines = data[len(ROWS) : -1].split(b"\n")
    rows = tuple(_read_row(line, number) for number, line in enumerate(lines, start=1))
    _distinct_lines(rows)
    salts = {row.salt for row in rows if isinstance(row, Row)}
    if len(salts) != sum(isinstance(row, Row) for row in rows):
        raise CommitmentBroken("commitment.salts", rows=len(rows))
    return rows


def _check_number(count: int) -> None:
    if count < 1:
        raise CommitmentBroken("commitment.no_rows")
    if count > MOST_ROWS:
        raise CommitmentBroken("commitment.too_many_rows", most=MOST_ROWS)


def _distinct_lines(rows: Sequence[Row | ErasedRow]) -> None:
    if len({row.line for row in rows}) != len(rows):
        raise CommitmentBroken("commitment.duplicate_line")


def _row_bytes(line: str, values: Json) -> bytes:
    if LINE.match(line) is None or not isinstance(values, Mapping):
        raise CommitmentBroken("commitment.row")
    try:
        # In brackets, because a proof holds the row one level deeper: what can be sealed can be proven.
        row = encode([{"line": line, "row": dict(values)}])[1:-1]
    except CanonicalBroken:
        raise CommitmentBroken("commitment.row") from None
    if len(row) > MOST_ROW:
        raise CommitmentBroken("commitment.row")
    return row


def _read_row(line: bytes, number: int) -> Row | ErasedRow:
    try:
        match parse(b"[" + line + b"]"):
            case [{"line": str(name), "row": dict(values), "salt": str(salt), **rest}] if not rest:
                if len(line) <= MOST_ROW + SALT_FIELD and LINE.match(name) and _HEX.match(salt):
                    return Row(line=LineId(name), values=values, salt=bytes.fromhex(salt))
            case [{"leaf": str(leaf), "line": str(name), **rest}] if not rest:
                if LINE.match(name) and _HEX.match(leaf):
                    return ErasedRow(LineId(name), bytes.fromhex(leaf))
    except CanonicalBroken:
        pass
    raise CommitmentBroken("commitment.row", row=number)


def pack_row_proof(proof: RowProof) -> bytes:
    """Return a proof as a file of two lines; raises CommitmentBroken unless its row is a row of a list."""
    line, values = shown_row(proof)
    text = encode(
        {
            "index": proof.index,
            "path": [node.hex() for node in proof.path],
            "row": {"line": line, "row": values},
            "salt": proof.salt.hex(),
            "total": proof.total,
        }
    )
    return PROOF + text + b"\n"


def unpack_row_proof(data: bytes) -> RowProof:
    """Read a proof; raises CommitmentBroken ``commitment.proof``. Whether it holds is for :func:`verify_row` to say."""
    if not data.startswith(PROOF) or not data.endswith(b"\n"):
        raise CommitmentBroken("commitment.proof")
    try:
        match parse(data[len(PROOF) : -1]):
            case {
                "index": int(index),
                "path": list(path),
                "row": dict(row),
                "salt": str(salt),
                "total": int(total),
                **rest,
            } if not rest and len(path) <= MOST_PATH:
                nodes = tuple(_hash(node) for node in path)
                proof = RowProof(
                    index=_number(index), total=_number(total), row=encode(row), salt=_hash(salt), path=nodes
                )
                shown_row(proof)
                return proof
    except CanonicalBroken:
        pass
    raise CommitmentBroken("commitment.proof")


def _number(value: int) -> int:
    if isinstance(value, bool) or value < 0:
        raise CommitmentBroken("commitment.proof")
    return value


def _hash(text: Json) -> bytes:
    if not isinstance(text, str) or _HEX.match(text) is None:
        raise CommitmentBroken("commitment.proof")
    return bytes.fromhex(text)


def shown_row(proof: RowProof) -> tuple[LineId, Mapping[str, Json]]:
    """Return line id and values of a row that was opened; raises CommitmentBroken ``commitment.proof``."""
    try:
        match parse(b"[" + proof.row + b"]"):
            case [{"line": str(line), "row": dict(values), **rest}] if not rest and LINE.match(line):
                if len(proof.row) <= MOST_ROW:
                    return LineId(line), cast("Mapping[str, Json]", values)
    except CanonicalBroken:
        pass
    raise CommitmentBroken("commitment.proof")
