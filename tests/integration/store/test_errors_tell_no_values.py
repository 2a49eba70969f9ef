"""An error of the database goes to the log with its traceback: it may name the statement, never what was in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.databases import MovableDatabase


def test_a_failed_statement_does_not_quote_its_values(database: MovableDatabase) -> None:
    values = {"text": "13812345678", "at": "x"}
    with pytest.raises(sa.exc.DBAPIError) as failed, database.engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO nowhere (text, at) VALUES (:text, :at)"), values)
    assert "nowhere" in str(failed.value)
    assert "13812345678" not in str(failed.value)
