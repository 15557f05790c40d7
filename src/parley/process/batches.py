"""The law of batches: in which step each person goes, how the draw gets its chance, and when a plan binds.

1.  A draw takes its chance from seeds that nobody chose alone: the parties and the neutral each commit to a secret
    seed, and reveal it only after all have committed.
1a. A seed is 64 lower-case hexadecimal digits, which stand for 32 bytes; the commitment is the SHA-256 of these 32
    bytes, in lower-case hexadecimal digits. Nothing else is a seed, so that no two programs can read one differently.
1b. Nobody commits twice, nor to what another has committed to: a copied commitment would be opened with the copied
    seed.
1c. A seed that is not what was committed to is refused, and may be revealed again, rightly. Who never reveals stops
    the draw and is seen to do so: composing without a draw stays possible.
1d. New seeds are only for a new draw: after a composition drawn with the old ones took force.
2.  Either party may propose a composition: the batches by number, and the lines that each giving party brings. Both
    final lists are known to both by then, and each party agrees for itself: what either chose them from stays its own
    (DESIGN 7.3).
2a. Batch numbers begin with 1 and leave no gap. A batch that has begun is not composed again: a manifest, a convoy, a
    book or its closing is on record, or it was aborted.
2b. Only people on a frozen final list go, each with the party that gives them, and each once over all batches. Who is
    still owed after a begun batch, because its outcome is not a delivery or the batch was aborted, may go again.
3.  Parity is what the terms say. ``each``: every batch brings what its tranche names, or, where none is named, equal
    numbers, by weight if the terms weigh people, but for a rest that the terms carry over or drop. ``cumulative``:
    after no batch is one side further ahead of its schedule than the other by more than the largest lead; without a
    largest lead the final lists alone make it even.
3a. People of a part outside the formula, those whom a commission added, and those who go again are counted apart:
    they change no tranche (domain F35).
3b. Under one ratio for all "equal" means in that ratio. Where the terms have a ratio by class of captive, each batch
    keeps it class by class, or all batches so far do with the largest lead; beside the tranches, if they are named
    (``parley.process.keeping``, 7).
3c. Seats, hubs and families together are craft: the law knows no vehicle before its manifest.
3d. Where so many a day were agreed, a batch is a day: no side brings more. Who goes again takes a place of the day,
    unless the terms carry the missing over to the next (domain 2.4).
4.  A composition names its policy by digest where it was drawn, and is said to be drawn only when all seeds are
    revealed. Whether redoing the draw gives these lines is checked at each desk before it signs.
5.  Both parties agree to a composition by its id; its proposer too, since proposing is not agreeing. When all have
    agreed, it is in force for every batch not yet begun.
5a. It is judged again when agreed to, with the substitutions accepted since: what no longer fits cannot take force.
5b. Whoever proposes or agrees to another composition takes back its agreement to those not yet in force, and lets its
    own earlier proposals go; and one that was proposed before the one in force took force is past: an old plan cannot be
    brought back by the last signature.
5c. Nobody proposes again what it has proposed already and what is still open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import DELIVERED, Act, BatchPlan
from parley.process import agreed, keeping
from parley.process.lines import frozen_set
from parley.process.state import Composition, State
from parley.words import ActId, Digest, LineId, Lines, ParticipantName, Refusal, refuse

HEX_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
Values = Mapping[ParticipantName, int]


# --- what later stages ask -------------------------------------------------------------------------------------------


def plan(state: State, number: int) -> BatchPlan | None:
    """Return the plan in force of one batch, substitutions accepted since included; nothing where none is agreed."""
    planned = state.batches.plans.get(number)
    if planned is None:
        return None
    return substituted(planned, state.lists.replaced[state.batches.replaced_before :])


def substituted(planned: BatchPlan, replaced: Iterable[tuple[LineId, LineId]]) -> BatchPlan:
    """Return a plan after lines were replaced, one after the other."""
    pairs = tuple(replaced)
    return BatchPlan(planned.batch, {giving: _replace(lines, pairs) for giving, lines in planned.gives.items()})


def _replace(lines: Lines, pairs: tuple[tuple[LineId, LineId], ...]) -> Lines:
    if not pairs:
        return lines
    people = set(lines)
    for out, into in pairs:
        if out in people:
            people.remove(out)
            people.add(into)
    return Lines.among(people)


def numbers(state: State) -> tuple[int, ...]:
    """Return the numbers of the batches in force, in order."""
    return tuple(sorted(state.batches.plans))


def planned_set(state: State, number: int, giving: ParticipantName | None = None) -> frozenset[LineId]:
    """Return the people planned for a batch, of one giving party or of all, as a set to look lines up in."""
    planned = plan(state, number)
    gives: Mapping[ParticipantName, Lines] = {} if planned is None else planned.gives
    return frozenset(line for name, lines in gives.items() if giving in (None, name) for line in lines)


def can_go(state: State, giving: ParticipantName) -> frozenset[LineId]:
    """Return who can still be planned: on the frozen final list, and not gone in a batch that has begun (2b)."""
    return frozen_set(state, giving) - _gone(state)


def begun(state: State, number: int) -> bool:
    """Say whether a batch has begun: a manifest, convoy, book or closing is on record, or it was aborted (2a)."""
    return (
        number in state.standing.aborted_batches
        or number in state.handover.closings
        or any(vehicle.batch == number for vehicle in state.movement.vehicles.values())
        or any(key.startswith(f"{number}/") for key in (*state.movement.convoys, *state.handover.books))
    )


def drawing(state: State) -> tuple[ParticipantName, ...]:
    """Return who must commit and reveal for a draw: the parties and the neutral, sorted."""
    return tuple(sorted((*state.authority.parties, state.authority.neutral)))


def commitment_of(seed: str) -> Digest:
    """Return the commitment to a seed of 64 lower-case hex digits: SHA-256 of the 32 bytes they stand for (1a)."""
    return Digest(hashlib.sha256(bytes.fromhex(seed)).hexdigest())


def seeds_of(state: State) -> Mapping[ParticipantName, str] | None:
    """Return everybody's seed once all are revealed; nothing before. A draw takes them sorted by name."""
    seeds = state.batches.seeds
    return dict(sorted(seeds.items())) if set(drawing(state)) <= seeds.keys() else None


