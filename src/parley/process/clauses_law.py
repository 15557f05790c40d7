"""Whether the clauses of a proposal make sense, each alone and all together, before anybody is asked to agree.

What history has shown to end in a quarrel is refused here (domain 2 and 4). What is a matter of taste or of policy is
not: unequal numbers, one-sided gifts and hard bargains are all proper terms.

1.  Every clause has an id of its own. Words are short words of the record (``a-z``, digits, ``_``, ``-``): free text,
    and with it any name, belongs into the sealed text. Numbers are neither negative nor beyond a million, and
    somebody gives something.
2.  What can only hold once is said once: the total, a category, a table of weights, a rule for an item of publicity.
3.  A category has criteria, a day on which they are judged, a cut-off of capture and somebody who certifies (F19,
    F20: "under 25" quarrelled on which day). A clause may only use a category that these terms define.
4.  All for all has a cut-off of capture, a rule on whose status counts, and a source that tells who is held (domain
    2.5).
5.  A floor is not above its ceiling; an expected number lies between them. Parts do not exceed their total; tranches
    with sizes add up to it.
6.  A ratio names what each of two sides gives. A remainder made up in the lowest grade needs a grade of weight 1, or
    there are remainders that nobody can pay (Dix-Hill made privates the unit for that reason).
7.  A pool holds at least as many candidates as places; whoever chooses is a party or the neutral, for the choice is a
    signature on the final list.
8.  Cumulative parity names the largest lead, or it is no parity.
9.  A conditional has at least two answers, all different; a fact that can only fall one way is no condition.
10. A stay in a third country names the custodian, who is neither party, and what ends it (F46).
11. Reciprocal remains are given by both sides, one-sided ones by one; containers and bodies are different units
    (F36).
12. Hours before an event are only counted from one that is known beforehand; a window for objections in court has
    hours.
13. Terms oblige somebody to give something, if only a part outside the formula. Clauses that only regulate are not
    terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from parley import clauses as grammar
from parley.clauses import ANCHORS, Clause, Gives
from parley.process.agreed import of_kind, parts_of, total_of
from parley.words import DAY, Day, ParticipantName, Refusal, first_of, refuse

COUNTED: Final = ("person", "body", "container")
"""The units in which terms count."""
MOST_CLAUSES: Final = 200
MOST_NUMBER: Final = 1_000_000
MOST_HOURS: Final = 100_000
WORD: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
VALUE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}(,[A-Za-z0-9_-]{1,40}){0,40}\Z")
NUMBER: Final = re.compile(r"[0-9]{1,6}\Z")
BEFOREHAND: Final = ("effect_day", "batch_opens")
ONCE: Final = (
    grammar.Bounds,
    grammar.GeneralAllForAll,
    grammar.Ratio,
    grammar.Weights,
    grammar.Tranches,
    grammar.DailyQuota,
    grammar.NoSideDeals,
    grammar.ResidualDuty,
    grammar.Readiness,
)
GIVING: Final = (
    grammar.FixedNumbers,
    grammar.Bounds,
    grammar.CategoryAllForAll,
    grammar.GeneralAllForAll,
    grammar.Ratio,
    grammar.Weights,
    grammar.Pool,
    grammar.Chooser,
    grammar.Tranches,
    grammar.DailyQuota,
    grammar.NamedSlot,
    grammar.Conditional,
    grammar.UnilateralPart,
    grammar.Remains,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a clause is judged among: the parties, the neutral, and the categories that the same terms define."""

    parties: tuple[ParticipantName, ...]
    neutral: ParticipantName
    categories: frozenset[str]


def judge_clauses(
    proposed: Sequence[Clause], parties: tuple[ParticipantName, ...], neutral: ParticipantName
) -> Refusal | None:
    """Say what is wrong with these clauses, or nothing; total over anything that has the form of clauses."""
    if not proposed:
        return refuse("terms.no_clauses")
    if len(proposed) > MOST_CLAUSES:
        return refuse("terms.too_many_clauses", most=MOST_CLAUSES)
    named = frozenset(one.category for one in of_kind(proposed, grammar.Category))
    around = Around(parties, neutral, named)
    each = (SENSE[type(clause)](clause, around) for clause in proposed)
    return first_of(_judge_ids(proposed), *each, _judge_together(proposed, parties))


