"""Plays the reference exchange with invented people: three desks in three folders, from the first talks to the communiqué."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from parley.briefings.account import account
from parley.cli.answer import Answer, show
from parley.cli.at_desk import settings_of
from parley.cli.errors import WrongUse
from parley.cli.practice_desks import PracticeDesks, free_ports
from parley.cli.record import in_words
from parley.cli.settings import Settings
from parley.forms import plain
from parley.practice.exchange import Exchange, Tell
from parley.practice.story import LAST, STAGES, Handed, share_done, tell

COMMANDS = ()
FOLDER: Final = "practice-exchange"
FEWEST: Final = 40
MOST: Final = 20_000
LEAST_SHARE: Final = 0.1
"""Before so much is done, what passed says too little of what is left."""
SECONDS_A_PERSON: Final = 0.015
"""The first guess, as measured on two cores with 2,000 people."""
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("demo")
def demo(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="a new folder for the three desks")] = "",
    people: Annotated[int, typer.Option(help="people on both sides together")] = 2_000,
    seed: Annotated[int, typer.Option(help="another seed invents other people")] = 1,
    to: Annotated[str, typer.Option(help=f"the last stage to play: {', '.join(STAGES)}")] = LAST,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="play only; open no pages in the browser")] = False,
) -> Answer:
    """Play a whole practice exchange with real desks, keys, sealed lists and bundles, say how to check it, and serve its desks.

    The start page answers at once, and links the three desks as soon as the story is told; Ctrl-C ends them.
    """
    settings = settings_of(context)
    if to not in STAGES:
        raise WrongUse("cli.usage", detail=f"--to is one of {', '.join(STAGES)}")
    if not FEWEST <= people <= MOST:
        raise WrongUse("cli.usage", detail=f"--people is between {FEWEST:,} and {MOST:,}")
    place = _fresh(Path(folder) if folder else Path(FOLDER))
    if settings.dry_run:
        return Answer(
            says=[f"This would play {people:,} invented people up to {to}, in {place}."], data={"dry_run": True}
        )
    if folder and place != Path(folder) and not settings.json:
        print(f"{folder} is taken; this exchange goes to {place}.")
    serving = None if no_serve or settings.json else PracticeDesks(place, free_ports(4))
    try:
        if serving is not None:
            serving.open()
            print(f"Open in a browser: {serving.address}", flush=True)
        answer = _play(settings, place, people, seed, to, serving)
        if serving is not None:
            show(answer, as_json=False)
            desks = serving.serve(sorted(str(name) for name in answer.data["desks"]))
            for name, address in desks.items():
                print(f"{name}: {address}")
            print(f"Open in a browser: {serving.address}   Stop: Ctrl-C", flush=True)
            serving.wait()
            answer = Answer(says=["Stopped."], data=answer.data)
    finally:
        if serving is not None:
            serving.close()
    return answer


def _play(settings: Settings, place: Path, people: int, seed: int, to: str, serving: PracticeDesks | None) -> Answer:
    """Tell the story, and say what came of it and how to check it."""
    began = time.monotonic()
    with _told(settings) as say:

        def tell_both(sentence: str, done: int, everything: int) -> None:
            say(sentence, done, everything)
            if serving is not None:
                serving.tell(sentence, {}, *pace.now(exchange.stage, time.monotonic() - began))

        pace = Pace(to=to, whole=people * SECONDS_A_PERSON)
        exchange = Exchange(folder=place, per_side=people // 2, seed=seed, tell=tell_both)
        handed = tell(exchange, to)
    state = exchange.desks["neutral"].state
    says = [
        "",
        "PRACTICE: nobody in this exchange exists.",
        "",
        *in_words(account(state)),
        "",
        f"{handed.acts:,} acts, {people:,} people, {time.monotonic() - began:.1f} seconds.",
        f"The record:    {handed.bundle}",
        f"The root keys: {handed.roots}",
        *_checker(handed),
        "The passphrase of every practice key is: practice",
    ]
    data = {
        "practice": True,
        "acts": handed.acts,
        "bundle": str(handed.bundle),
        "roots": str(handed.roots),
        "desks": {name: str(place / name) for name in exchange.desks},
        "account": plain(account(state)),
    }
    return Answer(says=says, data=data)


@dataclass(slots=True, kw_only=True)
class Pace:
    """How long the story will take, in seconds: guessed from the number of people, then from how long its first stages took."""

    to: str
    whole: float
    stage: str = ""

    def now(self, stage: str, passed: float) -> tuple[float, int]:
        """Return which part is done, from 0 to 1, and how many seconds are left, in steps of five."""
        share = share_done(stage, self.to)
        if stage != self.stage and share >= LEAST_SHARE:
            self.whole = passed / share
        self.stage = stage
        return max(share, min(passed / self.whole, 0.99)), 5 * max(1, math.ceil((self.whole - passed) / 5))


def _checker(handed: Handed) -> list[str]:
    """Say how the record is checked by the program beside this one, where this checkout has it."""
    program = Path(__file__).resolve().parents[3] / "checker" / "check.py"
    if not program.is_file():
        return []
    here = Path.cwd()
    shown = program.relative_to(here) if program.is_relative_to(here) else program
    return [
        "Check them with a program that shares no code with this one:",
        f"  {_python()} {shown} {handed.bundle} {handed.roots}",
    ]


def _python() -> str:
    """Return the Python that has what the checker needs, as one would type it from here."""
    here, own = Path.cwd(), Path(sys.executable)
    return str(own.relative_to(here)) if own.is_relative_to(here) else str(own)


def _fresh(place: Path) -> Path:
    """Return this folder if nothing stands in it, else the first free one with a number behind it."""
    number, free = 1, place
    while free.exists() and any(free.iterdir()):
        number += 1
        free = place.with_name(f"{place.name}-{number}")
    return free


@contextmanager
def _told(settings: Settings) -> Iterator[Tell]:
    """Yield what tells the story: a bar with rate and time left in a terminal, plain lines elsewhere, nothing for JSON."""
    if settings.json:
        yield lambda _sentence, _done, _all: None
    elif not sys.stdout.isatty():
        yield _plainly
    else:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("", total=None)

            def say(sentence: str, done: int, everything: int) -> None:
                if everything:
                    bar.update(task, description=sentence, completed=done, total=everything)
                if done == everything:
                    bar.console.print(sentence, highlight=False)

            yield say


def _plainly(sentence: str, done: int, everything: int) -> None:
    if done == everything:
        print(sentence, flush=True)
