"""What must have been shown and confirmed before a signature counts; each refusal has a code and a sentence. Pure.

A signature is made on the signing page only, after the cost table was read (《个人贷款业务明示综合融资成本规定》, in
force since 2026-08-01), the plan was read back and the customer proved who he is anew. Typing 同意 is never one
(docs/adr/0014). What must have been disclosed is in disclosure.py. Knows no page and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256

from bot.money import COURT_CEILING, Money, Rate, business_date
from bot.negotiation.disclosure import CardItem, Disclosure, card_items_missing, missing
from bot.negotiation.keeping import Payment


@dataclass(frozen=True)
class Terms:
    """What is signed: the frozen offer's figures. ``pay_by`` is the last day they hold for."""

    debt_id: str
    priced_on: date
    pay_by: date
    owed: Money
    waived: Money
    payments: tuple[Payment, ...]
    yearly_cost: Rate | None = None  #: None where all is paid at once

    @property
    def total(self) -> Money:
        """Everything the customer pays."""
        return Money.total(amount for _, amount in self.payments)


def fingerprint(terms: Terms) -> str:
    """Recognises the terms: any other amount, day or rate gives another one."""
    cost = terms.yearly_cost and terms.yearly_cost.annual
    parts = [terms.debt_id, terms.priced_on.isoformat(), terms.pay_by.isoformat(), str(cost)]
    parts += [str(terms.owed.fen), str(terms.waived.fen)]
    parts += [f"{day.isoformat()} {amount.fen}" for day, amount in terms.payments]
    return sha256("\n".join(parts).encode()).hexdigest()


class Place(str, Enum):
    """Where the customer said yes."""

    CHAT = "chat"  #: typed or pressed in the talk
    SIGNING_PAGE = "signing_page"


@dataclass(frozen=True)
class Confirmed:
    """Something was shown and confirmed: of which terms (their fingerprint), when first and last."""

    fingerprint: str
    shown_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True)
class Evidence:
    """What is on record when the customer signs; every moment is aware."""

    place: Place
    cost_table: Confirmed | None = None
    read_back: Confirmed | None = None
    verified_at: datetime | None = None  #: the step-up verification, not the login
    verified_as: str = ""  #: the customer it proved
    disclosed: frozenset[Disclosure] = frozenset()
    card_items: frozenset[CardItem] = frozenset()


@dataclass(frozen=True)
class SigningRules:
    """The rule of 2026-08-01 asks for a forced reading time and names no seconds; both figures are the demo bank's."""

    reading: timedelta = timedelta(seconds=15)
    verification: timedelta = timedelta(minutes=5)
    ceiling: Rate = COURT_CEILING  #: 金规〔2025〕9号 六
    card_months: int = 60  #: 信用卡 70条: five years


