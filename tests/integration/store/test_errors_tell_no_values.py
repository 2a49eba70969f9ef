"""An error of the database may get into the log: it says what failed and where, never what was in the row."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from conversation.store import tables as t
from service.logs import Discreet
from tests.databases import MovableDatabase

VALUE = "13812345678"


ROW = {column.name: None for column in t.notes.c} | {"id": "n_1", "text": VALUE}
FAILING = {
    "no such table": (sa.text("INSERT INTO nowhere (text) VALUES (:text)"), {"text": VALUE}),
    "a row out of form": (t.notes.insert(), ROW),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_failed_statement_is_logged_without_its_values(database: MovableDatabase, name: str) -> None:
    statement, values = FAILING[name]
    with pytest.raises(Exception) as failed, database.write() as connection:
        connection.execute(statement, values)
    error = failed.value
    failure = (type(error), error, error.__traceback__)
    written = Discreet().format(logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, failure))
    assert VALUE not in written
    assert "test_errors_tell_no_values.py" in written
    assert "sqlalchemy.exc" in written or "conversation.errors" in written
