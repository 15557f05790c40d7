"""Batches under a policy: first the agreed order of classes, then the score, each proven best and then held fast.

The choice is a program in whole numbers over groups (``groups``). Each stage maximises one thing; what it reached becomes a rule
for the next, so no weight ever sets one person's need against another's. The last stage saves vehicles; it is bounded in work,
and how far it is from proven is said. Sides meet only where points are balanced and named people are exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from parley.composing.groups import Counted, Group, group
from parley.composing.policy import Policy, Quota
from parley.composing.pool import Pool
from parley.composing.program import Lot, Program, Row
from parley.composing.stages import Stage, Staged, solve_stages
from parley.composing.vehicles import Road, fewest_vehicles

SEPARATOR = " · "
"""Between the clause of the policy that a row comes from, its side, and its batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The program of a policy and a pool, with what each column means."""

    policy: Policy
    groups: tuple[Group, ...]
    program: Program
    places: Mapping[tuple[int, int], int]
    """Group number and batch: the column that counts its units there."""
    chosen: Mapping[tuple[int, int], int]
    """Group number and slice: the column that counts its chosen units."""
    vehicles: Mapping[tuple[str, str, int], int]
    """Side, site, batch: vehicles that go there."""
    opened: Mapping[tuple[str, str, int], int]
    """Side, site, batch: whether people leave there."""
    stages: tuple[Stage, ...]


def build(pool: Pool, policy: Policy, needed: str = "") -> Model:
    """Return the program; columns and rows stand in an order that depends on the policy and the groups alone."""
    return _Builder(group(pool, policy, needed), policy).model()


def compose(model: Model, program: Program | None = None) -> Staged:
    """Return the best column values with the value of each stage, proven; raises ComposingBroken.

    ``program``: the model's own under more rows, to ask what these would cost; then vehicles are not counted.
    """
    found = solve_stages(program or model.program, model.stages)
    if program is None and model.policy.vehicle_nodes and model.vehicles:
        found = fewest_vehicles(found, roads(model), model.policy.vehicle_nodes)
    return found


def roads(model: Model) -> tuple[Road, ...]:
    """Return each side's vehicles and opened places, with what goes from each site."""
    found: list[Road] = []
    for side in model.policy.sides:
        taken: dict[str, list[tuple[int, int]]] = {}
        for (number, _), column in model.places.items():
            if model.groups[number].side == side:
                for site, count in model.groups[number].sites:
                    taken.setdefault(site, []).append((column, count))
        found.append(
            Road(
                vehicles={key[1:]: column for key, column in model.vehicles.items() if key[0] == side},
                opened={key[1:]: column for key, column in model.opened.items() if key[0] == side},
                taken={site: tuple(taken[site]) for site in sorted(taken)},
                sizes=model.policy.sizes[side] if model.policy.at_least is None else (),
                seats=model.policy.transport.seats or 1,
            )
        )
    return tuple(found)


