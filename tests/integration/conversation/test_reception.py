"""Reception's promises: accepted once, numbered without gaps, nothing stored of what is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import DoubtSpeaker
from conversation.errors import (
    BadRequest,
    ConversationClosed,
    ConversationNotFound,
    DuplicateWithOtherText,
    EmptyText,
    UnknownPayload,
    YixianError,
)
from conversation.identity import GUEST, Identity, Level
from conversation.message import Choice, InboundMessage, Reply, Sender
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.state import Agent
from conversation.store.reading import Reading
from conversation.store.unit import Unit
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]


def _verified(clock: FixedClock, customer_id: str = "C0001", minutes: float = 10) -> Identity:

    return Identity(Level.VERIFIED, customer_id, clock.now(), clock.now() + timedelta(minutes=minutes))


# the same message twice


def test_the_same_message_twice_is_one_message(make_conversation: Make, say: Make, reading: Reading) -> None:
    talk = make_conversation()
    first, again = say(talk.id, "怎么还款", "m1"), say(talk.id, "怎么还款", "m1")
    assert (first.seq, first.repeated) == (1, False)
    assert (again.seq, again.repeated) == (1, True)
    assert len(reading.events(talk.id, 0)) == 1


def test_the_same_id_with_another_text_is_refused(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id, "怎么还款", "m1")
    with pytest.raises(DuplicateWithOtherText) as refused:
        say(talk.id, "怎么借款", "m1")
    assert refused.value.status == 422
    assert [event.text for event in reading.events(talk.id, 0)] == ["怎么还款"]


def test_a_hidden_difference_in_personal_data_is_a_difference(make_conversation: Make, say: Make) -> None:
    """Both look the same once masked; the originals differ, so it is another text."""
    talk = make_conversation()
    say(talk.id, "手机 13812345678", "m1")
    with pytest.raises(DuplicateWithOtherText):
        say(talk.id, "手机 13899995678", "m1")


def test_a_text_never_repeats_a_button_of_the_same_name(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    answer(replies=(Reply("请选择", (Choice("怎么还款", "repay_how", {}),)),))
    button = reading.events(talk.id, 1)[0].buttons[0]
    say(talk.id, payload=button.payload, source_id="m2")
    with pytest.raises(DuplicateWithOtherText):
        say(talk.id, "怎么还款", "m2")


def test_two_customers_may_use_the_same_message_id(make_conversation: Make, say: Make) -> None:
    one, other = make_conversation(), make_conversation()
    assert say(one.id, "怎么还款", "m1").seq == 1
    assert say(other.id, "怎么借款", "m1").seq == 1


def test_a_repeat_of_an_accepted_message_is_still_acknowledged_after_closing(
    make_conversation: Make, say: Make, serving: Serving, agent: Agent
) -> None:
    """The first acknowledgement may have got lost: the client must learn that the message is there."""
    talk = make_conversation()
    say(talk.id, "怎么还款", "m1")
    taken = serving.claim(agent, talk.id)
    serving.close(agent, talk.id, taken.epoch)
    assert say(talk.id, "怎么还款", "m1").repeated
    with pytest.raises(ConversationClosed):
        say(talk.id, "再问一个", "m2")


# numbers


def test_eight_threads_writing_to_one_conversation_leave_no_gap_and_no_double(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    talk = make_conversation()
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda n: say(talk.id, f"第{n}句", f"m{n}"), range(40)))
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, 41))
    events = reading.events(talk.id, 0)
    assert [event.seq for event in events] == list(range(1, 41))
    assert {event.client_msg_id: event.seq for event in events} == {
        f"m{n}": receipt.seq for n, receipt in enumerate(receipts)
    }


def test_one_message_sent_by_eight_threads_at_once_is_one_message(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    talk = make_conversation()
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda _: say(talk.id, "怎么还款", "m1"), range(8)))
    assert {receipt.seq for receipt in receipts} == {1}
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert len(reading.events(talk.id, 0)) == 1


def test_events_after_a_number_are_exactly_the_later_ones_in_order(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    talk = make_conversation()
    for n in range(1, 8):
        say(talk.id, f"第{n}句")
    assert [event.seq for event in reading.events(talk.id, 3)] == [4, 5, 6, 7]
    assert [event.seq for event in reading.events(talk.id, 3, limit=2)] == [4, 5]
    assert reading.events(talk.id, 7) == []
    assert reading.events(talk.id, 99) == []


# opening


def test_two_first_messages_open_one_conversation(reception: Reception, database: MovableDatabase) -> None:
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda _: reception.open("app", "customer:C0001"), range(8)))
    assert len({talk.id for talk, _ in opened}) == 1
    assert sum(not resumed for _, resumed in opened) == 1
    assert len(dump(database)["conversations"]) == 1


def test_after_closing_a_new_conversation_opens(
    reception: Reception, say: Make, serving: Serving, agent: Agent
) -> None:
    first, _ = reception.open("app", "customer:C0001")
    serving.close(agent, first.id, serving.claim(agent, first.id).epoch)
    second, resumed = reception.open("app", "customer:C0001")
    assert (second.id != first.id, resumed) == (True, False)
    assert reception.open("app", "customer:C0001") == (second, True)


def test_a_conversation_that_opens_and_closes_in_between_is_no_error(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another first message won the race, and its conversation is over before we look again."""
    lost = [True]
    whole = Unit.add_conversation
    monkeypatch.setattr(
        Unit, "add_conversation", lambda self, talk: not (lost and lost.pop()) and whole(self, talk)
    )
    talk, resumed = reception.open("app", "customer:C0001")
    assert not resumed
    assert reception.open("app", "customer:C0001") == (talk, True)


