"""Matching on the command line: the same people in two plain files, and why; no case is needed and nothing is stored."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from parley.briefings.match_words import match_lines, match_sentence, waterfall
from parley.briefings.phrases import number, phrase
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import new_file, settings_of
from parley.cli.errors import CliBroken
from parley.cli.judging import add_to as add_judging
from parley.cli.judging import judged_of
from parley.cli.register import Kept
from parley.cli.settings import Settings
from parley.registers.explaining import explain as explained_pair
from parley.registers.finding import Found
from parley.registers.judgements import Judgement
from parley.registers.levels import FIELDS
from parley.registers.match_files import HEADER, Listed, as_csv, match_lists, matches, read_list, row_of
from parley.registers.zones import PROPOSE, REVIEW, ZONES

COMMANDS = ()
app = typer.Typer(rich_markup_mode=None, add_completion=False, help="The same people in two files, and why.")

FileA = Annotated[Path, typer.Argument(metavar="A", help="one list: csv, tsv or parquet with a column rec_id")]
FileB = Annotated[Path, typer.Argument(metavar="B", help="the other list")]
Learn = Annotated[bool, typer.Option("--learn", help="what reviewers judged of these records moves the weights")]
Threads = Annotated[int, typer.Option("--threads", min=1, max=64, help="how many stretches are compared at once")]


@app.command(short_help="Find the same people in two files.")
def files(
    context: typer.Context,
    a: FileA,
    b: FileB,
    out: Annotated[Path | None, typer.Option("--out", help="write the pairs here, as csv")] = None,
    zone: Annotated[
        Literal["propose", "review", "reject", "all"], typer.Option("--zone", help="which pairs are written")
    ] = "propose",
    learn: Learn = False,
    office: Kept = "",
    threads: Threads = 2,
) -> Answer:
    """Find the same people in two lists, without a case and without storing anything but the answer.

    The columns are rec_id, full_name, surname, given, patronymic, dob, sex, rank, unit, birthplace, service_no, event_place
    and event_date; each but rec_id may be missing, and all others are ignored. The answer has the columns id_a, id_b,
    probability, zone and reasons, sorted by the two ids. The threshold is fixed: a pair is proposed from a probability of 0.9
    on, if it is ahead of its rivals. A proposal merges nobody: people judge (`parley match review`, `judge`), and with --learn
    what they judged weighs for the next time. Interrupted, it leaves no file behind.
    """
    settings = settings_of(context)
    matching = _Matching(settings, *_lists(a, b), threads, judged_of(settings, office) if learn else ())
    if out is not None and not settings.dry_run:
        with new_file(out) as write:
            found = matching.find()
            for piece in as_csv(matches(found, zone)):
                write(piece)
    else:
        found = matching.find()
    data = {**_counts(found), "threshold": PROPOSE, "zone": zone}
    if out is None:
        # Without a file, the pairs are the answer itself.
        data["pairs"] = [dict(zip(HEADER, _cells(one), strict=True)) for one in matches(found, zone)]
    says: list[str | Table] = [*_summary(found, settings.language), phrase("match.advice", settings.language)]
    if out is None and not settings.json:
        says.append(Table(HEADER, [_cells(one) for one in matches(found, zone)]))
    return Answer(says=says, data=data)


@app.command(short_help="Say why two records may be one person.")
def explain(
    context: typer.Context,
    a: FileA,
    b: FileB,
    id_a: Annotated[str, typer.Argument(metavar="ID_A", help="the rec_id of a record of A")],
    id_b: Annotated[str, typer.Argument(metavar="ID_B", help="the rec_id of a record of B")],
    svg: Annotated[Path | None, typer.Option("--svg", help="draw it into this file")] = None,
    learn: Learn = False,
    office: Kept = "",
    threads: Threads = 2,
) -> Answer:
    """Explain one pair in bits: each particular as both lists wrote it, the reading that agrees, the rivals.

    Both lists are matched for it, because what a name is worth and who the rivals are is known from all records only.
    """
    settings = settings_of(context)
    first, second = _lists(a, b)
    row_a, row_b = row_of(first, id_a, "A"), row_of(second, id_b, "B")
    found = _Matching(settings, first, second, threads, judged_of(settings, office) if learn else ()).find()
    why = explained_pair(found, first.columns, second.columns, row_a, row_b)
    if svg is not None and not settings.dry_run:
        with new_file(svg) as write:
            write(waterfall(why, settings.language).encode())
    return Answer(
        says=match_lines(why, settings.language),
        data={**why.as_data(), "sentence": match_sentence(why, settings.language)},
    )


@app.command(short_help="Show what was learnt from two files, and how many pairs there are.")
def stats(
    context: typer.Context, a: FileA, b: FileB, learn: Learn = False, office: Kept = "", threads: Threads = 2
) -> Answer:
    """Show, for two lists, how much each level of each particular is worth in bits, and how many pairs stand in each zone."""
    settings = settings_of(context)
    found = _Matching(settings, *_lists(a, b), threads, judged_of(settings, office) if learn else ()).find()
    weights = [
        {"field": field.name, "level": level, "m": float(m), "u": float(u)}
        for field, ms, us in zip(FIELDS, found.weights.m, found.weights.u, strict=True)
        for level, m, u in list(zip(field.levels, ms, us, strict=True))[1:]
    ]
    others = {kind: float(share) for kind, share in found.weights.others.items()}
    rows = [(one["field"], one["level"], f"{one['m']:.4f}", f"{one['u']:.6f}") for one in weights]
    return Answer(
        says=[*_summary(found, settings.language), Table(("field", "level", "m", "u"), rows)],
        data={**_counts(found), "weights": weights, "others": others, "review_from": REVIEW, "propose_from": PROPOSE},
    )


def _lists(a: Path, b: Path) -> tuple[Listed, Listed]:
    return _list(a, "A"), _list(b, "B")


def _list(path: Path, name: str) -> Listed:
    try:
        return read_list(path, name)
    except (OSError, ValueError):  # a name with a NUL is no OSError
        raise CliBroken("cli.no_such_file", file=path.name) from None


@dataclass(frozen=True, slots=True)
class _Matching:
    """Two lists as read, to be matched while a terminal is told how far it is."""

    settings: Settings
    a: Listed
    b: Listed
    threads: int
    judged: Sequence[Judgement]

    def find(self) -> Found:
        done = _progress(len(self.b.ids), self.settings.language) if sys.stderr.isatty() else None
        return match_lists(self.a, self.b, threads=self.threads, judged=self.judged, done=done)


def _progress(size: int, language: str) -> Callable[[int], None]:
    """Write to the terminal how far the work is, how fast it goes and how long it will take; nothing of the lists."""
    print(phrase("match.preparing", language), end="", file=sys.stderr, flush=True)
    begun = time.monotonic()

    def show(done: int) -> None:
        nonlocal begun
        if not done:  # everything is read and learnt: from here on the records of B are looked for, one after another
            begun = time.monotonic()
        rate = done / max(time.monotonic() - begun, 1e-9)
        left = f"{rate:,.0f}/s   {(size - done) / rate:,.0f} s" if done else ""
        end = "\n" if done >= size else ""
        print(f"\r\033[K{done:,} / {size:,}   {left}", end=end, file=sys.stderr, flush=True)

    return show


def _counts(found: Found) -> dict[str, object]:
    zones = {name: int((found.zone == at).sum()) for at, name in enumerate(ZONES)}
    return {
        "records_a": len(found.pair.a),
        "records_b": len(found.pair.b),
        "candidates": found.candidates,
        "zones": zones,
        "expected": round(float(found.assigned.probability.sum()), 1),
        "judged": found.taught,
    }


def _summary(found: Found, language: str) -> list[str]:
    said = phrase(
        "match.found",
        language,
        pairs=number(len(found.zone), language),
        first=number(len(found.pair.a), language),
        second=number(len(found.pair.b), language),
        propose=number(int((found.zone == 2).sum()), language),
        review=number(int((found.zone == 1).sum()), language),
    )
    if not found.taught:
        return [said]
    return [said, phrase("match.taught", language, pairs=number(found.taught, language))]


def _cells(one: object) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in HEADER)


add_judging(app)
