"""A participant that signs two acts with one number is shown to have done so, once; attacks on that proof fail."""

from base64 import b64encode
from dataclasses import replace

from parley.acts import ChooseBranch, PublishEncryptionKeys, RecordClock, ReportFork
from parley.forms import to_body
from parley.record.envelope import NOTHING_SEEN, Envelope, sign_act
from parley.words import ActId, Moment, ParticipantName
from tests.unit.desk.test_keys_change_hands import Case, founded, key, roots

NORTH = ParticipantName("north")


ROOTS = roots("root-1", "root-2")
TWIN = Envelope(
    answers=(),
    body=to_body(RecordClock(now=Moment("2025-05-16T09:00:00Z"))),
    case="c1",
    kind="record_clock",
    mandate="desk",
    party=NORTH,
    prev=ActId(""),
    sealed=(),
    seen=NOTHING_SEEN,
    seq=1,
    time=Moment("2025-05-16T10:00:00Z"),
)


def shown(*said: Envelope) -> ReportFork:
    signed = [sign_act(one, [key("north/desk")]) for one in said]
    return ReportFork(participant=NORTH, notes=tuple(b64encode(one).decode() for one in signed))


def reported(case: Case, *said: Envelope) -> str:
    return case.says("south", shown(*said), "desk", [key("south/desk")])


OTHER_TIME = replace(TWIN, time=Moment("2025-05-16T10:00:01Z"))
NUMBER_TWO = replace(TWIN, seq=2, prev=ActId("ab" * 32))


def settled() -> Case:
    """A case in which north forked at its number 1 and its roots named the branch that stands."""
    case = founded()
    head = case.says("north", PublishEncryptionKeys(keys={"north/lists": "age1qqqq"}), "root", ROOTS)
    assert head == "contact.not_for_root_keys"
    assert len(reported(case, TWIN, OTHER_TIME)) == 64
    stands = case.ledger.state.authority.heads[NORTH].id
    assert len(case.says("north", ChooseBranch(head=stands), "root", ROOTS)) == 64
    return case


def test_two_acts_with_one_number_prove_a_fork() -> None:
    case = founded()
    assert len(reported(case, TWIN, OTHER_TIME)) == 64
    assert NORTH in case.ledger.state.authority.forks


def test_the_roots_name_the_branch_that_stands() -> None:
    assert NORTH not in settled().ledger.state.authority.forks


def test_attack_settled_fork_shown_again() -> None:
    assert reported(settled(), TWIN, OTHER_TIME) == "contact.fork_not_proven"


def test_a_later_fork_is_shown_after_an_earlier_one_was_settled() -> None:
    later = replace(NUMBER_TWO, time=Moment("2025-05-16T11:00:00Z"))
    assert len(reported(settled(), NUMBER_TWO, later)) == 64


def test_attack_acts_of_two_cases_shown_as_a_fork() -> None:
    assert reported(founded(), TWIN, replace(TWIN, case="c2")) == "contact.fork_not_proven"


def test_attack_two_numbers_shown_as_a_fork() -> None:
    assert reported(founded(), TWIN, NUMBER_TWO) == "contact.fork_not_proven"


def test_attack_one_act_shown_twice_as_a_fork() -> None:
    assert reported(founded(), TWIN, TWIN) == "contact.fork_not_proven"