def test_the_same_name_in_another_channel_is_another_person(reception: Reception) -> None:
    assert reception.open("app", "x")[0].id != reception.open("wechat", "x")[0].id


# refused: nothing is stored


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": None, "payload": None}, BadRequest),
        ({"text": "怎么还款", "payload": "b_1"}, BadRequest),
        ({"text": "怎么还款", "source_id": ""}, BadRequest),
        ({"text": "怎么还款", "source_id": "x" * 129}, BadRequest),
        ({"text": "怎么还款", "source_id": "a\0b"}, BadRequest),
        ({"text": "怎么还款", "source_id": "a\ud800b"}, BadRequest),
        ({"text": " \u200b\n"}, EmptyText),
        ({"payload": "b_unknown"}, UnknownPayload),
        ({"payload": "b_\0"}, UnknownPayload),
        ({"payload": "b_\ud800"}, UnknownPayload),
        ({"text": "怎么还款", "conversation_id": "c_unknown"}, ConversationNotFound),
        ({"text": "怎么还款", "conversation_id": "c_\0"}, YixianError),
        ({"text": "怎么还款", "conversation_id": "c_\ud800"}, YixianError),
    ],
)
def test_what_is_refused_leaves_no_trace(
    reception: Reception,
    make_conversation: Make,
    database: MovableDatabase,
    message: dict[str, Any],
    error: type[YixianError],
) -> None:
    talk = make_conversation()
    before = dump(database)
    with pytest.raises(error) as refused:
        reception.receive(InboundMessage(**{"conversation_id": talk.id, "source_id": "m1", **message}))
    assert refused.value.status < 500
    assert dump(database) == before


# buttons


def test_a_button_is_an_opaque_id_that_carries_its_meaning_on_our_side_only(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, turns: Any
) -> None:
    talk = make_conversation()
    say(talk.id)
    answer(replies=(Reply("哪一种？", (Choice("随心借", "repay_how", {"product": "随心借"}),)),))
    button = reading.events(talk.id, 1)[0].buttons[0]
    assert button.title == "随心借"
    assert "repay_how" not in button.payload
    say(talk.id, payload=button.payload)
    assert reading.events(talk.id, 2)[0].text == "随心借"
    (said,) = turns.claim("w").said
    assert said.choice == {"intent": "repay_how", "entities": {"product": "随心借"}}


