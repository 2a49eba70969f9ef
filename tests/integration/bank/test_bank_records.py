"""Cards, pay-outs, movements, access and the requests about them: the same promises of every bank."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.bank.errors import BadBankRequest, CustomerNotFound
from bot.bank.port_records import CardState, DrawState, TransactionState
from bot.bank.ports import (
    ApplicationState,
    BankRequest,
    BillState,
    LimitState,
    PaymentState,
    RequestKind,
    RequestState,
)

EVERYBODY = [f"C{number:04d}" for number in range(1, 42)]


def ask(kind: RequestKind, customer_id: str, key: str = "k1", **payload) -> BankRequest:
    return BankRequest(kind, customer_id, payload, key)


def test_every_loan_has_its_pay_out_to_the_fen(bank):
    for customer in EVERYBODY[:12]:
        paid = sorted(
            (draw.day, draw.amount.fen) for draw in bank.draws(customer) if draw.state is DrawState.PAID
        )
        assert paid == sorted((loan.drawn_on, loan.original.fen) for loan in bank.loans(customer))


def test_every_repayment_made_is_a_movement_of_the_same_amount(bank):
    for customer in EVERYBODY[:6]:
        repaid = [p.amount.fen for p in bank.payments(customer, 100) if p.state is PaymentState.DONE]
        moved = [-t.amount.fen for t in bank.transactions(customer, 100) if t.text.startswith("还款")]
        assert sorted(moved) == sorted(repaid)


def test_every_situation_of_the_look_ups_is_there(bank):
    draws = {draw.state for customer in EVERYBODY[:6] for draw in bank.draws(customer)}
    assert draws == set(DrawState)
    assert {t.state for t in bank.transactions("C0001")} >= {TransactionState.RETURNED}
    assert {t.state for t in bank.transactions("C0021")} >= {TransactionState.PROCESSING}
    assert [card.state for card in bank.cards("C0004")] == [CardState.BLOCKED]
    assert bank.access("C0031").password_locked_until is not None
    assert bank.access("C0031").other_phone_tails == ("7731",)
    assert bank.access("C0025").identity_reason


@pytest.mark.parametrize("look_up", ["cards", "draws", "transactions", "access", "requests"])
def test_nobody_is_not_found(bank, look_up):
    with pytest.raises(CustomerNotFound):
        getattr(bank, look_up)("C9999")


def test_what_was_asked_is_told_newest_first_with_its_answer(bank, clock):
    bank.request(ask(RequestKind.ISSUE_CERTIFICATE, "C0024", "k1", loan_id="L00241"))
    clock.advance(60)
    bank.request(ask(RequestKind.ISSUE_DOCUMENT, "C0024", "k2", loan_id="L00241", document="contract"))
    newest, oldest = bank.requests("C0024")
    assert (newest.kind, newest.subject) == ("issue_document", "L00241 contract")
    assert (oldest.kind, oldest.subject, oldest.state) == ("issue_certificate", "L00241", "done")
    assert bank.requests("C0001") == ()


def test_an_undecided_application_is_cancelled_once(bank):
    (waiting, *_) = bank.applications("C0037")
    assert waiting.state is ApplicationState.CALL_PENDING
    cancel = {"application_id": waiting.id}
    assert bank.request(ask(RequestKind.CANCEL_APPLICATION, "C0037", **cancel)).state is RequestState.DONE
    assert bank.applications("C0037")[0].state is ApplicationState.CANCELLED
    again = bank.request(ask(RequestKind.CANCEL_APPLICATION, "C0037", "k2", **cancel))
    assert again.state is RequestState.REFUSED


def test_a_verification_call_is_arranged_again_while_one_is_due(bank):
    (waiting, *_) = bank.applications("C0037")
    call = ask(RequestKind.CALL_AGAIN, "C0037", application_id=waiting.id)
    assert bank.request(call).state is RequestState.DONE
    assert bank.applications("C0037")[0].state is ApplicationState.CALL_PENDING
    (rejected, *_) = bank.applications("C0025")
    wrong = ask(RequestKind.CALL_AGAIN, "C0025", "k2", application_id=rejected.id)
    assert bank.request(wrong).state is RequestState.REFUSED


def test_anothers_application_cannot_be_cancelled(bank):
    (theirs, *_) = bank.applications("C0037")
    with pytest.raises(BadBankRequest):
        bank.request(ask(RequestKind.CANCEL_APPLICATION, "C0025", application_id=theirs.id))


def test_an_open_bill_becomes_instalments_and_an_overdue_one_does_not(bank, clock):
    clock.at = (clock.at.replace(day=1) + timedelta(days=32)).replace(day=5)  # statement out, not yet due
    (bill, *_) = [bill for bill in bank.bills("C0018") if bill.state is BillState.OPEN and bill.left]
    done = bank.request(ask(RequestKind.BILL_INSTALMENTS, "C0018", bill_id=bill.id, terms=6))
    assert done.state is RequestState.DONE, done.message
    (now,) = [each for each in bank.bills("C0018") if each.id == bill.id]
    assert now.state is BillState.INSTALMENTS
    assert (now.plan.terms, now.plan.principal) == (6, bill.amount)
    (late, *_) = [bill for bill in bank.bills("C0019") if bill.state is BillState.OVERDUE]
    refused = bank.request(ask(RequestKind.BILL_INSTALMENTS, "C0019", "k2", bill_id=late.id, terms=6))
    assert refused.state is RequestState.REFUSED


def test_a_debit_is_tried_again_only_where_there_is_money(bank):
    (loan, *_) = bank.loans("C0005")
    refused = bank.request(ask(RequestKind.RETRY_DEBIT, "C0005", loan_id=loan.id))
    assert refused.state is RequestState.REFUSED
    assert str(loan.to_pay_now) in refused.message
    (current, *_) = bank.loans("C0001")
    assert bank.request(ask(RequestKind.RETRY_DEBIT, "C0001", "k2", loan_id=current.id)).state is (
        RequestState.REFUSED
    )


def test_a_card_is_unbound(bank):
    first, second = bank.cards("C0001")
    assert bank.request(ask(RequestKind.UNBIND_CARD, "C0001", card_id=second.id)).state is RequestState.DONE
    assert bank.cards("C0001") == (first,)


def test_a_product_is_closed_only_when_nothing_is_owed(bank):
    refused = bank.request(ask(RequestKind.CLOSE_PRODUCT, "C0001", product="随心借"))
    assert refused.state is RequestState.REFUSED
    done = bank.request(ask(RequestKind.CLOSE_PRODUCT, "C0001", "k2", product="随心花"))
    assert done.state is RequestState.DONE
    closed = next(limit for limit in bank.limits("C0001") if limit.product == "随心花")
    assert (closed.state, closed.available.fen) == (LimitState.NONE, 0)
