"""Offers about the road: route, guarantees, manifests, boarding, departure, arrival."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import LONG, Offer, batch_meant, newest, planned_people, today_or_first
from parley.process import movement
from parley.process.state import State
from parley.words import Digest, Lines, Moment, ParticipantName


def _notify_route(state: State, who: ParticipantName) -> Deed:
    return acts.NotifyRoute(batch=batch_meant(state, who), means="road", vehicles=1, abort_at=LONG)


def _acknowledge_route(state: State, who: ParticipantName) -> Deed:
    found = [one for one in state.movement.routes.values() if not one.replaced]
    fresh = [one.id for one in found if who in movement.unacknowledged(state, one)]
    return acts.AcknowledgeRoute(notice=newest(fresh or state.movement.routes))


def _guarantee(state: State, who: ParticipantName) -> Deed:
    return acts.GuaranteeSafety(
        batch=batch_meant(state, who), opens=Moment(f"{today_or_first(state)}T00:00:00Z"), closes=LONG
    )


def _silence(state: State, who: ParticipantName) -> Deed:
    return acts.DeclareSilenceWindow(
        batch=batch_meant(state, who), opens=Moment(f"{today_or_first(state)}T00:00:00Z"), closes=LONG
    )


def _issue_manifest(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    seated = {line for one in movement.vehicles(state, batch, who) for line in one.lines}
    number = len(movement.vehicles(state, batch, who)) + 1
    waiting = [line for line in planned_people(state, batch, who) if line not in seated]
    return acts.IssueManifest(batch=batch, vehicle=f"bus-{number}", lines=Lines.among(waiting))


def _print_manifests(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    unknown = Digest("0" * 64)  # only the paper itself has the hash: `parley handover manifest --record` fills it in
    return acts.PrintManifests(
        batch=batch, papers={one.name: one.paper or unknown for one in movement.vehicles(state, batch, who)}
    )


def _embark(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    for vehicle in movement.vehicles(state, batch, who):
        if vehicle.boarded is None:
            return acts.Embark(batch=batch, vehicle=vehicle.name, boarded=vehicle.lines, missing={})
    return acts.Embark(batch=batch, vehicle="bus-1", boarded=planned_people(state, batch, who), missing={})


def _depart(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    return acts.Depart(batch=batch, count=sum(1 for _ in movement.boarded(state, batch, who)))


def _incident(state: State, who: ParticipantName) -> Deed:
    return acts.ReportIncident(batch=batch_meant(state, who), incident="delay")


def _arrive(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    return acts.Arrive(batch=batch, count=movement.convoy(state, batch, who).departed or 0)


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.NotifyRoute: _notify_route,
    acts.AcknowledgeRoute: _acknowledge_route,
    acts.GuaranteeSafety: _guarantee,
    acts.DeclareSilenceWindow: _silence,
    acts.IssueManifest: _issue_manifest,
    acts.PrintManifests: _print_manifests,
    acts.Embark: _embark,
    acts.Depart: _depart,
    acts.ReportIncident: _incident,
    acts.Arrive: _arrive,
}
