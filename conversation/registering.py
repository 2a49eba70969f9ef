"""Registering a ticket inside a conversation's transaction, with its receipt in the chat.

The same matter again, while its ticket is open, adds to that ticket: a customer has one receipt number for one
matter. Runs where the desk moves run (`Talk`), so a discarded turn registers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from conversation import notices
from conversation.effects import OpenTicket
from conversation.errors import Unavailable
from conversation.message import Sender
from conversation.privacy import Kind
from conversation.state import Entry, new_id
from conversation.talk import Talk
from conversation.tickets import KINDS, TERMS, Ticket, TicketState, due_at, new_number, spoken

NUMBERS_TRIED = 5
#: placeholders in what the bot reads of a message that tells how to reach somebody
_CONTACTS = tuple(f"<{kind.value}>" for kind in (Kind.PHONE, Kind.EMAIL))


def register(talk: Talk, effect: OpenTicket, said: Sequence[Any]) -> Ticket:
    """The ticket of this matter, new or added to; ``said`` are the rows (seq, at, read_text) that say it."""
    contact = next((row.seq for row in said if is_contact(row.read_text)), None)
    known = talk.unit.open_ticket(talk.state.id, effect.kind, effect.matter)
    if known is not None:
        return _added(talk, known, effect, [row.seq for row in said], contact)
    received_at: datetime = said[0].at if said else talk.at
    verified = talk.state.identity.may_see_account(talk.at, talk.state.doubted_at)
    ticket = Ticket(
        id=new_id("k"),
        number="",
        kind=effect.kind,
        matter=effect.matter,
        state=TicketState.OPEN,
        conversation_id=talk.state.id,
        customer_id=talk.state.identity.customer_id if verified else None,
        received_at=received_at,
        due_at=due_at(effect.kind, received_at),
        updated_at=talk.at,
        facts=effect.facts,
        said=tuple(row.seq for row in said),
        contact_seq=contact,
    )
    ticket = _numbered(talk, ticket)
    talk.append(Entry(Sender.SYSTEM, _receipt(ticket), card=receipt_card(ticket)))
    return ticket


def leave_contact(talk: Talk, seq: int, read_text: str | None) -> None:
    """A guest's message that tells how to reach him belongs to his open tickets."""
    if not is_contact(read_text):
        return
    waiting = [ticket for ticket in talk.unit.open_tickets(talk.state.id) if _lacks_contact(ticket)]
    for ticket in waiting:
        talk.unit.save_ticket(replace(ticket, contact_seq=seq, updated_at=talk.at))
    if waiting:
        numbers = "、".join(spoken(ticket.number) for ticket in waiting)
        talk.notice(notices.CONTACT_KEPT.format(number=numbers))


def is_contact(read_text: str | None) -> bool:
    return any(place in (read_text or "") for place in _CONTACTS)


def receipt_card(ticket: Ticket) -> dict[str, Any]:
    """The receipt as a card."""
    return {
        "kind": "ticket",
        "title": notices.RECEIPT_TITLE.format(kind=KINDS[ticket.kind]),
        "rows": [
            {"label": "回执号", "value": spoken(ticket.number)},
            {"label": "事项", "value": ticket.title},
            {"label": "最晚答复", "value": f"{ticket.due_on:%Y-%m-%d}"},
        ],
        "note": TERMS[ticket.kind].extension or notices.RECEIPT_NOTE,
    }


def _receipt(ticket: Ticket) -> str:
    text = notices.TICKET_OPENED.format(
        kind=KINDS[ticket.kind],
        number=spoken(ticket.number),
        month=ticket.due_on.month,
        day=ticket.due_on.day,
        promise=TERMS[ticket.kind].promise,
    )
    return text + (notices.LEAVE_CONTACT if _lacks_contact(ticket) else "")


def _lacks_contact(ticket: Ticket) -> bool:
    return ticket.customer_id is None and ticket.contact_seq is None


def _added(talk: Talk, ticket: Ticket, effect: OpenTicket, said: list[int], contact: int | None) -> Ticket:
    grown = replace(
        ticket,
        said=tuple(dict.fromkeys((*ticket.said, *said))),
        facts={**ticket.facts, **effect.facts},
        contact_seq=ticket.contact_seq or contact,
        updated_at=talk.at,
    )
    talk.unit.save_ticket(grown)
    talk.notice(
        notices.TICKET_ADDED.format(
            kind=KINDS[ticket.kind],
            number=spoken(ticket.number),
            month=ticket.due_on.month,
            day=ticket.due_on.day,
        )
    )
    return grown


def _numbered(talk: Talk, ticket: Ticket) -> Ticket:
    """Stored under a number nobody has."""
    for _ in range(NUMBERS_TRIED):
        numbered = replace(ticket, number=new_number())
        if talk.unit.add_ticket(numbered):
            return numbered
    raise Unavailable()
