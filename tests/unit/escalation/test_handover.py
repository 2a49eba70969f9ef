"""The hand-over card: the customer's last real question, the bot's last words, the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from conversation.escalation import Reason, State
from conversation.message import Event, Sender
from conversation.state import Escalation
from escalation.console.render import handover_card
from escalation.handover import handover

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
CALLED = Escalation("e1", "c1", State.WAITING, Reason.COMPLAINT, "general", 60, {"诉求": "退款"}, 99, AT)


def journal(*said: tuple[str, str | None]) -> list[Event]:
    """(sender, text) in order; a sender with "!" writes a desk notice."""
    return [
        Event(seq, "desk" if sender.endswith("!") else "message", Sender(sender.rstrip("!")), text, AT)
        for seq, (sender, text) in enumerate(said, start=1)
    ]


def test_the_last_real_question_and_answer_are_shown() -> None:
    card = handover(
        CALLED,
        journal(
            ("customer", "怎么还款"),
            ("bot", "在还款页面"),
            ("customer", "我已经还了为什么还显示"),
            ("bot", "一般一天内更新"),
            ("customer", "转人工！"),
            ("system!", "已为您转接"),
        ),
    )
    assert (card.asked, card.answered) == ("我已经还了为什么还显示", "一般一天内更新")
    assert (card.label, card.facts, card.at) == ("投诉", (("诉求", "退款"),), AT)


def test_pressing_for_details_or_saying_yes_is_not_the_question() -> None:
    said = journal(
        ("customer", "利息怎么算"), ("bot", "按日计息"), ("customer", "详细说明"), ("customer", "确认开具")
    )
    said[2], said[3] = replace(said[2], chosen="more_detail"), replace(said[3], chosen="affirm")
    assert handover(CALLED, said).asked == "利息怎么算"


def test_who_asked_for_a_person_and_nothing_else_has_no_question_yet() -> None:
    assert handover(CALLED, journal(("customer", "人工"), ("customer", "转人工"))).asked is None


def test_nothing_said_is_nothing_shown() -> None:
    card = handover(CALLED, [])
    assert (card.asked, card.answered) == (None, None)
    assert handover_card(None) is None


def test_what_was_said_after_the_call_is_not_the_reason_for_it() -> None:
    events = journal(("customer", "怎么还款"), ("bot", "这样"), ("customer", "补充一句"))
    assert handover(replace(CALLED, asked_seq=2), events).asked == "怎么还款"


def test_system_lines_agents_and_cards_are_no_questions() -> None:
    events = journal(
        ("customer", "怎么还款"), ("system", "请不要发送验证码"), ("agent", "您好"), ("bot", None)
    )
    card = handover(CALLED, events)
    assert (card.asked, card.answered) == ("怎么还款", None)


def test_the_card_as_the_console_gets_it() -> None:
    card = handover_card(handover(CALLED, journal(("customer", "怎么还款"))))
    assert card == {
        "reason": {"code": "complaint", "label": "投诉"},
        "asked": "怎么还款",
        "answered": None,
        "facts": [{"label": "诉求", "value": "退款"}],
        "at": "2026-03-02T09:30:00+00:00",
    }
