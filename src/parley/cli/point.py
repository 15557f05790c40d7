"""The handover point on the command line: papers, packs, devices, drill, joining books, reconciling, how it stands.

These are commands of ``parley handover``; ``join`` works on book files alone, all others at a desk.
"""

from __future__ import annotations

import contextlib
import csv
import io
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from parley.acts import HandInBook, PrintManifests
from parley.briefings.paper_words import paper_words
from parley.briefings.phrases import RIGHT_TO_LEFT, phrase
from parley.cli.act import sign_deed
from parley.cli.answer import REFUSED, Answer, Table
from parley.cli.at_desk import (
    now,
    passphrases,
    read_file,
    read_words,
    reading,
    settings_of,
    unlock_for,
    working,
    write_file,
)
from parley.cli.errors import WrongUse
from parley.cli.settings import Settings
from parley.desk import Desk, point
from parley.handover import drill as rehearsal
from parley.handover import joining, pack, papers, reckoning
from parley.handover.errors import BookBroken, PackBroken, PaperBroken
from parley.handover.pack import Pack
from parley.process import batches, handover, movement, reconciliation
from parley.process.state import State
from parley.record.errors import KeyBroken
from parley.record.keys import VerifyKey
from parley.words import LINE, LineId, Lines

PIN: Final = "pin"
"""The name under which the PIN of a pack is asked for, as a key's passphrase is."""
DESK_KEYS: Final = ("desk",)
EVERY: Final = 2.0
"""Seconds between two looks of ``status --watch``."""

