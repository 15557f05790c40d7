"""The handover point in the browser: the pack, its devices, the papers, and the joined counts of the three books.

It does what ``parley handover pack|enrol|manifest|cards|single-file|serve|join`` do, by the same functions. What devices send
comes in at ``/checkin/`` while a batch is open here; names of people stand on the papers and in the locked pack alone.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley.briefings.paper_words import paper_words
from parley.briefings.phrases import RIGHT_TO_LEFT
from parley.desk import point
from parley.desk.boarding_tags import read_tags
from parley.handover import joining, pack, papers, reckoning
from parley.handover.entries import Certificate, Signed
from parley.handover.errors import HandoverBroken
from parley.process import batches
from parley.process.state import State
from parley.web.checkin import opened, pages
from parley.web.checkin.receiving import Place, Receiving
from parley.web.roles import may_see
from parley.web.screens import Screen, officer_of, page, refuse_page, served_of
from parley.web.served import Served, wall_clock
from parley.words import Broken, LineId, Moment

BOOKS: Final = 20
"""Files that may be joined at once."""
FRESH: Final = 60
"""Seconds after which books are looked at again though nothing came: a time in the future becomes one of now."""
FILES: Final = ("pack", "page", "book")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the books of a batch say together: by counter how many people it counted and how many had no line, and the rest."""

    batch: int
    entries: int
    aside: tuple[str, ...]
    odd: tuple[str, ...]
    counters: tuple[tuple[str, int, int], ...]
    reckoned: reckoning.Reckoning | None
    unexplained: int
    broken: Broken | None = None


def folder_of(served: Served) -> Path:
    """Return where packs and books of the point lie, for these pages and for ``parley handover serve`` alike."""
    return served.folder.path / "point"


def seen(served: Served, batch: int) -> Seen:
    """Join the books that this desk has of a batch, and count: the same as ``parley handover join`` and ``reconcile``."""
    now = opened.stamp(folder_of(served), batch), served.desk.size, served.seconds() // FRESH
    kept = served.point.looked.get(batch)
    if kept is not None and kept[0] == now and isinstance(kept[1], Seen):
        return kept[1]
    found = _counted(served, batch)
    served.point.looked[batch] = (now, found)
    return found


def _counted(served: Served, batch: int) -> Seen:
    try:
        pile = opened.pile(folder_of(served), batch)
        with served.looking() as desk:
            joined = point.look(desk, pile, batch, wall_clock())
            found = point.reckon(desk, joined, batch) if batch in batches.numbers(desk.state) else None
    except HandoverBroken as broken:
        return Seen(batch=batch, entries=0, aside=(), odd=(), counters=(), reckoned=None, unexplained=0, broken=broken)
    return Seen(
        batch=batch,
        entries=len(joined.accepted),
        aside=_words(joined.aside),
        odd=_words(joined.shown),
        counters=tuple((who, len(one.outcomes), one.unlisted) for who, one in joined.tallies().items()),
        reckoned=found,
        unexplained=0 if found is None else len(found.unexplained),
    )


def _words(several: tuple[joining.Aside, ...] | tuple[joining.Shown, ...]) -> tuple[str, ...]:
    return tuple(sorted({one.word.rpartition(".")[2] for one in several}))


def with_books(served: Served) -> tuple[Seen, ...]:
    """Return the counts of every batch of which this desk has books: what the board shows of the point."""
    with served.looking() as desk:
        numbers = tuple(batches.numbers(desk.state))
    return tuple(seen(served, one) for one in numbers if opened.files(folder_of(served), one))


def point_(request: HttpRequest) -> HttpResponse:
    """Show a batch at the point, and do what its officers ask: pack, open, close, enrol, join."""
    served = served_of(request)
    with served.looking() as desk:
        state, locked = desk.state, desk.desk_signer() is None
    numbers = tuple(batches.numbers(state))
    handles = may_see(officer_of(request).roles, "point_file")
    batch = _batch(request, numbers)
    answer: dict[str, Any] = {}
    if request.method == "POST":
        if not handles:
            return refuse_page(request, "web.not_yours", 403)
        if batch not in numbers:
            return refuse_page(request, "web.not_found", 404)
        try:
            answer = _do(request, served, batch)
        except Broken as broken:
            answer = {"problem": broken}
        if not answer:
            return redirect(f"{reverse('point')}?batch={batch}")
    return _shown(request, served, state, batch, {"locked": locked, "handles": handles, **answer})


def _shown(request: HttpRequest, served: Served, state: State, batch: int, more: dict[str, Any]) -> HttpResponse:
    with served.looking() as desk:
        devices = [one.what for one in point.devices(desk, batch).values()]
    receiving = served.point.receiving
    context = {
        "numbers": tuple(batches.numbers(state)),
        "batch": batch,
        "receiving": receiving if receiving is not None and receiving.batch == batch else None,
        "other": receiving.batch if receiving is not None and receiving.batch != batch else 0,
        "packed": _pack_file(served, batch).exists(),
        "devices": devices,
        "papers": papers.PAPERS,
        "files": FILES,
        "least": pack.LEAST_PIN,
        "hours": point.HOURS,
        "seen": (seen(served, batch),) if batch else (),
        "address": f"{request.scheme}://{request.get_host()}/checkin/",
        **more,
    }
    return page(request, "point.html", context, status=409 if "problem" in more else 200)


