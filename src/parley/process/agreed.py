"""What has been agreed, as plain answers: how many each side owes, in which weights and steps, what is left outside.

Every later stage asks here and nowhere else what the terms say. Nothing here judges or changes anything; a question
about terms that are not in force gets the empty answer. How the numbers of several clauses go together:

1.  One total holds for a giving side: fixed numbers without a category, else floor and ceiling, else the sum of the
    tranches. Numbers of a category, pools, choosers and named places are parts of that total.
2.  Where no total is named, the parts are added up.
2a. All for all adds people whom nobody has counted yet: there is no ceiling but one that the terms name.
2b. A ratio, a table of weights or a daily quota alone says how people go, not how many: no floor, no ceiling.
3.  A conditional comes on top. Before the neutral has established the fact, the smallest branch is owed for certain
    and the largest at most; afterwards the branch that holds. A branch in bodies stands in the ledger of remains.
4.  A standing commission may add as many as its clause says for each side (0: without limit); an incentive, as many
    as earn its days. Whom a commission added is handed in as a part named after its clause (``parley.process.keeping``).
5.  A unilateral part and remains are outside: they have ledgers of their own and change nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from parley.acts import DELIVERED, ProposeTerms
from parley.clauses import (
    Bounds,
    Branch,
    Category,
    CategoryAllForAll,
    Chooser,
    Clause,
    Conditional,
    DailyQuota,
    FixedNumbers,
    GeneralAllForAll,
    Gives,
    Incentive,
    LegalPrecondition,
    NamedSlot,
    NoSideDeals,
    Pool,
    Publicity,
    Rate,
    Ratio,
    Readiness,
    Remains,
    ResidualDuty,
    StandingCommission,
    ThirdCountryStay,
    Tranches,
    UnilateralPart,
    Weights,
)
from parley.process.state import State
from parley.words import LineId, ParticipantName

C = TypeVar("C", bound=Clause)
PartInside = Pool | Chooser | StandingCommission | ThirdCountryStay
PARTS_INSIDE: Final = (Pool, Chooser, StandingCommission, ThirdCountryStay)
Range = tuple[int, int | None]
"""The least and the most; ``None``: no ceiling."""


def in_force(state: State) -> ProposeTerms | None:
    """Return what the terms in force say, or nothing where none are."""
    current = state.terms.in_force
    return None if current is None else state.terms.versions[current].says


def clauses(state: State, kind: type[C]) -> tuple[C, ...]:
    """Return the clauses of one pattern in force, in the order written."""
    says = in_force(state)
    return () if says is None else of_kind(says.clauses, kind)


def of_kind(among: Iterable[Clause], kind: type[C]) -> tuple[C, ...]:
    """Return the clauses of one pattern among those given."""
    return tuple(clause for clause in among if isinstance(clause, kind))


def owed(state: State) -> Mapping[ParticipantName, Range]:
    """Return the least and the most people each giving side owes inside the formula; empty without terms in force."""
    says = in_force(state)
    if says is None:
        return {}
    return {party: owed_under(says.clauses, party, state.terms.facts) for party in state.authority.parties}


def owed_under(among: Sequence[Clause], party: ParticipantName, facts: Mapping[str, str]) -> Range:
    """Return the least and the most that one side would owe under some clauses, with the facts established so far."""
    total = total_of(among, party)
    least, most = total if total is not None else (parts_of(among, party), parts_of(among, party))
    if total is None and of_kind(among, Ratio) + of_kind(among, Weights) + of_kind(among, DailyQuota):
        most = None  # 2b
    if of_kind(among, CategoryAllForAll) + of_kind(among, GeneralAllForAll) and not of_kind(among, Bounds):
        most = None  # 2a
    for clause in of_kind(among, Conditional):
        low, high = _hanging(clause, party, facts.get(clause.clause))
        least, most = least + low, None if most is None else most + high
    for commission in of_kind(among, StandingCommission):
        most = None if most is None or commission.most == 0 else most + commission.most  # 4
    for incentive in of_kind(among, Incentive):
        most = _encouraged(among, incentive, party, most)
    return least, most


def formula(state: State, party: ParticipantName) -> Range:
    """Return the least and the most of one side without whom commissions may add; nothing owed without terms."""
    says = in_force(state)
    among = () if says is None else tuple(one for one in says.clauses if not isinstance(one, StandingCommission))
    return owed_under(among, party, state.terms.facts)


def total_of(among: Sequence[Clause], party: ParticipantName) -> Range | None:
    """Return the total named for a giving side by fixed numbers, bounds or tranches, or nothing where none is (1)."""
    for fixed in of_kind(among, FixedNumbers):
        if not fixed.category:
            return fixed.gives.get(party, 0), fixed.gives.get(party, 0)
    for bounds in of_kind(among, Bounds):
        return bounds.least.get(party, 0), bounds.most.get(party)
    for tranches in of_kind(among, Tranches):
        if tranches.sizes:
            size = sum(one.get(party, 0) for one in tranches.sizes)
            return size, size
    return None


def parts_of(among: Sequence[Clause], party: ParticipantName) -> int:
    """Return how many people of a giving side the parts name: categories, pools, choosers, named places (2)."""
    return (
        sum(one.gives.get(party, 0) for one in of_kind(among, FixedNumbers) if one.category)
        + sum(one.places for one in of_kind(among, Pool) if one.giving == party)
        + sum(one.count for one in of_kind(among, Chooser) if one.giving == party)
        + sum(1 for one in of_kind(among, NamedSlot) if one.giving == party)
    )


def _hanging(clause: Conditional, party: ParticipantName, answer: str | None) -> tuple[int, int]:
    """Return the least and the most that a conditional adds (3)."""
    holds = [one for one in clause.branches if answer is None or one.answer == answer]
    numbers = [one.gives.get(party, 0) if one.unit == "person" else 0 for one in holds] or [0]
    return min(numbers), max(numbers)


def _encouraged(among: Sequence[Clause], incentive: Incentive, party: ParticipantName, most: int | None) -> int | None:
    """Return the ceiling with what an incentive allows on top; the other side follows where a ratio binds it (4)."""
    if most is None:
        return None
    if party == incentive.giving:
        return most + incentive.each * (incentive.most_days // incentive.days)
    return None if of_kind(among, Ratio) else most


def weights(state: State) -> Mapping[str, int] | None:
    """Return the table of equivalents by grade, or nothing where people count one for one."""
    found = clauses(state, Weights)
    return found[0].table if found else None


def remainder(state: State) -> str:
    """Return the rule for a rest that the weights leave, or the empty word where there are no weights."""
    found = clauses(state, Weights)
    return found[0].remainder if found else ""


def rest_left(state: State) -> int:
    """Return by how much weight a level batch may differ: less than the lightest grade, unless the rest is made up."""
    found = clauses(state, Weights)
    return 0 if not found or found[0].remainder == "lowest_grade" else min(found[0].table.values()) - 1


def rates(state: State) -> tuple[Rate, ...]:
    """Return the ratios by class of captive; the class of a person is its line's category, fixed before the batch.

    What they ask of lists and batches is in ``parley.process.keeping``.
    """
    return tuple(rate for ratio in clauses(state, Ratio) for rate in ratio.rates)


def parts_outside(state: State) -> Mapping[str, UnilateralPart | Remains]:
    """Return the parts outside the formula by clause id: they keep their own ledgers (5)."""
    outside: tuple[UnilateralPart | Remains, ...] = (*clauses(state, UnilateralPart), *clauses(state, Remains))
    return {one.clause: one for one in outside}


def parts_inside(state: State) -> Mapping[str, PartInside]:
    """Return the clauses inside the formula under which a line may be handed in, by clause id."""
    says = in_force(state)
    return {} if says is None else {one.clause: one for one in says.clauses if isinstance(one, PARTS_INSIDE)}


def part_outside(state: State, line: str) -> str:
    """Return the part outside the formula under which a line was handed in; empty inside it and for unknown lines."""
    known = state.lists.lines.get(LineId(line))
    return known.part if known is not None and known.part and known.part not in parts_inside(state) else ""


def in_formula(state: State, line: str) -> bool:
    """Say whether a known line counts for the numbers, rates and tranches agreed: neither outside nor added (4, 5)."""
    part = state.lists.lines[LineId(line)].part
    if not part:
        return True
    clause = parts_inside(state).get(part)
    return clause is not None and not isinstance(clause, StandingCommission)


def remains_owed(state: State) -> Mapping[ParticipantName, Mapping[str, int]]:
    """Return how many bodies or containers each side owes, by unit: remains, and branches that hold in bodies."""
    totals: dict[ParticipantName, dict[str, int]] = {}
    found: list[tuple[str, Gives]] = [(one.unit, one.gives) for one in clauses(state, Remains)]
    found += [(one.unit, one.gives) for one in clauses(state, UnilateralPart) if one.unit != "person"]
    holding = (branch(state, one.clause) for one in clauses(state, Conditional))
    found += [(one.unit, one.gives) for one in holding if one is not None and one.unit != "person"]
    for unit, gives in found:
        for party, count in gives.items():
            units = totals.setdefault(party, {})
            units[unit] = units.get(unit, 0) + count
    return totals


def tranche(state: State, batch: int) -> Gives | None:
    """Return what each side brings in a batch (counted from 1), or nothing where the terms name no such tranche."""
    for clause in clauses(state, Tranches):
        if 1 <= batch <= len(clause.sizes):
            return clause.sizes[batch - 1]
    return None


def batches_named(state: State) -> int:
    """Return how many tranches the terms name; 0 where the number of batches is left open."""
    return sum(len(clause.sizes) for clause in clauses(state, Tranches))


def parity(state: State) -> str:
    """Return how level the batches must be: ``each``, ``cumulative`` or ``none``.

    ``each``: every batch brings what its tranche names, or equal numbers (equal weights) where none is named.
    ``cumulative``: only the sums are compared, and no side is ever further ahead than ``most_ahead``.
    """
    found = clauses(state, Tranches)
    return found[0].parity if found else "none"


def most_ahead(state: State) -> int | None:
    """Return the largest lead that one side may have given, or nothing where the terms name none."""
    found = clauses(state, Tranches)
    return found[0].most_ahead or None if found else None


def daily_quota(state: State) -> DailyQuota | None:
    """Return how many go each day from each side, if so many a day were agreed."""
    found = clauses(state, DailyQuota)
    return found[0] if found else None


def categories(state: State) -> Mapping[str, Category]:
    """Return the categories defined by the terms in force, by name."""
    return {one.category: one for one in clauses(state, Category)}


UNCONFINED: Final = (GeneralAllForAll, Bounds, Pool, NamedSlot, Conditional, Ratio, Weights, DailyQuota)


def scope(state: State) -> frozenset[str] | None:
    """Return the categories to which the terms confine lists, or nothing where anybody may be listed.

    Confined only where every number and every all-for-all of the formula names a category. A ratio confines nobody:
    those given in return for a class are of no class themselves.
    """
    named: list[str] = []
    for clause in () if (says := in_force(state)) is None else says.clauses:
        if isinstance(clause, CategoryAllForAll | FixedNumbers | Chooser):
            named.append(clause.category)
        elif isinstance(clause, UNCONFINED) or (isinstance(clause, Tranches) and clause.sizes):
            return None
    return frozenset(named) if named and all(named) else None


def cut_off(state: State) -> str:
    """Return the cut-off of capture of a general all-for-all, or the empty word."""
    found = clauses(state, GeneralAllForAll)
    return found[0].cut_off or "" if found else ""


def pools(state: State, giving: ParticipantName) -> tuple[Pool, ...]:
    """Return the pools out of which people of this side are chosen."""
    return tuple(one for one in clauses(state, Pool) if one.giving == giving)


def choosers(state: State, giving: ParticipantName) -> tuple[Chooser, ...]:
    """Return the clauses that leave the choice among people of this side to somebody."""
    return tuple(one for one in clauses(state, Chooser) if one.giving == giving)


def named_slots(state: State, giving: ParticipantName) -> tuple[NamedSlot, ...]:
    """Return the places for particular persons whom this side gives; who they are travels sealed."""
    return tuple(one for one in clauses(state, NamedSlot) if one.giving == giving)


def commissions(state: State) -> tuple[StandingCommission, ...]:
    """Return the standing commissions that may add people without new talks."""
    return clauses(state, StandingCommission)


def stays(state: State) -> tuple[ThirdCountryStay, ...]:
    """Return what was agreed on people who go to a third country."""
    return clauses(state, ThirdCountryStay)


def branch(state: State, clause: str) -> Branch | None:
    """Return the branch of a conditional clause that holds, or nothing while the fact is not established."""
    answer = state.terms.facts.get(clause)
    for conditional in clauses(state, Conditional):
        if conditional.clause == clause:
            return next((one for one in conditional.branches if one.answer == answer), None)
    return None


def readiness_required(state: State) -> bool:
    """Say whether nobody goes on a manifest whom the neutral has not declared ready."""
    return bool(clauses(state, Readiness))


def no_side_deals(state: State) -> bool:
    """Say whether people on the lists may not be dealt with through another channel."""
    return bool(clauses(state, NoSideDeals))


def residual_duty(state: State) -> bool:
    """Say whether anyone covered who is found later is freed without conditions."""
    return bool(clauses(state, ResidualDuty))


def legal_preconditions(state: State, giving: ParticipantName) -> tuple[LegalPrecondition, ...]:
    """Return the legal steps that must be done for each person whom this side gives."""
    return tuple(one for one in clauses(state, LegalPrecondition) if one.giving == giving)


def publicity(state: State) -> Mapping[str, Publicity]:
    """Return when what may be published, by item: numbers, names, lists, date, place, terms, pictures."""
    return {one.item: one for one in clauses(state, Publicity)}


def delivered(state: State, giving: ParticipantName) -> int:
    """Return how many people of a giving side count as delivered inside the formula so far."""
    lines = state.lists.lines
    return sum(
        1
        for line, outcome in state.handover.outcomes.items()
        if outcome.code in DELIVERED
        and line in lines
        and lines[line].holder == giving
        and not part_outside(state, line)
    )


def days_earned(state: State) -> int:
    """Return by how many days incentives have put off the end: more people give more days."""
    days = 0
    for clause in clauses(state, Incentive):
        beyond = delivered(state, clause.giving) - owed(state)[clause.giving][0]
        days += min(clause.most_days, max(0, beyond) // clause.each * clause.days)
    return days
