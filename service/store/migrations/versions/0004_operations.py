"""Answers' revisions, banners and switches: what operations staff change while the program runs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _two_people() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("maker_id", sa.String(48), nullable=False),
        sa.Column("maker_name", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("checker_id", sa.String(48)),
        sa.Column("checker_name", sa.String(64)),
        sa.Column("checked_at", MOMENT),
        sa.Column("comment", sa.Text),
    ]


def upgrade() -> None:
    op.create_table(
        "live_versions",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "operations_log",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("agent_id", sa.String(48), nullable=False),
        sa.Column("agent_name", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_operations_log_at", "operations_log", ["at"])
    op.create_table(
        "answer_revisions",
        *_two_people(),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("restores", sa.Integer),
        sa.Column("effective_from", MOMENT, nullable=False),
    )
    op.create_index("one_number_per_answer", "answer_revisions", ["intent", "number"], unique=True)
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "one_waiting_revision",
        "answer_revisions",
        ["intent"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "banners",
        *_two_people(),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
    )
    op.create_index("banners_by_state", "banners", ["state"])
    op.create_table(
        "switches",
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("agent_name", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in ("switches", "banners", "answer_revisions", "operations_log", "live_versions"):
        op.drop_table(table)