# --- seeds -----------------------------------------------------------------------------------------------------------


def judge_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> Refusal | None:
    """Judge points 1a, 1b and 1d."""
    if HEX_DIGEST.match(deed.commitment) is None:
        return refuse("batches.not_a_digest", field="commitment")
    commitments = {} if _used_up(state) else state.batches.commitments
    if act.party in commitments:
        return refuse("batches.committed_already")
    if deed.commitment in state.batches.commitments.values():
        return refuse("batches.commitment_copied")
    return None


def _used_up(state: State) -> bool:
    return state.batches.drawn and seeds_of(state) is not None


def apply_commit_seed(state: State, act: Act, deed: acts.CommitSeed) -> State:
    """Enter the commitment; the first one after a draw begins the next draw."""
    kept = replace(state.batches, commitments={}, seeds={}, drawn=False) if _used_up(state) else state.batches
    commitments = {**kept.commitments, act.party: deed.commitment}
    return replace(state, batches=replace(kept, commitments=commitments))


def judge_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> Refusal | None:
    """Judge points 1, 1a and 1c."""
    if HEX_DIGEST.match(deed.seed) is None:
        return refuse("batches.seed_malformed")
    missing = [name for name in drawing(state) if name not in state.batches.commitments]
    if missing:
        return refuse("batches.not_all_committed", missing=missing[0])
    if act.party in state.batches.seeds:
        return refuse("batches.revealed_already")
    if commitment_of(deed.seed) != state.batches.commitments[act.party]:
        return refuse("batches.not_what_was_committed")
    return None


def apply_reveal_seed(state: State, act: Act, deed: acts.RevealSeed) -> State:
    """Enter the seed."""
    seeds = {**state.batches.seeds, act.party: deed.seed}
    return replace(state, batches=replace(state.batches, seeds=seeds))


# --- compose ---------------------------------------------------------------------------------------------------------


