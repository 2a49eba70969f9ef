"""What each database is really told: locks that are stepped over, write transactions that are announced,
hot queries that go by index. SQLAlchemy leaves out what a dialect cannot say without a word."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.errors import BadRequest, Unavailable
from conversation.hints import NoHints
from conversation.relay import Relay
from conversation.serving import QueueEmpty, Serving
from conversation.state import Agent, new_id
from conversation.store import tables as t
from conversation.store.database import Database
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import Turns
from tests.databases import MovableDatabase

Make = Callable[..., Any]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """All SQL sent meanwhile, BEGIN and COMMIT of SQLite included."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(" ".join(statement.split()))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)


def look_for_work(store: JournalStore, clock: FixedClock) -> None:
    """Every claim there is, on an empty database."""
    with store.unit() as unit:
        unit.claimable_turns(3)
        unit.due_outbox("bank")
        unit.first_in_queue(None)


def test_postgresql_steps_over_what_others_hold(
    postgres: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> None:
    with statements(postgres) as sent:
        look_for_work(JournalStore(postgres, cipher), clock)
    claims = [statement for statement in sent if "SKIP LOCKED" in statement]
    assert len(claims) == 3
    assert claims[2].endswith("FOR UPDATE OF conversations SKIP LOCKED")


def test_sqlite_announces_a_writer_before_it_reads(
    sqlite: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> None:
    with statements(sqlite) as sent:
        look_for_work(JournalStore(sqlite, cipher), clock)
        with sqlite.read() as connection:
            connection.execute(sa.text("SELECT 1"))
    assert [statement for statement in sent if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    assert not any("SKIP LOCKED" in statement for statement in sent)


def test_a_connection_that_wrote_does_not_make_the_next_reader_a_writer(tmp_path: Path) -> None:
    """One pooled connection is used for both in turn."""
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    with statements(database) as sent:
        for use in (database.write, database.read, database.write, database.read):
            with use():
                pass
    assert sent == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE", "BEGIN"]
    database.dispose()


def test_sqlite_is_durable_and_keeps_its_foreign_keys(sqlite: MovableDatabase) -> None:
    with sqlite.read() as connection:
        told = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_sqlite_readers_do_not_wait_for_a_writer(sqlite: MovableDatabase) -> None:
    with sqlite.write():
        begun = time.monotonic()
        with sqlite.read() as connection:
            connection.execute(sa.select(t.conversations)).all()
        assert time.monotonic() - begun < 1.0


def test_writers_of_sqlite_wait_for_each_other_instead_of_failing(
    sqlite: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> None:
    store = JournalStore(sqlite, cipher)

    def read_then_write(n: int) -> None:
        with store.unit() as unit:
            unit.open_turn("c")
            time.sleep(0.01)
            unit.add_feed("c", n, n, clock.now())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(read_then_write, range(24)))
    with sqlite.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.feed)).scalar() == 24


def test_leases_go_by_the_servers_clock_on_postgresql(postgres_session: MovableDatabase) -> None:
    database = Database(str(postgres_session.engine.url.render_as_string(hide_password=False)))
    with statements(database) as sent, database.write() as connection:
        now = database.lease_clock(connection)
        later = database.lease_clock(connection)
    assert sent == ["SELECT clock_timestamp()"] * 2
    assert now.tzinfo is timezone.utc
    assert later > now, "it goes on inside a transaction"
    database.dispose()


# a database that is away or too busy is a clear error


def test_no_connection_is_unavailable(tmp_path: Path) -> None:
    database = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable), database.read():
        pass
    database.dispose()


def test_a_connection_that_is_cut_in_mid_transaction_is_unavailable_and_the_next_one_works(
    postgres: MovableDatabase,
) -> None:
    def write() -> None:
        with postgres.write() as connection:
            pid = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()
            with postgres.write() as other:
                other.execute(sa.text(f"SELECT pg_terminate_backend({pid})"))
            connection.execute(sa.select(t.conversations))

    with pytest.raises(Unavailable):
        write()
    with postgres.read() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


def test_a_connection_that_is_cut_right_before_the_commit_is_unavailable(postgres: MovableDatabase) -> None:
    def write() -> None:
        with postgres.write() as connection:
            pid = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()
            with postgres.write() as other:
                other.execute(sa.text(f"SELECT pg_terminate_backend({pid})"))

    with pytest.raises(Unavailable):
        write()


