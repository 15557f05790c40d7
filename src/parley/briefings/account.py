"""What the record adds up to: for each side how many were agreed, listed, answered, handed over, owed; what is open.

The account is computed from the state alone and states nothing that the record does not hold. A *side* is the party
that gives; nobody is counted for two sides and no number adds the sides up (domain 3.6). ``plain(account(state))`` of
``parley.forms`` is its JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.acts import DELIVERED, Figure, ProposeJointRecord
from parley.briefings import statements
from parley.process import (
    agreed,
    batches,
    dates,
    figures,
    handover,
    lines,
    movement,
    publication,
    reconciliation,
    remains,
)
from parley.process.standing import standing_of
from parley.process.state import Claim as Judged
from parley.process.state import Debt, Item, ListVersion, State
from parley.words import Fact, LineId, Moment, ParticipantName

NO_DATE: Final = "no date agreed"
"""What is said of a date that has not been accepted by all, whatever anybody says in public (domain F21)."""
PENDING: Final = "PENDING"
"""A line whose holder still has time to answer; ``NO_REPLY`` is what it becomes afterwards."""
UNEXPLAINED: Final = "unexplained"

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What became of one side's people, by outcome code; ``delivered`` are those handed over, also by category."""

    outcomes: Counts
    delivered: int
    categories: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """People still owed by one side: open, carried to a later batch or exchange, and settled by delivery since."""

    open: int
    carried: int
    settled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One giving party's numbers; ``agreed_most`` is None where the terms name no ceiling.

    ``agreed`` is the one number that the record holds for the formula (the terms', else the final list's within their
    bounds). ``difference`` is agreed minus delivered inside the formula; ``explained`` names its causes, the part that
    nobody explained is ``unexplained``, and ``to_come`` is what may still be delivered.
    """

    agreed: int
    agreed_least: int
    agreed_most: int | None
    listed: int
    requested: int
    replied: Counts
    final: int
    embarked: int
    lost: int
    inside: Handed
    outside: Handed
    confirmed: int
    debts: Debts
    difference: int
    explained: Counts
    unexplained: int
    to_come: int
    remains: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSide:
    """One side's part of one batch."""

    planned: int
    delivered_inside: int
    delivered_outside: int
    categories: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch: its status, its date in words, each giving side; ``level``: all sides delivered alike inside.

    ``not_on_manifest`` counts people who came without a line, ``unknown_lines`` are those in books that nobody gave.
    ``containers_missed`` holds, by counter, the containers that others recorded and it did not.
    """

    status: str
    date: str
    sides: Mapping[ParticipantName, BatchSide]
    level: bool
    not_on_manifest: int
    unknown_lines: str
    containers_missed: Mapping[ParticipantName, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One version of a list as it stands: who gave it to whom, how many lines, received or not, answers, objections."""

    author: ParticipantName
    counterpart: ParticipantName
    purpose: str
    version: int
    count: int
    received: bool
    answered: int
    objected: int
    vanished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition: how it ended, or ``open``; how many people it is about, who has custody, day of review."""

    status: str
    about: int
    custodian: str
    review: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """An alarm and where in the log it was raised."""

    code: str
    position: int
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """An act that was not allowed and stays in the log without effect."""

    position: int
    party: ParticipantName
    kind: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing said in public beside the record: what it is about, what was said, what the record held, verdict.

    All as judged when it was recorded; ``now`` is the verdict that the same words would have today.
    """

    about: str
    said: str
    record: str
    verdict: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A public statement: who said it, when, where it was read, the worst verdict then and now, each claim in it."""

    speaker: ParticipantName
    said: Moment
    source: str
    verdict: str
    now: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Everything the record adds up to at one place in the log."""

    acts: int
    clock: Moment
    standing: str
    practice: bool
    reached: str
    date: str
    sides: Mapping[ParticipantName, Side]
    batches: Mapping[int, Batch]
    lists: tuple[Listed, ...]
    matched: int
    conditions: Mapping[str, Condition]
    alarms: tuple[Alarmed, ...]
    void: tuple[Voided, ...]
    statements: tuple[Spoken, ...]
    joint_record: str
    items: Mapping[str, Mapping[str, str]]


