"""What the yearly cost, present value, ceilings and affordability promise."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    ZERO,
    BadCashflow,
    Method,
    Money,
    Rate,
    Rounding,
    affordable_payment,
    annual_percentage_rate,
    check_cost_cap,
    cost_cap,
    interest_only_schedule,
    level_payment_schedule,
    present_value,
    schedule,
    schedule_apr,
    shortest_term,
)
from bot.money.apr import TOLERANCE

BIG = st.integers(min_value=1_000_000, max_value=500_000_000).map(Money)
RATES = st.integers(min_value=0, max_value=3600).map(lambda basis: Rate.percent(Fraction(basis, 100)))
MONTHLY = st.sampled_from([Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY])


@given(MONTHLY, BIG, RATES, st.integers(1, 60))
def test_a_loan_without_fees_costs_its_own_rate(method, principal, rate, terms):
    """The APR of a plain schedule is its contract rate, up to the roundings to the 分."""
    apr = schedule_apr(schedule(method, principal, rate, terms))
    assert abs(apr.simple.annual - rate.annual) < Fraction(1, 10_000)


@given(BIG, RATES, st.integers(1, 360))
def test_at_its_own_apr_a_schedule_is_worth_what_was_received(principal, rate, terms):
    """IRR is exact: discounting the payments with it gives the principal back to the 分."""
    plan = level_payment_schedule(principal, rate, terms)
    month = schedule_apr(plan).monthly
    worth = sum((amount.yuan / (1 + month) ** n for n, amount in enumerate(plan.payments, 1)), Decimal(0))
    assert abs(worth - principal.yuan) < Decimal("0.001")


@given(
    st.lists(st.integers(0, 500_000_000), min_size=1, max_size=360).filter(any),
    st.fractions(Fraction(1, 50), 1),
    st.fractions(Fraction(1, 2), 2),
)
def test_the_rate_found_is_the_true_one_to_within_its_tolerance(amounts, share, first):
    """Held against 50 digits: the present value is too high just below the rate and too low just above."""
    received = Money(sum(amounts)).times(share, Rounding.UP)
    apr = annual_percentage_rate(received, [(n, Money(a)) for n, a in enumerate(amounts, 1)], first)
    near = TOLERANCE * 2 * (1 + apr.monthly)
    with localcontext() as context:
        context.prec = 50
        odd = Decimal(first.numerator) / first.denominator

        def worth(month):
            factor = 1 / (1 + month)
            value = Decimal(0)
            for amount in reversed(amounts):
                value = value * factor + amount
            return value / (1 + odd * month)

        assert worth(apr.monthly + near) < received.fen
        assert apr.monthly < near or worth(apr.monthly - near) > received.fen


@given(st.integers(0, 30_000), st.integers(1, 360), BIG)
def test_a_rate_put_into_payments_comes_out_again(basis, terms, principal):
    """Round trip: the APR of payments reckoned from a monthly rate is that rate, up to the 分 they book."""
    rate = Rate.monthly_percent(Fraction(basis, 10_000))
    plan = interest_only_schedule(principal, rate, terms)
    assert abs(schedule_apr(plan).simple.annual - rate.annual) <= Fraction(12, principal.fen)


def test_without_interest_the_price_is_nothing():
    """What was received comes back, whenever."""
    assert annual_percentage_rate(Money(500_000_000), [(360, Money(500_000_000))]).monthly == 0
    assert schedule_apr(level_payment_schedule(Money(1), Rate.percent(0), 360)).compound == Rate.percent(0)


@given(BIG, RATES, st.integers(1, 60), st.integers(0, 1_000_000).map(Money))
def test_old_interest_never_makes_a_plan_look_cheaper(principal, rate, terms, carried):
    """It is owed already: left out on both sides of the yearly cost."""
    plan = level_payment_schedule(principal, rate, terms)
    assert schedule_apr(plan.with_carried(carried)) == schedule_apr(plan)


@given(BIG, RATES, st.integers(1, 60), st.integers(1, 20))
def test_anything_deducted_at_the_start_makes_it_dearer(principal, rate, terms, per_cent):
    """砍头费 never hides: the APR rises, and the compound way is never below the simple one."""
    plan = level_payment_schedule(principal, rate, terms)
    dearer = schedule_apr(plan, deducted=principal.percent(per_cent))
    assert dearer.simple > schedule_apr(plan).simple
    assert dearer.compound >= dearer.simple


@pytest.mark.parametrize(
    ("received", "payments"),
    [("0", [(1, "10")]), ("10", []), ("10", [(1, "9")]), ("10", [(0, "1"), (1, "10")]), ("10", [(-1, "11")])],
)
def test_cash_flows_that_are_no_loan_have_no_apr(received, payments):
    """Nothing received, nothing repaid, a loss or money at once: an error, never a made-up rate."""
    with pytest.raises(BadCashflow):
        annual_percentage_rate(
            Money.parse(received), [(month, Money.parse(sum_)) for month, sum_ in payments]
        )


@given(BIG, st.integers(0, 60), st.integers(0, 300), st.integers(0, 100))
def test_later_money_is_never_worth_more_than_now(amount, month, discount, stops):
    """Discount and break-off only lower the value; without them it is the sum."""
    worth = present_value([(month, amount)], Fraction(discount, 1000), Fraction(stops, 100))
    assert ZERO <= worth <= amount
    assert present_value([(month, amount)], 0) == amount


def test_a_chance_above_one_is_refused():
    """Nothing breaks off more than always."""
    for discount, stops in ((0, 2), (-1, 0)):
        with pytest.raises(ValueError):
            present_value([(1, Money(1))], discount, stops)


@given(BIG, st.integers(1, 3650), BIG)
def test_dropping_the_excess_passes_the_ceiling(principal, days, claimed):
    """What is left after the excess is dropped is within 24%."""
    test = check_cost_cap(principal, days, claimed)
    assert test.within == (claimed <= test.cap)
    assert check_cost_cap(principal, days, claimed - test.excess).within


def test_the_ceiling_counts_calendar_days():
    """24% on /365: a whole year costs 24%."""
    assert cost_cap(Money.parse("10000"), 365) == Money.parse("2400.00")
    for principal, days in ((0, 10), (100, 0)):
        with pytest.raises(ValueError):
            check_cost_cap(Money(principal), days, Money(1))


def test_what_is_affordable_is_rounded_down_and_never_below_zero():
    """A customer short of money can afford nothing, not a negative amount."""
    yuan = Money.parse
    assert affordable_payment(yuan("100.01"), ZERO, ZERO, "33.3") == yuan("66.70")
    assert affordable_payment(yuan("3000"), yuan("3500"), yuan("200"), 20) == ZERO
    with pytest.raises(ValueError):
        affordable_payment(yuan("3000"), ZERO, ZERO, 101)


@given(BIG, RATES, st.integers(10_000, 5_000_000).map(Money), st.integers(0, 1_000_000).map(Money))
def test_the_shortest_term_fits_and_the_next_shorter_one_does_not(principal, rate, payment, carried):
    """Every instalment is affordable, also the last, also with old interest beside it."""
    offered = (3, 6, 12, 18, 24, 36, 48, 60)
    term = shortest_term(principal, rate, payment, offered, carried)
    dearest = {
        n: max(level_payment_schedule(principal, rate, n).with_carried(carried).payments) for n in offered
    }
    assert term == next((n for n in offered if dearest[n] <= payment), None)


def test_interest_only_plans_are_judged_by_their_last_month():
    """The principal at the end is an instalment too."""
    loan, rate = Money.parse("5000"), Rate.percent(12)
    assert shortest_term(loan, rate, Money.parse("50"), (3, 6), method=Method.INTEREST_ONLY) is None
    assert max(interest_only_schedule(loan, rate, 3).payments) == Money.parse("5050.00")
