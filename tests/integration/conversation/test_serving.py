"""What agents do: one owner at a time, late writers refused, the customer always told who serves him."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import Escalate
from conversation.errors import (
    BadRequest,
    ClaimedByAnother,
    ConversationNotFound,
    DuplicateWithOtherText,
    EmptyText,
    IllegalMove,
    StaleEpoch,
    YixianError,
)
from conversation.escalation import Reason, State
from conversation.message import Sender
from conversation.serving import QueueEmpty, Serving
from conversation.state import Agent
from conversation.store.reading import Reading
from conversation.turning import Turns
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]


@pytest.fixture
def queued(make_conversation: Make, say: Make) -> Callable[[], str]:
    """A new conversation that waits for a person."""

    def make() -> str:
        conversation_id: str = make_conversation().id
        say(conversation_id, "转人工")
        return conversation_id

    return make


# claiming


def test_claiming_gives_the_chat_to_one_agent_and_tells_the_customer(
    queued: Make, serving: Serving, agent: Agent, reading: Reading
) -> None:
    id = queued()
    epoch = reading.conversation(id).epoch
    talk = serving.claim(agent, id)
    assert (talk.desk, talk.agent_id, talk.agent_name, talk.epoch) == (
        Desk.HUMAN,
        agent.id,
        "小林",
        epoch + 1,
    )
    told = reading.events(id, 2)[0]
    assert told.text == "坐席 小林 已接入，将由人工为您服务。"
    assert told.card == {"kind": "desk", "desk": "human"}


def test_the_second_agent_hears_that_somebody_was_quicker(
    queued: Make, serving: Serving, agent: Agent, other_agent: Agent, reading: Reading
) -> None:
    id = queued()
    serving.claim(agent, id)
    with pytest.raises(ClaimedByAnother):
        serving.claim(other_agent, id)
    assert reading.conversation(id).agent_id == agent.id


def test_claiming_what_one_has_changes_nothing(
    queued: Make, serving: Serving, agent: Agent, database: MovableDatabase
) -> None:
    id = queued()
    first = serving.claim(agent, id)
    before = dump(database)
    assert serving.claim(agent, id) == first
    assert dump(database) == before


def test_an_agent_may_take_over_from_the_bot(
    make_conversation: Make, say: Make, serving: Serving, agent: Agent, reading: Reading
) -> None:
    id = make_conversation().id
    say(id)
    assert serving.claim(agent, id).desk is Desk.HUMAN
    escalation = reading.overview(id).escalation
    assert escalation is not None
    assert (escalation.state, escalation.reason) == (State.ACTIVE, Reason.TAKEN_OVER)


def test_a_closed_conversation_cannot_be_claimed(queued: Make, serving: Serving, agent: Agent) -> None:
    id = queued()
    serving.close(agent, id, serving.claim(agent, id).epoch)
    with pytest.raises(IllegalMove):
        serving.claim(agent, id)


def test_claiming_what_does_not_exist_is_not_found(serving: Serving, agent: Agent) -> None:
    with pytest.raises(ConversationNotFound):
        serving.claim(agent, "c_none")


# the queue's order


def test_the_queue_is_served_by_urgency_then_by_the_order_of_asking(
    make_conversation: Make, say: Make, answer: Make, serving: Serving, agent: Agent, clock: FixedClock
) -> None:
    first, second = make_conversation().id, make_conversation().id
    for id in (first, second):
        say(id, "转人工")
        clock.advance(60)
    urgent = make_conversation().id
    say(urgent, "我的卡被盗刷了")
    answer("马上为您转人工", effects=(Escalate(Reason.FRAUD),))
    assert [serving.claim_next(agent).id for _ in range(3)] == [urgent, first, second]
    with pytest.raises(QueueEmpty):
        serving.claim_next(agent)


def test_an_agent_is_given_only_what_he_can_do(
    make_conversation: Make, say: Make, answer: Make, serving: Serving, agent: Agent, queued: Make
) -> None:
    general = queued()
    debt = make_conversation().id
    say(debt, "我还不上了")
    answer("转人工", effects=(Escalate(Reason.NEGOTIATION, "negotiation"),))
    assert serving.claim_next(agent, ["negotiation"]).id == debt
    with pytest.raises(QueueEmpty):
        serving.claim_next(agent, ["negotiation"])
    assert serving.claim_next(agent, ["negotiation", "general"]).id == general


def test_a_released_chat_goes_back_to_its_old_place(
    queued: Make, serving: Serving, agent: Agent, other_agent: Agent, clock: FixedClock, reading: Reading
) -> None:
    first = queued()
    clock.advance(60)
    second = queued()
    taken = serving.claim_next(agent)
    assert taken.id == first
    clock.advance(600)
    released = serving.release(agent, first, taken.epoch)
    assert (released.desk, released.agent_id, released.agent_name) == (Desk.QUEUED, None, None)
    assert reading.positions() == {first: 1, second: 2}
    assert serving.claim_next(other_agent).id == first


# replies


def test_an_agents_reply_is_an_entry_like_any_other(
    queued: Make, serving: Serving, agent: Agent, reading: Reading
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    receipt = serving.reply(agent, id, epoch, "r1", "您好，请讲。")
    event = reading.events(id, receipt.seq - 1)[0]
    assert (event.sender, event.text, event.agent_name) == (Sender.AGENT, "您好，请讲。", "小林")


def test_the_same_reply_twice_is_said_once(
    queued: Make, serving: Serving, agent: Agent, database: MovableDatabase
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    first = serving.reply(agent, id, epoch, "r1", "您好")
    before = dump(database)
    again = serving.reply(agent, id, epoch, "r1", "您好")
    assert (again.seq, again.repeated) == (first.seq, True)
    assert dump(database) == before
    with pytest.raises(DuplicateWithOtherText):
        serving.reply(agent, id, epoch, "r1", "别的话")


def test_customer_and_agent_may_use_the_same_message_id(
    queued: Make, serving: Serving, agent: Agent, say: Make
) -> None:
    id = queued()
    say(id, "在吗", "m1")
    epoch = serving.claim(agent, id).epoch
    assert not serving.reply(agent, id, epoch, "m1", "在的").repeated


@pytest.mark.parametrize(
    ("source_id", "text", "error"),
    [
        ("r1", " \n", EmptyText),
        ("", "好", BadRequest),
        ("x" * 129, "好", BadRequest),
        ("a\0", "好", BadRequest),
    ],
)
def test_a_reply_that_cannot_be_stored_is_refused_clearly(
    queued: Make,
    serving: Serving,
    agent: Agent,
    database: MovableDatabase,
    source_id: str,
    text: str,
    error: type[Exception],
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    before = dump(database)
    with pytest.raises(error):
        serving.reply(agent, id, epoch, source_id, text)
    assert dump(database) == before


def test_the_first_reply_is_timed_once(
    queued: Make, serving: Serving, agent: Agent, clock: FixedClock, reading: Reading
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    clock.advance(30)
    at = clock.now()
    serving.reply(agent, id, epoch, "r1", "您好")
    clock.advance(30)
    serving.reply(agent, id, epoch, "r2", "在吗")
    escalation = reading.overview(id).escalation
    assert escalation is not None
    assert escalation.first_reply_at == at


# an agent who lost the chat


ACTS: dict[str, Callable[[Serving, Agent, str, int], Any]] = {
    "reply": lambda serving, agent, id, epoch: serving.reply(agent, id, epoch, "late", "我还在写"),
    "hand_back": lambda serving, agent, id, epoch: serving.hand_back(agent, id, epoch),
    "release": lambda serving, agent, id, epoch: serving.release(agent, id, epoch),
    "close": lambda serving, agent, id, epoch: serving.close(agent, id, epoch),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "since", ["released", "handed_back", "closed", "with_another", "reclaimed", "guessed"]
)
def test_an_agent_who_lost_the_chat_is_refused(
    queued: Make,
    serving: Serving,
    agent: Agent,
    other_agent: Agent,
    database: MovableDatabase,
    act: str,
    since: str,
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    if since in ("released", "with_another", "reclaimed"):
        serving.release(agent, id, epoch)
    if since == "handed_back":
        serving.hand_back(agent, id, epoch)
    if since == "closed":
        serving.close(agent, id, epoch)
    if since == "with_another":
        epoch = serving.claim(other_agent, id).epoch  # even if he learnt the new epoch
    if since == "reclaimed":
        serving.claim(agent, id)  # in another window; this one still shows the old state
    if since == "guessed":
        epoch += 1
    before = dump(database)
    with pytest.raises(YixianError) as refused:
        ACTS[act](serving, agent, id, epoch)
    assert isinstance(refused.value, StaleEpoch)
    assert refused.value.status == 409
    assert dump(database) == before


def test_a_repeat_of_a_reply_that_was_said_is_acknowledged_after_losing_the_chat(
    queued: Make, serving: Serving, agent: Agent
) -> None:
    id = queued()
    epoch = serving.claim(agent, id).epoch
    said = serving.reply(agent, id, epoch, "r1", "您好")
    serving.release(agent, id, epoch)
    assert serving.reply(agent, id, epoch, "r1", "您好") == type(said)(said.seq, True)


# back to the bot, the end


def test_after_the_hand_back_the_bot_answers_again_and_only_the_new_messages(
    queued: Make, say: Make, serving: Serving, agent: Agent, answer: Make, turns: Turns, reading: Reading
) -> None:
    id = queued()
    say(id, "给坐席的话")
    epoch = serving.claim(agent, id).epoch
    talk = serving.hand_back(agent, id, epoch)
    assert (talk.desk, talk.agent_id, talk.agent_name) == (Desk.BOT, None, None)
    assert turns.claim("w") is None
    say(id, "怎么还款")
    assert [said.text for said in answer("这样还").said] == ["怎么还款"]
    escalation = reading.overview(id).escalation
    assert escalation is not None
    assert (escalation.state, escalation.outcome) == (State.RETURNED, "returned")


def test_a_person_can_be_called_again_after_the_hand_back(
    queued: Make, say: Make, serving: Serving, agent: Agent, reading: Reading
) -> None:
    id = queued()
    serving.hand_back(agent, id, serving.claim(agent, id).epoch)
    say(id, "转人工")
    overview = reading.overview(id)
    assert (overview.conversation.desk, overview.position) == (Desk.QUEUED, 1)
    assert overview.escalation is not None
    assert overview.escalation.state is State.WAITING


def test_closing_ends_the_escalation_with_its_outcome(
    queued: Make, serving: Serving, agent: Agent, reading: Reading, clock: FixedClock
) -> None:
    id = queued()
    talk = serving.close(agent, id, serving.claim(agent, id).epoch, "solved")
    assert (talk.desk, talk.closed_at) == (Desk.CLOSED, clock.now())
    escalation = reading.overview(id).escalation
    assert escalation is not None
    assert (escalation.state, escalation.outcome, escalation.ended_at) == (
        State.RESOLVED,
        "solved",
        clock.now(),
    )


# private notes


def test_a_private_note_takes_no_number_and_is_no_event(
    queued: Make, serving: Serving, agent: Agent, other_agent: Agent, say: Make, reading: Reading
) -> None:
    id = queued()
    last = reading.conversation(id).last_seq
    note = serving.note(other_agent, id, "这位客户要慢慢说")
    assert reading.conversation(id).last_seq == last
    assert "这位客户要慢慢说" not in {event.text for event in reading.events(id, 0)}
    assert reading.notes(id) == [note]
    assert reading.note(note.id) == note
    assert say(id, "在吗").seq == last + 1


def test_notes_come_in_the_order_of_writing(
    queued: Make, serving: Serving, agent: Agent, clock: FixedClock, reading: Reading
) -> None:
    id = queued()
    for text in ("一", "二", "三"):
        serving.note(agent, id, text)
        clock.advance(1)
    assert [note.text for note in reading.notes(id)] == ["一", "二", "三"]


def test_a_note_to_nowhere_is_refused(serving: Serving, agent: Agent) -> None:
    with pytest.raises(ConversationNotFound):
        serving.note(agent, "c_none", "备注")
