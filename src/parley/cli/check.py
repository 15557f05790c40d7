"""Checking on the command line: is the record in this file genuine, given root keys that came by another way?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parley.cli.answer import Answer, sentence_of
from parley.cli.at_desk import read_words, settings_of
from parley.cli.errors import CliBroken, WrongUse
from parley.desk.errors import DeskBroken
from parley.desk.verify import Verified, parse_roots, verify_bundle
from parley.record.errors import BundleBroken

COMMANDS = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(short_help="Check a bundle against root keys taken from elsewhere.")
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="a bundle that begins with the first act")],
    roots: Annotated[
        Path | None, typer.Option("--roots", help="the root keys, as parley case roots printed them elsewhere")
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=0, help="how many at once (else one a processor)")] = 0,
) -> Answer:
    """Check every signature, chain and checkpoint of a record, and who was entitled to sign what.

    The root keys must have come by another way than the file: from the founding table, on paper, by voice. It needs no desk.
    A record that is genuine is not thereby lawful or complete: void acts by other rules are not judged here.
    """
    settings = settings_of(context)
    if roots is None:
        raise WrongUse("cli.roots_missing")
    keys = parse_roots(read_words(roots))
    try:
        found = verify_bundle(file, keys, workers=processes or None)
    except OSError:
        raise CliBroken("cli.no_such_file", file=file.name) from None
    except DeskBroken as broken:
        cause = str(broken.facts.get("cause", ""))
        if cause == "desk.foreign_founding":
            raise DeskBroken("verify.other_roots") from None
        if not cause.startswith("bundle."):
            raise
        raise BundleBroken(cause) from None  # no record to judge: the answer that an import gives
    return Answer(says=_in_words(found, settings.language), data=_as_data(found))


def _in_words(found: Verified, language: str) -> list[str]:
    says = [
        f"Genuine up to act {found.size - 1}, cosigned by {', '.join(found.cosigned)}.",
        f"  Root of the first {found.size} acts: {found.root}",
    ]
    for position, refusal in found.lacking:
        says.append(f"  Act {position} is without authority, so without effect: {sentence_of(refusal, language).why}")
    if found.lacking_count > len(found.lacking):
        says.append(f"  … and {found.lacking_count - len(found.lacking)} more.")
    says += [
        f"  Act {position} names another checkpoint than this log has, and is in effect: ask who signed it."
        for position in found.unfit_successions
    ]
    if found.acts > found.size:
        says.append(f"  {found.acts - found.size} genuine acts after it stand in no checkpoint here: no effect yet.")
    rest = f"{found.waiting} waiting acts, {found.receipts} receipts, {found.files} sealed files"
    return [*says, f"Not judged: whether acts are void by other rules; {rest}."]


def _as_data(found: Verified) -> dict[str, object]:
    return {
        "size": found.size,
        "root": found.root,
        "cosigned": list(found.cosigned),
        "acts": found.acts,
        "without_authority": [{"act": position, "code": refusal.code} for position, refusal in found.lacking],
        "without_authority_count": found.lacking_count,
        "unfit_successions": list(found.unfit_successions),
        "waiting": found.waiting,
        "receipts": found.receipts,
        "files": found.files,
    }
