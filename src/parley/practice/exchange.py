"""The reference exchange in proportion: how many, in which stages, and how its steps are signed and carried.

1,000 for 1,000 with no date, carried out in three stages (390 with 120 civilians among them, 307, 303). Other numbers keep the
proportions. Every step of the story is an act that the law judges, signed by officers' keys and carried in bundles.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from parley.acts import Deed
from parley.desk import Attachment, Desk
from parley.desk.table import post
from parley.handover.books import Comparison
from parley.process.handover import comparison
from parley.registers.sheet import Person
from parley.words import ActId, LineId, Moment, Refusal

PASSPHRASE: Final = "practice"  # noqa: S105 - it protects invented people
"""The passphrase of every practice key: a practice exchange protects nobody."""
SCRYPT: Final = 10
TRANCHES: Final = (390, 307, 303)
CIVILIANS: Final = 120
WHOLE: Final = 1000
SEATS_OF_A_BUS: Final = 50
GROUP: Final = 10
CHUNK: Final = 400

Tell = Callable[[str, int, int], None]
"""Told what happens: a sentence, and steps done and to do of the present stage (0, 0 where there is nothing to count)."""


@dataclass(slots=True)
class Clock:
    """The hour of the practice exchange: it moves only when the story says so."""

    at: datetime

    def now(self) -> Moment:
        """Return the present moment of the story."""
        return Moment(self.at.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def set(self, moment: str) -> None:
        """Go on to a moment; the story never goes back."""
        self.at = max(self.at, datetime.fromisoformat(moment))

    def pass_(self, **span: int) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


class Stopped(Exception):
    """The law refused a step of the practice exchange: the story, or the law, is wrong."""

    def __init__(self, who: str, kind: str, refusal: Refusal) -> None:
        """Keep who wanted what and why not."""
        super().__init__(f"{who} may not {kind}: {refusal.code} {dict(refusal.facts)}")
        self.refusal = refusal


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The reference exchange in a folder, stage by stage."""

    folder: Path
    per_side: int
    seed: int
    tell: Tell
    clock: Clock = field(default_factory=lambda: Clock(datetime(2025, 5, 15, 8, 0, tzinfo=UTC)))
    desks: dict[str, Desk] = field(default_factory=dict)
    lists: dict[tuple[str, str], tuple[ActId, tuple[Person, ...]]] = field(default_factory=dict)
    stage: str = ""
    dice: random.Random = field(init=False)
    reserve: dict[str, list[LineId]] = field(default_factory=dict)
    """Per giving side, people on its offer list who found no place: replacements."""

    def __post_init__(self) -> None:
        """Make the dice of the story: they shuffle spreadsheets and decide nothing."""
        self.dice = random.Random(self.seed)  # noqa: S311 - invented people need no secret chance

    @property
    def sizes(self) -> tuple[int, ...]:
        """The three stages in proportion; the last takes the remainder."""
        first, second = (self.per_side * one // WHOLE for one in TRANCHES[:2])
        return first, second, self.per_side - first - second

    @property
    def civilians(self) -> int:
        """The civilians of the first stage, in proportion."""
        return self.per_side * CIVILIANS // WHOLE

    # --- doing ---

    def go_on_to(self, moment: str) -> None:
        """Let the story reach a moment, have the neutral enter it, and let everybody know."""
        self.clock.set(moment)
        self.desks["neutral"].tick()
        self.carry()

    def do(self, who: str, deed: Deed, *, sealed: Sequence[Attachment] = ()) -> ActId:
        """Have a participant's officers sign a deed; raises Stopped where the law refuses."""
        done = self.desks[who].sign(deed, attachments=sealed)
        if isinstance(done, Refusal):
            raise Stopped(who, deed.kind, done)
        return done

    def all_do(self, names: Iterable[str], deed: Deed) -> None:
        """Have several participants sign the same deed."""
        for name in names:
            self.do(name, deed)

    def carry(self) -> None:
        """Carry the bundles; whatever the neutral turned away or another desk derived differently stops the story."""
        for one in post(self.desks):
            assert not one.turned_away, one
            assert not one.states_differ, one
        assert not self.desks["neutral"].state.void, self.desks["neutral"].state.void

    def text(self, words: str, *rooms: str) -> Attachment:
        """Return a sealed text for rooms."""
        return Attachment.of_text({"en": words}, rooms, self._chance)

    def _chance(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    @property
    def parties(self) -> tuple[str, str]:
        """The two parties in no order but the alphabet's."""
        return "north", "south"

    def other(self, party: str) -> str:
        """The other party."""
        return "south" if party == "north" else "north"

    def compare_books(self, stage: int) -> Comparison:
        """Return what the three books of a stage say together, as the neutral's desk sees it."""
        return comparison(self.desks["neutral"].state, stage)
