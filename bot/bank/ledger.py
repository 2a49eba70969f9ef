"""A loan's account: what was booked, and what is owed on any day.

PURE, over `bot.money`. Owns the plan in force, its obligations and the five bookings: payment, partial
prepayment, settlement, waiver with a new plan (reckoned here, or booked as it was signed: `agreed`). Nothing is stored that cannot be reckoned again: an account
is its plans and the days and amounts of its entries, so `replay` gives every 分 back.

罚息 and 复利 run from the day after the due day on what is unpaid of that instalment, and are booked, half
up, whenever something is paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from bot.bank.agreed import Agreement, Split, split
from bot.bank.ports import EntryKind, LedgerEntry
from bot.money import (
    ZERO,
    Dues,
    Method,
    Money,
    PrepaymentWay,
    Rate,
    Schedule,
    add_months,
    allocate,
    compound_interest,
    due_dates,
    first_period_interest,
    interest_between,
    penalty_interest,
    prepaid,
    schedule,
)


@dataclass(frozen=True)
class Plan:
    """The terms in force from `start` on. For 随借随还 `terms` is the months until the loan ends."""

    start: date
    principal: Money
    rate: Rate
    method: Method
    terms: int
    anchor: int  #: the due day, clipped to month end
    penalty_multiple: str
    carried: Money = ZERO  #: old interest brought in, spread over the plan, bearing nothing
    agreement: Agreement | None = None  #: amounts and days as signed; without it they are reckoned

    def due_on(self) -> tuple[date, ...]:
        """The due dates; 随借随还 has one, its end."""
        if self.agreement is not None:
            return tuple(day for day, _ in self.agreement.payments)
        if self.method is Method.ON_DEMAND:
            return (add_months(self.start, self.terms, self.anchor),)
        return due_dates(self.start, self.terms, self.anchor)

    def schedule(self) -> Schedule:
        """The instalments of a monthly plan, its first period by the day where it is odd."""
        if self.agreement is not None:
            return self._split(self.agreement).schedule
        first = first_period_interest(self.principal, self.rate, self.start, self.due_on()[0])
        plan = schedule(self.method, self.principal, self.rate, self.terms)
        return plan.with_first_interest(first).with_carried(self.carried)

    @property
    def upfront(self) -> int:
        """How many payments come before the instalments and end no period of interest: 0 or 1."""
        return self.agreement.upfront if self.agreement is not None else 0

    def deferred(self) -> tuple[Money, ...]:
        """The interest of an agreed pause that each payment brings; in `schedule` it is part of the interest."""
        return (ZERO,) * self.terms if self.agreement is None else self._split(self.agreement).deferred

    def _split(self, agreement: Agreement) -> Split:
        return split(agreement, self.start, self.principal, self.carried, self.rate)


@dataclass(frozen=True)
class Obligation:
    """One instalment and what is unpaid of it; `dues.interest` includes what is left of `carried`."""

    number: int
    due_on: date
    dues: Dues
    carried: Money
    booked_to: date  #: interest by the day is in `dues` up to here
    deferred: Money = ZERO  #: of an agreed pause; run up before the first instalment, owed with this one


@dataclass(frozen=True)
class Account:
    """A loan's plans, entries and, reckoned from them, what is unpaid of the plan in force."""

    plans: tuple[Plan, ...]
    entries: tuple[LedgerEntry, ...]
    obligations: tuple[Obligation, ...]

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.plans[-1]

    @property
    def outstanding(self) -> Money:
        """All principal left."""
        return Money.total(each.dues.principal for each in self.obligations)

    @property
    def settled_on(self) -> date | None:
        """The day the last 分 was paid; None while something is owed."""
        owed = any(each.dues.total for each in self.obligations)
        return None if owed else self.entries[-1].day


class LedgerError(ValueError):
    """A booking that cannot be: before the last one, more than is owed, on a settled loan."""


def draw(plan: Plan) -> Account:
    """A new loan, paid out on the plan's first day."""
    entry = LedgerEntry(1, plan.start, EntryKind.DRAWN, plan.principal, Dues(), plan.principal)
    return Account((plan,), (entry,), _obligations(plan))


def pay(account: Account, day: date, amount: Money) -> Account:
    """Books a payment: costs and interest of everything payable first, then principal, the oldest first.

    Payable is what is due by `day`; of 随借随还, everything. LedgerError if more is paid than that.
    """
    brought = _brought(account, day)
    split = allocate(amount, _sum(each for each in brought if _payable(account.plan, each, day)))
    if split.unapplied or not amount:
        raise LedgerError(f"{day}: {amount} was paid, {split.paid.total} can be")
    left, obligations = split.paid, []
    for each in brought:
        if _payable(account.plan, each, day):
            taken = _at_most(left, each.dues)
            left, each = left - taken, _less(each, taken)
        obligations.append(each)
    return _booked(replace(account, obligations=tuple(obligations)), day, EntryKind.PAID, split.paid)


