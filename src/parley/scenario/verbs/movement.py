"""How the acts of the stage `movement` are said in a scenario."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.process import movement
from parley.process.state import State
from parley.scenario.grammar import Paper, Verb, Words, parts_of
from parley.scenario.papers import rooms, text_paper, usual_papers
from parley.words import ActId, Digest, Lines, ParticipantName

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there: what "the route" is where no route was notified."""


def _notify(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.NotifyRoute(
        batch=words["batch"],
        means=words["means"],
        vehicles=words["vehicles"],
        abort_at=words["abort_at"],
        asks=tuple(words.get("asks", ())),
    )


def _route(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Enclose a practice route, unless the sentence says that it is left open to see what happens then."""
    return () if words.get("sealing") == "unsealed" else usual_papers(_notify(words, state, who), state, who)


def _acknowledge(words: Words, state: State, who: ParticipantName) -> Deed:
    if "notice" in words:
        return acts.AcknowledgeRoute(notice=words["notice"])
    found = [
        one
        for one in state.movement.routes.values()
        if words.get("batch") in (None, one.says.batch) and words.get("party") in (None, one.by) and not one.replaced
    ]
    fresh = [one for one in found if one.by != who and who not in one.acknowledged_by]
    return acts.AcknowledgeRoute(notice=(fresh or found)[-1].id if found else NOBODYS)


def _guarantee(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.GuaranteeSafety(batch=words["batch"], opens=words["opens"], closes=words["closes"])


def _silence(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.DeclareSilenceWindow(batch=words["batch"], opens=words["opens"], closes=words["closes"])


def _manifest(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.IssueManifest(batch=words["batch"], vehicle=words["vehicle"], lines=words["lines"])


def _printed(words: Words, state: State, who: ParticipantName) -> Deed:
    """Put a practice hash on record for each vehicle named; "nobody" names none."""
    named = [one for one in parts_of(words["vehicles"].replace(" and ", ","), ",") if one != "nobody"]
    papers = {
        one: Digest(sha256(f"practice paper of {one}, {words['batch']}, {who}".encode()).hexdigest()) for one in named
    }
    return acts.PrintManifests(batch=words["batch"], papers=papers)


def _embark(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.Embark(
        batch=words["batch"],
        vehicle=words["vehicle"],
        boarded=words["boarded"],
        missing=words.get("missing", {}),
    )


def _shown(words: Words, state: State, who: ParticipantName) -> tuple[Paper, ...]:
    """Enclose a cause that every party can read, as a careless officer might."""
    _ = words, who
    return (text_paper("A practice cause.", rooms(state.authority.parties)),)


def _depart(words: Words, state: State, who: ParticipantName) -> Deed:
    boarded = sum(1 for _ in movement.boarded(state, words["batch"], who))
    return acts.Depart(batch=words["batch"], count=words.get("count", boarded))


def _arrive(words: Words, state: State, who: ParticipantName) -> Deed:
    departed = movement.convoy(state, words["batch"], who).departed
    return acts.Arrive(batch=words["batch"], count=words.get("count", departed or 0))


def _incident(words: Words, state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.ReportIncident(batch=words["batch"], incident=words["incident"], lost=words.get("lost", Lines()))


VERBS: tuple[Verb, ...] = (
    Verb(
        "notifies the route [{sealing:sealed|unsealed}] for batch {batch:int} by {means} with {vehicles:int} vehicles, "
        "not leaving after {abort_at:moment} [, asking for {asks:names}]",
        _notify,
        acts.NotifyRoute,
        "north notifies the route for batch 1 by road with 2 vehicles, not leaving after 2025-05-23T15:30:00Z, "
        "asking for safety and silence",
        _route,
    ),
    Verb(
        "acknowledges the route [of {party}] [for batch {batch:int}] [{notice:label}]",
        _acknowledge,
        acts.AcknowledgeRoute,
        "south and neutral acknowledge the route of north for batch 1",
    ),
    Verb(
        "guarantees safety for batch {batch:int} from {opens:moment} to {closes:moment}",
        _guarantee,
        acts.GuaranteeSafety,
        "south guarantees safety for batch 1 from 2025-05-23T05:00:00Z to 2025-05-23T20:00:00Z",
    ),
    Verb(
        "declares silence for batch {batch:int} from {opens:moment} to {closes:moment}",
        _silence,
        acts.DeclareSilenceWindow,
        "south declares silence for batch 1 from 2025-05-23T05:00:00Z to 2025-05-23T20:00:00Z",
    ),
    Verb(
        "issues the manifest of {vehicle} for batch {batch:int}: {lines:lines}",
        _manifest,
        acts.IssueManifest,
        "north issues the manifest of bus-1 for batch 1: N1-N3",
    ),
    Verb(
        "puts on record for batch {batch:int} the printed manifests of {vehicles:rest}",
        _printed,
        acts.PrintManifests,
        "north puts on record for batch 1 the printed manifests of bus-1 and bus-2",
    ),
    Verb(
        "embarks {boarded:lines} on {vehicle} for batch {batch:int} [, missing {missing:codes}]",
        _embark,
        acts.Embark,
        "north embarks N1-N2 on bus-1 for batch 1, missing NOT_PRESENTED N3",
    ),
    Verb(
        "embarks {boarded:lines} on {vehicle} for batch {batch:int}, missing {missing:codes} with the cause shown",
        _embark,
        acts.Embark,
        "north embarks N1-N2 on bus-1 for batch 1, missing NOT_PRESENTED N3 with the cause shown",
        _shown,
    ),
    Verb(
        "departs for batch {batch:int} [with {count:int} people]",
        _depart,
        acts.Depart,
        "north departs for batch 1 with 2 people",
    ),
    Verb(
        "reports an incident in batch {batch:int}: {incident} [, lost {lost:lines}]",
        _incident,
        acts.ReportIncident,
        "north reports an incident in batch 1: crash, lost N1-N2",
    ),
    Verb(
        "arrives for batch {batch:int} [with {count:int} people]",
        _arrive,
        acts.Arrive,
        "north arrives for batch 1 with 2 people",
    ),
)
