"""The ceiling a customer's total cost may not break.

Owns the 24% test: interest, 复利, 罚息, 违约金 and fees together are cut above 24% a year on the principal
really used (法发〔2017〕22号); a lender's all-in cost keeps to it (金规〔2025〕9号 六). It counts calendar days,
365 a year. What follows from a test is the mandate's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.money.dates import days_of_interest
from bot.money.errors import BadAmount, BadDay
from bot.money.money import Money
from bot.money.rates import CALENDAR_DAYS_A_YEAR, Rate
from bot.money.schedules import Schedule

COURT_CEILING = Rate.percent(24)

Span = tuple[Money, int]  #: (principal, days it was used): not negative


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
    return _cap(_fen_days([(principal, days)]), ceiling)


def check_cost_cap(principal: Money, days: int, claimed: Money, ceiling: Rate = COURT_CEILING) -> CapTest:
    """Holds `claimed` (利息+复利+罚息+违约金+费用) of `days` days (one or more) against the ceiling."""
    return check_costs([(principal, days)], claimed, ceiling)


def check_costs(used: Iterable[Span], claimed: Money, ceiling: Rate = COURT_CEILING) -> CapTest:
    """The same for a principal that changed: `used` says how much of it was used for how many days.

    BadAmount for negative amounts and when no principal was used a day, BadDay for negative days.
    """
    fen_days = _fen_days(used)
    if not fen_days or claimed.fen < 0:
        raise BadAmount("检验 24% 需要至少一天的本金，息费不能是负数")
    a_year = Rate(Fraction(claimed.fen * CALENDAR_DAYS_A_YEAR, fen_days))
    return CapTest(claimed, _cap(fen_days, ceiling), a_year)


def principal_used(plan: Schedule, start: date, due_on: Sequence[date]) -> tuple[Span, ...]:
    """What a schedule that starts on `start` uses of its principal, from due day to due day.

    BadDay unless there is one due day, in order, for each instalment.
    """
    if len(due_on) != plan.terms:
        raise BadDay(f"{plan.terms} 期要有 {plan.terms} 个还款日")
    left, since, spans = sum(plan.principals), start, []
    for part, day in zip(plan.principals, due_on, strict=True):
        spans.append((Money(left), days_of_interest(since, day)))
        left, since = left - part, day
    return tuple(spans)


def _fen_days(used: Iterable[Span]) -> int:
    total = 0
    for principal, days in used:
        if principal.fen < 0:
            raise BadAmount("本金不能是负数")
        if days < 0:
            raise BadDay("天数不能是负数")
        total += principal.fen * days
    return total


def _cap(fen_days: int, ceiling: Rate) -> Money:
    return Money(fen_days).times(ceiling.annual / CALENDAR_DAYS_A_YEAR)
