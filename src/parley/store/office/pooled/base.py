"""The engine that Django loads for an office's data on a server: its own for PostgreSQL, and a shelf for idle connections."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from psycopg.pq import TransactionStatus

from parley.store.office.pooled import lay_aside, take


class DatabaseWrapper(PostgresWrapper):
    """Django's own, but for where a connection comes from and where it goes."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg's connection
        """Take up a connection that was laid aside, else open one."""
        while (found := take(self.alias)) is not None:
            if alive(found):
                return found
            found.close()
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        """Lay the connection aside if it is clean and there is room, else close it."""
        clean = self.connection is not None and not self.in_atomic_block and not self.errors_occurred
        if not (clean and alive(self.connection) and lay_aside(self.alias, self.connection)):
            super()._close()


def alive(connection: Any) -> bool:  # noqa: ANN401
    """Say whether nobody closed it and nothing is half done: an idle line on which the server speaks was ended by the server."""
    if connection.closed or connection.broken or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
