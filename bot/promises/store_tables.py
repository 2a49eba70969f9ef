"""The tables of promises and of contacts. At most one open promise of a debt: a partial index."""

from __future__ import annotations

import sqlalchemy as sa

from conversation.store.tables import Utc, metadata

promises = sa.Table(
    "promises",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False, index=True
    ),
    sa.Column("customer_id", sa.String(64), nullable=False, index=True),
    sa.Column("debt_id", sa.String(64), nullable=False),
    sa.Column("product", sa.String(64), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),  # 分
    sa.Column("made_at", Utc, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("remind_at", Utc),
    sa.Column("judge_at", Utc),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("came", sa.BigInteger, nullable=False),  # 分
    sa.Column("ended_at", Utc),
)
_OPEN = sa.text("state = 'open'")
sa.Index(
    "one_open_promise_of_a_debt",
    promises.c.customer_id,
    promises.c.debt_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
for _clock in (promises.c.remind_at, promises.c.judge_at):
    sa.Index(f"promises_to_{_clock.name[:-3]}", _clock, sqlite_where=_OPEN, postgresql_where=_OPEN)

contacts = sa.Table(
    "contacts",  # everybody contacted because of a debt, whoever did it; only ever added to
    metadata,
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("medium", sa.String(12), nullable=False),
    sa.Column("about", sa.String(32), nullable=False),
    sa.Column("at", Utc, nullable=False),
)
sa.Index("contacts_of_a_customer", contacts.c.customer_id, contacts.c.at)
