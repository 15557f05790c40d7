"""The neutral's desk on a line: it takes bundles and hands them out, the same bytes as on a stick, and knows who asks.

Nothing of the network is in here: a ``Call`` comes in, a ``Reply`` goes out; a page's server, or a test, carries them. Three
things may be asked:

- ``GET nonce``: a fresh word, needed by nobody but who is about to sign it. It costs this desk no memory.
- ``POST bundle?at=0&of=N&whole=<SHA-256>``: a piece of a bundle, at most ``PIECE`` bytes. Pieces follow one another; who lost the
  line asks where to go on (``post.pieces`` names the place). The last piece has the whole taken in as ``bundle import`` does, and
  the answer says what became of it. The same bundle again does nothing.
- ``GET bundle?since=N``: a bundle of the log from act N, made for the asker; its first piece, with the length and hash of the
  whole. ``GET bundle/<SHA-256>?at=K`` goes on from there, also after the line broke.

Every request but the first is signed by the asker's desk key over its method, target, bytes and one of our fresh words
(``parley.record.request``), and each word is good for one request. What a bundle says is checked as always: who asks may bring
somebody else's acts, and gets only files that are sealed to it.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from parley.desk import Desk, Received
from parley.desk.errors import DeskBroken
from parley.desk.incoming import MOST_BUNDLE
from parley.desk.post_errors import PostBroken
from parley.record.keys import VerifyKey
from parley.record.request import Request, digest_of_body, from_header
from parley.words import Broken, ParticipantName

PIECE: Final = 1 << 22
"""Bytes of the largest piece of a bundle that travels in one request or answer."""
FRESH: Final = 300
"""Seconds for which a word of ours may be answered."""
MOST_USED: Final = 100_000
"""Words remembered as used within that time; more requests than that are turned away."""
SIGNED: Final = "parley-request"
NEXT_WORD: Final = "parley-nonce"
WHOLE: Final = "parley-whole"
LENGTH: Final = "parley-length"
BYTES: Final = "application/octet-stream"
JSON: Final = "application/json"
_TARGET: Final = re.compile(r"(?P<path>[a-z]+(?:/[0-9a-f]{64})?)(?:\?(?P<query>[a-z0-9=&]{0,200}))?\Z")
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,14})\Z")
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")
STATUS: Final[Mapping[str, int]] = {
    "post.unsigned": 401,
    "post.stale": 401,
    "post.stranger": 403,
    "post.other_case": 403,
    "post.nothing_there": 404,
    "post.gone": 404,
    "post.pieces": 409,
    "post.too_long": 413,
    "post.too_many": 429,
}
"""The status of an answer by its code; what the desk itself refuses is 422."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it came over the line; ``target`` is relative to the place where the mailroom answers."""

    method: str
    target: str
    signed: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Mailroom:
    """Answers calls at one desk; may be called from several threads, one of which works at a time."""

    def __init__(
        self,
        desk: Desk,
        folder: Path,
        *,
        seconds: Callable[[], int],
        lock: threading.RLock | None = None,
        moved: Callable[[Received], None] = lambda _: None,
    ) -> None:
        """Keep pieces in ``folder``; ``seconds`` is this machine's clock, ``moved`` is told what every bundle brought."""
        self._desk = desk
        self._folder = folder
        self._seconds = seconds
        self._secret = secrets.token_bytes(32)
        self._used: dict[str, int] = {}
        self._lock = lock if lock is not None else threading.RLock()
        self._moved = moved
        folder.mkdir(mode=0o700, exist_ok=True)

    def answer(self, call: Call) -> Reply:
        """Answer a call; never raises for anything that a caller can cause."""
        try:
            with self._lock:
                reply = self._answer(call)
        except Broken as broken:
            code, facts = broken.code, dict(broken.facts)
            reply = Reply(status=STATUS.get(code, 422), body=_json({"code": code, "facts": facts}))
        return Reply(
            status=reply.status,
            body=reply.body,
            kind=reply.kind,
            headers={**reply.headers, NEXT_WORD: self.word(), "cache-control": "no-store"},
        )

    def word(self) -> str:
        """Return a fresh word: its time and chance, and our own sum over both, so that none has to be remembered."""
        said = self._seconds().to_bytes(8, "big") + secrets.token_bytes(8)
        return (said + self._sum(said)).hex()

    def _sum(self, said: bytes) -> bytes:
        return hmac.digest(self._secret, said, "sha256")[:16]

    # --- who asks ---

    def _answer(self, call: Call) -> Reply:
        found = _TARGET.match(call.target)
        if found is None or call.method not in {"GET", "POST"}:
            raise PostBroken("post.nothing_there")
        if (call.method, call.target) == ("GET", "nonce"):
            return Reply(status=200, body=_json({"type": "exchange.post/1", "piece": PIECE}))
        query = _query(found["query"] or "")
        if len(call.body) > PIECE:
            raise PostBroken("post.too_long", most=PIECE)
        party = self._who_asks(call).party
        path, _, digest = found["path"].partition("/")
        if path != "bundle" or (call.method == "POST" and digest):
            raise PostBroken("post.nothing_there")
        if not self._desk.is_neutral:
            raise DeskBroken("desk.not_neutral")
        if call.method == "POST":
            return self._take_piece(party, query, call.body)
        return self._piece(party, digest, _number(query, "at")) if digest else self._hand_out(party, query)

    def _who_asks(self, call: Call) -> Request:
        """Return who signed a call with the desk key that the record names; raises PostBroken."""
        signed = from_header(call.signed)
        if signed is None:
            raise PostBroken("post.unsigned")
        said, authority = signed.request, self._desk.state.authority
        enrolled = authority.participants.get(said.party)
        if enrolled is None:
            raise PostBroken("post.stranger")
        if not signed.by(VerifyKey.parse(enrolled.desk_key)):
            raise PostBroken("post.unsigned")
        if said.case not in {"", self._desk.origin}:
            raise PostBroken("post.other_case")
        if (said.method, said.target, said.body) != (call.method, call.target, digest_of_body(call.body)):
            raise PostBroken("post.unsigned")
        self._use(said.nonce)
        return said

    def _use(self, nonce: str) -> None:
        """Use a word up; raises PostBroken where it is not ours, too old, or was used."""
        word = bytes.fromhex(nonce) if len(nonce) == 64 else b""
        now = self._seconds()
        age = now - int.from_bytes(word[:8], "big")
        if not hmac.compare_digest(self._sum(word[:16]), word[16:]) or not 0 <= age <= FRESH or nonce in self._used:
            raise PostBroken("post.stale")
        if len(self._used) >= MOST_USED:
            self._used = {one: at for one, at in self._used.items() if now - at <= FRESH}
            if len(self._used) >= MOST_USED:
                raise PostBroken("post.too_many")
        self._used[nonce] = now

    # --- coming in ---

    def _take_piece(self, party: ParticipantName, query: Mapping[str, str], body: bytes) -> Reply:
        at, length = _number(query, "at"), _number(query, "of")
        whole = query.get("whole", "")
        if _HASH.match(whole) is None or not body or at + len(body) > length:
            raise PostBroken("post.nothing_there")
        if length > MOST_BUNDLE:
            raise PostBroken("post.too_long", most=MOST_BUNDLE)
        spool = self._folder / f"from-{party}-{whole}.part"
        have = spool.stat().st_size if spool.exists() else 0
        if at != have:
            raise PostBroken("post.pieces", have=have)
        if at + len(body) < length:
            self._keep_piece(party, spool, body)
            return Reply(status=202, body=_json({"have": at + len(body)}))
        data = (spool.read_bytes() if have else b"") + body
        spool.unlink(missing_ok=True)
        if sha256(data).hexdigest() != whole:
            raise PostBroken("post.pieces", have=0)
        received = self._desk.receive(data)
        self._moved(received)
        return Reply(status=200, body=_json(told(received)))

    def _keep_piece(self, party: ParticipantName, spool: Path, body: bytes) -> None:
        """Keep a piece of one bundle for each participant: a new one takes the place of what was never finished."""
        for other in self._folder.glob(f"from-{party}-*.part"):
            if other != spool:
                other.unlink(missing_ok=True)
        descriptor = os.open(spool, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(body)

    # --- going out ---

    def _hand_out(self, party: ParticipantName, query: Mapping[str, str]) -> Reply:
        data = self._desk.bundle(party, since=_number(query, "since"))
        digest = sha256(data).hexdigest()
        for old in self._folder.glob(f"to-{party}-*.bundle"):
            old.unlink(missing_ok=True)
        if len(data) > PIECE:
            spool = self._folder / f"to-{party}-{digest}.bundle"
            with os.fdopen(os.open(spool, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
        return _piece_of(data[:PIECE], digest, len(data))

    def _piece(self, party: ParticipantName, digest: str, at: int) -> Reply:
        spool = self._folder / f"to-{party}-{digest}.bundle"
        try:
            with spool.open("rb") as file:
                length = file.seek(0, os.SEEK_END)
                file.seek(min(at, length))
                return _piece_of(file.read(PIECE), digest, length)
        except OSError:
            raise PostBroken("post.gone") from None


def _piece_of(data: bytes, digest: str, length: int) -> Reply:
    return Reply(status=200, body=data, kind=BYTES, headers={WHOLE: digest, LENGTH: str(length)})


def told(received: Received) -> dict[str, Any]:
    """Return what became of a bundle, as plain values for the other desk."""
    return {
        "logged": received.logged,
        "files": received.files,
        "size": received.size,
        "turned_away": [{"party": one.party, "seq": one.seq, "code": one.code} for one in received.turned_away],
    }


def _query(text: str) -> dict[str, str]:
    parts = [one.partition("=") for one in text.split("&") if one]
    found = {name: value for name, _, value in parts}
    if len(found) != len(parts):
        raise PostBroken("post.nothing_there")
    return found


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "0")
    if _NUMBER.match(text) is None:
        raise PostBroken("post.nothing_there")
    return int(text)


def _json(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def clean(folder: Path) -> None:
    """Forget every unfinished piece; called when a desk opens, because nobody can answer for what a crash left."""
    for pattern in ("from-*.part", "to-*.bundle"):
        for one in folder.glob(pattern):
            with suppress(OSError):
                one.unlink()
