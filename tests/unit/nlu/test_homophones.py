"""Slips of the input method are mended, correct Chinese is left as it is."""

from __future__ import annotations

import pytest

from bot.nlu.homophones import mended, readable
from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("戒不了钱", "借不了钱"),
        ("额渡多少", "额度多少"),
        ("邦定银行卡", "绑定银行卡"),
        ("能简免利习吗", "能减免利息吗"),
        ("被东结了", "被冻结了"),
        ("提钱还款", "提前还款"),
        ("转仁工", "转人工"),
        ("我要头诉", "我要投诉"),
        ("愈期一天有影响吗", "逾期一天有影响吗"),
        ("燕正码一直没来", "验证码一直没来"),
    ],
)
def test_a_run_that_is_no_word_is_read_as_the_banks_word_of_its_sound(written: str, meant: str) -> None:
    assert mended(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "预期收益多少",
        "体现不出来诚意",
        "休息日审核吗",
        "制服破了",
        "手上还欠着一笔",
        "耳朵不好电话接不了",
        "我是工人 今天发工资",
        "他律师也是这么说的",
        "信用贷扣不到款",
        "要是还晚了会怎么样",
        "医生开的证明行吗",
        "周末去银行办卡要带什么",
        "到时候再说吧",
        "人在国外收不到短信",
    ],
)
def test_correct_text_stays(text: str) -> None:
    assert mended(text) == text


def test_mending_keeps_every_place() -> None:
    """Offsets of entities count on it."""
    normal = readable("我的額渡是5OOO元")
    assert normal.text == "我的额度是5000元"
    assert normal.span(5, 10) == (5, 10)


def test_words_that_only_look_traditional_stay() -> None:
    """OpenCC reads words, not characters."""
    assert normalise("乾隆年間的還款紀錄").text == "乾隆年间的还款纪录"
