"""A negotiation's record and its plan's life, on both databases: whole, frozen, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.negotiation.disclosure import Disclosure
from bot.negotiation.plan_errors import NotYourMove
from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.signing import Confirmed, Evidence, Place
from bot.plans.errors import PlanNotFound, SigningRefused
from bot.plans.records import NegotiationState, NegotiationStep, PlanRecord
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from conversation.clock import FixedClock
from conversation.relay import Answer, Relay
from conversation.state import Conversation
from conversation.store.reading import Reading

StepOf = Callable[..., NegotiationStep]
KeepStep = Callable[[NegotiationStep], None]


@pytest.fixture
def drawn(keep: KeepStep, step_of: StepOf, book: PlanStore) -> PlanRecord:
    """A plan that waits for its signature."""
    keep(step_of(0, plan=True))
    (record,) = book.plans_of("C1")
    return record


def evidence(record: PlanRecord, clock: FixedClock) -> Evidence:
    now = clock.now()
    read = Confirmed(record.plan.fingerprint, now - timedelta(seconds=40), now - timedelta(seconds=5))
    return Evidence(Place.SIGNING_PAGE, read, read, now - timedelta(seconds=30), "C1", frozenset(Disclosure))


def test_a_negotiation_comes_back_whole_to_the_fen(keep: KeepStep, step_of: StepOf, book: PlanStore) -> None:
    opening, offered = step_of(0), step_of(1, offer=True)
    keep(opening)
    keep(offered)
    found = book.negotiation("n1")
    assert found.debt == opening.negotiation.debt
    assert [step.action for step in found.steps] == ["ask", "offer"]
    assert found.steps[1] == offered.step
    assert found.offers == (offered.offer,)
    assert found.standing == offered.offer


def test_the_same_step_again_writes_nothing_twice(keep: KeepStep, step_of: StepOf, book: PlanStore) -> None:
    step = step_of(0, plan=True)
    keep(step)
    keep(step)
    assert len(book.negotiation("n1").steps) == len(book.plans_of("C1")) == 1


def test_one_open_negotiation_of_a_debt_the_newest(keep: KeepStep, step_of: StepOf, book: PlanStore) -> None:
    keep(step_of(0))
    keep(step_of(0, id="n2"))
    assert book.negotiation("n1").state is NegotiationState.LAPSED
    found = book.open_of("C1", "L1")
    assert found is not None
    assert found.id == "n2"


def test_a_second_plan_withdraws_the_unsigned_first(keep: KeepStep, step_of: StepOf, book: PlanStore) -> None:
    keep(step_of(0, plan=True))
    keep(step_of(0, id="n2", plan=True))
    assert sorted(one.plan.state.value for one in book.plans_of("C1")) == ["signing", "withdrawn"]


def test_the_customer_gets_the_way_to_sign(drawn: PlanRecord, talk: Conversation, reading: Reading) -> None:
    last = reading.events(talk.id, 0)[-1]
    assert last.card is not None
    assert last.card["link"] == f"/chat/sign/{drawn.link}"
    assert "签署" in (last.text or "")


def test_nobody_else_finds_the_plan_by_its_link(drawn: PlanRecord, book: PlanStore) -> None:
    with pytest.raises(PlanNotFound):
        book.plan_by_link(drawn.link, "C2")


def test_without_reading_and_proof_nothing_is_signed(
    drawn: PlanRecord, plans: Plans, book: PlanStore
) -> None:
    with pytest.raises(SigningRefused) as refused:
        plans.sign(drawn.link, "C1", "s1", Evidence(Place.CHAT))
    assert {"not_on_the_page", "table_not_shown", "not_verified"} <= set(refused.value.fields["reasons"])  # type: ignore[call-overload]
    assert book.plan(drawn.plan.id).plan.state is PlanState.SIGNING


def test_signed_submitted_and_in_force_only_after_the_banks_word(
    drawn: PlanRecord, plans: Plans, relay: Relay, clock: FixedClock, reading: Reading, talk: Conversation
) -> None:
    signed = plans.sign(drawn.link, "C1", "s1", evidence(drawn, clock))
    assert signed.plan.state is PlanState.EFFECTIVE
    assert "已提交" in (reading.events(talk.id, 0)[-1].text or "")
    kinds = []
    while (item := relay.claim("bank")) is not None and len(kinds) < 9:
        assert plans.book.plan(drawn.plan.id).plan.state is PlanState.EFFECTIVE or len(kinds) >= 3
        kinds.append(item.payload["kind"])
        relay.answered(item, Answer("done", "办好了", "YX1"))
    assert set(kinds[:3]) == {"suspend_debit", "stop_collection", "change_plan"}
    assert plans.book.plan(drawn.plan.id).plan.state is PlanState.RUNNING
    assert any("已生效" in (event.text or "") for event in reading.events(talk.id, 0))


def test_the_same_signature_again_changes_nothing(
    drawn: PlanRecord, plans: Plans, clock: FixedClock, reading: Reading, talk: Conversation
) -> None:
    first = plans.sign(drawn.link, "C1", "s1", evidence(drawn, clock))
    said = len(reading.events(talk.id, 0))
    again = plans.sign(drawn.link, "C1", "s2", evidence(drawn, clock))
    assert again == first
    assert len(reading.events(talk.id, 0)) == said


def test_the_bank_that_refuses_brings_a_person(
    drawn: PlanRecord, plans: Plans, relay: Relay, clock: FixedClock, reading: Reading, talk: Conversation
) -> None:
    plans.sign(drawn.link, "C1", "s1", evidence(drawn, clock))
    item = relay.claim("bank")
    assert item is not None
    relay.answered(item, Answer("refused", "不行"))
    assert reading.overview(talk.id).escalation is not None
    assert plans.book.plan(drawn.plan.id).plan.state is PlanState.EFFECTIVE


def test_only_who_may_moves_a_plan_and_every_move_is_logged(drawn: PlanRecord, plans: Plans) -> None:
    with pytest.raises(NotYourMove):
        plans.move(drawn.plan.id, PlanStep.WITHDRAW, Party(Role.CUSTOMER, "C2"))
    plans.move(drawn.plan.id, PlanStep.WITHDRAW, Party(Role.CUSTOMER, "C1"))
    log = plans.book.moves(drawn.plan.id)
    assert [(one["step"], one["by_id"]) for one in log] == [("open", "bot"), ("withdraw", "C1")]


def test_an_agents_offer_becomes_the_next_version_and_waits_for_approval(
    keep: KeepStep, step_of: StepOf, plans: Plans, book: PlanStore
) -> None:
    offered = step_of(0, offer=True)
    keep(offered)
    assert offered.offer is not None
    better = replace(offered.offer, version=2, made_by="a1", override="客户有医院证明")
    record = plans.propose(better, Party(Role.AGENT, "a1"), above_authority=True)
    assert record.plan.state is PlanState.APPROVAL
    assert [one.plan.id for one in book.waiting_for_approval()] == [record.plan.id]
    assert book.offer("n1", 2).override == "客户有医院证明"
