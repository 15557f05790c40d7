"""``given …``: the usual beginning of an exchange in one sentence, so that a rule can be shown near its point.

Each step stands for ordinary sentences and brings the steps before it along, unless an earlier ``given`` of the scene
did: ``given final lists`` proposes terms, hands in lists and signs them. The sentences are real acts and are judged
like all others. The first two parties of the table are the two sides; the numbers are theirs in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from parley.scenario.grammar import ScenarioBroken, fit
from parley.scenario.tables import Settings, neutral_seat
from parley.words import Moment

MOST: Final = 20_000
"""People a side in a macro."""
TEMPLATES: Final = (
    "{step} [of batch {batch:int}] [{first:int} for {second:int}] [in {count:int} batches]",
    "{step} {more} [of batch {batch:int}] [{first:int} for {second:int}] [in {count:int} batches]",
)


class Given:
    """What was given so far in one scene: sides, numbers, and the steps taken."""

    def __init__(self, settings: Settings) -> None:
        """Take the first two parties as the sides; three for three in one batch until a ``given`` says otherwise."""
        parties = [seat for seat in settings.seats if seat.role == "party"]
        self.sides = parties[:2]
        self.neutral = neutral_seat(settings)
        self.numbers = (3, 3)
        self.batches = 1
        self.done: set[tuple[str, int]] = set()

    def expand(self, what: str, clock: Moment) -> tuple[str, ...]:
        """Return the sentences that a ``given`` stands for; raises ScenarioBroken for unknown steps, odd numbers."""
        if not what or len(self.sides) < 2:
            raise ScenarioBroken("scenario.unknown_given", text=what[:60], known=", ".join(STEPS))
        number, words = fit(f"given {what}", *(f"given {template}" for template in TEMPLATES))
        step = words["step"] if number == 0 else f"{words['step']} {words['more']}"
        batch = words.get("batch", 1)
        if step not in STEPS:
            raise ScenarioBroken("scenario.unknown_given", text=step[:60], known=", ".join(STEPS))
        self._take_numbers(words.get("first"), words.get("second"), words.get("count"))
        if not 1 <= batch <= self.batches:
            raise ScenarioBroken("scenario.bad_given", text=what[:60])
        sentences: list[str] = []
        for name in list(STEPS)[: list(STEPS).index(step) + 1]:
            key = (name, batch if name in OF_BATCH else 0)
            if key not in self.done:
                self.done.add(key)
                sentences += STEPS[name](self, batch, clock)
        return tuple(sentences)

    def _take_numbers(self, first: int | None, second: int | None, count: int | None) -> None:
        if first is not None and second is not None:
            if self.done or not (0 < first <= MOST and 0 < second <= MOST):
                raise ScenarioBroken("scenario.bad_given", text=f"{first} for {second}")
            self.numbers = (first, second)
        if count is not None:
            if ("batches", 0) in self.done or not 1 <= count <= min(self.numbers):
                raise ScenarioBroken("scenario.bad_given", text=f"in {count} batches")
            self.batches = count

    def lines(self, side: int, batch: int = 0) -> str:
        """Write the lines of one side, of one batch or (0) all: batches of equal size, the rest in the last."""
        letters, total = self.sides[side].letters, self.numbers[side]
        size = total // self.batches
        low = 1 if not batch else (batch - 1) * size + 1
        high = total if batch in (0, self.batches) else batch * size
        return f"{letters}{low}" if low == high else f"{letters}{low}-{letters}{high}"

    def names(self) -> tuple[str, str]:
        """Return the names of the two sides."""
        return self.sides[0].name, self.sides[1].name


def _terms(given: Given, _batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (f"{a} proposes {given.numbers[0]} for {given.numbers[1]}", f"{b} agrees to the terms")


def _lists(given: Given, _batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (
        f"{a} hands in an offer list for {b}: {given.lines(0)}",
        f"{b} hands in an offer list for {a}: {given.lines(1)}",
        f"{b} and {a} acknowledge the offer list",
    )


def _final_lists(given: Given, _batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (
        f"{a} and {b} sign the final list from {a} to {b}: {given.lines(0)}",
        f"{a} and {b} sign the final list from {b} to {a}: {given.lines(1)}",
    )


def _batches(given: Given, _batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    plans = [
        f"batch {number} {a} {given.lines(0, number)}; {b} {given.lines(1, number)}"
        for number in range(1, given.batches + 1)
    ]
    return (f"{a} composes the batches: {'; '.join(plans)}", f"{a} and {b} agree to the batches")


def _date(given: Given, batch: int, clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    opens, closes, answer = _later(clock, hours=1), _later(clock, hours=720), _later(clock, hours=1)
    return (
        f'{a} proposes a date from {opens} to {closes} at "the bridge", answer by {answer}, batch {batch}',
        f"{b} accepts the date of batch {batch}",
        f"clock {opens}",
    )


def _routes(given: Given, batch: int, clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    until = _later(clock, hours=700)
    return (
        f"{a} notifies the route for batch {batch} by road with 2 vehicles, not leaving after {until}",
        f"{b} notifies the route for batch {batch} by road with 2 vehicles, not leaving after {until}",
        f"{b} and {given.neutral} acknowledge the route of {a} for batch {batch}",
        f"{a} and {given.neutral} acknowledge the route of {b} for batch {batch}",
    )


def _manifests(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    return tuple(
        f"{seat.name} issues the manifest of bus-{side + 1} for batch {batch}: {given.lines(side, batch)}"
        for side, seat in enumerate(given.sides)
    )


def _boarding(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    return tuple(
        f"{seat.name} embarks {given.lines(side, batch)} on bus-{side + 1} for batch {batch}"
        for side, seat in enumerate(given.sides)
    )


def _departure(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    return tuple(f"{name} departs for batch {batch}" for name in given.names())


def _movement(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    return tuple(f"{name} arrives for batch {batch}" for name in given.names())


def _groups(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (
        f"{a} and {b} agree that group 1 of batch {batch} crossed: {given.lines(0, batch)}, {given.lines(1, batch)}",
    )


def _books(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    people = f"{given.lines(0, batch)}, {given.lines(1, batch)}"
    return (f"{a}, {b} and {given.neutral} hand in the book for batch {batch}: RECEIVED {people}",)


def _closed_batch(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (f"{a}, {b} and {given.neutral} close batch {batch}",)


def _identity(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (
        f"{b} confirms the identity of {given.lines(0, batch)}",
        f"{a} confirms the identity of {given.lines(1, batch)}",
    )


def _families(given: Given, batch: int, _clock: Moment) -> tuple[str, ...]:
    a, b = given.names()
    return (
        f"{b} notifies the families of {given.lines(0, batch)}",
        f"{a} notifies the families of {given.lines(1, batch)}",
    )


def _later(clock: Moment, *, hours: int) -> Moment:
    moment = datetime.fromisoformat(clock or "2000-01-01T00:00:00Z") + timedelta(hours=hours)
    return Moment(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


STEPS: Final[Mapping[str, Callable[[Given, int, Moment], tuple[str, ...]]]] = {
    "terms": _terms,
    "lists": _lists,
    "final lists": _final_lists,
    "batches": _batches,
    "date": _date,
    "routes": _routes,
    "manifests": _manifests,
    "boarding": _boarding,
    "departure": _departure,
    "movement": _movement,
    "groups": _groups,
    "books": _books,
    "closed batch": _closed_batch,
    "identity": _identity,
    "families": _families,
}
"""The steps in their order; each brings those before it along."""
OF_BATCH: Final = frozenset(list(STEPS)[list(STEPS).index("date") :])
"""Steps that are taken once for each batch."""
