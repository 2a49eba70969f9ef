"""Answers: short first, details one tap away, the wording kept for the audit."""

from __future__ import annotations

import asyncio

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.account import ActionBill
from bot.actions.answering import ActionAnswer, ActionChitchat, ActionDetail
from bot.actions.base import button
from bot.actions.safety import ActionSafety
from bot.services import Services, use_services
from conversation.controls import Banner, Controls
from conversation.effects import Escalate, OpenTicket
from conversation.escalation import Reason
from conversation.tickets import TicketKind
from tests.unit.actions.fakes import LIBRARY, NOW, PRODUCTS, FakeBank, guest, run


def test_an_answer_is_short_with_its_details_and_neighbours_as_choices() -> None:
    done = guest(ActionAnswer(), "early_repay")
    entry, answer = LIBRARY.entry("early_repay"), LIBRARY.answer("early_repay")
    assert done.messages[0]["text"].startswith(answer.short)
    assert answer.detail not in done.messages[0]["text"]
    assert done.choices == ["详细说明", *(LIBRARY.entry(name).ask for name in entry.related[:2])]


def test_the_wording_shown_is_kept() -> None:
    """Promise: every reply records its answer's version."""
    done = guest(ActionAnswer(), "early_repay")
    assert done.turn.answers == [LIBRARY.answer("early_repay").key]


def test_the_answer_for_the_product_named_now_or_before() -> None:
    wanted = LIBRARY.answer("early_repay", "随心花").short
    now = guest(ActionAnswer(), "early_repay", entities={"product": "随心花"})
    before = guest(ActionAnswer(), "early_repay", slots={"product": "随心花"})
    assert now.messages[0]["text"].startswith(wanted)
    assert before.messages[0]["text"].startswith(wanted)


def test_details_of_the_answer_before() -> None:
    done = guest(ActionDetail(), "ask_repeat", slots={"topic": "early_repay"})
    assert done.messages[0]["text"] == LIBRARY.answer("early_repay").detail


def test_details_of_the_button_pressed() -> None:
    done = guest(
        ActionDetail(), "more_detail", slots={"topic": "early_repay"}, entities={"matter": "repay_how"}
    )
    assert done.messages[0]["text"] == LIBRARY.answer("repay_how").detail


def test_no_details_of_nothing() -> None:
    assert guest(ActionDetail(), "ask_why").said == ["utter_ask_again"]


def test_are_you_human_is_answered_truthfully() -> None:
    done = guest(ActionChitchat(), "chitchat", text="你是真人吗")
    assert "不是真人" in done.messages[0]["text"]


def test_small_talk_changes_nothing_of_what_is_going_on() -> None:
    done = guest(ActionChitchat(), "chitchat", text="谢谢", slots={"pending": {"kind": "certificate"}})
    assert done.slots == {}


PENDING = {
    "kind": "issue_certificate",
    "payload": {"loan_id": "L1"},
    "summary": "结清证明",
    "matter": "documents_certificate",
    "age": 0,
}


def test_what_is_pending_survives_another_question_and_the_customer_hears_that_it_waits() -> None:
    done = guest(ActionAnswer(), "repay_how", slots={"pending": PENDING, "misses": 1})
    assert done.said == ["utter_answer", "utter_still_pending"]
    assert done.choices[-2:] == ["确认办理", "先不办"]
    assert done.slots == {"topic": "repay_how", "misses": 0, "pending": {**PENDING, "age": 1}}


def test_a_second_question_drops_what_was_pending_aloud() -> None:
    """A yes much later must not carry out what was asked long ago."""
    done = guest(ActionAnswer(), "repay_how", slots={"pending": {**PENDING, "age": 1}})
    assert done.said == ["utter_answer", "utter_pending_dropped"]
    assert done.slots["pending"] is None


def test_a_credit_objection_brings_a_person_with_the_right_reason() -> None:
    done = run(ActionSafety(), "safety", signal="credit_objection", decision="handover")
    ticket, effect = done.turn.effects
    assert isinstance(ticket, OpenTicket)
    assert ticket.kind is TicketKind.CREDIT_OBJECTION
    assert isinstance(effect, Escalate)
    assert effect.reason is Reason.CREDIT_OBJECTION
    assert done.said == ["utter_credit_objection"]


def test_a_request_about_personal_data_brings_a_person() -> None:
    ticket, effect = run(ActionSafety(), "safety", signal="data_request").turn.effects
    assert isinstance(ticket, OpenTicket)
    assert ticket.kind is TicketKind.PERSONAL_INFORMATION
    assert isinstance(effect, Escalate)
    assert effect.reason is Reason.PERSONAL_INFORMATION


def test_under_rasas_own_commands_a_guest_speaks() -> None:
    """`rasa shell` with `rasa run actions`: nobody opened a turn, and nobody is logged in."""
    dispatcher = CollectingDispatcher()
    message = {"text": "", "intent": {"name": "bill_query"}, "entities": []}
    tracker = Tracker("me", {}, message, [], False, None, {}, None)
    with use_services(Services(FakeBank(), PRODUCTS, LIBRARY)):  # type: ignore[arg-type]
        asyncio.run(ActionBill().run(dispatcher, tracker, {}))
    assert [sent["response"] for sent in dispatcher.messages] == ["utter_answer", "utter_log_in"]


def test_a_button_says_what_choosing_it_means() -> None:
    assert button("怎么还款", "repay_how") == {"title": "怎么还款", "payload": "/repay_how"}
    assert button("3 期", "loan_cost_calc", term="3期")["payload"] == '/loan_cost_calc{"term": "3期"}'


def test_the_neighbours_are_still_there_after_the_details() -> None:
    before, after = (
        guest(ActionAnswer(), "early_repay"),
        guest(ActionDetail(), "more", slots={"topic": "early_repay"}),
    )
    assert set(before.choices) - {"详细说明"} <= set(after.choices)


def test_what_operations_announce_is_said_first_and_a_stopped_topic_gets_no_answer() -> None:
    """An honest sentence and a person instead of an answer that may be wrong just now."""
    banner = Banner("b1", "转账延迟，正在恢复", "topic", ("transfer_issue",), NOW, None)
    announced = guest(ActionAnswer(), "transfer_issue", controls=Controls((banner,)))
    assert announced.messages[0]["text"] == "公告：转账延迟，正在恢复"
    assert announced.said == ["utter_announcement", "utter_answer"]
    assert announced.turn.answers == ["banner@b1", LIBRARY.answer("transfer_issue").key]
    stopped = Controls((), frozenset({("topic", "transfer_issue")}))
    done = guest(ActionAnswer(), "transfer_issue", controls=stopped)
    assert (done.said, done.choices) == (["utter_topic_stopped"], ["转人工"])
    more = guest(ActionDetail(), "more_detail", entities={"matter": "transfer_issue"}, controls=stopped)
    assert more.said == ["utter_topic_stopped"]
    assert guest(ActionAnswer(), "transfer_rule", controls=stopped).said == ["utter_answer"]
