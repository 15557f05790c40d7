"""The law of movement: nothing departs before everybody who could shoot at it has said that they know of it.

On 24 January 2024 an aircraft fell on the day of an exchange; the other side had been told neither route nor means
(domain 3.5, F39). So departure stands behind gates, and each gate is an act that somebody signed. Law of movement:

1.  Movement is always that of one party's convoy in one agreed batch. A batch that is closed or aborted, or that lost
    people on the way (8), moves no more; what is on the road arrives and is counted all the same (9).
2.  The convoy's party notifies the route: means, number of vehicles, the hour after which it does not leave any more;
    the route itself travels sealed with the notice. A notice without the route tells nobody what to keep safe.
2a. A later notice of the same convoy replaces the earlier one, with its acknowledgements. A detour after departure is
    a notice too, and recorded; after arrival there is nothing to notify.
2b. Every other party of the batch and the neutral acknowledge it, each once. Its author cannot.
2c. While a convoy is on the road, its detours are notified, acknowledged and kept safe whatever else happened: the
    exchange suspended or aborted, the batch aborted, or people lost on the way. Those on board are still on the road.
3.  A notice may ask the other side for a guarantee of safety, for a silence window, or for both. What was asked for
    must be given by every other party of the batch, and must cover the hour of departure by the neutral's clock.
3a. Guarantees and windows may be given unasked, and given anew: the last one holds. They open before they close.
4.  The manifest of one vehicle names lines of the giving party's part of the batch's plan, substitutions included,
    and nobody else (domain F11, F12). One person rides on one vehicle, also where two lists know the person by two
    lines.
4a. It may be issued anew until departure, and boarding begins anew with it; without lines it takes the vehicle out.
    There are no more vehicles than the notice in force named, if there is one.
4b. Where the terms demand readiness, nobody is on a manifest whom the neutral has not declared ready, or whose
    declaration, medical certificate or legal clearance is out of date on the neutral's day (domain F14, F18). Where the
    terms do not demand it, a certificate out of date still refuses. The refusal says "not ready" and never why, and it
    says the same of a declaration, a certificate and a clearance (DESIGN 7.2).
4c. Whom the terms send to a third country goes once the stay is arranged (``parley.process.keeping``, 9).
4d. What is printed for the officers may be put on record: for each of one's own vehicles the hash of the manifest's PDF,
    until departure. A manifest issued anew has not been printed; a later printing replaces the earlier one. Nothing
    waits for it: it settles later which paper was the manifest, and it tells nothing of what stands on it.
5.  At embarkation everybody on the manifest is accounted for, once: boarded, or not presented, one word whatever the
    cause, sickness, court or wish: they are still in the holder's hands (DESIGN 7.2). Only a death has its own word.
    Why somebody did not come may travel sealed, to the neutral alone; what is known after the books are compared
    stands in them (domain 5.2). The holder's word that a person declines is no consent (F16).
6.  Departure asks, in this order: date and place agreed for the batch; the window not over; the route notified and
    acknowledged (2b); safety and silence where asked (3); the hour of 2 not passed; every manifest boarded; everybody
    on board still in the plan and still ready (4b); the count equal to those who boarded (domain E12).
6a. People of the plan who are on no vehicle do not stop the others. They raise an alarm, so that the loss is named on
    the day it happens; what became of them is for the books to say.
6b. Both convoys need not leave together. Who goes first takes the risk that groups and their exposure limit bound
    (handover).
7.  A convoy without people (a party that only receives) notifies and departs in the same way, with the count 0.
8.  An incident may be reported by any party or the neutral, at any time until the batch is closed, with a word for
    what it was. If people were lost, they are named by line only, the batch freezes, and the rest of it is deferred:
    owed, for another batch (domain H-IL76). No one can unfreeze it; the books still tell who crossed before, and then
    it is closed, or aborted, and whoever is owed is composed into another batch.
8a. A party names as lost only its own people, aboard a convoy that has not arrived: else one side could freeze any
    batch with the other's people, or with people who are there. The neutral may name anybody of the plan.
9.  Arrival states the convoy leader's count. It is an observation: it is never refused for its number. Where it
    differs from the count at departure, all are alarmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import EMBARKATION_CODES, INCIDENTS, MEANS, ROUTE_ASKS, Act
from parley.process import batches, keeping, verification
from parley.process.agreed import readiness_required
from parley.process.dates import date_of
from parley.process.lines import in_turn, person_of, sealed_beyond
from parley.process.state import Convoy, Incident, Movement, Route, State, Vehicle
from parley.words import LineId, Lines, Moment, ParticipantName, Refusal, refuse

VEHICLE: Final = re.compile(r"[a-z]{1,12}(-[0-9]{1,3}){0,2}\Z")
"""A vehicle's name is a word and small numbers (``bus-3``): no room for a driver or a number plate."""


