"""综合融资成本明示表: all that a loan or a plan costs, shown and confirmed before anybody signs.

Owns the table's sums and their names: principal, each cost with its payee, the yearly cost when all goes well,
and what is charged when it does not (《个人贷款业务明示综合融资成本规定》, in force since 2026-08-01: nothing
else may be charged). How it looks and how long it must be read is the pages' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.money.apr import METHOD, Apr, schedule_apr
from bot.money.caps import COURT_CEILING, CapTest, check_costs, principal_used
from bot.money.dates import first_period_months
from bot.money.errors import BadAmount
from bot.money.interest import penalty_rate
from bot.money.money import ZERO, Exact, Money
from bot.money.rates import Rate
from bot.money.schedules import Schedule

INTEREST, FEE, PENALTY, COMPOUND = "利息", "分期费用", "逾期罚息", "逾期复利"


@dataclass(frozen=True)
class Charge:
    """A cost of normal performance."""

    name: str
    payee: str
    amount: Money


@dataclass(frozen=True)
class DefaultCharge:
    """A cost that arises only when the customer is late."""

    name: str
    payee: str
    rate: Rate  #: a year, on what is overdue


@dataclass(frozen=True)
class CostRow:
    """One line of the table, in words: `payee` is empty where nobody is paid."""

    name: str
    payee: str
    value: str


@dataclass(frozen=True)
class CostTable:
    """The table. `total` = `principal` + `carried` + `cost` = all payments and what is paid at the start."""

    principal: Money
    carried: Money  #: old interest and charges a plan takes over: owed already, bearing nothing, no new cost
    charges: tuple[Charge, ...]  #: interest first, then monthly fees, then what is paid at the start
    default_charges: tuple[DefaultCharge, ...]
    payments: tuple[tuple[date, Money], ...]
    apr: Apr
    cap: CapTest  #: the cost over the plan's days

    @property
    def cost(self) -> Money:
        """What the money costs when every instalment is paid on its day."""
        return Money.total(charge.amount for charge in self.charges)

    @property
    def total(self) -> Money:
        """Everything the customer pays."""
        return self.principal + self.carried + self.cost

    def within(self, ceiling: Rate = COURT_CEILING) -> bool:
        """Whether the yearly cost, both as APR and over the plan's days, is at most `ceiling`."""
        return self.apr.simple <= ceiling and self.cap.a_year <= ceiling

    def rows(self) -> tuple[CostRow, ...]:
        """The table as a customer reads it, line by line."""
        carried = [CostRow("原欠息费（不再计息）", "", str(self.carried))] if self.carried else []
        return (
            CostRow("本金", "", str(self.principal)),
            *carried,
            *(CostRow(charge.name, charge.payee, str(charge.amount)) for charge in self.charges),
            CostRow("息费合计", "", str(self.cost)),
            CostRow("应还总额", "", str(self.total)),
            CostRow(f"年化综合融资成本（单利，{METHOD}）", "", self.apr.simple.render()),
            *(
                CostRow(f"{charge.name}（逾期才收）", charge.payee, f"年化 {charge.rate.render()}")
                for charge in self.default_charges
            ),
        )


def cost_table(
    plan: Schedule,
    start: date,
    due_on: Sequence[date],
    lender: str,
    overdue_rate: Rate,
    penalty_multiple: Exact,
    at_start: Iterable[Charge] = (),
    fee_name: str = FEE,
) -> CostTable:
    """The table of `plan`, which starts on `start` and falls due on `due_on`.

    `overdue_rate` is the contract's rate that 罚息 multiplies; `at_start` are fees deducted or paid on the
    first day; the plan's monthly fees appear as `fee_name`, paid to `lender`. Errors: BadDay when the days do
    not fit the plan, BadAmount for a negative fee, BadRate, BadCashflow when the fees eat the principal.
    """
    upfront = tuple(at_start)
    if any(charge.amount.fen < 0 for charge in upfront):
        raise BadAmount("费用不能是负数")
    monthly = (Charge(fee_name, lender, plan.fee),) if plan.fee else ()
    charges = (Charge(INTEREST, lender, plan.interest), *monthly, *upfront)
    late = penalty_rate(overdue_rate, penalty_multiple)
    used = principal_used(plan, start, due_on)
    deducted = sum((charge.amount for charge in upfront), ZERO)
    return CostTable(
        principal=plan.principal,
        carried=plan.carried,
        charges=charges,
        default_charges=(DefaultCharge(PENALTY, lender, late), DefaultCharge(COMPOUND, lender, late)),
        payments=tuple(zip(due_on, plan.payments, strict=True)),
        apr=schedule_apr(plan, deducted, first_period_months(start, due_on[0])),
        cap=check_costs(used, Money.total(charge.amount for charge in charges)),
    )
