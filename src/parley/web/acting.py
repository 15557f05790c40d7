"""Doing an act: the form made of its particulars, "check your answers", the signature, and what waits for the second officer.

No act has a form of its own. What is asked, the fixed words and what the record already says are the same as on the command
line; whether it is allowed is for the law to say, at each step anew. What is signed is exactly what was shown: it waits in
memory between the two pages, and nobody's key stays unlocked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, dataclass
from hashlib import sha256
from typing import Any, Final, get_origin, get_type_hints

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parley.acts import BY_KIND, LANGUAGES, AcknowledgeList, AgreeBatches, Deed, HandInBook, SignFinalList
from parley.desk import Attachment, Desk, DeskBroken
from parley.desk.book_slips import check_book
from parley.desk.composing_batches import check_by_redoing
from parley.desk.consequences import alarms_of
from parley.desk.countersigning import BEGUN, Begun, add_signature, begin, drop, find_begun, judge_planned, needed_for
from parley.desk.enclosing import rooms_for
from parley.desk.errors import NotUnderstood, WrongValue
from parley.desk.offers import NOBODYS, offers
from parley.desk.own_copies import forget_own, keep_own, own_commitments
from parley.desk.row_counts import check_count
from parley.desk.rows_and_terms import check_rows
from parley.desk.sealing import TEXT_LINE
from parley.desk.shown import fields_of, shown_value
from parley.handover.tally import read_tally
from parley.process.authority import DESK_KINDS, ROOT_KINDS
from parley.record.attachment import open_attachment
from parley.record.commitment import Row, salt_rows
from parley.record.errors import KeyBroken, SealBroken
from parley.record.keys import Signer
from parley.scenario.asked import (
    CHOICES,
    FILLS,
    PLAIN_MEANING,
    LeftOut,
    NothingMeant,
    default_of,
    make_deed,
    paper_rows,
)
from parley.scenario.particulars import Reader, shown_type
from parley.web.screens import Screen, may_act, officer_of, page, refuse_page, served_of
from parley.web.served import Planned, Served
from parley.words import ActId, Broken, Digest, Lines, Refusal

BEFORE: Final = "p_"
"""What the name of a field begins with: a particular called ``language`` is not the page's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One particular in the form: how it is asked, what it may be, what the record says, what was typed, what was wrong."""

    name: str
    asked: str
    choices: tuple[str, ...]
    hint: str
    optional: bool
    plain: str
    value: str
    wrong: Broken | None = None

    @property
    def input(self) -> str:
        """The name of the field in the page."""
        return BEFORE + self.name


