"""Composing on the command line, on plain files and without a case: who goes, in which batch, by which draw, and why."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.cli.answer import REFUSED, Answer, broken
from parley.cli.at_desk import read_file, settings_of, write_file
from parley.cli.errors import CliBroken, WrongUse
from parley.cli.settings import Settings
from parley.composing.composed import Composed
from parley.composing.draw import Chance, Drawn
from parley.composing.errors import ComposingBroken
from parley.composing.published import Published

if TYPE_CHECKING:
    from parley.composing.infeasible import Infeasible

COMMANDS = ()
MADE = ("lists.csv", "reserve.csv", "draw.json", "report.html")
Folder = Annotated[str, typer.Option("--in", help="the folder that parley compose wrote")]


def _app() -> typer.Typer:
    return typer.Typer(rich_markup_mode=None, add_completion=False)


APPS = {noun: _app() for noun in ("compose", "draw", "explain", "swap")}


@APPS["compose"].command(short_help="Compose batches under a policy, or a panel under quotas.")
def compose(
    context: typer.Context,
    pool: Annotated[str, typer.Argument(metavar="POOL.csv|panel", help="the pool, or the word panel")],
    policy: Annotated[
        str, typer.Argument(metavar="POLICY.toml|DIR", help="the policy, or the folder of a panel's tables")
    ],
    out: Annotated[str, typer.Option("--out", help="the new folder for lists, lottery, certificate and report")],
    seats: Annotated[int, typer.Option("--seats", min=0, help="how many are drawn for a panel")] = 0,
) -> Answer:
    """Compose lists that are the best the policy allows, with a fair lottery where it leaves people equal.

    POOL.csv and POLICY.toml give lists.csv, reserve.csv, lottery.json, certificate.json and report.html. The lists are for trying
    out until parley draw gives them chance. With the word panel, DIR holds categories.csv and respondents.csv.
    """
    from parley.briefings.fairness_page import apart_lines, vehicles_line
    from parley.composing.infeasible import Infeasible
    from parley.composing.vehicles import NAME as FEWEST_VEHICLES

    settings = settings_of(context)
    target = Path(out)
    if target.exists():
        raise WrongUse("cli.exists")
    if pool == "panel":
        if not seats:
            raise WrongUse("cli.missing", missing="--seats")
        files, data = _panel(Path(policy), seats)
    else:
        try:
            files, data = _batches(read_file(Path(pool)), read_file(Path(policy)), settings)
        except Infeasible as none:
            return no_lists(none, read_file(Path(policy)), settings.language)
    if not settings.dry_run:
        write_folder(target, files)
    says = [
        *(
            vehicles_line(value, bound, settings.language) if name == FEWEST_VEHICLES else f"{name}: {value}"
            for name, value, bound in data["stages"]
        ),
        f"Lists in the lottery: {data['lists']}. Smallest chance of those drawn: {data['least']}.",
        *apart_lines(data["apart"], settings.language),
        f"Commitment, to be published before any seed is revealed: {data['commitment']}",
        "These lists are for trying out: nobody has given chance yet (parley draw).",
    ]
    return Answer(says=says, data={**data, "out": out})


def no_lists(found: Infeasible, policy: bytes, language: str) -> Answer:
    """Return the answer to a policy that no lists fulfil: the clauses that cannot hold together, as sentences."""
    from parley.briefings.policy_words import conflict_lines
    from parley.composing.policy import read_policy

    lines = conflict_lines(read_policy(policy), found.conflicts, language)
    clauses = [{"clause": one.clause, "give": one.give} for one in found.conflicts]
    answer = broken(found, language, conflicts=clauses)
    return replace(answer, says=[*answer.says[:1], *(f"  - {line}" for line in lines), *answer.says[1:]])


def _panel(folder: Path, seats: int) -> tuple[dict[str, bytes], dict[str, Any]]:
    from parley.composing.draw import draw, undrawn
    from parley.composing.panel import publish_panel
    from parley.composing.published import certificate_json, digest, lottery_json
    from parley.desk.composition_files import drawn_files, published_files, solver_versions

    tables = {name: read_file(folder / name) for name in ("categories.csv", "respondents.csv")}
    published = publish_panel(tables["categories.csv"], tables["respondents.csv"], seats)
    commitment = digest(lottery_json(published))
    certificate = certificate_json(published.lottery, commitment, (), solver_versions())
    files = {**tables, **published_files(published, certificate)}
    return files | drawn_files(draw(published, commitment, undrawn())), _data(published, commitment, ())


def _batches(pool: bytes, policy: bytes, settings: Settings) -> tuple[dict[str, bytes], dict[str, Any]]:
    from parley.composing.composed import compose_under
    from parley.composing.draw import draw, undrawn
    from parley.desk.composition_files import case_files

    composed = compose_under(pool, policy)
    drawn = draw(composed.published, composed.commitment, undrawn())
    files = case_files(composed, drawn, pool, policy, settings.language)
    stages = tuple((one.name, one.value, one.bound) for one in composed.staged.stages)
    return files, _data(composed.published, composed.commitment, stages)


def _data(published: Published, commitment: str, stages: tuple[tuple[str, int, int], ...]) -> dict[str, Any]:
    from parley.composing.lottery import WEIGHT

    chances = [one for one in published.lottery.chances(published.program) if one]
    least = min(chances)
    return {
        "commitment": commitment,
        "least": f"{float(least):.9f}",
        "apart": published.lottery.apart / WEIGHT,
        "lists": len(published.lottery.lists),
        "lots": len(published.program.lots),
        "stages": [list(one) for one in stages],
    }


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole or not at all; raises CliBroken ``cli.cannot_write``."""
    beside = target.with_name(target.name + ".part")
    try:
        beside.mkdir(mode=0o700)
    except OSError:
        raise CliBroken("cli.cannot_write") from None
    try:
        for name, data in files.items():
            write_file(beside / name, data)
        beside.rename(target)
    except BaseException as failed:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(failed, OSError):
            raise CliBroken("cli.cannot_write") from None
        raise


