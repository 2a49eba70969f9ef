"""What a customer must have been told before he consents to a plan, and whether a text tells it. Pure.

Owns the list of disclosures and, for credit cards only, the six items of 《商业银行信用卡业务监督管理办法》第七十条.
A consumer loan never cites that article. Knows no page; it reads the words that were really shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum

from bot.money import Money, Rate
from bot.negotiation.keeping import Payment


class Disclosure(str, Enum):
    AI_LABEL = "ai_label"  #: 人工智能生成合成内容标识办法 第四条
    TOTAL_COST = "total_cost"  #: 个人贷款业务明示综合融资成本规定
    YEARLY_COST = "yearly_cost"  #: 人民银行公告〔2021〕3号
    PAYMENTS = "payments"  #: each payment and its day
    WAIVER_CONDITION = (
        "waiver_condition"  #: 民法典 第五百七十五条: a waiver told binds, so its condition is told too
    )
    CREDIT_RECORD = "credit_record"  #: 征信业管理条例 第十五、十六条
    BREACH = "breach"  #: what follows when the plan is not kept; 民法典 第四百九十六条
    PERSON = "person"  #: 个人信息保护法 第二十四条: a person may look at it again


class CardItem(str, Enum):
    """What a card's 个性化分期还款协议 must at least say (第七十条)."""

    BALANCE = "balance"  #: 欠款余额、结构、币种
    REPAYMENT = "repayment"  #: 还款周期、方式、币种、日期和每期金额
    CHARGES = "charges"  #: 还款期间是否计收年费、利息和其他费用
    NO_NEW_CARD = "no_new_card"  #: 结清前不向任何银行申领信用卡的承诺
    DUTIES = "duties"  #: 双方的权利义务和违约责任
    OTHER = "other"  #: 与还款有关的其他事项


CARD_ITEMS: dict[CardItem, str] = {
    CardItem.BALANCE: "欠款余额、结构和币种",
    CardItem.REPAYMENT: "还款周期、方式、币种、日期和每期金额",
    CardItem.CHARGES: "还款期间是否收年费、利息和其他费用",
    CardItem.NO_NEW_CARD: "结清前不再向任何银行申领信用卡的承诺",
    CardItem.DUTIES: "双方的权利义务和违约责任",
    CardItem.OTHER: "其他约定",
}


def card_items_missing(read_back: Iterable[CardItem]) -> tuple[CardItem, ...]:
    """The six items without those read back, in the article's order."""
    told = frozenset(read_back)
    return tuple(item for item in CardItem if item not in told)


def missing(told: Iterable[Disclosure], waives: bool) -> tuple[Disclosure, ...]:
    """What has still to be told; a plan that waives nothing needs no condition for it."""
    done = frozenset(told) | (frozenset() if waives else {Disclosure.WAIVER_CONDITION})
    return tuple(one for one in Disclosure if one not in done)


def told_by(
    texts: Iterable[str], payments: Sequence[Payment], waived: Money, yearly_cost: Rate | None
) -> frozenset[Disclosure]:
    """What the shown texts tell about a plan; amounts and days must stand there as they are, to the 分.

    A plan paid at once has no yearly cost (``yearly_cost`` None): that it is told is then given.
    """
    text = "\n".join(texts)
    total = Money.total(amount for _, amount in payments)
    found = {
        Disclosure.AI_LABEL: "AI" in text,
        Disclosure.TOTAL_COST: _tells(text, total),
        Disclosure.YEARLY_COST: yearly_cost is None or ("年化" in text and _has(text, yearly_cost.render())),
        Disclosure.PAYMENTS: all(_on_one_line(text, day, amount) for day, amount in payments),
        Disclosure.WAIVER_CONDITION: _tells(text, waived) and bool(_CONDITION.search(text)),
        Disclosure.CREDIT_RECORD: "征信" in text,
        Disclosure.BREACH: bool(_BREACH.search(text)),
        Disclosure.PERSON: bool(_PERSON.search(text)),
    }
    return frozenset(one for one, is_told in found.items() if is_told)


_CONDITION = re.compile(r"减免[^。\n]*(?:条件|才|按时|按方案)|(?:条件|按时|按方案)[^。\n]*减免")
_BREACH = re.compile(r"(?:没有?|未)(?:能)?(?:按时|按方案|按约定|还够)|违约|逾期")
_PERSON = re.compile(r"人工|坐席|工作人员")


def _tells(text: str, amount: Money) -> bool:
    return _has(text, amount.text) or _has(text, amount.text.replace(",", ""))


def _has(text: str, figure: str) -> bool:
    """The figure stands there whole, not inside a longer one."""
    return bool(re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text))


def _on_one_line(text: str, day: date, amount: Money) -> bool:
    written = rf"(?<!\d)(?:{day.isoformat()}|{day.year} ?年 ?0?{day.month} ?月 ?0?{day.day} ?日)"
    return any(re.search(written, line) and _tells(line, amount) for line in text.splitlines())
