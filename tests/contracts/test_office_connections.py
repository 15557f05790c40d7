"""Connections to an office's server are kept for the next request, a few of them, and only while they are sound."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections

from parley.store.office import open_desk_data
from parley.store.office.pooled import MOST_IDLE, waiting
from tests.contracts.conftest import new_schema
from tests.contracts.server import Server


@pytest.fixture
def alias(server: Server) -> Iterator[str]:
    office, _ = open_desk_data(f"{server.dsn}#{new_schema()}")
    alias = str(office._alias)  # type: ignore[attr-defined]
    connections[alias].close()
    yield alias
    office.close()
    assert waiting(alias) == 0


def process(alias: str) -> int:
    """Which process of the server answers."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def in_a_thread(alias: str, found: list[int], together: threading.Barrier | None = None) -> threading.Thread:
    def ask() -> None:
        found.append(process(alias))
        if together is not None:
            together.wait(timeout=20)
        connections[alias].close()

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_the_next_request_takes_up_the_connection_of_the_one_before(alias: str) -> None:
    found: list[int] = []
    for _ in range(5):
        in_a_thread(alias, found).join()
    assert len(set(found)) == 1


def test_after_many_at_once_only_a_few_are_kept(alias: str) -> None:
    found: list[int] = []
    together = threading.Barrier(MOST_IDLE + 4)
    for thread in [in_a_thread(alias, found, together) for _ in range(MOST_IDLE + 4)]:
        thread.join()
    assert len(set(found)) == MOST_IDLE + 4
    assert waiting(alias) == MOST_IDLE


def test_a_connection_that_the_server_ended_is_not_taken_up_again(alias: str) -> None:
    first = process(alias)
    connections[alias].close()
    assert waiting(alias) == 1
    other = connections.create_connection(alias)
    shelf_empty = waiting(alias)
    with other.cursor() as cursor:  # takes the only one that waits
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] == first
    second = process(alias)
    connections[alias].close()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [second])
    assert shelf_empty == 1
    assert process(alias) not in {first, second}
    other.close()


def test_nothing_half_done_is_handed_on(alias: str) -> None:
    connection = connections[alias]
    first = process(alias)
    connection.set_autocommit(False)
    process(alias)
    connection.close()
    assert waiting(alias) == 0
    assert process(alias) != first
