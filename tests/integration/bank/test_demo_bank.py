"""The demo bank itself: every situation there on every day, seeding once, a new day written afresh."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

from bot.bank.demo_bank import DemoBank
from bot.bank.ports import (
    ApplicationState,
    BankRequest,
    BillState,
    Creditor,
    LimitState,
    LoanState,
    PaymentState,
    RequestKind,
    RequestState,
)
from bot.bank.products import Products
from bot.bank.seed import demo_world, read_stories, seed
from bot.bank.store import DemoStore, create_all, situations
from bot.bank.store_tables import SEEDED
from bot.money import Method, Money, Rate

TODAY = date(2026, 3, 12)
DAYS = [
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 3, 10),
    date(2026, 3, 14),
    date(2026, 4, 30),
    date(2026, 12, 31),
    date(2028, 2, 29),
]


DAY = 24 * 60 * 60


def morning_of(day: date) -> datetime:
    """Ten in the morning in Shanghai."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=timezone.utc)


@pytest.fixture
def bank(clock) -> DemoBank:
    """A demo bank in memory."""
    engine = create_engine(
        "sqlite://", future=True, poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    create_all(engine)
    return DemoBank(engine, clock.now)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_situation_is_there_on_any_day(bank, clock, today):
    """Whatever the day of the month: current, due, every stage of overdue, and every special case."""
    clock.at = morning_of(today)

    def loan(customer_id, number=0):
        return bank.loans(customer_id)[number]

    first = loan("C0001")
    assert first.state in (LoanState.CURRENT, LoanState.DUE_TODAY)
    assert (first.next_due_on.year, first.next_due_on.month) == (today.year, today.month)
    assert first.next_due > Money(0)
    assert [(loan(who).next_due_on - today).days for who in ("C0002", "C0004", "C0035")] == [2, 1, 3]
    assert loan("C0003").state is LoanState.DUE_TODAY
    overdue = ["C0005", "C0006", "C0007", "C0008", "C0009", "C0010", "C0011", "C0012"]
    assert [loan(who).overdue_days for who in overdue] == [5, 25, 45, 80, 120, 175, 240, 400]
    assert loan("C0013").hardship
    assert loan("C0014").dispute_open
    assert (loan("C0015").restructurings, loan("C0015").overdue_days) == (2, 20)
    heavy = loan("C0016")
    assert bank.settlement("C0016", heavy.id, today).total > Money.parse("200000")
    assert loan("C0017").legal_stage
    assert BillState.OVERDUE not in {bill.state for bill in bank.bills("C0018")}
    assert [bill.state for bill in bank.bills("C0019")].count(BillState.OVERDUE) == 1
    assert any(bill.plan for bill in bank.bills("C0020"))
    assert (bank.loans("C0021"), bool(bank.deposits("C0021"))) == ((), True)
    assert bank.customer("C0022").elderly
    assert bank.customer("C0023").hearing_impaired
    assert loan("C0024").state is LoanState.SETTLED
    assert bank.applications("C0025")[0].state is ApplicationState.REJECTED
    assert bank.customer("C0026").restrictions
    assert [loan(who).creditor for who in ("C0027", "C0028", "C0029")] == [
        Creditor.PARTNER,
        Creditor.GUARANTEED,
        Creditor.SOLD,
    ]
    assert [loan("C0030", n).state for n in (0, 1)] == [LoanState.OVERDUE, LoanState.CURRENT]
    assert {limit.state for limit in bank.limits("C0031")} == {LimitState.NONE}
    assert loan("C0032").method is Method.ON_DEMAND
    assert (loan("C0033").method, loan("C0033").overdue_days) == (Method.ON_DEMAND, 60)
    assert loan("C0036").restructurings == 0
    assert bank.applications("C0037")[0].state is ApplicationState.CALL_PENDING
    processing = bank.payments("C0038")[0]
    assert (processing.state, processing.amount) == (PaymentState.PROCESSING, loan("C0038").to_pay_now)
    assert loan("C0039").restructurings == 1
    assert loan("C0040").settled_on == today - timedelta(10)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_all_customers_can_be_looked_at_on_any_day(bank, clock, today):
    """No story breaks on a leap day or a month's end, and each can be picked with a sentence about it."""
    clock.at = morning_of(today)
    customers = bank.customers()
    assert len(customers) >= 40
    for customer in customers:
        assert customer.situation
        assert customer.masked_name.endswith("*")
        for look_up in (bank.customer, bank.limits, bank.loans, bank.bills, bank.payments, bank.deposits):
            look_up(customer.id)


def test_loans_keep_to_the_products_figures():
    """Amount, rate and term of every first contract lie within the product file's bounds."""
    products = Products.load()
    for customer in read_stories():
        for story in customer.get("loans", ()):
            contract = {**story, **(story.get("history") or [{}])[0]}
            amount = Money.parse(contract["amount"])
            assert products.money("随心借.单笔最低") <= amount <= products.money("随心借.额度上限")
            assert contract["terms"] in products.whole_list("随心借.可选期数")
            assert contract.get("method", "等额本息") in products.value("随心借.还款方式")
            rates = products.rate("随心借.年利率下限"), products.rate("随心借.年利率上限")
            assert rates[0] <= Rate.percent(contract["rate"]) <= rates[1]


def test_the_same_day_gives_the_same_bank():
    """Nothing is drawn by lot."""
    products = Products.load()
    assert demo_world(TODAY, products) == demo_world(TODAY, products)


def test_seeding_again_on_the_same_day_changes_nothing(engine):
    """Idempotent; an earlier day changes nothing either."""
    assert seed(engine, TODAY)
    before = dump(engine)
    assert not seed(engine, TODAY)
    assert not seed(engine, TODAY - timedelta(1))
    assert dump(engine) == before


def test_several_processes_seed_once(engine):
    """At the start and at the turn of a day, whoever comes first does it."""
    with ThreadPoolExecutor(4) as pool:
        for day in (TODAY, TODAY + timedelta(1)):
            assert sum(pool.map(lambda _, day=day: seed(engine, day), range(4))) == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM demobank_customers")).scalar() >= 40


def test_a_new_day_is_the_same_bank_a_day_later(engine, clock):
    """Every due day moves along, so that the bill is still to come and the overdue are as late as they were."""
    bank = DemoBank(engine, clock.now)
    before = bank.loans("C0002")[0], bank.loans("C0005")[0]
    clock.advance(40 * DAY)
    after = bank.loans("C0002")[0], bank.loans("C0005")[0]
    assert [loan.as_of for loan in after] == [TODAY + timedelta(40)] * 2
    assert after[0].next_due_on - before[0].next_due_on == timedelta(40)
    assert after[1].overdue_days == before[1].overdue_days == 5


def test_what_was_done_survives_a_new_day(engine, clock):
    """A switched-off auto-debit stays off; the acknowledgement stays the same."""
    bank = DemoBank(engine, clock.now)
    asked = BankRequest(RequestKind.SET_AUTO_DEBIT, "C0001", {"product": "随心借", "on": False}, "k1")
    given = bank.request(asked)
    clock.advance(3 * DAY)
    assert not bank.auto_debit("C0001")[0].on
    assert bank.request(asked) == given


def test_a_clock_behind_the_banks_day_is_told_the_banks_day(engine, clock):
    """A process whose clock is a little slow at midnight does not run the ledger backwards."""
    DemoBank(engine, clock.now).customers()
    clock.advance(-1 * DAY)
    assert DemoBank(engine, clock.now).loans("C0001")[0].as_of == TODAY


def test_one_key_sent_many_times_at_once_is_one_request(engine, clock):
    """Everybody hears the same acknowledgement, and one row is written."""
    bank = DemoBank(engine, clock.now)
    asked = BankRequest(RequestKind.ISSUE_CERTIFICATE, "C0024", {"loan_id": "L00241"}, "k1")
    bank.customers()
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: bank.request(asked), range(8)))
    assert len(answers) == 1
    assert answers.pop().state is RequestState.DONE
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM demobank_requests")).scalar() == 1


def test_a_bank_without_a_seed_says_so(engine):
    """Reading before seeding is a programming error, not an empty bank."""
    with pytest.raises(LookupError):
        DemoStore(engine).read(situations)


def dump(engine) -> list:
    """All rows of the seeded tables."""
    with engine.connect() as connection:
        return [connection.execute(table.select().order_by(*table.primary_key)).all() for table in SEEDED]
