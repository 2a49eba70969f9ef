"""What lists and clients are shown: the queue in its order, what is unread, whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import AskBank, Escalate
from conversation.errors import ConversationNotFound
from conversation.escalation import Reason, State
from conversation.message import Sender
from conversation.relay import Relay
from conversation.serving import Serving
from conversation.state import Agent
from conversation.store.reading import Reading
from conversation.turning import Turns

Make = Callable[..., Any]


def test_a_conversation_that_does_not_exist_is_not_found(reading: Reading) -> None:
    for look in (reading.conversation, reading.overview):
        with pytest.raises(ConversationNotFound):
            look("c_none")
    assert reading.position("c_none") is None
    assert reading.events("c_none", 0) == []


def test_positions_count_from_one_in_the_order_of_service(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    ids = [make_conversation().id for _ in range(4)]
    for id in ids[:3]:
        say(id, "转人工")
        clock.advance(1)
    say(ids[3], "有人盗刷")
    answer("转人工", effects=(Escalate(Reason.FRAUD),))
    expected = {ids[3]: 1, ids[0]: 2, ids[1]: 3, ids[2]: 4}
    assert reading.positions() == expected
    assert {id: reading.position(id) for id in ids} == expected
    assert [overview.conversation.id for overview in reading.overviews(Desk.QUEUED)] == sorted(
        expected, key=expected.__getitem__
    )  # type: ignore[arg-type]
    assert [overview.position for overview in reading.overviews(Desk.QUEUED)] == [1, 2, 3, 4]


def test_asking_at_the_same_moment_gives_everybody_a_place_of_his_own(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    ids = [make_conversation().id for _ in range(6)]
    for id in ids:
        say(id, "转人工")
    assert sorted(reading.position(id) for id in ids) == [1, 2, 3, 4, 5, 6]  # type: ignore[type-var]
    assert reading.positions() == {id: reading.position(id) for id in ids}


def test_a_place_is_lost_by_leaving_and_by_being_served(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent, clock: FixedClock
) -> None:
    ids = [make_conversation().id for _ in range(3)]
    for id in ids:
        say(id, "转人工")
        clock.advance(1)
    say(ids[0], "取消排队")
    assert [reading.position(id) for id in ids] == [None, 1, 2]
    serving.claim_next(agent)
    assert [reading.position(id) for id in ids] == [None, None, 1]


def test_counts_say_how_many_are_where_and_how_many_are_mine(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent, other_agent: Agent
) -> None:
    assert reading.counts(agent.id) == {"bot": 0, "queued": 0, "human": 0, "closed": 0, "mine": 0}
    ids = [make_conversation().id for _ in range(5)]
    for id in ids[:4]:
        say(id, "转人工")
    serving.claim(agent, ids[0])
    serving.claim(other_agent, ids[1])
    serving.close(other_agent, ids[2], serving.claim(other_agent, ids[2]).epoch)
    assert reading.counts(agent.id) == {"bot": 1, "queued": 1, "human": 2, "closed": 1, "mine": 1}
    assert reading.counts()["mine"] == 0


def test_unread_are_the_customers_messages_after_the_agents_last_words(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, serving: Serving, agent: Agent
) -> None:
    id = make_conversation().id
    say(id, "怎么还款")
    answer("这样还")
    say(id, "转人工")
    assert reading.overview(id).unread == 2
    epoch = serving.claim(agent, id).epoch
    serving.reply(agent, id, epoch, "r1", "您好")
    assert reading.overview(id).unread == 0
    say(id, "在吗")
    say(id, "有个问题")
    serving.note(agent, id, "备注")
    assert reading.overview(id).unread == 2


def test_the_last_event_of_a_list_is_what_somebody_said_not_a_desk_notice(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent
) -> None:
    id = make_conversation().id
    assert reading.overview(id).last_event is None
    say(id, "转人工")
    serving.claim(agent, id)
    last = reading.overview(id).last_event
    assert last is not None
    assert (last.sender, last.text) == (Sender.CUSTOMER, "转人工")


def test_the_newest_change_comes_first_and_pages_go_on_from_there(
    make_conversation: Make, say: Make, reading: Reading, clock: FixedClock
) -> None:
    ids = [make_conversation().id for _ in range(5)]
    for id in ids:
        clock.advance(1)
        say(id)
    newest = ids[::-1]
    first = reading.overviews(Desk.BOT, limit=2)
    assert [overview.conversation.id for overview in first] == newest[:2]
    rest = reading.overviews(Desk.BOT, before=first[-1].conversation.updated_at, limit=10)
    assert [overview.conversation.id for overview in rest] == newest[2:]


def test_my_list_holds_my_chats_only(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent, other_agent: Agent
) -> None:
    mine, theirs = make_conversation().id, make_conversation().id
    serving.claim(agent, mine)
    serving.claim(other_agent, theirs)
    assert [overview.conversation.id for overview in reading.overviews(Desk.HUMAN, agent.id)] == [mine]


def test_a_list_shows_the_escalation_that_is_on_even_when_an_older_one_has_the_same_time(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent, clock: FixedClock
) -> None:
    """Also when the business clock is set back between the two."""
    id = make_conversation().id
    for _ in range(3):
        say(id, "转人工")
        overview = reading.overview(id)
        assert overview.escalation is not None
        assert overview.escalation.state is State.WAITING
        serving.hand_back(agent, id, serving.claim(agent, id).epoch)
        clock.advance(-3600)


def test_the_backlog_says_what_still_has_to_happen(
    make_conversation: Make,
    say: Make,
    answer: Make,
    reading: Reading,
    relay: Relay,
    pass_time: Make,
    turns: Turns,
) -> None:
    assert (reading.backlog().open_turns, reading.backlog().oldest_seconds, reading.backlog().outbox) == (
        0,
        0.0,
        0,
    )
    id = make_conversation().id
    say(id)
    answer("已提交", effects=(AskBank("certificate", "C0001", {}, "结清证明"),))
    say(id)
    pass_time(12)
    backlog = reading.backlog()
    assert (backlog.open_turns, backlog.outbox) == (1, 1)
    assert 12 <= backlog.oldest_seconds < 20


def test_the_cheap_poll_changes_when_a_conversation_does(
    make_conversation: Make, say: Make, reading: Reading, serving: Serving, agent: Agent
) -> None:
    one, other = make_conversation().id, make_conversation().id
    seen = [reading.last_seqs([one, other])]
    say(one)
    seen.append(reading.last_seqs([one, other]))
    serving.claim(agent, other)
    seen.append(reading.last_seqs([one, other]))
    assert seen[0] == {one: (0, 1), other: (0, 1)}
    assert seen[1] == {one: (1, 1), other: (0, 1)}
    assert seen[2] == {one: (1, 1), other: (1, 2)}
    assert reading.last_seqs([]) == {}


def test_sweeping_keeps_what_is_still_of_use(
    make_conversation: Make, say: Make, reading: Reading, store: Any, clock: FixedClock
) -> None:
    id = make_conversation().id
    say(id)
    store.sweep(clock.now() + timedelta(days=30), timedelta(hours=2))
    assert len(reading.events(id, 0)) == 1
