"""The lines a bargaining adds to the agent's hand-over card, from its facts. Knows no rules of bargaining."""

from __future__ import annotations

from collections.abc import Callable

from bot.actions.offer_card import in_one_line
from bot.actions.words import word
from bot.negotiation.handing_over import HandoverFacts, OfferMade
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.talk import Counter
from bot.negotiation.values import Offer

Priced = Callable[[Offer], PricedOffer]


def lines(facts: HandoverFacts, priced: Priced) -> dict[str, str]:
    """Offers with his answers, and what he proposed himself; nothing where there was neither."""
    said: dict[str, str] = {}
    if facts.offers:
        said[word("offers_made")] = "；".join(_offer(one, priced) for one in facts.offers)
    if facts.wished:
        said[word("he_proposed")] = "；".join(_wish(one) for one in facts.wished)
    return said


def _offer(made: OfferMade, priced: Priced) -> str:
    return f"{in_one_line(priced(made.offer))}（{word(f'answer_{made.answer.value}')}）"


def _wish(counter: Counter) -> str:
    parts = [
        word("wish_monthly").format(amount=counter.monthly.text) if counter.monthly is not None else "",
        word("wish_terms").format(terms=counter.terms) if counter.terms is not None else "",
        word("wish_upfront").format(amount=counter.upfront.text) if counter.upfront is not None else "",
        word("wish_wait").format(months=counter.starts_in) if counter.starts_in is not None else "",
    ]
    return "，".join(part for part in parts if part)
