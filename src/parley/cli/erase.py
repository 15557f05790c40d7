"""Erasing on the command line: take people out of a sealed list, and confirm that the old file and key are destroyed."""

from __future__ import annotations

from typing import Annotated

import typer

from parley import acts
from parley.briefings.phrases import phrase
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, noun, read_deed, sign_deed
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import DESK_KEY, confirm, passphrases, reading, settings_of, unlock_for, working
from parley.cli.values import Reader
from parley.desk.erasing import destroy_at_closing, destroy_old, new_room_key, resealed
from parley.desk.errors import DeskBroken
from parley.desk.folder import WORK_FACTOR
from parley.desk.own_copies import keep_own
from parley.process.standing import standing_of, unconfirmed
from parley.words import Refusal

ERASE = ActCommand(name="lines", deed=acts.Erase)
CONFIRM = ActCommand(name="confirm", deed=acts.ConfirmErasure)
COMMANDS = (ERASE, CONFIRM)
app = noun("Take people out of a sealed list, and confirm that the old file is destroyed.")


@app.command("lines", help=help_of(acts.Erase), short_help=about(acts.Erase))
def erase(
    context: typer.Context,
    lines: Annotated[str, typer.Option(help="who: N3, N7-N9")],
    ground: Annotated[str, typer.Option(help=" | ".join(acts.ERASURE_GROUNDS))],
    list_: Annotated[str, typer.Option("--list", help="the list's act (else one's newest)")] = "",
) -> Answer:
    """Seal one's list anew without these people and say so in an act; then confirm, as every desk that held the old file."""
    settings = settings_of(context)
    with working(settings) as (desk, folder, ask):
        said = {"lines": (lines,), "ground": (ground,), **({"list": (list_,)} if list_ else {})}
        deed = read_deed(Reader(desk, folder), ERASE, said)
        assert isinstance(deed, acts.Erase)
        attachment = resealed(desk, deed)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        answer = sign_deed(desk, settings, deed, signers=signers, attachments=(attachment,))
        if answer.exit == 0 and not settings.dry_run:
            keep_own(desk, attachment.rows, desk.keys.identities[f"{desk.name}/lists"][-1].recipient)
        return answer


@app.command("confirm", help=help_of(acts.ConfirmErasure), short_help=about(acts.ConfirmErasure))
def confirm_erasure(
    context: typer.Context,
    erasure: Annotated[str, typer.Option(help="the erasure's act (else the newest that waits for this desk)")] = "",
    lose: Annotated[bool, typer.Option("--lose-unread", help="give up lists that may not be opened yet")] = False,
    work: Annotated[int, typer.Option(help="the cost of a try at the desk's passphrase")] = WORK_FACTOR,
) -> Answer:
    """Destroy the old file and the key that opened it, and say so in an act.

    The desk makes a new key for its list room, publishes it, seals to it what it may still read, forgets the old files and
    destroys the old key; only then it confirms.
    """
    settings = settings_of(context)
    with working(settings) as (desk, folder, ask):
        said = {"erasure": (erasure,)} if erasure else {}
        deed = read_deed(Reader(desk, folder), CONFIRM, said)
        assert isinstance(deed, acts.ConfirmErasure)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        refusal = desk.judge(deed, signers=signers)
        if refusal is not None or settings.dry_run:
            return sign_deed(desk, settings, deed, signers=signers)
        key_file, secret = folder.path / "keys" / f"{DESK_KEY}.age", passphrases(settings)(DESK_KEY)
        confirm(settings, [about(acts.ConfirmErasure), "  The old key of the list room is destroyed for good."])
        published = new_room_key(desk, key_file, secret, work)
        result = desk.sign(published, signers=unlock_for(desk, folder, ask, published.kind, settings))
        if isinstance(result, Refusal):
            raise DeskBroken("desk.no_key", key=published.kind)
        done = destroy_old(desk, key_file, secret, work, lose=lose)
        notes = [f"  destroyed    {done.forgotten} files and the old key; {done.kept} lists kept, {done.lost} given up"]
        return sign_deed(desk, settings, deed, signers=signers, notes=notes, asked=True)


@app.command("keys", short_help="After closing: destroy the keys of this desk's rooms, and every sealed file.")
def destroy_keys(
    context: typer.Context,
    work: Annotated[int, typer.Option(help="the cost of a try at the desk's passphrase")] = WORK_FACTOR,
) -> Answer:
    """Destroy the keys of this desk's rooms and every sealed file kept here, once the case is closed; the record stays.

    Backups and older copies of the key file are not reached from here: destroy these by hand.
    """
    settings = settings_of(context)
    with working(settings) as (desk, folder, _ask):
        if standing_of(desk.state) not in ("closed", "ended"):
            raise DeskBroken("desk.not_closed")
        if settings.dry_run:
            return Answer(says=["This would be allowed. Nothing was destroyed."], code="dry_run")
        confirm(settings, [phrase("closing.destroys", settings.language)], "Destroy them? [y/N] ")
        key_file, secret = folder.path / "keys" / f"{DESK_KEY}.age", passphrases(settings)(DESK_KEY)
        done = destroy_at_closing(desk, key_file, secret, work)
    says = [phrase("closing.destroyed", settings.language, count=done.forgotten)]
    return Answer(says=says, data={"forgotten": done.forgotten})


@app.command("list", short_help="Erasures on record, and whose desks have yet to confirm.")
def erasures(context: typer.Context) -> Answer:
    """List the erasures on record: whose list, how many people, on which ground, and whose desks have yet to confirm."""
    settings = settings_of(context)
    with reading(settings) as desk:
        found = [
            {
                "erasure": key,
                "by": one.by,
                "count": len(one.lines),
                "ground": one.ground,
                "waiting_for": list(unconfirmed(desk.state, one)),
            }
            for key, one in desk.state.standing.erasures.items()
        ]
    rows = [
        (str(one["erasure"])[:12], one["by"], one["count"], one["ground"], ", ".join(map(str, one["waiting_for"])))  # type: ignore[call-overload]
        for one in found
    ]
    says = [Table(("erasure", "by", "people", "ground", "waits for"), rows)] if rows else ["Nobody was erased."]
    return Answer(says=says, data={"erasures": found})
