"""What actions may use: one frozen bundle, put in place by the composition root.

Tests swap it with ``use_services``. Outside our own processes (``rasa run actions``, ``rasa shell``)
the first use asks the composition root for the default one; nothing is built at import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.bank.ports import Bank
from bot.bank.products import Products
from bot.knowledge.library import Library
from conversation.controls import NO_CONTROLS, Controls


@dataclass(frozen=True)
class Services:
    bank: Bank
    products: Products
    knowledge: Library
    controls: Controls = NO_CONTROLS  #: what operations staff switched off and announce


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
