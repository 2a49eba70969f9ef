"""What the negotiator promises: never beyond a customer's means or the mandate, a person on every signal, no
look at who somebody is, and the same talk every time."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from benchmarks.baselines import gives_way_with_time
from benchmarks.negotiator import DAY, MODEL, PRICING, SEEN, agent, capacity, debt_of, legal, to_offer
from benchmarks.scoring import judge, metrics, play, uplift
from benchmarks.simulator import Case, answer_to_ask, best, dues, make
from bot.money import Money
from bot.negotiation.choice import means_for
from bot.negotiation.debtors import read_model
from bot.negotiation.pricing import Contract, priced
from bot.negotiation.talk import Action, Counter, Reply, Rule, Talk, begin, next_move
from bot.negotiation.values import Capacity, Debt, OfferKind

PEOPLE = list(make(150, 9001))
MODEL_READ = read_model(MODEL.read_bytes())


def opened(case: Case) -> Talk:
    debt = debt_of(case.public)
    return Talk(debt, legal(debt), MODEL_READ, PRICING)


def asked_of(case: Case) -> Reply:
    return Reply(capacity=capacity(answer_to_ask(case.hidden, False)))


FIT = [case for case in PEOPLE if case.legal]


def refusing(case: Case) -> list[Any]:
    """The moves against somebody who refuses everything and never leaves."""
    state, move = begin(opened(case))
    moves, reply = [move], asked_of(case)
    while move.action in (Action.ASK, Action.OFFER):
        state, move = next_move(state, reply)
        moves.append(move)
        reply = Reply()
    return moves


def test_it_asks_before_it_offers() -> None:
    assert all(refusing(case)[0].action is Action.ASK for case in FIT)


def test_no_offer_is_beyond_what_the_customer_said_or_the_mandate_allows() -> None:
    for case in FIT:
        told = asked_of(case).capacity
        assert told
        for move in refusing(case):
            if move.offer:
                assert move.offer in opened(case).legal
                assert move.asked.monthly <= means_for(move.offer, move.asked, told)
                assert move.asked.upfront <= told.at_hand


def test_every_talk_ends_with_a_person_when_nothing_is_agreed() -> None:
    talks = [refusing(case) for case in FIT]
    assert all(moves[-1].action is Action.HUMAN and len(moves) <= 9 for moves in talks)


def test_a_later_plan_is_never_dearer() -> None:
    for case in FIT:
        plans = [move for move in refusing(case) if move.offer and move.offer.terms]
        monthly = [move.asked.monthly for move in plans]
        assert monthly == sorted(monthly, reverse=True)
        assert [m.offer.waiver for m in plans] == sorted(m.offer.waiver for m in plans)


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_any_signal_ends_the_bargaining_at_once(turn: int) -> None:
    for case in FIT:
        state, move = begin(opened(case))
        for number in range(turn):
            state, move = next_move(state, asked_of(case) if number == 0 else Reply())
            if move.action is Action.HUMAN:
                break
        else:
            state, move = next_move(state, replace(asked_of(case), signal="serious_illness", accepted=True))
            assert move.action is Action.HUMAN
            assert move.reasons[0].rule is Rule.SIGNAL
            with pytest.raises(ValueError):
                next_move(state, Reply())


def test_the_mandate_allows_exactly_what_the_simulator_says_the_bank_allows() -> None:
    """The product's own mandate is what the negotiator plays by; offer for offer it is the yardstick's policy."""
    for case in make(600, 9002):
        assert set(legal(debt_of(case.public))) == {to_offer(terms) for terms in case.legal}


def test_what_is_weighed_is_what_would_be_told_and_signed() -> None:
    for case in FIT[:12]:
        debt = debt_of(case.public)
        for offer in legal(debt):
            told = priced(debt, offer, DAY, DAY.day, Contract("银行"))
            weighed = PRICING(debt, offer)
            at_once = told.total if offer.kind is OfferKind.LUMP else told.down
            amounts = (at_once, told.monthly, len(told.instalments))
            assert (weighed.upfront, weighed.monthly, weighed.count) == amounts


def test_age_sex_and_city_never_reach_the_negotiator() -> None:
    assert "segment" not in SEEN
    named = {field.name for kind in (Talk, Debt, Reply, Capacity, Counter) for field in fields(kind)}
    assert not named & {"age", "sex", "gender", "city", "segment", "region", "name", "id_number"}


def test_the_same_talk_every_time() -> None:
    assert [refusing(case) for case in FIT[:30]] == [refusing(case) for case in FIT[:30]]


def test_who_somebody_is_changes_nothing() -> None:
    other = {"age": "56+", "city": "一线", "sex": "女"}
    for case in FIT:
        twin = Case({**case.public, "segment": other}, case.hidden)
        assert play(case, agent).offers == play(twin, agent).offers


def test_every_move_says_why_with_figures() -> None:
    for case in FIT:
        for move in refusing(case):
            assert move.reasons
            if move.offer:
                figures = dict(move.reasons[0].figures)
                assert figures["monthly"] == move.asked.monthly.text
                assert figures["model"] == MODEL_READ.version


def test_without_authority_a_person_is_called_at_once() -> None:
    case = next(case for case in PEOPLE if not case.legal)
    _, move = begin(opened(case))
    assert (move.action, move.reasons[0].rule) == (Action.HUMAN, Rule.NO_AUTHORITY)


def test_a_counter_offer_is_met_from_below() -> None:
    """Somebody who names an amount is never offered more a month than it."""
    met = 0
    for case in FIT:
        state, move = begin(opened(case))
        state, move = next_move(state, asked_of(case))
        if move.offer and move.offer.terms:
            named = Money(move.asked.monthly.fen * 7 // 10)
            _, answer = next_move(state, Reply(counter=Counter(monthly=named)))
            if answer.reasons[0].rule in (Rule.COUNTER_MET, Rule.COUNTER_NEAREST):
                met += 1
                assert answer.asked.monthly <= named
    assert met > 20


def test_agreement_ends_the_talk_with_what_was_offered() -> None:
    case = next(case for case in FIT if len(refusing(case)) > 2)
    state, _ = begin(opened(case))
    state, offered = next_move(state, asked_of(case))
    _, done = next_move(state, Reply(accepted=True))
    assert (done.action, done.offer) == (Action.DONE, offered.offer)


def test_it_beats_the_baseline_on_the_same_people() -> None:
    oracle = [best(case) for case in PEOPLE]
    ours, theirs = judge(PEOPLE, agent, oracle), judge(PEOPLE, gives_way_with_time, oracle)
    figures = metrics(ours)
    assert uplift(ours) > uplift(theirs)
    assert figures["M7_violations"] == 0
    assert figures["M2_mean_turns"] <= 4


def test_what_is_hidden_is_not_looked_at() -> None:
    """The simulator's own protocol hands over whole cases; the talk is the same without the hidden part."""
    case = FIT[0]
    whole, public = agent(case.row()), agent(case.public)
    assert next(whole) == next(public)
    told = answer_to_ask(case.hidden, False)
    assert whole.send(told) == public.send(told)
    assert dues(case.row(), case.legal[0]) == dues(case.public, case.legal[0])
