"""Paying a loan off early, wholly or in part.

Owns the settlement sum and the two ways a partial prepayment may change a 等额本息 loan: 减额 and 缩期.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.money.interest import daily_interest
from bot.money.money import Exact, Money, exact
from bot.money.rates import Rate
from bot.money.schedules import Schedule, level_payment_schedule, shortened_schedule


@dataclass(frozen=True)
class Settlement:
    """What clears a loan that is not overdue: principal, interest since the last due date, fee."""

    principal: Money
    interest: Money
    fee: Money

    @property
    def total(self) -> Money:
        """The amount to pay."""
        return self.principal + self.interest + self.fee


def early_settlement(balance: Money, rate: Rate, days: int, fee_percent: Exact = 0) -> Settlement:
    """Settling `days` days after the last due date; `fee_percent` (提前还款违约金) is of the principal."""
    if exact(fee_percent) < 0:
        raise ValueError("a fee cannot be negative")
    return Settlement(balance, daily_interest(balance, rate, days), balance.percent(fee_percent))


def prepaid_smaller_payments(balance: Money, extra: Money, rate: Rate, terms_left: int) -> Schedule:
    """减额: `extra` comes off the balance on a due date, the number of months stays, each pays less."""
    return level_payment_schedule(_less(balance, extra), rate, terms_left)


def prepaid_fewer_terms(balance: Money, extra: Money, rate: Rate, payment: Money) -> Schedule:
    """缩期: `extra` comes off the balance on a due date, each month pays the same, fewer months."""
    return shortened_schedule(_less(balance, extra), rate, payment)


def _less(balance: Money, extra: Money) -> Money:
    if not Money(0) < extra < balance:
        raise ValueError("a partial prepayment is more than nothing and less than the balance")
    return balance - extra
