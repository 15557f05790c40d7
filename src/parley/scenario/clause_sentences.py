"""How the clauses of terms are said in a scenario: one short sentence for each pattern, cut by semicolons.

    north proposes terms: at least 1,000 a side, 1,200 expected; all for all of category young;
        category young means age under 25 on 2025-06-02, captured before 2025-06-01, certified by neutral

In ``306 for 74`` the first number is what the speaker gives. Clauses are numbered ``c1``, ``c2`` … in the order said;
a name may be given with ``name = clause``. ``PHRASES`` is the whole grammar: every pattern with an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley import clauses as grammar
from parley.clauses import Clause, Gives
from parley.process.state import State
from parley.scenario.grammar import ScenarioBroken, Sentence, Words, fit, match, parts_of
from parley.words import DAY, Day, ParticipantName


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a clause, and who the parties are: in ``306 for 74`` the speaker gives 306."""

    who: ParticipantName
    parties: tuple[ParticipantName, ...]

    @staticmethod
    def of(state: State, who: ParticipantName) -> Speaker:
        """Return the speaker in this state."""
        return Speaker(who, state.authority.parties)

    def pair(self, mine: int, theirs: int) -> Gives:
        """Return what the speaker and the one other party give."""
        others = [party for party in self.parties if party != self.who]
        if len(others) != 1 or self.who not in self.parties:
            raise ScenarioBroken("scenario.name_the_sides")
        return {self.who: mine, others[0]: theirs}

    def each(self, number: int) -> Gives:
        """Return the same number for every party."""
        return dict.fromkeys(self.parties, number)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say one pattern: its template, how the words become a clause, and an example."""

    template: str
    make: Callable[[str, Words, Speaker], Clause]
    example: str


UNITS: Final[dict[str, str]] = {"persons": "person", "bodies": "body", "containers": "container"}
COMMA: Final = re.compile(r",\s+")
NAMED: Final = re.compile(r"([A-Za-z0-9_.-]{1,60})\s*=\s*(.*)\Z", re.DOTALL)
GIVES: Final = re.compile(r"\bgives?\s+(?=[0-9-])")


def _unit(word: str) -> str:
    return UNITS.get(word, word)


def _gives(words: Words, by: Speaker) -> Gives:
    if "gives" in words:
        return dict(words["gives"])
    if "each" in words:
        return by.each(words["each"])
    return by.pair(words["mine"], words["theirs"])


def _fixed(name: str, words: Words, by: Speaker) -> Clause:
    return grammar.FixedNumbers(clause=name, gives=_gives(words, by), category=words.get("category", ""))


def _bounds_a_side(name: str, words: Words, by: Speaker) -> Clause:
    def side(key: str) -> Gives:
        return by.each(words[key]) if key in words else {}

    return grammar.Bounds(clause=name, least=side("least"), most=side("most"), expected=side("expected"))


def _bounds(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    least, most, expected = (dict(words.get(key, {})) for key in ("least", "most", "expected"))
    return grammar.Bounds(clause=name, least=least, most=most, expected=expected)


def _category(name: str, words: Words, by: Speaker) -> Clause:
    """Read ``age under 25 and sex is female on 2025-06-02, captured before 2025-06-01, certified by neutral``."""
    _ = by
    criteria: list[grammar.Criterion] = []
    reference: Day | None = None
    cut_off: Day | None = None
    certifier = ""
    for part in COMMA.split(words["criteria"]):
        number, said = fit(part, "captured before {day:day}", "certified by {certifier}", "{criteria:rest}")
        if number == 0:
            cut_off = said["day"]
        elif number == 1:
            certifier = said["certifier"]
        else:
            text, _, day = said["criteria"].rpartition(" on ")
            reference = Day(day) if text and DAY.match(day) else reference
            text = text if text and DAY.match(day) else said["criteria"]
            criteria += [] if text == "whatever" else [_criterion(one) for one in text.split(" and ")]
    return grammar.Category(
        clause=name,
        category=words["category"],
        criteria=tuple(criteria),
        reference=reference,
        cut_off=cut_off,
        certifier=certifier,
    )


def _criterion(text: str) -> grammar.Criterion:
    _, said = fit(
        text,
        "{field} at least {at_least}",
        "{field} among {among:rest}",
        "{field} {comparison} {value}",
    )
    if "at_least" in said:
        return grammar.Criterion(said["field"], "at_least", said["at_least"])
    if "among" in said:
        return grammar.Criterion(said["field"], "among", said["among"].replace(" or ", ",").replace(" ", ""))
    return grammar.Criterion(said["field"], said["comparison"], said["value"])


def _all_for_all(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    return grammar.GeneralAllForAll(
        clause=name,
        cut_off=words.get("cut_off"),
        status_rule=words.get("status", ""),
        source_of_held=words.get("source", ""),
    )


def _ratio(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    rates: list[grammar.Rate] = []
    for part in COMMA.split(words["rates"]):
        _, said = fit(part, "{a:int} of {first} [for {b:int} of {second}] [of category {category}]")
        gives = {ParticipantName(said["first"]): said["a"]}
        if "b" in said:
            gives[ParticipantName(said["second"])] = said["b"]
        rates.append(grammar.Rate(said.get("category", ""), gives))
    return grammar.Ratio(clause=name, rates=tuple(rates))


REMAINDER: Final = ("remainder in {grade:rest}", "remainder carried over", "remainder dropped", "remainder {other}")


def _weights(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    table: dict[str, int] = {}
    remainder = ""
    for part in COMMA.split(words["table"]):
        number, said = fit(part, *REMAINDER, "{grade} {weight:int}")
        if number < 4:
            remainder = said.get("other", ("lowest_grade", "carried_over", "dropped", "")[number])
        elif said["grade"] in table:
            raise ScenarioBroken("scenario.said_twice", word=said["grade"][:40])
        else:
            table[said["grade"]] = said["weight"]
    return grammar.Weights(clause=name, table=table, remainder=remainder)


PARITY: Final = re.compile(r",\s*(?=parity\b)")
LEVEL: Final = (
    "parity in each batch [, at most {ahead:int} ahead]",
    "parity in sum [, at most {ahead:int} ahead]",
    "parity {other} [, at most {ahead:int} ahead]",
)


def _tranches(name: str, words: Words, by: Speaker) -> Clause:
    sizes_said, *level = PARITY.split(words["sizes"])
    sizes: list[Gives] = []
    for part in sizes_said.split(" then "):
        _, said = fit(part, "{mine:int} for {theirs:int}", "{each:int} a side", "{gives:counts}")
        sizes.append(_gives(said, by))
    return _leveled(name, tuple(sizes), level[0] if level else "parity none")


def _parity(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    return _leveled(name, (), f"parity {words['level']}")


def _leveled(name: str, sizes: tuple[Gives, ...], said: str) -> Clause:
    number, words = fit(said, *LEVEL)
    parity = words.get("other", ("each", "cumulative", "")[number])
    return grammar.Tranches(clause=name, sizes=sizes, parity=parity, most_ahead=words.get("ahead", 0))


def _conditional(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    branches: list[grammar.Branch] = []
    for part in words["branches"].split(" or "):
        _, said = fit(part, "{answer}, {gives:counts} {unit}", "{answer}, nothing")
        unit: str = said.get("unit", "person")
        branches.append(grammar.Branch(said["answer"], _unit(unit), dict(said.get("gives", {}))))
    return grammar.Conditional(clause=name, question=words["question"], branches=tuple(branches))


def _remains(name: str, words: Words, by: Speaker) -> Clause:
    gives = _gives(words, by)
    how = words.get("how", "reciprocal" if len(gives) > 1 else "one-sided")
    return grammar.Remains(
        clause=name,
        gives=gives,
        unit=_unit(words["unit"]),
        reciprocal=how == "reciprocal",
        corrected_after_laboratory=words.get("count") == "corrected",
    )


def _deadline(name: str, words: Words, by: Speaker) -> Clause:
    _ = by
    hours = words["hours"] * (24 if words["unit"].startswith("day") else 1)
    hours = -hours if words["way"] == "before" else hours
    return grammar.Deadline(clause=name, act=words["act"], anchor=words["anchor"], hours=hours)


def _of(words: Words, key: str = "giving") -> ParticipantName:
    return ParticipantName(words[key])


PHRASES: Final[tuple[Phrase, ...]] = (
    Phrase("{mine:int} for {theirs:int} [of category {category}]", _fixed, "1,000 for 1,000"),
    Phrase("{gives:counts} [of category {category}]", _fixed, "north gives 306, south gives 74"),
    Phrase("{each:int} a side [of category {category}]", _fixed, "200 a side of category wounded"),
    Phrase(
        "at least {least:int} a side [, at most {most:int} a side] [, {expected:int} expected]",
        _bounds_a_side,
        "at least 1,000 a side, 1,200 expected",
    ),
    Phrase("at most {most:int} a side [, {expected:int} expected]", _bounds_a_side, "at most 1,500 a side"),
    Phrase(
        "at least {least:counts} [, at most {most:counts}] [, expected {expected:counts}]",
        _bounds,
        "at least north 300, south 70, at most north 400, south 100",
    ),
    Phrase(
        "category {category} means {criteria:rest}",
        _category,
        "category young means age under 25 on 2025-06-02, captured before 2025-06-01, certified by neutral",
    ),
    Phrase(
        "all for all of category {category}",
        lambda name, words, _: grammar.CategoryAllForAll(clause=name, category=words["category"]),
        "all for all of category young",
    ),
    Phrase(
        "all for all [, captured before {cut_off:day}] [, status {status}] [, held according to {source}]",
        _all_for_all,
        "all for all, captured before 2020-11-10, status whatever_the_charge, held according to neutral_visits",
    ),
    Phrase("ratio: {rates:rest}", _ratio, "ratio: 3 of north for 1 of south"),
    Phrase("weights {table:rest}", _weights, "weights captain 6, lieutenant 4, private 1, remainder in privates"),
    Phrase(
        "{places:int} out of {candidates:int} of {giving}, chosen by {chooser}",
        lambda name, words, _: grammar.Pool(
            clause=name,
            giving=_of(words),
            candidates=words["candidates"],
            places=words["places"],
            chooser=_of(words, "chooser"),
        ),
        "150 out of 300 of north, chosen by north",
    ),
    Phrase(
        "{count:int} of {giving} [of category {category}] chosen by {chooser}",
        lambda name, words, _: grammar.Chooser(
            clause=name,
            giving=_of(words),
            count=words["count"],
            chooser=_of(words, "chooser"),
            category=words.get("category", ""),
        ),
        "550 of north chosen by north",
    ),
    Phrase(
        "tranches {sizes:rest}",
        _tranches,
        "tranches 390 for 390 then 307 for 307 then 303 for 303, parity in each batch",
    ),
    Phrase("parity {level:rest}", _parity, "parity in sum, at most 10 ahead"),
    Phrase(
        "each {each:int} more of {giving} add {days:int} {_:day|days}, at most {most_days:int} {_:day|days}",
        lambda name, words, _: grammar.Incentive(
            clause=name,
            giving=_of(words),
            each=words["each"],
            days=words["days"],
            most_days=words["most_days"],
        ),
        "each 10 more of north add 1 day, at most 5 days",
    ),
    Phrase(
        "{gives:counts} a day, {carry:with|without} carrying over",
        lambda name, words, by: grammar.DailyQuota(
            clause=name, gives=_gives(words, by), carry_over=words["carry"] == "with"
        ),
        "north 41, south 115 a day, without carrying over",
    ),
    Phrase(
        "a named place {slot} for one of {giving}",
        lambda name, words, _: grammar.NamedSlot(clause=name, giving=_of(words), slot=words["slot"]),
        "a named place first for one of north",
    ),
    Phrase(
        "depending on {question}: {branches:rest}",
        _conditional,
        "depending on fate: alive, south gives 50 persons or dead, south gives 50 bodies",
    ),
    Phrase(
        "{count:int} of {giving} stay in a third country [with {custodian}] [until {ends}] "
        "[, {notice:with|without} notice]",
        lambda name, words, _: grammar.ThirdCountryStay(
            clause=name,
            giving=_of(words),
            count=words["count"],
            custodian=words.get("custodian", ""),
            ends=words.get("ends", ""),
            notice=words.get("notice") == "with",
        ),
        "5 of south stay in a third country with east until end_of_hostilities, with notice",
    ),
    Phrase(
        "outside the formula: {gives:counts} {unit}, {ground}",
        lambda name, words, by: grammar.UnilateralPart(
            clause=name,
            gives=_gives(words, by),
            unit=_unit(words["unit"]),
            ground=words["ground"],
        ),
        "outside the formula: north gives 104 persons, goodwill",
    ),
    Phrase(
        "remains: {gives:counts} {unit} [, {how:reciprocal|one-sided}] "
        "[, {count:corrected|final} after the laboratory]",
        _remains,
        "remains: north gives 6,000 bodies, corrected after the laboratory",
    ),
    Phrase(
        "remains: {mine:int} for {theirs:int} {unit} [, {count:corrected|final} after the laboratory]",
        _remains,
        "remains: 6,000 for 6,000 bodies, corrected after the laboratory",
    ),
    Phrase(
        "commission {commission} may add {most:int} of category {category}",
        lambda name, words, _: grammar.StandingCommission(
            clause=name, commission=words["commission"], category=words["category"], most=words["most"]
        ),
        "commission medical may add 100 of category wounded",
    ),
    Phrase(
        "commission {commission} may add any of category {category}",
        lambda name, words, _: grammar.StandingCommission(
            clause=name, commission=words["commission"], category=words["category"], most=0
        ),
        "commission medical may add any of category wounded",
    ),
    Phrase("no side deals", lambda name, _words, _by: grammar.NoSideDeals(clause=name), "no side deals"),
    Phrase(
        "anyone found later is freed",
        lambda name, _words, _by: grammar.ResidualDuty(clause=name),
        "anyone found later is freed",
    ),
    Phrase(
        "for each of {giving} first {step} [, objections within {hours:int} hours]",
        lambda name, words, _: grammar.LegalPrecondition(
            clause=name, giving=_of(words), step=words["step"], objection_hours=words.get("hours", 0)
        ),
        "for each of north first court_objections, objections within 48 hours",
    ),
    Phrase(
        "publicity of {item}: {rule} [, {hours:int} hours later]",
        lambda name, words, _: grammar.Publicity(
            clause=name, item=words["item"], rule=words["rule"], hours=words.get("hours", 0)
        ),
        "publicity of numbers: after_completion",
    ),
    Phrase(
        "{act} {hours:int} {unit:hour|hours|day|days} {way:after|before} {anchor}",
        _deadline,
        "issue_manifest 24 hours before batch_opens",
    ),
    Phrase(
        "nobody goes unless declared ready",
        lambda name, _words, _by: grammar.Readiness(clause=name),
        "nobody goes unless declared ready",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What was said about the text and the counting beside the clauses, with what is usual where nothing was said."""

    unit: str = "person"
    count_point: str = "handed_over"
    languages: tuple[str, ...] = ("en",)
    prevailing: str = ""
    effect: Day | None = None
    enclosed: bool = True
    rooms: tuple[str, ...] = field(default=())


