"""A customer's own proposal is always answered with a reason, and what the bot may not bargain over is a person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.money import Money, Rate
from bot.negotiation.debtors import Band, Bank, Debtors, Yes
from bot.negotiation.mandate import legal_offers
from bot.negotiation.mandate_file import load_mandate
from bot.negotiation.talk import PRINCIPAL_FIRST, Action, Counter, Move, Reply, Rule, Talk, begin, next_move
from bot.negotiation.terms import asked_on
from bot.negotiation.values import Capacity, Creditor, Debt, OfferKind

TODAY = date(2026, 11, 24)
MANDATE = load_mandate(("随心借",), TODAY)
OWED = Debt(
    id="L1",
    product="随心借",
    principal=Money.parse("18000.00"),
    interest=Money.parse("642.37"),
    penalty=Money.parse("211.45"),
    fee=Money(0),
    rate=Rate.percent("12"),
    overdue_days=100,
    remaining_terms=12,
)
TOLD = Capacity(
    Money.parse("2000.00"), later=Money.parse("3000.00"), recovers_in=1, at_hand=Money.parse("4000.00")
)
MAYBE = Yes(0.0, {})
MODEL = Debtors(
    version="test",
    provenance={},
    bank=Bank(0.005, 9, 0.3, 0.2, 0.32, 0.3, 25.0),
    yes={
        f"{kind.value} {turn} {which}": MAYBE
        for kind in OfferKind
        for turn in range(2, 9)
        for which in ("first", "again")
    },
    leaves=(0.0, 0.1),
    breach={},
    late=(0.0,),
    breaks=(Band(60, 0.01),),
)


def opened(debt: Debt = OWED) -> Talk:
    return Talk(debt, legal_offers(MANDATE, debt, TODAY), MODEL, asked_on(TODAY, TODAY.day))


def offered() -> tuple[Talk, Move]:
    """The talk with its first offer on the table."""
    state, _ = begin(opened())
    state, move = next_move(state, Reply(capacity=TOLD))
    assert move.action is Action.OFFER
    return state, move


def answer_to(counter: Counter) -> Move:
    state, _ = offered()
    return next_move(state, Reply(counter=counter))[1]


def rules(move: Move) -> set[Rule]:
    return {reason.rule for reason in move.reasons}


def test_an_amount_he_can_pay_is_met_from_below() -> None:
    answer = answer_to(Counter(monthly=Money.parse("900.00")))
    assert answer.asked is not None
    assert answer.asked.monthly <= Money.parse("900.00")
    assert rules(answer) == {Rule.COUNTER_NEAREST}


def test_a_number_of_instalments_that_is_offered_is_met_exactly() -> None:
    answer = answer_to(Counter(terms=24))
    assert answer.asked is not None
    assert answer.asked.count == 24
    assert rules(answer) == {Rule.COUNTER_MET}


def test_a_number_between_two_that_are_offered_gets_the_next_longer() -> None:
    answer = answer_to(Counter(terms=20))
    assert answer.asked is not None
    assert answer.asked.count == 24
    assert rules(answer) == {Rule.COUNTER_NEAREST}


def test_his_own_wish_for_fewer_and_dearer_instalments_is_met_while_he_can_pay_them() -> None:
    state, _ = offered()
    state, _ = next_move(state, Reply(counter=Counter(terms=36)))
    _, answer = next_move(state, Reply(counter=Counter(terms=12)))
    assert answer.asked is not None
    assert answer.asked.count == 12
    assert answer.asked.monthly <= TOLD.monthly


def test_a_later_start_is_met_by_a_pause() -> None:
    answer = answer_to(Counter(starts_in=2))
    assert answer.asked is not None
    assert answer.asked.first > 2
    assert answer.offer is not None
    assert answer.offer.kind is OfferKind.EXTENSION


def test_part_of_it_at_once_takes_as_much_as_he_named_and_no_more() -> None:
    answer = answer_to(Counter(upfront=Money.parse("2000.00")))
    assert answer.asked is not None
    assert Money(0) < answer.asked.upfront <= Money.parse("2000.00")


def test_principal_first_leaves_the_offer_as_it_stands_and_names_the_legal_order() -> None:
    """民法典 561: fees, interest, principal. To ask for it refuses nothing and costs no turn."""
    state, before = offered()
    after, answer = next_move(state, Reply(counter=PRINCIPAL_FIRST))
    assert answer.offer == before.offer
    assert answer.reasons[0].rule is Rule.LEGAL_ORDER
    assert after == state


@pytest.mark.parametrize(
    "counter",
    [
        Counter(monthly=Money.parse("50.00")),
        Counter(terms=120),
        Counter(starts_in=12),
        Counter(terms=1, upfront=Money.parse("10.00")),
    ],
)
def test_a_proposal_beyond_what_there_is_hears_what_there_is(counter: Counter) -> None:
    answer = answer_to(counter)
    beyond = next(reason for reason in answer.reasons if reason.rule is Rule.COUNTER_BEYOND)
    figures = dict(beyond.figures)
    assert {"least_monthly", "most_terms", "latest_start"} <= set(figures)
    assert any(name.startswith("wished_") for name in figures)


def test_nobody_bargains_by_proposals_for_ever() -> None:
    """Proposals cost turns as refusals do; after the last one a person takes over."""
    state, move = offered()
    for step in range(12):
        if move.action is not Action.OFFER:
            break
        state, move = next_move(state, Reply(counter=Counter(monthly=Money(100000 - step))))
    assert move.action is Action.HUMAN


@pytest.mark.parametrize(
    "debt",
    [
        replace(OWED, restructurings=2),
        replace(OWED, creditor=Creditor.SOLD),
        replace(OWED, creditor=Creditor.GUARANTEED),
        replace(OWED, legal_stage=True),
        replace(OWED, principal=Money.parse("200000.00")),
    ],
    ids=["a third plan", "a sold debt", "a guaranteed debt", "at court", "over the largest amount"],
)
def test_what_the_bot_may_not_bargain_over_is_a_persons_from_the_first_word(debt: Debt) -> None:
    _, move = begin(opened(debt))
    assert (move.action, move.reasons[0].rule) == (Action.HUMAN, Rule.NO_AUTHORITY)
