"""The hand-over screen: what ends a bargaining at once, how soon a person comes, and what may be taken up again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.handover import ROUTES, TICKETS
from bot.negotiation.refusals import Why
from bot.negotiation.screen import (
    BY_INTENT,
    BY_SIGNAL,
    HARMLESS,
    NOTHING_KNOWN,
    Heard,
    Known,
    Resume,
    Stop,
    all_stops,
    of_refusal,
    screen,
)
from bot.nlu.decision import Handling, handling_table
from bot.nlu.signals import known_signals
from conversation.escalation import Reason
from conversation.tickets import TicketKind

KINDS = [signal.name for signal in known_signals()]


NOTHING_HEARD = Heard()


def stopped(heard: Heard = NOTHING_HEARD, known: Known = NOTHING_KNOWN) -> Stop:
    found = screen(heard, known)
    assert found is not None
    return found


def test_every_danger_that_can_be_seen_is_placed() -> None:
    """A new kind of signal cannot be forgotten here."""
    assert set(KINDS) == set(BY_SIGNAL) | HARMLESS


def test_every_intent_that_brings_a_person_stops_the_bargaining() -> None:
    bringing = {intent for intent, handling in handling_table().items() if handling is Handling.ESCALATE}
    assert bringing == set(BY_INTENT)


@pytest.mark.parametrize("intent", sorted(BY_INTENT))
def test_the_same_matter_has_the_same_reason_in_and_out_of_a_negotiation(intent: str) -> None:
    assert BY_INTENT[intent].reason is ROUTES[intent].reason
    assert BY_INTENT[intent].ticket is TICKETS.get(BY_INTENT[intent].reason)


@pytest.mark.parametrize("name", sorted(BY_SIGNAL))
def test_a_danger_seen_stops_under_its_own_name(name: str) -> None:
    """The name is what the talk is replayed with."""
    stop = stopped(Heard(intent="counter_offer", signals=(name,)))
    assert stop.code == name
    assert stop.ticket is TICKETS.get(stop.reason)


def test_a_threat_to_complain_is_registered_and_a_person_may_go_on() -> None:
    """不减免就投诉."""
    stop = stopped(Heard(intent="negotiate_reduction", signals=("regulator_threat",)))
    assert stop.ticket is TicketKind.COMPLAINT
    assert stop.resume is Resume.PERSON_AFTER_RECEIPT
    assert stop.skill == "complaint"


def test_life_comes_before_everything_else() -> None:
    stop = stopped(
        Heard(intent="complaint", signals=("regulator_threat", "self_harm", "fraud_in_progress")),
        Known(verified=False, dispute_open=True),
    )
    assert stop.reason is Reason.SELF_HARM
    assert stop.resume is Resume.PERSON_AFTER_CARE


@pytest.mark.parametrize("heard", [Heard(third_party=True), Heard(signals=("third_party",))])
def test_nobody_bargains_with_somebody_else(heard: Heard) -> None:
    assert stopped(heard).resume is Resume.NOT_WITH_SPEAKER


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (Known(verified=False), "not_verified"),
        (Known(in_care=True), "in_care"),
        (Known(minor=True), "minor"),
        (Known(open_tickets=frozenset({TicketKind.COMPLAINT})), "complaint_open"),
        (Known(open_tickets=frozenset({TicketKind.CHARGE_DISPUTE})), "dispute_open"),
        (Known(dispute_open=True), "dispute_open"),
        (Known(legal_stage=True), "legal_stage"),
        (Known(restructurings=2), "third_plan"),
        (Known(broken_plans=2), "broken_again"),
        (Known(conflict=True), "conflict"),
    ],
)
def test_facts_stop_it_whatever_is_said(known: Known, code: str) -> None:
    assert stopped(Heard(intent="affirm"), known).code == code


def test_what_is_registered_gets_no_second_receipt() -> None:
    known = Known(open_tickets=frozenset({TicketKind.COMPLAINT}))
    assert stopped(known=known).ticket is None


@pytest.mark.parametrize(
    "intent",
    [
        "give_capacity",
        "counter_offer",
        "affirm",
        "deny",
        "credit_report",
        "overdue_fee",
        "stop_talk",
        "abuse",
    ],
)
def test_ordinary_turns_go_on(intent: str) -> None:
    """Questions in between, refusals and hard words are no reason for a person."""
    assert screen(Heard(intent=intent, misses=1), Known(restructurings=1, broken_plans=1)) is None
    assert screen(Heard(intent=intent, signals=("collector_check",))) is None


def test_two_misses_bring_a_person() -> None:
    assert stopped(Heard(misses=2)).reason is Reason.TWO_MISSES


@pytest.mark.parametrize("why", list(Why))
def test_a_refusal_of_the_mandate_is_a_person_of_the_negotiation_desk(why: Why) -> None:
    stop = of_refusal(why)
    assert (stop.code, stop.reason, stop.skill) == (why.value, Reason.NEGOTIATION, "negotiation")


HEARD = st.builds(
    Heard,
    intent=st.sampled_from(["", *handling_table(), "affirm", "counter_offer"]),
    signals=st.lists(st.sampled_from(KINDS), max_size=4, unique=True).map(tuple),
    third_party=st.booleans(),
    misses=st.integers(0, 3),
)


@given(HEARD)
def test_the_first_of_all_stops_is_the_one_served(heard: Heard) -> None:
    stops = all_stops(heard)
    assert screen(heard) == (stops[0] if stops else None)
    assert all(one.priority >= other.priority for one, other in pairwise(stops))


@given(HEARD, st.booleans())
def test_nothing_said_besides_takes_a_stop_away(heard: Heard, disputed: bool) -> None:
    """More words or facts never let the bargaining go on."""
    alone = all_stops(heard)
    more = all_stops(heard, Known(dispute_open=disputed))
    assert set(alone) <= set(more)
