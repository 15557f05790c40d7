"""How officers come in and go: invited once, password and six-digit code, slower after each failure, and not for ever."""

import re
from html import unescape

import pyotp
import pytest
from django.test import Client

from parley.web import signing_in
from parley.web.served import Served
from tests.web.conftest import browser

PASSWORD = "nine wells of the north"


class Clock:
    """A wall clock that goes when the test says so."""

    def __init__(self) -> None:
        self.at = 1_800_000_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock(in_earnest: Served) -> Clock:
    found = Clock()
    in_earnest.seconds = found
    return found


def seed_on(page: bytes) -> str:
    found = re.search(r'<bdi dir="ltr">([A-Z2-7]{32})</bdi>', unescape(page.decode()))
    assert found is not None
    return found[1]


def accept(served: Served, clock: Clock, name: str = "keeper-1") -> tuple[Client, str]:
    """Somebody who was invited, chose a password, and is in."""
    token = signing_in.invite(served, name, roles=["keeper"], key="")
    client = browser()
    seed = seed_on(client.get(f"/invitation?token={token}").content)
    code = pyotp.TOTP(seed).at(clock.at)
    answer = client.post("/invitation", {"token": token, "password": PASSWORD, "again": PASSWORD, "code": code})
    assert answer.status_code == 302
    return client, seed


def try_in(name: str, password: str, code: str) -> int:
    return int(browser().post("/sign-in", {"name": name, "password": password, "code": code}).status_code)


def test_the_first_start_makes_a_keeper_once(in_earnest: Served) -> None:
    token = in_earnest.start_token
    assert browser().get("/start?token=guessed").status_code == 403
    answer = browser().post("/start", {"token": token, "name": "first", "key": "officer-1", "roles": ["delegation"]})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/invitation?token=")
    made = in_earnest.officers.find("first")
    assert made is not None
    assert made.roles == {"keeper", "delegation"}
    assert browser().post("/start", {"token": token, "name": "second"}).status_code == 403


def test_an_invited_officer_chooses_a_password_and_comes_in_with_a_code(in_earnest: Served, clock: Clock) -> None:
    client, seed = accept(in_earnest, clock)
    assert client.get("/").status_code == 200
    clock.at += 60
    assert try_in("keeper-1", PASSWORD, pyotp.TOTP(seed).at(clock.at)) == 302


def test_an_invitation_holds_once_and_three_days(in_earnest: Served, clock: Clock) -> None:
    token = signing_in.invite(in_earnest, "late", roles=["auditor"], key="")
    clock.at += signing_in.INVITED_FOR + 1
    assert browser().get(f"/invitation?token={token}").status_code == 403
    accept(in_earnest, clock)
    used = signing_in.invite_again(in_earnest, 1)
    signing_in.invite_again(in_earnest, 1)
    assert browser().get(f"/invitation?token={used}").status_code == 403


def test_short_or_mistyped_passwords_are_not_taken(in_earnest: Served, clock: Clock) -> None:
    token = signing_in.invite(in_earnest, "new", roles=["auditor"], key="")
    client = browser()
    seed = seed_on(client.get(f"/invitation?token={token}").content)
    code = pyotp.TOTP(seed).at(clock.at)
    for password, again in (("short", "short"), (PASSWORD, PASSWORD + "x")):
        answer = client.post("/invitation", {"token": token, "password": password, "again": again, "code": code})
        assert answer.status_code == 400
    answer = client.post("/invitation", {"token": token, "password": PASSWORD, "again": PASSWORD, "code": "000000"})
    assert answer.status_code == 400


def test_a_code_overheard_is_worth_nothing_a_second_time(in_earnest: Served, clock: Clock) -> None:
    _, seed = accept(in_earnest, clock)
    clock.at += 60
    code = pyotp.TOTP(seed).at(clock.at)
    assert try_in("keeper-1", PASSWORD, code) == 302
    assert try_in("keeper-1", PASSWORD, code) == 403


def test_whoever_guesses_waits_longer_each_time_even_with_the_right_password(in_earnest: Served, clock: Clock) -> None:
    _, seed = accept(in_earnest, clock)
    clock.at += 60
    for _ in range(5):
        assert try_in("keeper-1", "guess guess guess", "000000") == 403
        clock.at += 1
    clock.at += 30
    found = in_earnest.officers.find("keeper-1")
    assert found is not None
    for _ in range(8):
        try_in("keeper-1", "guess guess guess", "000000")
        clock.at += 1
    assert try_in("keeper-1", PASSWORD, pyotp.TOTP(seed).at(clock.at)) == 403
    clock.at += signing_in.LONGEST_WAIT
    assert try_in("keeper-1", PASSWORD, pyotp.TOTP(seed).at(clock.at)) == 302


def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(in_earnest: Served, clock: Clock) -> None:
    accept(in_earnest, clock)
    pages = [
        browser().post("/sign-in", {"name": name, "password": "wrong wrong wrong", "code": "123456"})
        for name in ("keeper-1", "nobody")
    ]
    said = [re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", one.content) for one in pages]
    assert said[0] == said[1]
    assert [one.status_code for one in pages] == [403, 403]


def test_a_sign_in_ends_after_half_an_hour_without_a_page(in_earnest: Served, clock: Clock) -> None:
    client, _ = accept(in_earnest, clock)
    clock.at += signing_in.IDLE - 10
    assert client.get("/").status_code == 200
    clock.at += signing_in.IDLE + 1
    assert client.get("/").headers["Location"] == "/sign-in"


def test_a_sign_in_ends_after_ten_hours_however_busy(in_earnest: Served, clock: Clock) -> None:
    client, _ = accept(in_earnest, clock)
    for _ in range(signing_in.LONGEST // 1200):
        clock.at += 1200
        assert client.get("/").status_code == 200
    clock.at += 1200
    assert client.get("/").status_code == 302


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(in_earnest: Served, clock: Clock) -> None:
    client, _ = accept(in_earnest, clock)
    stolen = browser()
    stolen.cookies["parley_north_in"] = client.cookies["parley_north_in"].value
    assert stolen.get("/").status_code == 200
    client.post("/sign-out")
    assert stolen.get("/").status_code == 302


def test_whoever_is_locked_out_is_out_at_once(in_earnest: Served, clock: Clock) -> None:
    keeper, _ = accept(in_earnest, clock)
    other, _ = accept(in_earnest, clock, "keeper-2")
    assert other.get("/").status_code == 200
    found = in_earnest.officers.find("keeper-2")
    assert found is not None
    keeper.post(f"/officers/{found.number}", {"what": "out"})
    assert other.get("/").status_code == 302


def test_no_secret_lies_open_in_the_office_data(in_earnest: Served, clock: Clock) -> None:
    client, _ = accept(in_earnest, clock)
    kept = b"".join(one.read_bytes() for one in in_earnest.folder.path.glob("office.sqlite*"))
    assert PASSWORD.encode() not in kept
    assert client.cookies["parley_north_in"].value.encode() not in kept


@pytest.mark.usefixtures("in_earnest")
def test_a_desk_in_earnest_lets_nobody_in_as_in_practice() -> None:
    assert browser().post("/practice/keeper").status_code == 404
    assert "practice" not in browser().get("/sign-in").content.decode()


def test_the_cookie_is_kept_from_scripts_and_other_sites(in_earnest: Served, clock: Clock) -> None:
    client, _ = accept(in_earnest, clock)
    cookie = client.cookies["parley_north_in"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
