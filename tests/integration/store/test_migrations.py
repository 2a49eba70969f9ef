"""The migrated schema is the one the code declares, on both databases, however often it is upgraded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import bot.plans.store_tables
import bot.promises.store_tables
import bot.signing.store_tables  # noqa: F401  (their tables join the journal's)
from conversation.store import tables as journal
from conversation.store.database import Database
from escalation.store import tables as agents
from service.store import migrate
from tests.databases import ALL_TABLES, MovableDatabase, dump

#: tables of Alembic's and SQLite's own
BOOKKEEPING = {"alembic_version", "sqlite_sequence"}


def declared() -> sa.MetaData:
    """All the program's tables in one collection."""
    together = sa.MetaData()
    for table in (*journal.metadata.sorted_tables, *agents.metadata.sorted_tables):
        table.to_metadata(together)
    return together


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        make: Callable[[], str] = request.getfixturevalue("make_postgres")
        url = make()
    database = Database(url)
    yield database
    database.dispose()


def shape(database: Database) -> dict[str, object]:
    """Columns, keys, foreign keys and indexes with their conditions, as the database tells them."""
    look = sa.inspect(database.engine)
    return {
        name: (
            {c["name"]: (str(c["type"]), c["nullable"]) for c in look.get_columns(name)},
            look.get_pk_constraint(name)["constrained_columns"],
            sorted((f["constrained_columns"], f["referred_table"]) for f in look.get_foreign_keys(name)),
            sorted((i["name"], i["column_names"], bool(i["unique"])) for i in look.get_indexes(name)),
            sorted(u["column_names"] for u in look.get_unique_constraints(name)),
        )
        for name in sorted(look.get_table_names())
        if name not in BOOKKEEPING
    }


def conditions(database: Database) -> dict[str, str]:
    """Index name → its WHERE, from the database's own catalogue."""
    if database.is_postgresql:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    else:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with database.read() as connection:
        found = {name: sql.partition(" WHERE ")[2] for name, sql in connection.execute(sa.text(query))}
    return {name: where for name, where in found.items() if where}


def test_the_migrated_schema_is_the_declared_one(empty: Database, make_other: Callable[[], Database]) -> None:
    migrate.upgrade(empty)
    created = make_other()
    declared().create_all(created.engine)
    assert shape(empty) == shape(created)
    assert conditions(empty) == conditions(created)


def test_alembic_sees_nothing_left_to_migrate(empty: Database) -> None:
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: name not in BOOKKEEPING}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, declared()) == []


@pytest.fixture
def make_other(
    empty: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Database]]:
    """A second database of the same kind."""
    made: list[Database] = []

    def make() -> Database:
        if empty.is_postgresql:
            url = request.getfixturevalue("make_postgres")()
        else:
            url = f"sqlite:///{tmp_path / 'other.db'}"
        made.append(Database(url))
        return made[-1]

    yield make
    for database in made:
        database.dispose()


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    before = shape(empty)
    migrate.upgrade(empty)
    assert shape(empty) == before


def test_upgrading_keeps_what_is_there(
    database: MovableDatabase, make_conversation: Callable[..., object], say: Callable[..., object]
) -> None:
    talk = make_conversation()
    say(talk.id, "转人工")  # type: ignore[attr-defined]
    before = dump(database)
    migrate.upgrade(database)
    assert dump(database) == before


def test_every_step_can_be_taken_back(empty: Database) -> None:
    migrate.upgrade(empty)
    whole = shape(empty)
    command.downgrade(migrate.configuration(empty), "base")
    assert shape(empty) == {}
    migrate.upgrade(empty)
    assert shape(empty) == whole


def test_the_steps_form_one_line() -> None:
    script = ScriptDirectory(str(migrate.FOLDER))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_every_table_of_the_program_is_emptied_between_tests() -> None:
    assert {table.name for table in ALL_TABLES} == set(declared().tables)
