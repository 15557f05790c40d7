"""The law of contact: who takes part, with which keys, under which mandates, and by whose clock.

1. A case begins with one founding act, signed by every root key of every participant at one table. It is the first act of
   the log and there is no other.
2. It names two parties or more and exactly one neutral. Others (custodian, witness, auditor) may be named too. Names, letters
   of lines and keys belong to one participant each; a threshold lies between 1 and the number of root keys.
3. A mandate is signed by the threshold of root keys. It names officers' keys of that participant only, kinds of act that are
   not for root keys, how many officers each kind needs, and a time that ends after it begins. A kind that does not exist is
   harmless, and no desk writes one. A credential disputed in public is answered by pointing at this act (domain F31).
4. A mandate is revoked by the threshold of root keys, from that place in the log on. What it signed before stands.
5. Rotation replaces the root keys and the desk key; the old threshold and the new threshold both sign, so that nobody can be
   locked out by a slip and nobody can be pushed out by one stolen key. The name of a key never passes to another key.
6. Encryption keys are published per room (``north/lists``). Only one's own rooms; a newer key replaces the older one.
7. The neutral's time enters the record by clock entries that never run backwards (DESIGN 7.1). Deadlines and mandates are
   judged by them and by nothing else.
8. The rules are upgraded in mid-case by the root thresholds of all participants, and only upwards.
9. A neutral that failed is succeeded from the last three-signed checkpoint, by the root thresholds of all parties. Whether the
   checkpoint named is the last three-signed one is checked by each desk before it signs, because cosignatures are not acts.
10. Two acts of one participant with one number are a fork. Anybody may show both notes: each must verify with keys known
    here, one of them its author's, and they must differ, in one case. From then on that participant's acts are void,
    except those always allowed, until its roots name the head on which the chain goes on. What they settled stays
    settled.
11. The head named must be the last act of that participant in the log: what was receipted stands, the rest never had effect
    (``docs/decisions/0003-receipts-decide-forks.md``).
12. Everybody may do these things at any time, also while the exchange is suspended, aborted or closed: keys are lost then too.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from parley import acts
from parley.acts import ROLES, Act, Enrolled
from parley.process.authority import (
    ROOT_KINDS,
    Authority,
    Mandate,
    Participant,
    author_signed,
    known_keys,
    roots_signed,
)
from parley.process.state import State
from parley.record.envelope import read_act
from parley.record.errors import RecordBroken
from parley.record.keys import VerifyKey
from parley.record.verdict import check_signatures
from parley.words import CODE, ParticipantName, Refusal, refuse

RULES_VERSION: Final = 1
"""The version of the rules that this program judges by."""
ROOM: Final = re.compile(r"[a-z][a-z0-9-]{0,30}/[a-z0-9._-]{1,40}\Z")
RECIPIENT: Final = re.compile(r"age1[a-z0-9]{6,2000}\Z")
"""The form of a key to seal to; whether it is a usable one is seen by whoever seals to it."""
MOST_PARTICIPANTS: Final = 26
MOST_KEYS: Final = 64


def judge_found_case(state: State, act: Act, deed: acts.FoundCase) -> Refusal | None:
    """Judge points 1 and 2."""
    if state.count != 0:
        return refuse("contact.already_founded")
    refusal = _judge_enrolled(deed.participants)
    if refusal is not None:
        return refusal
    roles = [one.role for one in deed.participants]
    if roles.count("neutral") != 1 or roles.count("party") < 2 or len(roles) > MOST_PARTICIPANTS:
        return refuse("contact.wrong_participants", parties=roles.count("party"), neutrals=roles.count("neutral"))
    if act.party != next(one.name for one in deed.participants if one.role == "neutral"):
        return refuse("contact.unknown_participant", party=act.party)
    if deed.rules != RULES_VERSION:
        return refuse("contact.unknown_rules", rules=deed.rules)
    roots = {VerifyKey.parse(vkey).name for one in deed.participants for vkey in one.roots}
    unsigned = sorted(roots - act.signers)
    if unsigned:
        return refuse("contact.root_missing", key=unsigned[0], missing=len(unsigned))
    return None


def apply_found_case(state: State, act: Act, deed: acts.FoundCase) -> State:
    """Begin the case."""
    authority = Authority(
        origin=deed.origin,
        practice=deed.practice,
        rules=deed.rules,
        participants={one.name: _participant(one) for one in deed.participants},
    )
    return replace(state, authority=authority)


def judge_issue_mandate(state: State, act: Act, deed: acts.IssueMandate) -> Refusal | None:
    """Judge point 3."""
    flaw = _flaw_in_keys(act.party, deed.officers)
    if flaw is not None or not deed.officers:
        return refuse("contact.bad_key", cause=flaw or "none")
    known = known_keys(state.authority)
    for vkey in deed.officers:
        key = VerifyKey.parse(vkey)
        if key.name in _office_names(state.authority) or known.get((key.name, key.hash4), key) != key:
            return refuse("contact.bad_key", cause="in_use")
    if _reuses_a_name(state.authority, deed.officers):
        return refuse("contact.bad_key", cause="name_of_another_key")
    if deed.not_before >= deed.until:
        return refuse("contact.mandate_never_in_force", until=deed.until)
    for grant in deed.grants:
        if not 1 <= grant.officers_needed <= len(deed.officers):
            return refuse("contact.officers_needed_impossible", needed=grant.officers_needed, named=len(deed.officers))
        wrong = [kind for kind in grant.kinds if kind in ROOT_KINDS]
        if wrong:
            return refuse("contact.kind_not_grantable", kind=wrong[0][:40])
    if deed.most_persons < 0 or any(batch < 1 for batch in deed.batches):
        return refuse("contact.limits_malformed")
    return None


def apply_issue_mandate(state: State, act: Act, deed: acts.IssueMandate) -> State:
    """Put the mandate in force under the id of its act."""
    mandate = Mandate(
        id=act.id,
        party=act.party,
        officers={VerifyKey.parse(vkey).name: vkey for vkey in deed.officers},
        needed={kind: grant.officers_needed for grant in deed.grants for kind in grant.kinds},
        not_before=deed.not_before,
        until=deed.until,
        most_persons=deed.most_persons,
        batches=deed.batches,
    )
    return _with(state, mandates={**state.authority.mandates, act.id: mandate})


def judge_revoke_mandate(state: State, act: Act, deed: acts.RevokeMandate) -> Refusal | None:
    """Judge point 4."""
    mandate = state.authority.mandates.get(deed.mandate)
    if mandate is None or mandate.party != act.party:
        return refuse("contact.no_such_mandate", party=act.party)
    if mandate.revoked:
        return refuse("contact.mandate_revoked", reason=mandate.revoked)
    if CODE.match(deed.reason) is None:
        return refuse("contact.reason_missing")
    return None


def apply_revoke_mandate(state: State, act: Act, deed: acts.RevokeMandate) -> State:
    """Mark the mandate as revoked from here."""
    mandates = state.authority.mandates
    revoked = replace(mandates[deed.mandate], revoked=deed.reason)
    return _with(state, mandates={**mandates, deed.mandate: revoked})


def judge_rotate_keys(state: State, act: Act, deed: acts.RotateKeys) -> Refusal | None:
    """Judge point 5; the old threshold was judged with the signatures."""
    old = state.authority.participants[act.party]
    new = replace(old, roots=deed.roots, threshold=deed.threshold, desk_key=deed.desk_key)
    flaw = _flaw_in_keys(act.party, (*deed.roots, deed.desk_key))
    if flaw is not None:
        return refuse("contact.bad_key", cause=flaw)
    if _reuses_a_name(state.authority, (*deed.roots, deed.desk_key)):
        return refuse("contact.bad_key", cause="name_of_another_key")
    if not 1 <= deed.threshold <= len(deed.roots):
        return refuse("contact.threshold_impossible", threshold=deed.threshold, keys=len(deed.roots))
    signed = roots_signed(new, act.signers)
    if signed < deed.threshold:
        return refuse("contact.too_few_new_root_keys", needed=deed.threshold, signed=signed)
    return None


def apply_rotate_keys(state: State, act: Act, deed: acts.RotateKeys) -> State:
    """Put the new root keys and desk key in the place of the old."""
    old = state.authority.participants[act.party]
    new = replace(old, roots=deed.roots, threshold=deed.threshold, desk_key=deed.desk_key)
    return _with(state, participants={**state.authority.participants, act.party: new})


def judge_publish_encryption_keys(state: State, act: Act, deed: acts.PublishEncryptionKeys) -> Refusal | None:
    """Judge point 6."""
    for room, recipient in deed.keys.items():
        if not (room.startswith(f"{act.party}/") and ROOM.match(room) and RECIPIENT.match(recipient)):
            return refuse("contact.bad_encryption_key", room=room[:60])
    return refuse("contact.bad_encryption_key", room="") if not deed.keys else None


def apply_publish_encryption_keys(state: State, act: Act, deed: acts.PublishEncryptionKeys) -> State:
    """Enter the keys by room."""
    return replace(state, encryption_keys={**state.encryption_keys, **deed.keys})


def judge_record_clock(state: State, act: Act, deed: acts.RecordClock) -> Refusal | None:
    """Judge point 7."""
    if deed.now < state.authority.clock:
        return refuse("contact.clock_backwards", now=state.authority.clock, entered=deed.now)
    return None


def apply_record_clock(state: State, act: Act, deed: acts.RecordClock) -> State:
    """Set the neutral's time."""
    return _with(state, clock=deed.now)


