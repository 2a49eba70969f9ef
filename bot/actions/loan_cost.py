"""What money costs: reckoned exactly for the amount and term the customer named, together or one by one."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.base import BankAction, Events, Talk, button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Loan
from bot.bank.products import Products
from bot.money import Money, Rate, daily_interest, fee_schedule, level_payment_schedule, schedule_apr

TOPIC = "loan_cost_calc"
LOAN, PAY_LATER = "随心借", "随心花"
DEFAULT_TERMS = 12
_TERM = re.compile(r"(\d+)(期|个月|年|天|周)")
_MONTHS = {"期": 1, "个月": 1, "年": 12}
_DAYS = {"天": 1, "周": 7}


class ActionLoanCost(BankAction):
    """The sum for what was named; asks for the amount when there is none."""

    def name(self) -> str:
        return "action_loan_cost"

    def act(self, talk: Talk) -> Events:
        return reckon(talk)


def reckon(talk: Talk) -> Events:
    """Amount and term may come in one message or one after the other."""
    before = talk.slot("reckoning") or {}
    written = {name: talk.entity(name) or before.get(name) for name in ("amount", "term")}
    amount = amount_of(written["amount"])
    if amount is None:
        talk.say(Utter.LOAN_COST_ASK)
    elif talk.product == PAY_LATER:
        _say_instalments(talk, amount, months_of(written["term"]))
    elif days := days_of(written["term"]):
        _say_days(talk, amount, days)
    else:
        _say_loan(talk, amount, months_of(written["term"]))
    return [SlotSet("reckoning", written)]


def _say_loan(talk: Talk, amount: Money, months: int | None) -> None:
    products = talk.services.products
    if not _in_range(talk, LOAN, amount, products.money(f"{LOAN}.单笔最低")):
        return
    allowed = products.whole_list(f"{LOAN}.可选期数")
    if months is not None and months not in allowed:
        talk.say(Utter.LOAN_COST_TERMS, product=LOAN, buttons=_terms(amount, LOAN, allowed, months))
        return
    terms = months or DEFAULT_TERMS
    own = own_rate(talk)
    values: dict[str, Any] = {"amount": amount.text, "terms": terms}
    if own is not None:
        values |= _payments("own", amount, own, terms)
        talk.say(Utter.LOAN_COST_OWN, buttons=_terms(amount, LOAN, allowed, terms), **values)
    else:
        low, high = _rates(products)
        values |= _payments("low", amount, low, terms) | _payments("high", amount, high, terms)
        talk.say(Utter.LOAN_COST, buttons=_terms(amount, LOAN, allowed, terms), **values)


def _payments(which: str, amount: Money, rate: Rate, terms: int) -> dict[str, str]:
    plan = level_payment_schedule(amount, rate, terms)
    return {
        f"{which}_rate": rate.render(),
        f"{which}_payment": plan.payments[0].text,
        f"{which}_interest": plan.interest.text,
    }


def _say_days(talk: Talk, amount: Money, days: int) -> None:
    products = talk.services.products
    if not _in_range(talk, LOAN, amount, products.money(f"{LOAN}.单笔最低")):
        return
    low, high = _rates(products)
    talk.say(
        Utter.LOAN_COST_DAYS,
        amount=amount.text,
        days=days,
        low_rate=low.render(),
        high_rate=high.render(),
        low_interest=daily_interest(amount, low, days).text,
        high_interest=daily_interest(amount, high, days).text,
    )


def _say_instalments(talk: Talk, amount: Money, months: int | None) -> None:
    products = talk.services.products
    if not _in_range(talk, PAY_LATER, amount, products.money(f"{PAY_LATER}.额度下限")):
        return
    allowed = products.whole_list(f"{PAY_LATER}.可选期数")
    if months is not None and months not in allowed:
        talk.say(Utter.LOAN_COST_TERMS, product=PAY_LATER, buttons=_terms(amount, PAY_LATER, allowed, months))
        return
    terms = months or DEFAULT_TERMS
    plan = fee_schedule(amount, products.text(f"{PAY_LATER}.分期每期费率"), terms)
    talk.say(
        Utter.LOAN_COST_INSTALMENTS,
        amount=amount.text,
        terms=terms,
        payment=plan.payments[0].text,
        fee=plan.fee.text,
        yearly=schedule_apr(plan).simple.render(),
        buttons=_terms(amount, PAY_LATER, allowed, terms),
    )


def _in_range(talk: Talk, product: str, amount: Money, least: Money) -> bool:
    """Says what can be borrowed when the amount is outside."""
    most = talk.services.products.money(f"{product}.额度上限")
    if least <= amount <= most:
        return True
    talk.say(Utter.LOAN_COST_RANGE, product=product, least=least.text, most=most.text)
    return False


def _terms(amount: Money, product: str, allowed: tuple[int, ...], shown: int) -> list[dict[str, str]]:
    """The other terms, one tap away."""
    named = {"amount": f"{amount.yuan:.2f}", "product": product}
    return [
        button(f"{terms}{word('terms')}", TOPIC, term=f"{terms}期", **named)
        for terms in allowed
        if terms != shown
    ]


def _rates(products: Products) -> tuple[Rate, Rate]:
    return products.rate(f"{LOAN}.年利率下限"), products.rate(f"{LOAN}.年利率上限")


def own_rate(talk: Talk) -> Rate | None:
    """The verified speaker's own rate, by his newest loan."""
    if talk.customer_id is None:
        return None
    loans: list[Loan] = [loan for loan in talk.services.bank.loans(talk.customer_id) if loan.product == LOAN]
    return max(loans, key=lambda loan: loan.drawn_on).rate if loans else None


def amount_of(written: str | None) -> Money | None:
    """元 with two decimals → Money; None when nothing usable was named."""
    try:
        return Money.parse(written) if written else None
    except ValueError:
        return None


def months_of(written: str | None) -> int | None:
    """Months of "12期", "10个月", "1年"; None for days or nothing."""
    match = _TERM.fullmatch(written or "")
    return int(match[1]) * _MONTHS[match[2]] if match and match[2] in _MONTHS else None


def days_of(written: str | None) -> int | None:
    """Days of "7天", "2周"; None for months or nothing."""
    match = _TERM.fullmatch(written or "")
    return int(match[1]) * _DAYS[match[2]] if match and match[2] in _DAYS else None
