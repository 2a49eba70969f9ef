"""The 24% test of a debt and of an offer: what breaks it goes to a person, and is never offered.

Owns when it is made; the arithmetic is `bot.money`'s (法发〔2017〕22号, 金规〔2025〕9号).
"""

from __future__ import annotations

from datetime import date

from bot.money import Money, Rate, check_costs
from bot.negotiation.pricing import Contract, priced
from bot.negotiation.values import Debt, Offer, OfferKind

#: A plan's only new cost is interest at the contract's rate. A month bears a twelfth of the year's, even February's
#: 28 days: 24% × 12 × 28 / 365 = 22.09%. At 22% or less no plan can break the test, rounding of amounts this
#: large included, and nothing needs to be priced to know it.
SURELY_WITHIN = Rate.percent(22)
LARGE = Money.parse("1000.00")

_NO_CONTRACT = Contract(lender="")


def debt_over_ceiling(debt: Debt) -> bool:
    """Whether what is claimed already, with what was paid, breaks 24% over the days the principal was used.

    False where the books do not say how long it was used: then nobody can test it here.
    """
    if not _known(debt):
        return False
    return not check_costs(debt.used, debt.costs_paid + debt.interest + debt.waivable).within


def offer_over_ceiling(debt: Debt, offer: Offer, today: date) -> bool:
    """Whether the offer breaks 24%: by its own cost, or over the debt's whole life where that is known.

    For a debt that `debt_over_ceiling` let pass: what keeps to 24% so far and from now on keeps to it in all.
    """
    if offer.kind is OfferKind.LUMP:
        return False  # never more than the debt as it stands
    if debt.rate <= SURELY_WITHIN and debt.principal >= LARGE:
        return False
    return not priced(debt, offer, today, today.day, _NO_CONTRACT).within_ceiling


def _known(debt: Debt) -> bool:
    return any(principal.fen and days for principal, days in debt.used)