def test_a_full_pool_is_unavailable_not_a_wait_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.05)
    held = [database.engine.connect() for _ in range(10)]
    with pytest.raises(Unavailable), database.read():
        pass
    for connection in held:
        connection.close()
    database.dispose()


def test_an_error_of_the_program_itself_is_not_dressed_up(database: MovableDatabase) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError
    naive = datetime(2026, 1, 1)
    with pytest.raises(sa.exc.StatementError, match="naive"), database.write() as connection:
        connection.execute(t.feed.insert().values(xid=0, conversation_id="c", after_seq=0, seq=0, at=naive))


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_text_the_driver_cannot_send_is_the_senders_error(postgres: MovableDatabase, text: str) -> None:
    with pytest.raises(BadRequest), postgres.read() as connection:
        connection.execute(sa.select(t.conversations).where(t.conversations.c.id == text))


# moments


def test_a_moment_comes_back_as_it_was_aware_and_exact(database: MovableDatabase) -> None:
    at = datetime(2026, 3, 2, 17, 30, 0, 123456, timezone(timedelta(hours=8)))
    with database.write() as connection:
        connection.execute(t.feed.insert().values(xid=0, conversation_id="c", after_seq=0, seq=0, at=at))
    with database.read() as connection:
        back = connection.execute(sa.select(t.feed.c.at)).scalar_one()
    assert back == at
    assert back.tzinfo is timezone.utc


# plans: what is done at every message or every second never reads a whole table


@pytest.fixture
def grown(database: MovableDatabase, clock: FixedClock) -> MovableDatabase:
    """A database with a past: 1,500 conversations, 10 of 11 ended turns and escalations."""
    at = clock.now()
    many = range(1500)
    waiting = [n for n in many if n % 11 == 0]
    with database.write() as connection:
        connection.execute(
            t.conversations.insert(),
            [
                {
                    "id": f"c{n}",
                    "channel": "app",
                    "channel_user": f"u{n}",
                    "identity_level": "none",
                    "epoch": 1,
                }
                | {
                    "desk": "queued" if n in waiting else "bot",
                    "last_seq": 1,
                    "last_customer_seq": 1,
                    "created_at": at,
                    "updated_at": at,
                }
                for n in many
            ],
        )
        connection.execute(
            t.turns.insert(),
            [
                {
                    "id": f"t{n}",
                    "conversation_id": f"c{n}",
                    "from_seq": 1,
                    "to_seq": 1,
                    "epoch": 1,
                    "attempts": 1,
                }
                | {
                    "state": "done" if n % 11 else "waiting",
                    "not_before": at,
                    "created_at": at + timedelta(seconds=n),
                }
                for n in many
            ],
        )
        connection.execute(
            t.escalations.insert(),
            [
                {
                    "id": f"e{n}",
                    "conversation_id": f"c{n}",
                    "reason": "fraud",
                    "skill": "general",
                    "facts": {},
                }
                | {"state": "waiting" if n in waiting else "resolved", "priority": n % 7, "asked_seq": 1}
                | {"waiting_since": at + timedelta(seconds=n)}
                for n in many
            ],
        )
        connection.execute(
            t.feed.insert(),
            [{"xid": n, "conversation_id": f"c{n}", "after_seq": 0, "seq": 1, "at": at} for n in many],
        )
        connection.execute(
            t.outbox.insert(),
            [
                {
                    "id": f"o{n}",
                    "topic": "bank",
                    "conversation_id": f"c{n}",
                    "idempotency_key": f"k{n}",
                    "payload": {},
                }
                | {"state": "done" if n % 11 else "pending", "attempts": 1, "next_at": at, "created_at": at}
                for n in many
            ],
        )
    if database.is_postgresql:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    return database


