"""After a backup was put back: the ban on signing, and how it is lifted."""

from __future__ import annotations

import typer

from parley.cli.act import noun
from parley.cli.answer import Answer
from parley.cli.at_desk import confirm, settings_of, working

COMMANDS = ()
app = noun("Lift the ban on signing after a backup was put back.")


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
