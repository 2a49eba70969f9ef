"""A signed plan at the bank, on every implementation of its port: booked once, as signed, or refused with the reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.bank.agreed import Agreement, PlanOrder
from bot.bank.demo_bank import DemoBank
from bot.bank.errors import BadBankRequest, LoanNotFound
from bot.bank.ports import Bank, BankRequest, EntryKind, Loan, RequestKind, RequestState
from bot.money import Money
from bot.negotiation.pricing import Contract, priced
from bot.negotiation.values import Debt, Offer, OfferKind

TODAY = date(2026, 3, 12)
DAY = 24 * 60 * 60
WHO = "C0009"  #: 120 days late
PLAN = Offer(OfferKind.PLAN, terms=12, waiver=50, down=5)


def loan_of(bank: Bank, who: str = WHO) -> Loan:
    return bank.loans(who)[0]


def order_of(bank: Bank, offer: Offer = PLAN) -> PlanOrder:
    """An offer priced today from the bank's own books."""
    loan = loan_of(bank)
    owed = bank.settlement(WHO, loan.id, TODAY).parts
    penalty = owed.penalty + owed.compound
    debt = Debt(loan.id, "随心借", owed.principal, owed.interest, penalty, owed.fee, loan.rate, 120, 9)
    told = priced(debt, offer, TODAY, 15, Contract("一线银行", "1.5", offer_days=3, least_days=10))
    payments = tuple((payment.due_on, payment.amount) for payment in told.payments)
    return PlanOrder("p1", TODAY, owed.total, told.waived, Agreement(payments, told.down, offer.pause))


def ask(order: PlanOrder, key: str = "k1", who: str = WHO, loan_id: str = "L00091") -> BankRequest:
    payload = {"loan_id": loan_id, "signed_at": "2026-03-12T02:30:00+00:00", **order.written()}
    return BankRequest(RequestKind.CHANGE_PLAN, who, payload, key)


@pytest.mark.parametrize(
    "offer",
    [PLAN, Offer(OfferKind.EXTENSION, pause=2), Offer(OfferKind.LUMP, waiver=30)],
    ids=str,
)
def test_the_banks_schedule_is_the_signed_one_to_the_fen(bank: Bank, offer: Offer) -> None:
    """And nothing is overdue any more; the debt is what it was less the waiver, and counts one more change of plan."""
    before, order = loan_of(bank), order_of(bank, offer)
    assert bank.request(ask(order)).state is RequestState.DONE
    planned = bank.instalments(WHO, before.id)
    assert [(each.due_on, each.payment) for each in planned] == list(order.agreement.payments)
    assert [each.left for each in planned] == [amount for _, amount in order.agreement.payments]
    after = loan_of(bank)
    assert after.overdue_days == 0
    assert after.restructurings == before.restructurings + 1
    assert bank.settlement(WHO, before.id, TODAY).total == order.owed - order.waived
    waived = [entry.amount for entry in bank.ledger(WHO, before.id) if entry.kind is EntryKind.WAIVED]
    assert waived == ([order.waived] if order.waived else [])


def test_the_same_order_again_books_nothing_twice(bank: Bank) -> None:
    order = order_of(bank)
    first = bank.request(ask(order))
    booked = bank.ledger(WHO, "L00091")
    assert bank.request(ask(order)) == first
    assert bank.ledger(WHO, "L00091") == booked


def test_an_order_that_does_not_fit_the_books_is_refused_and_books_nothing(bank: Bank) -> None:
    """Another debt than the bank's, more waived than charged, too little paid; the reason is told."""
    order, booked = order_of(bank), bank.ledger(WHO, "L00091")
    short = replace(order.agreement, payments=order.agreement.payments[:-1])
    for number, wrong in enumerate(
        (
            replace(order, owed=order.owed + Money(1)),
            replace(order, waived=order.owed),
            replace(order, agreement=short),
        )
    ):
        answer = bank.request(ask(wrong, f"k{number}"))
        assert answer.state is RequestState.REFUSED
        assert "核对" in answer.message
    assert bank.ledger(WHO, "L00091") == booked


def test_an_order_that_is_none_is_an_error(bank: Bank) -> None:
    order = order_of(bank)
    good = ask(order)
    with pytest.raises(BadBankRequest):
        bank.request(replace(good, payload={**good.payload, "payments": "soon"}))
    with pytest.raises(LoanNotFound):
        bank.request(ask(order, who="C0001"))


def test_taking_and_collecting_stop_for_this_loan(bank: Bank) -> None:
    """Told by the loan; nothing is taken by a second try."""
    payload = {"loan_id": "L00091", "plan_id": "p1"}
    for number, kind in enumerate((RequestKind.SUSPEND_DEBIT, RequestKind.STOP_COLLECTION)):
        assert bank.request(BankRequest(kind, WHO, payload, f"s{number}")).state is RequestState.DONE
    loan = loan_of(bank)
    assert (loan.debit_suspended, loan.collection_stopped) == (True, True)
    again = bank.request(BankRequest(RequestKind.RETRY_DEBIT, WHO, {"loan_id": "L00091"}, "r1"))
    assert again.state is RequestState.REFUSED
    assert not loan_of(bank, "C0010").debit_suspended


def test_many_at_once_book_one_plan(engine, clock) -> None:
    """The same order from several processes, and another plan for the same loan besides: one is booked."""
    bank = DemoBank(engine, clock.now)
    order = order_of(bank)
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(lambda _: DemoBank(engine, clock.now).request(ask(order)), range(8)))
    assert len(answers) == 1
    kinds = [entry.kind for entry in bank.ledger(WHO, "L00091")]
    assert kinds.count(EntryKind.RESTRUCTURED) == 1


def test_a_booked_plan_stays_when_a_new_day_begins(engine, clock) -> None:
    """Its days do not move along with the demo's; what is missed becomes overdue; other loans are told afresh."""
    bank = DemoBank(engine, clock.now)
    order = order_of(bank)
    bank.request(ask(order))
    for days in (1, 60):
        clock.advance(days * DAY)
        planned = bank.instalments(WHO, "L00091")
        assert [(each.due_on, each.payment) for each in planned] == list(order.agreement.payments)
    first = order.agreement.payments[0][0]
    assert loan_of(bank).overdue_days == (TODAY + timedelta(days=61) - first).days
    assert loan_of(bank, "C0010").overdue_days == 175
    assert bank.payments(WHO)


def test_an_offer_of_another_day_is_booked_from_that_day(engine, clock) -> None:
    """Signed three days after it was priced: the told amounts hold, though the demo has told the loan afresh since."""
    bank = DemoBank(engine, clock.now)
    order = order_of(bank)
    clock.advance(3 * DAY)
    assert bank.request(ask(order)).state is RequestState.DONE
    planned = bank.instalments(WHO, "L00091")
    assert [(each.due_on, each.payment) for each in planned] == list(order.agreement.payments)
    assert bank.ledger(WHO, "L00091")[-1].day == TODAY


def test_a_newer_plan_takes_the_place_of_a_booked_one(engine, clock) -> None:
    """And one that was priced before the loan moved is refused."""
    bank = DemoBank(engine, clock.now)
    order = order_of(bank)
    bank.request(ask(order))
    shorter = replace(order_of(bank, Offer(OfferKind.PLAN, terms=6)), plan_id="p2")
    assert bank.request(ask(shorter, "k2")).state is RequestState.DONE
    assert len(bank.instalments(WHO, "L00091")) == 6
    assert bank.request(ask(replace(order, plan_id="p3"), "k3")).state is RequestState.REFUSED
