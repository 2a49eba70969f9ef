"""Banners, switches, the log of operations and the numbers processes watch, in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversation.controls import Banner, Controls
from conversation.errors import ConversationNotFound
from conversation.four_eyes import LIVE, OPEN
from conversation.state import Agent, new_id
from conversation.store import tables as t
from conversation.store.database import Database

CONTROLS, KNOWLEDGE = "controls", "knowledge"
RECENT = 50

_BUMP = sa.text(
    "INSERT INTO live_versions (name, number) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET number = live_versions.number + 1"
)

Row = Mapping[str, Any]


class ChangeNotFound(ConversationNotFound):
    """找不到这份内容，请刷新后查看。"""

    code = "change_not_found"


def bump(connection: Connection, name: str) -> None:
    """Tell every process, at commit, that something of this name changed."""
    connection.execute(_BUMP, {"name": name})


def write_log(
    connection: Connection, at: datetime, actor: Agent, action: str, subject: str, reason: str
) -> None:
    connection.execute(
        t.operations_log.insert().values(
            id=new_id("op"),
            at=at,
            agent_id=actor.id,
            agent_name=actor.name,
            action=action,
            subject=subject[:128],
            reason=reason,
        )
    )


def locked(connection: Connection, table: sa.Table, id: str) -> Row:
    """The row, held until the transaction ends; ChangeNotFound."""
    query = sa.select(table).where(table.c.id == id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise ChangeNotFound()
    return dict(row)


class ControlStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def versions(self) -> dict[str, int]:
        """Name → number; it moves with every change."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(t.live_versions.c.name, t.live_versions.c.number))
            return {row.name: row.number for row in rows}

    def controls(self) -> Controls:
        """The banners that are or will be live, and what is switched off."""
        b, s = t.banners.c, t.switches.c
        with self.database.read() as connection:
            rows = connection.execute(
                sa.select(t.banners).where(b.state.in_(LIVE)).order_by(b.made_at.desc())
            )
            banners = tuple(
                Banner(r.id, r.text, r.scope, tuple(r.names), r.starts_at, r.ends_at) for r in rows
            )
            stopped = connection.execute(sa.select(s.kind, s.name).where(s.stopped))
            return Controls(banners, frozenset((row.kind, row.name) for row in stopped))

    def add_banner(self, actor: Agent, at: datetime, values: Row) -> str:
        id = new_id("b")
        made = {"id": id, "maker_id": actor.id, "maker_name": actor.name, "made_at": at}
        with self.database.write() as connection:
            connection.execute(t.banners.insert().values(**made, **values))
            write_log(connection, at, actor, f"banner_{values['state']}", values["text"], values["reason"])
            bump(connection, CONTROLS)
        return id

    def decide_banner(self, actor: Agent, at: datetime, id: str, decide: Any, comment: str) -> None:
        """``decide(row)`` gives the new state, or raises."""
        with self.database.write() as connection:
            row = locked(connection, t.banners, id)
            state = decide(row)
            values = {"state": state, "comment": comment, "checked_at": at}
            values |= {"checker_id": actor.id, "checker_name": actor.name}
            connection.execute(t.banners.update().where(t.banners.c.id == id).values(values))
            write_log(connection, at, actor, f"banner_{state.value}", row["text"], comment)
            bump(connection, CONTROLS)

    def set_switch(
        self, actor: Agent, at: datetime, kind: str, name: str, stopped: bool, reason: str
    ) -> None:
        c = t.switches.c
        values = {"stopped": stopped, "reason": reason, "agent_name": actor.name, "at": at}
        with self.database.write() as connection:
            bump(connection, CONTROLS)  # first: its row is the lock that keeps two switchers apart
            changed = connection.execute(
                t.switches.update().where(c.kind == kind, c.name == name).values(values)
            )
            if not changed.rowcount:
                connection.execute(t.switches.insert().values(kind=kind, name=name, **values))
            action = "switch_off" if stopped else "switch_on"
            write_log(connection, at, actor, action, f"{kind}:{name}", reason)

    def banner_rows(self, since: datetime) -> list[Row]:
        """What is live or waits, and what was decided since."""
        b = t.banners.c
        wanted = b.state.in_({*LIVE, *OPEN}) | (b.made_at >= since)
        with self.database.read() as connection:
            query = sa.select(t.banners).where(wanted).order_by(b.made_at.desc()).limit(RECENT)
            return [dict(row) for row in connection.execute(query).mappings()]

    def switch_rows(self) -> list[Row]:
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(sa.select(t.switches)).mappings()]

    def log_rows(self) -> list[Row]:
        """The newest entries of the operations log, newest first."""
        with self.database.read() as connection:
            query = sa.select(t.operations_log).order_by(t.operations_log.c.at.desc()).limit(RECENT)
            return [dict(row) for row in connection.execute(query).mappings()]
