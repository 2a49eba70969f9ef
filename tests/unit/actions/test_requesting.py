"""What is asked of the bank: confirmed, once, told when it is on its way; what waits is never lost silently."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from bot.actions.acts import ActionAffirm
from bot.actions.applications import ActionApplication
from bot.actions.base import BankAction
from bot.actions.changing import ActionCards, ActionClose, ActionInstalments, ActionRetryDebit
from bot.actions.documents import ActionDocuments, document_in
from bot.actions.escalating import ActionEscalate
from bot.bank.port_records import Card, CardState, MadeRequest
from bot.bank.ports import Application, ApplicationState, AutoDebit, Limit, LimitState
from bot.money import ZERO
from bot.services import NoRecords
from conversation.effects import AskBank
from tests.unit.actions.fakes import NOW, TODAY, FakeBank, guest, loan, run, yuan

SETTLED = loan(settled_on=TODAY, outstanding=ZERO)
WAITING = Application("A1", "随心借", yuan("10000"), ApplicationState.CALL_PENDING, TODAY)
CARD = Card("K1", "示例银行", "8001", CardState.ACTIVE)
PENDING: dict[str, Any] = {
    "kind": "issue_certificate",
    "payload": {"loan_id": "L1"},
    "summary": "结清证明",
    "matter": "documents_certificate",
    "age": 1,
}


class OnItsWay(NoRecords):
    """A request of this conversation that the bank has not answered yet."""

    def asked_of_bank(self, conversation_id: str) -> list[dict[str, Any]]:
        asked = {"kind": "issue_certificate", "customer_id": "C1", "payload": {"loan_id": "L1"}}
        return [{**asked, "summary": "结清证明"}]


def made(kind: str, subject: str, state: str = "done", at: datetime = NOW) -> MadeRequest:
    return MadeRequest(kind, subject, state, "YX1", "可以在 App 里下载。", at)


@pytest.mark.parametrize(
    ("action", "intent", "text", "bank", "kind", "payload"),
    [
        (
            ActionDocuments(),
            "documents_certificate",
            "我要借款合同",
            FakeBank(loans_=[loan()]),
            "issue_document",
            {"loan_id": "L1", "document": "contract"},
        ),
        (
            ActionApplication(),
            "cancel_application",
            "撤销申请",
            FakeBank(applications_=[WAITING]),
            "cancel_application",
            {"application_id": "A1"},
        ),
        (
            ActionApplication(),
            "verification_call",
            "没接到电话",
            FakeBank(applications_=[WAITING]),
            "call_again",
            {"application_id": "A1"},
        ),
        (
            ActionRetryDebit(),
            "repay_failed",
            "再扣一次",
            FakeBank(
                loans_=[loan(next_due_on=TODAY)], debits_=[AutoDebit("随心借", True, "电子账户", "6601")]
            ),
            "retry_debit",
            {"loan_id": "L1"},
        ),
        (
            ActionCards(),
            "card_bind_change",
            "解绑银行卡",
            FakeBank(cards_=[CARD]),
            "unbind_card",
            {"card_id": "K1"},
        ),
        (
            ActionClose(),
            "close_product",
            "关闭随心花",
            FakeBank(limits_=[Limit("随心花", yuan("8000"), ZERO, LimitState.NORMAL)]),
            "close_product",
            {"product": "随心花"},
        ),
    ],
)
def test_each_request_is_confirmed_first_and_staged_by_the_yes(
    action: BankAction, intent: str, text: str, bank: FakeBank, kind: str, payload: dict[str, Any]
) -> None:
    asked = run(action, intent, text=text, bank=bank)
    pending = asked.slots["pending"]
    assert (pending["kind"], pending["payload"]) == (kind, payload)
    assert asked.turn.effects == []
    assert asked.choices[-2:] == ["确认办理", "先不办"]
    done = run(ActionAffirm(), "affirm", slots={"pending": pending}, bank=bank)
    assert done.turn.effects == [AskBank(kind, "C1", payload, pending["summary"])]
    assert done.slots == {"pending": None}


@pytest.mark.parametrize(
    "action",
    [
        ActionDocuments(),
        ActionApplication(),
        ActionRetryDebit(),
        ActionCards(),
        ActionClose(),
        ActionInstalments(),
    ],
)
def test_a_guest_and_a_doubted_speaker_ask_for_nothing(action: BankAction) -> None:
    bank = FakeBank(loans_=[SETTLED], applications_=[WAITING], cards_=[CARD])
    for done in (guest(action, "bill_query", bank=bank), run(action, "bill_query", bank=bank, doubted=True)):
        assert bank.asked == []
        assert "pending" not in done.slots
        assert done.said[-1] in ("utter_log_in", "utter_not_your_account")


def test_a_paper_asked_for_twice_is_on_its_way() -> None:
    bank = FakeBank(loans_=[SETTLED])
    done = run(ActionDocuments(), "documents_certificate", bank=bank, records=OnItsWay())
    assert done.said == ["utter_request_on_its_way"]
    assert "pending" not in done.slots


def test_a_paper_the_bank_has_issued_is_not_asked_for_again() -> None:
    bank = FakeBank(loans_=[SETTLED], requests_=[made("issue_certificate", "L1")])
    done = run(ActionDocuments(), "documents_certificate", bank=bank)
    assert done.said == ["utter_request_done_already"]
    accepted = FakeBank(loans_=[SETTLED], requests_=[made("issue_certificate", "L1", "accepted")])
    assert run(ActionDocuments(), "documents_certificate", bank=accepted).said == ["utter_request_on_its_way"]


def test_what_was_refused_or_of_another_loan_keeps_nobody_from_asking() -> None:
    earlier = [made("issue_certificate", "L1", "refused"), made("issue_certificate", "L7")]
    bank = FakeBank(loans_=[SETTLED], requests_=earlier)
    assert "pending" in run(ActionDocuments(), "documents_certificate", bank=bank).slots


def test_another_call_is_arranged_once_a_day() -> None:
    today = FakeBank(applications_=[WAITING], requests_=[made("call_again", "A1")])
    assert "utter_request_done_already" in run(ActionApplication(), "verification_call", bank=today).said
    long_ago = datetime(2026, 3, 1, tzinfo=timezone.utc)
    before = FakeBank(applications_=[WAITING], requests_=[made("call_again", "A1", at=long_ago)])
    assert "pending" in run(ActionApplication(), "verification_call", bank=before).slots


def test_a_bare_yes_after_another_question_is_asked_about_once_more() -> None:
    """好的 may have meant the answer in between."""
    done = run(ActionAffirm(), "affirm", text="好的", slots={"pending": PENDING})
    assert done.turn.effects == []
    assert done.said == ["utter_confirm_again"]
    assert done.slots["pending"]["age"] == 0


def test_a_yes_that_names_the_request_counts_after_another_question_too() -> None:
    done = run(ActionAffirm(), "affirm", text="确认办理", slots={"pending": PENDING})
    assert len(done.turn.effects) == 1


def test_a_person_who_takes_over_ends_what_waits_without_a_word() -> None:
    done = guest(ActionEscalate(), "human_agent", slots={"pending": PENDING})
    assert done.slots["pending"] is None
    assert "utter_still_pending" not in done.said


def test_a_product_with_a_debt_is_not_offered_for_closing() -> None:
    bank = FakeBank(limits_=[Limit("随心借", yuan("8000"), yuan("123.45"), LimitState.NORMAL)])
    done = run(ActionClose(), "close_product", bank=bank)
    assert done.said == ["utter_close_owed"]
    assert done.messages[0]["owed"] == "123.45"


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("开结清证明", "settlement"),
        ("电子合同在哪", "contract"),
        ("还款流水", "statement"),
        ("开发票", "invoice"),
    ],
)
def test_which_paper_is_meant(text: str, paper: str) -> None:
    assert document_in(text) == paper
