"""What can happen to a store on a server: kills on either side, damage, no room, no rights, a server that lies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from parley.store import Change, StoreBroken, open_store
from parley.store.postgres import PostgresStore
from tests.contracts.conftest import Place, new_schema, schema_of
from tests.contracts.samples import a_step, everything, note, notes, sealed
from tests.contracts.server import Server

CHECKOUT = Path(__file__).resolve().parents[2]


def by_hand(server: Server, schema: str, statement: bytes) -> None:
    """Change a store's tables behind its back."""
    with psycopg.connect(server.dsn, autocommit=True, options=f"-c search_path={schema}") as connection:
        connection.execute(statement)


@contextmanager
def server_setting(server: Server, name: bytes, value: bytes) -> Iterator[None]:
    """Run with another setting of the whole server."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(b"ALTER SYSTEM SET " + name + b" = " + value)
        connection.execute("SELECT pg_reload_conf(), pg_sleep(0.2)")
        try:
            yield
        finally:
            connection.execute(b"ALTER SYSTEM RESET " + name)
            connection.execute("SELECT pg_reload_conf(), pg_sleep(0.2)")


def filled(place: Place, steps: int = 5) -> None:
    """Keep a few steps and close."""
    store = place.open()
    for number in range(steps):
        store.write(a_step(store, f"list {number}"))
    store.close()


def why_not(place: Place) -> str:
    """Return the code with which a store refuses to open, or to be read whole."""
    with pytest.raises(StoreBroken) as caught:
        everything(place.open(), tuple(sealed(f"list {number}")[0] for number in range(5)))
    return caught.value.code


# -- killed


def test_what_was_confirmed_outlives_killed_programs(server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "bench/crash.py", "--kills", "12", "--where", server.dsn, "--json"],
        cwd=CHECKOUT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["found"]["killed"]
    assert found["intact"] == found["times"] == 12
    assert found["confirmed"] > 0


def test_what_was_confirmed_outlives_a_killed_server(server: Server) -> None:
    place = Place(f"{server.dsn}#{new_schema()}")
    store = place.open()
    for number in range(5):
        store.write(a_step(store, f"list {number}"))
    before = everything(store)
    server.kill()
    try:
        for _ in range(2):
            with pytest.raises(StoreBroken) as caught:
                store.write(Change(start=5, acts=notes(5, 6)))
            assert caught.value.code == "store.gone"
        with pytest.raises(StoreBroken) as caught:
            place.open()
        assert caught.value.code == "store.gone"
        store.close()
    finally:
        server.start()
    again = place.open()
    assert everything(again) == before
    again.write(Change(start=5, acts=notes(5, 6)))
    again.close()


def test_a_connection_cut_while_a_change_is_being_kept_keeps_nothing(server: Server, schema_place: Place) -> None:
    store = schema_place.open()
    store.write(a_step(store, "list"))
    cut = (
        b"CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
        b" $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
        b" CREATE TRIGGER cut AFTER UPDATE ON tail EXECUTE FUNCTION cut()"
    )
    by_hand(server, schema_of(schema_place), cut)
    with pytest.raises(StoreBroken) as caught:
        store.write(Change(start=1, acts=notes(1, 4)))
    assert caught.value.code == "store.gone"
    by_hand(server, schema_of(schema_place), b"DROP TRIGGER cut ON tail")
    again = schema_place.open()
    assert again.size == 1
    assert tuple(again.acts()) == notes(0, 1)


# -- damage


@pytest.mark.parametrize(
    "statement",
    [
        b"UPDATE act SET note = note || '\\x0a' WHERE n = 2",
        b"UPDATE act SET n = 7 WHERE n = 4",
        b"DELETE FROM act WHERE n = 0",
        b"DELETE FROM act WHERE n = 4",
        b"UPDATE checkpoint SET note = '\\x00' WHERE size = 3",
        b"UPDATE fact SET value = '\\x00' WHERE name = 'head'",
        b"UPDATE fact SET name = 'other' WHERE name = 'head'",
        b"UPDATE blob SET data = '\\x00'",
        b"UPDATE tail SET acts = 4",
        b"DELETE FROM tail",
    ],
)
def test_a_row_changed_behind_the_stores_back_is_seen(server: Server, schema_place: Place, statement: bytes) -> None:
    filled(schema_place)
    by_hand(server, schema_of(schema_place), statement)
    assert why_not(schema_place) in {"store.torn", "store.version"}


def test_forgotten_bytes_are_in_no_table_file_of_the_server(server: Server, schema_place: Place) -> None:
    store = schema_place.open()
    (digest, data), kept = sealed("list of north"), sealed("list of south")
    store.write(Change(start=0, blobs=((digest, data), kept)))

    def on_the_disk(piece: bytes) -> bool:
        by_hand(server, "public", b"CHECKPOINT")
        found = False
        for file in (server.data / "base").rglob("*"):
            with suppress(FileNotFoundError):
                found |= file.is_file() and piece in file.read_bytes()
        return found

    assert on_the_disk(data[22:54])
    store.write(Change(start=0, forget=(digest,)))
    assert not on_the_disk(data[22:54])
    assert on_the_disk(kept[1][22:54])
    assert store.blob(kept[0]) == kept[1]


# -- no room, no rights, no trust


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (b"53100", "store.full"),
        (b"25006", "store.read_only"),
        (b"42501", "store.read_only"),
        (b"XX001", "store.torn"),
        (b"58030", "store.device"),
    ],
)
def test_what_the_server_says_is_told_in_the_stores_words(
    server: Server, schema_place: Place, state: bytes, code: str
) -> None:
    store = schema_place.open()
    store.write(a_step(store, "list"))
    before = everything(store)
    say = (
        b"CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '"
        + state
        + b"'; END $$; CREATE TRIGGER say AFTER UPDATE ON tail EXECUTE FUNCTION say()"
    )
    by_hand(server, schema_of(schema_place), say)
    with pytest.raises(StoreBroken) as caught:
        store.write(Change(start=1, acts=notes(1, 2)))
    assert caught.value.code == code
    by_hand(server, schema_of(schema_place), b"DROP TRIGGER say ON tail")
    if code == "store.device":
        store.close()
        store = schema_place.open()
    assert everything(store) == before
    store.write(Change(start=1, acts=notes(1, 2)))
    assert store.size == 2


def test_a_server_that_may_not_be_written_to_is_refused(server: Server, schema_place: Place) -> None:
    filled(schema_place)
    with server_setting(server, b"default_transaction_read_only", b"on"):
        assert why_not(schema_place) == "store.read_only"


def test_a_role_without_rights_is_refused(server: Server, schema_place: Place) -> None:
    filled(schema_place)
    by_hand(server, "public", b"DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    for schema in (schema_of(schema_place), new_schema()):
        assert why_not(Place(f"{server.dsn.replace('parley@', 'guest@')}#{schema}")) == "store.read_only"


@pytest.mark.parametrize("setting", [b"fsync", b"full_page_writes"])
def test_a_server_that_confirms_before_it_has_written_is_refused(
    server: Server, schema_place: Place, setting: bytes
) -> None:
    with server_setting(server, setting, b"off"):
        assert why_not(schema_place) == "store.unsafe_server"
    assert schema_place.open().size == 0


def test_a_role_set_to_confirm_early_still_waits_for_the_disk(server: Server, schema_place: Place) -> None:
    by_hand(server, "public", b"ALTER ROLE parley SET synchronous_commit = off")
    try:
        store = schema_place.open()
        assert isinstance(store, PostgresStore)
        assert store._row("SHOW synchronous_commit") == ("on",)
    finally:
        by_hand(server, "public", b"ALTER ROLE parley RESET synchronous_commit")


# -- addresses


@pytest.mark.parametrize("schema", ["Case", "a b", 'x"; DROP SCHEMA public; --', "pg_catalog", "1", "a" * 64])
def test_a_schema_needs_a_plain_name(server: Server, schema: str) -> None:
    assert why_not(Place(f"{server.dsn}#{schema}")) == "store.address"


def test_a_schema_with_other_tables_is_refused_and_left_as_it_was(server: Server) -> None:
    schema = new_schema()
    by_hand(server, "public", f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.letters (x int)".encode())
    assert why_not(Place(f"{server.dsn}#{schema}")) == "store.foreign"
    with psycopg.connect(server.dsn) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
    assert rows == [("letters",)]


def test_a_store_of_a_later_version_is_refused(server: Server, schema_place: Place) -> None:
    filled(schema_place)
    by_hand(server, schema_of(schema_place), b"UPDATE tail SET form = 2")
    assert why_not(schema_place) == "store.version"


def test_two_cases_on_one_server_do_not_see_each_other(server: Server, schema_place: Place) -> None:
    other = Place(f"{server.dsn}#{new_schema()}")
    first, second = schema_place.open(), other.open()
    first.write(a_step(first, "list"))
    second.write(Change(start=0, acts=(note(9),)))
    assert (tuple(first.acts()), tuple(second.acts())) == ((note(0),), (note(9),))
    other.close_all()


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("postgresql://nobody:secret@/postgres?host=/nowhere", "store.gone"),
        ("postgresql://nobody:secret@/postgres?hose=/nowhere", "store.address"),
        ("postgresql://[", "store.address"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(where: str, code: str) -> None:
    with pytest.raises(StoreBroken) as caught:
        open_store(where, "neutral desk")
    assert caught.value.code == code
    assert "secret" not in f"{caught.value} {caught.value.facts}"
