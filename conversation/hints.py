"""Hints: "something changed, look". They may get lost, repeated or come late; the database is the truth."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

TURNS = "turns"  #: a turn waits for a worker
OUTBOX = "outbox"  #: an outbox row waits for the relay
OPERATIONS = "operations"  #: an answer, banner or switch changed
NOTICE = "notice"  #: what a channel shows to everybody changed; rung inside one process only
FEED = "feed"  #: the console's feed grew


def conversation(conversation_id: str) -> str:
    """The topic of one conversation's journal."""
    return f"conversation:{conversation_id}"


def agent_types(conversation_id: str) -> str:
    """The agent is typing; nothing in the database, so nothing a poll could find."""
    return f"agent-types:{conversation_id}"


def customer_types(conversation_id: str) -> str:
    return f"customer-types:{conversation_id}"


class Hints(Protocol):
    def publish(self, *topics: str) -> None:
        """Wake whoever waits for these topics; never raises, never blocks for long."""


class NoHints:
    def publish(self, *topics: str) -> None:
        return None


class Bell(Protocol):
    """What a waiter holds; see ``Wakeups.watch``."""

    async def wait(self, seconds: float) -> set[str]:
        """The topics that rang since the last wait; empty when the time is up."""


class Wakeups(Protocol):
    """The receiving end of hints inside one process."""

    def watch(self, *topics: str) -> AbstractContextManager[Bell]:
        """A bell that rings for these topics for the length of the block."""
