"""What a turn wants done: staged while it runs, carried out only when it commits.

Frozen values. The journal turns them into rows (escalation, outbox, ticket, doubt about the speaker) in the
same transaction as the replies; a discarded turn leaves none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Union

from conversation.escalation import Reason
from conversation.tickets import TicketKind


@dataclass(frozen=True)
class Escalate:
    """Bring a person. ``facts`` are label → text pairs for the hand-over card (masked, no secrets)."""

    reason: Reason
    skill: str = "general"
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AskBank:
    """A request that changes something at the bank: becomes one outbox row.

    ``kind`` and ``payload`` are the bank port's; ``summary`` is the Chinese name the customer reads
    ("结清证明"). The idempotency key is made by the journal from turn and position, so a replayed
    turn asks once.
    """

    kind: str
    customer_id: str
    payload: dict[str, Any]
    summary: str


@dataclass(frozen=True)
class DoubtSpeaker:
    """The speaker said he is not the customer: no account data until a newer login."""


@dataclass(frozen=True)
class OpenTicket:
    """Register a matter a person must answer: a receipt number and a clock, at once and at any hour.

    Stage it before ``Escalate``, so that the receipt stands above the queue's line. ``matter`` (an intent)
    tells several matters of one kind apart; the same kind and matter again adds to the open ticket.
    ``facts`` are label → text pairs, masked; 事项 names the matter for people.
    """

    kind: TicketKind
    matter: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Keep:
    """Something another part of the program keeps, written by the keeper registered under ``what``.

    ``value`` is that part's own frozen value; the journal hands it on and knows nothing of it.
    """

    what: str
    value: Any


Effect = Union[Escalate, AskBank, DoubtSpeaker, OpenTicket, Keep]
