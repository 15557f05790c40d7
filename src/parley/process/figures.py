"""What a number means, and what the record supports: how many of what, by whom, in which part, counted where.

A public number is a quarrel unless its unit, side, scope and count point are said (domain 3.6: bags are not bodies,
the formula is not the goodwill beside it, both sides added are not each). ``supported`` counts from the record alone.

1.  The *side* of a figure is the party that gives. Nobody is counted for two sides, and no figure adds the sides up.
2.  *Inside* is what the formula counts; *outside* is a part that one side gives on its own (a unilateral part of the
    terms). A line belongs to the part that its author named when it handed the line in.
3.  A person joined from two lists counts once, where the holder's offer line stands.
4.  Agreed: the number in the terms; for one batch, its size in the terms or else the people planned for it. Terms that
    give a floor or leave it open support no single number.
5.  Listed: people on the side's offer lists. Final: people on frozen final lists. Embarked: people recorded on board.
    Departed and arrived: the convoy leader's counts, which do not tell the parts of the formula apart; so they support
    a scope only where the batch has people of no other scope. Handed over: the outcomes RECEIVED and
    SUBSTITUTE_ACCEPTED. Confirmed: of these, those whose identity the receiving side has confirmed after a second
    look.
6.  Containers are counted when handed over, bodies only after the laboratory (domain F36, F42): the record holds no
    number of bodies before that, and it says so by supporting none.
7.  Families count as confirmed when they were notified; lists as listed when handed in; sessions as confirmed when
    closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from parley.acts import DELIVERED, Figure
from parley.clauses import Remains, UnilateralPart
from parley.process import agreed, batches, lines, remains
from parley.process.state import State
from parley.words import LineId, ParticipantName

Tallies = dict[tuple[str, str, int], Counter[str]]
"""People already counted, by the part outside the formula they belong to: of a side, at a count point, in a batch."""


def supported(state: State, figure: Figure, tallies: Tallies | None = None) -> int | None:
    """Return the value that the record supports for a figure, whatever it states; None where it cannot be told.

    ``tallies`` keeps what was counted, for the next figure of the same state: no people are counted twice.
    """
    if figure.side not in state.authority.parties:
        return None
    match figure.unit:
        case "person":
            return _people(state, figure, {} if tallies is None else tallies)
        case "container" | "body":
            return _remains(state, figure)
        case _:
            return _other(state, figure)


def is_inside(state: State, line: LineId) -> bool:
    """Say whether a person counts inside the formula: whoever was handed in with no part outside it (point 2)."""
    return not part_of(state, line)


def part_of(state: State, line: LineId) -> str:
    """Return the part outside the formula that a person belongs to; empty for the formula and for unknown lines."""
    return agreed.part_outside(state, lines.person_of(state, line))


def delivered(state: State, giving: ParticipantName, batch: int = 0) -> Iterator[LineId]:
    """Yield the people of one giving party who were handed over, in one batch or (0) in all."""
    for line, outcome in state.handover.outcomes.items():
        if outcome.code in DELIVERED and batch in (0, outcome.batch) and lines.holder_of(state, line) == giving:
            yield line


def people_of(state: State, figure: Figure) -> Iterator[LineId]:
    """Yield the people whom a figure counts, by the lines that stand for them; nobody where it counts no people."""
    people = _people_at(state, figure) if figure.unit == "person" else None
    yield from _of_scope(state, people or (), figure)


# --- people ----------------------------------------------------------------------------------------------------------


def _people(state: State, figure: Figure, tallies: Tallies) -> int | None:
    if figure.count_point == "agreed":
        return _agreed(state, figure, tallies)
    if figure.count_point in {"departed", "arrived"}:
        return _convoys(state, figure, tallies)
    key = (figure.side, figure.count_point, figure.batch)
    if key not in tallies:
        people = _people_at(state, figure)
        if people is None:
            return None
        tallies[key] = _tally(state, figure.batch, people)
    return _in_scope(tallies[key], figure)


def _tally(state: State, batch: int, people: Iterable[LineId]) -> Counter[str]:
    """Count people by part; nobody goes in a batch that is not planned."""
    return Counter(part_of(state, line) for line in people) if batch in (0, *state.batches.plans) else Counter()


def _in_scope(tally: Counter[str], figure: Figure) -> int:
    return sum(
        count
        for part, count in tally.items()
        if figure.part in ("", part) and (figure.scope == "both" or (figure.scope == "outside") == bool(part))
    )


def _people_at(state: State, figure: Figure) -> Iterable[LineId] | None:
    """Return the people of one side at a count point (5), each once; None where that point counts no people."""
    side, batch = figure.side, figure.batch
    match figure.count_point:
        case "listed":
            return None if batch else _offered(state, side)
        case "final":
            return _final(state, side, batch)
        case "embarked":
            return _embarked(state, side, batch)
        case "handed_over":
            return delivered(state, side, batch)
        case "confirmed":
            identity = state.handover.identity
            return (line for line in delivered(state, side, batch) if identity.get(line) is True)
        case _:
            return None


def _offered(state: State, side: ParticipantName) -> Iterable[LineId]:
    return (
        line
        for line, known in state.lists.lines.items()
        if known.author == side and known.purpose == "offer" and not known.dropped
    )


def _final(state: State, side: ParticipantName, batch: int) -> Iterable[LineId] | None:
    frozen = lines.frozen(state, side)
    if frozen is None or not batch:
        return frozen
    planned = batches.planned_set(state, batch, side)
    return (line for line in frozen if line in planned)


def _embarked(state: State, side: ParticipantName, batch: int) -> set[LineId]:
    return {
        lines.person_of(state, line)
        for vehicle in state.movement.vehicles.values()
        if vehicle.by == side and batch in (0, vehicle.batch) and vehicle.boarded is not None
        for line in vehicle.boarded
    }


def _of_scope(state: State, people: Iterable[LineId], figure: Figure) -> Iterator[LineId]:
    for line in people:
        part = part_of(state, line)
        if figure.part in ("", part) and (figure.scope == "both" or (figure.scope == "outside") == bool(part)):
            yield line


def _convoys(state: State, figure: Figure, tallies: Tallies) -> int | None:
    """Add up the convoy leaders' counts; a scope is supported only where nobody of another one is on board."""
    if figure.part:
        return None
    if figure.scope != "both":
        key = (figure.side, "embarked", figure.batch)
        if key not in tallies:
            tallies[key] = _tally(state, figure.batch, _embarked(state, figure.side, figure.batch))
        if _in_scope(tallies[key], figure) != tallies[key].total():
            return None
    counts = [
        convoy.departed if figure.count_point == "departed" else convoy.arrived
        for key, convoy in state.movement.convoys.items()
        if key.partition("/")[2] == figure.side and figure.batch in (0, int(key.partition("/")[0]))
    ]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


