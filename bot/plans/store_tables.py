"""The tables of negotiations and plans. At most one open negotiation and one unsigned plan of a debt: partial indexes.

Values of the pure parts stand in JSON as `bot.bank.codec` writes them; what is searched for has a column.
"""

from __future__ import annotations

import sqlalchemy as sa

from conversation.store.tables import Utc, metadata

negotiations = sa.Table(
    "negotiations",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column(
        "conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False, index=True
    ),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("debt_id", sa.String(64), nullable=False),
    sa.Column("debt", sa.JSON, nullable=False),  # as the books showed it
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("mandate_version", sa.String(64), nullable=False),
    sa.Column("model_version", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
)
_OPEN = sa.text("state = 'open'")
sa.Index(
    "one_open_negotiation_of_a_debt",
    negotiations.c.customer_id,
    negotiations.c.debt_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

negotiation_steps = sa.Table(
    "negotiation_steps",
    metadata,
    sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("reply", sa.JSON, nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("offer_version", sa.Integer),
)

offers = sa.Table(
    "offers",  # frozen: only ever added to
    metadata,
    sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("priced", sa.JSON, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("pay_by", sa.Date, nullable=False),
    sa.Column("made_by", sa.String(48), nullable=False),  # bot, or an agent
    sa.Column("made_at", Utc, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("override", sa.Text, nullable=False),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("at", Utc, primary_key=True),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("offer_version", sa.Integer),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), nullable=False, index=True),
    sa.Column("offer_version", sa.Integer, nullable=False),
    sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("customer_id", sa.String(64), nullable=False, index=True),
    sa.Column("debt_id", sa.String(64), nullable=False),
    sa.Column("link", sa.String(64), nullable=False, unique=True),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("proposed_by", sa.String(48), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("payments", sa.JSON, nullable=False),
    sa.Column("pay_by", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("since", Utc, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("signature", sa.JSON),
    sa.Column("acknowledged", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
sa.Index("plans_by_state", plans.c.state, plans.c.since)
_UNSIGNED = sa.text("state IN ('materials', 'approval', 'signing')")
sa.Index(
    "one_unsigned_plan_of_a_debt",
    plans.c.customer_id,
    plans.c.debt_id,
    unique=True,
    sqlite_where=_UNSIGNED,
    postgresql_where=_UNSIGNED,
)

plan_moves = sa.Table(
    "plan_moves",  # who did what to a plan, and when; only ever added to
    metadata,
    sa.Column("plan_id", sa.String(48), sa.ForeignKey("plans.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("by_role", sa.String(12), nullable=False),
    sa.Column("by_id", sa.String(64), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
