"""Plays a conversation twice, with the cut memory and with the whole history, and compares every turn."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from bot.engine import runtime, store
from bot.engine import tracker as memory
from bot.engine.engine import Engine, TurnFailed, Utterance
from bot.turn import Failure, Turn

Script = list[list[Utterance]]


def button(intent: str, **entities: str) -> Utterance:
    return Utterance(None, intent, entities)


def script(*steps: str | Utterance | list[Utterance]) -> Script:
    """Turns; a list is a turn of several messages."""
    turns = []
    for step in steps:
        if isinstance(step, list):
            turns.append(step)
        else:
            turns.append([Utterance(step) if isinstance(step, str) else step])
    return turns


def wandering(repertoire: list[Utterance], seed: int, turns: int = 50) -> Script:
    """A random conversation that stays with a subject for a while, as people do."""
    rng = random.Random(seed)
    likely = rng.sample(repertoire, 6)
    return [[rng.choice(likely if rng.random() < 0.6 else repertoire)] for _ in range(turns)]


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
            happened.append(failed)
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
) -> list[tuple[Failure, ...]]:
    """Assert that nothing differs; the failures of the turns that failed (the same in both)."""
    cut = await play(engine, turns, turn)
    with monkeypatch.context() as patch:
        patch.setattr(runtime, "packed", whole)
        full = await play(engine, turns, turn)
    for with_cut, with_whole in zip(cut, full):
        assert _comparable(with_cut) == _comparable(with_whole)
    assert len(cut) == len(turns)
    return [one.failures for one in cut if isinstance(one, TurnFailed)]


def _comparable(happened: Any) -> Any:
    return happened.failures if isinstance(happened, TurnFailed) else happened
