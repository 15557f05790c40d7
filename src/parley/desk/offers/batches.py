"""Offers about seeds, compositions and the agreement to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import A_FILE, Offer, newest
from parley.process import agreed, lines
from parley.process.state import State
from parley.words import Digest, Lines, ParticipantName


def _commit_seed(state: State, who: ParticipantName) -> Deed:
    _ = state, who
    return acts.CommitSeed(commitment=A_FILE)


def _reveal_seed(state: State, who: ParticipantName) -> Deed:
    """Offer nothing that fits: the seed is a secret of the officer who committed to it."""
    _ = state, who
    return acts.RevealSeed(seed="")


def _compose(state: State, who: ParticipantName) -> Deed:
    """Offer one batch with everybody on the final lists, or one for each tranche that the terms name."""
    _ = who
    going = {party: list(lines.frozen(state, party) or ()) for party in state.authority.parties}
    sizes = [agreed.tranche(state, number) for number in range(1, agreed.batches_named(state) + 1)]
    plans: list[acts.BatchPlan] = []
    for number, size in enumerate([*filter(None, sizes)], start=1):
        gives = {party: Lines.among(people[: size.get(party, 0)]) for party, people in going.items()}
        going = {party: people[size.get(party, 0) :] for party, people in going.items()}
        plans.append(acts.BatchPlan(number, gives))
    if not plans:
        plans = [acts.BatchPlan(1, {party: Lines.among(people) for party, people in going.items()})]
    return acts.ComposeBatches(batches=tuple(plans), policy=Digest(""))


def _agree_batches(state: State, who: ParticipantName) -> Deed:
    """Offer the newest composition that can still be agreed to, also where it was: never an older one in its place."""
    _ = who
    found = [one.id for one in state.batches.compositions.values() if not one.superseded]
    return acts.AgreeBatches(composition=newest(found or state.batches.compositions))


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.CommitSeed: _commit_seed,
    acts.RevealSeed: _reveal_seed,
    acts.ComposeBatches: _compose,
    acts.AgreeBatches: _agree_batches,
}
