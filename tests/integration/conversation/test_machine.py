"""Any history of customers, bots, agents and timers keeps desk, escalation, turns and journal in step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import AskBank, DoubtSpeaker, Effect, Escalate
from conversation.errors import ClaimedByAnother, ConversationClosed, IllegalMove, StaleEpoch, TurnLost
from conversation.escalation import ENDED, IN_QUEUE, WITH_AGENT, Reason, State
from conversation.hints import NoHints
from conversation.message import InboundMessage, Reply
from conversation.reception import Reception
from conversation.relay import Answer, Relay
from conversation.serving import QueueEmpty, Serving
from conversation.state import Agent, Claim, Conversation
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import Outcome, Turns
from tests.conftest import START
from tests.databases import MovableDatabase, dump

AGENTS = (Agent("a1", "小林"), Agent("a2", "小陈"))
TEXTS = ("怎么还款", "我想问一下", "转人工", "取消排队", "手机13812345678", "验证码834921")
EFFECTS: tuple[tuple[Effect, ...], ...] = (
    (),
    (),
    (Escalate(Reason.COMPLAINT),),
    (Escalate(Reason.FRAUD), AskBank("certificate", "C0001", {}, "结清证明")),
    (DoubtSpeaker(), AskBank("plan", "C0001", {}, "分期方案")),
)
Rows = dict[str, list[dict[str, Any]]]
people = st.sampled_from(["c1", "c2"])
agents = st.sampled_from(AGENTS)


class Bank(RuleBasedStateMachine):
    """Two customers, two agents, workers and timers; ``owed`` is what the bot has to answer."""

    def __init__(self, database: MovableDatabase, cipher: Cipher) -> None:
        super().__init__()
        database.empty()
        database.still = START  # a history that is replayed must meet the same moments
        self.database = database
        self.clock = FixedClock(START)
        store = JournalStore(database, cipher)
        self.reading = Reading(store)
        self.reception = Reception(store, self.clock, NoHints())
        self.turns = Turns(store, self.clock, NoHints())
        self.serving = Serving(store, self.clock, NoHints())
        self.relay = Relay(store, self.clock, NoHints())
        self.ids: dict[str, str] = {}
        self.seen: dict[str, Conversation] = {}
        self.owed: dict[str, set[int]] = {}
        self.claims: list[Claim] = []
        self.state: Rows = {}
        self.numbers = iter(range(1_000_000))
        for person in ("c1", "c2"):
            self.opens(person)

    def any_at(self, *desks: Desk) -> bool:
        return any(talk.desk in desks for talk in self.seen.values())

    def any_turn(self, *states: str) -> bool:
        return any(turn["state"] in states for turn in self.state.get("turns", ()))

    # customers

    @precondition(lambda self: self.any_at(Desk.CLOSED))
    @rule(person=people)
    def opens(self, person: str) -> None:
        talk, resumed = self.reception.open("app", person)
        assert resumed == (person in self.ids and self.now(self.ids[person]).desk is not Desk.CLOSED)
        self.ids[person] = talk.id
        if not resumed:
            self.seen[talk.id] = talk
            self.owed[talk.id] = set()

    @rule(person=people)
    def asks(self, person: str) -> None:
        self.writes(person, "怎么还款", twice=False)

    @rule(person=people, text=st.sampled_from(TEXTS), twice=st.booleans())
    def writes(self, person: str, text: str, twice: bool) -> None:
        id = self.ids[person]
        message = InboundMessage(id, f"m{next(self.numbers)}", text)
        before = self.now(id)
        if before.desk is Desk.CLOSED:
            with pytest.raises(ConversationClosed):
                self.reception.receive(message)
            return
        self.tick()
        receipt = self.reception.receive(message)
        assert (receipt.seq, receipt.repeated) == (before.last_seq + 1, False)
        if before.desk is Desk.BOT:
            self.owed[id].add(receipt.seq)
        expected = {
            (Desk.BOT, "转人工"): Desk.QUEUED,
            (Desk.QUEUED, "取消排队"): Desk.BOT,
        }.get((before.desk, text), before.desk)
        assert self.now(id).desk is expected
        if twice:
            again = self.reception.receive(message)
            assert (again.seq, again.repeated) == (receipt.seq, True)

    # workers

    @precondition(lambda self: self.any_turn("waiting", "running"))
    @rule(worker=st.sampled_from(["w1", "w2"]))
    def takes_a_turn(self, worker: str) -> None:
        claim = self.turns.claim(worker)
        if claim is not None:
            assert {said.seq for said in claim.said} <= self.owed[claim.conversation_id]
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), effects=st.sampled_from(EFFECTS))
    def commits(self, data: st.DataObject, effects: tuple[Effect, ...]) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        turn = next(row for row in dump(self.database)["turns"] if row["id"] == claim.turn_id)
        before = self.now(claim.conversation_id)
        mine = turn["token"] == claim.token and turn["state"] == "running"
        answer = Outcome((Reply("回答"),), b"memory", "m1", effects)
        if not mine:
            with pytest.raises(TurnLost):
                self.turns.commit(claim, answer)
            self.claims.remove(claim)
            return
        assert before.desk is Desk.BOT, "a live token and another desk cannot be"
        again = self.turns.commit(claim, answer)
        self.claims.remove(claim)
        if again is not None:
            assert again.run <= 3
            self.claims.append(again)

    @rule(person=people, effects=st.sampled_from(EFFECTS), more=st.integers(0, 4))
    def is_answered_while_he_goes_on_writing(
        self, person: str, effects: tuple[Effect, ...], more: int
    ) -> None:
        """The usual road in one step, or the machine would seldom walk it to its end."""
        self.asks(person)
        claim = self.turns.claim("w1")
        while claim is not None:
            if more:
                self.asks(person)
                more -= 1
            claim = self.turns.commit(claim, Outcome((Reply("回答"),), b"memory", "m1", effects))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def fails(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.claims.remove(claim)
        self.turns.fail(claim, "error")

    @precondition(lambda self: self.any_turn("running"))
    @rule(worker=st.sampled_from(["w1", "w2"]))
    def worker_dies(self, worker: str) -> None:
        self.turns.release_worker(worker)

    # agents; ``old`` is an epoch of the past

    @precondition(lambda self: self.any_at(Desk.QUEUED))
    @rule(agent=agents)
    def takes_the_next(self, agent: Agent) -> None:
        first = [id for id, place in self.reading.positions().items() if place == 1]
        try:
            assert [self.serving.claim_next(agent).id] == first
        except QueueEmpty:
            assert first == []

    @rule(agent=agents, person=people)
    def claims_chat(self, agent: Agent, person: str) -> None:
        id = self.ids[person]
        before = self.now(id)
        try:
            assert self.serving.claim(agent, id).agent_id == agent.id
        except ClaimedByAnother:
            assert before.agent_id != agent.id
            assert before.desk is Desk.HUMAN
        except IllegalMove:
            assert before.desk is Desk.CLOSED

    @precondition(lambda self: self.any_at(Desk.HUMAN))
    @rule(
        agent=agents,
        person=people,
        old=st.sampled_from([0, 0, 0, 1]),
        act=st.sampled_from(["reply", "hand_back", "release", "close"]),
    )
    def acts(self, agent: Agent, person: str, old: int, act: str) -> None:
        id = self.ids[person]
        before = self.now(id)
        epoch = before.epoch - old
        extra = (f"r{next(self.numbers)}", "您好") if act == "reply" else ()
        if before.desk is not Desk.HUMAN or before.agent_id != agent.id or old:
            with pytest.raises(StaleEpoch):
                getattr(self.serving, act)(agent, id, epoch, *extra)
        else:
            getattr(self.serving, act)(agent, id, epoch, *extra)

    # time and timers

    @rule(seconds=st.sampled_from([0.3, 1.1, 5, 21, 31]))
    def time_passes(self, seconds: float) -> None:
        self.tick(seconds)

    def tick(self, seconds: float = 0.001) -> None:
        self.clock.advance(seconds)
        self.database.later += timedelta(seconds=seconds)

    @precondition(lambda self: self.any_turn("waiting", "running"))
    @rule()
    def overdue_turns_end(self) -> None:
        self.turns.give_up_overdue(timedelta(seconds=30))

    @precondition(lambda self: any(item["state"] == "pending" for item in self.state.get("outbox", ())))
    @rule(final=st.booleans(), answered=st.booleans())
    def bank_answers(self, final: bool, answered: bool) -> None:
        item = self.relay.claim("bank")
        if item is not None and answered:
            self.relay.answered(item, Answer("done", "好"))
        elif item is not None:
            self.relay.failed(item, "timeout", final)

    # what is always true

    def now(self, id: str) -> Conversation:
        return self.reading.conversation(id)

    @invariant()
    def everything_is_in_step(self) -> None:
        self.tick()
        state = self.state = dump(self.database)
        talks = {id: self.now(id) for id in self.seen}
        assert_nothing_readable(state)
        for id, talk in talks.items():
            assert_epoch_follows_desk(self.seen[id], talk)
            of_talk = {
                name: [row for row in rows if row.get("conversation_id") == id]
                for name, rows in state.items()
            }
            assert_escalation_agrees(talk, of_talk["escalations"])
            assert_no_gap(talk, of_talk["messages"])
            assert_covered_once(talk, of_talk, self.owed[id])
            assert_spoken_once(of_talk)
        waiting = {id for id, talk in talks.items() if talk.desk is Desk.QUEUED}
        assert set(self.reading.positions()) == waiting
        self.seen = talks

    def teardown(self) -> None:
        """Whatever happened: with time and a worker, everything still comes to an end."""
        for _ in range(6):
            self.time_passes(31)
            while (claim := self.turns.claim("last")) is not None:
                again: Claim | None = claim
                while again is not None:
                    again = self.turns.commit(again, Outcome((Reply("最后"),), b"memory", "m1"))
            self.turns.give_up_overdue(timedelta(seconds=30))
        assert self.reading.backlog().open_turns == 0
        self.everything_is_in_step()


def assert_epoch_follows_desk(before: Conversation, talk: Conversation) -> None:
    """The epoch rises with desk moves and with nothing else; an agent is named exactly while he serves."""
    assert talk.epoch == before.epoch + (talk.desk is not before.desk)
    assert talk.last_seq >= before.last_seq
    if talk.desk is not Desk.CLOSED:
        assert (talk.agent_id is not None) == (talk.desk is Desk.HUMAN)


def assert_escalation_agrees(talk: Conversation, escalations: list[dict[str, Any]]) -> None:
    on = [state for row in escalations if (state := State(row["state"])) not in ENDED]
    assert len(on) <= 1
    assert (talk.desk is Desk.QUEUED) == any(state in IN_QUEUE for state in on)
    assert (talk.desk is Desk.HUMAN) == any(state in WITH_AGENT for state in on)
    assert bool(on) == (talk.desk in (Desk.QUEUED, Desk.HUMAN))


def assert_no_gap(talk: Conversation, messages: list[dict[str, Any]]) -> None:
    assert sorted(row["seq"] for row in messages) == list(range(1, talk.last_seq + 1))


def assert_covered_once(talk: Conversation, state: Rows, owed: set[int]) -> None:
    """Every message the bot was given is in exactly one turn, no other is in any."""
    unfinished = [row for row in state["turns"] if row["state"] != "done"]
    assert len(unfinished) <= 1
    assert not unfinished or talk.desk is Desk.BOT
    for row in state["messages"]:
        if row["sender"] == "customer":
            covering = [turn for turn in state["turns"] if covers(turn, row["seq"], talk)]
            assert len(covering) == (row["seq"] in owed), (row["seq"], state["turns"])


def assert_spoken_once(state: Rows) -> None:
    """A turn that speaks does so once, after what it answers."""
    for turn in state["turns"]:
        replies = [row["seq"] for row in state["messages"] if row["turn_id"] == turn["id"]]
        assert len(replies) == (turn["outcome"] in ("answered", "gave_up"))
        assert all(seq > turn["to_seq"] for seq in replies)


def assert_nothing_readable(state: Rows) -> None:
    everything = str(state)
    assert "834921" not in everything
    assert "13812345678" not in everything


def covers(turn: dict[str, Any], seq: int, talk: Conversation) -> bool:
    """An unfinished turn also covers what came after its last claim: it is counted at the commit."""
    last = turn["to_seq"] if turn["state"] == "done" else talk.last_seq
    return bool(turn["from_seq"] <= seq <= last)


@pytest.fixture
def prove(cipher: Cipher) -> Any:
    """``prove(database, examples, steps)`` runs that many random histories."""

    def run(database: MovableDatabase, examples: int, steps: int) -> None:
        run_state_machine_as_test(
            lambda: Bank(database, cipher),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=examples < 100,
                phases=[Phase.generate] if examples < 100 else [Phase.generate, Phase.shrink],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )

    return run


def test_any_history_keeps_everything_in_step_on_sqlite(sqlite: MovableDatabase, prove: Any) -> None:
    prove(sqlite, examples=50, steps=40)


def test_any_history_keeps_everything_in_step_on_postgresql(postgres: MovableDatabase, prove: Any) -> None:
    prove(postgres, examples=15, steps=30)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_many_long_histories_keep_everything_in_step(database: MovableDatabase, prove: Any) -> None:
    """Ten thousand steps on each database."""
    prove(database, examples=200, steps=50)
