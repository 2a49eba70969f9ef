"""What operations staff change, live in this process: the library in force, banners and switches.

Looks at two numbers in the database every second, sooner when hinted; reads only what moved. A database
that is down leaves the last known state in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.bank.products import Products
from bot.knowledge.library import Library
from bot.knowledge.revisions import Revision, candidates, in_force
from bot.knowledge.store import RevisionStore
from conversation import hints as topics
from conversation.clock import Clock
from conversation.controls import NO_CONTROLS, Controls, Notice
from conversation.errors import Unavailable
from conversation.hints import Wakeups
from conversation.store.control_store import CONTROLS, KNOWLEDGE, ControlStore
from conversation.store.database import Database

EVERY_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Operations:
    def __init__(self, database: Database, seed: Library, products: Products, clock: Clock) -> None:
        self._store = ControlStore(database)
        self._revisions = RevisionStore(database)
        self._seed = seed
        self._products = products
        self._clock = clock
        self._seen: dict[str, int] | None = None
        self._known: list[Revision] = []
        self._in_force: dict[str, list[str]] = {}
        self.library = seed
        self.controls: Controls = NO_CONTROLS

    def refresh(self) -> bool:
        """Read what changed, and take up revisions whose day has come; whether anything is different."""
        versions = self._store.versions()
        before = self._seen or {}
        first = self._seen is None
        if first or versions.get(CONTROLS) != before.get(CONTROLS):
            self.controls = self._store.controls()
        if first or versions.get(KNOWLEDGE) != before.get(KNOWLEDGE):
            self._known = self._revisions.live()
        changed = self._take_up() or versions != before
        self._seen = versions
        return changed

    def _take_up(self) -> bool:
        found = candidates(self._known, self._clock.now())
        ids = {intent: [one.id for one in ones] for intent, ones in found.items()}
        if ids == self._in_force:
            return False
        self.library, unusable = in_force(self._seed, self._products, found)
        self._in_force = ids
        for what in unusable:
            log.error("answer_unusable", what=what)
        return True

    def notice(self, channel: str) -> Notice:
        """What this channel shows now: the one thing every channel asks."""
        return self.controls.notice(channel, self._clock.now(), self._products.text("bank.客服电话"))

    async def follow(self, wakeups: Wakeups, changed: Callable[[], None]) -> None:
        """For ever: refresh, and call ``changed`` when something is different."""
        with wakeups.watch(topics.OPERATIONS) as bell:
            while True:
                try:
                    if await asyncio.to_thread(self.refresh):
                        changed()
                except Unavailable:
                    log.warning("operations_not_read")
                await bell.wait(EVERY_SECONDS)