def _judge_ids(proposed: Sequence[Clause]) -> Refusal | None:
    seen: set[str] = set()
    for clause in proposed:
        name = id_of(clause)
        if WORD.match(name) is None:
            return refuse("terms.clause_id_unclear", clause=name[:40])
        if name in seen:
            return refuse("terms.said_twice", clause=name, word=name)
        seen.add(name)
    return None


def id_of(clause: Clause) -> str:
    """Return the clause's id within its terms."""
    name = getattr(clause, "clause", "")
    assert isinstance(name, str)
    return name


def _judge_together(proposed: Sequence[Clause], parties: tuple[ParticipantName, ...]) -> Refusal | None:
    """Judge what only all clauses together show: what is said twice, sums, whether anybody owes (2, 5, 13)."""
    if not any(isinstance(clause, GIVING) for clause in proposed):
        return refuse("terms.nothing_owed")
    seen: set[str] = set()
    for clause in proposed:
        word = _settles(clause)
        if word in seen:
            return refuse("terms.said_twice", clause=id_of(clause), word=word)
        seen.update({word} - {""})
    return next((refusal for party in parties if (refusal := _judge_sums(proposed, party)) is not None), None)


def _settles(clause: Clause) -> str:
    """Return what a clause settles that no second clause may settle too, or the empty word."""
    if isinstance(clause, grammar.FixedNumbers):
        return f"numbers {clause.category}" if clause.category else "total"
    if isinstance(clause, grammar.Bounds):
        return "total"
    if isinstance(clause, grammar.Category):
        return clause.category
    if isinstance(clause, grammar.CategoryAllForAll):
        return f"all_for_all {clause.category}"
    if isinstance(clause, grammar.NamedSlot):
        return f"slot {clause.slot}"
    if isinstance(clause, grammar.Publicity):
        return f"publicity {clause.item}"
    return clause.pattern if isinstance(clause, ONCE) else ""


def _judge_sums(proposed: Sequence[Clause], party: ParticipantName) -> Refusal | None:
    sized = any(one.sizes for one in of_kind(proposed, grammar.Tranches))
    without = [clause for clause in proposed if not isinstance(clause, grammar.Tranches)]
    total, parts = total_of(proposed, party), parts_of(proposed, party)
    if total is not None and total[1] is not None and parts > total[1]:
        return refuse("terms.parts_exceed_total", party=party, parts=parts, total=total[1])
    named = total_of(without, party)
    if not sized or named is None:
        return None
    brought = sum(size.get(party, 0) for one in of_kind(proposed, grammar.Tranches) for size in one.sizes)
    if brought < named[0] or (named[1] is not None and brought > named[1]):
        return refuse("terms.tranches_miss_total", party=party, sum=brought, total=named[0])
    return None


# --- small questions --------------------------------------------------------------------------------------------------


def _party(clause: Clause, name: str, around: Around) -> Refusal | None:
    return None if name in around.parties else refuse("terms.not_a_party", clause=id_of(clause), party=name[:40])


def _chooser(clause: Clause, name: str, around: Around) -> Refusal | None:
    if name in (*around.parties, around.neutral):
        return None
    return refuse("terms.cannot_choose", clause=id_of(clause), party=name[:40])  # 7


def _number(clause: Clause, number: int, least: int = 1, most: int = MOST_NUMBER) -> Refusal | None:
    if least <= number <= most:
        return None
    return refuse("terms.number_impossible", clause=id_of(clause), number=number, least=least, most=most)


def _gives(clause: Clause, gives: Gives, around: Around, *, nothing: bool = False) -> Refusal | None:
    """Judge a mapping of parties to numbers; somebody gives something unless ``nothing`` may be given."""
    for party, number in gives.items():
        refusal = first_of(_party(clause, party, around), _number(clause, number, least=0))
        if refusal is not None:
            return refusal
    return None if nothing or any(gives.values()) else _number(clause, 0)


