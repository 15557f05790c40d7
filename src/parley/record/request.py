"""A request over a line, signed with a participant's desk key: so that a neutral's desk knows who asks before it answers.

Two lines under a signature, like everything of the record::

    exchange.request / 1
    {
        "body": "<SHA-256 of the bytes sent>",
        "case": "<the log's name>",
        "method": "POST",
        "nonce": "…",
        "party": "north",
        "target": "bundle?at=0",
    }

The nonce is the neutral's own word of a moment ago, so neither a recorded request nor a wrong clock is of any use to anybody. The
first line keeps the signature from meaning anything else. ``case`` is empty while the asker holds nothing of the case yet.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from parley.record import canonical, note
from parley.record.errors import CanonicalBroken, NoteBroken
from parley.record.keys import SIGNATURE_BYTES, Signer, VerifyKey, verify
from parley.words import Digest, ParticipantName

VERSION: Final = "exchange.request/1"
MOST_HEADER: Final = 4096
"""Letters of the longest header that carries a request."""
_FORMS: Final = {
    "body": re.compile(r"[0-9a-f]{64}\Z"),
    "case": re.compile(r"[!-~]{0,200}\Z"),
    "method": re.compile(r"GET\Z|POST\Z"),
    "nonce": re.compile(r"[0-9a-f]{32,128}\Z"),
    "party": re.compile(r"[a-z][a-z0-9-]{0,30}\Z"),
    "target": re.compile(r"[a-z0-9/?=&]{1,300}\Z"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: by whom, in which case, how, of what, with which bytes, answering which nonce."""

    party: ParticipantName
    case: str
    method: str
    target: str
    nonce: str
    body: Digest

    @property
    def text(self) -> str:
        """The signed text."""
        fields: dict[str, canonical.Json] = {name: str(getattr(self, name)) for name in _FORMS}
        return f"{VERSION}\n{canonical.encode(fields).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request whose signature nobody has checked yet."""

    request: Request
    note: note.Note

    def by(self, key: VerifyKey) -> bool:
        """Say whether it carries exactly one signature, a good one by this key."""
        lines = self.note.signatures
        if len(lines) != 1 or (lines[0].name, lines[0].hash4) != (key.name, key.hash4):
            return False
        return len(lines[0].signature) == SIGNATURE_BYTES and verify(key, self.note.text.encode(), lines[0].signature)


def digest_of_body(data: bytes) -> Digest:
    """Return the hash of the bytes that go with a request, none as well."""
    return Digest(sha256(data).hexdigest())


def to_header(request: Request, signer: Signer) -> str:
    """Return the value of the header that carries a signed request."""
    return b64encode(note.sign(request.text, [signer])).decode()


def from_header(header: str) -> SignedRequest | None:
    """Return the request that a header carries; nothing for any other text."""
    if len(header) > MOST_HEADER:
        return None
    try:
        found = note.parse(b64decode(header, validate=True))
        first, line, rest = found.text.split("\n", 2)
        fields = canonical.parse_text(line)
    except (ValueError, CanonicalBroken, NoteBroken):
        return None
    if first != VERSION or rest or not isinstance(fields, dict) or fields.keys() != _FORMS.keys():
        return None
    if any(not isinstance(fields[name], str) or form.match(fields[name]) is None for name, form in _FORMS.items()):
        return None
    return SignedRequest(Request(**fields), found)
