"""Every screen as every role: each sees what the table says it may, and nothing else; names stand only where they must."""

from pathlib import Path

import pytest
from django.urls import reverse

from parley.desk.opened import open_list
from parley.desk.rows_and_terms import fields_of
from parley.process.authority import ROOT_KINDS
from parley.process.state import ListVersion
from parley.record.commitment import Row
from parley.web.doors import roles_here
from parley.web.roles import MAY_SEE, PUBLIC, ROLES, may_see
from parley.web.screens import Screen, may_act
from parley.web.served import Served
from parley.web.urls import SCREENS
from tests.web.conftest import browser, come_in, desk_of

SEES_NAMES = {"exchange_office", "registrar", "intermediary", "auditor"}
PARTS = {
    "kind": "suspend",
    "name": "nothing",
    "a": 1,
    "b": 2,
    "act": "0" * 64,
    "place": 0,
    "role": "auditor",
    "number": 1,
    "to": "south",
    "mark": "x",
}


def address(screen: Screen) -> str:
    names = [part.split(":")[-1].split(">")[0] for part in screen.path.split("<")[1:]]
    return str(reverse(screen.name, kwargs={name: PARTS.get(name, "nothing") for name in names}))


def read_here(served: Served) -> list[ListVersion]:
    """The lists that this desk was given: of its own it keeps copies only where it handed them in itself."""
    return [one for one in served.desk.state.lists.versions.values() if one.author != served.name]


def test_every_screen_stands_in_the_table_and_every_row_of_the_table_is_a_screen() -> None:
    names = {one.name for one in SCREENS}
    assert names <= PUBLIC | MAY_SEE.keys()
    assert len(names) == len(SCREENS)


def test_every_role_is_known_to_the_tables() -> None:
    assert all(roles <= set(ROLES) for roles in MAY_SEE.values())


def test_every_role_may_open_what_it_may_see_and_nothing_else(any_desk: Served) -> None:
    wrong = []
    for role in roles_here(any_desk):
        client = come_in(role)
        for screen in SCREENS:
            if screen.name in PUBLIC or screen.name == "sign_out":
                continue
            status = client.get(address(screen)).status_code
            if (status == 403) == may_see(frozenset({role}), screen.name) and screen.name != "act":
                wrong.append((role, screen.name, status))
            if status >= 500:
                wrong.append((role, screen.name, status))
    assert not wrong


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """No way out of this program: whatever would call somewhere else fails, and is written down."""
    called: list[object] = []

    def connect(_line: object, where: object) -> None:
        called.append(where)
        raise OSError("no network")

    monkeypatch.setattr("socket.socket.connect", connect)
    monkeypatch.setattr("socket.getaddrinfo", lambda *where, **_: connect(None, where))
    return called


def test_no_screen_calls_another_computer(at_the_end: Path, tmp_path: Path, no_network: list[object]) -> None:
    with desk_of(at_the_end, "neutral", tmp_path) as served:
        for role in roles_here(served):
            client = come_in(role)
            for screen in SCREENS:
                assert client.get(address(screen)).status_code < 500, (role, screen.name)
    assert no_network == []


@pytest.mark.usefixtures("any_desk")
def test_nobody_sees_anything_without_signing_in() -> None:
    for screen in SCREENS:
        if screen.name not in PUBLIC:
            answer = browser().get(address(screen))
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/sign-in"), screen.name


def test_names_of_people_stand_on_no_page_of_those_who_work_without_names(any_desk: Served) -> None:
    names = set()
    for one in read_here(any_desk):
        rows = open_list(any_desk.desk, one.id)
        names |= {fields_of(row)["surname"] for row in rows if isinstance(row, Row)}
    assert len(names) > 10
    long_ones = {name for name in names if len(name) > 4}
    for role in set(roles_here(any_desk)) - SEES_NAMES:
        client = come_in(role)
        for screen in SCREENS:
            if screen.name in PUBLIC or not may_see(frozenset({role}), screen.name) or screen.name == "sign_out":
                continue
            text = client.get(address(screen)).content.decode("utf-8", "replace")
            assert not [name for name in long_ones if name in text], (role, screen.name)


def test_names_are_there_for_those_who_work_with_them(any_desk: Served) -> None:
    version = read_here(any_desk)[0]
    name = next(fields_of(row)["surname"] for row in open_list(any_desk.desk, version.id) if isinstance(row, Row))
    role = "intermediary" if any_desk.desk.is_neutral else "registrar"
    assert name in come_in(role).get(f"/lists/{version.id}").content.decode()


@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_a_button_exists_exactly_where_the_law_says_nothing(any_desk: Served, language: str) -> None:
    may = {one.kind for one in any_desk.what_now().may} - ROOT_KINDS
    for role in roles_here(any_desk):
        page = come_in(role, language).get("/").content.decode()
        officer = any_desk.officers.find(f"practice-{role}")
        assert officer is not None
        offered = {kind for kind in may if may_act(officer, kind)}
        shown = {part.split('"')[0] for part in page.split('href="/act/')[1:]}
        assert shown == offered, role


def test_every_look_is_written_down(north: Served) -> None:
    client = come_in("auditor")
    client.get("/record?party=south")
    looks = north.officers.accesses()
    assert [(one.who, one.what, one.status) for one in looks][:1] == [("practice-auditor", "GET /record", 200)]


def test_a_look_at_what_is_not_allowed_is_written_down_too(north: Served) -> None:
    come_in("press").get("/audit")
    assert north.officers.accesses()[0].status == 403
