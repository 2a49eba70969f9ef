"""A conversation inside one write transaction: append, move the desk, keep the two machines in step.

Everything that changes a conversation goes through here, so that the promises (gap-free seq, epoch on
desk moves only, at most one open turn and escalation, the bot's unfinished turn ended when the desk
leaves it) are kept in one place. Knows nothing of SQL; the unit is the store's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from conversation import notices
from conversation.desk import Desk, Move, moved
from conversation.errors import StaleEpoch
from conversation.escalation import LABELS, Reason, State, Step, priority, stepped
from conversation.message import Sender
from conversation.state import Agent, Conversation, Entry, Escalation, TurnRow, new_id

if TYPE_CHECKING:
    from conversation.store.unit import Unit

#: on the card: what the person was first called for
BEFORE = "最初转接原因"


class Talk:
    """``at`` is the business time of the change; ``unit.now`` the lease clock's."""

    def __init__(self, unit: Unit, state: Conversation, at: datetime) -> None:
        self.unit = unit
        self.state = state
        self.at = at
        self._before = state

    # journal

    def append(self, entry: Entry) -> int:
        """Give the entry the next number and store it."""
        seq = self.state.last_seq + 1
        self.unit.add_entry(self.state, seq, entry, self.at)
        spoken = seq if entry.sender is Sender.CUSTOMER else self.state.last_customer_seq
        self.state = replace(self.state, last_seq=seq, last_customer_seq=spoken)
        return seq

    def notice(self, text: str, card: dict[str, Any] | None = None) -> int:
        """A system line everybody sees."""
        return self.append(Entry(Sender.SYSTEM, text, type="desk" if card else "message", card=card))

    def require_epoch(self, epoch: int) -> None:
        """A writer of an older desk is refused."""
        if epoch != self.state.epoch:
            raise StaleEpoch(epoch=self.state.epoch)

    # turns

    def wait_for_bot(self, seq: int, not_before: datetime) -> None:
        """The bot owes an answer to the message ``seq``: open a turn, or let the open one cover it.

        A turn that failed keeps its pause: writing on must not use up its attempts.
        """
        turn = self.unit.open_turn(self.state.id)
        if turn is None:
            self.open_turn(seq, seq, not_before)
        elif turn.state == "waiting":
            soonest = turn.not_before if turn.attempts else min(not_before, turn_limit(turn))
            self.unit.update_turn(turn.id, to_seq=seq, not_before=soonest)

    def open_turn(self, from_seq: int, to_seq: int, not_before: datetime) -> None:
        self.unit.add_turn(
            TurnRow(
                id=new_id("t"),
                conversation_id=self.state.id,
                from_seq=from_seq,
                to_seq=to_seq,
                state="waiting",
                epoch=self.state.epoch,
                attempts=0,
                not_before=not_before,
                created_at=self.unit.now,
            )
        )

    def end_turn(self, turn: TurnRow, outcome: str, to_seq: int | None = None, **values: Any) -> None:
        self.unit.update_turn(
            turn.id,
            state="done",
            outcome=outcome,
            to_seq=turn.to_seq if to_seq is None else to_seq,
            token=None,
            lease_until=None,
            finished_at=self.unit.now,
            **values,
        )

    # desk moves, each with its escalation step and its notice

    def escalate(self, reason: Reason, skill: str = "general", facts: dict[str, str] | None = None) -> None:
        """Bring a person: desk to queued, one waiting record, the customer told."""
        self._move(Move.ESCALATE)
        self._open_escalation(reason, skill, facts or {})
        self.notice(notices.QUEUED, notices.desk_card(Desk.QUEUED))

    def leave_queue(self) -> None:
        self._move(Move.LEAVE_QUEUE)
        self._step(Step.ABANDON, ended_at=self.at, outcome="left_queue")
        self.notice(notices.LEFT_QUEUE, notices.desk_card(Desk.BOT))

    def claim(self, agent: Agent) -> None:
        self._move(Move.CLAIM, agent_id=agent.id, agent_name=agent.name)
        self._step(Step.CLAIM, agent_id=agent.id, claimed_at=self.at)
        self.notice(notices.joined(agent.name), notices.desk_card(Desk.HUMAN))

    def take_over(self, agent: Agent) -> None:
        """An agent takes a chat the bot runs."""
        self._move(Move.TAKE_OVER, agent_id=agent.id, agent_name=agent.name)
        self._open_escalation(Reason.TAKEN_OVER, "general", {})
        self._step(Step.CLAIM, agent_id=agent.id, claimed_at=self.at)
        self.notice(notices.joined(agent.name), notices.desk_card(Desk.HUMAN))

    def release(self) -> None:
        """Back to the queue at the old place (waiting_since stays)."""
        self._move(Move.RELEASE, agent_id=None, agent_name=None)
        self._step(Step.RELEASE, agent_id=None, claimed_at=None)
        self.notice(notices.RELEASED, notices.desk_card(Desk.QUEUED))

    def hand_back(self) -> None:
        self._move(Move.HAND_BACK, agent_id=None, agent_name=None)
        self._step(Step.RETURN, ended_at=self.at, outcome="returned")
        self.notice(notices.HANDED_BACK, notices.desk_card(Desk.BOT))

    def close(self, outcome: str) -> None:
        self._move(Move.CLOSE, closed_at=self.at)
        if self.unit.open_escalation(self.state.id) is not None:
            self._step(Step.RESOLVE, ended_at=self.at, outcome=outcome)
        self.notice(notices.CLOSED, notices.desk_card(Desk.CLOSED))

    def _move(self, move: Move, **changes: Any) -> None:
        desk = moved(self.state.desk, move)
        if self.state.desk is Desk.BOT:
            self._supersede_turn()
        self.state = replace(self.state, desk=desk, epoch=self.state.epoch + 1, **changes)

    def _supersede_turn(self) -> None:
        turn = self.unit.open_turn(self.state.id)
        if turn is not None:
            self.end_turn(turn, "superseded", self.state.last_customer_seq)

    def _open_escalation(self, reason: Reason, skill: str, facts: dict[str, str]) -> None:
        self.unit.add_escalation(
            Escalation(
                id=new_id("e"),
                conversation_id=self.state.id,
                state=State.WAITING,
                reason=reason,
                skill=skill,
                priority=priority(reason),
                facts=facts,
                asked_seq=self.state.last_seq,
                waiting_since=self.at,
            )
        )

    def _step(self, step: Step, **changes: Any) -> None:
        escalation = self.unit.open_escalation(self.state.id)
        assert escalation is not None, "the desk says a person is involved, so a record is open"
        self.unit.save_escalation(replace(escalation, state=stepped(escalation.state, step), **changes))

    def raise_to(self, reason: Reason) -> bool:
        """A graver reason than the record's takes its place and its priority; False where it is no graver."""
        escalation = self.unit.open_escalation(self.state.id)
        if escalation is None or priority(reason) <= escalation.priority:
            return False
        facts = {**escalation.facts, BEFORE: LABELS[escalation.reason]}
        self.unit.save_escalation(replace(escalation, reason=reason, priority=priority(reason), facts=facts))
        return True

    def note_first_reply(self) -> None:
        escalation = self.unit.open_escalation(self.state.id)
        if escalation is not None and escalation.first_reply_at is None:
            self.unit.save_escalation(replace(escalation, first_reply_at=self.at))

    # end of the transaction

    def finish(self, note_id: str | None = None) -> None:
        """Write the row and the feed, if anything happened."""
        if self.state != self._before:
            self.state = replace(self.state, updated_at=self.at)
            self.unit.save(self.state)
        if self.state != self._before or note_id is not None:
            self.unit.add_feed(self.state.id, self._before.last_seq, self.state.last_seq, self.at, note_id)


@contextmanager
def talking(unit: Unit, conversation_id: str, at: datetime) -> Iterator[Talk]:
    """The conversation, locked; written back when the block ends without an error."""
    talk = Talk(unit, unit.lock(conversation_id), at)
    yield talk
    talk.finish()


def turn_limit(turn: TurnRow) -> datetime:
    """The latest moment a waiting turn may be put off to: a second after its first message."""
    return turn.created_at + timedelta(seconds=1)
