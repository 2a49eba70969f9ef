"""What every implementation of the bank's port promises."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.bank.errors import BadBankRequest, CustomerNotFound, IdempotencyConflict, LoanNotFound
from bot.bank.ports import (
    BankRequest,
    BillState,
    EntryKind,
    InstalmentState,
    LoanState,
    PaymentState,
    RequestKind,
    RequestState,
)
from bot.money import ZERO, Money

TODAY = date(2026, 3, 12)
ALL = [f"C{number:04d}" for number in range(1, 42)]


def ask(kind: RequestKind, customer_id: str, key: str = "k1", **payload) -> BankRequest:
    return BankRequest(kind, customer_id, payload, key)


def certificate(customer_id: str = "C0024", loan_id: str = "L00241", key: str = "k1") -> BankRequest:
    return ask(RequestKind.ISSUE_CERTIFICATE, customer_id, key, loan_id=loan_id)


def test_a_customer_is_known_by_a_masked_name_only(bank):
    """王*, four digits of the telephone, and what the assistant must mind."""
    customer = bank.customer("C0001")
    assert (customer.masked_name, customer.salutation, customer.phone_tail) == ("王*", "王先生", "0001")
    assert bank.customer("C0022").elderly
    assert bank.customer("C0023").hearing_impaired
    stop = bank.customer("C0026").restrictions[0]
    assert stop.reason
    assert stop.remedy


def test_nobody_and_anothers_loan_are_not_found_alike(bank):
    """A loan of somebody else is as absent as one that never was."""
    for look_up in (
        bank.customer,
        bank.limits,
        bank.loans,
        bank.bills,
        bank.payments,
        bank.deposits,
        bank.auto_debit,
        bank.applications,
    ):
        with pytest.raises(CustomerNotFound):
            look_up("C9999")
    for loan_id in ("L00021", "L99999"):
        for look_up in (bank.instalments, bank.ledger):
            with pytest.raises(LoanNotFound):
                look_up("C0001", loan_id)
        with pytest.raises(LoanNotFound):
            bank.settlement("C0001", loan_id, TODAY)
        with pytest.raises(LoanNotFound):
            bank.request(certificate("C0001", loan_id))


def test_every_figure_of_a_customer_agrees_with_every_other(bank):
    """Loans, plans, ledgers, quotes and limits tell one story, to the 分."""
    for customer_id in ALL:
        check_figures(bank, customer_id)


def check_figures(bank, customer_id):
    used = ZERO
    for loan in bank.loans(customer_id):
        plan, entries = bank.instalments(customer_id, loan.id), bank.ledger(customer_id, loan.id)
        quote = bank.settlement(customer_id, loan.id, TODAY)
        assert entries[0].kind is EntryKind.DRAWN
        assert entries[-1].balance == loan.outstanding == quote.parts.principal
        interest = loan.overdue.interest + loan.accrued + loan.carried
        assert quote.total == loan.outstanding + interest + loan.penalties
        assert loan.terms == len(plan)
        assert loan.instalments_paid == sum(each.state is InstalmentState.PAID for each in plan)
        late = [each for each in plan if each.state is InstalmentState.OVERDUE]
        assert loan.overdue.total == Money.total(each.left for each in late)
        assert loan.overdue_days == ((TODAY - late[0].due_on).days if late else 0)
        assert (loan.state is LoanState.SETTLED) == (not quote.total)
        used += loan.outstanding
    limits = {limit.product: limit for limit in bank.limits(customer_id)}
    if "随心借" in limits:
        assert limits["随心借"].used == used
    assert all(ZERO <= limit.available <= limit.total for limit in limits.values())


def test_every_payment_names_something_the_customer_has(bank):
    """The newest first, failures with their reason."""
    for customer_id in ALL:
        check_payments(bank, customer_id)


def check_payments(bank, customer_id):
    known = {loan.id for loan in bank.loans(customer_id)} | {bill.id for bill in bank.bills(customer_id)}
    payments = bank.payments(customer_id, limit=50)
    assert {payment.target for payment in payments} <= known
    assert [payment.day for payment in payments] == sorted((each.day for each in payments), reverse=True)
    assert all(payment.amount > ZERO and payment.day <= TODAY for payment in payments)
    assert all(payment.reason for payment in payments if payment.state is PaymentState.FAILED)
    assert bank.payments(customer_id, limit=1) == payments[:1]


def test_a_settlement_quote_runs_to_the_day_asked_for(bank):
    """Each day costs a day's interest; the past is refused."""
    today, later = (bank.settlement("C0032", "L00321", TODAY + timedelta(days)) for days in (0, 10))
    assert today.total == Money.parse("5057.50")
    assert later.total == Money.parse("5082.50")
    with pytest.raises(BadBankRequest):
        bank.settlement("C0032", "L00321", TODAY - timedelta(1))


