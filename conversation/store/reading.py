"""Reads: events for clients, the queue, the console's lists and feed. Never decides, never locks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversation.desk import Desk
from conversation.errors import ConversationNotFound
from conversation.message import Event
from conversation.state import Conversation, Escalation, Note
from conversation.store import statements as s
from conversation.store import tables as t
from conversation.store.journal_store import JournalStore
from conversation.store.rows import conversation_from, escalation_from, event_from, note_from, ticket_from
from conversation.tickets import Ticket

PAGE = 500
_CURSOR = re.compile("([0-9]{1,18})[.]([0-9]{1,18})")  #: transaction and row of the last item seen


@dataclass(frozen=True)
class FeedItem:
    """Something changed in a conversation; the new journal entries are after_seq+1 … seq."""

    conversation_id: str
    after_seq: int
    seq: int
    note_id: str | None


@dataclass(frozen=True)
class Overview:
    """A conversation as lists show it."""

    conversation: Conversation
    escalation: Escalation | None
    last_event: Event | None
    unread: int  #: customer messages after the last one of an agent
    position: int | None  #: 1 = next in the queue
    tickets: tuple[Ticket, ...] = ()  #: registered in this conversation, the oldest first


@dataclass(frozen=True)
class News:
    """The conversation, its entries after a cursor, and its place in the queue (1 = next) if it waits."""

    conversation: Conversation
    events: list[Event]
    position: int | None


@dataclass(frozen=True)
class Backlog:
    """What still has to happen: for metrics and alarms."""

    open_turns: int
    oldest_seconds: float
    outbox: int


class Reading:
    def __init__(self, store: JournalStore) -> None:
        self._store = store
        self._db = store.database

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises ConversationNotFound."""
        with self._db.read() as connection:
            return _conversation(connection, conversation_id)

    def events(self, conversation_id: str, after: int, limit: int = PAGE) -> list[Event]:
        """Journal entries with seq > after, in order, at most ``limit``."""
        with self._db.read() as connection:
            return _events(connection, conversation_id, after, limit)

    def news(self, conversation_id: str, after: int) -> News:
        """What a client with this cursor does not know yet, in one read; ConversationNotFound."""
        with self._db.read() as connection:
            talk = _conversation(connection, conversation_id)
            events = _events(connection, conversation_id, after, PAGE) if talk.last_seq > after else []
            place = _position(connection, talk.id) if talk.desk is Desk.QUEUED else None
            return News(talk, events, place)

    def last_seqs(self, conversation_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """(last_seq, epoch) of each: the cheap poll behind the hints."""
        c = t.conversations.c
        query = sa.select(c.id, c.last_seq, c.epoch).where(c.id.in_(list(conversation_ids)))
        with self._db.read() as connection:
            return {row.id: (row.last_seq, row.epoch) for row in connection.execute(query)}

    def position(self, conversation_id: str) -> int | None:
        """Place in the queue, 1 = next; None when not waiting."""
        with self._db.read() as connection:
            return _position(connection, conversation_id)

    def positions(self) -> dict[str, int]:
        """Every waiting conversation's place."""
        with self._db.read() as connection:
            return _positions(connection)

    def counts(self, agent_id: str | None = None) -> dict[str, int]:
        c = t.conversations.c
        query = sa.select(c.desk, sa.func.count()).group_by(c.desk)
        mine = sa.select(sa.func.count()).where(c.desk == "human", c.agent_id == agent_id)
        with self._db.read() as connection:
            counted = {desk.value: 0 for desk in Desk} | dict(connection.execute(query).all())
            return {**counted, "mine": connection.execute(mine).scalar_one()}

    def overviews(
        self,
        desk: Desk,
        agent_id: str | None = None,
        before: datetime | None = None,
        limit: int = 50,
        skip: int = 0,
    ) -> list[Overview]:
        """Conversations at this desk: the queue in its order after ``skip`` places, everything else newest
        change first, changed ``before``."""
        c, e = t.conversations.c, t.escalations.c
        query = sa.select(t.conversations).where(c.desk == desk.value).limit(limit)
        if agent_id is not None:
            query = query.where(c.agent_id == agent_id)
        if desk is Desk.QUEUED:
            query = query.join(t.escalations, sa.and_(e.conversation_id == c.id, e.state == "waiting"))
            query = query.order_by(e.priority.desc(), e.waiting_since, e.id).offset(skip)
        else:
            query = query.order_by(c.updated_at.desc(), c.id)
            if before is not None:
                query = query.where(c.updated_at < before)
        with self._db.read() as connection:
            found = [conversation_from(row) for row in connection.execute(query)]
            return _overviews(connection, found)

    def overview(self, conversation_id: str) -> Overview:
        with self._db.read() as connection:
            return _overviews(connection, [_conversation(connection, conversation_id)])[0]

    def backlog(self) -> Backlog:
        c, o = t.turns.c, t.outbox.c
        turns = sa.select(sa.func.count(), sa.func.min(c.created_at)).where(c.state != "done")
        outbox = sa.select(sa.func.count()).where(o.state == "pending")
        with self._db.read() as connection:
            count, oldest = connection.execute(turns).one()
            age = (self._db.lease_clock(connection) - oldest).total_seconds() if oldest else 0.0
            return Backlog(count, age, connection.execute(outbox).scalar_one())

    def notes(self, conversation_id: str) -> list[Note]:
        query = sa.select(t.notes).where(t.notes.c.conversation_id == conversation_id).order_by(t.notes.c.at)
        with self._db.read() as connection:
            return [note_from(row) for row in connection.execute(query)]

    def note(self, note_id: str) -> Note:
        with self._db.read() as connection:
            return note_from(connection.execute(sa.select(t.notes).where(t.notes.c.id == note_id)).one())

    def tickets_of(self, conversation_id: str, customer_id: str | None) -> list[Ticket]:
        """This conversation's tickets and, for a verified customer, all of his; the newest first."""
        k = t.tickets.c
        mine = k.conversation_id == conversation_id
        if customer_id is not None:
            mine = sa.or_(mine, k.customer_id == customer_id)
        query = sa.select(t.tickets).where(mine).order_by(k.received_at.desc(), k.id).limit(PAGE)
        with self._db.read() as connection:
            return [ticket_from(row) for row in connection.execute(query)]

    def asked_of_bank(self, conversation_id: str) -> list[dict[str, Any]]:
        """Requests of this conversation that the bank has not answered yet, as they were staged."""
        o = t.outbox.c
        waiting = sa.and_(o.conversation_id == conversation_id, o.topic == "bank", o.state == "pending")
        with self._db.read() as connection:
            return [row.payload for row in connection.execute(sa.select(o.payload).where(waiting))]

    def guest_ticket(self, number: str) -> Ticket | None:
        """A guest's ticket by its receipt number; a customer's is shown to the customer only."""
        k = t.tickets.c
        query = sa.select(t.tickets).where(k.number == number, k.customer_id.is_(None))
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else ticket_from(row)

    # the console's feed: commit order, so that a cursor never steps over a slow transaction

    def feed_end(self) -> str:
        """The cursor of now: everything later comes after it."""
        with self._db.read() as connection:
            row = connection.execute(
                sa.select(t.feed.c.xid, t.feed.c.id)
                .where(self._settled())
                .order_by(t.feed.c.xid.desc(), t.feed.c.id.desc())
                .limit(1)
            ).one_or_none()
        return "0.0" if row is None else f"{row.xid}.{row.id}"

    def feed(self, cursor: str, limit: int = 200) -> tuple[list[FeedItem], str] | None:
        """What changed after the cursor and the new cursor; None when the cursor is unknown or too old."""
        written = _CURSOR.fullmatch(cursor)
        if written is None:
            return None
        xid, last = int(written[1]), int(written[2])
        f = t.feed.c
        newer = sa.tuple_(f.xid, f.id) > sa.tuple_(sa.literal(xid), sa.literal(last))
        query = sa.select(t.feed).where(newer, self._settled()).order_by(f.xid, f.id).limit(limit)
        with self._db.read() as connection:
            if not self._known(connection, xid, last):
                return None
            rows = connection.execute(query).all()
        items = [FeedItem(row.conversation_id, row.after_seq, row.seq, row.note_id) for row in rows]
        return items, (f"{rows[-1].xid}.{rows[-1].id}" if rows else cursor)

    def _known(self, connection: Connection, xid: int, last: int) -> bool:
        """Whether all that came after this cursor is still there; "0.0" is the cursor before the first row."""
        f = t.feed.c
        if (xid, last) == (0, 0):
            return connection.execute(sa.select(sa.func.min(f.id))).scalar() in (None, 1)
        return connection.execute(sa.select(f.id).where(f.id == last, f.xid == xid)).first() is not None

    def _settled(self) -> Any:
        """Only rows of transactions that nothing older can still commit before (PostgreSQL)."""
        if not self._db.is_postgresql:
            return sa.true()
        return t.feed.c.xid < sa.literal_column(
            "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
        )


def _conversation(connection: Connection, conversation_id: str) -> Conversation:
    row = connection.execute(s.CONVERSATION, {"p_id": conversation_id}).one_or_none()
    if row is None:
        raise ConversationNotFound()
    return conversation_from(row)


def _events(connection: Connection, conversation_id: str, after: int, limit: int) -> list[Event]:
    values = {"p_conversation": conversation_id, "p_after": after, "p_limit": limit}
    return [event_from(row) for row in connection.execute(s.EVENTS, values)]


def _positions(connection: Connection) -> dict[str, int]:
    e = t.escalations.c
    query = (
        sa.select(e.conversation_id)
        .where(e.state == "waiting")
        .order_by(e.priority.desc(), e.waiting_since, e.id)
    )
    return {row.conversation_id: place for place, row in enumerate(connection.execute(query), start=1)}


def _position(connection: Connection, conversation_id: str) -> int | None:
    """Counted in the database: thousands of waiting customers ask this every few seconds."""
    e = t.escalations.c
    waits = e.state == "waiting"
    query = sa.select(e.priority, e.waiting_since, e.id).where(e.conversation_id == conversation_id, waits)
    mine = connection.execute(query).one_or_none()
    if mine is None:
        return None
    sooner = sa.or_(
        e.priority > mine.priority,
        sa.and_(
            e.priority == mine.priority,
            sa.or_(
                e.waiting_since < mine.waiting_since,
                sa.and_(e.waiting_since == mine.waiting_since, e.id < mine.id),
            ),
        ),
    )
    before: int = connection.execute(sa.select(sa.func.count()).where(waits, sooner)).scalar_one()
    return before + 1


def _positions_of(connection: Connection, waiting: list[str]) -> Mapping[str, int | None]:
    if len(waiting) > 1:
        return _positions(connection)
    return {conversation_id: _position(connection, conversation_id) for conversation_id in waiting}


def _overviews(connection: Connection, found: list[Conversation]) -> list[Overview]:
    ids = [talk.id for talk in found]
    escalations = _latest_escalations(connection, ids)
    events = _last_events(connection, ids)
    unread = _unread(connection, ids)
    tickets = _tickets(connection, ids)
    positions = _positions_of(connection, [talk.id for talk in found if talk.desk is Desk.QUEUED])
    return [
        Overview(
            talk,
            escalations.get(talk.id),
            events.get(talk.id),
            unread.get(talk.id, 0),
            positions.get(talk.id),
            tuple(tickets.get(talk.id, ())),
        )
        for talk in found
    ]


def _latest_escalations(connection: Connection, ids: list[str]) -> dict[str, Escalation]:
    e = t.escalations.c
    query = sa.select(t.escalations).where(e.conversation_id.in_(ids)).order_by(e.asked_seq)
    return {row.conversation_id: escalation_from(row) for row in connection.execute(query)}


def _tickets(connection: Connection, ids: list[str]) -> dict[str, list[Ticket]]:
    k = t.tickets.c
    query = sa.select(t.tickets).where(k.conversation_id.in_(ids)).order_by(k.received_at, k.id)
    found: dict[str, list[Ticket]] = {}
    for row in connection.execute(query):
        found.setdefault(row.conversation_id, []).append(ticket_from(row))
    return found


def _last_events(connection: Connection, ids: list[str]) -> dict[str, Event]:
    m = t.messages.c
    last = (
        sa.select(m.conversation_id, sa.func.max(m.seq).label("seq"))
        .where(m.conversation_id.in_(ids), m.type == "message")
        .group_by(m.conversation_id)
        .subquery()
    )
    query = sa.select(t.messages).join(
        last, sa.and_(m.conversation_id == last.c.conversation_id, m.seq == last.c.seq)
    )
    return {row.conversation_id: event_from(row) for row in connection.execute(query)}


def _unread(connection: Connection, ids: list[str]) -> dict[str, int]:
    m = t.messages.c
    spoke = (
        sa.select(m.conversation_id, sa.func.max(m.seq).label("seq"))
        .where(m.conversation_id.in_(ids), m.sender == "agent")
        .group_by(m.conversation_id)
        .subquery()
    )
    query = (
        sa.select(m.conversation_id, sa.func.count())
        .select_from(t.messages.outerjoin(spoke, spoke.c.conversation_id == m.conversation_id))
        .where(m.conversation_id.in_(ids), m.sender == "customer", m.seq > sa.func.coalesce(spoke.c.seq, 0))
        .group_by(m.conversation_id)
    )
    return dict(connection.execute(query).all())
