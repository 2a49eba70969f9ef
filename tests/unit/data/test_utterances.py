"""Training utterances are many and really different, and no text means two things."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.nlu.decision import OUT_OF_SCOPE, handling_table
from service.utterances import Row, bare, contradictions, repeated, utterances

#: Where the lines are and why: a text under two intents teaches nothing, so none. Two people do write the same
#: short question with another particle, and that is worth a few lines; above two in a hundred somebody filled in
#: a template.
MOST_REPEATED = 0.02
LEAST = 100
LEAST_OUT_OF_SCOPE = 800


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return utterances()


def test_no_text_stands_under_two_intents(rows: list[Row]) -> None:
    assert [(pair.one, pair.other) for pair in contradictions(rows)] == []


def test_few_utterances_repeat_another_of_their_intent(rows: list[Row]) -> None:
    assert len(repeated(rows)) / len(rows) <= MOST_REPEATED


def test_each_question_has_enough_utterances(rows: list[Row]) -> None:
    counts = Counter(intent for intent, _ in rows)
    assert {intent: counts[intent] for intent in handling_table() if counts[intent] < LEAST} == {}
    assert counts[OUT_OF_SCOPE] >= LEAST_OUT_OF_SCOPE


def test_a_contradiction_is_found_though_marks_differ() -> None:
    assert contradictions([("a", "还款失败？"), ("b", "还款失败")])[0].other == ("b", "还款失败")


def test_a_repetition_is_found_within_an_intent_only() -> None:
    rows = [("a", "提前还款怎么办理"), ("a", "提前还款怎么办理呀"), ("b", "提前还款怎么办理呢")]
    assert [pair.other for pair in repeated(rows)] == [("a", "提前还款怎么办理呀")]


def test_likeness_looks_at_the_words_not_the_marks() -> None:
    assert bare("還款，失敗！！") == "还款失败"
