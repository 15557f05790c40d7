"""Plays a scenario file among practice desks, and shows each sentence with what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from parley.briefings.phrases import phrase
from parley.cli.answer import REFUSED, Answer, Table
from parley.cli.at_desk import read_words, settings_of
from parley.cli.record import in_words
from parley.forms import plain
from parley.scenario.player import Report
from parley.scenario.player import play as play_scenario
from parley.scenario.tables import DeskTable, LawTable

COMMANDS = ()
MOST_LINES: Final = 60
"""Sentences of a scene that are all shown; of a longer one only its ends and what stands out."""
FEW: Final = 12
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("play")
def play(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a scenario in plain text; see spec/scenario.md")],
    law_alone: Annotated[
        bool, typer.Option("--law-alone", help="judge and fold only: no keys, no desks, no bundles (quicker)")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="every sentence, also of a long scene that went well")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="sign and log also what is refused; it must be void")
    ] = False,
) -> Answer:
    """Play a scenario through real desks with real signatures: each sentence, how it went, and what the record adds up to.

    Exit code 1 if a sentence went otherwise than it says.
    """
    settings = settings_of(context)
    reports = play_scenario(read_words(Path(file)), LawTable if law_alone else DeskTable, anyway=anyway)
    says: list[str | Table] = []
    for report in reports:
        says += _in_words(report, settings.language, full=full)
    well = all(report.ok for report in reports)
    says.append("Everything went as written." if well else "NOT everything went as written.")
    data = {"scenes": [_as_data(report) for report in reports], "as_written": well}
    return Answer(says=says, data=data, code="done" if well else "scenario.otherwise", exit=0 if well else REFUSED)


def _in_words(report: Report, language: str, *, full: bool) -> list[str | Table]:
    """Return a scene: all of a short one; of a long one its ends, what was refused, and what went otherwise."""
    last = len(report.lines) - FEW
    kept = [
        one
        for place, one in enumerate(report.lines)
        if full or len(report.lines) <= MOST_LINES or place < FEW or place >= last or one.got != "allowed" or not one.ok
    ]
    rows = [
        (one.number, one.text, one.got if one.got != "allowed" else "", "" if one.ok else f"EXPECTED {one.expected}")
        for one in kept
    ]
    folded = len(report.lines) - len(kept)
    says: list[str | Table] = [f"== {report.title}" if report.title else "", Table(("", "", "", ""), rows)]
    says += [phrase("heading.folded", language, count=folded)] if folded else []
    return [*says, *in_words(report.account, language)]


def _as_data(report: Report) -> dict[str, Any]:
    lines = [{"line": one.number, "text": one.text, "expected": one.expected, "got": one.got} for one in report.lines]
    return {"title": report.title, "ok": report.ok, "lines": lines, "account": plain(report.account)}
