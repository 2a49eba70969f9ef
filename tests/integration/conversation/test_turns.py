"""The turns' promises: one worker each, late writers refused, every message answered by exactly one turn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from conversation.desk import Desk
from conversation.effects import Escalate
from conversation.errors import TurnLost
from conversation.escalation import Reason
from conversation.message import Sender
from conversation.serving import Serving
from conversation.state import Agent, Claim
from conversation.store import tables as t
from conversation.store.reading import Reading
from conversation.turning import MAX_ATTEMPTS, MAX_LENGTH, MAX_MESSAGES, Turns
from tests.checkers import assert_sound
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]
PATIENCE = timedelta(seconds=30)


def rows(database: MovableDatabase) -> list[dict[str, Any]]:
    """The turns, oldest first."""
    return sorted(dump(database)["turns"], key=lambda turn: turn["from_seq"])


# opened, joined, claimed


def test_a_message_is_the_bots_to_answer_at_once(make_conversation: Make, say: Make, turns: Turns) -> None:
    talk = make_conversation()
    say(talk.id, "怎么还款")
    claim = turns.claim("w")
    assert claim is not None
    assert (claim.conversation_id, claim.from_seq, claim.to_seq) == (talk.id, 1, 1)
    assert [said.text for said in claim.said] == ["怎么还款"]
    assert (claim.attempt, claim.run, claim.epoch, claim.tracker) == (1, 1, talk.epoch, None)


def test_nothing_to_do_is_none(turns: Turns) -> None:
    assert turns.claim("w") is None


def test_messages_that_arrive_before_the_claim_join_the_waiting_turn(
    make_conversation: Make, say: Make, turns: Turns, database: MovableDatabase
) -> None:
    talk = make_conversation()
    for text in ("你好", "借钱", "怎么借"):
        say(talk.id, text)
    claim = turns.claim("w")
    assert claim is not None
    assert [said.text for said in claim.said] == ["你好", "借钱", "怎么借"]
    assert len(rows(database)) == 1


def test_a_plainly_unfinished_text_waits_for_the_rest_but_a_second_at_most(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make
) -> None:
    talk = make_conversation()
    say(talk.id, "我想问一下")
    pass_time(0.5)
    assert turns.claim("w") is None
    say(talk.id, "就是")  # goes on, still unfinished: the second counts from the first message
    pass_time(0.6)
    claim = turns.claim("w")
    assert claim is not None
    assert [said.text for said in claim.said] == ["我想问一下", "就是"]


def test_the_rest_of_an_unfinished_text_ends_the_waiting(
    make_conversation: Make, say: Make, turns: Turns
) -> None:
    talk = make_conversation()
    say(talk.id, "我想问一下")
    assert turns.claim("w") is None
    say(talk.id, "提前还款要手续费吗")
    claim = turns.claim("w")
    assert claim is not None
    assert len(claim.said) == 2


def test_the_bot_reads_placeholders_and_never_the_masked_or_real_number(
    make_conversation: Make, say: Make, turns: Turns
) -> None:
    talk = make_conversation()
    say(talk.id, "我的手机是13812345678，能改吗")
    claim = turns.claim("w")
    assert claim is not None
    assert [said.text for said in claim.said] == ["我的手机是<手机号>，能改吗"]


def test_turns_are_served_in_the_order_of_asking(make_conversation: Make, say: Make, turns: Turns) -> None:
    asked = [make_conversation().id for _ in range(5)]
    for conversation_id in asked:
        say(conversation_id)
    assert [turns.claim("w").conversation_id for _ in asked] == asked  # type: ignore[union-attr]


def test_of_eight_workers_each_turn_goes_to_one_only(
    make_conversation: Make, say: Make, turns: Turns
) -> None:
    expected = {make_conversation().id for _ in range(30)}
    for conversation_id in expected:
        say(conversation_id)

    def drain(worker: int) -> list[Claim]:
        claims = []
        while (claim := turns.claim(f"w{worker}")) is not None:
            claims.append(claim)
        return claims

    with ThreadPoolExecutor(8) as threads:
        claimed = [claim for claims in threads.map(drain, range(8)) for claim in claims]
    left = drain(9)  # what a busy neighbour's lock hid for a moment
    assert sorted(claim.conversation_id for claim in [*claimed, *left]) == sorted(expected)
    assert len({claim.token for claim in [*claimed, *left]}) == 30


# leases and fencing


def test_a_running_turn_is_nobody_elses_until_its_lease_runs_out(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make
) -> None:
    say(make_conversation().id)
    first = turns.claim("w1")
    pass_time(19)
    assert turns.claim("w2") is None
    pass_time(2)
    second = turns.claim("w2")
    assert first is not None
    assert second is not None
    assert (second.turn_id, second.attempt) == (first.turn_id, 2)
    assert second.token != first.token


def test_a_late_commit_is_refused_and_writes_nothing(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    pass_time: Make,
    outcome: Make,
    database: MovableDatabase,
    reading: Reading,
) -> None:
    talk = make_conversation()
    say(talk.id)
    late = turns.claim("w1")
    pass_time(21)
    live = turns.claim("w2")
    assert late is not None
    assert live is not None
    before = dump(database)
    with pytest.raises(TurnLost):
        turns.commit(late, outcome("太晚了", effects=(Escalate(Reason.COMPLAINT),)))
    assert dump(database) == before
    assert turns.commit(live, outcome("准时")) is None
    with pytest.raises(TurnLost):
        turns.commit(late, outcome("太晚了"))
    assert [event.text for event in reading.events(talk.id, 0)] == ["怎么还款", "准时"]


def test_a_commit_after_its_lease_is_fine_while_nobody_took_the_turn(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, outcome: Make, reading: Reading
) -> None:
    """Safety rests on the token, not on anybody's clock."""
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w1")
    pass_time(25)
    assert claim is not None
    assert turns.commit(claim, outcome("晚了一点")) is None
    assert reading.events(talk.id, 1)[0].text == "晚了一点"


