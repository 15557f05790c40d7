"""What tests of pages and lines start from: offices of the command line's tests, and desks of a small practice exchange."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client

from parley import acts
from parley.desk.composing_batches import compose_case
from parley.practice.choosing import agreed_policy
from parley.practice.exchange import Exchange
from parley.practice.story import STAGES, tell
from parley.web.served import Served
from parley.web.serving import Wanted, opened
from parley.words import Digest
from tests.cli.conftest import empowered, founded, office
from tests.contracts.conftest import new_schema, server

__all__ = ["empowered", "founded", "office", "server"]
PEOPLE = 20


def play(folder: Path, to: str) -> Path:
    folder.mkdir()
    tell(Exchange(folder=folder, per_side=PEOPLE, seed=7, tell=lambda *_: None), to)
    return folder


@pytest.fixture(scope="session")
def at_terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three desks after the terms were agreed."""
    return play(tmp_path_factory.mktemp("played") / "terms", "terms")


@pytest.fixture(scope="session")
def at_the_end(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three desks after the whole exchange."""
    return play(tmp_path_factory.mktemp("played") / "end", "publication")


def propose(folder: Path) -> Path:
    """Play until everybody's seeds are revealed and south has proposed what it composed; nobody has agreed yet."""
    folder.mkdir()
    exchange = Exchange(folder=folder, per_side=PEOPLE, seed=7, tell=lambda *_: None)
    for name in ("contact", "talks", "terms", "lists", "verification"):
        exchange.stage = name
        STAGES[name](exchange)
    exchange.go_on_to("2025-05-22T08:00:00+00:00")
    seeds = {name: sha256(name.encode()).hexdigest() for name in exchange.desks}
    for name, seed in seeds.items():
        exchange.do(name, acts.CommitSeed(commitment=Digest(sha256(bytes.fromhex(seed)).hexdigest())))
    exchange.carry()
    for name, seed in seeds.items():
        exchange.do(name, acts.RevealSeed(seed=seed))
    exchange.carry()
    policy = agreed_policy(exchange)
    (folder / "policy.toml").write_bytes(policy)
    found = compose_case(exchange.desks["south"].state, policy)
    exchange.do("south", acts.ComposeBatches(batches=found.plans, policy=found.policy, drawn=True))
    exchange.carry()
    for desk in exchange.desks.values():
        desk.store.close()
    return folder


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three desks with final lists and a proposal that waits for agreement."""
    return propose(tmp_path_factory.mktemp("played") / "proposed")


@contextmanager
def desk_of(exchange: Path, name: str, place: Path, *, practice: bool = True, database: str = "") -> Iterator[Served]:
    copytree(exchange / name, place / name)
    settings = place / name / "parley.toml"
    if not practice:
        settings.write_text(settings.read_text().replace("practice = true", "practice = false"))
    with opened(Wanted(folder=place / name, passphrase="practice", database=database)) as served:
        yield served


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """Where the office's data are: in a file, and on a server; every test of the pages runs on both."""
    return f"{request.getfixturevalue('server').dsn}#{new_schema()}" if request.param == "postgres" else ""


@pytest.fixture
def north(at_terms: Path, tmp_path: Path, database: str) -> Iterator[Served]:
    with desk_of(at_terms, "north", tmp_path, database=database) as served:
        yield served


@pytest.fixture
def in_earnest(at_terms: Path, tmp_path: Path, database: str) -> Iterator[Served]:
    """The same desk, but no practice: nobody gets in without password and code."""
    with desk_of(at_terms, "north", tmp_path, practice=False, database=database) as served:
        yield served


@pytest.fixture(params=["north", "neutral"])
def any_desk(request: pytest.FixtureRequest, at_the_end: Path, tmp_path: Path, database: str) -> Iterator[Served]:
    with desk_of(at_the_end, request.param, tmp_path, database=database) as served:
        yield served


def browser(language: str = "en", **more: bool) -> Client:
    """A browser in which somebody chose a language."""
    client = Client(raise_request_exception=False, headers={"host": "localhost"}, **more)
    client.cookies["parley_language"] = language
    return client


def come_in(role: str, language: str = "en") -> Client:
    """Somebody who came into a practice desk in a role."""
    client = browser(language)
    assert client.post(f"/practice/{role}").status_code == 302
    return client