# --- what others ask --------------------------------------------------------------------------------------------------


def concerned(state: State, batch: int) -> tuple[ParticipantName, ...]:
    """Return the parties of a batch, sorted: who gives in it, and who receives. All parties where nobody is planned."""
    planned = batches.plan(state, batch)
    if planned is None:
        return ()
    names: set[ParticipantName] = {giving for giving, lines in planned.gives.items() if lines.ranges}
    for lines in planned.gives.values():
        names |= {known.receiver for line in lines if (known := state.lists.lines.get(line)) is not None}
    return tuple(sorted(names & set(state.authority.parties))) or state.authority.parties


def batch_status(state: State, batch: int) -> str:
    """Return ``unknown``, ``closed``, ``aborted``, ``frozen`` (people were lost on the way, 8) or ``open``."""
    if batch not in state.batches.plans:
        return "unknown"
    if batch in state.handover.closings:
        return "closed"
    if batch in state.standing.aborted_batches or state.standing.aborted:
        return "aborted"
    return "frozen" if lost(state, batch).ranges else "open"


def lost(state: State, batch: int) -> Lines:
    """Return the people reported lost on the way in a batch; for the whole exchange, batch 0."""
    reports = [one.lost for one in state.movement.incidents if batch in (0, one.batch)]
    return Lines.among({line for lines in reports for line in lines})


def convoy_key(batch: int, party: ParticipantName) -> str:
    """Return the key of a party's convoy in the state."""
    return f"{batch}/{party}"


def convoy(state: State, batch: int, party: ParticipantName) -> Convoy:
    """Return a party's convoy of a batch: neither departed nor arrived where nothing is on record."""
    return state.movement.convoys.get(convoy_key(batch, party), Convoy())


def started(state: State, batch: int) -> bool:
    """Say whether any convoy of a batch has departed: from here on only the books can tell where people are."""
    return any(convoy(state, batch, party).departed is not None for party in state.authority.parties)


def vehicles(state: State, batch: int, party: ParticipantName | None = None) -> tuple[Vehicle, ...]:
    """Return the vehicles of a batch with a manifest, of one party or of all, by name."""
    found = [one for one in state.movement.vehicles.values() if one.batch == batch and party in (None, one.by)]
    return tuple(sorted(found, key=lambda one: (one.by, one.name)))


def boarded(state: State, batch: int, party: ParticipantName | None = None) -> Iterator[LineId]:
    """Yield the people who boarded in a batch, of one giving party or of all."""
    for vehicle in vehicles(state, batch, party):
        yield from vehicle.boarded or ()


def route_of(state: State, batch: int, party: ParticipantName) -> Route | None:
    """Return the route notice in force of a party's convoy, or nothing."""
    return next(
        (
            one
            for one in state.movement.routes.values()
            if one.by == party and one.says.batch == batch and not one.replaced
        ),
        None,
    )


def unacknowledged(state: State, route: Route) -> tuple[ParticipantName, ...]:
    """Return who has yet to acknowledge a route notice (2b)."""
    wanted = {*concerned(state, route.says.batch), state.authority.neutral} - {route.by}
    return tuple(sorted(wanted - set(route.acknowledged_by)))


# --- checks that several acts share -----------------------------------------------------------------------------------


def on_the_road(
    state: State,
    act: Act,
    deed: acts.NotifyRoute | acts.AcknowledgeRoute | acts.GuaranteeSafety | acts.DeclareSilenceWindow,
) -> bool:
    """Say whether a deed keeps a convoy safe that has departed and not arrived (2c)."""
    if isinstance(deed, acts.NotifyRoute):
        return _travels(state, deed.batch, act.party)
    if isinstance(deed, acts.AcknowledgeRoute):
        route = state.movement.routes.get(deed.notice)
        return route is not None and _travels(state, route.says.batch, route.by)
    return any(_travels(state, deed.batch, party) for party in state.authority.parties)


def _travels(state: State, batch: int, party: ParticipantName) -> bool:
    one = convoy(state, batch, party)
    return one.departed is not None and one.arrived is None