def test_a_bill_in_instalments_is_told_with_its_plan(bank):
    """And the months on later bills."""
    bills = bank.bills("C0020")
    plan = next(bill.plan for bill in bills if bill.state is BillState.INSTALMENTS)
    assert (plan.terms, plan.billed) == (6, 3)
    assert plan.yearly_cost.render() == "12.24%"
    assert any("账单分期" in line.text for line in bills[1].lines)


def test_a_certificate_is_issued_for_a_settled_loan_only(bank):
    """Refused with the amount that is missing."""
    done = bank.request(certificate())
    assert done.state is RequestState.DONE
    refused = bank.request(certificate("C0001", "L00011", key="k2"))
    assert refused.state is RequestState.REFUSED
    assert bank.settlement("C0001", "L00011", TODAY).total.render() in refused.message
    assert done.reference != refused.reference


def test_auto_debit_is_set_and_stays_set(bank):
    """Off, on again; without an account to take from it is refused."""
    off = ask(RequestKind.SET_AUTO_DEBIT, "C0001", "k1", product="随心借", on=False)
    assert bank.request(off).state is RequestState.DONE
    assert [debit.on for debit in bank.auto_debit("C0001")] == [False]
    on = ask(RequestKind.SET_AUTO_DEBIT, "C0001", "k2", product="随心借", on=True)
    assert bank.request(on).state is RequestState.DONE
    assert [debit.on for debit in bank.auto_debit("C0001")] == [True]
    nowhere = ask(RequestKind.SET_AUTO_DEBIT, "C0009", "k3", product="随心借", on=True)
    assert bank.request(nowhere).state is RequestState.REFUSED


def test_the_same_key_is_one_request(bank, clock):
    """The same acknowledgement to the microsecond, hours later too, refused or done."""
    for first in (certificate(), certificate("C0001", "L00011", key="k2")):
        given = bank.request(first)
        clock.advance(5 * 60 * 60)
        assert bank.request(first) == given


def test_a_repeated_request_does_not_undo_a_newer_one(bank):
    """off, on, and a late repeat of off: still on."""
    off = ask(RequestKind.SET_AUTO_DEBIT, "C0001", "k1", product="随心借", on=False)
    bank.request(off)
    bank.request(ask(RequestKind.SET_AUTO_DEBIT, "C0001", "k2", product="随心借", on=True))
    bank.request(off)
    assert bank.auto_debit("C0001")[0].on


@pytest.mark.parametrize(
    "other",
    [
        certificate(loan_id="L00242"),
        certificate("C0040", "L00401"),
        ask(RequestKind.SET_AUTO_DEBIT, "C0024", product="随心借", on=True),
    ],
    ids=["payload", "customer", "kind"],
)
def test_the_same_key_for_another_request_is_a_conflict(bank, other):
    """And changes nothing."""
    given = bank.request(certificate())
    with pytest.raises(IdempotencyConflict):
        bank.request(other)
    assert bank.request(certificate()) == given


@pytest.mark.parametrize(
    "wrong",
    [
        ask(RequestKind.ISSUE_CERTIFICATE, "C0024"),
        ask(RequestKind.ISSUE_CERTIFICATE, "C0024", loan_id=7),
        ask(RequestKind.SET_AUTO_DEBIT, "C0024", product="随心借", on="yes"),
        ask(RequestKind.SET_AUTO_DEBIT, "C0024", product="随心借", on=True, extra=1),
        ask(RequestKind.ISSUE_CERTIFICATE, "C0024", "", loan_id="L00241"),
    ],
    ids=["missing", "number", "text", "extra", "no key"],
)
def test_a_payload_that_is_not_the_kinds_is_refused(bank, wrong):
    """Before anything is written."""
    with pytest.raises(BadBankRequest):
        bank.request(wrong)
