"""What rates and daily interest promise."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    NO_INTEREST,
    BadAmount,
    BadDay,
    Money,
    Rate,
    add_months,
    business_date,
    compound_interest,
    daily_interest,
    days_late,
    days_of_interest,
    due_dates,
    first_period_interest,
    first_period_months,
    interest_between,
    monthly_interest,
    next_due_date,
    on_demand_stretches,
    penalty_interest,
    penalty_rate,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def test_a_rate_said_by_the_day_the_month_or_the_year_is_the_same_rate():
    """0.05% a day is 1.5% a month is 18% a year."""
    assert Rate.daily_percent("0.05") == Rate.monthly_percent("1.5") == Rate.percent("18.00")
    assert str(Rate.percent("18")) == "18.00%"
    assert Rate.percent("13.03425").render(4) == "13.0343%"
    assert Rate.percent("7.5").render(0) == "8%"


@pytest.mark.parametrize("value", [18.0, True, None])
def test_a_rate_is_never_a_float(value):
    """0.1 as a float is not ten per cent."""
    with pytest.raises(TypeError):
        Rate.percent(value)
    with pytest.raises(TypeError):
        Rate(value)


def test_a_negative_rate_is_refused():
    """Nobody is paid for borrowing here."""
    with pytest.raises(ValueError, match="负数"):
        Rate.percent("-1")


@pytest.mark.parametrize("multiple", ["0.99", "1.51", 2])
def test_a_penalty_multiple_outside_the_rule_is_refused(multiple):
    """银发〔2003〕251号 allows up to 1.5 times the contract's rate."""
    with pytest.raises(ValueError, match="罚息倍数"):
        penalty_rate(Rate.percent(18), multiple)


def test_the_day_of_borrowing_counts_and_the_day_of_repaying_does_not():
    """算头不算尾: repaid the same day costs nothing, the next day one day."""
    loan, rate, day = Money.parse("10000"), Rate.percent("18"), date(2026, 2, 28)
    assert interest_between(loan, rate, day, day) == Money(0)
    assert interest_between(loan, rate, day, date(2026, 3, 1)) == Money.parse("5.00")
    assert days_of_interest(date(2026, 1, 31), date(2026, 2, 28)) == 28


def test_a_loan_of_any_day_is_cut_into_stretches():
    """Three repayments: each stretch bears its own days on its own principal; empty ones are left out."""
    start, yuan = date(2026, 3, 1), Money.parse
    back = [
        (start, yuan("1000")),
        (start + timedelta(10), yuan("2000")),
        (start + timedelta(30), yuan("5000")),
    ]
    rate = Rate.daily_percent("0.05")
    stretches = on_demand_stretches(yuan("9000"), rate, start, back, start + timedelta(40))
    assert [(each.days, each.principal.text, each.interest.text) for each in stretches] == [
        (10, "8,000.00", "40.00"),
        (20, "6,000.00", "60.00"),
        (10, "1,000.00", "5.00"),
    ]
    assert on_demand_stretches(yuan("9000"), rate, start, [], start) == ()


@given(st.integers(1, 500_000_000), st.lists(st.integers(0, 60), max_size=6), st.integers(0, 2400))
def test_a_principal_left_alone_bears_the_same_in_one_stretch_or_many(loan, gaps, basis):
    """Stretches only round apart: never more than half a 分 each."""
    rate, start, days, repayments = Rate.percent(Fraction(basis, 100)), date(2026, 1, 1), 0, []
    for gap in gaps:
        days += gap
        repayments.append((start + timedelta(days), Money(0)))
    end = start + timedelta(days)
    cut = on_demand_stretches(Money(loan), rate, start, repayments, end)
    together = Money.total(each.interest for each in cut)
    assert abs(together - interest_between(Money(loan), rate, start, end)).fen <= (len(cut) + 1) // 2 + 1


def test_a_loan_of_any_day_cannot_run_backwards_or_pay_back_more():
    """Days in order, principal up to what is left."""
    start, rate = date(2026, 3, 1), Rate.percent(18)
    for back, error in (
        ([(start + timedelta(9), Money(1)), (start + timedelta(8), Money(1))], BadDay),
        ([(start + timedelta(90), Money(1))], BadDay),
        ([(start, Money(101))], BadAmount),
        ([(start, Money(-1))], BadAmount),
    ):
        with pytest.raises(error):
            on_demand_stretches(Money(100), rate, start, back, start + timedelta(30))


