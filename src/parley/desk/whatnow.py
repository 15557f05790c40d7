"""What may I do now, and for everything else: why not? The law asked about the most plausible next step of each kind.

For each kind of act there is one *offer*: the deed that an officer most likely means here (the open proposal, the unanswered
lines, the next batch). ``whatnow`` asks the law about every offer, with officers of the desk's mandate as signers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley import acts
from parley.acts import Act, Deed, Sealed
from parley.desk import FORKED, Desk
from parley.desk.enclosing import rooms_for
from parley.desk.offers import NOBODYS, offers
from parley.desk.offers.meant import A_FILE, NO_FILE
from parley.desk.row_counts import why_not_here
from parley.process import RULES, Rule, judge
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS, Authority
from parley.process.state import State
from parley.record.keys import VerifyKey
from parley.store import RESTORED
from parley.words import ParticipantName, Refusal, refuse


@dataclass(frozen=True, slots=True)
class MayDo:
    """Something that may be done now: its kind and the offer that the law allows."""

    kind: str
    offer: Deed


@dataclass(frozen=True, slots=True)
class MayNot:
    """Something that may not be done now, and why."""

    kind: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class WhatNow:
    """What this desk's officers may do now and, for all other acts of the law, why not.

    ``must_not_sign`` is the code of what keeps the desk itself from signing, whatever the law says: restored, forked.
    """

    may: tuple[MayDo, ...]
    may_not: tuple[MayNot, ...]
    must_not_sign: str = ""


def whatnow(desk: Desk) -> WhatNow:
    """Ask the law about each kind of act in the state ahead: the log, and what waits here for its receipt."""
    state, who = desk.ahead, desk.name
    candidates = offers(state, who)
    may: list[MayDo] = []
    may_not: list[MayNot] = []
    for rule in RULES:
        kind = rule.deed.kind
        refusal = _wrong_role(state, who, rule) or judge(state, _as_act(state, who, candidates[kind]))
        refusal = _not_of_the_probe(refusal) or _not_at_this_desk(desk, candidates[kind])
        if refusal is None:
            may.append(MayDo(kind, candidates[kind]))
        else:
            may_not.append(MayNot(kind, refusal))
    facts = desk.store.facts()
    banned = "desk.restored" if RESTORED in facts else "desk.forked" if FORKED in facts else ""
    return WhatNow(tuple(may), tuple(may_not), banned)


def why_not(state: State, who: ParticipantName, deed: Deed) -> Refusal | None:
    """Say why a participant may not do this in this state, with officers of its mandate as signers, or nothing."""
    return judge(state, _as_act(state, who, deed))


NOTHING_YET: Final = frozenset(
    {
        "handover.nobody_named",
        "lists.empty",
        "lists.unknown_line",
        "publication.no_figures",
        "publication.nobody_named",
        "publication.unknown_sheet",
        "reconciliation.no_lines",
        "remains.too_few",
        "remains.unknown_container",
        "standing.no_such_condition",
        "talks.unknown_item",
        "terms.unknown",
        "terms.unknown_date",
    }
)
"""What the law says of an offer that names nobody, or an act that is not there: an answer to our question, not to an officer."""
TO_BE_SAID: Final = frozenset({"batches.seed_malformed", "contact.fork_not_proven", "contact.name_taken"})
"""What the law says where the offer leaves out what only an officer has: a seed, a proof, another neutral."""


def _not_of_the_probe(refusal: Refusal | None) -> Refusal | None:
    if refusal is not None and refusal.code in NOTHING_YET:
        return refuse("whatnow.nothing_yet")
    if refusal is not None and refusal.code in TO_BE_SAID:
        return refuse("whatnow.to_be_said")
    return refusal


def _not_at_this_desk(desk: Desk, offer: Deed) -> Refusal | None:
    """Say what the law cannot know: a list whose sealed file is not here is not acknowledged."""
    missing = why_not_here(desk, offer.list) if isinstance(offer, acts.AcknowledgeList) else ""
    return refuse(missing) if missing else None


def _wrong_role(state: State, who: ParticipantName, rule: Rule) -> Refusal | None:
    """Name the role first: that a mandate does not hold what it never could is the lesser reason."""
    mine = state.authority.participants.get(who)
    if mine is None or mine.role in rule.by:
        return None
    return refuse("process.wrong_role", role=mine.role, kind=rule.deed.kind)


def _as_act(state: State, who: ParticipantName, deed: Deed) -> Act:
    head = state.authority.heads.get(who)
    mandate, signers = _signers(state.authority, who, deed)
    rooms = rooms_for(state, who, deed)
    commit = A_FILE
    if isinstance(deed, acts.Erase) and deed.list in state.lists.versions:
        commit = state.lists.versions[deed.list].commit
    return Act(
        id=NOBODYS,
        position=state.count,
        party=who,
        seq=head.seq + 1 if head is not None else 1,
        mandate=mandate,
        signers=frozenset(signers),
        deed=deed,
        sealed=(Sealed(NO_FILE, commit, 0, rooms),) if rooms else (),
    )


def _signers(authority: Authority, who: ParticipantName, deed: Deed) -> tuple[str, Iterable[str]]:
    """Return who would sign: all root keys, the desk key, or as many officers of a fitting mandate as the kind needs."""
    kind = deed.kind
    if kind in ROOT_KINDS:
        everybody = kind in {"upgrade_rules", "succeed_neutral", "found_case"}
        named = authority.participants.values() if everybody else [authority.participants.get(who)]
        return ROOT, [VerifyKey.parse(vkey).name for one in named if one is not None for vkey in one.roots]
    if kind in DESK_KINDS:
        return DESK, [f"{who}/desk"]
    mine = [one for one in authority.mandates.values() if one.party == who]
    mine.sort(key=lambda one: (kind not in one.needed, bool(one.revoked), one.until <= authority.clock))
    if not mine:
        return "", ()
    return mine[0].id, sorted(mine[0].officers)[: mine[0].needed.get(kind, 1)]
