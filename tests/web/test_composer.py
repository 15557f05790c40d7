"""The composer in the browser: what a policy gives, why, at what price, how fair; and proposing it is an act like every other."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parley.composing.draw import undrawn
from parley.desk.composing_batches import compose_case
from parley.web import trying
from parley.web.served import Served
from parley.words import ParticipantName
from tests.web.conftest import browser, come_in, desk_of

NORTH, SOUTH = ParticipantName("north"), ParticipantName("south")
IMPOSSIBLE = b"""
[[quota]]
name = "too many civilians"
when = "civilian == 'yes'"
min = 12
"""


@pytest.fixture
def north(proposed: Path, tmp_path: Path) -> Iterator[Served]:
    with desk_of(proposed, "north", tmp_path) as served:
        yield served


@pytest.fixture(scope="module")
def policy(proposed: Path) -> bytes:
    return (proposed / "policy.toml").read_bytes()


def compose(client: Client, served: Served, policy: bytes) -> str:
    """Compose under a policy and wait until it is over; return the address of its page."""
    answer = client.post("/compose", {"policy": SimpleUploadedFile("policy.toml", policy)})
    assert answer.status_code == 302, answer.content.decode()
    where = str(answer.headers["Location"])
    trial = served.trials.kept[where.rpartition("/")[2]]
    until = time.monotonic() + 60
    while not trial.over and time.monotonic() < until:
        time.sleep(0.02)
    assert trial.over
    return where


def test_a_policy_gives_figures_reasons_and_pictures(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    page = client.get(compose(client, north, policy))
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<svg") >= 4
    assert "style=" not in text
    assert "<style" not in text
    found = next(iter(north.trials.kept.values()))
    assert found.found is not None
    assert all(one.value == one.bound for one in found.found.composed.staged.stages)


def test_agreeing_to_what_was_redone_is_an_act_like_every_other(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    (composition,) = north.desk.state.batches.compositions
    assert f'value="agree-{composition}"' in client.get(where).content.decode()
    answer = client.post(where, {"what": f"agree-{composition}"})
    draft = str(answer.headers["Location"])
    assert draft.startswith("/draft/")
    assert not north.desk.waiting
    client.post(draft, {"passphrase": "practice", "other": "north/officer-2", "other_passphrase": "practice"})
    assert [one.envelope.kind for one in north.desk.waiting] == ["agree_batches"]


def test_under_another_policy_there_is_no_button_to_agree(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy + b"# another\n")
    text = client.get(where).content.decode()
    assert 'value="agree-' not in text
    assert "not the policy" in text
    (composition,) = north.desk.state.batches.compositions
    answer = client.post(where, {"what": f"agree-{composition}"})
    assert answer.status_code == 409
    assert "composing.other_policy" in answer.content.decode()
    assert not north.planned


def test_proposing_shows_what_will_be_signed(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    answer = client.post(where, {"what": "propose"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(str(answer.headers["Location"])).content.decode()
    assert "Propose" in page or "ompose" in page


def test_what_the_record_has_left_behind_is_composed_again(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    trial = next(iter(north.trials.kept.values()))
    assert trial.found is not None
    stale = replace(trial.found, drawn=replace(trial.found.drawn, chance=undrawn()))
    trial.found = stale
    answer = client.post(where, {"what": "propose"})
    assert answer.status_code == 409
    assert "composing.moved_on" in answer.content.decode()


@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_why_somebody_goes_is_said_in_words(north: Served, policy: bytes, language: str) -> None:
    client = come_in("exchange_office", language)
    where = compose(client, north, policy)
    trial = next(iter(north.trials.kept.values()))
    assert trial.found is not None
    for code in sorted(trial.found.composed.people)[:3]:
        text = client.get(f"{where}/why?line={code}").content.decode()
        assert 'role="status"' in text
        assert f"<h3><bdi>{code}</bdi></h3>" in text


def test_what_a_change_of_places_would_break_is_said_as_the_clause_says_it(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    trial = next(iter(north.trials.kept.values()))
    assert trial.found is not None
    first, *_, last = trial.found.plans
    one, other = min(first.gives[NORTH]), min(last.gives[SOUTH])
    text = client.get(f"{where}/why?line={one}&other={other}").content.decode()
    assert "these rules would break" in text
    assert "north" in text.partition("these rules would break")[2][:600]
    again = client.get(f"{where}/why?line={one}&other={one}").content.decode()
    assert "No rule would break" in again


def test_somebody_whom_the_pool_does_not_know_is_refused_in_words(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    answer = client.get(f"{where}/why?line=<b>nobody</b>")
    assert answer.status_code == 409
    assert "composing.no_such_code" in answer.content.decode()
    assert "<b>nobody" not in answer.content.decode()


@pytest.mark.parametrize("language", ["ar", "en", "ru", "uk"])
def test_what_no_lists_fulfil_is_said_as_the_clauses_that_cannot_hold_together(
    north: Served, policy: bytes, language: str
) -> None:
    client = come_in("exchange_office", language)
    answer = client.get(compose(client, north, policy + IMPOSSIBLE))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "composing.infeasible" in text
    assert "<li><bdi>" in text
    assert "too many civilians" in text


@pytest.mark.parametrize(("policy_text", "code"), [(b"= no", "policy.not_toml"), (b"\xff\xfe", "policy.")])
def test_a_policy_that_is_none_is_refused_in_words(north: Served, policy_text: bytes, code: str) -> None:
    client = come_in("exchange_office")
    answer = client.get(compose(client, north, policy_text))
    assert answer.status_code == 409
    assert code in answer.content.decode()


def test_no_policy_at_all_is_asked_for(north: Served) -> None:
    answer = come_in("exchange_office").post("/compose", {})
    assert answer.status_code == 409
    assert not north.trials.kept


def test_anybody_checks_by_the_files(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    for name in ("lottery.json", "certificate.json", "lists.csv", "report.html"):
        assert client.get(f"{where}/files/{name}").content
    assert client.get(f"{where}/files/pool.csv").status_code == 404
    assert client.get(f"{where}/files/..%2foffice.sqlite").status_code == 404


def test_what_is_forgotten_is_gone(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    where = compose(client, north, policy)
    assert client.post(where, {"what": "drop"}).status_code == 302
    assert client.get(where).status_code == 404
    assert not north.trials.kept


def test_attack_somebody_who_may_not_see_the_composer_knows_the_address(north: Served, policy: bytes) -> None:
    where = compose(come_in("exchange_office"), north, policy)
    press = come_in("press")
    assert {press.get(one).status_code for one in (where, f"{where}/why?line=N1", f"{where}/files/lists.csv")} == {403}


def test_attack_a_form_from_elsewhere(north: Served, policy: bytes) -> None:
    client = browser(enforce_csrf_checks=True)
    client.cookies.update(come_in("exchange_office").cookies)
    assert client.post("/compose", {"policy": SimpleUploadedFile("p", policy)}).status_code == 403
    assert not north.trials.kept


def told(served: Served, client: Client, where: str) -> tuple[int, str]:
    """What an open page hears."""
    from parley.web.composing_news import PLACE, News

    status, pieces = 0, []
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())

    async def listen() -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            pieces.append(message.get("body", b"").decode())

        scope = {"type": "http", "method": "GET", "path": f"{PLACE}{where.rpartition('/')[2]}"}
        await News(served)({**scope, "headers": [(b"cookie", cookie.encode())]}, receive, send)

    asyncio.run(asyncio.wait_for(listen(), 60))
    return status, "".join(pieces)


def test_an_open_page_hears_each_step_until_it_is_over(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    answer = client.post("/compose", {"policy": SimpleUploadedFile("policy.toml", policy)})
    status, text = told(north, client, str(answer.headers["Location"]))
    assert status == 200
    assert text.count("event: step") >= 1
    assert '"over": true' in text.splitlines()[-2]


def test_nobody_else_hears_of_it(north: Served, policy: bytes) -> None:
    where = compose(come_in("exchange_office"), north, policy)
    assert told(north, come_in("press"), where) == (403, "")
    assert told(north, come_in("exchange_office"), "/compose/none") == (404, "")


def test_attack_a_name_in_a_policy_that_bites_is_refused_and_not_shown(north: Served, policy: bytes) -> None:
    client = come_in("exchange_office")
    bite = policy.replace(b'name = "civilians"', b'name = "<script>bite</script>"')
    assert bite != policy
    answer = client.get(compose(client, north, bite))
    text = answer.content.decode()
    assert "policy.wrong_kind" in text
    assert "bite" not in text


def _busy(desk: Served) -> bool:
    return desk.trials.running is not None


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Composing that goes on until the test lets it."""
    let, compose = threading.Event(), compose_case

    def compose_slowly(*about: Any) -> Any:
        assert let.wait(60)
        return compose(*about)

    monkeypatch.setattr(trying, "compose_case", compose_slowly)
    yield let
    let.set()


