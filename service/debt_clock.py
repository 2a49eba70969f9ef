"""The debts' clock in the web process: promises reminded of and judged, plans moved by days and payments. Safe in several processes.

Each move is a compare-and-set in the database; a failure is logged and tried again, never fatal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.plans.clock import PlanClock
from bot.promises.service import Promises
from service.timers import every

EVERY = 60.0  #: seconds; the moments themselves are days and hours


class DebtClock:
    """Runs every minute, from the start of the process on."""

    def __init__(self, promises: Promises, plans: PlanClock) -> None:
        self._work: tuple[Callable[[], object], ...] = (
            promises.remind_due,
            promises.judge_due,
            plans.move_due,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(every(EVERY, self._in_thread(work))) for work in self._work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _in_thread(self, work: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await asyncio.to_thread(work)

        return run