def _judge_moving(state: State, batch: int) -> Refusal | None:
    """Refuse a batch that is not planned or moves no more (1)."""
    match batch_status(state, batch):
        case "unknown":
            return refuse("movement.no_such_batch", batch=batch)
        case "closed":
            return refuse("movement.batch_closed", batch=batch)
        case "aborted":
            return refuse("movement.batch_aborted", batch=batch)
        case "frozen":
            return refuse("movement.batch_frozen", batch=batch)
    return None


def _judge_word(word: str, allowed: tuple[str, ...]) -> Refusal | None:
    return None if word in allowed else refuse("movement.unknown_word", word=word[:40], allowed=", ".join(allowed))


def _judge_window(opens: Moment, closes: Moment) -> Refusal | None:
    return None if opens < closes else refuse("movement.window_unclear", opens=opens, closes=closes)


def _judge_ready(state: State, lines: Lines) -> Refusal | None:
    """Refuse the first person who may not travel today (4b); one word for every cause."""
    demanded = readiness_required(state)
    for line in lines:
        if verification.expired(state, line) or (demanded and not verification.ready(state, line)):
            return refuse("movement.not_ready", line=line)
    return None


def _with(state: State, movement: Movement) -> State:
    return replace(state, movement=movement)


# --- route, safety, silence -------------------------------------------------------------------------------------------


def judge_notify_route(state: State, act: Act, deed: acts.NotifyRoute) -> Refusal | None:
    """Judge points 1, 2, 2a and 2c."""
    refusal = None if on_the_road(state, act, deed) else _judge_moving(state, deed.batch)
    refusal = refusal or _judge_word(deed.means, MEANS)
    if refusal is not None:
        return refusal
    for asked in deed.asks:
        refusal = _judge_word(asked, ROUTE_ASKS)
        if refusal is not None:
            return refusal
    if deed.vehicles < 1:
        return refuse("movement.no_vehicles")
    if not act.sealed:
        return refuse("movement.route_not_sealed")
    if convoy(state, deed.batch, act.party).arrived is not None:
        return refuse("movement.arrived_already", batch=deed.batch)
    if deed.abort_at <= state.authority.clock:
        return refuse("movement.abort_time_passed", abort_at=deed.abort_at, now=state.authority.clock)
    return None


def apply_notify_route(state: State, act: Act, deed: acts.NotifyRoute) -> State:
    """Enter the notice; an earlier one of the same convoy is replaced (2a)."""
    routes = {
        key: replace(one, replaced=True) if one.by == act.party and one.says.batch == deed.batch else one
        for key, one in state.movement.routes.items()
    }
    routes[act.id] = Route(id=act.id, by=act.party, says=deed)
    return _with(state, replace(state.movement, routes=routes))


def judge_acknowledge_route(state: State, act: Act, deed: acts.AcknowledgeRoute) -> Refusal | None:
    """Judge point 2b."""
    route = state.movement.routes.get(deed.notice)
    if route is None:
        return refuse("movement.no_such_notice")
    if route.by == act.party:
        return refuse("movement.own_notice")
    if route.replaced:
        return refuse("movement.notice_replaced", party=route.by, batch=route.says.batch)
    if act.party in route.acknowledged_by:
        return refuse("movement.acknowledged_already", party=act.party)
    return None


def apply_acknowledge_route(state: State, act: Act, deed: acts.AcknowledgeRoute) -> State:
    """Add who acknowledged."""
    route = state.movement.routes[deed.notice]
    heard = replace(route, acknowledged_by=tuple(sorted((*route.acknowledged_by, act.party))))
    return _with(state, replace(state.movement, routes={**state.movement.routes, route.id: heard}))


def judge_guarantee_safety(state: State, act: Act, deed: acts.GuaranteeSafety) -> Refusal | None:
    """Judge points 1, 2c and 3a."""
    moving = None if on_the_road(state, act, deed) else _judge_moving(state, deed.batch)
    return moving or _judge_window(deed.opens, deed.closes)


def apply_guarantee_safety(state: State, act: Act, deed: acts.GuaranteeSafety) -> State:
    """Enter the guarantee; the last one of a party for a batch holds (3a)."""
    key = convoy_key(deed.batch, act.party)
    guarantees = {**state.movement.guarantees, key: (deed.opens, deed.closes)}
    return _with(state, replace(state.movement, guarantees=guarantees))