def test_a_button_of_another_conversation_is_unknown(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    mine, other = make_conversation(), make_conversation()
    say(mine.id)
    answer(replies=(Reply("哪一种？", (Choice("随心借", "repay_how", {}),)),))
    button = reading.events(mine.id, 1)[0].buttons[0]
    with pytest.raises(UnknownPayload):
        say(other.id, payload=button.payload)
    assert reading.events(other.id, 0) == []


def test_a_button_expires(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation()
    say(talk.id)
    answer(replies=(Reply("哪一种？", (Choice("随心借", "repay_how", {}),)),))
    button = reading.events(talk.id, 1)[0].buttons[0]
    clock.advance(24 * 3600 - 1)
    say(talk.id, payload=button.payload)
    clock.advance(1)
    with pytest.raises(UnknownPayload):
        say(talk.id, payload=button.payload)


def test_a_swept_button_is_unknown_and_a_live_one_stays(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, store: Any, clock: FixedClock
) -> None:

    talk = make_conversation()
    say(talk.id)
    answer(replies=(Reply("哪一种？", (Choice("随心借", "repay_how", {}),)),))
    button = reading.events(talk.id, 1)[0].buttons[0]
    store.sweep(clock.now(), timedelta(hours=2))
    say(talk.id, payload=button.payload)
    store.sweep(clock.now() + timedelta(days=2), timedelta(days=9))
    with pytest.raises(UnknownPayload):
        say(talk.id, payload=button.payload)


# calling a person and leaving the queue need no bot


def test_asking_for_a_person_queues_at_once_without_any_bot(
    make_conversation: Make, say: Make, reading: Reading, turns: Any
) -> None:
    talk = make_conversation()
    assert say(talk.id, "转人工").desk is Desk.QUEUED
    assert turns.claim("w") is None
    said, told = reading.events(talk.id, 0)
    assert (said.text, told.sender, told.type) == ("转人工", Sender.SYSTEM, "desk")
    assert told.card == {"kind": "desk", "desk": "queued"}


def test_asking_again_while_waiting_is_answered_and_changes_nothing(
    make_conversation: Make, say: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id, "转人工")
    before = reading.conversation(talk.id)
    assert say(talk.id, "人工！！").desk is Desk.QUEUED
    assert reading.conversation(talk.id).epoch == before.epoch
    assert "已经在排队" in (reading.events(talk.id, 3)[0].text or "")


def test_leaving_the_queue_brings_the_bot_back(make_conversation: Make, say: Make, turns: Any) -> None:
    talk = make_conversation()
    say(talk.id, "转人工")
    assert say(talk.id, "取消排队").desk is Desk.BOT
    assert turns.claim("w") is None, "what was said at the queue's desk is not the bot's to answer"
    say(talk.id, "怎么还款")
    assert [said.text for said in turns.claim("w").said] == ["怎么还款"]


def test_what_is_said_to_a_queue_or_a_person_never_reaches_the_bot(
    make_conversation: Make, say: Make, serving: Serving, agent: Agent, turns: Any
) -> None:
    talk = make_conversation()
    say(talk.id, "转人工")
    say(talk.id, "我的利息不对")
    serving.claim(agent, talk.id)
    say(talk.id, "你好")
    say(talk.id, "取消排队")  # nothing to leave any more
    assert turns.claim("w") is None


# who is speaking


def test_a_message_without_a_login_leaves_a_known_customer_bound_not_verified(
    make_conversation: Make, say: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation("customer:C0001", _verified(clock))
    say(talk.id, "怎么还款", identity=GUEST)
    assert reading.conversation(talk.id).identity == Identity(Level.BOUND, "C0001")
    say(talk.id, "怎么还款", identity=_verified(clock))
    assert reading.conversation(talk.id).identity == _verified(clock)


def test_doubt_about_the_speaker_lasts_until_a_newer_login(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    old = _verified(clock, minutes=60)
    talk = make_conversation("customer:C0001", old)
    say(talk.id, "我是他老婆", identity=old)
    answer("好的", effects=(DoubtSpeaker(),))
    talk = reading.conversation(talk.id)
    assert talk.doubted_at == clock.now()
    assert not talk.identity.may_see_account(clock.now(), talk.doubted_at)
    clock.advance(60)
    say(talk.id, "我是本人", identity=old)
    talk = reading.conversation(talk.id)
    assert not talk.identity.may_see_account(clock.now(), talk.doubted_at)
    say(talk.id, "我重新登录了", identity=_verified(clock))
    talk = reading.conversation(talk.id)
    assert talk.identity.may_see_account(clock.now(), talk.doubted_at)


def test_a_repeat_changes_nothing_not_even_the_identity(
    make_conversation: Make, say: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation("customer:C0001", _verified(clock))
    say(talk.id, "怎么还款", "m1", identity=_verified(clock))
    before = reading.conversation(talk.id)
    clock.advance(5)
    say(talk.id, "怎么还款", "m1", identity=GUEST)
    assert reading.conversation(talk.id) == before
