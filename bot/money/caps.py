"""Ceilings a customer's total cost may not break.

Owns the 24% test (法发〔2017〕22号: interest, 复利, 罚息, 违约金 and fees together are cut above 24% a year
on the principal) and the limits of an extension (《个人贷款管理办法》: the term given again).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bot.money.money import Money
from bot.money.rates import CALENDAR_DAYS_A_YEAR, Rate

COURT_CEILING = Rate.percent(24)


@dataclass(frozen=True)
class CapTest:
    """Costs claimed on a principal over some days, against the ceiling."""

    claimed: Money
    cap: Money
    a_year: Rate  #: what the claimed costs come to a year

    @property
    def excess(self) -> Money:
        """What must be dropped; zero when within the ceiling."""
        return max(self.claimed - self.cap, Money(0))

    @property
    def within(self) -> bool:
        """Nothing must be dropped."""
        return not self.excess


def cost_cap(principal: Money, days: int, ceiling: Rate = COURT_CEILING) -> Money:
    """The most all costs may come to: principal × ceiling × days / 365."""
    if days < 0:
        raise ValueError("days cannot be negative")
    return principal.times(ceiling.annual * days / CALENDAR_DAYS_A_YEAR)


def check_cost_cap(principal: Money, days: int, claimed: Money, ceiling: Rate = COURT_CEILING) -> CapTest:
    """Holds `claimed` (利息+复利+罚息+违约金+费用) of `days` days (one or more) against the ceiling."""
    if days < 1 or principal.fen <= 0:
        raise ValueError("the test needs a principal and a day or more")
    a_year = Rate(Fraction(claimed.fen, principal.fen) * CALENDAR_DAYS_A_YEAR / days)
    return CapTest(claimed, cost_cap(principal, days, ceiling), a_year)


def may_extend(original_months: int, extension_months: int, longest_months: int) -> bool:
    """Whether an extension keeps to the law's limits.

    A loan of up to a year is extended by no more than its own term in all; a longer one ends within the
    product's longest term, counted from its start.
    """
    if original_months <= 12:
        return extension_months <= original_months
    return original_months + extension_months <= longest_months
