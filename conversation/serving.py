"""What agents do with a conversation: claim, reply, note, hand back, release, close.

Every write carries the ``epoch`` the agent saw; an agent who lost the chat is refused (StaleEpoch).
Replies leave by the same door as the bot's: an entry in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conversation import hints as topics
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.errors import ClaimedByAnother, ConversationNotFound, DuplicateWithOtherText, StaleEpoch
from conversation.hints import Hints
from conversation.message import Sender
from conversation.privacy import redacted, without_secrets
from conversation.reception import check_source_id
from conversation.state import Agent, Conversation, Entry, Note, new_id
from conversation.store.journal_store import JournalStore
from conversation.talk import Talk, talking
from conversation.text import cleaned


class QueueEmpty(ConversationNotFound):
    """现在没有排队的客户。"""

    code = "queue_empty"


@dataclass(frozen=True)
class AgentReceipt:
    seq: int
    repeated: bool


class Serving:
    def __init__(self, store: JournalStore, clock: Clock, hints: Hints) -> None:
        self._store = store
        self._clock = clock
        self._hints = hints

    def claim(self, agent: Agent, conversation_id: str) -> Conversation:
        """Take this chat, from the queue or from the bot. Exactly one agent wins; ClaimedByAnother.
        Claiming what one already has changes nothing."""
        with self._changing(conversation_id) as talk:
            if talk.state.desk is Desk.HUMAN:
                if talk.state.agent_id != agent.id:
                    raise ClaimedByAnother()
                return talk.state
            if talk.state.desk is Desk.BOT:
                talk.take_over(agent)
            else:
                talk.claim(agent)
        return talk.state

    def claim_next(self, agent: Agent, skills: Iterable[str] | None = None) -> Conversation:
        """Take the first in the queue (of these skills); QueueEmpty."""
        with self._store.unit() as unit:
            first = unit.first_in_queue(skills)
            if first is None:
                raise QueueEmpty()
            talk = Talk(unit, first, self._clock.now())
            talk.claim(agent)
            talk.finish()
        self._announce(first.id)
        return talk.state

    def reply(
        self, agent: Agent, conversation_id: str, epoch: int, source_id: str, text: str
    ) -> AgentReceipt:
        """Say something to the customer, without any secret in it. The same source_id again is the same
        message."""
        check_source_id(source_id)
        text = cleaned(text)
        fingerprint = self._store.cipher.fingerprint(text)
        text = without_secrets(text)
        with self._changing(conversation_id) as talk:
            repeated = talk.unit.entry_of_source(conversation_id, Sender.AGENT.value, source_id)
            if repeated is not None:
                if repeated.fingerprint != fingerprint:
                    raise DuplicateWithOtherText()
                return AgentReceipt(repeated.seq, True)
            require_served_by(talk, agent, epoch)
            talk.note_first_reply()
            seq = talk.append(
                Entry(
                    Sender.AGENT,
                    text,
                    source_id=source_id,
                    fingerprint=fingerprint,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )
        return AgentReceipt(seq, False)

    def hand_back(self, agent: Agent, conversation_id: str, epoch: int) -> Conversation:
        with self._changing(conversation_id) as talk:
            require_served_by(talk, agent, epoch)
            talk.hand_back()
        return talk.state

    def release(self, agent: Agent, conversation_id: str, epoch: int) -> Conversation:
        with self._changing(conversation_id) as talk:
            require_served_by(talk, agent, epoch)
            talk.release()
        return talk.state

    def close(
        self, agent: Agent, conversation_id: str, epoch: int, outcome: str = "answered"
    ) -> Conversation:
        with self._changing(conversation_id) as talk:
            require_served_by(talk, agent, epoch)
            talk.close(outcome[:64])
        return talk.state

    def note(self, agent: Agent, conversation_id: str, text: str) -> Note:
        """A private note, personal data in it masked; it takes no seq, so no customer's client ever sees a gap."""
        at = self._clock.now()
        note = Note(new_id("n"), conversation_id, agent.id, agent.name, redacted(cleaned(text)).shown, at)
        with self._store.unit() as unit:
            talk = Talk(unit, unit.lock(conversation_id), at)
            unit.add_note(note)
            talk.finish(note.id)
        self._announce(conversation_id)
        return note

    @contextmanager
    def _changing(self, conversation_id: str) -> Iterator[Talk]:
        with self._store.unit() as unit, talking(unit, conversation_id, self._clock.now()) as talk:
            yield talk
        self._announce(conversation_id)

    def _announce(self, conversation_id: str) -> None:
        self._hints.publish(topics.conversation(conversation_id), topics.TURNS, topics.FEED)


def require_served_by(talk: Talk, agent: Agent, epoch: int) -> None:
    """StaleEpoch for whoever does not serve this conversation now."""
    if talk.state.desk is not Desk.HUMAN or talk.state.agent_id != agent.id:
        raise StaleEpoch(epoch=talk.state.epoch)
    talk.require_epoch(epoch)
