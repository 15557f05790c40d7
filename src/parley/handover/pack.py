"""What a device carries to the point: the people of one batch as one counter needs them, signed by the desk, locked with a PIN.

Form and limits: spec/checkin.md, section 3. A pack says of a person what an officer needs to find them, and no more: names,
birth as on the list, vehicle, seat, and one word where somebody must be carried. The lock is made of what WebCrypto has
(PBKDF2, AES-GCM), so that a page opens it without a server. Salt and nonce are arguments.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from parley.handover.entries import STATIONS
from parley.handover.errors import PackBroken
from parley.record import canonical, note
from parley.record.canonical import Json
from parley.record.errors import CanonicalBroken, KeyBroken, NoteBroken
from parley.record.keys import KEY_BYTES, Signer, VerifyKey, verify
from parley.words import LINE, MOMENT, LineId, Moment, ParticipantName, split_line

PACK: Final = "parley.pack/1"
CONTENT: Final = "parley.pack.content/1"
CIPHER: Final = "AES-256-GCM"
KDF: Final = "PBKDF2-SHA-256"
ITERATIONS: Final = 600_000
LEAST_ITERATIONS: Final = 100_000
MOST_ITERATIONS: Final = 5_000_000
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
LEAST_PIN: Final = 6
MOST_PIN: Final = 64
LEAST_DIGITS: Final = 10
"""A million PINs of six digits are tried in minutes by who holds a lost stick and the right machine (spec/checkin.md 3.2)."""
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_PEOPLE: Final = 200_000
MOST_HOURS: Final = 72
MOST_NAMES: Final = 8
MOST_TEXT: Final = 200
TAGS: Final = ("", "stretcher", "wheelchair", "escort")
"""What a card may say beside the name: nothing else on health, nothing on kin (3.4)."""

_CASE: Final = re.compile(r"[!-~]{1,200}\Z")
_PARTY: Final = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
_VEHICLE: Final = re.compile(r"(?:[a-z0-9][a-z0-9._-]{0,40})?\Z")
_LOCK: Final = frozenset({"cipher", "iterations", "kdf", "key", "nonce", "salt"})
_HEAD: Final = frozenset(
    {"batch", "case", "counter", "expires", "hold", "issued", "last", "parties", "people", "stations", "version"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """One person of a pack: ``names`` as written on the list, one for each script; ``seat`` 0 where there is none."""

    born: str
    giving: ParticipantName
    line: LineId
    names: tuple[str, ...]
    seat: int
    tag: str
    vehicle: str


_PERSON: Final = frozenset(one.name for one in fields(Traveller))


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack's content; every field is explained in spec/checkin.md 3.4. ``people`` are in order of line."""

    batch: int
    case: str
    counter: ParticipantName
    expires: Moment
    hold: int
    issued: Moment
    last: str
    parties: tuple[ParticipantName, ...]
    stations: tuple[str, ...]
    version: int
    people: tuple[Traveller, ...]

    @cached_property
    def by_line(self) -> Mapping[LineId, Traveller]:
        """The people by their lines."""
        return {one.line: one for one in self.people}

    def text(self) -> bytes:
        """Return what the desk signs; raises PackBroken where something is in no form."""
        rows = [{name: getattr(one, name) for name in _PERSON} for one in self.people]
        head = {name: getattr(self, name) for name in _HEAD} | {"people": len(rows)}
        _check_head(head)
        _check_people(rows)
        try:
            lines = [canonical.encode(cast("Json", one)) for one in (head, *rows)]
        except CanonicalBroken:
            raise PackBroken("pack.malformed") from None
        return b"".join((f"{CONTENT}\n".encode(), *(line + b"\n" for line in lines)))


def in_order(line: LineId) -> tuple[str, int]:
    """Return the key by which people stand in a pack: letters, then number."""
    return split_line(line)


def sign(pack: Pack, desk: Signer) -> bytes:
    """Return a pack's content under the desk's signature line (3.3); raises PackBroken."""
    text = pack.text()
    key = desk.verify_key
    return text + b"\n" + bytes(note.SignatureLine(key.name, key.hash4, desk.sign(text)))


