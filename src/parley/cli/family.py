"""Families on the command line: that they were notified, and the codes by which they read five plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parley import acts
from parley.cli.act import ActCommand, noun
from parley.cli.answer import Answer, Table, refused
from parley.cli.at_desk import now, reading, settings_of
from parley.desk.family_codes import WORDS, FamilyCodes
from parley.desk.folder import read_folder
from parley.words import Day, Refusal

COMMANDS = (ActCommand(name="notify", deed=acts.NotifyFamily),)
app = noun("Record that families were notified; codes by which they read how their request stands.", COMMANDS)


def _kept(folder: Path) -> FamilyCodes:
    return FamilyCodes(read_folder(folder).path)


def _today() -> Day:
    return Day(now()[:10])


@app.command("code", short_help="Give out a code, for a person's line or for nobody's yet.")
def make(
    context: typer.Context,
    line: Annotated[
        str, typer.Option("--line", help="the person's line, N17 (else a request that is on no list)")
    ] = "",
) -> Answer:
    """Print a new code once. Only a keyed hash of it is kept: send it to the family, and write it nowhere else."""
    settings = settings_of(context)
    with reading(settings) as desk:
        state = desk.state
    made = _kept(settings.desk).make(state, line, _today())
    if isinstance(made, Refusal):
        return refused(made, settings.language)
    return Answer(says=[made, "It is shown this once."], data={"family_code": made, "line": line})


@app.command("revoke", short_help="Take a code back.")
def revoke(context: typer.Context, code: Annotated[str, typer.Argument(help="the code")]) -> Answer:
    """Take a code back: whoever asks by it afterwards is answered as for any code that was never given."""
    _kept(settings_of(context).desk).revoke(code)
    return Answer(says=["Taken back."])


@app.command("set", short_help=f"Let a code say one of: {', '.join(WORDS)}.")
def set_(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="the code")],
    word: Annotated[str, typer.Argument(help=" | ".join(WORDS))],
) -> Answer:
    """Let a code say another word from today on. ``returned`` only after the record says that the family was notified."""
    settings = settings_of(context)
    with reading(settings) as desk:
        state = desk.state
    refusal = _kept(settings.desk).set(state, code, word, _today())
    if refusal is not None:
        return refused(refusal, settings.language)
    return Answer(says=[f"It says {word} from today on."], data={"word": word})


@app.command("codes", short_help="What stands under the codes given out, by line.")
def list_(context: typer.Context) -> Answer:
    """List lines, words and days; the codes themselves are known to the families alone."""
    found = _kept(settings_of(context).desk).given
    table = Table(("line", "word", "since"), [(one.line or "-", one.word, one.since) for one in found])
    data = {"codes": [{"line": one.line, "word": one.word, "since": one.since} for one in found]}
    return Answer(says=[table, f"{len(found)} codes."], data=data)


@app.command("contact", short_help="Say whom families call.")
def contact(context: typer.Context, text: Annotated[str, typer.Argument(help="a number and hours")]) -> Answer:
    """Say whom families call; it stands on every page that a code opens."""
    settings = settings_of(context)
    refusal = _kept(settings.desk).set_contact(text)
    return refused(refusal, settings.language) if refusal is not None else Answer(says=["Kept."])
