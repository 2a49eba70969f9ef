"""The store as the services see it: write transactions as units, and the reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from conversation.cipher import Cipher
from conversation.state import TurnRow
from conversation.store import statements as s
from conversation.store import tables as t
from conversation.store.database import Database
from conversation.store.rows import turn_from
from conversation.store.unit import Unit


class JournalStore:
    """Give it a Database and the cipher; it keeps no state of its own."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self.database = database
        self.cipher = cipher

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One write transaction; everything in it happens or nothing does."""
        with self.database.write() as connection:
            now = self.database.lease_clock(connection)
            yield Unit(connection, self.cipher, self.database.is_postgresql, now)

    def has_claimable_turn(self, max_attempts: int) -> bool:
        """A cheap look without a lock; a claim decides."""
        with self.database.read() as connection:
            now = self.database.lease_clock(connection)
            values = {"p_now": now, "p_max_attempts": max_attempts}
            return connection.execute(s.ANY_CLAIMABLE, values).one_or_none() is not None

    def open_turns(self, limit: int = 200) -> tuple[list[TurnRow], datetime]:
        """The oldest open turns and the lease clock's now, without a lock."""
        with self.database.read() as connection:
            now = self.database.lease_clock(connection)
            query = (
                sa.select(t.turns)
                .where(t.turns.c.state != "done")
                .order_by(t.turns.c.created_at)
                .limit(limit)
            )
            return [turn_from(row) for row in connection.execute(query)], now

    def has_due_outbox(self, topic: str) -> bool:
        c = t.outbox.c
        with self.database.read() as connection:
            now = self.database.lease_clock(connection)
            query = sa.select(c.id).where(c.topic == topic, c.state == "pending", c.next_at <= now).limit(1)
            return connection.execute(query).one_or_none() is not None

    def sweep(self, now: datetime, feed_life: timedelta) -> None:
        """Remove what nobody can use any more: old feed rows and expired buttons.

        The feed's last row stays: cursors point at it after a quiet night.
        """
        f = t.feed.c
        last = sa.select(f.id).order_by(f.xid.desc(), f.id.desc()).limit(1).scalar_subquery()
        with self.database.write() as connection:
            connection.execute(t.feed.delete().where(f.at < now - feed_life, f.id != last))
            connection.execute(t.buttons.delete().where(t.buttons.c.expires_at < now))