def _read_folder(folder: Path) -> Published:
    from parley.composing.published import digest, read_lottery

    try:
        lottery, groups, certificate = (
            read_file(folder / name) for name in ("lottery.json", "groups.csv", "certificate.json")
        )
    except CliBroken:
        raise ComposingBroken("draw.files_missing", file="lottery.json") from None
    published = read_lottery(lottery, groups, certificate)
    for name in ("pool.csv", "policy.toml", "categories.csv", "respondents.csv"):
        if name in published.files and digest(read_file(folder / name)) != published.files[name]:
            raise ComposingBroken("draw.changed", file=name)
    return published


@APPS["draw"].command(short_help="Draw from a committed lottery.")
def draw(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="DIR", help="the folder that parley compose wrote")],
    seeds: Annotated[
        str, typer.Option("--seeds", help="a file of lines NAME COMMITMENT SEED, one for each who takes part")
    ] = "",
    dice: Annotated[str, typer.Option("--dice", help="at least 50 throws of a die, read aloud: 3 1 6 …")] = "",
    beacon: Annotated[str, typer.Option("--beacon", help="the JSON file of a public beacon's round")] = "",
    round_named: Annotated[int, typer.Option("--round", help="the round that was named beforehand")] = 0,
) -> Answer:
    """Draw the list and the people, and write lists.csv, reserve.csv, draw.json (and the report) anew.

    Anybody redoes it: spec/draw.md says how by hand, checker/draw.py checks it with nothing but Python.
    """
    from parley.composing.draw import draw as draw_people
    from parley.composing.published import digest
    from parley.desk.composition_files import drawn_files, report_page

    settings = settings_of(context)
    place = Path(folder)
    published = _read_folder(place)
    chance = _chance(seeds, dice, beacon, round_named)
    commitment = digest(read_file(place / "lottery.json"))
    drawn = draw_people(published, commitment, chance)
    files = drawn_files(drawn)
    if "policy.toml" in published.files:
        composed = _composed(place, published)
        files["report.html"] = report_page(composed, drawn, settings.language)
    if not settings.dry_run:
        for name, data in files.items():
            write_file(place / name, data, replace=True)
        os.sync()
    counts: dict[int, int] = {}
    for batch, _, unit in drawn.going:
        counts[batch] = counts.get(batch, 0) + len(unit.people)
    shown = " / ".join(str(counts[batch]) for batch in sorted(counts))
    says = [
        f"List {drawn.chosen} of {len(published.lottery.lists)}, counted from 0, was drawn: {shown} people.",
        f"Seed: {drawn.seed}",
    ]
    if chance.kind == "beacon":
        says.append("The beacon was taken on trust: its signature was not verified.")
    return Answer(says=says, data={"seed": drawn.seed, "list": drawn.chosen, "batches": counts, "chance": chance.kind})


