"""For each kind of act, one offer: the deed that an officer most likely means now; one module for each stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers import (
    batches,
    contact,
    handover,
    lists,
    movement,
    publication,
    reconciliation,
    remains,
    standing,
    talks_and_terms,
    verification,
)
from parley.desk.offers.meant import NOBODYS, Offer
from parley.process.state import State
from parley.words import ParticipantName

__all__ = ["NOBODYS", "offers"]

_OFFERS: Final[Mapping[type[Deed], Offer]] = {
    **contact.OFFERS,
    **talks_and_terms.OFFERS,
    **lists.OFFERS,
    **verification.OFFERS,
    **batches.OFFERS,
    **movement.OFFERS,
    **handover.OFFERS,
    **remains.OFFERS,
    **reconciliation.OFFERS,
    **publication.OFFERS,
    **standing.OFFERS,
}


def offers(state: State, party: ParticipantName) -> Mapping[str, Deed]:
    """Return, for every kind of act, the deed that this participant most plausibly means now."""
    return {deed.kind: _OFFERS[deed](state, party) for deed in acts.DEEDS}
