"""Pay-later bills: what one is on a day, from its lines, its payment and the product's terms.

PURE, over `bot.money`. Owns due dates, days of grace, 最低还款额, 罚息 and bills paid in instalments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.bank.ports import Bill, BillLine, BillPlan, BillState
from bot.bank.products import Products
from bot.money import (
    ZERO,
    Money,
    Rate,
    add_months,
    days_late,
    fee_schedule,
    next_due_date,
    penalty_interest,
    schedule_apr,
)


@dataclass(frozen=True)
class BillTerms:
    """What the contract says of a pay-later product."""

    statement_day: int
    due_day: int
    grace_days: int
    rate: Rate
    penalty_multiple: str
    minimum_percent: str
    fee_percent_per_term: str

    @classmethod
    def of(cls, products: Products, product: str) -> BillTerms:
        """The terms in the product file."""
        return cls(
            statement_day=products.whole(f"{product}.账单日"),
            due_day=products.whole(f"{product}.还款日"),
            grace_days=products.whole(f"{product}.宽限期天数"),
            rate=products.rate(f"{product}.年利率"),
            penalty_multiple=products.text(f"{product}.罚息倍数"),
            minimum_percent=products.text(f"{product}.最低还款比例"),
            fee_percent_per_term=products.text(f"{product}.分期每期费率"),
        )

    def last_statement(self, today: date) -> date:
        """The newest statement day up to `today`."""
        this_month = add_months(today, 0, self.statement_day)
        return this_month if this_month <= today else add_months(today, -1, self.statement_day)

    def due_on(self, statement_on: date) -> date:
        """The due day of a statement."""
        return next_due_date(statement_on, self.due_day)


@dataclass(frozen=True)
class BillRecord:
    """What is stored of a bill; `instalments` is set when it was turned into so many."""

    id: str
    product: str
    statement_on: date
    paid: Money
    lines: tuple[BillLine, ...]
    instalments: int | None = None

    @property
    def amount(self) -> Money:
        """Purchases less refunds."""
        return Money.total(line.amount for line in self.lines)


def bill_on(record: BillRecord, terms: BillTerms, today: date) -> Bill:
    """The bill as it stands on `today`."""
    due_on = terms.due_on(record.statement_on)
    state = _state(record, due_on, terms, today)
    late = days_late(due_on, today, terms.grace_days) if state is BillState.OVERDUE else 0
    unpaid = record.amount - record.paid
    return Bill(
        id=record.id,
        product=record.product,
        statement_on=record.statement_on,
        due_on=due_on,
        amount=record.amount,
        minimum=ZERO
        if state is BillState.UNBILLED
        else max(record.amount, ZERO).percent(terms.minimum_percent),
        paid=record.paid,
        penalty=penalty_interest(unpaid, terms.rate, terms.penalty_multiple, late) if late else ZERO,
        state=state,
        overdue_days=late,
        lines=record.lines,
        plan=bill_plan(record, terms, today) if record.instalments else None,
    )


def bill_plan(record: BillRecord, terms: BillTerms, today: date) -> BillPlan:
    """The instalments of a bill: the first stands on the next statement, one more on each after."""
    assert record.instalments is not None
    plan = fee_schedule(record.amount, terms.fee_percent_per_term, record.instalments)
    statements = [
        add_months(record.statement_on, month, terms.statement_day) for month in range(1, plan.terms + 1)
    ]
    ahead = [(day, month) for day, month in zip(statements, plan, strict=True) if day > today]
    return BillPlan(
        terms=plan.terms,
        billed=plan.terms - len(ahead),
        principal=plan.principal,
        fee_per_term=plan.instalments[0].fee,
        outstanding=Money.total(month.principal for _, month in ahead),
        next_on=terms.due_on(ahead[0][0]) if ahead else None,
        next_amount=ahead[0][1].payment if ahead else ZERO,
        yearly_cost=schedule_apr(plan).simple,
    )


def _state(record: BillRecord, due_on: date, terms: BillTerms, today: date) -> BillState:
    if record.instalments:
        return BillState.INSTALMENTS
    if record.statement_on > today:
        return BillState.UNBILLED
    if record.paid >= record.amount:
        return BillState.PAID
    return BillState.OVERDUE if days_late(due_on, today, terms.grace_days) else BillState.OPEN
