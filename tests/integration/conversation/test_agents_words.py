"""What agents write is stored like what customers write: secrets nowhere, and in notes no personal data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conversation.serving import Serving
from conversation.state import Agent
from conversation.store.reading import Reading
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]


def test_a_secret_in_a_reply_is_blanked_and_a_retry_is_still_the_same_message(
    make_conversation: Make, serving: Serving, agent: Agent, reading: Reading, database: MovableDatabase
) -> None:
    talk = serving.claim(agent, make_conversation().id)
    text = "您刚才说验证码834921对吗？请打13812345678"
    first = serving.reply(agent, talk.id, talk.epoch, "r1", text)
    assert serving.reply(agent, talk.id, talk.epoch, "r1", text).seq == first.seq
    told = reading.events(talk.id, first.seq - 1)[0].text
    assert told == "您刚才说验证码******对吗？请打13812345678", "a number to call is what he wanted to say"
    assert "834921" not in str(dump(database))


def test_a_note_keeps_no_number_that_names_a_person(
    make_conversation: Make, serving: Serving, agent: Agent, database: MovableDatabase
) -> None:
    talk = make_conversation()
    note = serving.note(
        agent, talk.id, "客户卡6222021234567890128，密码abc123，手机13812345678，欠 1,500.00 元"
    )
    assert note.text == "客户卡****0128，密码******，手机138****5678，欠 1,500.00 元"
    stored = str(dump(database))
    assert not [number for number in ("6222021234567890128", "abc123", "13812345678") if number in stored]
