"""Opens an office's data in a file or on a server, and brings their tables up to date; nobody has to write settings for it."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.store.office.base import Office, OfficeBroken

if TYPE_CHECKING:
    from parley.store.office.officers import Officers

SERVER: Final = ("postgresql://", "postgres://")
APP: Final = "parley.store.office.apps.OfficeConfig"
LABEL: Final = "parley_office"
_OPENED = itertools.count(1)
_SCHEMA: Final = re.compile(r"[a-z][a-z0-9_]{0,50}\Z")
_SQLITE_SETUP: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
)


def open_office(where: str) -> Office:
    """Open or make the office's data at ``where``: a file, or ``postgresql://…/database#schema``; raises OfficeBroken.

    Where Django is configured already (by the web pages), its settings stay; the office joins as one more database.
    """
    alias = _open(where)
    from parley.store.office.keeping import KeptOffice

    return KeptOffice(alias)


def open_desk_data(where: str) -> tuple[Office, Officers]:
    """Open or make the office's data and, in the same place, who may sign in at the desk's pages; raises OfficeBroken."""
    alias = _open(where)
    from parley.store.office.keeping import KeptOffice
    from parley.store.office.officers import Officers

    return KeptOffice(alias), Officers(alias)


def _open(where: str) -> str:
    alias = f"office-{next(_OPENED)}"
    prepare_django()
    settings = _on_server(where) if where.startswith(SERVER) else _in_file(where)
    from django.db import DatabaseError, connections

    connections.settings[alias] = {**_DEFAULTS, **settings}
    try:
        if where.startswith(SERVER):
            _make_schema(connections[alias], settings["OPTIONS"]["options"].rpartition("=")[2])
        _migrate(connections[alias])
    except DatabaseError:
        connections[alias].close()
        raise OfficeBroken("office.unreadable") from None
    return alias


_DEFAULTS: Final[dict[str, Any]] = {
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
    "HOST": "",
    "PORT": "",
    "USER": "",
    "PASSWORD": "",
    "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
}


def prepare_django() -> None:
    """Set Django up once for this program; what the pages need on top of it, they add to these settings themselves."""
    import django
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            DATABASES={"default": {"ENGINE": "django.db.backends.dummy"}},
            INSTALLED_APPS=[APP],
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
            USE_I18N=False,
        )
    if not apps.ready:
        django.setup()


def _in_file(where: str) -> dict[str, Any]:
    path = Path(where)
    try:
        if not path.exists():  # only this user may read it, from its first byte
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        elif path.stat().st_size and path.read_bytes()[:16] != b"SQLite format 3\0":
            raise OfficeBroken("office.unreadable")
    except (OSError, ValueError):
        raise OfficeBroken("office.unreadable") from None
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_SETUP},
    }


def _on_server(where: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    dsn, _, schema = where.partition("#")
    schema = schema or LABEL
    try:
        parts = dict(conninfo_to_dict(dsn))
    except ProgrammingError:
        raise OfficeBroken("office.unreadable") from None
    if _SCHEMA.match(schema) is None:
        raise OfficeBroken("office.unreadable")
    return {
        "ENGINE": "parley.store.office.pooled",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, "options": f"-c search_path={schema}"},
    }


def _make_schema(connection: Any, schema: str) -> None:  # noqa: ANN401 - Django's connection
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')  # held to letters, digits and _ above


def _migrate(connection: Any) -> None:  # noqa: ANN401
    """Bring the tables up to date; raises OfficeBroken where they are from a later version than this one."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = {name for label, name in executor.loader.disk_migrations if label == LABEL}
    applied = {name for label, name in executor.loader.applied_migrations if label == LABEL}
    if applied - known:
        connection.close()
        raise OfficeBroken("office.newer")
    if known - applied:
        executor.migrate([one for one in executor.loader.graph.leaf_nodes() if one[0] == LABEL])
