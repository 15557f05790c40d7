"""The record in words, how things stood after any act, who looked at what, how the desk is, and bundles in and out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

import parley
from parley.acts import BY_KIND
from parley.briefings.account import account
from parley.desk import Desk, DeskBroken, Received
from parley.desk.awaited import awaited
from parley.desk.ledger import Ledger, reload, to_act
from parley.process import Unreadable
from parley.process.digest import fingerprint
from parley.process.state import State
from parley.record.checkpoint import root_words
from parley.record.envelope import SignedAct, read_act
from parley.web.acting import particulars
from parley.web.screens import Screen, page, refuse_page, served_of
from parley.web.signing_in import IDLE
from parley.words import ActId, Broken, Refusal, refuse

PAGE: Final = 200
MOST_LOOKS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One act as a line of the record: place (None while it waits), the neutral's time, who, what, whose keys, void or not."""

    place: int | None
    clock: str
    party: str
    kind: str
    signers: tuple[str, ...]
    void: Refusal | None
    missing: bool
    id: str


def record(request: HttpRequest) -> HttpResponse:
    """Show the acts in the order of the log, the newest first, with those that wait for their receipt on top."""
    party, kind = request.GET.get("party", ""), request.GET.get("kind", "")
    only_void = bool(request.GET.get("void"))
    with served_of(request).looking() as desk:
        size, missing = desk.size, set(awaited(desk).values())
        clocks = _clocks(desk)
        before = min(size, _whole(request.GET.get("before", ""), size))
        found: list[Told] = []
        while before > 0 and len(found) < PAGE:
            start = max(0, before - PAGE)
            piece = [
                _told(desk, read_act(note), place, missing)
                for place, note in enumerate(desk.store.acts(start, before), start)
            ]
            found += [
                one
                for one in reversed(piece)
                if party in ("", one.party) and kind in ("", one.kind) and (one.void or not only_void)
            ]
            before = start
        waiting = [_told(desk, one, None, missing) for one in desk.waiting]
        state = desk.state
        point = desk.checkpoint
        words = root_words(desk.ledger.tree.root(point.size)) if point is not None and 0 < point.size <= size else ()
    context = {
        "acts": [_at(one, clocks) for one in found],
        "waiting": waiting,
        "size": size,
        "before": before,
        "party": party,
        "kind": kind,
        "void": only_void,
        "participants": list(state.authority.participants),
        "kinds": sorted(BY_KIND),
        "words": words,
        "point": point,
        "alarms": state.alarms,
    }
    return page(request, "record.html", context)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else otherwise


def _clocks(desk: Desk) -> list[tuple[int, str]]:
    """Return the neutral's times with the places from which they hold."""
    found: list[tuple[int, str]] = []
    for place, note in enumerate(desk.store.acts()):
        if b'"kind":"record_clock"' in note[:65536] and place not in desk.state.void:
            found.append((place, str(read_act(note).envelope.body.get("now", ""))))
    return found


def _at(one: Told, clocks: Sequence[tuple[int, str]]) -> Told:
    held = [time for place, time in clocks if one.place is not None and place <= one.place]
    return replace(one, clock=held[-1] if held else "")


def _told(desk: Desk, signed: SignedAct, place: int | None, missing: set[ActId]) -> Told:
    void = desk.state.void.get(place) if place is not None else None
    return Told(
        place=place,
        clock="",
        party=signed.envelope.party,
        kind=signed.envelope.kind,
        signers=tuple(line.name for line in signed.signatures),
        void=refuse(void.code, **void.facts) if void is not None else None,
        missing=signed.id in missing,
        id=signed.id,
    )


def record_act(request: HttpRequest, place: int) -> HttpResponse:
    """Show one act whole: in words, its signatures, what it answered, what it had seen, and its text as it was signed."""
    with served_of(request).looking() as desk:
        if place >= desk.size:
            return refuse_page(request, "web.not_found", 404)
        signed = desk.act_at(place)
        deed = to_act(signed, place).deed
        says = [] if isinstance(deed, Unreadable) else particulars(desk, deed, request.language)
        answers = [(one, desk.ledger.positions.get(ActId(one))) for one in signed.envelope.answers]
        void = desk.state.void.get(place)
        size = desk.size
    context = {
        "place": place,
        "signed": signed,
        "said": signed.envelope,
        "says": says,
        "signers": [line.name for line in signed.signatures],
        "answers": answers,
        "void": refuse(void.code, **void.facts) if void is not None else None,
        "size": size,
        "text": signed.note.decode("utf-8", "replace"),
    }
    return page(request, "record_act.html", context)


# --- replay ---


