"""Keys on the command line: publish the keys to seal to, rotate root keys, change a passphrase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from parley import acts
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, Given, noun, sign_deed
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import DESK_KEY, key_file, needed_keys, passphrases, settings_of, unlock_for, working
from parley.cli.errors import WrongUse
from parley.cli.values import Reader
from parley.desk import Desk
from parley.desk.errors import DeskBroken
from parley.desk.folder import WORK_FACTOR, Folder, Passphrase, load_keys, read_folder, save_keys
from parley.record.keyfile import KeyRing
from parley.record.keys import SigningKey


def _rooms(reader: Reader, said: Given) -> Mapping[str, Any]:
    """Return the newest key of each of this desk's rooms."""
    if "keys" in said:
        return {}
    return {"keys": {room: ring[-1].recipient.text for room, ring in reader.desk.keys.identities.items()}}


COMMANDS = (
    ActCommand(name="publish", deed=acts.PublishEncryptionKeys, fill=_rooms, keys=(DESK_KEY,)),
    ActCommand(name="rotate", deed=acts.RotateKeys),
)
app = noun("Publish the keys to seal to, rotate root keys, change a passphrase.", COMMANDS[:1])
Work = Annotated[int, typer.Option(help="the cost of a try at a passphrase: each step doubles it")]


@app.command("rotate", help=help_of(acts.RotateKeys), short_help=about(acts.RotateKeys))
def rotate(
    context: typer.Context,
    which: Annotated[str, typer.Option(help="roots | desk | both")] = "roots",
    roots: Annotated[int, typer.Option(help="how many new root keys (else as many as before)")] = 0,
    threshold: Annotated[int, typer.Option(help="how many of the new must sign (else as before)")] = 0,
    work: Work = WORK_FACTOR,
) -> Answer:
    """Make new root keys, or a new desk key, and put them in the place of the old; old and new threshold both sign.

    The new keys get the next free numbers. Once the act has its receipt, destroy the old root files. A new desk key is kept
    beside the old one, which read what was sealed and signed before.
    """
    settings = settings_of(context)
    if which not in ("roots", "desk", "both"):
        raise WrongUse("cli.usage", detail="--which is roots, desk or both")
    with working(settings, keys=()) as (desk, folder, ask):
        me = desk.ahead.authority.participants.get(desk.name)
        if me is None:
            raise DeskBroken("desk.no_case")
        here = [f"{desk.name}/{name}" for name in folder.key_names]
        count = 0 if which == "desk" else roots or len(me.roots)
        fresh = [_next_key(desk, [*here, *_names(me.roots)], "root", step) for step in range(1, count + 1)]
        fresh_desk = _next_key(desk, _names((me.desk_key,)), "desk", 1) if which != "roots" else None
        needed = threshold or me.threshold
        deed = acts.RotateKeys(
            roots=tuple(one.verify_key.vkey for one in fresh) or me.roots,
            threshold=needed,
            desk_key=fresh_desk.verify_key.vkey if fresh_desk is not None else me.desk_key,
        )
        current = set(_names(me.roots))
        old = [name for name in here if name in current][: me.threshold] or list(needed_keys(desk, folder, deed.kind))
        signers = unlock_for(desk, folder, ask, deed.kind, replace(settings, signers=settings.signers or tuple(old)))
        made = [*fresh, *([fresh_desk] if fresh_desk is not None else [])]
        desk.keys.signers |= {one.verify_key.name: one for one in made}
        everybody = (*(signers or ()), *(one.verify_key.name for one in fresh[:needed]))
        return sign_deed(
            desk,
            settings,
            deed,
            signers=everybody,
            before=lambda: _keep(folder, passphrases(settings, twice=True), fresh, fresh_desk, work),
        )


def _names(vkeys: Sequence[str]) -> list[str]:
    return [vkey.split("+")[0] for vkey in vkeys]


def _next_key(desk: Desk, names: Sequence[str], stem: str, step: int) -> SigningKey:
    """Make a key under the next free number: who signed is told by name, so no name passes to another key."""
    found = [re.fullmatch(rf"[^/]+/{stem}(?:-([0-9]{{1,6}}))?", name) for name in names]
    highest = max((int(one[1] or 1) for one in found if one is not None), default=0)
    return SigningKey.generate(f"{desk.name}/{stem}-{highest + step}", desk.randomness)


def _keep(
    folder: Folder, secret: Passphrase, roots: Sequence[SigningKey], desk_key: SigningKey | None, work: int
) -> None:
    """Lock the new keys into files before the act that names them is signed."""
    for one in roots:
        name = one.verify_key.name.rsplit("/", 1)[1]
        save_keys(folder.path / "keys" / f"{name}.age", KeyRing((one,)), secret(name), work_factor=work)
    if desk_key is not None:
        path, passphrase = folder.path / "keys" / f"{DESK_KEY}.age", secret(DESK_KEY)
        ring = load_keys(path, passphrase)
        save_keys(path, KeyRing((*ring.signing, desk_key), ring.identities), passphrase, work_factor=work)


@app.command("passphrase", short_help="Lock a key file with another passphrase.")
def passphrase(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="the key file: desk, officer-1, root-1")],
    new: Annotated[str, typer.Option("--new-passphrase-file", help="a file with the new one (else asked)")] = "",
    work: Work = WORK_FACTOR,
) -> Answer:
    """Lock a key file with another passphrase; the key itself stays, and old copies of the file keep the old passphrase."""
    settings = settings_of(context)
    folder, name = read_folder(settings.desk), key_file(key)
    path = folder.path / "keys" / f"{name}.age"
    ring = load_keys(path, passphrases(settings)(name))
    bare = replace(settings, environment={}, passphrase_file=Path(new) if new else None)
    fresh = passphrases(bare, twice=True)(name)
    if settings.dry_run:
        return Answer(says=["The passphrase fits. Nothing was changed."], code="dry_run", data={"key": name})
    save_keys(path, ring, fresh, work_factor=work)
    return Answer(says=[f"{name} has its new passphrase."], data={"key": name})


@app.command("list", short_help="The key files here, and the rooms with published keys.")
def listed(context: typer.Context) -> Answer:
    """List the key files in this folder, and every room that has published a key to seal to."""
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, folder, _ask):
        rooms = dict(sorted(desk.state.encryption_keys.items()))
    says: list[str | Table] = [f"Key files here: {', '.join(folder.key_names) or 'none'}"]
    says.append(Table(("room", "sealed to"), [(room, f"{text[:24]}…") for room, text in rooms.items()]))
    return Answer(says=says, data={"keys": list(folder.key_names), "rooms": rooms})
