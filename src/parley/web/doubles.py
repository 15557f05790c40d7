"""People who may be one: a queue of pairs, each judged alone and a second time blind; no verdict and no score merges anybody.

The second reviewer of a pair sees neither that the first decided "same" nor that it decided "different" before deciding too.
Which pairs wait for whom is what ``parley match review`` says; what is judged is kept by the same office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley.briefings.match_words import match_sentence, waterfall
from parley.registers.claims import Claim, PersonId, standing
from parley.registers.doubles import COMPARED, Alike
from parley.registers.explaining import COLUMN, Explanation
from parley.store.office import Dossier, Review
from parley.store.office.base import Verdict
from parley.web.alike import Search
from parley.web.guards import note_mistake
from parley.web.office import Register, register_of, writer_of
from parley.web.people import names_of
from parley.web.screens import Screen, officer_of, page, refuse_page, served_of
from parley.words import Broken, Moment

Pair = tuple[PersonId, PersonId]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
SHOWN: Final = 200
PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The pairs of people as one reviewer may see them: what waits, on what two reviewers differ, what is judged."""

    waiting: tuple[Pair, ...]
    second: frozenset[Pair]
    differing: tuple[Review, ...]
    judged: tuple[Review, ...]
    twice: int
    alike: int
    """How many pairs two reviewers judged, and on how many of them all said the same."""


def queue_of(request: HttpRequest) -> Queue:
    """Return what waits for whoever asks: second looks first, then the pairs whose probability says least."""
    register, reviewer = register_of(request), officer_of(request).name
    looked = {pair: one for one in register.office.reviews(reviewer) if (pair := _pair(one.id_a, one.id_b))}
    found = _search(request)
    pairs: Sequence[Alike] = found.found.pairs if found is not None and found.found is not None else ()
    second = [pair for pair, one in looked.items() if one.waiting]
    chances = {(one.a, one.b): one.probability for one in pairs}
    first = sorted((one for one in chances if one not in looked), key=lambda one: (abs(chances[one] - 0.5), one))
    own = [one for one in looked.values() if one.own is not None]
    verdicts: dict[tuple[str, str], set[str]] = {}
    many: dict[tuple[str, str], int] = {}
    for one in register.office.judgements():
        key = (one.id_a, one.id_b)
        verdicts.setdefault(key, set()).add(one.verdict)
        many[key] = many.get(key, 0) + 1
    twice = [key for key, count in many.items() if count > 1]
    return Queue(
        waiting=(*second, *first),
        second=frozenset(second),
        differing=tuple(one for one in own if any(other.verdict != one.own for other in one.others)),
        judged=tuple(own),
        twice=len(twice),
        alike=sum(1 for key in twice if len(verdicts[key]) == 1),
    )


def _pair(id_a: str, id_b: str) -> Pair | None:
    """Return a judged pair of the register's own people, the smaller number first; None for records of files."""
    if not (id_a.isascii() and id_a.isdigit() and id_b.isascii() and id_b.isdigit()):
        return None
    first, second = sorted((int(id_a), int(id_b)))
    return PersonId(first), PersonId(second)


def _search(request: HttpRequest) -> Search | None:
    return served_of(request).doubles.last


def doubles(request: HttpRequest) -> HttpResponse:
    """Show what waits for this reviewer, how far a search is, and how often reviewers agree; begin a search."""
    served, search = served_of(request), _search(request)
    if request.method == "POST":
        asked = Search(
            who=officer_of(request).name, at=Moment(served.desk.now()), learn=bool(request.POST.get("learn"))
        )
        served.doubles.begin(served.office, asked, note_mistake, served.officers.close)
        return redirect(reverse("doubles"))
    queue, register = queue_of(request), register_of(request)
    differing = [(_pair(one.id_a, one.id_b), one) for one in queue.differing[:SHOWN]]
    meant = {who for pair in queue.waiting[:SHOWN] for who in pair} | {
        who for pair, _ in differing if pair for who in pair
    }
    names = _names(register, meant)
    chances = {(one.a, one.b): one.probability for one in search.found.pairs} if search and search.found else {}
    context = {
        "search": search,
        "waiting": [
            (pair, [names.get(one, "") for one in pair], chances.get(pair), pair in queue.second)
            for pair in queue.waiting[:SHOWN]
            if all(one in names for one in pair)
        ],
        "differing": [
            (pair, [names.get(one, "") for one in pair], one, [other.verdict for other in one.others])
            for pair, one in differing
            if pair and all(who in names for who in pair)
        ],
        "queue": queue,
        "count": len(queue.waiting),
    }
    return page(request, "doubles.html", context)


