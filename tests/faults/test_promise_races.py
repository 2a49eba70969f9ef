"""Promises with several processes at the clock: everybody is reminded once, and nobody more often than allowed."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.money import Money, business_date
from bot.negotiation.promises import Promise
from bot.promises import store as rows
from bot.promises.records import PromiseRecord, PromiseState, recorded
from bot.promises.service import Promises
from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.reception import Reception
from conversation.store.database import Database
from conversation.store.journal_store import JournalStore
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]
PROCESSES, THREADS, PROMISES = 3, 6, 12
KEYS: tuple[dict[int, bytes], int, bytes] = ({1: bytes(range(32))}, 1, b"h" * 32)


class EmptyBooks:
    """A bank on which nobody paid."""

    def loans(self, customer_id: str) -> tuple[Any, ...]:
        return tuple(SimpleNamespace(id=f"L{number}") for number in range(PROMISES))

    def ledger(self, customer_id: str, loan_id: str) -> tuple[Any, ...]:
        return ()


def work(url: str, now: datetime, start: Any, done: Any) -> None:
    """A web process's clock, once; what it did goes to ``done``."""
    database = Database(url)
    clock = FixedClock(now)
    journal = JournalStore(database, Cipher(*KEYS))
    promises = Promises(journal, Reception(journal, clock, NoHints()), EmptyBooks(), clock, NoHints())  # type: ignore[arg-type]
    start.wait(30)
    done.put((promises.remind_due(), promises.judge_due()))
    database.dispose()


def in_processes(database: MovableDatabase, now: datetime) -> list[tuple[int, int]]:
    """Several real processes at the same moment; (reminded, ended) of each."""
    spawn = multiprocessing.get_context("spawn")
    start, done = spawn.Barrier(PROCESSES), spawn.Queue()
    url = database.engine.url.render_as_string(hide_password=False)
    started = [spawn.Process(target=work, args=(url, now, start, done)) for _ in range(PROCESSES)]
    for process in started:
        process.start()
    found = [done.get(timeout=60) for _ in started]
    for process in started:
        process.join(30)
    return found


@pytest.fixture
def promise(make_conversation: Make, store: JournalStore, clock: FixedClock) -> Callable[[str, str], None]:
    """``promise(customer, debt)``: in five days, made in a conversation of its own."""

    def make(customer: str, debt: str) -> None:
        now = clock.now()
        identity = Identity(Level.VERIFIED, customer, now, now + timedelta(minutes=10))
        talk = make_conversation(channel_user=f"{customer}-{debt}", identity=identity)
        made = Promise(
            f"r-{customer}-{debt}", debt, business_date(now) + timedelta(days=5), Money(100_000), now
        )
        with store.unit() as unit:
            assert rows.add(unit, recorded(made, customer, talk.id, "随心借"))

    return make


def morning(clock: FixedClock, days: int) -> datetime:
    """10:30 in Shanghai, so many days after the start."""
    return clock.now().replace(hour=2, minute=30) + timedelta(days=days)


def test_several_processes_remind_everybody_once_and_judge_once(
    promise: Callable[[str, str], None], database: MovableDatabase, clock: FixedClock
) -> None:
    for number in range(PROMISES):
        promise(f"C{number}", "L0")
    reminded = in_processes(database, morning(clock, 4))
    assert sum(count for count, _ in reminded) == PROMISES
    judged = in_processes(database, morning(clock, 7))
    assert sum(count for _, count in judged) == PROMISES
    tables = dump(database)
    assert {row["state"] for row in tables["promises"]} == {PromiseState.BROKEN.value}
    said = Counter(row["conversation_id"] for row in tables["messages"])
    assert set(said.values()) == {2}
    assert Counter(row["about"] for row in tables["contacts"]) == {
        "promise_reminder": PROMISES,
        "promise_broken": PROMISES,
    }


def test_a_customer_with_many_promises_hears_of_one_a_day_however_many_clocks_speak(
    promise: Callable[[str, str], None],
    database: MovableDatabase,
    store: JournalStore,
    reception: Reception,
    clock: FixedClock,
) -> None:
    """Each thread takes another of his promises, in another conversation: nothing but the count keeps them apart."""
    for number in range(PROMISES):
        promise("C1", f"L{number}")
    clock.at = morning(clock, 4)
    promises = Promises(store, reception, EmptyBooks(), clock, NoHints())  # type: ignore[arg-type]
    due = rows.PromiseStore(database).to_remind(clock.now())
    start = threading.Barrier(THREADS)

    def remind(record: PromiseRecord) -> bool:
        start.wait(30)
        return promises._remind(record)

    with ThreadPoolExecutor(THREADS) as threads:
        reminded = list(threads.map(remind, due[:THREADS]))
    assert sum(reminded) == 1
    assert len(dump(database)["contacts"]) == 1