def ask(client: Client, policy: bytes) -> Any:
    return client.post("/compose", {"policy": SimpleUploadedFile("policy.toml", policy)})


@pytest.mark.parametrize("again", ["exchange_office", "principal"])
def test_who_asks_while_somebody_composes_is_told_who_since_when_and_may_watch(
    north: Served, policy: bytes, slow: threading.Event, again: str
) -> None:
    where = str(ask(come_in("exchange_office"), policy).headers["Location"])
    north.seconds = lambda: 1_800_000_000
    (running,) = north.trials.kept.values()
    second = come_in(again)
    answer = ask(second, policy)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert list(north.trials.kept.values()) == [running]
    assert "practice-exchange_office" in text
    assert datetime.fromtimestamp(running.since, UTC).strftime("%Y-%m-%dT%H:%M") in text
    assert f'href="{where}"' in text
    assert 'id="policy"' not in text
    assert second.get(where).status_code == 200
    slow.set()


def test_two_officers_who_ask_in_the_same_moment_begin_one(north: Served, policy: bytes, slow: threading.Event) -> None:
    trials = north.trials
    asked = [trying.Trial(who=f"officer-{one}", at=0, since=0, policy=policy, pool=b"") for one in range(8)]
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda one: trials.begin(north.desk.state, one, lambda _: None), asked))
    assert len({one.name for one in begun}) == len(trials.kept) == 1
    slow.set()


