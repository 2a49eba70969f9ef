"""The tables. Names follow the glossary; uniqueness and "at most one open" live in partial indexes."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData()


class Utc(TypeDecorator):  # type: ignore[misc]
    """An aware UTC datetime; SQLite keeps no zone, so it is taken off and put back. Naive is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime never enters the store")
        value = value.astimezone(timezone.utc)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def _open_index(name: str, *columns: sa.Column[Any], where: str) -> sa.Index:
    clause = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=clause, postgresql_where=clause)


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("channel_user", sa.String(128), nullable=False),  # the channel's name for the person
    sa.Column("customer_id", sa.String(64)),
    sa.Column("identity_level", sa.String(12), nullable=False),
    sa.Column("authenticated_at", Utc),
    sa.Column("verified_until", Utc),
    sa.Column("doubted_at", Utc),  # when the speaker said he is someone else
    sa.Column("desk", sa.String(12), nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_customer_seq", sa.Integer, nullable=False),
    sa.Column("agent_id", sa.String(48)),
    sa.Column("agent_name", sa.String(64)),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
    sa.Column("closed_at", Utc),
)
_open_index(
    "one_open_conversation", conversations.c.channel, conversations.c.channel_user, where="desk <> 'closed'"
)
sa.Index("conversations_by_desk", conversations.c.desk, conversations.c.updated_at)
sa.Index(
    "doubted_conversations",
    conversations.c.channel,
    conversations.c.channel_user,
    sqlite_where=sa.text("doubted_at IS NOT NULL"),
    postgresql_where=sa.text("doubted_at IS NOT NULL"),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("type", sa.String(12), nullable=False),
    sa.Column("sender", sa.String(12), nullable=False),
    sa.Column("text", sa.Text),  # masked: what people see
    sa.Column("read_text", sa.Text),  # placeholders: what the bot reads, when it differs
    sa.Column("original", sa.LargeBinary),  # encrypted, when masking changed it
    sa.Column("choice", sa.JSON(none_as_null=True)),  # {"intent","entities"} of a chosen button
    sa.Column("buttons", sa.JSON(none_as_null=True)),
    sa.Column("card", sa.JSON(none_as_null=True)),
    sa.Column("source_id", sa.String(128)),
    sa.Column("fingerprint", sa.String(64)),
    sa.Column("agent_id", sa.String(48)),
    sa.Column("agent_name", sa.String(64)),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("turn_id", sa.String(48)),
    sa.Column("model_version", sa.String(64)),
    sa.Column("answers", sa.JSON(none_as_null=True)),
    sa.Column("at", Utc, nullable=False),
)
_open_index(
    "one_message_per_source_id",
    messages.c.conversation_id,
    messages.c.sender,
    messages.c.source_id,
    where="source_id IS NOT NULL",
)

