"""Who can sign: public keys with their names, private keys, and the one strict rule for checking a signature.

Ed25519 (RFC 8032), with the public key and R refused when they are one of the 14 encodings of a small-order point:
without that, widely used libraries disagree on some signatures, and a hostile party could split the copies of the
record (Chalkias, Garillot, Nikolaenko 2020; the CCTV vectors). Key names, check numbers and key lines follow C2SP
signed-note.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from parley.record.errors import KeyBroken

KEY_BYTES = 32
SIGNATURE_BYTES = 64
ED25519 = 0x01
"""C2SP signature type of a plain note signature."""
TIMESTAMPED = 0x04
"""C2SP signature type of a cosignature that carries its time."""

_NAME = re.compile(r"[a-z0-9._/-]{1,64}\Z")
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\Z")


def _small_order_encodings() -> frozenset[bytes]:
    """Return the 14 encodings: seven y (two of them written beyond the field), each with both signs of x."""
    prime = 2**255 - 19
    of_order_eight = int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    )
    ys = (0, 1, of_order_eight, prime - of_order_eight, prime - 1, prime, prime + 1)
    return frozenset((y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1))


SMALL_ORDER = _small_order_encodings()


def key_hash(name: str, kind: int, raw: bytes) -> bytes:
    """Return the four-byte check number of a key in a signature line (C2SP signed-note, "Signatures")."""
    return sha256(name.encode() + b"\n" + bytes((kind,)) + raw).digest()[:4]


def check_name(name: str) -> None:
    """Raise KeyBroken unless the name is 1 to 64 characters of ``a-z 0-9 . _ / -``."""
    if _NAME.match(name) is None:
        raise KeyBroken("key.name")


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key and its name, ``north/officer-7``; raises KeyBroken if either is unusable."""

    name: str
    raw: bytes
    hash4: bytes = field(init=False, compare=False, repr=False)
    cosigner_hash4: bytes = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check name and key once, so that no check is needed where a signature is verified."""
        check_name(self.name)
        if len(self.raw) != KEY_BYTES:
            raise KeyBroken("key.length", bytes=len(self.raw))
        if self.raw in SMALL_ORDER:
            raise KeyBroken("key.small_order", name=self.name)
        object.__setattr__(self, "hash4", key_hash(self.name, ED25519, self.raw))
        object.__setattr__(self, "cosigner_hash4", key_hash(self.name, TIMESTAMPED, self.raw))

    @property
    def vkey(self) -> str:
        """The key as one printable line, ``name+check+base64`` (C2SP signed-note, "Verifier keys")."""
        return f"{self.name}+{self.hash4.hex()}+{base64.b64encode(bytes((ED25519,)) + self.raw).decode()}"

    @staticmethod
    def parse(vkey: str) -> VerifyKey:
        """Read what ``vkey`` writes; raises KeyBroken, also when the check number does not fit."""
        found = _VKEY.match(vkey)
        if found is None:
            raise KeyBroken("key.malformed")
        try:
            typed = base64.b64decode(found[3], validate=True)
        except binascii.Error:
            raise KeyBroken("key.malformed") from None
        if typed[0] != ED25519:  # 44 characters without "=" are 33 bytes
            raise KeyBroken("key.malformed")
        key = VerifyKey(found[1], typed[1:])
        if key.hash4.hex() != found[2]:
            raise KeyBroken("key.mismatch", name=key.name)
        return key


class Signer(Protocol):
    """Whatever can sign: a key in memory, a locked file, a token behind a cable."""

    @property
    def verify_key(self) -> VerifyKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory; its seed is never shown by ``repr``."""

    verify_key: VerifyKey
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a seed that belongs to another public key: its signatures would be spoiled."""
        if len(self.seed) != KEY_BYTES:
            raise KeyBroken("key.length", bytes=len(self.seed))
        if crypto_sign_seed_keypair(self.seed)[0] != self.verify_key.raw:
            raise KeyBroken("key.mismatch", name=self.verify_key.name)

    @staticmethod
    def from_seed(name: str, seed: bytes) -> SigningKey:
        """Make the key of a 32-byte seed; raises KeyBroken."""
        if len(seed) != KEY_BYTES:
            raise KeyBroken("key.length", bytes=len(seed))
        return SigningKey(VerifyKey(name, crypto_sign_seed_keypair(seed)[0]), seed)

    @staticmethod
    def generate(name: str, randomness: Callable[[int], bytes] = secrets.token_bytes) -> SigningKey:
        """Make a fresh key; ``randomness`` is asked for 32 bytes. Raises KeyBroken for a bad name."""
        return SigningKey.from_seed(name, randomness(KEY_BYTES))

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature (RFC 8032; the same every time)."""
        return crypto_sign(message, self.seed + self.verify_key.raw)[:SIGNATURE_BYTES]


def verify(key: VerifyKey, message: bytes, signature: bytes) -> bool:
    """Say whether the signature is the key's over exactly these bytes, by the strict rule at the top of this module."""
    if len(signature) != SIGNATURE_BYTES or signature[:32] in SMALL_ORDER:
        return False
    try:
        crypto_sign_open(signature + message, key.raw)  # A was looked at when the key was made
    except BadSignatureError:
        return False
    return True
