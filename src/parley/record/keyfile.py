"""A file that holds an officer's private keys under a passphrase, so that a lost stick gives nothing away.

The file is an age file with one scrypt stanza, so any program that reads age files can open it with the passphrase.
Inside stands one key per line::

    PARLEY-KEY north/officer-7 <base64 of the 32-byte Ed25519 seed>
    PARLEY-AGE north/lists AGE-SECRET-KEY-PQ-1…

A name has one signing key; a room may have several identities, because what was sealed before a change of keys stays
readable until the old one is dropped. Dropping one and locking the file anew is how sealed content is destroyed.
"""

import base64
import binascii
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from parley.record.agefile import (
    FILE_KEY,
    NONCE,
    WRAPPED,
    Header,
    Stanza,
    assemble,
    decode_base64,
    encode_base64,
    open_payload,
    read_header,
    unwrap,
    wrap,
)
from parley.record.errors import KeyBroken, SealBroken
from parley.record.keys import SigningKey, check_name
from parley.record.seal import Identity, Recipient

LABEL = b"age-encryption.org/v1/scrypt"
WORK_FACTOR = 15
"""Base-2 logarithm of scrypt's cost for new files: 32 MiB of memory, about a tenth of a second."""
MOST_WORK = 20
"""The highest work factor that is written or read: 1 GiB of memory, so that no file can stop the machine."""
SALT = 16
MOST_BYTES = 1024 * 1024

_WORK = re.compile(r"[1-9][0-9]?\Z")


@dataclass(frozen=True, slots=True)
class RoomIdentity:
    """An identity and the room whose attachments it opens: ``south/lists``."""

    room: str
    identity: Identity

    def __post_init__(self) -> None:
        """Refuse a room name that could not stand in the record; raises KeyBroken ``key.name``."""
        check_name(self.room)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one key file: at most one signing key per name, any number of identities per room."""

    signing: tuple[SigningKey, ...] = ()
    identities: tuple[RoomIdentity, ...] = ()

    def __post_init__(self) -> None:
        """Refuse doubles; raises KeyBroken ``keyfile.duplicate``."""
        names = [key.verify_key.name for key in self.signing]
        if len(set(names)) != len(names) or len(set(self.identities)) != len(self.identities):
            raise KeyBroken("keyfile.duplicate")

    def of_room(self, room: str) -> tuple[Identity, ...]:
        """The identities of one room, in the order of the file."""
        return tuple(entry.identity for entry in self.identities if entry.room == room)

    def without(self, recipient: Recipient) -> "KeyRing":
        """The ring after the private half of this recipient is destroyed; lock it over the old file to make it so."""
        kept = tuple(entry for entry in self.identities if entry.identity.recipient != recipient)
        return KeyRing(self.signing, kept)


def pack_keys(signing: Iterable[SigningKey], identities: Iterable[RoomIdentity] = ()) -> bytes:
    """Return the lines of a key file, not yet locked; raises KeyBroken ``keyfile.duplicate``."""
    ring = KeyRing(tuple(signing), tuple(identities))
    lines = [f"PARLEY-KEY {key.verify_key.name} {base64.b64encode(key.seed).decode('ascii')}\n" for key in ring.signing]
    lines += [f"PARLEY-AGE {entry.room} {entry.identity.text}\n" for entry in ring.identities]
    return "".join(lines).encode("ascii")


def unpack_keys(data: bytes) -> KeyRing:
    """Read what :func:`pack_keys` wrote; raises KeyBroken with the number of the line, never with what it holds."""
    signing: list[SigningKey] = []
    identities: list[RoomIdentity] = []
    *lines, rest = data[:MOST_BYTES].split(b"\n")
    if rest:
        raise KeyBroken("keyfile.line", line=len(lines) + 1)
    for number, line in enumerate(lines, start=1):
        try:
            match line.decode("ascii").split(" "):
                case ["PARLEY-KEY", name, secret]:
                    signing.append(SigningKey.from_seed(name, _seed(secret)))
                    continue
                case ["PARLEY-AGE", name, secret]:
                    identities.append(RoomIdentity(name, Identity.parse(secret)))
                    continue
        except (UnicodeDecodeError, KeyBroken, SealBroken):
            pass
        raise KeyBroken("keyfile.line", line=number)
    return KeyRing(tuple(signing), tuple(identities))


def _seed(text: str) -> bytes:
    try:
        seed = base64.b64decode(text, validate=True)
    except binascii.Error:
        seed = b""
    if base64.b64encode(seed).decode("ascii") != text:
        raise KeyBroken("key.length")
    return seed


def _secret_of(passphrase: str) -> bytes:
    """Return the bytes of a passphrase: composed characters (NFC), so that each keyboard's ``й`` is the same ``й``."""
    if not passphrase:
        raise KeyBroken("keyfile.passphrase_empty")
    # A half character can come from a terminal in another encoding; it is part of no passphrase that locks a file.
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _stretch(passphrase: bytes, salt: bytes, work_factor: int) -> bytes:
    try:
        return Scrypt(salt=LABEL + salt, length=32, n=2**work_factor, r=8, p=1).derive(passphrase)
    except MemoryError:
        raise KeyBroken("keyfile.work_factor", factor=work_factor, most=MOST_WORK) from None


