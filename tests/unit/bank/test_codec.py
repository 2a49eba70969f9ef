"""The wire form: every value comes back as it was, and nothing unclear is guessed at."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from fractions import Fraction

import pytest

from bot.bank.codec import WireError, from_wire, to_wire
from bot.bank.ports import (
    Acknowledgement,
    Bill,
    BillLine,
    BillPlan,
    BillState,
    Customer,
    Deposit,
    Loan,
    RequestState,
    Restriction,
)
from bot.money import Dues, Method, Money, Rate

DAY = date(2026, 3, 12)
LOAN = Loan(
    id="L1",
    product="随心借",
    method=Method.LEVEL_PAYMENT,
    rate=Rate.percent("16.80"),
    penalty_multiple="1.5",
    drawn_on=DAY,
    original=Money(1200000),
    terms=12,
    instalments_paid=5,
    outstanding=Money(725910),
    overdue=Dues(penalty=Money(275), interest=Money(9265)),
    accrued=Money(0),
    carried=Money(0),
    next_due_on=None,
    next_due=Money(0),
    as_of=DAY,
)
BILL = Bill(
    id="B1",
    product="随心花",
    statement_on=DAY,
    due_on=DAY,
    amount=Money(-5),
    minimum=Money(0),
    paid=Money(0),
    penalty=Money(0),
    state=BillState.INSTALMENTS,
    lines=(BillLine(DAY, "退款", Money(-5)),),
    plan=BillPlan(6, 1, Money(1), Money(0), Money(0), None, Money(0), Rate(Fraction(1, 7))),
)
VALUES = [
    LOAN,
    BILL,
    Customer("C1", "王*", "王先生", "0001", restrictions=(Restriction("随心借", DAY, "原因", "办法"),)),
    Deposit("定期存款", "0001", Money(1), Money(0), Rate.percent("1.35"), DAY),
    Acknowledgement(RequestState.DONE, "YX1", "好了", datetime(2026, 3, 12, 1, 2, 3, tzinfo=timezone.utc)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_survives_the_wire(value):
    """Through real JSON text and back, alone and in a list."""
    sent = json.loads(json.dumps(to_wire(value)))
    assert from_wire(type(value), sent) == value
    assert from_wire(tuple[type(value), ...], [sent, sent]) == (value, value)


def test_amounts_and_rates_travel_as_exact_text():
    """A float never comes near the wire."""
    sent = to_wire(LOAN)
    assert (sent["outstanding"], sent["rate"], sent["method"]) == ("7259.10", "16.8", "等额本息")
    assert sent["overdue"]["interest"] == "92.65"


def test_what_is_optional_may_be_missing_and_what_is_unknown_is_ignored():
    """A bank may leave out defaults and add fields of its own."""
    sent = to_wire(LOAN)
    del sent["hardship"]
    assert from_wire(Loan, {**sent, "extra": 1}) == LOAN


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("outstanding", 7259.1),
        ("outstanding", "7259.123"),
        ("rate", "1/0"),
        ("rate", "-3"),
        ("method", "随便还"),
        ("drawn_on", "12.03.2026"),
        ("terms", "12"),
        ("hardship", 1),
        ("overdue", []),
        ("id", None),
    ],
)
def test_what_is_not_the_value_is_refused_with_its_place(field, bad):
    """The error names the field, so that the adapter's log says what the bank sent."""
    with pytest.raises(WireError, match=field):
        from_wire(Loan, {**to_wire(LOAN), field: bad})


def test_a_missing_field_a_bare_text_and_a_moment_without_zone_are_refused():
    """No default is made up for what has none."""
    sent = to_wire(LOAN)
    del sent["outstanding"]
    for wanted, data in (
        (Loan, sent),
        (tuple[Loan, ...], {}),
        (Acknowledgement, {"state": "done", "reference": "", "message": "", "at": "2026-03-12T01:02:03"}),
    ):
        with pytest.raises(WireError):
            from_wire(wanted, data)
