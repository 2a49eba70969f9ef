"""Pay-later bills: what a bill is on each day of its life, against sums done by hand."""

from __future__ import annotations

from datetime import date

import pytest

from bot.bank.billing import BillRecord, BillTerms, bill_on
from bot.bank.ports import BillLine, BillState
from bot.bank.products import Products
from bot.bank.stories import bill_records
from bot.money import ZERO, Money, Rate

TERMS = BillTerms(
    statement_day=1,
    due_day=10,
    grace_days=3,
    rate=Rate.percent("14.40"),
    penalty_multiple="1.5",
    minimum_percent="10",
    fee_percent_per_term="0.60",
)
STATEMENT = date(2026, 3, 1)


def yuan(text: str) -> Money:
    return Money.parse(text)


def record(amount: str = "1651.75", paid: str = "0", **changes) -> BillRecord:
    lines = (BillLine(date(2026, 2, 7), "晨光超市", yuan(amount)),)
    fields = {"id": "B1", "product": "随心花", "statement_on": STATEMENT, "paid": yuan(paid), "lines": lines}
    return BillRecord(**{**fields, **changes})


@pytest.mark.parametrize(
    ("today", "state", "days"),
    [
        (date(2026, 2, 28), BillState.UNBILLED, 0),
        (date(2026, 3, 1), BillState.OPEN, 0),
        (date(2026, 3, 10), BillState.OPEN, 0),
        (date(2026, 3, 13), BillState.OPEN, 0),
        (date(2026, 3, 14), BillState.OVERDUE, 4),
        (date(2026, 4, 9), BillState.OVERDUE, 30),
    ],
)
def test_a_bill_goes_from_unbilled_to_open_to_overdue(today, state, days):
    """Due on the 10th with three days of grace; after them the days count from the due day."""
    bill = bill_on(record(), TERMS, today)
    assert (bill.state, bill.overdue_days, bill.due_on) == (state, days, date(2026, 3, 10))


def test_an_overdue_bill_bears_penalty_from_the_due_day():
    """1,651.75 at 21.6% for 30 days: 29.73."""
    bill = bill_on(record(), TERMS, date(2026, 4, 9))
    assert (bill.penalty, bill.left) == (yuan("29.73"), yuan("1681.48"))
    assert bill_on(record(), TERMS, date(2026, 3, 13)).penalty == ZERO


def test_a_paid_bill_owes_nothing():
    """Whatever the day."""
    bill = bill_on(record(paid="1651.75"), TERMS, date(2026, 9, 1))
    assert (bill.state, bill.left, bill.penalty) == (BillState.PAID, ZERO, ZERO)


def test_the_minimum_is_a_tenth_of_the_statement():
    """None before there is a statement, none on a credit balance."""
    assert bill_on(record(), TERMS, STATEMENT).minimum == yuan("165.18")
    assert bill_on(record(), TERMS, date(2026, 2, 20)).minimum == ZERO
    assert bill_on(record("-154.00"), TERMS, STATEMENT).minimum == ZERO


def test_a_bill_in_instalments_shows_its_plan_and_its_real_yearly_cost():
    """6,000 in six at 0.6%: 1,036.00 a month; the cost is the IRR, not 0.6% times twelve."""
    bill = bill_on(record("6000", instalments=6), TERMS, date(2026, 6, 5))
    assert (bill.state, bill.left) == (BillState.INSTALMENTS, ZERO)
    plan = bill.plan
    assert (plan.billed, plan.outstanding, plan.fee_per_term) == (3, yuan("3000"), yuan("36"))
    assert (plan.next_on, plan.next_amount) == (date(2026, 7, 10), yuan("1036.00"))
    assert plan.yearly_cost > Rate.percent("12")
    finished = bill_on(record("6000", instalments=6), TERMS, date(2026, 9, 1)).plan
    assert (finished.billed, finished.outstanding, finished.next_on) == (6, ZERO, None)


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 12), date(2026, 3, 31)])
def test_a_story_behind_by_one_bill_always_has_exactly_one_overdue_bill(today):
    """Whatever the day of the month; everything older is paid."""
    story = {"behind": 1, "months": [[], [[4, "甲", "10.00"]], [[2, "乙", "20.00"]], [[6, "丙", "30.00"]]]}
    bills = [bill_on(each, TERMS, today) for each in bill_records("C1", "随心花", story, TERMS, today)]
    assert [bill.state for bill in bills].count(BillState.OVERDUE) == 1
    assert bills[-1].state is BillState.PAID
    assert bills[0].state is BillState.UNBILLED
    assert all(line.day <= today for bill in bills for line in bill.lines)


def test_the_terms_come_from_the_product_file():
    """Nothing of a bill's rules is written in code."""
    assert BillTerms.of(Products.load(), "随心花") == TERMS
