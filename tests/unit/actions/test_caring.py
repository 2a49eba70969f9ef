"""Where danger may be meant, the answer comes with a word of care; a road is not taken on a suspicion."""

from __future__ import annotations

from typing import Any

from bot.actions.answering import ActionAnswer
from bot.actions.escalating import ActionEscalate
from conversation.effects import Escalate
from tests.unit.actions.fakes import Outcome, run


def answered(*suspected: str, **more: Any) -> Outcome:
    return run(ActionAnswer(), "repay_how", suspected=list(suspected), decision="answer", **more)


def test_the_answer_comes_first_and_then_where_help_is() -> None:
    done = answered("self_harm")
    assert done.said[0] != "utter_care_self_harm"
    assert done.said[-1] == "utter_care_self_harm"
    assert not [effect for effect in done.turn.effects if isinstance(effect, Escalate)]


def test_who_may_be_in_a_swindlers_hands_gets_the_button_that_stops_it() -> None:
    done = answered("fraud_in_progress")
    assert done.said[-1] == "utter_care_fraud"
    assert "我的钱有危险" in done.choices


def test_it_is_said_once_in_a_conversation() -> None:
    first = answered("self_harm")
    again = answered("self_harm", slots={"cared": first.slots["cared"]})
    assert "utter_care_self_harm" not in again.said


def test_lesser_kinds_and_none_leave_the_answer_alone() -> None:
    assert answered("media_threat").said == answered().said


def test_where_a_person_comes_anyway_nothing_is_added() -> None:
    done = run(ActionEscalate(), "human_agent", suspected=["self_harm"])
    assert "utter_care_self_harm" not in done.said