def judge_declare_silence_window(state: State, act: Act, deed: acts.DeclareSilenceWindow) -> Refusal | None:
    """Judge points 1, 2c and 3a."""
    moving = None if on_the_road(state, act, deed) else _judge_moving(state, deed.batch)
    return moving or _judge_window(deed.opens, deed.closes)


def apply_declare_silence_window(state: State, act: Act, deed: acts.DeclareSilenceWindow) -> State:
    """Enter the window; the last one of a party for a batch holds (3a)."""
    key = convoy_key(deed.batch, act.party)
    return _with(state, replace(state.movement, windows={**state.movement.windows, key: (deed.opens, deed.closes)}))


# --- manifest and embarkation -----------------------------------------------------------------------------------------


def _vehicle_key(batch: int, party: ParticipantName, vehicle: str) -> str:
    return f"{batch}/{party}/{vehicle}"


def judge_issue_manifest(state: State, act: Act, deed: acts.IssueManifest) -> Refusal | None:
    """Judge points 1, 4, 4a and 4b."""
    checks = (_judge_vehicle, _judge_riders, _judge_seated_once)
    refusal = _judge_moving(state, deed.batch) or in_turn(state, act, deed, checks) or _judge_ready(state, deed.lines)
    return refusal or keeping.judge_stays(state, deed.lines)


def _judge_vehicle(state: State, act: Act, deed: acts.IssueManifest) -> Refusal | None:
    if VEHICLE.match(deed.vehicle) is None:
        return refuse("movement.vehicle_name", vehicle=deed.vehicle[:40])
    if convoy(state, deed.batch, act.party).departed is not None:
        return refuse("movement.departed_already", batch=deed.batch)
    own = {vehicle.name for vehicle in vehicles(state, deed.batch, act.party)}
    if not deed.lines.ranges and deed.vehicle not in own:
        return refuse("movement.empty_manifest", vehicle=deed.vehicle)
    route = route_of(state, deed.batch, act.party)
    if route is not None and len({*own, deed.vehicle}) > route.says.vehicles:
        return refuse("movement.too_many_vehicles", notified=route.says.vehicles)
    return None


def _judge_riders(state: State, act: Act, deed: acts.IssueManifest) -> Refusal | None:
    planned = batches.planned_set(state, deed.batch, act.party)
    for line in deed.lines:
        if line not in planned:
            return refuse("movement.not_in_plan", line=line, batch=deed.batch)
    return None


def _judge_seated_once(state: State, act: Act, deed: acts.IssueManifest) -> Refusal | None:
    seated = {
        person_of(state, line): vehicle.name
        for vehicle in vehicles(state, deed.batch, act.party)
        if vehicle.name != deed.vehicle
        for line in vehicle.lines
    }
    for line in deed.lines:
        person = person_of(state, line)
        if person in seated:
            return refuse("movement.person_twice", line=line, vehicle=seated[person])
        seated[person] = deed.vehicle
    return None


def apply_issue_manifest(state: State, act: Act, deed: acts.IssueManifest) -> State:
    """Enter the manifest; the vehicle's earlier one is replaced (4a)."""
    key = _vehicle_key(deed.batch, act.party, deed.vehicle)
    others = {name: vehicle for name, vehicle in state.movement.vehicles.items() if name != key}
    if deed.lines.ranges:
        others[key] = Vehicle(batch=deed.batch, name=deed.vehicle, by=act.party, lines=deed.lines)
    return _with(state, replace(state.movement, vehicles=others))


def judge_print_manifests(state: State, act: Act, deed: acts.PrintManifests) -> Refusal | None:
    """Judge points 1 and 4d."""
    refusal = _judge_moving(state, deed.batch)
    if refusal is not None:
        return refusal
    if convoy(state, deed.batch, act.party).departed is not None:
        return refuse("movement.departed_already", batch=deed.batch)
    if not deed.papers:
        return refuse("movement.no_paper")
    for name in sorted(deed.papers):
        if _vehicle_key(deed.batch, act.party, name) not in state.movement.vehicles:
            return refuse("movement.no_such_vehicle", vehicle=name[:40])
    return None


def apply_print_manifests(state: State, act: Act, deed: acts.PrintManifests) -> State:
    """Enter each paper's hash with its vehicle; the last printing holds (4d)."""
    keyed = {_vehicle_key(deed.batch, act.party, name): paper for name, paper in deed.papers.items()}
    printed = {key: replace(state.movement.vehicles[key], paper=paper) for key, paper in keyed.items()}
    return _with(state, replace(state.movement, vehicles={**state.movement.vehicles, **printed}))


