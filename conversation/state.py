"""What the store remembers, as frozen values: conversation, escalation, turn, outbox item.

Pure; the store builds them, the rules read them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversation.desk import Desk
from conversation.escalation import Reason, State
from conversation.identity import Identity
from conversation.message import Button, Sender


def new_id(prefix: str) -> str:
    """An unguessable id, e.g. "c_…" for a conversation."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def new_token() -> str:
    """A fencing token: whoever does not hold it may not write."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Conversation:
    id: str
    channel: str
    channel_user: str
    identity: Identity
    doubted_at: datetime | None
    desk: Desk
    epoch: int  #: raised by every desk move
    last_seq: int
    last_customer_seq: int  #: the customer's newest message, 0 for none
    agent_id: str | None
    agent_name: str | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """A journal entry before it has its number. See the messages table for the fields."""

    sender: Sender
    text: str | None
    type: str = "message"
    read_text: str | None = None
    original: str | None = None  #: in clear; the store encrypts it
    choice: dict[str, Any] | None = None
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    source_id: str | None = None
    fingerprint: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    turn_id: str | None = None
    model_version: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Escalation:
    id: str
    conversation_id: str
    state: State
    reason: Reason
    skill: str
    priority: int
    facts: dict[str, str]
    asked_seq: int
    waiting_since: datetime
    agent_id: str | None = None
    claimed_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class TurnRow:
    """A turn: the bot's duty to answer the customer messages from_seq … to_seq, exactly once."""

    id: str
    conversation_id: str
    from_seq: int
    to_seq: int
    state: str  #: waiting, running, done
    epoch: int
    attempts: int
    not_before: datetime
    created_at: datetime
    token: str | None = None
    worker: str | None = None
    lease_until: datetime | None = None
    outcome: str | None = None  #: answered, superseded, gave_up
    error: str | None = None


@dataclass(frozen=True)
class Said:
    """One customer message as the bot reads it: a text (placeholders for personal data) or a choice."""

    seq: int
    text: str | None
    choice: dict[str, Any] | None


@dataclass(frozen=True)
class Claim:
    """A turn in a worker's hands. ``run`` counts how often it was started over for joined messages."""

    turn_id: str
    token: str
    conversation_id: str
    channel: str
    epoch: int
    from_seq: int
    to_seq: int
    said: tuple[Said, ...]
    identity: Identity
    doubted_at: datetime | None
    tracker: bytes | None
    attempt: int
    run: int = 1
    full: bool = False  #: more of this conversation waits than one turn takes on
    more: bool = False  #: another turn was waiting when this one was claimed


@dataclass(frozen=True)
class OutboxItem:
    id: str
    topic: str
    conversation_id: str
    idempotency_key: str
    payload: dict[str, Any]
    attempts: int
    token: str


@dataclass(frozen=True)
class Note:
    """A private note: agents see it, customers never; it has no seq."""

    id: str
    conversation_id: str
    agent_id: str
    agent_name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Agent:
    """The agent as the journal knows him."""

    id: str
    name: str