SAID_BESIDE: Final = (
    "no date",
    "no text",
    "text in {languages:names}",
    "{prevailing} prevails",
    "text not enclosed",
    "text sealed to {rooms:rest}",
    "counted in {unit} at {count_point}",
    "in effect from {effect:day}",
)


def read_terms(said: str, by: Speaker) -> tuple[tuple[Clause, ...], Wording]:
    """Read the clauses and what is said beside them; raises ScenarioBroken ``scenario.part_not_understood``."""
    clauses: list[Clause] = []
    beside: dict[str, object] = {}
    for part in parts_of(said):
        words = _beside(part)
        if words is not None:
            beside.update(words)
        else:
            clauses.append(read_clause(part, f"c{len(clauses) + 1}", by))
    wording = Wording(**beside)  # type: ignore[arg-type]
    return tuple(clauses), wording


def _beside(part: str) -> dict[str, object] | None:
    sentence = Sentence.of(part)
    for template in SAID_BESIDE:
        found = match(template, sentence)
        if found is None:
            continue
        words: dict[str, object] = dict(found[0])
        if template == "no text":
            words["languages"] = ()
        if template == "text not enclosed":
            words["enclosed"] = False
        if "rooms" in words:
            words["rooms"] = tuple(COMMA.split(found[0]["rooms"]))
        if "unit" in words:
            words["unit"] = _unit(found[0]["unit"])
        return words
    return None


def read_clause(said: str, name: str, by: Speaker) -> Clause:
    """Read one clause by the phrase that fits it with most words; raises ScenarioBroken."""
    named = NAMED.match(said)
    if named is not None:
        name, said = named[1], named[2]
    sentence = Sentence.of(GIVES.sub("", said))
    best: tuple[int, Phrase, Words] | None = None
    for phrase in PHRASES:
        found = match(phrase.template, sentence)
        if found is not None and (best is None or found[1] > best[0]):
            best = (found[1], phrase, found[0])
    if best is None:
        raise ScenarioBroken("scenario.part_not_understood", text=said[:80], near=_near(sentence))
    return best[1].make(name, best[2], by)


def _near(sentence: Sentence) -> str:
    words = {token.text for token in sentence.tokens}
    ranked = sorted(PHRASES, key=lambda phrase: -len(words & set(phrase.template.split())))
    return " / ".join(phrase.template for phrase in ranked[:3])