def judge_embark(state: State, act: Act, deed: acts.Embark) -> Refusal | None:
    """Judge points 1 and 5."""
    refusal = _judge_moving(state, deed.batch)
    if refusal is not None:
        return refusal
    vehicle = state.movement.vehicles.get(_vehicle_key(deed.batch, act.party, deed.vehicle))
    if vehicle is None:
        return refuse("movement.no_such_vehicle", vehicle=deed.vehicle[:40])
    if vehicle.boarded is not None:
        return refuse("movement.boarded_already", vehicle=vehicle.name)
    for code in sorted(deed.missing):
        refusal = _judge_word(code, EMBARKATION_CODES)
        if refusal is not None:
            return refusal
    if sealed_beyond(act, (state.authority.neutral,)):
        return refuse("verification.sealed_to_others")
    return _judge_roll_call(vehicle, deed)


def _judge_roll_call(vehicle: Vehicle, deed: acts.Embark) -> Refusal | None:
    """Refuse unless everybody on the manifest was called once, and nobody else (5)."""
    manifest, called = set(vehicle.lines), set[LineId]()
    for lines in (deed.boarded, *(deed.missing[code] for code in sorted(deed.missing))):
        for line in lines:
            if line not in manifest:
                return refuse("movement.not_on_manifest", line=line, vehicle=vehicle.name)
            if line in called:
                return refuse("movement.called_twice", line=line)
            called.add(line)
    if len(called) != len(manifest):
        return refuse("movement.unaccounted_for", manifest=len(manifest), called=len(called))
    return None


def apply_embark(state: State, act: Act, deed: acts.Embark) -> State:
    """Enter who boarded and who did not."""
    key = _vehicle_key(deed.batch, act.party, deed.vehicle)
    missing = {code: lines for code, lines in deed.missing.items() if lines.ranges}
    full = replace(state.movement.vehicles[key], boarded=deed.boarded, missing=missing)
    return _with(state, replace(state.movement, vehicles={**state.movement.vehicles, key: full}))


# --- on the road ------------------------------------------------------------------------------------------------------


