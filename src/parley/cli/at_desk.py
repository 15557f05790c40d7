"""Opens the desk that a command works at: its folder, its record, and the keys that this command needs."""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from parley.cli.errors import CliBroken, WrongUse
from parley.cli.settings import Settings
from parley.desk import Desk
from parley.desk.errors import DeskBroken
from parley.desk.folder import Folder, Passphrase, add_keys, load_keys, open_folder, read_folder
from parley.desk.unlocking import needed_keys
from parley.desk.which_act import act_meant
from parley.process.authority import DESK_KINDS
from parley.words import Moment

__all__ = [
    "act_meant",
    "confirm",
    "key_file",
    "needed_keys",
    "new_file",
    "now",
    "passphrases",
    "read_file",
    "read_words",
    "reading",
    "settings_of",
    "size_of",
    "unlock_for",
    "working",
    "write_file",
]
MOST_FILE: Final = 1 << 28
"""Bytes of the largest file that a command reads."""
DESK_KEY: Final = "desk"
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,40}\Z")
_LINE: Final = re.compile(r"([a-z][a-z0-9-]{0,40}) = (.+)\Z")


def now() -> Moment:
    """Return this machine's time, to the second."""
    return Moment(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def settings_of(context: Any) -> Settings:  # noqa: ANN401 - typer's context
    """Return what was set for this call."""
    found = context.obj
    assert isinstance(found, Settings)
    return found


# --- files ---


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that the operator named; raises CliBroken."""
    size_of(path)
    try:
        with path.open("rb") as file:  # a file may grow, and a pipe has no size: never more than the cap is read
            data = file.read(MOST_FILE + 1)
    except (OSError, ValueError):
        raise CliBroken("cli.no_such_file", file=path.name) from None
    if len(data) > MOST_FILE:
        raise CliBroken("cli.file_too_large")
    return data


def size_of(path: Path) -> int:
    """Return the size of a file that the operator named; raises CliBroken where there is none or it is too large."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError):  # a name with a NUL is no OSError
        raise CliBroken("cli.no_such_file", file=path.name) from None
    if path.is_dir():
        raise CliBroken("cli.not_a_file", file=path.name)
    if size > MOST_FILE:
        raise CliBroken("cli.file_too_large")
    return size


def read_words(path: Path) -> str:
    """Return the text of a file that the operator named; raises CliBroken."""
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CliBroken("cli.not_text", file=path.name) from None


@contextmanager
def new_file(path: Path, *, replace: bool = False, private: bool = False) -> Iterator[Callable[[bytes], object]]:
    """Open a file to be written whole or not at all, flushed to the stick, before what goes in it is made.

    Raises CliBroken ``cli.exists``, ``cli.cannot_write``. ``private``: only this user may read it.
    """
    if path.exists() and not replace:
        raise CliBroken("cli.exists")
    beside = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    except OSError:
        raise CliBroken("cli.cannot_write") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as failed:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(failed, OSError):
            raise CliBroken("cli.cannot_write") from None
        raise


def write_file(path: Path, data: bytes, *, replace: bool = False, private: bool = False) -> None:
    """Write a file whole or not at all; raises CliBroken as ``new_file``."""
    with new_file(path, replace=replace, private=private) as write:
        write(data)


# --- keys ---


def key_file(name: str) -> str:
    """Return the file's name of a key given as ``officer-1`` or ``north/officer-1``; raises WrongUse."""
    short = name.rsplit("/", 1)[-1]
    if _KEY.match(short) is None:
        raise WrongUse("cli.usage", detail="a key is named like officer-1")
    return short


def passphrases(settings: Settings, *, twice: bool = False, ask_nobody: bool = False) -> Passphrase:
    """Return what knows the passphrase of a key: the environment, the passphrase file, else the officer is asked."""
    in_file = _passphrase_file(settings.passphrase_file) if settings.passphrase_file is not None else {}

    def ask(key: str) -> str:
        said = settings.environment.get(f"PARLEY_PASSPHRASE_{key.upper().replace('-', '_')}")
        said = said or in_file.get(key) or in_file.get("")
        if said is not None:
            return said
        if ask_nobody or not sys.stdin.isatty():
            raise CliBroken("cli.no_passphrase", key=key)
        first = getpass.getpass(f"Passphrase for {key}: ")
        if twice and getpass.getpass(f"The same once more for {key}: ") != first:
            raise WrongUse("cli.usage", detail="the two passphrases differ")
        return first

    return ask


def _passphrase_file(path: Path) -> Mapping[str, str]:
    """Read lines ``officer-1 = …``, or one line that is the passphrase of all keys (under the empty name)."""
    lines = [line for line in read_words(path).splitlines() if line.strip()]
    named = [_LINE.match(line) for line in lines]
    if len(lines) == 1 and named[0] is None:
        return {"": lines[0]}
    if not lines or None in named:
        raise WrongUse("cli.usage", detail="the passphrase file has lines like `officer-1 = …`, or one line for all")
    return {one[1]: one[2] for one in named if one is not None}


# --- the desk ---


@contextmanager
def reading(settings: Settings) -> Iterator[Desk]:
    """Open the desk without any key, to look only."""
    with _open(read_folder(settings.desk), None, ()) as desk:
        yield desk


@contextmanager
def working(settings: Settings, *, keys: Iterable[str] = (DESK_KEY,)) -> Iterator[tuple[Desk, Folder, Passphrase]]:
    """Open the desk with some of its keys unlocked."""
    folder = read_folder(settings.desk)
    ask = passphrases(settings)
    with _open(folder, ask, keys) as desk:
        yield desk, folder, ask


@contextmanager
def _open(folder: Folder, ask: Passphrase | None, keys: Iterable[str]) -> Iterator[Desk]:
    desk = open_folder(folder, unlock_with=ask, files=tuple(keys), now=now)
    try:
        yield desk
    finally:
        desk.store.close()


def unlock_for(desk: Desk, folder: Folder, ask: Passphrase, kind: str, settings: Settings) -> tuple[str, ...] | None:
    """Unlock the keys that sign a kind of act, and return the signers' names; None leaves the choice to the desk.

    Those named by ``--as``; else, for roots, as many as the threshold needs; else as many officers of a mandate as the kind
    needs of those whose key files are here.
    """
    if settings.signers is not None:
        for name in settings.signers:
            if "/" in name and not name.startswith(f"{desk.name}/"):  # no other's officer sits at this desk
                raise CliBroken("cli.other_desks_key", key=name[:60], desk=desk.name)
        chosen = [key_file(name) for name in settings.signers]
    elif kind in DESK_KINDS:
        chosen = [DESK_KEY]
    else:
        chosen = [name.rsplit("/", 1)[1] for name in needed_keys(desk, folder, kind)]
    if desk.is_neutral and DESK_KEY not in chosen:
        _add(desk, folder, ask, DESK_KEY)  # the neutral signs a checkpoint with every act
    for name in chosen:
        _add(desk, folder, ask, name)
    return tuple(f"{desk.name}/{name}" for name in chosen) if kind not in DESK_KINDS else None


def _add(desk: Desk, folder: Folder, ask: Passphrase, name: str) -> None:
    if f"{desk.name}/{name}" not in desk.keys.signers:
        path = folder.path / "keys" / f"{name}.age"
        if not path.exists():
            raise DeskBroken("desk.no_key", key=name)
        add_keys(desk.keys, load_keys(path, ask(name)))


def confirm(settings: Settings, ask_about: Iterable[str], question: str = "Sign this? [y/N] ") -> None:
    """Show what is about to be signed and ask once more; raises WrongUse unless somebody says yes."""
    from parley.cli.answer import harmless

    if settings.yes:
        return
    if settings.json or not sys.stdin.isatty():
        raise WrongUse("cli.not_confirmed")
    for line in ask_about:
        print(harmless(line))
    if input(question).strip().lower() not in {"y", "yes"}:
        raise WrongUse("cli.not_confirmed")
