"""Who may sign what: participants, their root keys, their mandates, and the neutral's clock, as the record alone tells.

This is the part of the state that an independent checker must rebuild too (``spec/record.md``, Authority). It changes only
by acts of the contact stage. Names of keys are ``north/root-1``, ``north/officer-7``, ``north/desk``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from parley.acts import Act
from parley.record.keys import VerifyKey
from parley.record.note import SignatureLine
from parley.words import ActId, Moment, ParticipantName, Refusal, refuse

ROOT: Final = "root"
"""The mandate of an act that root keys sign."""
DESK: Final = "desk"
"""The mandate of an act that a participant's desk key signs: clock entries."""
DESK_KINDS: Final = frozenset({"record_clock", "report_fork"})
"""What a desk may sign without an officer: entries that only state what anybody can verify."""
ROOT_KINDS: Final = frozenset(
    {
        "found_case",
        "issue_mandate",
        "revoke_mandate",
        "rotate_keys",
        "upgrade_rules",
        "succeed_neutral",
        "choose_branch",
    }
)
"""What only root keys may sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One participant: its role, the letters of its lines, root keys (k of n) and desk key, as vkeys."""

    name: ParticipantName
    role: str
    letters: str
    roots: tuple[str, ...]
    threshold: int
    desk_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What some officers of one participant may sign: kinds with officers needed, from when until when, limits (0: none)."""

    id: ActId
    party: ParticipantName
    officers: Mapping[str, str]
    needed: Mapping[str, int]
    not_before: Moment
    until: Moment
    most_persons: int
    batches: tuple[int, ...]
    revoked: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The last act of a participant's own chain."""

    seq: int
    id: ActId


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Participants, mandates, clock, chain heads and forks at one place in the log.

    ``forks`` are open, by the position of their report; ``settled`` is the number up to which a participant's roots have
    named the branch that stands.
    """

    origin: str = ""
    practice: bool = False
    rules: int = 0
    clock: Moment = field(default=Moment(""))
    participants: Mapping[ParticipantName, Participant] = field(default_factory=dict)
    mandates: Mapping[ActId, Mandate] = field(default_factory=dict)
    heads: Mapping[ParticipantName, Head] = field(default_factory=dict)
    forks: Mapping[ParticipantName, int] = field(default_factory=dict)
    settled: Mapping[ParticipantName, int] = field(default_factory=dict)

    def named(self, role: str) -> tuple[ParticipantName, ...]:
        """Return the participants with this role, sorted by name."""
        return tuple(sorted(name for name, one in self.participants.items() if one.role == role))

    @property
    def parties(self) -> tuple[ParticipantName, ...]:
        """Return the parties, sorted by name: neither is the first."""
        return self.named("party")

    @property
    def neutral(self) -> ParticipantName:
        """Return the neutral; the founding act has exactly one."""
        (one,) = self.named("neutral")
        return one

    def owner(self, letters: str) -> ParticipantName | None:
        """Return whose lines begin with these letters."""
        return next((name for name, one in self.participants.items() if one.letters == letters), None)

    def other(self, party: ParticipantName) -> ParticipantName:
        """Return the other of two parties; where there are more, deeds name their counterpart."""
        return next(name for name in self.parties if name != party)


KeyTable = Mapping[tuple[str, bytes], VerifyKey]


def known_keys(authority: Authority) -> KeyTable:
    """Return every key whose signature the log may carry from here: roots, desk keys, officers ever mandated."""
    keys = [VerifyKey.parse(vkey) for one in authority.participants.values() for vkey in (*one.roots, one.desk_key)]
    keys += [VerifyKey.parse(vkey) for mandate in authority.mandates.values() for vkey in mandate.officers.values()]
    return {(key.name, key.hash4): key for key in keys}


def advance(authority: Authority, act: Act) -> Authority:
    """Return the authority after the author's chain grew by one act, allowed or not."""
    return replace(authority, heads={**authority.heads, act.party: Head(act.seq, act.id)})


def roots_signed(participant: Participant, signers: frozenset[str]) -> int:
    """Count the distinct root keys of a participant among the signers."""
    return sum(1 for vkey in participant.roots if VerifyKey.parse(vkey).name in signers)


