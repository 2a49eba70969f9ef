"""Paying a loan off early, wholly or in part (民法典 677, 530: interest for the days the money was used).

Owns the settlement sum and the two ways a partial prepayment may change a loan: 减额 and 缩期. A loan that is
overdue is put in order first; 随借随还 has nothing to change: `interest.on_demand_stretches`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.money.errors import BadAmount, NoSchedule
from bot.money.interest import daily_interest, monthly_interest
from bot.money.money import ZERO, Exact, Money, exact
from bot.money.rates import Rate
from bot.money.schedules import (
    Method,
    Schedule,
    schedule,
    schedule_of,
    shortened_schedule,
)


class PrepaymentWay(Enum):
    """What a partial prepayment changes."""

    SMALLER_PAYMENTS = "减额"  #: the same months, each pays less
    FEWER_TERMS = "缩期"  #: the same payment (等额本金: the same principal) a month, fewer months


@dataclass(frozen=True)
class Settlement:
    """What is paid now, on a loan that is not overdue: principal, interest since the last due date, fee."""

    principal: Money
    interest: Money
    fee: Money

    @property
    def total(self) -> Money:
        """The amount to pay."""
        return self.principal + self.interest + self.fee


@dataclass(frozen=True)
class Prepayment:
    """A partial prepayment: what is paid now, what follows, and what would have followed."""

    now: Settlement
    before: Schedule  #: the instalments that were left
    after: Schedule  #: the instalments that are left instead

    @property
    def saved(self) -> Money:
        """Interest not paid any more, less what the prepayment itself costs; negative when a fee eats it."""
        return self.before.interest - self.after.interest - self.now.interest - self.now.fee


def early_settlement(balance: Money, rate: Rate, days: int, fee_percent: Exact = 0) -> Settlement:
    """Settling `days` days after the last due date; `fee_percent` (提前还款违约金) is of the principal.

    With part of a balance it is what paying back that part costs: the rest runs on as if nothing had happened.
    """
    if exact(fee_percent) < 0:
        raise BadAmount("违约金不能是负数")
    return Settlement(balance, daily_interest(balance, rate, days), balance.percent(fee_percent))


def prepaid(
    left: Schedule,
    extra: Money,
    rate: Rate,
    method: Method,
    way: PrepaymentWay,
    days: int = 0,
    fee_percent: Exact = 0,
) -> Prepayment:
    """Takes `extra` of principal off a loan whose instalments `left` (`Schedule.after`) are still to come.

    `days` after the last due date: interest on `extra` up to that day is paid with it, on top. What `left`
    carries (old interest) stays, spread over the new months. BadAmount unless `extra` is more than nothing
    and less than the balance; NoSchedule for 随借随还, and for 缩期 of 先息后本, which has no principal to
    bring forward.
    """
    balance = _less(left.principal, extra)
    if way is PrepaymentWay.SMALLER_PAYMENTS:
        after = schedule(method, balance, rate, left.terms)
    elif method is Method.LEVEL_PAYMENT:
        payment = Money(left.principals[0]) + monthly_interest(left.principal, rate)
        after = shortened_schedule(balance, rate, payment, left.terms)
    elif method is Method.LEVEL_PRINCIPAL:
        after = _same_principal(balance, rate, left)
    else:
        raise NoSchedule(f"{method.value}不能用缩期的办法提前还款")
    now = early_settlement(extra, rate, days, fee_percent)
    return Prepayment(now, left, after.with_carried(left.carried))


def _same_principal(balance: Money, rate: Rate, left: Schedule) -> Schedule:
    """等额本金 with the same principal a month as before; the last month takes what is left."""
    part = left.principals[0]
    terms = min(left.terms, -(-balance.fen // part)) if part else left.terms
    return schedule_of([part] * (terms - 1) + [balance.fen - part * (terms - 1)], rate)


def _less(balance: Money, extra: Money) -> Money:
    if not ZERO < extra < balance:
        raise BadAmount("提前还的本金要大于零，小于剩余本金；全部还清请办理结清")
    return balance - extra
