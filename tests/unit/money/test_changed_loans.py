"""What a loan promises when it changes: paid early, extended, put into new instalments."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    PRINCIPAL_FIRST,
    STATUTORY_ORDER,
    ZERO,
    BadAmount,
    BadNumber,
    BadTerms,
    Dues,
    Method,
    Money,
    NeverRepaid,
    NoSchedule,
    PrepaymentWay,
    Rate,
    cost_table,
    deferred_schedule,
    early_settlement,
    extended_schedule,
    first_period_interest,
    level_payment_schedule,
    may_extend,
    prepaid,
    restructured,
    schedule,
    shortened_schedule,
    waiver,
)

AMOUNTS = st.integers(1, 500_000_000).map(Money)
SMALL = st.integers(0, 5_000_000).map(Money)
RATES = st.integers(0, 3600).map(lambda basis: Rate.percent(Fraction(basis, 100)))
TERMS = st.integers(1, 360)
MONTHLY = st.sampled_from([Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY])
WAYS = st.sampled_from(PrepaymentWay)
DUES = st.builds(Dues, SMALL, SMALL, SMALL, SMALL, AMOUNTS)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
EIGHTEEN = Rate.percent(18)


def has_way(method: Method, way: PrepaymentWay) -> bool:
    return not (method is Method.INTEREST_ONLY and way is PrepaymentWay.FEWER_TERMS)


@given(MONTHLY, WAYS, AMOUNTS, RATES, TERMS, st.data())
def test_paying_early_repays_exactly_what_is_left_and_is_never_longer(method, way, loan, rate, terms, data):
    """Whatever was paid before, however much is added: the rest sums up, in no more months than before."""
    plan = schedule(method, loan, rate, terms)
    left = plan.after(data.draw(st.integers(0, terms - 1)))
    if left.principal.fen < 2 or not has_way(method, way):
        return
    extra = Money(data.draw(st.integers(1, left.principal.fen - 1)))
    after = prepaid(left, extra, rate, method, way).after
    assert after.principal + extra == left.principal
    assert after.terms <= left.terms
    assert after.terms == left.terms or way is PrepaymentWay.FEWER_TERMS
    assert all(min(month[1:]) >= ZERO for month in after)


@given(
    MONTHLY,
    WAYS,
    st.integers(1_000_000, 500_000_000),
    RATES,
    st.integers(2, 60),
    st.integers(0, 30),
    st.data(),
)
def test_paying_early_never_costs_interest(method, way, loan, rate, terms, days, data):
    """For a tenth or more of a loan of 10,000 or more: what is saved is never below zero, at any day."""
    if not has_way(method, way):
        return
    left = schedule(method, Money(loan), rate, terms).after(0)
    extra = Money(data.draw(st.integers(loan // 10, loan - 1)))
    assert prepaid(left, extra, rate, method, way, days).saved >= -Money(terms)


def test_fewer_terms_saves_more_than_smaller_payments():
    """The same 4,000: 缩期 saves more interest than 减额; a fee is counted against it."""
    left = level_payment_schedule(Money.parse("12000"), EIGHTEEN, 12).after(5)
    extra = Money.parse("4000")
    smaller, fewer = (prepaid(left, extra, EIGHTEEN, Method.LEVEL_PAYMENT, way) for way in PrepaymentWay)
    assert fewer.saved > smaller.saved > ZERO
    dear = prepaid(left, extra, EIGHTEEN, Method.LEVEL_PAYMENT, PrepaymentWay.FEWER_TERMS, fee_percent=1)
    assert fewer.saved - dear.saved == dear.now.fee == Money.parse("40.00")


def test_between_due_days_interest_is_paid_on_what_comes_back():
    """4,000 twelve days after the due day cost 24.00 of interest; the rest goes on as if nothing happened."""
    left = level_payment_schedule(Money.parse("12000"), EIGHTEEN, 12).after(5)
    way = PrepaymentWay.SMALLER_PAYMENTS
    on_due_day = prepaid(left, Money.parse("4000"), EIGHTEEN, Method.LEVEL_PAYMENT, way)
    later = prepaid(left, Money.parse("4000"), EIGHTEEN, Method.LEVEL_PAYMENT, way, days=12)
    assert later.now.total == Money.parse("4024.00")
    assert later.after == on_due_day.after
    assert on_due_day.saved - later.saved == Money.parse("24.00")


def test_each_method_keeps_its_shape_when_paid_early():
    """等额本金 keeps its principal a month (缩期) or spreads the rest (减额); 先息后本 pays less interest."""
    loan, extra = Money.parse("12000"), Money.parse("5000")
    left = schedule(Method.LEVEL_PRINCIPAL, loan, EIGHTEEN, 12).after(2)
    fewer = prepaid(left, extra, EIGHTEEN, Method.LEVEL_PRINCIPAL, PrepaymentWay.FEWER_TERMS).after
    assert fewer.principals == (100_000,) * 5
    smaller = prepaid(left, extra, EIGHTEEN, Method.LEVEL_PRINCIPAL, PrepaymentWay.SMALLER_PAYMENTS).after
    assert smaller.principals == (50_000,) * 10
    bullet = schedule(Method.INTEREST_ONLY, loan, EIGHTEEN, 12).after(2)
    less = prepaid(bullet, extra, EIGHTEEN, Method.INTEREST_ONLY, PrepaymentWay.SMALLER_PAYMENTS).after
    assert less.interests == (10_500,) * 10


def test_old_interest_stays_when_a_plan_is_paid_early():
    """A prepayment takes principal off; what the plan carries is spread over the new months."""
    left = level_payment_schedule(Money.parse("12000"), EIGHTEEN, 12).with_carried(Money(4321)).after(4)
    for way in PrepaymentWay:
        after = prepaid(left, Money.parse("3000"), EIGHTEEN, Method.LEVEL_PAYMENT, way).after
        assert after.carried == left.carried


def test_what_is_no_partial_prepayment_is_refused():
    """Nothing, everything, 缩期 of 先息后本, 随借随还."""
    left = schedule(Method.INTEREST_ONLY, Money(1000), EIGHTEEN, 3)
    for extra in (ZERO, Money(1000), Money(-1)):
        with pytest.raises(BadAmount):
            prepaid(left, extra, EIGHTEEN, Method.INTEREST_ONLY, PrepaymentWay.SMALLER_PAYMENTS)
    with pytest.raises(NoSchedule, match="先息后本"):
        prepaid(left, Money(1), EIGHTEEN, Method.INTEREST_ONLY, PrepaymentWay.FEWER_TERMS)
    for way in PrepaymentWay:
        with pytest.raises(NoSchedule, match="随借随还"):
            prepaid(left, Money(1), EIGHTEEN, Method.ON_DEMAND, way)
    with pytest.raises(BadAmount):
        early_settlement(Money(1), EIGHTEEN, 1, -1)


@given(AMOUNTS, RATES, TERMS, st.integers(1, 200))
def test_a_shortened_loan_pays_the_same_until_its_last_month(principal, rate, terms, more):
    """缩期: every payment but the last is the given one, and the last is no bigger."""
    payment = level_payment_schedule(principal, rate, terms).payments[0] + Money(more)
    try:
        plan = shortened_schedule(principal, rate, payment)
    except NeverRepaid:
        assert payment <= principal.times(rate.monthly) + Money(1) or terms == 360
        return
    assert set(plan.payments[:-1]) <= {payment}
    assert plan.payments[-1] <= payment


@given(MONTHLY, AMOUNTS, RATES, st.integers(1, 12), st.integers(1, 60), SMALL)
def test_an_extension_puts_interest_only_or_empty_months_in_front(method, loan, rate, months, terms, put_off):
    """Nothing is capitalised: after either extension the loan's own instalments follow."""
    plain = schedule(method, loan, rate, terms)
    paying = extended_schedule(loan, rate, months, terms, method)
    assert set(paying.payments[:months]) == {loan.times(rate.monthly)}
    assert paying.payments[months:] == plain.payments
    deferred = deferred_schedule(loan, rate, months, terms, put_off, method)
    assert set(deferred.payments[:months]) == {ZERO}
    assert deferred.after(months) == plain.with_carried(put_off)
    assert deferred.instalments[0].balance == paying.instalments[0].balance == loan


