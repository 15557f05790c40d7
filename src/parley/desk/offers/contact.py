"""Offers about the case itself: founding, mandates, keys, the clock, the neutral, forks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parley import acts
from parley.acts import Deed
from parley.desk.offers.meant import A_FILE, LONGER, NOBODYS, Offer, newest, other_party, today_or_first
from parley.process.state import State
from parley.record.keys import VerifyKey
from parley.words import Moment, ParticipantName


def _found(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.FoundCase(origin="neutral/log", participants=(), rules=1, practice=state.authority.practice)


def _issue(state: State, who: ParticipantName) -> Deed:
    key = state.authority.participants.get(who)
    mine = [one for one in state.authority.mandates.values() if one.party == who]
    officers = tuple(mine[-1].officers.values()) if mine else (_an_officer(who, key is not None),)
    grants = (acts.Grant(("record_public_statement",), 1),)
    return acts.IssueMandate(
        officers=officers, grants=grants, not_before=Moment(today_or_first(state) + "T00:00:00Z"), until=LONGER
    )


def _an_officer(who: ParticipantName, known: bool) -> str:
    """Return a made-up key, so that the law can be asked before there is a real one; nobody can sign with it."""
    return VerifyKey(f"{who}/officer-1", bytes([88]) + bytes([102]) * 31).vkey if known else ""


def _revoke(state: State, who: ParticipantName) -> Deed:
    standing_ones = [one.id for one in state.authority.mandates.values() if one.party == who and not one.revoked]
    return acts.RevokeMandate(mandate=newest(standing_ones), reason="replaced")


def _rotate(state: State, who: ParticipantName) -> Deed:
    mine = state.authority.participants.get(who)
    if mine is None:
        return acts.RotateKeys(roots=(), threshold=1, desk_key="")
    return acts.RotateKeys(roots=mine.roots, threshold=mine.threshold, desk_key=mine.desk_key)


def _publish_keys(state: State, who: ParticipantName) -> Deed:
    mine = {room: key for room, key in state.encryption_keys.items() if room.startswith(f"{who}/")}
    return acts.PublishEncryptionKeys(keys=mine or {f"{who}/lists": "age1"})


def _clock(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.RecordClock(now=state.authority.clock or Moment("2000-01-01T00:00:00Z"))


def _upgrade(state: State, who: ParticipantName) -> Deed:
    _ = who
    return acts.UpgradeRules(rules=state.authority.rules + 1)


def _succeed(state: State, who: ParticipantName) -> Deed:
    _ = who
    fallen = next((one for one in state.authority.participants.values() if one.role == "neutral"), None)
    new = acts.Enrolled(
        ParticipantName(fallen.name if fallen else ""),
        "neutral",
        fallen.letters if fallen else "",
        fallen.roots if fallen else (),
        fallen.threshold if fallen else 1,
        fallen.desk_key if fallen else "",
    )
    return acts.SucceedNeutral(size=state.count, root=A_FILE, origin=state.authority.origin, neutral=new)


def _report_fork(state: State, who: ParticipantName) -> Deed:
    return acts.ReportFork(participant=other_party(state, who), notes=())


def _choose_branch(state: State, who: ParticipantName) -> Deed:
    head = state.authority.heads.get(who)
    return acts.ChooseBranch(head=head.id if head is not None else NOBODYS)


OFFERS: Final[Mapping[type[Deed], Offer]] = {
    acts.FoundCase: _found,
    acts.IssueMandate: _issue,
    acts.RevokeMandate: _revoke,
    acts.RotateKeys: _rotate,
    acts.PublishEncryptionKeys: _publish_keys,
    acts.RecordClock: _clock,
    acts.UpgradeRules: _upgrade,
    acts.SucceedNeutral: _succeed,
    acts.ReportFork: _report_fork,
    acts.ChooseBranch: _choose_branch,
}
