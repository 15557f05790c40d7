"""Batches on the command line: seeds, compositions, agreement."""

from __future__ import annotations

from typing import Annotated

import typer

from parley import acts
from parley.cli.act import ActCommand, do, noun
from parley.cli.answer import Answer
from parley.cli.at_desk import settings_of, write_file
from parley.cli.errors import WrongUse
from parley.process.batches import commitment_of

COMMANDS = (
    ActCommand(name="commit", deed=acts.CommitSeed),
    ActCommand(name="reveal", deed=acts.RevealSeed),
    ActCommand(name="compose", deed=acts.ComposeBatches),
    ActCommand(name="agree", deed=acts.AgreeBatches),
)
app = noun("Seeds, compositions, agreement.", COMMANDS)


@app.command("seed", short_help="Make a secret seed in a file and commit to it.")
def seed(
    context: typer.Context,
    out: Annotated[str, typer.Option("--out", help="the new file that keeps the seed until it is revealed")],
) -> Answer:
    """Make a secret seed of 32 bytes, keep it in a new file, and commit to it.

    Keep the file on a device that nobody else reads. Reveal it, when all have committed, with
    ``parley batches reveal --seed "$(cat FILE)"``.
    """
    import secrets
    from pathlib import Path

    settings = settings_of(context)
    path = Path(out)
    if path.exists():
        raise WrongUse("cli.exists")
    fresh = secrets.token_hex(32)
    if not settings.dry_run:
        write_file(path, fresh.encode() + b"\n", private=True)
    try:
        answer = do(settings, COMMANDS[0], {"commitment": (commitment_of(fresh),)})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if answer.exit:
        path.unlink(missing_ok=True)
    return answer
