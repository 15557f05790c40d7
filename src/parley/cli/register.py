"""The register on the command line: look at files, import them, find and show people, undo, export.

The office's data lie in ``office.sqlite`` beside the desk, or where ``--office`` or PARLEY_OFFICE says: a file, or an address
``postgresql://…/database#schema``. No key is needed and nothing here is signed; the journal names the role given with --as.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from parley.acts import LANGUAGES
from parley.cli.act import noun
from parley.cli.answer import Answer, Table
from parley.cli.at_desk import new_file, now, read_file, read_words, settings_of, write_file
from parley.cli.errors import CliBroken, WrongUse
from parley.cli.settings import Settings
from parley.registers.claims import Claim, Draft, PersonId, Source
from parley.store.office import Entry, Office, Query

app = noun("Look at files of people, import them, find, show, undo, export.")
look_app = typer.Typer(rich_markup_mode=None, add_completion=False)
APPS = {"register": app, "look": look_app}
COMMANDS = ()

MOST_SHOWN = 50
Where = Annotated[list[str] | None, typer.Option("--where", help="field=value, several times: birth_date=1985, rank=…")]
Kept = Annotated[str, typer.Option("--office", help="the office's data (else PARLEY_OFFICE, else beside the desk)")]
Text = Annotated[str, typer.Argument(help="words that stand in a name, a number, a place")]
Told = Annotated[str, typer.Option(help="the encoding, where it cannot be found out: cp1251, koi8-u, windows-1256 …")]
Order = Annotated[str, typer.Option("--dates", help="how dates with slashes were written, if known: dmy | mdy | ymd")]
NotAfter = Annotated[str, typer.Option("--not-after", help="the day of the list: nobody on it was born later")]
Person = Annotated[int, typer.Argument(help="the number of the person")]
SourceKind = Annotated[str, typer.Option("--source", help="who says so: own_unit, bureau, holder_list, family …")]
SourceName = Annotated[str, typer.Option("--source-name", help="a name of the source that is no person's: list 3")]
Dated = Annotated[str, typer.Option(help="the day of what it says: 2025-05-01, 2025-05, 2025")]
Evidence = Annotated[str, typer.Option(help="none, statement, witness, document, list, video, visit, certificate …")]
Confidence = Annotated[str, typer.Option(help="certain | likely | possible | doubtful")]
Expires = Annotated[str, typer.Option(help="the last day on which it counts")]
OnlyNeutral = Annotated[bool, typer.Option("--intermediary-only", help="may be told to the neutral alone")]


# --- looking ---


def look(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help=".xlsx, .ods, .csv, .tsv")],
    encoding: Told = "",
    order: Order = "",
    not_after: NotAfter = "",
    map_to: Annotated[str, typer.Option("--map", help="write the proposed map of columns to this new file")] = "",
    report: Annotated[str, typer.Option(help="where the page goes (else FILE.look.html in this folder)")] = "",
) -> Answer:
    """Say what is in files of people and store nothing: columns, dates by certainty, mixed scripts, doubles; write a page.

    With --dry-run not even the page. Exit code 3 where a file cannot be read, with sheet, row and column.
    """
    from parley.briefings.look_page import look_lines, look_page
    from parley.registers.columns import write_map
    from parley.registers.profile import as_data, profile_book
    from parley.registers.sheets import open_book

    settings = settings_of(context)
    if order not in {"", "dmy", "mdy", "ymd"}:
        raise WrongUse("cli.usage", detail="--dates is dmy, mdy or ymd")
    if len(files) > 1 and (map_to or report):
        raise WrongUse("cli.usage", detail="--map and --report go with one file")
    says: list[str | Table] = []
    data: list[dict[str, Any]] = []
    for file in files:
        path = Path(file)
        if not path.exists():
            raise CliBroken("cli.no_such_file", file=path.name)
        book = open_book(path, encoding=encoding)
        with _telling("rows") as tell:
            profiles = profile_book(book, order=order, not_after=not_after, tell=tell)  # type: ignore[arg-type]
        page = Path(report or f"{path.name}.look.html")
        if not settings.dry_run:
            text = look_page(path.name, profiles, book.encoding, settings.language)
            write_file(page, text.encode(), replace=True, private=True)
        if map_to and not settings.dry_run:
            first = next((one for one in profiles if one.header.row), profiles[0])
            write_file(Path(map_to), write_map(str(first.number), first.header).encode())
        says += [path.name, *look_lines(profiles, book.encoding, settings.language)]
        found: dict[str, Any] = {"file": path.name, "kind": book.kind, "sheets": as_data(profiles)}
        if book.encoding is not None:
            found["encoding"] = {"name": book.encoding.name, "known_by": book.encoding.known_by}
        data.append(found if settings.dry_run else {**found, "report": str(page)})
    return Answer(says=says, data={"files": data, "stored": False})


LOOK = "Say what is in files of people; store nothing."
app.command("look", short_help=LOOK)(look)
look_app.command("look", short_help=LOOK)(look)


@app.command("fields", short_help="Name every field of the register.")
def fields(context: typer.Context) -> Answer:
    """Name every field of the register, its number in GC III art. 122 (4), and whether it stays at home."""
    from parley.registers.fields import FIELDS

    settings_of(context)
    rows = [
        (name, one.kind, one.article_122 or "", "stays home" if one.stays_home else "", " ".join(sorted(one.codes)))
        for name, one in FIELDS.items()
    ]
    return Answer(says=[Table(("field", "kind", "art. 122", "", "codes"), rows)], data={"fields": list(FIELDS)})


# --- taking in ---


@app.command("import", short_help="Store the people of a file, all or none, each value with the cell it came from.")
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help=".xlsx, .ods, .csv, .tsv; .json (FollowTheMoney); .xml (PFIF 1.4)")],
    source: SourceKind,
    map_file: Annotated[str, typer.Option("--map", help="the map of columns, as `parley look --map` writes it")] = "",
    name: SourceName = "",
    dated: Dated = "",
    evidence: Evidence = "list",
    confidence: Confidence = "likely",
    expires: Expires = "",
    intermediary_only: OnlyNeutral = False,
    encoding: Told = "",
    office: Kept = "",
) -> Answer:
    """Store the people of a file, all or none, each value with the cell it came from; undo takes the whole import back."""
    settings = settings_of(context)
    said = _source(source, name, dated, evidence, confidence, expires, intermediary_only)
    path = Path(file)
    with _telling("rows") as tell:
        people = _people_of(path, map_file, said, encoding, tell)
        if settings.dry_run:
            return _counted(people)
        with open_at(settings, office) as kept:
            entry = kept.add(people, what=f"import {path.name}", who=_who(settings), at=now())
    text = f"Entry {entry.number}: {entry.people} people, {entry.claims} claims."
    return Answer(says=[text, f"To take it back: parley register undo {entry.number}"], data=_entry_data(entry))


def _people_of(
    path: Path, map_file: str, source: Source, encoding: str, tell: Callable[[int], None] | None
) -> Iterator[Sequence[Draft]]:
    from parley.registers.columns import read_map
    from parley.registers.ftm import people_of_ftm
    from parley.registers.intake import digest_of, people_of_book
    from parley.registers.pfif import people_of_pfif
    from parley.registers.sheets import open_book

    digest = digest_of(path)
    ending = path.suffix.lower()
    if ending in {".json", ".jsonl", ".ijson"}:
        return people_of_ftm(read_words(path), source, file=path.name, digest=digest)
    if ending == ".xml":
        return people_of_pfif(read_file(path), name=source.name, file=path.name, digest=digest)
    if not map_file:
        raise WrongUse("cli.missing", missing="--map; `parley look FILE --map map.toml` writes one")
    said = read_map(read_words(Path(map_file)))
    book = open_book(path, encoding=encoding)
    return people_of_book(book, said, source, file=path.name, digest=digest, tell=tell)


def _counted(people: Iterator[Sequence[Draft]]) -> Answer:
    total = claims = 0
    doubts: dict[str, int] = {}
    for one in people:
        total, claims = total + 1, claims + len(one)
        for said in one:
            for doubt in said.doubts:
                doubts[doubt] = doubts.get(doubt, 0) + 1
    shown = [f"  {doubt}: {count}" for doubt, count in sorted(doubts.items())]
    return Answer(
        says=[f"Would store {total} people with {claims} claims. Nothing was stored.", *shown],
        data={"people": total, "claims": claims, "doubts": doubts, "stored": False},
    )


@app.command("claim", short_help="Add claims about a person who is here.")
def claim(
    context: typer.Context,
    person: Person,
    said: Annotated[list[str], typer.Argument(help="field=text: vital=dead, birth_date=1985, full_name=…")],
    source: SourceKind,
    name: SourceName = "",
    dated: Dated = "",
    evidence: Evidence = "statement",
    confidence: Confidence = "likely",
    expires: Expires = "",
    intermediary_only: OnlyNeutral = False,
    language: Annotated[str, typer.Option("--in", help="the language of a name: uk, ru, ar, en")] = "",
    role: Annotated[str, typer.Option(help="of a name: documents, stated, former, alias, call_sign")] = "",
    office: Kept = "",
) -> Answer:
    """Add claims about a person who is here; nothing that was claimed before is overwritten."""
    from parley.registers.claims import draft

    settings = settings_of(context)
    note = _source(source, name, dated, evidence, confidence, expires, intermediary_only)
    drafts = [draft(*_pair(one), note, language=language, role=role) for one in said]
    with open_at(settings, office) as kept:
        if settings.dry_run:
            kept.show(PersonId(person))
            return Answer(says=["Nothing was stored."], data={"stored": False})
        return _journaled(kept.claim(PersonId(person), drafts, who=_who(settings), at=now()))


@app.command("withdraw", short_help="Withdraw claims: they stay visible and no longer count.")
def withdraw(
    context: typer.Context,
    claims: Annotated[list[int], typer.Argument(help="the numbers of the claims, as show names them")],
    office: Kept = "",
) -> Answer:
    """Withdraw claims: they stay visible and no longer count."""
    from parley.registers.claims import ClaimId

    settings = settings_of(context)
    with open_at(settings, office) as kept:
        return _journaled(kept.withdraw([ClaimId(one) for one in claims], who=_who(settings), at=now()))


# --- finding and showing ---


@app.command("find", short_help="Find people by words and fields; nobody is left out as dead.")
def find(
    context: typer.Context,
    text: Text = "",
    where: Where = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many")] = MOST_SHOWN,
    office: Kept = "",
) -> Answer:
    """Find people by words and fields; nobody is ever left out as dead."""
    from parley.registers.claims import custody_status, vital_status

    settings = settings_of(context)
    with open_at(settings, office) as kept:
        found = kept.find(_query(text, where), most=most + 1)
        dossiers = list(kept.dossiers(found[:most]))
    rows: list[Sequence[object]] = []
    people: list[dict[str, Any]] = []
    for one in dossiers:
        custody, vital = custody_status(one.claims, _today()), vital_status(one.claims, _today())
        names, born = _shown_name(one.claims), " | ".join(_values(one.claims, "birth_date"))
        rows.append((one.person, names, born, custody.value, vital.value + (" !" if vital.alarm else "")))
        people.append(
            {"person": one.person, "name": names, "birth_date": born, "custody": custody.value, "vital": vital.value}
        )
    says: list[str | Table] = [Table(("person", "name", "birth date", "custody", "vital"), rows), f"{len(rows)} found."]
    if len(found) > most:
        says.append(f"There are more than {most}; ask more narrowly, or give --most.")
    return Answer(says=says, data={"people": people, "more": len(found) > most})


@app.command("show", short_help="Show one person: every claim with its source, and why each status.")
def show(
    context: typer.Context,
    person: Person,
    on: Annotated[str, typer.Option(help="as of this day (else today)")] = "",
    office: Kept = "",
) -> Answer:
    """Show one person: every claim with its source, contradictions, and by which rule each status follows from which claims."""
    from parley.briefings.phrases import phrase
    from parley.registers.claims import contradictions, custody_status, legal_status, vital_status
    from parley.registers.exporting import source_of

    settings = settings_of(context)
    day = on or _today()
    with open_at(settings, office) as kept:
        claims = kept.show(PersonId(person)).claims
    rows = [
        (
            one.id,
            one.said.field,
            one.said.written,
            one.said.value if one.said.value != one.said.written else "",
            " ".join(one.said.doubts),
            source_of(one),
            one.said.source.confidence,
            _standing(one, day),
        )
        for one in claims
    ]
    says: list[str | Table] = [Table(("claim", "field", "written", "value", "doubts", "source", "sure", ""), rows)]
    statuses: dict[str, Any] = {}
    for name, status in (("vital", vital_status(claims, day)), ("custody", custody_status(claims, day))):
        why = phrase(status.rule, settings.language)
        by = ", ".join(str(one) for one in status.counted)
        says.append(f"{name}: {status.value}{' !' if status.alarm else ''}. {why}{f' (claims {by})' if by else ''}")
        statuses[name] = {
            "value": status.value,
            "rule": status.rule,
            "why": why,
            "claims": status.counted,
            "expired": status.expired,
            "alarm": status.alarm,
        }
    against = contradictions(claims, day)
    says += [f"contradiction in {field}: {' | '.join(values)}" for field, values in against.items()]
    legal = legal_status(claims, day)
    says += [f"status {value}, according to {', '.join(sources)}" for value, sources in legal.items()]
    data = {
        "person": person,
        "claims": [_claim_data(one, day) for one in claims],
        "statuses": statuses,
        "contradictions": against,
        "legal_status": legal,
    }
    return Answer(says=says, data=data)


@app.command("doubles", short_help="People of the register who may be one; nobody is merged.")
def doubles(
    context: typer.Context,
    spelled: Annotated[
        bool, typer.Option("--spelled", help="also across scripts and spellings, with a score (slower)")
    ] = False,
    learn: Annotated[
        bool, typer.Option("--learn", help="with --spelled: what reviewers judged moves the weights")
    ] = False,
    office: Kept = "",
) -> Answer:
    """Name people of the register who may be one: alike after folding in names and birth date, or in number.

    With --spelled also those who are only spelled alike, in any script, each pair with its probability and zone. Nobody is
    merged: people judge, and what they decide is kept (`parley match judge`); with --learn it weighs for the next time.
    """
    from parley.registers.exporting import double_keys

    settings = settings_of(context)
    groups: dict[tuple[str, ...], list[PersonId]] = {}
    with open_at(settings, office) as kept:
        everybody = kept.find(Query())
        for one in kept.dossiers(everybody):
            for key in double_keys(one.claims, _today()):
                groups.setdefault(key, []).append(one.person)
        found = sorted({tuple(some) for some in groups.values() if len(some) > 1})
        pairs = _spelled_alike(kept, everybody, learn=learn) if spelled else []
        meant = {who for some in found for who in some} | {who for a, b, _, _ in pairs for who in (a, b)}
        names = {one.person: _shown_name(one.claims) for one in kept.dossiers(meant)}
    says: list[str | Table] = [", ".join(f"{one} {names[one]}" for one in some) for some in found]
    rows = [(a, names[a], b, names[b], f"{probability:.2f}", zone) for a, b, probability, zone in pairs]
    says += [f"{len(found)} groups alike.", *([Table(("a", "", "b", "", "probability", "zone"), rows)] if rows else [])]
    data = [{"a": a, "b": b, "probability": round(probability, 4), "zone": zone} for a, b, probability, zone in pairs]
    return Answer(says=says, data={"groups": found, **({"pairs": data} if spelled else {})})


def _spelled_alike(
    kept: Office, everybody: Sequence[PersonId], *, learn: bool
) -> list[tuple[PersonId, PersonId, float, str]]:
    """Return the pairs that the matching proposes or would have reviewed, the likeliest first."""
    from parley.registers.doubles import spelled_alike
    from parley.registers.judgements import Judgement

    judged = [
        Judgement(id_a=one.id_a, id_b=one.id_b, verdict=one.verdict, reviewer=one.reviewer, at=one.at)
        for one in (kept.judgements() if learn else ())
    ]
    found = spelled_alike(((one.person, one.claims) for one in kept.dossiers(everybody)), judged=judged)
    return [(one.a, one.b, one.probability, one.zone) for one in found.pairs]


# --- the journal ---


@app.command("history", short_help="The journal, newest first.")
def history(
    context: typer.Context,
    person: Annotated[int, typer.Option(help="only what touched this person")] = 0,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many")] = MOST_SHOWN,
    office: Kept = "",
) -> Answer:
    """Show the journal, newest first: what was done, by which role, when, and what has been undone."""
    settings = settings_of(context)
    with open_at(settings, office) as kept:
        entries = kept.history(person=PersonId(person) if person else None, most=most)
    rows = [
        (
            one.number,
            one.at,
            one.who,
            one.what + (f" {one.undoes}" if one.undoes else ""),
            one.people,
            one.claims,
            f"undone by {one.undone_by}" if one.undone_by else "",
        )
        for one in entries
    ]
    table = Table(("entry", "at", "who", "what", "people", "claims", ""), rows)
    return Answer(says=[table], data={"entries": [_entry_data(one) for one in entries]})


@app.command("undo", short_help="Take back an entry of the journal; undoing an undoing brings it back.")
def undo(
    context: typer.Context,
    entry: Annotated[int, typer.Argument(help="the number of the entry")],
    office: Kept = "",
) -> Answer:
    """Take back an entry of the journal, whole; undoing an undoing brings it back. Works after any restart."""
    settings = settings_of(context)
    with open_at(settings, office) as kept:
        return _journaled(kept.undo(entry, who=_who(settings), at=now()))


# --- giving out ---


@app.command(
    "export", short_help="Write exactly the people found to .xlsx, .csv or .json, with where each value came from."
)
def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a new file: .xlsx, .csv, or .json for FollowTheMoney")],
    text: Text = "",
    where: Where = None,
    intermediary: Annotated[
        bool, typer.Option("--for-intermediary", help="also what only the neutral may know")
    ] = False,
    office: Kept = "",
) -> Answer:
    """Write exactly the people found to a new file, with where each value came from; no cell can become a formula."""
    from parley.registers.exporting import table, write_csv, write_xlsx
    from parley.registers.ftm import ftm_of

    settings = settings_of(context)
    path = Path(file)
    ending = path.suffix.lower()
    if ending not in {".xlsx", ".csv", ".json"}:
        raise WrongUse("cli.usage", detail="the file ends in .xlsx, .csv or .json")
    if path.exists():
        raise CliBroken("cli.exists")
    with open_at(settings, office) as kept:
        found = kept.find(_query(text, where))

        def people() -> Iterator[tuple[PersonId, Sequence[Claim]]]:
            return ((one.person, one.claims) for one in kept.dossiers(found))

        if not settings.dry_run:
            beside = path.with_name(f"{path.name}.part")
            try:
                if ending == ".json":
                    with new_file(path, private=True) as write:
                        for line in ftm_of(people(), _today(), intermediary=intermediary):
                            write(f"{line}\n".encode())
                else:
                    beside.touch(mode=0o600)
                    rows = table(people, _today(), intermediary=intermediary)
                    (write_csv if ending == ".csv" else write_xlsx)(beside, rows)
                    beside.replace(path)
            except OSError:
                raise CliBroken("cli.cannot_write") from None
            finally:
                beside.unlink(missing_ok=True)
    return Answer(says=[f"{len(found)} people written."], data={"people": len(found), "file": str(path)})


@app.command("template", short_help="Write an empty list to fill in, in one of four languages.")
def template(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a new .xlsx")],
    language: Annotated[str, typer.Option("--in", help="|".join(LANGUAGES) + " (else the language of answers)")] = "",
) -> Answer:
    """Write an empty list to fill in: headings in one of four languages, every cell set to text."""
    from parley.registers.exporting import template_header, write_template

    settings = settings_of(context)
    chosen = language or settings.language
    if chosen not in LANGUAGES or Path(file).suffix.lower() != ".xlsx":
        raise WrongUse("cli.usage", detail=f"a file .xlsx, and --in one of {', '.join(LANGUAGES)}")
    if Path(file).exists():
        raise CliBroken("cli.exists")
    if not settings.dry_run:
        try:
            write_template(Path(file), chosen)
        except OSError:
            raise CliBroken("cli.cannot_write") from None
    return Answer(says=["Written."], data={"file": file, "headings": template_header(chosen)})


# --- what several commands need ---


def office_at(settings: Settings, told: str) -> str:
    """Return where the office's data lie: as told, as the environment says, else beside the desk."""
    return told or settings.environment.get("PARLEY_OFFICE", "") or str(settings.desk / "office.sqlite")


