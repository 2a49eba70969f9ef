"""The bank's authority as values, and the one question about it: what may be offered to this debt today.

Owns the limits and every refusal. Takes facts of the debt only: there is no parameter for what a customer, an
agent or a text says, so nothing said can widen it, and none for a person's age, sex or city. Principal and contract
interest have no waiver here at all. Knows no file (`mandate_file`) and no tactics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.money import may_extend
from bot.money.money import Money
from bot.negotiation.ceiling import debt_over_ceiling, offer_over_ceiling
from bot.negotiation.refusals import Refusal, Why, refuse
from bot.negotiation.values import Creditor, Debt, Offer, OfferKind

KIND_NAMES = {OfferKind.LUMP: "一次还清", OfferKind.PLAN: "重新分期", OfferKind.EXTENSION: "延后还款"}


@dataclass(frozen=True)
class Range:
    """Whole numbers from ``least`` to ``most``, both within; ``most`` None: no end."""

    least: int
    most: int | None

    def __contains__(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


@dataclass(frozen=True)
class Bucket:
    """What may be offered between two numbers of days overdue (0: not yet due). Waivers and down in per cent."""

    days: Range
    longest_plan: int = 0  #: months; 0: no plan
    plan_waiver: int = 0  #: most
    least_down: int = 0
    lump_waiver: int | None = None  #: most; None: no lump
    longest_pause: int = 0  #: months; 0: no extension


@dataclass(frozen=True)
class Tighter:
    """What a creditor other than the bank alone leaves of a bucket; None: as the bucket says."""

    longest_plan: int | None = None
    most_waiver: int | None = None
    longest_pause: int | None = None


@dataclass(frozen=True)
class Authority:
    """The mandate for one product."""

    product: str
    creditors: Mapping[Creditor, Tighter]  #: whose debts; never SOLD
    largest_debt: Money  #: all that is owed, this much included
    most_restructurings: int  #: earlier ones, with which a debt may still be bargained over
    elapsed: Range  #: months
    remaining: Range  #: months
    longest_total: int  #: months from the loan's start: the product's or the law's ceiling (消费贷 60)
    terms: tuple[int, ...]  #: ascending, as all steps
    waivers: tuple[int, ...]
    downs: tuple[int, ...]
    buckets: tuple[Bucket, ...]  #: by days, without gap or overlap


@dataclass(frozen=True)
class Mandate:
    """What the bank lets the bot offer, from ``valid_from`` to ``valid_to``, both within."""

    version: str
    valid_from: date
    valid_to: date
    maker: str
    checker: str
    offer_days: int  #: days a frozen offer stays open after the day it was priced
    least_days: int  #: days at least until a plan's first payment
    products: Mapping[str, Authority]


@dataclass(frozen=True)
class Limits:
    """What may be offered to one debt today, step by step; an empty tuple: that kind not at all."""

    version: str  #: of the mandate, for the audit
    days: Range  #: the bucket
    terms: tuple[int, ...]
    plan_waivers: tuple[int, ...]
    downs: tuple[int, ...]
    lump_waivers: tuple[int, ...]
    pauses: tuple[int, ...]


def limits(mandate: Mandate, debt: Debt, today: date) -> Limits | Refusal:
    """What may be offered to `debt` today, or the first reason why nothing may: then a person takes over."""
    refused = _refused(mandate, debt, today)
    if refused is not None:
        return refused
    authority = mandate.products[debt.product]
    bucket = _bucket(authority, debt)
    if bucket is None:
        why = Why.OVERDUE_NOT_COVERED if debt.overdue_days > 0 else Why.NOT_YET_DUE
        return refuse(why, days=debt.overdue_days)
    tighter = authority.creditors[debt.creditor]
    longest = _least(bucket.longest_plan, tighter.longest_plan, authority.longest_total - debt.elapsed_terms)
    waiver = _least(bucket.plan_waiver, tighter.most_waiver)
    lump = -1 if bucket.lump_waiver is None else _least(bucket.lump_waiver, tighter.most_waiver)
    pause = _least(bucket.longest_pause, tighter.longest_pause)
    principal = bool(debt.principal)
    return Limits(
        version=mandate.version,
        days=bucket.days,
        terms=tuple(term for term in authority.terms if principal and term <= longest),
        plan_waivers=tuple(step for step in authority.waivers if step <= waiver),
        downs=tuple(step for step in authority.downs if step >= bucket.least_down),
        lump_waivers=tuple(step for step in authority.waivers if step <= lump),
        pauses=tuple(
            months
            for months in range(1, pause + 1)
            if principal and _may_pause(debt, months, authority.longest_total)
        ),
    )


def legal_offers(mandate: Mandate, debt: Debt, today: date) -> tuple[Offer, ...]:
    """Every offer the mandate allows; empty when it refuses the debt. By waiver, then terms, then down payment."""
    found = limits(mandate, debt, today)
    if isinstance(found, Refusal):
        return ()
    return tuple(offer for offer in _within(found) if not offer_over_ceiling(debt, offer, today))


def allowed(mandate: Mandate, debt: Debt, offer: Offer, today: date) -> Refusal | None:
    """None when `offer` may be made, said and signed today; else the first reason why not."""
    found = limits(mandate, debt, today)
    if isinstance(found, Refusal):
        return found
    if offer not in _within(found):
        return _outside(mandate.products[debt.product], found, debt, offer)
    return refuse(Why.OFFER_OVER_CEILING) if offer_over_ceiling(debt, offer, today) else None


def offer_name(debt: Debt, offer: Offer) -> str:
    """What the offer may be called.

    展期 only while nothing is overdue and the loan has not ended (民法典 678): from the first day overdue on the
    same thing is a changed repayment plan by agreement (民法典 543), and is called that.
    """
    if offer.kind is not OfferKind.EXTENSION:
        return KIND_NAMES[offer.kind]
    return "展期" if debt.overdue_days <= 0 < debt.remaining_terms else "协商延后还款"


def _refused(mandate: Mandate, debt: Debt, today: date) -> Refusal | None:
    """Whatever forbids bargaining over the debt at all, but the days overdue."""
    if not mandate.valid_from <= today <= mandate.valid_to:
        span = {"start": mandate.valid_from, "end": mandate.valid_to}
        return refuse(Why.MANDATE_NOT_VALID, version=mandate.version, **span)
    if debt.creditor is Creditor.SOLD:
        return refuse(Why.DEBT_SOLD)
    authority = mandate.products.get(debt.product)
    if authority is None:
        return refuse(Why.PRODUCT_NOT_COVERED, product=debt.product)
    if debt.creditor not in authority.creditors:
        return refuse(_CREDITORS.get(debt.creditor, Why.CREDITOR_NOT_COVERED))
    if debt.legal_stage:
        return refuse(Why.LEGAL_STAGE)
    if debt.restructurings > authority.most_restructurings:
        return refuse(Why.THIRD_PLAN, count=debt.restructurings, most=authority.most_restructurings)
    if debt.total > authority.largest_debt:
        return refuse(Why.OVER_AMOUNT, total=debt.total, most=authority.largest_debt)
    if debt.total.fen <= 0:
        return refuse(Why.NOTHING_OWED)
    if debt.elapsed_terms not in authority.elapsed:
        return _outside_range(Why.ELAPSED_OUTSIDE, debt.elapsed_terms, authority.elapsed)
    if debt.remaining_terms not in authority.remaining:
        return _outside_range(Why.REMAINING_OUTSIDE, debt.remaining_terms, authority.remaining)
    return refuse(Why.COST_OVER_CEILING) if debt_over_ceiling(debt) else None


_CREDITORS = {Creditor.PARTNER: Why.PARTNER_DEBT, Creditor.GUARANTEED: Why.GUARANTEED_DEBT}


def _outside_range(why: Why, months: int, wanted: Range) -> Refusal:
    most = "不限" if wanted.most is None else wanted.most
    return refuse(why, months=months, least=wanted.least, most=most)


def _bucket(authority: Authority, debt: Debt) -> Bucket | None:
    return next((one for one in authority.buckets if debt.overdue_days in one.days), None)


def _least(limit: int, *others: int | None) -> int:
    return min([limit, *(other for other in others if other is not None)])


def _may_pause(debt: Debt, months: int, longest: int) -> bool:
    """《个人贷款管理办法》: counted from the loan's original term, with every earlier extension."""
    original = debt.elapsed_terms + debt.remaining_terms - debt.extended_months
    if debt.remaining_terms < 1 or original < 1:
        return False
    return may_extend(original, debt.extended_months + months, longest)