def lock(
    secret: bytes,
    passphrase: str,
    work_factor: int = WORK_FACTOR,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """Return an age file that the passphrase opens.

    ``randomness`` is asked for a file key, a salt and a nonce of 16 bytes each. Raises KeyBroken for an empty
    passphrase, and for a work factor outside 1 to 20, each step of which doubles time and memory.
    """
    password = _secret_of(passphrase)
    if not 1 <= work_factor <= MOST_WORK:
        raise KeyBroken("keyfile.work_factor", factor=work_factor, most=MOST_WORK)
    file_key, salt, nonce = randomness(FILE_KEY), randomness(SALT), randomness(NONCE)
    body = wrap(_stretch(password, salt, work_factor), file_key)
    stanza = Stanza(("scrypt", encode_base64(salt).decode("ascii"), str(work_factor)), body)
    return assemble([stanza], secret, file_key=file_key, nonce=nonce)


def unlock(data: bytes, passphrase: str) -> bytes:
    """Return the content of a locked file.

    Raises KeyBroken ``keyfile.malformed``, ``keyfile.work_factor``, ``keyfile.wrong_passphrase`` or
    ``keyfile.passphrase_empty``.
    """
    password = _secret_of(passphrase)
    if len(data) > MOST_BYTES:
        raise KeyBroken("keyfile.malformed")
    try:
        header = read_header(data)
        salt, work_factor, body = _scrypt_stanza(header)
        file_key = unwrap(_stretch(password, salt, work_factor), body)
        if file_key is None:
            raise KeyBroken("keyfile.wrong_passphrase")
        return open_payload(header, data, file_key)
    except SealBroken:
        raise KeyBroken("keyfile.malformed") from None


def _scrypt_stanza(header: Header) -> tuple[bytes, int, bytes]:
    """Return salt, work factor and body of the only stanza: another beside it would be a way round the passphrase."""
    if len(header.stanzas) != 1 or header.stanzas[0].arguments[0] != "scrypt":
        raise KeyBroken("keyfile.malformed")
    (_, *arguments), body = header.stanzas[0].arguments, header.stanzas[0].body
    match arguments:
        case [salt_text, factor] if _WORK.match(factor) and len(body) == WRAPPED:
            salt = decode_base64(salt_text.encode("ascii"))
        case _:
            raise KeyBroken("keyfile.malformed")
    if len(salt) != SALT:
        raise KeyBroken("keyfile.malformed")
    if int(factor) > MOST_WORK:
        raise KeyBroken("keyfile.work_factor", factor=int(factor), most=MOST_WORK)
    return salt, int(factor), body
