"""Lists: what was handed in, by whom, and what became of each line; handing in from a spreadsheet; opening what is sealed here.

Names stand only on the page of one list, behind the roles that work with names. A file that is uploaded is kept in memory:
a reader that needs a file gets one in the machine's memory, which is gone with the page.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley import acts
from parley.acts import HandInList, LineGroup
from parley.desk import Attachment, Desk, DeskBroken
from parley.desk.countersigning import judge_planned
from parley.desk.enclosing import rooms_for
from parley.desk.errors import WrongValue
from parley.desk.opened import open_list
from parley.desk.rows_and_terms import fields_of
from parley.process.agreed import categories
from parley.process.lines import latest_version
from parley.process.state import State
from parley.record.commitment import ErasedRow, Row, salt_rows
from parley.record.errors import RecordBroken
from parley.registers.preflight import STOPPING, Known, preflight
from parley.registers.sheet import COLUMNS, Person
from parley.scenario.particulars import Reader
from parley.store.office import Office
from parley.store.office.alike import claims_by_line
from parley.web.acting import planned_signer
from parley.web.list_map import MapShown, read_list
from parley.web.screens import Screen, may_act, officer_of, page, refuse_page, served_of
from parley.words import ActId, Broken, LineId, Lines, ParticipantName, Refusal

PAGE: Final = 200
MOST_FINDINGS: Final = 50
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the machine's memory, not its disk; the folder in it is ours alone


def lists(request: HttpRequest) -> HttpResponse:
    """Show every version of every list, with how many of its lines were answered and how, and the final lists."""
    with served_of(request).looking() as desk:
        state = desk.ahead
        logged = set(desk.ledger.positions)
    rows = [
        {
            "list": one,
            "count": len(one.lines),
            "latest": state.lists.latest.get(f"{one.author}/{one.counterpart}/{one.purpose}") == one.id,
            "replies": _replies(state, one.lines),
            "objections": sum(
                1 for line in one.lines if line in state.lists.lines and state.lists.lines[line].objections
            ),
            "opens": one.id in logged,
        }
        for one in state.lists.versions.values()
    ]
    finals = [(one, {who: len(said) for who, said in one.signed.items()}) for one in state.lists.finals.values()]
    alarms = [one for one in state.alarms if one.code.startswith("lists.")]
    context = {
        "lists": rows[::-1],
        "finals": finals,
        "substitutions": list(state.lists.substitutions.values()),
        "alarms": alarms,
        "name": desk.name,
        "parties": state.authority.parties,
        "hands_in": may_act(officer_of(request), "hand_in_list") and desk.name in state.authority.parties,
    }
    return page(request, "lists.html", context)


def _replies(state: State, lines: Lines) -> list[tuple[str, int]]:
    found = Counter(
        known.reply.code if known.reply is not None else "PENDING"
        for line in lines
        if (known := state.lists.lines.get(line)) is not None
    )
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def list_(request: HttpRequest, act: str) -> HttpResponse:
    """Open one list that is addressed here, or one's own: rows as they were sealed, beside what the record says of each line."""
    with served_of(request).looking() as desk:
        state = desk.ahead
        version = state.lists.versions.get(ActId(act))
        if version is None:
            return refuse_page(request, "web.not_found", 404)
        rows, shut = _opened(desk, version.id)
    fields = {row.line: fields_of(row) for row in rows if isinstance(row, Row)}
    erased = {row.line for row in rows if isinstance(row, ErasedRow)}
    wanted = request.GET.get("find", "").strip().lower()
    lines = [
        line
        for line in version.lines
        if not wanted or wanted in line.lower() or any(wanted in text.lower() for text in fields.get(line, {}).values())
    ]
    shown = Paginator(lines, PAGE).get_page(request.GET.get("page", "1"))
    used = {name for line in fields for name in fields[line]}
    columns = [name for name in COLUMNS[1:] if name in used]
    table = [
        (line, [fields.get(line, {}).get(name, "") for name in columns], state.lists.lines.get(line), line in erased)
        for line in shown
    ]
    context = {"list": version, "table": table, "columns": columns, "pages": shown, "shut": shut, "find": wanted}
    return page(request, "list.html", context)


def _opened(desk: Desk, act: ActId) -> tuple[Sequence[Row | ErasedRow], Broken | None]:
    try:
        return open_list(desk, act), None
    except (DeskBroken, RecordBroken) as broken:
        return (), broken


# --- handing in ---


