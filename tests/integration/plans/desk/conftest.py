"""A negotiation in which the bot offered twelve instalments, taken over by an agent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.actions import authority
from bot.bank.products import Products
from bot.negotiation.values import Offer, OfferKind
from bot.plans.proposing import Proposing
from bot.plans.records import Negotiation, NegotiationState, NegotiationStep, OfferRecord, Step
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from conversation.clock import FixedClock
from conversation.serving import Serving
from conversation.state import Agent, Conversation
from conversation.store.journal_store import JournalStore
from conversation.talk import talking
from tests.unit.actions.fakes import NOW, PRODUCTS, TODAY, FakeBank, loan

LATE = loan(overdue_since=date(2026, 2, 1))
LIN = Agent("A1", "小林")
SHOWN = Offer(OfferKind.PLAN, terms=12)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def proposing(plans: Plans, clock: FixedClock) -> Proposing:
    return Proposing(plans, FakeBank(loans_=[LATE]), PRODUCTS, clock)  # type: ignore[arg-type]


@pytest.fixture
def served(talk: Conversation, serving: Serving) -> Conversation:
    """The customer's conversation, taken over by LIN."""
    return serving.claim(LIN, talk.id)


@pytest.fixture
def found(plans: Plans, store: JournalStore, served: Conversation, book: PlanStore) -> Negotiation:
    """A negotiation in which the bot offered twelve instalments."""
    bank, mandate = FakeBank(loans_=[LATE]), authority.mandate(TODAY)
    assert mandate is not None
    debt = authority.debt_of(LATE, bank.settlement("C1", LATE.id, TODAY))
    contract = authority.contract_of(Products.load(), mandate, LATE.penalty_multiple)
    offer = OfferRecord("n1", 1, authority.price(debt, SHOWN, TODAY, 20, contract), "bot", NOW)
    header = Negotiation(
        "n1",
        served.id,
        "C1",
        debt,
        TODAY,
        mandate.version,
        authority.model().version,
        NegotiationState.OPEN,
        NOW,
        NOW,
    )
    step = Step(0, NOW, {"due_day": 20}, "offer", (), 1)
    with store.unit() as unit, talking(unit, served.id, NOW) as inside:
        plans.keep(inside, NegotiationStep(header, step, NegotiationState.OPEN, offer))
    return book.negotiation("n1")


@pytest.fixture
def send(
    proposing: Proposing, served: Conversation, book: PlanStore, found: Negotiation
) -> Callable[..., Any]:
    def run(offer: Offer, reason: str = "", agent: Agent = LIN, epoch: int | None = None) -> Any:
        return proposing.send(
            agent, book.negotiation("n1"), served.epoch if epoch is None else epoch, offer, reason
        )

    return run
