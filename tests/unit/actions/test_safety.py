"""The roads that come before everything else: what is said, who comes, and what is never said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.actions.acts import ActionAffirm, ActionDeny, ActionGiven
from bot.actions.escalating import ActionEscalate
from bot.actions.safety import ActionSafety
from bot.bank.contacts import Standing, standing_of
from conversation.effects import AskBank, DoubtSpeaker, Escalate, OpenTicket
from conversation.escalation import AROUND_THE_CLOCK, PRIORITY, Reason
from conversation.identity import Identity, Level
from tests.unit.actions.fakes import CUSTOMER, NOW, Outcome, guest, run

BOUND = Identity(Level.BOUND, "C1")
STALE = Identity(Level.VERIFIED, "C1", NOW - timedelta(hours=2), NOW - timedelta(hours=1))


def safety(*signals: str, **more: Any) -> Outcome:
    return run(ActionSafety(), "safety", signals=list(signals), signal=signals[0], **more)


def escalation(done: Outcome) -> Escalate:
    (effect,) = [effect for effect in done.turn.effects if isinstance(effect, Escalate)]
    return effect


@pytest.mark.parametrize(
    ("kind", "says", "reason"),
    [
        ("self_harm", "utter_self_harm", Reason.SELF_HARM),
        ("death", "utter_bereaved", Reason.BEREAVED),
        ("minor", "utter_minor", Reason.MINOR),
        ("serious_illness", "utter_ill", Reason.VULNERABLE),
        ("deaf", "utter_no_call", Reason.VULNERABLE),
        ("regulator_threat", "utter_complaint_taken", Reason.COMPLAINT),
        ("media_threat", "utter_complaint_taken", Reason.COMPLAINT),
        ("lawyer", "utter_complaint_taken", Reason.COMPLAINT),
        ("data_request", "utter_personal_information", Reason.PERSONAL_INFORMATION),
        ("credit_objection", "utter_credit_objection", Reason.CREDIT_OBJECTION),
    ],
)
def test_each_kind_has_its_words_and_its_person(kind: str, says: str, reason: Reason) -> None:
    done = safety(kind)
    assert done.said == [says]
    assert escalation(done).reason is reason


def test_the_most_dangerous_kind_decides_and_the_card_names_the_others() -> None:
    done = safety("self_harm", "fraud_in_progress", "regulator_threat")
    assert escalation(done).reason is Reason.SELF_HARM
    assert escalation(done).facts["机器人看到"] == "自伤风险、紧急止付、提到向监管投诉"


def test_after_words_of_self_harm_nothing_is_bargained() -> None:
    slots = {"care": safety("self_harm").slots["care"]}
    done = run(ActionEscalate(), "negotiate_extension", slots=slots)
    assert done.said == ["utter_self_harm_still"]
    assert escalation(done).reason is Reason.SELF_HARM


def test_a_person_in_danger_is_on_no_collection_card() -> None:
    assert "逾期天数" not in escalation(safety("self_harm")).facts


def test_life_and_money_are_served_first_and_around_the_clock() -> None:
    assert {Reason.SELF_HARM, Reason.FRAUD, Reason.CARD_LOSS} == AROUND_THE_CLOCK
    assert max(PRIORITY, key=lambda reason: PRIORITY[reason]) is Reason.SELF_HARM


def test_the_family_of_the_dead_hears_nothing_of_the_account() -> None:
    done = safety("death")
    assert DoubtSpeaker() in done.turn.effects
    assert escalation(done).facts["账户信息"] == "证明身份和权限之前不得告知"


def test_a_deaf_customer_is_never_called() -> None:
    assert "no_call" in escalation(safety("deaf")).facts["不要打电话"]


@pytest.mark.parametrize(
    ("kind", "bank_kind"), [("card_loss", "report_loss"), ("fraud_in_progress", "stop_payment")]
)
def test_a_verified_customer_freezes_with_one_tap_and_a_person_follows(kind: str, bank_kind: str) -> None:
    offered = safety(kind)
    assert offered.turn.effects == []
    assert "马上办" in offered.choices
    done = run(ActionAffirm(), "affirm", slots={"pending": offered.slots["pending"]})
    asked = done.turn.effects[0]
    assert isinstance(asked, AskBank)
    assert asked.kind == bank_kind
    assert escalation(done).reason in AROUND_THE_CLOCK


def test_who_demands_it_does_not_even_tap() -> None:
    done = safety("card_loss", text="卡丢了赶紧帮我挂失")
    assert any(isinstance(effect, AskBank) for effect in done.turn.effects)


@pytest.mark.parametrize("identity", [BOUND, STALE])
@pytest.mark.parametrize(("digits", "right"), [("0001", True), ("1234", False)])
def test_a_session_that_is_not_fresh_tells_four_digits(identity: Identity, digits: str, right: bool) -> None:
    offered = safety("card_loss", identity=identity)
    asked = run(ActionAffirm(), "affirm", slots={"pending": offered.slots["pending"]}, identity=identity)
    assert asked.said == ["utter_freeze_check"]
    slots = {"pending": asked.slots["pending"]}
    done = run(ActionGiven(), "give_amount", text=digits, slots=slots, identity=identity)
    assert any(isinstance(effect, AskBank) for effect in done.turn.effects) is right
    assert escalation(done).reason is Reason.CARD_LOSS


def test_a_guest_and_somebody_else_hear_the_road_and_get_a_person() -> None:
    for done in (
        guest(ActionSafety(), "card_loss_freeze"),
        safety("card_loss", identity=CUSTOMER, doubted=True),
        safety("card_loss", third_party=True),
    ):
        assert "utter_freeze_road" in done.said
        assert not any(isinstance(effect, AskBank) for effect in done.turn.effects)
        assert escalation(done).reason is Reason.CARD_LOSS


def test_a_second_cry_for_help_brings_the_person_without_a_second_offer() -> None:
    pending = safety("fraud_in_progress").slots["pending"]
    done = safety("fraud_in_progress", slots={"pending": pending})
    assert done.said == ["utter_fraud"]
    assert escalation(done).reason is Reason.FRAUD


@pytest.mark.parametrize("kind", ["regulator_threat", "data_request", "credit_objection"])
def test_what_the_law_gives_a_clock_is_registered_before_the_person_comes(kind: str) -> None:
    first, second = safety(kind).turn.effects
    assert isinstance(first, OpenTicket)
    assert isinstance(second, Escalate)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("956186给我打电话是你们吗", Standing.OURS),
        ("95618699打的是你们吗", Standing.NOT_OURS),
        ("诚信和资产管理是你们委托的吗", Standing.OURS),
        ("金盾资产管理是你们委托的吗", Standing.NOT_OURS),
        ("这个催收是你们的吗", Standing.UNKNOWN),
        ("<手机号>是你们的吗", Standing.UNKNOWN),
    ],
)
def test_only_what_is_listed_is_ours(text: str, standing: Standing) -> None:
    assert standing_of(text).standing is standing


def test_an_unlisted_caller_is_never_confirmed() -> None:
    done = safety("collector_check", text="95618699打的是你们吗")
    assert done.said == ["utter_contact_not_ours", "utter_contact_list"]
    assert done.turn.effects == []


def test_who_does_not_want_his_money_stopped_is_still_looked_after_where_a_swindler_is_about() -> None:
    done = run(ActionDeny(), "deny", slots={"pending": safety("fraud_in_progress").slots["pending"]})
    assert done.said == ["utter_freeze_declined"]
    assert escalation(done).reason is Reason.FRAUD
    assert done.slots["pending"] is None
    lost = run(ActionDeny(), "deny", slots={"pending": safety("card_loss").slots["pending"]})
    assert lost.said == ["utter_as_you_wish"]
    assert not [effect for effect in lost.turn.effects if isinstance(effect, Escalate)]
