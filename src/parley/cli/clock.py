"""The neutral's clock on the command line: by it alone deadlines and mandates are judged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import typer

from parley import acts
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, do
from parley.cli.answer import Answer
from parley.cli.at_desk import DESK_KEY, reading, settings_of, working
from parley.cli.errors import CliBroken
from parley.cli.settings import Settings
from parley.desk.errors import DeskBroken
from parley.words import is_real

ENTER = ActCommand(name="clock", deed=acts.RecordClock)
COMMANDS = (ENTER,)
MOST_DAYS_AHEAD: Final = 31
"""Days from the last entry to a typed one beyond which it is taken for a slip until somebody says otherwise."""
app = typer.Typer(rich_markup_mode=None, add_completion=False)


def _ask_if_far(settings: Settings, at: str) -> None:
    """Raise unless a time typed is near the record's last; what is no time at all is for the law's own words."""
    with reading(settings) as desk:
        last = desk.state.authority.clock
    if not last or not is_real(last) or not is_real(at):
        return
    try:
        days = (datetime.fromisoformat(at) - datetime.fromisoformat(last)).days
    except TypeError:  # one of them names no zone
        return
    if days > MOST_DAYS_AHEAD:
        raise CliBroken("cli.clock_far", days=days, last=last)


@app.command(help=help_of(acts.RecordClock), short_help=about(acts.RecordClock))
def clock(
    context: typer.Context,
    at: Annotated[str, typer.Option("--now", help="a time of your own (else this machine's)")] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="enter it although it is far from the last")] = False,
) -> Answer:
    """Enter the neutral's time; the desk does so by itself with whatever it logs.

    An entry is never taken back: deadlines, mandates and answers are judged by it until the world's time has caught up.
    """
    settings = settings_of(context)
    if at:
        if not anyway:
            _ask_if_far(settings, at)
        return do(settings, ENTER, {"now": (at,)})
    with working(settings, keys=() if settings.dry_run else (DESK_KEY,)) as (desk, _folder, _ask):
        if not desk.is_neutral:
            raise DeskBroken("desk.not_neutral")
        if not settings.dry_run:
            desk.tick()
        said = desk.state.authority.clock
        return Answer(says=[f"The neutral's clock stands at {said}."], data={"clock": said, "acts": desk.size})
