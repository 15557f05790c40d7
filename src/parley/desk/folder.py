"""A desk on a disk: a folder with its settings, its record and its locked keys.

::

    parley.toml          whose desk this is, its letters, where its record is kept
    record.db            the record (unless it is on a PostgreSQL server)
    enrolment.json       the public half of the keys, to be carried to the founding table
    keys/desk.age        the desk key and the keys of the rooms, locked with the desk's passphrase
    keys/officer-1.age   one officer's key, locked with that officer's passphrase
    keys/root-1.age      a root key: carry it away to an offline place once the case is founded
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parley.acts import Enrolled, FoundCase
from parley.desk import Desk, Keys
from parley.desk.errors import DeskBroken
from parley.forms import to_body
from parley.record.envelope import Envelope, Seen, to_text
from parley.record.keyfile import KeyRing, RoomIdentity, lock, pack_keys, unlock, unpack_keys
from parley.record.keys import SigningKey, VerifyKey
from parley.record.seal import generate_identity
from parley.store import StoreBroken, open_store
from parley.words import ActId, Digest, Moment, ParticipantName

SETTINGS: Final = "parley.toml"
ENROLMENT: Final = "enrolment.json"
ROOMS: Final = ("lists", "papers")
"""The rooms a desk publishes keys for: lists of people, and everything else that travels sealed."""
WORK_FACTOR: Final = 16
"""2^16 rounds of scrypt: about a fifth of a second and 64 MiB for each try at a passphrase."""

Passphrase = Callable[[str], str]
"""Asks for the passphrase of a key file by its name (``desk``, ``officer-1``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The settings of a desk's folder."""

    path: Path
    name: ParticipantName
    role: str
    letters: str
    store: str
    practice: bool

    @property
    def key_names(self) -> tuple[str, ...]:
        """Return the names of the key files that are here."""
        return tuple(sorted(one.stem for one in (self.path / "keys").glob("*.age")))


def make_folder(
    path: Path,
    *,
    name: str,
    role: str,
    letters: str,
    passphrase: Passphrase,
    officers: int = 2,
    roots: int = 3,
    threshold: int = 2,
    practice: bool = False,
    store: str = "record.db",
    work_factor: int = WORK_FACTOR,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> Folder:
    """Make a desk with fresh keys; raises DeskBroken ``desk.exists``, KeyBroken for a bad name or empty passphrase."""
    if (path / SETTINGS).exists():
        raise DeskBroken("desk.exists")
    desk_key = SigningKey.generate(f"{name}/desk", randomness)
    rooms = [RoomIdentity(f"{name}/{room}", generate_identity(randomness=randomness)) for room in ROOMS]
    root_keys = [SigningKey.generate(f"{name}/root-{number}", randomness) for number in range(1, roots + 1)]
    officer_keys = [SigningKey.generate(f"{name}/officer-{number}", randomness) for number in range(1, officers + 1)]
    keys = path / "keys"
    try:
        keys.mkdir(parents=True, exist_ok=True)
        keys.chmod(0o700)
    except OSError:
        raise StoreBroken("store.read_only") from None
    files = {"desk": KeyRing((desk_key,), tuple(rooms))}
    files |= {one.verify_key.name.rsplit("/", 1)[1]: KeyRing((one,)) for one in (*officer_keys, *root_keys)}
    for file, ring in files.items():
        save_keys(keys / f"{file}.age", ring, passphrase(file), work_factor=work_factor, randomness=randomness)
    enrolment = {
        "name": name,
        "role": role,
        "letters": letters,
        "roots": [one.verify_key.vkey for one in root_keys],
        "threshold": threshold,
        "desk_key": desk_key.verify_key.vkey,
        "officers": [one.verify_key.vkey for one in officer_keys],
        "rooms": {one.room: one.identity.recipient.text for one in rooms},
    }
    _replace(path / ENROLMENT, json.dumps(enrolment, indent=1, sort_keys=True).encode() + b"\n")
    settings = f'name = "{name}"\nrole = "{role}"\nletters = "{letters}"\nstore = "{store}"\npractice = {str(practice).lower()}\n'
    _replace(path / SETTINGS, settings.encode())
    return read_folder(path)


def read_folder(path: Path) -> Folder:
    """Read the settings of a desk's folder; raises DeskBroken ``desk.folder``."""
    try:
        settings: dict[str, Any] = tomllib.loads((path / SETTINGS).read_text(encoding="utf-8"))
        return Folder(
            path=path,
            name=ParticipantName(str(settings["name"])),
            role=str(settings["role"]),
            letters=str(settings["letters"]),
            store=str(settings["store"]),
            practice=bool(settings["practice"]),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError):
        raise DeskBroken("desk.folder") from None


def open_folder(
    folder: Folder,
    *,
    unlock_with: Passphrase | None,
    files: Iterable[str] = ("desk",),
    now: Callable[[], Moment],
) -> Desk:
    """Open a desk: the record for writing, and the named key files if a passphrase is at hand (None: read only).

    Raises StoreBroken (``store.in_use`` while another program has it), KeyBroken for a wrong passphrase.
    """
    keys = Keys()
    if unlock_with is not None:
        for file in files:
            add_keys(keys, load_keys(folder.path / "keys" / f"{file}.age", unlock_with(file)))
    where = folder.store if "://" in folder.store else str(folder.path / folder.store)
    store = open_store(where, owner=folder.name)
    try:
        return Desk(store, folder.name, keys, now=now, own_roots=_own_roots(folder))
    except BaseException:
        store.close()
        raise


def _own_roots(folder: Folder) -> tuple[str, ...]:
    """Return the root keys that this desk enrolled with; nothing where the enrolment was carried away."""
    try:
        return read_enrolment((folder.path / ENROLMENT).read_bytes())[0].roots
    except OSError:
        return ()


def load_keys(path: Path, passphrase: str) -> KeyRing:
    """Unlock one key file; raises KeyBroken, or DeskBroken ``desk.no_key`` where there is no such file."""
    try:
        data = path.read_bytes()
    except OSError:
        raise DeskBroken("desk.no_key", key=path.stem) from None
    return unpack_keys(unlock(data, passphrase))


def save_keys(
    path: Path,
    ring: KeyRing,
    passphrase: str,
    *,
    work_factor: int = WORK_FACTOR,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> None:
    """Lock keys into a file only this user can read, over the old one if there is one."""
    _replace(path, lock(pack_keys(ring.signing, ring.identities), passphrase, work_factor, randomness))


def add_keys(keys: Keys, ring: KeyRing) -> None:
    """Put the keys of a ring at a desk's disposal."""
    keys.signers.update({one.verify_key.name: one for one in ring.signing})
    for entry in ring.identities:
        keys.identities.setdefault(entry.room, []).append(entry.identity)


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by this user only."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


# --- the founding table ---


def read_enrolment(data: bytes) -> tuple[Enrolled, tuple[str, ...], dict[str, str]]:
    """Read an enrolment: what the founding act holds, the officers' keys, the rooms' keys; raises DeskBroken, KeyBroken."""
    try:
        found: dict[str, Any] = json.loads(data)
        roots = [str(one) for one in found["roots"]]
        for vkey in (*roots, found["desk_key"], *found["officers"]):
            VerifyKey.parse(vkey)
        one = Enrolled(
            ParticipantName(str(found["name"])),
            str(found["role"]),
            str(found["letters"]),
            tuple(roots),
            int(found["threshold"]),
            str(found["desk_key"]),
        )
        return one, tuple(found["officers"]), {str(room): str(key) for room, key in found["rooms"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DeskBroken("desk.enrolment") from None


def founding_text(
    case: str, participants: Sequence[Enrolled], *, origin: str, rules: int, practice: bool, time: Moment
) -> str:
    """Return the text of a founding act, which every root key then signs."""
    neutral = next((one.name for one in participants if one.role == "neutral"), ParticipantName("neutral"))
    deed = FoundCase(origin=origin, participants=tuple(participants), rules=rules, practice=practice)
    return to_text(
        Envelope(
            answers=(),
            body=to_body(deed),
            case=case,
            kind=deed.kind,
            mandate="root",
            party=neutral,
            prev=ActId(""),
            sealed=(),
            seen=Seen(root=Digest(""), size=0, state=Digest("")),
            seq=1,
            time=time,
        )
    )
