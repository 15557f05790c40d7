"""Batches on the command line: seeds, compositions, agreement."""

from __future__ import annotations

from typing import Annotated

import typer

from parley import acts
from parley.briefings.rulebook import help_of
from parley.cli.act import ActCommand, do, noun, read_deed, sign_deed
from parley.cli.answer import Answer
from parley.cli.at_desk import read_file, reading, settings_of, unlock_for, working, write_file
from parley.cli.errors import WrongUse
from parley.cli.values import Reader
from parley.process.batches import commitment_of

COMMANDS = (
    ActCommand(name="commit", deed=acts.CommitSeed),
    ActCommand(name="reveal", deed=acts.RevealSeed),
    ActCommand(name="compose", deed=acts.ComposeBatches),
    ActCommand(name="agree", deed=acts.AgreeBatches),
)
app = noun("Seeds, compositions, agreement.", [one for one in COMMANDS if one.deed is not acts.AgreeBatches])
Policy = Annotated[str, typer.Option("--policy", metavar="FILE", help="the agreed policy, to redo a drawn composition")]
Pool = Annotated[
    str, typer.Option("--pool", metavar="FILE", help="the pool, where the policy asks more than the record knows")
]


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


@app.command("propose", short_help="Compose under the agreed policy, draw by the revealed seeds, and propose it.")
def propose(
    context: typer.Context,
    policy: Annotated[str, typer.Argument(metavar="POLICY.toml", help="the policy that both sides agreed to")],
    pool: Pool = "",
    out: Annotated[str, typer.Option("--out", help="a new folder for lists, lottery, certificate and report")] = "",
) -> Answer:
    """Compose the batches from the final lists under a policy, draw by everybody's seeds, and propose them.

    The pool is everybody on the final lists who has not gone yet, with side, category and grade. Every desk gets the same batches
    from the same policy; ``parley batches agree --policy`` redoes them before it signs.
    """
    from pathlib import Path

    from parley.cli.compose import no_lists, write_folder
    from parley.composing.infeasible import Infeasible
    from parley.desk.composing_batches import compose_case
    from parley.desk.composition_files import case_files

    settings = settings_of(context)
    text = read_file(Path(policy))
    if out and Path(out).exists():
        raise WrongUse("cli.exists")
    with working(settings, keys=()) as (desk, folder, ask):
        try:
            found = compose_case(desk.state, text, read_file(Path(pool)) if pool else b"")
        except Infeasible as none:
            return no_lists(none, text, settings.language)
        deed = acts.ComposeBatches(batches=found.plans, policy=found.policy, drawn=True)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        answer = sign_deed(desk, settings, deed, signers=signers)
    if out and not answer.exit and not settings.dry_run:
        write_folder(Path(out), case_files(found.composed, found.drawn, found.pool, text, settings.language))
    return answer


@app.command("explain", short_help="Why a person of the final lists goes in a batch or does not.")
def explain(
    context: typer.Context,
    line: Annotated[str, typer.Argument(metavar="LINE", help="the person's line")],
    policy: Annotated[str, typer.Option("--policy", metavar="FILE", help="the agreed policy")],
    pool: Pool = "",
) -> Answer:
    """Compose again and say why a person goes or does not: taken out, a class ahead, a full rule, or the draw.

    Never a place among others. The lists are those in force now, the chance is the seeds revealed in this case.
    """
    from pathlib import Path

    from parley.briefings.why_words import why_lines
    from parley.composing.reasons import explain as reason_for
    from parley.desk.composing_batches import compose_case

    settings = settings_of(context)
    with reading(settings) as desk:
        found = compose_case(desk.state, read_file(Path(policy)), read_file(Path(pool)) if pool else b"")
    reason = reason_for(found.composed, found.drawn, line)
    chance = f"{reason.chance.numerator}/{reason.chance.denominator}"
    data = {"kind": reason.kind, "batch": reason.batch, "chance": chance, "full": [list(one) for one in reason.full]}
    return Answer(says=list(why_lines(reason, None, settings.language)), data=data)


@app.command(
    "agree",
    help=help_of(acts.AgreeBatches)
    + "\n\nA drawn composition is redone from policy, final lists and seeds; nothing is signed where that gives other people.",
    short_help="Agree to a composition; a drawn one is redone first.",
)
def agree(
    context: typer.Context,
    composition: Annotated[
        str, typer.Option("--composition", metavar="ACT", help="taken from the record if left out")
    ] = "",
    policy: Policy = "",
    pool: Pool = "",
) -> Answer:
    """Agree to a composition, after redoing it where it was drawn (DESIGN 4)."""
    from pathlib import Path

    from parley.desk.composing_batches import check_by_redoing

    settings = settings_of(context)
    with working(settings) as (desk, folder, ask):
        said = {"composition": (composition,)} if composition else {}
        deed = read_deed(Reader(desk, folder), COMMANDS[3], said)
        assert isinstance(deed, acts.AgreeBatches)
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        notes: list[str] = []
        proposed = desk.state.batches.compositions.get(deed.composition)
        if proposed is not None and proposed.drawn and desk.judge(deed, signers=signers) is None:
            if not policy:
                raise WrongUse("cli.missing", missing="--policy")
            check_by_redoing(desk, deed.composition, read_file(Path(policy)), read_file(Path(pool)) if pool else b"")
            notes.append("  redone       the policy, the final lists and the seeds give exactly these people")
        return sign_deed(desk, settings, deed, signers=signers, notes=notes)
