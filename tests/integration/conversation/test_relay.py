"""The outbox relay: tried until answered, harmless when repeated, a person when nothing helps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conversation.desk import Desk
from conversation.effects import AskBank
from conversation.escalation import Reason
from conversation.message import Sender
from conversation.relay import MAX_ATTEMPTS, Answer, Relay
from conversation.serving import Serving
from conversation.state import Agent, OutboxItem
from conversation.store.reading import Reading
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]
DONE = Answer("done", "预计 3 个工作日寄出。", "R1")


@pytest.fixture
def asked(make_conversation: Make, say: Make, answer: Make) -> Callable[[], str]:
    """A conversation whose turn asked the bank for something."""

    def make() -> str:
        conversation_id: str = make_conversation().id
        say(conversation_id, "我要结清证明")
        answer("已提交", effects=(AskBank("certificate", "C0001", {}, "结清证明"),))
        return conversation_id

    return make


def claimed(relay: Relay) -> OutboxItem:
    item = relay.claim("bank")
    assert item is not None
    return item


def row(database: MovableDatabase) -> dict[str, Any]:
    (found,) = dump(database)["outbox"]
    return found


def test_an_item_is_held_by_one_and_comes_back_when_nothing_is_heard(
    asked: Make, relay: Relay, pass_time: Make
) -> None:
    asked()
    first = claimed(relay)
    assert (first.attempts, first.payload["kind"]) == (1, "certificate")
    assert relay.claim("bank") is None
    pass_time(31)
    second = claimed(relay)
    assert (second.id, second.attempts, second.idempotency_key) == (first.id, 2, first.idempotency_key)


def test_topics_are_apart(asked: Make, relay: Relay) -> None:
    asked()
    assert relay.claim("wechat") is None


@pytest.mark.parametrize(("state", "text"), [("done", "已生效"), ("refused", "没有办成")])
def test_the_banks_answer_is_told_once(
    asked: Make, relay: Relay, reading: Reading, database: MovableDatabase, state: str, text: str
) -> None:
    id = asked()
    item = claimed(relay)
    relay.answered(item, Answer(state, "原因", "R1"))
    relay.answered(item, Answer(state, "原因", "R1"))
    (told,) = reading.events(id, 2)
    assert told.sender is Sender.SYSTEM
    assert text in (told.text or "")
    assert "结清证明" in (told.text or "")
    found = row(database)
    assert (found["state"], found["result"]["state"], found["result"]["reference"]) == ("done", state, "R1")
    assert relay.claim("bank") is None


def test_no_answer_is_tried_again_later_and_each_time_later(
    asked: Make, relay: Relay, pass_time: Make, reading: Reading
) -> None:
    id = asked()
    for wait in (2, 4, 8):
        relay.failed(claimed(relay), "timeout")
        pass_time(wait - 0.5)
        assert relay.claim("bank") is None
        pass_time(1)
    assert reading.events(id, 2) == [], "the customer hears nothing of it yet"


def test_after_the_last_try_the_customer_is_told_and_a_person_called(
    asked: Make, relay: Relay, pass_time: Make, reading: Reading, database: MovableDatabase
) -> None:
    id = asked()
    for _ in range(MAX_ATTEMPTS):
        relay.failed(claimed(relay), "timeout")
        pass_time(301)
    assert relay.claim("bank") is None
    assert row(database)["state"] == "dead"
    assert "正在为您转接人工" in (reading.events(id, 2)[0].text or "")
    overview = reading.overview(id)
    assert overview.conversation.desk is Desk.QUEUED
    assert overview.escalation is not None
    assert overview.escalation.reason is Reason.ACCOUNT_SERVICE


def test_an_error_that_trying_again_cannot_help_calls_a_person_at_once(
    asked: Make, relay: Relay, reading: Reading
) -> None:
    id = asked()
    relay.failed(claimed(relay), "unknown customer", final=True)
    assert reading.conversation(id).desk is Desk.QUEUED


def test_a_stuck_request_while_a_person_serves_is_told_and_moves_no_desk(
    asked: Make, relay: Relay, reading: Reading, serving: Serving, agent: Agent
) -> None:
    id = asked()
    epoch = serving.claim(agent, id).epoch
    relay.failed(claimed(relay), "no", final=True)
    talk = reading.conversation(id)
    assert (talk.desk, talk.epoch) == (Desk.HUMAN, epoch)


def test_a_holder_who_lost_the_item_is_ignored(
    asked: Make, relay: Relay, pass_time: Make, reading: Reading, database: MovableDatabase
) -> None:
    id = asked()
    stale = claimed(relay)
    pass_time(31)
    live = claimed(relay)
    relay.answered(stale, Answer("refused", "旧的"))
    relay.failed(stale, "old")
    relay.failed(stale, "old", final=True)
    assert row(database)["token"] == live.token
    assert reading.events(id, 2) == []
    relay.answered(live, DONE)
    relay.failed(live, "after the end", final=True)
    assert row(database)["state"] == "done"
    assert reading.conversation(id).desk is Desk.BOT


def test_of_eight_relays_each_item_goes_to_one(asked: Make, relay: Relay) -> None:
    expected = {asked() for _ in range(20)}

    def drain(_: int) -> list[OutboxItem]:
        found = []
        while (item := relay.claim("bank")) is not None:
            found.append(item)
        return found

    with ThreadPoolExecutor(8) as threads:
        items = [item for found in threads.map(drain, range(8)) for item in found]
    items += drain(8)
    assert sorted(item.conversation_id for item in items) == sorted(expected)


def test_a_stuck_request_of_a_closed_conversation_promises_nobody_who_is_not_called(
    asked: Make, relay: Relay, reading: Reading, serving: Serving, agent: Agent
) -> None:
    """The conversation is over, so no agent can be called into it: the words must not say so."""
    id = asked()
    serving.close(agent, id, serving.claim(agent, id).epoch)
    last = reading.conversation(id).last_seq
    relay.failed(claimed(relay), "no", final=True)
    (told,) = reading.events(id, last)
    assert "正在为您转接" not in (told.text or "")
