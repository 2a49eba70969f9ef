"""A turn in the engine: all of it or nothing, and never silence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

from bot.engine.engine import Engine, EngineError, TurnFailed, Utterance
from bot.engine.errors import ActionFailed
from bot.engine.tracker import unpack
from bot.turn import Turn
from conversation.effects import Escalate
from conversation.escalation import Reason
from conversation.message import Choice

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

NewTurn = Callable[..., Turn]


async def say(engine: Engine, turn: NewTurn, texts: list[str], tracker: bytes | None = None) -> list[str]:
    """The bot's words in answer to the texts, each a turn of its own."""
    said = []
    for text in texts:
        result = await engine.run(turn(), [Utterance(text)], tracker)
        tracker = result.tracker
        said += [reply.text or "" for reply in result.replies]
    return said


async def test_a_text_is_answered(engine: Engine, turn: NewTurn) -> None:
    """Reply, answer shown, model and trace come back; nothing is stored anywhere."""
    result = await engine.run(turn("c7"), [Utterance("查余额")], None)
    assert [reply.text for reply in result.replies] == ["c7的余额是100元"]
    assert result.answers == ("balance@1",)
    assert result.model_version.startswith("minibot@")
    (utterance,) = result.trace["utterances"]
    assert utterance["intent"] == "balance"
    assert 0.3 < utterance["confidence"] <= 1
    assert utterance["actions"] == ["action_session_start", "action_balance", "action_listen"]


async def test_a_dialogue_goes_on_from_the_tracker_alone(engine: Engine, turn: NewTurn) -> None:
    """Form, validation, buttons and digression over several turns."""
    said = await say(engine, turn, ["我想协商还款", "两千", "五百", "呃呃嗯嗯", "三个月", "可以"])
    assert said == [
        "每月能还多少？",
        "太多了",
        "每月能还多少？",
        "分几个月？",
        "没听懂1",
        "分几个月？",
        "每月五百，分三个月，可以吗？",
        "方案：五百，三个月，True",
    ]


async def test_several_messages_make_one_turn(engine: Engine, turn: NewTurn) -> None:
    """People write in fragments: all of them are answered in order, on one tracker."""
    result = await engine.run(
        turn(), [Utterance("我想协商还款"), Utterance("五百"), Utterance("三个月")], None
    )
    assert [reply.text for reply in result.replies] == [
        "每月能还多少？",
        "分几个月？",
        "每月五百，分三个月，可以吗？",
    ]
    assert [one["intent"] for one in result.trace["utterances"]] == ["plan", "inform", "inform"]


async def test_buttons_come_out_as_choices_and_go_in_as_what_they_mean(engine: Engine, turn: NewTurn) -> None:
    """A button is never parsed: its intent is certain and its entities are taken as they are."""
    first = await engine.run(turn(), [Utterance("我想协商还款"), Utterance("五百")], None)
    assert first.replies[-1].choices[0] == Choice("三个月", "inform", {"months": "三个月"})
    chosen = first.replies[-1].choices[0]
    second = await engine.run(turn(), [Utterance(None, chosen.intent, chosen.entities)], first.tracker)
    assert second.replies[0].text == "每月五百，分三个月，可以吗？"
    assert second.trace["utterances"][0]["confidence"] == 1.0


async def test_text_buttons_and_card_are_one_reply(engine: Engine, turn: NewTurn) -> None:
    (reply,) = (await engine.run(turn(), [Utterance("看卡片")], None)).replies
    assert reply.text == "看这里"
    assert reply.card == {"kind": "plan", "rows": [["每月", "500"]]}
    assert reply.choices == (Choice("同意", "inform", {"amount": "五百"}),)


async def test_a_channel_may_have_words_of_its_own(engine: Engine, turn: NewTurn) -> None:
    result = await engine.run(turn(channel="hotline"), [Utterance("你好")], None)
    assert result.replies[0].text == "您好，热线"


async def test_the_same_turn_says_the_same(engine: Engine, turn: NewTurn) -> None:
    """Variations are chosen by the turn's id, so a turn run again or replayed in an audit is the same."""
    said = set()
    for _ in range(3):
        fresh = turn()
        again = Turn(fresh.conversation_id, "t-fixed", fresh.channel, fresh.now)
        said.add((await engine.run(again, [Utterance("你好")], None)).replies)
    assert len(said) == 1


async def test_the_second_miss_brings_a_person(engine: Engine, turn: NewTurn) -> None:
    """Effects come back with the result; they are only staged."""
    first = await engine.run(turn(), [Utterance("呃呃嗯嗯")], None)
    assert first.effects == ()
    second = await engine.run(turn(), [Utterance("呃呃嗯嗯")], first.tracker)
    assert second.effects == (Escalate(Reason.CUSTOMER_ASKED),)


async def test_an_effect_without_words_is_a_turn(engine: Engine, turn: NewTurn) -> None:
    result = await engine.run(turn(), [Utterance("给我回电话")], None)
    assert (result.replies, len(result.effects)) == ((), 1)


