"""What money really costs a year, and what later money is worth now.

Owns the annual percentage rate by monthly IRR (人行公告〔2021〕3号: 年化利率 counts every cost on the
principal really used) and the present value. The rate is never booked: it is a Decimal, exact to many more
places than are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from bot.money.money import ZERO, Exact, Money, exact
from bot.money.rates import MONTHS_A_YEAR, Rate
from bot.money.schedules import Schedule

Cashflow = tuple[int, Money]  #: (months from now, amount)

_PRECISION = 34
_CLOSE = Decimal("1e-24")
_MOST_STEPS = 500


@dataclass(frozen=True)
class Apr:
    """A price of money, both ways a bank may name it; say which one is shown."""

    monthly: Decimal  #: the internal rate of return of one month

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


def annual_percentage_rate(received: Money, payments: Iterable[Cashflow]) -> Apr:
    """The price of having `received` now and paying `payments` in later months.

    What is deducted at the start makes `received` smaller; it never goes into the payments. ValueError if
    nothing is received, a payment is negative or at once, or less comes back than was received.
    """
    flows = _by_month(payments)
    if received.fen <= 0 or flows[0] or any(amount < 0 for amount in flows) or sum(flows) < received.fen:
        raise ValueError("an APR needs money received, and later payments of at least as much")
    with localcontext() as context:
        context.prec = _PRECISION
        factor = _discount_factor(received.fen, [Decimal(amount) for amount in flows])
        return Apr(max(1 / factor - 1, Decimal(0)))


def schedule_apr(schedule: Schedule, deducted: Money = ZERO) -> Apr:
    """The price of a schedule's principal and carried interest, less what was `deducted` at the start."""
    return annual_percentage_rate(schedule.principal + schedule.carried - deducted, cashflows(schedule))


def present_value(
    payments: Iterable[Cashflow], monthly_discount: Exact, monthly_break_off: Exact = 0
) -> Money:
    """What later payments are worth now, rounded to the 分.

    `monthly_discount` 0.005 is half a per cent a month; `monthly_break_off` is the chance that payments end
    for good in any one month.
    """
    discount, stops = exact(monthly_discount), exact(monthly_break_off)
    if discount <= -1 or not 0 <= stops <= 1:
        raise ValueError("a discount is more than -1, a chance is from 0 to 1")
    with localcontext() as context:
        context.prec = _PRECISION
        month = (1 - stops) / (1 + discount)
        factor = Decimal(month.numerator) / month.denominator
        worth = _value([Decimal(amount) for amount in _by_month(payments)], factor)[0]
        return Money.from_yuan(worth / 100)


def _by_month(payments: Iterable[Cashflow]) -> list[int]:
    flows = [0]
    for month, amount in payments:
        if month < 0:
            raise ValueError("a payment cannot be in the past")
        flows.extend([0] * (month + 1 - len(flows)))
        flows[month] += amount.fen
    return flows


def _value(flows: list[Decimal], factor: Decimal) -> tuple[Decimal, Decimal]:
    """Σ flow·factor^month and its slope in `factor`, by Horner."""
    value = slope = Decimal(0)
    for flow in reversed(flows):
        slope = slope * factor + value
        value = value * factor + flow
    return value, slope


def _discount_factor(received: int, flows: list[Decimal]) -> Decimal:
    """The factor v with Σ flow·v^month = received: convex and rising, so Newton from 1 falls to it."""
    factor = Decimal(1)
    for _ in range(_MOST_STEPS):
        value, slope = _value(flows, factor)
        step = (value - received) / slope
        factor -= step
        if abs(step) < _CLOSE:
            break
    return factor
