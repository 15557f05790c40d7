"""Carries bundles between this desk and the neutral's, over a line or through a shared folder, until both have everything.

``visit`` gives what waits, takes what is new and gives one's cosignature on it, until nothing changes any more. A desk that was
away for a week catches up in one visit. What broke off goes on where it broke: the neutral keeps the pieces it got,
this desk keeps those it got. Nothing is asked of any address but the one that was typed, and no redirection is followed.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from parley.desk import Desk, Received
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.desk.incoming import MOST_BUNDLE
from parley.desk.mailroom import LENGTH, NEXT_WORD, PIECE, SIGNED, WHOLE
from parley.desk.post_errors import CODES, PostBroken
from parley.process.state import State
from parley.record.envelope import read_act
from parley.record.keys import Signer
from parley.record.request import Request, digest_of_body, to_header
from parley.words import Broken, Fact, ParticipantName

MOST_ROUNDS: Final = 8
"""Rounds of giving and taking in one visit; two are enough unless files are asked for again."""
MOST_SAID: Final = 1 << 16
"""Bytes of the longest answer that is no bundle."""
PATIENCE: Final = 30
"""Seconds to wait for the other desk before the line counts as broken."""
MOST_TRIES: Final = 3
MOST_FILES: Final = 64
"""Bundles read from a shared folder in one visit: anybody may put files there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one visit did: acts and files taken here, acts logged over there, what was turned away, which bundles were none."""

    acts: int = 0
    files: int = 0
    logged: int = 0
    rounds: int = 0
    turned_away: tuple[tuple[str, int, str], ...] = ()
    states_differ: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()


class Way(Protocol):
    """How bundles travel to the neutral's desk and back."""

    def give(self, data: bytes) -> Mapping[str, Any]:
        """Bring a bundle over and return what became of it there."""

    def take(self, since: int) -> bytes:
        """Return the bundle that the neutral has for this desk, of its log from ``since`` on."""


Working = Callable[[], AbstractContextManager[Desk]]
"""Gives the desk to one who works at it, for as long as that takes; nobody holds it while waiting for a line."""


def visit(working: Working, way: Way) -> Visit:
    """Give and take until nothing changes; raises PostBroken, and what ``receive`` raises."""
    done = Visit()
    for number in range(1, MOST_ROUNDS + 1):
        with working() as desk:
            before, since = _standing(desk), desk.size
            founded = bool(desk.state.authority.participants)
            bundle = desk.bundle(desk.state.authority.neutral) if founded else b""
        if bundle:
            done = _with_given(done, way.give(bundle))
        data = way.take(since)
        with working() as desk:
            done = _with_taken(replace(done, rounds=number), desk.receive(data))
            if _standing(desk) == before:
                break
    return done


def _standing(desk: Desk) -> tuple[object, ...]:
    cosigners = desk.checkpoint.cosigners if desk.checkpoint is not None else ()
    return desk.size, len(desk.waiting), desk.three_signed, tuple(sorted(cosigners)), tuple(sorted(awaited(desk)))


def _with_given(done: Visit, said: Mapping[str, Any]) -> Visit:
    """Add what the neutral says became of a bundle; whatever is not in its form says nothing."""
    away = said.get("turned_away", ())
    turned = tuple(
        (str(one["party"])[:40], int(one["seq"]), str(one["code"])[:80])
        for one in (away[:1000] if isinstance(away, list) else ())
        if isinstance(one, dict) and one.keys() >= {"party", "seq", "code"} and type(one["seq"]) is int
    )
    logged = said.get("logged", 0)
    logged = logged if type(logged) is int else 0
    return replace(done, logged=done.logged + logged, turned_away=(*done.turned_away, *turned))


def _with_taken(done: Visit, received: Received) -> Visit:
    return replace(
        done,
        acts=done.acts + received.acts,
        files=done.files + received.files,
        states_differ=tuple(sorted({*done.states_differ, *received.states_differ})),
    )


# --- over a line -----------------------------------------------------------------------------------------------------


