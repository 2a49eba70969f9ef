"""Agents and their login sessions."""

from __future__ import annotations

import sqlalchemy as sa

from conversation.store.tables import Utc

metadata = sa.MetaData()

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", sa.String(48), primary_key=True),
    sa.Column("username", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),  # the customer sees it: 坐席 小林
    sa.Column("role", sa.String(16), nullable=False),  # agent, supervisor
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("presence", sa.String(12), nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("failed_logins", sa.Integer, nullable=False),
    sa.Column("locked_until", Utc),
    sa.Column("created_at", Utc, nullable=False),
)

agent_sessions = sa.Table(
    "agent_sessions",
    metadata,
    sa.Column(
        "id_hash", sa.String(64), primary_key=True
    ),  # SHA-256 of the cookie; the cookie is never stored
    sa.Column("agent_id", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
)
