"""What a device at the point writes down: one signed entry for each thing seen, one after the other, never taken back.

Forms and rules: spec/checkin.md, sections 4 and 5. An entry is an observation, so nothing in it is ever refused for what
it says; only a line that is in no form at all is. Devices sign with Ed25519 keys that stay on them.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import Any, Final, Generic, TypeVar, cast

from parley.acts import OUTCOME_CODES
from parley.handover.errors import BookBroken
from parley.record import canonical
from parley.record.canonical import Json
from parley.record.errors import CanonicalBroken, KeyBroken
from parley.record.keys import KEY_BYTES, SIGNATURE_BYTES, Signer, VerifyKey, verify
from parley.words import LINE, MOMENT, Digest, LineId, Moment, OfficerName, ParticipantName

STATIONS: Final = ("embarked", "arrived", "identified", "asked", "crossed", "received")
"""Where a person is seen, in order; only the neutral asks whether somebody goes of their own will."""
HOWS: Final = ("camera", "gun", "typed", "paper")
TWO_OFFICERS: Final = frozenset(
    {"DECLINED_AT_POINT", "IDENTITY_NOT_CONFIRMED", "NOT_ON_MANIFEST", "SUBSTITUTE_ACCEPTED", "REJECTED_BY_RECEIVER"}
)
"""Outcomes to which a second officer and a note belong (spec/checkin.md 5.3)."""
ANSWERS: Final = (
    "not_a_card",
    "other_case",
    "mistyped",
    "not_on_manifest",
    "other_batch",
    "other_outcome",
    "hold",
    "on_other_device",
    "already_here",
    "wrong_vehicle",
    "newer_card",
    "older_card",
    "pack_expired",
    "own_will",
    "ok",
    "rehearsal",
)
"""What a scan answers, the weightiest first (spec/checkin.md 6); ``own_will`` is what the person answered (5.7).

