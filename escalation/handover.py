"""The hand-over card: what an agent reads first, made from the journal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.escalation import LABELS, Reason
from conversation.message import Event, Sender
from conversation.state import Escalation
from conversation.text import asks_for_person

#: buttons that ask nothing new
REACTIONS = frozenset({"more_detail", "affirm", "deny", "open_ticket", "ticket_state"})


@dataclass(frozen=True)
class Handover:
    """``asked`` is the customer's last real question, ``answered`` the bot's last words before it."""

    reason: Reason
    asked: str | None
    answered: str | None
    facts: tuple[tuple[str, str], ...]
    at: datetime

    @property
    def label(self) -> str:
        return LABELS[self.reason]


def handover(escalation: Escalation, events: Sequence[Event]) -> Handover:
    """The card of this escalation; ``events`` is the journal in order, later entries are ignored."""
    before = [event for event in events if event.seq <= escalation.asked_seq and event.type == "message"]
    return Handover(
        reason=escalation.reason,
        asked=_last(before, Sender.CUSTOMER),
        answered=_last(before, Sender.BOT),
        facts=tuple(escalation.facts.items()),
        at=escalation.waiting_since,
    )


def _last(events: Sequence[Event], sender: Sender) -> str | None:
    said = [event.text for event in events if event.sender is sender and event.text and _asks(event)]
    real = [text for text in said if not asks_for_person(text)]
    return real[-1] if real else None


def _asks(event: Event) -> bool:
    """Not a mere reaction to the bot's last words ("详细说明", "确认开具")."""
    return event.chosen not in REACTIONS
