"""Passkeys in a real browser with a made-up device: made once, used to come in, worth nothing elsewhere or a second time."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import BrowserContext, Page

from parley.web.served import Served
from tests.web.conftest import browser as asking
from tests.web.conftest import come_in
from tests.web.hands import browser
from tests.web.three_desks import serving


@pytest.fixture
def context(at_terms: Path, tmp_path: Path) -> Iterator[tuple[BrowserContext, str]]:
    place = copytree(at_terms, tmp_path / "exchange")
    with serving(place, ("neutral",)) as at, browser() as chromium:
        found = chromium.new_context()
        yield found, at["neutral"]
        found.close()


def with_device(page: Page) -> Page:
    """Give the page a made-up device that verifies whoever sits before it."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_an_officer_makes_a_passkey_and_comes_in_with_it(context: tuple[BrowserContext, str]) -> None:
    held, address = context
    page = with_device(held.new_page())
    page.goto(address)
    page.click("button[lang=en]")
    page.click('form[action="/practice/auditor"] button')
    page.goto(f"{address}/account")
    with page.expect_navigation():
        page.click("button[data-passkey=make]")
    assert "Forget all passkeys" in page.locator("main").inner_text()
    page.click("header button")
    page.wait_for_url("**/sign-in")
    page.click("button[data-passkey=use]")
    page.wait_for_url(f"{address}/")
    assert "practice-auditor" in page.locator("header").inner_text()
    page.goto(f"{address}/account")
    page.click("button[value=forget]")
    page.click("header button")
    page.wait_for_url("**/sign-in")
    page.click("button[data-passkey=use]")
    page.wait_for_selector("#passkey-trouble:not([hidden])")


def test_by_number_no_passkey_is_offered(north: Served) -> None:
    client = come_in("auditor")
    assert "passkeys.js" in client.get("/account").content.decode()
    assert "passkeys.js" not in client.get("/account", headers={"host": "127.0.0.1"}).content.decode()
    assert not north.officers.passkeys(1)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "AAAA"}', "x" * 20_000])
def test_made_up_answers_let_nobody_in(north: Served, answer: str) -> None:
    client = asking()
    name = client.post("/sign-in/passkey/options").json()["name"]
    assert client.post("/sign-in/passkey", {"name": name, "answer": answer}).status_code == 403
    assert client.post("/sign-in/passkey", {"name": "guessed", "answer": answer}).status_code == 403
    officer = come_in("auditor")
    name = officer.post("/account/passkey/offer").json()["name"]
    assert officer.post("/account/passkey/keep", {"name": name, "answer": answer}).status_code == 403
    assert not north.officers.passkeys(1)


def test_a_challenge_of_another_officer_is_not_taken(north: Served) -> None:
    name = come_in("auditor").post("/account/passkey/offer").json()["name"]
    assert come_in("keeper").post("/account/passkey/keep", {"name": name, "answer": "{}"}).status_code == 403
    assert name not in north.challenges
