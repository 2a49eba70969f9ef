"""The signing page: visits, papers handed in, documents as they were signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plan_visits",
        sa.Column("plan_id", sa.String(48), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("shown_at", MOMENT),
        sa.Column("table_at", MOMENT),
        sa.Column("plan_at", MOMENT),
        sa.Column("code", sa.String(64)),
        sa.Column("code_at", MOMENT),
        sa.Column("code_tries", sa.Integer, nullable=False),
        sa.Column("codes", sa.Integer, nullable=False),
        sa.Column("codes_since", MOMENT),
        sa.Column("verified_at", MOMENT),
    )
    op.create_table(
        "plan_papers",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("plan_id", sa.String(48), nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("plan_id", "fingerprint"),
    )
    op.create_index("ix_plan_papers_plan_id", "plan_papers", ["plan_id"])
    op.create_table(
        "plan_documents",
        sa.Column("plan_id", sa.String(48), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in ("plan_documents", "plan_papers", "plan_visits"):
        op.drop_table(table)
