"""An offer as a card and in one line: the same for the customer's chat, the signing page's link and the agent's desk.

Every figure is the priced offer's own. Knows no dialogue, so that the desk can show the very card the customer has.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.actions.words import word
from bot.negotiation.mandate import offer_name
from bot.negotiation.pricing import YEARLY_COST, PricedOffer
from bot.negotiation.values import Debt


def card(debt: Debt, offer: PricedOffer) -> dict[str, Any]:
    """The offer as a card. ``schedule``: number (0 = at once), ISO day, amount; amounts as "1,234.56"."""
    return {
        "kind": "offer",
        "title": offer_name(debt, offer.offer),
        "rows": [{"label": label, "value": value} for label, value in _lines(debt, offer)],
        "schedule": [
            {"no": payment.number, "day": payment.due_on.isoformat(), "amount": payment.amount.text}
            for payment in offer.payments
        ],
        "cost_table": [{"name": row.name, "payee": row.payee, "value": row.value} for row in offer.rows],
        "total": offer.total.text,
        "yearly": yearly(offer),
        "valid_until": offer.pay_by.isoformat(),
        "terms": {
            "kind": offer.offer.kind.value,
            "terms": offer.offer.terms,
            "waiver": offer.offer.waiver,
            "down": offer.offer.down,
            "pause": offer.offer.pause,
        },
        "note": word("offer_note"),
    }


def _lines(debt: Debt, offer: PricedOffer) -> list[tuple[str, str]]:
    lines = [(word("owed_now"), f"{debt.total.text} 元")]
    if offer.waived.fen:
        lines.append((word("waived"), f"{offer.waived.text} 元"))
    if offer.down.fen:
        lines.append((word("pay_at_once"), f"{offer.down.text} 元（{day_words(offer.pay_by)}前）"))
    if offer.instalments:
        count = word("times").format(count=len(offer.instalments), monthly=offer.monthly.text)
        lines.append((word("instalments_line"), count))
        lines.append((word("first_day"), day_words(offer.instalments[0].due_on)))
        lines.append((word("new_interest"), f"{offer.interest.text} 元"))
    lines.append((word("total"), f"{offer.total.text} 元"))
    if offer.yearly is not None:
        lines.append((YEARLY_COST, yearly(offer)))
    lines.append((word("valid_until"), day_words(offer.pay_by)))
    return lines


def in_one_line(offer: PricedOffer) -> str:
    """For the agent's card."""
    parts = (
        [f"{len(offer.instalments)} 期，每期最多 {offer.monthly.text}"]
        if offer.instalments
        else [word("lump")]
    )
    parts.append(f"{word('total')} {offer.total.text}")
    if offer.waived.fen:
        parts.append(f"{word('waived')} {offer.waived.text}")
    return "，".join(parts)


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def yearly(offer: PricedOffer) -> str:
    return word("no_yearly") if offer.yearly is None else f"{offer.yearly.render()}"
