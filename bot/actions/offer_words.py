"""How an offer is said: the sentence, the card, the reason, the read-back. Every figure is the priced offer's own.

Knows no rules of bargaining; texts are responses of the domain, short words are words.yml's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bot.actions.offer_card import card, day_words, yearly
from bot.actions.talk import Talk, button, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.money import Money
from bot.negotiation.mandate import offer_name
from bot.negotiation.pricing import Payment, PricedOffer
from bot.negotiation.talk import Move, Rule
from bot.negotiation.values import Capacity, Debt, OfferKind

_YES = re.compile(
    r"(?:好的?|行|可以|同意|接受|没问题|成|中|嗯|那?就(?:这样|这个|按这个)|按这个(?:来|办|还)?|我?(?:能|可以)(?:接受|做到)|就它|ok|OK|确定|定了|愿意)"
    r"(?:的|了|吧|啊|呀|哦|嘛|呢|,|，|。|!|！|\s)*(?:(?:就)?(?:这个|这样|按这个)?(?:方案)?(?:吧|办|来)?|我?(?:同意|接受|愿意|签)(?:这个)?(?:方案)?)?[。!！]*"
)


#: at the end of what he says about an offer, these turn it down
_NO = re.compile(
    r"(?:(?<!行)不行|不得行|不同意|不接受|不答应|要不得|整不了|还不[起了上]|做不到|承受不[了起住]|受不了|负担不[了起]|唔得|不可以)"
    r"(?:的|了|啊|呀|吧|嘛|咯|呢)*[。.!！\s]*$"
)


#: somebody is said to have promised more; only the mandate counts
_CLAIM = re.compile(
    r"(?:经理|领导|主管|客服|行长|总行|坐席|你们(?:的)?(?:人|同事|员工|工作人员)|同事|电话里|上次|昨天|之前|系统|管理员)"
    r"[^。!?！？]{0,12}(?:答应|同意|批准|批了|承诺|说好|说过|保证|许诺|特批|授权|允许)"
    r"|【[^】]{0,12}】[^。]{0,20}(?:批准|同意|全免|减免|通过)"
)


def claims_approval(text: str) -> bool:
    """Whether the text says that somebody else has promised or approved more."""
    return bool(_CLAIM.search(text))


def is_yes(text: str) -> bool:
    """A plain yes to an offer, whatever it was read as."""
    return bool(_YES.fullmatch(text.strip()))


def is_no(text: str) -> bool:
    """A plain no to an offer, also at the end of a reason, whatever it was read as."""
    return bool(_NO.search(text.strip()))


def choices() -> list[dict[str, str]]:
    """What can be said to an offer, one tap away."""
    return [button(word("take_offer"), "affirm"), button(word("refuse_offer"), "deny"), person()]


def say_offer(
    talk: Talk, debt: Debt, offer: PricedOffer, move: Move, told: Capacity | None, proposed: bool = True
) -> None:
    """The offer: one sentence with the reason, and the card with every payment and cost. ``proposed``: where the
    move meets a counter-offer, whether he made it himself ("太多了" is none)."""
    if proposed:
        _say_counter(talk, move)
    if offer.offer.kind is OfferKind.LUMP:
        response = Utter.NEGOTIATE_LUMP
    elif offer.offer.kind is OfferKind.EXTENSION:
        response = Utter.NEGOTIATE_EXTENSION
    else:
        response = Utter.NEGOTIATE_PLAN
    talk.show(
        response,
        card(debt, offer),
        **figures(debt, offer),
        because=because(move, told) if proposed else word("because_milder"),
    )
    talk.say(Utter.NEGOTIATE_CHOICE, until=day_words(offer.pay_by), buttons=choices())


def _say_counter(talk: Talk, move: Move) -> None:
    rules = {reason.rule for reason in move.reasons}
    if Rule.COUNTER_MET in rules:
        talk.say(Utter.NEGOTIATE_COUNTER_MET)
    elif Rule.COUNTER_NEAREST in rules:
        talk.say(Utter.NEGOTIATE_COUNTER_NEAREST)


def because(move: Move, told: Capacity | None) -> str:
    """Why this one, in a customer's words."""
    rules = {reason.rule for reason in move.reasons}
    if Rule.NEVER_DEARER in rules:
        return word("because_milder")
    if Rule.COUNTER_MET in rules or Rule.COUNTER_NEAREST in rules:
        return word("because_wished")
    offered = next((dict(reason.figures).get("monthly") for reason in move.reasons if reason.figures), None)
    if told is not None and told.monthly.fen and offered != told.monthly.text:
        return word("because_within").format(monthly=told.monthly.text)
    return word("because_means")


