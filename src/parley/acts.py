"""Everything a participant can do, as frozen values; nothing else.

Each class is one kind of *deed*: the body of one kind of act. Its name in the record is the class name in lower case with
underscores (``HandInList`` is ``hand_in_list``). The first line of each docstring completes "a participant may …".
What a deed may hold is this page; whether it may be done is ``parley.process``; who said it is the envelope.
No field ever names a prisoner, a relative or an officer (DESIGN 7, point 9): people are lines, texts are sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from parley.clauses import Clause
from parley.words import ActId, Day, Digest, Lines, Moment, ParticipantName

REPLY_CODES = (
    "HELD_WILL_RELEASE",
    "HELD_WITHHELD",
    "NOT_HELD",
    "NO_RECORD",
    "IN_SEARCH",
    "DEAD",
    "RELEASED_EARLIER",
    "TRANSFERRED",
    "ESCAPED",
    "IDENTITY_UNCLEAR",
    "DUPLICATE_OF",
    "PERSON_DECLINES",
    "UNFIT_TO_TRAVEL",
    "NOT_IN_SCOPE",
    "LEGAL_CLEARANCE_PENDING",
)
"""What a holder may answer for one line (domain 5.2); "no reply by the deadline" is derived, never said."""

WITHHELD_REASONS = (
    "criminal_proceedings",
    "sentence",
    "category",
    "status_contested",
    "reserved_for_another_deal",
    "no_reason_given",
)
"""Why a holder keeps someone it holds; the first two are lawful under GC III art. 119 and need the name told."""

OUTCOME_CODES = (
    "RECEIVED",
    "NOT_PRESENTED",
    "DECLINED_AT_POINT",
    "IDENTITY_NOT_CONFIRMED",
    "NOT_ON_MANIFEST",
    "SUBSTITUTE_ACCEPTED",
    "REJECTED_BY_RECEIVER",
    "RETURNED_WITH_CONVOY",
    "MEDICAL_DIVERSION",
    "DIED_BEFORE_HANDOVER",
    "DEFERRED",
)
"""What became of one line at the handover point (domain 5.2)."""

DELIVERED = frozenset({"RECEIVED", "SUBSTITUTE_ACCEPTED"})
"""The outcomes after which a person counts as delivered."""

DROP_REASONS = (
    "withdrawn_by_author",
    "duplicate",
    "returned",
    "dead",
    "found_elsewhere",
    "out_of_scope",
    "entered_in_error",
)
"""Why a line is left out of a later version of its list; without one the law raises the alarm (domain F10)."""

OBJECTION_GROUNDS = (
    "held_by_evidence",
    "seen_alive",
    "wrong_person",
    "in_scope",
    "out_of_scope",
    "wrong_category",
    "already_returned",
    "no_certificate",
)
LIST_PURPOSES = ("request", "offer")
SUBSTITUTION_REASONS = (
    "not_ready",
    "dead",
    "released_earlier",
    "transferred",
    "escaped",
    "identity",
    "duplicate",
    "entered_in_error",
    "by_agreement",
)
"""Why a line is replaced after the freeze; ``not_ready`` is the one word for illness, courts and a person's own wish."""

SUBSTITUTION_ANSWERS = ("accept", "decline")
MATCH_GRADES = ("sure", "doubtful")
DISPUTE_GROUNDS = ("other_person", "particulars_differ", "question_failed", "document", "laboratory", "no_reason_given")
EVIDENCE_CLASSES = ("document", "notification", "neutral_visit", "witness", "video", "laboratory", "family", "none")
SESSION_FORMS = ("direct", "proximity", "shuttle", "video", "written")
"""How delegations meet: in one room, in two rooms, through one who travels, by picture, on paper."""
PRESS = ("open", "closed", "open_then_closed")
POSITIONS = ("asks", "offers", "supports", "opposes", "reserves")
POSITION_ANSWERS = ("agree", "decline", "consider", "reserve")
DELEGATION_OBJECTIONS = ("level", "mandate", "composition", "absence")
DATE_ANSWERS = ("accept", "decline")
FINDINGS = ("fits", "does_not_fit")
"""What the neutral may find of a row opened before it."""
ROLES = ("party", "neutral", "custodian", "witness", "auditor")
UNITS = ("person", "body", "container", "family", "list", "session")
SCOPES = ("inside", "outside", "both")
COUNT_POINTS = (
    "agreed",
    "listed",
    "final",
    "embarked",
    "departed",
    "arrived",
    "handed_over",
    "confirmed",
    "laboratory",
)

