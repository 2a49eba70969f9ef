"""What a loan costs: reckoned exactly for the amount and term the customer named."""

from __future__ import annotations

import re

from bot.actions.base import BankAction, Events, Talk
from bot.actions.utter import Utter
from bot.money import Money, level_payment_schedule

LOAN = "随心借"
DEFAULT_TERMS = 12
_TERM = re.compile(r"(\d+)(期|个月|月|年|天)")


class ActionLoanCost(BankAction):
    """For the lowest and the highest yearly rate, because the customer's own is set when he draws."""

    def name(self) -> str:
        return "action_loan_cost"

    def act(self, talk: Talk) -> Events:
        products = talk.services.products
        amount = amount_of(talk.entity("amount"))
        if amount is None:
            talk.say(Utter.LOAN_COST_ASK)
            return []
        least, most = products.money(f"{LOAN}.单笔最低"), products.money(f"{LOAN}.额度上限")
        if not least <= amount <= most:
            talk.say(Utter.LOAN_COST_RANGE, least=least.text, most=most.text)
            return []
        terms = terms_of(talk.entity("term")) or DEFAULT_TERMS
        low = level_payment_schedule(amount, products.rate(f"{LOAN}.年利率下限"), terms)
        high = level_payment_schedule(amount, products.rate(f"{LOAN}.年利率上限"), terms)
        talk.say(
            Utter.LOAN_COST,
            amount=amount.text,
            terms=terms,
            low_rate=products.rate(f"{LOAN}.年利率下限").render(),
            high_rate=products.rate(f"{LOAN}.年利率上限").render(),
            low_payment=low.payments[0].text,
            high_payment=high.payments[0].text,
            low_interest=low.interest.text,
            high_interest=high.interest.text,
        )
        return []


def amount_of(written: str | None) -> Money | None:
    """元 with two decimals → Money; None when nothing usable was named."""
    try:
        return Money.parse(written) if written else None
    except ValueError:
        return None


def terms_of(written: str | None) -> int | None:
    """Months of "12期", "10个月", "1年"; None for days or nothing."""
    match = _TERM.fullmatch(written or "")
    if match is None or match[2] == "天":
        return None
    months = int(match[1]) * (12 if match[2] == "年" else 1)
    return months if 1 <= months <= 36 else None
