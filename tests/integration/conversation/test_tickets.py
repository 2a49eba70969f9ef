"""Tickets in the journal: registered once, with a receipt in the chat; the same matter again adds to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import DoubtSpeaker, Escalate, OpenTicket
from conversation.escalation import Reason
from conversation.identity import GUEST, Identity, Level
from conversation.store.reading import Reading
from conversation.tickets import TicketKind, TicketState, due_at, number_in, spoken
from conversation.turning import Turns
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]


def verified(clock: FixedClock) -> Identity:
    now = clock.now()
    return Identity(Level.VERIFIED, "C0001", now, now + timedelta(minutes=10))


COMPLAINT = OpenTicket(TicketKind.COMPLAINT, facts={"事项": "投诉"})


def test_a_complaint_gets_a_receipt_in_the_chat_before_the_queues_line(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id, "我要投诉你们乱扣钱")
    answer("非常抱歉", effects=(COMPLAINT, Escalate(Reason.COMPLAINT)))
    (ticket,) = reading.tickets_of(talk.id, None)
    said, _sorry, receipt, queued = reading.events(talk.id, 0)
    assert number_in(receipt.text or "") == ticket.number
    assert receipt.card is not None
    assert receipt.card["rows"][0]["value"] == spoken(ticket.number)
    assert queued.card == {"kind": "desk", "desk": "queued"}
    assert (ticket.kind, ticket.state, ticket.said) == (TicketKind.COMPLAINT, TicketState.OPEN, (said.seq,))
    assert reading.overview(talk.id).tickets == (ticket,)


def test_the_clock_starts_with_the_first_message_not_with_the_answer(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation()
    first = clock.now()
    say(talk.id, "我要投诉")
    clock.advance(3 * 3600)
    answer("好", effects=(COMPLAINT,))
    (ticket,) = reading.tickets_of(talk.id, None)
    assert ticket.received_at == first
    assert ticket.due_at == due_at(TicketKind.COMPLAINT, first)


def test_the_same_matter_again_adds_to_the_open_ticket_and_keeps_its_clock(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    talk = make_conversation()
    say(talk.id, "我要投诉")
    answer("好", effects=(COMPLAINT,))
    (before,) = reading.tickets_of(talk.id, None)
    clock.advance(timedelta(days=2).total_seconds())
    again = say(talk.id, "我还要投诉你们的态度")
    answer("好", effects=(OpenTicket(TicketKind.COMPLAINT, facts={"产品": "随心借"}),))
    (after,) = reading.tickets_of(talk.id, None)
    assert (after.number, after.due_at) == (before.number, before.due_at)
    assert after.said == (*before.said, again.seq)
    assert after.facts == {"事项": "投诉", "产品": "随心借"}
    assert spoken(before.number) in (reading.events(talk.id, 0)[-1].text or "")


def test_two_matters_of_one_kind_are_two_tickets(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id)
    kind = TicketKind.ACCOUNT_SERVICE
    answer("好", effects=(OpenTicket(kind, "change_phone"), OpenTicket(kind, "repay_date_change")))
    assert {one.matter for one in reading.tickets_of(talk.id, None)} == {"change_phone", "repay_date_change"}


def test_a_turn_that_is_run_again_opens_one_ticket(
    make_conversation: Make, say: Make, turns: Turns, outcome: Make, database: MovableDatabase
) -> None:
    talk = make_conversation()
    say(talk.id, "我要投诉")
    first = turns.claim("w1")
    assert first is not None
    say(talk.id, "真的很生气，每天都给我打电话")
    again = turns.commit(first, outcome(effects=(COMPLAINT,)))
    assert again is not None
    assert dump(database)["tickets"] == []
    assert turns.commit(again, outcome(effects=(COMPLAINT,))) is None
    (row,) = dump(database)["tickets"]
    assert row["said"] == [1, 2]


def test_a_guest_leaves_his_phone_encrypted_even_while_he_waits(
    make_conversation: Make, say: Make, answer: Make, reading: Reading
) -> None:
    talk = make_conversation()
    say(talk.id, "我要投诉")
    answer("好", effects=(COMPLAINT, Escalate(Reason.COMPLAINT)))
    assert "手机号或邮箱" in (reading.events(talk.id, 0)[-2].text or "")
    assert reading.conversation(talk.id).desk is Desk.QUEUED
    left = say(talk.id, "13812345678")
    (ticket,) = reading.tickets_of(talk.id, None)
    assert ticket.contact_seq == left.seq
    assert ticket.customer_id is None
    assert not any("13812345678" in (event.text or "") for event in reading.events(talk.id, 0))


def test_a_guests_ticket_is_found_by_its_number_and_a_customers_is_not(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    me = verified(clock)
    guest, customer = make_conversation(), make_conversation(identity=me)
    for talk, who in ((guest, GUEST), (customer, me)):
        say(talk.id, "我要投诉", identity=who)
        answer("好", effects=(COMPLAINT,))
    (of_guest,) = reading.tickets_of(guest.id, None)
    (of_customer,) = reading.tickets_of(customer.id, None)
    assert reading.guest_ticket(of_guest.number) == of_guest
    assert reading.guest_ticket(of_customer.number) is None


def test_a_customer_sees_his_tickets_of_other_conversations_a_doubted_speaker_does_not(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    me = verified(clock)
    talk = make_conversation(identity=me)
    say(talk.id, "我要投诉", identity=me)
    answer("好", effects=(COMPLAINT,))
    elsewhere = make_conversation()
    (ticket,) = reading.tickets_of(elsewhere.id, talk.identity.customer_id)
    assert ticket.conversation_id == talk.id
    assert reading.tickets_of(elsewhere.id, None) == []


def test_what_somebody_else_registers_is_not_filed_under_the_customer(
    make_conversation: Make, say: Make, answer: Make, reading: Reading, clock: FixedClock
) -> None:
    me = verified(clock)
    talk = make_conversation(identity=me)
    say(talk.id, "我要投诉", identity=me)
    answer("好", effects=(DoubtSpeaker(), COMPLAINT))
    (ticket,) = reading.tickets_of(talk.id, None)
    assert ticket.customer_id is None
