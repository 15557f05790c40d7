"""Batches, movement with its go or no-go, and reconciliation: what was planned, what went, what is owed, what is unexplained."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from parley import acts
from parley.acts import BatchPlan, Depart
from parley.briefings.account import account
from parley.desk.whatnow import why_not
from parley.process import batches, dates, movement
from parley.process.state import State
from parley.web.screens import Screen, page, served_of
from parley.words import ParticipantName, Refusal


def batches_(request: HttpRequest) -> HttpResponse:
    """Show the seeds, each composition with its numbers per side and category, who agreed, and the batches in force."""
    with served_of(request).looking() as desk:
        state, name = desk.ahead, desk.name
    compositions = [
        {"one": one, "plans": [_plan(state, plan) for plan in one.plans], "mine": name in one.agreed_by}
        for one in state.batches.compositions.values()
    ]
    context = {
        "parties": state.authority.parties,
        "seeds": [
            (who, who in state.batches.commitments, who in state.batches.seeds) for who in state.authority.participants
        ],
        "compositions": compositions[::-1],
        "in_force": [
            (_plan(state, plan), movement.batch_status(state, number)) for number, plan in state.batches.plans.items()
        ],
        "name": name,
    }
    return page(request, "batches.html", context)


def _plan(state: State, plan: BatchPlan) -> dict[str, Any]:
    sides = []
    for who, lines in plan.gives.items():
        found = Counter(state.lists.lines[line].category for line in lines if line in state.lists.lines)
        sides.append((who, len(lines), sorted(found.items())))
    return {"number": plan.batch, "sides": sides}


def movement_(request: HttpRequest) -> HttpResponse:
    """Show, for each batch, date, routes, guarantees, vehicles and convoys, and for each party whether it may depart: why not."""
    with served_of(request).looking() as desk:
        state, name = desk.ahead, desk.name
        told = [_batch(state, number) for number in batches.numbers(state)]
    return page(request, "movement.html", {"batches": told, "name": name, "incidents": state.movement.incidents})


def _batch(state: State, number: int) -> dict[str, Any]:
    sides = []
    for party in movement.concerned(state, number):
        convoy = movement.convoy(state, number, party)
        route = movement.route_of(state, number, party)
        boarded = len(tuple(movement.boarded(state, number, party)))
        refusal: Refusal | None = None
        if convoy.departed is None:
            refusal = why_not(state, party, Depart(batch=number, count=boarded))
        sides.append(
            {
                "party": party,
                "convoy": convoy,
                "route": route,
                "unacknowledged": movement.unacknowledged(state, route) if route is not None else (),
                "guarantee": state.movement.guarantees.get(movement.convoy_key(number, party)),
                "window": state.movement.windows.get(movement.convoy_key(number, party)),
                "vehicles": movement.vehicles(state, number, party),
                "boarded": boarded,
                "refusal": refusal,
            }
        )
    return {
        "number": number,
        "status": movement.batch_status(state, number),
        "date": dates.date_of(state, number),
        "sides": sides,
    }


def reconciliation(request: HttpRequest) -> HttpResponse:
    """Show each side's way from agreed to delivered, the named causes, what nobody explains, debts, and the joint records."""
    with served_of(request).looking() as desk:
        state, name = desk.ahead, desk.name
    told = account(state)
    sides: list[tuple[ParticipantName, Any]] = list(told.sides.items())
    context = {
        "account": told,
        "sides": sides,
        "outcomes": [
            (code, [one.inside.outcomes.get(code, 0) + one.outside.outcomes.get(code, 0) for _, one in sides])
            for code in acts.OUTCOME_CODES
            if any(one.inside.outcomes.get(code, 0) + one.outside.outcomes.get(code, 0) for _, one in sides)
        ],
        "records": list(state.reconciliation.records.values())[::-1],
        "corrections": state.reconciliation.corrections,
        "name": name,
        "unexplained": sum(one.unexplained for _, one in sides),
    }
    return page(request, "reconciliation.html", context)


SCREENS: Final = (
    Screen(name="batches", path="batches", view=batches_, menu="people"),
    Screen(name="movement", path="movement", view=movement_, menu="move"),
    Screen(name="reconciliation", path="reconciliation", view=reconciliation, menu="move"),
)
