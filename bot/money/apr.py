"""What money really costs a year, and what later money is worth now.

Owns the annual percentage rate by monthly IRR (人行公告〔2021〕3号: 年化利率 counts every cost on the
principal really used) and the present value. No amount is decided here: the IRR is found in floats, to
within `TOLERANCE`, and its amounts never come back as money.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from bot.money.errors import BadCashflow
from bot.money.money import ZERO, Exact, Money, exact
from bot.money.rates import MONTHS_A_YEAR, Rate
from bot.money.schedules import Schedule

Cashflow = tuple[int, Money]  #: (months from now, amount)

METHOD = "按月内部收益率 IRR"

#: `Apr.monthly` lies this close to the true rate, times 1 + rate, for 1 to 360 months and a first period of a
#: month or more. The present value is summed from positive floats, so its relative error is a few roundings a
#: month, but it moves with the time the money is out: per month of duration the log rate errs by some 4e-16,
#: however long the plan. Writing 12 decimals adds 5e-13. Tests hold it against 50 digits.
TOLERANCE = Decimal("1e-12")
_DECIMALS = 12
_CLOSE = 1e-15
_MOST_STEPS = 100
_PRECISION = 34


@dataclass(frozen=True)
class Apr:
    """A price of money, both ways a bank may name it; say which one is shown."""

    monthly: Decimal  #: the internal rate of return of one month, not negative, 12 decimals

    @property
    def simple(self) -> Rate:
        """年化利率（单利）: twelve times the monthly rate."""
        return Rate(Fraction(self.monthly) * MONTHS_A_YEAR)

    @property
    def compound(self) -> Rate:
        """年化利率（复利, IRR）: the monthly rate compounded over twelve months."""
        return Rate((1 + Fraction(self.monthly)) ** MONTHS_A_YEAR - 1)


def cashflows(schedule: Schedule) -> tuple[Cashflow, ...]:
    """A schedule's payments with their months."""
    return tuple(enumerate(schedule.payments, start=1))


def annual_percentage_rate(received: Money, payments: Iterable[Cashflow], first_period: Exact = 1) -> Apr:
    """The price of having `received` now and paying `payments` in later months.

    What is deducted or paid at the start makes `received` smaller; it never goes into the payments. An odd
    `first_period` is so many months long (`dates.first_period_months`) and, as it is charged, bears simple
    interest: a plan of odd days costs its contract's rate like any other. BadCashflow if nothing is received, a payment is negative or at once, or less comes back than was received.
    """
    return _apr(received, _by_month(payments), first_period)


def schedule_apr(schedule: Schedule, deducted: Money = ZERO, first_period: Exact = 1) -> Apr:
    """The price of a schedule's principal, less what was `deducted` at the start.

    Old interest that the schedule carries is owed already and bears nothing: it is left out on both sides, so
    that it never makes the price look smaller.
    """
    months = zip(schedule.principals, schedule.interests, schedule.fees, strict=True)
    return _apr(schedule.principal - deducted, [0, *map(sum, months)], first_period)


def present_value(
    payments: Iterable[Cashflow], monthly_discount: Exact, monthly_break_off: Exact = 0
) -> Money:
    """What later payments are worth now, rounded to the 分.

    `monthly_discount` 0.005 is half a per cent a month; `monthly_break_off` is the chance that payments end
    for good in any one month. BadCashflow for a discount of -1 or less, a chance outside 0 to 1.
    """
    discount, stops = exact(monthly_discount), exact(monthly_break_off)
    if discount <= -1 or not 0 <= stops <= 1:
        raise BadCashflow("折现率要大于 -1，中断的可能要在 0 到 1 之间")
    with localcontext() as context:
        context.prec = _PRECISION
        month = (1 - stops) / (1 + discount)
        factor = Decimal(month.numerator) / month.denominator
        worth = Decimal(0)
        for flow in reversed(_by_month(payments)):
            worth = worth * factor + flow
        return Money(int(worth.to_integral_value(ROUND_HALF_UP)))


def _apr(received: Money, flows: list[int], first_period: Exact) -> Apr:
    """`flows` in fen by month, from month 0."""
    first = exact(first_period)
    whole_or_more = sum(flows) >= received.fen > 0 and not flows[0] and min(flows) >= 0
    if not whole_or_more or first <= 0:
        raise BadCashflow("算年化利率需要收到的金额，以及以后不少于它的还款")
    log_rate = _log_rate(float(received.fen), [float(fen) for fen in flows[1:]], float(first))
    return Apr(round(Decimal(math.expm1(log_rate)), _DECIMALS))


def _by_month(payments: Iterable[Cashflow]) -> list[int]:
    flows = [0]
    for month, amount in payments:
        if month < 0:
            raise BadCashflow("还款不能在过去的月份")
        flows.extend([0] * (month + 1 - len(flows)))
        flows[month] += amount.fen
    return flows


def _log_rate(received: float, flows: list[float], first: float) -> float:
    """The x = ln(1 + rate) with Σ flow(k)·(1 + rate)^(1 - k) / (1 + first·rate) = received.

    Newton on the logarithm of the sum, which falls as x rises; a step that leaves the bracket is halved, so
    it always ends. The sum is at least `received` at 0, and too small where the odd period alone eats it all.
    """
    backwards = flows[::-1]
    low, high, found = 0.0, math.log1p((sum(flows) / received - 1) / first), 0.0
    for _ in range(_MOST_STEPS):
        factor = math.exp(-found)
        value = slope = 0.0
        for flow in backwards:
            slope = slope * factor + value
            value = value * factor + flow
        growth = 1 + first * math.expm1(found)
        over = math.log(value / received / growth)
        low, high = (found, high) if over > 0 else (low, found)
        step = over / (slope * factor / value + first / factor / growth)
        if abs(step) <= _CLOSE * (1 + found) or high <= low:
            break
        found = found + step if low < found + step < high else (low + high) / 2
    return found
