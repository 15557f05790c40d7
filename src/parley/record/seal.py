"""Closing a file so that only named readers can open it, and making its length say little about what is inside.

The files are age v1 files. Two kinds of reader's key exist: ``hybrid`` (ML-KEM-768 with X25519, the default: who
records the traffic today cannot open it with a later quantum computer) and ``x25519`` (readable, and writable where a
reader has nothing else). A file is sealed to one kind or the other, never to both: the weaker lock would decide.

Before sealing, content is padded to a *size class*: the powers of two from 4 KiB to 64 MiB. The number of rows of a
list can then be told only within a factor of two.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from parley.record import bech32
from parley.record.agefile import (
    FILE_KEY,
    MOST_HEADER,
    MOST_STANZAS,
    NONCE,
    TAG,
    WRAPPED,
    Header,
    Stanza,
    assemble,
    decode_base64,
    encode_base64,
    hkdf,
    open_payload,
    read_header,
    unwrap,
    wrap,
)
from parley.record.errors import SealBroken

Kind = Literal["hybrid", "x25519"]

SMALLEST_CLASS = 4 * 1024
LARGEST_CLASS = 64 * 1024 * 1024
MOST_BLOB = LARGEST_CLASS + MOST_HEADER + NONCE + LARGEST_CLASS // (64 * 1024) * TAG
"""Bytes of the longest sealed file: the largest size class, the longest header, a nonce and a tag per 64 KiB."""

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
X25519_INFO = b"age-encryption.org/v1/X25519"
STANZA = {"hybrid": "mlkem768x25519", "x25519": "X25519"}
RECIPIENT_PREFIX: dict[str, Kind] = {"age1pq": "hybrid", "age": "x25519"}
IDENTITY_PREFIX: dict[str, Kind] = {"age-secret-key-pq-": "hybrid", "age-secret-key-": "x25519"}
MLKEM_CIPHERTEXT = 1088
MLKEM_KEY = 1184
CURVE_KEY = 32
SECRET = 32
ENCAPSULATED = MLKEM_CIPHERTEXT + CURVE_KEY
MARK = 0x80
"""The byte after which padding is zeros."""

# Any scalar shows whether a point is of small order: clamping makes every scalar a multiple of 8.
PROBE = X25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key to which files are sealed; per case, and published in a signed act. Written ``age1…``."""

    text: str
    kind: Kind = field(init=False)
    raw: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse anything but the one lower-case form of a usable key; raises SealBroken ``seal.recipient``."""
        found = bech32.decode(self.text) if self.text.islower() else None
        kind = RECIPIENT_PREFIX.get(found[0]) if found else None
        if found is None or kind is None:
            raise SealBroken("seal.recipient")
        raw = found[1]
        if len(raw) != CURVE_KEY + (MLKEM_KEY if kind == "hybrid" else 0) or _small_order(raw[-CURVE_KEY:]):
            raise SealBroken("seal.recipient")
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "raw", raw)
        if kind == "hybrid":
            try:
                self.hybrid_key()
            except ValueError:
                raise SealBroken("seal.recipient") from None

    def hybrid_key(self) -> hpke.MLKEM768X25519PublicKey:
        """Return the key as the library wants it; only for the hybrid kind."""
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.raw[:MLKEM_KEY]),
            X25519PublicKey.from_public_bytes(self.raw[MLKEM_KEY:]),
        )

    def __str__(self) -> str:
        """Return the text that is published."""
        return self.text


@dataclass(frozen=True, slots=True)
class Identity:
    """The private half of a recipient: 32 secret bytes. Destroying them destroys everything sealed to them alone."""

    kind: Kind
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a secret of another length; raises SealBroken ``seal.identity``."""
        if self.kind not in STANZA or len(self.secret) != SECRET:
            raise SealBroken("seal.identity")

    @staticmethod
    def parse(text: str) -> "Identity":
        """Read ``AGE-SECRET-KEY-1…`` or ``AGE-SECRET-KEY-PQ-1…``; raises SealBroken, which never shows the text."""
        found = bech32.decode(text) if text.isupper() else None
        kind = IDENTITY_PREFIX.get(found[0]) if found else None
        if found is None or kind is None:
            raise SealBroken("seal.identity")
        return Identity(kind, found[1])

    @property
    def text(self) -> str:
        """The secret in writing. It belongs in a locked key file and nowhere else."""
        prefix = next(prefix for prefix, kind in IDENTITY_PREFIX.items() if kind == self.kind)
        return bech32.encode(prefix, self.secret).upper()

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        if self.kind == "x25519":
            raw = X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()
            return Recipient(bech32.encode("age", raw))
        lattice, curve = self._halves()
        raw = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return Recipient(bech32.encode("age1pq", raw))

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        """Expand the seed into both private keys (X-Wing: SHAKE-256, 64 bytes and 32 bytes)."""
        stretched = hashlib.shake_256(self.secret).digest(96)
        return MLKEM768PrivateKey.from_seed_bytes(stretched[:64]), X25519PrivateKey.from_private_bytes(stretched[64:])

    def file_key(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key of the first stanza made for this identity, or None.

        Raises SealBroken ``seal.malformed`` where a stanza of this kind is not in its form, be it ours or not.
        """
        mine = [_check(stanza) for stanza in stanzas if stanza.arguments[0] == STANZA[self.kind]]
        return self._unwrap_x25519(mine) if self.kind == "x25519" else self._unwrap_hybrid(mine)

    def _unwrap_x25519(self, stanzas: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        private = X25519PrivateKey.from_private_bytes(self.secret)
        own = private.public_key().public_bytes_raw()
        for share, body in stanzas:
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
            found = unwrap(hkdf(shared, salt=share + own, info=X25519_INFO), body)
            if found is not None:
                return found
        return None

    def _unwrap_hybrid(self, stanzas: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        private = hpke.MLKEM768X25519PrivateKey(*self._halves())
        for share, body in stanzas:
            try:
                return SUITE.decrypt(share + body, private, HYBRID_INFO)
            except InvalidTag:
                continue
        return None


def _small_order(point: bytes) -> bool:
    try:
        PROBE.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return True
    return False


def _check(stanza: Stanza) -> tuple[bytes, bytes]:
    """Return share and body of a stanza of one of our two kinds; raises SealBroken ``seal.malformed``."""
    kind, *arguments = stanza.arguments
    if len(arguments) != 1:
        raise SealBroken("seal.malformed", cause="arguments")
    share = decode_base64(arguments[0].encode("ascii"))
    expected = CURVE_KEY if kind == STANZA["x25519"] else ENCAPSULATED
    if len(share) != expected or len(stanza.body) != WRAPPED or _small_order(share[-CURVE_KEY:]):
        raise SealBroken("seal.malformed", cause="share")
    return share, stanza.body


def generate_identity(
    hybrid: bool = True,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> Identity:
    """Make a fresh identity; ``randomness`` returns as many bytes as asked for."""
    return Identity("hybrid" if hybrid else "x25519", randomness(SECRET))


def seal(
    data: bytes, recipients: Sequence[Recipient], randomness: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Return an age file that each recipient can open alone.

    Length is not hidden: see :func:`seal_padded`. ``randomness`` gives file key, nonce and X25519 shares; for hybrid
    recipients the library draws its own. Raises SealBroken ``seal.no_recipient``, ``seal.too_many_recipients``,
    ``seal.mixed_recipients`` or ``seal.too_large``.
    """
    if not recipients:
        raise SealBroken("seal.no_recipient")
    if len(recipients) > MOST_STANZAS:
        raise SealBroken("seal.too_many_recipients", most=MOST_STANZAS)
    if len({recipient.kind for recipient in recipients}) > 1:
        raise SealBroken("seal.mixed_recipients")
    if len(data) > LARGEST_CLASS:
        raise SealBroken("seal.too_large", most=LARGEST_CLASS)
    file_key = randomness(FILE_KEY)
    stanzas = [_stanza(recipient, file_key, randomness) for recipient in recipients]
    return assemble(stanzas, data, file_key=file_key, nonce=randomness(NONCE))


def _stanza(recipient: Recipient, file_key: bytes, randomness: Callable[[int], bytes]) -> Stanza:
    if recipient.kind == "hybrid":
        sealed = SUITE.encrypt(file_key, recipient.hybrid_key(), HYBRID_INFO)
        share, body = sealed[:ENCAPSULATED], sealed[ENCAPSULATED:]
    else:
        ephemeral = X25519PrivateKey.from_private_bytes(randomness(SECRET))
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient.raw))
        body = wrap(hkdf(shared, salt=share + recipient.raw, info=X25519_INFO), file_key)
    return Stanza((STANZA[recipient.kind], encode_base64(share).decode("ascii")), body)


