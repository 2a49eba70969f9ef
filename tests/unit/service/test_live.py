"""Wake-ups: rung by Redis or found by the poll, never missed for long, nobody hurt when Redis is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from conversation import hints as topics
from conversation.state import Agent
from conversation.store.reading import Reading
from service.live import Live, RedisHints
from service.live_poll import ChangePoll
from tests.databases import MovableDatabase

Make = Callable[..., Any]


async def nothing(_: set[str]) -> set[str]:
    return set()


async def test_a_ring_before_the_wait_is_not_lost() -> None:
    live = Live(None, nothing)
    with live.watch("a", "b") as bell:
        live.ring("a")
        assert await asyncio.wait_for(bell.wait(10), 1) == {"a"}
        assert await bell.wait(0.01) == set()


async def test_a_ring_during_the_wait_ends_it() -> None:
    live = Live(None, nothing)
    with live.watch("a") as bell:
        asyncio.get_running_loop().call_later(0.02, live.ring, "a")
        assert await asyncio.wait_for(bell.wait(10), 1) == {"a"}


async def test_rings_while_nobody_waits_are_kept_together() -> None:
    live = Live(None, nothing)
    with live.watch("a", "b") as bell:
        for topic in ("a", "b", "a"):
            live.ring(topic)
        assert await bell.wait(1) == {"a", "b"}


async def test_every_watcher_of_a_topic_is_rung_and_nobody_else() -> None:
    live = Live(None, nothing)
    with live.watch("a") as one, live.watch("a") as two, live.watch("b") as other:
        live.ring("a")
        live.ring("unknown")
        assert await one.wait(1) == await two.wait(1) == {"a"}
        assert await other.wait(0.01) == set()


async def test_who_left_is_forgotten() -> None:
    live = Live(None, nothing)
    for _ in range(100):
        with live.watch("a"):
            pass
    live.ring("a")
    assert live._bells == {}


async def test_the_poll_finds_what_no_hint_told() -> None:
    asked: list[set[str]] = []

    async def poll(watched: set[str]) -> set[str]:
        asked.append(watched)
        return {"a"}

    live = Live(None, poll, poll_seconds=0.01)
    async with live.running():
        with live.watch("a") as bell:
            assert await asyncio.wait_for(bell.wait(10), 1) == {"a"}
    assert {"a"} in asked


async def test_a_poll_that_fails_goes_on() -> None:
    calls = 0

    async def poll(_: set[str]) -> set[str]:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise ConnectionError("database away")
        return {"a"}

    live = Live(None, poll, poll_seconds=0.01)
    async with live.running():
        with live.watch("a") as bell:
            assert await asyncio.wait_for(bell.wait(10), 1) == {"a"}


async def test_without_redis_the_poll_still_rings_and_the_end_is_clean() -> None:
    async def poll(_: set[str]) -> set[str]:
        return {"a"}

    live = Live("redis://127.0.0.1:1/0", poll, poll_seconds=0.01)
    async with live.running():
        with live.watch("a") as bell:
            assert await asyncio.wait_for(bell.wait(10), 1) == {"a"}


def test_hints_without_redis_neither_raise_nor_hold_up() -> None:
    hints = RedisHints("redis://127.0.0.1:1/0")
    begun = time.monotonic()
    for _ in range(100):
        hints.publish("a", "b")
    assert time.monotonic() - begun < 1.0


# what changed in the database


@pytest.fixture
def poll(reading: Reading) -> ChangePoll:
    return ChangePoll(reading)


async def test_a_change_is_seen_once_by_whoever_watches(
    poll: ChangePoll, make_conversation: Make, say: Make, sqlite: MovableDatabase
) -> None:
    id = make_conversation().id
    mine = topics.conversation(id)
    await poll({mine, topics.FEED})
    assert await poll({mine, topics.FEED}) == set()
    say(id)
    assert await poll({mine, topics.FEED}) == {mine, topics.FEED}
    assert await poll({mine, topics.FEED}) == set()


async def test_a_desk_move_is_a_change(
    poll: ChangePoll, make_conversation: Make, serving: Any, agent: Agent
) -> None:
    id = make_conversation().id
    await poll({topics.conversation(id)})
    serving.claim(agent, id)
    assert await poll({topics.conversation(id)}) == {topics.conversation(id)}


async def test_a_new_watcher_is_rung_once_for_nothing_rather_than_missed(
    poll: ChangePoll, make_conversation: Make
) -> None:
    id = make_conversation().id
    assert await poll({topics.conversation(id)}) == {topics.conversation(id)}


async def test_what_the_database_does_not_know_is_never_rung(poll: ChangePoll) -> None:
    watched = {"conversation:none", topics.agent_types("c"), topics.TURNS}
    assert await poll(watched) == set()
    assert await poll(set()) == set()
