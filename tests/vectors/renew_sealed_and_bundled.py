"""Vectors of bundles, commitments and sealed files, written anew: ``python -m tests.vectors.renew_sealed_and_bundled``.

Everything is derived from counted hashes instead of randomness, so a second run writes the same bytes. Files whose
making draws randomness of its own (hybrid readers) or that another program made (``…_by_rage``) are kept as they are,
and made only where they are missing.
"""

import base64
import io
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from parley.record.agefile import Stanza, assemble, read_header
from parley.record.bundle import Bundle, read_stream, write
from parley.record.canonical import Json
from parley.record.commitment import ErasedRow, Row, commit_rows, erase_rows, pack_row_proof, pack_rows, salt_rows
from parley.record.keyfile import RoomIdentity, lock, pack_keys
from parley.record.keys import SigningKey
from parley.record.seal import Identity, generate_identity, pad, seal, seal_padded
from tests.vectors.vectorfile import SPEC

Fields = list[tuple[str, str]]
Files = dict[str, bytes]

ROWS: tuple[tuple[str, Mapping[str, Json]], ...] = (
    ("N1", {"born": "1985", "name": "Olena Hai"}),
    ("N2", {"name": "Тарас Гай", "rank": None}),
    ("N3", {"held": True, "name": "Iryna Hai", "seen": [1, 2]}),
    ("N7", {"name": "Petro Hai"}),
    ("N8", {}),
)


def counted(name: str) -> Callable[[int], bytes]:
    """A source of bytes that gives the same every time: SHA-256 of a name and a count."""
    count: Iterator[int] = iter(range(1, 10_000))
    return lambda size: sha256(f"{name} {next(count)}".encode()).digest()[:size]


def vector(expect: str, comment: str, fields: Fields, body: bytes) -> bytes:
    """One vector file; a body that is not UTF-8 text stands in base64."""
    head = [("expect", expect), ("comment", comment), *fields]
    try:
        body.decode()
    except UnicodeDecodeError:
        head.append(("encoding", "base64"))
        body = "\n".join(textwrap.wrap(base64.b64encode(body).decode(), 76)).encode() + b"\n"
    return "".join(f"{name}: {value}\n" for name, value in head).encode() + b"\n" + body


def bundle_files() -> Files:
    """Bundles that are read, with every record's kind, log position, offset and SHA-256; and bundles that are not."""
    example = Bundle(
        origin="neutral/log",
        start=57,
        stop=59,
        acts=(b"the act at position 57\n", b"the act at position 58\n"),
        waiting=(b"an act without a receipt\n",),
        checkpoints=(b"a checkpoint\n",),
        proofs=(b"a proof\n",),
        blobs=(b"sealed\n", "act 4\nїжак".encode()),
    )
    whole = write(example)
    head = b"exchange.bundle/1 neutral/log 0 0\n"
    mixed = head + b"blob 3\n\x00\xff\nproof 2\nx\nact 1\ny" + b"checkpoint 4\nact " + b"blob 1\nz"
    files: Files = {}

    def good(name: str, comment: str, data: bytes) -> None:
        reader = read_stream(io.BytesIO(data))
        fields = [("origin", reader.origin), ("start", str(reader.start)), ("stop", str(reader.stop))]
        for record in reader:
            place = "-" if record.position is None else str(record.position)
            fields.append(("record", f"{record.kind} {place} {record.at} {sha256(record.data).hexdigest()}"))
        files[name] = vector("ok", comment, fields, data)

    def bad(name: str, comment: str, code: str, at: int, data: bytes) -> None:
        files[name] = vector(code, comment, [("at", str(at))], data)

    good("example", "two logged acts, one of each other kind, and an act that waits for its receipt", whole)
    good("empty", "a first line alone", head)
    good("any_order", "records of different kinds in any order, with bytes that look like record lines", mixed)
    good("only_waiting", "a bundle may hold nothing that is logged", head + b"act 3\nabc")
    good("far_position", "positions may be large", b"exchange.bundle/1 x 9007199254740990 9007199254740991\nact 1\na")
    second = whole.index(b"act 23\nthe act at position 58")
    bad("cut_in_content", "the file ends inside a record", "bundle.torn", second, whole[: second + 12])
    bad("cut_in_line", "the file ends inside a record line", "bundle.torn", second, whole[: second + 5])
    bad("act_missing", "fewer acts than the first line says", "bundle.range", second, whole[:second])
    bad("later_version", "a first line of another version", "bundle.header", 0, whole.replace(b"le/1", b"le/2", 1))
    bad("crlf", "a first line ended as on another system", "bundle.header", 0, head[:-1] + b"\r\n")
    bad("leading_zero_position", "a number has one form", "bundle.header", 0, head.replace(b"0 0", b"00 0"))
    bad("backwards", "a range that ends before it begins", "bundle.header", 0, head.replace(b"0 0", b"2 1"))
    bad("origin_with_space", "a log name is one word", "bundle.header", 0, head.replace(b"/log", b" log"))
    bad("far_too_many", "a range of more than 5,000,000 acts", "bundle.too_many", 0, head.replace(b"0 0", b"0 5000001"))
    bad("unknown_kind", "a kind of record that does not exist", "bundle.record", len(head), head + b"note 1\nx")
    bad("upper_case_kind", "kinds are lower case", "bundle.record", len(head), head + b"Act 1\nx")
    bad("empty_record", "no record is empty", "bundle.record", len(head), head + b"act 0\n")
    bad("leading_zero_length", "a length has one form", "bundle.record", len(head), head + b"act 01\nx")
    bad("signed_length", "a length has no sign", "bundle.record", len(head), head + b"act +1\nx")
    bad("newline_between", "nothing stands between records", "bundle.record", len(head), head + b"\nact 1\nx")
    bad("act_too_long", "an act of 70 KiB and one byte", "bundle.too_long", len(head), head + b"act 71681\nx")
    bad("blob_too_long", "a blob beyond the cap", "bundle.too_long", len(head), head + b"blob 67190801\nx")
    return files


