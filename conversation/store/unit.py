"""One transaction's view of the journal: small reads and writes, no decisions.

Every writer locks the conversation row first (SELECT … FOR UPDATE; on SQLite the write transaction
itself is the lock), so everything about one conversation happens one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from conversation.cipher import Cipher
from conversation.errors import ConversationNotFound
from conversation.message import Choice
from conversation.state import Claim, Conversation, Entry, Escalation, Note, Said, TurnRow
from conversation.store import statements as s
from conversation.store import tables as t
from conversation.store.rows import (
    conversation_from,
    escalation_from,
    row_of_conversation,
    row_of_escalation,
    row_of_ticket,
    ticket_from,
    turn_from,
)
from conversation.tickets import Ticket, TicketKind


class Unit:
    """A write transaction. ``now`` is the lease clock's time at its begin, aware UTC."""

    def __init__(self, connection: Connection, cipher: Cipher, postgresql: bool, now: datetime) -> None:
        self._connection = connection
        self._cipher = cipher
        self._postgresql = postgresql
        self.now = now

    @property
    def connection(self) -> Connection:
        """The transaction, for parts of the program that keep tables of their own."""
        return self._connection

    def insert(self, table: sa.Table) -> Any:
        """An insert that can say ``on_conflict_do_nothing``."""
        return self._insert(table)

    # conversations

    def lock(self, conversation_id: str) -> Conversation:
        """The conversation, its row locked until the end; ConversationNotFound."""
        row = self._connection.execute(s.LOCK_CONVERSATION, {"p_id": conversation_id}).one_or_none()
        if row is None:
            raise ConversationNotFound()
        return conversation_from(row)

    def open_conversation(self, channel: str, channel_user: str) -> Conversation | None:
        c = t.conversations.c
        query = sa.select(t.conversations).where(
            c.channel == channel, c.channel_user == channel_user, c.desk != "closed"
        )
        row = self._connection.execute(query.with_for_update()).one_or_none()
        return None if row is None else conversation_from(row)

    def last_doubt(self, channel: str, channel_user: str) -> datetime | None:
        """When the person last said, in any conversation, that he is somebody else than the customer."""
        c = t.conversations.c
        query = sa.select(sa.func.max(c.doubted_at)).where(
            c.channel == channel, c.channel_user == channel_user, c.doubted_at.is_not(None)
        )
        found: datetime | None = self._connection.execute(query).scalar()
        return found

    def add_conversation(self, talk: Conversation) -> bool:
        """False when the person already has an open conversation (the race of two first messages)."""
        insert = self._insert(t.conversations).values(row_of_conversation(talk)).on_conflict_do_nothing()
        return bool(self._connection.execute(insert).rowcount)

    def save(self, talk: Conversation) -> None:
        self._connection.execute(s.UPDATE_CONVERSATION, {"p_id": talk.id, **row_of_conversation(talk)})

    def _insert(self, table: sa.Table) -> Any:
        from sqlalchemy.dialects import postgresql, sqlite

        return (postgresql if self._postgresql else sqlite).insert(table)

    # journal

    def add_entry(self, talk: Conversation, seq: int, entry: Entry, at: datetime) -> None:
        sealed = None
        if entry.original is not None:
            sealed = self._cipher.encrypt(entry.original, original_place(talk.id, seq))
        self._connection.execute(
            s.INSERT_MESSAGE,
            {
                "conversation_id": talk.id,
                "seq": seq,
                "type": entry.type,
                "sender": entry.sender.value,
                "text": entry.text,
                "read_text": entry.read_text,
                "original": sealed,
                "choice": entry.choice,
                "buttons": [{"title": b.title, "payload": b.payload} for b in entry.buttons] or None,
                "card": entry.card,
                "source_id": entry.source_id,
                "fingerprint": entry.fingerprint,
                "agent_id": entry.agent_id,
                "agent_name": entry.agent_name,
                "epoch": talk.epoch,
                "turn_id": entry.turn_id,
                "model_version": entry.model_version,
                "answers": list(entry.answers) or None,
                "at": at,
            },
        )

    def entry_of_source(self, conversation_id: str, sender: str, source_id: str) -> Any | None:
        """(seq, fingerprint) of the entry that came with this outside id, or None."""
        values = {"p_conversation": conversation_id, "p_sender": sender, "p_source_id": source_id}
        return self._connection.execute(s.ENTRY_OF_SOURCE, values).one_or_none()

    def customer_rows(self, conversation_id: str, from_seq: int, to_seq: int) -> list[Any]:
        """What the customer said in from_seq … to_seq: rows with seq, text, read_text, choice, at."""
        values = {"p_conversation": conversation_id, "p_from_seq": from_seq, "p_to_seq": to_seq}
        return list(self._connection.execute(s.CUSTOMER_ROWS, values))

    # buttons

    def add_button(self, conversation_id: str, button_id: str, choice: Choice, expires_at: datetime) -> None:
        self._connection.execute(
            s.INSERT_BUTTON,
            {
                "id": button_id,
                "conversation_id": conversation_id,
                "title": choice.title,
                "choice": {"intent": choice.intent, "entities": choice.entities},
                "expires_at": expires_at,
            },
        )

    def button(self, conversation_id: str, button_id: str) -> Any | None:
        """(title, choice, expires_at) of a button of this conversation, or None."""
        c = t.buttons.c
        query = sa.select(c.title, c.choice, c.expires_at).where(
            c.id == button_id, c.conversation_id == conversation_id
        )
        return self._connection.execute(query).one_or_none()

    # turns

    def open_turn(self, conversation_id: str) -> TurnRow | None:
        row = self._connection.execute(s.OPEN_TURN, {"p_conversation": conversation_id}).one_or_none()
        return None if row is None else turn_from(row)

    def turn(self, turn_id: str) -> TurnRow:
        """The turn, its row locked: a claim, which does not lock the conversation, cannot slip in between."""
        return turn_from(self._connection.execute(s.LOCK_TURN, {"p_id": turn_id}).one())

    def add_turn(self, turn: TurnRow) -> None:
        self._connection.execute(s.INSERT_TURN, vars(turn))

    def update_turn(self, turn_id: str, **values: Any) -> None:
        self._connection.execute(s.UPDATE_TURN, {"p_id": turn_id, **values})

    def claimable_turns(self, max_attempts: int) -> list[TurnRow]:
        """The two oldest turns that wait or whose lease ran out, and nobody else is claiming right now."""
        first = s.FIRST_CLAIMABLE_UNLOCKED if self._postgresql else s.FIRST_CLAIMABLE
        values = {"p_now": self.now, "p_max_attempts": max_attempts}
        return [turn_from(row) for row in self._connection.execute(first, values)]

    def claim_of(self, turn: TurnRow) -> Claim:
        """The claimed turn with all a worker needs, read in this transaction; it covers every message of
        the customer there is by now."""
        talk = conversation_from(
            self._connection.execute(s.CONVERSATION, {"p_id": turn.conversation_id}).one()
        )
        rows = self.customer_rows(talk.id, turn.from_seq, talk.last_customer_seq)
        assert turn.token is not None
        return Claim(
            turn_id=turn.id,
            token=turn.token,
            conversation_id=talk.id,
            channel=talk.channel,
            epoch=turn.epoch,
            from_seq=turn.from_seq,
            to_seq=talk.last_customer_seq,
            said=tuple(Said(row.seq, row.read_text or row.text, row.choice) for row in rows),
            identity=talk.identity,
            doubted_at=talk.doubted_at,
            tracker=self.tracker(talk.id),
            attempt=turn.attempts,
        )

    def release_turns_of(self, worker: str) -> int:
        c = t.turns.c
        update = t.turns.update().where(c.state == "running", c.worker == worker)
        result = self._connection.execute(
            update.values(state="waiting", token=None, lease_until=None, not_before=self.now)
        )
        return int(result.rowcount)

    def _skipping_locked(self, query: Select, of: sa.Table | None = None) -> Select:
        """PostgreSQL: lock what is free, step over the rest. SQLite: this transaction is the only writer."""
        return query.with_for_update(skip_locked=True, of=of) if self._postgresql else query

    # tracker

    def tracker(self, conversation_id: str) -> bytes | None:
        found = self._connection.execute(s.TRACKER, {"p_conversation": conversation_id})
        data: bytes | None = found.scalar_one_or_none()
        return data

    def save_tracker(self, conversation_id: str, data: bytes, model_version: str) -> None:
        values = {"data": data, "model_version": model_version, "updated_at": self.now}
        upsert = s.UPSERT_TRACKER["postgresql" if self._postgresql else "sqlite"]
        self._connection.execute(upsert, {"conversation_id": conversation_id, **values})

    # escalations

    def open_escalation(self, conversation_id: str) -> Escalation | None:
        row = self._connection.execute(s.OPEN_ESCALATION, {"p_conversation": conversation_id}).one_or_none()
        return None if row is None else escalation_from(row)

    def add_escalation(self, escalation: Escalation) -> None:
        self._connection.execute(t.escalations.insert().values(row_of_escalation(escalation)))

    def save_escalation(self, escalation: Escalation) -> None:
        update = t.escalations.update().where(t.escalations.c.id == escalation.id)
        self._connection.execute(update.values(row_of_escalation(escalation)))

    def first_in_queue(self, skills: Iterable[str] | None) -> Conversation | None:
        """The waiting conversation to serve next, locked; None when nobody waits (for these skills).

        The desk is asked again because only the conversation is locked; coalesce keeps its index out of
        the plan, or SQLite starts there and sorts the whole queue.
        """
        e, c = t.escalations.c, t.conversations.c
        query = (
            sa.select(t.conversations)
            .join(t.escalations, e.conversation_id == c.id)
            .where(e.state == "waiting", sa.func.coalesce(c.desk, "") == "queued")
            .order_by(e.priority.desc(), e.waiting_since, e.id)
            .limit(1)
        )
        if skills is not None:
            query = query.where(e.skill.in_(list(skills)))
        row = self._connection.execute(self._skipping_locked(query, of=t.conversations)).one_or_none()
        return None if row is None else conversation_from(row)

    # tickets

    def open_ticket(self, conversation_id: str, kind: TicketKind, matter: str) -> Ticket | None:
        """This conversation's ticket of this matter that is not done."""
        open_ones = self.open_tickets(conversation_id)
        return next((one for one in open_ones if (one.kind, one.matter) == (kind, matter)), None)

    def open_tickets(self, conversation_id: str) -> list[Ticket]:
        c = t.tickets.c
        query = sa.select(t.tickets).where(c.conversation_id == conversation_id, c.state != "done")
        return [ticket_from(row) for row in self._connection.execute(query.order_by(c.received_at, c.id))]

    def add_ticket(self, ticket: Ticket) -> bool:
        """False when the number is taken."""
        insert = self._insert(t.tickets).values(row_of_ticket(ticket)).on_conflict_do_nothing()
        return bool(self._connection.execute(insert).rowcount)

    def save_ticket(self, ticket: Ticket) -> None:
        update = t.tickets.update().where(t.tickets.c.id == ticket.id)
        self._connection.execute(update.values(row_of_ticket(ticket)))

    # notes, outbox, feed

    def add_note(self, note: Note) -> None:
        self._connection.execute(t.notes.insert().values(vars(note)))

    def add_outbox(self, **values: Any) -> None:
        self._connection.execute(t.outbox.insert().values(values))

    def outbox_row(self, item_id: str) -> Any:
        """The row, locked: a claim cannot slip in between looking at the token and writing."""
        query = sa.select(t.outbox).where(t.outbox.c.id == item_id).with_for_update()
        return self._connection.execute(query).one()

    def update_outbox(self, item_id: str, **values: Any) -> None:
        self._connection.execute(t.outbox.update().where(t.outbox.c.id == item_id).values(values))

    def due_outbox(self, topic: str) -> Any | None:
        c = t.outbox.c
        query = (
            sa.select(t.outbox)
            .where(c.topic == topic, c.state == "pending", c.next_at <= self.now)
            .order_by(c.next_at, c.id)
            .limit(1)
        )
        return self._connection.execute(self._skipping_locked(query)).one_or_none()

    def add_feed(
        self, conversation_id: str, after_seq: int, seq: int, at: datetime, note_id: str | None = None
    ) -> None:
        values: dict[str, Any] = {"conversation_id": conversation_id, "after_seq": after_seq, "seq": seq}
        values |= {"note_id": note_id, "at": at}
        if self._postgresql:
            self._connection.execute(s.INSERT_FEED_OF_TRANSACTION, values)
        else:
            self._connection.execute(s.INSERT_FEED, {"xid": 0, **values})


def original_place(conversation_id: str, seq: int) -> str:
    """The associated data an encrypted original is bound to."""
    return f"messages.original:{conversation_id}:{seq}"
