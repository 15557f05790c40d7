"""How the acts of contact are said in a scenario: founding, mandates, keys, the clock, forks and what mends them.

Keys are practice keys named by whom they belong to: ``officer-3`` of north is always the same key.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Final

from parley.acts import (
    ChooseBranch,
    Deed,
    Enrolled,
    FoundCase,
    Grant,
    IssueMandate,
    PublishEncryptionKeys,
    RecordClock,
    ReportFork,
    RevokeMandate,
    RotateKeys,
    SucceedNeutral,
    UpgradeRules,
)
from parley.desk.table import FIRST_DAY, LAST_DAY, THRESHOLD, Seat
from parley.process import RULES
from parley.process.authority import ROOT, ROOT_KINDS
from parley.process.contact import RULES_VERSION
from parley.process.state import State
from parley.record.envelope import Envelope, Seen, to_text
from parley.record.note import sign
from parley.record.seal import generate_identity
from parley.scenario.grammar import ScenarioBroken, Verb, Words, fit, parts_of
from parley.scenario.keys import practice_key
from parley.scenario.tables import enrolled
from parley.words import ActId, Digest, Moment, ParticipantName

NOBODYS: Final = ActId("0" * 64)
"""An act that is not there."""


def vkey(who: str, name: str) -> str:
    """Return the public practice key of this name: ``officer-3``, or in full ``south/officer-3``."""
    return practice_key(name if "/" in name else f"{who}/{name}").verify_key.vkey


# --- founding --------------------------------------------------------------------------------------------------------


def _found(words: Words, _state: State, who: ParticipantName) -> Deed:
    first, *others = parts_of(words["seats"])
    seats = [_seat(text) for text in first.split(",")]
    participants = tuple(enrolled(seat) for seat in seats)
    rules, origin = RULES_VERSION, f"{who}/log"
    for other in others:
        number, said = fit(other, "rules {n:int}", "needing {n:int} root keys", "the keys of {one} for {another}")
        if number == 0:
            rules = said["n"]
        elif number == 1:
            participants = tuple(_changed(one, threshold=said["n"]) for one in participants)
        else:
            borrowed = next(one for one in participants if one.name == said["one"])
            participants = tuple(
                _changed(one, roots=borrowed.roots) if one.name == said["another"] else one for one in participants
            )
    return FoundCase(origin=origin, participants=participants, rules=rules, practice=True)


def _changed(one: Enrolled, *, threshold: int | None = None, roots: tuple[str, ...] | None = None) -> Enrolled:
    return replace(one, threshold=threshold or one.threshold, roots=roots or one.roots)


def _seat(text: str) -> Seat:
    name, letters, *role = text.split()
    return Seat(name, role[0] if role else "neutral" if name == "neutral" else "party", letters)


# --- mandates --------------------------------------------------------------------------------------------------------


def _issue(words: Words, _state: State, who: ParticipantName) -> Deed:
    if "key" in words:
        officers: tuple[str, ...] = (words["key"],)
    else:
        officers = tuple(vkey(who, name) for name in words["officers"])
    kinds = words["kinds"]
    if kinds == ("everything",):
        kinds = tuple(sorted(rule.deed.kind for rule in RULES if rule.deed.kind not in ROOT_KINDS))
    return IssueMandate(
        officers=officers,
        grants=(Grant(tuple(kinds), words.get("needed", 1)),),
        not_before=words.get("not_before", FIRST_DAY),
        until=words.get("until", LAST_DAY),
        most_persons=words.get("persons", 0),
        batches=(words["batch"],) if "batch" in words else (),
    )


def _revoke(words: Words, state: State, who: ParticipantName) -> Deed:
    mine = [one.id for one in state.authority.mandates.values() if one.party == who]
    return RevokeMandate(mandate=words.get("mandate", mine[-1] if mine else NOBODYS), reason=words["reason"])


# --- keys and clock --------------------------------------------------------------------------------------------------


def _rotate(words: Words, _state: State, who: ParticipantName) -> Deed:
    return RotateKeys(
        roots=tuple(vkey(who, name) for name in words["roots"]),
        threshold=words.get("threshold", THRESHOLD),
        desk_key=vkey(who, words.get("desk", "desk")),
    )


def _publish(words: Words, _state: State, who: ParticipantName) -> Deed:
    return PublishEncryptionKeys(keys={f"{who}/{room}": _recipient(f"{who}/{room}") for room in words["rooms"]})


def _recipient(room: str) -> str:
    """Return the practice recipient of a room, always the same."""
    seed = sha256(f"parley practice room {room}".encode()).digest()
    return generate_identity(randomness=lambda size: (seed * (size // len(seed) + 1))[:size]).recipient.text


def _publish_raw(words: Words, _state: State, _who: ParticipantName) -> Deed:
    return PublishEncryptionKeys(keys={words["room"]: words["key"]})


def _clock(words: Words, _state: State, _who: ParticipantName) -> Deed:
    return RecordClock(now=words["now"])


def _upgrade(words: Words, _state: State, _who: ParticipantName) -> Deed:
    return UpgradeRules(rules=words["rules"])


def _succeed(words: Words, state: State, _who: ParticipantName) -> Deed:
    size = words.get("size", state.count)
    return SucceedNeutral(
        size=size,
        root=Digest(sha256(f"practice root {size}".encode()).hexdigest()),
        origin=f"{words['name']}/log",
        neutral=enrolled(Seat(words["name"], words.get("role", "neutral"), words["letters"])),
    )


# --- forks -----------------------------------------------------------------------------------------------------------


def _report(words: Words, state: State, _who: ParticipantName) -> Deed:
    participant, flaw = words["participant"], words.get("flaw", "")
    author = state.authority.parties[0] if flaw == "another" else participant
    notes = [_note(author, seq, room) for seq, room in ((2, "first"), (3 if flaw == "differing" else 2, "second"))]
    if flaw == "unreadable":
        notes = [note.replace("exchange.act", "exchange.fact") for note in notes]
    elif flaw == "spoiled":
        notes = [note.replace("first", "third") for note in notes]
    elif flaw == "equal":
        notes = notes[:1] * 2
    carried = tuple(b64encode(note.encode()).decode() for note in notes)
    return ReportFork(participant=ParticipantName(participant), notes=carried)


def _note(author: str, seq: int, room: str) -> str:
    """Sign a practice act of this number that says something of its own."""
    envelope = Envelope(
        answers=(),
        body={"keys": {f"{author}/{room}": "age1practice"}},
        case="practice-1",
        kind=PublishEncryptionKeys.kind,
        mandate=ROOT,
        party=ParticipantName(author),
        prev=NOBODYS,
        sealed=(),
        seen=Seen(root=Digest(""), size=0, state=Digest("")),
        seq=seq,
        time=Moment("2025-05-16T09:00:00Z"),
    )
    return sign(to_text(envelope), [practice_key(f"{author}/root-1")]).decode()


def _choose(words: Words, state: State, who: ParticipantName) -> Deed:
    head = state.authority.heads.get(who)
    if "head" not in words and head is None:
        raise ScenarioBroken("scenario.nothing_meant", what="head")
    return ChooseBranch(head=words["head"] if "head" in words or head is None else head.id)


_LIMITS: Final = (
    "[; {needed:int} signing] [; from {not_before:moment}] [; until {until:moment}] "
    "[; up to {persons:int} people] [; for batch {batch:int} only]"
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "founds the case with {seats:rest}",
        _found,
        FoundCase,
        "neutral founds the case with north N, south S, neutral X",
    ),
    Verb(
        f"issues a mandate to {{officers:names}} for {{kinds:names}} {_LIMITS}",
        _issue,
        IssueMandate,
        "north issues a mandate to officer-3 and officer-4 for agree_terms, hand_in_list; 2 signing; "
        "until 2025-06-30T00:00:00Z; up to 1,000 people",
    ),
    Verb(
        f"issues a mandate to the key {{key:text}} for {{kinds:names}} {_LIMITS}",
        _issue,
        IssueMandate,
        'north issues a mandate to the key "north/officer-9+0badc0de+AQ" for everything',
    ),
    Verb(
        "revokes the mandate [{mandate:label}] because {reason:text}",
        _revoke,
        RevokeMandate,
        'north revokes the mandate because "new_delegation"',
    ),
    Verb(
        "rotates the keys to {roots:names} [; needing {threshold:int}] [; with the desk key {desk}]",
        _rotate,
        RotateKeys,
        "north rotates the keys to root-4, root-5, root-6; needing 2",
    ),
    Verb(
        "publishes the encryption keys of {rooms:names}",
        _publish,
        PublishEncryptionKeys,
        "north publishes the encryption keys of lists and papers",
    ),
    Verb(
        "publishes {key:text} as the encryption key of {room:text}",
        _publish_raw,
        PublishEncryptionKeys,
        'north publishes "age1practice" as the encryption key of "north/lists"',
    ),
    Verb("enters the time {now:moment}", _clock, RecordClock, "neutral enters the time 2025-05-23T08:00:00Z"),
    Verb("upgrades the rules to {rules:int}", _upgrade, UpgradeRules, "neutral upgrades the rules to 2"),
    Verb(
        "succeeds the neutral by {name} {letters} [as {role}] [after {size:int} acts]",
        _succeed,
        SucceedNeutral,
        "north succeeds the neutral by envoy V after 8 acts",
    ),
    Verb(
        "reports a fork of {participant} [by {flaw:unreadable|spoiled|differing|equal} notes]",
        _report,
        ReportFork,
        "neutral reports a fork of south",
    ),
    Verb(
        "reports a fork of {participant} by notes of {flaw}",
        _report,
        ReportFork,
        "neutral reports a fork of south by notes of another",
    ),
    Verb("chooses the branch [{head:label}]", _choose, ChooseBranch, "south chooses the branch"),
)
