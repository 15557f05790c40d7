"""Plays a scenario file among practice desks, and shows each sentence with what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from parley.cli.answer import REFUSED, Answer, Table
from parley.cli.at_desk import read_words, settings_of
from parley.cli.record import in_words
from parley.forms import plain
from parley.scenario.player import Report
from parley.scenario.player import play as play_scenario
from parley.scenario.tables import DeskTable, LawTable

COMMANDS = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("play")
def play(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a scenario in plain text; see spec/scenario.md")],
    law_alone: Annotated[
        bool, typer.Option("--law-alone", help="judge and fold only: no keys, no desks, no bundles (quicker)")
    ] = False,
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
        says += _in_words(report)
    well = all(report.ok for report in reports)
    says.append("Everything went as written." if well else "NOT everything went as written.")
    data = {"scenes": [_as_data(report) for report in reports], "as_written": well}
    _ = settings
    return Answer(says=says, data=data, code="done" if well else "scenario.otherwise", exit=0 if well else REFUSED)


def _in_words(report: Report) -> list[str | Table]:
    rows = [
        (one.number, one.text, one.got if one.got != "allowed" else "", "" if one.ok else f"EXPECTED {one.expected}")
        for one in report.lines
    ]
    return [f"== {report.title}" if report.title else "", Table(("", "", "", ""), rows), *in_words(report.account)]


def _as_data(report: Report) -> dict[str, Any]:
    lines = [{"line": one.number, "text": one.text, "expected": one.expected, "got": one.got} for one in report.lines]
    return {"title": report.title, "ok": report.ok, "lines": lines, "account": plain(report.account)}
