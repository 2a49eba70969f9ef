"""Promises to pay, and the log of everybody contacted because of a debt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("debt_id", sa.String(64), nullable=False),
        sa.Column("product", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("remind_at", MOMENT),
        sa.Column("judge_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("came", sa.BigInteger, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_promises_conversation_id", "promises", ["conversation_id"])
    op.create_index("ix_promises_customer_id", "promises", ["customer_id"])
    op.create_index(
        "one_open_promise_of_a_debt",
        "promises",
        ["customer_id", "debt_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    for name in ("remind", "judge"):
        op.create_index(
            f"promises_to_{name}", "promises", [f"{name}_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    op.create_table(
        "contacts",
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(48), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("contacts_of_a_customer", "contacts", ["customer_id", "at"])


def downgrade() -> None:
    for table in ("contacts", "promises"):
        op.drop_table(table)
