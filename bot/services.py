"""What actions may use: one frozen bundle, put in place by the composition root.

Tests swap it with ``use_services``. Outside our own processes (``rasa run actions``, ``rasa shell``)
the first use asks the composition root for the default one; nothing is built at import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.bank.ports import Bank
from bot.bank.products import Products
from bot.knowledge.library import Library
from bot.promises.ports import NoPromises, PromiseBook
from conversation.controls import NO_CONTROLS, Controls
from conversation.tickets import Ticket


class Records(Protocol):
    """What our own database knows of the speaker's matters; the program's is ``conversation.store.reading``."""

    def tickets_of(self, conversation_id: str, customer_id: str | None) -> list[Ticket]:
        """This conversation's tickets and, for a verified customer, all of his; the newest first."""

    def guest_ticket(self, number: str) -> Ticket | None:
        """A guest's ticket by its receipt number."""

    def asked_of_bank(self, conversation_id: str) -> list[dict[str, Any]]:
        """Requests on their way to the bank: {"kind", "customer_id", "payload", "summary"}."""


class NoRecords:
    """Where there is no database of ours: under Rasa's own commands, and in tests of one action."""

    def tickets_of(self, conversation_id: str, customer_id: str | None) -> list[Ticket]:
        return []

    def guest_ticket(self, number: str) -> Ticket | None:
        return None

    def asked_of_bank(self, conversation_id: str) -> list[dict[str, Any]]:
        return []


@dataclass(frozen=True)
class Services:
    bank: Bank
    products: Products
    knowledge: Library
    controls: Controls = NO_CONTROLS  #: what operations staff switched off and announce
    records: Records = field(default_factory=NoRecords)
    promises: PromiseBook = field(default_factory=NoPromises)


_services: Services | None = None


def set_services(services: Services) -> None:
    global _services
    _services = services


def get_services() -> Services:
    if _services is None:
        from service.composition import bot_services_from_environment

        set_services(bot_services_from_environment())
    assert _services is not None
    return _services


@contextmanager
def use_services(services: Services) -> Iterator[None]:
    """Swap the bundle for the length of a test."""
    global _services
    before = _services
    _services = services
    try:
        yield
    finally:
        _services = before
