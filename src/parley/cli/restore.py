"""After a backup was put back: the ban on signing, and how it is lifted."""

from __future__ import annotations

import typer

from parley.cli.act import noun
from parley.cli.answer import Answer
from parley.cli.at_desk import confirm, settings_of, working
from parley.desk.errors import DeskBroken
from parley.store import RESTORED, Change

COMMANDS = ()
app = noun("Forbid signing after a backup was put back, and lift the ban.")


@app.command("declare", short_help="Forbid this desk to sign, because a backup was put back.")
def declare_restored(context: typer.Context) -> Answer:
    """Forbid this desk to sign until it has caught up, because a backup was put back here.

    A desk notices that by itself only where the note beside its record is newer than the record. On another machine, or
    where the whole folder was put back, nobody but the operator knows.
    """
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, _folder, _ask):
        if not desk.size:
            raise DeskBroken("desk.no_case")
        if not settings.dry_run and RESTORED not in desk.store.facts(RESTORED):
            desk.store.write(Change(start=desk.size, facts={RESTORED: b"%d" % desk.size}))
        says = [
            "This desk signs nothing until it has imported the neutral's newest bundle: then parley restore confirm."
        ]
        return Answer(says=says, data={"acts": desk.size}, code="dry_run" if settings.dry_run else "done")


@app.command("confirm", short_help="Lift the ban, once the neutral's newest bundle is imported.")
def confirm_restored(context: typer.Context) -> Answer:
    """Lift the ban on signing, once the neutral's newest bundle is imported and nothing newer is in the post.

    A restored backup has forgotten acts that others may hold. Signing then would make two acts with one number.
    """
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, _folder, _ask):
        if settings.dry_run:
            return Answer(says=["Nothing was changed."], code="dry_run", data={"acts": desk.size})
        question = "Is nothing of this desk newer than that still in the post? [y/N] "
        confirm(settings, [f"The record here has {desk.size} acts."], question)
        desk.confirm_restored()
        return Answer(says=["This desk may sign again."], data={"acts": desk.size})