buttons = sa.Table(
    "buttons",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("choice", sa.JSON, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
)
sa.Index("buttons_by_expiry", buttons.c.expires_at)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("from_seq", sa.Integer, nullable=False),
    sa.Column("to_seq", sa.Integer, nullable=False),  # the last customer message it covers so far
    sa.Column("state", sa.String(12), nullable=False),  # waiting, running, done
    sa.Column("outcome", sa.String(16)),  # answered, superseded, gave_up
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("token", sa.String(48)),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", Utc),
    sa.Column("not_before", Utc, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("finished_at", Utc),
    sa.Column("error", sa.Text),
    sa.Column("trace", sa.JSON(none_as_null=True)),
    sa.Column("model_version", sa.String(64)),
)
_open_index("one_open_turn", turns.c.conversation_id, where="state <> 'done'")
sa.Index("turns_of_conversation", turns.c.conversation_id, turns.c.from_seq)
sa.Index(
    "open_turns",
    turns.c.created_at,
    sqlite_where=sa.text("state <> 'done'"),
    postgresql_where=sa.text("state <> 'done'"),
)

trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("model_version", sa.String(64), nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
)

escalations = sa.Table(
    "escalations",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("skill", sa.String(32), nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),  # label → text, masked
    sa.Column("asked_seq", sa.Integer, nullable=False),  # the journal's end when a person was called
    sa.Column("waiting_since", Utc, nullable=False),
    sa.Column("agent_id", sa.String(48)),
    sa.Column("claimed_at", Utc),
    sa.Column("first_reply_at", Utc),
    sa.Column("ended_at", Utc),
    sa.Column("outcome", sa.String(64)),
)
_OPEN_ESCALATION = "state NOT IN ('resolved', 'returned', 'abandoned')"
_open_index("one_open_escalation", escalations.c.conversation_id, where=_OPEN_ESCALATION)
sa.Index("escalations_of_conversation", escalations.c.conversation_id, escalations.c.asked_seq)
sa.Index(
    "waiting_escalations",
    escalations.c.priority.desc(),
    escalations.c.waiting_since,
    escalations.c.id,
    sqlite_where=sa.text("state = 'waiting'"),
    postgresql_where=sa.text("state = 'waiting'"),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("agent_id", sa.String(48), nullable=False),
    sa.Column("agent_name", sa.String(64), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("idempotency_key", sa.String(128), nullable=False, unique=True),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # pending, done, dead
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("token", sa.String(48)),
    sa.Column("next_at", Utc, nullable=False),  # also the end of the lease while one is sending
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("finished_at", Utc),
    sa.Column("result", sa.JSON(none_as_null=True)),
    sa.Column("error", sa.Text),
)
sa.Index(
    "pending_outbox",
    outbox.c.topic,
    outbox.c.next_at,
    sqlite_where=sa.text("state = 'pending'"),
    postgresql_where=sa.text("state = 'pending'"),
)

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("number", sa.String(16), nullable=False, unique=True),  # the receipt number
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("matter", sa.String(64), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # open, working, done
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("customer_id", sa.String(64), index=True),  # verified when it was registered
    sa.Column("facts", sa.JSON, nullable=False),  # label → text, masked
    sa.Column("said", sa.JSON, nullable=False),  # the journal's numbers that say it
    sa.Column("contact_seq", sa.Integer),  # whose encrypted original tells how to reach a guest
    sa.Column("received_at", Utc, nullable=False),  # the first statement: the clock starts
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
    sa.Column("done_at", Utc),
    sa.Column("answer", sa.Text),
)
_open_index(
    "one_open_ticket_of_a_matter",
    tickets.c.conversation_id,
    tickets.c.kind,
    tickets.c.matter,
    where="state <> 'done'",
)
sa.Index(
    "due_tickets",
    tickets.c.due_at,
    sqlite_where=sa.text("state <> 'done'"),
    postgresql_where=sa.text("state <> 'done'"),
)

feed = sa.Table(
    "feed",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("xid", sa.BigInteger, nullable=False),  # PostgreSQL: the writing transaction; SQLite: 0
    sa.Column("conversation_id", sa.String(48), nullable=False),
    sa.Column("after_seq", sa.Integer, nullable=False),  # the new journal entries are after_seq+1 … seq
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("note_id", sa.String(48)),  # a new private note
    sa.Column("at", Utc, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index("feed_in_commit_order", feed.c.xid, feed.c.id)

# what operations staff change while the program runs

live_versions = sa.Table(
    "live_versions",  # a number per kind of change: processes look whether it moved
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)

operations_log = sa.Table(
    "operations_log",  # who changed what, when and why; only ever added to
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.Column("agent_id", sa.String(48), nullable=False),
    sa.Column("agent_name", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)


def _two_people() -> list[sa.Column[Any]]:
    """Who made a change and who decided it (conversation.four_eyes)."""
    return [
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("maker_id", sa.String(48), nullable=False),
        sa.Column("maker_name", sa.String(64), nullable=False),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("checker_id", sa.String(48)),
        sa.Column("checker_name", sa.String(64)),
        sa.Column("checked_at", Utc),
        sa.Column("comment", sa.Text),
    ]


answer_revisions = sa.Table(
    "answer_revisions",
    metadata,
    *_two_people(),
    sa.Column("intent", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # from 1, per intent; 0 is the program's own file
    sa.Column("base", sa.Integer, nullable=False),  # the number it was written from
    sa.Column("text", sa.Text, nullable=False),  # the whole file
    sa.Column("restores", sa.Integer),  # the older number a rollback brings back
    sa.Column("effective_from", Utc, nullable=False),
)
sa.Index("one_number_per_answer", answer_revisions.c.intent, answer_revisions.c.number, unique=True)
_open_index("one_waiting_revision", answer_revisions.c.intent, where="state = 'waiting'")

banners = sa.Table(
    "banners",
    metadata,
    *_two_people(),
    sa.Column("text", sa.String(200), nullable=False),
    sa.Column("scope", sa.String(12), nullable=False),  # all, channel, topic
    sa.Column("names", sa.JSON, nullable=False),  # of channels or intents
    sa.Column("starts_at", Utc, nullable=False),
    sa.Column("ends_at", Utc),
)
sa.Index("banners_by_state", banners.c.state)

switches = sa.Table(
    "switches",
    metadata,
    sa.Column("kind", sa.String(12), primary_key=True),  # negotiation, topic, channel
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("stopped", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("agent_name", sa.String(64), nullable=False),
    sa.Column("at", Utc, nullable=False),
)
