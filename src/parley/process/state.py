"""What is known at one place in the log: everything the law needs to judge, and nothing that the record does not say.

The state is a value. It is folded from the acts alone; nobody edits it. Each section belongs to one stage of the law
and is changed only by that stage's ``apply_…`` functions. Mappings are never changed in place: a new one is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from parley.acts import (
    BatchPlan,
    CloseBatch,
    Delegation,
    Figure,
    NotifyRoute,
    Pair,
    ProposeDateAndPlace,
    ProposeJointRecord,
    ProposeTerms,
    RecordPublicStatement,
    Reply,
    SetCondition,
)
from parley.handover.books import Book
from parley.process.authority import Authority
from parley.words import ActId, Day, Digest, Fact, LineId, Lines, Moment, ParticipantName

Names = tuple[ParticipantName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """A genuine act that was not allowed: it stays in the log, without effect, with its refusal."""

    party: ParticipantName
    kind: str
    code: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something all participants should look at, that no rule forbids: ``lists.lines_vanished``, ``talks.…``."""

    code: str
    position: int
    facts: Mapping[str, Fact]


# --- talks -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session of talks; ``closed`` is the position of the act that closed it, 0 while it is open."""

    id: ActId
    place: str
    host: str
    form: str
    press: str
    delegations: tuple[Delegation, ...]
    opened: int
    closed: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One party's last position on an item: the act that stated it, what it says, and what the others answered to it."""

    id: ActId
    says: str
    answers: Mapping[ParticipantName, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of the agenda: who raised it, and the last position of each party with the answers to it."""

    title: str
    raised_by: ParticipantName
    positions: Mapping[ParticipantName, Position] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """Sessions in order, agenda items, objections to delegations."""

    sessions: tuple[Session, ...] = ()
    items: Mapping[str, Item] = field(default_factory=dict)
    objections: tuple[tuple[ParticipantName, ParticipantName, str], ...] = ()


# --- terms -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsVersion:
    """One version of the terms: who proposed it, what it says, who stands behind it, and what became of it.

    ``position`` is that of its proposal. ``closed`` is empty while it can still be agreed to; else ``withdrawn``,
    ``superseded`` or ``undone``. ``agreed_at`` is the neutral's time at which all had agreed; an amendment keeps that of
    the terms it amends, so clocks run on.
    """

    id: ActId
    proposed_by: ParticipantName
    says: ProposeTerms
    position: int
    amends: ActId | None = None
    agreed_by: Names = ()
    agreed: bool = False
    agreed_at: Moment = Moment("")
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateProposal:
    """A proposed date and place: open, agreed, declined or expired (the last by the neutral's clock, derived).

    ``superseded``: its proposer put another in its place, or terms that it belonged to were undone. ``touched`` is the
    position of the last act about it: of two agreed dates the one agreed later holds.
    """

    id: ActId
    proposed_by: ParticipantName
    says: ProposeDateAndPlace
    touched: int
    accepted_by: Names = ()
    declined_by: Names = ()
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All versions of the terms in order, the one in force, date proposals, facts established, rows attested.

    ``attested`` holds what the neutral found of an opened row under a clause, by ``N3/c2``.
    """

    versions: Mapping[ActId, TermsVersion] = field(default_factory=dict)
    in_force: ActId | None = None
    dates: Mapping[ActId, DateProposal] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    attested: Mapping[str, str] = field(default_factory=dict)


# --- lists -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One version of a request or offer list."""

    id: ActId
    author: ParticipantName
    counterpart: ParticipantName
    purpose: str
    version: int
    lines: Lines
    commit: Digest
    blob: Digest
    position: int
    handed_in: Moment
    acknowledged_by: Names = ()
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list: author, purpose, who holds the person and who receives, category, replies, objections.

    ``joined`` is the line of the other list that an agreed match found to be the same person. ``named`` is the neutral's
    time at which a list first named the line.
    """

    author: ParticipantName
    purpose: str
    holder: ParticipantName
    receiver: ParticipantName
    category: str
    grade: str = ""
    part: str = ""
    list: ActId
    dropped: str = ""
    reply: Reply | None = None
    objections: tuple[tuple[ParticipantName, str, str], ...] = ()
    joined: LineId | None = None
    named: Moment = Moment("")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalList:
    """The people whom one party gives to another: what each participant signed; frozen when all parties signed the same.

    ``reservations`` names who signed under reservation. ``frozen`` already holds the substitutions accepted since.
    """

    giving: ParticipantName
    receiving: ParticipantName
    signed: Mapping[ParticipantName, Lines] = field(default_factory=dict)
    reservations: Names = ()
    frozen: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """A request to replace lines after the freeze, and the other side's answer."""

    id: ActId
    giving: ParticipantName
    receiving: ParticipantName
    asked_by: ParticipantName
    out: Lines
    into: Lines
    reason: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Versions, lines, final lists by ``giving/receiving``, substitutions.

    ``latest`` names the last version of each list by ``author/counterpart/purpose``. ``replaced`` holds each line that an
    accepted substitution took out with the one that took its place, in the order of acceptance.
    """

    versions: Mapping[ActId, ListVersion] = field(default_factory=dict)
    latest: Mapping[str, ActId] = field(default_factory=dict)
    lines: Mapping[LineId, Line] = field(default_factory=dict)
    finals: Mapping[str, FinalList] = field(default_factory=dict)
    substitutions: Mapping[ActId, Substitution] = field(default_factory=dict)
    replaced: tuple[tuple[LineId, LineId], ...] = ()


# --- verification ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the neutral declared of one person: ready or not, until which day that holds, and where the log says so."""

    ready: bool
    valid_until: Day
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An identity question: who asked, about which lines, and whether it was answered."""

    asked_by: ParticipantName
    lines: Lines
    answered: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A pair said to be one person: who proposed, accepted, disputed."""

    pair: Pair
    grade: str
    proposed_by: ParticipantName
    accepted_by: Names = ()
    disputed_by: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Private interviews, readiness, questions, matches; certificates and clearances as days only, never outcomes.

    ``interviewed`` holds the day of the last private interview; ``examined`` and ``cleared`` the day until which the last
    medical certificate and the last legal clearance are valid. ``matches`` are keyed ``N3=S7``.
    """

    interviewed: Mapping[LineId, Day] = field(default_factory=dict)
    examined: Mapping[LineId, Day] = field(default_factory=dict)
    cleared: Mapping[LineId, Day] = field(default_factory=dict)
    readiness: Mapping[LineId, Readiness] = field(default_factory=dict)
    questions: Mapping[ActId, Question] = field(default_factory=dict)
    matches: Mapping[str, Match] = field(default_factory=dict)


# --- batches -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A proposed composition: who proposed, the plans, who agreed, whether a later one took force before it.

    ``replaced_before`` counts the substitutions that the plans already know of.
    """

    id: ActId
    proposed_by: ParticipantName
    plans: tuple[BatchPlan, ...]
    drawn: bool
    agreed_by: Names = ()
    superseded: bool = False
    replaced_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """Seed commitments and reveals, compositions, and the batches in force by number.

    ``replaced_before`` counts the substitutions that the plans in force already know of; ``drawn`` says that a composition
    drawn with these seeds is in force.
    """

    commitments: Mapping[ParticipantName, Digest] = field(default_factory=dict)
    seeds: Mapping[ParticipantName, str] = field(default_factory=dict)
    compositions: Mapping[ActId, Composition] = field(default_factory=dict)
    plans: Mapping[int, BatchPlan] = field(default_factory=dict)
    replaced_before: int = 0
    drawn: bool = False


# --- movement ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route notice and who acknowledged it; ``replaced`` by a later notice of the same convoy."""

    id: ActId
    by: ParticipantName
    says: NotifyRoute
    acknowledged_by: Names = ()
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle's manifest and who boarded (None before boarding); ``paper`` is the hash of the printed manifest, if any."""

    batch: int
    name: str
    by: ParticipantName
    lines: Lines
    paper: Digest | None = None
    boarded: Lines | None = None
    missing: Mapping[str, Lines] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Convoy:
    """One party's convoy of one batch: counts at departure and arrival (None before)."""

    departed: int | None = None
    arrived: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident on the way, with the lines that were lost, if any."""

    batch: int
    by: ParticipantName
    incident: str
    lost: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Routes, guarantees, silence windows, vehicles, convoys, incidents.

    Keys join batch and party, ``1/north``; those of vehicles add the vehicle's name, ``1/north/bus-2``.
    """

    routes: Mapping[ActId, Route] = field(default_factory=dict)
    guarantees: Mapping[str, tuple[Moment, Moment]] = field(default_factory=dict)
    windows: Mapping[str, tuple[Moment, Moment]] = field(default_factory=dict)
    vehicles: Mapping[str, Vehicle] = field(default_factory=dict)
    convoys: Mapping[str, Convoy] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()


# --- handover ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one line: code, batch, the closing that said so, and the act that corrected it, if any."""

    code: str
    batch: int
    said_by: ActId = ActId("")
    corrected_by: ActId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A small group at the crossing: the lines each side signed for."""

    signed: Mapping[ParticipantName, Lines] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Books by ``batch/participant``, groups by ``batch/number``, closings, outcomes by line, identity, effects.

    ``stated`` is the closing that each counter last signed, by ``batch/participant``; ``closings`` are those in force, and
    ``tallies`` what each of them settled: by outcome code, the people of that batch.
    """

    books: Mapping[str, Book] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    stated: Mapping[str, CloseBatch] = field(default_factory=dict)
    closings: Mapping[int, CloseBatch] = field(default_factory=dict)
    tallies: Mapping[int, Mapping[str, Lines]] = field(default_factory=dict)
    outcomes: Mapping[LineId, Outcome] = field(default_factory=dict)
    identity: Mapping[LineId, bool] = field(default_factory=dict)
    effects: Mapping[LineId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container of remains: who gave it, in which batch, provisional label, what the laboratory found, what became of it.

    ``recorded_by``: who counted it at the point. ``findings`` keeps every laboratory result, oldest first, as (participant,
    finding, line); the last one is ``finding`` and ``person``. ``made_from``: the containers it was split off or joined from.
    """

    giving: ParticipantName
    batch: int
    recorded_by: Names = ()
    labelled: str = ""
    finding: str = ""
    person: str = ""
    findings: tuple[tuple[ParticipantName, str, str], ...] = ()
    made_from: Lines = Lines()
    split_into: Lines = Lines()
    joined_into: str = ""


# --- reconciliation ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRecord:
    """A joint record: what it says, who signed, and with which reservation."""

    id: ActId
    proposed_by: ParticipantName
    says: ProposeJointRecord
    signed_by: Mapping[ParticipantName, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A person still owed: by whom, from which batch, carried to which (None: not yet said; 0: a later exchange)."""

    giving: ParticipantName
    batch: int
    code: str
    carried_to: int | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction: what it supersedes, for which lines, which outcome it says is right, and why.

    It takes effect on a line when the giving and the receiving side have both said the same (``Outcome.corrected_by``).
    """

    id: ActId
    supersedes: ActId
    by: ParticipantName
    lines: Lines
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Joint records, debts by line, corrections in order."""

    records: Mapping[ActId, JointRecord] = field(default_factory=dict)
    debts: Mapping[LineId, Debt] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()


# --- publication -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSheet:
    """A number sheet and who agreed to it."""

    id: ActId
    proposed_by: ParticipantName
    figures: tuple[Figure, ...]
    agreed_by: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing said in public and its verdict by the record at one place in the log (law: ``parley.process.claims``).

    ``about`` is ``figure``, ``date`` or ``list``. ``record`` is what the record supports: a number where the figure was
    said completely, yes or no of a date or a list. ``holds_as`` are the meanings in which an incompletely said figure
    is true.
    """

    about: str
    verdict: str
    said: Figure | bool
    record: int | bool | None = None
    holds_as: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A public statement as recorded: by which act, at which place in the log, by whom, and what was said.

    ``claims`` are its verdicts when it was recorded; they stay, whatever the record comes to hold.
    """

    id: ActId
    position: int
    recorded_by: ParticipantName
    says: RecordPublicStatement
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Number sheets, each participant's embargo, the sheet of each communiqué, public statements, families notified."""

    sheets: Mapping[ActId, NumberSheet] = field(default_factory=dict)
    embargoes: Mapping[ParticipantName, Moment] = field(default_factory=dict)
    communiques: Mapping[ActId, ActId] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    notified: frozenset[LineId] = frozenset()


# --- any stage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Who suspended, why, until when, and whether it was lifted."""

    by: ParticipantName
    reason: str
    until: Moment | None
    lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition: who set it, what it says, and how it ended (empty while it holds)."""

    by: ParticipantName
    says: SetCondition
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """People taken out of one list: by whom, whose desks held the old file, and which of them destroyed it.

    ``files`` are the hashes of the files in which the list was sealed again.
    """

    by: ParticipantName
    list: ActId
    lines: Lines
    ground: str
    files: tuple[Digest, ...]
    held_by: Names
    confirmed_by: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Suspensions, aborts, conditions, erasures, closing.

    ``closing`` is the residual day that each participant who signed the closing of the case named; ``closed_until`` the one
    agreed, from which the case is closed.
    """

    suspensions: Mapping[ActId, Suspension] = field(default_factory=dict)
    aborted: str = ""
    aborted_batches: Mapping[int, str] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    erasures: Mapping[ActId, Erasure] = field(default_factory=dict)
    erased: frozenset[LineId] = frozenset()
    closing: Mapping[ParticipantName, Day] = field(default_factory=dict)
    closed_until: Day | None = None


# --- the whole ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything known after ``count`` acts of the log.

    ``times`` holds when a kind of act last took effect, in the neutral's time: ``close_batch/north``, ``close_batch/north/2``.
    """

    count: int = 0
    authority: Authority = field(default_factory=Authority)
    encryption_keys: Mapping[str, str] = field(default_factory=dict)
    talks: Talks = field(default_factory=Talks)
    terms: Terms = field(default_factory=Terms)
    lists: Lists = field(default_factory=Lists)
    verification: Verification = field(default_factory=Verification)
    batches: Batches = field(default_factory=Batches)
    movement: Movement = field(default_factory=Movement)
    handover: Handover = field(default_factory=Handover)
    remains: Mapping[LineId, Container] = field(default_factory=dict)
    reconciliation: Reconciliation = field(default_factory=Reconciliation)
    publication: Publication = field(default_factory=Publication)
    standing: Standing = field(default_factory=Standing)
    times: Mapping[str, Moment] = field(default_factory=dict)
    void: Mapping[int, Void] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()

    def alarm(self, code: str, position: int, **facts: Fact) -> State:
        """Return the state with one more alarm."""
        return replace(self, alarms=(*self.alarms, Alarm(code=code, position=position, facts=facts)))


SECTIONS = tuple(one.name for one in fields(State))