def account(state: State) -> Account:
    """Add up a state; costs about one pass over its lines for each side and batch."""
    outcomes = {line: one.code for line, one in handover.outcomes(state).items()}
    debts = reconciliation.debts(state)
    return Account(
        acts=state.count,
        clock=state.authority.clock,
        standing=standing_of(state),
        practice=state.authority.practice,
        reached=publication.status_reached(state),
        date=_date(state),
        sides={party: _side(state, party, outcomes, debts) for party in state.authority.parties},
        batches={number: _batch(state, number, outcomes) for number in batches.numbers(state)},
        lists=tuple(_listed(state, one) for one in state.lists.versions.values()),
        matched=_matched(state),
        conditions=_conditions(state),
        alarms=tuple(Alarmed(code=one.code, position=one.position, facts=one.facts) for one in state.alarms),
        void=tuple(
            Voided(position=position, party=one.party, kind=one.kind, code=one.code)
            for position, one in state.void.items()
        ),
        statements=tuple(_spoken(one) for one in statements.compared(state)),
        joint_record=_joint_record(state),
        items={name: _positions(item) for name, item in state.talks.items.items()},
    )


# --- sides -----------------------------------------------------------------------------------------------------------


def _side(
    state: State,
    party: ParticipantName,
    outcomes: Mapping[LineId, str],
    debts: Mapping[LineId, Debt],
) -> Side:
    mine = {line: code for line, code in outcomes.items() if lines.holder_of(state, line) == party}
    inside, outside = _handed(state, mine, inside=True), _handed(state, mine, inside=False)
    least, most = agreed.owed(state).get(party, (0, 0))
    number = reconciliation.agreed_number(state, party)
    difference = number - inside.delivered
    explained, unexplained = _explained(state, party, inside, difference)
    return Side(
        agreed=number,
        agreed_least=least,
        agreed_most=most,
        listed=_count(state, party, "listed"),
        requested=sum(1 for one in state.lists.lines.values() if _asks(one.purpose, one.dropped, one.holder, party)),
        replied=_replied(state, party),
        final=len(lines.frozen_set(state, party)),
        embarked=_count(state, party, "embarked"),
        lost=sum(1 for line in movement.lost(state, 0) if lines.holder_of(state, line) == party),
        inside=inside,
        outside=outside,
        confirmed=_count(state, party, "confirmed"),
        debts=_debts([one for one in debts.values() if one.giving == party]),
        difference=difference,
        explained=explained,
        unexplained=unexplained,
        to_come=difference - unexplained - sum(explained.values()),
        remains=_remains(state, party),
    )


def _asks(purpose: str, dropped: str, holder: ParticipantName, party: ParticipantName) -> bool:
    return purpose == "request" and not dropped and holder == party


def _count(state: State, party: ParticipantName, point: str) -> int:
    """Return how many people of one side the record holds at a count point, all parts together; 0 where it has none."""
    figure = Figure(unit="person", side=party, scope="both", count_point=point, batch=0, value=0)
    return figures.supported(state, figure) or 0


def _replied(state: State, party: ParticipantName) -> Counts:
    """Count the answers given by a holder to what others asked for, by code; each line asked for has exactly one."""
    codes = Counter(
        lines.reply_of(state, line) or PENDING
        for line, one in state.lists.lines.items()
        if _asks(one.purpose, one.dropped, one.holder, party)
    )
    return dict(sorted(codes.items()))


def _handed(state: State, outcomes: Mapping[LineId, str], *, inside: bool) -> Handed:
    here = {line: code for line, code in outcomes.items() if figures.is_inside(state, line) == inside}
    over = [line for line, code in here.items() if code in DELIVERED]
    return Handed(
        outcomes=dict(sorted(Counter(here.values()).items())), delivered=len(over), categories=_categories(state, over)
    )


