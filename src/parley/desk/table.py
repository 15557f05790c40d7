"""Several desks at one table: founds a practice case among desks in one program, and carries bundles between them.

Scenarios, drills and tests use it. The desks are real: own keys, own store, own copy of the record; only the messenger is
short-cut, and what it carries are the same bundles that travel on a stick.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.acts import BY_KIND, Enrolled, Grant, IssueMandate, PublishEncryptionKeys
from parley.desk import Desk, Keys, Received
from parley.desk.folder import ROOMS, founding_text
from parley.process import RULES
from parley.process.authority import ROOT_KINDS
from parley.process.contact import RULES_VERSION
from parley.record.keys import SigningKey
from parley.record.note import sign
from parley.record.seal import generate_identity
from parley.store import open_store
from parley.words import Moment, ParticipantName, Refusal

ROOTS: Final = 3
THRESHOLD: Final = 2
OFFICERS: Final = 2
FIRST_DAY: Final = Moment("2000-01-01T00:00:00Z")
LAST_DAY: Final = Moment("2100-01-01T00:00:00Z")
TWO_OFFICERS: Final = frozenset(
    {
        "agree_terms",
        "hand_in_list",
        "sign_final_list",
        "agree_batches",
        "hand_in_book",
        "close_batch",
        "sign_joint_record",
    }
)
"""Kinds that a mandate should grant only to two officers together (domain F29)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at the table: name, role, letters of its lines."""

    name: str
    role: str
    letters: str


USUAL: Final = (Seat("north", "party", "N"), Seat("south", "party", "S"), Seat("neutral", "neutral", "X"))


def full_grants(role: str) -> tuple[Grant, ...]:
    """Return a grant of every kind that a role may ever do, two officers where it matters most."""
    kinds = sorted(rule.deed.kind for rule in RULES if role in rule.by and rule.deed.kind not in ROOT_KINDS)
    two = tuple(kind for kind in kinds if kind in TWO_OFFICERS)
    one = tuple(kind for kind in kinds if kind not in TWO_OFFICERS)
    assert set(kinds) <= BY_KIND.keys()
    return tuple(Grant(group, needed) for group, needed in ((one, 1), (two, OFFICERS)) if group)


def fresh_keys(name: str, randomness: Callable[[int], bytes] = secrets.token_bytes) -> Keys:
    """Return unlocked keys for one participant: a desk key, three root keys, two officers' keys, its rooms."""
    names = [f"{name}/desk"]
    names += [f"{name}/root-{number}" for number in range(1, ROOTS + 1)]
    names += [f"{name}/officer-{number}" for number in range(1, OFFICERS + 1)]
    keys = Keys(signers={one: SigningKey.generate(one, randomness) for one in names})
    keys.identities = {f"{name}/{room}": [generate_identity(randomness=randomness)] for room in ROOMS}
    return keys


def enrol(seat: Seat, keys: Keys) -> Enrolled:
    """Return what the founding act says of a participant."""
    roots = tuple(one.verify_key.vkey for name, one in sorted(keys.signers.items()) if "/root-" in name)
    desk_key = keys.signers[f"{seat.name}/desk"].verify_key.vkey
    return Enrolled(ParticipantName(seat.name), seat.role, seat.letters, roots, THRESHOLD, desk_key)


def sit_down(
    seats: Sequence[Seat] = USUAL,
    *,
    case: str = "practice-1",
    now: Callable[[], Moment],
    where: Callable[[str], str] = lambda _: "memory:",
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    empowered: bool = True,
) -> dict[str, Desk]:
    """Return one desk per seat after the founding act and, unless ``empowered`` is off, mandates and published keys."""
    keys = {seat.name: fresh_keys(seat.name, randomness) for seat in seats}
    enrolled = [enrol(seat, keys[seat.name]) for seat in seats]
    neutral = next(seat.name for seat in seats if seat.role == "neutral")
    text = founding_text(case, enrolled, origin=f"{case}/{neutral}", rules=RULES_VERSION, practice=True, time=now())
    roots = [one for ring in keys.values() for name, one in sorted(ring.signers.items()) if "/root-" in name]
    desks = {
        seat.name: Desk(
            open_store(where(seat.name), seat.name), seat.name, keys[seat.name], now=now, randomness=randomness
        )
        for seat in seats
    }
    desks[neutral].enter_founding(sign(text, roots))
    post(desks)
    if empowered:
        empower(desks)
    return desks


def empower(desks: Mapping[str, Desk]) -> None:
    """Issue each participant a broad mandate for its two officers, and publish the keys of its rooms."""
    for name, desk in desks.items():
        role = desk.state.authority.participants[ParticipantName(name)].role
        officers = tuple(one.verify_key.vkey for key, one in sorted(desk.keys.signers.items()) if "/officer-" in key)
        roots = [f"{name}/root-{number}" for number in range(1, THRESHOLD + 1)]
        mandate = IssueMandate(officers=officers, grants=full_grants(role), not_before=FIRST_DAY, until=LAST_DAY)
        assert not isinstance(desk.sign(mandate, signers=roots), Refusal)
    post(desks)
    for desk in desks.values():
        rooms = {room: ring[0].recipient.text for room, ring in desk.keys.identities.items()}
        assert not isinstance(desk.sign(PublishEncryptionKeys(keys=rooms)), Refusal)
    post(desks)


def post(desks: Mapping[str, Desk]) -> tuple[Received, ...]:
    """Carry bundles between the neutral and everybody else until nothing waits and every checkpoint is cosigned."""
    neutral = next(desk for desk in desks.values() if desk.is_neutral)
    others = {name: desk for name, desk in desks.items() if desk is not neutral}
    received = [neutral.receive(desk.bundle(neutral.name)) for desk in others.values() if desk.waiting]
    for _ in range(2):
        for name, desk in others.items():
            desk.receive(neutral.bundle(name, since=desk.size))
            received.append(neutral.receive(desk.bundle(neutral.name)))
    return tuple(received)
