"""Tickets in the talk: registering what a person must do, and telling where it stands."""

from __future__ import annotations

import re

from bot.actions.base import BankAction, Events, Talk, button, on_day, person
from bot.actions.handover import facts_of
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.money import business_date
from conversation.effects import OpenTicket
from conversation.tickets import KINDS, STATES, Ticket, TicketKind, TicketState, number_in, spoken

SHOWN = 3
_ASKS = re.compile(
    r"(?:投诉|举报|工单|异议|申诉|回执)[^。!?]{0,12}(?:进度|进展|处理(?:得|到|完|好)|到哪|结果|怎么样了|回复|答复|多久能|有没有人)"
    r"|(?:进度|进展|结果)[^。!?]{0,8}(?:投诉|工单|异议|申诉)"
)

#: plainly no new complaint, also where nothing is found
_ONLY_ASKS = re.compile("进度|进展|到哪|怎么样了")


def ticket_button(matter: str) -> dict[str, str]:
    """One tap registers the matter."""
    return button(word("open_ticket"), "open_ticket", matter=matter)


class ActionOpenTicket(BankAction):
    """Registers what a person must do at his account; pressing the button is the confirmation."""

    def name(self) -> str:
        return "action_open_ticket"

    def act(self, talk: Talk) -> Events:
        matter = talk.entity("matter") or str(talk.slot("topic") or "")
        if matter not in talk.services.knowledge:
            talk.say(Utter.ASK_AGAIN, buttons=[person()])
            return []
        known = _open_one(talk, matter)
        if known is not None:
            talk.say(Utter.TICKET_EXISTS)
            _say(talk, known)
            return []
        talk.say(Utter.TICKET_REGISTERING, matter=talk.services.knowledge.entry(matter).title)
        talk.stage(OpenTicket(TicketKind.ACCOUNT_SERVICE, matter, facts_of(talk, matter)))
        return []


class ActionTicketState(BankAction):
    """Where his tickets stand."""

    def name(self) -> str:
        return "action_ticket_state"

    def act(self, talk: Talk) -> Events:
        tickets = tickets_of(talk)
        if not tickets:
            talk.say(Utter.NO_TICKET, buttons=[person()])
        for ticket in tickets[:SHOWN]:
            _say(talk, ticket)
        return []


def said_ticket_state(talk: Talk) -> bool:
    """Whether the message asks how his ticket stands, and was answered."""
    if number_in(talk.text) is None and not _ASKS.search(talk.text):
        return False
    tickets = tickets_of(talk)
    for ticket in tickets[:SHOWN]:
        _say(talk, ticket)
    if not tickets and _ONLY_ASKS.search(talk.text):
        talk.say(Utter.NO_TICKET, buttons=[button(word("complain"), "complaint"), person()])
        return True
    return bool(tickets)


def tickets_of(talk: Talk) -> list[Ticket]:
    """The one whose number he gave, else all of his, the newest first."""
    records, number = talk.services.records, number_in(talk.text)
    his = records.tickets_of(talk.turn.conversation_id, talk.customer_id)
    if number is None:
        return his
    named = [ticket for ticket in his if ticket.number == number]
    guests = records.guest_ticket(number)
    return named or ([guests] if guests else his)


def _open_one(talk: Talk, matter: str) -> Ticket | None:
    his = talk.services.records.tickets_of(talk.turn.conversation_id, talk.customer_id)
    open_ones = (one for one in his if one.matter == matter and one.state is not TicketState.DONE)
    return next(open_ones, None)


def _say(talk: Talk, ticket: Ticket) -> None:
    talk.say(
        Utter.TICKET_STATE,
        kind=KINDS[ticket.kind],
        number=spoken(ticket.number),
        received=on_day(business_date(ticket.received_at)),
        state=STATES[ticket.state],
        due=on_day(ticket.due_on),
        answer=ticket.answer or "",
    )
