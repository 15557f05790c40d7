"""The neutral's clock on the command line: by it alone deadlines and mandates are judged."""

from __future__ import annotations

from typing import Annotated

import typer

from parley import acts
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, do
from parley.cli.answer import Answer
from parley.cli.at_desk import DESK_KEY, settings_of, working
from parley.desk.errors import DeskBroken

ENTER = ActCommand(name="clock", deed=acts.RecordClock)
COMMANDS = (ENTER,)
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=help_of(acts.RecordClock), short_help=about(acts.RecordClock))
def clock(
    context: typer.Context,
    at: Annotated[str, typer.Option("--now", help="a time of your own (else this machine's)")] = "",
) -> Answer:
    """Enter the neutral's time; the desk does so by itself with whatever it logs."""
    settings = settings_of(context)
    if at:
        return do(settings, ENTER, {"now": (at,)})
    with working(settings, keys=() if settings.dry_run else (DESK_KEY,)) as (desk, _folder, _ask):
        if not desk.is_neutral:
            raise DeskBroken("desk.not_neutral")
        if not settings.dry_run:
            desk.tick()
        said = desk.state.authority.clock
        return Answer(says=[f"The neutral's clock stands at {said}."], data={"clock": said, "acts": desk.size})
