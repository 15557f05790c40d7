"""Publication on the command line: number sheets, embargo, communiqué."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from parley import acts
from parley.briefings.communique import Communique, communique, draft
from parley.cli.act import ActCommand, Given, noun
from parley.cli.answer import Answer, refused
from parley.cli.at_desk import act_meant, reading, settings_of, write_file
from parley.cli.errors import WrongUse
from parley.cli.values import Reader
from parley.desk.offers import NOBODYS, offers
from parley.process import agreed
from parley.process.state import State
from parley.words import ActId, Refusal


def _languages(state: State) -> tuple[str, ...]:
    """Return the languages of the terms in force, which are those that a communiqué needs; else all."""
    says = agreed.in_force(state)
    named = says.languages if says is not None else ()
    return tuple(one for one in named if one in acts.LANGUAGES) or acts.LANGUAGES


def _sheet(reader: Reader, said: str) -> ActId:
    if said:
        return act_meant(reader.desk, said)
    offered = offers(reader.state, reader.desk.name)[acts.PublishCommunique.kind]
    assert isinstance(offered, acts.PublishCommunique)
    return offered.sheet


def _texts(reader: Reader, said: Given) -> Mapping[str, Any]:
    """Return the hashes of the texts that the agreed figures give, where nobody names others."""
    if "texts" in said:
        return {}
    sheet, status = _sheet(reader, said.get("sheet", ("",))[-1]), said.get("status", ("",))[-1]
    built = communique(reader.state, sheet, status=status, languages=_languages(reader.state))
    return {"texts": built.digests} if isinstance(built, Communique) else {"texts": {}}


COMMANDS = (
    ActCommand(name="propose", deed=acts.ProposeNumberSheet),
    ActCommand(name="agree", deed=acts.AgreeNumberSheet),
    ActCommand(name="embargo", deed=acts.SetEmbargo),
    ActCommand(name="publish", deed=acts.PublishCommunique, fill=_texts),
)
app = noun("Number sheets, embargo, communiqué.", COMMANDS)


@app.command("text", short_help="The communiqué that the agreed figures give, in each language.")
def text(
    context: typer.Context,
    out: Annotated[
        str, typer.Option("--out", help="a folder for communique.en.txt and the others (else printed)")
    ] = "",
    sheet: Annotated[str, typer.Option("--sheet", help="which number sheet (else the one agreed)")] = "",
    status: Annotated[
        str, typer.Option("--status", help="as executed, signed, agreed (else the furthest reached)")
    ] = "",
) -> Answer:
    """Give the text of the communiqué in each language of the terms; before it may be published, a draft that says so."""
    settings = settings_of(context)
    with reading(settings) as desk:
        meant = _sheet(Reader(desk), sheet)
        if meant == NOBODYS:
            raise WrongUse("cli.missing", missing="a number sheet: nobody has proposed one yet")
        languages = _languages(desk.ahead)
        built = communique(desk.ahead, meant, status=status, languages=languages)
        final = isinstance(built, Communique)
        built = built if final else draft(desk.ahead, meant, status=status, languages=languages)
    if isinstance(built, Refusal):
        return refused(built, settings.language)
    if out and not settings.dry_run:
        for language, said in built.texts.items():
            write_file(Path(out) / f"communique.{language}.txt", said.encode())
    says = [line for said in built.texts.values() for line in (*said.splitlines(), "")] if not out else []
    says.append(f"{len(built.texts)} texts{'' if final else ', drafts only: nothing may be published yet'}.")
    data = {"sheet": built.sheet, "status": built.status, "draft": not final, "texts": dict(built.texts)}
    return Answer(says=says, data=data)
