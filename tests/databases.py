"""The databases tests run on: SQLite and PostgreSQL, with a lease clock that can be moved on.

PostgreSQL is the server of DATABASE_URL, else the one of the ``pgserver`` wheel.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import bot.plans.store_tables
import bot.promises.store_tables
import bot.signing.store_tables  # noqa: F401  (their tables join the journal's)
from conversation.store.database import Database
from conversation.store.tables import metadata as journal_tables
from escalation.store.tables import metadata as agent_tables
from service.settings import database_url

#: read now: a test that starts the whole program takes the variable out of the environment
GIVEN_URL = os.environ.get("DATABASE_URL", "")
ALL_TABLES = (*journal_tables.sorted_tables, *agent_tables.sorted_tables)


class MovableDatabase(Database):
    """A database whose lease clock a test can move on by ``later``, or hold at ``still``."""

    later = timedelta(0)
    still: datetime | None = None

    def lease_clock(self, connection: Connection) -> datetime:
        return (self.still or super().lease_clock(connection)) + self.later

    def empty(self) -> None:
        """Remove every row, number the feed from 1 again and set the lease clock right."""
        self.later, self.still = timedelta(0), None
        again = "ALTER SEQUENCE feed_id_seq RESTART" if self.is_postgresql else "DELETE FROM sqlite_sequence"
        with self.write() as connection:
            for table in reversed(ALL_TABLES):
                connection.execute(table.delete())
            connection.execute(sa.text(again))


class NoPostgres(Exception):
    """PostgreSQL could not be started."""


def _own_server() -> tuple[str, Callable[[], None]]:
    """A throw-away server: its URL and how to stop it."""
    import pgserver

    folder = tempfile.mkdtemp(prefix="yixian-pg-")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    with sa.create_engine(
        database_url(server.get_uri()), isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        for setting in ("fsync", "full_page_writes"):  # it lives as long as the tests; speed matters more
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return server.get_uri(), stop


def postgres_server() -> tuple[str, Callable[[], None]]:
    if GIVEN_URL.startswith("postgres"):
        return GIVEN_URL, lambda: None
    try:
        return _own_server()
    except Exception as error:
        raise NoPostgres(f"PostgreSQL cannot start: {error!r}") from error


def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as dictionaries."""
    with database.read() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in ALL_TABLES
        }
