"""Who said that he is not the customer hears nothing of the account, whoever was in charge when he said it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conversation.clock import FixedClock
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.state import Agent, Conversation
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import MAX_RUNS, Turns

Make = Callable[..., Any]


@pytest.fixture
def reception(store: JournalStore, clock: FixedClock) -> Reception:
    return Reception(store, clock, NoHints(), lambda text: "他老婆" in text)


@pytest.fixture
def verified(clock: FixedClock) -> Identity:
    return Identity(Level.VERIFIED, "C0001", clock.now(), clock.now() + timedelta(minutes=10))


@pytest.fixture
def talk(make_conversation: Make, verified: Identity, pass_time: Make) -> Conversation:
    found: Conversation = make_conversation("customer:C0001", verified)
    pass_time(1)
    return found


@pytest.fixture
def tell(talk: Conversation, say: Make, verified: Identity) -> Callable[[str], Any]:
    return lambda text: say(talk.id, text, identity=verified)


@pytest.fixture
def seen(talk: Conversation, turns: Turns, clock: FixedClock) -> Callable[[], bool]:
    """Whether the turn that waits now may show the account."""

    def look() -> bool:
        claim = turns.claim("w")
        assert claim is not None
        return claim.identity.may_see_account(clock.now(), claim.doubted_at)

    return look


def test_the_customer_himself_sees_his_account(tell: Make, seen: Make) -> None:
    tell("我的账单")
    assert seen()


def test_said_while_waiting_it_holds_after_leaving_the_queue(tell: Make, seen: Make) -> None:
    tell("转人工")
    tell("我是他老婆")
    tell("取消排队")
    tell("我的账单")
    assert not seen()


def test_said_before_the_turn_was_superseded_it_holds(tell: Make, seen: Make) -> None:
    """The bot never reads the message: a person was called before it could."""
    tell("我是他老婆")
    tell("转人工")
    tell("取消排队")
    tell("我的账单")
    assert not seen()


def test_said_to_an_agent_it_holds_after_the_hand_back(
    tell: Make, seen: Make, serving: Serving, talk: Conversation
) -> None:
    agent = Agent("a_lin", "小林")
    tell("转人工")
    epoch = serving.claim(agent, talk.id).epoch
    tell("您好，我是他老婆，他不在家")
    serving.hand_back(agent, talk.id, epoch)
    tell("我的账单")
    assert not seen()


def test_it_holds_in_the_next_conversation_of_the_same_login(
    tell: Make,
    say: Make,
    serving: Serving,
    talk: Conversation,
    reception: Reception,
    turns: Turns,
    verified: Identity,
) -> None:
    agent = Agent("a_lin", "小林")
    tell("我是他老婆")
    tell("转人工")
    serving.close(agent, talk.id, serving.claim(agent, talk.id).epoch)
    new, resumed = reception.open("app", "customer:C0001", verified)
    assert not resumed
    say(new.id, "我的账单", identity=verified)
    claim = turns.claim("w")
    assert claim is not None
    assert not claim.identity.may_see_account(talk.created_at + timedelta(seconds=1), claim.doubted_at)


def test_said_in_pieces_it_holds(tell: Make, seen: Make) -> None:
    for piece in ("我是", "他", "老婆", "我的账单"):
        tell(piece)
    assert not seen()


def test_a_new_login_ends_the_doubt_and_old_words_do_not_bring_it_back(
    tell: Make, say: Make, turns: Turns, talk: Conversation, clock: FixedClock, pass_time: Make
) -> None:
    tell("我是")
    tell("他老婆")
    pass_time(5)
    again = Identity(Level.VERIFIED, "C0001", clock.now(), clock.now() + timedelta(minutes=10))
    say(talk.id, "账单", identity=again)
    claim = turns.claim("w")
    assert claim is not None
    assert claim.identity.may_see_account(clock.now(), claim.doubted_at)


def test_an_answer_made_for_the_customer_is_not_given_to_somebody_else(
    tell: Make, turns: Turns, outcome: Make, reading: Reading, talk: Conversation
) -> None:
    """He says so during the last run a turn may have: it runs once more, and now it knows."""
    tell("我的账单")
    claim = turns.claim("w")
    assert claim is not None
    for run in range(1, MAX_RUNS):
        tell(f"还有第{run}件事")
        claim = turns.commit(claim, outcome("您这期应还 1,000.00 元"))
        assert claim is not None
    tell("我是他老婆")
    again = turns.commit(claim, outcome("您这期应还 1,000.00 元"))
    assert again is not None
    assert not again.identity.may_see_account(talk.created_at + timedelta(seconds=2), again.doubted_at)
    assert turns.commit(again, outcome("请客户本人登录后再问")) is None
    assert not any("1,000.00" in (event.text or "") for event in reading.events(talk.id, 0))
