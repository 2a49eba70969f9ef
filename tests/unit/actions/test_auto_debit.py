"""代扣 on or off: told what it means, confirmed, asked of the bank once, 已提交 until it answers."""

from __future__ import annotations

import pytest

from bot.actions.acts import ActionAffirm
from bot.actions.auto_debit import ActionAutoDebit, wanted_state
from bot.bank.ports import AutoDebit
from conversation.effects import AskBank
from tests.unit.actions.fakes import FakeBank, Outcome, guest, run

LOAN, PAY_LATER = AutoDebit("随心借", True, "电子账户", "6601"), AutoDebit("随心花", True, "招商银行", "1234")

PENDING = {
    "kind": "set_auto_debit",
    "payload": {"product": "随心借", "on": False},
    "summary": "关闭自动还款（随心借）",
    "matter": "auto_debit_manage",
    "age": 0,
}


def ask(text: str, *debits: AutoDebit, **more: object) -> Outcome:
    return run(ActionAutoDebit(), "auto_debit_manage", text=text, bank=FakeBank(debits_=debits), **more)  # type: ignore[arg-type]


def test_switching_off_is_confirmed_with_what_it_means() -> None:
    done = ask("关闭自动扣款", LOAN)
    assert done.said == ["utter_auto_debit_confirm_off"]
    assert done.choices == ["确认办理", "先不办"]
    assert done.slots["pending"] == PENDING
    assert done.turn.effects == []


def test_the_yes_asks_the_bank() -> None:
    done = run(ActionAffirm(), "affirm", slots={"pending": PENDING})
    payload = {"product": "随心借", "on": False}
    assert done.turn.effects == [AskBank("set_auto_debit", "C1", payload, "关闭自动还款（随心借）")]
    assert done.said == ["utter_request_submitted"]


def test_of_several_only_the_product_he_named() -> None:
    done = ask("关闭随心花自动扣款", LOAN, PAY_LATER, entities={"product": "随心花"})
    assert done.slots["pending"]["payload"]["product"] == "随心花"


def test_of_several_without_a_name_the_state_and_the_way_are_told() -> None:
    done = ask("关闭自动扣款", LOAN, PAY_LATER)
    assert done.said == ["utter_auto_debit_on", "utter_auto_debit_on", "utter_answer"]
    assert done.turn.effects == []


def test_what_is_as_wanted_already_is_told() -> None:
    assert ask("开通自动还款", LOAN).said == ["utter_auto_debit_on", "utter_answer"]


def test_a_guest_changes_nothing() -> None:
    done = guest(ActionAutoDebit(), "auto_debit_manage", text="关闭自动扣款")
    assert done.said == ["utter_answer", "utter_log_in"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("关闭代扣", False),
        ("取消自动还款", False),
        ("开通代扣", True),
        ("扣款顺序怎么设", None),
        ("换扣款卡", None),
    ],
)
def test_what_he_wants(text: str, wanted: bool | None) -> None:
    assert wanted_state(text) is wanted
