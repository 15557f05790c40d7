"""A desk in a folder: make one, and see whose it is."""

from __future__ import annotations

from typing import Annotated

import typer

from parley.acts import ROLES
from parley.cli.act import noun
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import passphrases, reading, settings_of
from parley.cli.errors import WrongUse
from parley.desk import FORKED, HANDED
from parley.desk.folder import WORK_FACTOR, make_folder, read_folder
from parley.process.standing import standing_of
from parley.store import RESTORED

LEAST_WORK = 10
COMMANDS = ()
app = noun("Make a desk in a folder; see whose it is.")


@app.command("init", short_help="Make a desk with fresh keys in the folder of --desk.")
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="the participant, in small letters: north")],
    role: Annotated[str, typer.Option(help=" | ".join(ROLES))],
    letters: Annotated[str, typer.Option(help="what its lines begin with: one to three capital letters")],
    officers: Annotated[int, typer.Option(help="how many officers' keys to make")] = 2,
    roots: Annotated[int, typer.Option(help="how many root keys to make")] = 3,
    threshold: Annotated[int, typer.Option(help="how many root keys must sign")] = 2,
    practice: Annotated[bool, typer.Option(help="a desk for practice, whose papers say so")] = False,
    store: Annotated[str, typer.Option(help="a file in the folder, or postgresql://…#schema")] = "record.db",
    work: Annotated[int, typer.Option(help="the cost of a try at a passphrase: each step doubles it")] = WORK_FACTOR,
) -> Answer:
    """Make a desk with fresh keys in the folder of --desk: settings, key files, and enrolment.json for the founding table.

    Each key file is locked with a passphrase of its own: the desk's, each officer's, each root's. Carry the root keys away to
    an offline place once the case is founded.
    """
    settings = settings_of(context)
    _check(role, letters, officers, roots, threshold, work)
    if settings.dry_run:
        return Answer(says=["A desk would be made here. Nothing was written."], code="dry_run", data={"name": name})
    settings.desk.mkdir(parents=True, exist_ok=True)
    folder = make_folder(
        settings.desk,
        name=name,
        role=role,
        letters=letters,
        passphrase=passphrases(settings, twice=True),
        officers=officers,
        roots=roots,
        threshold=threshold,
        practice=practice,
        store=store,
        work_factor=work,
    )
    says = [
        f"A desk for {name} ({role}), lines {letters}1, {letters}2, …",
        f"Keys: {', '.join(folder.key_names)}",
        "Carry enrolment.json to the founding table, and the root keys to an offline place.",
    ]
    return Answer(says=says, data={"name": name, "role": role, "letters": letters, "keys": list(folder.key_names)})


def _check(role: str, letters: str, officers: int, roots: int, threshold: int, work: int) -> None:
    if role not in ROLES:
        raise WrongUse("cli.usage", detail=f"--role is one of {', '.join(ROLES)}")
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):
        raise WrongUse("cli.usage", detail="--letters is one to three capital letters")
    if not 1 <= officers <= 50 or not 1 <= roots <= 15 or not 1 <= threshold <= roots:
        raise WrongUse("cli.usage", detail="--officers 1 to 50, --roots 1 to 15, --threshold 1 to the number of roots")
    if not LEAST_WORK <= work <= 20:
        raise WrongUse("cli.usage", detail=f"--work is between {LEAST_WORK} and 20")


@app.command("show", short_help="Whose desk this is, which case, how far the record has come here.")
def show(context: typer.Context) -> Answer:
    """Tell whose desk this is, which case it works on, how far the record has come here, and what waits."""
    settings = settings_of(context)
    folder = read_folder(settings.desk)
    with reading(settings) as desk:
        facts = desk.store.facts()
        point = desk.checkpoint
        said = {
            "name": folder.name,
            "role": folder.role,
            "letters": folder.letters,
            "practice": folder.practice,
            "keys": list(folder.key_names),
            "case": desk.ledger.case,
            "acts": desk.size,
            "clock": desk.state.authority.clock,
            "standing": standing_of(desk.state) if desk.size else "",
            "checkpoint": point.size if point is not None else 0,
            "cosigned_by": sorted(point.cosigners) if point is not None else [],
            "three_signed": desk.three_signed,
            "waiting": [one.envelope.kind for one in desk.waiting],
            "restored": RESTORED in facts,
            "forked": FORKED in facts,
            "handed": sum(1 for name in facts if name.startswith(HANDED)),
        }
    rows = [(name.replace("_", " "), _written(value)) for name, value in said.items()]
    return Answer(says=[Table(("", ""), rows)], data=said)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