@contextmanager
def open_at(settings: Settings, told: str) -> Iterator[Office]:
    """Open the office's data, and let go of them afterwards."""
    from parley.store.office import open_office

    kept = open_office(office_at(settings, told))
    try:
        yield kept
    finally:
        kept.close()


def _today() -> str:
    return now()[:10]


def _who(settings: Settings) -> str:
    return settings.signers[0] if settings.signers else "office"


def _source(
    kind: str, name: str, dated: str, evidence: str, confidence: str, expires: str, intermediary_only: bool
) -> Source:
    from parley.registers.claims import check_source

    source = Source(
        kind=kind,
        name=name,
        dated=dated,
        evidence=evidence,
        confidence=confidence,
        expires=expires,
        intermediary_only=intermediary_only,
    )
    check_source(source)
    return source


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise WrongUse("cli.usage", detail="write field=text")
    return name, value


def _query(text: str, where: Sequence[str] | None) -> Query:
    from parley.registers.fields import FIELDS

    pairs = dict(_pair(one) for one in where or ())
    for name in pairs:
        if name not in FIELDS:
            raise WrongUse("cli.usage", detail=f"no field {name[:40]}; see `parley register fields`")
    return Query(text=text, where=pairs)


def _shown_name(claims: Sequence[Claim]) -> str:
    parts = [" ".join(_values(claims, name)[:1]) for name in ("surname", "given_names", "father_name")]
    return " ".join(part for part in parts if part) or " ".join(_values(claims, "full_name")[:1])