def unseal(blob: bytes, identities: Sequence[Identity]) -> bytes:
    """Return the content, all of it or none.

    Raises SealBroken: ``seal.malformed``, ``seal.wrong_key``, ``seal.torn``, ``seal.too_large``.
    """
    header = _header(blob)
    return open_payload(header, blob, _file_key(header, identities))


def reveal_file_key(blob: bytes, identities: Sequence[Identity]) -> bytes:
    """Return the 16-byte key of this one file, to be shown to the neutral when its content is disputed; as unseal."""
    header = _header(blob)
    file_key = _file_key(header, identities)
    open_payload(header, blob, file_key)
    return file_key


def unseal_with_file_key(blob: bytes, file_key: bytes) -> bytes:
    """Return the content by a revealed file key: the neutral's side of a dispute; raises SealBroken as unseal."""
    return open_payload(_header(blob), blob, file_key)


def _header(blob: bytes) -> Header:
    if len(blob) > MOST_BLOB:
        raise SealBroken("seal.too_large", most=MOST_BLOB)
    header = read_header(blob)
    kinds = [stanza.arguments[0] for stanza in header.stanzas]
    if "scrypt" in kinds and len(kinds) > 1:
        raise SealBroken("seal.malformed", cause="scrypt not alone")
    return header


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        found = identity.file_key(header.stanzas)
        if found is not None:
            return found
    raise SealBroken("seal.wrong_key")