def _within(found: Limits) -> Iterator[Offer]:
    for waiver in sorted({*found.lump_waivers, *found.plan_waivers}):
        if waiver in found.lump_waivers:
            yield Offer(OfferKind.LUMP, waiver=waiver)
        if waiver in found.plan_waivers:
            for terms in found.terms:
                for down in found.downs:
                    yield Offer(OfferKind.PLAN, terms=terms, waiver=waiver, down=down)
    for pause in found.pauses:
        yield Offer(OfferKind.EXTENSION, pause=pause)


def _outside(authority: Authority, found: Limits, debt: Debt, offer: Offer) -> Refusal:
    """Why an offer is outside the limits."""
    if offer.kind is OfferKind.EXTENSION:
        return _outside_pause(authority, found, debt, offer)
    if offer.kind is OfferKind.LUMP:
        if offer.terms or offer.down or offer.pause:
            return refuse(Why.MALFORMED)
        return _outside_waiver(found.lump_waivers, offer)
    if offer.pause or offer.terms < 1:
        return refuse(Why.MALFORMED)
    if not debt.principal:
        return refuse(Why.NO_PRINCIPAL)
    if offer.terms not in found.terms:
        return _outside_terms(authority, found, debt, offer)
    if offer.down not in found.downs:
        least = min(found.downs, default=100)
        if offer.down < least:
            return refuse(Why.DOWN_TOO_LOW, down=offer.down, least=least)
        return refuse(Why.DOWN_NOT_OFFERED, down=offer.down)
    return _outside_waiver(found.plan_waivers, offer)


