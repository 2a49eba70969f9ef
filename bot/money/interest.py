"""Interest that runs by the day or by the month, before and after a loan is overdue.

Owns the formulas, each booked once, half up. Knows no loan, no ledger and no product. Principal and days are
never negative (BadAmount, BadDay).
Sources: 民法典 676 (overdue interest as agreed or by the State's rules); 银发〔2003〕251号 三 (罚息 = contract
rate plus 30% to 50%; unpaid interest bears 复利 at that rate); the bank's contract terms (ACT/360).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.money.dates import days_of_interest, is_full_month
from bot.money.errors import BadAmount, BadDay, BadRate
from bot.money.money import Exact, Money, exact
from bot.money.rates import Rate

MOST_PENALTY_MULTIPLE = Fraction(3, 2)


def monthly_interest(principal: Money, rate: Rate) -> Money:
    """One month's interest on `principal`."""
    return _on(principal, rate.monthly)


def daily_interest(principal: Money, rate: Rate, days: int) -> Money:
    """随借随还: interest on `principal` for `days` days (ACT/360), rounded once for the whole stretch."""
    if days < 0:
        raise BadDay("计息天数不能是负数")
    return _on(principal, rate.daily * days)


def interest_between(principal: Money, rate: Rate, start: date, end: date) -> Money:
    """Daily interest from `start` to `end`, first day counted, last not."""
    return daily_interest(principal, rate, days_of_interest(start, end))


def first_period_interest(principal: Money, rate: Rate, start: date, first_due: date) -> Money:
    """The first instalment's interest: a twelfth of the year's when it is a full month, else by the day
    (31 January to 28 February: 28 days)."""
    if is_full_month(start, first_due):
        return monthly_interest(principal, rate)
    return interest_between(principal, rate, start, first_due)


@dataclass(frozen=True)
class Stretch:
    """Days over which the principal of a 随借随还 loan did not change."""

    start: date  #: counted
    end: date  #: not counted
    principal: Money
    interest: Money  #: of this stretch, rounded once

    @property
    def days(self) -> int:
        """Days of interest."""
        return days_of_interest(self.start, self.end)


def on_demand_stretches(
    principal: Money, rate: Rate, drawn_on: date, repayments: Iterable[tuple[date, Money]], until: date
) -> tuple[Stretch, ...]:
    """随借随还: the interest of a draw from `drawn_on` to `until`, stretch by stretch.

    `repayments` are (day, principal paid back) in order of days, `drawn_on` to `until`; each falls due with
    the interest of the stretch it ends. The last stretch ends at `until`; none is empty. BadDay out of order, BadAmount when
    more comes back than was drawn.
    """
    stretches, start, left = [], drawn_on, principal
    for day, back in (*repayments, (until, Money(0))):
        interest = interest_between(left, rate, start, day)
        if day > start:
            stretches.append(Stretch(start, day, left, interest))
        if not Money(0) <= back <= left:
            raise BadAmount("归还的本金不能是负数，也不能比借的多")
        start, left = day, left - back
    return tuple(stretches)


def penalty_rate(rate: Rate, multiple: Exact) -> Rate:
    """The rate of an overdue amount: the contract's multiple of its rate, 1 to 1.5 (else BadRate)."""
    times = exact(multiple)
    if not 1 <= times <= MOST_PENALTY_MULTIPLE:
        raise BadRate(f"罚息倍数 {times} 不在 1 到 1.5 之间（银发〔2003〕251号）")
    return rate.times(times)


def penalty_interest(overdue_principal: Money, rate: Rate, multiple: Exact, days: int) -> Money:
    """罚息 on overdue principal for `days` days. It never bears interest itself."""
    return daily_interest(overdue_principal, penalty_rate(rate, multiple), days)


def compound_interest(overdue_interest: Money, rate: Rate, multiple: Exact, days: int) -> Money:
    """复利 on unpaid normal interest for `days` days, at the penalty rate; not on 罚息, not on itself."""
    return daily_interest(overdue_interest, penalty_rate(rate, multiple), days)


def _on(principal: Money, part: Fraction) -> Money:
    if principal.fen < 0:
        raise BadAmount("计息的本金不能是负数")
    return principal.times(part)
