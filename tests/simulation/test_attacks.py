"""Attacks on the record, each by its name: what a hostile party, a hostile neutral or a careless keeper can try.

Every attack is either turned away before anything is written, or logged and void with its refusal, or proven.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace

import pytest

from parley.acts import (
    ChooseBranch,
    Deed,
    Grant,
    HandInList,
    IssueMandate,
    LineGroup,
    RecordClock,
    ReportFork,
    RevokeMandate,
)
from parley.desk import Attachment, Desk, DeskBroken, TurnedAway
from parley.desk.drafting import draft_for, envelope_for, what_was_seen
from parley.desk.log_keeping import append
from parley.desk.sealing import seal_attachment
from parley.record import attachment
from parley.record.commitment import Row, commit_rows, salt_rows
from parley.record.envelope import Seen, SignedAct, read_act, to_text
from parley.record.errors import BundleBroken, CommitmentBroken, SealBroken
from parley.record.keys import Signer, SigningKey
from parley.record.note import sign
from parley.store.base import RESTORED, Change
from parley.store.memory import MemoryStore
from parley.words import ActId, Digest, Lines, Moment, ParticipantName, Refusal
from tests.simulation.table import Table, copy_of, terms


def signed_by(desk: Desk, deed: Deed, signers: Sequence[Signer], seen: Seen | None = None) -> SignedAct:
    """An act as a hostile desk would make it: in form, in its place, whoever signs it, whatever it claims to have seen."""
    envelope = envelope_for(desk, draft_for(desk, deed, None), deed, (), [])
    return read_act(sign(to_text(envelope if seen is None else replace(envelope, seen=seen)), signers))


def officers(desk: Desk) -> list[Signer]:
    return [key for name, key in sorted(desk.keys.signers.items()) if "/officer-1" in name]


def mandate_of(desk: Desk, name: str) -> str:
    return next(one.id for one in desk.state.authority.mandates.values() if one.party == name)


def void_codes(desk: Desk) -> list[str]:
    return [one.code for one in desk.state.void.values()]


def hand_to_neutral(table: Table, signed: SignedAct) -> tuple[TurnedAway, ...]:
    return append(table["neutral"], [signed], ())


def test_a_party_signs_with_a_revoked_mandate() -> None:
    table = Table()
    mandate = mandate_of(table["north"], "north")
    revoked = RevokeMandate(mandate=ActId(mandate), reason="recalled")
    assert not isinstance(table["north"].sign(revoked, signers=["north/root-1", "north/root-2"]), Refusal)
    table.post()
    assert isinstance(table["north"].sign(terms(3, 3)), Refusal)
    table["north"].sign(terms(3, 3), anyway=True)
    table.post()
    assert {tuple(void_codes(desk)) for desk in table.desks.values()} == {("contact.mandate_revoked",)}


def test_a_party_signs_with_an_expired_mandate() -> None:
    table = Table()
    officer = SigningKey.generate("north/officer-9")
    table["north"].keys.signers["north/officer-9"] = officer
    short = IssueMandate(
        officers=(officer.verify_key.vkey,),
        grants=(Grant(("propose_terms",), 1),),
        not_before=Moment("2025-05-16T00:00:00Z"),
        until=Moment("2025-05-17T00:00:00Z"),
    )
    assert not isinstance(table["north"].sign(short, signers=["north/root-1", "north/root-3"]), Refusal)
    table.post()
    table.pass_to("2025-05-17T00:00:00Z")
    refusal = table["north"].sign(terms(3, 3), signers=["north/officer-9"])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "contact.mandate_expired"
    table["north"].sign(terms(3, 3), signers=["north/officer-9"], anyway=True)
    table.post()
    assert void_codes(table["south"]) == ["contact.mandate_expired"]


def test_one_officer_too_few_signs_a_list() -> None:
    table = Table()
    deed = HandInList(
        purpose="request",
        counterpart=ParticipantName("south"),
        version=1,
        groups=(LineGroup(lines=Lines.of("N1"), category="soldier"),),
    )
    rows = Attachment(salt_rows([("N1", {"surname": "Badena"})]), ("south/lists",))
    refusal = table["north"].sign(deed, signers=["north/officer-1"], attachments=[rows])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "contact.too_few_officers"
    table["north"].sign(deed, signers=["north/officer-1"], attachments=[rows], anyway=True)
    table.post()
    assert void_codes(table["neutral"]) == ["contact.too_few_officers"]


def test_a_stranger_s_key_signs_in_a_party_s_name() -> None:
    table = Table()
    forged = signed_by(table["north"], terms(3, 3), [SigningKey.generate("north/officer-1")])
    (away,) = hand_to_neutral(table, forged)
    assert away.code == "desk.unknown_signer"
    assert table["neutral"].size == table["south"].size


def test_the_other_side_s_officer_signs_in_a_party_s_name() -> None:
    table = Table()
    officer = table["south"].keys.signers["south/officer-1"]
    crossed = signed_by(table["north"], terms(3, 3), [officer])
    (away,) = hand_to_neutral(table, crossed)
    assert away.code == "desk.unknown_signer"
    assert table["neutral"].size == table["south"].size, "nobody lengthens another's chain"


def test_an_officer_enrols_a_friend_without_the_root_keys() -> None:
    table = Table()
    friend = SigningKey.generate("north/officer-9")
    deed = IssueMandate(
        officers=(friend.verify_key.vkey,),
        grants=(Grant(("agree_terms",), 1),),
        not_before=Moment("2025-05-16T00:00:00Z"),
        until=Moment("2026-05-17T00:00:00Z"),
    )
    officer = table["north"].keys.signers["north/officer-1"]
    assert hand_to_neutral(table, signed_by(table["north"], deed, [officer])) == ()
    assert void_codes(table["neutral"]) == ["contact.too_few_root_keys"]
    table.post()
    (away,) = hand_to_neutral(table, signed_by(table["north"], terms(3, 3), [friend]))
    assert away.code == "desk.unknown_signer"


def test_a_signature_is_changed_on_the_way() -> None:
    table = Table()
    table["north"].sign(terms(3, 3))
    bundle = bytearray(table["north"].bundle("neutral"))
    at = bundle.rfind("— north/officer-".encode()) + 40
    bundle[at] = bundle[at] ^ 1 if chr(bundle[at] ^ 1).isalnum() else ord("A") if bundle[at] != ord("A") else ord("B")
    before = table["neutral"].size
    received = table["neutral"].receive(bytes(bundle))
    assert [one.code for one in received.turned_away] in (["desk.spoiled_signature"], ["desk.unknown_signer"])
    assert table["neutral"].size == before


def test_the_neutral_shows_two_histories() -> None:
    table = Table()
    second = copy_of(table["neutral"])
    table.now = "2025-05-16T10:00:00Z"
    table["neutral"].sign(RecordClock(now=table.clock()))
    table["north"].receive(table["neutral"].bundle("north"))
    table.now = "2025-05-16T11:00:00Z"
    second.sign(RecordClock(now=table.clock()))
    kept = table["north"].size
    with pytest.raises(DeskBroken) as seen:
        table["north"].receive(second.bundle("north"))
    assert seen.value.code == "desk.split_view"
    assert table["north"].size == kept
    assert table["north"].store.facts("evidence/"), "both signed heads are kept as proof"


def test_the_first_act_that_crosses_proves_a_split_view() -> None:
    table = Table()
    second = copy_of(table["neutral"])
    table.now = "2025-05-16T10:00:00Z"
    table["neutral"].sign(RecordClock(now=table.clock()))
    table["north"].receive(table["neutral"].bundle("north"))
    table["north"].sign(terms(3, 3))
    table.now = "2025-05-16T11:00:00Z"
    second.sign(RecordClock(now=table.clock()))
    (away,) = append(second, table["north"].waiting, ())
    assert away.code == "desk.split_view"


def test_a_neutral_drops_an_act_and_the_party_still_holds_it() -> None:
    table = Table()
    table["north"].sign(terms(3, 3))
    table["north"].receive(table["neutral"].bundle("north"))
    assert [one.envelope.kind for one in table["north"].waiting] == ["propose_terms"], "no receipt, no effect"
    assert not table["south"].state.terms.versions
    table.post()
    assert [one.envelope.kind for one in table["north"].waiting] == []
    assert table["south"].state.terms.versions


def test_two_acts_with_one_number_are_a_portable_proof() -> None:
    table = Table()
    second = copy_of(table["north"])
    first_act = table["north"].sign(terms(3, 3))
    second.sign(terms(5, 5))
    table.post()
    received = table["neutral"].receive(second.bundle("neutral"))
    assert [one.code for one in received.turned_away] == ["desk.chain_fork"]
    notes = (table["neutral"].find(str(first_act)).note, second.waiting[0].note)
    proof = ReportFork(participant=ParticipantName("north"), notes=tuple(b64encode(note).decode() for note in notes))
    assert not isinstance(table["south"].sign(proof), Refusal)
    table.post()
    refusal = table["north"].judge(terms(7, 7))
    assert refusal is not None
    assert refusal.code == "contact.chain_forked"
    head = table["north"].state.authority.heads[ParticipantName("north")].id
    chosen = table["north"].sign(ChooseBranch(head=head), signers=["north/root-1", "north/root-2"])
    assert not isinstance(chosen, Refusal)
    table.post()
    assert table["north"].judge(terms(7, 7)) is None
    assert not table["south"].state.authority.forks


def test_the_forked_copy_finds_out_by_itself_and_stops_signing() -> None:
    table = Table()
    second = copy_of(table["north"])
    table["north"].sign(terms(3, 3))
    second.sign(terms(5, 5))
    table.post()
    second.receive(table["neutral"].bundle("north"))
    with pytest.raises(DeskBroken) as told:
        second.sign(terms(6, 6))
    assert told.value.code == "desk.forked"
    assert second.store.facts("evidence/")


def test_a_fork_is_claimed_with_two_different_numbers() -> None:
    table = Table()
    one = table["north"].sign(terms(3, 3))
    two = table["north"].sign(terms(4, 4))
    table.post()
    notes = tuple(b64encode(table["north"].find(str(act)).note).decode() for act in (one, two))
    refusal = table["south"].judge(ReportFork(participant=ParticipantName("north"), notes=notes))
    assert refusal is not None
    assert refusal.code == "contact.fork_not_proven"


def test_a_desk_restored_from_an_old_backup_refuses_to_sign() -> None:
    table = Table()
    old = copy_of(table["north"])
    table["north"].sign(terms(3, 3))
    table.post()
    size = table["north"].size
    old.store.write(Change(start=old.size, facts={RESTORED: str(size).encode()}))
    with pytest.raises(DeskBroken) as told:
        old.sign(terms(5, 5))
    assert told.value.code == "desk.restored"
    with pytest.raises(DeskBroken):
        old.confirm_restored()
    old.receive(table["neutral"].bundle("north"))
    old.confirm_restored()
    assert not isinstance(old.sign(terms(5, 5)), Refusal)


def test_a_bundle_of_another_case_is_imported() -> None:
    table, other = Table(), Table()
    with pytest.raises(DeskBroken) as told:
        table["north"].receive(other["neutral"].bundle("north"))
    assert told.value.code in {"desk.other_case", "desk.split_view"}
    assert table["north"].size == table["south"].size


def test_a_torn_bundle_changes_nothing() -> None:
    table = Table()
    table["south"].sign(terms(3, 3))
    table["neutral"].receive(table["south"].bundle("neutral"))
    bundle, kept = table["neutral"].bundle("north"), table["north"].size
    for cut in range(0, len(bundle) - 1, 997):
        with pytest.raises((BundleBroken, DeskBroken)):
            table["north"].receive(bundle[:cut])
        assert table["north"].size == kept
    table["north"].receive(bundle)
    assert table["north"].size > kept


def test_a_foundation_that_names_other_keys_is_not_taken() -> None:
    table, other = Table(), Table()
    stranger = copy_of(other["north"])
    fresh = type(stranger)(type(stranger.store)(), "north", stranger.keys, now=table.clock)
    with pytest.raises(DeskBroken) as told:
        fresh.receive(table["neutral"].bundle("north"))
    assert told.value.code == "desk.foreign_founding"


def hand_in(desk: Desk, other: str, line: str, surname: str) -> ActId:
    deed = HandInList(
        purpose="offer",
        counterpart=ParticipantName(other),
        version=1,
        groups=(LineGroup(lines=Lines.of(line), category="soldier"),),
    )
    rows = Attachment(salt_rows([(line, {"surname": surname})]), (f"{other}/lists",))
    act = desk.sign(deed, attachments=[rows])
    assert not isinstance(act, Refusal)
    return act


def test_nobody_opens_a_list_before_both_have_committed() -> None:
    table = Table()
    act = hand_in(table["north"], "south", "N1", "Kadena")
    table.post()
    with pytest.raises(DeskBroken) as told:
        table["south"].open(str(act))
    assert told.value.code == "desk.sealed_until_both"
    sealed = table["south"].find(str(act)).envelope.sealed[0]
    assert table["south"].store.blob(sealed.blob) is None, "the neutral does not even hand it out"
    hand_in(table["south"], "north", "S1", "Vosolim")
    table.post()
    table.post()
    (row,) = table["south"].open(str(act))
    assert isinstance(row, Row)
    assert row.values == {"surname": "Kadena"}


def test_another_file_lies_in_the_place_of_a_sealed_list() -> None:
    table = Table()
    north = table["north"]
    other_rows = Attachment(salt_rows([("N1", {"surname": "Zaporur"})]), ("south/lists",))
    swapped = seal_attachment(other_rows, north.state.encryption_keys, north.randomness)
    act = hand_in(north, "south", "N1", "Kadena")
    hand_in(table["south"], "north", "S1", "Vosolim")
    table.post()
    table.post()
    sealed = north.find(str(act)).envelope.sealed[0]
    real_blob = table["south"].store.blob
    table["south"].store.blob = lambda digest: swapped.blob if digest == sealed.blob else real_blob(digest)  # type: ignore[method-assign]
    with pytest.raises(SealBroken) as told:
        table["south"].open(str(act))
    assert told.value.code == "seal.other_file"


def test_a_sealed_list_is_not_what_was_committed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The author seals other rows than those it commits to; the reader opens the file and sees it."""
    table = Table()
    honest = commit_rows
    promised = honest(salt_rows([("N1", {"surname": "Kadena"})]))
    monkeypatch.setattr(attachment, "commit_rows", lambda _rows: promised)
    act = hand_in(table["north"], "south", "N1", "Zaporur")
    monkeypatch.setattr(attachment, "commit_rows", honest)
    hand_in(table["south"], "north", "S1", "Vosolim")
    table.post()
    table.post()
    with pytest.raises(CommitmentBroken) as told:
        table["south"].open(str(act))
    assert told.value.code == "commitment.mismatch"


