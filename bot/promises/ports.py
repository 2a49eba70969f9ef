"""What actions may ask about promises. The program's is `bot.promises.store.PromiseStore`."""

from __future__ import annotations

from typing import Protocol

from bot.promises.records import PromiseRecord


class PromiseBook(Protocol):
    """Look-ups; nothing of another customer is ever found."""

    def of_customer(self, customer_id: str) -> list[PromiseRecord]:
        """All of his, the newest first."""


class NoPromises:
    """Where there is no database of ours: under Rasa's own commands, and in tests of one action."""

    def of_customer(self, customer_id: str) -> list[PromiseRecord]:
        return []
