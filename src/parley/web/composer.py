"""The composer: who would go under a policy, what each stage reached and costs, why somebody goes or not, and how fair it is.

What is composed here is a trial until somebody proposes it, or agrees to what another desk proposed; that is an act like every
other: judged by the law, shown in words, signed with a key. People stand on these pages by the code of their line, never by name.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from parley.acts import AgreeBatches, ComposeBatches, Deed
from parley.briefings.fairness_page import apart_lines, proof_words, vehicles_line
from parley.briefings.fairness_pictures import cell, chances_picture, composition_picture, groups_picture, lead_picture
from parley.briefings.policy_words import conflict_lines, policy_lines, rule_lines
from parley.briefings.why_words import why_lines
from parley.composing.infeasible import Infeasible
from parley.composing.policy import read_policy
from parley.composing.reasons import cost_of, explain, swap_breaks
from parley.composing.report import FEWEST
from parley.composing.vehicles import NAME as FEWEST_VEHICLES
from parley.desk import Desk
from parley.desk.composing_batches import CaseBatches, check_same, check_still
from parley.desk.composition_files import case_files
from parley.desk.countersigning import judge_planned
from parley.web.acting import planned_signer
from parley.web.guards import note_mistake
from parley.web.screens import Screen, may_act, officer_of, page, refuse_page, served_of
from parley.web.trying import ALL_STEPS, Trial
from parley.words import Broken, Refusal

MOST_POLICY: Final = 1 << 20
"""Bytes of the largest policy: a long one has ten thousand."""
FILES: Final = (
    "report.html",
    "lists.csv",
    "reserve.csv",
    "lottery.json",
    "groups.csv",
    "certificate.json",
    "draw.json",
)


def composer(request: HttpRequest) -> HttpResponse:
    """Show what was tried and what is proposed; take a policy, and a pool where it asks for more than the record knows.

    While one composition is worked on no other begins: the page says whose it is and since when; it may be watched or stopped.
    """
    served, problem = served_of(request), ""
    if request.method == "POST":
        policy, pool = request.FILES.get("policy"), request.FILES.get("pool")
        if policy is None or policy.size > MOST_POLICY:
            problem = "web.redo_policy" if policy is None else "web.too_large"
        else:
            with served.looking() as desk:
                state, at = desk.state, desk.size
            asked = Trial(
                who=officer_of(request).name,
                at=at,
                since=served.seconds(),
                policy=policy.read(),
                pool=pool.read() if pool is not None else b"",
            )
            if served.trials.begin(state, asked, note_mistake) is asked:
                return redirect(reverse("composition", args=[asked.name]))
            problem = "web.compose_locked"
    with served.looking() as desk:
        proposed = [one for one in desk.state.batches.compositions.values() if not one.superseded]
    context = {
        "trials": list(served.trials.kept.values())[::-1],
        "running": served.trials.running,
        "proposed": proposed[::-1],
        "problem": problem,
        "name": served.name,
    }
    return page(request, "composer.html", context, status=409 if problem else 200)


def composition(request: HttpRequest, name: str) -> HttpResponse:
    """Show one composition: how far it is, or what came of it; and propose it, agree to the same, or forget it."""
    served = served_of(request)
    trial = served.trials.kept.get(name)
    if trial is None:
        return refuse_page(request, "web.no_trial", 404)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what == "drop":
            served.trials.drop(name)
            return redirect(reverse("composer"))
        if trial.found is not None:
            return _act(request, trial, trial.found, what)
    if trial.found is None:
        return _waiting(request, trial)
    return _shown(request, trial, trial.found)


def _waiting(request: HttpRequest, trial: Trial) -> HttpResponse:
    conflicts: tuple[str, ...] = ()
    if isinstance(trial.broken, Infeasible):
        conflicts = conflict_lines(read_policy(trial.policy), trial.broken.conflicts, request.language)
    context = {"trial": trial, "steps": ALL_STEPS, "conflicts": conflicts}
    return page(request, "composing.html", context, status=409 if trial.broken is not None else 200)


def _shown(
    request: HttpRequest,
    trial: Trial,
    found: CaseBatches,
    *,
    problem: Refusal | Broken | None = None,
    **answers: object,
) -> HttpResponse:
    language = request.language
    with served_of(request).looking() as desk:
        offers = _offers(request, desk, found)
    figures = trial.figures
    assert figures is not None
    chances = [one for one in found.composed.published.lottery.chances(found.composed.published.program) if one]
    context = {
        "trial": trial,
        "found": found,
        "drawn": found.drawn.chance.kind != "none",
        "policy": policy_lines(found.composed.policy, language),
        "stages": [
            (one.name, one.value, _reached(one.name, one.value, one.bound, language))
            for one in found.composed.staged.stages
        ],
        "trades": [(one.first, _changes(found, one.values)) for one in trial.trades],
        "plans": [(one.batch, [(who, len(lines)) for who, lines in one.gives.items()]) for one in found.plans],
        "figures": figures,
        "fewest": FEWEST,
        "least": f"{float(min(chances)):.4f}" if chances else "–",
        "lists": len(found.composed.published.lottery.lists),
        "apart": apart_lines(figures.apart, language),
        "compositions": [
            (side, SafeString(composition_picture(figures.sizes[side], classes)))
            for side, classes in figures.composition.items()
        ],
        "groups": [
            (one.side, one.what, "–" if one.chance is None else f"{float(one.chance) * 100:.1f} %")
            for one in trial.groups
        ],
        "groups_picture": SafeString(groups_picture(trial.groups)),
        "chances_picture": SafeString(chances_picture(figures.chances)),
        "lead_picture": SafeString(lead_picture(figures.lead)) if figures.lead else "",
        "removed": [(reason, cell(count)) for reason, count in figures.removed],
        "offers": offers,
        "files": FILES,
        "problem": problem,
        **answers,
    }
    return page(request, "composition.html", context, status=409 if problem is not None else 200)


def _reached(name: str, value: int, bound: int, language: str) -> str:
    return vehicles_line(value, bound, language) if name == FEWEST_VEHICLES else proof_words(value, bound, language)


def _changes(found: CaseBatches, values: Any) -> list[tuple[str, int, int]]:  # noqa: ANN401
    return [
        (one.name, one.value, values[one.name])
        for one in found.composed.staged.stages
        if one.name in values and values[one.name] != one.value
    ]


# --- proposing and agreeing ---


def _deeds(desk: Desk, found: CaseBatches) -> list[tuple[str, Deed]]:
    """Return the acts that a composition can become: a proposal of one's own, or agreement to each that is open."""
    deeds: list[tuple[str, Deed]] = [
        (
            "propose",
            ComposeBatches(batches=found.plans, policy=found.policy, drawn=found.drawn.chance.kind != "none"),
        )
    ]
    deeds += [
        (f"agree-{one.id}", AgreeBatches(composition=one.id))
        for one in desk.state.batches.compositions.values()
        if not one.superseded and one.drawn and desk.name not in one.agreed_by
    ]
    return deeds