def size_class(length: int) -> int:
    """Return the padded size of so many bytes: the smallest class above it; raises SealBroken ``seal.too_large``."""
    size = SMALLEST_CLASS
    while size <= length:
        size *= 2
    if size > LARGEST_CLASS:
        raise SealBroken("seal.too_large", most=LARGEST_CLASS - 1)
    return size


def pad(data: bytes) -> bytes:
    """Return the content, one byte 0x80, and zeros up to the size class; raises SealBroken ``seal.too_large``."""
    return (data + bytes([MARK])).ljust(size_class(len(data)), b"\0")


def unpad(data: bytes) -> bytes:
    """Undo :func:`pad`, and accept only what it makes; raises SealBroken ``seal.padding``."""
    end = len(data.rstrip(b"\0")) - 1
    if end < 0 or data[end] != MARK or len(data) > LARGEST_CLASS or size_class(end) != len(data):
        raise SealBroken("seal.padding")
    return data[:end]


def seal_padded(
    data: bytes, recipients: Sequence[Recipient], randomness: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Pad to the size class, then seal: what every attachment goes through; raises SealBroken as :func:`seal`."""
    return seal(pad(data), recipients, randomness)


def unseal_padded(blob: bytes, identities: Sequence[Identity]) -> bytes:
    """Open an attachment and take off its padding; raises SealBroken as :func:`unseal`, and ``seal.padding``."""
    return unpad(unseal(blob, identities))
