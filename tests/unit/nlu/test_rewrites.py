"""The classifier reads one way of saying for many."""

from __future__ import annotations

import pytest

from bot.nlu.entities import entities_in
from bot.nlu.features import features
from bot.nlu.rewrites import rewritten, with_signs


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("会不会算预期", "会不会算逾期"),
        ("预期收益多少", "预期收益多少"),
        ("已换完", "已还完"),
        ("提前换款", "提前还款"),
        ("换卡", "换卡"),
        ("戒不了", "借不了"),
        ("怎么体现", "怎么提现"),
        ("轻人工", "请人工"),
        ("邦定失败", "绑定失败"),
        ("个人休息泄露", "个人信息泄露"),
        ("咋办", "怎办"),
        ("怎么办", "怎办"),
        ("您好，请问额度怎么提", "额度怎么提"),
        ("你好", "你好"),
    ],
)
def test_slips_dialect_and_courtesies(written: str, read: str) -> None:
    """预期 for 逾期, 换 for 还, and polite openings that ask nothing."""
    assert rewritten(written.replace("，", ",")) == read


def test_named_things_become_signs() -> None:
    text = "借呗借3万分12期"
    assert with_signs(text, entities_in(text)) == "L借¥分T"


def test_the_product_does_not_change_what_is_asked() -> None:
    """The same question about two products differs in the product feature only."""
    one, other = (features(f"{name}怎么提前还款", ["怎么", "提前还款"]) for name in ("随心借", "花呗"))
    assert one ^ other == {"e:L", "e:P"}


def test_masked_digits_read_as_numbers() -> None:
    """Real texts come with digits blotted out: ***天 is still a term."""
    assert features("晚***天还", ["晚", "还"]) == features("晚9天还", ["晚", "还"])
