"""The first page: what is to be done here, what is done, what cannot start yet and why, who is waited for, the next date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse

from parley.acts import BY_KIND
from parley.briefings.brief import next_time
from parley.briefings.waiting import waits
from parley.desk.countersigning import begun
from parley.desk.whatnow import MayNot
from parley.process import RULE_OF, STAGES
from parley.process.authority import ROOT_KINDS
from parley.process.batches import numbers
from parley.process.dates import date_of
from parley.process.standing import standing_of
from parley.record.envelope import read_act
from parley.web.screens import Screen, may_act, officer_of, page, served_of
from parley.web.served import Served


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage on the first page: ``status`` is todo, done, underway or not_yet; what may be done, what not and why."""

    name: str
    status: str
    may: tuple[str, ...]
    may_not: tuple[MayNot, ...]
    done: int


def stages(served: Served) -> tuple[Stage, ...]:
    """Return the stages of the law with what may be done in each, and what the record holds of each."""
    now = served.what_now()
    counts = done_in_stages(served)
    found = []
    for stage in STAGES:
        may = tuple(one.kind for one in now.may if _stage(one.kind) == stage and one.kind not in ROOT_KINDS)
        may_not = tuple(one for one in now.may_not if _stage(one.kind) == stage and one.kind not in ROOT_KINDS)
        done = counts[stage]
        status = "todo" if may and not done else "underway" if may else "done" if done else "not_yet"
        found.append(Stage(name=stage, status=status, may=may, may_not=may_not, done=done))
    return tuple(found)


def _stage(kind: str) -> str:
    return RULE_OF[BY_KIND[kind]].stage


def done_in_stages(served: Served) -> Counter[str]:
    """Return how many acts of each stage stand in the log with effect; counts on from where it last stopped."""
    with served.looking() as desk:
        at, counts = served.counted if served.counted[0] <= desk.size else (0, Counter())
        for position, note in enumerate(desk.store.acts(at), at):
            kind = read_act(note).envelope.kind
            if kind in BY_KIND and position not in desk.state.void:
                counts[_stage(kind)] += 1
        served.counted = (desk.size, counts)
        return Counter(counts)


def home(request: HttpRequest) -> HttpResponse:
    """Show the task list."""
    served, officer = served_of(request), officer_of(request)
    with served.looking() as desk:
        state, waiting, countersigned = desk.ahead, desk.waiting, begun(desk)
        size = desk.size
    told = stages(served)
    mine = [(one, [kind for kind in one.may if may_act(officer, kind)]) for one in told]
    context = {
        "todo": [(one, kinds) for one, kinds in mine if kinds],
        "stages": told,
        "cannot": [(one, [no for no in one.may_not if may_act(officer, no.kind)]) for one in told],
        "waits": waits(state),
        "next": next_time(state),
        "dated": any(date_of(state, batch) is not None for batch in (0, *numbers(state))),
        "begun": [one for one in countersigned if may_act(officer, one.deed.kind)],
        "waiting": waiting,
        "standing": standing_of(state) if state.authority.participants else "",
        "founded": bool(state.authority.participants),
        "clock": state.authority.clock,
        "size": size,
        "must_not_sign": served.what_now().must_not_sign,
        "done": request.GET.get("done", ""),
    }
    return page(request, "home.html", context)


SCREENS: Final = (Screen(name="home", path="", view=home, menu="home"),)