def judge_upgrade_rules(state: State, act: Act, deed: acts.UpgradeRules) -> Refusal | None:
    """Judge point 8."""
    if deed.rules <= state.authority.rules:
        return refuse("contact.rules_not_newer", rules=state.authority.rules)
    return _judge_all_roots(state.authority.participants.values(), act)


def apply_upgrade_rules(state: State, act: Act, deed: acts.UpgradeRules) -> State:
    """Enter the new version; a desk whose program does not know it stops signing and says so."""
    return _with(state, rules=deed.rules)


def judge_succeed_neutral(state: State, act: Act, deed: acts.SucceedNeutral) -> Refusal | None:
    """Judge point 9."""
    if deed.size < 1 or deed.size > act.position:
        return refuse("contact.no_such_checkpoint", size=deed.size)
    parties = [one for one in state.authority.participants.values() if one.role == "party"]
    if deed.neutral.role != "neutral" or deed.neutral.name in {one.name for one in parties}:
        return refuse("contact.wrong_participants", parties=len(parties), neutrals=0)
    if deed.neutral.name in state.authority.participants:  # its chain would begin anew under numbers used before
        return refuse("contact.name_taken")
    others = [one for one in state.authority.participants.values() if one.role != "neutral"]
    taken = {one.letters for one in others}
    if deed.neutral.letters in taken:
        return refuse("contact.letters_taken", letters=deed.neutral.letters)
    flaw = _judge_enrolled((deed.neutral,))
    if flaw is None and _reuses_a_name(state.authority, (*deed.neutral.roots, deed.neutral.desk_key)):
        flaw = refuse("contact.bad_key", cause="name_of_another_key")
    return flaw or _judge_all_roots(parties, act)


