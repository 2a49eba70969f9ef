"""One database, either kind: connections, write transactions, the clock leases are measured by.

SQLite: WAL, and BEGIN IMMEDIATE for writers, because a deferred transaction that reads and then writes
fails at once instead of waiting. PostgreSQL: read committed, rows locked explicitly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from conversation.errors import BadRequest, Unavailable

POOL_SIZE = 10
BUSY_SECONDS = 10


class Database:
    """Owns the engine. ``write()`` and ``read()`` give a connection inside one transaction."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)

    @property
    def is_postgresql(self) -> bool:
        return bool(self.engine.dialect.name == "postgresql")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; commits at the end, rolls back on any error."""
        with _translated(), self.engine.connect() as connection:
            connection = connection.execution_options(yixian_write=True)
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent read (SQLite: one snapshot; PostgreSQL: read committed)."""
        with _translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    def lease_clock(self, connection: Connection) -> datetime:
        """Now, by the clock all lease holders share."""
        if self.is_postgresql:
            moment: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
            return moment.astimezone(timezone.utc)
        return datetime.now(timezone.utc)

    def dispose(self) -> None:
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """A database that is down or too busy is a clear error with a code, never a stack trace."""
    try:
        yield
    except (OperationalError, sa.exc.TimeoutError) as error:
        raise Unavailable(cause=type(error.__cause__ or error).__name__) from error


def make_engine(url: str) -> Engine:
    """A SQLAlchemy engine with the project's settings for its dialect."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
    else:
        engine = sa.create_engine(
            parsed,
            future=True,
            hide_parameters=True,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
        )
    sa.event.listen(engine, "handle_error", _refuse_unstorable)
    return engine


def _refuse_unstorable(failure: Any) -> BadRequest | None:
    """A value the driver cannot send (U+0000, a lone surrogate, a number without end) came from outside:
    it is refused with a clear error wherever it turns up. Errors before execution are our own."""
    unsendable = isinstance(failure.original_exception, (ValueError, OverflowError))
    return BadRequest() if unsendable and failure.execution_context is not None else None


def _sqlite_engine(url: sa.engine.URL) -> Engine:
    engine = sa.create_engine(
        url,
        future=True,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=5,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("yixian_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