def judge_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> Refusal | None:
    """Judge points 2 to 4."""
    if HEX_DIGEST.match(deed.policy) is None and (deed.policy or deed.drawn):  # 4
        return refuse("batches.not_a_digest", field="policy")
    if deed.drawn and seeds_of(state) is None:
        return refuse("batches.seeds_not_revealed")
    if any(one.plans == deed.batches and one.drawn == deed.drawn for one in _own_open(state, act.party)):  # 5c
        return refuse("batches.proposed_already")
    return _judge_plans(state, deed.batches)


def _own_open(state: State, party: ParticipantName) -> list[Composition]:
    """Return the compositions that a party proposed and that can still be agreed to."""
    found = state.batches.compositions.values()
    return [one for one in found if one.proposed_by == party and not one.superseded and not _by_all(state, one)]


def _by_all(state: State, composition: Composition) -> bool:
    return set(state.authority.parties) <= set(composition.agreed_by)


def _judge_plans(state: State, plans: tuple[BatchPlan, ...]) -> Refusal | None:
    refusal = _judge_numbers(state, plans)
    if refusal is None:
        refusal = _judge_people(state, plans)
    return _judge_parity(state, plans) if refusal is None else refusal


def _judge_numbers(state: State, plans: tuple[BatchPlan, ...]) -> Refusal | None:
    if not plans:
        return refuse("lists.empty")
    there = {number for number in numbers(state) if begun(state, number)}
    for planned in plans:
        if planned.batch < 1 or planned.batch in {one.batch for one in plans if one is not planned}:
            return refuse("batches.number_wrong", batch=planned.batch)
        if begun(state, planned.batch):  # 2a
            return refuse("batches.begun_already", batch=planned.batch)
    wanted = there | {planned.batch for planned in plans}
    if max(wanted) != len(wanted):
        return refuse("batches.number_wrong", batch=max(wanted))
    return None


def _judge_people(state: State, plans: tuple[BatchPlan, ...]) -> Refusal | None:
    closed = _gone(state)
    fixed = {party: frozen_set(state, party) for party in state.authority.parties}
    seen: set[LineId] = set()
    for planned in plans:
        if not any(lines.ranges for lines in planned.gives.values()):
            return refuse("lists.empty")
        for giving, lines in sorted(planned.gives.items()):
            if giving not in fixed:
                return refuse("lists.unknown_party", field="gives")
            for line in lines:
                if line not in fixed[giving]:  # 2b
                    return refuse("batches.not_on_final_list", line=line, giving=giving)
                if line in seen or line in closed:
                    return refuse("batches.person_twice", line=line)
                seen.add(line)
    return None


def _gone(state: State) -> frozenset[LineId]:
    """Return who cannot go again: planned in a batch that has begun, neither owed after it nor left by its abort."""
    outcomes = state.handover.outcomes
    return frozenset(
        line
        for number in numbers(state)
        if begun(state, number)
        for line in planned_set(state, number)
        if (outcomes[line].code in DELIVERED if line in outcomes else number not in state.standing.aborted_batches)
    )


def _judge_quota(state: State, plans: tuple[BatchPlan, ...], earlier: frozenset[LineId]) -> Refusal | None:
    quota = agreed.daily_quota(state)
    if quota is None:
        return None
    again = earlier if quota.carry_over else frozenset[LineId]()
    for planned in plans:
        for party, count in _counts(state, planned, again, weighed=False).items():
            most = quota.gives.get(party, 0)
            if count > most:  # 3d
                return refuse("batches.quota_passed", batch=planned.batch, giving=party, most=most, planned=count)
    return None


def _judge_parity(state: State, plans: tuple[BatchPlan, ...]) -> Refusal | None:
    rule, lead = agreed.parity(state), agreed.most_ahead(state)
    before = {number: plan(state, number) for number in numbers(state) if begun(state, number)}
    earlier = frozenset(line for number in before for line in planned_set(state, number))
    refusal = _judge_quota(state, plans, earlier)
    if refusal is not None:
        return refusal
    if rule == "each":
        for planned in plans:
            refusal = _judge_each(state, planned, earlier)
            if refusal is not None:
                return refusal
    done = [one for one in before.values() if one is not None]
    in_order = sorted((*done, *plans), key=lambda one: one.batch)
    if rule == "cumulative" and lead is not None:
        refusal = _judge_lead(state, in_order, frozenset(before), lead)
    if refusal is None and keeping.by_class(state):
        refusal = _judge_classes(state, in_order, frozenset(before))
    return _judge_whole(state, in_order) if refusal is None else refusal


