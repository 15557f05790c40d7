"""Two acts of one participant with one number: show both to everybody, and choose the branch that goes on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from parley import acts
from parley.cli.act import ActCommand, Given, noun
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import read_file, reading, settings_of
from parley.cli.errors import WrongUse
from parley.cli.values import Reader
from parley.desk import EVIDENCE, Desk
from parley.record.envelope import SignedAct, read_act
from parley.record.errors import RecordBroken
from parley.words import ParticipantName


def _proofs(desk: Desk) -> Iterator[tuple[SignedAct, SignedAct]]:
    """Yield each act kept as evidence with the act of the log that has its author and number."""
    logged: dict[tuple[str, int], SignedAct] = {}
    kept: list[SignedAct] = []
    for note in desk.store.facts(EVIDENCE).values():
        try:
            kept.append(read_act(note))
        except RecordBroken:
            continue  # a checkpoint of a split view is evidence too
    if kept:
        logged = {(one.envelope.party, one.envelope.seq): one for one in map(read_act, desk.store.acts())}
    for one in kept:
        other = logged.get((one.envelope.party, one.envelope.seq))
        if other is not None and other.id != one.id:
            yield other, one


def _notes(reader: Reader, said: Given) -> Mapping[str, Any]:
    if "notes" in said:
        notes = tuple(b64encode(read_file(Path(one.removeprefix("@")))).decode() for one in said["notes"])
        return {"notes": notes}
    wanted = said.get("participant", ("",))[-1]
    for logged, other in _proofs(reader.desk):
        if wanted in ("", logged.envelope.party):
            found = tuple(b64encode(one.note).decode() for one in (logged, other))
            return {"participant": ParticipantName(logged.envelope.party), "notes": found}
    raise WrongUse("cli.missing", missing="--note FILE, twice: no fork is kept as evidence at this desk")


COMMANDS = (
    ActCommand(name="report", deed=acts.ReportFork, fill=_notes),
    ActCommand(name="choose", deed=acts.ChooseBranch),
)
app = noun("Report two acts with one number; choose the branch that goes on.", COMMANDS)


@app.command("list", short_help="Forks kept as evidence here.")
def forks(context: typer.Context) -> Answer:
    """List the forks kept as evidence at this desk: who signed two acts with one number, and which two."""
    settings = settings_of(context)
    with reading(settings) as desk:
        found = [
            {"party": one.envelope.party, "seq": one.envelope.seq, "logged": one.id, "other": other.id}
            for one, other in _proofs(desk)
        ]
    rows = [(one["party"], one["seq"], str(one["logged"])[:16], str(one["other"])[:16]) for one in found]
    says = [Table(("party", "number", "in the log", "also signed"), rows)] if rows else ["No fork is kept here."]
    return Answer(says=says, data={"forks": found})
