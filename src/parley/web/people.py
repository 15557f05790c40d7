"""The people table: everybody in the register of this desk's office, searched, narrowed, sorted, page by page, and exported.

What is shown, counted and exported is one question (``Browse``), read from the address; so an export is exactly what was
filtered, and a view that an officer keeps is that address. Claims for the neutral alone are looked at only for those who may
see them: for everybody else they neither show nor find anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from parley.briefings.phrases import RIGHT_TO_LEFT
from parley.registers.claims import Claim, PersonId, Status, contradictions, custody_status, standing, vital_status
from parley.registers.exporting import table, write_csv, write_xlsx
from parley.registers.fields import CUSTODY, STATUS, VITAL
from parley.store.office.browse import NARROWED, SORTS, Browse
from parley.web.listing import file_in_memory
from parley.web.office import Register, register_of
from parley.web.screens import Screen, officer_of, page, refuse_page, served_of

if TYPE_CHECKING:
    from parley.store.office.browsing import Browsing

PAGE: Final = 200
COUNTED: Final = 1_000
"""A filtered register is counted so far; beyond it the page says that there are more."""
MOST_TEXT: Final = 100
WRITERS: Final = {"csv": write_csv, "xlsx": write_xlsx}
CODED: Final[Mapping[str, Sequence[str]]] = {"status": STATUS, "custody": CUSTODY, "vital": VITAL}
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row of the table: what an officer who works with names needs to tell one person from another."""

    person: PersonId
    name: str
    other_names: tuple[str, ...]
    particulars: tuple[tuple[str, ...], ...]
    custody: Status
    vital: Status
    contradicted: tuple[str, ...]
    doubted: bool


COLUMNS: Final = ("birth_date", "number", "power", "category")
NAMED: Final = ("surname", "given_names", "father_name")


def asked_of(said: QueryDict | Mapping[str, str], register: Register) -> Browse:
    """Return the question that an address asks; what it does not know it leaves out."""
    sort = next((one for one in SORTS if one == said.get("sort")), SORTS[0])
    where = tuple((name, value) for name in NARROWED if (value := said.get(name, "")[:MOST_TEXT]))
    return Browse(
        text=said.get("find", "")[:MOST_TEXT].strip().replace("\0", ""),
        where=tuple((name, value.replace("\0", "")) for name, value in where),
        contradicted=bool(said.get("contradicted")),
        doubted=bool(said.get("doubted")),
        sort=sort,
        day=register.day,
        intermediary=register.intermediary,
    )


def address_of(asked: Browse) -> str:
    """Return a question as it stands behind an address."""
    said: dict[str, str] = {"find": asked.text, **dict(asked.where)}
    said |= {"contradicted": "yes" if asked.contradicted else "", "doubted": "yes" if asked.doubted else ""}
    said |= {"sort": "" if asked.sort == SORTS[0] else asked.sort}
    return urlencode({name: value for name, value in said.items() if value})


def people(request: HttpRequest) -> HttpResponse:
    """Show one page of the register."""
    register = register_of(request)
    asked = asked_of(request.GET, register)
    browsing = register.office.browsing()
    behind = request.GET.get("after", "")
    after = browsing.key_of(asked, PersonId(int(behind))) if behind.isascii() and behind.isdigit() else None
    stretch = browsing.stretch(asked, after=after, most=PAGE)
    rows = [
        _shown(one.person, register.told(one.claims), register.day) for one in register.office.dossiers(stretch.people)
    ]
    count, more = _counted(browsing, asked, len(rows), whole=after is None and stretch.after is None)
    here = address_of(asked)
    context = {
        "rows": rows,
        "columns": COLUMNS,
        "asked": asked,
        "narrowed": _narrowed(browsing, asked, register),
        "sorts": SORTS,
        "count": count,
        "more": more,
        "here": here,
        "after": stretch.after[1] if stretch.after is not None else 0,
        "behind": behind,
        "endings": sorted(WRITERS),
        "views": served_of(request).officers.views(officer_of(request).number),
    }
    return page(request, "people.html", context)


