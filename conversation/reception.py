"""Reception: a customer's message is accepted, numbered, stored, and the desk in charge is decided.

``receive`` returns only after the commit; the same message twice is one message. Calling a person and
leaving the queue are decided here, so that both work when no bot worker is alive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversation import hints as topics
from conversation import notices
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.errors import (
    BadRequest,
    ConversationClosed,
    DuplicateWithOtherText,
    Unavailable,
    UnknownPayload,
)
from conversation.escalation import Reason
from conversation.hints import Hints
from conversation.identity import GUEST, Identity, Level
from conversation.message import InboundMessage, Sender
from conversation.privacy import Redacted, may_be_value, redacted
from conversation.registering import leave_contact
from conversation.state import Conversation, Entry, new_id
from conversation.store.journal_store import JournalStore
from conversation.store.unit import Unit
from conversation.talk import Talk, talking
from conversation.text import asks_for_person, cleaned, leaves_queue, looks_unfinished, storable

MAX_SOURCE_ID = 128
#: texts this short (in code points) may be pieces of one sentence: "我是他" "老婆"
FRAGMENT = 8
FRAGMENTS_BACK = 4
OPEN_ATTEMPTS = 5
#: how long a plainly unfinished text waits for the rest
UNFINISHED_WAIT = timedelta(seconds=1)


@dataclass(frozen=True)
class Receipt:
    """``seq`` is the message's number; ``repeated`` when it was already there."""

    seq: int
    repeated: bool
    desk: Desk