def _batch(request: HttpRequest, numbers: tuple[int, ...]) -> int:
    said = request.POST.get("batch", "") or request.GET.get("batch", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else max(numbers, default=0)


def _pack_file(served: Served, batch: int) -> Path:
    return folder_of(served) / f"batch-{batch}.pack"


# --- what officers do ---


def _do(request: HttpRequest, served: Served, batch: int) -> dict[str, Any]:
    """Do one thing; what it returns is shown at once, nothing leads back to the page as it then stands."""
    match request.POST.get("do", ""):
        case "pack":
            return _make_pack(request, served, batch)
        case "open":
            _open(served, batch, request.POST.get("pin", ""))
        case "close":
            served.point.close()
        case "enrol":
            return _enrol(request, served, batch)
        case "admit":
            file = request.FILES.get("request")
            line = file.read() if file is not None else request.POST.get("line", "").strip().encode() + b"\n"
            with served.working() as desk:
                given = point.admit(desk, line, wall_clock(), vouched=bool(request.POST.get("vouched")))
            return {"given": given.what, "certificate": given.line().decode()}
        case "join":
            books = [one.read() for one in request.FILES.getlist("books")[:BOOKS]]
            served.point.join(folder_of(served), batch, books)
    return {}


def _make_pack(request: HttpRequest, served: Served, batch: int) -> dict[str, Any]:
    """Make the pack of a batch, lay it in its place and open the batch with it."""
    pin, hours = request.POST.get("pin", ""), request.POST.get("hours", "")
    if pin != request.POST.get("again", ""):
        return {"problem": Broken("web.pins_differ")}
    pack.check_pin(pin)
    tags = _tags(request)
    with served.working() as desk:
        made = point.pack_for(
            desk,
            batch,
            wall_clock(),
            hours=int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 5 else point.HOURS,
            tags=tags,
            seated=not request.POST.get("unseated"),
            carried=True,
        )
        signer = point.signer_of(desk)
        salt, nonce = desk.randomness(pack.SALT_BYTES), desk.randomness(pack.NONCE_BYTES)
    file = pack.lock(pack.sign(made, signer), pin, signer.verify_key, salt=salt, nonce=nonce)
    place = _pack_file(served, batch)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    with part.open("wb") as to:
        to.write(file)
        to.flush()
        os.fsync(to.fileno())
    part.replace(place)
    _open(served, batch, pin)
    return {"made": made, "nameless": sum(1 for one in made.people if not one.names)}


def _tags(request: HttpRequest) -> dict[LineId, str] | None:
    file = request.FILES.get("tags")
    return None if file is None else read_tags(file.read().decode("utf-8-sig", "replace"))


def _open(served: Served, batch: int, pin: str) -> None:
    """Let a batch cross here, by the PIN of its pack; raises HandoverBroken, DeskBroken."""

    def admit(line: bytes) -> Signed[Certificate]:
        with served.working() as desk:
            return point.admit(desk, line, wall_clock())

    with served.looking() as desk:
        key = point.signer_of(desk).verify_key
    place = Place(folder=folder_of(served), pack=_pack_file(served, batch), pin=pin)
    served.point.open(Receiving(place, key, admit, secrets.token_hex(16)))


def _enrol(request: HttpRequest, served: Served, batch: int) -> dict[str, Any]:
    """Show a code for one device, once and for ten minutes."""
    with served.working() as desk:
        opening, code = point.open_enrolment(desk, request.POST.get("name", "").strip(), batch, wall_clock())
    square = segno.make(code, error="m", micro=False).svg_data_uri(scale=5, border=4)
    return {"opening": opening, "code": code, "square": square}


# --- files ---


def point_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Hand out a paper, the locked pack, the page for a stick, or the joined book."""
    served, batch = served_of(request), number
    if request.method != "POST":
        return redirect(f"{reverse('point')}?batch={batch}")
    with served.looking() as desk:
        if batch not in batches.numbers(desk.state) or name not in (*FILES, *papers.PAPERS):
            return refuse_page(request, "web.not_found", 404)
    if name in papers.PAPERS:
        return _file(_paper(request, served, batch, name), f"{name}-{batch}.pdf", "application/pdf")
    if name == "book":
        return _file(opened.pile(folder_of(served), batch).book(), f"batch-{batch}.book", "application/octet-stream")
    place = _pack_file(served, batch)
    if not place.exists():
        return refuse_page(request, "web.no_pack", 404)
    if name == "pack":
        return _file(place.read_bytes(), place.name, "application/octet-stream")
    return _file(pages.single_file(place.read_bytes()), "check-in.html", "application/octet-stream")


def _paper(request: HttpRequest, served: Served, batch: int, kind: str) -> bytes:
    """Return a paper in the language of the page, as ``parley handover manifest|cards`` writes it."""
    language = request.language
    with served.working() as desk:
        at: Moment = desk.state.authority.clock or wall_clock()
        carried = point.pack_for(desk, batch, at, seated=False)
    return papers.paper(kind, carried, paper_words(language), language, rtl=language in RIGHT_TO_LEFT)


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


SCREENS: Final = (
    Screen(name="point", path="point", view=point_, menu="move"),
    Screen(name="point_file", path="point/<int:number>/<slug:name>", view=point_file),
)