def _judge_whole(state: State, plans: list[BatchPlan]) -> Refusal | None:
    """Judge the rates over all batches together, once nobody on the final lists is left out (law of keeping, 7b)."""
    if agreed.parity(state) == "each" or (
        agreed.parity(state) == "cumulative" and agreed.most_ahead(state) is not None
    ):
        return None
    fixed = {party: frozen_set(state, party) for party in state.authority.parties}
    if not all(any(agreed.in_formula(state, line) for line in people) for people in fixed.values()):
        return None
    planned = {party: {line for one in plans for line in one.gives.get(party, ())} for party in fixed}
    if any(fixed[party] - planned[party] for party in fixed):
        return None
    for category, beyond in keeping.unlevel(state, keeping.in_classes(state, planned)):
        if beyond > agreed.rest_left(state):
            last = plans[-1].batch
            if category:
                return refuse("batches.rate_broken", batch=last, category=category, beyond=beyond)
            return refuse("batches.parity_broken", batch=last)
    return None


def _judge_classes(state: State, plans: Iterable[BatchPlan], settled: frozenset[int]) -> Refusal | None:
    """Judge the ratio by class: in each batch, or over all so far with the largest lead (3b)."""
    rule, lead = agreed.parity(state), agreed.most_ahead(state)
    if rule == "none" or (rule == "cumulative" and lead is None):
        return None
    earlier: set[LineId] = set()
    so_far = keeping.in_classes(state, {})
    for planned in plans:
        new = {name: [line for line in lines if line not in earlier] for name, lines in planned.gives.items()}
        earlier.update(line for lines in new.values() for line in lines)
        counts = keeping.in_classes(state, new)
        for name, so_many in so_far.items():
            so_many.update(counts[name])
        if planned.batch in settled:
            continue
        for category, beyond in keeping.unlevel(state, counts if rule == "each" else so_far):
            if rule == "cumulative" and lead is not None and beyond > lead:
                return refuse("batches.lead_too_large", batch=planned.batch, lead=beyond, most=lead)
            if rule == "each" and beyond > agreed.rest_left(state):
                if category:
                    return refuse("batches.rate_broken", batch=planned.batch, category=category, beyond=beyond)
                return refuse("batches.parity_broken", batch=planned.batch)
    return None


def _judge_each(state: State, planned: BatchPlan, earlier: frozenset[LineId]) -> Refusal | None:
    named = agreed.tranche(state, planned.batch)
    if named is not None:
        counts = _counts(state, planned, earlier, weighed=False)
        for party, count in counts.items():
            if count != named.get(party, 0):  # 3
                return refuse(
                    "batches.tranche_broken",
                    batch=planned.batch,
                    giving=party,
                    named=named.get(party, 0),
                    planned=count,
                )
        return None
    values = _scaled(state, _counts(state, planned, earlier, weighed=True))
    if max(values.values()) - min(values.values()) > agreed.rest_left(state):
        return refuse("batches.parity_broken", batch=planned.batch)
    return None


def _judge_lead(state: State, plans: Iterable[BatchPlan], settled: frozenset[int], most: int) -> Refusal | None:
    """Judge that no side is ahead of its schedule by more than ``most`` beyond another after any new batch (3)."""
    ahead = dict.fromkeys(state.authority.parties, 0)
    earlier: frozenset[LineId] = frozenset()
    for planned in plans:
        named = agreed.tranche(state, planned.batch)
        counts = _counts(state, planned, earlier, weighed=named is None)
        counts = counts if named is not None else _scaled(state, counts)
        earlier |= frozenset(line for lines in planned.gives.values() for line in lines)
        ahead = {party: ahead[party] + counts[party] - (named or {}).get(party, 0) for party in ahead}
        lead = max(ahead.values()) - min(ahead.values())
        if lead > most and planned.batch not in settled:
            return refuse("batches.lead_too_large", batch=planned.batch, lead=lead, most=most)
    return None


