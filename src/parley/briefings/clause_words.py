"""What agreed terms say, in words: each clause as one or a few short sentences in the reader's language.

The sentences are for reading beside the authentic text, never instead of it. Both sides' numbers stand in the order of
their names, so neither language puts its own side first. Words that the parties made up themselves (categories, grades,
slots) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from parley import clauses as grammar
from parley.briefings.phrases import counted, entries, number, phrase
from parley.clauses import Clause, Gives

Say = Callable[[Any, str], str]
_MARK: Final = re.compile("\u2068?(@[a-z_]+@)\u2069?")


def clause_in_words(clause: Clause, language: str) -> str:
    """Return a clause as sentences in ``en``, ``uk``, ``ru`` or ``ar``."""
    return SAID[type(clause)](clause, language)


class _Said(str):
    """Words that are phrases already: they are put into a sentence as they stand."""

    __slots__ = ()


def _say(code: str, language: str, **facts: str | int) -> _Said:
    """Fill a phrase; words already said run on in the sentence's direction, plain facts are isolated by ``phrase``."""
    ready = {f"@{name}@": fact for name, fact in facts.items() if isinstance(fact, _Said)}
    plain = {name: f"@{name}@" if isinstance(fact, _Said) else fact for name, fact in facts.items()}
    filled = phrase(f"clause.{code}", language, **plain)
    return _Said(_MARK.sub(lambda found: ready.get(found[1], found[0]), filled))


def _word(kind: str, word: str, language: str) -> _Said:
    """Return a word of the record in a language; one that the phrases do not know stays as written, made harmless."""
    known = f"clause.{kind}.{word}" in entries()
    return _say(f"{kind}.{word}", language) if known else _say("as_written", language, word=word)


def _count(many: int, language: str, unit: str = "person") -> _Said:
    known = f"clause.unit.{unit}" in entries()
    if known:
        return _Said(counted(f"clause.unit.{unit}", many, language))
    return _Said(f"{number(many, language)} {_say('as_written', language, word=unit)}")


