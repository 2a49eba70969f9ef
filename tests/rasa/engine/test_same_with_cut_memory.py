"""The bot with the cut memory says exactly what it would say with the whole history."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from bot.engine import runtime, store
from bot.engine import tracker as memory
from bot.engine.engine import Engine, TurnFailed, Utterance
from bot.turn import Turn

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

GREET, BALANCE, BILL, MONTH = "你好", "查余额", "看账单", "这个月"
PLAN, YES, NO, GIBBERISH, TAKE_BACK = "我想协商还款", "可以", "不行", "呃呃嗯嗯", "刚才那句不算"


def button(intent: str, **entities: str) -> Utterance:
    return Utterance(None, intent, entities)


Script = list[list[Utterance]]


def script(*steps: str | Utterance | list[Utterance]) -> Script:
    """Turns; a list is a turn of several messages."""
    turns = []
    for step in steps:
        turns.append(
            [Utterance(step)] if isinstance(step, str) else [step] if isinstance(step, Utterance) else step
        )
    return turns


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


def wandering(seed: int, turns: int = 50) -> Script:
    """A random conversation that stays with a subject for a while, as people do."""
    rng = random.Random(seed)
    likely = rng.sample(REPERTOIRE, 6)
    return [[rng.choice(likely if rng.random() < 0.6 else REPERTOIRE)] for _ in range(turns)]


def whole(tracker: Any) -> bytes:
    """Everything Rasa knows, nothing cut and nothing left out."""
    events = [event.as_dict() for event in tracker.events]
    return msgspec.json.encode({"v": 1, "events": events}, enc_hook=memory._plain)


async def play(engine: Engine, turns: Script, new_turn: Callable[..., Turn]) -> list[Any]:
    """What happened in every turn, with the slots and the form it left behind."""
    domain = engine._runtime.processor.domain
    tracker, happened = None, []
    for number, utterances in enumerate(turns):
        template = new_turn()
        turn = Turn(template.conversation_id, f"t{number}", template.channel, template.now)
        try:
            result = await engine.run(turn, utterances, tracker)
        except TurnFailed as failed:
            happened.append(failed.failures)
            continue
        tracker = result.tracker
        rebuilt = store.rebuild("c1", tracker, domain)
        happened.append(
            (
                [utterance.text or utterance.intent for utterance in utterances],
                result.replies,
                result.effects,
                [one["actions"] for one in result.trace["utterances"]],
                rebuilt.current_slot_values(),
                rebuilt.active_loop_name,
                rebuilt.is_active_loop_rejected,
            )
        )
    return happened


async def compare(
    engine: Engine, turns: Script, turn: Callable[..., Turn], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = await play(engine, turns, turn)
    with monkeypatch.context() as patch:
        patch.setattr(runtime, "packed", whole)
        full = await play(engine, turns, turn)
    for with_cut, with_whole in zip(cut, full):
        assert with_cut == with_whole
    assert len(cut) == len(turns)


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
    await compare(engine, wandering(seed), turn, monkeypatch)


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
