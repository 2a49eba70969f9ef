"""Fixtures shared by the suites: both databases, migrated and empty, and the services over them.

``database`` runs a test once on SQLite and once on PostgreSQL; see tests/databases.py. PostgreSQL starts
when the first test asks for it; a database of our own is made there and dropped at the end.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.effects import Effect
from conversation.hints import NoHints
from conversation.identity import GUEST, Identity
from conversation.message import InboundMessage, Reply
from conversation.reception import Receipt, Reception
from conversation.relay import Relay
from conversation.serving import Serving
from conversation.state import Agent, Claim, Conversation
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import Outcome, Turns
from service.settings import database_url
from service.store import migrate
from tests import databases
from tests.databases import MovableDatabase

START = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server where databases may be made."""
    try:
        url, stop = databases.postgres_server()
    except databases.NoPostgres as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    yield database_url(url)
    stop()


@pytest.fixture(scope="session")
def make_postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Call it for the URL of a new, empty PostgreSQL database; all are dropped at the end."""
    server = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> str:
        made.append(f"yixian_test_{uuid.uuid4().hex[:12]}")
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {made[-1]}"))
        url = sa.engine.make_url(postgres_server).set(database=made[-1])
        return str(url.render_as_string(hide_password=False))

    yield make
    with server.connect() as connection:
        for name in made:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the machine has one: commits there cost no disk."""
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yixian-", dir=place) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_session(quick_folder: Path) -> Iterator[MovableDatabase]:
    database = MovableDatabase(f"sqlite:///{quick_folder / 'journal.db'}")
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgres_session(make_postgres: Callable[[], str]) -> Iterator[MovableDatabase]:
    database = MovableDatabase(make_postgres())
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def sqlite(sqlite_session: MovableDatabase) -> MovableDatabase:
    """SQLite, migrated and empty."""
    sqlite_session.empty()
    return sqlite_session


@pytest.fixture
def postgres(postgres_session: MovableDatabase) -> MovableDatabase:
    """PostgreSQL, migrated and empty."""
    postgres_session.empty()
    return postgres_session


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> MovableDatabase:
    """Each kind of database in turn, migrated and empty."""
    found: MovableDatabase = request.getfixturevalue(request.param)
    return found


# the services


@pytest.fixture
def clock() -> FixedClock:
    """Business time; stands at 2026-03-02 17:30 in Shanghai until moved."""
    return FixedClock(START)


@pytest.fixture
def pass_time(database: MovableDatabase, clock: FixedClock) -> Callable[[float], None]:
    """Move business time and the lease clock on together, by seconds."""

    def move(seconds: float) -> None:
        clock.advance(seconds)
        database.later += timedelta(seconds=seconds)

    return move


@pytest.fixture(scope="session")
def cipher() -> Cipher:
    return Cipher({1: bytes(range(32))}, current=1, hash_key=b"h" * 32)


@pytest.fixture
def store(database: MovableDatabase, cipher: Cipher) -> JournalStore:
    return JournalStore(database, cipher)


@pytest.fixture
def reception(store: JournalStore, clock: FixedClock) -> Reception:
    return Reception(store, clock, NoHints())


@pytest.fixture
def turns(store: JournalStore, clock: FixedClock) -> Turns:
    return Turns(store, clock, NoHints())


@pytest.fixture
def serving(store: JournalStore, clock: FixedClock) -> Serving:
    return Serving(store, clock, NoHints())


@pytest.fixture
def relay(store: JournalStore, clock: FixedClock) -> Relay:
    return Relay(store, clock, NoHints())


@pytest.fixture
def reading(store: JournalStore) -> Reading:
    return Reading(store)


# factories: functions with defaults for everything a test does not care about


@pytest.fixture
def make_conversation(reception: Reception) -> Callable[..., Conversation]:
    """``make_conversation(channel_user=…, identity=…)`` opens one, at desk bot."""

    def make(
        channel_user: str | None = None, identity: Identity = GUEST, channel: str = "app"
    ) -> Conversation:
        talk, _ = reception.open(channel, channel_user or f"guest:{uuid.uuid4().hex}", identity)
        return talk

    return make


@pytest.fixture
def say(reception: Reception) -> Callable[..., Receipt]:
    """``say(conversation_id, text)``: the customer writes; ``payload=`` presses a button instead."""

    def write(
        conversation_id: str,
        text: str | None = "怎么还款",
        source_id: str | None = None,
        payload: str | None = None,
        identity: Identity = GUEST,
    ) -> Receipt:
        text = None if payload is not None else text
        source_id = uuid.uuid4().hex if source_id is None else source_id
        return reception.receive(InboundMessage(conversation_id, source_id, text, payload, identity))

    return write


@pytest.fixture
def agent() -> Agent:
    return Agent("a_lin", "小林")


@pytest.fixture
def other_agent() -> Agent:
    return Agent("a_chen", "小陈")


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """``outcome("回答", effects=(…))``: what a bot might make of a turn."""

    def make(
        *texts: str, effects: tuple[Effect, ...] = (), replies: tuple[Reply, ...] = (), **more: Any
    ) -> Outcome:
        said = replies or tuple(Reply(text) for text in texts or ("好的，请看还款页面。",))
        return Outcome(
            said, more.pop("tracker", b"tracker"), more.pop("model_version", "m1"), effects, **more
        )

    return make


@pytest.fixture
def answer(turns: Turns, outcome: Callable[..., Outcome]) -> Callable[..., Claim]:
    """``answer("…", effects=…)``: a worker claims the next turn and commits it; the claim it had."""

    def run(*texts: str, **more: Any) -> Claim:
        claim = turns.claim("worker")
        assert claim is not None, "no turn waits"
        again: Claim | None = claim
        while again is not None:
            claim, again = again, turns.commit(again, outcome(*texts, **more))
        return claim

    return run
