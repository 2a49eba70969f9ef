"""Money, exact to the 分: interest, schedules, allocation, yearly cost. Standard library only.

Every number a customer is told and every number the demo bank books comes from here, so that there is one.
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
from bot.money.caps import COURT_CEILING, CapTest, check_cost_cap, cost_cap, may_extend
from bot.money.dates import (
    SHANGHAI,
    add_months,
    business_date,
    days_of_interest,
    due_dates,
    next_due_date,
)
from bot.money.interest import (
    compound_interest,
    daily_interest,
    first_period_interest,
    interest_between,
    monthly_interest,
    penalty_interest,
    penalty_rate,
)
from bot.money.money import ZERO, Money, Rounding
from bot.money.prepayment import (
    Settlement,
    early_settlement,
    prepaid_fewer_terms,
    prepaid_smaller_payments,
)
from bot.money.rates import NO_INTEREST, Rate
from bot.money.schedules import (
    Instalment,
    Method,
    Schedule,
    extended_schedule,
    fee_schedule,
    interest_only_schedule,
    level_payment,
    level_payment_schedule,
    level_principal_schedule,
    restructured_schedule,
    schedule,
    shortened_schedule,
)

__all__ = [
    "COURT_CEILING", "NO_INTEREST", "PRINCIPAL_FIRST", "SHANGHAI", "STATUTORY_ORDER", "ZERO",
    "Allocation", "Apr", "CapTest", "Cashflow", "Debt", "Dues", "Instalment", "Method", "Money", "Rate",
    "Rounding", "Schedule", "Settlement", "Spread",
    "add_months", "affordable_payment", "allocate", "allocate_across", "annual_percentage_rate",
    "business_date", "cashflows", "check_cost_cap", "compound_interest", "cost_cap", "daily_interest",
    "days_of_interest", "due_dates", "early_settlement", "extended_schedule", "fee_schedule",
    "first_period_interest",    "interest_between", "interest_only_schedule", "level_payment", "level_payment_schedule",
    "level_principal_schedule", "may_extend", "monthly_interest", "next_due_date", "penalty_interest",
    "penalty_rate", "prepaid_fewer_terms", "prepaid_smaller_payments", "present_value",
    "restructured_schedule", "schedule", "schedule_apr", "shortened_schedule", "shortest_term",
]  # fmt: skip
