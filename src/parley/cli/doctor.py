"""Looks after a desk: whether libraries, disk, record, keys and clock are as they should be, and what to do where not."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import typer

import parley
from parley.briefings.phrases import phrase
from parley.cli.answer import BROKEN, Answer, Table, sentence_of
from parley.cli.at_desk import now, passphrases, reading, settings_of
from parley.cli.bundle import INBOX
from parley.cli.errors import CliBroken
from parley.cli.settings import Settings
from parley.desk import EVIDENCE, FORKED, Desk
from parley.desk.erasing import keys_left
from parley.desk.errors import DeskBroken
from parley.desk.folder import Folder, load_keys, read_folder
from parley.process.contact import RULES_VERSION
from parley.process.standing import standing_of
from parley.store import RESTORED
from parley.words import Broken, Moment, is_real

COMMANDS = ()
LIBRARIES: Final = ("PyNaCl", "cryptography", "typer", "rich", "python-calamine", "XlsxWriter")
LEAST_SPACE: Final = 512 * 1024 * 1024
MOST_DRIFT: Final = 24 * 3600
"""Seconds between this machine's clock and the neutral's last entry after which one of the two is worth a look."""
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing looked at: ``well``, ``look`` (somebody should) or ``broken``, and what was seen."""

    about: str
    state: str
    seen: str


@app.command("doctor")
def doctor(context: typer.Context) -> Answer:
    """Look after this desk: libraries, disk, record, keys, clock, space; what is not well comes with what to do.

    Key files are tried only where a passphrase is at hand without asking. Exit code 3 if something is broken.
    """
    settings = settings_of(context)
    found = list(_look(settings))
    rows = [(one.state, one.about, one.seen) for one in found]
    broken = [one.about for one in found if one.state == "broken"]
    said = [{"about": one.about, "state": one.state, "seen": one.seen} for one in found]
    look = [one.about for one in found if one.state == "look"]
    summary = "All is well." if not broken and not look else ""
    summary = f"Broken: {', '.join(broken)}." if broken else summary or f"Worth a look: {', '.join(look)}."
    says: list[str | Table] = [Table(("", "", ""), rows), summary]
    code = "doctor.broken" if broken else "doctor.look" if look else "done"
    return Answer(says=says, data={"looked_at": said}, code=code, exit=BROKEN if broken else 0)


def _look(settings: Settings) -> Iterator[Found]:
    yield from _program()
    try:
        folder = read_folder(settings.desk)
    except Broken as broken:
        yield Found("desk", "broken", _seen(broken, settings))
        return
    yield Found("desk", "well", f"{folder.name} ({folder.role}){', practice' if folder.practice else ''}")
    yield from _disk(folder)
    yield from _keys(folder, settings)
    try:
        with reading(settings) as desk:
            yield from _record(desk)
            yield from _officers(desk, folder)
            yield from _closing(desk)
    except Broken as broken:
        yield Found("record", "broken", _seen(broken, settings))


def _seen(broken: Broken, settings: Settings) -> str:
    said = sentence_of(broken, settings.language)
    return f"{broken.code}: {said.why} {said.next}".strip()


def _program() -> Iterator[Found]:
    version = sys.version_info
    fits = (3, 11) <= version[:2] < (3, 15)
    seen = f"parley {parley.__version__}, Python {version.major}.{version.minor}.{version.micro}"
    yield Found("program", "well" if fits else "broken", seen if fits else f"{seen}; needs Python 3.11 to 3.14")
    versions: list[str] = []
    missing: list[str] = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    yield Found(
        "libraries",
        "broken" if missing else "well",
        f"missing: {', '.join(missing)}" if missing else ", ".join(versions),
    )


def _disk(folder: Folder) -> Iterator[Found]:
    probe = folder.path / ".parley-probe"
    try:
        with probe.open("wb") as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
        yield Found("disk", "well", "takes what is written, and confirms it")
    except OSError:
        yield Found("disk", "broken", "nothing can be written to the desk's folder; check the disk and its rights")
    free = shutil.disk_usage(folder.path).free
    enough = free >= LEAST_SPACE
    yield Found(
        "space", "well" if enough else "look", f"{free // (1024 * 1024)} MiB free{'' if enough else '; make room'}"
    )
    held = list((folder.path / INBOX).glob("*.bundle"))
    refused = list((folder.path / INBOX).glob("*.refused"))
    if held or refused:
        seen = f"{len(held)} bundles wait for earlier ones, {len(refused)} were refused; import what is missing"
        yield Found("inbox", "look", seen)


