"""Timers of the web process: overdue turns, the outbox relay, and the broom. Safe in several processes.

Each works by claims in the database; a failure is logged and tried again, never fatal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from bot.bank.errors import BankError, BankUnavailable
from bot.bank.ports import Acknowledgement, Bank, BankRequest, RequestKind, RequestState
from conversation import hints as topics
from conversation.clock import Clock
from conversation.hints import Wakeups
from conversation.relay import Answer, Relay
from conversation.state import OutboxItem
from conversation.store.journal_store import JournalStore
from conversation.turning import Turns

OVERDUE_EVERY = 1.0
RELAY_EVERY = 1.0
SWEEP_EVERY = 600.0
FEED_LIFE = timedelta(hours=2)

log = structlog.get_logger(__name__)


class Timers:
    def __init__(
        self,
        turns: Turns,
        relay: Relay,
        store: JournalStore,
        bank: Bank,
        wakeups: Wakeups,
        clock: Clock,
        patience_seconds: int,
    ) -> None:
        self._turns = turns
        self._relay = relay
        self._store = store
        self._bank = bank
        self._wakeups = wakeups
        self._clock = clock
        self._patience = timedelta(seconds=patience_seconds)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(every(OVERDUE_EVERY, self._end_overdue)),
            asyncio.create_task(every(SWEEP_EVERY, self._sweep)),
            asyncio.create_task(self._relay_forever()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _end_overdue(self) -> None:
        ended = await asyncio.to_thread(self._turns.give_up_overdue, self._patience)
        if ended:
            log.warning("turns_given_up", count=ended)

    async def _sweep(self) -> None:
        await asyncio.to_thread(self._store.sweep, self._clock.now(), FEED_LIFE)

    async def _relay_forever(self) -> None:
        with self._wakeups.watch(topics.OUTBOX) as bell:
            while True:
                await _guarded(self._relay_all)
                await bell.wait(RELAY_EVERY)

    async def _relay_all(self) -> None:
        while await asyncio.to_thread(self._relay_one):
            pass

    def _relay_one(self) -> bool:
        item = self._relay.claim("bank")
        if item is None:
            return False
        try:
            acknowledgement = self._bank.request(_request(item))
        except BankUnavailable as error:
            self._failed(item, error.code)
        except BankError as error:
            self._failed(item, error.code, final=True)
        except Exception as error:
            self._failed(item, type(error).__name__)
        else:
            self._tell(item, acknowledgement)
        return True

    def _failed(self, item: OutboxItem, error: str, final: bool = False) -> None:
        log.warning("bank_request_failed", item=item.id, attempt=item.attempts, error=error)
        self._relay.failed(item, error, final)

    def _tell(self, item: OutboxItem, acknowledgement: Acknowledgement) -> None:
        if acknowledgement.state is RequestState.ACCEPTED:
            self._relay.failed(item, "accepted, not carried out yet")
        else:
            answer = Answer(acknowledgement.state.value, acknowledgement.message, acknowledgement.reference)
            self._relay.answered(item, answer)


def _request(item: OutboxItem) -> BankRequest:
    wanted = item.payload
    return BankRequest(
        RequestKind(wanted["kind"]), wanted["customer_id"], wanted["payload"], item.idempotency_key
    )


async def every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Does the work again and again; what goes wrong is logged and tried the next time."""
    while True:
        await asyncio.sleep(seconds)
        await _guarded(work)


async def _guarded(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:  # a database that is down must not end the timer
        log.warning("timer_failed", error=type(error).__name__)
