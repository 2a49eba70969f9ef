"""Every demo loan's ledger, reckoned again here with nothing but the money package, to the 分.

The replay below is written apart from `bot.bank.ledger` on purpose: two engines that agree.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.bank.ledger import Plan, position, settlement, unpaid
from bot.bank.ports import EntryKind
from bot.bank.products import Products
from bot.bank.seed import read_stories
from bot.bank.stories import loan_account
from bot.money import (
    ZERO,
    Dues,
    Method,
    Money,
    add_months,
    allocate,
    compound_interest,
    daily_interest,
    due_dates,
    monthly_interest,
    penalty_interest,
    schedule,
)

DAYS = [
    date(2026, 1, 1),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 3, 31),
    date(2026, 5, 10),
    date(2026, 12, 31),
    date(2028, 2, 29),
    date(2027, 8, 15),
]
LOANS = [
    pytest.param(story, id=f"{customer['id']}-{number}")
    for customer in read_stories()
    for number, story in enumerate(customer.get("loans", ()), start=1)
]


class Book:
    """One plan's instalments, kept by hand: due day, what is unpaid by kind, and when it was last reckoned."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = list(self._daily() if plan.method is Method.ON_DEMAND else self._monthly())

    def _daily(self):
        end = add_months(self.plan.start, self.plan.terms, self.plan.anchor)
        yield {"due": end, "dues": Dues(principal=self.plan.principal), "old": ZERO, "to": self.plan.start}

    def _monthly(self):
        plan, left = self.plan, self.plan.principal
        old = plan.carried.split(plan.terms)
        months = schedule(plan.method, plan.principal, plan.rate, plan.terms)
        due_days = due_dates(plan.start, plan.terms, plan.anchor)
        for number, (month, due) in enumerate(zip(months, due_days, strict=True)):
            interest = monthly_interest(left, plan.rate)
            if number == 0 and due.day != plan.start.day:
                interest = daily_interest(left, plan.rate, (due - plan.start).days)
            owed = Dues(interest=interest + old[number], principal=month.principal)
            yield {"due": due, "dues": owed, "old": old[number], "to": due}
            left = left - month.principal

    def reckon(self, day: date) -> None:
        for row in self.rows:
            if row["to"] < row["due"]:
                stop = min(day, row["due"])
                run = daily_interest(row["dues"].principal, self.plan.rate, (stop - row["to"]).days)
                row["dues"] += Dues(interest=run)
                row["to"] = stop
            late = (day - row["to"]).days
            if late > 0:
                terms = (self.plan.rate, self.plan.penalty_multiple, late)
                penalty = penalty_interest(row["dues"].principal, *terms)
                compound = compound_interest(row["dues"].interest - row["old"], *terms)
                row["dues"] += Dues(penalty=penalty, compound=compound)
                row["to"] = day

    def payable(self, day: date):
        return [row for row in self.rows if row["due"] <= day or self.plan.method is Method.ON_DEMAND]

    def pay(self, day: date, amount: Money) -> Dues:
        self.reckon(day)
        split = allocate(amount, sum((row["dues"] for row in self.payable(day)), Dues()))
        assert split.unapplied == ZERO
        left = split.paid
        for row in self.payable(day):
            taken = Dues(**{kind: min(owed, getattr(left, kind)) for kind, owed in row["dues"].parts()})
            row["dues"], left = row["dues"] - taken, left - taken
            row["old"] = max(row["old"] - taken.interest, ZERO)
        assert left == Dues()
        return split.paid

    def clears(self, day: date) -> Dues:
        self.reckon(day)
        owed = sum((row["dues"] for row in self.payable(day)), Dues())
        ahead = [row for row in self.rows if row not in self.payable(day)]
        since = max([self.plan.start, *(row["due"] for row in self.rows if row["due"] <= day)])
        principal = Money.total(row["dues"].principal for row in ahead)
        interest = daily_interest(principal, self.plan.rate, (day - since).days)
        carried = Money.total(row["old"] for row in ahead)
        return owed + Dues(interest=interest + carried, principal=principal)

    @property
    def outstanding(self) -> Money:
        return Money.total(row["dues"].principal for row in self.rows)

    def clear(self) -> None:
        for row in self.rows:
            row["dues"], row["old"] = Dues(), ZERO


def check(book: Book, entry, plans: list[Plan]) -> Book:
    """Books one entry by hand and compares every part of it; returns the book in force after it."""
    if entry.kind is EntryKind.PAID:
        assert book.pay(entry.day, entry.amount) == entry.parts
    elif entry.kind is EntryKind.SETTLED:
        assert book.clears(entry.day) == entry.parts
        book.clear()
    elif entry.kind is EntryKind.PREPAID:
        following = plans.pop(0)
        assert following.principal == book.outstanding - entry.amount
        assert following.terms == sum(bool(row["dues"].total) for row in book.rows)
        return Book(following)
    elif entry.kind is EntryKind.WAIVED:
        owed = book.clears(entry.day)
        assert entry.parts == Dues(penalty=owed.penalty, compound=owed.compound)
    elif entry.kind is EntryKind.RESTRUCTURED:
        following, owed = plans.pop(0), book.clears(entry.day)
        assert (following.principal, following.carried) == (owed.principal, owed.interest)
        return Book(following)
    return book


@pytest.mark.parametrize("story", LOANS)
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_ledger_is_reproduced_to_the_fen(story, today):
    """Every entry's split and balance, and today's overdue, principal and settlement."""
    account = loan_account(story, Products.load().text("随心借.罚息倍数"), today)
    plans = list(account.plans)
    book = Book(plans.pop(0))
    for entry in account.entries:
        book = check(book, entry, plans)
        assert entry.balance == (book.outstanding if entry.kind is not EntryKind.DRAWN else entry.amount)
    assert not plans
    stands = position(account, today)
    assert settlement(account, today) == book.clears(today)
    late = [row for row in book.rows if row["due"] < today and row["dues"].total]
    assert stands.overdue == sum((row["dues"] for row in late), Dues())
    assert stands.outstanding == book.outstanding


@pytest.mark.parametrize(
    ("customer_id", "number", "outstanding", "overdue", "clears"),
    [
        ("C0001", 0, "7259.10", "0", None),
        ("C0005", 0, "6176.79", "828.22", None),  # 732.47 + 92.65 + 2.75 + 0.35, five days at 27%
        ("C0032", 0, "5000.00", "0", "5057.50"),
        ("C0024", 0, "0", "0", "0"),
    ],
)
def test_loans_reckoned_by_hand(customer_id, number, outstanding, overdue, clears):
    """A few figures that no program of ours made."""
    today = date(2026, 3, 12)
    customer = next(each for each in read_stories() if each["id"] == customer_id)
    account = loan_account(customer["loans"][number], "1.5", today)
    stands = position(account, today)
    assert stands.outstanding == Money.parse(outstanding)
    assert stands.overdue.total == Money.parse(overdue)
    if clears is not None:
        assert settlement(account, today).total == Money.parse(clears)


def names_the_day_due(story) -> bool:
    """Not one that names another day, or has nothing left to pay."""
    on_another_day = {"this_month", "settled", "started", "history"} & set(story)
    return not on_another_day and story.get("paid") != story.get("terms")


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("story", [loan for loan in LOANS if names_the_day_due(loan.values[0])])
def test_the_oldest_unpaid_instalment_falls_due_when_the_story_says(story, today: date) -> None:
    account = loan_account(story, "1.5", today)
    open_ones = [each for each in unpaid(account, today) if each.dues.total]
    assert open_ones[0].due_on == today + timedelta(days=story["due"])
