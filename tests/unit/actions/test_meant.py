"""A message means what the talk makes of it: fragments, choices in words, second matters, uncertain days."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.answering import ActionAnswer
from bot.actions.auto_debit import ActionAutoDebit
from bot.actions.escalating import ActionEscalate, ActionThirdParty
from bot.actions.unclear import ActionClarify
from bot.bank.ports import AutoDebit
from conversation.effects import Escalate
from conversation.escalation import Reason
from tests.unit.actions.fakes import LIBRARY, FakeBank, Outcome, guest, loan, run


def anew(done: Outcome) -> dict[str, Any]:
    """The message as it was put to the dialogue again."""
    (message,) = [event["parse_data"] for event in done.events if event["event"] == "user"]
    return dict(message)


def typed(text: str, topic: str | None = None, intent: str = "unclear", **more: Any) -> Outcome:
    action = ActionClarify() if intent == "unclear" else ActionAnswer()
    slots = {"topic": topic, **more.pop("slots", {})}
    more = {"decision": "clarify" if intent == "unclear" else "answer", **more}
    return run(action, intent, text=text, slots=slots, **more)


def test_a_fragment_is_put_again_as_what_it_means() -> None:
    done = typed("那利息呢", "early_repay", "interest_fee_rate")
    assert done.messages == []
    assert anew(done)["intent"]["name"] == "early_repay_cost"


def test_after_his_own_bill_the_interest_is_that_of_his_product() -> None:
    done = typed(
        "那利息呢", "bill_query", "interest_fee_rate", bank=FakeBank(loans_=[loan(product="随心花")])
    )
    assert anew(done)["entities"] == [{"entity": "product", "value": "随心花"}]
    assert done.slots["product"] == "随心花"


def test_the_other_product_alone_is_the_same_matter() -> None:
    done = typed("那随心花呢", "early_repay", "product_intro", entities={"product": "随心花"})
    assert anew(done)["intent"]["name"] == "early_repay"
    assert done.slots["product"] == "随心花"


def test_what_did_not_help_brings_a_person_who_knows_the_matter() -> None:
    done = typed("还是不行", "app_login_issue")
    (effect,) = done.turn.effects
    assert isinstance(effect, Escalate)
    assert effect.reason is Reason.TWO_MISSES
    assert "客户反映" in effect.facts
    assert effect.facts["事项"]


def test_the_customer_himself_proves_it_by_logging_in() -> None:
    assert guest(
        ActionClarify(), "unclear", text="我就是本人", slots={"topic": "bill_query"}, decision="clarify"
    ).said == ["utter_log_in"]
    doubted = run(
        ActionClarify(),
        "unclear",
        text="我就是",
        slots={"topic": "bill_query"},
        doubted=True,
        decision="clarify",
    )
    assert doubted.said == ["utter_not_your_account"]
    assert typed("我就是", "bill_query").said == ["utter_you_are_known"]


def test_the_same_question_again_gets_all_we_know_and_then_a_person() -> None:
    once = typed("怎么提前还款啊", "early_repay", "early_repay")
    assert anew(once)["intent"]["name"] == "more_detail"
    assert once.slots["misses"] == 1
    twice = typed("怎么提前还款啊", "early_repay", "early_repay", slots={"misses": 1})
    assert [type(effect) for effect in twice.turn.effects] == [Escalate]


OFFERED = {"choices": ["repay_how", "early_repay", "bill_query"], "misses": 1}


@pytest.mark.parametrize(
    ("text", "meant"), [("2", "early_repay"), ("怎么还款", "repay_how"), ("第三个", "bill_query")]
)
def test_a_button_of_the_question_works_as_text(text: str, meant: str) -> None:
    assert anew(typed(text, slots=OFFERED))["intent"]["name"] == meant


def test_none_of_them_brings_a_person_at_once() -> None:
    done = typed("都不是", slots={"choices": OFFERED["choices"]})
    assert done.said == ["utter_none_of_them"]
    (effect,) = done.turn.effects
    assert isinstance(effect, Escalate)
    assert effect.facts["客户说不是"] == "怎么还款、提前还款、账单和欠款"


def test_the_words_of_a_confirmation_are_a_yes() -> None:
    pending = {"kind": "issue_certificate", "payload": {}, "summary": "结清证明", "matter": "m", "age": 0}
    assert anew(typed("确认办理", slots={"pending": pending}))["intent"]["name"] == "affirm"
    assert anew(typed("先不办", slots={"pending": pending}))["intent"]["name"] == "deny"


def test_two_matters_the_second_follows_the_first() -> None:
    done = typed("怎么提前还款，另外会上征信吗", intent="early_repay", second="credit_report")
    assert done.said == ["utter_answer"]
    assert anew(done)["intent"]["name"] == "credit_report"
    assert anew(done)["goes_on"] is True


def test_of_two_products_in_two_matters_neither_is_guessed() -> None:
    """Whose is whose is not known: both are answered for all products."""
    done = run(
        ActionAnswer(),
        "early_repay",
        text="随心借怎么提前还款，还有随心花利息多少",
        slots={"product": "随心花"},
        decision="answer",
        second="interest_fee_rate",
        entities=[("product", "随心借"), ("product", "随心花")],
    )
    assert LIBRARY.answer("early_repay").short in done.messages[0]["text"]
    assert anew(done)["entities"] == []
    assert done.slots["product"] is None


def test_more_is_told_once_then_a_person_comes() -> None:
    assert anew(typed("然后呢", "verification_call"))["intent"]["name"] == "more_detail"
    done = typed("然后呢", "verification_call", slots={"misses": 1})
    assert [type(effect) for effect in done.turn.effects] == [Escalate]


def test_what_brings_a_person_comes_last() -> None:
    done = run(
        ActionEscalate(),
        "negotiate_extension",
        text="能晚几天还吗，还有怎么改手机号",
        decision="act",
        second="change_phone",
    )
    assert done.turn.effects == []
    first = anew(done)
    assert first["intent"]["name"] == "change_phone"
    last = guest(ActionAnswer(), "change_phone", **{key: first[key] for key in ("text", "then")})
    assert anew(last)["intent"]["name"] == "negotiate_extension"
    assert anew(last)["second"] is None


def test_an_unclear_half_is_asked_about_after_the_sure_one() -> None:
    done = typed("嗯那个弄一下，还有怎么改手机号", second="change_phone")
    assert anew(done)["intent"]["name"] == "change_phone"
    assert anew(done)["then"]["intent"]["name"] == "unclear"


def test_a_second_look_into_the_account_waits_for_the_yes() -> None:
    debit = AutoDebit("随心借", True, "电子账户", "1234")
    done = run(
        ActionAutoDebit(),
        "auto_debit_manage",
        text="关闭自动还款，还有账单多少",
        decision="act",
        second="bill_query",
        bank=FakeBank(debits_=[debit]),
    )
    assert done.said == ["utter_auto_debit_confirm_off", "utter_one_more"]
    assert [event for event in done.events if event["event"] == "user"] == []


def test_another_speaker_and_signals_are_never_read_anew() -> None:
    slots = {"topic": "bill_query"}
    done = run(ActionThirdParty(), "third_party", text="我就是", slots=slots, decision="clarify")
    assert "utter_third_party" in done.said
    done = typed("还是不行", "bill_query", signal="self_harm")
    assert all(event["event"] == "slot" for event in done.events)


def promise(date: str, **more: Any) -> Outcome:
    more = {"decision": "act", "intent": "promise_to_pay", **more}
    intent = more.pop("intent")
    return run(ActionEscalate(), intent, text="我12号还", entities={"date": date, "amount": "500.00"}, **more)


def test_an_uncertain_day_is_asked_back_with_days_to_choose() -> None:
    """Days a promise cannot reach are not offered: 4月12日 would be refused."""
    done = promise("12日")
    assert done.said == ["utter_which_day"]
    assert done.choices == ["3月12日（周四）", "还说不准"]
    assert promise("下周").choices == ["3月16日（周一）", "3月18日（周三）", "3月20日（周五）", "还说不准"]
    assert done.turn.effects == []


@pytest.mark.parametrize(
    ("text", "entities", "day"),
    [
        ("第二个", {}, "3月18日（周三）"),
        ("4月12日", {"date": "4月12日"}, "4月12日（周日），原话“4月12日”"),
        ("明天", {"date": "明天"}, "3月13日（周五），原话“明天”"),
        ("再说吧", {}, "下周"),
    ],
)
def test_the_answer_goes_to_the_person_with_the_day(text: str, entities: dict[str, str], day: str) -> None:
    choices = promise("下周").slots["choices"]
    asked = run(
        ActionClarify(),
        "give_date" if entities else "unclear",
        text=text,
        entities=entities,
        slots={"choices": choices, "topic": "promise_to_pay"},
        decision="clarify",
    )
    again = anew(asked)
    named = {one["entity"]: one["value"] for one in again["entities"]}
    done = run(ActionEscalate(), again["intent"]["name"], entities=named)
    (effect,) = done.turn.effects
    assert effect.facts["日期"] == day
    assert effect.facts["金额（元）"] == "500.00"


def test_a_certain_day_is_not_asked_about() -> None:
    (effect,) = promise("20日").turn.effects
    assert effect.facts["日期"] == "3月20日（周五），原话“20日”"
