"""What may be done at this desk now, with the command to type, and in one sentence why not everything else."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Annotated

import typer

from parley.acts import BY_KIND
from parley.briefings.phrases import phrase
from parley.briefings.rulebook import about
from parley.cli import NOUNS
from parley.cli.act import ActCommand
from parley.cli.answer import Answer, Table, sentence_of
from parley.cli.at_desk import reading, settings_of
from parley.desk.erasing import keys_left
from parley.desk.errors import DeskBroken
from parley.desk.whatnow import whatnow as ask_the_law
from parley.forms import plain

COMMANDS: tuple[ActCommand, ...] = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@cache
def command_lines() -> Mapping[str, str]:
    """Return, for each kind of act, the command that does it: ``terms agree``."""
    found: dict[str, str] = {}
    for noun, (module, _) in NOUNS.items():
        if importlib.util.find_spec(f"parley.cli.{module}") is None:
            continue
        commands = getattr(importlib.import_module(f"parley.cli.{module}"), "COMMANDS", ())
        for one in commands.get(noun, ()) if isinstance(commands, Mapping) else commands:
            words = noun if one.name == noun else f"{noun} {one.name}"
            found.setdefault(one.deed.kind, words)
    return found


@app.command("whatnow")
def whatnow(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="only this kind of act, or this stage's word in its command")] = "",
    only: Annotated[bool, typer.Option("--may", help="only what may be done")] = False,
) -> Answer:
    """Tell what this desk's officers may do now, with the command, and for every other act why not.

    It is the law, asked about the most likely next step of each kind: the open proposal, the unanswered lines, the next batch.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        now = ask_the_law(desk)
        name, waiting, left = desk.name, len(desk.waiting), keys_left(desk)
    lines = command_lines()
    wanted = [one for one in now.may if _fits(kind, one.kind)]
    denied = [] if only else [one for one in now.may_not if _fits(kind, one.kind)]
    may = [{"kind": one.kind, "command": f"parley {lines[one.kind]}", "offer": plain(one.offer)} for one in wanted]
    may_not = [
        {
            "kind": one.kind,
            "command": f"parley {lines[one.kind]}",
            "refused": one.refusal.code,
            "why": (said := sentence_of(one.refusal, settings.language)).why,
            "next": said.next,
        }
        for one in denied
    ]
    says: list[str | Table] = [
        phrase("heading.may_now", settings.language, who=name),
        Table(("", ""), [(f"parley {lines[one.kind]}", about(BY_KIND[one.kind])) for one in wanted]),
    ]
    if denied:
        says += [
            "",
            phrase("heading.not_now", settings.language),
            Table(("", "", ""), [(one["command"], one["refused"], one["why"]) for one in may_not]),
        ]
    if now.must_not_sign:
        ban = sentence_of(DeskBroken(now.must_not_sign), settings.language)
        says = [f"{now.must_not_sign}: {ban.why}", f"  {ban.next}", "", *says]
    says += [phrase("closing.keys_left", settings.language)] if left else []
    says += [phrase("heading.waiting", settings.language, count=waiting)] if waiting else []
    return Answer(
        says=says, data={"may": may, "may_not": may_not, "waiting": waiting, "must_not_sign": now.must_not_sign}
    )


def _fits(asked: str, kind: str) -> bool:
    return asked in ("", kind) or command_lines()[kind].split()[0] == asked
