"""What agreed terms ask of the people themselves: who may fill which place, by whose choice, at which rate.

The laws of lists, batches, verification, movement and handover ask here; ``JUDGED`` says who judges which clause.

1.  A line may be handed in as of a part: the id of a clause. It is a claim of the list's author, open to the other side
    like the category, and fixed with the final list. A part outside the formula is counted apart. Inside it there are
    four: a pool, a choice, what a commission adds, a stay in a third country. A part is only for people whom the side
    named in its clause gives.
2.  *Places.* What the terms leave to a pool or to somebody's choice is filled by people handed in as of that clause and
    by nobody else: the others have what is left of the total. No part has more people than its clause has places.
3.  *Choice.* The chooser's signature on a final list is its choice: for the lines of that clause the others can only
    sign what the chooser has signed (domain 2.7: "550 of its choice"). A neutral that chooses signs for that alone,
    and its signature freezes nothing. Whom the clause confines to a category is of that category.
3a. Who does not choose may object that a line is the wrong person or has gone home, not that it should be in or out.
3b. After the freeze a substitution brings in another of the same clause, and the two parties agree to it between them:
    whoever chose has chosen once, and a death must not hold up the rest.
4.  *Pool.* At least as many candidates stand on the giver's lists as the terms name, before any of them is chosen: 150
    out of 300 is not 150 out of 160 (domain 2.7).
5.  *Named place.* Who it is travels sealed. The neutral, before whom the row is opened, binds the place to a line by
    attesting that the row fits (``attest_row``); to one person at a time. A list that fills the whole formula holds
    every named place. Whoever holds one is not replaced: a death is an outcome and a debt, no vacancy. A list may be
    shorter by each place whose holder has died before it was signed.
6.  *Commission.* Whom a standing commission adds comes on top of the total, as of its clause, of its category, up to its
    number for each side, by new signatures and without new talks. Rates, tranches and quotas do not count them: the
    wounded go regardless of numbers (GC III art. 109). That the commission decided it is what both sides sign.
7.  *Rate.* The class of a person is the category of the line, fixed by the final list. Where both sides give people of a
    class, these are level among themselves: so many for so many. Where only one side does, the other gives in return
    people of no class, together for all such classes; who are left on both sides meet at the rate without a class, if
    the terms have one. A fraction of a person is nobody. (30 for each civilian, 50 for each soldier: of 2 and 1, 110.)
7a. Where people are weighed, weights are compared, at one for one if the terms have no ratio; a difference below the
    lightest grade is the remainder and may stay, unless it is made up in the lowest grade (domain 2.3).
7b. It is judged when a final list is signed while the other side's is frozen, and not again when a frozen list grows:
    one must grow before the other. A list that holds only people outside the formula is none here. In batches it is
    judged as far as the terms want parity: in each batch, or for all batches so far with the largest lead; and where
    they want none, once the batches leave nobody on the lists out. Between more than two parties both sides judge it
    themselves by agreeing.
8.  *Floor and ceiling.* A list above the ceiling is refused; one below the floor is not: what is missing is owed, and
    shows as owed until it is given. Fixed numbers are both.
9.  *Stay in a third country.* No more people than the clause names. Nobody of them leaves before a condition about them
    is set, with the custodian of the terms if it takes part in the case, and with the duty of notice if that was agreed
    (F46). Then that custodian, who has them, confirms who they are, and not the side to which they will go one day.
10. *Legal steps.* Nobody goes who has not been cleared (``parley.process.verification``). While the time for objections
    runs, from the day the person was first named by a list, nobody is cleared (domain 2.7: 24 to 48 hours).
11. *Cut-off and criteria.* The days of capture and birth are in sealed rows, which no law sees. Each desk holds its rows
    against the terms before its officer signs a final list (``parley.desk.rows_and_terms``); in a dispute the row is
    opened before the neutral, and one attested not to fit stays out of what it does not fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from parley import clauses as grammar
from parley.clauses import Chooser, Clause, NamedSlot, Pool, Rate, StandingCommission, ThirdCountryStay
from parley.process import agreed
from parley.process.dates import hours_after
from parley.process.lines import final_key, same_person
from parley.process.state import FinalList, State
from parley.words import LineId, Lines, Moment, ParticipantName, Refusal, refuse

FITS: Final = "fits"
MISFITS: Final = "does_not_fit"
CUSTODIANS: Final = ("neutral", "custodian")
"""The roles in which a participant can have people in custody and confirm who they are (9)."""
ABOUT_CHOICE: Final = frozenset({"in_scope", "out_of_scope"})
"""Grounds of objection that say who should go, not who somebody is (3a)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a clause is held to: who judges, at which act, and by which refusal; a desk is named as ``desk``."""

    by: str
    act: str  # ``any``: whichever act the clause names
    code: str


def _law(*said: str) -> tuple[Judged, ...]:
    return tuple(Judged("the law", *one.split(" ")) for one in said)


JUDGED: Final[Mapping[type[Clause], tuple[Judged, ...]]] = {
    grammar.FixedNumbers: _law(
        "sign_final_list lists.more_than_agreed",
        "sign_final_list lists.fewer_than_agreed",
        "request_substitution lists.substitution_unequal",
    ),
    grammar.Bounds: _law("sign_final_list lists.more_than_agreed"),
    grammar.Category: (
        *_law("sign_final_list lists.out_of_scope"),
        Judged("the desk", "sign_final_list", "desk.rows_outside_terms"),
    ),
    grammar.CategoryAllForAll: _law("sign_final_list lists.out_of_scope"),
    grammar.GeneralAllForAll: (
        *_law("sign_final_list lists.list_missing", "sign_final_list lists.out_of_scope"),
        Judged("the desk", "sign_final_list", "desk.rows_outside_terms"),
    ),
    grammar.Ratio: _law(
        "sign_final_list lists.rate_broken",
        "sign_final_list lists.sides_unequal",
        "compose_batches batches.rate_broken",
        "compose_batches batches.parity_broken",
        "compose_batches batches.lead_too_large",
    ),
    grammar.Weights: _law(
        "sign_final_list lists.no_weight",
        "sign_final_list lists.sides_unequal",
        "compose_batches batches.parity_broken",
        "request_substitution lists.substitution_unequal",
    ),
    grammar.Pool: _law(
        "sign_final_list lists.too_few_candidates",
        "sign_final_list lists.more_than_agreed",
        "sign_final_list lists.places_kept",
        "sign_final_list lists.choice_of_another",
        "object_to_lines lists.not_the_chooser",
    ),
    grammar.Chooser: _law(
        "sign_final_list lists.more_than_agreed",
        "sign_final_list lists.places_kept",
        "sign_final_list lists.choice_of_another",
        "object_to_lines lists.not_the_chooser",
    ),
    grammar.Tranches: _law(
        "compose_batches batches.tranche_broken",
        "compose_batches batches.parity_broken",
        "compose_batches batches.lead_too_large",
    ),
    grammar.Incentive: _law("sign_final_list lists.more_than_agreed"),
    grammar.DailyQuota: _law("compose_batches batches.quota_passed"),
    grammar.NamedSlot: _law(
        "attest_row terms.place_taken",
        "sign_final_list lists.named_place_empty",
        "request_substitution lists.substitution_unequal",
    ),
    grammar.Conditional: _law("establish_fact terms.fact_established", "sign_final_list lists.more_than_agreed"),
    grammar.ThirdCountryStay: _law(
        "sign_final_list lists.more_than_agreed",
        "issue_manifest movement.stay_not_arranged",
        "confirm_identity handover.in_custody",
    ),
    grammar.UnilateralPart: _law("sign_final_list lists.more_than_agreed"),
    grammar.Remains: (),
    grammar.StandingCommission: _law("sign_final_list lists.more_than_agreed", "sign_final_list lists.out_of_scope"),
    grammar.NoSideDeals: _law("reply_to_lines terms.side_deal"),
    grammar.ResidualDuty: (),
    grammar.LegalPrecondition: _law("clear_legally verification.objections_open", "issue_manifest movement.not_ready"),
    grammar.Publicity: _law(
        "publish_communique publication.not_yet_by_the_terms", "publish_communique publication.never_by_the_terms"
    ),
    grammar.Deadline: _law("any terms.deadline_passed"),
    grammar.Readiness: _law("issue_manifest movement.not_ready"),
}
"""Every clause with the acts at which it is held to; a few codes are alarms, where refusing would only hide a fact."""
NOT_JUDGED: Final[Mapping[type[Clause], str]] = {
    grammar.Remains: "nobody: bodies are counted as they come, and what is missing shows as owed",
    grammar.ResidualDuty: "nobody: who is found after closing goes in another case, to which the debt is carried",
}
"""The clauses that no act can break, and why."""


# --- parts, places, choice (1 to 4, 6) --------------------------------------------------------------------------------


def judge_part(state: State, line: LineId) -> Refusal | None:
    """Say why a known line may not go under the part it was handed in with, or nothing (1, 6)."""
    known = state.lists.lines[line]
    if not known.part or known.part in agreed.parts_outside(state):
        return None
    clause = agreed.parts_inside(state).get(known.part)
    if clause is None or getattr(clause, "giving", known.holder) != known.holder:
        return refuse("lists.unknown_part", line=line, part=known.part)
    wanted = getattr(clause, "category", "")
    if wanted and known.category != wanted:
        return refuse("lists.out_of_scope", line=line, category=known.category)
    return None


def judge_places(
    state: State, signer: ParticipantName, giving: ParticipantName, receiving: ParticipantName, lines: Lines
) -> Refusal | None:
    """Say what is wrong with the parts on a final list: their places, whose choice they are, the candidates (2 to 4)."""
    listed = _by_part(state, lines)
    beside = _by_part(state, _other_lists(state, giving, receiving))
    kept = 0
    for name, clause in agreed.parts_inside(state).items():
        mine = listed.get(name, frozenset())
        most = _places(clause)
        if most is not None and mine and len(mine) + len(beside.get(name, ())) > most:
            return refuse("lists.more_than_agreed", giving=giving, most=most, listed=len(mine))
        if isinstance(clause, Pool | Chooser) and clause.giving == giving:
            kept += _places(clause) or 0
            refusal = _judge_choice(state, signer, receiving, clause, mine)
            if refusal is not None:
                return refusal
    free = sum(len(found) for name, found in listed.items() if _takes_place(state, name))
    free += sum(len(found) for name, found in beside.items() if _takes_place(state, name))
    _, most = agreed.formula(state, giving)
    if kept and most is not None and free > most - kept:
        return refuse("lists.places_kept", giving=giving, most=max(most - kept, 0), listed=free)
    return None


def _by_part(state: State, lines: Iterable[LineId]) -> dict[str, frozenset[LineId]]:
    found: dict[str, set[LineId]] = {}
    for line in lines:
        found.setdefault(state.lists.lines[line].part, set()).add(line)
    return {name: frozenset(people) for name, people in found.items()}


def _other_lists(state: State, giving: ParticipantName, receiving: ParticipantName) -> Iterator[LineId]:
    for final in state.lists.finals.values():
        if final.giving == giving and final.receiving != receiving:
            yield from final.frozen or ()


def _places(clause: agreed.PartInside) -> int | None:
    """Return how many people a part has places for; nothing where it has no limit."""
    match clause:
        case Pool():
            return clause.places
        case StandingCommission():
            return clause.most or None
        case _:
            return clause.count


def _takes_place(state: State, part: str) -> bool:
    """Say whether people of a part (or of none) take places of the total that are kept for nobody in particular (2)."""
    return not part or isinstance(agreed.parts_inside(state).get(part), ThirdCountryStay)


def _judge_choice(
    state: State, signer: ParticipantName, receiving: ParticipantName, clause: Pool | Chooser, mine: frozenset[LineId]
) -> Refusal | None:
    final = state.lists.finals.get(final_key(clause.giving, receiving))
    settled = _by_part(state, (final.frozen if final is not None else None) or ()).get(clause.clause, frozenset())
    theirs = final.signed.get(clause.chooser, Lines()) if final is not None else Lines()
    chosen = _by_part(state, theirs).get(clause.clause, frozenset())
    if isinstance(clause, Pool) and mine - settled and mine != chosen:  # what was chosen was chosen among enough
        candidates = _candidates(state, clause)
        if not settled and candidates < clause.candidates:  # 4
            return refuse("lists.too_few_candidates", clause=clause.clause, wanted=clause.candidates, there=candidates)
    if signer == clause.chooser:
        return None
    if mine not in (settled, chosen):  # 3
        return refuse("lists.choice_of_another", clause=clause.clause, chooser=clause.chooser)
    return None


def _candidates(state: State, pool: Pool) -> int:
    """Count the people of a pool on any list of the giver's, each once."""
    return sum(
        1
        for known in state.lists.lines.values()
        if known.part == pool.clause
        and known.holder == pool.giving
        and not known.dropped
        and (known.joined is None or known.purpose == "offer")
    )


