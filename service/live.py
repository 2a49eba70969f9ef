"""Wake-ups inside one process: who waits for a topic is rung when Redis says so, or a poll finds it.

Redis only makes it quicker. A ring may be spurious; the waiter looks in the database. ``RedisHints``
never raises and never blocks a request for long: short time-outs, and after a failure a pause.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import redis
import redis.asyncio
import structlog

from conversation.hints import OPERATIONS, TURNS

#: each message is one or more topics, a line each; what bot workers wait for goes by itself, so that they
#: are not woken by everything else
WORK_CHANNEL, NEWS_CHANNEL = "yixian:work", "yixian:news"
WORK = frozenset({TURNS, OPERATIONS})
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class RedisHints:
    """Publishes hints after commits, from any thread."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self._silent_until = 0.0

    def publish(self, *topics: str) -> None:
        if time.monotonic() < self._silent_until:
            return
        work = [topic for topic in topics if topic in WORK]
        news = [topic for topic in topics if topic not in WORK or topic == OPERATIONS]
        try:
            for channel, said in ((WORK_CHANNEL, work), (NEWS_CHANNEL, news)):
                if said:
                    self._client.publish(channel, "\n".join(said))
        except (redis.RedisError, OSError):
            self._silent_until = time.monotonic() + PAUSE_SECONDS


class Bell:
    """Rung when something may have changed; ``wait`` returns at once if it rang since the last wait."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._topics: set[str] = set()

    def ring(self, topic: str) -> None:
        self._topics.add(topic)
        self._event.set()

    async def wait(self, seconds: float) -> set[str]:
        """The topics that rang; empty when the time was up."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        topics, self._topics = self._topics, set()
        self._event.clear()
        return topics


class Live:
    """``poll`` is called with the topics watched here and returns those that changed since the last time."""

    def __init__(
        self,
        redis_url: str | None,
        poll: Callable[[set[str]], Awaitable[set[str]]],
        poll_seconds: float = 0.5,
        channel: str = NEWS_CHANNEL,
    ) -> None:
        self._channel = channel
        self._redis_url = redis_url
        self._poll = poll
        self._poll_seconds = poll_seconds
        self._bells: dict[str, set[Bell]] = {}

    @contextmanager
    def watch(self, *topics: str) -> Iterator[Bell]:
        bell = Bell()
        for topic in topics:
            self._bells.setdefault(topic, set()).add(bell)
        try:
            yield bell
        finally:
            for topic in topics:
                self._bells[topic].discard(bell)
                if not self._bells[topic]:
                    del self._bells[topic]

    def ring(self, topic: str) -> None:
        for bell in tuple(self._bells.get(topic, ())):
            bell.ring(topic)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen and poll for the length of the block."""
        tasks = [asyncio.create_task(self._poll_forever())]
        if self._redis_url is not None:
            tasks.append(asyncio.create_task(self._listen_forever(self._redis_url)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll_forever(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            try:
                for topic in await self._poll(set(self._bells)):
                    self.ring(topic)
            except Exception as error:  # a database that is down must not end the polling
                log.warning("poll_failed", error=type(error).__name__)

    async def _listen_forever(self, url: str) -> None:
        while True:
            try:
                await self._listen(url)
            except (redis.RedisError, OSError, asyncio.TimeoutError):
                await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self, url: str) -> None:
        client = redis.asyncio.Redis.from_url(url, socket_connect_timeout=1.0, health_check_interval=5)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(self._channel)
                async for message in channel.listen():
                    if message["type"] == "message":
                        for topic in message["data"].decode().split("\n"):
                            self.ring(topic)
        finally:
            await client.close()
