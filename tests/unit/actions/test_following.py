"""Fragments mean what the topic makes of them, and nothing where they say it themselves."""

from __future__ import annotations

import pytest

from bot.actions.following import (
    DETAIL,
    ME,
    MORE,
    PERSON,
    SAME,
    chosen,
    meaning,
    none_of_them,
    only_product,
    serves,
    table,
)
from bot.nlu.decision import handling_table

OFFERED = ["怎么还款", "怎么提前还款", "我还要还多少"]


@pytest.mark.parametrize(
    ("topic", "text", "meant"),
    [
        ("bill_query", "那利息呢", "interest_fee_rate"),
        ("early_repay", "那利息呢？", "early_repay_cost"),
        ("early_repay", "要手续费吗", "early_repay_cost"),
        ("disbursement", "利息多少", "interest_fee_rate"),
        ("overdue_rule", "那费用怎么算啊", "overdue_fee"),
        ("transfer_rule", "手续费呢", "transfer_rule"),
        ("verification_call", "没接到", "verification_call"),
        ("review_progress", "我没接到电话", "verification_call"),
        ("sms_code_issue", "还没收到", "sms_code_issue"),
        ("disbursement", "一直没到账啊", "disbursement"),
        ("identity_verify_failed", "我就是", SAME),
        ("bill_query", "我就是本人啊", ME),
        ("repay_how", "多少", "bill_query"),
        ("early_repay", "那要多少钱", "early_repay_cost"),
        ("overdue_rule", "多少钱呢", "overdue_fee"),
        ("review_progress", "为什么", "application_rejected"),
        ("limit_query", "为啥呀", "limit_problem"),
        ("early_repay", "为什么", DETAIL),
        ("change_phone", "然后呢", DETAIL),
        ("change_phone", "详细说明", MORE),
        ("app_login_issue", "还是不行", PERSON),
        ("repay_failed", "试过了，还是不行啊！", PERSON),
        ("sms_code_issue", "没用", PERSON),
        ("bill_query", "怎么弄", "repay_how"),
        ("early_repay_cost", "那怎么操作呢", "early_repay"),
        ("instalment_term", "怎么办理", "instalment_manage"),
        ("change_phone", "怎么弄", DETAIL),
        ("apply_how", "要多久", "review_progress"),
        ("disbursement", "大概要多久啊", "disbursement"),
        ("bill_query", "什么时候", "repay_date_query"),
        ("early_repay_cost", "能不能今天", "early_repay"),
        ("disbursement", "今天行吗", SAME),
        ("loan_cost_calc", "能不能今天", "disbursement"),
    ],
)
def test_a_fragment_means_what_the_topic_makes_of_it(topic: str, text: str, meant: str) -> None:
    assert meaning(text, topic) == meant


@pytest.mark.parametrize(
    "text",
    [
        "怎么还款",
        "我的随心借利息多少",
        "没接到你们的催收电话但是家里人接到了",
        "我要投诉",
        "好的",
        "3000",
        "",
    ],
)
def test_a_text_that_speaks_for_itself_is_no_fragment(text: str) -> None:
    assert meaning(text, "bill_query") is None


@pytest.mark.parametrize("topic", [None, "chitchat", "out_of_scope", "abuse", "human_agent"])
def test_nothing_follows_where_there_was_no_matter(topic: str | None) -> None:
    assert meaning("那利息呢", topic) is None


def test_the_table_names_intents_that_exist() -> None:
    known = set(handling_table())
    for row in table().fragments:
        assert set(row.means) <= known, row.name
        assert {*row.means.values(), row.otherwise} <= known | {SAME, DETAIL, MORE, PERSON, ME, None}, (
            row.name
        )


@pytest.mark.parametrize(
    ("rest", "bare"),
    [("那呢", True), ("呢", True), ("", True), ("的呢？", True), ("那也一样吗", True), ("怎么还", False)],
)
def test_another_product_alone_is_a_follow_up(rest: str, bare: bool) -> None:
    assert only_product(rest) is bare


def test_a_product_does_not_outlive_its_matter() -> None:
    """A savings product then "怎么还款": not the savings product's."""
    assert not serves("活期盈", "repay_how")
    assert serves("活期盈", "deposit_withdraw")
    assert serves("随心花", "early_repay")
    assert not serves("随心借", "deposit_wealth")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("第二个", 1),
        ("1", 0),
        ("选3", 2),
        ("我要第一个吧", 0),
        ("最后一个", 2),
        ("怎么提前还款", 1),
        ("我还要还多少？", 2),
        ("我还要还多少钱", 2),
        ("怎么还款啊", 0),
        ("1号能还吗", None),
        ("借3万", None),
        ("额度多少", None),
        ("第三个", 2),
    ],
)
def test_a_choice_works_as_text(text: str, at: int | None) -> None:
    assert chosen(text, OFFERED) == at


def test_the_third_of_two_is_none() -> None:
    assert chosen("第三个", OFFERED[:2]) is None


@pytest.mark.parametrize(
    "text", ["都不是", "都不是。", "不是我要问的", "以上都不是", "没有我要的", "这三个都不是我想问的"]
)
def test_none_of_them_is_heard(text: str) -> None:
    assert none_of_them(text)


@pytest.mark.parametrize("text", ["不是我借的", "没有钱", "都还了", "别的银行"])
def test_other_denials_are_not_none_of_them(text: str) -> None:
    assert not none_of_them(text)
