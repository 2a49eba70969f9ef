"""Money on its way and what stops a log-in: the bank's own words, amounts to the fen, for the speaker alone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.access import ActionAccess, ActionOpenAccount
from bot.actions.base import BankAction
from bot.actions.changing import ActionCards, ActionDueDay, ActionInstalments
from bot.actions.records import ActionDraws, ActionRefunds, ActionTransactions
from bot.bank.port_records import Access, Card, CardState, Draw, DrawState, Transaction, TransactionState
from bot.bank.ports import Bill, BillLine, BillState, Deposit
from bot.money import ZERO, Dues
from tests.unit.actions.fakes import TODAY, FakeBank, Outcome, guest, loan, run, yuan


def draw(state: DrawState, reason: str = "") -> Draw:
    return Draw("D1", "随心借", TODAY, yuan("3000"), "电子账户", "6601", state, reason)


def moved(state: TransactionState) -> Transaction:
    return Transaction(TODAY, "转账给 李*", yuan("-500"), "6601", state, "户名不一致")


def values_of(done: Outcome, response: str) -> dict[str, object]:
    return next(message for message in done.messages if message["response"] == response)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DrawState.PAID, "utter_draw_paid"),
        (DrawState.PROCESSING, "utter_draw_processing"),
        (DrawState.FAILED, "utter_draw_failed"),
    ],
)
def test_where_a_loans_money_is(state: DrawState, said: str) -> None:
    done = run(ActionDraws(), "disbursement", bank=FakeBank(draws_=[draw(state, "收款卡异常")]))
    assert done.said[0] == said
    assert done.messages[0]["amount"] == "3,000.00"


def test_an_unfinished_draw_is_told_before_older_ones_that_were_paid() -> None:
    draws = [draw(DrawState.PAID), draw(DrawState.FAILED, "收款卡异常")]
    done = run(ActionDraws(), "borrow_failed", bank=FakeBank(draws_=draws))
    assert done.said[0] == "utter_draw_failed"
    assert "utter_draw_paid" not in done.said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (TransactionState.PROCESSING, "utter_transaction_waiting"),
        (TransactionState.RETURNED, "utter_transaction_returned"),
    ],
)
def test_a_transfer_that_did_not_arrive_is_told_with_its_reason(state: TransactionState, said: str) -> None:
    done = run(ActionTransactions(), "transfer_issue", bank=FakeBank(transactions_=[moved(state)]))
    told = values_of(done, said)
    assert (told["what"], told["amount"], told["reason"]) == ("转账给 李*", "500.00", "户名不一致")
    assert "登记办理" in done.choices


def test_a_refund_is_told_with_its_bill() -> None:
    line = BillLine(TODAY, "云上服饰退款", yuan("-199.00"))
    bill = Bill(
        "B1", "随心花", date(2026, 4, 1), date(2026, 4, 10), yuan("45"), ZERO, ZERO, ZERO, BillState.UNBILLED,
        lines=(line,),
    )  # fmt: skip
    told = values_of(run(ActionRefunds(), "paylater_refund", bank=FakeBank(bills_=[bill])), "utter_refund")
    assert (told["amount"], told["what"], told["statement"]) == ("199.00", "云上服饰退款", "4月1日")


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("password", ["utter_password_locked"]),
        ("sms_code_issue", ["utter_codes_stopped"]),
        ("identity_verify_failed", ["utter_identity_stopped"]),
        ("app_login_issue", ["utter_password_locked", "utter_identity_stopped", "utter_codes_stopped"]),
    ],
)
def test_what_stops_him_is_told_by_what_he_asks(intent: str, said: list[str]) -> None:
    stopped = Access("0001", TODAY, TODAY, "太暗", TODAY, "次数用完")
    done = run(ActionAccess(), intent, bank=FakeBank(access_=stopped))
    assert done.said[: len(said)] == said
    assert len([one for one in done.said if one.endswith(("locked", "stopped"))]) == len(said)


def test_nothing_stops_him_is_said_too() -> None:
    assert run(ActionAccess(), "password").said[0] == "utter_access_free"


def test_another_account_of_his_is_named_by_its_tail_only() -> None:
    access = Access("0001", other_phone_tails=("7731",))
    done = run(ActionAccess(), "account_switch", bank=FakeBank(access_=access))
    assert values_of(done, "utter_other_accounts")["tails"] == "7731"


def test_an_account_there_is_need_not_be_opened() -> None:
    bank = FakeBank(deposits_=[Deposit("电子账户", "6601", yuan("1"), yuan("1"))])
    assert run(ActionOpenAccount(), "open_account", bank=bank).said[0] == "utter_has_account"


def test_a_card_that_takes_the_debits_is_not_unbound() -> None:
    card = Card("K1", "示例银行", "8001", CardState.ACTIVE, debited=True)
    done = run(ActionCards(), "card_bind_change", text="解绑", bank=FakeBank(cards_=[card]))
    assert done.said == ["utter_card_debited"]


def test_the_due_day_is_told_and_a_person_may_be_asked_to_change_it() -> None:
    done = run(ActionDueDay(), "repay_date_change", bank=FakeBank(loans_=[loan()]))
    assert done.messages[0]["day"] == 20
    assert "登记办理" in done.choices


def test_an_overdue_loans_due_day_is_not_offered_for_change() -> None:
    late = loan(overdue=Dues(principal=yuan("900")), overdue_since=date(2026, 3, 2))
    done = run(ActionDueDay(), "repay_date_change", bank=FakeBank(loans_=[late]))
    assert done.said[0] == "utter_due_day_overdue"
    assert "登记办理" not in done.choices


OPEN = Bill(
    "B1", "随心花", date(2026, 3, 1), date(2026, 3, 20), yuan("1200"), yuan("120"), ZERO, ZERO, BillState.OPEN
)  # fmt: skip


def test_a_bill_into_instalments_asks_for_the_term_then_tells_the_cost() -> None:
    bank = FakeBank(bills_=[OPEN])
    asked = run(ActionInstalments(), "instalment_manage", bank=bank)
    assert asked.said == ["utter_instalment_terms"]
    assert asked.choices == ["3 期", "6 期", "12 期"]
    done = run(ActionInstalments(), "instalment_manage", bank=bank, entities={"term": "6期"})
    told = values_of(done, "utter_instalment_confirm")
    assert told["fee"] == "43.20"  # 1,200.00 × 0.60 % × 6
    assert done.slots["pending"]["payload"] == {"bill_id": "B1", "terms": 6}


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionDraws(), "disbursement"),
        (ActionTransactions(), "transfer_issue"),
        (ActionRefunds(), "paylater_refund"),
        (ActionAccess(), "password"),
        (ActionOpenAccount(), "open_account"),
        (ActionDueDay(), "repay_date_change"),
    ],
)
def test_a_guest_hears_the_rule_and_a_bank_that_is_down_is_said(action: BankAction, intent: str) -> None:
    assert guest(action, intent).said == ["utter_answer", "utter_log_in"]
    assert run(action, intent, bank=FakeBank(down=True)).said == ["utter_bank_unavailable"]
