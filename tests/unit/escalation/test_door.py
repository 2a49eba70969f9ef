"""The console's door: password checks wait for each other, never in the threads that serve customers."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from conversation.errors import Unavailable
from escalation.agents import WrongPassword
from escalation.console.door import AT_ONCE, MOST_INSIDE, Door


class Checks:
    """Checks that end when told to, and how many ran at the same time."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, username: str, password: str) -> str:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.go.wait(10)
        with self._lock:
            self._now -= 1
        return username


async def test_a_check_gives_what_it_gives() -> None:
    assert await Door().through(lambda name, password: name + password, "a", "b") == "ab"


async def test_a_check_refuses_as_it_refuses() -> None:
    def refuse(*_: str) -> None:
        raise WrongPassword()

    with pytest.raises(WrongPassword):
        await Door().through(refuse, "a", "b")


async def test_a_flood_waits_at_the_door_and_leaves_the_common_threads_alone() -> None:
    door, checks = Door(), Checks()
    flood = [asyncio.create_task(door.through(checks, f"n{i}", "x")) for i in range(MOST_INSIDE)]
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "served"), 1) == "served"
    checks.go.set()
    assert await asyncio.gather(*flood) == [f"n{i}" for i in range(MOST_INSIDE)]
    assert checks.most <= AT_ONCE


async def test_who_finds_it_full_is_told_to_come_again_and_may_when_it_empties() -> None:
    door, checks = Door(), Checks()
    inside = [asyncio.create_task(door.through(checks, "n", "x")) for _ in range(MOST_INSIDE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await door.through(checks, "late", "x")
    checks.go.set()
    await asyncio.gather(*inside)
    late: Any = await door.through(checks, "late", "x")
    assert late == "late"
