"""Hints: "something changed, look". They may get lost, repeated or come late; the database is the truth."""

from __future__ import annotations

from typing import Protocol

TURNS = "turns"  #: a turn waits for a worker
OUTBOX = "outbox"  #: an outbox row waits for the relay
FEED = "feed"  #: the console's feed grew


def conversation(conversation_id: str) -> str:
    """The topic of one conversation's journal."""
    return f"conversation:{conversation_id}"


class Hints(Protocol):
    def publish(self, *topics: str) -> None:
        """Wake whoever waits for these topics; never raises, never blocks for long."""


class NoHints:
    def publish(self, *topics: str) -> None:
        return None
