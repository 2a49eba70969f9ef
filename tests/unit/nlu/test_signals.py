"""Danger and rights: what must be served first is read by rules, word by word."""

from __future__ import annotations

import pytest

from benchmarks.safety import kinds_read, read_set, score
from bot.nlu.decision import handling_table
from bot.nlu.normalise import normalise
from bot.nlu.signals import FOLDER, known_signals, signal_in, signals_in

EXAMPLES = read_set(FOLDER / "examples.tsv")


def names(text: str) -> set[str]:
    return {signal.name for signal in signals_in(normalise(text).text)}


def test_the_examples_are_read_and_their_look_alikes_are_not() -> None:
    result = score(EXAMPLES)
    assert result.labels > 500
    assert result.recall >= 0.99
    assert result.none_lines > 250
    assert result.false_alarms <= 0.03


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我不想活了", "self_harm"),
        ("你们再逼我，我就跳楼", "self_harm"),
        ("借款人去世了，还未完的欠款如何处理", "death"),
        ("不方便接电话，我是聋人", "deaf"),
        ("我老公被拘留了，他的贷款怎么办", "third_party"),
        ("得了癌症没法上班", "serious_illness"),
        ("我要打12378投诉你们", "regulator_threat"),
        ("找记者曝光你们", "media_threat"),
        ("我要找律师起诉你们", "lawyer"),
        ("法院给我发来传票", "lawyer"),
        ("我儿子才15岁就借了钱", "minor"),
        ("请删除我的个人信息", "data_request"),
        ("我没有逾期，征信上却显示有逾期", "credit_objection"),
        ("银行卡丢了", "card_loss"),
        ("有人自称公安让我转账到安全账户", "fraud_in_progress"),
        ("这个催收电话是你们的吗", "collector_check"),
    ],
)
def test_each_kind_is_seen(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "会不会发律师函",
        "不还钱会坐牢吗",
        "钱扣走了，还款没成功",
        "我看不见入口",
        "想死你们了",
        "跳楼价还有吗",
        "征信怎么查",
        "逾期会上征信吗",
        "多大年龄能借",
        "我15岁能不能开户",
        "怎么注销账户",
        "授权扣款想撤回",
        "贷款会影响孩子上学吗",
        "你们是不是骗子",
        "我不是骗子",
        "累死了",
        "死活借不出来",
    ],
)
def test_ordinary_questions_raise_no_signal(text: str) -> None:
    assert signal_in(normalise(text).text) is None


def test_several_kinds_come_in_the_order_of_danger() -> None:
    found = signals_in(normalise("手机被偷了，钱被转走，我不想活了").text)
    assert [signal.name for signal in found][:3] == ["self_harm", "fraud_in_progress", "card_loss"]


def test_every_signal_means_one_of_the_intents() -> None:
    assert {signal.intent for signal in known_signals()} <= set(handling_table())


def test_a_raw_text_goes_through_the_door() -> None:
    """Full-width, spaces between the characters, Traditional."""
    assert "self_harm" in kinds_read("我　不 想 活 了")
    assert "death" in kinds_read("我媽媽過世了")
