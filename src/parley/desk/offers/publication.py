"""Offers about figures, the communiqué, public statements and families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import A_FILE, LONG, Offer, few, newest, other_party, received_by
from parley.process import agreed, figures, publication
from parley.process.state import State
from parley.words import ParticipantName


def _propose_sheet(state: State, who: ParticipantName) -> Deed:
    """Offer, for each side, the furthest number inside the formula that the record supports."""
    _ = who
    found: list[acts.Figure] = []
    for party in state.authority.parties:
        for point in ("handed_over", "final", "agreed"):
            asked = acts.Figure(unit="person", side=party, scope="inside", count_point=point, batch=0, value=0)
            value = figures.supported(state, asked)
            if value:
                found.append(
                    acts.Figure(unit="person", side=party, scope="inside", count_point=point, batch=0, value=value)
                )
                break
    return acts.ProposeNumberSheet(figures=tuple(found))


def _agree_sheet(state: State, who: ParticipantName) -> Deed:
    sheets = state.publication.sheets
    fresh = [key for key, one in sheets.items() if who not in one.agreed_by]
    return acts.AgreeNumberSheet(sheet=newest(fresh or sheets))


def _embargo(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.SetEmbargo(until=LONG)


def _communique(state: State, who: ParticipantName) -> Deed:
    _ = who
    sheet = publication.agreed_sheet(state)
    says = agreed.in_force(state)
    languages = (says.languages if says is not None else ()) or ("en",)
    return acts.PublishCommunique(
        sheet=sheet.id if sheet is not None else newest(state.publication.sheets),
        status=publication.status_reached(state),
        texts=dict.fromkeys(languages, A_FILE),
    )


def _public_statement(state: State, who: ParticipantName) -> Deed:
    speaker = other_party(state, who)
    return acts.RecordPublicStatement(speaker=speaker, said=state.authority.clock or LONG, source="…")


def _notify_family(state: State, who: ParticipantName) -> Deed:
    confirmed = [line for line in received_by(state, who) if state.handover.identity.get(line)]
    fresh = [line for line in confirmed if line not in state.publication.notified]
    return acts.NotifyFamily(lines=few(fresh or confirmed or received_by(state, who), 0))


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.ProposeNumberSheet: _propose_sheet,
    acts.AgreeNumberSheet: _agree_sheet,
    acts.SetEmbargo: _embargo,
    acts.PublishCommunique: _communique,
    acts.RecordPublicStatement: _public_statement,
    acts.NotifyFamily: _notify_family,
}
