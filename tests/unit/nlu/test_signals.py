"""Regulated cases: what the law wants a person for is read by rules, word by word."""

from __future__ import annotations

import pytest

from bot.nlu.decision import handling_table
from bot.nlu.signals import _signals, signal_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我不想活了", "self_harm"),
        ("你们再逼我，我就跳楼", "self_harm"),
        ("活着没意思，还不上了", "self_harm"),
        ("想自杀", "self_harm"),
        ("借款人去世了，还未完的欠款如何处理", "special_situation"),
        ("不方便接电话，我是聋人", "special_situation"),
        ("我爸上个月去世了", "special_situation"),
        ("我老公被拘留了，他的贷款怎么办", "special_situation"),
        ("得了癌症没法上班", "special_situation"),
        ("我要打12378投诉你们", "regulator_or_media"),
        ("已经向银保监会举报了", "regulator_or_media"),
        ("去金融监管总局反映", "regulator_or_media"),
        ("找记者曝光你们", "regulator_or_media"),
        ("我要找律师起诉你们", "legal_threat"),
        ("收到律师函了怎么办", "legal_paper"),
        ("法院给我发来传票", None),
        ("收到法院的传票", "legal_paper"),
        ("我未成年的时候借的款", "minor"),
        ("我儿子才15岁就借了钱", "minor"),
        ("请删除我的个人信息", "data_request"),
        ("我要撤回授权，不要保留我的资料", "data_request"),
        ("征信报告有误，我没逾期", "credit_objection"),
        ("我没有逾期，征信上却显示有逾期", None),
        ("怎么提征信异议", "credit_objection"),
    ],
)
def test_regulated_sayings_are_seen(text: str, name: str | None) -> None:
    from bot.nlu.homophones import readable

    found = signal_in(readable(text).text)
    assert name is None or (found is not None and found.name == name)


@pytest.mark.parametrize(
    "text",
    [
        "会不会发律师函",
        "不还钱会坐牢吗",
        "逾期会被拘留吗",
        "钱扣走了，还款没成功",
        "我看不见入口",
        "手机没了怎么登录",
        "想死你们了",
        "跳楼价还有吗",
        "征信怎么查",
        "逾期会上征信吗",
        "多大年龄能借",
        "我15岁能不能开户",
        "怎么注销账户",
        "投诉电话是多少",
        "授权扣款想撤回",
        "贷款会影响孩子上学吗",
    ],
)
def test_ordinary_questions_raise_no_signal(text: str) -> None:
    assert signal_in(text) is None


def test_every_signal_means_one_of_the_intents() -> None:
    assert {signal.intent for signal, _ in _signals()} <= set(handling_table())