def test_a_commit_twice_speaks_once(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    turns.commit(claim, outcome("一次"))
    with pytest.raises(TurnLost):
        turns.commit(claim, outcome("两次"))
    assert [event.text for event in reading.events(talk.id, 1)] == ["一次"]


def test_a_made_up_token_is_refused(make_conversation: Make, say: Make, turns: Turns, outcome: Make) -> None:
    say(make_conversation().id)
    claim = turns.claim("w")
    assert claim is not None
    with pytest.raises(TurnLost):
        turns.commit(replace(claim, token="0" * 32), outcome())


def test_a_known_dead_workers_turns_go_on_at_once(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make
) -> None:
    say(make_conversation().id)
    dead = turns.claim("w1")
    assert dead is not None
    assert turns.release_worker("w2") == 0
    assert turns.release_worker("w1") == 1
    heir = turns.claim("w2")
    assert heir is not None
    with pytest.raises(TurnLost):
        turns.commit(dead, outcome())
    assert turns.commit(heir, outcome()) is None


# joining a running turn


def test_a_message_that_arrives_during_the_turn_joins_it(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    reading: Reading,
    database: MovableDatabase,
) -> None:
    talk = make_conversation()
    say(talk.id, "怎么还款")
    claim = turns.claim("w")
    assert claim is not None
    say(talk.id, "用别人的卡")
    again = turns.commit(claim, outcome("只答了第一句"))
    assert again is not None
    assert [said.text for said in again.said] == ["怎么还款", "用别人的卡"]
    assert (again.token, again.run) == (claim.token, 2)
    assert turns.commit(again, outcome("一起答")) is None
    assert [event.text for event in reading.events(talk.id, 2)] == ["一起答"]
    assert [(turn["from_seq"], turn["to_seq"], turn["outcome"]) for turn in rows(database)] == [
        (1, 2, "answered")
    ]


def test_joining_renews_the_lease(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, pass_time: Make
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w1")
    pass_time(15)
    say(talk.id)
    assert claim is not None
    again = turns.commit(claim, outcome())
    pass_time(15)
    assert turns.claim("w2") is None
    assert again is not None
    assert turns.commit(again, outcome()) is None


def test_a_customer_who_never_stops_is_answered_after_three_runs_and_the_rest_is_the_next_turn(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    database: MovableDatabase,
    reading: Reading,
) -> None:
    talk = make_conversation()
    say(talk.id, "第1句")
    claim, runs = turns.claim("w"), 0
    while claim is not None:
        runs += 1
        say(talk.id, f"第{runs + 1}句")
        claim = turns.commit(claim, outcome(f"第{runs}次"))
    assert runs == 3
    assert [event.text for event in reading.events(talk.id, 4)] == ["第3次"]
    assert [(turn["from_seq"], turn["to_seq"], turn["state"]) for turn in rows(database)] == [
        (1, 3, "done"),
        (4, 4, "waiting"),
    ]
    claim = turns.claim("w")
    assert claim is not None
    assert [said.text for said in claim.said] == ["第4句"]


def test_what_arrives_in_the_last_run_is_covered_even_when_that_run_calls_a_person(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, database: MovableDatabase
) -> None:
    """The desk leaves the bot in the commit: no next turn can cover the rest, so this one does."""
    talk = make_conversation()
    seqs = [say(talk.id, "第1句").seq]
    claim = turns.claim("w")
    while claim is not None:
        seqs.append(say(talk.id, "还有一句").seq)
        claim = turns.commit(claim, outcome("转人工", effects=(Escalate(Reason.COMPLAINT),)))
    assert turns.claim("w") is None
    (turn,) = rows(database)
    assert (turn["from_seq"], turn["to_seq"]) == (seqs[0], seqs[-1])


# failing


def test_a_failed_attempt_is_tried_again_later_each_time_and_three_times_only(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, database: MovableDatabase
) -> None:
    say(make_conversation().id)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claim = turns.claim("w")
        assert claim is not None
        assert claim.attempt == attempt
        turns.fail(claim, "ValueError")
        assert turns.claim("w") is None, "it waits a moment first"
        pass_time(0.5 * attempt + 0.01)
    assert turns.claim("w") is None
    (turn,) = rows(database)
    assert (turn["state"], turn["attempts"], turn["error"]) == ("waiting", 3, "ValueError")


def test_writing_on_does_not_use_up_the_attempts_of_a_failing_turn(
    make_conversation: Make, say: Make, turns: Turns
) -> None:
    """The pause after a failure belongs to the turn; an impatient customer must not shorten it."""
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    turns.fail(claim, "BankUnavailable")
    say(talk.id, "在吗")
    assert turns.claim("w") is None


def test_a_stale_failure_is_ignored(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, outcome: Make
) -> None:
    say(make_conversation().id)
    stale = turns.claim("w1")
    pass_time(21)
    live = turns.claim("w2")
    assert stale is not None
    assert live is not None
    turns.fail(stale, "late")
    assert turns.commit(live, outcome()) is None
    turns.fail(live, "after the end")
    assert turns.claim("w") is None


@pytest.mark.parametrize("how", ["fails", "dies"])
def test_after_the_last_attempt_the_customer_is_told_and_a_person_called(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    pass_time: Make,
    reading: Reading,
    database: MovableDatabase,
    how: str,
) -> None:
    talk = make_conversation()
    say(talk.id, "怎么还款")
    for _ in range(MAX_ATTEMPTS):
        claim = turns.claim("w")
        assert claim is not None
        if how == "fails":
            turns.fail(claim, "error")
        pass_time(21)
    assert turns.claim("w") is None
    assert turns.give_up_overdue(timedelta(days=1)) == 1
    assert turns.give_up_overdue(timedelta(days=1)) == 0
    apology, desk = reading.events(talk.id, 1)
    assert (apology.sender, "转接人工" in (apology.text or "")) == (Sender.SYSTEM, True)
    assert desk.card == {"kind": "desk", "desk": "queued"}
    overview = reading.overview(talk.id)
    assert overview.escalation is not None
    assert overview.escalation.reason is Reason.BOT_FAILED
    (turn,) = rows(database)
    assert (turn["state"], turn["outcome"]) == ("done", "gave_up")


def test_the_last_attempt_still_running_is_not_given_up(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, outcome: Make
) -> None:
    say(make_conversation().id)
    for _ in range(MAX_ATTEMPTS):
        claim = turns.claim("w")
        pass_time(19)
        assert turns.give_up_overdue(timedelta(seconds=1)) == 0
        pass_time(2)
    assert claim is not None
    assert turns.commit(claim, outcome()) is None


def test_without_any_worker_patience_runs_out_and_a_person_is_called(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    pass_time(29)
    assert turns.give_up_overdue(PATIENCE) == 0
    say(talk.id, "在吗")
    pass_time(2)
    assert turns.give_up_overdue(PATIENCE) == 1
    overview = reading.overview(talk.id)
    assert overview.conversation.desk is Desk.QUEUED
    assert overview.escalation is not None
    assert overview.escalation.reason is Reason.NO_WORKER
    assert turns.claim("w") is None


def test_a_worker_that_comes_back_after_the_giving_up_is_refused(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, outcome: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    pass_time(31)
    assert turns.give_up_overdue(PATIENCE) == 1
    with pytest.raises(TurnLost):
        turns.commit(claim, outcome("太晚"))
    assert "太晚" not in [event.text for event in reading.events(talk.id, 0)]


def test_giving_up_covers_what_was_said_meanwhile(
    make_conversation: Make, say: Make, turns: Turns, pass_time: Make, database: MovableDatabase
) -> None:
    talk = make_conversation()
    seqs = [say(talk.id).seq]
    turns.claim("w")
    seqs.append(say(talk.id, "在吗").seq)
    pass_time(31)
    turns.give_up_overdue(PATIENCE)
    assert_sound(database, talk.id, seqs)


def test_one_conversation_that_cannot_be_given_up_does_not_hold_up_the_others(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    pass_time: Make,
    database: MovableDatabase,
    reading: Reading,
) -> None:
    broken, fine = make_conversation(), make_conversation()
    say(broken.id)
    say(fine.id)
    with database.write() as connection:  # what no move leaves behind; should it ever happen
        connection.execute(
            sa.update(t.conversations).where(t.conversations.c.id == broken.id).values(desk="closed")
        )
    pass_time(31)
    turns.give_up_overdue(PATIENCE)
    assert reading.conversation(fine.id).desk is Desk.QUEUED
    assert turns.give_up_overdue(PATIENCE) == 0


# the desk moves while a turn runs


def test_a_bot_that_finishes_after_a_take_over_is_refused(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    serving: Serving,
    agent: Agent,
    reading: Reading,
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    serving.claim(agent, talk.id)
    with pytest.raises(TurnLost):
        turns.commit(claim, outcome("机器人抢话"))
    assert Sender.BOT not in {event.sender for event in reading.events(talk.id, 0)}
    assert turns.claim("w") is None


def test_a_bot_that_slept_through_take_over_and_hand_back_is_refused_and_a_new_turn_is_answered(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    answer: Make,
    serving: Serving,
    agent: Agent,
) -> None:
    talk = make_conversation()
    say(talk.id, "第一个问题")
    asleep = turns.claim("w1")
    taken = serving.claim(agent, talk.id)
    serving.hand_back(agent, talk.id, taken.epoch)
    say(talk.id, "第二个问题")
    assert asleep is not None
    with pytest.raises(TurnLost):
        turns.commit(asleep, outcome("旧的回答"))
    assert [said.text for said in answer("新的回答").said] == ["第二个问题"]


def test_an_old_epoch_alone_is_enough_to_refuse_a_commit(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, database: MovableDatabase
) -> None:
    """A desk move also ends the turn; should that ever be forgotten, the epoch still guards the desk."""
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    with database.write() as connection:
        connection.execute(sa.update(t.conversations).values(epoch=claim.epoch + 1))
    with pytest.raises(TurnLost):
        turns.commit(claim, outcome())


def test_the_memory_of_one_turn_is_given_to_the_next(
    make_conversation: Make, say: Make, answer: Make, turns: Turns
) -> None:
    talk, other = make_conversation(), make_conversation()
    say(talk.id)
    answer(tracker=b"first")
    say(talk.id)
    assert answer(tracker=b"second").tracker == b"first"
    say(talk.id)
    assert answer().tracker == b"second"
    say(other.id)
    assert answer().tracker is None


def test_every_reply_records_the_model_and_the_answers_it_came_from(
    make_conversation: Make, say: Make, answer: Make, database: MovableDatabase
) -> None:
    say(make_conversation().id)
    claim = answer("好的", model_version="m7", answers=("repay_how@3",), trace={"intent": "repay_how"})
    reply = next(row for row in dump(database)["messages"] if row["sender"] == "bot")
    assert (reply["model_version"], reply["answers"], reply["turn_id"]) == (
        "m7",
        ["repay_how@3"],
        claim.turn_id,
    )
    (turn,) = rows(database)
    assert (turn["model_version"], turn["trace"]) == ("m7", {"intent": "repay_how"})


# floods


def test_a_flood_is_answered_in_turns_of_bounded_size(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, database: MovableDatabase
) -> None:
    """Every message is in exactly one turn, in order; no turn is longer than a worker can answer in time."""
    talk = make_conversation()
    for number in range(30):
        say(talk.id, f"{number}" + "长" * 1500)
    covered = []
    while (claim := turns.claim("w")) is not None:
        assert len(claim.said) <= MAX_MESSAGES
        assert sum(len(said.text or "") for said in claim.said) <= MAX_LENGTH
        covered += [said.seq for said in claim.said]
        assert turns.commit(claim, outcome()) is None
    assert covered == list(range(1, 31))
    assert_sound(database, talk.id, covered)


def test_a_single_long_message_is_a_turn_of_its_own(make_conversation: Make, say: Make, turns: Turns) -> None:
    talk = make_conversation()
    for _ in range(3):
        say(talk.id, "长" * 2000)
    claim = turns.claim("w")
    assert claim is not None
    assert [said.seq for said in claim.said] == [1, 2]


def test_others_come_between_the_turns_of_a_flood(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, pass_time: Make
) -> None:
    flooding, other = make_conversation(), make_conversation()
    for _ in range(10):
        say(flooding.id, "长" * 2000)
    pass_time(0.1)
    say(other.id)
    first = turns.claim("w")
    assert first is not None
    pass_time(0.1)
    assert turns.commit(first, outcome()) is None
    second = turns.claim("w")
    assert second is not None
    assert (first.conversation_id, second.conversation_id) == (flooding.id, other.id)
