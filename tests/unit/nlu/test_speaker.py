"""Somebody else speaks: seen when it is said plainly, and never made up."""

from __future__ import annotations

import pytest

from bot.nlu.speaker import is_third_party, says_more


@pytest.mark.parametrize(
    "text",
    [
        "我是他老婆",
        "我帮我爸问一下怎么还款",
        "这是我儿子的账户",
        "我是机主的儿子",
        "我替我妈咨询一下",
        "我不是机主",
        "机主是我爸",
        "我是张三的妻子",
        "账户是我老公的",
        "我老婆让我来问",
        "我用我妈的手机登的",
        "帮朋友问下怎么提额",
        "替我老公查一下账单",
        "我是借款人的女儿，他住院了",
    ],
)
def test_said_plainly(text: str) -> None:
    assert is_third_party(text)


@pytest.mark.parametrize(
    "text",
    [
        "我朋友说可以提额",
        "能用我老婆的卡还吗",
        "不是我本人借的",
        "我老公能开通吗",
        "这是我的账户",
        "这是我老婆的卡可以还款吗",
        "别人借我的名字借的",
        "我想帮我妈还款",
        "我给我儿子转账",
        "钱转给我老婆了",
        "我是他朋友介绍来的",
        "我儿子用我的手机花了",
        "我是本人",
        "我不是他朋友圈说的那样",
    ],
)
def test_the_customer_himself_is_not_doubted(text: str) -> None:
    """A wrong yes would close his own account to him until the next login."""
    assert not is_third_party(text)


def test_who_he_is_alone_is_no_matter_yet() -> None:
    """Then he is asked what it is about, instead of a guess."""
    assert not says_more("我是他老婆")
    assert says_more("我是他老婆,他去世了")
