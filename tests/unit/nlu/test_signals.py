"""Danger and rights: the sayings, word by word, and what a model's probabilities come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.decision import handling_table
from bot.nlu.normalise import normalise
from bot.nlu.signal_lessons import OURS, SAID, labelled
from bot.nlu.signals import Signal, danger_in, known_signals, signal_in, signals_in, suspected, told
from conversation.escalation import Reason

EXAMPLES = labelled(SAID / "rules.tsv")
KINDS = {signal.name for signal in known_signals()}


def names(text: str) -> set[str]:
    return {signal.name for signal in signals_in(normalise(text).text)}


def test_the_sayings_find_their_own_examples_and_not_the_look_alikes() -> None:
    read = [(kinds, names(text) | ({"third_party"} & kinds)) for kinds, text in EXAMPLES]
    wanted = sum(len(kinds) for kinds, _ in read)
    assert wanted > 500
    assert sum(len(kinds & found) for kinds, found in read) >= 0.99 * wanted
    look_alikes = [found for kinds, found in read if not kinds]
    assert len(look_alikes) > 250
    assert sum(map(bool, look_alikes)) <= 0.03 * len(look_alikes)


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


def test_full_width_spaces_and_traditional_change_nothing() -> None:
    assert "self_harm" in names("我　不 想 活 了")
    assert "death" in names("我媽媽過世了")


@pytest.mark.parametrize("path", [*sorted(SAID.glob("*.tsv")), OURS], ids=str)
def test_what_the_model_learns_from_names_kinds_that_exist_and_no_text_twice(path: Path) -> None:
    lines = labelled(path)
    assert {kind for kinds, _ in lines for kind in kinds} <= KINDS
    assert len({text for _, text in lines}) == len(lines)


def test_every_kind_is_told_by_several_authors() -> None:
    for kind in KINDS:
        told_by = [path for path in SAID.glob("*.tsv") if any(kind in kinds for kinds, _ in labelled(path))]
        assert len(told_by) >= 4, kind


def the(name: str) -> Signal:
    return next(signal for signal in known_signals() if signal.name == name)


def test_a_sure_kind_is_told_unless_the_message_is_plainly_an_everyday_one() -> None:
    fraud = the("fraud_in_progress")
    assert fraud.maybe < fraud.sure < fraud.certain
    assert told({fraud.name: fraud.sure}, lambda kind: 0.5) == (fraud,)
    assert told({fraud.name: fraud.sure}, lambda kind: 0.9) == ()
    assert told({fraud.name: fraud.certain}, lambda kind: 0.9) == (fraud,)


def test_a_slight_chance_beside_a_far_likelier_kind_is_that_kind_seen_askew() -> None:
    illness, minor = the("serious_illness"), the("minor")
    assert told({illness.name: 0.9, minor.name: minor.sure}, lambda kind: 0.0) == (illness,)
    assert told({illness.name: 0.2, minor.name: minor.sure}, lambda kind: 0.0) == (minor, illness)


def test_a_danger_to_life_yields_to_nothing() -> None:
    harm = the("self_harm")
    assert told({"self_harm": harm.sure, "serious_illness": 0.9}, lambda kind: 1.0)[0] == harm


def test_what_may_be_meant_is_suspected() -> None:
    harm = the("self_harm")
    assert suspected({"self_harm": harm.maybe}) == (harm,)
    assert suspected({}) == ()


def test_danger_at_the_door_is_life_money_and_loss_only() -> None:
    assert danger_in("我不想活了") is Reason.SELF_HARM
    assert danger_in("钱被骗走了") is Reason.FRAUD
    assert danger_in("手机被偷了") is Reason.CARD_LOSS
    assert danger_in("我要打12378投诉你们") is None
