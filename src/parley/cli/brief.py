"""The principals' briefing on the command line: made from the record as it stands, frozen with a hash, compared later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from parley.briefings.brief import Change, brief, change_in_words, changes
from parley.briefings.brief_page import brief_pages
from parley.briefings.frozen import Frozen, differs, freeze, read_frozen
from parley.cli.act import noun
from parley.cli.answer import Answer, refused
from parley.cli.at_desk import read_file, reading, settings_of, write_file
from parley.cli.errors import WrongUse
from parley.cli.settings import Settings
from parley.desk import Desk
from parley.desk.briefed import last_briefed, note_briefed, state_at
from parley.process.state import State
from parley.words import ParticipantName

COMMANDS = ()
SINCE: Final = "the place of the last briefing (else where the last one frozen here ended; 0: none)"
app = noun("The principals' one page: made, frozen, compared.", COMMANDS)


@app.command("make", short_help="One page for a principal, from the record as it stands now.")
def make(
    context: typer.Context,
    to: Annotated[str, typer.Option("--for", help="whose principal reads it (else this desk's)")] = "",
    since: Annotated[int, typer.Option("--since", help=SINCE)] = -1,
) -> Answer:
    """Print the page in the language of this call: numbers per side, waits, losses, the next time, what was said, what changed.

    It holds up to the act that it names, and nothing is kept; freeze one to hand it on.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        reader, before = _reader(desk, to), _before(desk, since)
        made = brief(desk.state, reader, before=before)
    data = {
        "reader": reader,
        "position": made.position,
        "clock": made.clock,
        "state": made.state,
        "digest": made.digest,
        "texts": dict(made.texts),
    }
    return Answer(says=made.texts[settings.language].splitlines(), data=data)


@app.command("freeze", short_help="Keep the page as a PDF in four languages, and a file to check it by.")
def freeze_(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(help="the folder to write into")],
    to: Annotated[str, typer.Option("--for", help="whose principal reads it (else this desk's)")] = "",
    since: Annotated[int, typer.Option("--since", help=SINCE)] = -1,
) -> Answer:
    """Write ``brief-<act>.json`` and one PDF for each language, each with the hash over all words and the place it holds up to.

    The same record gives the same bytes. The next briefing says what changed since this one.
    """
    settings = settings_of(context)
    with reading(settings) as desk:
        frozen = freeze(desk.state, _reader(desk, to), _before(desk, since))
        files = {f"brief-{frozen.brief.position}.json": bytes(frozen)}
        pages = brief_pages(frozen.brief)
        files |= {f"brief-{frozen.brief.position}.{language}.pdf": page for language, page in pages.items()}
        data = {"position": frozen.brief.position, "digest": frozen.brief.digest, "files": sorted(files)}
        if settings.dry_run:
            return Answer(says=["Nothing was written."], code="dry_run", data=data)
        for name, content in files.items():
            write_file(Path(folder) / name, content, replace=True)
        note_briefed(desk, frozen.brief.position)
    says = [f"{name}" for name in sorted(files)]
    return Answer(says=[*says, f"Up to act {frozen.brief.position}; hash {frozen.brief.digest}"], data=data)


@app.command(
    "compare", short_help="What changed between two frozen briefings, or since one; whether they are the record's."
)
def compare(
    context: typer.Context,
    earlier: Annotated[str, typer.Argument(help="a frozen briefing, brief-….json")],
    later: Annotated[str, typer.Argument(help="a later one (else the record as it stands now)")] = "",
) -> Answer:
    """Hold frozen briefings against this desk's record, word for word, and say what changed from one to the other."""
    settings = settings_of(context)
    first = read_frozen(read_file(Path(earlier)))
    second = read_frozen(read_file(Path(later))) if later else None
    if second is not None and second.brief.position < first.brief.position:
        first, second = second, first
    with reading(settings) as desk:
        for one in filter(None, (first, second)):
            refusal = differs(one, state_at(desk, one.brief.position), _state_before(desk, one))
            if refusal is not None:
                return refused(refusal, settings.language)
        before = state_at(desk, first.brief.position)
        now = desk.state if second is None else state_at(desk, second.brief.position)
    return _told(settings, before, now, changes(before, now))


def _told(settings: Settings, before: State, now: State, found: tuple[Change, ...]) -> Answer:
    says = [change_in_words(one, settings.language) for one in found]
    data = {
        "from": before.count,
        "to": now.count,
        "changes": [{"what": one.what, "side": one.side, "then": one.then, "now": one.now} for one in found],
    }
    return Answer(says=says or [f"Nothing changed from act {before.count} to act {now.count}."], data=data)


def _reader(desk: Desk, said: str) -> ParticipantName:
    reader = ParticipantName(said or desk.name)
    if reader not in desk.state.authority.participants:
        known = ", ".join(desk.state.authority.participants)
        raise WrongUse("cli.usage", detail=f"--for is one of {known}")
    return reader


def _before(desk: Desk, since: int) -> State | None:
    place = last_briefed(desk) if since < 0 else since
    return state_at(desk, place) if place else None


def _state_before(desk: Desk, one: Frozen) -> State | None:
    return state_at(desk, one.since) if one.since >= 0 else None