def _outside_terms(authority: Authority, found: Limits, debt: Debt, offer: Offer) -> Refusal:
    if debt.elapsed_terms + offer.terms > authority.longest_total:
        return refuse(Why.TOTAL_TERM_TOO_LONG, elapsed=debt.elapsed_terms, most=authority.longest_total)
    if not found.terms:
        return refuse(Why.KIND_NOT_ALLOWED, kind=KIND_NAMES[offer.kind])
    if offer.terms > max(found.terms):
        return refuse(Why.TERMS_TOO_MANY, terms=offer.terms, most=max(found.terms))
    return refuse(Why.TERMS_NOT_OFFERED, terms=offer.terms)


def _outside_waiver(steps: tuple[int, ...], offer: Offer) -> Refusal:
    if not steps:
        return refuse(Why.KIND_NOT_ALLOWED, kind=KIND_NAMES[offer.kind])
    if offer.waiver > max(steps):
        return refuse(Why.WAIVER_TOO_HIGH, waiver=offer.waiver, most=max(steps))
    return refuse(Why.WAIVER_NOT_OFFERED, waiver=offer.waiver)


def _outside_pause(authority: Authority, found: Limits, debt: Debt, offer: Offer) -> Refusal:
    if offer.terms or offer.waiver or offer.down or offer.pause < 1:
        return refuse(Why.MALFORMED)
    if not debt.principal:
        return refuse(Why.NO_PRINCIPAL)
    if debt.remaining_terms < 1:
        return refuse(Why.EXTENSION_AFTER_MATURITY)
    if not _may_pause(debt, offer.pause, authority.longest_total):
        return refuse(Why.EXTENSION_BEYOND_RULES, pause=offer.pause)
    if not found.pauses:
        return refuse(Why.KIND_NOT_ALLOWED, kind=KIND_NAMES[offer.kind])
    return refuse(Why.PAUSE_TOO_LONG, pause=offer.pause, most=max(found.pauses))
