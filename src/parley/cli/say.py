"""Any act by a sentence of the scenario language: ``parley say "agrees to the terms"``."""

from __future__ import annotations

from typing import Annotated

import typer

from parley.cli.act import papers_of, sign_deed
from parley.cli.answer import Answer
from parley.cli.at_desk import act_meant, settings_of, unlock_for, working
from parley.cli.errors import WrongValue
from parley.scenario.grammar import LabelRef, ScenarioBroken, Sentence, choose
from parley.scenario.verbs import VERBS

COMMANDS = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("say")
def say(
    context: typer.Context,
    sentence: Annotated[str, typer.Argument(help='without who says it: "proposes terms: 1,000 for 1,000"')],
    text: Annotated[
        list[str] | None, typer.Option("--text", help="words that travel sealed: words, uk=words, uk=@FILE")
    ] = None,
    paper: Annotated[list[str] | None, typer.Option("--paper", help="a file that travels sealed with the act")] = None,
    rooms: Annotated[list[str] | None, typer.Option("--seal-to", help="rooms to seal to")] = None,
) -> Answer:
    """Do any act by a sentence of the scenario language, as this desk's officers.

    What travels sealed is given with --text and --paper; practice papers are never made here. A label in square brackets
    means the act whose id begins with it: ``agrees to the terms [a7f3]`` (it must begin with a letter).
    """
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, folder, ask):
        try:
            verb, words = choose(VERBS, Sentence.of(sentence))
            meant = {
                name: act_meant(desk, value.label) if isinstance(value, LabelRef) else value
                for name, value in words.items()
            }
            deed = verb.make(meant, desk.ahead, desk.name)
        except ScenarioBroken as broken:
            raise WrongValue("the sentence", broken) from broken
        except (KeyError, StopIteration, ValueError):
            raise WrongValue("the sentence", ScenarioBroken("scenario.makes_no_sense", text=sentence[:80])) from None
        given = {"text": text or (), "paper": paper or (), "rooms": rooms or ()}
        enclosed = papers_of(desk, deed, given)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        return sign_deed(desk, settings, deed, signers=signers, attachments=enclosed)
