"""A text and the signatures under it, in a form that a person can read, print and type in again.

C2SP signed-note: the text, an empty line, then one line per signature, ``— name base64(check number, signature)``.
What is signed is the text exactly as its bytes stand, up to and with its last newline. Stricter than C2SP: malformed
signature lines, more than 16 of them, and two by one key are refused, so a note can be kept and compared as it is.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterable
from dataclasses import dataclass

from parley.record.errors import NoteBroken
from parley.record.keys import Signer

MOST_TEXT_BYTES = 64 * 1024
MOST_SIGNATURES = 16
MOST_LINE_BYTES = 256
MOST_BYTES = MOST_TEXT_BYTES + 1 + MOST_SIGNATURES * MOST_LINE_BYTES

_HASH_BYTES = 4
# Base64 in its one form: the last letter before the padding leaves no stray bits. 92 letters are the check number and a
# plain signature (68 bytes); 104 letters hold the eight bytes of a cosignature's time between them (76 bytes).
_LINE = re.compile(
    rb"\xe2\x80\x94 ([a-z0-9._/-]{1,64}) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{101}[AQgw]==)\n"
)
_CONTROL_BYTES = bytes(code for code in range(0x20) if code != ord("\n"))
_CONTROL_TEXT = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note: ``signature`` is 64 bytes, or 72 where the first eight are a cosignature's time."""

    name: str
    hash4: bytes
    signature: bytes

    def __bytes__(self) -> bytes:
        """The line as it stands in a note, with its newline."""
        return f"\u2014 {self.name} {b64encode(self.hash4 + self.signature).decode()}\n".encode()


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note whose signatures nobody has checked yet."""

    text: str
    signatures: tuple[SignatureLine, ...]


def sign(text: str, signers: Iterable[Signer]) -> bytes:
    """Return the note of a text that ends in a newline, signed by each signer; raises NoteBroken."""
    message = text.encode()
    lines = []
    for signer in signers:
        key = signer.verify_key
        lines.append(SignatureLine(key.name, key.hash4, signer.sign(message)))
    return assemble(text, lines)


def assemble(text: str, lines: Iterable[SignatureLine]) -> bytes:
    """Put a text and signature lines made elsewhere together; raises NoteBroken if that makes no note."""
    if _CONTROL_TEXT.search(text):
        raise NoteBroken("note.control_character")
    note = text.encode() + b"\n" + b"".join(map(bytes, lines))
    if parse(note).text != text:  # no newline at its end, or no signer
        raise NoteBroken("note.malformed")
    return note


def parse(note: bytes) -> Note:
    """Take a note apart without checking signatures; raises NoteBroken, and nothing else, for any other bytes."""
    text, lines = split(note)
    if len(note.translate(None, _CONTROL_BYTES)) != len(note):
        raise NoteBroken("note.control_character")
    try:
        return Note(text.decode(), lines)
    except UnicodeDecodeError as error:
        raise NoteBroken("note.not_text", at=error.start) from None


def split(note: bytes) -> tuple[bytes, tuple[SignatureLine, ...]]:
    """Return the signed bytes and the signature lines, for callers that check the text; raises NoteBroken."""
    if len(note) > MOST_BYTES:
        raise NoteBroken("note.too_long", bytes=len(note), most=MOST_BYTES)
    end = note.rfind(b"\n\n") + 1
    if end == 0:
        raise NoteBroken("note.malformed")
    if end > MOST_TEXT_BYTES:
        raise NoteBroken("note.too_long", bytes=end, most=MOST_TEXT_BYTES)
    return note[:end], _signature_lines(note, end + 1)


def _signature_lines(note: bytes, at: int) -> tuple[SignatureLine, ...]:
    lines: list[SignatureLine] = []
    while at < len(note):
        found = _LINE.match(note, at)
        if found is None:
            raise NoteBroken("note.signature_line", number=len(lines) + 1)
        if len(lines) == MOST_SIGNATURES:
            raise NoteBroken("note.too_many_signatures", most=MOST_SIGNATURES)
        data = a2b_base64(found[2])
        lines.append(SignatureLine(found[1].decode(), data[:_HASH_BYTES], data[_HASH_BYTES:]))
        at = found.end()
    if not lines:
        raise NoteBroken("note.no_signature")
    if len(lines) > 1 and len({(line.name, line.hash4) for line in lines}) != len(lines):
        raise NoteBroken("note.duplicate_signer")
    return tuple(lines)
