"""Where payments go: 民法典 560 between debts, 561 inside one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    PRINCIPAL_FIRST,
    STATUTORY_ORDER,
    ZERO,
    BadAllocation,
    Debt,
    Dues,
    Money,
    Rate,
    allocate,
    allocate_across,
)

TODAY = date(2026, 5, 10)
AMOUNTS = st.integers(0, 10_000_000).map(Money)
DUES = st.builds(Dues, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
DEBTS = st.lists(
    st.tuples(DUES, st.dates(date(2026, 4, 1), date(2026, 6, 30)), st.integers(0, 2), st.integers(0, 3)),
    max_size=5,
).map(
    lambda rows: [
        Debt(f"D{number}", dues, due, Money(secured), Rate.percent(burden))
        for number, (dues, due, secured, burden) in enumerate(rows)
    ]
)


def debt(name: str, amount: str = "100", due: date = date(2026, 5, 1), **more) -> Debt:
    return Debt(name, Dues(principal=Money.parse(amount)), due, **more)


def paid(payment: str, *debts: Debt, designated: str | None = None) -> dict[str, str]:
    spread = allocate_across(Money.parse(payment), debts, TODAY, designated)
    return {name: allocation.paid.total.text for name, allocation in spread.allocations}


@given(AMOUNTS, DUES, st.permutations(STATUTORY_ORDER))
def test_a_payment_is_neither_lost_nor_doubled(payment, dues, order):
    """Paid plus unapplied is the payment; paid plus left is what was owed."""
    split = allocate(payment, dues, order)
    assert split.paid.total + split.unapplied == payment
    assert split.paid + split.left == dues
    assert not (split.unapplied and split.left.total)


@given(AMOUNTS, DUES)
def test_principal_is_touched_only_when_all_costs_and_interest_are_paid(payment, dues):
    """561: 费用, then 利息, then 主债务."""
    split = allocate(payment, dues)
    if split.paid.principal:
        assert split.left.total == split.left.principal


def test_an_order_that_forgets_a_kind_is_refused():
    """Half an agreement is no agreement."""
    for order in (STATUTORY_ORDER[:-1], (*PRINCIPAL_FIRST, "principal"), ("fees",)):
        with pytest.raises(ValueError, match="各要写一次"):
            allocate(Money(1), Dues(), order)


def test_negative_payments_and_dues_are_refused():
    """A refund is not a payment."""
    with pytest.raises(ValueError):
        allocate(Money(-1), Dues())
    with pytest.raises(ValueError):
        Dues(fee=Money(-1))


def test_the_debtor_chooses_which_debt_is_paid():
    """A designated debt comes first even when it is not due yet; an unknown one is an error."""
    later = debt("later", due=date(2026, 6, 1))
    assert paid("100", debt("due"), later, designated="later") == {"later": "100.00", "due": "0.00"}
    with pytest.raises(BadAllocation):
        paid("100", later, designated="other")


def test_without_a_choice_the_law_ranks_the_debts():
    """到期, then 担保最少, then 负担较重, then 先到期."""
    assert paid("100", debt("not due", due=date(2026, 6, 1)), debt("due"))["due"] == "100.00"
    assert paid("100", debt("secured", secured=Money(1)), debt("bare"))["bare"] == "100.00"
    assert paid("100", debt("cheap"), debt("dear", burden=Rate.percent(18)))["dear"] == "100.00"
    assert paid("100", debt("new"), debt("old", due=date(2026, 4, 1)))["old"] == "100.00"
    older_but_secured = debt("old", due=date(2026, 4, 1), secured=Money(1))
    assert paid("100", older_but_secured, debt("new"))["new"] == "100.00"


def test_debts_equal_in_everything_share_in_proportion():
    """100 over 100 and 200: a third and two thirds, to the 分."""
    assert paid("100", debt("one"), debt("two", "200")) == {"one": "33.33", "two": "66.67"}


@given(AMOUNTS, DEBTS)
def test_a_payment_over_several_debts_is_neither_lost_nor_doubled(payment, debts):
    """Every debt gets at most what it is owed; what is over is named."""
    spread = allocate_across(payment, debts, TODAY)
    assert Money.total(given.paid.total for _, given in spread.allocations) + spread.unapplied == payment
    for each in debts:
        part = spread.to(each.id)
        assert part.paid + part.left == each.dues
        assert part.unapplied == ZERO