class Reception:
    """``is_somebody_else`` tells of a text whether another person than the customer says it, ``danger`` why a
    person must come sooner. They are asked here and not by the bot alone, because the customer may say so
    while he waits, or to an agent."""

    def __init__(
        self,
        store: JournalStore,
        clock: Clock,
        hints: Hints,
        is_somebody_else: Callable[[str], bool] = lambda text: False,
        danger: Callable[[str], Reason | None] = lambda text: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._hints = hints
        self._is_somebody_else = is_somebody_else
        self._danger = danger

    def open(self, channel: str, channel_user: str, identity: Identity = GUEST) -> tuple[Conversation, bool]:
        """The person's open conversation (True: resumed) or a new one; safe against two first messages."""
        for _ in range(OPEN_ATTEMPTS):
            with self._store.unit() as unit:
                found = unit.open_conversation(channel, channel_user)
                if found is not None:
                    return found, True
                talk = self._new(channel, channel_user, identity, unit.last_doubt(channel, channel_user))
                if unit.add_conversation(talk):
                    return talk, False
            # another first message was quicker: its conversation is there now, or already over
        raise Unavailable()

    def _new(
        self, channel: str, channel_user: str, identity: Identity, doubted_at: datetime | None
    ) -> Conversation:
        """A doubt outlives the conversation it was raised in: only a newer login ends it."""
        now = self._clock.now()
        return Conversation(
            id=new_id("c"),
            channel=channel,
            channel_user=channel_user,
            identity=identity,
            doubted_at=doubted_at,
            desk=Desk.BOT,
            epoch=1,
            last_seq=0,
            last_customer_seq=0,
            agent_id=None,
            agent_name=None,
            created_at=now,
            updated_at=now,
        )

    def receive(self, inbound: InboundMessage) -> Receipt:
        """Accept one message. Raises the BadRequest family, ConversationNotFound, ConversationClosed,
        DuplicateWithOtherText, Unavailable, UnknownPayload; nothing is stored then."""
        _check_shape(inbound)
        text = cleaned(inbound.text) if inbound.text is not None else None
        found = redacted(text) if text is not None else None
        doubtful = text is not None and self._is_somebody_else(text)
        fingerprint = self._store.cipher.fingerprint(
            text if text is not None else f"\0payload:{inbound.payload}"
        )
        with self._store.unit() as unit, talking(unit, inbound.conversation_id, self._clock.now()) as talk:
            repeated = unit.entry_of_source(talk.state.id, Sender.CUSTOMER.value, inbound.source_id)
            if repeated is not None:
                if repeated.fingerprint != fingerprint:
                    raise DuplicateWithOtherText()
                return Receipt(repeated.seq, True, talk.state.desk)
            if talk.state.desk is Desk.CLOSED:
                raise ConversationClosed()
            if text is not None and may_be_value(text):
                found = redacted(text, _said_before(talk))
            entry = self._entry(unit, talk, inbound, found)
            talk.state = replace(talk.state, identity=current(talk.state.identity, inbound.identity))
            if doubtful or (text is not None and self._completes_doubt(talk, text)):
                talk.state = replace(talk.state, doubted_at=talk.at)
            seq = talk.append(replace(entry, source_id=inbound.source_id, fingerprint=fingerprint))
            if found is not None and found.has_secret:
                talk.notice(notices.SECRET_WARNING)
            leave_contact(talk, seq, entry.read_text)
            self._decide(talk, entry, seq)
            receipt = Receipt(seq, False, talk.state.desk)
        news = [topics.conversation(inbound.conversation_id), topics.FEED]
        self._hints.publish(*news, *([topics.TURNS] if receipt.desk is Desk.BOT else []))
        return receipt

    def _completes_doubt(self, talk: Talk, text: str) -> bool:
        """Whether the short message says it together with the short ones before it ("我是他" "老婆")."""
        if len(text) > FRAGMENT or talk.state.identity.customer_id is None:
            return False
        before = _fragments(_said_last(talk, FRAGMENTS_BACK))
        return bool(before) and self._is_somebody_else(before + text) and not self._is_somebody_else(before)

    def _entry(self, unit: Unit, talk: Talk, inbound: InboundMessage, found: Redacted | None) -> Entry:
        if found is not None:
            read = found.read if found.read != found.shown else None
            return Entry(Sender.CUSTOMER, found.shown, read_text=read, original=found.kept)
        payload = inbound.payload or ""
        button = unit.button(talk.state.id, payload) if storable(payload) else None
        if button is None or button.expires_at <= talk.at:
            raise UnknownPayload()
        return Entry(Sender.CUSTOMER, button.title, choice=button.choice)

    def _decide(self, talk: Talk, entry: Entry, seq: int) -> None:
        text = entry.read_text or entry.text or ""
        wants_person = asks_for_person(text)
        if talk.state.desk is Desk.BOT:
            wait = UNFINISHED_WAIT if entry.choice is None and looks_unfinished(text) else timedelta(0)
            talk.wait_for_bot(seq, talk.unit.now + wait)
            if wants_person:
                talk.escalate(Reason.CUSTOMER_ASKED)
        elif talk.state.desk is Desk.QUEUED:
            if leaves_queue(text):
                talk.leave_queue()
            elif not self._moves_forward(talk, text) and wants_person:
                talk.notice(notices.ALREADY_QUEUED)
        else:
            self._moves_forward(talk, text)

    def _moves_forward(self, talk: Talk, text: str) -> bool:
        """Danger said to a person, or on the way to one: the record says so, and who waits is told at once."""
        reason = self._danger(text) if text else None
        if reason is None or not talk.raise_to(reason):
            return False
        if talk.state.desk is Desk.QUEUED:
            talk.notice(notices.DANGER[reason])
        return True


def _said_before(talk: Talk) -> str:
    """The customer's message before this one, as it is stored."""
    return "".join(_said_last(talk, 1))


def _said_last(talk: Talk, entries: int) -> list[str]:
    """What the customer said in the journal's last ``entries`` up to his newest message, as it is stored."""
    last = talk.state.last_customer_seq
    return [row.text for row in talk.unit.customer_rows(talk.state.id, last - entries + 1, last)]


def _fragments(said: Sequence[str]) -> str:
    """The short texts at the end, as one."""
    whole = ""
    for text in reversed(said):
        if len(text) > FRAGMENT:
            break
        whole = text + whole
    return whole


def _check_shape(inbound: InboundMessage) -> None:
    if (inbound.text is None) == (inbound.payload is None):
        raise BadRequest("消息必须有且只有文字或按钮之一。")
    check_source_id(inbound.source_id)


def check_source_id(source_id: str) -> None:
    """BadRequest for an outside id that cannot be stored."""
    if not 0 < len(source_id) <= MAX_SOURCE_ID or not storable(source_id):
        raise BadRequest(f"消息编号 client_msg_id 应为 1 到 {MAX_SOURCE_ID} 个字符。")


def current(known: Identity, arriving: Identity) -> Identity:
    """The identity of the speaker now: what this message proves, never more than that.

    A message from a session without a login leaves a bound customer bound, not verified.
    """
    if arriving.level is Level.NONE and known.level is not Level.NONE:
        return Identity(Level.BOUND, known.customer_id)
    return arriving
