"""Mandates on the command line: which officers may sign what, from when until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import typer

from parley import acts
from parley.cli.act import ActCommand, Given, noun
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import now, read_file, reading, settings_of
from parley.cli.values import Reader
from parley.desk.folder import ENROLMENT, read_enrolment
from parley.desk.table import full_grants

ROLE: Final = re.compile(r"[a-z0-9-]+/(officer|office)-[0-9]{1,6}\Z")
"""How a key is named that names nobody: the record holds no officer by name (DESIGN 7.9)."""


def named_otherwise(names: Iterable[str]) -> tuple[str, ...]:
    """Return the key names that are no role and number: one of them may be a person's name, and it would stay for good."""
    return tuple(sorted(name for name in names if ROLE.match(name) is None))


def _usual(reader: Reader, said: Given) -> Mapping[str, Any]:
    """Return what is meant where it is not said: all officers enrolled, every act of one's role, from now on.

    Two officers sign together where it matters most (``desk.table.TWO_OFFICERS``).
    """
    found: dict[str, Any] = {}
    strange = named_otherwise(vkey.split("+")[0] for vkey in said.get("officers", ()))
    if strange:
        typer.echo(
            f"Look again: {', '.join(strange)} is no role such as north/office-1. Key names stay in the record for good, and "
            "it names no officer; better make a key with a role's name.",
            err=True,
        )
    me = reader.state.authority.participants.get(reader.desk.name)
    if "officers" not in said and reader.folder is not None:
        found["officers"] = read_enrolment(read_file(reader.folder.path / ENROLMENT))[1]
    if "grants" not in said and me is not None:
        found["grants"] = full_grants(me.role)
    if "not_before" not in said:
        found["not_before"] = reader.state.authority.clock or now()
    return found


COMMANDS = (
    ActCommand(name="issue", deed=acts.IssueMandate, fill=_usual),
    ActCommand(name="revoke", deed=acts.RevokeMandate),
)
app = noun("Issue and revoke officers' mandates.", COMMANDS)


@app.command("list", short_help="The mandates on record.")
def mandates(context: typer.Context) -> Answer:
    """List the mandates on record: whose, which officers, for how many kinds of act, from when until when, revoked or not."""
    settings = settings_of(context)
    with reading(settings) as desk:
        clock = desk.state.authority.clock
        found: list[dict[str, Any]] = [
            {
                "mandate": one.id,
                "party": one.party,
                "officers": sorted(one.officers),
                "kinds": sorted(one.needed),
                "not_before": one.not_before,
                "until": one.until,
                "in_force": not one.revoked and one.not_before <= clock < one.until,
                "revoked": one.revoked,
            }
            for one in desk.state.authority.mandates.values()
        ]
    rows = [
        (
            str(one["mandate"])[:12],
            one["party"],
            ", ".join(name.split("/")[1] for name in one["officers"]),
            len(one["kinds"]),
            one["not_before"],
            one["until"],
            "in force" if one["in_force"] else one["revoked"] or "not in force",
        )
        for one in found
    ]
    strange = named_otherwise(name for one in found for name in one["officers"])
    notes = [f"Not named by a role: {', '.join(strange)}."] if strange else []
    columns = ("mandate", "party", "officers", "kinds", "from", "until", "now")
    return Answer(
        says=[Table(columns, rows), *notes] if rows else ["No mandate is on record."], data={"mandates": found}
    )