def lock(content: bytes, pin: str, key: VerifyKey, *, salt: bytes, nonce: bytes, iterations: int = ITERATIONS) -> bytes:
    """Return the file: the signed content locked with a PIN, never twice with the same salt and nonce. Raises PackBroken."""
    check_pin(pin)
    assert len(salt) == SALT_BYTES
    assert len(nonce) == NONCE_BYTES
    settings: Json = {
        "cipher": CIPHER,
        "iterations": iterations,
        "kdf": KDF,
        "key": b64encode(key.raw).decode(),
        "nonce": b64encode(nonce).decode(),
        "salt": b64encode(salt).decode(),
    }
    along = f"{PACK}\n".encode() + canonical.encode(settings) + b"\n"
    locked = AESGCM(_key_of(pin, salt, iterations)).encrypt(nonce, content, along)
    return along + b64encode(locked) + b"\n"


def check_pin(pin: str) -> None:
    """Raise PackBroken unless a PIN has 6 to 64 characters (``pack.pin_short``), digits alone 10 (``pack.pin_digits``)."""
    if pin.isdecimal() and len(pin) < LEAST_DIGITS:
        raise PackBroken("pack.pin_digits", least=LEAST_DIGITS)
    if not LEAST_PIN <= len(unicodedata.normalize("NFC", pin)) <= MOST_PIN:
        raise PackBroken("pack.pin_short", least=LEAST_PIN, most=MOST_PIN)


def unlock(file: bytes, pin: str) -> tuple[bytes, bytes]:
    """Return the signed content and the 32 bytes of the key the pack names; raises PackBroken. Looks at no signature."""
    lock = look(file)
    try:
        content = AESGCM(_key_of(pin, lock.salt, lock.iterations)).decrypt(lock.nonce, lock.locked, lock.head)
    except InvalidTag:
        raise PackBroken("pack.pin") from None
    return content, lock.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a locked pack shows without its PIN: how it is locked, and which desk's key it names."""

    head: bytes
    iterations: int
    key: bytes
    locked: bytes
    nonce: bytes
    salt: bytes


def look(file: bytes) -> Lock:
    """Return what a locked pack shows on the outside; raises PackBroken for what is no pack, or half of one."""
    if len(file) > MOST_BYTES:
        raise PackBroken("pack.too_large")
    lines = file.split(b"\n")
    if len(lines) != 4 or lines[0] != PACK.encode() or lines[3]:
        raise PackBroken("pack.malformed")
    settings = _settings(lines[1])
    locked = _bytes(lines[2].decode("ascii", "replace"))
    salt, nonce, key = (_bytes(settings[name]) for name in ("salt", "nonce", "key"))
    if (len(salt), len(nonce), len(key)) != (SALT_BYTES, NONCE_BYTES, KEY_BYTES) or len(locked) <= 16:
        raise PackBroken("pack.malformed")
    head = b"\n".join((*lines[:2], b""))
    return Lock(head=head, iterations=settings["iterations"], key=key, locked=locked, nonce=nonce, salt=salt)


def read(content: bytes, raw: bytes) -> Pack:
    """Return the pack in its signed content, checked against the 32 bytes of the desk's key; raises PackBroken."""
    text, signature = _split(content)
    try:
        if not verify(VerifyKey(signature.name, raw), text, signature.signature):
            raise PackBroken("pack.signature")
        if VerifyKey(signature.name, raw).hash4 != signature.hash4:
            raise PackBroken("pack.signature")
    except KeyBroken:
        raise PackBroken("pack.signature") from None
    return _parse(text)


def open_pack(file: bytes, pin: str, desk: VerifyKey) -> Pack:
    """Open a pack of a desk whose key is known; raises PackBroken, ``pack.other_key`` where another desk's key is named."""
    content, raw = unlock(file, pin)
    if raw != desk.raw:
        raise PackBroken("pack.other_key")
    return read(content, raw)


def _key_of(pin: str, salt: bytes, iterations: int) -> bytes:
    derive = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=iterations)
    return derive.derive(unicodedata.normalize("NFC", pin).encode("utf-8", "replace"))


