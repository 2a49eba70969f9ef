"""What every schedule promises, for any amount, rate and term the bank could ever write."""

from __future__ import annotations

import timeit
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    ZERO,
    BadTerms,
    Method,
    Money,
    Rate,
    fee_schedule,
    level_payment,
    level_payment_schedule,
    schedule,
    schedule_apr,
    shortened_schedule,
)

AMOUNTS = st.integers(min_value=1, max_value=500_000_000).map(Money)
RATES = st.integers(min_value=0, max_value=3600).map(lambda basis: Rate.percent(Fraction(basis, 100)))
TERMS = st.integers(min_value=1, max_value=360)
MONTHLY = st.sampled_from([Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY])


def holds_together(plan, principal):
    """The promises of any schedule: sums to the principal, nothing negative, cleared by the last."""
    assert plan.principal == principal
    assert all(min(month[1:]) >= ZERO for month in plan)
    assert plan.instalments[-1].balance == ZERO
    assert tuple(month.payment for month in plan) == plan.payments
    assert Money.total(plan.payments) == plan.total


@given(MONTHLY, AMOUNTS, RATES, TERMS)
def test_every_method_repays_exactly_the_principal(method, principal, rate, terms):
    """No 分 is lost or invented, no part is negative, the last instalment clears the balance."""
    plan = schedule(method, principal, rate, terms)
    assert plan.terms == terms
    holds_together(plan, principal)


@given(MONTHLY, AMOUNTS, RATES, TERMS)
def test_interest_is_each_months_balance_at_a_twelfth_of_the_rate(method, principal, rate, terms):
    """Any month can be checked on its own: balance before × rate / 12, half up."""
    balance = principal
    for month in schedule(method, principal, rate, terms):
        assert month.interest == balance.times(rate.monthly)
        assert month.balance == balance - month.principal
        balance = month.balance


@given(AMOUNTS, RATES, TERMS)
def test_level_payments_are_level_until_the_last(principal, rate, terms):
    """Every payment but the last is the same, unless the amount runs out first."""
    payment = level_payment(principal, rate, terms)
    for month in level_payment_schedule(principal, rate, terms).instalments[:-1]:
        assert month.payment == payment or month.balance == ZERO


@given(AMOUNTS, RATES, RATES, TERMS)
def test_a_higher_rate_never_costs_less(principal, one, other, terms):
    """The payment rises with the rate."""
    low, high = sorted((one, other))
    assert level_payment(principal, low, terms) <= level_payment(principal, high, terms)


@given(AMOUNTS, RATES, TERMS, TERMS)
def test_a_longer_term_never_asks_more_a_month(principal, rate, one, other):
    """The payment falls with the term."""
    short, long = sorted((one, other))
    assert level_payment(principal, rate, long) <= level_payment(principal, rate, short)


@given(AMOUNTS, AMOUNTS, RATES, TERMS)
def test_a_bigger_loan_never_pays_less(one, other, rate, terms):
    """The payment rises with the principal."""
    small, big = sorted((one, other))
    assert level_payment(small, rate, terms) <= level_payment(big, rate, terms)


def test_a_payment_below_the_interest_is_refused():
    """A loan that would grow for ever is an error, not an endless loop."""
    with pytest.raises(ValueError, match="还不清"):
        shortened_schedule(Money.parse("10000"), Rate.percent(24), Money.parse("200"))


@given(AMOUNTS, st.integers(min_value=0, max_value=200), TERMS)
def test_fee_instalments_charge_the_same_fee_every_month(principal, basis, terms):
    """The fee is on the original amount, month for month."""
    plan = fee_schedule(principal, Fraction(basis, 100), terms)
    holds_together(plan, principal)
    assert plan.fee == principal.percent(Fraction(basis, 100)) * terms


@pytest.mark.parametrize("terms", [0, -1, 361, True])
def test_terms_outside_one_to_three_hundred_and_sixty_are_refused(terms):
    """Nothing is rounded into range."""
    for method in (Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY):
        with pytest.raises(ValueError, match="期数"):
            schedule(method, Money(100), Rate.percent(18), terms)


def test_daily_loans_and_negative_amounts_have_no_schedule():
    """随借随还 runs by the day; a negative principal is an error."""
    with pytest.raises(ValueError):
        schedule(Method.ON_DEMAND, Money(100), Rate.percent(18), 12)
    with pytest.raises(ValueError):
        level_payment_schedule(Money(-1), Rate.percent(18), 12)


@given(MONTHLY, AMOUNTS, RATES, TERMS, st.data())
def test_what_follows_after_some_months_is_the_same_schedule(method, principal, rate, terms, data):
    """The rest starts from the balance the first part leaves; nothing is left after the last."""
    plan = schedule(method, principal, rate, terms)
    paid = data.draw(st.integers(1, terms))
    if paid == terms:
        with pytest.raises(BadTerms):
            plan.after(paid)
        return
    assert plan.after(paid).payments == plan.payments[paid:]
    assert plan.after(paid).principal == plan.instalments[paid - 1].balance


@given(AMOUNTS, st.integers(0, 2400), TERMS)
def test_the_last_level_instalment_differs_only_by_collected_roundings(principal, basis, terms):
    """Half a 分 of interest and half of payment a month, with interest on it: that is all the last clears."""
    rate = Rate.percent(Fraction(basis, 100))
    plan, month = level_payment_schedule(principal, rate, terms), rate.monthly
    collected = ((1 + month) ** terms - 1) / month if month else Fraction(terms)
    difference = plan.payments[-1] - level_payment(principal, rate, terms)
    assert abs(difference.fen) <= collected + 1


@given(AMOUNTS, RATES, TERMS, AMOUNTS)
def test_old_interest_beside_a_schedule_bears_nothing(principal, rate, terms, old):
    """It adds its own amount to what is paid, spread evenly, and not a 分 of interest."""
    plain = level_payment_schedule(principal, rate, terms)
    plan = plain.with_carried(old)
    holds_together(plan, principal)
    assert plan.total == plain.total + old
    assert plan.carrieds == tuple(part.fen for part in old.split(terms))


@pytest.mark.parametrize(("terms", "limit"), [(12, 0.0004), (36, 0.0006), (360, 0.004)])
def test_a_schedule_with_its_price_takes_well_under_a_millisecond(terms, limit):
    """Any offer can be reckoned afresh at every turn; the bounds are loose for a busy machine."""
    loan, rate = Money.parse("4999999.99"), Rate.percent("17.99")
    for method in (Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY):

        def reckon(method: Method = method) -> None:
            plan = schedule(method, loan, rate, terms)
            assert plan.payments
            assert schedule_apr(plan)

        assert min(timeit.repeat(reckon, number=10, repeat=8)) / 10 < limit
