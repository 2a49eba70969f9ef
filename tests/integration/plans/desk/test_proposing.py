"""What an agent may do with a negotiation, on both databases: send it again, revise it, ask a second person; all logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import authority
from bot.actions.offer_card import card
from bot.negotiation.beyond import Says
from bot.negotiation.plan_errors import ProposerMayNotApprove, ReasonMissing
from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.refusals import Refusal
from bot.negotiation.values import Offer, OfferKind
from bot.plans.errors import BeyondAuthority, OverrideUnexplained
from bot.plans.proposing import Proposing, is_beyond
from bot.plans.records import Negotiation
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from conversation.clock import FixedClock
from conversation.errors import StaleEpoch
from conversation.state import Agent, Conversation
from conversation.store.reading import Reading
from service.audit import SAME, audit
from tests.unit.actions.fakes import TODAY

LIN, CHEN = Agent("A1", "小林"), Agent("A2", "主管")
WHY = "客户有医院证明，家人手术后半年恢复"
SHOWN = Offer(OfferKind.PLAN, terms=12)
OTHER = Offer(OfferKind.PLAN, terms=24)
BEYOND = Offer(OfferKind.PLAN, terms=48)


def test_the_standing_offer_goes_again_to_the_fen(
    send: Callable[..., Any], found: Negotiation, reading: Reading, served: Conversation, book: PlanStore
) -> None:
    """The very card the customer had; no new version, and no reason needed."""
    plan = send(SHOWN)
    assert plan.plan.state is PlanState.SIGNING
    assert plan.plan.fingerprint == found.offers[0].fingerprint
    assert len(book.negotiation("n1").offers) == 1
    shown, link = [event.card for event in reading.events(served.id, 0) if event.card][-2:]
    assert shown == card(found.debt, found.offers[0].priced)
    assert link is not None
    assert link["link"].startswith("/chat/sign/")


def test_sent_twice_it_is_one_plan(send: Callable[..., Any], book: PlanStore) -> None:
    assert send(SHOWN).plan.id == send(SHOWN).plan.id
    assert len(book.plans_of("C1")) == 1


def test_another_offer_beside_a_standing_one_needs_a_logged_reason(
    send: Callable[..., Any], book: PlanStore
) -> None:
    """Within the mandate as it is: what the customer holds in hand is not contradicted without a word."""
    for reason in ("", "同意"):
        with pytest.raises(OverrideUnexplained):
            send(OTHER, reason)
    plan = send(OTHER, WHY)
    assert plan.plan.state is PlanState.SIGNING
    (_, made) = book.negotiation("n1").offers
    assert (made.made_by, made.override, made.priced.offer) == (LIN.id, WHY, OTHER)
    assert [reason.rule for reason in made.reasons] == ["departs"]


def test_when_nothing_stands_any_more_an_offer_within_needs_no_reason(
    send: Callable[..., Any], clock: FixedClock, book: PlanStore
) -> None:
    clock.advance(timedelta(days=10).total_seconds())
    assert send(OTHER).plan.state is PlanState.SIGNING
    assert book.negotiation("n1").offers[-1].override == ""


def test_beyond_the_mandate_a_second_person_decides(
    send: Callable[..., Any], plans: Plans, book: PlanStore, reading: Reading, served: Conversation
) -> None:
    """Until then the customer sees no offer card; the proposer cannot approve his own; the second can."""
    with pytest.raises(OverrideUnexplained):
        send(BEYOND)
    plan = send(BEYOND, WHY)
    assert plan.plan.state is PlanState.APPROVAL
    assert is_beyond(book.negotiation("n1").offers[-1])
    assert [one.plan.id for one in book.waiting_for_approval()] == [plan.plan.id]
    assert not [
        event for event in reading.events(served.id, 0) if event.card and event.card["kind"] == "offer"
    ]
    with pytest.raises(ProposerMayNotApprove):
        plans.move(plan.plan.id, PlanStep.APPROVE, Party(Role.APPROVER, LIN.id))
    after = plans.move(plan.plan.id, PlanStep.APPROVE, Party(Role.APPROVER, CHEN.id))
    assert after.plan.state is PlanState.SIGNING
    assert [(move["step"], move["by_id"]) for move in book.moves(plan.plan.id)] == [
        ("open", LIN.id),
        ("approve", CHEN.id),
    ]


def test_a_rejection_needs_a_reason_and_leaves_the_first_offer_standing(
    send: Callable[..., Any], plans: Plans, book: PlanStore, proposing: Proposing
) -> None:
    plan = send(BEYOND, WHY)
    with pytest.raises(ReasonMissing):
        plans.move(plan.plan.id, PlanStep.REJECT, Party(Role.APPROVER, CHEN.id))
    plans.move(plan.plan.id, PlanStep.REJECT, Party(Role.APPROVER, CHEN.id), "收入证明不够")
    standing = proposing.standing(book.negotiation("n1"))
    assert standing is not None
    assert standing.version == 1


@pytest.mark.parametrize(
    "offer",
    [
        Offer(OfferKind.PLAN, terms=59),
        Offer(OfferKind.PLAN, terms=12, waiver=101),
        Offer(OfferKind.LUMP, terms=2),
    ],
)
def test_what_nobody_may_offer_is_refused_in_words(
    send: Callable[..., Any], book: PlanStore, offer: Offer
) -> None:
    with pytest.raises(BeyondAuthority) as refused:
        send(offer, WHY)
    assert refused.value.message
    assert book.plans_of("C1") == []


def test_only_who_serves_the_conversation_may(
    send: Callable[..., Any], book: PlanStore, served: Conversation
) -> None:
    with pytest.raises(StaleEpoch):
        send(SHOWN, agent=CHEN)
    with pytest.raises(StaleEpoch):
        send(SHOWN, epoch=served.epoch - 1)
    assert book.plans_of("C1") == []


def test_a_quote_is_exact_and_writes_nothing(
    proposing: Proposing, found: Negotiation, book: PlanStore
) -> None:
    quote = proposing.quote(found, OTHER)
    assert quote.verdict.says is Says.WITHIN
    assert quote.departs
    assert quote.priced is not None
    assert quote.priced.total == quote.priced.owed.total - quote.priced.waived + quote.priced.interest
    assert book.negotiation("n1").offers == found.offers


def test_the_authority_left_is_the_mandates(proposing: Proposing, found: Negotiation) -> None:
    debt, left = proposing.authority_left(found)
    assert debt == found.debt
    assert not isinstance(left, Refusal)
    assert 24 in left.terms
    assert 48 not in left.terms


def test_the_audit_follows_an_agents_offers(send: Callable[..., Any], book: PlanStore) -> None:
    """His are priced and held against the mandate again; the reason is in the line."""
    send(OTHER, WHY)
    send(BEYOND, WHY)
    lines = list(audit(book, "n1", authority.mandate(TODAY), authority.model()))
    offers = [line for line in lines if line["kind"] == "offer"]
    assert [line["same"] for line in offers] == [True] * 3
    assert [line["override"] for line in offers] == ["", WHY, WHY]
    assert offers[2]["mandate"] == "terms_too_many"
    assert lines[-1]["code"] != SAME  # the fixture's step was no play of the rules
