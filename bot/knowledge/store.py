"""Revisions of answers in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.knowledge.revisions import Revision
from conversation.four_eyes import LIVE, State
from conversation.state import Agent, new_id
from conversation.store.control_store import KNOWLEDGE, bump, locked, write_log
from conversation.store.database import Database
from conversation.store.tables import answer_revisions

_c = answer_revisions.c


class RevisionStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def all_of(self, intent: str) -> list[Revision]:
        """Newest first."""
        return self._found(_c.intent == intent)

    def in_states(self, *states: State) -> list[Revision]:
        return self._found(_c.state.in_(states))

    def live(self) -> list[Revision]:
        return self.in_states(*LIVE)

    def one(self, id: str) -> Revision:
        """ChangeNotFound."""
        with self._db.read() as connection:
            return _revision(locked(connection, answer_revisions, id))

    def _found(self, wanted: Any) -> list[Revision]:
        with self._db.read() as connection:
            query = sa.select(answer_revisions).where(wanted).order_by(_c.number.desc())
            return [_revision(row) for row in connection.execute(query).mappings()]

    def add(
        self, actor: Agent, at: datetime, intent: str, make: Callable[[list[Revision]], dict[str, Any]]
    ) -> Revision:
        """``make`` sees what the intent has and gives the values of the new one, or raises."""
        with self._db.write() as connection:
            bump(connection, KNOWLEDGE)  # its row is also the lock that keeps two authors apart
            query = sa.select(answer_revisions).where(_c.intent == intent)
            known = [_revision(row) for row in connection.execute(query).mappings()]
            values = {
                "id": new_id("r"),
                "intent": intent,
                "number": max((one.number for one in known), default=0) + 1,
                "maker_id": actor.id,
                "maker_name": actor.name,
                "made_at": at,
                "restores": None,
                **make(known),
            }
            connection.execute(answer_revisions.insert().values(values))
            subject = f"{intent}@r{values['number']}"
            write_log(connection, at, actor, f"answer_{values['state'].value}", subject, values["reason"])
            return _revision(locked(connection, answer_revisions, values["id"]))

    def decide(
        self,
        actor: Agent,
        at: datetime,
        id: str,
        decide: Callable[[Revision, list[Revision]], State],
        comment: str,
    ) -> Revision:
        """``decide`` sees the revision and all of its intent, and gives the new state, or raises."""
        with self._db.write() as connection:
            bump(connection, KNOWLEDGE)
            row = _revision(locked(connection, answer_revisions, id))
            query = sa.select(answer_revisions).where(_c.intent == row.intent)
            state = decide(row, [_revision(one) for one in connection.execute(query).mappings()])
            values = {"state": state, "comment": comment, "checked_at": at}
            values |= {"checker_id": actor.id, "checker_name": actor.name}
            connection.execute(answer_revisions.update().where(_c.id == id).values(values))
            write_log(connection, at, actor, f"answer_{state.value}", f"{row.intent}@r{row.number}", comment)
            return _revision(locked(connection, answer_revisions, id))


def _revision(row: Any) -> Revision:
    values = {name: row[name] for name in Revision.__dataclass_fields__}
    return Revision(**{**values, "state": State(values["state"])})
