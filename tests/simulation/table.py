"""What the simulations share: three desks at a table, a clock that is set by hand, and copies of a desk.

A copy of a desk is what an attacker or a careless keeper has: the same keys over the same record, from which two
histories can grow.
"""

from dataclasses import dataclass, field

from parley.acts import ProposeTerms
from parley.clauses import FixedNumbers
from parley.desk import Desk
from parley.desk.table import post, sit_down
from parley.store.base import Change
from parley.store.memory import MemoryStore
from parley.words import Moment, ParticipantName

START = "2025-05-16T09:00:00Z"


@dataclass
class Table:
    """Three desks of a practice case; ``now`` is what every clock on the wall shows."""

    now: str = START
    desks: dict[str, Desk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desks = sit_down(now=self.clock)

    def clock(self) -> Moment:
        return Moment(self.now)

    def __getitem__(self, name: str) -> Desk:
        return self.desks[name]

    def post(self) -> None:
        post(self.desks)

    def pass_to(self, moment: str) -> None:
        """Set every clock, have the neutral enter it, and carry it to all."""
        self.now = moment
        self.desks["neutral"].tick()
        self.post()


def copy_of(desk: Desk) -> Desk:
    """A second desk with the same keys over a copy of the same record, as it stands now."""
    store = MemoryStore()
    notes = tuple(desk.store.acts())
    newest = desk.store.checkpoint()
    checkpoints = () if newest is None else ((int(newest.split(b"\n")[1]), newest),)
    facts = dict(desk.store.facts())
    store.write(Change(start=0, acts=notes, checkpoints=checkpoints, facts=facts))
    return Desk(store, desk.name, desk.keys, now=desk.now, randomness=desk.randomness)


def terms(north: int, south: int) -> ProposeTerms:
    """Terms of so many for so many, structured only."""
    gives = {ParticipantName("north"): north, ParticipantName("south"): south}
    return ProposeTerms(
        clauses=(FixedNumbers(clause="c1", gives=gives),),
        unit="person",
        count_point="handed_over",
        languages=(),
        prevailing="",
    )