async def test_a_turn_taken_back_is_traced_as_what_it_was(engine: Engine, turn: NewTurn) -> None:
    result = await engine.run(turn(), [Utterance("查余额"), Utterance(None, "undo")], None)
    assert [one["intent"] for one in result.trace["utterances"]] == ["balance", "undo"]


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        ("broken", "action_broken"),
        ("hang", "action_hang"),
        ("bad_schema", "action_bad_schema"),
        ("silent", "turn"),
        ("circle", "circuit_breaker"),
        ("nameless", "utter_no_value"),
    ],
)
async def test_a_failure_is_a_failed_turn_never_silence(
    engine: Engine, turn: NewTurn, intent: str, action: str
) -> None:
    """Raising, hanging, breaking the format, saying nothing, going in circles, a text with a hole in it."""
    before = await engine.run(turn(), [Utterance("查余额")], None)
    with pytest.raises(TurnFailed) as failed:
        await engine.run(turn(), [Utterance(None, intent)], before.tracker)
    assert [failure.action for failure in failed.value.failures] == [action]
    after = await engine.run(turn(), [Utterance("查余额")], before.tracker)
    assert after.replies == before.replies


async def test_a_turn_that_fails_halfway_fails_whole(engine: Engine, turn: NewTurn) -> None:
    """The first message's reply is not sent when the second one's action raised."""
    with pytest.raises(TurnFailed):
        await engine.run(turn(), [Utterance("查余额"), Utterance(None, "broken")], None)


async def test_a_hanging_action_is_cut_and_the_rest_not_tried(engine: Engine, turn: NewTurn) -> None:
    started = time.monotonic()
    with pytest.raises(TurnFailed, match="no answer within 1 s"):
        await engine.run(turn(), [Utterance(None, "hang"), Utterance(None, "slow")], None)
    assert time.monotonic() - started < 1.25
    assert engine.overruns >= 1


async def test_a_turn_may_not_take_longer_than_its_limit(
    engine: Engine, turn: NewTurn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many actions it runs: the lease must outlive the turn."""
    monkeypatch.setattr(engine, "_turn_limit", 0.1)
    with pytest.raises(TurnFailed, match=r"not done within 0\.1 s"):
        await engine.run(turn(), [Utterance(None, "slow")], None)


async def test_a_memory_that_cannot_be_read_fails_the_turn(engine: Engine, turn: NewTurn) -> None:
    """Stock Rasa would greet the customer as a stranger."""
    with pytest.raises(TurnFailed, match="UnreadableTracker"):
        await engine.run(turn(), [Utterance("查余额")], b"garbage")


async def test_turns_of_different_conversations_interleave(engine: Engine, turn: NewTurn) -> None:
    """Eight slow actions take as long as one, and nobody gets another's reply."""
    started = time.monotonic()
    turns = [turn(f"c{at}") for at in range(8)]
    results = await asyncio.gather(*(engine.run(one, [Utterance(None, "slow")], None) for one in turns))
    assert [result.replies[0].text for result in results] == [f"c{at}查好了" for at in range(8)]
    assert time.monotonic() - started < 1.2


async def test_one_hanging_action_stalls_nobody(engine: Engine, turn: NewTurn) -> None:
    hanging = asyncio.create_task(engine.run(turn("stuck"), [Utterance(None, "hang")], None))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    result = await engine.run(turn("other"), [Utterance("查余额")], None)
    assert time.monotonic() - started < 0.3
    assert result.replies[0].text == "other的余额是100元"
    with pytest.raises(TurnFailed):
        await hanging


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/human",
        "\u3000/human",
        "／human",
        "\u200b/human",
        "\u200b／human@1.0",
        '/plan{"amount":"1"}',
    ],
)
async def test_a_typed_command_is_not_obeyed(engine: Engine, turn: NewTurn, text: str) -> None:
    """Not even where the pipeline folds full-width forms and drops invisible characters."""
    parsed = await engine.parse(text)
    assert parsed["intent"]["name"] not in ("human", "restart", "plan")
    assert parsed["intent"]["confidence"] < 1.0
    assert parsed["entities"] == []
    opened = await engine.run(turn(), [Utterance("我想协商还款")], None)
    result = await engine.run(turn(), [Utterance(text)], opened.tracker)
    assert any(event["event"] == "active_loop" for event in unpack(result.tracker))


async def test_a_model_that_was_not_approved_is_not_loaded(minibot: Path) -> None:
    with pytest.raises(EngineError, match="not the model that was approved"):
        await Engine.load(minibot, sha256="0" * 64)


async def test_actions_nobody_wrote_are_found_at_the_start(minibot: Path) -> None:
    """Not when the first customer needs them."""
    with pytest.raises(EngineError, match="action_balance"):
        await Engine.load(minibot, actions="tests.rasa.engine.minibot.folding")


async def test_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no trained model"):
        await Engine.load(tmp_path)


def test_action_failures_are_not_rasa_exceptions() -> None:
    """Rasa swallows its own exceptions in places; ours must get through."""
    from rasa.shared.exceptions import RasaException

    assert not issubclass(ActionFailed, RasaException)


def test_reading_needs_one_thread(engine: Engine) -> None:
    """A second one would wait by spinning: 25 ms of CPU for each text."""
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
