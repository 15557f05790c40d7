"""Keys on the command line: publish the keys to seal to, rotate root keys, change a passphrase."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from parley import acts
from parley.cli.act import ActCommand, Given, noun, sign_deed
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import DESK_KEY, key_file, needed_keys, passphrases, settings_of, unlock_for, working
from parley.cli.rulebook import about, help_of
from parley.cli.values import Reader
from parley.desk.errors import DeskBroken
from parley.desk.folder import WORK_FACTOR, load_keys, read_folder, save_keys
from parley.record.keyfile import KeyRing
from parley.record.keys import SigningKey, VerifyKey


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
    roots: Annotated[int, typer.Option(help="how many new root keys (else as many as before)")] = 0,
    threshold: Annotated[int, typer.Option(help="how many of the new must sign (else as before)")] = 0,
    work: Work = WORK_FACTOR,
) -> Answer:
    """Make new root keys and put them in the place of the old; the old and the new threshold both sign.

    The new keys get the next free numbers. Once the act has its receipt, destroy the old key files. The desk key stays.
    """
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, folder, ask):
        me = desk.ahead.authority.participants.get(desk.name)
        if me is None:
            raise DeskBroken("desk.no_case")
        count, needed = roots or len(me.roots), threshold or me.threshold
        numbers = [int(found[1]) for one in folder.key_names if (found := re.fullmatch(r"root-([0-9]+)", one))]
        numbers += [int(found[1]) for one in me.roots if (found := re.match(r"[^+]*/root-([0-9]{1,6})\+", one))]
        first = max(numbers, default=0) + 1
        fresh = [SigningKey.generate(f"{desk.name}/root-{first + step}", desk.randomness) for step in range(count)]
        deed = acts.RotateKeys(
            roots=tuple(one.verify_key.vkey for one in fresh), threshold=needed, desk_key=me.desk_key
        )
        current = {VerifyKey.parse(vkey).name for vkey in me.roots}
        here = [f"{desk.name}/{name}" for name in folder.key_names]
        old = [name for name in here if name in current][: me.threshold] or list(needed_keys(desk, folder, deed.kind))
        chosen = settings.signers or tuple(old)
        signers = unlock_for(desk, folder, ask, deed.kind, replace(settings, signers=tuple(chosen)))
        desk.keys.signers |= {one.verify_key.name: one for one in fresh}
        secret = passphrases(settings, twice=True)

        def keep() -> None:
            for one in fresh:
                name = one.verify_key.name.rsplit("/", 1)[1]
                save_keys(folder.path / "keys" / f"{name}.age", KeyRing((one,)), secret(name), work_factor=work)

        everybody = (*(signers or ()), *(one.verify_key.name for one in fresh[:needed]))
        return sign_deed(desk, settings, deed, signers=everybody, before=keep)


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
