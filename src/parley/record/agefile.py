"""The outside of a sealed file: who may open it, a seal over that list, and the content in tamper-evident pieces.

This is the file format age v1 (C2SP ``age``): a header of *stanzas*, each wrapping the same 16-byte *file key* for one
reader; a MAC over the header under that file key; then the content in chunks of 64 KiB under a key derived from it.
Because the MAC is keyed by the file key, two readers of one file cannot be given two different file keys.
What a stanza means is decided in :mod:`parley.record.seal` and :mod:`parley.record.keyfile`.
"""

import base64
import binascii
import hmac
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parley.record.errors import SealBroken

VERSION = b"age-encryption.org/v1\n"
FILE_KEY = 16
"""Bytes of a file key."""
TAG = 16
WRAPPED = FILE_KEY + TAG
"""Bytes of a wrapped file key: checked before it is decrypted, as the specification demands."""
NONCE = 16
CHUNK = 64 * 1024
COLUMNS = 64
MAC = 32
PRINTABLE = range(33, 127)
MOST_STANZAS = 32
MOST_HEADER = 64 * 1024
"""Our own cap: 32 hybrid stanzas take 49 KiB."""


@dataclass(frozen=True, slots=True)
class Stanza:
    """One line of arguments, the first of which names the kind of key, and a body."""

    arguments: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        """Return the stanza as it stands in a header; a body of whole lines ends in an empty one."""
        body = encode_base64(self.body)
        lines = [body[start : start + COLUMNS] for start in range(0, len(body) + 1, COLUMNS)]
        return f"-> {' '.join(self.arguments)}\n".encode("ascii") + b"".join(line + b"\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header as read: ``signed`` are the bytes under the MAC, ``length`` is where the payload begins."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes
    length: int


def encode_base64(data: bytes) -> bytes:
    """Return standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def decode_base64(text: bytes) -> bytes:
    """Return the bytes of canonical base64 without padding; raises SealBroken."""
    if b"=" in text:
        raise SealBroken("seal.malformed", cause="base64")
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise SealBroken("seal.malformed", cause="base64") from None
    if encode_base64(data) != text:
        raise SealBroken("seal.malformed", cause="base64")
    return data


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA-256 (RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def wrap(key: bytes, file_key: bytes) -> bytes:
    """Encrypt a file key under a key that is used for nothing else, hence the zero nonce."""
    return ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def unwrap(key: bytes, body: bytes) -> bytes | None:
    """Return the file key, or None when this body was not made for this key."""
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def read_header(blob: bytes) -> Header:
    """Parse the header strictly and in bounded work; raises SealBroken ``seal.malformed`` with its ``cause``."""
    head = blob[:MOST_HEADER]
    if not head.startswith(VERSION):
        raise SealBroken("seal.malformed", cause="version")
    at = len(VERSION)
    stanzas: list[Stanza] = []
    while True:
        line, after = _line(head, at)
        if line.startswith(b"---"):
            break
        if len(stanzas) == MOST_STANZAS:
            raise SealBroken("seal.too_many_recipients", most=MOST_STANZAS)
        arguments = _arguments(line)
        body, at = _body(head, after)
        stanzas.append(Stanza(arguments, body))
    mac = decode_base64(line[4:]) if line.startswith(b"--- ") else b""
    if not stanzas or len(mac) != MAC:
        raise SealBroken("seal.malformed", cause="mac")
    return Header(stanzas=tuple(stanzas), signed=head[: at + 3], mac=mac, length=after)


def _line(head: bytes, at: int) -> tuple[bytes, int]:
    end = head.find(b"\n", at)
    if end < 0:
        raise SealBroken("seal.malformed", cause="header end")
    return head[at:end], end + 1


def _arguments(line: bytes) -> tuple[str, ...]:
    arrow, *arguments = line.split(b" ")
    if arrow != b"->" or not arguments:
        raise SealBroken("seal.malformed", cause="stanza")
    if not all(argument and all(byte in PRINTABLE for byte in argument) for argument in arguments):
        raise SealBroken("seal.malformed", cause="argument")
    return tuple(argument.decode("ascii") for argument in arguments)


def _body(head: bytes, at: int) -> tuple[bytes, int]:
    lines: list[bytes] = []
    while True:
        line, at = _line(head, at)
        if len(line) > COLUMNS:
            raise SealBroken("seal.malformed", cause="long line")
        lines.append(line)
        if len(line) < COLUMNS:
            return decode_base64(b"".join(lines)), at


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, salt=b"", info=b"header"), signed, "sha256")


def assemble(stanzas: Sequence[Stanza], data: bytes, *, file_key: bytes, nonce: bytes) -> bytes:
    """Return the whole file; file key and nonce are 16 random bytes each, used for this file only."""
    signed = VERSION + b"".join(stanza.encode() for stanza in stanzas) + b"---"
    head = signed + b" " + encode_base64(_mac(file_key, signed)) + b"\n" + nonce
    cipher = ChaCha20Poly1305(hkdf(file_key, salt=nonce, info=b"payload"))

    def fill(out: memoryview) -> None:
        out[: len(head)] = head
        source = memoryview(data)
        at = len(head)
        for index in range(count):
            chunk = source[index * CHUNK : (index + 1) * CHUNK]
            end = at + len(chunk) + TAG
            cipher.encrypt_into(_chunk_nonce(index, index == count - 1), chunk, None, out[at:end])
            at = end

    count = max(1, -(-len(data) // CHUNK))
    return _filled(len(head) + len(data) + count * TAG, fill)


def open_payload(header: Header, blob: bytes, file_key: bytes) -> bytes:
    """Check the header under the file key and return the content, all of it or none.

    Raises SealBroken ``seal.torn``, ``at`` telling whether the header or the payload was changed.
    """
    if len(file_key) != FILE_KEY:
        raise SealBroken("seal.malformed", cause="file key")
    if not hmac.compare_digest(_mac(file_key, header.signed), header.mac):
        raise SealBroken("seal.torn", at="header")
    nonce = blob[header.length : header.length + NONCE]
    source = memoryview(blob)[header.length + NONCE :]
    if len(nonce) != NONCE:
        raise SealBroken("seal.malformed", cause="nonce")
    if len(source) < TAG:
        raise SealBroken("seal.torn", at="payload")
    cipher = ChaCha20Poly1305(hkdf(file_key, salt=nonce, info=b"payload"))
    count = -(-len(source) // (CHUNK + TAG))
    last = len(source) - (count - 1) * (CHUNK + TAG)
    # Only an empty file has an empty last chunk; otherwise one content would have two forms.
    if last < TAG or (last == TAG and count > 1):
        raise SealBroken("seal.torn", at="payload")

    def fill(out: memoryview) -> None:
        for index in range(count):
            chunk = source[index * (CHUNK + TAG) : (index + 1) * (CHUNK + TAG)]
            place = out[index * CHUNK : index * CHUNK + len(chunk) - TAG]
            cipher.decrypt_into(_chunk_nonce(index, index == count - 1), chunk, None, place)

    try:
        return _filled(len(source) - count * TAG, fill)
    except InvalidTag:
        raise SealBroken("seal.torn", at="payload") from None


def _filled(size: int, fill: Callable[[memoryview], None]) -> bytes:
    """Return bytes written in place; BytesIO hands its buffer over without copying 64 MiB once more."""
    buffer = io.BytesIO(bytes(size))
    fill(buffer.getbuffer())
    return buffer.getvalue()


def _chunk_nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