def _keys(folder: Folder, settings: Settings) -> Iterator[Found]:
    names = folder.key_names
    if not names:
        yield Found("keys", "look", "no key file is here; this desk can only be read")
        return
    open_to_others = [one for one in names if _readable_by_others(folder.path / "keys" / f"{one}.age")]
    if open_to_others:
        yield Found("keys", "look", f"others may read {', '.join(open_to_others)}; chmod 600")
    roots = [one for one in names if one.startswith("root-")]
    if roots:
        yield Found("roots", "look", f"{', '.join(roots)} are here; carry root keys to an offline place")
    silent = passphrases(settings, ask_nobody=True)
    tried: list[str] = []
    failed: list[str] = []
    for name in names:
        try:
            load_keys(folder.path / "keys" / f"{name}.age", silent(name))
            tried.append(name)
        except CliBroken:
            continue
        except Broken as broken:
            failed.append(f"{name} ({broken.code})")
    if failed:
        yield Found("unlocking", "broken", f"cannot be unlocked: {', '.join(failed)}")
    rest = [one for one in names if one not in tried and not any(one in each for each in failed)]
    seen = f"unlocked: {', '.join(tried) or 'none'}" + (f"; not tried: {', '.join(rest)}" if rest else "")
    yield Found("keys", "well", seen)


def _readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)) if os.name == "posix" else False


def _record(desk: Desk) -> Iterator[Found]:
    if not desk.size:
        yield Found("record", "look", "no case yet; found one, or import a bundle that holds it")
        return
    point = desk.checkpoint
    behind = desk.size - (point.size if point is not None else 0)
    seen = f"case {desk.ledger.case}, {desk.size} acts, {standing_of(desk.state)}; root as in the checkpoint"
    yield Found("record", "well" if behind == 0 else "look", seen if behind == 0 else f"{seen} of {desk.size - behind}")
    cosigners = sorted(point.cosigners) if point is not None else []
    yield Found(
        "cosigned",
        "well" if desk.three_signed else "look",
        f"{', '.join(cosigners) or 'nobody'}; all up to {desk.three_signed}",
    )
    yield from _forks(desk)
    rules = desk.state.authority.rules
    yield Found("rules", "well" if rules <= RULES_VERSION else "broken", f"version {rules} here {RULES_VERSION}")
    facts = desk.store.facts()
    for fact, code in ((RESTORED, "desk.restored"), (FORKED, "desk.forked")):
        if fact in facts:
            yield Found("signing", "broken", sentence_of(DeskBroken(code), "en").next or code)
    if desk.waiting:
        yield Found("waiting", "look", f"{len(desk.waiting)} acts have no receipt yet; export a bundle to the neutral")
    yield _clock(desk.state.authority.clock)


def _forks(desk: Desk) -> Iterator[Found]:
    """Say whose chain is forked on record, and how many proofs are kept here."""
    forked = sorted(desk.state.authority.forks)
    kept = len(desk.store.facts(EVIDENCE))
    if forked:
        yield Found("forks", "look", f"the chains of {', '.join(forked)} are forked; their root keys choose the branch")
    if kept and not forked:
        yield Found(
            "evidence", "look", f"{kept} acts that contradict the log are kept as proof; parley fork list shows them"
        )


def _officers(desk: Desk, folder: Folder) -> Iterator[Found]:
    """Say where fewer officers' key files are here than a mandate in force needs to sign."""
    authority = desk.state.authority
    here = {f"{folder.name}/{name}" for name in folder.key_names}
    for mandate in authority.mandates.values():
        if mandate.party != folder.name or mandate.revoked or mandate.until <= authority.clock:
            continue
        missing = sorted(mandate.officers.keys() - here)
        short = max(mandate.needed.values(), default=1) > len(mandate.officers) - len(missing)
        if missing and short:
            seen = f"no key file of {', '.join(missing)}; some acts need {max(mandate.needed.values())} officers"
            yield Found("officers", "look", f"{seen}: bring the file, sign at its desk, or have a new mandate issued")


def _closing(desk: Desk) -> Iterator[Found]:
    """Say what is left to do by hand when the case is closed: no program destroys keys because of an act."""
    if keys_left(desk):
        yield Found("keys of rooms", "look", phrase("closing.keys_left", "en"))


def _clock(neutral: Moment) -> Found:
    here = now()
    if not neutral:
        return Found("clock", "look", "the neutral has entered no time yet")
    if not is_real(neutral):
        return Found("clock", "broken", f"the neutral's last time is {neutral}, a day that no calendar has")
    apart = (datetime.fromisoformat(here) - datetime.fromisoformat(neutral)).total_seconds()
    if apart < -MOST_DRIFT:
        seen = (
            f"the record's time {neutral} is more than a day ahead of this machine's {here}. If the machine is right, the "
            "neutral entered a wrong time: no entry is taken back, so mandates and deadlines go by it until then. Issue "
            "mandates that last beyond it, propose dates after it; if that cannot be borne, found a new case"
        )
        return Found("clock", "broken", seen)
    if apart < -60:
        return Found("clock", "look", f"this machine says {here}, before the neutral's {neutral}; set the clock")
    if apart > MOST_DRIFT:
        return Found("clock", "look", f"the neutral's last time is {neutral}, a day or more ago; here it is {here}")
    return Found("clock", "well", f"{here}; the neutral's last time is {neutral}")
