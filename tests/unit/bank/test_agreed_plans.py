"""A signed plan in the bank's books: the amounts and days as signed, whatever was offered, to the 分."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from bot.bank import ledger
from bot.bank.agreed import Agreement, PlanOrder
from bot.bank.ledger import Account, LedgerError
from bot.bank.ports import EntryKind
from bot.bank.seed import read_stories
from bot.bank.stories import Story, loan_account
from bot.money import ZERO, Dues, Money
from bot.negotiation.pricing import Contract, PricedOffer, priced
from bot.negotiation.values import Debt, Offer, OfferKind

CONTRACT = Contract("一线银行", "1.5", offer_days=3, least_days=10)
DAYS = [date(2026, 1, 31), date(2026, 11, 24), date(2028, 2, 29)]
LOANS = [
    pytest.param(story, id=f"{customer['id']}-{number}")
    for customer in read_stories()
    for number, story in enumerate(customer.get("loans", ()), start=1)
]
OFFERS = [
    Offer(OfferKind.LUMP, waiver=30),
    Offer(OfferKind.PLAN, terms=12, waiver=50, down=5),
    Offer(OfferKind.PLAN, terms=6),
    Offer(OfferKind.PLAN, terms=36, waiver=100),
    Offer(OfferKind.EXTENSION, pause=1),
    Offer(OfferKind.EXTENSION, pause=3),
]


def offered(account: Account, offer: Offer, today: date, due_day: int) -> PricedOffer:
    owed = ledger.settlement(account, today)
    penalty = owed.penalty + owed.compound
    rate = account.plan.rate
    debt = Debt("L1", "随心借", owed.principal, owed.interest, penalty, owed.fee, rate, 40, remaining_terms=9)
    return priced(debt, offer, today, due_day, CONTRACT)


def agreement_of(offer: PricedOffer) -> Agreement:
    payments = tuple((payment.due_on, payment.amount) for payment in offer.payments)
    return Agreement(payments, offer.down, offer.offer.pause)


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("story", LOANS)
def test_the_books_follow_what_was_signed_to_the_fen(story: Story, today: date) -> None:
    """The schedule is the signed one, its interest the one that was told; kept, it settles the loan on its last day;
    the whole replays."""
    before = loan_account(story, "1.5", today)
    if before.settled_on is not None:
        return
    for offer, due_day in product(OFFERS, (15, 31)):
        told = offered(before, offer, today, due_day)
        account = ledger.agree(before, today, told.waived, agreement_of(told))
        assert account.plan.schedule().payments == tuple(payment.amount for payment in told.payments)
        assert account.plan.due_on() == tuple(payment.due_on for payment in told.payments)
        assert account.plan.schedule().interest == told.interest
        assert ledger.settlement(account, today).total == told.owed.total - told.waived
        for payment in told.payments:
            assert ledger.payable(account, payment.due_on) == payment.amount
            account = ledger.pay(account, payment.due_on, payment.amount)
        assert account.settled_on == told.payments[-1].due_on
        assert ledger.replay(account.plans, account.entries) == account


@pytest.fixture
def late() -> Account:
    """A loan some months late."""
    return loan_account(
        next(one for one in read_stories() if one["id"] == "C0009")["loans"][0], "1.5", DAYS[1]
    )


def test_only_what_was_waived_is_waived(late: Account) -> None:
    """Half of 罚息 and 复利; the other half is carried and bears nothing."""
    told = offered(late, OFFERS[1], DAYS[1], 15)
    owed = ledger.settlement(late, DAYS[1])
    account = ledger.agree(late, DAYS[1], told.waived, agreement_of(told))
    waived = account.entries[-2]
    assert waived.kind is EntryKind.WAIVED
    assert waived.amount == told.waived == (owed.penalty + owed.compound).percent(50)
    assert account.plan.carried == owed.total - owed.principal - told.waived
    assert account.entries[-1].kind is EntryKind.RESTRUCTURED


def test_clearing_a_paused_loan_early_costs_the_days_that_passed(late: Account) -> None:
    """The pause's interest is neither lost nor counted twice around the first payment."""
    told = offered(late, OFFERS[5], DAYS[1], 15)
    account = ledger.agree(late, DAYS[1], ZERO, agreement_of(told))
    first = told.payments[0]
    day_before = ledger.settlement(account, first.due_on - timedelta(days=1)).total
    on_the_day = ledger.settlement(account, first.due_on).total
    a_day = account.outstanding.times(account.plan.rate.daily)
    assert (
        abs((on_the_day - day_before - a_day).fen)
        <= account.outstanding.times(account.plan.rate.daily * 2).fen
    )


def test_a_missed_payment_bears_penalties_from_the_next_day(late: Account) -> None:
    told = offered(late, OFFERS[2], DAYS[1], 15)
    account = ledger.agree(late, DAYS[1], ZERO, agreement_of(told))
    first = told.payments[0]
    assert ledger.position(account, first.due_on).overdue == Dues()
    stands = ledger.position(account, first.due_on + timedelta(days=1))
    assert stands.overdue_since == first.due_on
    assert stands.overdue.penalty > ZERO


def test_what_does_not_fit_the_books_is_not_booked(late: Account) -> None:
    """More waived than charged, too little paid, something booked since, nothing owed."""
    told = offered(late, OFFERS[2], DAYS[1], 15)
    signed = agreement_of(told)
    short = Agreement(signed.payments[:-1])
    owed = ledger.settlement(late, DAYS[1])
    settled = ledger.settle(late, DAYS[1])
    later = ledger.pay(late, DAYS[1] + timedelta(days=1), Money(100))
    for account, waived, agreement in (
        (late, owed.penalty + owed.compound + owed.fee + Money(1), signed),
        (late, ZERO, short),
        (later, ZERO, signed),
        (settled, ZERO, signed),
    ):
        with pytest.raises(LedgerError):
            ledger.agree(account, DAYS[1], waived, agreement)


def test_an_order_reads_as_it_was_written_and_nothing_else() -> None:
    order = PlanOrder(
        "p1",
        DAYS[1],
        Money(300),
        Money(20),
        Agreement(((DAYS[1], Money(80)), (DAYS[1] + timedelta(30), Money(200))), Money(80)),
    )
    written = order.written()
    assert PlanOrder.read(written) == order
    for wrong in (
        {"payments": "2026-11-24:80 2026-11-23:200"},
        {"payments": "2026-11-24:0"},
        {"payments": "soon:80"},
        {"payments": ""},
        {"priced_on": "2026-12-01"},
        {"at_once": 79},
        {"owed": -1},
        {"pause": -1},
    ):
        with pytest.raises(ValueError):
            PlanOrder.read({**written, **wrong})
