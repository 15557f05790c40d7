"""Bundles on the command line: the record on a stick, in the mail, in a shared folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from parley.cli.act import noun
from parley.cli.answer import DONE, REFUSED, Answer, Table, sentence_of
from parley.cli.at_desk import DESK_KEY, new_file, read_file, reading, settings_of, size_of, working, write_file
from parley.cli.errors import CliBroken, WrongUse
from parley.cli.settings import Settings
from parley.desk import Desk, Received
from parley.desk.awaited import awaited
from parley.desk.errors import DeskBroken
from parley.record.envelope import read_act
from parley.words import Broken, ParticipantName, Refusal

COMMANDS = ()
INBOX = "inbox"
MOST_HELD = 1 << 30
"""Bytes of all bundles that an inbox holds: nobody fills this desk's disk with bundles that never fit."""
app = noun("Carry the record: export to a file, import from one.")


@app.command("export", short_help="Write a bundle for another desk.")
def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="the new file, on a stick or in a shared folder")],
    to: Annotated[
        str, typer.Option("--to", help="for whom (else the neutral; at the neutral's desk, everybody: no files)")
    ] = "",
    since: Annotated[int, typer.Option("--from", help="the log from this act on (else from what they have seen)")] = -1,
    again: Annotated[
        bool, typer.Option("--again", help="sealed files too that were handed over before; one's own too")
    ] = False,
) -> Answer:
    """Write a bundle: what waits here for its receipt, or, at the neutral's desk, the log, checkpoints and sealed files.

    The same bundle may be imported twice, late, or in another order. A file that was lost on the way is exported anew with
    --from 0 --again.
    """
    settings = settings_of(context)
    with working(settings, keys=()) as (desk, _folder, _ask):
        authority = desk.state.authority
        if not authority.participants:
            raise DeskBroken("desk.no_case")
        if to and to not in authority.participants:
            raise WrongUse("cli.usage", detail=f"no such participant; the case has {', '.join(authority.participants)}")
        whom = to or (None if desk.is_neutral else authority.neutral)
        start = since if since >= 0 else seen_by(desk, whom) if desk.is_neutral else desk.size
        said = {"to": whom or "", "from": min(start, desk.size), "size": desk.size, "waiting": len(desk.waiting)}
        if settings.dry_run:
            return Answer(says=["Nothing was written."], code="dry_run", data=said)
        with new_file(Path(file)) as write:  # first: what was not written must not count as handed over
            data = desk.bundle(whom, since=start, again=again)
            write(data)
        said |= {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    acts = f"acts {said['from']} to {said['size']}" if desk.is_neutral else f"{said['waiting']} waiting acts"
    return Answer(says=[f"For {whom or 'anybody'}: {acts}, {len(data)} bytes."], data=said)


def seen_by(desk: Desk, whom: str | None) -> int:
    """Return how much of the log a participant has surely verified: what its last act says that it saw."""
    head = desk.state.authority.heads.get(ParticipantName(whom or ""))
    if head is None or whom == desk.name:
        return 0
    return min(read_act(desk.find(head.id).note).envelope.seen.size, desk.size)


@app.command("import", short_help="Take bundles in.")
def import_(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help="one bundle or several, in any order")],
) -> Answer:
    """Take bundles in: each verified whole before anything is written; the same one twice does nothing the second time.

    A bundle that begins later than the record kept here is held in the desk's inbox, and taken as soon as the gap closes.
    """
    settings = settings_of(context)
    paths = [Path(one) for one in files]
    size = sum(map(size_of, paths))  # before the first is taken: one that is not there is a slip of the hand
    if settings.dry_run:
        return _look(settings, paths)
    held = 0
    found: list[Received] = []
    with working(settings, keys=(DESK_KEY,)) as (desk, folder, _ask), _progress(settings, desk, size):
        for path in paths:
            data = read_file(path)  # one in memory at a time
            try:
                found.append(desk.receive(data))
            except DeskBroken as broken:
                if broken.code != "desk.bundle_ahead":
                    raise
                _hold(folder.path / INBOX, data)
                held += 1
        taken = _take_held(desk, folder.path / INBOX)
        found += taken
        said = _added_up(desk, found)
        said["turned_away"] = [_told(one, settings.language) for one in said["turned_away"]]
        left = _held_files(folder.path / INBOX)
    code = "held" if held and left else "done"
    code = "turned_away" if said["turned_away"] else code
    says = _in_words(said)
    if left:
        says.append(f"{len(left)} bundles begin later than the record here; they are held until the earlier ones come.")
    return Answer(
        says=says, data={**said, "held": len(left)}, code=code, exit=REFUSED if code == "turned_away" else DONE
    )