class Refusal(str, Enum):
    """Why a signature does not count; ``sentence`` is what the customer reads."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Refusal:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    NOT_ON_THE_PAGE = "not_on_the_page", "在聊天里回复同意还不算签署。请打开签署页，看清费用后在那里签。"
    OFFER_EXPIRED = "offer_expired", "这份方案的有效期已过，金额会有变化。我按今天的情况重新算一份给您看。"
    OFFER_CHANGED = "offer_changed", "方案的金额或日期和之前给您看的不一样了，请先看新的一份。"
    TABLE_NOT_SHOWN = "table_not_shown", "请先看综合融资成本明示表，看完点确认，再签署。"
    TABLE_OF_ANOTHER = "table_of_another", "您确认的费用表不是这一份方案的，请重新看一遍再签署。"
    TABLE_READ_TOO_SHORT = "table_read_too_short", "费用表还没到阅读时间，请慢慢看完再确认。"
    NOT_READ_BACK = "not_read_back", "请先核对一遍每期还多少、哪天还，确认无误再签署。"
    READ_BACK_OF_ANOTHER = "read_back_of_another", "您核对的不是这一份方案，请重新核对一遍。"
    NOT_VERIFIED = "not_verified", "签署前需要核实是您本人，请在签署页完成验证。"
    VERIFIED_ANOTHER = "verified_another", "验证的身份和借款人对不上，只有借款人本人可以签署。"
    VERIFICATION_OLD = "verification_old", "身份验证已超过时间，请再验证一次。"
    NOT_DISCLOSED = "not_disclosed", "还有必须告诉您的内容没有展示，请刷新签署页重新查看。"
    CARD_ITEMS_MISSING = "card_items_missing", "协议还缺少必须写明的内容，暂时不能签署，工作人员会补齐。"
    CARD_TERM_TOO_LONG = (
        "card_term_too_long",
        "信用卡个性化分期最长五年，这份方案超过了，请工作人员重新制定。",
    )
    COST_ABOVE_CEILING = "cost_above_ceiling", "这份方案的年化成本超过上限，不能签署，工作人员会重新核算。"


@dataclass(frozen=True)
class Signature:
    """A signature that counts. ``id`` comes from the page, the same for the same press."""

    id: str
    customer_id: str
    fingerprint: str
    at: datetime


def refusals(
    terms: Terms,
    shown: str,
    customer_id: str,
    evidence: Evidence,
    now: datetime,
    card: bool = False,
    rules: SigningRules = SigningRules(),
) -> tuple[Refusal, ...]:
    """Every reason why signing ``terms`` now does not count, in the order a customer mends them; () = it counts.

    ``shown`` is the fingerprint of the frozen offer, ``terms`` what would be booked now. ``card``: a credit card.
    """
    return (
        *_of_the_offer(terms, shown, now, rules),
        *_of_the_reading(evidence, shown, now, rules),
        *_of_the_person(evidence, customer_id, now, rules),
        *_of_the_content(terms, evidence, card, rules),
    )


def signed(
    id: str,
    terms: Terms,
    shown: str,
    customer_id: str,
    evidence: Evidence,
    now: datetime,
    card: bool = False,
    rules: SigningRules = SigningRules(),
) -> Signature | tuple[Refusal, ...]:
    """The signature, or every reason why there is none."""
    found = refusals(terms, shown, customer_id, evidence, now, card, rules)
    return found or Signature(id, customer_id, shown, now)


def _of_the_offer(terms: Terms, shown: str, now: datetime, rules: SigningRules) -> Iterator[Refusal]:
    if not terms.priced_on <= business_date(now) <= terms.pay_by:
        yield Refusal.OFFER_EXPIRED
    if fingerprint(terms) != shown:
        yield Refusal.OFFER_CHANGED
    if terms.yearly_cost is not None and terms.yearly_cost > rules.ceiling:
        yield Refusal.COST_ABOVE_CEILING


def _of_the_reading(evidence: Evidence, shown: str, now: datetime, rules: SigningRules) -> Iterator[Refusal]:
    if evidence.place is not Place.SIGNING_PAGE:
        yield Refusal.NOT_ON_THE_PAGE
    table, back = evidence.cost_table, evidence.read_back
    if table is None or table.confirmed_at > now:
        yield Refusal.TABLE_NOT_SHOWN
    elif table.fingerprint != shown:
        yield Refusal.TABLE_OF_ANOTHER
    elif table.confirmed_at - table.shown_at < rules.reading:
        yield Refusal.TABLE_READ_TOO_SHORT
    if back is None or back.confirmed_at > now:
        yield Refusal.NOT_READ_BACK
    elif back.fingerprint != shown:
        yield Refusal.READ_BACK_OF_ANOTHER


def _of_the_person(
    evidence: Evidence, customer_id: str, now: datetime, rules: SigningRules
) -> Iterator[Refusal]:
    if evidence.verified_at is None or evidence.verified_at > now:
        yield Refusal.NOT_VERIFIED
    elif evidence.verified_as != customer_id:
        yield Refusal.VERIFIED_ANOTHER
    elif now - evidence.verified_at > rules.verification:
        yield Refusal.VERIFICATION_OLD


def _of_the_content(terms: Terms, evidence: Evidence, card: bool, rules: SigningRules) -> Iterator[Refusal]:
    if missing(evidence.disclosed, waives=bool(terms.waived)):
        yield Refusal.NOT_DISCLOSED
    if card and card_items_missing(evidence.card_items):
        yield Refusal.CARD_ITEMS_MISSING
    if card and _months(terms.priced_on, (day for day, _ in terms.payments)) > rules.card_months:
        yield Refusal.CARD_TERM_TOO_LONG


def _months(start: date, days: Iterable[date]) -> int:
    """Months begun from ``start`` to the last day."""
    last = max(days, default=start)
    return (last.year - start.year) * 12 + last.month - start.month + (last.day > start.day)
