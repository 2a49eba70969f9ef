"""The console's feed: a cursor that misses nothing, also beside slow transactions, and says when it cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.hints import NoHints
from conversation.message import InboundMessage
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.state import Agent
from conversation.store.journal_store import JournalStore
from conversation.store.reading import FeedItem, Reading
from conversation.talk import talking
from tests.databases import MovableDatabase

Make = Callable[..., Any]


@pytest.fixture
def pg_store(postgres: MovableDatabase, cipher: Cipher) -> JournalStore:
    return JournalStore(postgres, cipher)


@pytest.fixture
def pg_talk(pg_store: JournalStore, clock: FixedClock) -> Callable[[], str]:
    """A conversation on PostgreSQL with something said in it; gives its id."""

    def make() -> str:
        reception = Reception(pg_store, clock, NoHints())
        talk, _ = reception.open("app", f"guest:{uuid4().hex}")
        reception.receive(InboundMessage(talk.id, "m0", "你好"))
        return talk.id

    return make


def read_on(reading: Reading, cursor: str, limit: int = 200) -> tuple[list[FeedItem], str]:
    found = reading.feed(cursor, limit)
    assert found is not None, "resync"
    return found


def test_every_change_is_one_item_with_exactly_its_new_entries(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent
) -> None:
    id = make_conversation().id
    cursor = reading.feed_end()
    say(id, "转人工")
    serving.claim(agent, id)
    items, cursor = read_on(reading, cursor)
    assert [(item.conversation_id, item.after_seq, item.seq) for item in items] == [(id, 0, 2), (id, 2, 3)]
    assert read_on(reading, cursor) == ([], cursor)


def test_a_repeated_message_is_no_news(make_conversation: Make, say: Make, reading: Reading) -> None:
    id = make_conversation().id
    say(id, "你好", "m1")
    cursor = reading.feed_end()
    say(id, "你好", "m1")
    assert read_on(reading, cursor)[0] == []


def test_a_private_note_is_news_without_an_entry(
    make_conversation: Make, reading: Reading, serving: Serving, agent: Agent
) -> None:
    id = make_conversation().id
    cursor = reading.feed_end()
    note = serving.note(agent, id, "备注")
    (item,), _ = read_on(reading, cursor)
    assert (item.after_seq, item.seq, item.note_id) == (0, 0, note.id)


def test_pages_go_on_where_the_last_one_ended(make_conversation: Make, say: Make, reading: Reading) -> None:
    id = make_conversation().id
    cursor = reading.feed_end()
    for _ in range(7):
        say(id)
    seen: list[int] = []
    while True:
        items, cursor = read_on(reading, cursor, limit=3)
        if not items:
            break
        seen += [item.seq for item in items]
    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "1",
        "1.2.3",
        "1.x",
        "-1.-1",
        "7.9999999",
        "1e3.1",
        "None",
        "9" * 40 + ".1",
        "1." + "9" * 40,
        "1_0.1_0",
        "１.１",
        "1.5\0",
    ],
)
def test_an_unknown_cursor_asks_for_a_new_start(
    make_conversation: Make, say: Make, reading: Reading, cursor: str
) -> None:
    say(make_conversation().id)
    assert reading.feed(cursor) is None


def test_a_cursor_whose_rows_were_swept_asks_for_a_new_start(
    make_conversation: Make, say: Make, reading: Reading, store: JournalStore, clock: FixedClock
) -> None:
    id = make_conversation().id
    say(id)
    old = reading.feed_end()
    clock.advance(3600)
    say(id)
    newer = reading.feed_end()
    clock.advance(3600 + 1800)
    store.sweep(clock.now(), timedelta(hours=2))
    assert reading.feed(old) is None
    assert read_on(reading, newer) == ([], newer)


def test_the_first_cursor_of_an_empty_feed_misses_nothing_that_was_swept_since(
    make_conversation: Make, say: Make, reading: Reading, store: JournalStore, clock: FixedClock
) -> None:
    beginning = reading.feed_end()
    id = make_conversation().id
    say(id)
    assert [item.seq for item in read_on(reading, beginning)[0]] == [1]
    clock.advance(3 * 3600)
    say(id)
    store.sweep(clock.now(), timedelta(hours=2))
    assert reading.feed(beginning) is None


def test_a_quiet_night_does_not_make_the_live_cursor_old(
    make_conversation: Make, say: Make, reading: Reading, store: JournalStore, clock: FixedClock
) -> None:
    """Nothing happened after it, so there is nothing it could have missed."""
    say(make_conversation().id)
    cursor = reading.feed_end()
    clock.advance(12 * 3600)
    store.sweep(clock.now(), timedelta(hours=2))
    assert read_on(reading, cursor) == ([], cursor)
    assert reading.feed_end() == cursor


def test_a_slow_transaction_with_a_lower_number_is_not_stepped_over(
    pg_store: JournalStore, pg_talk: Callable[[], str], clock: FixedClock
) -> None:
    """PostgreSQL numbers transactions when they begin to write and shows them when they commit."""
    reading = Reading(pg_store)
    slow, quick = pg_talk(), pg_talk()
    cursor = reading.feed_end()
    with pg_store.unit() as unit:
        with talking(unit, slow, clock.now()) as talk:
            talk.notice("慢的写在前面")
        for n in range(3):
            with pg_store.unit() as later, talking(later, quick, clock.now()) as other:
                other.notice(f"快的 {n}")
        assert read_on(reading, cursor) == ([], cursor), "the older transaction may still commit before"
        assert reading.feed_end() == cursor
    items, _ = read_on(reading, cursor)
    assert [item.conversation_id for item in items] == [slow, quick, quick, quick]


def test_a_slow_transaction_that_is_rolled_back_holds_up_nobody_after_its_end(
    pg_store: JournalStore, pg_talk: Callable[[], str], clock: FixedClock
) -> None:
    reading = Reading(pg_store)
    slow, quick = pg_talk(), pg_talk()
    cursor = reading.feed_end()

    def change_and_break() -> None:
        with pg_store.unit() as unit:
            with talking(unit, slow, clock.now()) as talk:
                talk.notice("没有说出口")
            with pg_store.unit() as later, talking(later, quick, clock.now()) as other:
                other.notice("快的")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        change_and_break()
    items, _ = read_on(reading, cursor)
    assert [item.conversation_id for item in items] == [quick]


def test_readers_that_follow_eight_writers_see_every_entry_once(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    ids = [make_conversation().id for _ in range(8)]
    start = reading.feed_end()
    done = threading.Event()

    def follow() -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []
        cursor = start
        while True:
            last_round = done.is_set()
            items, cursor = read_on(reading, cursor, limit=7)
            for item in items:
                seen += [(item.conversation_id, seq) for seq in range(item.after_seq + 1, item.seq + 1)]
            if last_round and not items:
                return seen

    def write(n: int) -> None:
        for k in range(10):
            say(ids[(n + k) % 8], f"{n} {k}")

    with ThreadPoolExecutor(8) as threads:
        followers = [threads.submit(follow) for _ in range(2)]
        for writer in [threads.submit(write, n) for n in range(6)]:
            writer.result()
        done.set()
        histories = [follower.result() for follower in followers]
    expected = {(id, seq) for id in ids for seq in range(1, reading.conversation(id).last_seq + 1)}
    for history in histories:
        assert len(history) == len(set(history))
        assert set(history) == expected
