"""What the console receives: summaries, cards, notes as JSON-ready values. Pure."""

from __future__ import annotations

from typing import Any

from conversation.escalation import ENDED, LABELS
from conversation.message import Event
from conversation.state import Note
from conversation.store.reading import Overview
from conversation.tickets import KINDS, STATES, Ticket, spoken
from escalation.handover import Handover


def summary(overview: Overview, masked_name: str | None) -> dict[str, Any]:
    """A conversation as a list entry; see the console API for the fields."""
    talk, escalation = overview.conversation, overview.escalation
    live = escalation if escalation is not None and escalation.state not in ENDED else None
    return {
        "id": talk.id,
        "channel": talk.channel,
        "desk": talk.desk.value,
        "epoch": talk.epoch,
        "customer": customer(overview, masked_name),
        "reason": _reason(escalation.reason) if escalation else None,
        "priority": escalation.priority if escalation else 0,
        "waiting_since": _at(escalation.waiting_since) if escalation else None,
        "claimed_at": _at(live.claimed_at) if live else None,
        "agent": {"id": talk.agent_id, "name": talk.agent_name} if talk.agent_id else None,
        "last_message": _last_message(overview.last_event),
        "last_seq": talk.last_seq,
        "position": overview.position,
        "unread": overview.unread,
        "updated_at": _at(talk.updated_at),
        "tickets": [ticket_out(ticket) for ticket in overview.tickets],
    }


def customer(overview: Overview, masked_name: str | None) -> dict[str, Any] | None:
    identity = overview.conversation.identity
    if identity.customer_id is None:
        return None
    return {
        "masked_name": masked_name or "客户",
        "customer_id": identity.customer_id,
        "identity": identity.level.value,
        "speaker_doubted": overview.conversation.doubted_at is not None,
    }


def handover_card(card: Handover | None) -> dict[str, Any] | None:
    if card is None:
        return None
    return {
        "reason": _reason(card.reason),
        "asked": card.asked,
        "answered": card.answered,
        "facts": [{"label": label, "value": value} for label, value in card.facts],
        "at": _at(card.at),
    }


def ticket_out(ticket: Ticket) -> dict[str, Any]:
    """A ticket as the hand-over shows it; its texts are in the journal at ``said``."""
    return {
        "number": spoken(ticket.number),
        "kind": {"code": ticket.kind.value, "label": KINDS[ticket.kind]},
        "title": ticket.title,
        "state": {"code": ticket.state.value, "label": STATES[ticket.state]},
        "received_at": _at(ticket.received_at),
        "due_at": _at(ticket.due_at),
        "said": list(ticket.said),
        "contact_left": ticket.customer_id is not None or ticket.contact_seq is not None,
    }


def note_out(note: Note) -> dict[str, Any]:
    return {"id": note.id, "agent_name": note.agent_name, "text": note.text, "at": _at(note.at)}


def event_out(event: Event) -> dict[str, Any]:
    """Like the customer's, with every sender's message id (the agent's own echo needs his)."""
    return {
        "seq": event.seq,
        "type": event.type,
        "sender": event.sender.value,
        "text": event.text,
        "buttons": [{"title": button.title, "payload": button.payload} for button in event.buttons],
        "card": event.card,
        "client_msg_id": event.client_msg_id,
        "at": _at(event.at),
        "agent_name": event.agent_name,
    }


def _reason(reason: Any) -> dict[str, str]:
    return {"code": reason.value, "label": LABELS[reason]}


def _last_message(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    text = event.text or ("[卡片]" if event.card else "")
    return {"sender": event.sender.value, "text": text[:120], "at": _at(event.at)}


def _at(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
