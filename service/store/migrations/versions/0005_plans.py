"""Negotiations with their steps and frozen offers, consents, plans and their moves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("state = 'open'")
_UNSIGNED = sa.text("state IN ('materials', 'approval', 'signing')")


def upgrade() -> None:
    op.create_table(
        "negotiations",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("debt_id", sa.String(64), nullable=False),
        sa.Column("debt", sa.JSON, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("mandate_version", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("ix_negotiations_conversation_id", "negotiations", ["conversation_id"])
    op.create_index(
        "one_open_negotiation_of_a_debt",
        "negotiations",
        ["customer_id", "debt_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "negotiation_steps",
        sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("offer_version", sa.Integer),
    )
    op.create_table(
        "offers",
        sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("priced", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("pay_by", sa.Date, nullable=False),
        sa.Column("made_by", sa.String(48), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("override", sa.Text, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("at", MOMENT, primary_key=True),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("offer_version", sa.Integer),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("negotiation_id", sa.String(48), sa.ForeignKey("negotiations.id"), nullable=False),
        sa.Column("offer_version", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("debt_id", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False, unique=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("proposed_by", sa.String(48), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("payments", sa.JSON, nullable=False),
        sa.Column("pay_by", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("signature", sa.JSON),
        sa.Column("acknowledged", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_plans_negotiation_id", "plans", ["negotiation_id"])
    op.create_index("ix_plans_customer_id", "plans", ["customer_id"])
    op.create_index("plans_by_state", "plans", ["state", "since"])
    op.create_index(
        "one_unsigned_plan_of_a_debt",
        "plans",
        ["customer_id", "debt_id"],
        unique=True,
        sqlite_where=_UNSIGNED,
        postgresql_where=_UNSIGNED,
    )
    op.create_table(
        "plan_moves",
        sa.Column("plan_id", sa.String(48), sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by_role", sa.String(12), nullable=False),
        sa.Column("by_id", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("plan_moves", "plans", "consents", "offers", "negotiation_steps", "negotiations"):
        op.drop_table(table)
