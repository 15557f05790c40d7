"""Post between desks on the command line: with the neutral's desk at an address, or through a shared folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from parley.cli.answer import Answer, broken, show
from parley.cli.at_desk import DESK_KEY, settings_of, working
from parley.cli.errors import WrongUse
from parley.cli.settings import Settings
from parley.desk import Desk
from parley.desk.folder import Folder
from parley.desk.post_errors import PostBroken
from parley.desk.visiting import Line, Visit, seen_at_least, visit, visit_folder

COMMANDS = ()
POST: Final = "post"
"""The folder inside a desk's own that keeps the pieces of what broke off."""
LEAST_PAUSE: Final = 1.0
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("sync")
def sync(
    context: typer.Context,
    where: Annotated[
        str, typer.Argument(help="the neutral's desk, as in https://desk.example:8440/, or a shared folder")
    ],
    every: Annotated[
        float, typer.Option("--every", help="go on for ever, with so many seconds between (else once)")
    ] = 0,
    times: Annotated[int, typer.Option("--times", help="with --every: stop after so many visits")] = 0,
) -> Answer:
    """Give what waits here, take what is new, and cosign it: the same bundles as on a stick, over a line or through a folder.

    A desk that was away for a week catches up with one call. What broke off goes on where it broke, and a bundle that comes
    twice does nothing. Nothing is asked of any other address than the one typed.
    """
    settings = settings_of(context)
    if every and every < LEAST_PAUSE:
        raise WrongUse("cli.usage", detail=f"--every is at least {LEAST_PAUSE:g} second")
    if settings.dry_run:
        return Answer(says=[f"This would carry bundles between this desk and {where}."], code="dry_run")
    if not every:
        return _once(settings, where)
    return _for_ever(lambda: _once(settings, where), settings, every, times)


def _for_ever(once: Callable[[], Answer], settings: Settings, every: float, times: int) -> Answer:
    """Visit again and again; a line that breaks is told and tried again, anything else ends it."""
    done = 0
    while True:
        try:
            answer = once()
        except PostBroken as cause:
            answer = broken(cause, settings.language)
        done += 1
        if done == times:
            return answer
        show(answer, as_json=settings.json)
        time.sleep(every)


def _once(settings: Settings, where: str) -> Answer:
    with working(settings, keys=(DESK_KEY,)) as (desk, folder, _ask):
        done = _through(desk, folder, where)
        said = _said(desk, done)
    return Answer(says=_in_words(said), data=said)


def _through(desk: Desk, folder: Folder, where: str) -> Visit:
    if "://" in where:
        return visit(lambda: nullcontext(desk), Line(where, desk, folder.path / POST))
    if desk.is_neutral:
        others = [name for name in desk.state.authority.participants if name != desk.name]
        return visit_folder(desk, Path(where), [(name, seen_at_least(desk, name)) for name in others])
    neutral = desk.state.authority.neutral if desk.size else ""
    return visit_folder(desk, Path(where), [(neutral, desk.size)] if neutral else [])


def _said(desk: Desk, done: Visit) -> dict[str, Any]:
    return {
        "acts": done.acts,
        "files": done.files,
        "logged": done.logged,
        "rounds": done.rounds,
        "turned_away": [{"party": party, "seq": seq, "code": code} for party, seq, code in done.turned_away],
        "states_differ": list(done.states_differ),
        "refused": list(done.refused),
        "size": desk.size,
        "waiting": len(desk.waiting),
        "cosigned_by": sorted(desk.checkpoint.cosigners) if desk.checkpoint is not None else [],
    }


def _in_words(said: dict[str, Any]) -> list[str]:
    taken = f"{said['acts']} new acts and {said['files']} sealed files taken, {said['logged']} logged"
    says = [f"{taken}; the record here has {said['size']} acts."]
    says += [f"Turned away: act {one['seq']} of {one['party']}: {one['code']}" for one in said["turned_away"]]
    says += [f"Set aside as no bundle of this case: {code}" for code in said["refused"]]
    if said["states_differ"]:
        says.append(f"ALARM: authors of acts {said['states_differ']} derived another state; compare program versions.")
    says += [f"{said['waiting']} own acts still wait for their receipt."] if said["waiting"] else []
    return says
