"""Where a payment goes: inside one debt (民法典 561) and between several (民法典 560).

Owns `Dues` (what is owed, by kind) and its split. Pure arithmetic: what the customer chose or the parties
agreed is passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby

from bot.money.errors import BadAllocation, BadAmount
from bot.money.money import ZERO, Money
from bot.money.rates import NO_INTEREST, Rate


@dataclass(frozen=True)
class Dues:
    """What is owed, by kind."""

    fee: Money = ZERO  #: 实现债权的费用
    penalty: Money = ZERO  #: 罚息
    compound: Money = ZERO  #: 复利
    interest: Money = ZERO  #: 正常利息
    principal: Money = ZERO  #: 本金

    def __post_init__(self) -> None:
        if any(amount.fen < 0 for _, amount in self.parts()):
            raise BadAmount("应还金额不能是负数")

    def parts(self) -> tuple[tuple[str, Money], ...]:
        """The kinds with their amounts, in the order of the law."""
        return tuple((kind, getattr(self, kind)) for kind in STATUTORY_ORDER)

    @property
    def total(self) -> Money:
        """Everything owed."""
        return Money.total(amount for _, amount in self.parts())

    def __add__(self, other: Dues) -> Dues:
        return Dues(**{kind: mine + getattr(other, kind) for kind, mine in self.parts()})

    def __sub__(self, other: Dues) -> Dues:
        return Dues(**{kind: mine - getattr(other, kind) for kind, mine in self.parts()})


#: 民法典 561: 费用, then 利息 (罚息, 复利 and 正常利息 in the bank's order), then 主债务.
STATUTORY_ORDER = tuple(field.name for field in fields(Dues))
#: 先本后息, when the parties agreed it.
PRINCIPAL_FIRST = ("principal", "fee", "penalty", "compound", "interest")


@dataclass(frozen=True)
class Allocation:
    """One payment split: what it paid, what is still owed, what found nothing to pay."""

    paid: Dues
    left: Dues
    unapplied: Money


def allocate(payment: Money, dues: Dues, order: Sequence[str] = STATUTORY_ORDER) -> Allocation:
    """Splits `payment` over `dues`.

    By 民法典 561 unless the parties agreed another `order`, which names every kind once (else BadAllocation).
    A negative payment is BadAmount.
    """
    if payment.fen < 0:
        raise BadAmount("还款金额不能是负数")
    if sorted(order) != sorted(STATUTORY_ORDER):
        raise BadAllocation("冲抵顺序里，费用、罚息、复利、利息、本金各要写一次")
    left, paid = payment, {}
    for kind in order:
        paid[kind] = min(left, getattr(dues, kind))
        left = left - paid[kind]
    taken = Dues(**paid)
    return Allocation(taken, dues - taken, left)


@dataclass(frozen=True)
class Debt:
    """One of several debts to the same creditor, with what 民法典 560 ranks by."""

    id: str
    dues: Dues
    due_on: date
    secured: Money = ZERO  #: worth of its security; less is paid first
    burden: Rate = NO_INTEREST  #: what it costs the debtor a year; more is paid first


@dataclass(frozen=True)
class Spread:
    """One payment over several debts, in the order they were paid."""

    allocations: tuple[tuple[str, Allocation], ...]
    unapplied: Money

    def to(self, debt_id: str) -> Allocation:
        """What one debt got; BadAllocation if it was not among them."""
        for known, allocation in self.allocations:
            if known == debt_id:
                return allocation
        raise BadAllocation(f"没有编号为 {debt_id} 的债务")


def allocate_across(
    payment: Money,
    debts: Iterable[Debt],
    today: date,
    designated: str | None = None,
    order: Sequence[str] = STATUTORY_ORDER,
) -> Spread:
    """Splits `payment` over several debts (民法典 560).

    First the debt the debtor `designated`, then: due before not yet due,
    less secured first, heavier burden first, earlier due first; what is equal in all of it shares in
    proportion. Inside each debt the `order` of 561 holds.
    BadAllocation when the designated debt is none of them or two debts share an id.
    """
    known = tuple(debts)
    ids = {debt.id for debt in known}
    if len(ids) < len(known) or not (designated is None or designated in ids):
        raise BadAllocation("每笔债务的编号要各不相同，指定的那笔要在其中")
    if payment.fen < 0:
        raise BadAmount("还款金额不能是负数")

    def rank(debt: Debt) -> tuple[object, ...]:
        return (debt.id != designated, debt.due_on > today, debt.secured, -debt.burden.annual, debt.due_on)

    left, allocations = payment, []
    for _, group in groupby(sorted(known, key=rank), key=rank):
        for debt, allocation in _in_proportion(left, tuple(group), order):
            allocations.append((debt.id, allocation))
            left = left - allocation.paid.total
    return Spread(tuple(allocations), left)


def _in_proportion(
    payment: Money, debts: tuple[Debt, ...], order: Sequence[str]
) -> Iterable[tuple[Debt, Allocation]]:
    owed = [debt.dues.total for debt in debts]
    together = Money.total(owed)
    shares = min(payment, together).share_out(owed) if together else [ZERO] * len(debts)
    for debt, share in zip(debts, shares, strict=True):
        yield debt, allocate(share, debt.dues, order)
