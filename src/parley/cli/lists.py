"""Lists on the command line: from a spreadsheet to a sealed list, and from a sealed list to single rows with their proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from parley import acts
from parley.acts import Dropped, HandInList, LineGroup
from parley.briefings.rulebook import about, help_of
from parley.cli.act import ActCommand, add_act, noun, sign_deed
from parley.cli.answer import NOT_GENUINE, Answer, Table, refused
from parley.cli.at_desk import DESK_KEY, act_meant, read_file, settings_of, unlock_for, working, write_file
from parley.cli.errors import CliBroken, WrongUse
from parley.cli.looking_over import as_data, look_over, said
from parley.cli.values import Reader
from parley.desk import Attachment, Desk
from parley.desk.enclosing import rooms_for
from parley.desk.errors import DeskBroken
from parley.desk.opened import open_list
from parley.desk.own_copies import forget_own, keep_own, own_commitments
from parley.desk.row_counts import check_count
from parley.desk.rows_and_terms import Held, against_terms, check_rows, fields_of
from parley.process.lists import latest_version
from parley.record.commitment import (
    ErasedRow,
    Row,
    Rows,
    commit_rows,
    pack_row_proof,
    salt_rows,
    shown_row,
    unpack_row_proof,
    verify_row,
)
from parley.registers.preflight import STOPPING
from parley.registers.sheet import COLUMNS, Person, read_people, write_people
from parley.scenario.asked import rows_of_list
from parley.words import ActId, LineId, Lines, ParticipantName, refuse


def _rows_and_terms(desk: Desk, deed: acts.SignFinalList) -> list[str]:
    """Refuse to sign for rows that contradict the terms, and say of how many nothing can be told."""
    return _said(check_rows(desk, deed))


def _counted(desk: Desk, deed: acts.AcknowledgeList) -> list[str]:
    """Refuse to acknowledge what is not here, or another number of rows than the file holds."""
    check_count(desk, deed)
    return []


def _said(held: Held) -> list[str]:
    """Say which lines do not fit the terms in force, and which leave it open."""
    says = {"outside": "the row contradicts", "untold": "the row does not tell", "unread": "not read at this desk"}
    found = [(word, getattr(held, name)) for name, word in says.items()]
    return [f"  TERMS        {word}: {lines}" for word, lines in found if lines.ranges]


COMMANDS = (
    ActCommand(name="hand-in", deed=acts.HandInList),
    ActCommand(name="acknowledge", deed=acts.AcknowledgeList, fill=rows_of_list, keys=(DESK_KEY,), check=_counted),
    ActCommand(name="reply", deed=acts.ReplyToLines),
    ActCommand(name="object", deed=acts.ObjectToLines),
    ActCommand(name="final-reply", deed=acts.GiveFinalReply),
    ActCommand(name="sign-final", deed=acts.SignFinalList, keys=(DESK_KEY,), check=_rows_and_terms),
    ActCommand(name="substitute", deed=acts.RequestSubstitution, keys=(DESK_KEY,)),
    ActCommand(name="answer-substitution", deed=acts.AnswerSubstitution, keys=(DESK_KEY,)),
)
app = noun("Hand in, open, acknowledge, reply, object, sign; substitutions; single rows.")
Which = Annotated[
    str, typer.Argument(help="the list: north/offer for the newest, or its act's number or id in the log")
]


@app.command("hand-in", help=help_of(HandInList), short_help=about(HandInList))
def hand_in(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="a spreadsheet, .xlsx, .ods or .csv, with line, surname, category …")],
    purpose: Annotated[str, typer.Option(help="request | offer")],
    counterpart: Annotated[str, typer.Option("--for", help="the other side (else the only one)")] = "",
    version: Annotated[int, typer.Option(help="the version (else the next)")] = 0,
    dropped: Annotated[
        list[str] | None, typer.Option("--drop", help="lines left out, and why: N7 as returned; N9 as dead")
    ] = None,
    part: Annotated[
        str, typer.Option(help="the part of the terms under which these people go, where no column says it")
    ] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="hand it in although something was found against it")
    ] = False,
) -> Answer:
    """Hand in a list: the rows are sealed to the other side and the neutral; the act says lines, categories and grades only.

    Before, the list is looked over: doubles, people who by the register's claims are back or dead, rows outside the agreed
    category, lines that vanished, missing parts of the minimum identity. Some findings stop it until --anyway.
    """
    settings = settings_of(context)
    people = read_people(Path(file))
    with working(settings) as (desk, folder, ask):
        reader = Reader(desk, folder)
        others = [name for name in desk.ahead.authority.parties if name != desk.name]
        other = ParticipantName(counterpart or (others[0] if len(others) == 1 else ""))
        previous = latest_version(desk.ahead, desk.name, other, purpose)
        gone = reader.read("--drop", tuple[Dropped, ...], dropped) if dropped else ()
        deed = HandInList(
            purpose=purpose,
            counterpart=other,
            version=version or (previous.version + 1 if previous is not None else 1),
            groups=groups_of(people, part),
            dropped=gone,
        )
        before = previous.lines if previous is not None else Lines()
        findings = look_over(desk, settings, people, before, [line for one in gone for line in one.lines])
        stopping = [one for one in findings if one.code in STOPPING]
        if stopping and not anyway:
            no = refused(refuse("preflight.not_clean", count=len(stopping)), settings.language, found=as_data(findings))
            return replace(no, says=[*said(findings, settings), *no.says])
        rows = rows_of(people, desk)
        attachment = Attachment(rows, rooms_for(desk.ahead, desk.name, deed))
        signers = unlock_for(desk, folder, ask, deed.kind, settings)
        notes = _said(against_terms(desk.ahead, [(one.line, one.fields) for one in people], part))
        room = desk.keys.identities.get(f"{desk.name}/lists", [])
        if not room:
            raise DeskBroken("desk.no_encryption_key", room=f"{desk.name}/lists")
        answer = sign_deed(
            desk,
            settings,
            deed,
            signers=signers,
            attachments=(attachment,),
            before=lambda: _keep(desk, rows, room[-1].recipient),
            notes=notes,
        )
        if answer.exit and commit_rows(rows).root in own_commitments(desk):
            forget_own(desk, commit_rows(rows).root)
        if not findings:
            return answer
        return replace(
            answer,
            says=[*said(findings, settings), *answer.says],
            data={**answer.data, "found": as_data(findings)},
        )


def _keep(desk: Desk, rows: Rows, recipient: Any) -> None:  # noqa: ANN401 - record.seal.Recipient
    keep_own(desk, rows, recipient)


def groups_of(people: Sequence[Person], part: str = "") -> tuple[LineGroup, ...]:
    """Return what the law needs to know of these people: their lines by category, grade and part, nothing else.

    ``part`` is that of the rows that name none.
    """
    sorted_out: dict[tuple[str, str, str], list[LineId]] = {}
    for one in people:
        key = (one.fields["category"], one.fields.get("grade", ""), one.fields.get("part", part))
        sorted_out.setdefault(key, []).append(LineId(one.line))
    return tuple(
        LineGroup(lines=Lines.among(found), category=category, grade=grade, part=of)
        for (category, grade, of), found in sorted_out.items()
    )


def rows_of(people: Sequence[Person], desk: Desk) -> Rows:
    """Return the rows of a list with fresh salts."""
    return salt_rows([(one.line, dict(one.fields)) for one in people], desk.randomness)


for _command in COMMANDS[1:]:
    add_act(app, _command)


@app.command("open", short_help="Open a sealed list that is addressed here, or one's own.")
def open_(
    context: typer.Context,
    which: Which,
    out: Annotated[str, typer.Option("--out", help="a new spreadsheet, .xlsx; else the list is shown")] = "",
) -> Answer:
    """Open a sealed list that is addressed here, or one's own, hold it against its commitment, and show it or write it out."""
    settings = settings_of(context)
    with working(settings) as (desk, _folder, _ask):
        act = _list_meant(desk, which)
        rows = open_list(desk, act)
        held = against_terms(desk.ahead, [(one.line, fields_of(one)) for one in rows if isinstance(one, Row)])
    people = [Person(one.line, fields_of(one)) for one in rows if isinstance(one, Row)]
    erased = [one.line for one in rows if isinstance(one, ErasedRow)]
    says: list[str | Table] = [f"{len(people)} rows, {len(erased)} erased.", *_said(held)]
    data: dict[str, Any] = {"list": act, "rows": len(people), "erased": erased, "outside": list(held.outside)}
    if out:
        if Path(out).exists():
            raise CliBroken("cli.exists")
        if not settings.dry_run:
            try:
                write_people(Path(out), people)
            except OSError:
                raise CliBroken("cli.cannot_write") from None
        return Answer(says=[*says, "Written. Delete the file when it is no longer needed."], data=data)
    named = dict.fromkeys([*COLUMNS, *(name for one in people for name in one.fields)])
    columns = ("line", *(name for name in named if any(name in one.fields for one in people)))
    table = Table(columns, [(one.line, *(one.fields.get(name, "") for name in columns[1:])) for one in people])
    shown = [{"line": one.line, **one.fields} for one in people]
    return Answer(says=[table, *says], data={**data, "people": shown})