def judge_depart(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    """Judge points 1 and 6, gate by gate."""
    gates = (_gate_date, _gate_route, _gate_safety, _gate_hour, _gate_boarding, _gate_ready, _gate_count)
    return _judge_moving(state, deed.batch) or in_turn(state, act, deed, gates)


def _gate_date(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    if convoy(state, deed.batch, act.party).departed is not None:
        return refuse("movement.departed_already", batch=deed.batch)
    date = date_of(state, deed.batch)
    if date is None:
        return refuse("movement.no_date_agreed", batch=deed.batch)
    if state.authority.clock >= date.says.closes:
        return refuse("movement.window_over", closes=date.says.closes, now=state.authority.clock)
    return None


def _gate_route(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    route = route_of(state, deed.batch, act.party)
    if route is None:
        return refuse("movement.route_not_notified", batch=deed.batch)
    waiting = unacknowledged(state, route)
    if waiting:
        return refuse("movement.route_not_acknowledged", batch=deed.batch, by=", ".join(waiting))
    return None


def _gate_safety(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    route = route_of(state, deed.batch, act.party)
    asks = () if route is None else route.says.asks
    for party in concerned(state, deed.batch):
        key, own = convoy_key(deed.batch, party), party == act.party
        if "safety" in asks and not own and not _covers(state, state.movement.guarantees.get(key)):
            return refuse("movement.safety_not_guaranteed", party=party, now=state.authority.clock)
        if "silence" in asks and not own and not _covers(state, state.movement.windows.get(key)):
            return refuse("movement.no_silence_window", party=party, now=state.authority.clock)
    return None


def _covers(state: State, window: tuple[Moment, Moment] | None) -> bool:
    return window is not None and window[0] <= state.authority.clock < window[1]


def _gate_hour(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    route = route_of(state, deed.batch, act.party)
    if route is not None and state.authority.clock >= route.says.abort_at:
        return refuse("movement.abort_time_passed", abort_at=route.says.abort_at, now=state.authority.clock)
    return None


def _gate_boarding(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    own = vehicles(state, deed.batch, act.party)
    if not own and batches.planned_set(state, deed.batch, act.party):
        return refuse("movement.no_manifest", batch=deed.batch)
    for vehicle in own:
        if vehicle.boarded is None:
            return refuse("movement.not_boarded", vehicle=vehicle.name)
    return None


def _gate_ready(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    on_board, planned = Lines.among(boarded(state, deed.batch, act.party)), batches.planned_set(state, deed.batch)
    for line in on_board:
        if line not in planned:  # replaced since the manifest was issued
            return refuse("movement.not_in_plan", line=line, batch=deed.batch)
    return _judge_ready(state, on_board) or keeping.judge_stays(state, on_board)  # 4b and 4c: days have passed


def _gate_count(state: State, act: Act, deed: acts.Depart) -> Refusal | None:
    on_board = sum(1 for _ in boarded(state, deed.batch, act.party))
    if deed.count != on_board:
        return refuse("movement.count_mismatch", said=deed.count, boarded=on_board)
    return None


def apply_depart(state: State, act: Act, deed: acts.Depart) -> State:
    """Enter the departure; people of the plan on no vehicle raise the alarm (6a)."""
    seated = {line for vehicle in vehicles(state, deed.batch, act.party) for line in vehicle.lines}
    left = len(batches.planned_set(state, deed.batch, act.party) - seated)
    after = _with_convoy(state, act, deed.batch, Convoy(departed=deed.count))
    if not left:
        return after
    return after.alarm("movement.left_behind", act.position, party=act.party, batch=deed.batch, count=left)


def _with_convoy(state: State, act: Act, batch: int, one: Convoy) -> State:
    convoys = {**state.movement.convoys, convoy_key(batch, act.party): one}
    return _with(state, replace(state.movement, convoys=convoys))


def judge_report_incident(state: State, act: Act, deed: acts.ReportIncident) -> Refusal | None:
    """Judge points 8 and 8a: in a frozen or aborted batch too, because its convoys are still on the road."""
    status = batch_status(state, deed.batch)
    if status == "unknown":
        return refuse("movement.no_such_batch", batch=deed.batch)
    if status == "closed":
        return refuse("movement.batch_closed", batch=deed.batch)
    planned = batches.planned_set(state, deed.batch)
    for line in deed.lost:
        if line not in planned:
            return refuse("movement.not_in_plan", line=line, batch=deed.batch)
    return _judge_word(deed.incident, INCIDENTS) or _judge_lost(state, act, deed)


def _judge_lost(state: State, act: Act, deed: acts.ReportIncident) -> Refusal | None:
    """Refuse a party's word on people whom it does not carry, or who are there (8a)."""
    if not deed.lost.ranges or act.party == state.authority.neutral:
        return None
    aboard = frozenset(boarded(state, deed.batch, act.party))
    for line in deed.lost:
        if line not in aboard:
            return refuse("movement.not_aboard", line=line, batch=deed.batch)
    if convoy(state, deed.batch, act.party).arrived is not None:
        return refuse("movement.lost_after_arrival", batch=deed.batch)
    return None


def apply_report_incident(state: State, act: Act, deed: acts.ReportIncident) -> State:
    """Enter the incident; where people were lost the batch freezes, which all should see (8)."""
    incident = Incident(batch=deed.batch, by=act.party, incident=deed.incident, lost=deed.lost)
    after = _with(state, replace(state.movement, incidents=(*state.movement.incidents, incident)))
    if not deed.lost.ranges:
        return after
    return after.alarm("movement.people_lost", act.position, batch=deed.batch, count=len(deed.lost))


def judge_arrive(state: State, act: Act, deed: acts.Arrive) -> Refusal | None:
    """Judge point 9: of a convoy that left and has not arrived, in whatever state its batch is."""
    if deed.batch not in state.batches.plans:
        return refuse("movement.no_such_batch", batch=deed.batch)
    one = convoy(state, deed.batch, act.party)
    if one.departed is None:
        return refuse("movement.not_departed", batch=deed.batch)
    if one.arrived is not None:
        return refuse("movement.arrived_already", batch=deed.batch)
    return refuse("movement.count_below_zero", count=deed.count) if deed.count < 0 else None


def apply_arrive(state: State, act: Act, deed: acts.Arrive) -> State:
    """Enter the arrival; a count that changed on the way is shown to all (9)."""
    one = convoy(state, deed.batch, act.party)
    after = _with_convoy(state, act, deed.batch, replace(one, arrived=deed.count))
    if one.departed == deed.count:
        return after
    facts = {"departed": one.departed or 0, "arrived": deed.count}
    return after.alarm("movement.count_changed", act.position, party=act.party, batch=deed.batch, **facts)
