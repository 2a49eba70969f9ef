"""What a person may offer: within the mandate himself, beyond it with a second person, and some things nobody. Pure.

Owns which of the mandate's refusals a second person may lift. The law's are never lifted: 24% a year, the longest total
term, the rules of 展期, a debt that is somebody else's or in court. Principal and contract interest have no waiver at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.money import may_extend
from bot.negotiation.ceiling import debt_over_ceiling, offer_over_ceiling
from bot.negotiation.mandate import Mandate, allowed
from bot.negotiation.refusals import Refusal, Why, refuse
from bot.negotiation.values import Debt, Offer, OfferKind

MOST_MONTHS = 360

#: the bank's own limits, which a second person may lift for one customer
LIFTED: frozenset[Why] = frozenset(
    {
        Why.THIRD_PLAN,
        Why.OVER_AMOUNT,
        Why.NOT_YET_DUE,
        Why.OVERDUE_NOT_COVERED,
        Why.ELAPSED_OUTSIDE,
        Why.REMAINING_OUTSIDE,
        Why.KIND_NOT_ALLOWED,
        Why.TERMS_TOO_MANY,
        Why.TERMS_NOT_OFFERED,
        Why.WAIVER_TOO_HIGH,
        Why.WAIVER_NOT_OFFERED,
        Why.DOWN_TOO_LOW,
        Why.DOWN_NOT_OFFERED,
        Why.PAUSE_TOO_LONG,
    }
)


class Says(str, Enum):
    WITHIN = "within"
    SECOND_PERSON = "second_person"
    NEVER = "never"


@dataclass(frozen=True)
class Verdict:
    """``refusal``: the mandate's first reason, for the agent; None within."""

    says: Says
    refusal: Refusal | None = None


def verdict(mandate: Mandate, debt: Debt, offer: Offer, today: date) -> Verdict:
    """Who may make this offer to this debt today."""
    if not _formed(offer):
        return Verdict(Says.NEVER, refuse(Why.MALFORMED))
    refused = allowed(mandate, debt, offer, today)
    if refused is None:
        return Verdict(Says.WITHIN)
    if refused.why not in LIFTED:
        return Verdict(Says.NEVER, refused)
    law = _law(mandate, debt, offer, today)
    return Verdict(Says.SECOND_PERSON, refused) if law is None else Verdict(Says.NEVER, law)


def _formed(offer: Offer) -> bool:
    """Only what its kind knows, in numbers that mean something."""
    if not (0 <= offer.waiver <= 100 and 0 <= offer.down < 100):
        return False
    if offer.kind is OfferKind.PLAN:
        return 1 <= offer.terms <= MOST_MONTHS and not offer.pause
    if offer.kind is OfferKind.EXTENSION:
        return 1 <= offer.pause <= MOST_MONTHS and not (offer.terms or offer.waiver or offer.down)
    return not (offer.terms or offer.down or offer.pause)


def _law(mandate: Mandate, debt: Debt, offer: Offer, today: date) -> Refusal | None:
    """What no person may lift, asked of itself: the mandate names its first reason only."""
    if offer.kind is not OfferKind.LUMP and not debt.principal:
        return refuse(Why.NO_PRINCIPAL)
    if debt_over_ceiling(debt):
        return refuse(Why.COST_OVER_CEILING)
    longest = mandate.products[debt.product].longest_total
    if debt.elapsed_terms + offer.terms > longest:
        return refuse(Why.TOTAL_TERM_TOO_LONG, elapsed=debt.elapsed_terms, most=longest)
    if offer.kind is OfferKind.EXTENSION:
        if debt.remaining_terms < 1:
            return refuse(Why.EXTENSION_AFTER_MATURITY)
        original = debt.elapsed_terms + debt.remaining_terms - debt.extended_months
        if original < 1 or not may_extend(original, debt.extended_months + offer.pause, longest):
            return refuse(Why.EXTENSION_BEYOND_RULES, pause=offer.pause)
    return refuse(Why.OFFER_OVER_CEILING) if offer_over_ceiling(debt, offer, today) else None