def _settings(line: bytes) -> dict[str, Any]:
    try:
        settings = canonical.parse(line)
    except CanonicalBroken:
        raise PackBroken("pack.malformed") from None
    if (
        not isinstance(settings, dict)
        or settings.keys() != _LOCK
        or (settings["cipher"], settings["kdf"]) != (CIPHER, KDF)
        or type(settings["iterations"]) is not int
        or not LEAST_ITERATIONS <= settings["iterations"] <= MOST_ITERATIONS
        or not all(isinstance(settings[name], str) for name in ("key", "nonce", "salt"))
    ):
        raise PackBroken("pack.malformed")
    return settings


def _bytes(text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise PackBroken("pack.malformed") from None
    if b64encode(raw).decode() != text:
        raise PackBroken("pack.malformed")
    return raw


def _split(content: bytes) -> tuple[bytes, note.SignatureLine]:
    """Return the signed text and its one signature line."""
    end = content.rfind(b"\n\n") + 1
    try:
        _, lines = note.split(b"\n\n" + content[end + 1 :])
    except NoteBroken:
        raise PackBroken("pack.malformed") from None
    if end == 0 or len(lines) != 1 or len(lines[0].signature) != 64:
        raise PackBroken("pack.malformed")
    return content[:end], lines[0]


def _parse(text: bytes) -> Pack:
    first, *lines = text.split(b"\n")
    if first != CONTENT.encode() or len(lines) < 2 or lines.pop():
        raise PackBroken("pack.malformed")
    try:
        head, *rows = [canonical.parse(line) for line in lines]
    except CanonicalBroken:
        raise PackBroken("pack.malformed") from None
    if not isinstance(head, dict) or not all(isinstance(row, dict) for row in rows):
        raise PackBroken("pack.malformed")
    people = cast("list[dict[str, Any]]", rows)
    _check_head(head)
    _check_people(people)
    if head["people"] != len(people):
        raise PackBroken("pack.malformed")
    known: dict[str, Any] = {name: value for name, value in head.items() if name != "people"}
    travellers = tuple(Traveller(**(row | {"names": tuple(row["names"])})) for row in people)
    lists = {name: tuple(known[name]) for name in ("parties", "stations")}
    return Pack(**(known | lists), people=travellers)


def _check_head(head: Mapping[str, Any]) -> None:
    _check(
        head.keys() == _HEAD
        and all(type(head[name]) is int and 1 <= head[name] < 2**31 for name in ("batch", "people", "version"))
        and type(head["hold"]) is int
        and 0 <= head["hold"] < 2**31
        and _fits(head["case"], _CASE)
        and _fits(head["counter"], _PARTY)
        and _fits(head["expires"], MOMENT)
        and _fits(head["issued"], MOMENT)
        and _all(head["parties"], lambda one: _fits(one, _PARTY))
        and 0 < len(head["parties"]) == len(set(head["parties"]))
        and _all(head["stations"], lambda one: one in STATIONS)
        and list(head["stations"]) == [one for one in STATIONS if one in head["stations"]]
        and head["last"] in head["stations"]
    )


def _check_people(rows: list[dict[str, Any]]) -> None:
    _check(0 < len(rows) <= MOST_PEOPLE)
    before = ("", 0)
    for row in rows:
        _check(
            row.keys() == _PERSON
            and _fits(row["line"], LINE)
            and _fits(row["giving"], _PARTY)
            and _fits(row["vehicle"], _VEHICLE)
            and isinstance(row["born"], str)
            and len(row["born"]) <= MOST_TEXT
            and _all(row["names"], lambda one: isinstance(one, str) and len(one) <= MOST_TEXT)
            and len(row["names"]) <= MOST_NAMES
            and type(row["seat"]) is int
            and 0 <= row["seat"] < 2**31
            and row["tag"] in TAGS
        )
        place = in_order(LineId(row["line"]))
        _check(before < place)
        before = place


def _fits(text: object, form: re.Pattern[str]) -> bool:
    return isinstance(text, str) and form.match(text) is not None


def _all(several: object, fine: Any) -> bool:  # noqa: ANN401 - a predicate over whatever JSON holds
    return isinstance(several, list | tuple) and all(fine(one) for one in several)


def _check(fine: bool) -> None:
    if not fine:
        raise PackBroken("pack.malformed")
