"""A debt, an offer and the service over both databases, with turns and relay that know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.money import Money, Rate, business_date
from bot.negotiation.pricing import Contract, priced
from bot.negotiation.values import Debt, Offer, OfferKind
from bot.plans.records import Negotiation, NegotiationState, NegotiationStep, OfferRecord, ReasonCode, Step
from bot.plans.service import OWNER, Plans, plan_of
from bot.plans.store import PlanStore
from conversation.clock import FixedClock
from conversation.effects import Keep
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.relay import Relay
from conversation.state import Conversation
from conversation.store.journal_store import JournalStore
from conversation.turning import Turns
from tests.databases import MovableDatabase

DEBT = Debt(
    id="L1",
    product="随心借",
    principal=Money(1_200_000),
    interest=Money(30_000),
    penalty=Money(8_000),
    fee=Money(0),
    rate=Rate.percent(15),
    overdue_days=40,
    remaining_terms=9,
    elapsed_terms=3,
)
PLAN = Offer(OfferKind.PLAN, terms=12, waiver=50)


@pytest.fixture
def book(database: MovableDatabase) -> PlanStore:
    return PlanStore(database)


@pytest.fixture
def plans(store: JournalStore, book: PlanStore, clock: FixedClock) -> Plans:
    return Plans(store, book, clock, NoHints())


@pytest.fixture
def turns(store: JournalStore, clock: FixedClock, plans: Plans) -> Turns:
    return Turns(store, clock, NoHints(), {OWNER: plans.keep})


@pytest.fixture
def relay(store: JournalStore, clock: FixedClock, plans: Plans) -> Relay:
    return Relay(store, clock, NoHints(), {OWNER: plans.answered})


@pytest.fixture
def talk(make_conversation: Callable[..., Conversation], clock: FixedClock) -> Conversation:
    now = clock.now()
    return make_conversation(identity=Identity(Level.VERIFIED, "C1", now, now + timedelta(minutes=10)))


@pytest.fixture
def step_of(talk: Conversation, clock: FixedClock) -> Callable[..., NegotiationStep]:
    """``step_of(number, id=…, offer=…, plan=…)``: what a turn stages."""

    def make(number: int = 0, id: str = "n1", offer: bool = False, plan: bool = False) -> NegotiationStep:
        today = business_date(clock.now())
        header = Negotiation(
            id, talk.id, "C1", DEBT, today, "m1", "d1", NegotiationState.OPEN, clock.now(), clock.now()
        )
        record = offer_of(id, today, clock) if offer or plan else None
        state = NegotiationState.AGREED if plan else NegotiationState.OPEN
        reasons = (ReasonCode("best_expected", (("monthly", "1,100.00"),)),)
        action = "done" if plan else "offer" if offer else "ask"
        step = Step(number, clock.now(), {"monthly": 150_000}, action, reasons, 1 if record else None)
        drawn = plan_of(header, record, "bot", clock.now()) if plan and record is not None else None
        return NegotiationStep(header, step, state, record, plan=drawn)

    return make


def offer_of(id: str, today: date, clock: FixedClock) -> OfferRecord:
    found = priced(DEBT, PLAN, today, 15, Contract("百信", "1.5", offer_days=3, least_days=5))
    return OfferRecord(id, 1, found, "bot", clock.now(), (ReasonCode("best_expected"),))


@pytest.fixture
def keep(say: Callable[..., Any], answer: Callable[..., Any], talk: Conversation) -> Callable[..., None]:
    """A turn of the customer's that stages the step."""

    def run(value: NegotiationStep) -> None:
        say(talk.id, "好")
        answer("好的", effects=(Keep(OWNER, value),))

    return run
