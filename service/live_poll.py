"""What changed in the database since the last look: the poll behind the hints."""

from __future__ import annotations

import asyncio

from conversation import hints as topics
from conversation.store.reading import Reading

_CONVERSATION = topics.conversation("")


class ChangePoll:
    """Remembers what each watched conversation and the feed looked like; one cheap query a round."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._seen: dict[str, object] = {}

    async def __call__(self, watched: set[str]) -> set[str]:
        return await asyncio.to_thread(self._changed, watched)

    def _changed(self, watched: set[str]) -> set[str]:
        ids = [topic[len(_CONVERSATION) :] for topic in watched if topic.startswith(_CONVERSATION)]
        now: dict[str, object] = {}
        if ids:
            now = {topics.conversation(key): value for key, value in self._reading.last_seqs(ids).items()}
        if topics.FEED in watched:
            now[topics.FEED] = self._reading.feed_end()
        changed = {topic for topic, value in now.items() if self._seen.get(topic) != value}
        self._seen = now
        return changed
