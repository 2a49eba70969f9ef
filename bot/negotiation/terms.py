"""What an offer asks for, to the 分: how much at once, how much a month, from when, how often.

The product's one translation of an `Offer` on a `Debt` into amounts. Knows no customer and no authority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.money import ZERO, Money, Schedule, level_payment_schedule
from bot.negotiation.values import Debt, Offer, OfferKind


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


#: a way to price an offer; the product's is `asked`
Pricing = Callable[[Debt, Offer], Asked]


def asked(debt: Debt, offer: Offer) -> Asked:
    """The amounts of an offer; ``monthly`` is the dearest month, so that what fits it fits every month."""
    owed = debt.principal + debt.interest + debt.waivable - debt.waivable.percent(offer.waiver)
    if offer.kind is OfferKind.LUMP:
        return Asked(owed, ZERO)
    if offer.kind is OfferKind.EXTENSION:
        months = debt.remaining_terms
        waiting = debt.principal.times(debt.rate.monthly * offer.pause)
        carried = debt.interest + debt.waivable + waiting
        schedule = level_payment_schedule(debt.principal, debt.rate, months).with_carried(carried)
        return Asked(ZERO, _dearest(schedule), offer.pause + 1, months)
    upfront = owed.percent(offer.down)
    rest = max(ZERO, debt.principal - upfront)
    carried = owed - upfront - rest
    schedule = level_payment_schedule(rest, debt.rate, offer.terms).with_carried(carried)
    return Asked(upfront, _dearest(schedule), 1, offer.terms)


def _dearest(schedule: Schedule) -> Money:
    return max(schedule.payments)