def test_whoever_stops_it_frees_the_composer_at_once_and_who_watched_hears_of_it(
    north: Served, policy: bytes, slow: threading.Event
) -> None:
    first, second = come_in("exchange_office"), come_in("principal")
    where = str(ask(first, policy).headers["Location"])
    (running,) = north.trials.kept.values()
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(told, north, first, where)
        time.sleep(0.3)
        assert second.post(where, {"what": "drop"}).headers["Location"] == "/compose"
        status, heard = watching.result(10)
    assert (status, '"over": true' in heard) == (200, True)
    assert not _busy(north)
    assert ask(second, policy).status_code == 302
    slow.set()
    until = time.monotonic() + 60
    while _busy(north) and time.monotonic() < until:
        time.sleep(0.02)
    (after,) = north.trials.kept.values()
    assert after.step == "done"
    assert running.found is None


class Crash(BaseException):
    """What ends a thread without a word."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_crash_leaves_no_lock(north: Served, policy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise Crash

    client = come_in("exchange_office")
    with monkeypatch.context() as broken:
        broken.setattr(trying, "compose_case", crash)
        assert ask(client, policy).status_code == 302
        until = time.monotonic() + 10
        while north.trials.running is not None and time.monotonic() < until:
            time.sleep(0.02)
    assert north.trials.running is None
    assert ask(client, policy).status_code == 302


@pytest.mark.parametrize(
    ("language", "lock"), [("ar", "مقفل"), ("en", "Locked"), ("ru", "Заблокировано"), ("uk", "Заблоковано")]
)
def test_the_page_says_that_it_is_locked(
    north: Served, policy: bytes, slow: threading.Event, language: str, lock: str
) -> None:
    client = come_in("exchange_office", language)
    assert ask(client, policy).status_code == 302
    assert lock in client.get("/compose").content.decode()
    assert north.trials.running is not None
    slow.set()