def _names(register: Register, people: set[PersonId]) -> Mapping[PersonId, str]:
    """Return what people are called, as far as they are still here."""
    found: dict[PersonId, str] = {}
    for person in sorted(people):
        here = _dossier(register, person)
        if here is not None:
            found[person] = next(iter(names_of(standing(register.told(here.claims), register.day))), "")
    return found


def _dossier(register: Register, person: PersonId) -> Dossier | None:
    try:
        return register.office.show(person)
    except Broken:
        return None


def double(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """Show two people side by side with why they may be one, and keep what this reviewer decides."""
    register = register_of(request)
    pair = (PersonId(min(a, b)), PersonId(max(a, b)))
    both = [one for person in pair if (one := _dossier(register, person)) is not None]
    if a == b or len(both) != 2:
        return refuse_page(request, "web.not_found", 404)
    if request.method == "POST":
        return _judge(request, pair)
    reviewer = officer_of(request).name
    seen = next(
        (one for one in register.office.reviews(reviewer) if (one.id_a, one.id_b) == tuple(sorted(map(str, pair)))),
        None,
    )
    search = _search(request)
    why = search.found.why(*pair) if search is not None and search.found is not None else None
    claims = [register.told(one.claims) for one in both]
    done = request.GET.get("done", "")
    context = {
        "pair": pair,
        "names": [names_of(standing(one, register.day)) for one in claims],
        "rows": _side_by_side(claims, register.day, why),
        "why": why,
        "sentence": match_sentence(why, request.language) if why is not None else "",
        "rivals": [(one, _pair(one.id_a, one.id_b)) for one in why.rivals] if why is not None else [],
        "seen": seen,
        "done": int(done) if done.isascii() and done.isdigit() and len(done) < 12 else 0,
        "verdicts": VERDICTS,
        "left": len(queue_of(request).waiting),
    }
    return page(request, "double.html", context)


def _side_by_side(
    claims: Sequence[Sequence[Claim]], day: str, why: Explanation | None
) -> list[tuple[str, list[tuple[str, ...]], str]]:
    """Return each particular that either has, what each side says of it, and how well it agrees.

    That is the matching's own word where there was a search, for one name is written in many ways; else only whether the same is
    written; and nothing where one side is silent.
    """
    weighed = (
        {}
        if why is None
        else {COMPARED[COLUMN.get(one.field, one.field)]: one.level for one in why.steps if one.field != "order"}
    )
    rows: list[tuple[str, list[tuple[str, ...]], str]] = []
    for name in dict.fromkeys(COMPARED.values()):
        here = [[one.said for one in standing(side, day) if one.said.field == name] for side in claims]
        first, second = ({one.value or one.written for one in side} for side in here)
        if first or second:
            level = "" if not (first and second) else weighed.get(name, "same" if first & second else "differs")
            rows.append((name, [tuple(dict.fromkeys(one.written for one in side)) for side in here], level))
    return rows


def _judge(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Keep a verdict and go on to the next pair, from where it can still be taken back."""
    said = next((one for one in VERDICTS if one == request.POST.get("verdict")), None)
    if said is None:
        return refuse_page(request, "web.bad_request", 400)
    entry = writer_of(request).judge(str(pair[0]), str(pair[1]), said)
    waiting = [one for one in queue_of(request).waiting if one != pair]
    onward = reverse("double", args=waiting[0]) if waiting else reverse("double", args=pair)
    return redirect(f"{onward}?done={entry.number}")


def double_undo(request: HttpRequest) -> HttpResponse:
    """Take one's own verdict back; the journal keeps both."""
    said = request.POST.get("entry", "")
    register, reviewer = register_of(request), officer_of(request).name
    entries = {str(one.number): one for one in register.office.history(most=SHOWN)}
    if (
        request.method != "POST"
        or said not in entries
        or (entries[said].what, entries[said].who) != ("judge", reviewer)
    ):
        return refuse_page(request, "web.not_found", 404)
    try:
        writer_of(request).undo(int(said))
    except Broken as broken:
        return refuse_page(request, broken.code, 409, **broken.facts)
    waiting = queue_of(request).waiting
    return redirect(reverse("double", args=waiting[0]) if waiting else reverse("doubles"))


def double_picture(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """Draw why two people may be one: what each particular is worth, from where the one before ended."""
    search = _search(request)
    why = search.found.why(PersonId(a), PersonId(b)) if search is not None and search.found is not None else None
    if why is None:
        return refuse_page(request, "web.not_found", 404)
    response = HttpResponse(waterfall(why, request.language), content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


SCREENS: Final = (
    Screen(name="doubles", path="doubles", view=doubles, menu="people"),
    Screen(name="double", path="doubles/<int:a>/<int:b>", view=double),
    Screen(name="double_undo", path="doubles/undo", view=double_undo),
    Screen(name="double_picture", path="doubles/<int:a>/<int:b>/why.svg", view=double_picture),
)