def act(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of an act, or read it and show what would be signed."""
    served, officer = served_of(request), officer_of(request)
    if kind not in BY_KIND:
        return refuse_page(request, "web.not_found", 404)
    if not may_act(officer, kind):
        return refuse_page(request, "web.not_yours", 403)
    if kind in ROOT_KINDS:
        return refuse_page(request, "web.roots_offline", 409)
    if request.method == "POST":
        return _read(request, served, BY_KIND[kind])
    return _form(request, served, BY_KIND[kind], request.GET)


def _form(
    request: HttpRequest,
    served: Served,
    deed: type[Deed],
    typed: Mapping[str, str],
    *,
    wrong: Mapping[str, Broken] | None = None,
    refusal: Refusal | Broken | None = None,
) -> HttpResponse:
    with served.looking() as desk:
        made = _fields(desk, deed, typed, wrong or {}, request.language)
        sealed = rooms_for(desk.ahead, desk.name, offers(desk.ahead, desk.name)[deed.kind])
    now = served.what_now()
    asked = next((one.refusal for one in now.may_not if one.kind == deed.kind), None)
    texts = [(language, typed.get(f"text_{language}", "")) for language in LANGUAGES] if sealed else []
    context = {
        "kind": deed.kind,
        "fields": made,
        "texts": texts,
        "sealed": sealed,
        "refusal": refusal,
        "asked": asked if refusal is None and not wrong else None,
        "wrong": [one for one in made if one.wrong is not None],
        "redo": deed is AgreeBatches,
        "tally": deed is HandInBook,
    }
    return page(request, "act.html", context, status=409 if refusal or wrong else 200)


def _fields(
    desk: Desk, deed: type[Deed], typed: Mapping[str, str], wrong: Mapping[str, Broken], language: str
) -> list[Field]:
    hints, plain = get_type_hints(deed), PLAIN_MEANING.get(deed.kind, frozenset())
    offered = offers(desk.ahead, desk.name)[deed.kind]
    found = []
    for one in fields_of(deed):
        hint, meant = hints[one.name], getattr(offered, one.name)
        choices = CHOICES.get((deed.kind, one.name), ("yes", "no") if hint is bool else ())
        taken = one.name in plain and meant != NOBODYS
        default = default_of(deed, one.name)
        long = hint is Lines or get_origin(hint) in (tuple, Mapping)
        found.append(
            Field(
                name=one.name,
                asked="choice" if choices else "long" if long and not taken else "line",
                choices=choices,
                hint=shown_type(hint),
                optional=taken or default is not MISSING,
                plain=shown_value(desk, meant, language) if taken else "",
                value=typed.get(BEFORE + one.name, _usual(default, choices)),
                wrong=wrong.get(one.name),
            )
        )
    return found


def _usual(default: Any, choices: Sequence[str]) -> str:  # noqa: ANN401
    if isinstance(default, bool):
        return "yes" if default else "no"
    return default if isinstance(default, str) and default in choices else ""


def _read(request: HttpRequest, served: Served, deed: type[Deed]) -> HttpResponse:
    said = {
        one.name: (value,)
        for one in fields_of(deed)
        if (value := request.POST.get(BEFORE + one.name, "").replace("\r\n", "\n").strip())
    }
    with served.looking() as desk:
        try:
            reader = Reader(desk, served.folder)
            filled = {**(FILLS[deed.kind](reader, said) if deed.kind in FILLS else {}), **_from_tally(request, deed)}
            made = make_deed(reader, deed, said, given=filled, name_of=lambda name: name)
            enclosed, texts, files = _papers(request, desk, made)
            refusal: Refusal | Broken | None = judge_planned(
                desk, made, signer=planned_signer(served, officer_of(request).key, made.kind), attachments=enclosed
            )
            if refusal is None:
                _look_first(request, desk, made)
        except WrongValue as wrong:
            return _form(request, served, deed, request.POST, wrong={wrong.option: wrong.cause})
        except LeftOut as left:
            missing = {name: NotUnderstood("typed.left_out") for name in left.names}
            return _form(request, served, deed, request.POST, wrong=missing)
        except NothingMeant as nothing:
            return _form(request, served, deed, request.POST, wrong={nothing.name: NotUnderstood("typed.left_out")})
        except Broken as broken:
            return _form(request, served, deed, request.POST, refusal=broken)
    if refusal is not None:
        return _form(request, served, deed, request.POST, refusal=refusal)
    name = served.plan(officer_of(request).number, made, enclosed, texts=texts, files=files)
    return redirect(reverse("draft", args=[name]))


def _from_tally(request: HttpRequest, deed: type[Deed]) -> dict[str, Any]:
    """Return the book that was uploaded as a table of lines and outcome codes; its hash is that of the file."""
    upload = request.FILES.get("tally")
    if deed is not HandInBook or upload is None:
        return {}
    data = upload.read()
    counted = read_tally(data.decode("utf-8-sig", "replace"))
    return {"book": Digest(sha256(data).hexdigest()), "outcomes": counted.outcomes, "unlisted": counted.unlisted}


def planned_signer(served: Served, key: str, kind: str) -> str:
    """Return who would sign first: the officer's own key, or the desk for what the desk signs."""
    return f"{served.name}/{key}" if key and kind not in DESK_KINDS else ""


def _papers(
    request: HttpRequest, desk: Desk, deed: Deed
) -> tuple[tuple[Attachment, ...], dict[str, str], tuple[str, ...]]:
    texts = {language: text for language in LANGUAGES if (text := request.POST.get(f"text_{language}", "").strip())}
    files = [(one.name, one.read()) for one in request.FILES.getlist("papers")]
    rooms = rooms_for(desk.ahead, desk.name, deed)
    rows = paper_rows(texts, files)
    if not rows or not rooms:
        return (), {}, ()
    return (Attachment(salt_rows(rows, desk.randomness), rooms),), texts, tuple(name for name, _ in files)


def _look_first(request: HttpRequest, desk: Desk, deed: Deed) -> None:
    """Look at sealed content before a signature is offered, as the command line does; raises Broken while it does not hold."""
    if isinstance(deed, SignFinalList):
        check_rows(desk, deed)
    if isinstance(deed, AcknowledgeList):
        check_count(desk, deed)
    if isinstance(deed, HandInBook):
        check_book(desk, deed)
    if isinstance(deed, AgreeBatches):
        proposed = desk.state.batches.compositions.get(deed.composition)
        if proposed is not None and proposed.drawn:
            policy, pool = request.FILES.get("policy"), request.FILES.get("pool")
            if policy is None:
                raise NotUnderstood("web.redo_first")
            check_by_redoing(desk, deed.composition, policy.read(), pool.read() if pool is not None else b"")


# --- check your answers, and sign ---


def particulars(desk: Desk, deed: Deed, language: str) -> list[tuple[str, str]]:
    """Return each particular of a deed with its value in words; what officers wrote freely stays as they wrote it."""
    hints = get_type_hints(type(deed))
    found = []
    for one in fields_of(type(deed)):
        free = hints[one.name] is str and (deed.kind, one.name) not in CHOICES
        found.append((one.name, shown_value(desk, getattr(deed, one.name), "" if free else language)))
    return found


def draft(request: HttpRequest, name: str) -> HttpResponse:
    """Show what will be signed, in words, and sign it with the key that is unlocked for this one act."""
    served, officer = served_of(request), officer_of(request)
    planned = served.planned_by(officer.number, name)
    if planned is None:
        return refuse_page(request, "web.no_draft", 404)
    if request.method == "POST":
        if request.POST.get("what") == "drop":
            served.drop_plan(name)
            return redirect(reverse("home"))
        return _sign(request, served, planned, name)
    return _check(request, served, planned)


def _check(
    request: HttpRequest, served: Served, planned: Planned, *, problem: Refusal | Broken | None = None
) -> HttpResponse:
    kind, key = planned.deed.kind, officer_of(request).key
    with served.looking() as desk:
        says = particulars(desk, planned.deed, request.language)
        own = f"{served.name}/{key}"
        try:
            needed = needed_for(desk, kind, own if key and kind not in DESK_KINDS else "")
            here = {f"{served.name}/{one}" for one in served.folder.key_names}
            others = sorted((needed.may & here) - {own})
            signing = sorted(needed.may, key=lambda one: (one != own, one))[: needed.count]
            by = None if kind in DESK_KINDS else signing
            alarms = alarms_of(desk, planned.deed, signers=by, attachments=planned.attachments)
        except DeskBroken as broken:
            return page(request, "no.html", {"broken": broken}, status=409)
    context = {
        "kind": kind,
        "says": says,
        "planned": planned,
        "rooms": [room for one in planned.attachments for room in one.to],
        "by_desk": kind in DESK_KINDS,
        "key": own if key else "",
        "may": kind in DESK_KINDS or (bool(key) and own in needed.may),
        "needed": needed.count,
        "others": others if needed.count > 1 else [],
        "problem": problem,
        "alarms": alarms,
    }
    return page(request, "draft.html", context, status=409 if problem is not None else 200)


def _sign(request: HttpRequest, served: Served, planned: Planned, name: str) -> HttpResponse:
    kind = planned.deed.kind
    try:
        signers = [] if kind in DESK_KINDS else _unlocked(request, served)
        with served.working() as desk, own_copy(desk, planned):
            done: ActId | Begun | Refusal
            if kind in DESK_KINDS:
                done = desk.sign(planned.deed, attachments=planned.attachments)
            else:
                done = begin(desk, planned.deed, signers, attachments=planned.attachments)
    except (KeyBroken, DeskBroken) as broken:
        return _check(request, served, planned, problem=broken)
    if isinstance(done, Refusal):
        return _check(request, served, planned, problem=done)
    served.drop_plan(name)
    return _after(done)


@contextmanager
def own_copy(desk: Desk, planned: Planned) -> Iterator[None]:
    """Keep one's own copy of a list from before it is signed; destroyed again where the signature fails."""
    if not planned.own_copy:
        yield
        return
    room = desk.keys.identities.get(f"{desk.name}/lists", [])
    if not room:
        raise DeskBroken("desk.no_encryption_key", room=f"{desk.name}/lists")
    before = set(own_commitments(desk))
    fresh = [keep_own(desk, one.rows, room[-1].recipient) for one in planned.attachments]
    try:
        yield
    except DeskBroken:
        for commit in set(fresh) - before:
            forget_own(desk, commit)
        raise


def _unlocked(request: HttpRequest, served: Served) -> list[Signer]:
    """Return the keys of this officer and, where the second is at the same table, of the other; they live for this call."""
    own = officer_of(request).key
    if not own:
        raise DeskBroken("desk.no_key", key=served.name)
    signers = [served.unlock(own, request.POST.get("passphrase", ""))]
    other = request.POST.get("other", "").rpartition("/")[2]
    if other and other != own and request.POST.get("other_passphrase", ""):
        if other not in served.folder.key_names:
            raise DeskBroken("desk.no_key", key=other[:40])
        signers.append(served.unlock(other, request.POST["other_passphrase"]))
    return signers


def _after(done: ActId | Begun) -> HttpResponse:
    if isinstance(done, Begun):
        return redirect(reverse("begun", args=[done.name.removeprefix(BEGUN)]))
    return redirect(f"{reverse('home')}?done={done}")


# --- what waits for the second officer ---


def begun(request: HttpRequest, name: str) -> HttpResponse:
    """Show what another officer signed, and add a signature, or take it back."""
    served, officer = served_of(request), officer_of(request)
    problem: Refusal | Broken | None = None
    with served.looking() as desk:
        found = find_begun(desk, BEGUN + name)
        says = particulars(desk, found.deed, request.language)
        texts = _readable(desk, found)
    if not may_act(officer, found.deed.kind):
        return refuse_page(request, "web.not_yours", 403)
    own = f"{served.name}/{officer.key}"
    if request.method == "POST":
        if request.POST.get("what") == "drop":
            with served.working() as desk:
                drop(desk, found.name)
                for one in found.signed.envelope.sealed:
                    forget_own(desk, one.commit)
            return redirect(reverse("home"))
        try:
            signer = served.unlock(officer.key, request.POST.get("passphrase", ""))
            with served.working() as desk:
                done = add_signature(desk, found.name, signer)
            if not isinstance(done, Refusal):
                return _after(done)
            problem = done
        except (KeyBroken, DeskBroken) as broken:
            problem = broken
    context = {
        "kind": found.deed.kind,
        "says": says,
        "found": found,
        "texts": texts,
        "rooms": [room for one in found.signed.envelope.sealed for room in one.to],
        "key": own,
        "may": bool(officer.key) and own in found.needed.may and own not in found.signers and not found.overtaken,
        "problem": problem,
    }
    return page(request, "begun.html", context, status=409 if problem is not None else 200)


def _readable(desk: Desk, found: Begun) -> list[tuple[str, str]]:
    """Return the texts that travel sealed with what another officer began, as far as this desk's own rooms can open them."""
    texts: list[tuple[str, str]] = []
    for one in found.signed.envelope.sealed:
        identities, blob = desk.keys.opening(one.to), desk.store.blob(one.blob)
        if not identities or blob is None:
            continue
        try:
            rows = open_attachment(one, blob, identities)
        except SealBroken:
            continue
        for row in rows:
            if isinstance(row, Row) and row.line == TEXT_LINE:
                texts += [(str(language), str(text)) for language, text in row.values.items()]
    return texts


SCREENS: Final = (
    Screen(name="act", path="act/<slug:kind>", view=act),
    Screen(name="draft", path="draft/<slug:name>", view=draft),
    Screen(name="begun", path="begun/<slug:name>", view=begun),
)