def commitment_files() -> Files:
    """Files of rows with their root, single-row proofs under a root, and malformed ones of both."""
    rows = salt_rows(ROWS, counted("salt"))
    commitment = commit_rows(rows)
    packed = pack_rows(rows)
    root: Fields = [("body", "rows"), ("root", commitment.root)]
    files: Files = {
        "rows_five": vector("ok", "five rows", root, packed),
        "rows_erased": vector(
            "ok", "the same list, two lines erased: same root", root, pack_rows(erase_rows(rows, ["N2", "N8"]))
        ),
    }
    for count in (1, 2, 3, 4):
        some = rows[:count]
        fields: Fields = [("body", "rows"), ("root", commit_rows(some).root)]
        files[f"rows_{('one', 'two', 'three', 'four')[count - 1]}"] = vector(
            "ok", f"the first {count} of them", fields, pack_rows(some)
        )

    def bad(name: str, comment: str, code: str, data: bytes) -> None:
        files[f"rows_{name}"] = vector(code, comment, [("body", "rows")], data)

    doubled: list[Row | ErasedRow] = [*rows[:2], replace(rows[2], salt=rows[0].salt)]
    bad("none", "a list has at least one row", "commitment.no_rows", b"exchange.rows/1\n")
    bad("later_version", "another first line", "commitment.header", packed.replace(b"rows/1", b"rows/2"))
    bad("salt_twice", "one salt for two rows", "commitment.salts", pack_rows(doubled))
    bad("line_twice", "one line id twice", "commitment.duplicate_line", packed.replace(b'"N2"', b'"N1"'))
    bad("no_newline", "every row ends in a newline", "commitment.row", packed[:-1])
    bad("space", "a row has one form", "commitment.row", packed.replace(b'"N3","row"', b'"N3", "row"'))
    bad("float", "no fractions", "commitment.row", packed.replace(b"[1,2]", b"[1,2.5]"))
    bad(
        "upper_hex",
        "salts are lower-case hex",
        "commitment.row",
        packed.replace(rows[0].salt.hex().encode(), b"A" * 64),
    )
    bad("salt_and_leaf", "erased or not", "commitment.row", packed.replace(b'{"line":"N8"', b'{"leaf":"","line":"N8"'))
    bad("line_zero", "line ids begin at 1", "commitment.row", packed.replace(b'"N8"', b'"N0"'))

    def proof(name: str, expect: str, comment: str, data: bytes) -> None:
        files[f"proof_{name}"] = vector(expect, comment, [("body", "proof"), ("root", commitment.root)], data)

    for index, (line, _) in enumerate(ROWS):
        proof(line.lower(), "ok", f"row {index} of 5, opened alone", pack_row_proof(commitment.prove_row(index)))
    third = commitment.prove_line("N3")
    alone = replace(third, path=())
    proof("other_row", "false", "content changed", pack_row_proof(third).replace(b"Iryna", b"Maryn"))
    proof("other_line", "false", "shown under another line id", pack_row_proof(third).replace(b'"N3"', b'"N4"'))
    proof("other_salt", "false", "salt changed", pack_row_proof(replace(third, salt=bytes(32))))
    proof("other_index", "false", "place changed", pack_row_proof(replace(third, index=3)))
    proof("short_path", "false", "a hash left out", pack_row_proof(replace(third, path=third.path[:-1])))
    proof("no_path", "false", "a row on its own", pack_row_proof(replace(alone, index=0, total=1)))
    proof("index_beyond", "false", "a place beyond the list", pack_row_proof(replace(third, index=5)))
    proof("bad_hex", "commitment.proof", "hashes are hex", pack_row_proof(third).replace(b'"salt":"', b'"salt":"g'))
    proof(
        "more_fields",
        "commitment.proof",
        "no other field",
        pack_row_proof(third).replace(b'"row":{', b'"q":1,"row":{', 1),
    )
    proof("true_index", "commitment.proof", "a number", pack_row_proof(third).replace(b'"index":2', b'"index":true'))
    return files


