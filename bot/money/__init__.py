"""Money, exact to the 分: interest, schedules, allocation, yearly cost. Standard library only.

Every number a customer is told and every number the demo bank books comes from here, so that there is one.

Conventions, from the bank's contract terms unless a source is named where they are used: amounts are whole
分, every booked amount is rounded half up once, what a customer can afford is rounded down. A month bears a
twelfth of the year's interest, a day a 360th (ACT/360, the first day counts, the last does not). The last
instalment clears the balance. Old interest is never capitalised and 罚息 bears no 罚息. The yearly cost is a
monthly IRR and says so; the 24% test counts 365 days a year.

Range: amounts from 0 to at least 5,000,000.00, rates of 0 or more, 1 to 360 terms. Anything in range has an
answer; anything else is a `MoneyError` with a code and a Chinese sentence; a wrong type is a TypeError.
"""

from bot.money.affordability import affordable_payment, shortest_term
from bot.money.allocation import (
    PRINCIPAL_FIRST,
    STATUTORY_ORDER,
    Allocation,
    Debt,
    Dues,
    Spread,
    allocate,
    allocate_across,
)
from bot.money.apr import (
    Apr,
    Cashflow,
    annual_percentage_rate,
    cashflows,
    present_value,
    schedule_apr,
)
from bot.money.caps import (
    COURT_CEILING,
    CapTest,
    Span,
    check_cost_cap,
    check_costs,
    cost_cap,
    principal_used,
)
from bot.money.cost_table import Charge, CostRow, CostTable, DefaultCharge, cost_table
from bot.money.dates import (
    SHANGHAI,
    add_months,
    business_date,
    days_late,
    days_of_interest,
    due_dates,
    first_period_months,
    is_full_month,
    next_due_date,
)
from bot.money.errors import (
    BadAllocation,
    BadAmount,
    BadCashflow,
    BadDay,
    BadNumber,
    BadRate,
    BadTerms,
    MoneyError,
    NeverRepaid,
    NoSchedule,
)
from bot.money.extension import deferred_schedule, extended_schedule, may_extend
from bot.money.interest import (
    Stretch,
    compound_interest,
    daily_interest,
    first_period_interest,
    interest_between,
    monthly_interest,
    on_demand_stretches,
    penalty_interest,
    penalty_rate,
)
from bot.money.money import ZERO, Exact, Money, Rounding
from bot.money.prepayment import Prepayment, PrepaymentWay, Settlement, early_settlement, prepaid
from bot.money.rates import NO_INTEREST, Rate
from bot.money.restructuring import WAIVABLE, Restructuring, restructured, waiver
from bot.money.schedules import (
    Instalment,
    Method,
    Schedule,
    fee_schedule,
    interest_only_schedule,
    level_payment,
    level_payment_schedule,
    level_principal_schedule,
    schedule,
    shortened_schedule,
)

__all__ = [
    "COURT_CEILING", "NO_INTEREST", "PRINCIPAL_FIRST", "SHANGHAI", "STATUTORY_ORDER", "WAIVABLE", "ZERO",
    "Allocation", "Apr", "BadAllocation", "BadAmount", "BadCashflow", "BadDay", "BadNumber", "BadRate",
    "BadTerms", "CapTest", "Cashflow", "Charge", "CostRow", "CostTable", "Debt", "DefaultCharge", "Dues",
    "Exact", "Instalment", "Method", "Money", "MoneyError", "NeverRepaid", "NoSchedule", "Prepayment",
    "PrepaymentWay", "Rate", "Restructuring", "Rounding", "Schedule", "Settlement", "Span", "Spread", "Stretch",
    "add_months", "affordable_payment", "allocate", "allocate_across", "annual_percentage_rate",
    "business_date", "cashflows", "check_cost_cap", "check_costs", "compound_interest", "cost_cap",
    "cost_table", "daily_interest", "days_late", "days_of_interest", "deferred_schedule", "due_dates",
    "early_settlement", "extended_schedule", "fee_schedule", "first_period_interest", "first_period_months",
    "interest_between", "interest_only_schedule", "is_full_month", "level_payment", "level_payment_schedule",
    "level_principal_schedule", "may_extend", "monthly_interest", "next_due_date", "on_demand_stretches",
    "penalty_interest", "penalty_rate", "prepaid", "present_value", "principal_used", "restructured",
    "schedule", "schedule_apr", "shortened_schedule", "shortest_term", "waiver",
]  # fmt: skip