def payable(account: Account, day: date) -> Money:
    """The most `pay` takes on `day`: what is due by then; of 随借随还, everything."""
    return _sum(each for each in _brought(account, day) if _payable(account.plan, each, day)).total


def settlement(account: Account, day: date) -> Dues:
    """What clears the loan on `day`: all principal, all interest run up to that day, 罚息 and 复利."""
    brought = _brought(account, day)
    ahead = [each for each in brought if each.due_on > day]
    due = _sum(each for each in brought if each.due_on <= day)
    if account.plan.method is Method.ON_DEMAND:
        return due + _sum(ahead)
    not_due = Money.total(each.dues.principal for each in ahead)
    run = interest_between(not_due, account.plan.rate, _period_start(account, day), day)
    carried = Money.total(each.carried for each in ahead)
    if any(each.due_on <= day for each in brought[account.plan.upfront :]):
        run += Money.total(each.deferred for each in ahead)  # before that, `run` counts the pause's days
    return due + Dues(interest=run + carried, principal=not_due)


def settle(account: Account, day: date) -> Account:
    """Books the payment of the whole `settlement`."""
    parts = settlement(account, day)
    if not parts.total:
        raise LedgerError(f"{day}: nothing is owed")
    cleared = [_less(each, each.dues) for each in _brought(account, day)]
    return _booked(replace(account, obligations=tuple(cleared)), day, EntryKind.SETTLED, parts)


def prepay(account: Account, day: date, extra: Money) -> Account:
    """减额: books `extra` off the principal of a 等额本息 loan on a due day when nothing else is due."""
    ahead = [each for each in account.obligations if each.dues.total]
    level = account.plan.method is Method.LEVEL_PAYMENT and account.plan.agreement is None
    if day != _period_start(account, day) or not level:
        raise LedgerError(f"{day}: a partial prepayment is for 等额本息, on a due day")
    if any(each.due_on <= day for each in ahead):
        raise LedgerError(f"{day}: what is due is paid first")
    left = schedule(account.plan.method, account.outstanding, account.plan.rate, len(ahead))
    smaller = prepaid(
        left, extra, account.plan.rate, account.plan.method, PrepaymentWay.SMALLER_PAYMENTS
    ).after
    carried = Money.total(each.carried for each in ahead)
    plan = replace(account.plan, start=day, principal=smaller.principal, terms=smaller.terms, carried=carried)
    return _replanned(account, plan, EntryKind.PREPAID, Dues(principal=extra))


def restructure(account: Account, day: date, rate: Rate, terms: int, anchor: int) -> Account:
    """Books a new 等额本息 plan from `day`: 罚息 and 复利 waived, old interest carried beside the principal."""
    owed = settlement(account, day)
    waived = Dues(penalty=owed.penalty, compound=owed.compound)
    plan = replace(
        account.plan,
        start=day,
        principal=owed.principal,
        carried=owed.interest,
        rate=rate,
        method=Method.LEVEL_PAYMENT,
        terms=terms,
        anchor=anchor,
        agreement=None,
    )
    return _replanned(_waived(account, day, waived), plan, EntryKind.RESTRUCTURED, Dues())


def agree(account: Account, day: date, waived: Money, agreement: Agreement) -> Account:
    """Books a signed plan from `day`, the day it was priced on: `waived` of fees, 罚息 and 复利, the rest as signed.

    LedgerError when something was booked since, nothing is owed, more is waived than may be, or the payments do not
    repay what is left.
    """
    owed = settlement(account, day)
    charges = (owed.fee, owed.penalty, owed.compound)
    if not owed.total or waived > Money.total(charges):
        raise LedgerError(f"{day}: {waived} cannot be waived of {owed}")
    shares = waived.share_out(charges) if waived else (ZERO,) * 3
    plan = replace(
        account.plan,
        start=day,
        principal=owed.principal,
        carried=owed.total - owed.principal - waived,
        method=Method.LEVEL_PAYMENT,
        terms=len(agreement.payments),
        anchor=agreement.anchor,
        agreement=agreement,
    )
    try:
        parts = Dues(*shares)
        return _replanned(_waived(account, day, parts), plan, EntryKind.RESTRUCTURED, Dues())
    except ValueError as error:
        raise LedgerError(str(error)) from error


def replay(plans: Sequence[Plan], entries: Iterable[LedgerEntry]) -> Account:
    """The account again, from its plans and its entries' days, kinds and amounts alone.

    LedgerError when an entry cannot be booked or books differently from what is written in it.
    """
    written = tuple(entries)
    account = reduce(lambda so_far, entry: _again(so_far, entry, plans), written[1:], draw(plans[0]))
    if account.entries != written or account.plans != tuple(plans):
        raise LedgerError("the ledger does not reproduce")
    return account