# --- agreed ----------------------------------------------------------------------------------------------------------


def _agreed(state: State, figure: Figure, tallies: Tallies) -> int | None:
    if agreed.in_force(state) is None:
        return None
    if figure.batch:
        return _agreed_in_batch(state, figure, tallies)
    inside, outside = _agreed_inside(state, figure), _agreed_outside(state, figure)
    if figure.scope == "inside":
        return inside
    if figure.scope == "outside":
        return outside
    return None if inside is None else inside + outside


def _agreed_inside(state: State, figure: Figure) -> int | None:
    """Return the number of the formula; nobody of it belongs to a part outside."""
    if figure.part:
        return 0 if figure.part in agreed.parts_outside(state) else None
    least, most = agreed.owed(state).get(figure.side, (0, 0))
    return least if least == most else None


def _agreed_outside(state: State, figure: Figure) -> int:
    return sum(
        one.gives.get(figure.side, 0)
        for one in agreed.clauses(state, UnilateralPart)
        if one.unit == figure.unit and figure.part in ("", one.clause)
    )


def _agreed_in_batch(state: State, figure: Figure, tallies: Tallies) -> int | None:
    if figure.scope == "inside" and not figure.part:
        tranche = agreed.tranche(state, figure.batch)
        if tranche is not None:
            return tranche.get(figure.side, 0)
    if batches.plan(state, figure.batch) is None:
        return None
    key = (figure.side, "agreed", figure.batch)
    if key not in tallies:
        tallies[key] = _tally(state, figure.batch, batches.planned_set(state, figure.batch, figure.side))
    return _in_scope(tallies[key], figure)


# --- the dead, and what is not people --------------------------------------------------------------------------------


def _remains(state: State, figure: Figure) -> int | None:
    if figure.count_point == "agreed":
        return _agreed_remains(state, figure)
    if figure.scope == "outside" or figure.part:
        return None
    if figure.unit == "container" and figure.count_point == "handed_over":
        return len(remains.containers(state, figure.side, figure.batch))
    if figure.unit == "body" and figure.count_point == "laboratory":
        return len(remains.bodies(state, figure.side, figure.batch))
    return None


def _agreed_remains(state: State, figure: Figure) -> int | None:
    if agreed.in_force(state) is None or figure.batch:
        return None
    inside = sum(
        one.gives.get(figure.side, 0)
        for one in agreed.clauses(state, Remains)
        if one.unit == figure.unit and figure.part in ("", one.clause)
    )
    outside = _agreed_outside(state, figure)
    return {"inside": inside, "outside": outside}.get(figure.scope, inside + outside)


def _other(state: State, figure: Figure) -> int | None:
    if figure.scope != "both" or figure.part or figure.batch:
        return None
    match figure.unit, figure.count_point:
        case "family", "confirmed":
            return sum(1 for line in state.publication.notified if lines.holder_of(state, line) == figure.side)
        case "list", "listed":
            return sum(1 for one in state.lists.versions.values() if one.author == figure.side)
        case "session", "confirmed":
            return sum(
                1
                for one in state.talks.sessions
                if one.closed and any(seat.participant == figure.side for seat in one.delegations)
            )
        case _:
            return None