def author_signed(party: str, lines: Iterable[SignatureLine], known: KeyTable) -> bool:
    """Say whether one of these signatures is by a key of the author's own that was known before the act.

    Without one the act is not genuine: nobody else may lengthen a participant's chain, not even by an act that is void.
    """
    begins = f"{party}/"
    for line in lines:  # noqa: SIM110 - this runs a million times
        if line.name.startswith(begins) and (line.name, line.hash4) in known:
            return True
    return False


def judge_signatures(authority: Authority, act: Act) -> Refusal | None:
    """Say why these signers may not do this deed here, or nothing: mandate in force, kind granted, officers, people.

    That the mandate reaches the batches meant is judged where they are known (``parley.process.reach``).
    """
    refusal = judge_signers(authority, act.party, act.deed.kind, act.mandate, act.signers)
    return _judge_most_persons(authority, act) if refusal is None else refusal


def judge_signers(
    authority: Authority, party: ParticipantName, kind: str, mandate: str, signers: frozenset[str]
) -> Refusal | None:
    """Say the same without looking into the deed: everything but the mandate's limits."""
    participant = authority.participants.get(party)
    if participant is None:
        return refuse("contact.unknown_participant", party=party)
    if mandate == ROOT or kind in ROOT_KINDS:
        return _judge_roots(participant, kind, mandate, signers)
    if mandate == DESK:
        return _judge_desk(participant, kind, signers)
    granted = authority.mandates.get(ActId(mandate))
    if granted is None or granted.party != party:
        return refuse("contact.no_such_mandate", party=party)
    return _judge_mandate(authority, granted, kind, signers)


def _judge_roots(participant: Participant, kind: str, mandate: str, signers: frozenset[str]) -> Refusal | None:
    if kind not in ROOT_KINDS or mandate != ROOT:
        return refuse("contact.not_for_root_keys", kind=kind)
    if kind == "found_case":
        return None
    signed = roots_signed(participant, signers)
    if signed < participant.threshold:
        return refuse("contact.too_few_root_keys", needed=participant.threshold, signed=signed)
    return None


def _judge_desk(participant: Participant, kind: str, signers: frozenset[str]) -> Refusal | None:
    if kind not in DESK_KINDS or signers != {VerifyKey.parse(participant.desk_key).name}:
        return refuse("contact.not_for_desk_key", kind=kind)
    return None


def _judge_mandate(authority: Authority, mandate: Mandate, kind: str, signers: frozenset[str]) -> Refusal | None:
    if mandate.revoked:
        return refuse("contact.mandate_revoked", reason=mandate.revoked)
    if authority.clock < mandate.not_before:
        return refuse("contact.mandate_not_yet", not_before=mandate.not_before, now=authority.clock)
    if authority.clock >= mandate.until:
        return refuse("contact.mandate_expired", until=mandate.until, now=authority.clock)
    needed = mandate.needed.get(kind)
    if needed is None:
        return refuse("contact.beyond_mandate", kind=kind)
    strangers = sorted(signers - mandate.officers.keys())
    if strangers:
        return refuse("contact.signer_not_in_mandate", signer=strangers[0])
    if len(signers) < needed:
        return refuse("contact.too_few_officers", needed=needed, signed=len(signers))
    return None


def _judge_most_persons(authority: Authority, act: Act) -> Refusal | None:
    mandate = authority.mandates.get(ActId(act.mandate))
    if mandate is None:
        return None
    persons = _persons(act)
    if mandate.most_persons and persons > mandate.most_persons:
        return refuse("contact.beyond_mandate_persons", most=mandate.most_persons, asked=persons)
    return None


def _persons(act: Act) -> int:
    """Return how many people per side a deed disposes of: the largest number it gives or lists."""
    numbers = [0]
    for clause in getattr(act.deed, "clauses", ()):
        numbers += getattr(clause, "gives", {}).values()
    if act.deed.kind == "sign_final_list":
        numbers.append(len(act.deed.lines))  # type: ignore[attr-defined]
    return max(numbers)