def chooses(state: State, who: ParticipantName, giving: ParticipantName) -> bool:
    """Say whether somebody chooses among the people of a giving side (3)."""
    named = [one.chooser for one in agreed.pools(state, giving)] + [
        one.chooser for one in agreed.choosers(state, giving)
    ]
    return who in named


def judge_objection(state: State, who: ParticipantName, line: LineId, ground: str) -> Refusal | None:
    """Say why it is not for this side to object so to a known line, or nothing (3a)."""
    clause = agreed.parts_inside(state).get(state.lists.lines[line].part)
    if ground in ABOUT_CHOICE and isinstance(clause, Pool | Chooser) and clause.chooser != who:
        return refuse("lists.not_the_chooser", line=line, clause=clause.clause, chooser=clause.chooser)
    return None


# --- named places, rows that were opened (5, 11) ----------------------------------------------------------------------


def found_of(state: State, line: str, clause: str) -> str:
    """Return what the neutral found of a person's opened row under a clause: fits, does_not_fit, or nothing yet.

    The last finding about a person holds, whichever of the person's lines it names. Where two lines with different findings
    are joined later, the person fits only when the neutral has looked again.
    """
    found = {state.terms.attested.get(attested_key(one, clause), "") for one in same_person(state, line)}
    return next((one for one in (MISFITS, FITS) if one in found), "")


