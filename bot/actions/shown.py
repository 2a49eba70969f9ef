"""One of the debts or payments that were shown: "9号那笔", "第二笔"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from bot.actions.account import owing, say_bill, say_loan
from bot.actions.base import Talk, on_day, person
from bot.actions.following import One
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Bill, Loan, Payment

SHOWN = 5  #: payments that are shown
_PAYMENTS = frozenset({"repay_failed", "repay_not_reflected"})

Thing = TypeVar("Thing")


def say_one(talk: Talk, customer: str, topic: str, one: One) -> bool:
    """Says what the named one is; False when none or several of those shown fit."""
    if topic in _PAYMENTS:
        payments = list(talk.services.bank.payments(customer, SHOWN))
        payment = _the_one(payments, [(paid.day,) for paid in payments], one)
        if payment is not None:
            _say_payment(talk, payment)
        return payment is not None
    loans, bills = owing(talk, customer)
    debts: list[Loan | Bill] = [*loans, *bills]
    debt = _the_one(debts, [_days_of(debt) for debt in debts], one)
    if isinstance(debt, Loan):
        say_loan(talk, debt)
    elif debt is not None:
        say_bill(talk, debt)
    return debt is not None


def _the_one(things: Sequence[Thing], days: Sequence[tuple[date | None, ...]], one: One) -> Thing | None:
    if one.nth is not None:
        return things[one.nth] if one.nth < len(things) else None
    fits = [thing for thing, known in zip(things, days) if any(day and _is(day, one) for day in known)]
    return fits[0] if len(fits) == 1 else None


def _is(day: date, one: One) -> bool:
    return day.day == one.day and (one.month is None or day.month == one.month)


def _days_of(debt: Loan | Bill) -> tuple[date | None, ...]:
    """The days a customer knows it by."""
    return (debt.next_due_on, debt.drawn_on) if isinstance(debt, Loan) else (debt.due_on,)


def _say_payment(talk: Talk, payment: Payment) -> None:
    talk.say(
        Utter.THAT_PAYMENT,
        day=on_day(payment.day),
        product=payment.product,
        amount=payment.amount.text,
        state=word(payment.state.value),
        reason=f"，{payment.reason}" if payment.reason else "",
        buttons=[person()],
    )
