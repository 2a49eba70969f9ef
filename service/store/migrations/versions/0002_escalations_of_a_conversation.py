"""Find a conversation's escalations without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("escalations_of_conversation", "escalations", ["conversation_id", "asked_seq"])


def downgrade() -> None:
    op.drop_index("escalations_of_conversation", "escalations")