class Line:
    """The neutral's desk at an address that somebody typed; ``folder`` keeps the pieces of what broke off."""

    def __init__(self, address: str, desk: Desk, folder: Path, *, patience: float = PATIENCE) -> None:
        """Take the address apart; raises PostBroken ``post.address``."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise PostBroken("post.address") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.query:
            raise PostBroken("post.address")
        signer = desk.desk_signer()
        if signer is None:
            raise PostBroken("post.not_signed_in")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._path = parts.path.rstrip("/") + "/sync/"
        self._desk, self._folder, self._patience = desk, folder, patience
        self._signer: Signer = signer
        self._word = ""
        folder.mkdir(mode=0o700, exist_ok=True)

    def give(self, data: bytes) -> Mapping[str, Any]:
        """Send a bundle piece by piece, from where the neutral's desk says it stopped."""
        whole, at = sha256(data).hexdigest(), 0
        for _ in range(2 * (len(data) // PIECE + 1) + MOST_TRIES):
            piece = data[at : at + PIECE]
            status, said, _ = self._ask("POST", f"bundle?at={at}&of={len(data)}&whole={whole}", piece)
            found = _object(said)
            have = found.get("have")
            if status == http.client.CONFLICT:
                have = _facts(found).get("have")
            if status == http.client.OK:
                return found
            if status not in {http.client.ACCEPTED, http.client.CONFLICT}:
                raise _their_no(found)
            if type(have) is not int or not 0 <= have <= len(data):
                raise PostBroken("post.not_understood")
            at = have
        raise PostBroken("post.not_understood")

    def take(self, since: int) -> bytes:
        """Fetch the bundle from ``since``, or go on with the one that broke off."""
        begun = sorted(self._folder.glob("in-*.part"))
        if begun:
            data = self._go_on(begun[-1])
            if data is not None:
                return data
        status, piece, headers = self._ask("GET", f"bundle?since={since}")
        whole, length = self._whole(status, piece, headers)
        if len(piece) == length:
            return _checked(piece, whole)
        part = self._folder / f"in-{whole}-{length}.part"
        _append(part, piece)
        data = self._go_on(part)
        if data is None:
            raise PostBroken("post.broken_off")
        return data

    def _go_on(self, part: Path) -> bytes | None:
        """Fetch the rest of a bundle begun before; None where the other desk does not keep it any more."""
        _, whole, length_said = part.stem.split("-")
        length = int(length_said)
        while (have := part.stat().st_size) < length:
            status, piece, headers = self._ask("GET", f"bundle/{whole}?at={have}")
            if status == http.client.NOT_FOUND:
                part.unlink()
                return None
            if self._whole(status, piece, headers) != (whole, length) or not piece:
                raise PostBroken("post.not_understood")
            _append(part, piece)
        data = part.read_bytes()
        part.unlink()
        return _checked(data, whole)

    def _whole(self, status: int, piece: bytes, headers: Mapping[str, str]) -> tuple[str, int]:
        """Return the hash and length of the whole bundle; raises PostBroken, or what the other desk says is wrong."""
        if status != http.client.OK:
            raise _their_no(_object(piece))
        whole, length = headers.get(WHOLE, ""), headers.get(LENGTH, "")
        if len(whole) != 64 or set(whole) - set("0123456789abcdef") or not (length.isdigit() and len(length) < 12):
            raise PostBroken("post.not_understood")
        if int(length) > MOST_BUNDLE:
            raise PostBroken("post.too_long", most=MOST_BUNDLE)
        return whole, int(length)

    # --- one request ---

    def _ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes, Mapping[str, str]]:
        """Sign and send one request; asks for a fresh word first where there is none, or where ours has become stale."""
        for _ in range(MOST_TRIES):
            if not self._word:
                self._once("GET", "nonce", b"", {})
                if not self._word:
                    raise PostBroken("post.not_understood")
            request = Request(
                party=ParticipantName(self._desk.name),
                case=self._desk.origin if self._desk.size else "",
                method=method,
                target=target,
                nonce=self._word,
                body=digest_of_body(body),
            )
            self._word = ""
            status, data, headers = self._once(method, target, body, {SIGNED: to_header(request, self._signer)})
            if status != http.client.UNAUTHORIZED or _object(data).get("code") != "post.stale":
                return status, data, headers
        raise PostBroken("post.stale")

    def _once(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Send one request over a line of its own; raises PostBroken where the line or the answer breaks."""
        with self._connected() as line:
            try:
                line.request(method, self._path + target, body=body or None, headers=dict(headers))
            except OSError:
                raise PostBroken("post.unreachable") from None
            try:
                answer = line.getresponse()
                most = PIECE if answer.getheader(WHOLE) else MOST_SAID
                data = answer.read(most + 1)
                torn = answer.length not in {0, None}
            except (OSError, http.client.HTTPException):
                raise PostBroken("post.broken_off") from None
        if len(data) > most or answer.status // 100 == 3:  # a redirection leads to an address that nobody typed
            raise PostBroken("post.not_understood")
        if torn:
            raise PostBroken("post.broken_off")
        found = {name.lower(): value for name, value in answer.getheaders()}
        word = found.get(NEXT_WORD, "")
        self._word = word if len(word) in range(32, 129) and not set(word) - set("0123456789abcdef") else ""
        return answer.status, data, found

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        line = (
            http.client.HTTPSConnection(
                self._host, self._port, timeout=self._patience, context=ssl.create_default_context()
            )
            if self._secure
            else http.client.HTTPConnection(self._host, self._port, timeout=self._patience)
        )
        try:
            yield line
        finally:
            line.close()


def _object(data: bytes) -> Mapping[str, Any]:
    """Return the JSON object of an answer; anything else is an empty one."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _facts(said: Mapping[str, Any]) -> Mapping[str, Fact]:
    facts = said.get("facts")
    if not isinstance(facts, dict):
        return {}
    return {
        str(name)[:40]: value if type(value) is int else str(value)[:200] for name, value in list(facts.items())[:20]
    }


class Refused(Broken):
    """The neutral's desk would not take or give: its code and facts, as it said them."""


def _their_no(said: Mapping[str, Any]) -> Broken:
    code = said.get("code")
    if not isinstance(code, str) or not code or len(code) > 80:
        return PostBroken("post.not_understood")
    facts = _facts(said)
    if code in CODES:
        return PostBroken(code, **facts)
    return Refused(code, **facts)


def _checked(data: bytes, whole: str) -> bytes:
    if sha256(data).hexdigest() != whole:
        raise PostBroken("post.not_understood")
    return data


def _append(part: Path, piece: bytes) -> None:
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(piece)


# --- through a shared folder -----------------------------------------------------------------------------------------


def visit_folder(desk: Desk, folder: Path, seen_by: Sequence[tuple[str, int]]) -> Visit:
    """Take the bundles that lie in a folder for this desk, and lay out those that it has for others.

    ``seen_by`` says, at the neutral's desk, for whom to lay one out and from which act on. A bundle that is none is renamed
    ``.refused`` and named in the answer; it stops nobody. Raises PostBroken ``post.folder``.
    """
    if not folder.is_dir():
        raise PostBroken("post.folder")
    done = Visit()
    try:
        for _ in range(2):
            done = _take_from(desk, folder, done)
        if desk.state.authority.participants:
            for whom, since in seen_by:
                _lay_out(folder, desk.name, whom, desk.bundle(whom, since=since))
    except OSError:
        raise PostBroken("post.folder") from None
    return done


def _take_from(desk: Desk, folder: Path, done: Visit) -> Visit:
    found = [one for one in sorted(folder.glob(f"*-to-{desk.name}-*.bundle")) if not one.is_symlink()][:MOST_FILES]
    for path in found:
        try:
            received = desk.receive(_read(path))
        except DeskBroken as broken:
            if broken.code == "desk.bundle_ahead":  # the earlier one may lie beside it, or come tomorrow
                continue
            done = _set_aside(path, broken.code, done)
        except Broken as broken:
            if broken.code.startswith("store."):
                raise
            done = _set_aside(path, broken.code, done)
        else:
            path.unlink(missing_ok=True)
            done = _with_taken(replace(done, rounds=done.rounds + 1, logged=done.logged + received.logged), received)
            away = tuple((one.party, one.seq, one.code) for one in received.turned_away)
            done = replace(done, turned_away=(*done.turned_away, *away))
    return done


def _read(path: Path) -> bytes:
    with path.open("rb") as file:  # never more than a bundle may have, whatever grows there
        return file.read(MOST_BUNDLE + 1)


def _set_aside(path: Path, code: str, done: Visit) -> Visit:
    with suppress(OSError):
        path.rename(path.with_suffix(".refused"))
    return replace(done, refused=(*done.refused, code))


def _lay_out(folder: Path, own: str, whom: str, data: bytes) -> None:
    """Lay a bundle out under its hash; the same one that was not fetched yet is not laid out twice."""
    path = folder / f"{own}-to-{whom}-{sha256(data).hexdigest()[:16]}.bundle"
    if path.exists():
        return
    beside = path.with_suffix(".part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def seen_at_least(desk: Desk, whom: str) -> int:
    """Return how much of the log a participant has surely verified: what its last act says that it saw."""
    state: State = desk.state
    head = state.authority.heads.get(ParticipantName(whom))
    if head is None or whom == desk.name:
        return 0
    return min(read_act(desk.find(head.id).note).envelope.seen.size, desk.size)