def attested_key(line: str, clause: str) -> str:
    """Return the key of a finding in the state: ``N3/c2``."""
    return f"{line}/{clause}"


def place_of(state: State, line: str) -> str:
    """Return the clause of the named place that is bound to a person, or the empty word (5)."""
    known = state.lists.lines.get(LineId(line))
    if known is None or not state.terms.attested:
        return ""
    slots = agreed.named_slots(state, known.holder)
    return next((one.clause for one in slots if found_of(state, line, one.clause) == FITS), "")


def holder_of_place(state: State, clause: str) -> LineId | None:
    """Return a line of the person to whom a named place is bound, or nothing."""
    for key, finding in state.terms.attested.items():
        line, _, bound = key.rpartition("/")
        if bound == clause and finding == FITS and found_of(state, line, clause) == FITS:
            return LineId(line)
    return None


def places_of_the_dead(state: State, giving: ParticipantName) -> int:
    """Count the named places whose holder is dead, as the side that gives says: a debt of that many, no vacancy (5)."""
    return sum(1 for slot in agreed.named_slots(state, giving) if _holder_dead(state, slot.clause))


def _holder_dead(state: State, clause: str) -> bool:
    holder = holder_of_place(state, clause)
    if holder is None:
        return False
    known = [state.lists.lines[one] for one in same_person(state, holder)]
    return any(one.dropped == "dead" or (one.reply is not None and one.reply.code == "DEAD") for one in known)


