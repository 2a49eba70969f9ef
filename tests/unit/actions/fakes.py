"""A bank with just what a test says, and a way to run one action on one message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.bank.errors import BankUnavailable
from bot.bank.port_records import Access, Card, Draw, MadeRequest, Transaction
from bot.bank.ports import (
    Application,
    AutoDebit,
    Bill,
    Customer,
    Deposit,
    Limit,
    Loan,
    Payment,
    SettlementQuote,
)
from bot.bank.products import Products
from bot.knowledge.library import Library
from bot.money import ZERO, Dues, Method, Money, Rate
from bot.promises.ports import NoPromises, PromiseBook
from bot.services import NoRecords, Records, Services, use_services
from bot.turn import Turn, enter_turn
from conversation.controls import NO_CONTROLS, Controls
from conversation.identity import GUEST, Identity, Level

NOW = datetime(2026, 3, 12, 2, 30, tzinfo=timezone.utc)
TODAY = date(2026, 3, 12)
KNOWLEDGE = Path(__file__).resolve().parents[3] / "bot" / "data" / "knowledge"
CUSTOMER = Identity(Level.VERIFIED, "C1", NOW, NOW + timedelta(minutes=10))
PRODUCTS = Products.load()
LIBRARY = Library.load(KNOWLEDGE, PRODUCTS)


def yuan(text: str) -> Money:
    return Money.parse(text)


NOTHING_OVERDUE = Dues(principal=ZERO, interest=ZERO, penalty=ZERO, compound=ZERO, fee=ZERO)


def loan(**changes: Any) -> Loan:
    """A loan in good standing, due on 20 March."""
    values: dict[str, Any] = {
        "id": "L1",
        "product": "随心借",
        "method": Method.LEVEL_PAYMENT,
        "rate": Rate.percent("12.00"),
        "penalty_multiple": "1.5",
        "drawn_on": date(2025, 11, 20),
        "original": yuan("12000"),
        "terms": 12,
        "instalments_paid": 3,
        "outstanding": yuan("9000"),
        "overdue": NOTHING_OVERDUE,
        "accrued": ZERO,
        "carried": ZERO,
        "next_due_on": date(2026, 3, 20),
        "next_due": yuan("1066.19"),
        "as_of": TODAY,
    }
    return Loan(**{**values, **changes})


@dataclass
class FakeBank:
    """Answers for C1 with what it was given; ``down`` makes every look-up fail."""

    loans_: Sequence[Loan] = ()
    bills_: Sequence[Bill] = ()
    limits_: Sequence[Limit] = ()
    deposits_: Sequence[Deposit] = ()
    payments_: Sequence[Payment] = ()
    applications_: Sequence[Application] = ()
    debits_: Sequence[AutoDebit] = ()
    customer_: Customer = field(default_factory=lambda: Customer("C1", "王*", "王先生", "0001"))
    cards_: Sequence[Card] = ()
    draws_: Sequence[Draw] = ()
    transactions_: Sequence[Transaction] = ()
    access_: Access = field(default_factory=lambda: Access("0001"))
    requests_: Sequence[MadeRequest] = ()
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def _answer(self, customer: str, things: Any) -> Any:
        self.asked.append(customer)
        if self.down:
            raise BankUnavailable()
        return things

    def customer(self, customer_id: str) -> Any:
        return self._answer(customer_id, self.customer_)

    def loans(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.loans_))

    def bills(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.bills_))

    def limits(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.limits_))

    def deposits(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.deposits_))

    def payments(self, customer_id: str, limit: int = 10) -> Any:
        return self._answer(customer_id, tuple(self.payments_)[:limit])

    def applications(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.applications_))

    def auto_debit(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.debits_))

    def cards(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.cards_))

    def draws(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.draws_))

    def transactions(self, customer_id: str, limit: int = 10) -> Any:
        return self._answer(customer_id, tuple(self.transactions_)[:limit])

    def access(self, customer_id: str) -> Any:
        return self._answer(customer_id, self.access_)

    def requests(self, customer_id: str) -> Any:
        return self._answer(customer_id, tuple(self.requests_))

    def ledger(self, customer_id: str, loan_id: str) -> Any:
        return self._answer(customer_id, ())

    def settlement(self, customer_id: str, loan_id: str, day: date) -> Any:
        one = next(loan for loan in self.loans_ if loan.id == loan_id)
        parts = Dues(principal=one.outstanding, interest=yuan("30"), penalty=ZERO, compound=ZERO, fee=ZERO)
        return self._answer(customer_id, SettlementQuote(loan_id, day, parts))


@dataclass
class Outcome:
    """What an action did: messages as it collected them, slots, and the turn with its effects."""

    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]
    turn: Turn

    @property
    def said(self) -> list[str]:
        return [message["response"] for message in self.messages if message["response"]]

    @property
    def choices(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"]]


def run(
    action: Action,
    intent: str,
    *,
    text: str = "",
    entities: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    slots: Mapping[str, Any] | None = None,
    bank: FakeBank | None = None,
    identity: Identity = CUSTOMER,
    doubted: bool = False,
    records: Records | None = None,
    controls: Controls = NO_CONTROLS,
    promises: PromiseBook | None = None,
    **understood: Any,
) -> Outcome:
    """Run it as the engine does: inside a turn, with services, on a message that was understood."""
    turn = Turn("c1", "t1", "app", NOW, identity, NOW if doubted else None)
    pairs = entities.items() if isinstance(entities, Mapping) else entities or ()
    found = [{"entity": name, "value": value} for name, value in pairs]
    message = {
        "text": text,
        "intent": {"name": intent},
        "entities": found,
        "intent_ranking": [],
        **understood,
    }
    tracker = Tracker("c1", dict(slots or {}), message, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()

    async def inside() -> list[dict[str, Any]]:
        enter_turn(turn)
        return await action.run(dispatcher, tracker, {})  # type: ignore[no-any-return]

    services = Services(
        bank or FakeBank(),  # type: ignore[arg-type]
        PRODUCTS,
        LIBRARY,
        controls,
        records or NoRecords(),
        promises=promises or NoPromises(),
    )
    with use_services(services):
        events = asyncio.run(inside())
    set_slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return Outcome(dispatcher.messages, set_slots, events, turn)


def guest(action: Action, intent: str, **more: Any) -> Outcome:
    return run(action, intent, identity=GUEST, **more)
