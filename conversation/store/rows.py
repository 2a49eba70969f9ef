"""Rows to values and back. One place knows both spellings."""

from __future__ import annotations

from typing import Any

from conversation.desk import Desk
from conversation.escalation import Reason, State
from conversation.identity import Identity, Level
from conversation.message import Button, Event, Sender
from conversation.state import Conversation, Escalation, Note, OutboxItem, TurnRow
from conversation.tickets import Ticket, TicketKind, TicketState


def conversation_from(row: Any) -> Conversation:
    identity = Identity(Level(row.identity_level), row.customer_id, row.authenticated_at, row.verified_until)
    return Conversation(
        id=row.id,
        channel=row.channel,
        channel_user=row.channel_user,
        identity=identity,
        doubted_at=row.doubted_at,
        desk=Desk(row.desk),
        epoch=row.epoch,
        last_seq=row.last_seq,
        last_customer_seq=row.last_customer_seq,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
    )


def row_of_conversation(talk: Conversation) -> dict[str, Any]:
    return {
        "id": talk.id,
        "channel": talk.channel,
        "channel_user": talk.channel_user,
        "customer_id": talk.identity.customer_id,
        "identity_level": talk.identity.level.value,
        "authenticated_at": talk.identity.authenticated_at,
        "verified_until": talk.identity.verified_until,
        "doubted_at": talk.doubted_at,
        "desk": talk.desk.value,
        "epoch": talk.epoch,
        "last_seq": talk.last_seq,
        "last_customer_seq": talk.last_customer_seq,
        "agent_id": talk.agent_id,
        "agent_name": talk.agent_name,
        "created_at": talk.created_at,
        "updated_at": talk.updated_at,
        "closed_at": talk.closed_at,
    }


def escalation_from(row: Any) -> Escalation:
    return Escalation(
        id=row.id,
        conversation_id=row.conversation_id,
        state=State(row.state),
        reason=Reason(row.reason),
        skill=row.skill,
        priority=row.priority,
        facts=row.facts,
        asked_seq=row.asked_seq,
        waiting_since=row.waiting_since,
        agent_id=row.agent_id,
        claimed_at=row.claimed_at,
        first_reply_at=row.first_reply_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
    )


def row_of_escalation(escalation: Escalation) -> dict[str, Any]:
    row = dict(vars(escalation))
    row["state"] = escalation.state.value
    row["reason"] = escalation.reason.value
    return row


def turn_from(row: Any) -> TurnRow:
    return TurnRow(**{name: getattr(row, name) for name in TurnRow.__dataclass_fields__})


def event_from(row: Any) -> Event:
    return Event(
        seq=row.seq,
        type=row.type,
        sender=Sender(row.sender),
        text=row.text,
        at=row.at,
        buttons=tuple(Button(b["title"], b["payload"]) for b in row.buttons or ()),
        card=row.card,
        client_msg_id=row.source_id,
        agent_name=row.agent_name,
        chosen=row.choice["intent"] if row.choice else None,
    )


def ticket_from(row: Any) -> Ticket:
    values = {name: getattr(row, name) for name in Ticket.__dataclass_fields__}
    values |= {"kind": TicketKind(row.kind), "state": TicketState(row.state), "said": tuple(row.said)}
    return Ticket(**values)


def row_of_ticket(ticket: Ticket) -> dict[str, Any]:
    row = dict(vars(ticket))
    return row | {"kind": ticket.kind.value, "state": ticket.state.value, "said": list(ticket.said)}


def note_from(row: Any) -> Note:
    return Note(**{name: getattr(row, name) for name in Note.__dataclass_fields__})


def outbox_from(row: Any) -> OutboxItem:
    return OutboxItem(**{name: getattr(row, name) for name in OutboxItem.__dataclass_fields__})