def _again(account: Account, entry: LedgerEntry, plans: Sequence[Plan]) -> Account:
    following = plans[min(len(account.plans), len(plans) - 1)]
    if entry.kind is EntryKind.PAID:
        return pay(account, entry.day, entry.amount)
    if entry.kind is EntryKind.PREPAID:
        return prepay(account, entry.day, entry.amount)
    if entry.kind is EntryKind.SETTLED:
        return settle(account, entry.day)
    if entry.kind is EntryKind.RESTRUCTURED and following.agreement is not None:
        waived = settlement(account, entry.day).total - following.principal - following.carried
        return agree(account, entry.day, waived, following.agreement)
    if entry.kind is EntryKind.RESTRUCTURED:
        return restructure(account, entry.day, following.rate, following.terms, following.anchor)
    return account  # a waiver is booked with the plan it belongs to


@dataclass(frozen=True)
class Position:
    """What is owed on one day; the same words as `ports.Loan`."""

    outstanding: Money
    overdue: Dues
    overdue_since: date | None
    accrued: Money
    carried: Money
    next_due_on: date | None
    next_due: Money
    instalments_paid: int


def position(account: Account, day: date) -> Position:
    """Where the account stands on `day`, with 罚息 and 复利 up to that day."""
    brought = _brought(account, day)
    late = [each for each in brought if each.due_on < day and each.dues.total]
    ahead = [each for each in brought if each.due_on >= day and each.dues.total]
    overdue = _sum(late)
    carried = Money.total(each.carried for each in ahead)
    upcoming = _at(account.plan, ahead[0], ahead[0].due_on) if ahead else None
    return Position(
        outstanding=account.outstanding,
        overdue=overdue,
        overdue_since=late[0].due_on if late else None,
        accrued=settlement(account, day).interest - overdue.interest - carried,
        carried=carried,
        next_due_on=upcoming.due_on if upcoming else None,
        next_due=upcoming.dues.total if upcoming else ZERO,
        instalments_paid=len(brought) - len(late) - len(ahead),
    )


def unpaid(account: Account, day: date) -> tuple[Obligation, ...]:
    """Every instalment of the plan in force with what is unpaid of it on `day`."""
    return _brought(account, day)


def _obligations(plan: Plan) -> tuple[Obligation, ...]:
    due = plan.due_on()
    if plan.method is Method.ON_DEMAND:
        dues = Dues(interest=plan.carried, principal=plan.principal)
        return (Obligation(1, due[0], dues, plan.carried, plan.start),)
    return tuple(
        Obligation(
            month.number,
            day,
            Dues(interest=month.interest + month.carried, principal=month.principal),
            month.carried,
            day,
            deferred,
        )
        for month, day, deferred in zip(plan.schedule(), due, plan.deferred(), strict=True)
    )


def _brought(account: Account, day: date) -> tuple[Obligation, ...]:
    if day < account.entries[-1].day:
        raise LedgerError(f"{day} is before the last entry of {account.entries[-1].day}")
    return tuple(_at(account.plan, each, day) for each in account.obligations)


def _at(plan: Plan, each: Obligation, day: date) -> Obligation:
    """`each` with the interest that runs by the day reckoned up to `day`."""
    if day <= each.booked_to or not each.dues.total:
        return each
    if each.booked_to < each.due_on:
        until = min(day, each.due_on)
        run = interest_between(each.dues.principal, plan.rate, each.booked_to, until)
        each = replace(each, dues=each.dues + Dues(interest=run), booked_to=until)
    days = (day - each.booked_to).days
    late = Dues(
        penalty=penalty_interest(each.dues.principal, plan.rate, plan.penalty_multiple, days),
        compound=compound_interest(each.dues.interest - each.carried, plan.rate, plan.penalty_multiple, days),
    )
    return replace(each, dues=each.dues + late, booked_to=day)


def _payable(plan: Plan, each: Obligation, day: date) -> bool:
    return each.due_on <= day or plan.method is Method.ON_DEMAND


def _period_start(account: Account, day: date) -> date:
    passed = [each.due_on for each in account.obligations[account.plan.upfront :] if each.due_on <= day]
    return max([account.plan.start, *passed])


def _waived(account: Account, day: date, parts: Dues) -> Account:
    return _booked(account, day, EntryKind.WAIVED, parts) if parts.total else account


def _replanned(account: Account, plan: Plan, kind: EntryKind, parts: Dues) -> Account:
    fresh = Account((*account.plans, plan), account.entries, _obligations(plan))
    return _booked(fresh, plan.start, kind, parts)


def _booked(account: Account, day: date, kind: EntryKind, parts: Dues) -> Account:
    if day < account.entries[-1].day:
        raise LedgerError(f"{day} is before the last entry of {account.entries[-1].day}")
    number = len(account.entries) + 1
    entry = LedgerEntry(number, day, kind, parts.total, parts, account.outstanding)
    return replace(account, entries=(*account.entries, entry))


def _sum(obligations: Iterable[Obligation]) -> Dues:
    return reduce(lambda total, each: total + each.dues, obligations, Dues())


def _at_most(dues: Dues, most: Dues) -> Dues:
    return Dues(**{kind: min(amount, getattr(most, kind)) for kind, amount in dues.parts()})


def _less(each: Obligation, taken: Dues) -> Obligation:
    carried = max(each.carried - taken.interest, ZERO)
    return replace(each, dues=each.dues - taken, carried=carried)