def test_no_name_ever_stands_in_the_record() -> None:
    table = Table()
    hand_in(table["north"], "south", "N1", "Kadenasolur")
    hand_in(table["south"], "north", "S1", "Vosolimrikan")
    table.post()
    for desk in table.desks.values():
        record = b"".join(desk.store.acts()) + desk.bundle(None)
        assert b"Kadenasolur" not in record
        assert b"Vosolimrikan" not in record


def test_an_act_claims_to_have_seen_what_was_never_there() -> None:
    table = Table()
    north = table["north"]
    seen = replace(what_was_seen(north), root=Digest("ab" * 32))
    (away,) = hand_to_neutral(table, signed_by(north, terms(3, 3), officers(north), seen))
    assert away.code == "desk.split_view"


def test_programs_that_derive_different_states_find_out() -> None:
    table = Table()
    north = table["north"]
    seen = replace(what_was_seen(north), state=Digest("cd" * 32))
    hand_to_neutral(table, signed_by(north, terms(3, 3), officers(north), seen))
    received = table["south"].receive(table["neutral"].bundle("south"))
    assert received.states_differ == (table["south"].size - 1,)


def test_a_party_away_for_a_week_catches_up_with_one_bundle() -> None:
    table = Table()
    away = table["south"]
    for day in range(17, 24):
        table.now = f"2025-05-{day}T09:00:00Z"
        table["neutral"].tick()
        table["north"].sign(terms(day, day))
        table["neutral"].receive(table["north"].bundle("neutral"))
        table["north"].receive(table["neutral"].bundle("north"))
    away.receive(table["neutral"].bundle("south"))
    assert away.state == table["neutral"].state
    again = away.receive(table["neutral"].bundle("south"))
    assert again.acts == 0, "the same bundle twice does nothing the second time"


def test_a_foundation_with_invented_root_keys_is_handed_to_a_party() -> None:
    table = Table()
    own = tuple(key.verify_key.vkey for name, key in sorted(table["north"].keys.signers.items()) if "/root-" in name)
    other = Desk(MemoryStore(), "north", table["north"].keys, now=table.clock, own_roots=(*own[:2], "north/root-3+x"))
    with pytest.raises(DeskBroken) as told:
        other.receive(table["neutral"].bundle("north"))
    assert told.value.code == "desk.foreign_founding"
    honest = Desk(MemoryStore(), "north", table["north"].keys, now=table.clock, own_roots=own)
    honest.receive(table["neutral"].bundle("north"))
    assert honest.size == table["neutral"].size