@contextmanager
def file_in_memory(name: str, data: bytes) -> Iterator[Path]:
    """Give a reader that needs a file one in the machine's memory, for as long as it reads."""
    ending = Path(name).suffix.lower()[:6]
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        path = Path(folder) / f"list{ending if ending.isascii() else ''}"
        path.touch(mode=0o600)
        path.write_bytes(data)
        yield path


def groups_of(people: Sequence[Person], part: str = "") -> tuple[LineGroup, ...]:
    """Return what the law needs to know of these people: their lines by category, grade and part, nothing else."""
    found: dict[tuple[str, str, str], list[LineId]] = {}
    for one in people:
        key = (one.fields["category"], one.fields.get("grade", ""), one.fields.get("part", part))
        found.setdefault(key, []).append(LineId(one.line))
    return tuple(
        LineGroup(lines=Lines.among(lines), category=category, grade=grade, part=of)
        for (category, grade, of), lines in found.items()
    )


def list_handing(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet, look it over, and go on to "check your answers"; nothing leaves this desk before the signature."""
    served, officer = served_of(request), officer_of(request)
    if not may_act(officer, "hand_in_list"):
        return refuse_page(request, "web.not_yours", 403)
    found: list[Refusal] = []
    problem: Refusal | Broken | None = None
    shown: MapShown | None = None
    typed = {name: request.POST.get(name, "") for name in ("purpose", "counterpart", "part", "dropped")}
    with served.looking() as desk:
        others = [name for name in desk.ahead.authority.parties if name != desk.name]
        agreed, taken = list(categories(desk.ahead)), frozenset(desk.ahead.lists.lines)
    if request.method == "POST" and request.FILES.get("list") is not None:
        upload = request.FILES["list"]
        try:
            with file_in_memory(str(upload.name), upload.read()) as path:
                people, shown = read_list(path, request.POST, taken)
            if shown is not None:
                problem = shown.problem
            if people:
                with served.looking() as desk:
                    deed, found = _list_from(desk, served.office, people, typed, others)
                    stopping = [one for one in found if one.code in STOPPING]
                    if not stopping or request.POST.get("anyway"):
                        rows = salt_rows([(one.line, dict(one.fields)) for one in people], desk.randomness)
                        attachment = Attachment(rows, rooms_for(desk.ahead, desk.name, deed))
                        problem = judge_planned(
                            desk, deed, signer=planned_signer(served, officer.key, deed.kind), attachments=(attachment,)
                        )
                        if problem is None:
                            name = served.plan(
                                officer.number, deed, (attachment,), texts={}, files=(str(upload.name),), own_copy=True
                            )
                            return redirect(reverse("draft", args=[name]))
        except WrongValue as wrong:
            problem = wrong.cause
        except Broken as broken:
            problem = broken
    context = {
        "others": others,
        "purposes": acts.LIST_PURPOSES,
        "typed": typed,
        "found": found[:MOST_FINDINGS],
        "more": max(0, len(found) - MOST_FINDINGS),
        "stops": any(one.code in STOPPING for one in found),
        "problem": problem,
        "columns": COLUMNS,
        "map": shown,
        "categories": agreed,
    }
    unread = shown is not None and shown.unread
    return page(request, "list_handing.html", context, status=409 if problem or found or unread else 200)


def _list_from(
    desk: Desk, office: Office, people: Sequence[Person], typed: dict[str, str], others: Sequence[ParticipantName]
) -> tuple[HandInList, list[Refusal]]:
    gone = (
        Reader(desk).read("dropped", tuple[acts.Dropped, ...], (typed["dropped"],)) if typed["dropped"].strip() else ()
    )
    other = ParticipantName(typed["counterpart"] or (others[0] if len(others) == 1 else ""))
    previous = latest_version(desk.ahead, desk.name, other, typed["purpose"])
    deed = HandInList(
        purpose=typed["purpose"],
        counterpart=other,
        version=previous.version + 1 if previous is not None else 1,
        groups=groups_of(people, typed["part"].strip()),
        dropped=gone,
    )
    day = (desk.state.authority.clock or desk.now())[:10]
    known = Known(
        day=day,
        categories=categories(desk.ahead),
        before=tuple(previous.lines) if previous is not None else (),
        dropped=tuple(line for one in gone for line in one.lines),
        claims=claims_by_line(office, people, day),
    )
    return deed, preflight(people, known)


SCREENS: Final = (
    Screen(name="lists", path="lists", view=lists, menu="people"),
    Screen(name="list_handing", path="lists/hand-in", view=list_handing),
    Screen(name="list", path="lists/<slug:act>", view=list_),
)
