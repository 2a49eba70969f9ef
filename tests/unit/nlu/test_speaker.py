"""Somebody else speaks: seen when it is said plainly, and never made up."""

from __future__ import annotations

import time

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
        "我不是本人",
        "我不是他",
        "我不是张三",
        "他本人不在",
        "我是他前妻",
        "我是他孙女",
        "我是他领导",
        "我是他法定代理人",
        "我是他家那口子",
        "我是张三他老婆",
        "俺是他媳妇",
        "我是担保人",
        "我是他的紧急联系人",
        "作为家属我想了解",
        "受我老公委托来问",
        "我代表他来问",
        "我用的是我老公的账号",
        "我登的是他的号",
        "这不是我的账号，是我老公的",
        "账户主人不是我",
        "开户人是我爸",
        "我捡到这个手机",
        "帮我查下我老公的账单",
        "我女儿欠了多少",
        "他欠你们多少钱",
        "我妈的贷款还有几期",
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
        "人脸识别说我不是本人",
        "不是本人的银行卡可以绑定么",
        "别人捡到我手机能看到我的账单吗",
        "不是本人操作怎么办，我被盗刷了",
        "我不是本人借的",
        "这笔不是我的账单",
        "不是我的账户扣的钱吗",
        "手机号是我老婆的可以吗",
        "我给老婆看看你们的产品",
        "我是给我老婆买东西用的随心花",
        "我是帮我朋友借的钱，他不还",
        "转到我老婆的账户，没到账",
        "我朋友的额度有20万我怎么只有5万",
        "我是他们骗的",
        "我是王府井的店主",
        "我老婆怀孕了能延期吗",
        "催收给我同事打电话",
        "我是担保人吗",
    ],
)
def test_the_customer_himself_is_not_doubted(text: str) -> None:
    """A wrong yes would close his own account to him until the next login."""
    assert not is_third_party(text)


@pytest.mark.parametrize(
    "text",
    [
        "我 是 他 老 婆",
        "我是，他老婆",
        "我是~他老婆",
        "我是他 老婆。还欠多少",
        "我是他LP",
        "我\u200b是\u200d他老婆",
    ],
)
def test_the_way_of_typing_hides_nothing(text: str) -> None:
    assert is_third_party(text)


@pytest.mark.parametrize("piece", ["我是他", "查一下我老公", "我是王", "帮我", "的", "ﷺ", "我是，"])
def test_a_text_made_to_be_slow_is_read_quickly(piece: str) -> None:
    began = time.process_time()
    is_third_party((piece * 2000)[:2000])
    assert time.process_time() - began < 0.5


def test_who_he_is_alone_is_no_matter_yet() -> None:
    """Then he is asked what it is about, instead of a guess."""
    assert not says_more("我是他老婆")
    assert says_more("我是他老婆,他去世了")