def _offers(request: HttpRequest, desk: Desk, found: CaseBatches) -> list[dict[str, Any]]:
    """Return each act that a composition could become, with what stands against it now, if anything."""
    officer = officer_of(request)
    offers = []
    for what, deed in _deeds(desk, found):
        if may_act(officer, deed.kind):
            against = _against(request, desk, found, deed)
            offers.append({"what": what, "kind": deed.kind, "deed": deed, "against": against})
    return offers


def _against(request: HttpRequest, desk: Desk, found: CaseBatches, deed: Deed) -> Refusal | Broken | None:
    """Say what stands against an act: the law, or that the record moved on, or that the other desk composed something else."""
    try:
        check_still(desk.state, found)
        if isinstance(deed, AgreeBatches):
            check_same(desk, deed.composition, found)
        signer = planned_signer(served_of(request), officer_of(request).key, deed.kind)
        return judge_planned(desk, deed, signer=signer, attachments=())
    except Broken as broken:
        return broken


def _act(request: HttpRequest, trial: Trial, found: CaseBatches, what: str) -> HttpResponse:
    served, officer = served_of(request), officer_of(request)
    with served.looking() as desk:
        deed = dict(_deeds(desk, found)).get(what)
        if deed is None or not may_act(officer, deed.kind):
            return refuse_page(request, "web.not_yours", 403)
        against = _against(request, desk, found, deed)
    if against is not None:
        return _shown(request, trial, found, problem=against)
    name = served.plan(officer.number, deed, (), texts={}, files=())
    return redirect(reverse("draft", args=[name]))


# --- questions about people, by the code of their line ---


def composition_why(request: HttpRequest, name: str) -> HttpResponse:
    """Say why somebody goes or does not, and what it would cost; or which rules a change of places would break."""
    trial = served_of(request).trials.kept.get(name)
    if trial is None or trial.found is None:
        return refuse_page(request, "web.no_trial", 404)
    found, language = trial.found, request.language
    line, other = (request.GET.get(one, "").strip() for one in ("line", "other"))
    answers: dict[str, object] = {"line": line, "other": other, "cost": bool(request.GET.get("cost"))}
    problem: Broken | None = None
    try:
        if other:
            broken = swap_breaks(found.composed, found.drawn, line, other)
            answers["swap"] = rule_lines(found.composed.policy, broken, language)
            answers["swapped"] = True
        elif line:
            reason = explain(found.composed, found.drawn, line)
            stays = reason.kind != "removed" and reason.batch is None
            cost = cost_of(found.composed, line) if answers["cost"] and stays else None
            answers["why"] = why_lines(reason, cost, language)
    except Broken as known:
        problem = known
    return _shown(request, trial, found, problem=problem, **answers)


def composition_file(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """Hand out one of the files by which anybody can check a composition."""
    trial = served_of(request).trials.kept.get(name)
    if trial is None or trial.found is None or file not in FILES:
        return refuse_page(request, "web.no_trial", 404)
    found = trial.found
    data = case_files(found.composed, found.drawn, found.pool, trial.policy, request.language)[file]
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


SCREENS: Final = (
    Screen(name="composer", path="compose", view=composer, menu="people"),
    Screen(name="composition", path="compose/<slug:name>", view=composition),
    Screen(name="composition_why", path="compose/<slug:name>/why", view=composition_why),
    Screen(name="composition_file", path="compose/<slug:name>/files/<str:file>", view=composition_file),
)