def _counted(browsing: Browsing, asked: Browse, here: int, *, whole: bool) -> tuple[int, bool]:
    """Return how many are meant, and whether there are more than were counted."""
    if whole:
        return here, False
    count = browsing.count(asked, COUNTED + 1 if asked.narrows else 0)
    return (COUNTED, True) if asked.narrows and count > COUNTED else (count, False)


def _narrowed(browsing: Browsing, asked: Browse, register: Register) -> list[tuple[str, str, Sequence[str]]]:
    """Return each field that narrows, what was chosen, and what can be chosen."""
    chosen = dict(asked.where)
    return [
        (
            name,
            chosen.get(name, ""),
            CODED.get(name) or browsing.values(name, intermediary=register.intermediary, day=register.day),
        )
        for name in NARROWED
    ]


def _shown(person: PersonId, claims: Sequence[Claim], day: str) -> Shown:
    here = standing(claims, day)
    name, *others = names_of(here) or [""]
    return Shown(
        person=person,
        name=name,
        other_names=tuple(others[:3]),
        particulars=tuple(
            tuple(dict.fromkeys(one.said.written for one in here if one.said.field == name)) for name in COLUMNS
        ),
        custody=custody_status(claims, day),
        vital=vital_status(claims, day),
        contradicted=tuple(contradictions(claims, day)),
        doubted=any(one.said.doubts for one in here),
    )


def names_of(claims: Sequence[Claim]) -> list[str]:
    """Return a person's names, each as one line: for each script its parts together, and a full name as it was written."""
    by_script: dict[str, dict[str, str]] = {}
    for one in claims:
        if one.said.field in (*NAMED, "full_name"):
            by_script.setdefault(one.said.script, {}).setdefault(one.said.field, one.said.written)
    found: list[str] = []
    for parts in by_script.values():
        found += [" ".join(parts[name] for name in NAMED if name in parts), parts.get("full_name", "")]
    return [one for one in dict.fromkeys(found) if one]


# --- exporting, views ---


def people_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand out exactly the people that were filtered, as a table in which no cell can become a formula."""
    if ending not in WRITERS:
        return refuse_page(request, "web.not_found", 404)
    register = register_of(request)
    asked = asked_of(request.GET, register)
    meant = list(register.office.browsing().everybody(asked))

    def everybody() -> Iterator[tuple[PersonId, Sequence[Claim]]]:
        return ((one.person, one.claims) for one in register.office.dossiers(meant))

    rows = table(everybody, register.day, intermediary=register.intermediary)
    with file_in_memory(f"people.{ending}", b"") as path:
        if ending == "xlsx":
            write_xlsx(path, rows, right_to_left=request.language in RIGHT_TO_LEFT)
        else:
            write_csv(path, rows)
        response = HttpResponse(path.read_bytes(), content_type=KINDS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{served_of(request).name}-people.{ending}"'
    return response


def people_view(request: HttpRequest) -> HttpResponse:
    """Keep what the table shows as a view of this officer's, or forget one."""
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    officers, number = served_of(request).officers, officer_of(request).number
    forget = request.POST.get("forget", "")
    if forget.isascii() and forget.isdigit() and len(forget) < 12:
        officers.drop_view(number, int(forget))
        return redirect(reverse("people"))
    asked = address_of(asked_of(QueryDict(request.POST.get("asked", "")[:1000]), register_of(request)))
    name = request.POST.get("name", "").strip().replace("\0", "")
    if name:
        officers.keep_view(number, name, asked)
    return redirect(f"{reverse('people')}?{asked}")


SCREENS: Final = (
    Screen(name="people", path="people", view=people, menu="people"),
    Screen(name="people_file", path="people/export/<slug:ending>", view=people_file),
    Screen(name="people_view", path="people/views", view=people_view),
)
