"""Promise to pay (还款承诺): may it be made, was it kept. Pure.

A promise changes no contract: the due day stays, and what is late bears what the contract says. When it is reminded
of is in reminding.py. Knows no store and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from bot.money import ZERO, Money, business_date
from bot.negotiation.keeping import Payment, received


@dataclass(frozen=True)
class Promise:
    """So much, on that day at the latest. ``made_at`` is aware."""

    id: str
    debt_id: str
    day: date
    amount: Money
    made_at: datetime

    @property
    def made_on(self) -> date:
        return business_date(self.made_at)


_HUNDRED = Money(100_00)


@dataclass(frozen=True)
class PromiseRules:
    """All figures are the demo bank's; a bank's come from its mandate."""

    within_days: int = 14  #: a later day is a plan, not a promise
    least: Money = _HUNDRED  #: less only where less is owed
    booking_days: int = 1  #: a transfer may arrive the day after
    broken_to_person: int = 2


class Kept(str, Enum):
    OPEN = "open"  #: its day has not passed
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


KEPT: dict[Kept, str] = {
    Kept.OPEN: "未到期",
    Kept.KEPT: "已兑现",
    Kept.PARTLY: "部分兑现",
    Kept.BROKEN: "未兑现",
}


class PromiseRefusal(str, Enum):
    """Why a promise is not taken; ``sentence`` is what the customer reads, {least} and {last} are filled in."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> PromiseRefusal:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    NOTHING_OWED = "nothing_owed", "这笔现在没有要还的，不用约定日子。"
    TO_A_PERSON = "to_a_person", "前面约的日子有变化，没关系，我请工作人员和您一起看怎么还更合适。"
    OPEN_ALREADY = "open_already", "这笔已经记了一个还款日子，要改的话请告诉我新的日子和金额。"
    DAY_PAST = "day_past", "这个日子已经过了，请说一个今天或以后的日子。"
    DAY_TOO_FAR = "day_too_far", "我最晚能记到 {last}；要更久，我们来谈分开还。"
    TOO_LITTLE = "too_little", "能还一点也很好，随时可以还；要记成约定，最少 {least}。"
    MORE_THAN_OWED = "more_than_owed", "您说的比欠的还多，现在一共只要还 {owed}。"


def may_promise(
    day: date,
    amount: Money,
    owed: Money,
    today: date,
    earlier: Sequence[Kept] = (),
    rules: PromiseRules = PromiseRules(),
) -> PromiseRefusal | None:
    """Why a promise may not be made; None: it may. ``earlier``: how the promises on this debt ended, or stand."""
    if owed <= ZERO:
        return PromiseRefusal.NOTHING_OWED
    if needs_person(earlier, rules):
        return PromiseRefusal.TO_A_PERSON
    if Kept.OPEN in earlier:
        return PromiseRefusal.OPEN_ALREADY
    if day < today:
        return PromiseRefusal.DAY_PAST
    if day > last_day(today, rules):
        return PromiseRefusal.DAY_TOO_FAR
    if amount > owed:
        return PromiseRefusal.MORE_THAN_OWED
    return PromiseRefusal.TOO_LITTLE if amount < min(rules.least, owed) else None


def refusal_text(
    refusal: PromiseRefusal, owed: Money, today: date, rules: PromiseRules = PromiseRules()
) -> str:
    """The refusal's sentence with its figures."""
    last = last_day(today, rules)
    least = min(rules.least, owed)
    return refusal.sentence.format(least=least, last=f"{last.month} 月 {last.day} 日", owed=owed)


def last_day(today: date, rules: PromiseRules = PromiseRules()) -> date:
    """The last day a promise may name."""
    return today + timedelta(days=rules.within_days)


def kept(
    promise: Promise, paid: Iterable[Payment], today: date, rules: PromiseRules = PromiseRules()
) -> Kept:
    """How the promise stands: payments on the debt from the day it was made to its last day count."""
    last = promise.day + timedelta(days=rules.booking_days)
    came = received(paid, min(last, today), promise.made_on)
    if came >= promise.amount:
        return Kept.KEPT
    if today <= last:
        return Kept.OPEN
    return Kept.PARTLY if came else Kept.BROKEN


def needs_person(ended: Iterable[Kept], rules: PromiseRules = PromiseRules()) -> bool:
    """Whether the promises on a debt were broken so often that a person talks instead. Partly kept is not broken."""
    return sum(one is Kept.BROKEN for one in ended) >= rules.broken_to_person