Batch = Annotated[int, typer.Option("--batch", min=1, help="the batch")]
Books = Annotated[list[Path], typer.Argument(metavar="BOOK…", help="books of devices, in any order, whole or in part")]
Vehicle = Annotated[str, typer.Option("--vehicle", help="only this vehicle (else all)")]
Tags = Annotated[
    Path | None,
    typer.Option("--tags", help="a .csv with line and tag: stretcher, wheelchair or escort (else the last)"),
]
Hours = Annotated[int, typer.Option("--hours", min=1, max=pack.MOST_HOURS, help="how long it holds")]
Unseated = Annotated[bool, typer.Option("--unseated", help="also people who ride on no vehicle yet")]
Lost = Annotated[list[str] | None, typer.Option("--lost", help="a device lost with its entries, such as north/gate-2")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``parley handover``."""
    app.command("manifest", short_help="Print manifests, rosters, medical tags, effects statements, tally sheets.")(
        manifest
    )
    app.command("cards", short_help="Print one card with a QR code for each person.")(cards)
    app.command("pack", short_help="Make the pack that devices carry to the point.")(make_pack)
    app.command("enrol", short_help="Make a device known: show a code, then answer its request.")(enrol)
    app.command("drill", short_help="End a rehearsal with a go or no-go list.")(drill)
    app.command("join", short_help="Join book files, in any order; needs no desk.")(join)
    app.command("reconcile", short_help="Set the books beside the agreed list: delivered, not delivered, extra.")(
        reconcile
    )
    app.command("status", short_help="How the batch stands: books, groups, who is ahead.")(status)


# --- papers ---


def manifest(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="the folder to write into")],
    batch: Batch = 1,
    vehicle: Vehicle = "",
    tags: Tags = None,
    unseated: Unseated = False,
    record: Annotated[
        bool, typer.Option("--record", help="sign the hashes of own vehicles' manifests into the record")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="say whether this PDF is a manifest on record")] = False,
) -> Answer:
    """Write manifest, boarding roster, effects statement and tally sheet as PDF in the language of this call.

    Medical tags are written for those whom --tags names. The same record gives the same bytes; the hash of who rides on each
    vehicle is printed on its manifest and can be made again from the record. With --record, a PDF for each own vehicle is
    written instead, with a salt at its foot, and their hashes are signed; --check FILE finds such a PDF in the record.
    """
    settings = settings_of(context)
    if check:
        return _on_record(settings, read_file(folder))
    if record:
        return _record_manifests(settings, folder, batch, tags)
    kinds = ("manifest", "roster", "effects", "tally", *(("medical",) if tags else ()))
    carried = _carried(settings, batch, tags, seated=not unseated)
    made = {f"{kind}-{batch}.pdf": _paper(kind, carried, settings, vehicle) for kind in kinds}
    return _papers(settings, folder, made, carried)


def _record_manifests(settings: Settings, folder: Path, batch: int, tags: Path | None) -> Answer:
    """Write one manifest for each own vehicle and sign their hashes; nothing is written if that is refused."""
    said, language = _tags(tags), settings.language
    with working(settings, keys=()) as (desk, place, ask):
        made = point.printed_manifests(
            desk, batch, _moment(desk), paper_words(language), language, rtl=language in RIGHT_TO_LEFT, tags=said,
            keep=not settings.dry_run,
        )  # fmt: skip
        deed = PrintManifests(batch=batch, papers={name: papers.digest(content) for name, content in made.items()})
        files = {f"manifest-{batch}-{name}.pdf": content for name, content in made.items()}
        signers = unlock_for(desk, place, ask, deed.kind, settings)
        return sign_deed(desk, settings, deed, signers=signers, before=lambda: _write(folder, files))


def _on_record(settings: Settings, paper: bytes) -> Answer:
    with reading(settings) as desk:
        found = point.vehicle_of_paper(desk, paper)
    mark = papers.digest(paper)
    if found is None:
        raise PaperBroken("paper.not_on_record")
    facts: dict[str, str | int] = {"vehicle": found.name, "batch": found.batch, "giving": found.by}
    return Answer(says=[phrase("point.on_record", settings.language, **facts), mark], data={"paper": mark, **facts})


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    with contextlib.suppress(OSError):  # what cannot be made cannot be written into, and that is said below
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_file(folder / name, content, replace=True)


def cards(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="the folder to write into")],
    batch: Batch = 1,
    vehicle: Vehicle = "",
    tags: Tags = None,
    unseated: Unseated = False,
) -> Answer:
    """Write the cards as PDF in the language of this call: line, names, vehicle, seat, and a QR code of 22 mm.

    A card shows no kin and nothing on health but the one word of --tags.
    """
    settings = settings_of(context)
    carried = _carried(settings, batch, tags, seated=not unseated)
    return _papers(settings, folder, {f"cards-{batch}.pdf": _paper("cards", carried, settings, vehicle)}, carried)


def _carried(settings: Settings, batch: int, tags: Path | None, *, seated: bool) -> Pack:
    said = _tags(tags)
    with working(settings) as (desk, _, _):
        return point.pack_for(desk, batch, _moment(desk), tags=said, seated=seated, keep=not settings.dry_run)


def _moment(desk: Desk) -> Any:  # noqa: ANN401 - a Moment
    """Return the record's own hour, so that papers made twice from one record are the same."""
    return desk.state.authority.clock or now()


def _tags(file: Path | None) -> dict[LineId, str] | None:
    if file is None:
        return None
    found: dict[LineId, str] = {}
    for row in csv.DictReader(io.StringIO(read_words(file))):
        line, tag = (row.get("line") or "").strip(), (row.get("tag") or "").strip().lower()
        if LINE.match(line) is None or tag not in pack.TAGS:
            raise WrongUse(
                "cli.usage", detail="--tags is a table with the columns line and tag (stretcher, wheelchair, escort)"
            )
        if line in found:
            raise PackBroken("pack.twice", line=line)
        found[LineId(line)] = tag
    return found


def _paper(kind: str, carried: Pack, settings: Settings, vehicle: str) -> bytes:
    language = settings.language
    named = point.vehicle_name(vehicle) if vehicle else ""
    return papers.paper(kind, carried, paper_words(language), language, vehicle=named, rtl=language in RIGHT_TO_LEFT)


def _papers(settings: Settings, folder: Path, made: Mapping[str, bytes], carried: Pack) -> Answer:
    data = {
        "files": {name: papers.digest(content) for name, content in made.items()},
        "people": len(carried.people),
        "version": carried.version,
    }
    if settings.dry_run:
        return Answer(says=["Nothing was written."], code="dry_run", data=data)
    _write(folder, made)
    rows = [(name, f"{len(content) // 1024} KiB", papers.digest(content)) for name, content in made.items()]
    return Answer(says=[Table(("file", "size", "SHA-256"), rows)], data=data)


# --- packs and devices ---


def make_pack(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="the file to write")],
    batch: Batch = 1,
    tags: Tags = None,
    hours: Hours = point.HOURS,
    unseated: Unseated = False,
    replace: Annotated[bool, typer.Option("--replace", help="write over an older pack")] = False,
) -> Answer:
    """Write the pack of a batch for this desk's counter: signed, versioned, locked with a PIN, good for two days.

    The PIN has 6 to 64 characters and is asked for, or taken from PARLEY_PASSPHRASE_PIN or the passphrase file (key: pin).
    """
    settings = settings_of(context)
    said = _tags(tags)
    with working(settings) as (desk, _, _):
        made = point.pack_for(
            desk, batch, now(), hours=hours, tags=said, seated=not unseated, keep=not settings.dry_run, carried=True
        )
        signer = point.signer_of(desk)
        data = {"batch": batch, "version": made.version, "people": len(made.people), "expires": made.expires}
        if settings.dry_run:
            return Answer(says=["Nothing was written."], code="dry_run", data=data)
        pin = passphrases(settings, twice=True)(PIN)
        pack.check_pin(pin)
        salt, nonce = desk.randomness(pack.SALT_BYTES), desk.randomness(pack.NONCE_BYTES)
        write_file(
            out, pack.lock(pack.sign(made, signer), pin, signer.verify_key, salt=salt, nonce=nonce), replace=replace
        )
    nameless = sum(1 for one in made.people if not one.names)
    says = [f"Pack {made.version} of batch {batch}: {len(made.people)} people, until {made.expires}."]
    says += [f"{nameless} of them are lines without a name here; their lists are sealed to others."] if nameless else []
    return Answer(says=says, data={**data, "nameless": nameless})


