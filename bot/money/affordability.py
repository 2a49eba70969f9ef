"""What a customer can pay a month, and the shortest plan that stays inside it.

Owns the sum; where the figures come from and what is offered is the negotiation's business.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.money.errors import BadNumber
from bot.money.money import ZERO, Exact, Money, Rounding, exact
from bot.money.rates import Rate
from bot.money.schedules import Method, schedule


def affordable_payment(income: Money, essentials: Money, other_debts: Money, buffer_percent: Exact) -> Money:
    """Income less essentials and other debts, less a buffer, rounded DOWN; never below zero."""
    if not 0 <= exact(buffer_percent) <= 100:
        raise BadNumber("预留的比例要在 0 到 100 之间")
    free = max(income - essentials - other_debts, ZERO)
    return free.percent(100 - exact(buffer_percent), Rounding.DOWN)


def shortest_term(
    principal: Money,
    rate: Rate,
    payment: Money,
    terms: Iterable[int],
    carried: Money = ZERO,
    method: Method = Method.LEVEL_PAYMENT,
) -> int | None:
    """The smallest of `terms` whose every instalment is at most `payment`; None when none is."""
    for term in sorted(terms):
        plan = schedule(method, principal, rate, term).with_carried(carried)
        if max(plan.payments) <= payment:
            return term
    return None