def _counts(state: State, planned: BatchPlan, earlier: frozenset[LineId], *, weighed: bool) -> Values:
    """Count, for each party, who goes inside the formula and for the first time (3a); by weight if asked and agreed."""
    table = (agreed.weights(state) or {}) if weighed else {}
    known = state.lists.lines
    return {
        party: sum(
            table.get(known[line].grade, 1)
            for line in planned.gives.get(party, Lines())
            if line not in earlier and agreed.in_formula(state, line)
        )
        for party in state.authority.parties
    }


def _scaled(state: State, values: Values) -> Values:
    """Make numbers under one ratio comparable: each side's number times what the ratio takes from the other (3b)."""
    rates = agreed.rates(state)
    if keeping.by_class(state) or len(rates) != 1 or len(values) != 2:
        return values if not rates else dict.fromkeys(values, 0)
    gives = rates[0].gives
    (one, other) = sorted(values)
    return {one: values[one] * gives.get(other, 0), other: values[other] * gives.get(one, 0)}


def apply_compose_batches(state: State, act: Act, deed: acts.ComposeBatches) -> State:
    """Enter the proposal; its author's earlier ones, and its agreement to others not in force, are taken back."""
    composition = Composition(
        id=act.id,
        proposed_by=act.party,
        plans=deed.batches,
        drawn=deed.drawn,
        replaced_before=len(state.lists.replaced),
    )
    compositions = {**_taken_back(state, act.party), act.id: composition}
    return replace(state, batches=replace(state.batches, compositions=compositions))


def _taken_back(state: State, party: ParticipantName) -> dict[ActId, Composition]:
    """Return the compositions after a party let go of its own, and of its agreement to others, not yet in force (5b)."""
    return {
        key: one
        if one.superseded or _by_all(state, one)
        else replace(
            one,
            agreed_by=tuple(name for name in one.agreed_by if name != party),
            superseded=one.proposed_by == party,
        )
        for key, one in state.batches.compositions.items()
    }


# --- agree -----------------------------------------------------------------------------------------------------------


def judge_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> Refusal | None:
    """Judge points 5 to 5b."""
    composition = state.batches.compositions.get(deed.composition)
    if composition is None:
        return refuse("batches.no_such_composition")
    if act.party in composition.agreed_by:
        return refuse("batches.agreed_already")
    if composition.superseded:  # 5b
        return refuse("batches.superseded")
    if composition.drawn and seeds_of(state) is None:
        return refuse("batches.seeds_not_revealed")
    return _judge_plans(state, _today(state, composition))  # 5a


def _today(state: State, composition: Composition) -> tuple[BatchPlan, ...]:
    replaced = state.lists.replaced[composition.replaced_before :]
    return tuple(substituted(planned, replaced) for planned in composition.plans)


def apply_agree_batches(state: State, act: Act, deed: acts.AgreeBatches) -> State:
    """Note the agreement; when all have agreed, put the plans in force for the batches not yet begun."""
    others = _taken_back(state, act.party)
    composition = state.batches.compositions[deed.composition]
    composition = replace(composition, agreed_by=(*composition.agreed_by, act.party))
    if not _by_all(state, composition):
        compositions = {**others, composition.id: composition}
        return replace(state, batches=replace(state.batches, compositions=compositions))
    past = {key: replace(one, superseded=True) for key, one in others.items()}
    kept = {number: one for number in numbers(state) if begun(state, number) and (one := plan(state, number))}
    new = {planned.batch: planned for planned in _today(state, composition)}
    return replace(
        state,
        batches=replace(
            state.batches,
            compositions={**past, composition.id: composition},
            plans={**kept, **new},
            replaced_before=len(state.lists.replaced),  # both are resolved as of now
            drawn=state.batches.drawn or composition.drawn,
        ),
    )
