"""What the cost table promises: every cost is in it, its sums are the plan's, its yearly cost hides nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    ZERO,
    BadAmount,
    BadCashflow,
    BadDay,
    BadRate,
    Charge,
    Method,
    Money,
    Rate,
    check_cost_cap,
    check_costs,
    cost_table,
    due_dates,
    fee_schedule,
    first_period_interest,
    level_payment_schedule,
    principal_used,
    schedule,
)

BIG = st.integers(100_000, 500_000_000).map(Money)
RATES = st.integers(0, 2400).map(lambda basis: Rate.percent(Fraction(basis, 100)))
MONTHLY = st.sampled_from([Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY])
START = date(2026, 1, 10)
EIGHTEEN = Rate.percent(18)


def table(plan, start=START, anchor=None, **more):
    return cost_table(plan, start, due_dates(start, plan.terms, anchor), "本行", EIGHTEEN, "1.5", **more)


@given(MONTHLY, BIG, RATES, st.integers(1, 60), st.integers(0, 100_000).map(Money), st.integers(0, 5))
def test_the_total_is_every_payment_and_every_fee(method, principal, rate, terms, carried, per_cent):
    """Principal + what is carried + costs = what leaves the customer's pocket."""
    fee = Charge("担保费", "某担保公司", principal.percent(per_cent))
    plan = schedule(method, principal, rate, terms).with_carried(carried)
    shown = table(plan, at_start=(fee,))
    assert shown.total == plan.total + fee.amount
    assert shown.cost == plan.interest + fee.amount
    assert Money.total(amount for _, amount in shown.payments) == plan.total
    assert shown.apr.simple > rate or not fee.amount


@given(BIG, RATES, st.integers(1, 36), st.integers(1, 31), st.integers(0, 10_000_000).map(Money))
def test_an_odd_first_period_or_old_interest_does_not_change_the_price(principal, rate, terms, anchor, old):
    """A longer first period bears more and lasts longer: the yearly cost stays the contract's rate."""
    due = due_dates(START, terms, anchor, least_days=15)
    plan = level_payment_schedule(principal, rate, terms).with_carried(old)
    plan = plan.with_first_interest(first_period_interest(principal, rate, START, due[0]))
    shown = cost_table(plan, START, due, "本行", EIGHTEEN, "1.5")
    assert abs(shown.apr.simple.annual - rate.annual) <= Fraction(12, principal.fen)


def test_the_table_is_read_line_by_line():
    """Principal, each cost with its payee, sums, the yearly cost with its method, what being late costs."""
    plan = level_payment_schedule(Money.parse("12000"), EIGHTEEN, 12).with_carried(Money.parse("60"))
    rows = table(plan, at_start=(Charge("担保费", "某担保公司", Money.parse("100")),)).rows()
    assert [(row.name, row.payee, row.value) for row in rows] == [
        ("本金", "", "12,000.00 元"),
        ("原欠息费（不再计息）", "", "60.00 元"),
        ("利息", "本行", "1,201.95 元"),
        ("担保费", "某担保公司", "100.00 元"),
        ("息费合计", "", "1,301.95 元"),
        ("应还总额", "", "13,361.95 元"),
        ("年化综合融资成本（单利，按月内部收益率 IRR）", "", "19.62%"),
        ("逾期罚息（逾期才收）", "本行", "年化 27.00%"),
        ("逾期复利（逾期才收）", "本行", "年化 27.00%"),
    ]


def test_monthly_fees_are_a_cost_by_their_name():
    """Fee instalments show their fee and the APR it comes to, never the flat rate."""
    shown = table(fee_schedule(Money.parse("10000"), "0.6", 12), fee_name="分期利息")
    assert [(charge.name, charge.amount.text) for charge in shown.charges] == [
        ("利息", "0.00"),
        ("分期利息", "720.00"),
    ]
    assert shown.apr.simple.render() == "13.03%"


@pytest.mark.parametrize(("fee", "within"), [("0.00", True), ("200.00", True), ("600.00", False)])
def test_the_ceiling_counts_every_fee(fee, within):
    """18% with 600 of 10,000 taken at the start is above 24%; with 200 it is not."""
    plan = level_payment_schedule(Money.parse("10000"), EIGHTEEN, 12)
    assert table(plan, at_start=(Charge("服务费", "本行", Money.parse(fee)),)).within() is within


def test_what_makes_no_table_is_refused():
    """Negative fees, fees that eat the loan, due days that do not fit, a multiple outside the rule."""
    plan = level_payment_schedule(Money(10_000), EIGHTEEN, 3)
    due = due_dates(START, 3)
    for fee, error in ((Money(-1), BadAmount), (Money(10_000), BadCashflow)):
        with pytest.raises(error):
            table(plan, at_start=(Charge("服务费", "本行", fee),))
    for days in (due[:2], (due[1], due[0], due[2])):
        with pytest.raises(BadDay):
            cost_table(plan, START, days, "本行", EIGHTEEN, "1.5")
    with pytest.raises(BadRate):
        cost_table(plan, START, due, "本行", EIGHTEEN, "2")


@given(BIG, st.lists(st.integers(0, 400), min_size=1, max_size=8), BIG)
def test_a_principal_that_does_not_change_is_tested_as_one(principal, days, claimed):
    """Cut into stretches of days or not, the ceiling is the same."""
    if not sum(days):
        with pytest.raises(BadAmount):
            check_costs([(principal, 0)], claimed)
        return
    assert check_costs([(principal, part) for part in days], claimed) == check_cost_cap(
        principal, sum(days), claimed
    )


@given(MONTHLY, BIG, st.integers(1, 60))
def test_the_principal_used_falls_with_every_instalment(method, principal, terms):
    """All of it until the first due day, the last instalment's share until the last; all days are counted."""
    plan, due = schedule(method, principal, EIGHTEEN, terms), due_dates(START, terms)
    used = principal_used(plan, START, due)
    assert used[0][0] == principal
    assert [amount for amount, _ in used[1:]] == [month.balance for month in plan.instalments[:-1]]
    assert sum(days for _, days in used) == (due[-1] - START).days
    assert min(amount for amount, _ in used) >= ZERO
