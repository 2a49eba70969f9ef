"""What an offer costs, to the 分: the one table that chat, card, page and contract quote.

Owns how an offer becomes payments, total, yearly cost and the rows of the cost table, by `bot.money` alone. Whether
it may be made is the mandate's business; how it is said the talk's.

An offer is priced from the debt as the bank's books show it on one day, and its amounts hold until `pay_by`. A lump
is right for that day only: who wants to pay on Friday gets it priced from Friday's books.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.money import (
    ZERO,
    Allocation,
    CostRow,
    CostTable,
    Dues,
    Exact,
    Money,
    Rate,
    Restructuring,
    Schedule,
    check_costs,
    cost_table,
    due_dates,
    interest_between,
    level_payment_schedule,
    principal_used,
    restructured,
    waiver,
)
from bot.money.apr import METHOD
from bot.negotiation.values import Debt, Offer, OfferKind

YEARLY_COST = f"年化综合融资成本（单利，{METHOD}）"


@dataclass(frozen=True)
class Contract:
    """What pricing needs of the contract and the mandate."""

    lender: str  #: who is paid, as the cost table names him
    penalty_multiple: Exact = 1  #: 罚息倍数, 1 to 1.5
    offer_days: int = 0  #: days after the day of pricing on which the frozen offer may still be taken
    least_days: int = 0  #: days at least until the first payment


@dataclass(frozen=True)
class Payment:
    """One payment. ``number`` counts from 1; 0 is what is paid at once."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True)
class PricedOffer:
    """An offer with every figure that may be told. Frozen: the same until ``pay_by``, void after it.

    ``total`` = all ``payments`` = ``owed.total`` - ``waived`` + ``interest``.
    """

    offer: Offer
    debt_id: str
    priced_on: date
    pay_by: date  #: the last day to sign, and to pay what is due at once
    owed: Dues  #: on ``priced_on``
    waived: Money  #: of 罚息 and fees; only if the offer is kept
    down: Money  #: paid at once; all of it for a lump
    interest: Money  #: new interest of the plan
    payments: tuple[Payment, ...]
    yearly: Rate | None  #: 年化 by `YEARLY_COST`; None where all is paid at once
    rows: tuple[CostRow, ...]  #: the cost table, line by line, to be shown and confirmed before consent
    within_ceiling: bool  #: the new cost keeps to 24% a year, and the whole life's where it is known

    @property
    def total(self) -> Money:
        """Everything the customer pays."""
        return Money.total(payment.amount for payment in self.payments)

    @property
    def instalments(self) -> tuple[Payment, ...]:
        """What is paid month by month."""
        return tuple(payment for payment in self.payments if payment.number)

    @property
    def monthly(self) -> Money:
        """The largest instalment: what he must be able to pay each month; zero for a lump."""
        return max((payment.amount for payment in self.instalments), default=ZERO)

    def open_on(self, today: date) -> bool:
        """Whether the frozen offer may still be taken."""
        return self.priced_on <= today <= self.pay_by


def priced(debt: Debt, offer: Offer, today: date, due_day: int, contract: Contract) -> PricedOffer:
    """`offer` for `debt` as the books show it on `today`, paid on day `due_day` (1 to 31) of the month.

    A plan runs from `today` and bears its contract rate on principal only; old interest and charges that are not
    waived are spread over it and bear nothing. An extension defers all: the interest of the pause, by the day, and
    the old charges are spread over the instalments after it. MoneyError where it cannot be reckoned.
    """
    if offer.kind is OfferKind.LUMP:
        return _lump(debt, offer, today)
    if offer.kind is OfferKind.PLAN:
        plan = _restructured(debt, offer, today, due_day, contract.least_days)
        return _spread(debt, offer, today, contract, plan.schedule, plan.due_on, plan.waived, plan.down)
    schedule, days = _extended(debt, offer, today, due_day, contract.least_days)
    nothing = Allocation(Dues(), dues(debt), ZERO)
    return _spread(debt, offer, today, contract, schedule, days, Dues(), nothing)


def demanded(
    debt: Debt, offer: Offer, today: date, due_day: int, least_days: int
) -> tuple[Money, tuple[Money, ...]]:
    """What `priced` asks for, without its cost table: at once, and in each month (zero in those of a pause)."""
    if offer.kind is OfferKind.LUMP:
        owed = dues(debt)
        return (owed - waiver(owed, offer.waiver)).total, ()
    if offer.kind is OfferKind.PLAN:
        plan = _restructured(debt, offer, today, due_day, least_days)
        return plan.down.paid.total, plan.schedule.payments
    schedule, _ = _extended(debt, offer, today, due_day, least_days)
    return ZERO, schedule.payments