@given(DAYS, st.integers(-40, 400), st.integers(0, 10))
def test_grace_forgives_all_days_or_none(due, days, grace):
    """Within grace nobody is late; a day after it he is late since the due day."""
    assert days_late(due, due + timedelta(days), grace) == (days if days > grace else 0)
    with pytest.raises(BadDay):
        days_late(due, due, -1)


@given(DAYS, st.integers(1, 31), st.integers(0, 60))
def test_a_first_due_day_can_be_kept_away(start, anchor, least):
    """The first is the earliest that keeps its distance; the others follow month by month."""
    due = due_dates(start, 3, anchor, least)
    assert (due[0] - start).days >= least
    assert due == due_dates(add_months(due[0], -1, anchor), 3, anchor)
    before = add_months(due[0], -1, anchor)
    assert (before - start).days < least or (before.year, before.month) == (start.year, start.month)


def test_only_a_full_month_bears_a_twelfth():
    """Same day next month: a month. Two months, or a clipped month end: by the day."""
    loan, rate = Money.parse("10000"), Rate.percent(18)
    for start, due, interest, months in (
        (date(2026, 1, 10), date(2026, 2, 10), "150.00", Fraction(1)),
        (date(2026, 1, 10), date(2026, 3, 10), "295.00", Fraction(59, 30)),
        (date(2026, 1, 31), date(2026, 2, 28), "140.00", Fraction(28, 30)),
        (date(2025, 12, 10), date(2026, 1, 10), "150.00", Fraction(1)),
    ):
        assert first_period_interest(loan, rate, start, due) == Money.parse(interest)
        assert first_period_months(start, due) == months


def test_interest_never_runs_backwards():
    """A day before the start is an error, not a refund."""
    with pytest.raises(ValueError):
        days_of_interest(date(2026, 2, 2), date(2026, 2, 1))
    with pytest.raises(ValueError):
        daily_interest(Money(100), Rate.percent(18), -1)


@given(st.integers(0, 500_000_000).map(Money), st.integers(0, 2400), st.integers(0, 3650))
def test_overdue_interest_costs_at_least_the_normal_rate_and_no_more_than_half_again(amount, basis, days):
    """罚息 and 复利 lie between 1 and 1.5 times, within a rounding."""
    rate = Rate.percent(Fraction(basis, 100))
    normal = daily_interest(amount, rate, days)
    for multiple in ("1.3", "1.5"):
        penalty = penalty_interest(amount, rate, multiple, days)
        assert penalty == compound_interest(amount, rate, multiple, days)
        assert normal <= penalty <= normal.times("1.5") + Money(1)


def test_without_a_rate_nothing_is_charged():
    """0% is a rate like any other."""
    assert monthly_interest(Money.parse("5000000"), NO_INTEREST) == Money(0)
    assert penalty_interest(Money.parse("5000000"), NO_INTEREST, "1.5", 365) == Money(0)


@given(DAYS, st.integers(1, 360), st.integers(1, 31))
def test_due_dates_keep_their_anchor(start, terms, anchor):
    """One a month, on the anchor or the month's last day, whichever is first."""
    due = due_dates(start, terms, anchor)
    for number, day in enumerate(due, start=1):
        assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == number
        assert day.day == anchor or (day.day < anchor and (day + timedelta(1)).day == 1)


@given(DAYS, st.integers(1, 31))
def test_the_next_due_date_is_within_a_month_and_today_counts(today, anchor):
    """A bill due today is the next one."""
    due = next_due_date(today, anchor)
    assert today <= due <= today + timedelta(31)
    assert next_due_date(due, anchor) == due


@given(DAYS, st.integers(-400, 400))
def test_months_go_forth_and_back(day, months):
    """With the anchor kept, moving there and back ends on the same day."""
    assert add_months(add_months(day, months), -months, day.day) == day


def test_a_due_day_that_no_month_has_is_refused():
    """The thirty-second is an error, and so is a year after the calendar's last."""
    for months, anchor in ((1, 32), (1, 0), (12 * 8000, None), (-12 * 3000, None)):
        with pytest.raises(BadDay):
            add_months(date(2026, 1, 1), months, anchor)


def test_the_business_day_is_shanghais():
    """Late evening in London is the next day at the bank; a naive moment is refused."""
    assert business_date(datetime(2026, 2, 28, 16, 0, tzinfo=timezone.utc)) == date(2026, 3, 1)
    assert business_date(datetime(2026, 2, 28, 15, 59, tzinfo=timezone.utc)) == date(2026, 2, 28)
    with pytest.raises(ValueError):
        business_date(datetime(2026, 2, 28))