class _Builder:
    """Writes columns and rows."""

    def __init__(self, groups: tuple[Group, ...], policy: Policy) -> None:
        self.groups = groups
        self.policy = policy
        self.counted = Counted(policy)
        self.uppers: list[int] = []
        self.rows: list[Row] = []
        self.free: set[int] = set()
        self.places: dict[tuple[int, int], int] = {}
        self.chosen: dict[tuple[int, int], int] = {}
        self.vehicles: dict[tuple[str, str, int], int] = {}
        self.open: dict[tuple[str, str, int], int] = {}

    def column(self, upper: int) -> int:
        self.uppers.append(upper)
        return len(self.uppers) - 1

    def row(self, name: str, terms: Iterator[tuple[int, int]], low: int | None, high: int | None) -> None:
        kept = tuple((column, value) for column, value in terms if value)
        self.rows.append(Row(name, kept, low, high))

    def model(self) -> Model:
        self._columns()
        for side in self.policy.sides:
            self._sizes(side)
            for quota in self.policy.quotas:
                if side in quota.sides:
                    self._quota(side, quota)
            self._transport(side)
        self._between()
        lots = tuple(Lot(len(one.slices[at][1]), (self.chosen[number, at],)) for number, at, one in self._slices())
        shape = frozenset([*self.vehicles.values(), *self.open.values()])
        program = Program(tuple(self.uppers), tuple(self.rows), lots, frozenset(self.free), shape)
        return Model(
            policy=self.policy,
            groups=self.groups,
            program=program,
            places=self.places,
            chosen=self.chosen,
            vehicles=self.vehicles,
            opened=self.open,
            stages=tuple(self._stages()),
        )

    def _slices(self) -> Iterator[tuple[int, int, Group]]:
        return ((number, at, one) for number, one in enumerate(self.groups) for at in range(len(one.slices)))

    def _columns(self) -> None:
        policy = self.policy
        sites = {site.name: site for site in policy.sites}
        for number, one in enumerate(self.groups):
            for batch in policy.batches:
                if all(site not in sites or sites[site].open_in(batch) for site, _ in one.sites):
                    most = min(one.units, policy.sizes[one.side][batch - 1] // one.size)
                    self.places[number, batch] = self.column(most)
        for number, at, one in self._slices():
            self.chosen[number, at] = self.column(len(one.slices[at][1]))
            self.free.add(self.chosen[number, at])
        for number, one in enumerate(self.groups):
            terms = [(column, 1) for (owner, _), column in self._of(number)]
            terms += [(self.chosen[number, at], -1) for at in range(len(one.slices))]
            self.row(f"group {number}", iter(terms), 0, 0)
        if policy.transport.seats is None and policy.transport.most_sites is None:
            return
        for side in policy.sides:
            for site in sorted({name for one in self.groups if one.side == side for name, _ in one.sites}):
                for batch in policy.batches:
                    if site not in sites or sites[site].open_in(batch):
                        if policy.transport.seats is not None:
                            size = policy.sizes[side][batch - 1]
                            most = min(policy.transport.fleet or size, -(-size // policy.transport.seats))
                            self.vehicles[side, site, batch] = self.column(most)
                        if policy.transport.most_sites is not None:
                            self.open[side, site, batch] = self.column(1)

    def _of(self, number: int) -> Iterator[tuple[tuple[int, int], int]]:
        return (
            ((number, batch), self.places[number, batch])
            for batch in self.policy.batches
            if (number, batch) in self.places
        )

    def _people(self, side: str, batch: int | None, at: int | None = None) -> Iterator[tuple[int, int]]:
        """Yield the columns of a side in a batch (or all), with what a unit counts for (its people, or a place of counts)."""
        for (number, there), column in self.places.items():
            one = self.groups[number]
            if one.side == side and batch in (None, there):
                yield column, one.size if at is None else one.counts[at]

    def _sizes(self, side: str) -> None:
        sizes, at_least = self.policy.sizes[side], self.policy.at_least
        for batch, size in zip(self.policy.batches, sizes, strict=True):
            exact = size if at_least is None else None
            self.row(self._name("batches", side, batch), self._people(side, batch), exact, size)
        if at_least is not None:
            least = at_least * self.policy.ratio[side]
            self.row(self._name("at_least", side), self._people(side, None), least, None)

    def _quota(self, side: str, quota: Quota) -> None:
        at = self.counted.of_quota[quota.name]
        clause = f"quota {quota.name}"
        if quota.least is not None or quota.most is not None:
            self.row(self._name(clause, side), self._people(side, None, at), quota.least, quota.most)
        for batch, size in zip(self.policy.batches, self.policy.sizes[side], strict=True):
            low, high = quota.batch_least, quota.batch_most
            if quota.batch_percent_least is not None:
                low = max(low or 0, -(-quota.batch_percent_least * size // 100))
            if quota.batch_percent_most is not None:
                high = min(size if high is None else high, quota.batch_percent_most * size // 100)
            if low is not None or high is not None:
                self.row(self._name(clause, side, batch), self._people(side, batch, at), low, high)

    def _transport(self, side: str) -> None:
        transport = self.policy.transport
        sites = sorted({name for one in self.groups if one.side == side for name, _ in one.sites})
        for batch in self.policy.batches:
            if transport.stretchers is not None:
                people = self._people(side, batch, self.counted.stretchers)
                self.row(self._name("stretchers", side, batch), people, None, transport.stretchers)
            for site in sites:
                self._site(side, site, batch)
            runs = [
                (column, 1) for (owner, _, there), column in self.vehicles.items() if (owner, there) == (side, batch)
            ]
            if transport.fleet is not None and runs:
                self.row(self._name("fleet", side, batch), iter(runs), None, transport.fleet)
            opened = [(column, 1) for (owner, _, there), column in self.open.items() if (owner, there) == (side, batch)]
            if opened:
                self.row(self._name("max_sites", side, batch), iter(opened), None, transport.most_sites)

    def _site(self, side: str, site: str, batch: int) -> None:
        people = [
            (self.places[number, batch], count)
            for number, one in enumerate(self.groups)
            if one.side == side and (number, batch) in self.places
            for name, count in one.sites
            if name == site
        ]
        key, transport = (side, site, batch), self.policy.transport
        size = self.policy.sizes[side][batch - 1]
        if key in self.vehicles:
            assert transport.seats is not None
            seats = [*people, (self.vehicles[key], -transport.seats)]
            self.row(self._name(f"seats {site}", side, batch), iter(seats), None, 0)
        if key in self.open:
            if key in self.vehicles:
                runs = self.vehicles[key]
                opened = [(runs, 1), (self.open[key], -self.uppers[runs])]
            else:
                opened = [*people, (self.open[key], -size)]
            self.row(self._name(f"site {site}", side, batch), iter(opened), None, 0)

    def _between(self) -> None:
        """Write what both sides share: points after each batch, the ratio where sizes are open, named pairs."""
        policy = self.policy
        if len(policy.sides) < 2:
            return
        one, other = policy.sides
        for batch in policy.batches:
            if policy.points is not None:
                terms: list[tuple[int, int]] = []
                for earlier in range(1, batch + 1):
                    terms += self._people(one, earlier, self.counted.points)
                    terms += ((column, -value) for column, value in self._people(other, earlier, self.counted.points))
                self.row(self._name("points", "", batch), iter(terms), -policy.points.balance, policy.points.balance)
            if policy.at_least is not None:
                terms = [(column, value * policy.ratio[other]) for column, value in self._people(one, batch)]
                terms += ((column, -value * policy.ratio[one]) for column, value in self._people(other, batch))
                self.row(self._name("ratio", "", batch), iter(terms), 0, 0)
        for number in range(1, len(policy.named) + 1):
            pair = {self.groups[at].side: at for at in range(len(self.groups)) if self.groups[at].named == number}
            for batch in policy.batches:
                terms = []
                for side, sign in ((one, 1), (other, -1)):
                    if side in pair and (pair[side], batch) in self.places:
                        terms.append((self.places[pair[side], batch], sign))
                self.row(self._name(f"named {number}", "", batch), iter(terms), 0, 0)

    def _name(self, clause: str, side: str, batch: int | None = None) -> str:
        return SEPARATOR.join(part for part in (clause, side, "" if batch is None else str(batch)) if part)

    def _stages(self) -> Iterator[Stage]:
        policy = self.policy
        if policy.at_least is not None:
            terms = {column: value for side in policy.sides for column, value in self._people(side, None)}
            yield Stage("as many as possible", terms)
        for one in policy.priorities:
            if one.when is not None:
                at = self.counted.of_priority[one.name]
                terms = {
                    column: value for side in policy.sides for column, value in self._people(side, None, at) if value
                }
                yield Stage(one.name, terms)
            else:
                scored = {self.chosen[number, at]: group.slices[at][0] for number, at, group in self._slices()}
                yield Stage(one.name, {column: value for column, value in scored.items() if value})
        last = len(policy.batches)
        for one in policy.priorities:
            if one.earliest and one.when is not None:
                at = self.counted.of_priority[one.name]
                terms = {
                    column: value * (last - batch)
                    for batch in policy.batches
                    for side in policy.sides
                    for column, value in self._people(side, batch, at)
                    if value * (last - batch)
                }
                yield Stage(f"{one.name}, earliest", terms)


def ahead(sizes: Mapping[str, tuple[int, ...]]) -> Mapping[str, tuple[int, ...]]:
    """Return each side's people after each batch."""
    return {side: tuple(accumulate(one)) for side, one in sizes.items()}
