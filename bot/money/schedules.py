"""Repayment schedules, month by month, to the 分.

Owns `Schedule` and the four ways to pay in months: 等额本息, 等额本金, 先息后本 and fee instalments; with
old interest spread beside them without capitalising. Knows months by number only: `dates.due_dates` says
which days they are. 随借随还 runs by the day: `interest`. Changes to a running loan: `prepayment`,
`extension`, `restructuring`.

Conventions (the bank's contract terms): a month's interest is a twelfth of the year's on the balance,
rounded half up; the last instalment clears the balance. Principal is never negative (BadAmount), terms are
1 to 360 (BadTerms). Inner loops run on bare fen, so that 360 months take a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from bot.money.errors import BadAmount, BadTerms, NeverRepaid, NoSchedule
from bot.money.money import ZERO, Exact, Money, round_ratio, split_fen
from bot.money.rates import Rate

MOST_TERMS = 360


class Method(Enum):
    """How a loan is repaid; values are the words customers and products use."""

    LEVEL_PAYMENT = "等额本息"  #: the same amount every month
    LEVEL_PRINCIPAL = "等额本金"  #: the same principal every month, interest on what is left
    INTEREST_ONLY = "先息后本"  #: interest every month, the principal with the last
    ON_DEMAND = "随借随还"  #: interest by the day, principal any day until the loan ends


class Instalment(NamedTuple):
    """One month of a schedule."""

    number: int  #: from 1
    principal: Money
    interest: Money
    carried: Money  #: old interest brought into the plan, which bears nothing
    fee: Money
    balance: Money  #: principal left after this instalment

    @property
    def payment(self) -> Money:
        """What the customer pays this month."""
        return self.principal + self.interest + self.carried + self.fee


@dataclass(frozen=True)
class Schedule:
    """A whole schedule. Kept as columns of fen, one value a month; read it through the properties."""

    principals: tuple[int, ...]
    interests: tuple[int, ...]
    carrieds: tuple[int, ...]
    fees: tuple[int, ...]

    @property
    def terms(self) -> int:
        """How many instalments."""
        return len(self.principals)

    @property
    def principal(self) -> Money:
        """Principal repaid over the whole schedule."""
        return Money(sum(self.principals))

    @property
    def interest(self) -> Money:
        """New interest over the whole schedule, without what was carried in."""
        return Money(sum(self.interests))

    @property
    def fee(self) -> Money:
        """Fees over the whole schedule."""
        return Money(sum(self.fees))

    @property
    def carried(self) -> Money:
        """Old interest brought into the schedule."""
        return Money(sum(self.carrieds))

    @property
    def total(self) -> Money:
        """Everything the customer pays."""
        return Money(sum(self.principals) + sum(self.interests) + sum(self.carrieds) + sum(self.fees))

    @cached_property
    def payments(self) -> tuple[Money, ...]:
        """What is paid each month."""
        columns = zip(self.principals, self.interests, self.carrieds, self.fees, strict=True)
        return tuple(Money(sum(month)) for month in columns)

    @cached_property
    def instalments(self) -> tuple[Instalment, ...]:
        """The months one by one."""
        owed = sum(self.principals)
        columns = (self.principals, self.interests, self.carrieds, self.fees)
        balances = (owed - repaid for repaid in accumulate(self.principals))
        return tuple(
            Instalment(number, *[Money(fen) if fen else ZERO for fen in month])
            for number, month in enumerate(zip(*columns, balances, strict=True), start=1)
        )

    def __iter__(self) -> Iterator[Instalment]:
        return iter(self.instalments)

    def after(self, paid: int) -> Schedule:
        """The instalments that follow the first `paid`; BadTerms unless one is left."""
        if not 0 <= paid < self.terms:
            raise BadTerms(f"一共 {self.terms} 期，不能从第 {paid} 期之后算起")
        columns = (self.principals, self.interests, self.carrieds, self.fees)
        return Schedule(*[column[paid:] for column in columns])

    def delayed(self, months: int) -> Schedule:
        """This schedule with `months` (0 or more) without any payment in front."""
        _check(self.principal, self.terms + months)
        if months < 0:
            raise BadTerms("推迟的月数不能是负数")
        nothing = (0,) * months
        columns = (self.principals, self.interests, self.carrieds, self.fees)
        return Schedule(*[nothing + column for column in columns])

    def with_first_interest(self, interest: Money) -> Schedule:
        """This schedule with another interest in the first month: its odd days (`first_period_interest`)."""
        _check(interest, self.terms)
        return replace(self, interests=(interest.fen, *self.interests[1:]))

    def with_carried(self, interest: Money) -> Schedule:
        """This schedule with old interest spread evenly over it; the last month takes the remainder."""
        return replace(self, carrieds=tuple(split_fen(interest.fen, self.terms)))


def schedule(method: Method, principal: Money, rate: Rate, terms: int) -> Schedule:
    """The schedule of any monthly method; 随借随还 has none (NoSchedule)."""
    if method is Method.LEVEL_PAYMENT:
        return level_payment_schedule(principal, rate, terms)
    if method is Method.LEVEL_PRINCIPAL:
        return level_principal_schedule(principal, rate, terms)
    if method is Method.INTEREST_ONLY:
        return interest_only_schedule(principal, rate, terms)
    raise NoSchedule("随借随还按日计息，没有按月的还款计划")


def level_payment(principal: Money, rate: Rate, terms: int) -> Money:
    """等额本息: the monthly payment P·i(1+i)^n / ((1+i)^n − 1), exact, rounded once, half up."""
    _check(principal, terms)
    month = rate.monthly
    if not month:
        return Money(round_ratio(principal.fen, terms))
    num, den = month.numerator, month.denominator
    grown, flat = (num + den) ** terms, den**terms
    return Money(round_ratio(principal.fen * num * grown, den * (grown - flat)))


def level_payment_schedule(principal: Money, rate: Rate, terms: int) -> Schedule:
    """等额本息 over `terms` months (1 to 360)."""
    payment = level_payment(principal, rate, terms).fen
    num, den = rate.monthly.numerator, 2 * rate.monthly.denominator
    balance = principal.fen
    principals: list[int] = []
    interests: list[int] = []
    for _ in range(terms - 1):
        interest = (2 * balance * num + den // 2) // den
        part = min(payment - interest, balance)
        principals.append(part)
        interests.append(interest)
        balance -= part
    principals.append(balance)
    interests.append((2 * balance * num + den // 2) // den)
    return _of(principals, interests)


def level_principal_schedule(principal: Money, rate: Rate, terms: int) -> Schedule:
    """等额本金 over `terms` months (1 to 360)."""
    _check(principal, terms)
    return schedule_of(split_fen(principal.fen, terms), rate)


def interest_only_schedule(principal: Money, rate: Rate, terms: int) -> Schedule:
    """先息后本: interest each month, the principal with the last."""
    _check(principal, terms)
    return schedule_of([0] * (terms - 1) + [principal.fen], rate)


def schedule_of(principals: Sequence[int], rate: Rate) -> Schedule:
    """The schedule that repays these principals (fen, none negative, 1 to 360 of them) month by month."""
    _check(Money(min(principals, default=0)), len(principals))
    num, den, balance, interests = rate.monthly.numerator, rate.monthly.denominator, sum(principals), []
    for part in principals:
        interests.append(round_ratio(balance * num, den))
        balance -= part
    return _of(principals, interests)


def fee_schedule(principal: Money, fee_percent_per_term: Exact, terms: int) -> Schedule:
    """Fee instalments: equal principal plus a fee of so many per cent of the ORIGINAL amount each month.

    The flat figure understates the price: say `apr.schedule_apr` with it, always (人行公告〔2021〕3号).
    """
    month = principal.percent(fee_percent_per_term).fen
    _check(principal, terms)
    if month < 0:
        raise BadAmount("费用不能是负数")
    return replace(_of(split_fen(principal.fen, terms), [0] * terms), fees=(month,) * terms)


def shortened_schedule(
    principal: Money, rate: Rate, payment: Money, most_terms: int | None = None
) -> Schedule:
    """缩期: the same `payment` until nothing is left.

    The last of `most_terms` months clears whatever is left; without it NeverRepaid if 360 are not enough.
    """
    _check(principal, MOST_TERMS if most_terms is None else most_terms)
    num, den = rate.monthly.numerator, rate.monthly.denominator
    balance = principal.fen
    principals: list[int] = []
    interests: list[int] = []
    while balance or not principals:
        interest = round_ratio(balance * num, den)
        part = max(min(payment.fen - interest, balance), 0)
        if len(principals) + 1 == most_terms:
            part = balance
        elif most_terms is None and (balance > 0 == part or len(principals) == MOST_TERMS):
            raise NeverRepaid(f"每期 {payment} 在 {MOST_TERMS} 期内还不清 {principal}")
        principals.append(part)
        interests.append(interest)
        balance -= part
    return _of(principals, interests)


def _check(principal: Money, terms: int) -> None:
    if principal.fen < 0:
        raise BadAmount("本金不能是负数")
    if isinstance(terms, bool) or not 1 <= terms <= MOST_TERMS:
        raise BadTerms(f"期数要在 1 到 {MOST_TERMS} 之间，不能是 {terms}")


def _of(principals: Sequence[int], interests: Sequence[int]) -> Schedule:
    nothing = (0,) * len(principals)
    return Schedule(tuple(principals), tuple(interests), nothing, nothing)
