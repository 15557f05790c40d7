"""The grammar of agreed terms: every pattern an exchange has ever been agreed in, one class per pattern (domain, section 4).

Each clause has an id of its own within the terms (``c1``). Numbers count people (or bodies where the clause says so);
``gives`` maps a giving party to a number. Whether a clause makes sense is judged in ``parley.process.terms``; what it
says in words is written in ``parley.briefings.phrases``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from parley.words import Day, ParticipantName

Gives = Mapping[ParticipantName, int]

COMPARISONS = ("is", "under", "at_least", "before", "after", "among")
REMAINDERS = ("lowest_grade", "carried_over", "dropped")
"""What becomes of a rest that the weights leave: made up in the lowest grade, carried to the next batch, or let go."""
PARITIES = ("each", "cumulative", "none")
"""Batches are level each by itself; or in sum, with a largest lead; or the terms do not say."""
STATUS_RULES = ("combatants", "combatants_and_civilians", "whatever_the_charge")
"""Who counts under "all for all", where that was ever disputed (domain 2.5)."""
SOURCES_OF_HELD = ("holders_lists", "both_lists", "neutral_register", "neutral_visits")
"""What tells who is held, where "all for all" was agreed."""
PART_GROUNDS = ("sanitary", "goodwill", "third_nationals", "children", "humanitarian", "other")
LEGAL_STEPS = ("pardon", "amnesty", "charges_closed", "sentence_suspended", "court_objections")
PUBLIC_ITEMS = ("numbers", "names", "lists", "date", "place", "terms", "pictures")
PUBLICITY_RULES = ("never", "after_agreement", "after_each_batch", "after_completion")
DEADLINE_ACTS = (
    "hand_in_list",
    "acknowledge_list",
    "reply_to_lines",
    "object_to_lines",
    "give_final_reply",
    "sign_final_list",
    "compose_batches",
    "agree_batches",
    "clear_legally",
    "notify_route",
    "acknowledge_route",
    "issue_manifest",
    "close_batch",
    "propose_joint_record",
    "sign_joint_record",
)
ANCHORS = (
    "terms_agreed",
    "effect_day",
    "list_handed_in",
    "replies_closed",
    "final_lists_signed",
    "batches_agreed",
    "batch_opens",
    "batch_closed",
)
"""Events from which a deadline may be counted; ``effect_day`` and ``batch_opens`` are known beforehand."""


class Clause:
    """The common base of every clause."""

    pattern: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Derive the pattern's name in the record from the class name, once."""
        super().__init_subclass__()
        cls.pattern = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One test of a category: a field of a row, a comparison (is, under, at_least, before, after, among) and a value."""

    field: str
    comparison: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedNumbers(Clause):
    """Fixed numbers, equal or not: 1,000 for 1,000; 306 for 74. With a category, only people of that category count."""

    clause: str
    gives: Gives
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Clause):
    """A floor, a ceiling, or both, with an expected value where one was spoken of: at least 1,000 a side, 1,200 expected."""

    clause: str
    least: Gives
    most: Gives
    expected: Gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Clause):
    """What a category means: its criteria, the day they are judged on, the cut-off of capture and who certifies."""

    clause: str
    category: str
    criteria: tuple[Criterion, ...]
    reference: Day | None = None
    cut_off: Day | None = None
    certifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAllForAll(Clause):
    """Everybody of a category, on both sides."""

    clause: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralAllForAll(Clause):
    """Everybody, up to a cut-off of capture, under a status rule and a duty to give complete lists."""

    clause: str
    cut_off: Day | None
    status_rule: str
    source_of_held: str


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of the one side for so many of the other, for a class of captive."""

    category: str
    gives: Gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Clause):
    """A ratio by class of captive: three for one; ninety for three. The class is fixed before the batch."""

    clause: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Clause):
    """A table of equivalents by grade (Dix-Hill 1862, Hamilton 1778) and the rule for the remainder."""

    clause: str
    table: Mapping[str, int]
    remainder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Clause):
    """So many places out of so many candidates: 150 out of 300; and who chooses among them."""

    clause: str
    giving: ParticipantName
    candidates: int
    places: int
    chooser: ParticipantName


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser(Clause):
    """So many people of one side's choice, within a category if one is named."""

    clause: str
    giving: ParticipantName
    count: int
    chooser: ParticipantName
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tranches(Clause):
    """Sizes of the batches in order; parity in each batch, or cumulative with a largest lead."""

    clause: str
    sizes: tuple[Gives, ...]
    parity: str
    most_ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentive(Clause):
    """More people give more days: each ten more of the one side add a day, up to so many."""

    clause: str
    giving: ParticipantName
    each: int
    days: int
    most_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyQuota(Clause):
    """So many a day from each side, with or without carrying the missing over to the next day."""

    clause: str
    gives: Gives
    carry_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSlot(Clause):
    """A place for one particular person; who it is travels sealed with the terms."""

    clause: str
    giving: ParticipantName
    slot: str


@dataclass(frozen=True, slots=True)
class Branch:
    """What is owed if the question is answered so: a unit and numbers."""

    answer: str
    unit: str
    gives: Gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Clause):
    """What is owed hangs on a fact still to be established: alive, 50 living; dead, 50 bodies."""

    clause: str
    question: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdCountryStay(Clause):
    """People go to a third country: custodian, until when or until what, and the duty to give notice."""

    clause: str
    giving: ParticipantName
    count: int
    custodian: str
    ends: str
    notice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnilateralPart(Clause):
    """A part outside the formula, with a ledger of its own: sanitary cases, goodwill, third nationals."""

    clause: str
    gives: Gives
    unit: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains(Clause):
    """Bodies or containers, reciprocal or one-sided, and whether the laboratory corrects the count."""

    clause: str
    gives: Gives
    unit: str
    reciprocal: bool
    corrected_after_laboratory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCommission(Clause):
    """A standing commission that may add people of a category without new talks."""

    clause: str
    commission: str
    category: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSideDeals(Clause):
    """Nobody on the lists may be dealt with through another channel while this runs."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualDuty(Clause):
    """Anyone covered who is found later is freed without conditions."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPrecondition(Clause):
    """Legal steps that must be done for each person first: pardon, amnesty, a window for objections in court."""

    clause: str
    giving: ParticipantName
    step: str
    objection_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity(Clause):
    """When what may be published: numbers after completion only, names never."""

    clause: str
    item: str
    rule: str
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Clause):
    """A time limit counted from a named event: replies within seven days (168); names 24 hours before (-24)."""

    clause: str
    act: str
    anchor: str
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Clause):
    """Nobody goes on a manifest whom the neutral has not declared ready after a private interview."""

    clause: str


CLAUSES: tuple[type[Clause], ...] = tuple(
    value
    for value in dict(globals()).values()
    if isinstance(value, type) and issubclass(value, Clause) and value is not Clause
)
BY_PATTERN: Mapping[str, type[Clause]] = {clause.pattern: clause for clause in CLAUSES}