@pytest.mark.parametrize(("months", "terms"), [(0, 12), (-1, 12), (1, 360), (True, 12)])
def test_an_extension_is_a_month_or_more_and_thirty_years_at_most(months, terms):
    """Nothing is rounded into range."""
    with pytest.raises(BadTerms):
        extended_schedule(Money(100), EIGHTEEN, months, terms)
    with pytest.raises(BadTerms):
        deferred_schedule(Money(100), EIGHTEEN, months, terms, ZERO)


@pytest.mark.parametrize(
    ("original", "extension", "allowed"), [(12, 12, True), (12, 13, False), (24, 36, True), (24, 37, False)]
)
def test_an_extension_keeps_to_the_law(original, extension, allowed):
    """Up to a year: no more than its own term; longer: within the product's longest (60 here)."""
    assert may_extend(original, extension, longest_months=60) is allowed
    with pytest.raises(BadTerms):
        may_extend(original, 0, 60)


@given(DUES, RATES, st.integers(1, 60), DAYS, st.integers(1, 31), st.integers(0, 100), st.integers(0, 99))
def test_a_restructured_debt_loses_and_invents_nothing(owed, rate, terms, start, anchor, per_cent, down):
    """Owed = waived + paid at once + principal and old interest in the plan; only new interest comes on top."""
    at_once = (owed - waiver(owed, per_cent)).total.times(Fraction(down, 200))
    plan = (
        restructured(
            owed,
            rate,
            terms,
            start,
            anchor,
            10,
            per_cent,
            at_once,
            order=PRINCIPAL_FIRST if down % 2 else STATUTORY_ORDER,
        )
        if at_once < owed.principal
        else None
    )
    if plan is None:
        return
    brought_in = plan.schedule.principal + plan.schedule.carried
    assert plan.waived.total + plan.down.paid.total + brought_in == owed.total
    assert plan.waived.principal == plan.waived.interest == ZERO
    assert plan.total == owed.total - plan.waived.total + plan.schedule.interest
    assert Money.total(amount for _, amount in plan.payments) == plan.total
    assert (plan.due_on[0] - start).days >= 10
    assert len(plan.due_on) == terms


