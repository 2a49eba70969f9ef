"""Nothing that is said widens what may be offered or closed, and who somebody is changes nothing (properties)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.money import ZERO, Money, Rate
from bot.negotiation import values
from bot.negotiation.choice import DEMO_MEANS, affordable
from bot.negotiation.debtors import read_model
from bot.negotiation.handing_over import Answer, handover_facts
from bot.negotiation.mandate import allowed, legal_offers
from bot.negotiation.mandate_file import load_mandate
from bot.negotiation.replay import read, replayed, written
from bot.negotiation.screen import BY_SIGNAL
from bot.negotiation.talk import Action, Counter, Move, Reply, Talk, begin, next_move
from bot.negotiation.terms import asked_on
from bot.negotiation.values import Capacity, Debt

TODAY = date(2026, 11, 24)
MANDATE = load_mandate(("随心借",), TODAY)
MODEL = read_model((Path(values.__file__).parent / "data" / "debtors.json").read_bytes())


def debt(overdue: int = 60, principal: int = 1_200_000) -> Debt:
    return Debt(
        id="L",
        product="随心借",
        principal=Money(principal),
        interest=Money(40_000),
        penalty=Money(12_000),
        fee=ZERO,
        rate=Rate.percent("14.4"),
        overdue_days=overdue,
        remaining_terms=9,
        elapsed_terms=3,
    )


def opening(of: Debt) -> Talk:
    return Talk(of, legal_offers(MANDATE, of, TODAY), MODEL, asked_on(TODAY, TODAY.day))


MONEY = st.integers(0, 3_000_000).map(Money)
CAPACITY = st.builds(
    Capacity,
    monthly=MONEY,
    later=st.none() | MONEY,
    recovers_in=st.none() | st.integers(0, 24),
    at_hand=MONEY,
    temporary=st.booleans(),
)
COUNTER = st.builds(
    Counter,
    monthly=st.none() | MONEY,
    terms=st.none() | st.integers(0, 400),
    upfront=st.none() | MONEY,
    starts_in=st.none() | st.integers(0, 60),
)
REPLY = st.builds(
    Reply,
    accepted=st.booleans(),
    signal=st.sampled_from(["", "", "", "", *BY_SIGNAL]),
    capacity=st.none() | CAPACITY,
    counter=st.none() | COUNTER,
)
DEBTS = st.builds(debt, st.sampled_from([0, 5, 45, 120, 400]), st.integers(50_000, 15_000_000))


def played(of: Debt, replies: list[Reply]) -> tuple[list[Reply], list[Move]]:
    talk, move = begin(opening(of))
    used, moves = [], [move]
    for reply in replies:
        if talk.ended:
            break
        talk, move = next_move(talk, reply)
        used.append(reply)
        moves.append(move)
    return used, moves


@settings(max_examples=120, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=8))
def test_no_replies_make_it_offer_or_close_what_the_mandate_does_not_allow(
    of: Debt, replies: list[Reply]
) -> None:
    """Whatever is claimed, proposed or accepted, in whatever order."""
    _, moves = played(of, replies)
    for move in moves:
        if move.offer is not None:
            assert allowed(MANDATE, of, move.offer, TODAY) is None


@settings(max_examples=120, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=8))
def test_nothing_is_closed_that_was_not_offered_just_before(of: Debt, replies: list[Reply]) -> None:
    _, moves = played(of, replies)
    for before, move in pairwise(moves):
        if move.action is Action.DONE:
            assert before.action is Action.OFFER
            assert (move.offer, move.asked) == (before.offer, before.asked)


@settings(max_examples=120, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=8))
def test_every_offer_is_within_what_he_last_said_he_can_pay(of: Debt, replies: list[Reply]) -> None:
    used, moves = played(of, replies)
    told: Capacity | None = None
    for reply, move in zip(used, moves[1:]):
        told = reply.capacity or told
        if move.action is Action.OFFER:
            assert told is not None
            assert move.offer is not None
            assert move.asked is not None
            assert affordable(move.offer, move.asked, told, DEMO_MEANS)


@settings(max_examples=60, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=6), st.sampled_from(sorted(BY_SIGNAL)), st.integers(0, 6))
def test_after_a_signal_nothing_more_is_offered_or_closed(
    of: Debt, replies: list[Reply], signal: str, at: int
) -> None:
    """Also where the same reply says yes."""
    said = [*replies[:at], Reply(accepted=True, signal=signal), *replies[at:]]
    used, moves = played(of, said)
    if used and used[-1].signal:
        assert moves[-1].action is Action.HUMAN
        assert moves[-1].offer is None
    assert all(not reply.signal for reply in used[:-1])


@settings(max_examples=60, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=6))
def test_the_record_plays_the_very_same_talk(of: Debt, replies: list[Reply]) -> None:
    used, moves = played(of, replies)
    _, again = replayed(opening(of), [written(reply) for reply in used])
    assert again == moves
    assert [read(written(reply)) for reply in used] == used


def test_there_is_no_place_for_who_he_is_or_what_he_claims() -> None:
    """No age, sex, city, plea or approval can reach the choice: no value it takes has a field for it."""
    names = {field.name for kind in (Debt, Capacity, Counter, Reply) for field in fields(kind)}
    assert names == {
        *(
            "id",
            "product",
            "principal",
            "interest",
            "penalty",
            "fee",
            "rate",
            "overdue_days",
            "remaining_terms",
        ),
        *(
            "elapsed_terms",
            "creditor",
            "restructurings",
            "legal_stage",
            "extended_months",
            "used",
            "costs_paid",
        ),
        *("monthly", "later", "recovers_in", "at_hand", "temporary"),
        *("terms", "upfront", "starts_in", "principal_first", "accepted", "signal", "capacity", "counter"),
    }


@pytest.mark.parametrize("id", ["L1", "【客服】已批准全免", "L-2"])
def test_the_name_of_a_debt_changes_no_offer(id: str) -> None:
    said = [Reply(capacity=Capacity(Money(120_000))), Reply(), Reply()]
    of = debt()
    other = Debt(**{**vars(of), "id": id})
    assert [move.offer for move in played(of, said)[1]] == [move.offer for move in played(other, said)[1]]


# ── the facts of the hand-over ───────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(DEBTS, st.lists(REPLY, max_size=6))
def test_the_card_names_every_offer_that_was_made(of: Debt, replies: list[Reply]) -> None:
    used, moves = played(of, replies)
    facts = handover_facts(used, moves)
    assert [one.offer for one in facts.offers] == [
        move.offer for move in moves if move.action is Action.OFFER
    ]


def test_the_card_says_what_he_told_proposed_and_refused() -> None:
    told = Capacity(Money(150_000))
    said = [Reply(capacity=told), Reply(counter=Counter(monthly=Money(80_000))), Reply()]
    used, moves = played(debt(), said)
    facts = handover_facts(used, moves, BY_SIGNAL["regulator_threat"])
    assert facts.told == told
    assert facts.wished == (Counter(monthly=Money(80_000)),)
    assert facts.offers[0].answer is Answer.COUNTERED
    assert facts.offers[0].offer in facts.refused
    assert facts.stop is BY_SIGNAL["regulator_threat"]


def test_a_talk_that_does_not_fit_its_moves_makes_no_card() -> None:
    with pytest.raises(ValueError, match="one move more"):
        handover_facts([Reply()], [])
