"""Reads and writes of agents and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from conversation.state import new_id
from conversation.store.database import Database
from escalation.store.tables import agent_sessions, agents


@dataclass(frozen=True)
class AgentRow:
    id: str
    username: str
    name: str
    role: str
    password_hash: str
    presence: str
    disabled: bool
    locked_until: datetime | None


@dataclass(frozen=True)
class SessionRow:
    agent: AgentRow
    csrf: str
    seen_at: datetime
    expires_at: datetime


class AgentStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, username: str, name: str, role: str, password_hash: str, now: datetime) -> None:
        """Create the agent, or change him; whoever is logged in as him by then has to log in anew."""
        """Create the agent, or change him; a new password ends the sessions of the old one."""
        values = {
            "name": name,
            "role": role,
            "password_hash": password_hash,
            "failed_logins": 0,
            "locked_until": None,
        }
        with self._db.write() as connection:
            known = connection.execute(sa.select(agents.c.id).where(agents.c.username == username)).scalar()
            if known is not None:
                connection.execute(agents.update().where(agents.c.id == known).values(values))
                connection.execute(agent_sessions.delete().where(agent_sessions.c.agent_id == known))
                return
            connection.execute(
                agents.insert().values(
                    id=new_id("a"),
                    username=username,
                    presence="offline",
                    disabled=False,
                    created_at=now,
                    **values,
                )
            )

    def by_username(self, username: str) -> AgentRow | None:
        with self._db.read() as connection:
            row = connection.execute(sa.select(agents).where(agents.c.username == username)).one_or_none()
            return None if row is None else _agent(row)

    def count_failure(self, agent_id: str, limit: int, locked_until: datetime) -> None:
        """One more wrong guess; the ``limit``-th locks. A guess that was under way meanwhile unlocks nothing."""
        c = agents.c
        reached = c.failed_logins + 1 >= limit
        with self._db.write() as connection:
            connection.execute(
                agents.update()
                .where(c.id == agent_id)
                .values(
                    failed_logins=sa.case((reached, 0), else_=c.failed_logins + 1),
                    locked_until=sa.case(
                        (reached, sa.bindparam("until", locked_until, c.locked_until.type)),
                        else_=c.locked_until,
                    ),
                )
            )

    def open_session(
        self, id_hash: str, agent_id: str, csrf: str, now: datetime, expires_at: datetime
    ) -> None:
        with self._db.write() as connection:
            connection.execute(agents.update().where(agents.c.id == agent_id).values(failed_logins=0))
            connection.execute(agent_sessions.delete().where(agent_sessions.c.expires_at < now))
            connection.execute(
                agent_sessions.insert().values(
                    id_hash=id_hash,
                    agent_id=agent_id,
                    csrf=csrf,
                    created_at=now,
                    seen_at=now,
                    expires_at=expires_at,
                )
            )

    def session(self, id_hash: str) -> SessionRow | None:
        s = agent_sessions.c
        query = (
            sa.select(agents, s.csrf, s.seen_at, s.expires_at)
            .join(agent_sessions, s.agent_id == agents.c.id)
            .where(s.id_hash == id_hash)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else SessionRow(_agent(row), row.csrf, row.seen_at, row.expires_at)

    def touch(self, id_hash: str, now: datetime) -> None:
        with self._db.write() as connection:
            update = agent_sessions.update().where(agent_sessions.c.id_hash == id_hash)
            connection.execute(update.values(seen_at=now))

    def close_session(self, id_hash: str) -> None:
        with self._db.write() as connection:
            connection.execute(agent_sessions.delete().where(agent_sessions.c.id_hash == id_hash))

    def set_presence(self, agent_id: str, presence: str) -> None:
        with self._db.write() as connection:
            connection.execute(agents.update().where(agents.c.id == agent_id).values(presence=presence))

    def names(self) -> dict[str, str]:
        """Agent id → name."""
        with self._db.read() as connection:
            return dict(connection.execute(sa.select(agents.c.id, agents.c.name)).all())


def _agent(row: Any) -> AgentRow:
    return AgentRow(**{name: getattr(row, name) for name in AgentRow.__dataclass_fields__})