def apply_succeed_neutral(state: State, act: Act, deed: acts.SucceedNeutral) -> State:
    """Put the new neutral in the place of the old; its mandates have to be issued."""
    others = {name: one for name, one in state.authority.participants.items() if one.role != "neutral"}
    fallen = state.authority.neutral
    return _with(
        state,
        origin=deed.origin,
        participants={**others, deed.neutral.name: _participant(deed.neutral)},
        mandates={
            key: replace(mandate, revoked="succeeded") if mandate.party == fallen else mandate
            for key, mandate in state.authority.mandates.items()
        },
    )


def judge_report_fork(state: State, act: Act, deed: acts.ReportFork) -> Refusal | None:
    """Judge point 10."""
    if deed.participant in state.authority.forks:
        return refuse("contact.fork_known", party=deed.participant)
    keys = known_keys(state.authority)
    shown, cases = {}, set()
    for note in deed.notes:
        try:
            signed = read_act(base64.b64decode(note, validate=True))
        except (RecordBroken, ValueError):
            return refuse("contact.fork_not_proven", cause="unreadable")
        verdict = check_signatures(signed, keys)
        if verdict.spoiled or verdict.unknown or not verdict.signed:
            return refuse("contact.fork_not_proven", cause="signature")
        if signed.envelope.party != deed.participant or not author_signed(deed.participant, signed.signatures, keys):
            return refuse("contact.fork_not_proven", cause="another_participant")
        shown[signed.id] = signed.envelope.seq
        cases.add(signed.envelope.case)
    if len(shown) != 2 or len(set(shown.values())) != 1 or len(cases) != 1:
        return refuse("contact.fork_not_proven", cause="not_two_with_one_number")
    (seq,) = set(shown.values())
    head = state.authority.heads.get(deed.participant)
    if seq <= state.authority.settled.get(deed.participant, 0):
        return refuse("contact.fork_not_proven", cause="settled")
    if seq > (head.seq if head is not None else 0) + 1:  # the log could hold neither, so neither can mislead anybody
        return refuse("contact.fork_not_proven", cause="beyond_the_log")
    return None


