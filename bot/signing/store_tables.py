"""The signing page's tables: visits, papers handed in, documents as they were signed. Contents are encrypted."""

from __future__ import annotations

import sqlalchemy as sa

from conversation.store.tables import Utc, metadata

plan_visits = sa.Table(
    "plan_visits",
    metadata,
    sa.Column("plan_id", sa.String(48), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # of the terms that were shown
    sa.Column("shown_at", Utc),
    sa.Column("table_at", Utc),  # the cost table was confirmed
    sa.Column("plan_at", Utc),  # the payments were confirmed
    sa.Column("code", sa.String(64)),  # keyed hash; the code itself is never stored
    sa.Column("code_at", Utc),
    sa.Column("code_tries", sa.Integer, nullable=False),
    sa.Column("codes", sa.Integer, nullable=False),
    sa.Column("codes_since", Utc),
    sa.Column("verified_at", Utc),
)

plan_papers = sa.Table(
    "plan_papers",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("plan_id", sa.String(48), nullable=False, index=True),
    sa.Column("name", sa.LargeBinary, nullable=False),  # encrypted
    sa.Column("media_type", sa.String(40), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # bytes of the content in clear
    sa.Column("fingerprint", sa.String(64), nullable=False),  # keyed hash: the same file again is one
    sa.Column("content", sa.LargeBinary, nullable=False),  # encrypted
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("plan_id", "fingerprint"),
)

plan_documents = sa.Table(
    "plan_documents",
    metadata,
    sa.Column("plan_id", sa.String(48), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),  # encrypted
    sa.Column("at", Utc, nullable=False),
)
