"""Messages: what comes in from a channel, what goes out, and how the journal shows both.

Frozen values only. ``Event`` is the shape every client reads (design: outside contract).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from conversation.identity import GUEST, Identity


class Sender(str, Enum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True)
class InboundMessage:
    """One message of a customer, verified and parsed by its channel.

    ``source_id`` is the outside id (client_msg_id, MsgId) that makes a retry the same message;
    exactly one of ``text`` (as written, at most 2,000 code points) and ``payload`` (a button's id)
    is set.
    """

    conversation_id: str
    source_id: str
    text: str | None = None
    payload: str | None = None
    identity: Identity = GUEST


@dataclass(frozen=True)
class Choice:
    """A button as the bot wants it: the title and what choosing it means (intent, entities)."""

    title: str
    intent: str
    entities: dict[str, Any]


@dataclass(frozen=True)
class Button:
    """A button as a client gets it: an opaque id, valid in this conversation only."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One thing the bot says: text, choices, or a card (a dict with "kind"), not all empty."""

    text: str | None = None
    choices: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None


@dataclass(frozen=True)
class Event:
    """One numbered entry of the journal as clients see it; ``at`` is aware UTC."""

    seq: int
    type: str  #: "message" or "desk"
    sender: Sender
    text: str | None
    at: datetime
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    client_msg_id: str | None = None
    agent_name: str | None = None
    chosen: str | None = None  #: the intent of the button the customer pressed
