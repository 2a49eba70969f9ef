"""The bot with the cut memory says exactly what it would say with the whole history."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.engine.engine import Engine, Utterance
from bot.turn import Turn
from tests.rasa.engine.playing import button, compare, script, wandering

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

GREET, BALANCE, BILL, MONTH = "你好", "查余额", "看账单", "这个月"
PLAN, YES, NO, GIBBERISH, TAKE_BACK = "我想协商还款", "可以", "不行", "呃呃嗯嗯", "刚才那句不算"


LONG_FORM = script(
    GREET,
    BALANCE,
    BILL,
    PLAN,
    *["两千"] * 12,
    GIBBERISH,
    BALANCE,
    "五百",
    *[GIBBERISH] * 9,
    "三个月",
    NO,
    YES,
    YES,
)
SCRIPTS = {
    "a form that takes thirty turns, and what comes after it": LONG_FORM,
    "a form opened, left for other things and finished": script(
        PLAN, *[BALANCE, GREET, BILL, MONTH] * 4, "五百", *[BALANCE] * 8, "六个月", YES, YES, BILL, MONTH, YES
    ),
    "two forms one after the other": script(
        PLAN, "五百", "三个月", YES, *[BALANCE] * 9, PLAN, "一千", "六个月", NO, YES
    ),
    "two-turn stories, again and again": script(*[BILL, MONTH, YES, BILL, GREET, MONTH] * 6),
    "two misses, apart and together": script(
        GIBBERISH, *[BALANCE] * 10, GIBBERISH, GIBBERISH, *[GIBBERISH] * 9
    ),
    "turns taken back": script(
        BALANCE, PLAN, TAKE_BACK, *[TAKE_BACK] * 9, BILL, TAKE_BACK, MONTH, PLAN, YES, "五百"
    ),
    "buttons instead of words": script(
        button("plan"),
        button("inform", amount="五百"),
        *[BALANCE] * 8,
        button("inform", months="三个月"),
        button("affirm"),
        button("affirm"),
    ),
    "many messages in one turn": script(
        [Utterance(PLAN), Utterance("五百")], *[[Utterance(BALANCE)] * 3] * 4, "三个月", YES
    ),
    "greeting only once": script(*[GREET] * 12),
}
REPERTOIRE = [
    *map(
        Utterance,
        (
            GREET,
            BALANCE,
            BILL,
            MONTH,
            PLAN,
            YES,
            NO,
            GIBBERISH,
            TAKE_BACK,
            "五百",
            "两千",
            "三个月",
            "看卡片",
        ),
    ),
    button("plan"),
    button("affirm"),
    button("deny"),
    button("inform", amount="一千"),
    button("inform", months="六个月"),
    button("broken"),
    button("circle"),
]


@pytest.mark.parametrize("name", list(SCRIPTS))
async def test_scripted(
    engine: Engine, turn: Callable[..., Turn], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Conversations written to hurt: long forms, stories, misses, taken-back turns, buttons."""
    await compare(engine, SCRIPTS[name], turn, monkeypatch)


@pytest.mark.parametrize("seed", range(6))
async def test_random(
    engine: Engine, turn: Callable[..., Turn], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Fifty turns of anything."""
    await compare(engine, wandering(REPERTOIRE, seed), turn, monkeypatch)


async def test_the_memory_does_not_grow(engine: Engine, turn: Callable[..., Turn]) -> None:
    """After 20 turns it is as large as it gets, also inside a form that never ends."""
    sizes = []
    tracker = (await engine.run(turn(), [Utterance(PLAN)], None)).tracker
    for number in range(120):
        tracker = (
            await engine.run(turn(), [Utterance([BALANCE, "两千", GIBBERISH][number % 3])], tracker)
        ).tracker
        sizes.append(len(tracker))
    assert max(sizes[20:]) <= max(sizes[:20]) * 1.1
    assert max(sizes) < 20_000
