"""The decision: sure answers are given, doubt asks back, danger brings a person."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.decision import Decision, Guess, Handling, Thresholds, decide, handling_table, thresholds
from bot.nlu.reading import SAFETY, THIRD_PARTY, UNCLEAR, read

T = Thresholds(sure=0.5, fair=0.3, lead=0.15, escalate=0.4, out_of_scope=0.45)
INTENTS = sorted(handling_table())
ROOT = Path(__file__).resolve().parents[3]


def decision(*ranking: tuple[str, float], brings_person: bool = False) -> tuple[Decision, str]:
    verdict = decide([Guess(*one) for one in ranking], handling_table(), T, brings_person)
    return verdict.decision, verdict.intent


def test_a_sure_meaning_is_handled_as_its_intent_says() -> None:
    assert decision(("repay_how", 0.9), ("early_repay", 0.05)) == (Decision.ANSWER, "repay_how")
    assert decision(("bill_query", 0.9), ("early_repay", 0.05)) == (Decision.ACT, "bill_query")
    assert decision(("negotiate_extension", 0.9), ("x", 0.05))[0] is Decision.ACT
    assert decision(("fraud_report", 0.9), ("x", 0.05))[0] is Decision.HANDOVER
    assert decision(("chitchat", 0.9), ("x", 0.05))[0] is Decision.ANSWER


def test_a_fair_meaning_with_a_clear_lead_is_taken() -> None:
    assert decision(("repay_how", 0.4), ("early_repay", 0.1))[0] is Decision.ANSWER


def test_two_close_meanings_are_asked_about() -> None:
    assert decision(("repay_how", 0.4), ("early_repay", 0.35))[0] is Decision.CLARIFY


def test_a_matter_for_a_person_needs_less_certainty() -> None:
    """Better a person too often than a fraud answered by a machine."""
    assert decision(("fraud_report", 0.42), ("security_privacy", 0.4))[0] is Decision.HANDOVER


def test_not_ours_needs_no_lead() -> None:
    """A named stranger with a familiar question: "京东的钱怎么还" is not about our loans."""
    assert decision(("repay_how", 0.5), ("out_of_scope", 0.46))[0] is Decision.OUT_OF_SCOPE


def test_a_matter_for_a_person_comes_before_not_ours() -> None:
    assert decision(("fraud_report", 0.5), ("out_of_scope", 0.46))[0] is Decision.HANDOVER


def test_a_doubtful_out_of_scope_becomes_a_question_about_the_likeliest_of_ours() -> None:
    assert decision(("out_of_scope", 0.3), ("repay_how", 0.25)) == (Decision.CLARIFY, "repay_how")


_RANKINGS = st.lists(
    st.tuples(st.sampled_from(INTENTS), st.floats(0, 1)), min_size=2, max_size=8, unique_by=lambda one: one[0]
).map(lambda found: sorted(found, key=lambda one: -one[1]))


@given(_RANKINGS, st.booleans())
def test_out_of_scope_is_the_intent_exactly_when_it_is_the_decision(
    ranking: list[tuple[str, float]], brings_person: bool
) -> None:
    """Outside contract of ``make predict``."""
    if brings_person and ranking[0][0] == "out_of_scope":
        return  # a signal always names one of ours first
    verdict = decide([Guess(*one) for one in ranking], handling_table(), thresholds(), brings_person)
    assert (verdict.intent == "out_of_scope") is (verdict.decision is Decision.OUT_OF_SCOPE)


def test_every_intent_of_the_domain_has_a_handling_and_no_other() -> None:
    """The dialogue acts and the pseudo intents have none."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    acts = yaml.safe_load((ROOT / "bot/data/acts/nlu.yml").read_text("utf-8"))["nlu"]
    others = {one["intent"] for one in acts} | {UNCLEAR, THIRD_PARTY, "more_detail"}
    others |= {
        SAFETY,
        "open_ticket",
        "ticket_state",
        "promise_state",
        "promise_cancel",
    }  # by rules and by buttons
    assert set(domain["intents"]) - others == set(handling_table())
    assert set(handling_table().values()) == set(Handling)


def ranked(*first: tuple[str, float]) -> list[tuple[str, float]]:
    rest = [name for name in INTENTS if name not in dict(first)]
    return [*first, *((name, 0.001) for name in rest)]


def test_an_unsure_message_is_unclear_to_the_policies_and_keeps_its_ranking() -> None:
    reading = read("还款", ranked(("repay_how", 0.3), ("early_repay", 0.28)))
    assert reading.intent == UNCLEAR
    assert reading.verdict.decision is Decision.CLARIFY
    assert [guess.intent for guess in reading.meanings[:2]] == ["repay_how", "early_repay"]


def test_a_dialogue_act_reaches_the_policies_but_never_the_ranking() -> None:
    reading = read("好的", ranked(("affirm", 0.95), ("chitchat", 0.02)))
    assert reading.intent == "affirm"
    assert reading.verdict.intent == "chitchat"
    assert reading.verdict.decision is Decision.CLARIFY
    assert "affirm" not in {guess.intent for guess in reading.meanings}


def test_a_danger_to_life_wins_over_the_classifier() -> None:
    reading = read("再催我就跳楼", ranked(("collection_conduct", 0.9)))
    assert reading.intent == SAFETY
    assert reading.verdict.intent == "vulnerable_customer"
    assert reading.verdict.decision is Decision.HANDOVER
    assert reading.signal == "self_harm"


def test_a_credit_objection_brings_a_person_although_credit_questions_are_answered() -> None:
    reading = read("征信记录有误怎么办", ranked(("credit_report", 0.9)))
    assert reading.verdict.decision is Decision.HANDOVER
    assert reading.intent == SAFETY
    assert reading.verdict.intent == "credit_report"


def test_danger_is_served_before_another_speaker_and_both_are_seen() -> None:
    reading = read("我是他老婆,他去世了", ranked(("vulnerable_customer", 0.9)))
    assert reading.intent == SAFETY
    assert reading.third_party
    assert reading.verdict.decision is Decision.HANDOVER


def test_a_text_without_a_known_word_is_asked_about_however_sure_the_model_is() -> None:
    reading = read("asdfgh", ranked(("out_of_scope", 0.99)), known=False)
    assert reading.intent == UNCLEAR
    assert reading.verdict.decision is Decision.CLARIFY
    assert reading.verdict.intent != "out_of_scope"


@pytest.mark.parametrize("name", ["sure", "fair", "lead", "escalate", "out_of_scope"])
def test_thresholds_are_probabilities(name: str) -> None:
    assert 0 < getattr(thresholds(), name) < 1


def test_a_slight_chance_of_danger_yields_to_a_plain_everyday_question() -> None:
    """ "验证码收不到" shares its words with swindles."""
    slight = {"fraud_in_progress": 0.15}
    assert read("验证码收不到", ranked(("sms_code_issue", 0.95)), chances=slight).intent == "sms_code_issue"
    assert read("验证码收不到", ranked(("sms_code_issue", 0.5)), chances=slight).intent == SAFETY


def test_danger_that_may_be_meant_stays_beside_the_answer() -> None:
    reading = read("撑不下去了,怎么还", ranked(("repay_how", 0.95)), chances={"self_harm": 0.015})
    assert (reading.intent, reading.suspected) == ("repay_how", ("self_harm",))
    sure = read("撑不下去了,怎么还", ranked(("repay_how", 0.95)), chances={"self_harm": 0.5})
    assert (sure.intent, sure.suspected) == (SAFETY, ())
