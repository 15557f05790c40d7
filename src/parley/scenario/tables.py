"""Where a scenario is played: against the law alone, or at real desks that sign, seal and carry bundles.

Both tables take the same sentences and must come to the same state. ``LawTable`` folds acts without signatures, so that
the law can be tested by the thousand; ``DeskTable`` drives one desk per participant and posts their bundles after each
sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from parley.acts import (
    Act,
    Deed,
    Enrolled,
    FoundCase,
    Grant,
    IssueMandate,
    PublishEncryptionKeys,
    RecordClock,
    RotateKeys,
    Sealed,
)
from parley.desk import Desk, Keys
from parley.desk.folder import ROOMS, founding_text
from parley.desk.sealing import Attachment
from parley.desk.table import LAST_DAY, OFFICERS, ROOTS, THRESHOLD, TWO_OFFICERS, USUAL, Seat, post
from parley.process import RULES, judge, step
from parley.process.authority import DESK, DESK_KINDS, ROOT, ROOT_KINDS, Authority
from parley.process.contact import RULES_VERSION
from parley.process.state import State
from parley.record.commitment import Rows, erase_rows, salt_rows
from parley.record.keys import SigningKey
from parley.record.note import sign
from parley.record.seal import generate_identity
from parley.scenario.grammar import Paper, ScenarioBroken
from parley.scenario.keys import practice_key
from parley.store import open_store
from parley.words import LINE, ActId, Digest, Moment, ParticipantName, Refusal

ALL_ROOTS: Final = frozenset({"found_case", "upgrade_rules", "succeed_neutral"})
"""Kinds that the roots of more than one participant sign; a scenario has them all sign unless it names signers."""
START: Final = Moment("2025-05-16T09:00:00Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a scenario says at its top: who takes part, the case, the neutral's first clock, what is done beforehand."""

    seats: tuple[Seat, ...] = USUAL
    case: str = "practice-1"
    practice: bool = True
    start: Moment = START
    empowered: bool = True
    """Whether founding, mandates and published keys are entered before the first sentence."""
    law_only: bool = False
    """Whether desks cannot play it: a table has no desk for a neutral that takes over in mid-case."""


class Table(Protocol):
    """Where deeds are done; ``last`` is the id of the last act that was logged, also a void one."""

    settings: Settings
    last: ActId

    @property
    def state(self) -> State:
        """The latest known state of the log."""

    def do(
        self,
        who: ParticipantName,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        anyway: bool = False,
        sealed: Sequence[Paper] = (),
    ) -> Refusal | None:
        """Do a deed: log it if the law allows it, or ``anyway``; return the refusal if there was one."""


TableFactory = Callable[[Settings], Table]


def seat_keys(name: str) -> dict[str, SigningKey]:
    """Return the practice keys of one participant: desk, roots, officers."""
    names = [f"{name}/desk"]
    names += [f"{name}/root-{number}" for number in range(1, ROOTS + 1)]
    names += [f"{name}/officer-{number}" for number in range(1, OFFICERS + 1)]
    return {one: practice_key(one) for one in names}


def enrolled(seat: Seat) -> Enrolled:
    """Return what the founding act says of one seat."""
    keys = seat_keys(seat.name)
    roots = tuple(one.verify_key.vkey for name, one in keys.items() if "/root-" in name)
    desk_key = keys[f"{seat.name}/desk"].verify_key.vkey
    return Enrolled(ParticipantName(seat.name), seat.role, seat.letters, roots, THRESHOLD, desk_key)


def founding(settings: Settings) -> FoundCase:
    """Return the founding act of a practice case."""
    return FoundCase(
        origin=f"{neutral_seat(settings)}/log",
        participants=tuple(enrolled(seat) for seat in settings.seats),
        rules=RULES_VERSION,
        practice=settings.practice,
    )


def neutral_seat(settings: Settings) -> ParticipantName:
    """Return who is to be the neutral; raises ScenarioBroken unless exactly one seat is."""
    neutral = [seat.name for seat in settings.seats if seat.role == "neutral"]
    if len(neutral) != 1:
        raise ScenarioBroken("scenario.no_neutral")
    return ParticipantName(neutral[0])