``rehearsal`` stands beside the others while a day is rehearsed (5.8).
"""

BOOK: Final = "parley.book/1"
ENTRY: Final = "parley.entry/1"
DEVICE: Final = "parley.device/1"
ENROLMENT: Final = "parley.enrolment/1"
MOST_LINE: Final = 8 * 1024
MOST_WORDS: Final = 200

_DEVICE: Final = re.compile(r"[a-z][a-z0-9-]{0,30}/[a-z][a-z0-9-]{0,30}\Z")
_OFFICER: Final = re.compile(r"(?:[a-z][a-z0-9-]{0,30}/[a-z0-9._-]{1,40})?\Z")
_ID: Final = re.compile(r"(?:[0-9a-f]{64})?\Z")
_PROOF: Final = re.compile(r"[0-9a-f]{64}\Z")
_VEHICLE: Final = re.compile(r"(?:[a-z0-9][a-z0-9._-]{0,40})?\Z")
_CASE: Final = re.compile(r"[!-~]{1,200}\Z")
MOST_NUMBER: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing seen by one device; every field is explained in spec/checkin.md, section 5."""

    answers: tuple[str, ...]
    at: Moment
    batch: int
    case: str
    corrects: Digest
    device: str
    group: int
    how: str
    line: str
    note: str
    number: int
    officer: OfficerName
    offline: bool
    outcome: str
    pack: int
    prev: Digest
    scanned: str
    second: OfficerName
    station: str
    vehicle: str

    def text(self) -> bytes:
        """Return the signed text; raises BookBroken where a field is in no form."""
        body = {name: getattr(self, name) for name in _ENTRY_FIELDS}
        _check_entry(body)
        return _signed_text(ENTRY, body)

    def id(self) -> Digest:
        """Return the entry's id: the SHA-256 of its signed text."""
        return Digest(sha256(self.text()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A desk's word that a key belongs to a device which counts for one counter in one batch of one case."""

    batch: int
    case: str
    counter: ParticipantName
    device: str
    key: str
    since: Moment
    until: Moment

    def text(self) -> bytes:
        """Return the signed text; raises BookBroken where a field is in no form."""
        body = {name: getattr(self, name) for name in _CERTIFICATE_FIELDS}
        _check_certificate(body)
        return _signed_text(DEVICE, body)

    def verify_key(self) -> VerifyKey:
        """Return the device's key; raises KeyBroken for one that cannot be used."""
        return device_key(self.device, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A device asks its desk to be known: its own key, and the proof that it was shown the one-time code."""

    batch: int
    case: str
    device: str
    key: str
    proof: str

    def text(self) -> bytes:
        """Return the signed text; raises BookBroken where a field is in no form."""
        body = {name: getattr(self, name) for name in _REQUEST_FIELDS}
        _check_request(body)
        return _signed_text(ENROLMENT, body)


What = TypeVar("What", Entry, Certificate, Request)


@dataclass(frozen=True, slots=True)
class Signed(Generic[What]):
    """Something read from a line of a book, its signature not looked at yet; ``by`` is a certificate's desk key."""

    what: What
    signature: bytes = field(repr=False)
    by: str = ""

    def line(self) -> bytes:
        """Return the line of a book, with its newline."""
        kind = {Entry: "entry", Certificate: "certificate", Request: "request"}[type(self.what)]
        body = {one.name: getattr(self.what, one.name) for one in fields(self.what)}
        whole = {kind: body, "signature": b64encode(self.signature).decode()} | ({"by": self.by} if self.by else {})
        return canonical.encode(cast("Json", whole)) + b"\n"

    def signed_by(self, key: VerifyKey) -> bool:
        """Say whether this key signed it."""
        return verify(key, self.what.text(), self.signature)


_ENTRY_FIELDS: Final = frozenset(one.name for one in fields(Entry))
_CERTIFICATE_FIELDS: Final = frozenset(one.name for one in fields(Certificate))
_REQUEST_FIELDS: Final = frozenset(one.name for one in fields(Request))


def sign_entry(entry: Entry, key: Signer) -> Signed[Entry]:
    """Return the entry with the device's signature; raises BookBroken."""
    return Signed(entry, key.sign(entry.text()))


def certify(certificate: Certificate, desk: Signer) -> Signed[Certificate]:
    """Return the certificate signed by a desk's key; raises BookBroken."""
    return Signed(certificate, desk.sign(certificate.text()), desk.verify_key.name)


def sign_request(request: Request, key: Signer) -> Signed[Request]:
    """Return the request signed by the device's own key; raises BookBroken."""
    return Signed(request, key.sign(request.text()))


def device_key(device: str, key: str) -> VerifyKey:
    """Return a device's public key from its base64; raises KeyBroken."""
    try:
        return VerifyKey(device, b64decode(key, validate=True))
    except ValueError:
        raise KeyBroken("key.malformed") from None


def key_text(key: VerifyKey) -> str:
    """Return a device's public key as it stands in requests and certificates."""
    return b64encode(key.raw).decode()


def book(lines: Sequence[bytes]) -> bytes:
    """Return the file of a book out of whole lines."""
    return f"{BOOK}\n".encode() + b"".join(lines)


def read_line(line: bytes) -> Signed[Entry] | Signed[Certificate] | Signed[Request]:
    """Read one line of a book without its newline; raises BookBroken ``book.malformed``. No signature is looked at."""
    if len(line) > MOST_LINE:
        raise BookBroken("book.malformed")
    try:
        whole = canonical.parse(line)
    except CanonicalBroken:
        raise BookBroken("book.malformed") from None
    match whole:
        case {"entry": dict(body), "signature": str(signature), **rest} if not rest:
            _check_entry(body)
            return Signed(Entry(**(body | {"answers": tuple(body["answers"])})), _signature(signature))
        case {"certificate": dict(body), "signature": str(signature), "by": str(by), **rest} if not rest:
            _check_certificate(body)
            if _OFFICER.match(by) is None or not by:
                raise BookBroken("book.malformed")
            return Signed(Certificate(**body), _signature(signature), by)
        case {"request": dict(body), "signature": str(signature), **rest} if not rest:
            _check_request(body)
            return Signed(Request(**body), _signature(signature))
    raise BookBroken("book.malformed")


def plain(text: str) -> str:
    """Return what was scanned or noted as it can stand in an entry: no control characters, 200 characters at most."""
    return "".join(one for one in text if ord(one) > 0x1F and not 0x7F <= ord(one) <= 0x9F and not _half(one))[
        :MOST_WORDS
    ]


def _half(character: str) -> bool:
    return 0xD800 <= ord(character) <= 0xDFFF


def _signature(text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except ValueError:  # not base64, or letters beyond ASCII
        raw = b""
    if len(raw) != SIGNATURE_BYTES or b64encode(raw).decode() != text:
        raise BookBroken("book.malformed")
    return raw


def _signed_text(kind: str, body: Mapping[str, Any]) -> bytes:
    try:
        return f"{kind}\n".encode() + canonical.encode(cast("Json", body)) + b"\n"
    except CanonicalBroken:
        raise BookBroken("book.malformed") from None


def _check_entry(body: Mapping[str, Any]) -> None:
    """Raise BookBroken unless every field is there, alone, and in its form."""
    _check(
        body.keys() == _ENTRY_FIELDS
        and _numbers(body, ("batch", "number", "pack"), least=1)
        and _numbers(body, ("group",), least=0)
        and _texts(body, {"device": _DEVICE, "officer": _OFFICER, "second": _OFFICER, "prev": _ID, "corrects": _ID})
        and _texts(body, {"at": MOMENT, "vehicle": _VEHICLE, "case": _CASE})
        and isinstance(body["offline"], bool)
        and isinstance(body["answers"], list | tuple)
        and 0 < len(body["answers"]) <= len(ANSWERS)
        and all(one in ANSWERS for one in body["answers"] if isinstance(one, str))
        and all(isinstance(one, str) for one in body["answers"])
        and body["how"] in HOWS
        and body["station"] in STATIONS
        and (body["outcome"] == "" or body["outcome"] in OUTCOME_CODES)
        and isinstance(body["line"], str)
        and (body["line"] == "" or LINE.match(body["line"]) is not None)
        and all(isinstance(body[one], str) and len(body[one]) <= MOST_WORDS for one in ("note", "scanned"))
    )


def _check_certificate(body: Mapping[str, Any]) -> None:
    _check(
        body.keys() == _CERTIFICATE_FIELDS
        and _numbers(body, ("batch",), least=1)
        and _texts(body, {"device": _DEVICE, "case": _CASE, "since": MOMENT, "until": MOMENT})
        and isinstance(body["counter"], str)
        and body["device"].partition("/")[0] == body["counter"]
        and _is_key(body["key"])
    )


def _check_request(body: Mapping[str, Any]) -> None:
    _check(
        body.keys() == _REQUEST_FIELDS
        and _numbers(body, ("batch",), least=1)
        and _texts(body, {"device": _DEVICE, "case": _CASE, "proof": _PROOF})
        and _is_key(body["key"])
    )


def _check(fine: bool) -> None:
    if not fine:
        raise BookBroken("book.malformed")


def _numbers(body: Mapping[str, Any], names: Sequence[str], least: int) -> bool:
    return all(type(body[name]) is int and least <= body[name] <= MOST_NUMBER for name in names)


def _texts(body: Mapping[str, Any], forms: Mapping[str, re.Pattern[str]]) -> bool:
    return all(isinstance(body[name], str) and form.match(body[name]) is not None for name, form in forms.items())


def _is_key(text: object) -> bool:
    try:
        raw = b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return False
    return len(raw) == KEY_BYTES and b64encode(raw).decode() == text


def line_of(entry: Entry) -> LineId | None:
    """Return the person of an entry, if it names one."""
    return LineId(entry.line) if entry.line else None