def seal_files() -> tuple[Files, dict[str, Callable[[], bytes]]]:
    """Attachments and key files: those that a second run repeats, and how to make the others where they are missing."""
    draw = counted("seal")
    rows = pack_rows(salt_rows(ROWS, counted("salt")))
    reader, other = generate_identity(False, draw), generate_identity(False, draw)
    hybrid = generate_identity(True, counted("hybrid"))
    digest = ("content", sha256(rows).hexdigest())

    def sealed(expect: str, comment: str, identities: list[Identity], blob: bytes) -> bytes:
        fields: Fields = [("body", "attachment"), *[("identity", one.text) for one in identities]]
        return vector(expect, comment, [*fields, digest] if expect == "ok" else fields, blob)

    blob = seal_padded(rows, [reader.recipient, other.recipient], draw)
    header = read_header(blob)
    broken = bytearray(blob)
    broken[-1] ^= 1
    mac = bytearray(blob)
    mac[header.length - 3] ^= 1
    split = _two_file_keys(reader, other, rows, draw)
    keys = pack_keys(
        [SigningKey.from_seed("north/officer-7", draw(32)), SigningKey.from_seed("north/desk", draw(32))],
        [RoomIdentity("north/lists", hybrid), RoomIdentity("north/lists", reader)],
    )
    locked = lock(keys, "чотири прості слова", 10, draw)
    inside = ("content", sha256(keys).hexdigest())
    passphrase: Fields = [("body", "keyfile"), ("passphrase", "чотири прості слова")]
    wrong: Fields = [("body", "keyfile"), ("passphrase", "чотири прості слово")]
    dear = assemble([Stanza(("scrypt", "A" * 22, "21"), bytes(32))], b"", file_key=bytes(16), nonce=bytes(16))
    again: Files = {
        "x25519": sealed("ok", "two X25519 readers, one of them ours", [other], blob),
        "wrong_key": sealed("seal.wrong_key", "sealed to others", [generate_identity(False, draw)], blob),
        "changed_content": sealed("seal.torn", "the last byte changed", [reader], bytes(broken)),
        "changed_header": sealed("seal.torn", "one letter of the MAC changed", [reader], bytes(mac)),
        "two_file_keys_first": sealed(
            "ok", "a sender who gave each reader another file key: one can open", [reader], split
        ),
        "two_file_keys_second": sealed(
            "seal.torn", "the same file: the other cannot be given other content", [other], split
        ),
        "not_padded": sealed("seal.padding", "content without padding", [reader], seal(rows, [reader.recipient], draw)),
        "padded_too_far": sealed(
            "seal.padding",
            "one size class too many",
            [reader],
            seal(pad(rows).ljust(8192, b"\0"), [reader.recipient], draw),
        ),
        "keyfile": vector("ok", "a locked key file", [*passphrase, inside], locked),
        "keyfile_wrong_passphrase": vector("keyfile.wrong_passphrase", "one letter off", wrong, locked),
        "keyfile_work_factor": vector("keyfile.work_factor", "a factor of 21", passphrase, dear),
        "keyfile_sealed_file": vector("keyfile.malformed", "no key file", passphrase, blob),
    }
    once = {
        "hybrid": lambda: sealed("ok", "a hybrid reader", [hybrid], seal_padded(rows, [hybrid.recipient])),
        "hybrid_wrong_key": lambda: sealed(
            "seal.wrong_key",
            "sealed to another hybrid reader",
            [hybrid],
            seal_padded(rows, [generate_identity().recipient]),
        ),
    }
    return again, once


def _two_file_keys(reader: Identity, other: Identity, rows: bytes, draw: Callable[[int], bytes]) -> bytes:
    """A file whose stanzas wrap two different file keys, sealed under the first reader's."""
    mine, its = draw(16), draw(16)
    sources = [seal(b"", [one.recipient], _first(key, draw)) for one, key in ((reader, mine), (other, its))]
    stanzas = [read_header(source).stanzas[0] for source in sources]
    return assemble(stanzas, pad(rows), file_key=mine, nonce=draw(16))


def _first(key: bytes, draw: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """A source that gives this file key first, then what it is asked for."""
    first = iter([key])
    return lambda size: next(first, None) or draw(size)


def renew(folder: Path) -> None:
    """Write every vector that a second run repeats, and the missing ones of the rest, below a folder."""
    sealed, once = seal_files()
    groups = {"bundle": bundle_files(), "commitment": commitment_files(), "seal": sealed}
    for group, files in groups.items():
        (folder / group).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / group / name).write_bytes(data)
    for name, make in once.items():
        if not (folder / "seal" / name).exists():
            (folder / "seal" / name).write_bytes(make())


if __name__ == "__main__":
    renew(SPEC)
