"""Interest that runs by the day or by the month, before and after a loan is overdue.

Owns the formulas, each booked once, half up. Knows no loan, no ledger and no product.
Sources: 银发〔2003〕251号 三 (罚息 = contract rate plus 30% to 50%; unpaid interest bears 复利 at that rate).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from bot.money.dates import days_of_interest
from bot.money.money import Exact, Money, exact
from bot.money.rates import Rate

MOST_PENALTY_MULTIPLE = Fraction(3, 2)


def monthly_interest(principal: Money, rate: Rate) -> Money:
    """One month's interest on `principal`."""
    return principal.times(rate.monthly)


def daily_interest(principal: Money, rate: Rate, days: int) -> Money:
    """随借随还: interest on `principal` for `days` days (ACT/360), rounded once for the whole stretch."""
    if days < 0:
        raise ValueError("days of interest cannot be negative")
    return principal.times(rate.daily * days)


def interest_between(principal: Money, rate: Rate, start: date, end: date) -> Money:
    """Daily interest from `start` to `end`, first day counted, last not."""
    return daily_interest(principal, rate, days_of_interest(start, end))


def first_period_interest(principal: Money, rate: Rate, start: date, first_due: date) -> Money:
    """The first instalment's interest: a twelfth of the year's when both days have the same number in
    their months, else by the day (31 January to 28 February: 28 days)."""
    if start.day == first_due.day:
        return monthly_interest(principal, rate)
    return interest_between(principal, rate, start, first_due)


def penalty_rate(rate: Rate, multiple: Exact) -> Rate:
    """The rate of an overdue amount: the contract's multiple of its rate, 1 to 1.5 (else ValueError)."""
    times = exact(multiple)
    if not 1 <= times <= MOST_PENALTY_MULTIPLE:
        raise ValueError(f"罚息倍数 {times} 不在 1 到 1.5 之间（银发〔2003〕251号）")
    return rate.times(times)


def penalty_interest(overdue_principal: Money, rate: Rate, multiple: Exact, days: int) -> Money:
    """罚息 on overdue principal for `days` days. It never bears interest itself."""
    return daily_interest(overdue_principal, penalty_rate(rate, multiple), days)


def compound_interest(overdue_interest: Money, rate: Rate, multiple: Exact, days: int) -> Money:
    """复利 on unpaid normal interest for `days` days, at the penalty rate."""
    return daily_interest(overdue_interest, penalty_rate(rate, multiple), days)