WORK: dict[str, Callable[[JournalStore], Any]] = {
    "look for a turn": lambda store: store.has_claimable_turn(3),
    "claim a turn": lambda store: in_unit(store, lambda unit: unit.claimable_turns(3)),
    "look for an item": lambda store: store.has_due_outbox("bank"),
    "claim an item": lambda store: in_unit(store, lambda unit: unit.due_outbox("bank")),
    "claim the next in the queue": lambda store: in_unit(store, lambda unit: unit.first_in_queue(None)),
    "claim the next of these skills": lambda store: in_unit(
        store, lambda unit: unit.first_in_queue(["general"])
    ),
    "find the open turn": lambda store: in_unit(store, lambda unit: unit.open_turn("c5")),
    "find the open escalation": lambda store: in_unit(store, lambda unit: unit.open_escalation("c5")),
    "find the open conversation": lambda store: in_unit(
        store, lambda unit: unit.open_conversation("app", "u5")
    ),
    "recognise a repeat": lambda store: in_unit(
        store, lambda unit: unit.entry_of_source("c5", "customer", "m1")
    ),
    "find the last message": lambda store: in_unit(store, lambda unit: unit.lock("c5").last_customer_seq),
    "read a client's news": lambda store: Reading(store).events("c5", 0),
    "read the feed": lambda store: Reading(store).feed("1490.1491"),
    "read the feed's end": lambda store: Reading(store).feed_end(),
    "count the backlog": lambda store: Reading(store).backlog(),
    "show one conversation": lambda store: Reading(store).overview("c5"),
    "list the bot's conversations": lambda store: Reading(store).overviews(Desk.BOT, limit=20),
}


def in_unit(store: JournalStore, look: Callable[[Any], Any]) -> Any:
    with store.unit() as unit:
        return look(unit)


#: a small table is read whole on purpose; the question is whether it must be
ONLY_INDEXES = "; ".join(f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "sort"))


@pytest.mark.parametrize("work", WORK)
def test_the_hot_queries_never_read_a_whole_table(grown: MovableDatabase, cipher: Cipher, work: str) -> None:
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("SELECT") or "FROM" not in statement:
            return
        asked = connection.connection.cursor()
        if grown.is_postgresql:
            asked.execute(ONLY_INDEXES)
        asked.execute(("EXPLAIN " if grown.is_postgresql else "EXPLAIN QUERY PLAN ") + statement, parameters)
        plans.extend(str(row[-1]).strip() for row in asked.fetchall())

    sa.event.listen(grown.engine, "before_cursor_execute", explain)
    try:
        WORK[work](JournalStore(grown, cipher))
    finally:
        sa.event.remove(grown.engine, "before_cursor_execute", explain)
    assert plans
    if work.startswith("claim"):
        whole = [
            line for line in plans if re.match(r"(->\s+)?Sort\b(?! Key)|USE TEMP B-TREE FOR ORDER BY", line)
        ]
        assert not whole, plans
    tables = {table.name for table in t.metadata.sorted_tables}
    for line in plans:
        assert "Seq Scan" not in line, plans
        words = line.split()
        assert not (words[:1] == ["SCAN"] and words[1] in tables and "INDEX" not in words), plans
        assert not (
            words[0] == "SCAN" and words[1] in {"feed", "messages"} and work != "read the feed's end"
        ), plans


# claims without waiting: one holder does not stop the others


def test_a_held_row_is_stepped_over_at_once_on_postgresql(
    postgres: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> None:
    store = JournalStore(postgres, cipher)
    at = clock.now()
    with postgres.write() as connection:
        for n in range(2):
            connection.execute(
                t.conversations.insert().values(
                    id=f"c{n}",
                    channel="app",
                    channel_user=f"u{n}",
                    identity_level="none",
                    desk="queued",
                    epoch=1,
                    last_seq=0,
                    last_customer_seq=0,
                    created_at=at,
                    updated_at=at,
                )
            )
            connection.execute(
                t.escalations.insert().values(
                    id=f"e{n}",
                    conversation_id=f"c{n}",
                    state="waiting",
                    reason="fraud",
                    skill="general",
                    priority=1,
                    facts={},
                    asked_seq=0,
                    waiting_since=at + timedelta(seconds=n),
                )
            )
    serving = Serving(store, clock, NoHints())
    with store.unit() as unit:
        unit.lock("c0")
        begun = time.monotonic()
        assert serving.claim_next(Agent("a1", "小林")).id == "c1"
        with pytest.raises(QueueEmpty):
            serving.claim_next(Agent("a2", "小陈"))
        assert time.monotonic() - begun < 1.0


def test_looking_for_work_costs_no_write_transaction(
    sqlite: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> None:
    """Idle workers must not take SQLite's only write lock twice a second."""
    store = JournalStore(sqlite, cipher)
    with statements(sqlite) as sent:
        assert not Turns(store, clock, NoHints()).has_work()
        assert Relay(store, clock, NoHints()).claim("bank") is None
    assert [statement for statement in sent if statement.startswith("BEGIN")] == ["BEGIN", "BEGIN"]


def test_ids_cannot_be_guessed_or_repeated() -> None:
    ids = {new_id("c") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(id) >= 2 + 22 for id in ids)