def judge_binding(state: State, line: LineId, clause: str, finding: str) -> Refusal | None:
    """Say why a named place cannot be bound to this person: it is another's, or another side's (5)."""
    slot = next((one for one in agreed.clauses(state, NamedSlot) if one.clause == clause), None)
    if slot is None or finding != FITS:
        return None
    if state.lists.lines[line].holder != slot.giving:
        return refuse(
            "lists.not_of_this_holder", line=line, giving=slot.giving, receiving=state.lists.lines[line].receiver
        )
    bound = holder_of_place(state, clause)
    if bound is not None and bound not in same_person(state, line):
        return refuse("terms.place_taken", slot=slot.slot, line=bound)
    return None


def judge_named_places(
    state: State, giving: ParticipantName, receiving: ParticipantName, lines: Lines
) -> Refusal | None:
    """Say which named place is empty on a final list that fills the whole formula (5)."""
    slots = agreed.named_slots(state, giving)
    if not slots:
        return None
    people = {*lines, *_other_lists(state, giving, receiving)}
    inside = sum(1 for line in people if agreed.in_formula(state, line))
    (least, most), dead = agreed.formula(state, giving), places_of_the_dead(state, giving)
    if inside < max(least - dead, 1):
        return None  # a first tranche, or a part outside the formula: the rest is to come
    owed = most is None or inside + dead <= most  # nobody stands in the place of the dead
    held = {place for line in people if (place := place_of(state, line))}
    for slot in slots:
        if slot.clause not in held and not (owed and _holder_dead(state, slot.clause)):
            return refuse("lists.named_place_empty", giving=giving, slot=slot.slot)
    return None


