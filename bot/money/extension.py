"""展期: more time before the instalments go on, and how much of it the rules allow.

Owns the two ways an extension may run, neither of which capitalises interest, and its longest length. Whether
a customer may have one, and that it is asked for before the loan ends (民法典 678), is the mandate's business.
"""

from __future__ import annotations

from dataclasses import replace

from bot.money.errors import BadTerms
from bot.money.money import Money
from bot.money.rates import Rate
from bot.money.schedules import MOST_TERMS, Method, Schedule, schedule

SHORT_TERM_MONTHS = 12


def extended_schedule(
    principal: Money, rate: Rate, months: int, terms: int, method: Method = Method.LEVEL_PAYMENT
) -> Schedule:
    """`months` of interest only, then the `terms` that were left.

    Together at most 360 months (BadTerms). Old interest is put beside it by `with_carried`.
    """
    _check(months, terms)
    after = schedule(method, principal, rate, terms)
    month = principal.times(rate.monthly).fen
    return replace(after.delayed(months), interests=(month,) * months + after.interests)


def deferred_schedule(
    principal: Money,
    rate: Rate,
    months: int,
    terms: int,
    deferred: Money,
    method: Method = Method.LEVEL_PAYMENT,
) -> Schedule:
    """`months` without any payment, then the `terms` that were left with the `deferred` interest beside them.

    `deferred` is what runs up meanwhile by the day (`interest_between`), with anything else that is carried;
    it bears nothing and is spread evenly over the paying months.
    """
    _check(months, terms)
    return schedule(method, principal, rate, terms).with_carried(deferred).delayed(months)


def may_extend(original_months: int, extension_months: int, longest_months: int) -> bool:
    """Whether an extension keeps to the limits of 《个人贷款管理办法》.

    A loan of up to a year is extended by no more than its own term in all; a longer one ends within the
    product's longest term, counted from its start. `extension_months` is the sum of all extensions.
    """
    if min(original_months, extension_months, longest_months) < 1:
        raise BadTerms("期限都要在一个月以上")
    if original_months <= SHORT_TERM_MONTHS:
        return extension_months <= original_months
    return original_months + extension_months <= longest_months


def _check(months: int, terms: int) -> None:
    if isinstance(months, bool) or months < 1 or months + terms > MOST_TERMS:
        raise BadTerms(f"展期要在一个月以上，连同剩余期数不超过 {MOST_TERMS} 期")