def _look(settings: Settings, paths: list[Path]) -> Answer:
    """Say what bundles hold, without taking them."""
    from parley.record.bundle import read

    with reading(settings) as desk:
        kept = desk.size
    rows = [
        (one.origin, one.start, one.stop, len(one.waiting), len(one.blobs)) for one in map(read, map(read_file, paths))
    ]
    table = Table(("log", "from", "to", "waiting", "files"), rows)
    data = {"bundles": [dict(zip(table.columns, row, strict=True)) for row in rows], "kept": kept}
    return Answer(says=[table, f"{kept} acts are kept here. Nothing was taken."], code="dry_run", data=data)


def _added_up(desk: Desk, found: list[Received]) -> dict[str, Any]:
    return {
        "acts": sum(one.acts for one in found),
        "logged": sum(one.logged for one in found),
        "files": sum(one.files for one in found),
        "turned_away": [
            {"party": one.party, "seq": one.seq, "code": one.code} for each in found for one in each.turned_away
        ],
        "states_differ": sorted({place for one in found for place in one.states_differ}),
        "size": desk.size,
        "cosigned_by": sorted(found[-1].cosigned_by) if found else [],
        "waiting": len(desk.waiting),
        "awaited": awaited_files(desk),
        "superseded": max((one.superseded for one in found), default=0),
    }


def awaited_files(desk: Desk) -> list[dict[str, Any]]:
    """Return the sealed files that have not come: of which act, by whom."""
    found = sorted({desk.ledger.positions[act] for act in awaited(desk).values()})
    acts = [(place, desk.act_at(place).envelope) for place in found]
    return [{"act": place, "party": said.party, "kind": said.kind} for place, said in acts]


def _told(away: dict[str, Any], language: str) -> dict[str, Any]:
    """Return an act that was not taken with why, and what to do about it."""
    facts = {"act": away["seq"], "seq": away["seq"], "party": away["party"], "signer": away["party"]}
    said = sentence_of(Refusal(away["code"], facts), language)
    return {**away, "why": said.why, "next": said.next}


def _in_words(said: dict[str, Any]) -> list[str | Table]:
    says: list[str | Table] = [
        f"{said['acts'] + said['logged']} new acts, {said['files']} sealed files; the record here has {said['size']} acts."
    ]
    says += [f"Cosigned by {', '.join(said['cosigned_by'])}."] if said["cosigned_by"] else []
    says += [
        f"Turned away: act {one['seq']} of {one['party']}: {one['code']}: {one['why']} {one['next']}".strip()
        for one in said["turned_away"]
    ]
    if said["states_differ"]:
        says.append(f"ALARM: authors of acts {said['states_differ']} derived another state; compare program versions.")
    says += [
        f"Awaited: the sealed file of act {one['act']}, {one['kind']} by {one['party']}; the next export asks for it."
        for one in said["awaited"]
    ]
    if said["superseded"]:
        says.append(
            f"The log has a new neutral; {said['superseded']} own acts do not fit in it and are to be done again: "
            "parley log --superseded"
        )
    says += [f"{said['waiting']} own acts still wait for their receipt."] if said["waiting"] else []
    return says


# --- the inbox --------------------------------------------------------------------------------------------------------


def _held_files(inbox: Path) -> list[Path]:
    return sorted(inbox.glob("*.bundle")) if inbox.is_dir() else []


def _hold(inbox: Path, data: bytes) -> None:
    if sum(size_of(one) for one in _held_files(inbox)) + len(data) > MOST_HELD:
        raise CliBroken("cli.inbox_full")
    try:
        inbox.mkdir(exist_ok=True)
    except OSError:
        raise CliBroken("cli.cannot_write") from None
    write_file(inbox / f"{sha256(data).hexdigest()[:32]}.bundle", data, replace=True, private=True)


def _take_held(desk: Desk, inbox: Path) -> list[Received]:
    """Take what was held, as long as something fits; what turns out to be broken is put away, not tried for ever."""
    found: list[Received] = []
    going = True
    while going:
        going = False
        for path in _held_files(inbox):
            try:
                found.append(desk.receive(read_file(path)))
                path.unlink(missing_ok=True)
                going = True
            except DeskBroken as broken:
                if broken.code != "desk.bundle_ahead":
                    path.rename(path.with_suffix(".refused"))
            except Broken:
                path.rename(path.with_suffix(".refused"))
    return found


# --- progress ---------------------------------------------------------------------------------------------------------


@contextmanager
def _progress(settings: Settings, desk: Desk, size: int) -> Iterator[None]:
    """Show how far an import has come, with rate and time left, if somebody is looking at a terminal."""
    if settings.json or not sys.stderr.isatty() or size < 1 << 20:
        yield
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Acts in a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f} acts/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Verifying", total=None)
        desk.watch = lambda done, everything: bar.update(task, completed=done, total=everything)
        try:
            yield
        finally:
            desk.watch = lambda _done, _all: None