def _word(clause: Clause, word: str) -> Refusal | None:
    return None if WORD.match(word) else refuse("terms.word_unclear", clause=id_of(clause), word=word[:40])


def _among(word: str, allowed: Sequence[str]) -> Refusal | None:
    return None if word in allowed else refuse("terms.unknown_word", word=word[:40], allowed=", ".join(allowed))


def _category(clause: Clause, category: str, around: Around) -> Refusal | None:
    if category in around.categories:
        return None
    return refuse("terms.category_unknown", clause=id_of(clause), category=category[:40])


def _any_category(clause: Clause, category: str, around: Around) -> Refusal | None:
    return _category(clause, category, around) if category else None


def _day(day: Day) -> Refusal | None:
    return None if _is_day(day) else refuse("terms.impossible_day", day=day[:20])


def _is_day(text: str) -> bool:
    try:
        return DAY.match(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


# --- one function for each pattern ------------------------------------------------------------------------------------


def _judge_fixed_numbers(clause: grammar.FixedNumbers, around: Around) -> Refusal | None:
    return first_of(_any_category(clause, clause.category, around), _gives(clause, clause.gives, around))


def _judge_bounds(clause: grammar.Bounds, around: Around) -> Refusal | None:
    for gives in (clause.least, clause.most, clause.expected):
        refusal = _gives(clause, gives, around, nothing=True)
        if refusal is not None:
            return refusal
    if not any((*clause.least.values(), *clause.most.values())):
        return _number(clause, 0)
    for party in around.parties:
        least, most = clause.least.get(party, 0), clause.most.get(party, MOST_NUMBER)
        if not least <= clause.expected.get(party, least) <= most:
            return refuse("terms.bounds_crossed", clause=clause.clause, party=party)  # 5
    return None


def _judge_category(clause: grammar.Category, around: Around) -> Refusal | None:
    _ = around
    if not clause.criteria:
        return refuse("terms.category_without_criteria", clause=clause.clause)
    if clause.reference is None:
        return refuse("terms.category_without_reference", clause=clause.clause)
    if clause.cut_off is None:
        return refuse("terms.category_without_cut_off", clause=clause.clause)
    if not clause.certifier:
        return refuse("terms.category_without_certifier", clause=clause.clause)
    criteria = (_judge_criterion(clause, criterion) for criterion in clause.criteria)
    words = (_word(clause, clause.category), _word(clause, clause.certifier))
    return first_of(*criteria, *words, _day(clause.reference), _day(clause.cut_off))


def _judge_criterion(clause: Clause, criterion: grammar.Criterion) -> Refusal | None:
    fits = {
        "is": VALUE.match(criterion.value) is not None and "," not in criterion.value,
        "among": VALUE.match(criterion.value) is not None,
        "under": NUMBER.match(criterion.value) is not None,
        "at_least": NUMBER.match(criterion.value) is not None,
        "before": _is_day(criterion.value),
        "after": _is_day(criterion.value),
    }
    if fits.get(criterion.comparison, False) and WORD.match(criterion.field):
        return None
    return refuse("terms.criterion_unclear", clause=id_of(clause), field=criterion.field[:40])


def _judge_category_all_for_all(clause: grammar.CategoryAllForAll, around: Around) -> Refusal | None:
    return _category(clause, clause.category, around)


def _judge_general_all_for_all(clause: grammar.GeneralAllForAll, around: Around) -> Refusal | None:
    _ = around
    if clause.cut_off is None:
        return refuse("terms.all_without_cut_off", clause=clause.clause)
    if not clause.status_rule:
        return refuse("terms.all_without_status_rule", clause=clause.clause)
    if not clause.source_of_held:
        return refuse("terms.all_without_source", clause=clause.clause)
    return first_of(
        _among(clause.status_rule, grammar.STATUS_RULES),
        _among(clause.source_of_held, grammar.SOURCES_OF_HELD),
        _day(clause.cut_off),
    )


def _judge_ratio(clause: grammar.Ratio, around: Around) -> Refusal | None:
    seen: set[str] = set()
    for rate in clause.rates:
        refusal = first_of(_any_category(clause, rate.category, around), _gives(clause, rate.gives, around))
        if refusal is not None:
            return refusal
        if rate.category in seen:
            return refuse("terms.said_twice", clause=clause.clause, word=rate.category or "ratio")
        if sum(1 for number in rate.gives.values() if number) < 2:
            return refuse("terms.ratio_one_sided", clause=clause.clause)  # 6
        seen.add(rate.category)
    return None if clause.rates else refuse("terms.ratio_one_sided", clause=clause.clause)


def _judge_weights(clause: grammar.Weights, around: Around) -> Refusal | None:
    _ = around
    for grade, weight in clause.table.items():
        refusal = first_of(_word(clause, grade), _number(clause, weight))
        if refusal is not None:
            return refusal
    if clause.remainder == "lowest_grade" and 1 not in clause.table.values():
        return refuse("terms.remainder_not_payable", clause=clause.clause)  # 6
    return _among(clause.remainder, grammar.REMAINDERS) if clause.table else _number(clause, 0)


def _judge_pool(clause: grammar.Pool, around: Around) -> Refusal | None:
    refusal = first_of(
        _party(clause, clause.giving, around),
        _chooser(clause, clause.chooser, around),
        _number(clause, clause.places),
        _number(clause, clause.candidates),
    )
    if refusal is None and clause.candidates < clause.places:
        return refuse("terms.pool_too_small", clause=clause.clause, candidates=clause.candidates, places=clause.places)
    return refusal


def _judge_chooser(clause: grammar.Chooser, around: Around) -> Refusal | None:
    return first_of(
        _party(clause, clause.giving, around),
        _chooser(clause, clause.chooser, around),
        _number(clause, clause.count),
        _any_category(clause, clause.category, around),
    )


def _judge_tranches(clause: grammar.Tranches, around: Around) -> Refusal | None:
    refusal = first_of(*(_gives(clause, size, around) for size in clause.sizes))
    if refusal is not None:
        return refusal
    if clause.parity == "cumulative" and clause.most_ahead < 1:
        return refuse("terms.parity_without_lead", clause=clause.clause)  # 8
    if not clause.sizes and clause.parity == "none":
        return _number(clause, 0)
    return first_of(_among(clause.parity, grammar.PARITIES), _number(clause, clause.most_ahead, least=0))


def _judge_incentive(clause: grammar.Incentive, around: Around) -> Refusal | None:
    return first_of(
        _party(clause, clause.giving, around),
        _number(clause, clause.each),
        _number(clause, clause.days),
        _number(clause, clause.most_days, least=clause.days),
    )


def _judge_daily_quota(clause: grammar.DailyQuota, around: Around) -> Refusal | None:
    return _gives(clause, clause.gives, around)


def _judge_named_slot(clause: grammar.NamedSlot, around: Around) -> Refusal | None:
    return first_of(_party(clause, clause.giving, around), _word(clause, clause.slot))


def _judge_conditional(clause: grammar.Conditional, around: Around) -> Refusal | None:
    answers = [one.answer for one in clause.branches]
    if len(answers) < 2 or len(set(answers)) < len(answers):
        return refuse("terms.branches_unclear", clause=clause.clause)  # 9
    for one in clause.branches:
        numbers = _gives(clause, one.gives, around, nothing=True)
        refusal = first_of(_word(clause, one.answer), _among(one.unit, COUNTED), numbers)
        if refusal is not None:
            return refusal
    return _word(clause, clause.question)


def _judge_third_country_stay(clause: grammar.ThirdCountryStay, around: Around) -> Refusal | None:
    if not clause.custodian or clause.custodian in around.parties:
        return refuse("terms.stay_without_custodian", clause=clause.clause)  # 10
    if not clause.ends:
        return refuse("terms.stay_without_end", clause=clause.clause)
    words = (_word(clause, clause.custodian), _word(clause, clause.ends))
    return first_of(_party(clause, clause.giving, around), _number(clause, clause.count), *words)


def _judge_unilateral_part(clause: grammar.UnilateralPart, around: Around) -> Refusal | None:
    words = (_among(clause.unit, COUNTED), _among(clause.ground, grammar.PART_GROUNDS))
    return first_of(*words, _gives(clause, clause.gives, around))


def _judge_remains(clause: grammar.Remains, around: Around) -> Refusal | None:
    refusal = first_of(_among(clause.unit, COUNTED[1:]), _gives(clause, clause.gives, around))
    if refusal is None and (sum(1 for number in clause.gives.values() if number) > 1) != clause.reciprocal:
        return refuse("terms.reciprocity_unclear", clause=clause.clause)  # 11
    return refusal


def _judge_standing_commission(clause: grammar.StandingCommission, around: Around) -> Refusal | None:
    return first_of(
        _word(clause, clause.commission),
        _number(clause, clause.most, least=0),
        _category(clause, clause.category, around),
    )


def _judge_legal_precondition(clause: grammar.LegalPrecondition, around: Around) -> Refusal | None:
    least = 1 if clause.step == "court_objections" else 0  # 12
    hours = _number(clause, clause.objection_hours, least=least, most=MOST_HOURS)
    return first_of(_party(clause, clause.giving, around), _among(clause.step, grammar.LEGAL_STEPS), hours)


def _judge_publicity(clause: grammar.Publicity, around: Around) -> Refusal | None:
    _ = around
    words = (_among(clause.item, grammar.PUBLIC_ITEMS), _among(clause.rule, grammar.PUBLICITY_RULES))
    return first_of(*words, _number(clause, clause.hours, least=0, most=MOST_HOURS))


def _judge_deadline(clause: grammar.Deadline, around: Around) -> Refusal | None:
    _ = around
    words = (_among(clause.act, grammar.DEADLINE_ACTS), _among(clause.anchor, ANCHORS))
    refusal = first_of(*words, _number(clause, clause.hours, least=-MOST_HOURS, most=MOST_HOURS))
    if refusal is None and clause.hours < 0 and clause.anchor not in BEFOREHAND:
        return refuse("terms.deadline_backwards", clause=clause.clause, anchor=clause.anchor)  # 12
    return refusal


def _judge_nothing_more(clause: Clause, around: Around) -> Refusal | None:
    """Judge a clause that has nothing but its id: no side deals, residual duty, readiness."""
    _ = clause, around
    return None


SENSE: Final[Mapping[type[Clause], Callable[[Any, Around], Refusal | None]]] = {
    grammar.FixedNumbers: _judge_fixed_numbers,
    grammar.Bounds: _judge_bounds,
    grammar.Category: _judge_category,
    grammar.CategoryAllForAll: _judge_category_all_for_all,
    grammar.GeneralAllForAll: _judge_general_all_for_all,
    grammar.Ratio: _judge_ratio,
    grammar.Weights: _judge_weights,
    grammar.Pool: _judge_pool,
    grammar.Chooser: _judge_chooser,
    grammar.Tranches: _judge_tranches,
    grammar.Incentive: _judge_incentive,
    grammar.DailyQuota: _judge_daily_quota,
    grammar.NamedSlot: _judge_named_slot,
    grammar.Conditional: _judge_conditional,
    grammar.ThirdCountryStay: _judge_third_country_stay,
    grammar.UnilateralPart: _judge_unilateral_part,
    grammar.Remains: _judge_remains,
    grammar.StandingCommission: _judge_standing_commission,
    grammar.NoSideDeals: _judge_nothing_more,
    grammar.ResidualDuty: _judge_nothing_more,
    grammar.LegalPrecondition: _judge_legal_precondition,
    grammar.Publicity: _judge_publicity,
    grammar.Deadline: _judge_deadline,
    grammar.Readiness: _judge_nothing_more,
}
