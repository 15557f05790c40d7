"""Acts in the browser: asked, checked in words, signed with a key for one act, by two officers who come one after the other."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parley.desk.countersigning import BEGUN, begun
from parley.web.served import Served
from tests.web.conftest import come_in


def fill(client: Client, kind: str, **said: str) -> str:
    """Fill a form in and return the address of "check your answers"."""
    answer = client.post(f"/act/{kind}", {f"p_{name}": value for name, value in said.items()})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_an_act_is_shown_in_words_signed_and_waits_for_its_receipt(north: Served) -> None:
    client = come_in("delegation")
    draft = fill(client, "suspend", reason="consultation")
    page = client.get(draft).content.decode()
    assert "consultation" in page
    assert "north/officer-1" in page
    assert client.post(draft, {"passphrase": "practice"}).headers["Location"].startswith("/?done=")
    assert [one.envelope.kind for one in north.desk.waiting] == ["suspend"]


def test_no_officer_s_key_stays_unlocked(north: Served) -> None:
    client = come_in("delegation")
    client.post(fill(client, "suspend", reason="consultation"), {"passphrase": "practice"})
    assert set(north.desk.keys.signers) == {"north/desk"}


def test_a_wrong_passphrase_signs_nothing(north: Served) -> None:
    client = come_in("delegation")
    draft = fill(client, "suspend", reason="consultation")
    answer = client.post(draft, {"passphrase": "guess"})
    assert answer.status_code == 409
    assert not north.desk.waiting


def test_what_is_not_allowed_is_refused_in_the_form_with_its_reason(north: Served) -> None:
    client = come_in("delegation")
    answer = client.post("/act/suspend", {"p_reason": "no such reason"})
    assert answer.status_code == 409
    assert "standing." in answer.content.decode()
    assert not north.planned


def test_what_is_left_out_or_not_understood_is_named_at_its_field(north: Served) -> None:
    client = come_in("delegation")
    answer = client.post("/act/propose_date_and_place", {"p_batch": "x", "p_opens": "tomorrow"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'id="e-batch"' in page or 'id="e-opens"' in page
    assert not north.planned


@pytest.fixture
def two_needed(north: Served) -> Served:
    """A list that two officers have to sign, begun by the first."""
    client = come_in("exchange_office")
    rows = "line,surname,given_names,birth_date,category\nN1,Doe,John,1990-01-01,soldier\n"
    upload = SimpleUploadedFile("list.csv", rows.encode())
    answer = client.post(
        "/lists/hand-in", {"purpose": "request", "counterpart": "south", "list": upload, "anyway": "yes"}
    )
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(answer.headers["Location"], {"passphrase": "practice"})
    assert re.match(r"/begun/[0-9a-f]{32}$", answer.headers["Location"])
    return north


def test_a_list_waits_for_the_second_officer_and_nobody_hears_of_it_before(two_needed: Served) -> None:
    assert not two_needed.desk.waiting
    (found,) = begun(two_needed.desk)
    assert found.missing == 1
    second = come_in("registrar")
    address = f"/begun/{found.name.removeprefix(BEGUN)}"
    assert address in second.get("/").content.decode()
    assert second.post(address, {"passphrase": "practice"}).headers["Location"].startswith("/?done=")
    (done,) = two_needed.desk.waiting
    assert sorted(line.name for line in done.signatures) == ["north/officer-1", "north/officer-2"]
    assert not begun(two_needed.desk)


def test_nobody_signs_twice_for_two(two_needed: Served) -> None:
    (found,) = begun(two_needed.desk)
    again = come_in("exchange_office")
    answer = again.post(f"/begun/{found.name.removeprefix(BEGUN)}", {"passphrase": "practice"})
    assert answer.status_code == 409
    assert not two_needed.desk.waiting


def test_what_lost_its_place_is_not_signed_and_can_be_taken_back(two_needed: Served) -> None:
    delegation = come_in("delegation")
    delegation.post(fill(delegation, "suspend", reason="consultation"), {"passphrase": "practice"})
    (found,) = begun(two_needed.desk)
    assert found.overtaken
    address = f"/begun/{found.name.removeprefix(BEGUN)}"
    second = come_in("registrar")
    assert second.post(address, {"passphrase": "practice"}).status_code == 409
    digest = found.signed.envelope.sealed[0].blob
    assert two_needed.desk.store.blob(digest) is not None
    second.post(address, {"what": "drop"})
    assert not begun(two_needed.desk)
    assert two_needed.desk.store.blob(digest) is None


def test_both_officers_at_one_table(north: Served) -> None:
    client = come_in("exchange_office")
    rows = "line,surname,given_names,birth_date,category\nN1,Doe,John,1990-01-01,soldier\n"
    upload = SimpleUploadedFile("list.csv", rows.encode())
    answer = client.post(
        "/lists/hand-in", {"purpose": "request", "counterpart": "south", "list": upload, "anyway": "yes"}
    )
    both = {"passphrase": "practice", "other": "north/officer-2", "other_passphrase": "practice"}
    assert client.post(answer.headers["Location"], both).headers["Location"].startswith("/?done=")
    assert len(north.desk.waiting[0].signatures) == 2


def test_somebody_without_a_key_prepares_and_does_not_sign(north: Served) -> None:
    keeper = come_in("auditor")
    assert keeper.get("/act/suspend").status_code == 403
    assert north.what_now().may


def test_what_was_signed_here_counts_here_before_its_receipt(north: Served) -> None:
    client = come_in("delegation")
    client.post(fill(client, "suspend", reason="consultation"), {"passphrase": "practice"})
    assert "suspended" in client.get("/").content.decode()
    assert len(north.desk.waiting) == 1
