"""What an offer asks for, as the choice weighs it: how much at once, how much a month, from when, how often.

The amounts are pricing's own, to the 分: what is weighed is what is told, shown and signed. Knows no customer and
no authority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.money import Money
from bot.negotiation.pricing import demanded
from bot.negotiation.values import Debt, Offer


@dataclass(frozen=True)
class Asked:
    """``upfront`` at once (month 0), then ``count`` times at most ``monthly``, from month ``first`` on."""

    upfront: Money
    monthly: Money
    first: int = 1
    count: int = 0

    @property
    def total(self) -> Money:
        return self.upfront + self.monthly * self.count


#: a way to price an offer; the product's is `asked_on` a day
Pricing = Callable[[Debt, Offer], Asked]


def asked_on(day: date, due_day: int, least_days: int = 0) -> Pricing:
    """Pricing from the books of ``day``, paid on ``due_day`` of the month, first at least ``least_days`` later.

    ``monthly`` is the dearest month, so that what fits it fits every month.
    """

    def asked(debt: Debt, offer: Offer) -> Asked:
        at_once, months = demanded(debt, offer, day, due_day, least_days)
        dearest = max(months, default=Money(0))
        return Asked(at_once, dearest, offer.pause + 1, len(months) - offer.pause)

    return asked
