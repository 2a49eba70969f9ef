"""Promises and contacts in the database: rows to values and back, most of it inside a transaction somebody else holds.

Decides nothing but what the tables must hold: a promise is changed by compare-and-set on its version, a contact is
written once per key.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.money import Money
from bot.negotiation.plans import IN_FORCE
from bot.negotiation.promises import Promise
from bot.negotiation.reminding import Medium
from bot.plans.store_tables import plans
from bot.promises.records import NO_REMINDER, Contact, PromiseRecord, PromiseState
from bot.promises.store_tables import contacts, promises
from conversation.escalation import ENDED, Reason
from conversation.store import tables as t
from conversation.store.database import Database
from conversation.store.unit import Unit

_p, _c = promises.c, contacts.c
DUE_AT_ONCE = 100

#: these end every reminder for good, whatever is promised later
_FOR_GOOD = (Reason.SELF_HARM, Reason.BEREAVED, Reason.MINOR)
_SINCE = (
    Reason.COMPLAINT,
    Reason.COLLECTION_CONDUCT,
    Reason.CHARGE_DISPUTE,
    Reason.CREDIT_OBJECTION,
    Reason.FRAUD,
    Reason.CARD_LOSS,
    Reason.VULNERABLE,
)


class PromiseStore:
    """Look-ups, each in one reading transaction. See `bot.promises.ports.PromiseBook`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of_customer(self, customer_id: str) -> list[PromiseRecord]:
        query = sa.select(promises).where(_p.customer_id == customer_id)
        return self._read(query.order_by(_p.made_at.desc(), _p.id))

    def to_remind(self, now: datetime) -> list[PromiseRecord]:
        """Open ones whose reminder is due, the longest due first."""
        return self._due(_p.remind_at, now)

    def to_judge(self, now: datetime) -> list[PromiseRecord]:
        """Open ones whose day has passed, the longest due first."""
        return self._due(_p.judge_at, now)

    def contacts_of(self, customer_id: str) -> list[Contact]:
        """The oldest first."""
        query = sa.select(contacts).where(_c.customer_id == customer_id).order_by(_c.at, _c.key)
        with self._db.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [Contact(**{**row, "medium": Medium(row["medium"])}) for row in rows]

    def _due(self, clock: Any, now: datetime) -> list[PromiseRecord]:
        query = sa.select(promises).where(_p.state == PromiseState.OPEN.value, clock <= now)
        return self._read(query.order_by(clock, _p.id).limit(DUE_AT_ONCE))

    def _read(self, query: sa.sql.Select) -> list[PromiseRecord]:
        with self._db.read() as connection:
            return [_record(row) for row in connection.execute(query)]


def promise(connection: Connection, id: str) -> PromiseRecord | None:
    """As it stands in this transaction."""
    row = connection.execute(sa.select(promises).where(_p.id == id)).one_or_none()
    return None if row is None else _record(row)


def of_debt(connection: Connection, customer_id: str, debt_id: str) -> list[PromiseRecord]:
    """All on this debt as they stand in this transaction, the oldest first."""
    query = sa.select(promises).where(_p.customer_id == customer_id, _p.debt_id == debt_id)
    return [_record(row) for row in connection.execute(query.order_by(_p.made_at, _p.id))]


def add(unit: Unit, record: PromiseRecord) -> bool:
    """False where it is there already, or the debt has another open promise."""
    insert = unit.insert(promises).values(_row(record)).on_conflict_do_nothing()
    return bool(unit.connection.execute(insert).rowcount)


def change(connection: Connection, before: PromiseRecord, after: PromiseRecord) -> bool:
    """Compare-and-set on the version; False where somebody was quicker. ``after``'s own version is not looked at."""
    values = {**_row(after), "version": before.version + 1}
    update = promises.update().where(_p.id == before.promise.id, _p.version == before.version)
    return bool(connection.execute(update.values(values)).rowcount)


def log(unit: Unit, contact: Contact) -> bool:
    """False where this contact was made already."""
    values = {**vars(contact), "medium": contact.medium.value}
    return bool(
        unit.connection.execute(unit.insert(contacts).values(values).on_conflict_do_nothing()).rowcount
    )


def take_turn(connection: Connection, customer_id: str) -> None:
    """Whoever would contact this customer waits here for whoever is doing so, until that transaction ends; so that a
    count is never two processes' at once. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(customer_id, 1))))


def lately(connection: Connection, customer_id: str, now: datetime) -> Iterable[tuple[Medium, datetime]]:
    """The contacts of the last eight days; which of them count is the caller's."""
    query = sa.select(_c.medium, _c.at).where(_c.customer_id == customer_id, _c.at > now - timedelta(days=8))
    return [(Medium(row.medium), row.at) for row in connection.execute(query)]


def is_held(connection: Connection, customer_id: str, conversation_id: str, since: datetime) -> bool:
    """Whether nobody may contact this customer about a debt, by all his conversations: a complaint or dispute that is open, a person at work
    on one of his conversations, words since ``since`` (his promise) that called for care, a doubt about the speaker,
    or a death, a minor, words of self-harm, ever."""
    k, e, c = t.tickets.c, t.escalations.c, t.conversations.c
    kinds, for_good, newer = ([one.value for one in group] for group in (NO_REMINDER, _FOR_GOOD, _SINCE))
    over = [state.value for state in ENDED]
    his = sa.select(c.id).where(sa.or_(c.customer_id == customer_id, c.id == conversation_id))
    whose = sa.or_(k.customer_id == customer_id, k.conversation_id.in_(his))
    tickets = sa.select(k.id).where(whose, k.kind.in_(kinds), k.state != "done")
    roads = sa.select(e.id).where(
        e.conversation_id.in_(his),
        sa.or_(
            e.state.not_in(over),
            e.reason.in_(for_good),
            sa.and_(e.reason.in_(newer), e.waiting_since >= since),
        ),
    )
    doubts = his.where(c.doubted_at >= since)
    return any(connection.execute(query.limit(1)).first() is not None for query in (tickets, roads, doubts))


def has_plan(connection: Connection, customer_id: str, debt_id: str) -> bool:
    """Whether a signed plan for this debt is in force: it says when what is paid."""
    p, states = plans.c, [state.value for state in IN_FORCE]
    query = sa.select(p.id).where(p.customer_id == customer_id, p.debt_id == debt_id, p.state.in_(states))
    return connection.execute(query.limit(1)).first() is not None


def _row(record: PromiseRecord) -> dict[str, Any]:
    return {
        "id": record.promise.id,
        "conversation_id": record.conversation_id,
        "customer_id": record.customer_id,
        "debt_id": record.promise.debt_id,
        "product": record.product,
        "day": record.promise.day,
        "amount": record.promise.amount.fen,
        "made_at": record.promise.made_at,
        "state": record.state.value,
        "remind_at": record.remind_at,
        "judge_at": record.judge_at,
        "version": record.version,
        "came": record.came.fen,
        "ended_at": record.ended_at,
    }


def _record(row: Any) -> PromiseRecord:
    return PromiseRecord(
        promise=Promise(row.id, row.debt_id, row.day, Money(row.amount), row.made_at),
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        product=row.product,
        state=PromiseState(row.state),
        remind_at=row.remind_at,
        judge_at=row.judge_at,
        version=row.version,
        came=Money(row.came),
        ended_at=row.ended_at,
    )
