"""What people decide about proposed pairs: each reviewer alone, a second one without seeing the first, everything kept.

No verdict merges anybody. The decisions lie with the office's data; the pairs come from a file that ``parley match files`` wrote.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from parley.cli.answer import Answer, Table
from parley.cli.at_desk import now, read_words, settings_of
from parley.cli.errors import WrongUse
from parley.cli.register import Kept, open_at
from parley.cli.settings import Settings
from parley.registers.judgements import Judgement
from parley.store.office import Judged

MOST_PAIRS = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Give ``parley match`` its commands of judging."""
    app.command("review", short_help="Name the pairs that wait for this reviewer, second looks first.")(review)
    app.command("judge", short_help="Keep what a reviewer decided about one pair.")(judge)


def review(
    context: typer.Context,
    pairs: Annotated[str, typer.Argument(help="the pairs that `parley match files --out` wrote")] = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many")] = 20,
    office: Kept = "",
) -> Answer:
    """Name the pairs that wait for this reviewer (--as): second looks first, then those whose probability says least.

    What others decided about a pair is hidden until this reviewer has decided; then both verdicts are shown.
    """
    settings = settings_of(context)
    reviewer = _reviewer(settings)
    proposed = _pairs(pairs) if pairs else {}
    with open_at(settings, office) as kept:
        looked = {(one.id_a, one.id_b): one for one in kept.reviews(reviewer)}
    second = [key for key, one in looked.items() if one.waiting]
    first = [key for key in proposed if key not in looked]
    first.sort(key=lambda key: (abs(float(proposed[key]["probability"]) - 0.5), key))
    waiting = [*second, *first]
    differing = [
        {"id_a": one.id_a, "id_b": one.id_b, "own": one.own, "others": [other.verdict for other in one.others]}
        for one in looked.values()
        if one.own is not None and any(other.verdict != one.own for other in one.others)
    ]
    shown: list[dict[str, Any]] = [
        {"id_a": a, "id_b": b, "second": (a, b) in looked, **proposed.get((a, b), {})} for a, b in waiting[:most]
    ]
    rows = [
        (
            one["id_a"],
            one["id_b"],
            one.get("probability", ""),
            "second" if one["second"] else "",
            one.get("reasons", ""),
        )
        for one in shown
    ]
    says: list[str | Table] = [
        Table(("a", "b", "probability", "look", "reasons"), rows),
        f"{len(waiting)} pairs wait for {reviewer}; {len(second)} of them for a second, blind look.",
        *(f"You differ on {one['id_a']} {one['id_b']}: {one['own']}, others {one['others']}" for one in differing),
    ]
    data = {
        "reviewer": reviewer,
        "waiting": len(waiting),
        "second": len(second),
        "pairs": shown,
        "differing": differing,
    }
    return Answer(says=says, data=data)


def judge(
    context: typer.Context,
    id_a: Annotated[str, typer.Argument(metavar="ID_A", help="the rec_id of the one record")],
    id_b: Annotated[str, typer.Argument(metavar="ID_B", help="the rec_id of the other")],
    verdict: Annotated[Literal["same", "different", "unsure"], typer.Argument(help="what this reviewer decided")],
    office: Kept = "",
) -> Answer:
    """Keep what a reviewer (--as) decided about one pair; a changed mind replaces the old verdict, and the journal has both."""
    settings = settings_of(context)
    reviewer = _reviewer(settings)
    if id_a == id_b or not all(0 < len(one) <= 200 for one in (id_a, id_b)):
        raise WrongUse("cli.usage", detail="two different records are judged")
    if settings.dry_run:
        return Answer(says=["Nothing was stored."], data={"stored": False})
    judged = Judged(id_a=id_a, id_b=id_b, verdict=verdict, reviewer=reviewer, at=now())
    with open_at(settings, office) as kept:
        entry = kept.judge(judged)
        key = sorted((id_a, id_b))
        others = next(one.others for one in kept.reviews(reviewer) if [one.id_a, one.id_b] == key)
    says = [f"Entry {entry.number}: {verdict}."]
    says += [f"Decided before by {one.reviewer}: {one.verdict}." for one in others]
    data = {"entry": entry.number, "verdict": verdict, "others": [[one.reviewer, one.verdict] for one in others]}
    return Answer(says=says, data=data)


def judged_of(settings: Settings, office: str) -> tuple[Judgement, ...]:
    """Return every verdict that stands in the office's data, for learning."""
    with open_at(settings, office) as kept:
        return tuple(
            Judgement(id_a=one.id_a, id_b=one.id_b, verdict=one.verdict, reviewer=one.reviewer, at=one.at)
            for one in kept.judgements()
        )


def _reviewer(settings: Settings) -> str:
    if not settings.signers or len(settings.signers) != 1:
        raise WrongUse("cli.missing", missing="--as, one role that reviews: officer-2")
    return settings.signers[0]


def _pairs(file: str) -> dict[tuple[str, str], dict[str, str]]:
    """Read the pairs of a file; raises WrongUse where it is none of ours."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    reader = csv.DictReader(io.StringIO(read_words(Path(file)), newline=""))
    try:
        for row in reader:
            id_a, id_b = sorted((row["id_a"], row["id_b"]))
            found[id_a, id_b] = {name: row[name] for name in ("probability", "zone", "reasons")}
            float(row["probability"])
            if len(found) > MOST_PAIRS:
                break
    except (KeyError, ValueError, TypeError, csv.Error):
        raise WrongUse("cli.usage", detail="the file is not what `parley match files --out` writes") from None
    return found
