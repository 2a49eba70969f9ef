"""Bad input is told, in Chinese and with a code; input in range always has an answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    Dues,
    Method,
    Money,
    MoneyError,
    PrepaymentWay,
    Rate,
    add_months,
    affordable_payment,
    allocate,
    allocate_across,
    annual_percentage_rate,
    business_date,
    check_cost_cap,
    cost_table,
    daily_interest,
    early_settlement,
    fee_schedule,
    monthly_interest,
    penalty_rate,
    prepaid,
    present_value,
    restructured,
    schedule,
    schedule_apr,
    shortened_schedule,
)
from bot.money.money import exact
from conversation.errors import YixianError

TEN, RATE, DAY = Money(1000), Rate.percent(18), date(2026, 5, 10)
MONTHLY = st.sampled_from([Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL, Method.INTEREST_ONLY])

BAD = {
    "text that is no amount": lambda: Money.parse("一百"),
    "a part of nothing": lambda: TEN.ratio(Money(0)),
    "a negative amount in parts": lambda: Money(-1).split(3),
    "shares of nothing": lambda: TEN.share_out([]),
    "text that is no number": lambda: exact("一成八"),
    "a number without end": lambda: exact(Decimal("Infinity")),
    "a number over zero": lambda: exact("1/0"),
    "a number nobody can hold": lambda: exact("1e999999999"),
    "a decimal nobody can hold": lambda: exact(Decimal("1e999999999")),
    "a negative rate": lambda: Rate.percent(-1),
    "twice the rate as penalty": lambda: penalty_rate(RATE, 2),
    "no terms": lambda: schedule(Method.LEVEL_PAYMENT, TEN, RATE, 0),
    "a negative loan": lambda: schedule(Method.INTEREST_ONLY, Money(-1), RATE, 3),
    "a schedule of a loan by the day": lambda: schedule(Method.ON_DEMAND, TEN, RATE, 3),
    "a negative fee": lambda: fee_schedule(TEN, -1, 3),
    "a payment below the interest": lambda: shortened_schedule(Money(1_000_000), RATE, Money(1)),
    "negative days": lambda: daily_interest(TEN, RATE, -1),
    "interest on less than nothing": lambda: monthly_interest(Money(-1), RATE),
    "the thirty-second": lambda: add_months(DAY, 1, 32),
    "a moment without time zone": lambda: business_date(datetime(2026, 5, 10)),
    "a negative payment": lambda: allocate(Money(-1), Dues()),
    "a negative payment on nothing": lambda: allocate_across(Money(-1), [], DAY),
    "half an order": lambda: allocate(TEN, Dues(), ("fee",)),
    "negative dues": lambda: Dues(fee=Money(-1)),
    "a debt nobody has": lambda: allocate_across(TEN, [], DAY, "D1"),
    "an APR of nothing": lambda: annual_percentage_rate(TEN, []),
    "a first period of no length": lambda: annual_percentage_rate(TEN, [(1, TEN)], 0),
    "a chance of two": lambda: present_value([(1, TEN)], 0, 2),
    "a ceiling on nothing": lambda: check_cost_cap(Money(0), 10, TEN),
    "a negative claim": lambda: check_cost_cap(TEN, 10, Money(-1)),
    "everything as a part": lambda: prepaid(
        schedule(Method.LEVEL_PAYMENT, TEN, RATE, 3),
        TEN,
        RATE,
        Method.LEVEL_PAYMENT,
        PrepaymentWay.FEWER_TERMS,
    ),
    "a negative settlement": lambda: early_settlement(Money(-1), RATE, 1),
    "a plan of nothing": lambda: restructured(Dues(fee=TEN), RATE, 3, DAY),
    "a table without days": lambda: cost_table(fee_schedule(TEN, 1, 3), DAY, (), "本行", RATE, "1.5"),
    "a buffer above all": lambda: affordable_payment(TEN, TEN, TEN, 101),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_named_error_with_a_code_and_chinese_text(what):
    """MoneyError, which is of the one error tree and a ValueError; never a KeyError or a ZeroDivisionError."""
    with pytest.raises(MoneyError) as caught:
        BAD[what]()
    error = caught.value
    assert isinstance(error, YixianError)
    assert isinstance(error, ValueError)
    assert error.code not in ("internal", "money_error")
    assert any("一" <= letter <= "鿿" for letter in error.message)


def test_every_kind_of_error_has_its_own_code_and_sentence():
    """Programs go by the code, people by the docstring."""
    kinds = MoneyError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in (MoneyError, *kinds):
        assert kind().message.endswith("。")


@given(
    MONTHLY,
    st.integers(1, 500_000_000).map(Money),
    st.integers(0, 10_000).map(lambda basis: Rate.percent(Fraction(basis, 100))),
    st.integers(1, 360),
    st.sampled_from(PrepaymentWay),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_input_in_range_always_has_an_answer(method, loan, rate, terms, way, start):
    """Any amount up to 5,000,000.00, any rate up to 100%, any term: schedule, price, table, plan, prepayment."""
    plan = schedule(method, loan, rate, terms)
    owed = Dues(Money(6000), loan, loan, loan, loan)
    new = restructured(owed, rate, terms, start, 31, 10, "33.3", Money(1), method)
    table = cost_table(new.schedule, start, new.due_on, "本行", rate, "1.3")
    assert schedule_apr(plan).monthly >= 0
    assert table.total + new.down.paid.total == new.total
    assert new.cost_test().claimed >= Money(0)
    if loan.fen > 1 and (method, way) != (Method.INTEREST_ONLY, PrepaymentWay.FEWER_TERMS):
        assert prepaid(plan, Money(1), rate, method, way).after.principal == loan - Money(1)
