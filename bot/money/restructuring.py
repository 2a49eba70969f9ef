"""重新分期: an overdue debt made into a plan of instalments, by agreement (民法典 543).

Owns the sum of it: what is waived, what is paid at once, what is left and in which instalments. Who may have
it, on what terms and with how much waived is the mandate's business. Old interest, and old charges that are
not waived, are spread over the plan and bear nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.money.allocation import STATUTORY_ORDER, Allocation, Dues, allocate
from bot.money.caps import COURT_CEILING, CapTest, Span, check_costs, principal_used
from bot.money.dates import due_dates
from bot.money.errors import BadAmount, BadNumber
from bot.money.interest import first_period_interest
from bot.money.money import ZERO, Exact, Money, exact
from bot.money.rates import Rate
from bot.money.schedules import Method, Schedule, schedule

#: What a waiver may take away: never principal, never the contract's interest.
WAIVABLE = ("fee", "penalty", "compound")


@dataclass(frozen=True)
class Restructuring:
    """A debt and the plan it became. `owed` = `waived` + paid `down` + the schedule's principal and carried."""

    owed: Dues
    waived: Dues
    down: Allocation  #: what is paid on `start` and where it goes; its `left` is what the schedule repays
    rate: Rate
    start: date
    due_on: tuple[date, ...]
    schedule: Schedule

    @property
    def total(self) -> Money:
        """Everything the customer pays: at once and in instalments."""
        return self.down.paid.total + self.schedule.total

    @property
    def payments(self) -> tuple[tuple[date, Money], ...]:
        """The days and amounts, the payment at once first if there is one."""
        at_once = ((self.start, self.down.paid.total),) if self.down.paid.total else ()
        return at_once + tuple(zip(self.due_on, self.schedule.payments, strict=True))

    def cost_test(
        self, used_before: Iterable[Span] = (), paid_before: Money = ZERO, ceiling: Rate = COURT_CEILING
    ) -> CapTest:
        """The 24% test over the debt's whole life.

        `used_before` is the principal used up to `start`, `paid_before` the costs already paid. Without them
        the old costs are held against the plan's own days alone, which is stricter.
        """
        old = self.owed.total - self.owed.principal - self.waived.total
        used = [*used_before, *principal_used(self.schedule, self.start, self.due_on)]
        return check_costs(used, paid_before + old + self.schedule.interest + self.schedule.fee, ceiling)


def waiver(owed: Dues, per_cent: Exact, kinds: Sequence[str] = WAIVABLE) -> Dues:
    """What a waiver of `per_cent` % (0 to 100, else BadNumber) takes away, each kind rounded half up."""
    part = exact(per_cent) / 100
    if not 0 <= part <= 1:
        raise BadNumber("减免的比例要在 0 到 100 之间")
    return Dues(**{kind: getattr(owed, kind).times(part) for kind in kinds})


def restructured(
    owed: Dues,
    rate: Rate,
    terms: int,
    start: date,
    anchor: int | None = None,
    least_days: int = 0,
    waive_percent: Exact = 0,
    down: Money = ZERO,
    method: Method = Method.LEVEL_PAYMENT,
    order: Sequence[str] = STATUTORY_ORDER,
) -> Restructuring:
    """The plan for all that is `owed` on `start`, at `rate` a year in `terms` instalments (1 to 360).

    In this order: `waive_percent` of charges, 罚息 and 复利 is waived, `down` is paid at once and allocated by
    `order` (民法典 561), what is left is repaid on due day `anchor` (default: the start's), the first at least
    `least_days` later; an odd first period bears its days. BadAmount when no principal is left to repay.
    """
    waived = waiver(owed, waive_percent)
    paid = allocate(down, owed - waived, order)
    if paid.unapplied or not paid.left.principal:
        raise BadAmount("首付之后没有本金可以分期")
    due_on = due_dates(start, terms, anchor, least_days)
    left = paid.left.principal
    plan = schedule(method, left, rate, terms)
    plan = plan.with_first_interest(first_period_interest(left, rate, start, due_on[0]))
    return Restructuring(owed, waived, paid, rate, start, due_on, plan.with_carried(paid.left.total - left))