LOSS_CAUSES = (
    "not_ready",
    "removed_from_list",
    "never_listed",
    "not_yet_held",
    "lost_on_the_way",
    "batch_aborted",
    "exchange_aborted",
    "in_another_batch",
    "unexplained",
)
"""Why an agreed number was not reached, where no reply code and no outcome code says it; ``unexplained`` is an answer."""
GAIN_CAUSES = ("added", "replacement", "from_another_batch")
"""What brought people on top of the agreed number; counted below zero, because they make the difference smaller."""
RESERVATIONS = ("count", "cause", "identity", "composition", "scope")
"""What a signer of the joint record does not accept in it; the words of the reservation travel sealed."""
CORRECTION_REASONS = ("entered_in_error", "identity", "laboratory", "found_later", "counted_twice", "late_evidence")
STATUS_WORDS = ("proposed", "agreed", "signed", "executed")
"""How far an exchange may be said to be, from least to most (domain F23)."""
LANGUAGES = ("ar", "en", "ru", "uk")
"""The languages in which a communiqué can be built."""

MEANS = ("road", "rail", "air", "sea", "foot")
ROUTE_ASKS = ("safety", "silence")
"""What a route notice may ask of the other side before the convoy departs: a guarantee of safety, a silence window."""
EMBARKATION_CODES = ("NOT_PRESENTED", "DIED_BEFORE_HANDOVER")
"""How someone on the manifest who did not board is entered: one word for every cause, since a sick, a charged and an
unwilling prisoner are all still in the holder's hands. A death endangers nobody any more and must be told."""
INCIDENTS = (
    "breakdown",
    "delay",
    "weather",
    "road_blocked",
    "shelling",
    "attack",
    "crash",
    "medical",
    "death",
    "escape",
    "provocation",
    "other",
)
DIFFERENCE_CAUSES = (
    "counted_twice",
    "missed_at_the_count",
    "entered_in_error",
    "counted_at_different_points",
    "identity_in_doubt",
    "refusal_claimed",
    "turned_back",
    "device_failed",
    "unexplained",
)
"""Why the counters' books differ on a line; ``unexplained`` is a cause, silence is none."""
EFFECTS = ("owed", "handed_over")
LABORATORY_FINDINGS = ("confirmed", "another_person", "several_people", "not_human")
SUSPENSION_REASONS = (
    "consultation",
    "security",
    "weather",
    "incident",
    "lists_disputed",
    "parity",
    "breach_of_terms",
    "technical",
    "no_reason_given",
)
ABORT_REASONS = (
    "security",
    "incident",
    "lists_disputed",
    "parity",
    "breach_of_terms",
    "other_side_did_not_come",
    "no_agreement",
    "no_reason_given",
)
LIFTINGS = ("fulfilled", "lifted", "broken")
"""How a condition ended: as it said, by the will of who set it, or against it."""
ERASURE_GROUNDS = (
    "entered_in_error",
    "person_asked",
    "family_asked",
    "danger_to_person",
    "purpose_ended",
    "court_order",
)


class Deed:
    """The common base of every deed; holds no field of its own."""

    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Derive the kind from the class name, once."""
        super().__init_subclass__()
        cls.kind = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")


# --- contact -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One participant in the founding act: its role, the letters its lines begin with, its root keys and its desk key."""

    name: ParticipantName
    role: str
    letters: str
    roots: tuple[str, ...]
    threshold: int
    desk_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase(Deed):
    """Found the case: participants, root keys, log name, rules version; every root signs."""

    origin: str
    participants: tuple[Enrolled, ...]
    rules: int
    practice: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """Kinds of act that a mandate allows, and how many of its officers must sign each."""

    kinds: tuple[str, ...]
    officers_needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueMandate(Deed):
    """Issue a mandate: officers' keys, what they may sign, from when until when, within which limits."""

    officers: tuple[str, ...]
    grants: tuple[Grant, ...]
    not_before: Moment
    until: Moment
    most_persons: int = 0
    batches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeMandate(Deed):
    """Revoke a mandate from here on; what it signed before stands."""

    mandate: ActId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeys(Deed):
    """Replace one's root keys and desk key; the old and the new threshold both sign."""

    roots: tuple[str, ...]
    threshold: int
    desk_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishEncryptionKeys(Deed):
    """Publish the keys to which others seal what they send: one age recipient per room (``north/lists``)."""

    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClock(Deed):
    """Enter the neutral's time into the record; it never runs backwards."""

    now: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRules(Deed):
    """Go over to another version of the rules in mid-case; every root signs."""

    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedNeutral(Deed):
    """Put another neutral in the place of one that failed, from the last three-signed checkpoint; the parties' roots sign."""

    size: int
    root: Digest
    origin: str
    neutral: Enrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFork(Deed):
    """Show that a participant signed two acts with one number: both notes are carried whole, in base64, as proof."""

    participant: ParticipantName
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseBranch(Deed):
    """Name, with the root keys, the act on which one's own chain goes on after a fork."""

    head: ActId


