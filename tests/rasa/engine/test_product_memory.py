"""The product's own bot, like the tiny one, says the same with the cut memory as with the whole history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.engine.engine import Engine, Utterance
from bot.turn import Turn
from service.settings import ROOT
from tests.rasa.engine.playing import button, compare, wandering

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

REPERTOIRE = [
    *map(
        Utterance,
        (
            "你好",
            "随心借的利率是多少？",
            "那提前还款呢",
            "第二个",
            "可以",
            "不用了",
            "嗯嗯呃呃",
            "天气怎么样",
            "逾期了会上征信吗",
            "我要开结清证明",
            "我换手机号了",
            "借一万分十二期要多少利息",
            "六个月",
            "这个月该还多少",
            "还不上了怎么办",
            "为什么",
            "再说一遍",
        ),
    ),
    button("interest_fee_rate"),
    button("early_repay_cost"),
]


@pytest.fixture(scope="module")
def product() -> Engine:
    """The model as trained by ``make train``."""
    return asyncio.run(Engine.load(ROOT / "bot" / "models"))


@pytest.mark.parametrize("seed", range(4))
async def test_random(
    product: Engine, turn: Callable[..., Turn], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Fifty turns of anything a guest may say, and none that fails."""
    assert await compare(product, wandering(REPERTOIRE, seed), turn, monkeypatch) == []