def misfit(state: State, line: LineId) -> bool:
    """Say whether an opened row of a person was found not to fit what its line claims: category or cut-off (11)."""
    if not state.terms.attested:
        return False
    known = state.lists.lines[line]
    claimed = [one.clause for one in agreed.clauses(state, grammar.Category) if one.category == known.category]
    claimed += [one.clause for one in agreed.clauses(state, grammar.GeneralAllForAll) if agreed.in_formula(state, line)]
    return any(found_of(state, line, clause) == MISFITS for clause in claimed)


# --- rates and weights (7) --------------------------------------------------------------------------------------------


def by_class(state: State) -> bool:
    """Say whether the terms have a ratio by class of captive; one ratio for all is judged by the batches alone (7)."""
    rates = agreed.rates(state)
    return len(rates) > 1 or any(rate.category for rate in rates)


def judge_rates_of_lists(
    state: State, giving: ParticipantName, receiving: ParticipantName, lines: Lines
) -> Refusal | None:
    """Say where a final list and the other side's frozen one are not level at the agreed rates (7, 7a, 7b)."""
    own = state.lists.finals.get(final_key(giving, receiving))
    other = state.lists.finals.get(final_key(receiving, giving))
    theirs = _inside(state, other)
    if not theirs or _inside(state, own) or not any(agreed.in_formula(state, line) for line in lines):
        return None
    for category, beyond in unlevel(state, in_classes(state, {giving: lines, receiving: theirs})):
        if beyond > agreed.rest_left(state):
            if category:
                return refuse("lists.rate_broken", category=category, beyond=beyond)
            return refuse("lists.sides_unequal", beyond=beyond)
    return None


def _inside(state: State, final: FinalList | None) -> tuple[LineId, ...]:
    """Return the people in the formula on a frozen list; nobody while it is not frozen."""
    return tuple(line for line in (final and final.frozen) or () if agreed.in_formula(state, line))


def in_classes(state: State, people: Mapping[ParticipantName, Iterable[LineId]]) -> dict[ParticipantName, Counter[str]]:
    """Count the people of each side in the formula by the classes of the rates, or weigh them, for ``unlevel`` (7)."""
    classes = {rate.category for rate in agreed.rates(state)}
    table = agreed.weights(state) or {}
    found: dict[ParticipantName, Counter[str]] = {}
    for side in state.authority.parties:
        counts = found[side] = Counter()
        for line in people.get(side, ()):
            if agreed.in_formula(state, line):
                known = state.lists.lines[line]
                counts[known.category if known.category in classes else ""] += table.get(known.grade, 1)
    return found