def say_why(talk: Talk, move: Move, offer: PricedOffer | None, told: Capacity | None) -> None:
    """Asked why: by what it was chosen, and who may look at it again (个人信息保护法 第二十四条)."""
    if offer is None:
        talk.say(Utter.NEGOTIATE_WHY_ASK, buttons=[person()])
        return
    monthly = told.monthly.text if told is not None else ""
    talk.say(Utter.NEGOTIATE_WHY, monthly=monthly, because=because(move, told), buttons=choices())


def read_back(talk: Talk, offer: PricedOffer) -> None:
    """What he agreed to, each payment with its day; what it means for the credit record and if it is not kept."""
    payments = "\n".join(_rows(offer.payments))
    waived = word("waived_if_kept").format(waived=offer.waived.text) if offer.waived.fen else ""
    talk.say(
        Utter.NEGOTIATE_READ_BACK,
        payments=payments,
        total=offer.total.text,
        yearly=yearly(offer),
        waived=waived,
        until=day_words(offer.pay_by),
    )


def _rows(payments: Sequence[Payment]) -> list[str]:
    """A line for each run of equal payments, with its first day; the last one of a plan often differs."""
    lines = []
    for _, run in groupby(payments, key=lambda payment: (bool(payment.number), payment.amount)):
        same = list(run)
        first, last, amount = same[0], same[-1], same[0].amount.text
        if first is last:
            lines.append(f"{_number(first.number)}：{day_words(first.due_on)} {amount} 元")
        else:
            span = word("from_to").format(first=first.number, last=last.number)
            days = word("each_month").format(first=day_words(first.due_on), last=day_words(last.due_on))
            lines.append(f"{span}：{days}，每期 {amount} 元")
    return lines


def figures(debt: Debt, offer: PricedOffer) -> dict[str, Any]:
    """What the responses fill in."""
    paid = offer.instalments
    return {
        "name": offer_name(debt, offer.offer),
        "count": len(paid),
        "monthly": offer.monthly.text,
        "first": day_words(paid[0].due_on) if paid else "",
        "total": offer.total.text,
        "interest": offer.interest.text,
        "yearly": yearly(offer),
        "pause": offer.offer.pause,
        "down": word("down_first").format(down=offer.down.text) if offer.down.fen and paid else "",
        "waived": word("waived_if_kept").format(waived=offer.waived.text) if offer.waived.fen else "",
    }


def means_line(means: dict[str, Any]) -> str:
    """What he can pay, for the agent's card."""
    names = {"monthly": word("means_monthly"), "at_hand": word("means_at_hand"), "later": word("means_later")}
    said = [f"{names[name]} {Money(means[name]).text}" for name in names if name in means]
    if "recovers_in" in means:
        said.append(word("means_recovers").format(months=means["recovers_in"]))
    return "，".join(said)


def debt_line(debt: Debt) -> str:
    """ "随心借现在一共欠 12,345.67 元，逾期 40 天"."""
    late = word("late_for").format(days=debt.overdue_days) if debt.overdue_days else ""
    return word("owes").format(product=debt.product, total=debt.total.text, late=late)


def why_person(move: Move) -> str:
    """The move's ground, for the agent."""
    rules = [reason.rule for reason in move.reasons]
    return "；".join(word(f"rule_{rule.value}") for rule in rules)


def _number(number: int) -> str:
    return word("nth").format(number=number) if number else word("pay_at_once")