def replay(request: HttpRequest) -> HttpResponse:
    """Show how things stood after any act: what was agreed, listed, handed over, owed; and the digest of that state."""
    with served_of(request).looking() as desk:
        size = desk.size
        if not size:
            return refuse_page(request, "web.not_found", 404)
        at = min(size - 1, _whole(request.GET.get("at", ""), size - 1))
        state = _state_after(desk, at)
        act = desk.act_at(at)
    told = account(state)
    context = {
        "at": at,
        "last": size - 1,
        "kind": act.envelope.kind,
        "party": act.envelope.party,
        "account": told,
        "sides": list(told.sides.items()),
        "batches": list(told.batches.items()),
        "digest": fingerprint(state).digest,
    }
    return page(request, "replay.html", context)


def _state_after(desk: Desk, at: int) -> State:
    if at == desk.size - 1:
        return desk.state
    found: Ledger = reload(desk.store.acts(0, at + 1))
    return found.state


# --- audit, health ---


def audit(request: HttpRequest) -> HttpResponse:
    """Show who looked at what at this desk, and what in the record everybody should look at."""
    served, who = served_of(request), request.GET.get("who", "")
    with served.looking() as desk:
        state = desk.state
        voids = [(place, one, refuse(one.code, **one.facts)) for place, one in state.void.items()]
        digest = fingerprint(state).digest
        point = desk.checkpoint
    context = {
        "looks": served.officers.accesses(who=who, most=MOST_LOOKS),
        "who": who,
        "officers": served.officers.everybody(),
        "voids": voids[::-1],
        "alarms": state.alarms[::-1],
        "digest": digest,
        "point": point,
        "cosigned": sorted(point.cosigners) if point is not None else [],
    }
    return page(request, "audit.html", context)


def health(request: HttpRequest) -> HttpResponse:
    """Show how the desk is: room on the disk, keys unlocked, what waits, what is missing, how old the newest checkpoint is."""
    served = served_of(request)
    with served.looking() as desk:
        disk = shutil.disk_usage(Path(served.folder.path))
        facts: list[tuple[str, Any, bool]] = [
            ("version", parley.__version__, True),
            ("disk_free", f"{disk.free >> 20:,} MiB", disk.free > 1 << 30),
            ("desk_key", "yes" if desk.desk_signer() is not None else "no", desk.desk_signer() is not None),
            ("acts", desk.size, True),
            ("waiting", len(desk.waiting), True),
            ("missing_files", len(awaited(desk)), not awaited(desk)),
            ("checkpoint", desk.checkpoint.size if desk.checkpoint is not None else 0, desk.checkpoint is not None),
            ("three_signed", desk.three_signed, True),
            ("neutral_clock", desk.state.authority.clock, bool(desk.state.authority.clock)),
            ("own_clock", desk.now(), True),
            ("rules", desk.state.authority.rules, True),
            ("signed_in_for", IDLE // 60, True),
            (
                "root_keys_here",
                ", ".join(one for one in served.folder.key_names if one.startswith("root-")),
                _no_roots(served.folder.key_names),
            ),
        ]
    return page(request, "health.html", {"facts": facts, "must_not_sign": served.what_now().must_not_sign})


def _no_roots(names: Sequence[str]) -> bool:
    """Root keys belong at an offline place once the case is founded."""
    return not any(one.startswith("root-") for one in names)


# --- bundles ---


def bundles(request: HttpRequest) -> HttpResponse:
    """Take in a bundle that came by stick or mail, and say what was in it; offer the bundles for the others."""
    served = served_of(request)
    received: Received | None = None
    problem: Broken | None = None
    if request.method == "POST" and request.FILES.get("bundle") is not None:
        data = request.FILES["bundle"].read()
        try:
            with served.working() as desk:
                received = desk.receive(data)
        except Broken as broken:
            problem = broken
    with served.looking() as desk:
        others = [name for name in desk.state.authority.participants if name != desk.name]
        others = others if desk.is_neutral else [name for name in others if name == desk.state.authority.neutral]
        waiting, locked = len(desk.waiting), desk.desk_signer() is None
    context = {"others": others, "received": received, "problem": problem, "waiting": waiting, "locked": locked}
    return page(request, "bundles.html", context, status=409 if problem is not None else 200)


def bundle_out(request: HttpRequest, to: str) -> HttpResponse:
    """Hand out the bundle for one participant, the same bytes as on a stick."""
    served = served_of(request)
    if request.method != "POST":
        return refuse_page(request, "web.bad_request", 405)
    with served.working() as desk:
        if to not in desk.state.authority.participants or to == desk.name:
            raise DeskBroken("desk.no_such_act", act=to[:40])
        data = desk.bundle(to, again=bool(request.POST.get("again")))
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{served.name}-to-{to}.bundle"'
    return response


SCREENS: Final = (
    Screen(name="record", path="record", view=record, menu="record"),
    Screen(name="record_act", path="record/<int:place>", view=record_act),
    Screen(name="replay", path="record/replay", view=replay, menu="record"),
    Screen(name="audit", path="audit", view=audit, menu="record"),
    Screen(name="health", path="health", view=health, menu="desk"),
    Screen(name="bundles", path="bundles", view=bundles, menu="desk"),
    Screen(name="bundle_out", path="bundles/<slug:to>", view=bundle_out),
)
