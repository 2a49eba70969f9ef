"""The customer's own account: for the verified speaker, with his amounts; for nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.account import (
    AccountAction,
    ActionBalance,
    ActionBill,
    ActionLimit,
    ActionPayments,
    ActionRepayDate,
    ActionRestriction,
    ActionSettlement,
)
from bot.actions.applications import ActionApplication
from bot.bank.ports import (
    Application,
    ApplicationState,
    Bill,
    BillState,
    Customer,
    Deposit,
    Limit,
    LimitState,
    Payment,
    PaymentState,
    Restriction,
)
from bot.money import ZERO, Dues
from tests.unit.actions.fakes import FakeBank, guest, loan, run, yuan

LOOK_UPS: dict[type[AccountAction], str] = {
    ActionBill: "bill_query",
    ActionRepayDate: "repay_date_query",
    ActionLimit: "limit_query",
    ActionBalance: "account_balance_txn",
    ActionPayments: "repay_not_reflected",
    ActionSettlement: "early_repay_cost",
    ActionApplication: "review_progress",
    ActionRestriction: "account_restricted",
}


@pytest.mark.parametrize(("action", "intent"), LOOK_UPS.items())
def test_a_guest_hears_the_rule_and_how_to_log_in_and_nobody_is_looked_up(
    action: type[AccountAction], intent: str
) -> None:
    bank = FakeBank(loans_=[loan()])
    done = guest(action(), intent, bank=bank)
    assert done.said == ["utter_answer", "utter_log_in"]
    assert bank.asked == []


@pytest.mark.parametrize(("action", "intent"), LOOK_UPS.items())
def test_a_doubted_speaker_hears_nothing_of_the_account(action: type[AccountAction], intent: str) -> None:
    """Logged in, but he said that he is somebody else."""
    bank = FakeBank(loans_=[loan()])
    done = run(action(), intent, bank=bank, doubted=True)
    assert "utter_not_your_account" in done.said
    assert bank.asked == []


@pytest.mark.parametrize(("action", "intent"), LOOK_UPS.items())
def test_a_bank_that_is_down_is_said_and_a_person_offered(action: type[AccountAction], intent: str) -> None:
    done = run(action(), intent, bank=FakeBank(down=True))
    assert done.said[-1] == "utter_bank_unavailable"
    assert done.choices[-1:] == ["转人工"]


def test_what_is_due_is_told_to_the_cent() -> None:
    done = run(ActionBill(), "bill_query", bank=FakeBank(loans_=[loan()]))
    assert done.said == ["utter_loan_due"]
    assert done.messages[0]["due"] == "1,066.19"
    assert done.messages[0]["due_on"] == "3月20日"


def test_the_most_pressing_words_for_what_is_overdue() -> None:
    late = loan(overdue=Dues(principal=yuan("900"), interest=yuan("100")), overdue_since=date(2026, 3, 2))
    done = run(ActionBill(), "bill_query", bank=FakeBank(loans_=[late]))
    assert done.said == ["utter_loan_overdue"]
    assert done.messages[0]["days"] == 10
    assert done.messages[0]["owed"] == "1,000.00"


def test_only_the_product_he_named_if_he_owes_on_it() -> None:
    bank = FakeBank(loans_=[loan(), loan(id="L2", product="另一个产品")])
    done = run(ActionRepayDate(), "repay_date_query", bank=bank, entities={"product": "随心借"})
    assert [message["product"] for message in done.messages] == ["随心借"]


def test_nothing_owed_is_said_plainly() -> None:
    settled = loan(settled_on=date(2026, 2, 1))
    assert run(ActionBill(), "bill_query", bank=FakeBank(loans_=[settled])).said == ["utter_nothing_due"]


def test_what_was_bought_since_the_last_bill_is_told_with_its_day() -> None:
    coming = Bill(
        "B1",
        "随心花",
        date(2026, 4, 1),
        date(2026, 4, 10),
        yuan("348.25"),
        ZERO,
        ZERO,
        ZERO,
        BillState.UNBILLED,
    )
    done = run(ActionBill(), "bill_query", bank=FakeBank(bills_=[coming]))
    assert done.said == ["utter_nothing_due", "utter_bill_coming"]
    assert (done.messages[1]["amount"], done.messages[1]["due_on"]) == ("348.25", "4月10日")


def test_limits_with_the_reason_when_they_are_not_normal() -> None:
    limit = Limit("随心借", yuan("20000"), yuan("5000"), LimitState.FROZEN, "有一笔逾期")
    done = run(ActionLimit(), "limit_problem", bank=FakeBank(limits_=[limit]))
    assert done.said == ["utter_limit", "utter_limit_reason"]
    assert done.messages[0]["available"] == "0.00"


def test_no_limit_is_explained_and_a_person_offered() -> None:
    done = run(ActionLimit(), "limit_problem")
    assert done.said == ["utter_no_limit"]
    assert done.choices == ["转人工"]


def test_balances() -> None:
    deposit = Deposit("电子账户", "6601", yuan("10"), yuan("10"))
    done = run(ActionBalance(), "account_balance_txn", bank=FakeBank(deposits_=[deposit]))
    assert done.said == ["utter_deposit"]
    assert done.messages[0]["balance"] == "10.00"


def test_recent_payments_as_a_card_with_what_became_of_them() -> None:
    payment = Payment(
        date(2026, 3, 1), "随心借", "L1", yuan("5"), "自动扣款", PaymentState.FAILED, "余额不足"
    )
    done = run(ActionPayments(), "repay_failed", bank=FakeBank(payments_=[payment]))
    card = done.messages[0]["custom"]
    assert card["kind"] == "rows"
    assert card["rows"] == [{"label": "3月1日 随心借 自动扣款", "value": "5.00 失败（余额不足）"}]
    assert done.choices == ["登记办理", "转人工"]


def test_settling_today_costs_what_the_bank_says() -> None:
    done = run(ActionSettlement(), "early_repay_cost", bank=FakeBank(loans_=[loan()]))
    assert done.said == ["utter_answer", "utter_settlement"]
    assert done.messages[1]["total"] == "9,030.00"
    assert done.messages[1]["cost"] == "30.00"


def test_an_application_with_the_reason_the_bank_gives() -> None:
    application = Application(
        "A1", "随心借", yuan("5000"), ApplicationState.REJECTED, date(2026, 3, 9), "综合评估未通过"
    )
    done = run(ActionApplication(), "application_rejected", bank=FakeBank(applications_=[application]))
    assert done.messages[0]["state"] == "未通过"
    assert done.messages[0]["reason"] == "综合评估未通过"
    assert done.said == ["utter_application"]


def test_when_he_may_apply_again_is_told() -> None:
    refused = Application(
        "A1", "随心借", yuan("5000"), ApplicationState.REJECTED, date(2026, 3, 9), "", date(2026, 6, 9)
    )
    done = run(ActionApplication(), "application_rejected", bank=FakeBank(applications_=[refused]))
    assert done.said == ["utter_application", "utter_apply_again"]
    assert done.messages[1]["again"] == "6月9日"


def test_a_restriction_with_the_way_out() -> None:
    stopped = Restriction("随心借", date(2026, 3, 1), "有逾期", "还清逾期部分")
    bank = FakeBank(customer_=Customer("C1", "王*", "王先生", "0001", restrictions=(stopped,)))
    done = run(ActionRestriction(), "account_restricted", bank=bank)
    assert done.said == ["utter_restriction"]
    assert done.messages[0]["remedy"] == "还清逾期部分"
