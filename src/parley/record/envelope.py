"""The act as it is signed: who says what kind of thing in which case, after which act, having seen which part of the log.

The text is two lines: ``exchange.act/1`` and one line of canonical JSON with exactly the fields of :class:`Envelope`. Its SHA-256
is the act's id; the log's leaf is the whole note with its signatures. What the body means is no business of this room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from parley.record.canonical import MOST_BYTES, Json, encode, parse_text
from parley.record.errors import EnvelopeBroken
from parley.record.note import SignatureLine, parse
from parley.words import MOMENT, ActId, Digest, Moment

VERSION: Final = "exchange.act/1"
MOST_ANSWERS: Final = 1_000
MOST_SEALED: Final = 64
MOST_ROOMS: Final = 32
MOST_INTEGER: Final = 2**53 - 1

_ID = re.compile(r"[0-9a-f]{64}\Z")
_ID_OR_NONE = re.compile(r"([0-9a-f]{64})?\Z")
_CASE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}\Z")
_KIND = re.compile(r"[a-z_]{1,40}\Z")
_PARTY = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
_MANDATE = re.compile(r"(root|desk|[0-9a-f]{64})?\Z")
_ROOM = re.compile(r"[a-z][a-z0-9-]{0,30}/[a-z0-9._-]{1,40}\Z")
_FIELDS: Final = frozenset(
    {"answers", "body", "case", "kind", "mandate", "party", "prev", "sealed", "seen", "seq", "time"}
)


@dataclass(frozen=True, slots=True)
class SealedRef:
    """A sealed attachment: SHA-256 of the file, root of its rows, its size in bytes, the rooms that can open it."""

    blob: Digest
    commit: Digest
    size: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint that the author verified (root, size) and the digest of the state it derived there."""

    root: Digest
    size: int
    state: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Everything an author signs; ``time`` is the author's clock and only informs."""

    answers: tuple[ActId, ...]
    body: Mapping[str, Json]
    case: str
    kind: str
    mandate: str
    party: str
    prev: ActId
    sealed: tuple[SealedRef, ...]
    seen: Seen
    seq: int
    time: Moment


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act read from its note: id, envelope, the bytes as they stand, the signature lines (not yet verified)."""

    id: ActId
    envelope: Envelope
    note: bytes
    signatures: tuple[SignatureLine, ...]
    message: bytes


def to_text(envelope: Envelope) -> str:
    """Return the text to be signed; raises EnvelopeBroken, CanonicalBroken."""
    value: dict[str, Json] = {
        "answers": list(envelope.answers),
        "body": envelope.body,
        "case": envelope.case,
        "kind": envelope.kind,
        "mandate": envelope.mandate,
        "party": envelope.party,
        "prev": envelope.prev,
        "sealed": [
            {"blob": one.blob, "commit": one.commit, "size": one.size, "to": list(one.to)} for one in envelope.sealed
        ],
        "seen": {"root": envelope.seen.root, "size": envelope.seen.size, "state": envelope.seen.state},
        "seq": envelope.seq,
        "time": envelope.time,
    }
    _envelope(value)
    text = f"{VERSION}\n{encode(value).decode()}\n"
    if len(text.encode()) > MOST_BYTES:
        raise EnvelopeBroken("act.too_long", most=MOST_BYTES)
    return text


def read_act(note: bytes) -> SignedAct:
    """Read an act from its note; raises NoteBroken, EnvelopeBroken, CanonicalBroken."""
    found = parse(note)
    message = found.text.encode()
    if len(message) > MOST_BYTES:
        raise EnvelopeBroken("act.too_long", most=MOST_BYTES)
    first, _, rest = found.text.partition("\n")
    if first != VERSION:
        raise EnvelopeBroken("act.version")
    if rest.count("\n") != 1:
        raise EnvelopeBroken("act.lines")
    envelope = _envelope(parse_text(rest[:-1]))
    return SignedAct(ActId(sha256(message).hexdigest()), envelope, note, found.signatures, message)


def _envelope(value: Any) -> Envelope:  # noqa: ANN401 - every field is looked at here
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise EnvelopeBroken("act.fields")
    seq = _integer(value["seq"], "seq", 1)
    prev = _text(value["prev"], _ID_OR_NONE, "prev")
    if (seq == 1) != (prev == ""):
        raise EnvelopeBroken("act.field", field="prev")
    if not isinstance(value["body"], dict):
        raise EnvelopeBroken("act.field", field="body")
    return Envelope(
        answers=tuple(ActId(_text(one, _ID, "answers")) for one in _list(value["answers"], "answers", MOST_ANSWERS)),
        body=value["body"],
        case=_text(value["case"], _CASE, "case"),
        kind=_text(value["kind"], _KIND, "kind"),
        mandate=_text(value["mandate"], _MANDATE, "mandate"),
        party=_text(value["party"], _PARTY, "party"),
        prev=ActId(prev),
        sealed=tuple(_sealed(one) for one in _list(value["sealed"], "sealed", MOST_SEALED)),
        seen=_seen(value["seen"]),
        seq=seq,
        time=Moment(_text(value["time"], MOMENT, "time")),
    )


def _sealed(value: Any) -> SealedRef:  # noqa: ANN401
    if not isinstance(value, dict) or value.keys() != {"blob", "commit", "size", "to"}:
        raise EnvelopeBroken("act.field", field="sealed")
    rooms = tuple(_text(one, _ROOM, "to") for one in _list(value["to"], "to", MOST_ROOMS))
    if not rooms or len(set(rooms)) != len(rooms):
        raise EnvelopeBroken("act.field", field="to")
    return SealedRef(
        Digest(_text(value["blob"], _ID, "blob")),
        Digest(_text(value["commit"], _ID, "commit")),
        _integer(value["size"], "size", 1),
        rooms,
    )


def _seen(value: Any) -> Seen:  # noqa: ANN401
    if not isinstance(value, dict) or value.keys() != {"root", "size", "state"}:
        raise EnvelopeBroken("act.field", field="seen")
    root = _text(value["root"], _ID_OR_NONE, "seen")
    size = _integer(value["size"], "seen", 0)
    if (size == 0) != (root == ""):
        raise EnvelopeBroken("act.field", field="seen")
    return Seen(Digest(root), size, Digest(_text(value["state"], _ID_OR_NONE, "seen")))


def _text(value: Any, pattern: re.Pattern[str], field: str) -> str:  # noqa: ANN401
    if not isinstance(value, str) or pattern.match(value) is None:
        raise EnvelopeBroken("act.field", field=field)
    return value


def _integer(value: Any, field: str, least: int) -> int:  # noqa: ANN401
    if type(value) is not int or not least <= value <= MOST_INTEGER:
        raise EnvelopeBroken("act.field", field=field)
    return value


def _list(value: Any, field: str, most: int) -> list[Any]:  # noqa: ANN401
    if not isinstance(value, list | tuple) or len(value) > most:
        raise EnvelopeBroken("act.field", field=field)
    return list(value)
