"""Races inside the database, on both kinds: many threads, one winner, nothing lost, nothing twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from conversation.desk import Desk
from conversation.effects import AskBank, Escalate
from conversation.errors import ClaimedByAnother, IllegalMove, StaleEpoch, TurnLost, YixianError
from conversation.escalation import Reason
from conversation.reception import Reception
from conversation.relay import Answer, Relay
from conversation.serving import QueueEmpty, Serving
from conversation.state import Agent
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import Turns
from tests.checkers import assert_sound
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]

#: the short proof runs with every change, the long one with ``make faults``
TIMES = [100, pytest.param(1000, marks=[pytest.mark.long, pytest.mark.timeout(900)])]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each in a thread; their results, errors of ours included."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except YixianError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.mark.parametrize("times", TIMES)
def test_two_agents_who_claim_one_chat_at_once_never_both_get_it(
    make_conversation: Make,
    say: Make,
    serving: Serving,
    agent: Agent,
    other_agent: Agent,
    reading: Reading,
    times: int,
) -> None:
    for n in range(times):
        id = make_conversation().id
        if n % 2:  # from the queue, and from the bot
            say(id, "转人工")
        results = together(partial(serving.claim, agent, id), partial(serving.claim, other_agent, id))
        won = [result for result in results if not isinstance(result, YixianError)]
        lost = [result for result in results if isinstance(result, YixianError)]
        assert len(won) == 1
        assert isinstance(lost[0], ClaimedByAnother)
        assert reading.conversation(id).agent_id == won[0].agent_id


@pytest.mark.parametrize("times", TIMES)
def test_agents_who_take_the_next_at_once_share_the_queue_without_a_chat_twice(
    make_conversation: Make, say: Make, serving: Serving, reading: Reading, times: int
) -> None:
    expected = [make_conversation().id for _ in range(times)]
    for id in expected:
        say(id, "转人工")

    def serve(agent: Agent) -> list[str]:
        taken = []
        while True:
            try:
                taken.append(serving.claim_next(agent).id)
            except QueueEmpty:
                return taken

    agents = [Agent(f"a{n}", f"坐席{n}") for n in range(2 if times == 100 else 8)]
    taken = together(*(partial(serve, agent) for agent in agents))
    rest = serve(Agent("a_last", "收尾"))  # what a neighbour held at the moment of looking
    counted = Counter(id for ids in [*taken, rest] for id in ids)
    assert counted == Counter(expected)
    assert len(rest) <= len(agents)
    for id in expected:
        assert reading.conversation(id).desk is Desk.HUMAN


def test_a_claim_and_a_customer_who_leaves_end_in_one_consistent_state(
    make_conversation: Make,
    say: Make,
    serving: Serving,
    agent: Agent,
    reading: Reading,
    database: MovableDatabase,
) -> None:
    for _ in range(30):
        id = make_conversation().id
        say(id, "转人工")
        together(partial(serving.claim, agent, id), partial(say, id, "取消排队"))
        talk = reading.conversation(id)
        open_records = [
            row
            for row in dump(database)["escalations"]
            if row["conversation_id"] == id and row["ended_at"] is None
        ]
        assert talk.desk is Desk.HUMAN, "from the queue or, a moment later, from the bot"
        assert [row["state"] for row in open_records] == ["active"]


def test_of_all_ways_to_end_a_chat_at_once_exactly_one_happens(
    make_conversation: Make, say: Make, serving: Serving, agent: Agent, reading: Reading
) -> None:
    for _ in range(25):
        id = make_conversation().id
        say(id, "转人工")
        epoch = serving.claim(agent, id).epoch
        results = together(
            partial(serving.hand_back, agent, id, epoch),
            partial(serving.release, agent, id, epoch),
            partial(serving.close, agent, id, epoch),
        )
        assert sum(not isinstance(result, YixianError) for result in results) == 1
        assert all(isinstance(result, StaleEpoch) for result in results if isinstance(result, YixianError))
        assert reading.conversation(id).epoch == epoch + 1


def test_a_commit_and_a_take_over_at_once_leave_either_the_answer_before_the_agent_or_none(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    serving: Serving,
    agent: Agent,
    reading: Reading,
    database: MovableDatabase,
) -> None:
    for _ in range(30):
        id = make_conversation().id
        seq = say(id).seq
        claim = turns.claim("w")
        assert claim is not None
        committed, taken = together(
            partial(turns.commit, claim, outcome("回答")), partial(serving.claim, agent, id)
        )
        texts = [(event.sender.value, event.text) for event in reading.events(id, 1)]
        joined = ("system", "坐席 小林 已接入，将由人工为您服务。")
        assert not isinstance(taken, YixianError)
        if isinstance(committed, TurnLost):
            assert texts == [joined]
        else:
            assert texts == [("bot", "回答"), joined]
        assert_sound(database, id, [seq])


def test_a_commit_and_a_new_message_at_once_leave_no_message_without_a_turn(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, database: MovableDatabase
) -> None:
    for _ in range(30):
        id = make_conversation().id
        seqs = [say(id).seq]
        claim = turns.claim("w")
        assert claim is not None
        again, receipt = together(partial(turns.commit, claim, outcome("一")), partial(say, id, "还款失败"))
        seqs.append(receipt.seq)
        while again is not None:
            again = turns.commit(again, outcome("二"))
        while (following := turns.claim("w")) is not None:
            turns.commit(following, outcome("三"))
        assert_sound(database, id, seqs)


def test_giving_up_and_a_claim_at_once_leave_one_of_them(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    pass_time: Make,
    database: MovableDatabase,
) -> None:
    for _ in range(25):
        id = make_conversation().id
        seq = say(id).seq
        pass_time(31)
        given_up, claim = together(
            partial(turns.give_up_overdue, timedelta(seconds=30)), partial(turns.claim, "w")
        )
        if given_up:
            if claim is not None:
                with pytest.raises(TurnLost):
                    turns.commit(claim, outcome())
        else:
            assert claim is not None
            turns.commit(claim, outcome())
        assert_sound(database, id, [seq])


def test_a_turn_that_is_answered_between_the_look_and_the_giving_up_is_left_alone(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    pass_time: Make,
    reading: Reading,
    store: JournalStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id = make_conversation().id
    say(id)
    pass_time(31)
    look = store.open_turns

    def look_then_answer() -> Any:
        found = look()
        claim = turns.claim("w")
        assert claim is not None
        turns.commit(claim, outcome("回答"))
        return found

    monkeypatch.setattr(store, "open_turns", look_then_answer)
    assert turns.give_up_overdue(timedelta(seconds=30)) == 0
    assert [event.text for event in reading.events(id, 1)] == ["回答"]


def test_a_dead_workers_commit_and_its_heirs_claim_at_once_let_one_speak(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, pass_time: Make, reading: Reading
) -> None:
    for _ in range(25):
        id = make_conversation().id
        say(id)
        dead = turns.claim("w1")
        assert dead is not None
        pass_time(21)
        committed, heir = together(partial(turns.commit, dead, outcome("旧")), partial(turns.claim, "w2"))
        if heir is not None:
            late = together(partial(turns.commit, heir, outcome("新")))[0]
            assert isinstance(late, TurnLost) != isinstance(committed, TurnLost)
        assert len(reading.events(id, 1)) == 1


def test_a_failure_of_a_lost_turn_never_takes_it_from_its_heir(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, pass_time: Make, reading: Reading
) -> None:
    for _ in range(25):
        id = make_conversation().id
        say(id)
        dead = turns.claim("w1")
        assert dead is not None
        pass_time(21)
        _, heir = together(partial(turns.fail, dead, "late"), partial(turns.claim, "w2"))
        if heir is not None:
            assert turns.commit(heir, outcome("新")) is None
        else:
            pass_time(2)
            retried = turns.claim("w3")
            assert retried is not None
            turns.commit(retried, outcome("新"))
        assert [event.text for event in reading.events(id, 1)] == ["新"]


def test_an_item_answered_and_taken_over_at_once_is_told_once(
    make_conversation: Make, say: Make, answer: Make, relay: Relay, pass_time: Make, reading: Reading
) -> None:
    for _ in range(30):
        id = make_conversation().id
        say(id)
        answer("已提交", effects=(AskBank("certificate", "C0001", {}, "结清证明"),))
        slow = relay.claim("bank")
        assert slow is not None
        pass_time(31)
        _, heir = together(partial(relay.answered, slow, Answer("done", "好")), partial(relay.claim, "bank"))
        if heir is not None:
            relay.answered(heir, Answer("done", "好"))
        assert len(reading.events(id, 2)) == 1


# everything at once, for as long as it takes


class Crowd:
    """Customers, bots, agents and timers, each a thread that does what it may; errors of ours are fine."""

    def __init__(
        self, reception: Reception, turns: Turns, serving: Serving, relay: Relay, outcome: Make
    ) -> None:
        self.reception, self.turns, self.serving, self.relay = reception, turns, serving, relay
        self.outcome = outcome
        self.stop = threading.Event()
        self.acknowledged: dict[str, list[tuple[int, Desk]]] = {}
        self.errors: Counter[str] = Counter()
        self._lock = threading.Lock()

    def customer(self, id: str, say: Make, messages: int, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(messages):
            text = chance.choice(["怎么还款", "我想问一下", "利息多少", "转人工", "取消排队", "在吗"])
            receipt = say(id, text)
            with self._lock:
                self.acknowledged.setdefault(id, []).append((receipt.seq, receipt.desk))

    def bot(self, name: str, seed: int) -> None:
        chance = random.Random(seed)
        while not self.stop.is_set():
            claim = self.turns.claim(name)
            while claim is not None:
                if chance.random() < 0.1:
                    self.turns.fail(claim, "tried")
                    break
                effects: tuple[Any, ...] = (AskBank("certificate", "C0001", {}, "结清证明"),)
                if chance.random() < 0.1:
                    effects += (Escalate(Reason.COMPLAINT),)
                try:
                    claim = self.turns.commit(claim, self.outcome("回答", effects=effects))
                except TurnLost:
                    self.errors["turn lost"] += 1
                    break

    def agent(self, agent: Agent, seed: int) -> None:
        chance = random.Random(seed)
        while not self.stop.is_set():
            try:
                talk = self.serving.claim_next(agent)
            except QueueEmpty:
                continue
            try:
                self.serving.reply(agent, talk.id, talk.epoch, f"r{chance.random()}", "您好")
                chance.choice([self.serving.hand_back, self.serving.release])(agent, talk.id, talk.epoch)
            except (StaleEpoch, IllegalMove):
                self.errors["agent refused"] += 1

    def bank(self) -> None:
        while not self.stop.is_set():
            item = self.relay.claim("bank")
            if item is not None:
                self.relay.answered(item, Answer("done", "好"))


@pytest.mark.parametrize(
    ("customers", "messages"),
    [(6, 12), pytest.param(12, 150, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
def test_a_crowd_of_customers_bots_agents_and_bank_leaves_a_sound_journal(
    make_conversation: Make,
    say: Make,
    reception: Reception,
    turns: Turns,
    serving: Serving,
    relay: Relay,
    outcome: Make,
    reading: Reading,
    database: MovableDatabase,
    customers: int,
    messages: int,
) -> None:
    crowd = Crowd(reception, turns, serving, relay, outcome)
    ids = [make_conversation().id for _ in range(customers)]
    with ThreadPoolExecutor(customers + 4) as threads:
        working = [threads.submit(crowd.bot, f"w{n}", n) for n in range(2)]
        working.append(threads.submit(crowd.agent, Agent("a1", "小林"), 3))
        working.append(threads.submit(crowd.bank))
        talking = [threads.submit(crowd.customer, id, say, messages, n) for n, id in enumerate(ids)]
        for one in talking:
            one.result()
        crowd.stop.set()
        for one in working:
            one.result()
    finish(turns, relay, outcome, database)
    state = dump(database)
    for id in ids:
        at_bot = covered_by_bot(state, id)
        assert_sound(database, id, at_bot)
        assert len(crowd.acknowledged[id]) == messages
        customer = [
            row for row in state["messages"] if row["conversation_id"] == id and row["sender"] == "customer"
        ]
        assert {row["seq"] for row in customer} == {seq for seq, _ in crowd.acknowledged[id]}
    items = state["outbox"]
    assert len({item["idempotency_key"] for item in items}) == len(items)
    told = [row for row in state["messages"] if row["sender"] == "system" and "已生效" in (row["text"] or "")]
    assert len(told) == len(items)


def finish(turns: Turns, relay: Relay, outcome: Make, database: MovableDatabase) -> None:
    """Let every turn and item that is left come to its end."""
    for _ in range(10):
        database.later += timedelta(seconds=30)
        while (claim := turns.claim("last")) is not None:
            turns.commit(claim, outcome("最后"))
        turns.give_up_overdue(timedelta(days=1))
        while (item := relay.claim("bank")) is not None:
            relay.answered(item, Answer("done", "好"))


def covered_by_bot(state: dict[str, list[dict[str, Any]]], id: str) -> list[int]:
    """The customer's messages that arrived while the bot was in charge, by the notices of the journal."""
    desk, found = "bot", []
    rows = sorted(
        (row for row in state["messages"] if row["conversation_id"] == id), key=lambda row: int(row["seq"])
    )
    for row in rows:
        if row["type"] == "desk":
            desk = row["card"]["desk"]
        elif row["sender"] == "customer" and desk == "bot":
            found.append(int(row["seq"]))
    return found
