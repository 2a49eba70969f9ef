"""Danger said while a customer waits, or to an agent, is heard at once: the record moves forward and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversation import notices
from conversation.clock import FixedClock
from conversation.escalation import Reason, priority
from conversation.hints import NoHints
from conversation.message import Sender
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.state import Agent, Conversation, Escalation
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading

Make = Callable[..., Any]
_HEARD = {"不想活": Reason.SELF_HARM, "被骗": Reason.FRAUD}


@pytest.fixture
def reception(store: JournalStore, clock: FixedClock) -> Reception:
    def danger(text: str) -> Reason | None:
        return next((reason for word, reason in _HEARD.items() if word in text), None)

    return Reception(store, clock, NoHints(), danger=danger)


@pytest.fixture
def talk(make_conversation: Make, say: Make) -> Conversation:
    found: Conversation = make_conversation()
    say(found.id, "转人工")
    return found


@pytest.fixture
def record(store: JournalStore, talk: Conversation) -> Callable[[], Escalation]:
    def look() -> Escalation:
        with store.unit() as unit:
            found = unit.open_escalation(talk.id)
        assert found is not None
        return found

    return look


@pytest.fixture
def said(reading: Reading, talk: Conversation) -> Callable[[], list[str | None]]:
    """The system's lines since the customer asked for a person."""
    return lambda: [one.text for one in reading.events(talk.id, 2) if one.sender is Sender.SYSTEM]


def test_who_waits_is_moved_forward_and_told_where_help_is(
    talk: Conversation, say: Make, record: Make, said: Make
) -> None:
    say(talk.id, "算了，我不想活了")
    assert (record().reason, record().priority) == (Reason.SELF_HARM, priority(Reason.SELF_HARM))
    assert said()[-1] == notices.DANGER[Reason.SELF_HARM]
    assert "12356" in said()[-1]


def test_the_card_keeps_what_the_person_was_first_called_for(
    talk: Conversation, say: Make, record: Make
) -> None:
    say(talk.id, "我被骗了")
    assert record().facts["最初转接原因"] == "客户要求人工"


def test_the_place_in_time_stays(talk: Conversation, say: Make, record: Make, pass_time: Make) -> None:
    since = record().waiting_since
    pass_time(60)
    say(talk.id, "我被骗了")
    assert record().waiting_since == since


def test_it_is_said_once_and_a_lesser_danger_changes_nothing(
    talk: Conversation, say: Make, record: Make, said: Make
) -> None:
    for text in ("不想活了", "真的不想活了", "我被骗了"):
        say(talk.id, text)
    assert said().count(notices.DANGER[Reason.SELF_HARM]) == 1
    assert notices.DANGER[Reason.FRAUD] not in said()
    assert record().reason is Reason.SELF_HARM


def test_said_to_an_agent_it_is_on_his_card_and_nobody_speaks_between(
    talk: Conversation, say: Make, serving: Serving, record: Make, said: Make
) -> None:
    serving.claim(Agent("lin", "林静"), talk.id)
    before = said()
    say(talk.id, "不想活了")
    assert record().reason is Reason.SELF_HARM
    assert said() == before


def test_at_desk_bot_the_assistant_answers_it_itself(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    other = make_conversation()
    say(other.id, "不想活了")
    assert [one.sender for one in reading.events(other.id, 0)] == [Sender.CUSTOMER]