def _list_meant(desk: Desk, which: str) -> ActId:
    """Return the newest list that ``north/offer`` names, else the act of this number or id; raises WrongUse."""
    author, slash, purpose = which.partition("/")
    if not slash:
        return act_meant(desk, which)
    found = [one for one in desk.state.lists.versions.values() if (one.author, one.purpose) == (author, purpose)]
    if not found:
        raise WrongUse("cli.no_such_act", text=which[:20])
    return max(found, key=lambda one: one.position).id


@app.command("show-row", short_help="Write one row of a list into a file, with the proof that it belongs there.")
def show_row(
    context: typer.Context,
    which: Which,
    line: Annotated[str, typer.Argument(help="the line: N17")],
    out: Annotated[str, typer.Option("--out", help="the new file")],
) -> Answer:
    """Write one row of a list into a file, with its salt and the path to the commitment; the other rows stay closed."""
    settings = settings_of(context)
    with working(settings) as (desk, _folder, _ask):
        act = _list_meant(desk, which)
        proof = commit_rows(open_list(desk, act)).prove_line(line)
    if not settings.dry_run:
        write_file(Path(out), pack_row_proof(proof), private=True)
    says = [f"Row {line}, place {proof.index + 1} of {proof.total}. Whoever holds this file can read the row."]
    return Answer(says=says, data={"list": act, "line": line, "place": proof.index, "total": proof.total})