def apply_report_fork(state: State, act: Act, deed: acts.ReportFork) -> State:
    """Freeze the chain of whoever signed twice, and raise the alarm."""
    frozen = _with(state, forks={**state.authority.forks, deed.participant: act.position})
    return frozen.alarm("contact.fork", act.position, party=deed.participant)


def judge_choose_branch(state: State, act: Act, deed: acts.ChooseBranch) -> Refusal | None:
    """Judge point 11."""
    if act.party not in state.authority.forks:
        return refuse("contact.no_fork", party=act.party)
    if state.authority.heads[act.party].id != deed.head:
        return refuse("contact.not_the_head", party=act.party)
    return None


def apply_choose_branch(state: State, act: Act, deed: acts.ChooseBranch) -> State:
    """Let the chain go on."""
    authority = state.authority
    return _with(
        state,
        forks={name: position for name, position in authority.forks.items() if name != act.party},
        settled={**authority.settled, act.party: authority.heads[act.party].seq},
    )


def _with(state: State, **changes: object) -> State:
    return replace(state, authority=replace(state.authority, **changes))  # type: ignore[arg-type]


def _participant(one: Enrolled) -> Participant:
    return Participant(
        name=one.name,
        role=one.role,
        letters=one.letters,
        roots=one.roots,
        threshold=one.threshold,
        desk_key=one.desk_key,
    )


def _judge_enrolled(enrolled: tuple[Enrolled, ...]) -> Refusal | None:
    names, letters = {one.name for one in enrolled}, {one.letters for one in enrolled}
    if len(names) < len(enrolled):
        return refuse("contact.name_taken")
    if len(letters) < len(enrolled):
        return refuse("contact.letters_taken", letters=min(letters))
    for one in enrolled:
        if one.role not in ROLES:
            return refuse("contact.unknown_role", role=one.role[:40])
        if not (one.letters.isascii() and one.letters.isalpha() and one.letters.isupper() and len(one.letters) <= 3):
            return refuse("contact.letters_malformed", letters=one.letters[:10])
        flaw = _flaw_in_keys(one.name, (*one.roots, one.desk_key))
        if flaw is not None:
            return refuse("contact.bad_key", cause=flaw)
        if not 1 <= one.threshold <= len(one.roots):
            return refuse("contact.threshold_impossible", threshold=one.threshold, keys=len(one.roots))
    return None


def _flaw_in_keys(owner: ParticipantName, vkeys: tuple[str, ...]) -> str | None:
    """Return what is wrong with these keys of one participant, or nothing: malformed, another's name, named twice.

    One key under two names would meet a threshold of two alone, so it counts as named twice.
    """
    seen: set[str | bytes] = set()
    if len(vkeys) > MOST_KEYS:
        return "too_many"
    for vkey in vkeys:
        try:
            key = VerifyKey.parse(vkey)
        except RecordBroken as broken:
            return broken.code
        if key.name.partition("/")[:2] != (owner, "/"):
            return "name_of_another"
        if key.name in seen or key.raw in seen:
            return "named_twice"
        seen |= {key.name, key.raw}
    return None


def _reuses_a_name(authority: Authority, vkeys: tuple[str, ...]) -> bool:
    """Say whether a name would pass to another key: who signed is told by name, so a lost key could sign as its heir."""
    owners = {key.name: key for key in known_keys(authority).values()}
    new = [VerifyKey.parse(vkey) for vkey in vkeys]
    return any(owners.get(key.name, key) != key for key in new)


def _office_names(authority: Authority) -> frozenset[str]:
    """Return the names of root and desk keys, which no officer may bear."""
    return frozenset(
        VerifyKey.parse(vkey).name for one in authority.participants.values() for vkey in (*one.roots, one.desk_key)
    )


def _judge_all_roots(participants: Iterable[Participant], act: Act) -> Refusal | None:
    for one in sorted(participants, key=lambda one: one.name):
        signed = roots_signed(one, act.signers)
        if signed < one.threshold:
            return refuse("contact.root_missing", key=one.name, missing=one.threshold - signed)
    return None
