"""Makes a device known to its desk: a code shown once, an answer that proves it was seen, a certificate for the device's key.

Rules: spec/checkin.md, section 4. Nothing here knows the hour or makes chance: both are arguments, and the desk keeps what
is open (``Opening``) until it was used.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as new_hmac
from typing import Final

from parley.handover.entries import Certificate, Request, Signed, certify, device_key, read_line
from parley.handover.errors import BookBroken, EnrolBroken
from parley.handover.manifest import ALIKE, CASE_LENGTH, CHECK_LENGTH, capitals, letters, short
from parley.record.errors import KeyBroken
from parley.record.keys import Signer, VerifyKey
from parley.words import Moment, ParticipantName

LIVES: Final = timedelta(minutes=10)
TOKEN_BYTES: Final = 16
TOKEN_LENGTH: Final = 26
KEY_LENGTH: Final = 16
NO_TOKEN: Final = "0" * TOKEN_LENGTH
"""The token of a device that was made ready without a code (4.4): proves nothing, is certified only by people."""
MOST_CODE: Final = 256
_CODE: Final = re.compile(
    r"P1E:([0-9A-Z]{5}):([A-Z][A-Z0-9-]{0,30}/[A-Z][A-Z0-9-]{0,30}):([1-9][0-9]{0,10}):([0-9A-Z]{26}):([0-9A-Z]{16})"
    r":([0-9A-Z]{4})\Z"
)
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A code that was shown for one device and may be answered once, until ``expires`` (seconds since 1970)."""

    device: str
    batch: int
    expires: int
    token: str = field(repr=False)
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What an enrolment code says: the first letters of the case and of the desk's key, the device, the token."""

    case: str
    device: str
    expires: int
    token: str = field(repr=False)
    key: str


def key_letters(key: VerifyKey) -> str:
    """Return the 16 letters (80 bits) by which a device knows its desk's public key."""
    return letters(sha256(key.raw).digest()[:10], KEY_LENGTH)


def seconds(now: Moment) -> int:
    """Return a moment as seconds since 1970."""
    return int(datetime.fromisoformat(now).timestamp())


def open_for(device: str, batch: int, now: Moment, randomness: bytes) -> Opening:
    """Open an enrolment for ten minutes; ``randomness`` are 16 fresh bytes. Raises EnrolBroken ``enrol.name``."""
    counter, _, name = device.partition("/")
    if _NAME.match(counter) is None or _NAME.match(name) is None:
        raise EnrolBroken("enrol.name")
    assert len(randomness) == TOKEN_BYTES, "a token has 128 bits"
    until = seconds(now) + int(LIVES.total_seconds())
    return Opening(device=device, batch=batch, expires=until, token=letters(randomness, TOKEN_LENGTH))


def code(case: str, opening: Opening, desk: VerifyKey) -> str:
    """Return the text of the QR code that is shown once; fits QR's alphanumeric mode."""
    said = ":".join(
        (
            "P1E",
            short(case, CASE_LENGTH),
            opening.device.upper(),
            str(opening.expires),
            opening.token,
            key_letters(desk),
        )
    )
    return f"{said}:{short(said, CHECK_LENGTH)}"


def read_code(text: str) -> Code:
    """Read an enrolment code, scanned or typed; raises EnrolBroken ``enrol.malformed`` or ``enrol.mistyped``."""
    given = capitals(text) if len(text) <= MOST_CODE else ""
    found = _CODE.match(given)
    if found is None:
        raise EnrolBroken("enrol.malformed")
    case, token, key, check = (found[place].translate(ALIKE) for place in (1, 4, 5, 6))
    said = f"P1E:{case}:{found[2]}:{found[3]}:{token}:{key}"
    if check != short(said, CHECK_LENGTH):
        raise EnrolBroken("enrol.mistyped")
    return Code(case=case, device=found[2].lower(), expires=int(found[3]), token=token, key=key)


def proof(token: str, device: str, key: str) -> str:
    """Return the proof that whoever holds this key was shown the token; ``key`` is base64 (4.2)."""
    return new_hmac(token.encode(), f"parley.enrolment/1\n{device}\n{key}\n".encode(), "sha256").hexdigest()


def request(case: str, batch: int, code: Code, key: VerifyKey) -> Request:
    """Return what a device asks of its desk, to be signed with its own key."""
    said = b64encode(key.raw).decode()
    shown = proof(code.token, code.device, said)
    return Request(batch=batch, case=case, device=code.device, key=said, proof=shown)


def read_request(line: bytes) -> Signed[Request]:
    """Read the line a device gave, with or without its newline; raises EnrolBroken ``enrol.malformed``."""
    try:
        read = read_line(line.removesuffix(b"\n"))
        if isinstance(read.what, Request) and read.signed_by(device_key(read.what.device, read.what.key)):
            return Signed(read.what, read.signature)
    except (BookBroken, KeyBroken):
        pass
    raise EnrolBroken("enrol.malformed")


def admit(
    asked: Signed[Request], openings: Mapping[str, Opening], case: str, now: Moment, desk: Signer, until: Moment
) -> Signed[Certificate]:
    """Certify a device's key for the batch of its opening; the caller then marks the opening as used. Raises EnrolBroken.

    ``openings`` is by device. The certificate counts from ``now`` to ``until``, which are said and not judged (7.2).
    """
    said = asked.what
    opening = openings.get(said.device)
    if opening is None:
        raise EnrolBroken("enrol.unknown")
    if said.case != case or said.batch != opening.batch:
        raise EnrolBroken("enrol.other_case")
    if not compare_digest(proof(opening.token, said.device, said.key), said.proof):
        raise EnrolBroken("enrol.proof")
    if opening.used:
        raise EnrolBroken("enrol.used")
    if seconds(now) > opening.expires:
        raise EnrolBroken("enrol.expired")
    return certificate(said, now, desk, until)


def certificate(said: Request, now: Moment, desk: Signer, until: Moment) -> Signed[Certificate]:
    """Certify a device's key, also without a code, when the people who carried the device vouch for it (4.4)."""
    counter = ParticipantName(said.device.partition("/")[0])
    return certify(
        Certificate(
            batch=said.batch,
            case=said.case,
            counter=counter,
            device=said.device,
            key=said.key,
            since=now,
            until=until,
        ),
        desk,
    )


def later(now: Moment, hours: int) -> Moment:
    """Return the moment so many hours on."""
    at = datetime.fromisoformat(now).astimezone(UTC) + timedelta(hours=hours)
    return Moment(at.strftime("%Y-%m-%dT%H:%M:%SZ"))