def unlevel(state: State, counts: Mapping[ParticipantName, Mapping[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield by how many, class by class, two sides miss the agreed rates, in people of whom the rate takes more (7).

    ``counts`` are those of ``in_classes``. The last is for those without a class, named by the empty word. Nothing where
    the terms have neither ratio nor weights, or where not exactly two sides are at the table. Weights count in the place of
    people where people are weighed.
    """
    rates = agreed.rates(state)
    sides = state.authority.parties
    if len(sides) != 2 or not (rates or agreed.weights(state)):
        return
    one, other = sides
    rates = rates or (Rate("", dict.fromkeys(sides, 1)),)
    due = dict.fromkeys(sides, Fraction(0))
    for rate in rates:
        here, there = counts[one].get(rate.category, 0), counts[other].get(rate.category, 0)
        worth = Fraction(
            rate.gives.get(one, 0), rate.gives.get(other, 0) or 1
        )  # of one's people for each of the other's
        if not rate.category or not worth:
            continue
        if here and there:
            yield rate.category, _short(here - there * worth, worth)
        else:
            due[one] += there * worth
            due[other] += here / worth
    left = {side: counts[side].get("", 0) - due[side] for side in sides}
    general = next((rate for rate in rates if not rate.category), None)
    if general is not None:
        worth = Fraction(general.gives.get(one, 0), general.gives.get(other, 0) or 1)
        yield "", _short(left[one] - left[other] * worth, worth) if worth else 0
        return
    for side in sides:
        if due[side]:
            yield "", abs(int(left[side]))


def _short(beyond: Fraction, worth: Fraction) -> int:
    """Return a difference in whole people of the side that gives more for one of the other's; a fraction is nobody."""
    return abs(int(beyond if worth >= 1 else beyond / worth))


# --- stays in a third country (9) -------------------------------------------------------------------------------------


def stay_of(state: State, line: str) -> ThirdCountryStay | None:
    """Return under which stay in a third country a person goes, or nothing."""
    known = state.lists.lines.get(LineId(line))
    clause = agreed.parts_inside(state).get(known.part) if known is not None and known.part else None
    return clause if isinstance(clause, ThirdCountryStay) else None


def custodian_of(state: State, line: str) -> ParticipantName | None:
    """Return who has a person in custody and confirms who it is; nothing where no such participant is agreed (9)."""
    stay = stay_of(state, line)
    if stay is None:
        return None
    name = ParticipantName(stay.custodian)
    known = state.authority.participants.get(name)
    return name if known is not None and known.role in CUSTODIANS else None


def judge_stays(state: State, lines: Lines) -> Refusal | None:
    """Say who may not leave because nothing is arranged for the stay agreed for them (9)."""
    going = [(line, stay) for line in lines if (stay := stay_of(state, line)) is not None]
    if not going:
        return None
    arranged = {
        clause.clause: _arranged(state, clause) for clause in agreed.clauses(state, ThirdCountryStay)
    }  # one set for each clause, however many conditions are open
    for line, stay in going:
        if arranged[stay.clause].isdisjoint(same_person(state, line)):
            return refuse("movement.stay_not_arranged", line=line, custodian=stay.custodian)
    return None


def _arranged(state: State, stay: ThirdCountryStay) -> set[LineId]:
    """Return the lines about which an open condition says what this clause asks for."""
    there = stay.custodian in state.authority.participants
    return {
        line
        for one in state.standing.conditions.values()
        if not one.ended
        and (one.says.custodian == stay.custodian or not there)
        and (one.says.notice or not stay.notice)
        for line in one.says.about
    }


# --- time for objections (10) -----------------------------------------------------------------------------------------


def objections_until(state: State, line: str) -> Moment | None:
    """Return until when objections to a person's release can be made, while that hour has not come; else nothing (10)."""
    known = state.lists.lines.get(LineId(line))
    hours = [one.objection_hours for one in agreed.legal_preconditions(state, known.holder)] if known else []
    if not any(hours):
        return None
    named = [state.lists.lines[one].named for one in same_person(state, line)]
    first = min((one for one in named if one), default=Moment(""))
    until = hours_after(first, max(hours)) if first else None
    return until if until is not None and state.authority.clock < until else None