def dues(debt: Debt) -> Dues:
    """What is owed, by kind; the debt counts 复利 as penalty."""
    return Dues(fee=debt.fee, penalty=debt.penalty, interest=debt.interest, principal=debt.principal)


def _lump(debt: Debt, offer: Offer, today: date) -> PricedOffer:
    owed = dues(debt)
    waived = waiver(owed, offer.waiver)
    total = (owed - waived).total
    rows = (
        CostRow("本金", "", str(owed.principal)),
        CostRow("原欠息费（减免前）", "", str(owed.total - owed.principal)),
        *_waived_row(waived.total),
        CostRow("应还总额", "", str(total)),
    )
    paid = (Payment(0, today, total),)
    return PricedOffer(
        offer, debt.id, today, today, owed, waived.total, total, ZERO, paid, None, rows, within_ceiling=True
    )


def _restructured(debt: Debt, offer: Offer, today: date, due_day: int, least_days: int) -> Restructuring:
    """The plan. What is paid at once is a share of what is left after the waiver, booked half up."""
    owed = dues(debt)
    down = (owed - waiver(owed, offer.waiver)).total.percent(offer.down)
    return restructured(owed, debt.rate, offer.terms, today, due_day, least_days, offer.waiver, down)


def _extended(
    debt: Debt, offer: Offer, today: date, due_day: int, least_days: int
) -> tuple[Schedule, tuple[date, ...]]:
    """Months without payment, then the terms that were left. The pause's interest is new, and counts as cost."""
    days = due_dates(today, offer.pause + debt.remaining_terms, due_day, least_days)
    resumes = days[offer.pause - 1]
    deferred = interest_between(debt.principal, debt.rate, today, resumes).split(debt.remaining_terms)
    plan = level_payment_schedule(debt.principal, debt.rate, debt.remaining_terms)
    interests = tuple(mine + more.fen for mine, more in zip(plan.interests, deferred, strict=True))
    plan = replace(plan, interests=interests).with_carried(debt.interest + debt.waivable)
    return plan.delayed(offer.pause), days


def _spread(
    debt: Debt,
    offer: Offer,
    today: date,
    contract: Contract,
    schedule: Schedule,
    days: tuple[date, ...],
    waived: Dues,
    down: Allocation,
) -> PricedOffer:
    pay_by = min(today + timedelta(days=contract.offer_days), days[0])
    table = cost_table(schedule, today, days, contract.lender, debt.rate, contract.penalty_multiple)
    at_once = down.paid.total
    instalments = [(day, amount) for day, amount in table.payments if amount]
    payments = (
        *((Payment(0, pay_by, at_once),) if at_once else ()),
        *(Payment(number, day, amount) for number, (day, amount) in enumerate(instalments, start=1)),
    )
    return PricedOffer(
        offer=offer,
        debt_id=debt.id,
        priced_on=today,
        pay_by=pay_by,
        owed=dues(debt),
        waived=waived.total,
        down=at_once,
        interest=schedule.interest,
        payments=payments,
        yearly=table.apr.simple,
        rows=_rows(table, waived.total, at_once),
        within_ceiling=table.within() and _life_within(debt, waived, schedule, today, days),
    )


def _life_within(debt: Debt, waived: Dues, schedule: Schedule, today: date, days: tuple[date, ...]) -> bool:
    """The 24% test over the debt's whole life; passed where the books do not say how long it was used."""
    if not debt.used:
        return True
    old = debt.interest + debt.waivable - waived.total
    used = [*debt.used, *principal_used(schedule, today, days)]
    return check_costs(used, debt.costs_paid + old + schedule.interest).within


def _rows(table: CostTable, waived: Money, at_once: Money) -> tuple[CostRow, ...]:
    """The table, with what is waived and paid at once around it, so that the sum told is the sum shown."""
    if not at_once:
        return (*_waived_row(waived), *table.rows())
    return (
        *_waived_row(waived),
        CostRow("首付（签署后支付）", "", str(at_once)),
        *table.rows(),
        CostRow("合计应还（含首付）", "", str(at_once + table.total)),
    )


def _waived_row(waived: Money) -> tuple[CostRow, ...]:
    return (CostRow("减免罚息和费用（按约还清才生效）", "", str(waived)),) if waived else ()