# --- talks -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who sat at the table: members by public name or role, and under which mandate."""

    participant: ParticipantName
    members: tuple[str, ...]
    mandate: ActId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession(Deed):
    """Open a session of talks: place, host, format, delegations, press open or closed."""

    place: str
    host: str
    form: str
    press: str
    delegations: tuple[Delegation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSession(Deed):
    """Close the open session."""

    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseItem(Deed):
    """Put an item on the agenda."""

    item: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePosition(Deed):
    """State one's position on an item; its words travel sealed."""

    item: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPosition(Deed):
    """Answer another's position, named by the act that stated it: agree, decline, consider or reserve."""

    item: str
    position: ActId
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToParticipant(Deed):
    """Object to a delegation's level or mandate, on the record."""

    participant: ParticipantName
    ground: str


# --- terms -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTerms(Deed):
    """Propose terms: clauses, the unit and the point that count, and the sealed texts in each authentic language."""

    clauses: tuple[Clause, ...]
    unit: str
    count_point: str
    languages: tuple[str, ...]
    prevailing: str
    effect: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeTerms(Deed):
    """Agree to the terms last proposed, named by id."""

    terms: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTerms(Deed):
    """Take back one's own proposal, or one's agreement while the other has not yet agreed."""

    terms: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendTerms(Deed):
    """Propose a new version of agreed terms; the old ones hold until all agree to the new."""

    terms: ActId
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDateAndPlace(Deed):
    """Propose a day and a place for a batch (0: for the whole exchange), open until a given time."""

    batch: int
    opens: Moment
    closes: Moment
    place: str
    answer_by: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDateAndPlace(Deed):
    """Accept or decline a proposed date and place."""

    proposal: ActId
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishFact(Deed):
    """Record, as the neutral, which way a conditional clause fell: ``alive`` or ``dead``, which branch holds."""

    clause: str
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestRow(Deed):
    """Record that a row was opened before the neutral, proves against its commitment, and does or does not fit."""

    line: str
    clause: str
    root: Digest
    finding: str


# --- lists -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Lines that share what the law needs to know of them: category, weight class and the part of the terms they belong to."""

    lines: Lines
    category: str
    grade: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Lines left out of this version, and why."""

    lines: Lines
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInList(Deed):
    """Hand in a request list or an offer list, sealed; a new version names the one it replaces."""

    purpose: str
    counterpart: ParticipantName
    version: int
    groups: tuple[LineGroup, ...]
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeList(Deed):
    """Acknowledge a list: it arrived, opens, and has so many lines."""

    list: ActId
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer for some lines: the code, and what that code asks for."""

    lines: Lines
    code: str
    reason: str = ""
    certificate: bool = False
    line: str = ""
    day: Day | None = None
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToLines(Deed):
    """Reply, as the holder, to lines of a list: one code per line."""

    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToLines(Deed):
    """Object to replies or to offered lines, with a ground and a class of evidence."""

    lines: Lines
    ground: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFinalReply(Deed):
    """Close one's replies to a list: what is not answered now counts as unanswered."""

    list: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFinalList(Deed):
    """Sign the final list of people whom one party gives to another; it is final when all parties signed the same lines."""

    giving: ParticipantName
    receiving: ParticipantName
    lines: Lines
    under_reservation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubstitution(Deed):
    """Ask, after the freeze, to put one line in the place of another."""

    out: Lines
    into: Lines
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubstitution(Deed):
    """Accept or decline a substitution."""

    request: ActId
    answer: str


# --- verification ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInterview(Deed):
    """Record, as the neutral, that private interviews were held; what was said is sealed to the neutral."""

    lines: Lines
    day: Day
    alone: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyMedically(Deed):
    """Record that a medical commission examined people; the certificates travel sealed."""

    lines: Lines
    day: Day
    valid_until: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearLegally(Deed):
    """Record, as the holder, that the legal steps for these lines were looked into; the outcome travels sealed."""

    lines: Lines
    day: Day
    valid_until: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareReadiness(Deed):
    """Declare, as the neutral, who is ready and who is not ready: the same words whatever the cause."""

    ready: Lines
    not_ready: Lines
    valid_until: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class AskIdentityQuestion(Deed):
    """Ask a question that only the right person or the family could answer; it travels sealed."""

    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerIdentityQuestion(Deed):
    """Answer an identity question; the answer is sealed to the neutral."""

    question: ActId
    answered: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A request line and an offer line that are said to be one person."""

    request: str
    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMatch(Deed):
    """Say that request lines and offer lines are the same people."""

    pairs: tuple[Pair, ...]
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMatch(Deed):
    """Accept that request lines and offer lines are the same people: from here they count once."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMatch(Deed):
    """Dispute that request lines and offer lines are the same people."""

    pairs: tuple[Pair, ...]
    ground: str


# --- batches -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitSeed(Deed):
    """Commit to a secret seed for the draw: SHA-256 of the seed."""

    commitment: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealSeed(Deed):
    """Reveal the seed committed to."""

    seed: str


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """One batch: its number, and the lines that each giving party brings."""

    batch: int
    gives: Mapping[ParticipantName, Lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeBatches(Deed):
    """Propose the batches: which lines go in which."""

    batches: tuple[BatchPlan, ...]
    policy: Digest
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeBatches(Deed):
    """Agree to a composition, named by id."""

    composition: ActId


# --- movement ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyRoute(Deed):
    """Notify the route and means of a convoy, and what it asks of the other side; the route itself travels sealed."""

    batch: int
    means: str
    vehicles: int
    abort_at: Moment
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeRoute(Deed):
    """Acknowledge a route notice: without this the convoy may not depart."""

    notice: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeSafety(Deed):
    """Guarantee the safety of a batch's convoys and staff for a time."""

    batch: int
    opens: Moment
    closes: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareSilenceWindow(Deed):
    """Declare a local silence window around a batch's crossing."""

    batch: int
    opens: Moment
    closes: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueManifest(Deed):
    """Issue the manifest of one vehicle: which lines ride on it."""

    batch: int
    vehicle: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintManifests(Deed):
    """Put the printed manifests of one's vehicles on record: for each vehicle the SHA-256 of its PDF."""

    batch: int
    papers: Mapping[str, Digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embark(Deed):
    """Record who boarded a vehicle, and who did not; why not may travel sealed, to the neutral alone."""

    batch: int
    vehicle: str
    boarded: Lines
    missing: Mapping[str, Lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart(Deed):
    """Record that one's convoy departed with so many people."""

    batch: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIncident(Deed):
    """Report an incident on the way; lines that are lost are named by line only."""

    batch: int
    incident: str
    lost: Lines = Lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(Deed):
    """Record that one's convoy arrived with so many people."""

    batch: int
    count: int


# --- handover ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInBook(Deed):
    """Hand in one counter's book for a batch: an outcome code for each line, and the book's hash."""

    batch: int
    book: Digest
    outcomes: Mapping[str, Lines]
    unlisted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeGroup(Deed):
    """Agree that a small group has crossed: each side signs the same lines."""

    batch: int
    group: int
    lines: Lines


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines on which the books differ: the outcome agreed for them, and why they differed; ``unexplained`` is a cause."""

    lines: Lines
    outcome: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBatch(Deed):
    """Close a batch once all three books are in and every difference is named; people without a line are only counted."""

    batch: int
    differences: tuple[Difference, ...] = ()
    unlisted: int = 0
    unlisted_cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmIdentity(Deed):
    """Confirm, as the receiving side after a second look, who the people received are."""

    confirmed: Lines
    not_confirmed: Lines = Lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverEffects(Deed):
    """Record sealed packets of effects, money and papers: handed over, or owed (GC III art. 119, 122)."""

    lines: Lines
    packets: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContainer(Deed):
    """Record containers of remains as handed over: opaque ids, with provisional identity at most."""

    batch: int
    containers: Lines
    giving: ParticipantName
    labelled: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLaboratoryResult(Deed):
    """Record what a laboratory found of a container: confirmed, another person, several people, or not human."""

    container: str
    finding: str
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitContainer(Deed):
    """Record that one container held several people: its parts get ids of their own."""

    container: str
    into: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinContainers(Deed):
    """Record that several containers hold one person."""

    containers: Lines
    into: str


# --- reconciliation ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of the difference between the agreed and the delivered number of one giving side, and its cause."""

    giving: ParticipantName
    cause: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeJointRecord(Deed):
    """Propose the joint record: counts per giving side and outcome, and each difference explained or named unexplained.

    ``batches`` names some batches; empty, the record is that of the whole exchange. ``counts`` are people inside the formula.
    """

    batches: tuple[int, ...]
    agreed: Mapping[ParticipantName, int]
    counts: Mapping[ParticipantName, Mapping[str, int]]
    explained: tuple[Explained, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignJointRecord(Deed):
    """Sign the joint record, with a reservation if need be; its words travel sealed."""

    record: ActId
    reservation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryDebtsOver(Deed):
    """Carry people still owed over to a later batch, or to a later exchange (0)."""

    lines: Lines
    to_batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Deed):
    """Correct an earlier statement: what it supersedes stays readable, and is marked superseded."""

    supersedes: ActId
    lines: Lines
    outcome: str
    reason: str


# --- publication -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that means one thing: unit, side it concerns, scope, count point, batch (0: all) and value."""

    unit: str
    side: ParticipantName
    scope: str
    count_point: str
    batch: int
    value: int
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeNumberSheet(Deed):
    """Propose the numbers that may be said in public."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeNumberSheet(Deed):
    """Agree to a number sheet, named by id."""

    sheet: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEmbargo(Deed):
    """Set until when nothing may be published."""

    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCommunique(Deed):
    """Publish a communiqué built from the agreed numbers: the status word it uses, and its text's hash per language."""

    sheet: ActId
    status: str
    texts: Mapping[str, Digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPublicStatement(Deed):
    """Record what a side said in public: its figures, so that they can be set beside what the record supports.

    What was left unsaid of a figure (its unit, scope or count point) is empty; nothing is filled in for the speaker.
    ``speaker`` is on whose behalf it was said, ``voice`` in what office (a code, never a name), ``outlet`` through whom;
    ``named`` is whether that voice spoke openly, False for an unnamed source, nothing where it is not known; ``item`` is
    what it spoke of. The quotation itself travels sealed.
    """

    speaker: ParticipantName
    said: Moment
    source: str
    figures: tuple[Figure, ...] = ()
    date_agreed: bool | None = None
    list_received: bool | None = None
    voice: str = ""
    outlet: str = ""
    named: bool | None = None
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyFamily(Deed):
    """Record that families were notified of people whose identity the receiving side has confirmed."""

    lines: Lines


# --- any stage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Deed):
    """Suspend the exchange, with a reason and until when; finished work stays."""

    reason: str
    until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Deed):
    """Lift one's own suspension."""

    suspension: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortBatch(Deed):
    """Abort one batch: its people are owed, closed batches stay."""

    batch: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortExchange(Deed):
    """Abort the exchange: closed batches stay delivered, the rest is named as not carried out."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCondition(Deed):
    """Set a condition on people or parties: custodian, end, review day, duty to give notice."""

    condition: str
    about: Lines
    custodian: str
    review: Day
    notice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftCondition(Deed):
    """Lift a condition, or record that it was broken."""

    condition: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(Deed):
    """Erase people from a sealed list: name the lines, the ground, and the re-sealed list without them."""

    list: ActId
    lines: Lines
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmErasure(Deed):
    """Confirm that one's desk destroyed the old file and the key that opened it."""

    erasure: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Deed):
    """Close the case: each desk destroys its keys (erase keys), and the residual ledger stays open until its own day."""

    residual_until: Day


DEEDS: tuple[type[Deed], ...] = tuple(
    value
    for value in dict(globals()).values()
    if isinstance(value, type) and issubclass(value, Deed) and value is not Deed
)
BY_KIND: Mapping[str, type[Deed]] = {deed.kind: deed for deed in DEEDS}


# --- said --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed attachment as the envelope names it: hash of the file, commitment to its rows, size class, recipients."""

    blob: Digest
    commit: Digest
    size: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deed with who did it: what the law judges. ``position`` is the place in the log, from 0."""

    id: ActId
    position: int
    party: ParticipantName
    seq: int
    mandate: str
    signers: frozenset[str]
    deed: Deed
    answers: tuple[ActId, ...] = ()
    sealed: tuple[Sealed, ...] = ()