def _time(hours: int, language: str) -> str:
    """Return a stretch of time in days where it is whole days, three or more, else in hours."""
    if hours >= 72 and hours % 24 == 0:
        return _days(hours // 24, language)
    return _Said(counted("clause.time.hour", hours, language))


def _days(days: int, language: str) -> _Said:
    return _Said(counted("clause.time.day", days, language))


def _list(parts: list[_Said], language: str) -> _Said:
    return _Said(_say("and", language).join(parts))


def _gives(gives: Gives, language: str, unit: str = "person") -> _Said:
    said = [
        _say("gives", language, party=party, count=_count(many, language, unit))
        for party, many in sorted(gives.items())
    ]
    return _list(said, language)


def _fixed_numbers(clause: grammar.FixedNumbers, language: str) -> str:
    gives = _gives(clause.gives, language)
    if clause.category:
        return _say("fixed_numbers_of", language, category=clause.category, gives=gives)
    return _say("fixed_numbers", language, gives=gives)


def _bounds(clause: grammar.Bounds, language: str) -> str:
    named = {"least": clause.least, "most": clause.most, "expected": clause.expected}
    said = (_say(f"bounds_{key}", language, gives=_gives(gives, language)) for key, gives in named.items() if gives)
    return " ".join(said)


def _category(clause: grammar.Category, language: str) -> str:
    criteria = [
        _say(
            f"comparison.{one.comparison}",
            language,
            field=_word("field", one.field, language),
            value=one.value.replace(",", _say("and", language)),
        )
        for one in clause.criteria
        if f"clause.comparison.{one.comparison}" in entries()
    ]
    return _say(
        "category",
        language,
        category=clause.category,
        criteria=_list(criteria, language),
        reference=clause.reference or "…",
        cut_off=clause.cut_off or "…",
        certifier=clause.certifier or "…",
    )


def _category_all_for_all(clause: grammar.CategoryAllForAll, language: str) -> str:
    return _say("category_all_for_all", language, category=clause.category)


def _general_all_for_all(clause: grammar.GeneralAllForAll, language: str) -> str:
    return _say(
        "general_all_for_all",
        language,
        cut_off=clause.cut_off or "…",
        status=_word("status", clause.status_rule, language),
        source=_word("source", clause.source_of_held, language),
    )


def _ratio(clause: grammar.Ratio, language: str) -> str:
    said = []
    for rate in clause.rates:
        gives = _gives(rate.gives, language)
        if rate.category:
            said.append(_say("ratio_of", language, category=rate.category, gives=gives))
        else:
            said.append(_say("ratio", language, gives=gives))
    return " ".join(said)


def _weights(clause: grammar.Weights, language: str) -> str:
    heaviest_first = sorted(clause.table.items(), key=lambda entry: (-entry[1], entry[0]))
    table = [_say("weight", language, grade=grade, weight=number(weight, language)) for grade, weight in heaviest_first]
    remainder = _word("remainder", clause.remainder, language)
    return _say("weights", language, table=_list(table, language), remainder=remainder)


def _pool(clause: grammar.Pool, language: str) -> str:
    places, candidates = number(clause.places, language), number(clause.candidates, language)
    return _say("pool", language, giving=clause.giving, places=places, candidates=candidates, chooser=clause.chooser)


def _chooser(clause: grammar.Chooser, language: str) -> str:
    facts = {"giving": clause.giving, "count": _count(clause.count, language), "chooser": clause.chooser}
    if clause.category:
        return _say("chooser_of", language, category=clause.category, **facts)
    return _say("chooser", language, **facts)


def _tranches(clause: grammar.Tranches, language: str) -> str:
    said = [
        _say("tranche", language, batch=batch, gives=_gives(size, language))
        for batch, size in enumerate(clause.sizes, start=1)
    ]
    said.append(_word("parity", clause.parity, language))
    if clause.most_ahead:
        said.append(_say("most_ahead", language, most=number(clause.most_ahead, language)))
    return " ".join(said)


def _incentive(clause: grammar.Incentive, language: str) -> str:
    return _say(
        "incentive",
        language,
        giving=clause.giving,
        each=number(clause.each, language),
        days=_days(clause.days, language),
        most_days=_days(clause.most_days, language),
    )


def _daily_quota(clause: grammar.DailyQuota, language: str) -> str:
    carried = _say("carried" if clause.carry_over else "not_carried", language)
    return f"{_say('daily_quota', language, gives=_gives(clause.gives, language))} {carried}"


def _named_slot(clause: grammar.NamedSlot, language: str) -> str:
    return _say("named_slot", language, giving=clause.giving, slot=clause.slot)


def _conditional(clause: grammar.Conditional, language: str) -> str:
    said = []
    for one in clause.branches:
        if any(one.gives.values()):
            gives = _gives(one.gives, language, one.unit)
            said.append(_say("branch", language, answer=one.answer, gives=gives))
        else:
            said.append(_say("branch_nothing", language, answer=one.answer))
    return _say("conditional", language, question=clause.question, branches=_Said(_say("or", language).join(said)))


def _third_country_stay(clause: grammar.ThirdCountryStay, language: str) -> str:
    stay = _say(
        "third_country_stay",
        language,
        giving=clause.giving,
        count=_count(clause.count, language),
        custodian=clause.custodian,
        ends=clause.ends,
    )
    return f"{stay} {_say('notice_due' if clause.notice else 'notice_not_due', language)}"


def _unilateral_part(clause: grammar.UnilateralPart, language: str) -> str:
    ground = _word("ground", clause.ground, language)
    return _say("unilateral_part", language, ground=ground, gives=_gives(clause.gives, language, clause.unit))


def _remains(clause: grammar.Remains, language: str) -> str:
    how = "remains_reciprocal" if clause.reciprocal else "remains_one_sided"
    count = "laboratory_corrects" if clause.corrected_after_laboratory else "laboratory_does_not"
    return f"{_say(how, language, gives=_gives(clause.gives, language, clause.unit))} {_say(count, language)}"


def _standing_commission(clause: grammar.StandingCommission, language: str) -> str:
    facts = {"commission": clause.commission, "category": clause.category}
    if clause.most == 0:
        return _say("standing_commission_any", language, **facts)
    return _say("standing_commission", language, most=number(clause.most, language), **facts)


def _legal_precondition(clause: grammar.LegalPrecondition, language: str) -> str:
    said = _say("legal_precondition", language, giving=clause.giving, step=_word("step", clause.step, language))
    if clause.objection_hours:
        return f"{said} {_say('objection_hours', language, hours=_time(clause.objection_hours, language))}"
    return said


def _publicity(clause: grammar.Publicity, language: str) -> str:
    facts = {"item": _word("item", clause.item, language), "rule": _word("rule", clause.rule, language)}
    if clause.hours:
        return _say("publicity_later", language, hours=_time(clause.hours, language), **facts)
    return _say("publicity", language, **facts)


def _deadline(clause: grammar.Deadline, language: str) -> str:
    return _say(
        "deadline_before" if clause.hours < 0 else "deadline_after",
        language,
        act=_word("act", clause.act, language),
        time=_time(abs(clause.hours), language),
        anchor=_word("anchor", clause.anchor, language),
    )


def _just(code: str) -> Say:
    return lambda _clause, language: _say(code, language)


SAID: Final[Mapping[type[Clause], Say]] = {
    grammar.FixedNumbers: _fixed_numbers,
    grammar.Bounds: _bounds,
    grammar.Category: _category,
    grammar.CategoryAllForAll: _category_all_for_all,
    grammar.GeneralAllForAll: _general_all_for_all,
    grammar.Ratio: _ratio,
    grammar.Weights: _weights,
    grammar.Pool: _pool,
    grammar.Chooser: _chooser,
    grammar.Tranches: _tranches,
    grammar.Incentive: _incentive,
    grammar.DailyQuota: _daily_quota,
    grammar.NamedSlot: _named_slot,
    grammar.Conditional: _conditional,
    grammar.ThirdCountryStay: _third_country_stay,
    grammar.UnilateralPart: _unilateral_part,
    grammar.Remains: _remains,
    grammar.StandingCommission: _standing_commission,
    grammar.NoSideDeals: _just("no_side_deals"),
    grammar.ResidualDuty: _just("residual_duty"),
    grammar.LegalPrecondition: _legal_precondition,
    grammar.Publicity: _publicity,
    grammar.Deadline: _deadline,
    grammar.Readiness: _just("readiness"),
}
