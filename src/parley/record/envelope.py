"""The act as it is signed: who says what kind of thing in which case, after which act, having seen how much of the log.

The signed text is two lines: ``exchange.act/1``, which keeps its signatures from meaning anything else, and one
canonical line of JSON with exactly eleven fields. Its SHA-256 is the act's id; the log's leaf is the whole note.
What stands in ``body`` is the law's business; here it is only known to be an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, NoReturn

from parley.record import canonical, note
from parley.record.canonical import Json
from parley.record.errors import CanonicalBroken, EnvelopeBroken
from parley.record.keys import SIGNATURE_BYTES, Signer
from parley.record.note import SignatureLine
from parley.words import MOMENT, ActId, Digest, Moment, ParticipantName

VERSION: Final = "exchange.act/1"
FIRST_LINE: Final = f"{VERSION}\n".encode()
MOST_BYTES: Final = 64 * 1024
MOST_ANSWERS: Final = 1_000
MOST_SEALED: Final = 64
MOST_ROOMS: Final = 32

_CASE: Final = r"[a-z0-9][a-z0-9._-]{0,62}"
_KIND: Final = r"[a-z_]{1,40}"
_PARTY: Final = r"[a-z][a-z0-9-]{0,30}"
_ID: Final = r"[0-9a-f]{64}"
_ID_OR_NONE: Final = r"(?:[0-9a-f]{64})?"
_MANDATE: Final = r"(?:[0-9a-f]{64}|root|desk)"
_ROOM: Final = r"[a-z][a-z0-9-]{0,30}/[a-z0-9._-]{1,40}"
_TIME: Final = MOMENT.pattern.removesuffix(r"\Z")
_FORMS: Final = {
    form: re.compile(rf"{form}\Z") for form in (_CASE, _KIND, _PARTY, _ID, _ID_OR_NONE, _MANDATE, _ROOM, _TIME)
}

CASE: Final = re.compile(_CASE)
"""What a case may be called."""

_FIELDS: Final = frozenset(
    ("answers", "body", "case", "kind", "mandate", "party", "prev", "sealed", "seen", "seq", "time")
)
_SEALED_FIELDS: Final = frozenset(("blob", "commit", "size", "to"))
_SEEN_FIELDS: Final = frozenset(("root", "size", "state"))
# The usual act: nothing sealed. Matching it in two pieces around the body costs half of taking the line apart as JSON.
_USUAL_HEAD: Final = re.compile(rf'\{{"answers":\[((?:"{_ID}"(?:,"{_ID}")*)?)\],"body":')
_USUAL_TAIL: Final = re.compile(
    rf',"case":"(?P<case>{_CASE})","kind":"(?P<kind>{_KIND})","mandate":"(?P<mandate>{_MANDATE})"'
    rf',"party":"(?P<party>{_PARTY})","prev":"(?P<prev>{_ID_OR_NONE})","sealed":\[\]'
    rf',"seen":\{{"root":"(?P<root>{_ID_OR_NONE})","size":(?P<size>0|[1-9][0-9]{{0,14}})'
    rf',"state":"(?P<state>{_ID_OR_NONE})"\}},"seq":(?P<seq>[1-9][0-9]{{0,14}}),"time":"(?P<time>{_TIME})"\}}\Z'
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


NOTHING_SEEN: Final = Seen(Digest(""), 0, Digest(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Everything an author signs; ``time`` is the author's clock and only informs."""

    answers: tuple[ActId, ...]
    body: Mapping[str, Json]
    case: str
    kind: str
    mandate: str
    party: ParticipantName
    prev: ActId
    sealed: tuple[SealedRef, ...]
    seen: Seen
    seq: int
    time: Moment


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act as read, signatures not yet verified: ``note`` is what the log keeps, ``message`` what is signed."""

    id: ActId
    envelope: Envelope
    note: bytes
    signatures: tuple[SignatureLine, ...]
    message: bytes


def to_text(envelope: Envelope) -> str:
    """Return the text to be signed; raises EnvelopeBroken, CanonicalBroken."""
    seen = envelope.seen
    fields: dict[str, Json] = {
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
        "seen": {"root": seen.root, "size": seen.size, "state": seen.state},
        "seq": envelope.seq,
        "time": envelope.time,
    }
    _read_fields(fields)
    text = FIRST_LINE + canonical.encode(fields) + b"\n"
    if len(text) > MOST_BYTES:
        raise EnvelopeBroken("act.too_long", bytes=len(text), most=MOST_BYTES)
    return text.decode()


def sign_act(envelope: Envelope, signers: Iterable[Signer]) -> bytes:
    """Return the signed note of an act; raises as ``to_text`` and ``note.sign`` do."""
    return note.sign(to_text(envelope), signers)


def read_act(data: bytes) -> SignedAct:
    """Read the note of an act, form only; raises NoteBroken, EnvelopeBroken, CanonicalBroken, and nothing else."""
    message, signatures = note.split(data)  # no second look at control characters: neither line can hold one
    for signature_line in signatures:
        if len(signature_line.signature) != SIGNATURE_BYTES:
            _broken("signature")
    if not message.startswith(FIRST_LINE):
        raise EnvelopeBroken("act.version")
    try:
        line = message[len(FIRST_LINE) : -1].decode()
    except UnicodeDecodeError as error:
        raise CanonicalBroken("json.not_text", at=error.start) from None
    if "\n" in line:
        raise EnvelopeBroken("act.lines")
    envelope = _read_usual(line) or _read_fields(canonical.parse_text(line))
    return SignedAct(ActId(sha256(message).hexdigest()), envelope, data, signatures, message)


def _read_usual(line: str) -> Envelope | None:
    """Read the usual act quickly; None for anything else, and for anything wrong, which is then read field by field.

    Exact: head, body and tail are each canonical and join to the line, so the line is the one encoding of these fields.
    """
    cut = line.rfind(',"case":"')
    head = _USUAL_HEAD.match(line)
    tail = _USUAL_TAIL.match(line, cut) if cut > 0 else None
    if head is None or tail is None:
        return None
    body_line = line[head.end() : cut]
    if body_line.count("{") + body_line.count("[") >= canonical.MOST_LEVELS:  # perhaps too deep: one level is ours
        return None
    try:
        body = canonical.parse_text(body_line)
    except CanonicalBroken:
        return None
    case, kind, mandate, party, prev, root, size, state, seq, time = tail.group(
        "case", "kind", "mandate", "party", "prev", "root", "size", "state", "seq", "time"
    )
    answers = tuple(head[1][1:-1].split('","')) if head[1] else ()
    if (
        type(body) is not dict
        or (prev == "") != (seq == "1")
        or (root == "") != (size == "0")
        or len(answers) > MOST_ANSWERS
        or len(set(answers)) != len(answers)
    ):
        return None
    return Envelope(
        answers=tuple(map(ActId, answers)),
        body=body,
        case=case,
        kind=kind,
        mandate=mandate,
        party=ParticipantName(party),
        prev=ActId(prev),
        sealed=(),
        seen=Seen(Digest(root), int(size), Digest(state)),
        seq=int(seq),
        time=Moment(time),
    )


def _read_fields(fields: Any) -> Envelope:  # noqa: ANN401 - every field is looked at here
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise EnvelopeBroken("act.fields")
    seq = _integer(fields, "seq", 1)
    prev = _text(fields, "prev", _ID_OR_NONE)
    if (prev == "") != (seq == 1):
        _broken("prev")
    if not isinstance(fields["body"], Mapping):
        _broken("body")
    return Envelope(
        answers=tuple(map(ActId, _texts(fields, "answers", _ID, MOST_ANSWERS))),
        body=fields["body"],
        case=_text(fields, "case", _CASE),
        kind=_text(fields, "kind", _KIND),
        mandate=_text(fields, "mandate", _MANDATE),
        party=ParticipantName(_text(fields, "party", _PARTY)),
        prev=ActId(prev),
        sealed=tuple(map(_read_sealed, _list(fields, "sealed", MOST_SEALED))),
        seen=_read_seen(fields["seen"]),
        seq=seq,
        time=Moment(_text(fields, "time", _TIME)),
    )


def _read_sealed(fields: Any) -> SealedRef:  # noqa: ANN401
    if not isinstance(fields, dict) or fields.keys() != _SEALED_FIELDS:
        _broken("sealed")
    rooms = _texts(fields, "to", _ROOM, MOST_ROOMS)
    if not rooms:
        _broken("to")
    return SealedRef(
        Digest(_text(fields, "blob", _ID)), Digest(_text(fields, "commit", _ID)), _integer(fields, "size", 1), rooms
    )


def _read_seen(fields: Any) -> Seen:  # noqa: ANN401
    if not isinstance(fields, dict) or fields.keys() != _SEEN_FIELDS:
        _broken("seen")
    root = _text(fields, "root", _ID_OR_NONE)
    size = _integer(fields, "size", 0)
    if (root == "") != (size == 0):
        _broken("seen")
    return Seen(Digest(root), size, Digest(_text(fields, "state", _ID_OR_NONE)))


def _broken(field: str) -> NoReturn:
    raise EnvelopeBroken("act.field", field=field)


def _text(fields: Mapping[str, Any], name: str, form: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or _FORMS[form].match(value) is None:
        _broken(name)
    return value


def _integer(fields: Mapping[str, Any], name: str, least: int) -> int:
    value = fields[name]
    if type(value) is not int or not least <= value <= canonical.MOST_INTEGER:  # true is no number here
        _broken(name)
    return value


def _list(fields: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = fields[name]
    if not isinstance(value, list) or len(value) > most:
        _broken(name)
    return value


def _texts(fields: Mapping[str, Any], name: str, form: str, most: int) -> tuple[str, ...]:
    """Read a list of distinct texts."""
    values = _list(fields, name, most)
    if any(not isinstance(value, str) or _FORMS[form].match(value) is None for value in values):
        _broken(name)
    if len(set(values)) != len(values):
        _broken(name)
    return tuple(values)
