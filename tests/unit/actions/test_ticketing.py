"""Tickets in the talk: registered for anybody, once a matter, and their state told to their owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions.escalating import ActionEscalate
from bot.actions.handover import ROUTES, TICKETS
from bot.actions.ticketing import ActionOpenTicket, ActionTicketState
from bot.actions.unclear import ActionClarify
from bot.services import NoRecords
from conversation.effects import Escalate, OpenTicket
from conversation.tickets import Ticket, TicketKind, TicketState, due_at
from tests.unit.actions.fakes import NOW, guest, run

COMPLAINT = Ticket(
    id="k1",
    number="1234567897",
    kind=TicketKind.COMPLAINT,
    matter="",
    state=TicketState.OPEN,
    conversation_id="c1",
    customer_id="C1",
    received_at=NOW - timedelta(days=2),
    due_at=due_at(TicketKind.COMPLAINT, NOW - timedelta(days=2)),
    updated_at=NOW,
)


class Has(NoRecords):
    """The customer's tickets, and those of guests by number."""

    def __init__(self, *tickets: Ticket, guests: Ticket | None = None) -> None:
        self.tickets, self.guests = list(tickets), guests

    def tickets_of(self, conversation_id: str, customer_id: str | None) -> list[Ticket]:
        return self.tickets

    def guest_ticket(self, number: str) -> Ticket | None:
        return self.guests if self.guests and self.guests.number == number else None


@pytest.mark.parametrize("intent", [intent for intent, route in ROUTES.items() if route.reason in TICKETS])
def test_what_the_law_gives_a_clock_is_registered_before_the_person_is_called(intent: str) -> None:
    ticket, person = guest(ActionEscalate(), intent).turn.effects
    assert isinstance(ticket, OpenTicket)
    assert ticket.kind is TICKETS[ROUTES[intent].reason]
    assert isinstance(person, Escalate)


@pytest.mark.parametrize("text", ["我的投诉处理到哪了", "投诉有结果了吗", "回执 123-456-7897 到哪一步了"])
def test_asking_for_the_state_tells_it_and_registers_nothing(text: str) -> None:
    done = run(ActionEscalate(), "complaint", text=text, records=Has(COMPLAINT))
    assert done.said == ["utter_ticket_state"]
    assert done.messages[0]["number"] == "123-456-7897"
    assert done.turn.effects == []


def test_the_question_is_heard_where_the_classifier_was_not_sure() -> None:
    done = run(ActionClarify(), "unclear", text="我的投诉处理得怎么样了", records=Has(COMPLAINT))
    assert done.said == ["utter_ticket_state"]


def test_complaining_about_slow_answers_without_a_ticket_registers_one() -> None:
    done = guest(ActionEscalate(), "complaint", text="投诉都没有人回复")
    assert isinstance(done.turn.effects[0], OpenTicket)


def test_a_guest_with_his_number_hears_the_state() -> None:
    his = replace(COMPLAINT, customer_id=None)
    done = guest(ActionTicketState(), "ticket_state", text="1234567897", records=Has(guests=his))
    assert done.said == ["utter_ticket_state"]


def test_a_mere_question_without_any_ticket_registers_nothing() -> None:
    done = guest(ActionEscalate(), "complaint", text="我的投诉处理到哪了")
    assert done.said == ["utter_no_ticket"]
    assert done.choices == ["我要投诉", "转人工"]
    assert done.turn.effects == []


def test_nothing_registered_is_said() -> None:
    assert guest(ActionTicketState(), "ticket_state").said == ["utter_no_ticket"]


def test_one_tap_registers_the_matter_for_guests_too() -> None:
    done = guest(ActionOpenTicket(), "open_ticket", entities={"matter": "password"})
    (effect,) = done.turn.effects
    assert isinstance(effect, OpenTicket)
    assert (effect.kind, effect.matter) == (TicketKind.ACCOUNT_SERVICE, "password")


def test_a_matter_registered_already_tells_its_ticket() -> None:
    known = replace(COMPLAINT, kind=TicketKind.ACCOUNT_SERVICE, matter="password")
    done = run(ActionOpenTicket(), "open_ticket", entities={"matter": "password"}, records=Has(known))
    assert done.said == ["utter_ticket_exists", "utter_ticket_state"]
    assert done.turn.effects == []


def test_a_matter_that_was_done_may_be_registered_again() -> None:
    known = replace(COMPLAINT, kind=TicketKind.ACCOUNT_SERVICE, matter="password", state=TicketState.DONE)
    done = run(ActionOpenTicket(), "open_ticket", entities={"matter": "password"}, records=Has(known))
    assert len(done.turn.effects) == 1