def enrol(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="the device, such as gate-2 (with --answer: the file it gave)")],
    batch: Batch = 1,
    answer: Annotated[bool, typer.Option("--answer", help="answer the request of a device")] = False,
    vouch: Annotated[bool, typer.Option("--vouch", help="the people who carried it say the key is its own")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="the code as SVG, or the certificate")] = None,
) -> Answer:
    """Show a code that one device may answer once, within ten minutes; then, with --answer FILE, certify its key.

    A device that never met its desk again has its request in its book: take it out and answer it with --vouch.
    """
    settings = settings_of(context)
    with working(settings) as (desk, _, _):
        if answer or vouch:
            return _admit(settings, desk, read_file(Path(name)), out, vouched=vouch)
        if settings.dry_run:
            return Answer(says=["Nothing was opened."], code="dry_run")
        opening, text = point.open_enrolment(desk, name, batch, now())
    if out is not None:
        write_file(out, papers.qr_svg(text), replace=True)
    data = {"device": opening.device, "code": text, "expires": opening.expires}
    return Answer(
        says=[*([] if out else _picture(text)), text, "It holds for ten minutes and for one device."], data=data
    )


def _admit(settings: Settings, desk: Desk, line: bytes, out: Path | None, *, vouched: bool) -> Answer:
    if settings.dry_run:
        return Answer(says=["Nothing was certified."], code="dry_run")
    given = point.admit(desk, line, now(), vouched=vouched)
    certificate = given.line()
    if out is not None:
        write_file(out, certificate, replace=True)
    data = {"device": given.what.device, "until": given.what.until, "certificate": certificate.decode().rstrip("\n")}
    says = [
        f"{given.what.device} counts for {given.what.counter} in batch {given.what.batch} until {given.what.until}."
    ]
    return Answer(says=[*says, *([] if out else [data["certificate"]])], data=data)