@given(DUES, RATES, st.integers(2, 60), DAYS, st.integers(0, 99), st.integers(0, 100))
def test_more_waived_or_more_paid_at_once_never_asks_more_a_month(owed, rate, terms, start, waive, down):
    """Every concession is one."""
    plain = restructured(owed, rate, terms, start).schedule.payments[0]
    waived = restructured(owed, rate, terms, start, waive_percent=waive).schedule.payments[0]
    helped = restructured(owed, rate, terms, start, down=owed.principal.times(Fraction(down, 101)))
    assert waived <= plain
    assert helped.schedule.payments[0] <= plain + Money(2)  # interest and carried part are rounded apart


def test_a_restructuring_bears_its_odd_first_days():
    """Signed on the 10th, due on the 25th, the first at least a month later: 46 days, then months."""
    owed = Dues(principal=Money.parse("10000"))
    plan = restructured(owed, EIGHTEEN, 6, date(2026, 1, 10), anchor=25, least_days=30)
    assert plan.due_on[0] == date(2026, 2, 25)
    first = first_period_interest(Money.parse("10000"), EIGHTEEN, date(2026, 1, 10), date(2026, 2, 25))
    assert plan.schedule.instalments[0].interest == first == Money.parse("230.00")
    assert plan.schedule.interests[1:] == level_payment_schedule(owed.principal, EIGHTEEN, 6).interests[1:]


def test_what_cannot_be_restructured_is_refused():
    """A waiver above all, a payment that leaves no principal or is more than is owed."""
    owed, start = Dues(penalty=Money(50), principal=Money(1000)), date(2026, 1, 10)
    for per_cent in (-1, 101):
        with pytest.raises(BadNumber):
            restructured(owed, EIGHTEEN, 3, start, waive_percent=per_cent)
    for down in (Money(1050), Money(2000), Money(-1)):
        with pytest.raises(BadAmount):
            restructured(owed, EIGHTEEN, 3, start, down=down)


def test_old_costs_count_in_the_ceiling_over_the_days_they_arose_in():
    """The debt's own days make room for its old costs; without them the test is stricter."""
    owed = Dues(penalty=Money.parse("900"), interest=Money.parse("600"), principal=Money.parse("10000"))
    plan = restructured(owed, Rate.percent(12), 12, date(2026, 5, 10))
    alone = plan.cost_test()
    whole = plan.cost_test([(Money.parse("10000"), 150)])
    assert alone.claimed == whole.claimed == Money.parse("1500") + plan.schedule.interest
    assert not alone.within
    assert whole.a_year < alone.a_year
    waived = restructured(owed, Rate.percent(12), 12, date(2026, 5, 10), waive_percent=100)
    assert waived.cost_test([(Money.parse("10000"), 150)]).within
    table = cost_table(waived.schedule, waived.start, waived.due_on, "本行", Rate.percent(18), "1.5")
    assert table.total == waived.total
