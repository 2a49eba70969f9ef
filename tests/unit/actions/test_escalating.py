"""Bringing a person: the sentence first, the right reason, what is known; and speakers who are not the customer."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.escalating import ActionEscalate, ActionThirdParty
from bot.actions.handover import ROUTES
from bot.money import Dues
from conversation.effects import DoubtSpeaker, Escalate
from conversation.escalation import Reason
from tests.unit.actions.fakes import CUSTOMER, LIBRARY, FakeBank, Outcome, guest, loan, run, yuan

LATE = loan(overdue=Dues(principal=yuan("900"), interest=yuan("100")), overdue_since=date(2026, 3, 2))


def escalation(done: Outcome) -> Escalate:
    (effect,) = [effect for effect in done.turn.effects if isinstance(effect, Escalate)]
    return effect


@pytest.mark.parametrize("intent", ROUTES)
def test_the_sentence_comes_first_and_the_person_after(intent: str) -> None:
    done = guest(ActionEscalate(), intent)
    assert done.messages[0]["text"].startswith(LIBRARY.answer(intent).short)
    assert escalation(done).reason is ROUTES[intent].reason
    assert done.choices == []  # the desk is no longer the bot's


def test_the_card_says_the_matter_and_what_the_customer_named() -> None:
    done = guest(ActionEscalate(), "negotiate_extension", entities={"term": "1周", "product": "随心借"})
    assert escalation(done).facts == {
        "事项": LIBRARY.entry("negotiate_extension").title,
        "产品": "随心借",
        "期限": "1周",
    }


def test_the_card_of_a_verified_customer_says_what_is_overdue() -> None:
    facts = escalation(run(ActionEscalate(), "hardship_cannot_pay", bank=FakeBank(loans_=[LATE]))).facts
    assert facts["逾期天数"] == "10"
    assert facts["现在应还（元）"] == "1,000.00"


def test_a_doubted_speakers_card_says_nothing_of_the_account() -> None:
    done = run(ActionEscalate(), "hardship_cannot_pay", bank=FakeBank(loans_=[LATE]), doubted=True)
    assert "逾期天数" not in escalation(done).facts


def test_a_bank_that_is_down_keeps_nobody_from_a_person() -> None:
    done = run(ActionEscalate(), "fraud_report", bank=FakeBank(down=True))
    assert escalation(done).reason is Reason.FRAUD


def test_asking_for_a_person_says_no_matter() -> None:
    assert escalation(guest(ActionEscalate(), "human_agent")).facts == {}


def test_another_speaker_is_doubted_and_gets_the_general_answer() -> None:
    done = run(
        ActionThirdParty(), "third_party", identity=CUSTOMER, decision="answer", verdict={"name": "repay_how"}
    )
    assert done.turn.effects == [DoubtSpeaker()]
    assert done.said == ["utter_third_party", "utter_answer"]
    assert done.messages[1]["text"].startswith(LIBRARY.answer("repay_how").short)


def test_another_speaker_without_a_question_hears_what_he_can_do() -> None:
    done = run(ActionThirdParty(), "third_party", decision="clarify", verdict={"name": "repay_how"})
    assert done.said == ["utter_third_party"]
    assert done.choices == ["转人工"]


def test_a_death_told_by_the_family_brings_a_person_and_the_doubt() -> None:
    done = run(
        ActionThirdParty(), "third_party", decision="handover", verdict={"name": "vulnerable_customer"}
    )
    assert DoubtSpeaker() in done.turn.effects
    assert escalation(done).reason is Reason.VULNERABLE
    assert escalation(done).facts["说话人"] == "自述不是客户本人，未核实"
    assert "utter_third_party" not in done.said


@pytest.mark.parametrize(
    ("text", "signal", "heard", "unheard"),
    [
        ("活着没意思了", "self_harm", "12356", "节哀"),
        ("我撑不下去了", "self_harm", "您的安全最要紧", "节哀"),
        ("我爸去世了 他的贷款怎么办", None, "节哀", "12356"),
        ("不方便接电话，我是聋人", None, "打字", "12356"),
        ("出了点事", None, "12356", "节哀"),
    ],
)
def test_somebody_in_need_hears_what_is_for_him_and_nothing_else(
    text: str, signal: str | None, heard: str, unheard: str
) -> None:
    said = guest(ActionEscalate(), "vulnerable_customer", text=text, signal=signal).messages[0]["text"]
    assert heard in said
    assert unheard not in said


@pytest.mark.parametrize("intent", ROUTES)
def test_the_words_before_a_person_fit_a_phone(intent: str) -> None:
    for text in ("", "我是聋人", "我爸去世了"):
        assert len(guest(ActionEscalate(), intent, text=text).messages[0]["text"]) <= 200


@pytest.mark.parametrize("intent", sorted(ROUTES))
def test_nobody_is_asked_to_log_in_for_what_a_person_takes_over(intent: str) -> None:
    """The hand-over happens with the same message: no condition is named that is not one."""
    assert "登录后" not in guest(ActionEscalate(), intent).messages[0]["text"]


def test_another_speaker_is_not_promised_the_account_he_was_just_refused() -> None:
    done = run(ActionThirdParty(), "third_party", decision="act", verdict={"name": "bill_query"})
    assert done.said == ["utter_third_party"]