def _chance(seeds: str, dice: str, beacon: str, named: int) -> Chance:
    from parley.composing import draw as drawing

    if sum(map(bool, (seeds, dice, beacon))) != 1:
        raise WrongUse("cli.missing", missing="--seeds, --dice or --beacon")
    if dice:
        throws = [int(one) if len(one) == 1 and one in "123456" else 0 for one in dice.split()]
        return drawing.dice(throws)
    if beacon:
        return drawing.beacon(read_file(Path(beacon)), named)
    commitments: dict[str, str] = {}
    reveals: dict[str, str] = {}
    for line in read_file(Path(seeds)).decode("utf-8", "replace").splitlines():
        cells = line.split()
        if cells:
            name, *rest = cells
            commitments[name] = rest[0] if rest else ""
            reveals[name] = rest[1] if len(rest) > 1 else ""
    return drawing.revealed(commitments, reveals)


def _composed(folder: Path, published: Published) -> Composed:
    """Return what was composed, made anew for its people and rules, with the committed lottery in the place of its own."""
    from parley.composing.composed import with_lottery

    return with_lottery(read_file(folder / "pool.csv"), read_file(folder / "policy.toml"), published)


def _as_drawn(place: Path) -> tuple[Published, Drawn]:
    """Return the lottery of a folder, and the draw made anew from what draw.json says of its chance."""
    from parley.composing.draw import draw as draw_people
    from parley.composing.draw import read_chance
    from parley.composing.published import digest

    published = _read_folder(place)
    try:
        chance = read_chance(json.loads(read_file(place / "draw.json")))
    except (ValueError, CliBroken):
        raise ComposingBroken("draw.files_missing", file="draw.json") from None
    return published, draw_people(published, digest(read_file(place / "lottery.json")), chance)


@APPS["explain"].command(short_help="Why a person goes or does not.")
def explain(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="the person's code in the pool")],
    folder: Folder = ".",
    cost: Annotated[
        bool, typer.Option("--cost", help="compose again with this person forced in, and say what it costs")
    ] = False,
) -> Answer:
    """Say why a person goes or does not: taken out of the pool, a class ahead, a full rule, or the draw with its chance.

    Never a place among others. For a refusal by priority, --cost says what it would take.
    """
    from parley.briefings.why_words import why_lines
    from parley.composing.reasons import cost_of, explain_panel
    from parley.composing.reasons import explain as reason_for

    settings = settings_of(context)
    published, drawn = _as_drawn(Path(folder))
    found = None
    if "policy.toml" in published.files:
        composed = _composed(Path(folder), published)
        reason = reason_for(composed, drawn, code)
        if cost and reason.kind != "removed" and reason.batch is None:
            found = cost_of(composed, code)
    else:
        reason = explain_panel(published, drawn, code)
    data: dict[str, Any] = {
        "kind": reason.kind,
        "batch": reason.batch,
        "chance": f"{reason.chance.numerator}/{reason.chance.denominator}",
        "full": [list(one) for one in reason.full],
    }
    if found is not None:
        data["cost"] = {"stage": found.stage, "before": found.before, "after": found.after}
    return Answer(says=list(why_lines(reason, found, settings.language)), data=data)


@APPS["swap"].command(short_help="Which rules would break if two people changed places.")
def swap(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="CODE", help="one person")],
    second: Annotated[str, typer.Argument(metavar="CODE", help="the other")],
    folder: Folder = ".",
) -> Answer:
    """Ask what would happen if two people changed places; nothing is changed.

    Exit 1 if a rule of the policy would break. That none breaks does not make it fair: the draw has decided.
    """
    from parley.composing.reasons import swap_breaks

    _ = settings_of(context)
    published, drawn = _as_drawn(Path(folder))
    if "policy.toml" not in published.files:
        raise ComposingBroken("draw.files_missing", file="policy.toml")
    composed = _composed(Path(folder), published)
    rules = swap_breaks(composed, drawn, first, second)
    if rules:
        says = [f"These rules would break: {'; '.join(rules)}."]
        return Answer(says=says, data={"broken": list(rules)}, code="composing.not_swappable", exit=REFUSED)
    return Answer(says=["No rule would break."], data={"broken": []})