@app.command("check-row", short_help="Check a row that somebody shows against the list's commitment on record.")
def check_row(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="the file that show-row wrote")],
    which: Annotated[
        str, typer.Option("--list", help="the list it is said to be of (else the newest with the line)")
    ] = "",
) -> Answer:
    """Check a row that somebody shows: does it stand, so written, in the list that was committed to?"""
    settings = settings_of(context)
    proof = unpack_row_proof(read_file(Path(file)))
    line, values = shown_row(proof)
    with working(settings, keys=()) as (desk, _folder, _ask):
        known = desk.state.lists.lines.get(line)
        act = _list_meant(desk, which) if which else known.list if known is not None else ActId("")
        version = desk.state.lists.versions.get(act)
        if version is None:
            raise DeskBroken("desk.no_such_act", act=which[:16] or line)
    data = {"list": version.id, "line": line, "row": dict(values), "version": version.version}
    if not verify_row(version.commit, proof):
        says = [f"Not genuine: this row does not stand so in version {version.version} of the list."]
        return Answer(says=says, data=data, code="commitment.mismatch", exit=NOT_GENUINE)
    rows = [(str(name), str(value)) for name, value in values.items()]
    says_so = f"Genuine: row {line} stands so in version {version.version}, handed in by {version.author}."
    return Answer(says=[says_so, Table(("", ""), rows)], data=data)
