"""A turn's effects: with its replies in one transaction, or not at all; asked of the bank once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import AskBank, DoubtSpeaker, Escalate
from conversation.errors import TurnLost
from conversation.escalation import Reason, State, priority
from conversation.message import Choice, Reply
from conversation.store.reading import Reading
from conversation.store.unit import Unit
from conversation.talk import Talk
from conversation.turning import Turns
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]
CERTIFICATE = AskBank("certificate", "C0001", {"kind": "settled"}, "结清证明")
EVERYTHING = (
    DoubtSpeaker(),
    CERTIFICATE,
    AskBank("plan", "C0001", {"months": 6}, "分期方案"),
    Escalate(Reason.COMPLAINT),
)


def test_a_person_is_called_with_the_turns_facts_after_its_replies(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id, "你们乱扣钱，我要投诉")
    answer("非常抱歉", effects=(Escalate(Reason.COMPLAINT, "complaints", {"诉求": "退款"}),))
    overview = reading.overview(talk.id)
    assert overview.conversation.desk is Desk.QUEUED
    escalation = overview.escalation
    assert escalation is not None
    assert (escalation.state, escalation.reason, escalation.skill) == (
        State.WAITING,
        Reason.COMPLAINT,
        "complaints",
    )
    assert (escalation.priority, escalation.facts) == (priority(Reason.COMPLAINT), {"诉求": "退款"})
    assert reading.events(talk.id, 1)[0].text == "非常抱歉"
    assert escalation.asked_seq == 2, "the card is made from what was said up to the call"


def test_two_calls_for_a_person_in_one_turn_are_one(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    answer("好", effects=(Escalate(Reason.FRAUD), Escalate(Reason.COMPLAINT)))
    escalation = reading.overview(talk.id).escalation
    assert escalation is not None
    assert escalation.reason is Reason.FRAUD


def test_what_the_bank_is_asked_has_a_key_of_its_own_made_of_turn_and_position(
    make_conversation: Make, say: Make, answer: Make, database: MovableDatabase
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = answer("已提交", effects=(DoubtSpeaker(), CERTIFICATE, CERTIFICATE))
    items = sorted(dump(database)["outbox"], key=lambda item: str(item["idempotency_key"]))
    assert [item["idempotency_key"] for item in items] == [f"{claim.turn_id}:1", f"{claim.turn_id}:2"]
    assert {(item["topic"], item["state"], item["conversation_id"]) for item in items} == {
        ("bank", "pending", talk.id)
    }
    assert items[0]["payload"] == {
        "kind": "certificate",
        "customer_id": "C0001",
        "payload": {"kind": "settled"},
        "summary": "结清证明",
    }


def test_a_turn_that_is_run_again_asks_the_bank_once(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    pass_time: Make,
    database: MovableDatabase,
) -> None:
    """Thrown away by a joining message, by a lost lease, by a failure: only the committed run asks."""
    talk = make_conversation()
    say(talk.id)
    first = turns.claim("w1")
    assert first is not None
    say(talk.id, "快点")
    assert turns.commit(first, outcome(effects=(CERTIFICATE,))) is not None  # joined: run again
    pass_time(21)
    second = turns.claim("w2")
    assert second is not None
    with pytest.raises(TurnLost):
        turns.commit(first, outcome(effects=(CERTIFICATE,)))
    turns.fail(second, "error")
    pass_time(2)
    third = turns.claim("w3")
    assert third is not None
    assert dump(database)["outbox"] == []
    assert turns.commit(third, outcome(effects=(CERTIFICATE,))) is None
    assert [item["idempotency_key"] for item in dump(database)["outbox"]] == [f"{third.turn_id}:0"]


def test_a_refused_commit_leaves_no_effect(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    serving: Any,
    agent: Any,
    database: MovableDatabase,
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    serving.claim(agent, talk.id)
    before = dump(database)
    with pytest.raises(TurnLost):
        turns.commit(claim, outcome(effects=EVERYTHING))
    assert dump(database) == before


class Broken(Exception):
    """The machine stops in the middle of a commit."""


#: every write a commit makes; the machine stops right after it
STEPS = [
    (Unit, "add_entry"),
    (Unit, "add_button"),
    (Unit, "save_tracker"),
    (Unit, "update_turn"),
    (Unit, "add_outbox"),
    (Unit, "add_escalation"),
    (Unit, "save"),
    (Unit, "add_feed"),
    (Talk, "finish"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_commit_that_breaks_in_the_middle_leaves_nothing_and_is_done_again_whole(
    make_conversation: Make,
    say: Make,
    turns: Turns,
    outcome: Make,
    database: MovableDatabase,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
) -> None:
    talk = make_conversation()
    say(talk.id)
    claim = turns.claim("w")
    assert claim is not None
    result = outcome(
        replies=(Reply("哪一种？", (Choice("随心借", "repay_how", {}),)), Reply("或者")), effects=EVERYTHING
    )
    before = dump(database)
    whole, broke = getattr(owner, name), []

    def breaks(self: Any, *arguments: Any, **values: Any) -> Any:
        whole(self, *arguments, **values)
        broke.append(name)
        raise Broken(name)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, breaks)
        with pytest.raises(Broken):
            turns.commit(claim, result)
    assert broke
    assert dump(database) == before
    assert turns.commit(claim, result) is None
    after = dump(database)
    assert (len(after["outbox"]), len(after["escalations"]), len(after["buttons"])) == (2, 1, 1)
    assert sorted(row["seq"] for row in after["messages"]) == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["add_entry", "add_turn", "save", "add_feed"])
def test_a_message_whose_acceptance_breaks_was_never_there_and_can_be_sent_again(
    make_conversation: Make,
    say: Make,
    database: MovableDatabase,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    talk = make_conversation()
    before = dump(database)
    whole = getattr(Unit, name)

    def breaks(self: Any, *arguments: Any, **values: Any) -> Any:
        whole(self, *arguments, **values)
        raise Broken(name)

    with monkeypatch.context() as patched:
        patched.setattr(Unit, name, breaks)
        with pytest.raises(Broken):
            say(talk.id, "怎么还款", "m1")
    assert dump(database) == before
    receipt = say(talk.id, "怎么还款", "m1")
    assert (receipt.seq, receipt.repeated) == (1, False)


def test_doubt_about_the_speaker_is_kept_with_the_reply(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation()
    say(talk.id, "我是他弟弟")
    answer("好的", effects=(DoubtSpeaker(),))
    assert reading.conversation(talk.id).doubted_at == clock.now()
