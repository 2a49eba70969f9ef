"""Two requests in one message: cut where customers cut, served together only when both are requests."""

from __future__ import annotations

import pytest

from bot.nlu.decision import Decision, Guess, handling_table
from bot.nlu.parts import Clause, clauses, one_matter, two_requests
from bot.nlu.reading import read


def texts(text: str) -> list[str]:
    return [clause.text for clause in clauses(text)]


def asking(text: str, joined: bool = False) -> Clause:
    return Clause(text, joined, asks=True, leans=False)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("额度是多少?另外还款日是几号", ["额度是多少", "还款日是几号"]),
        ("怎么还款 还有 利息多少", ["怎么还款", "利息多少"]),
        ("怎么提额顺便问一下利率多少", ["怎么提额", "利率多少"]),
        ("查下账单,另外,换手机号", ["查下账单", "换手机号"]),
    ],
)
def test_a_message_is_cut_at_stops_and_where_one_more_thing_is_announced(
    text: str, pieces: list[str]
) -> None:
    assert texts(text) == pieces


@pytest.mark.parametrize("text", ["我还有多少没还", "怎么还款", "你好,怎么还款", ""])
def test_one_clause_is_not_cut(text: str) -> None:
    assert clauses(text) == ()


def test_a_long_story_is_left_whole() -> None:
    assert clauses("我去年借的钱," * 6) == ()


def both(*found: tuple[Clause, str, float], whole: tuple[str, ...] = ()) -> tuple[str, str] | None:
    guesses = [(clause, Guess(intent, confidence)) for clause, intent, confidence in found]
    ranked = [Guess(name, 0.4) for name in whole or [intent for _, intent, _ in found]]
    return two_requests(guesses, ranked, handling_table())


def test_two_sure_questions_are_two_requests() -> None:
    found = both((asking("额度多少"), "limit_query", 0.9), (asking("怎么换卡"), "card_bind_change", 0.9))
    assert found == ("limit_query", "card_bind_change")


def test_a_question_after_its_story_is_one_request() -> None:
    """ "钱不够，能晚几天还吗": the first clause asks nothing."""
    story = Clause("钱不够", joined=False, asks=False, leans=False)
    assert both((story, "hardship_cannot_pay", 0.9), (asking("能晚几天还吗"), "bill_query", 0.9)) is None


def test_one_more_thing_that_is_announced_needs_no_question_before() -> None:
    problem = Clause("收不到验证码", joined=False, asks=False, leans=False)
    found = both((problem, "sms_code_issue", 0.9), (asking("额度多少", joined=True), "limit_query", 0.9))
    assert found == ("sms_code_issue", "limit_query")


def test_a_follower_the_whole_message_knows_nothing_of_is_no_request() -> None:
    found = both(
        (asking("结清证明怎么开"), "documents_certificate", 0.9),
        (asking("要多久"), "instalment_term", 0.9),
        whole=("documents_certificate", "close_product", "early_repay"),
    )
    assert found is None


def test_sides_of_one_matter_are_one_request() -> None:
    assert one_matter("overdue_rule", "negotiate_extension")
    first, last = asking("逾期会怎样"), asking("能晚几天吗")
    assert both((first, "overdue_rule", 0.9), (last, "negotiate_extension", 0.9)) is None


@pytest.mark.parametrize(
    "other", ["human_agent", "chitchat", "abuse", "out_of_scope", "fraud_report", "affirm"]
)
def test_what_brings_a_person_or_is_no_request_is_never_served_as_a_second(other: str) -> None:
    assert (
        both((asking("额度多少"), "limit_query", 0.9), (asking("再说一件", joined=True), other, 0.9)) is None
    )


def test_doubt_about_either_leaves_one_request() -> None:
    found = both((asking("额度多少"), "limit_query", 0.9), (asking("怎么换卡"), "card_bind_change", 0.3))
    assert found is None


def test_the_reading_names_the_meaning_taken_and_the_other() -> None:
    pieces = [
        (asking("额度多少"), Guess("limit_query", 0.9)),
        (asking("怎么换卡", joined=True), Guess("card_bind_change", 0.9)),
    ]
    names = [
        "card_bind_change",
        "limit_query",
        *sorted(set(handling_table()) - {"card_bind_change", "limit_query"}),
    ]
    ranking = [(name, 0.4 if place < 2 else 0.001) for place, name in enumerate(names)]
    reading = read("额度多少,另外怎么换卡", ranking, True, pieces)
    assert (reading.intent, reading.second) == ("card_bind_change", "limit_query")
    assert reading.verdict.decision is Decision.ACT
    assert read("额度多少", ranking).second is None


def test_a_danger_is_never_one_of_two() -> None:
    pieces = [
        (asking("额度多少"), Guess("limit_query", 0.9)),
        (asking("怎么换卡"), Guess("card_bind_change", 0.9)),
    ]
    ranking = [(name, 0.1) for name in handling_table()]
    assert read("我不想活了,额度多少,怎么换卡", ranking, True, pieces).second is None