def _picture(text: str) -> list[str]:
    """Return a QR code in half blocks, for a terminal."""
    import segno

    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    marks = {
        (False, False): "█",
        (False, True): "▀",
        (True, False): "▄",
        (True, True): " ",
    }  # light on dark, as terminals are
    return [
        "".join(marks[bool(a), bool(b)] for a, b in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


# --- books ---


def _piles(files: Sequence[Path]) -> joining.Pile:
    return joining.join(joining.read_book(read_file(file)) for file in files)


def join(
    context: typer.Context,
    books: Books,
    out: Annotated[Path | None, typer.Option("--out", help="write the joined book here")] = None,
    key: Annotated[list[str] | None, typer.Option("--key", help="the public key of a desk that is trusted")] = None,
    case: Annotated[str, typer.Option("--case", help="the case meant, where the books hold several")] = "",
    batch: Annotated[int, typer.Option("--batch", min=0, help="the batch meant, where the books hold several")] = 0,
) -> Answer:
    """Join book files in any order and say what counts, what is kept aside and why, and what is odd; needs no desk.

    Without --key the certificates in the books are taken at their word, and the answer says so.
    """
    settings = settings_of(context)
    pile = _piles(books)
    trusted = {one.name: one for one in _keys(key)} if key else None
    about = (case, batch) if case and batch else joining.case_and_batch(pile)
    if about is None:
        found = joining.Joined(accepted=(), aside=(), shown=())
    else:
        found = joining.look(pile, case=about[0], batch=about[1], now=now(), trusted=trusted)
    if out is not None and not settings.dry_run:
        write_file(out, pile.book(), replace=True)
    data = {
        "case": about[0] if about else "",
        "batch": about[1] if about else 0,
        "vouched": trusted is not None,
        "digest": reckoning.digest(pile),
        **_joined(found),
    }
    says = _sayings(found, settings.language)
    says += [] if trusted is not None else [phrase("point.unvouched", settings.language)]
    return Answer(says=says, data=data)


def _keys(texts: Sequence[str]) -> Iterator[VerifyKey]:
    for text in texts:
        try:
            yield VerifyKey.parse(text)
        except KeyBroken:
            raise WrongUse("cli.usage", detail="--key is a desk's public key, name+check+base64") from None


def _joined(found: joining.Joined) -> dict[str, Any]:
    return {
        "accepted": len(found.accepted),
        "devices": sorted({one.device for _, one in found.accepted}),
        "aside": [{"word": one.word, "line": one.line.decode(errors="replace")} for one in found.aside],
        "shown": [{"word": one.word, **dict(one.about)} for one in found.shown],
        "tallies": {who: {"lines": one.outcomes, "unlisted": one.unlisted} for who, one in found.tallies().items()},
    }


def _sayings(found: joining.Joined, language: str) -> list[str | Table]:
    says: list[str | Table] = [
        phrase("point.joined", language, entries=len(found.accepted), aside=len(found.aside), shown=len(found.shown))
    ]
    counted = [(who, len(one.outcomes), one.unlisted) for who, one in found.tallies().items()]
    says.append(Table(("counter", "people", "without a line"), counted))
    aside = [(_word(one.word, language), one.line[:60].decode(errors="replace")) for one in found.aside]
    odd = [(_word(one.word, language), ", ".join(str(said) for _, said in one.about)) for one in found.shown]
    return [*says, Table(("aside", "line"), aside), Table(("odd", "about"), odd)]


def _word(word: str, language: str) -> str:
    return phrase(f"point.{word.rpartition('.')[2]}", language)


def drill(
    context: typer.Context,
    books: Books,
    batch: Batch = 1,
    lost: Lost = None,
    clock: Annotated[
        list[str] | None, typer.Option("--clock", help="by how many seconds a device's clock is off: north/gate-1=+12")
    ] = None,
) -> Answer:
    """Look at the books of a rehearsal with the real pack on the real devices, the network cut, and say go or no-go.

    Every device enrolled for the batch is expected, unless --lost names it. The pack last made must hold until the agreed
    window ends, and every device's clock is held beside a right one (--clock). A no-go answers with exit code 1.
    """
    settings = settings_of(context)
    with working(settings) as (desk, _, _):
        carried = point.pack_for(desk, batch, now(), seated=False, keep=False)
        joined = point.look(desk, _piles(books), batch, now(), rehearsal=True)
        devices = [name for name in point.devices(desk, batch) if name not in (lost or ())]
        holds, needed = point.pack_holds(desk, batch), point.needed_until(desk, batch, now())
    carried = replace(carried, expires=holds)
    found = rehearsal.findings(carried, joined, devices, needed, clocks=_clocks(clock or ()))
    go = rehearsal.go(found)
    language = settings.language
    rows = [
        (_word("right" if one.right else "wrong", language), _word(one.item, language), one.detail) for one in found
    ]
    says: list[str | Table] = [Table(("", "", ""), rows), phrase("point.go" if go else "point.no_go", language)]
    data = {"go": go, "findings": [asdict(one) for one in found]}
    return Answer(says=says, data=data, code="go" if go else "no_go", exit=0 if go else REFUSED)


def _clocks(texts: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        device, _, seconds = text.partition("=")
        try:
            found[device] = int(seconds)
        except ValueError:
            raise WrongUse("cli.usage", detail="--clock is a device and its seconds, north/gate-1=+12") from None
    return found


def reconcile(
    context: typer.Context,
    books: Books,
    batch: Batch = 1,
    lost: Lost = None,
    hand_in: Annotated[bool, typer.Option("--hand-in", help="sign this counter's own book into the record")] = False,
) -> Answer:
    """Set the books beside the agreed list: delivered, not delivered, extra, and every difference with a cause or unexplained.

    Debts and reservations that are on record are said again.

    It decides nothing; the closing is `parley handover close`. With --hand-in this counter's own tally is signed.
    """
    settings = settings_of(context)
    pile = _piles(books)
    with working(settings, keys=() if hand_in else DESK_KEYS) as (desk, folder, ask):
        joined = point.look(desk, pile, batch, now())
        if hand_in:
            signers = unlock_for(desk, folder, ask, HandInBook.kind, settings)
            return sign_deed(desk, settings, _deed(desk, joined, pile, batch), signers=signers)
        found = point.reckon(desk, joined, batch, tuple(lost or ()))
        state = desk.state
    told = _reckoned(found, joined, settings)
    says, data = _on_record_so_far(state, settings.language)
    return replace(told, says=[*told.says, *says], data={**told.data, **data})


def _on_record_so_far(state: State, language: str) -> tuple[list[str | Table], dict[str, Any]]:
    """Repeat what the record says besides: who is owed and carried to which batch, and who signed under which reservation."""
    owed = [(line, one) for line, one in reconciliation.debts(state).items() if not one.settled]
    reserved = [
        (one.says.batches, who, said)
        for one in state.reconciliation.records.values()
        for who, said in one.signed_by.items()
        if said
    ]
    rows = [
        (line, one.giving, one.batch or "-", one.code, "-" if one.carried_to is None else one.carried_to or "later")
        for line, one in owed
    ]
    says: list[str | Table] = [phrase("point.owed", language, count=len(owed))]
    says += [Table(("owed", "by", "batch", "outcome", "carried to"), rows)] if rows else []
    says += [phrase("point.reserved", language, party=who, reservation=said) for _, who, said in reserved]
    data = {
        "debts": [{"line": line, **asdict(one)} for line, one in owed],
        "reservations": [
            {"party": who, "reservation": said, "batches": list(numbers)} for numbers, who, said in reserved
        ],
    }
    return says, data


def _deed(desk: Desk, joined: joining.Joined, pile: joining.Pile, batch: int) -> HandInBook:
    tally = joined.tallies().get(desk.name)
    if tally is None:
        raise BookBroken("book.nothing_counts", counter=desk.name)
    book = reckoning.book_of(tally)
    return HandInBook(batch=batch, book=reckoning.digest(pile), outcomes=book.outcomes, unlisted=book.unlisted)


def _reckoned(found: reckoning.Reckoning, joined: joining.Joined, settings: Settings) -> Answer:
    language = settings.language
    told: list[tuple[str, Lines]] = [
        (phrase("point.delivered", language, side=side), lines) for side, lines in found.delivered.items()
    ]
    told += [(code, lines) for code, lines in found.not_delivered.items()]
    told += [(phrase("point.extra", language), found.extra), (phrase("point.unseen", language), found.unseen)]
    says: list[str | Table] = [Table(("", ""), [(what, f"{len(lines)}  {lines}") for what, lines in told])]
    counters = sorted(found.unlisted)
    rows = [
        (one.line, *(", ".join(sorted(one.wrote[name])) or "-" for name in counters), one.outcome or "?", one.cause)
        for one in found.differing
    ]
    says.append(Table(("line", *counters, "outcome", "cause"), rows))
    says += [phrase("point.no_book", language, counter=name) for name in found.without_book]
    if found.unknown.ranges:
        says.append(phrase("point.unknown_lines", language, lines=str(found.unknown)))
    if found.undecided.ranges:
        says.append(phrase("point.undecided", language, count=len(found.undecided), lines=str(found.undecided)))
    says.append(phrase("point.unexplained", language, count=len(found.unexplained)))
    data = {
        "delivered": {side: str(lines) for side, lines in found.delivered.items()},
        "not_delivered": {code: str(lines) for code, lines in found.not_delivered.items()},
        "extra": str(found.extra),
        "unseen": str(found.unseen),
        "unknown": str(found.unknown),
        "undecided": str(found.undecided),
        "closing": [{"lines": str(one.lines), "outcome": one.outcome, "cause": one.cause} for one in found.closing],
        "unlisted": dict(found.unlisted),
        "without_book": list(found.without_book),
        "leads": dict(found.leads),
        "receipted": list(found.receipted),
        "half_receipted": list(found.half_receipted),
        "differing": [
            {"line": one.line, "outcome": one.outcome, "cause": one.cause}
            | {"wrote": {name: sorted(codes) for name, codes in one.wrote.items()}}
            for one in found.differing
        ],
        "aside": len(joined.aside),
    }
    return Answer(says=says, data=data)


# --- how it stands ---


def status(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="look again every two seconds, until Ctrl-C")] = False,
) -> Answer:
    """Say for each batch on record what is planned, boarded, across, who is ahead, and whose book is in."""
    settings = settings_of(context)
    shown = _status(settings)
    while watch and not settings.dry_run:
        for part in shown.says:
            typer.echo(part if isinstance(part, str) else _plain(part))
        typer.echo(now())
        before = shown
        while (shown := _status(settings)).data == before.data:
            time.sleep(EVERY)
    return shown


def _plain(table: Table) -> str:
    return "\n".join("  ".join(str(cell) for cell in row) for row in (table.columns, *table.rows))


def _status(settings: Settings) -> Answer:
    with reading(settings) as desk:
        state = desk.state
        rows, data = [], {}
        for batch in batches.numbers(state):
            planned = len(batches.planned_set(state, batch))
            aboard = sum(1 for _ in movement.boarded(state, batch))
            over = len(handover.crossed(state, batch))
            books = sorted(handover.books_of(state, batch))
            ahead = {name: count for name, count in handover.lead(state, batch).items() if count}
            word = "closed" if handover.closed(state, batch) else movement.batch_status(state, batch)
            data[str(batch)] = {
                "planned": planned, "boarded": aboard, "across": over, "ahead": ahead, "books": books, "status": word,
                "devices": sorted(point.devices(desk, batch)),
            }  # fmt: skip
            leading = ", ".join(f"{name} +{count}" for name, count in ahead.items()) or "-"
            rows.append((batch, word, planned, aboard, over, leading, ", ".join(books) or "-"))
    columns = ("batch", "status", "planned", "boarded", "across", "ahead", "books in")
    return Answer(says=[Table(columns, rows)] if rows else ["No batch is planned yet."], data={"batches": data})
