"""Offers about what happens at the line: books, groups, closing a batch, identity, effects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import A_FILE, Offer, batch_meant, few, received_by
from parley.process import batches, handover, movement
from parley.process.state import State
from parley.words import LineId, Lines, ParticipantName, split_line


def _hand_in_book(state: State, who: ParticipantName) -> Deed:
    batch = batch_meant(state, who)
    planned = Lines.among(sorted(batches.planned_set(state, batch), key=split_line))
    return acts.HandInBook(batch=batch, book=A_FILE, outcomes={"RECEIVED": planned} if planned.ranges else {})


def _agree_group(state: State, who: ParticipantName) -> Deed:
    """Offer the group that another side signed, else the next few from each side who have boarded."""
    batch = batch_meant(state, who)
    mine = f"{batch}/"
    for key, group in state.handover.groups.items():
        theirs = [signed for name, signed in group.signed.items() if name != who]
        if key.startswith(mine) and theirs and group.signed.get(who) != theirs[-1]:
            return acts.AgreeGroup(batch=batch, group=int(key.removeprefix(mine)), lines=theirs[-1])
    over = handover.crossed(state, batch)
    next_ones: list[LineId] = []
    for party in movement.concerned(state, batch):
        waiting = [line for line in movement.boarded(state, batch, party) if line not in over]
        next_ones += sorted(waiting, key=split_line)[:5]
    number = 1 + sum(1 for key in state.handover.groups if key.startswith(mine))
    return acts.AgreeGroup(batch=batch, group=number, lines=Lines.among(next_ones))


def _close_batch(state: State, who: ParticipantName) -> Deed:
    """Offer the closing that another counter signed; else one that leaves every difference unexplained."""
    batch = batch_meant(state, who)
    if batches.plan(state, batch) is None:
        return acts.CloseBatch(batch=batch)
    for key, stated in state.handover.stated.items():
        if key.startswith(f"{batch}/") and key != f"{batch}/{who}":
            return stated
    differing = handover.comparison(state, batch).differing
    differences = (acts.Difference(Lines.among(differing), "DEFERRED", "unexplained"),) if differing else ()
    books = handover.books_of(state, batch).values()
    counts = {book.not_on_manifest for book in books}
    most = max(counts, default=0)
    return acts.CloseBatch(
        batch=batch, differences=differences, unlisted=most, unlisted_cause="unexplained" if len(counts) > 1 else ""
    )


def _confirm_identity(state: State, who: ParticipantName) -> Deed:
    mine = received_by(state, who)
    fresh = [line for line in mine if line not in state.handover.identity]
    return acts.ConfirmIdentity(confirmed=few(fresh or mine, 0))


def _effects(state: State, who: ParticipantName) -> Deed:
    return acts.HandOverEffects(lines=few(received_by(state, who)), packets=1, state="handed_over")


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.HandInBook: _hand_in_book,
    acts.AgreeGroup: _agree_group,
    acts.CloseBatch: _close_batch,
    acts.ConfirmIdentity: _confirm_identity,
    acts.HandOverEffects: _effects,
}