def _categories(state: State, people: Iterable[LineId]) -> Counts:
    found = Counter(one.category for line in people if (one := state.lists.lines.get(line)) is not None)
    return dict(sorted(found.items()))


def _debts(found: list[Debt]) -> Debts:
    return Debts(
        open=sum(1 for one in found if not one.settled and one.carried_to is None),
        carried=sum(1 for one in found if not one.settled and one.carried_to is not None),
        settled=sum(1 for one in found if one.settled),
    )


def _explained(state: State, party: ParticipantName, inside: Handed, difference: int) -> tuple[Counts, int]:
    """Return the causes of a side's difference and what is left unexplained.

    The last joint record of the whole exchange says it, where there is one. Before that the outcome codes do; the
    rest is to come, or unexplained once nothing more can come.
    """
    record = _last_record(state)
    if record is not None:
        causes: Counter[str] = Counter()
        for one in record.explained:
            if one.giving == party:
                causes[one.cause] += one.count
        unnamed = causes.pop(UNEXPLAINED, 0)
        rest = difference - unnamed - sum(causes.values())
        return dict(sorted(causes.items())), unnamed + rest
    causes = Counter({code: count for code, count in inside.outcomes.items() if code not in DELIVERED})
    rest = difference - causes.total()
    over = publication.complete(state)
    return dict(sorted(causes.items())), rest if over else 0


def _last_record(state: State) -> ProposeJointRecord | None:
    whole = [one.says for one in state.reconciliation.records.values() if not one.says.batches]
    return whole[-1] if whole else None


def _joint_record(state: State) -> str:
    """Say how far the joint record has come: none, proposed, signed, signed with reservations.

    That of the whole exchange where there is one, else the last of some batches, and then of which.
    """
    records = tuple(state.reconciliation.records.values())
    whole = [one for one in records if not one.says.batches]
    if not records:
        return "none"
    numbers = (whole or records)[-1].says.batches
    record = reconciliation.joint_record(state, numbers)
    of = f" for batch {', '.join(map(str, numbers))}" if numbers else ""
    if record is None:
        return f"proposed{of}"
    return f"signed{' with reservations' if any(record.signed_by.values()) else ''}{of}"


def _remains(state: State, party: ParticipantName) -> Counts:
    """Count containers handed over, and bodies that a laboratory found, where any were."""
    asked = {
        unit: Figure(unit=unit, side=party, scope="both", count_point=point, batch=0, value=0)
        for unit, point in (("container", "handed_over"), ("body", "laboratory"))
    }
    return {unit: figures.supported(state, figure) or 0 for unit, figure in asked.items()}


# --- batches and dates -----------------------------------------------------------------------------------------------


def date_words(state: State, batch: int) -> str:
    """Return the date and place agreed for a batch (0: the whole exchange) in words; ``no date agreed`` if none is."""
    found = dates.date_of(state, batch)
    if found is None:
        status = dates.date_status(state, batch)
        return NO_DATE if status in ("none proposed", "agreed") else f"{NO_DATE} ({status})"
    return f"{found.says.opens} to {found.says.closes}, {found.says.place}"


def _date(state: State) -> str:
    """Return the date of the whole exchange in words, else the batches that have one, and those that have none."""
    whole = date_words(state, 0)
    numbers = batches.numbers(state)
    dated = [str(number) for number in numbers if dates.date_of(state, number) is not None]
    if not whole.startswith(NO_DATE) or not dated:
        return whole
    undated = [str(number) for number in numbers if str(number) not in dated]
    rest = f"; {NO_DATE} for batch {', '.join(undated)}" if undated else ""
    return f"agreed for batch {', '.join(dated)}{rest}"


