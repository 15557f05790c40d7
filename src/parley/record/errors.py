"""What can be wrong with bytes that claim to belong to the record, and what the operator should do next.

Every error of this room is a :class:`RecordBroken` with a code ``thing.cause``. All codes stand in :data:`CODES`, each
with one English sentence that ends in the next step; the sentences in other languages are keyed by the same codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from parley.words import Broken, Fact


class RecordBroken(Broken):
    """Bytes, a key, a signature or a file of the record are not what they claim to be; facts hold no personal data."""

    def __init__(self, code: str, **facts: Fact) -> None:
        """Keep code and facts; a code that is missing from CODES is our own bug."""
        assert code in CODES, code
        super().__init__(code, **facts)


class CanonicalBroken(RecordBroken):
    """A line is not in the one allowed form of JSON (``json.…``)."""


class KeyBroken(RecordBroken):
    """A key, a key name or a key file is unusable (``key.…``, ``keyfile.…``)."""


class NoteBroken(RecordBroken):
    """A signed note is malformed (``note.…``)."""


class EnvelopeBroken(RecordBroken):
    """The signed text of an act is malformed (``act.…``)."""


class LogBroken(RecordBroken):
    """A log was asked for what it does not contain, or a proof does not hold (``log.…``)."""


class CheckpointBroken(RecordBroken):
    """A checkpoint, cosignature, receipt or spoken root is not in its form or not genuine (``checkpoint.…``)."""


class SealBroken(RecordBroken):
    """A sealed file cannot be made or opened (``seal.…``)."""


class CommitmentBroken(RecordBroken):
    """Committed rows are malformed or do not belong to their commitment (``commitment.…``)."""


class BundleBroken(RecordBroken):
    """A bundle is torn, too large or malformed (``bundle.…``); facts give the byte offset ``at``."""


CODES: Mapping[str, str] = MappingProxyType(
    {
        # canonical.py
        "json.too_long": "The line is longer than 64 KiB: ask its author to split it into several acts.",
        "json.not_text": "The line is not UTF-8 text: fetch the file again, and if it stays so, tell its author.",
        "json.malformed": "The line is not JSON: fetch the file again, and if it stays so, tell its author.",
        "json.duplicate_key": "The line names the same field twice: refuse it and tell its author.",
        "json.too_deep": "The line is nested deeper than 32 levels: refuse it and tell its author.",
        "json.number": "The line holds a number that is not a whole number below 2^53: refuse it and tell its author.",
        "json.key_not_ascii": "A field name is not plain ASCII: refuse the line and tell its author.",
        "json.control_character": "A text holds a control or half a character: refuse it and tell its author.",
        "json.not_canonical": "The line is not in its one canonical form: refuse it and tell its author.",
        "json.type": "A value of this type cannot stand in the record: write it as text or as a whole number.",
        # keys.py
        "key.length": "The key or seed is not 32 bytes long: fetch the key again from its owner.",
        "key.small_order": "This key is weak and libraries judge it differently: its owner must make a new one.",
        "key.name": "The key name is not 1 to 64 characters of a-z 0-9 . _ / - only: correct the name.",
        "key.malformed": "This is not a public key line: fetch it again from its owner and compare it by voice.",
        "key.mismatch": "The key does not carry the check number or name beside it: fetch it again from its owner.",
        # keyfile.py
        "keyfile.malformed": "The file is not a locked key file: choose another file or restore it from its copy.",
        "keyfile.wrong_passphrase": "The passphrase does not open this key file: try again.",
        "keyfile.work_factor": "The key file asks for more work than allowed: lock it anew with a smaller factor.",
        "keyfile.passphrase_empty": "An empty passphrase protects nothing: choose one.",
        "keyfile.line": "A line of the key file is not a known key: restore the file from its copy.",
        "keyfile.duplicate": "The key file holds the same name twice: restore the file from its copy.",
        # note.py
        "note.too_long": "The signed note is longer than allowed: ask its author to split it.",
        "note.not_text": "The signed note is not UTF-8 text: fetch the file again.",
        "note.control_character": "The signed note holds a control character: refuse it and tell its author.",
        "note.no_signature": "The note carries no signature lines: ask its author for the signed form.",
        "note.malformed": "The note is not text, an empty line and signature lines: fetch the file again.",
        "note.signature_line": "A signature line is malformed: refuse the note and tell its author.",
        "note.too_many_signatures": "The note has more than 16 signature lines: refuse it and tell its author.",
        "note.duplicate_signer": "The note carries two signatures of the same key: refuse it and tell its author.",
        # envelope.py
        "act.too_long": "The text of the act is longer than 64 KiB: split it into several acts.",
        "act.version": "The first line names another kind of text or a later version: update the program or refuse it.",
        "act.lines": "The text of the act is not exactly two lines: refuse it and tell its author.",
        "act.fields": "The act does not have exactly the fields of its form: refuse it and tell its author.",
        "act.field": "A field of the act is not in its form: refuse it and tell its author.",
        # log.py
        "log.size": "The log does not have so many entries: fetch the missing part first.",
        "log.index": "The entry asked for is not in the log of that size: check the number.",
        "log.hash": "A hash of the log is not 32 bytes: fetch the file again.",
        # checkpoint.py
        "checkpoint.malformed": "The checkpoint is not log name, size and root: fetch it again.",
        "checkpoint.not_genuine": "The checkpoint is not signed by the log's key: refuse it and tell the neutral.",
        "checkpoint.unknown_cosigner": "A line of the checkpoint is by no known witness: refuse it.",
        "checkpoint.bad_cosignature": "A cosignature on the checkpoint does not hold: refuse it and tell the neutral.",
        "checkpoint.other_head": "The two checkpoints do not state the same log, size and root: keep both as evidence.",
        "checkpoint.time": "The time of a cosignature is outside the range that can be written: correct the clock.",
        "receipt.malformed": "The receipt is not in its form: ask the neutral for it again.",
        "receipt.index": "The receipt names an entry beyond the size of its checkpoint: ask the neutral for it again.",
        "words.root": "A root is 32 bytes and eight words of the list: check what was read out.",
        # seal.py
        "seal.malformed": "The sealed file is not in its form: fetch it again.",
        "seal.wrong_key": "None of your keys opens this file: ask its author to which key it was sealed.",
        "seal.torn": "The sealed file was cut or changed on its way: fetch it again.",
        "seal.recipient": "The text is not a key to which a file can be sealed: fetch it again from its owner.",
        "seal.identity": "The text is not a private key that opens sealed files: restore it from its copy.",
        "seal.no_recipient": "A file is sealed to at least one key: name one.",
        "seal.too_many_recipients": "The file is sealed to more keys than allowed: refuse it and tell its author.",
        "seal.mixed_recipients": "A file is sealed to hybrid or to X25519 keys, not both: ask for hybrid keys.",
        "seal.too_large": "The file is larger than the largest size class of 64 MiB: split the list.",
        "seal.padding": "The opened file is not padded to its size class: refuse it and tell its author.",
        "seal.other_file": "This is not the sealed file that the act names: fetch the one it names.",
        # commitment.py
        "commitment.too_many_rows": "The list has more than 200,000 rows: split it.",
        "commitment.no_rows": "An empty list cannot be committed to: add at least one row.",
        "commitment.salts": "Every row needs its own fresh salt of 32 bytes: seal the list again.",
        "commitment.row": "A row of the list is not in its form: refuse the file and tell its author.",
        "commitment.header": "The opened file does not begin as a list of rows: refuse it and tell its author.",
        "commitment.duplicate_line": "Two rows carry the same line id: refuse the file and tell its author.",
        "commitment.proof": "The proof of a single row is not in its form: ask for it again.",
        "commitment.index": "There is no row of that number in the list: check the number.",
        "commitment.no_such_line": "The list has no such line: check the line id.",
        "commitment.erased": "This row was erased and cannot be opened again: its place can still be proven.",
        "commitment.mismatch": "The list is not the one committed to: object, and reveal the file key to the neutral.",
        # bundle.py
        "bundle.header": "The file does not begin as a bundle: choose another file.",
        "bundle.torn": "The bundle ends in the middle of a record: copy it again from its source.",
        "bundle.record": "A record of the bundle has an unknown kind or a malformed length: copy it again.",
        "bundle.too_long": "A record of the bundle is longer than allowed: refuse it and tell its sender.",
        "bundle.too_many": "The bundle has more records than allowed: ask its sender to split it.",
        "bundle.range": "The bundle does not hold as many acts as its first line says: copy it again.",
    }
)