def broad_mandate(seat: Seat, start: Moment) -> IssueMandate:
    """Return a mandate for every kind there is, also for other roles': so it is the role that refuses, and says so."""
    officers = tuple(one.verify_key.vkey for name, one in seat_keys(seat.name).items() if "/officer-" in name)
    kinds = sorted(rule.deed.kind for rule in RULES if rule.deed.kind not in ROOT_KINDS)
    one = Grant(tuple(kind for kind in kinds if kind not in TWO_OFFICERS), 1)
    two = Grant(tuple(kind for kind in kinds if kind in TWO_OFFICERS), OFFICERS)
    return IssueMandate(officers=officers, grants=(one, two), not_before=start, until=LAST_DAY)


def full_names(who: ParticipantName, signers: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return key names in full: ``officer-1`` of north is ``north/officer-1``."""
    return None if signers is None else tuple(one if "/" in one else f"{who}/{one}" for one in signers)


def root_names(authority: Authority, who: ParticipantName, deed: Deed) -> tuple[str, ...]:
    """Return the root keys that sign by default: all of one's own, and everybody's where the kind asks for it."""
    if isinstance(deed, FoundCase):
        everybody = [vkey for one in deed.participants for vkey in one.roots]
    else:
        asked = authority.participants.values() if deed.kind in ALL_ROOTS else ()
        own = [one for name, one in authority.participants.items() if name == who]
        everybody = [vkey for one in (*own, *asked) for vkey in one.roots]
        everybody += deed.roots if isinstance(deed, RotateKeys) else ()
    return tuple(dict.fromkeys(vkey.partition("+")[0] for vkey in everybody))


def choose_signers(
    authority: Authority, who: ParticipantName, deed: Deed, named: tuple[str, ...] | None
) -> tuple[str, tuple[str, ...]]:
    """Return the mandate and the keys that sign: those named, else as many as the kind needs of the best mandate."""
    if deed.kind in ROOT_KINDS:
        return ROOT, root_names(authority, who, deed) if named is None else named
    if named is not None and any("/root-" in one for one in named):
        return ROOT, named
    own = authority.participants.get(who)
    desk_key = f"{who}/desk" if own is None else own.desk_key.partition("+")[0]
    if (named is None and deed.kind in DESK_KINDS) or named == (desk_key,):
        return DESK, (desk_key,)
    mine = [one for one in authority.mandates.values() if one.party == who]
    mine.sort(key=lambda one: (deed.kind not in one.needed, bool(one.revoked), one.until <= authority.clock))
    if named is not None:
        fitting = [one for one in mine if set(named) <= one.officers.keys()] or mine
        return (fitting[0].id if fitting else ""), named
    if not mine:
        return "", (f"{who}/officer-1",)
    return mine[0].id, tuple(sorted(mine[0].officers))[: max(1, mine[0].needed.get(deed.kind, 1))]


class LawTable:
    """Plays against the law alone: acts get counted ids, sealed papers get made-up hashes, nobody really signs."""

    def __init__(self, settings: Settings) -> None:
        """Found the case and issue the mandates, unless the scenario begins from nothing."""
        self.settings = settings
        self.last = ActId("")
        self.log: list[Act] = []
        self._state = State()
        self._seqs: dict[ParticipantName, int] = {}
        if settings.empowered:
            self._begin()

    @property
    def state(self) -> State:
        """The state after every act so far."""
        return self._state

    def _begin(self) -> None:
        neutral = neutral_seat(self.settings)
        self._must(neutral, founding(self.settings))
        self._must(neutral, RecordClock(now=self.settings.start))
        for seat in self.settings.seats:
            self._must(ParticipantName(seat.name), broad_mandate(seat, self.settings.start))
        for seat in self.settings.seats:
            keys = {f"{seat.name}/{room}": f"age1practice{seat.name}{room}" for room in ROOMS}
            self._must(ParticipantName(seat.name), PublishEncryptionKeys(keys=keys))

    def _must(self, who: ParticipantName, deed: Deed) -> None:
        refusal = self.do(who, deed)
        if refusal is not None:
            raise ScenarioBroken("scenario.cannot_begin", cause=refusal.code)

    def do(
        self,
        who: ParticipantName,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        anyway: bool = False,
        sealed: Sequence[Paper] = (),
    ) -> Refusal | None:
        """Judge, and fold the act if it is allowed or done anyway."""
        act = self._act(who, deed, full_names(who, signers), sealed)
        refusal = judge(self._state, act)
        founded = bool(self._state.authority.participants)
        if refusal is None or (anyway and founded):  # a log begins with its founding act and with nothing else
            self._seqs[who] = act.seq
            self.log.append(act)
            self._state = step(self._state, act)
            self.last = act.id
        return refusal

    def _act(self, who: ParticipantName, deed: Deed, named: tuple[str, ...] | None, papers: Sequence[Paper]) -> Act:
        mandate, signers = choose_signers(self._state.authority, who, deed, named)
        count = self._state.count
        return Act(
            id=ActId(_hash(f"act {self.settings.case} {count}")),
            position=count,
            party=who,
            seq=self._seqs.get(who, 0) + 1,
            mandate=mandate,
            signers=frozenset(signers),
            deed=deed,
            sealed=tuple(_made_up(paper, number, count) for number, paper in enumerate(papers)),
        )


def _made_up(paper: Paper, number: int, count: int) -> Sealed:
    """Return a reference to a file that was never made; rows that name their own file keep its hash every time."""
    mark = paper.file or f"{count} {number}"
    rows = "\n".join(paper.rows)
    commit = paper.keeps or _hash(f"commit {mark} {rows}")
    return Sealed(Digest(_hash(f"blob {mark} {rows}")), Digest(commit), 16384, paper.to)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class PracticeDesk(Desk):
    """A desk at which an attacker may sit: it signs with the keys and under the mandate that the scenario names."""

    kind = ""
    chosen: tuple[str, Sequence[str]] = ("", ())

    def who_signs(self, kind: str, signers: Sequence[str] | None) -> tuple[str, Sequence[str]]:
        """Return the mandate and the signers that the scenario names for this kind, else the usual ones."""
        return self.chosen if kind == self.kind else super().who_signs(kind, signers)


class DeskTable:
    """Plays at real desks in one program: real signatures, sealed files, receipts and cosigned checkpoints.

    After each sentence all desks hold the same log; ``state`` is the neutral's, and a desk that derived another state
    is reported as ``scenario.states_differ``. Keys are practice keys, made from their names, so that a scenario plays
    alike twice up to the randomness of sealing.
    """

    def __init__(self, settings: Settings) -> None:
        """Seat the desks, found the case, issue mandates and publish keys, unless the scenario begins from nothing."""
        self.settings = settings
        self.last = ActId("")
        self.clock = settings.start
        self._sent: dict[str, Rows] = {}
        self.desks: dict[str, PracticeDesk] = {seat.name: self._seat(seat) for seat in settings.seats}
        self._neutral = neutral_seat(settings)
        if settings.empowered:
            self._begin()

    def _seat(self, seat: Seat) -> PracticeDesk:
        keys = Keys(signers=dict(seat_keys(seat.name)))
        keys.identities = {f"{seat.name}/{room}": [generate_identity()] for room in ROOMS}
        return PracticeDesk(open_store("memory:", seat.name), seat.name, keys, now=lambda: self.clock)

    def _begin(self) -> None:
        self._found(founding(self.settings))
        for seat in self.settings.seats:
            self._must(ParticipantName(seat.name), broad_mandate(seat, self.settings.start))
        for seat in self.settings.seats:
            ring = self.desks[seat.name].keys.identities
            keys = {room: identities[0].recipient.text for room, identities in ring.items()}
            self._must(ParticipantName(seat.name), PublishEncryptionKeys(keys=keys))

    def _must(self, who: ParticipantName, deed: Deed) -> None:
        refusal = self.do(who, deed)
        if refusal is not None:
            raise ScenarioBroken("scenario.cannot_begin", cause=refusal.code)

    def _found(self, deed: FoundCase) -> None:
        seats = deed.participants
        text = founding_text(
            self.settings.case, seats, origin=deed.origin, rules=deed.rules, practice=deed.practice, time=self.clock
        )
        roots = [practice_key(vkey.partition("+")[0]) for one in seats for vkey in one.roots]
        desk = self.desks[self._neutral]
        self.last = desk.enter_founding(sign(text, roots))
        self._post()

    @property
    def state(self) -> State:
        """The state that the neutral's desk derived."""
        return self.desks[self._neutral].state

    def do(
        self,
        who: ParticipantName,
        deed: Deed,
        *,
        signers: Sequence[str] | None = None,
        anyway: bool = False,
        sealed: Sequence[Paper] = (),
    ) -> Refusal | None:
        """Have the author's desk judge and sign, then carry bundles until every desk holds the same log."""
        desk = self.desks.get(who)
        if desk is None:
            raise ScenarioBroken("scenario.nobody_there", who=who)
        authority = desk.state.authority
        desk.kind, desk.chosen = deed.kind, choose_signers(authority, who, deed, full_names(who, signers))
        if who not in self.state.authority.participants:
            return self._from_outside(desk, deed)
        for name in desk.chosen[1]:
            desk.keys.signers.setdefault(name, practice_key(name))
        attachments = [self._attachment(paper) for paper in sealed]
        refusal = desk.judge(deed, attachments=attachments)
        if refusal is not None and not anyway:
            return refusal
        signed = desk.sign(deed, attachments=attachments, anyway=anyway)
        self._post()
        if isinstance(signed, Refusal):
            return signed
        self.last = signed
        if isinstance(deed, RecordClock) and refusal is None:
            self.clock = max(self.clock, deed.now)  # only now: the neutral's desk enters the time on its wall by itself
        return self._as_logged(refusal)

    def _from_outside(self, desk: Desk, deed: Deed) -> Refusal | None:
        """Judge what comes before the founding or from outside the case: only a sound founding act is logged."""
        mandate, names = self.desks[desk.name].chosen
        act = Act(
            id=ActId("0" * 64),
            position=self.state.count,
            party=desk.name,
            seq=1,
            mandate=mandate,
            signers=frozenset(names),
            deed=deed,
        )
        refusal = judge(self.state, act)
        if refusal is None:
            assert isinstance(deed, FoundCase)
            self._found(deed)
        return refusal

    def _as_logged(self, refusal: Refusal | None) -> Refusal | None:
        """Return the refusal that stands in the log for the last act; the desk's own where it was never logged."""
        position = self.desks[self._neutral].ledger.positions.get(self.last)
        void = self.state.void.get(position) if position is not None else None
        return refusal if void is None else Refusal(void.code, void.facts)

    def _attachment(self, paper: Paper) -> Attachment:
        said = [_row(text, number) for number, text in enumerate(paper.rows, start=1)]
        earlier = self._sent.get(paper.keeps)
        if earlier is not None:
            rows = erase_rows(earlier, {row.line for row in earlier} - {line for line, _ in said})
        else:
            rows = salt_rows(said, self.desks[self._neutral].randomness)
        attachment = Attachment(rows, paper.to)
        self._sent[attachment.as_drafted().commit] = rows
        return attachment

    def _post(self) -> None:
        participants = self.state.authority.participants
        for received in post({name: desk for name, desk in self.desks.items() if name in participants}):
            if received.states_differ:
                raise ScenarioBroken("scenario.states_differ", act=received.states_differ[0])
            if received.turned_away:
                raise ScenarioBroken("scenario.turned_away", cause=received.turned_away[0].code)


def _row(text: str, number: int) -> tuple[str, dict[str, str]]:
    first, _, rest = text.partition(" ")
    return (first, {"text": rest}) if LINE.match(first) else (f"T{number}", {"text": text})
