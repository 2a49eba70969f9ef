"""The reader of danger: learns several kinds at once, weighs rules as evidence, survives the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.features import features
from bot.nlu.signal_model import Lesson, SignalModel, learn_signals, with_rules

LOST = ["卡丢了", "卡被偷了", "手机丢了", "钱包丢了", "手机被偷", "卡找不到了", "包丢了"]
ILL = ["我住院了", "妈妈住院", "在医院抢救", "刚做手术", "要做手术", "病重了", "病得厉害"]
BOTH = ["住院时卡丢了", "手术那天手机被偷"]
PLAIN = ["怎么还款", "利息多少", "额度没了", "什么时候还", "能借多少", "怎么开户", "密码忘了", "账单在哪"] * 2


def seen(text: str) -> set[str]:
    return features(text, list(text))


@pytest.fixture(scope="module")
def model() -> SignalModel:
    lessons = [Lesson(seen(text), frozenset({"card_loss"})) for text in LOST]
    lessons += [Lesson(seen(text), frozenset({"illness"})) for text in ILL]
    lessons += [Lesson(seen(text), frozenset({"card_loss", "illness"})) for text in BOTH]
    lessons += [Lesson(seen(text), frozenset()) for text in PLAIN]
    return learn_signals(lessons * 20, ["card_loss", "illness"])


def test_a_text_may_tell_of_one_kind_of_both_or_of_none(model: SignalModel) -> None:
    assert model.chances(seen("我的卡丢了"))["card_loss"] > 0.5 > model.chances(seen("我的卡丢了"))["illness"]
    assert min(model.chances(seen("住院时手机丢了")).values()) > 0.5
    assert max(model.chances(seen("怎么还款")).values()) < 0.2


def test_saved_and_read_again_it_says_the_same(model: SignalModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert SignalModel.read(tmp_path).chances(seen("卡丢了")) == model.chances(seen("卡丢了"))


def test_a_text_without_a_known_feature_is_no_error(model: SignalModel) -> None:
    assert set(model.chances(set())) == {"card_loss", "illness"}


def test_what_the_rules_saw_is_a_feature_of_its_own() -> None:
    assert with_rules({"a"}, ["death"]) == {"a", "rule:death"}