def _values(claims: Sequence[Claim], field: str) -> tuple[str, ...]:
    here = (one.said.written for one in claims if one.said.field == field and not one.withdrawn_by)
    return tuple(dict.fromkeys(here))


def _standing(one: Claim, day: str) -> str:
    if one.withdrawn_by:
        return f"withdrawn by {one.withdrawn_by}"
    if not one.counts_on(day):
        return f"expired {one.said.source.expires}"
    return "intermediary only" if one.said.source.intermediary_only else ""


def _claim_data(one: Claim, day: str) -> dict[str, Any]:
    source, origin = one.said.source, one.said.origin
    return {
        "claim": one.id,
        "field": one.said.field,
        "written": one.said.written,
        "value": one.said.value,
        "doubts": list(one.said.doubts),
        "language": one.said.language,
        "script": one.said.script,
        "role": one.said.role,
        "source": source.kind,
        "source_name": source.name,
        "dated": source.dated,
        "evidence": source.evidence,
        "confidence": source.confidence,
        "expires": source.expires,
        "intermediary_only": source.intermediary_only,
        "file": origin.file,
        "digest": origin.digest,
        "sheet": origin.sheet,
        "row": origin.row,
        "column": origin.column,
        "entry": one.entry,
        "withdrawn_by": one.withdrawn_by,
        "counts": one.counts_on(day),
    }


def _entry_data(one: Entry) -> dict[str, Any]:
    return {
        "entry": one.number,
        "what": one.what,
        "who": one.who,
        "at": one.at,
        "people": one.people,
        "claims": one.claims,
        "undoes": one.undoes,
        "undone_by": one.undone_by,
    }


def _journaled(entry: Entry) -> Answer:
    return Answer(says=[f"Entry {entry.number}: {entry.what}, {entry.claims} claims."], data=_entry_data(entry))


@contextmanager
def _telling(what: str) -> Iterator[Callable[[int], None] | None]:
    """Give something that tells progress to whoever sits at a terminal: how many, and how many a second."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def tell(count: int) -> None:
        rate = count / max(time.monotonic() - begun, 0.001)
        print(f"\r{count:,} {what}, {rate:,.0f} a second ", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)
