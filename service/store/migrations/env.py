"""Alembic's entry: the engine comes from service.store.migrate, the schema from the packages' tables."""

from __future__ import annotations

from alembic import context

import bot.plans.store_tables
import bot.promises.store_tables
import bot.signing.store_tables  # noqa: F401  (their tables join the journal's)
from conversation.store.tables import metadata as conversation_metadata
from escalation.store.tables import metadata as escalation_metadata

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    connection = connection.execution_options(yixian_write=True)
    context.configure(
        connection=connection,
        target_metadata=[conversation_metadata, escalation_metadata],
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
