"""Root keys are rotated and mandates reissued at a real ledger; attacks that hide a key behind another's name fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from parley.acts import Deed, Enrolled, FoundCase, Grant, IssueMandate, RecordClock, RevokeMandate, RotateKeys, Suspend
from parley.desk.errors import DeskBroken
from parley.desk.ledger import Ledger
from parley.forms import to_body
from parley.process.contact import RULES_VERSION
from parley.record.envelope import NOTHING_SEEN, Envelope, read_act, sign_act
from parley.record.keys import SigningKey
from parley.words import ActId, Moment, ParticipantName

ROLES = {"north": ("party", "N"), "south": ("party", "S"), "neutral": ("neutral", "X")}


def key(name: str, number: int = 1) -> SigningKey:
    """A key that is the same in every run; another number gives another key under the same name."""
    return SigningKey.from_seed(name, f"{name} {number}".encode().ljust(32, b".")[:32])


@dataclass
class Case:
    """A founded case and the head of each chain."""

    ledger: Ledger = field(default_factory=Ledger)

    def says(self, party: str, deed: Deed, mandate: str, signers: Sequence[SigningKey]) -> str:
        """Sign, log and judge; returns the code of the refusal, or the act's id where it was allowed."""
        head = self.ledger.state.authority.heads.get(ParticipantName(party))
        envelope = Envelope(
            answers=(),
            body=to_body(deed),
            case="c1",
            kind=deed.kind,
            mandate=mandate,
            party=ParticipantName(party),
            prev=head.id if head else ActId(""),
            sealed=(),
            seen=NOTHING_SEEN,
            seq=head.seq + 1 if head else 1,
            time=Moment("2025-05-16T09:00:00Z"),
        )
        act = self.ledger.take(read_act(sign_act(envelope, signers)))
        void = self.ledger.state.void.get(act.position)
        return act.id if void is None else void.code


def founded() -> Case:
    enrolled = tuple(
        Enrolled(
            ParticipantName(name),
            role,
            letters,
            tuple(key(f"{name}/root-{number}").verify_key.vkey for number in (1, 2, 3)),
            2,
            key(f"{name}/desk").verify_key.vkey,
        )
        for name, (role, letters) in ROLES.items()
    )
    case = Case()
    deed = FoundCase(origin="c1/neutral", participants=enrolled, rules=RULES_VERSION, practice=True)
    roots = [key(f"{name}/root-{number}") for name in ROLES for number in (1, 2, 3)]
    case.says("neutral", deed, "root", roots)
    now = RecordClock(now=Moment("2025-05-16T09:00:00Z"))
    case.says("neutral", now, "desk", [key("neutral/desk")])
    return case


def roots(*names: str, number: int = 1) -> list[SigningKey]:
    return [key(f"north/{name}", number) for name in names]


def rotation(new: Sequence[SigningKey], desk: str = "desk-2") -> RotateKeys:
    return RotateKeys(
        roots=tuple(one.verify_key.vkey for one in new), threshold=2, desk_key=key(f"north/{desk}").verify_key.vkey
    )


def mandate(*officers: SigningKey, needed: int = 1) -> IssueMandate:
    return IssueMandate(
        officers=tuple(one.verify_key.vkey for one in officers),
        grants=(Grant(("suspend",), needed),),
        not_before=Moment("2025-05-01T00:00:00Z"),
        until=Moment("2025-06-01T00:00:00Z"),
    )


SUSPEND = Suspend(reason="consultation")


def test_new_root_keys_take_over_when_old_and_new_both_sign() -> None:
    case = founded()
    new = roots("root-4", "root-5", "root-6")
    assert len(case.says("north", rotation(new), "root", [*roots("root-1", "root-2"), *new[:2]])) == 64
    assert len(case.says("north", mandate(key("north/officer-1")), "root", new[1:])) == 64


def test_attack_rotation_signed_by_the_new_keys_alone() -> None:
    case = founded()
    new = roots("root-4", "root-5", "root-6")
    one_old = [*roots("root-1"), *new]
    assert case.says("north", rotation(new), "root", one_old) == "contact.too_few_root_keys"
    with pytest.raises(DeskBroken, match="unknown_signer"):
        case.says("north", rotation(new), "root", new)


def test_rotation_that_would_lock_its_party_out_is_void() -> None:
    case = founded()
    new = roots("root-4", "root-5", "root-6")
    told = case.says("north", rotation(new), "root", [*roots("root-1", "root-2"), new[0]])
    assert told == "contact.too_few_new_root_keys"


def test_attack_new_keys_that_sign_under_the_old_keys_names() -> None:
    case = founded()
    thief = roots("root-1", "root-2", number=666)
    with_one = [*thief, *roots("root-3")]
    assert case.says("north", rotation(thief), "root", with_one) == "contact.bad_key"
    with pytest.raises(DeskBroken, match="unknown_signer"):
        case.says("north", rotation(thief), "root", thief)


def test_attack_revoked_officer_signs_under_the_name_of_the_successor() -> None:
    case = founded()
    lost, heir = key("north/officer-1"), key("north/officer-1", 2)
    first = case.says("north", mandate(lost), "root", roots("root-1", "root-2"))
    revoke = RevokeMandate(mandate=ActId(first), reason="key_lost")
    assert len(case.says("north", revoke, "root", roots("root-1", "root-2"))) == 64
    assert case.says("north", mandate(heir), "root", roots("root-1", "root-2")) == "contact.bad_key"
    assert len(case.says("north", mandate(key("north/officer-2")), "root", roots("root-1", "root-2"))) == 64


def test_attack_one_key_under_two_names_meets_a_threshold_of_two() -> None:
    case = founded()
    seed = key("north/officer-1").seed
    twins = (SigningKey.from_seed("north/officer-1", seed), SigningKey.from_seed("north/officer-2", seed))
    assert case.says("north", mandate(*twins, needed=2), "root", roots("root-1", "root-2")) == "contact.bad_key"


def test_officer_signs_under_the_mandate_that_names_the_key() -> None:
    case = founded()
    officer = key("north/officer-1")
    granted = case.says("north", mandate(officer), "root", roots("root-1", "root-2"))
    assert len(case.says("north", SUSPEND, granted, [officer])) == 64
