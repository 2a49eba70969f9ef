"""Plans by the clock and the bank's books: expired, broken, in order again, paid off; told by day, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from bot.bank.errors import BankUnavailable
from bot.bank.ports import EntryKind
from bot.money import SHANGHAI, Money
from bot.negotiation.plans import PlanState
from bot.plans.clock import PlanClock
from bot.plans.records import NegotiationStep, PlanRecord
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from bot.promises.store import PromiseStore
from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.relay import Answer, Relay
from conversation.state import Conversation
from conversation.store.reading import Reading
from tests.databases import MovableDatabase
from tests.integration.plans.test_plans_on_record import evidence


@dataclass
class Books:
    """A bank of which only the books are looked at."""

    paid: list[tuple[date, Money]] = field(default_factory=list)
    down: bool = False

    def loans(self, customer_id: str) -> tuple[Any, ...]:
        if self.down:
            raise BankUnavailable()
        return (SimpleNamespace(id="L1"),)

    def ledger(self, customer_id: str, loan_id: str) -> tuple[Any, ...]:
        return tuple(SimpleNamespace(day=d, amount=a, kind=EntryKind.PAID) for d, a in self.paid)


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def by_clock(plans: Plans, books: Books, clock: FixedClock) -> PlanClock:
    return PlanClock(plans, books, clock)  # type: ignore[arg-type]


@pytest.fixture
def drawn(
    keep: Callable[[NegotiationStep], None], step_of: Callable[..., NegotiationStep], book: PlanStore
) -> PlanRecord:
    keep(step_of(0, plan=True))
    (record,) = book.plans_of("C1")
    return record


@pytest.fixture
def running(drawn: PlanRecord, plans: Plans, relay: Relay, clock: FixedClock) -> PlanRecord:
    """Signed, and carried out by the bank."""
    plans.sign(drawn.link, "C1", "s1", evidence(drawn, clock))
    for _ in range(3):
        item = relay.claim("bank")
        assert item is not None
        relay.answered(item, Answer("done", "办好了", "YX1"))
    record = plans.book.plan(drawn.plan.id)
    assert record.plan.state is PlanState.RUNNING
    return record


def go_to(clock: FixedClock, day: date, hour: int = 10) -> None:
    clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(timezone.utc)


def state(book: PlanStore) -> PlanState:
    return book.plans_of("C1")[0].plan.state


def test_an_unsigned_plan_expires_by_day_and_the_customer_is_told_once(
    drawn: PlanRecord,
    by_clock: PlanClock,
    clock: FixedClock,
    book: PlanStore,
    reading: Reading,
    talk: Conversation,
) -> None:
    assert by_clock.move_due() == 0
    last = drawn.plan.pay_by + timedelta(days=1)
    go_to(clock, last, 3)
    assert by_clock.move_due() == 0
    go_to(clock, last, 8)
    assert by_clock.move_due() == 1
    assert by_clock.move_due() == 0
    assert state(book) is PlanState.EXPIRED
    assert "过了有效期" in (reading.events(talk.id, 0)[-1].text or "")


def test_two_processes_make_a_step_once(
    drawn: PlanRecord, by_clock: PlanClock, clock: FixedClock, reading: Reading, talk: Conversation
) -> None:
    go_to(clock, drawn.plan.pay_by + timedelta(days=1))
    said = reading.conversation(talk.id).last_seq
    assert [by_clock._move(drawn, clock.now()), by_clock._move(drawn, clock.now())] == [True, False]
    assert reading.conversation(talk.id).last_seq == said + 1


def test_ten_days_behind_it_is_broken_told_with_facts_and_a_person_comes(
    running: PlanRecord,
    by_clock: PlanClock,
    clock: FixedClock,
    book: PlanStore,
    reading: Reading,
    talk: Conversation,
    database: MovableDatabase,
) -> None:
    first, amount = running.plan.payments[0]
    go_to(clock, first + timedelta(days=10))
    assert by_clock.move_due() == 0
    go_to(clock, first + timedelta(days=11))
    assert by_clock.move_due() == 1
    assert state(book) is PlanState.BREACHED
    said = [event.text or "" for event in reading.events(talk.id, 0)]
    (told,) = [text for text in said if "没有履行" in text]
    assert str(amount) in told
    assert "补上这笔" in told
    assert reading.conversation(talk.id).desk is Desk.QUEUED
    assert [one.about for one in PromiseStore(database).contacts_of("C1")] == ["plan_breach"]
    assert by_clock.move_due() == 0


def test_who_made_it_up_is_in_order_again(
    running: PlanRecord, by_clock: PlanClock, clock: FixedClock, books: Books, book: PlanStore
) -> None:
    first, amount = running.plan.payments[0]
    go_to(clock, first + timedelta(days=11))
    by_clock.move_due()
    books.paid = [(first + timedelta(days=11), amount)]
    assert by_clock.move_due() == 1
    assert state(book) is PlanState.RUNNING


def test_what_was_paid_before_the_plan_does_not_count_and_all_paid_settles_it(
    running: PlanRecord, by_clock: PlanClock, clock: FixedClock, books: Books, book: PlanStore
) -> None:
    whole = Money.total(amount for _, amount in running.plan.payments)
    assert running.plan.signature is not None
    before = running.plan.signature.at.astimezone(SHANGHAI).date() - timedelta(days=1)
    books.paid = [(before, whole)]
    go_to(clock, before + timedelta(days=2))
    assert by_clock.move_due() == 0
    books.paid = [(before + timedelta(days=2), whole)]
    assert by_clock.move_due() == 1
    assert state(book) is PlanState.SETTLED


def test_a_bank_that_is_down_moves_no_plan(
    running: PlanRecord, by_clock: PlanClock, clock: FixedClock, books: Books, book: PlanStore
) -> None:
    go_to(clock, running.plan.payments[0][0] + timedelta(days=11))
    books.down = True
    with pytest.raises(BankUnavailable):
        by_clock.move_due()
    assert state(book) is PlanState.RUNNING
