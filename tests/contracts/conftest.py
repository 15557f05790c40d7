"""The three places where a record can be kept, each as a fixture that the one suite is run against."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.store import Store, open_store
from tests.contracts.server import PACKAGE, Server, find_programs

COUNTER = itertools.count()


class Place:
    """Somewhere a store can be opened, and opened again; what is left open is closed after the test."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._opened: list[Store] = []

    @property
    def survives(self) -> bool:
        """Whether what was kept is there when the store is opened again."""
        return self.where != "memory:"

    def open(self, owner: str = "north desk") -> Store:
        store = open_store(self.where, owner)
        self._opened.append(store)
        return store

    def close_all(self) -> None:
        for store in self._opened:
            store.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of our own; skips where Debian's package is not installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip(f"needs a PostgreSQL server: apt-get install {PACKAGE}")
    with Server(programs) as running:
        yield running


def new_schema() -> str:
    """Return a schema that no test has used."""
    return f"case_{os.getpid()}_{next(COUNTER)}"


@pytest.fixture
def schema_place(server: Server) -> Iterator[Place]:
    """A new schema on the server."""
    place = Place(f"{server.dsn}#{new_schema()}")
    yield place
    place.close_all()


@pytest.fixture
def file_place(tmp_path: Path) -> Iterator[Place]:
    """A new file."""
    place = Place(str(tmp_path / "case.sqlite"))
    yield place
    place.close_all()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Each of the three in turn."""
    if request.param == "memory":
        here = Place("memory:")
        yield here
        here.close_all()
    else:
        yield request.getfixturevalue({"sqlite": "file_place", "postgres": "schema_place"}[request.param])


@pytest.fixture(params=["sqlite", "postgres"])
def lasting_place(request: pytest.FixtureRequest) -> Place:
    """Each of the two that outlive the program."""
    found: Place = request.getfixturevalue({"sqlite": "file_place", "postgres": "schema_place"}[request.param])
    return found


def schema_of(place: Place) -> str:
    """Return the schema of a place on the server."""
    found = re.search(r"#(.+)$", place.where)
    assert found
    return found[1]