def _batch(state: State, number: int, outcomes: Mapping[LineId, str]) -> Batch:
    sides = {party: _batch_side(state, number, party, outcomes) for party in state.authority.parties}
    giving = [one.delivered_inside for one in sides.values() if one.planned]
    return Batch(
        status=movement.batch_status(state, number),
        date=date_words(state, number),
        sides=sides,
        level=len(set(giving)) <= 1,
        not_on_manifest=handover.not_on_manifest(state, number),
        unknown_lines=str(handover.unknown_lines(state, number)),
        containers_missed={who: str(names) for who, names in remains.count_differs(state, number).items()},
    )


def _batch_side(state: State, number: int, party: ParticipantName, outcomes: Mapping[LineId, str]) -> BatchSide:
    of_batch = state.handover.outcomes
    planned = batches.planned_set(state, number, party)
    over = [
        line
        for line, code in outcomes.items()
        if code in DELIVERED
        and lines.holder_of(state, line) == party
        and (of_batch[line].batch == number if line in of_batch else line in planned)
    ]
    inside = [line for line in over if figures.is_inside(state, line)]
    return BatchSide(
        planned=len(planned),
        delivered_inside=len(inside),
        delivered_outside=len(over) - len(inside),
        categories=_categories(state, over),
    )


# --- lists, matches, conditions --------------------------------------------------------------------------------------


def _listed(state: State, version: ListVersion) -> Listed:
    known = {line: state.lists.lines[line] for line in version.lines}
    return Listed(
        author=version.author,
        counterpart=version.counterpart,
        purpose=version.purpose,
        version=version.version,
        count=len(known),
        received=version.counterpart in version.acknowledged_by,
        answered=sum(1 for one in known.values() if one.reply is not None),
        objected=sum(1 for one in known.values() if one.objections),
        vanished=sum(1 for one in known.values() if one.dropped == lines.VANISHED),
    )


def _matched(state: State) -> int:
    """Count the people who stand on a request list and an offer list and were found to be the same, each once."""
    return sum(1 for one in state.lists.lines.values() if one.joined is not None and one.purpose == "request")


def _conditions(state: State) -> Mapping[str, Condition]:
    return {
        name: Condition(
            status=one.ended or "open",
            about=len(one.says.about),
            custodian=one.says.custodian,
            review=one.says.review,
        )
        for name, one in state.standing.conditions.items()
    }


def _positions(item: Item) -> Mapping[str, str]:
    """Return each party's last position on an item, with the answers to it as ``south to north``."""
    out: dict[str, str] = {}
    for party, position in item.positions.items():
        out[str(party)] = position.says
        out |= {f"{answering} to {party}": answer for answering, answer in position.answers.items()}
    return out


# --- statements ------------------------------------------------------------------------------------------------------


def _spoken(one: statements.Compared) -> Spoken:
    says = one.statement.says
    return Spoken(
        speaker=says.speaker,
        said=says.said,
        source=says.source,
        verdict=one.verdict,
        now=one.verdict_now,
        claims=tuple(_claim(claim, now.verdict) for claim, now in zip(one.claims, one.now, strict=True)),
    )


def _claim(claim: Judged, now: str) -> Claim:
    if not isinstance(claim.said, Figure):
        said, record = ("yes" if one else "no" for one in (claim.said, claim.record))
        return Claim(about=claim.about, said=said, record=record, verdict=claim.verdict, now=now)
    held = "; ".join(_meaning(one) for one in claim.holds_as)
    record = str(claim.record) if claim.record is not None else held
    about, said = _meaning(claim.said), str(claim.said.value)
    return Claim(about=about, said=said, record=record, verdict=claim.verdict, now=now)


def _meaning(figure: Figure) -> str:
    """Write what a figure means in words; what was not said stays out."""
    batch = f"batch {figure.batch}" if figure.batch else ""
    words = (figure.side, figure.unit, figure.scope, figure.count_point, batch, figure.part)
    return " ".join(word for word in words if word)
